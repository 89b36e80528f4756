//! Tallies: rows of facts counted into cells by area, period and up to two dimensions.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::ops::Range;

use super::dimension::{Dimension, Label, Lane, Lanes};
use super::group::{Area, Period, Periods};
use crate::domain::facts::{Day, Facts};

/// By what rows are told apart, and which are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// The dimensions of the cells, at most two.
    pub by: Vec<Dimension>,
    /// Only rows whose member of a dimension is one of these words; a provider or a service is named by its reference.
    pub only: Vec<(Dimension, Vec<String>)>,
}

impl Breakdown {
    /// True if rows are told apart or chosen by that dimension.
    pub fn uses(&self, dimension: Dimension) -> bool {
        self.by.contains(&dimension) || self.only.iter().any(|(only, _)| *only == dimension)
    }
}

/// What a cell counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Where.
    pub area: Area,
    /// When.
    pub period: Period,
    /// The member of each dimension, in the order of the breakdown.
    pub labels: Vec<Label>,
}

/// Cells that count rows of `L`.
#[derive(Clone, Debug)]
pub struct Tally<L, A> {
    breakdown: Breakdown,
    places: HashMap<Key, usize>,
    /// The slots of each area, which all its authorities have in common unless a dimension has references for its members.
    slots: HashMap<Area, Vec<u32>>,
    cells: Vec<A>,
    rows: PhantomData<L>,
}

const NOT_YET: u32 = u32::MAX;

/// The number of a cell that there is not: of a day outside the periods, and of [`NOBODY`].
const NOWHERE: u32 = u32::MAX - 1;

/// The member of a row that is not to count.
pub const NOBODY: u32 = u32::MAX;

impl<L: Lanes, A: Default> Tally<L, A> {
    /// No cells yet.
    pub fn new(breakdown: &Breakdown) -> Self {
        Self {
            breakdown: breakdown.clone(),
            places: HashMap::new(),
            slots: HashMap::new(),
            cells: Vec::new(),
            rows: PhantomData,
        }
    }

    /// Begins to count the rows of one authority into the cells of an area; dimensions are as at `as_at`. Every sheet of a
    /// tally has the same periods.
    pub fn sheet<'a>(&'a mut self, facts: &'a Facts, area: Area, periods: &'a Periods, as_at: Day) -> Sheet<'a, A> {
        let lane = |dimension: &Dimension| Some((*dimension, L::lane(facts, *dimension, as_at)?));
        let lanes: Vec<_> = self.breakdown.by.iter().filter_map(lane).collect();
        let sizes: Vec<_> = lanes.iter().map(|(dimension, _)| dimension.size(facts) + 1).collect();
        let only = self.breakdown.only.iter().filter_map(|(dimension, words)| {
            let wanted = words.iter().filter_map(|word| dimension.find(facts, word));
            Some((L::lane(facts, *dimension, as_at)?, wanted.collect()))
        });
        let only = only.collect();
        let members = sizes.iter().product();
        let slots = self.slots.entry(area).or_default();
        if lanes.iter().any(|(dimension, _)| dimension.is_named()) {
            slots.clear();
        }
        slots.resize(periods.len() * members, NOT_YET);
        Sheet {
            facts,
            area,
            periods,
            lanes,
            sizes,
            members,
            only,
            slots,
            places: &mut self.places,
            cells: &mut self.cells,
        }
    }

    /// Counts the rows of several authorities by `count`, which takes some of one authority's at a time: those of an area in
    /// the order in which `runs` begin, whosever they are, so that the cells of a time are in the cache once and not once for
    /// each authority. Where members have no words, each authority has cells of its own, and all its rows are one run.
    pub fn count_runs<'a, R: Iterator<Item = (Day, Range<usize>)>>(
        &mut self,
        pages: impl Iterator<Item = (Area, &'a Facts)>,
        (periods, as_at): (&Periods, Day),
        runs: impl Fn(&'a Facts) -> R,
        count: impl Fn(&Facts, Range<usize>, &mut Sheet<'_, A>),
    ) {
        let is_apart = self.breakdown.by.iter().any(|dimension| dimension.is_named());
        let mut all = Vec::new();
        for (area, facts) in pages {
            let mut sheet = self.sheet(facts, area, periods, as_at);
            sheet.open_all();
            if is_apart {
                runs(facts).for_each(|(_, rows)| count(facts, rows, &mut sheet));
            } else {
                all.extend(runs(facts).map(|(first, rows)| (area, first, facts, rows)));
            }
        }
        all.sort_by_key(|(area, first, ..)| (*area, *first));
        for (area, _, facts, rows) in all {
            count(facts, rows, &mut self.sheet(facts, area, periods, as_at));
        }
    }

    /// The cells in the order of area, period and labels.
    pub fn into_cells(self) -> Vec<(Key, A)> {
        let mut places: Vec<_> = self.places.into_iter().collect();
        places.sort_unstable();
        // The keys are put in order alone, for a cell is larger; each is moved once.
        let mut cells: Vec<_> = self.cells.into_iter().map(Some).collect();
        let cell = |(key, place): (Key, usize)| Some((key, cells.get_mut(place)?.take()?));
        places.into_iter().filter_map(cell).collect()
    }
}

/// The rows of one authority on their way into the cells.
pub struct Sheet<'a, A> {
    facts: &'a Facts,
    area: Area,
    periods: &'a Periods,
    lanes: Vec<(Dimension, Lane<'a>)>,
    sizes: Vec<usize>,
    /// How many members there are, those of two dimensions multiplied.
    members: usize,
    only: Vec<(Lane<'a>, Vec<usize>)>,
    /// Where the cell of a period and a member is, by the place of the period times the members.
    slots: &'a mut Vec<u32>,
    places: &'a mut HashMap<Key, usize>,
    cells: &'a mut Vec<A>,
}

impl<A: Default> Sheet<'_, A> {
    /// Which member a row belongs to, those of two dimensions numbered through; `None` if it is not one of those to count.
    #[inline]
    pub fn member(&self, row: usize) -> Option<usize> {
        if !self.only.is_empty() && !self.only.iter().all(|(lane, wanted)| wanted.contains(&lane.at(row))) {
            return None;
        }
        let at = |((_, lane), size): (&(Dimension, Lane<'_>), &usize)| lane.at(row).min(size - 1);
        match (self.lanes.as_slice(), self.sizes.as_slice()) {
            ([], _) => Some(0),
            ([lane], [size]) => Some(at((lane, size))),
            (lanes, sizes) => Some(lanes.iter().zip(sizes).fold(0, |place, lane| place * lane.1 + at(lane))),
        }
    }

    /// The member of each of these rows, found lane by lane; [`NOBODY`] of one that is not to count.
    pub fn members(&self, rows: Range<usize>) -> Vec<u32> {
        let mut found = vec![0; rows.len()];
        for ((_, lane), size) in self.lanes.iter().zip(&self.sizes) {
            let size = u32::try_from(*size).unwrap_or(u32::MAX);
            lane.each(rows.start, &mut found, |member, at| *member = *member * size + at.min(size - 1));
        }
        for (lane, wanted) in &self.only {
            let is_wanted = |at: u32| usize::try_from(at).is_ok_and(|at| wanted.contains(&at));
            lane.each(rows.start, &mut found, |member, at| {
                if !is_wanted(at) {
                    *member = NOBODY;
                }
            });
        }
        found
    }

    /// The cells of days up to the end of `last`, to count many rows into.
    pub fn grid(&mut self, last: Day) -> Grid<'_, A> {
        let (first, periods) = self.periods.places(last);
        Grid { first, periods, members: self.members, slots: self.slots, cells: self.cells }
    }

    /// The cell of a member that [`Self::members`] has found, on a day; `None` outside the periods, and of [`NOBODY`].
    #[inline]
    pub fn cell_of(&mut self, member: u32, day: Day) -> Option<&mut A> {
        if member == NOBODY {
            return None;
        }
        self.cell(usize::try_from(member).ok()?, day)
    }

    /// The cell of a member on a day; `None` outside the periods.
    #[inline]
    pub fn cell(&mut self, member: usize, day: Day) -> Option<&mut A> {
        let period = self.periods.place(day)?;
        self.cell_in(member, period)
    }

    /// The cell of a member in the period of that place.
    #[inline]
    pub fn cell_in(&mut self, member: usize, period: usize) -> Option<&mut A> {
        let place = period * self.members + member;
        let slot = *self.slots.get(place)?;
        let slot = if slot == NOT_YET { self.open_for(place)? } else { slot };
        self.cells.get_mut(usize::try_from(slot).ok()?)
    }

    #[cold]
    fn open_for(&mut self, place: usize) -> Option<u32> {
        let (period, members) = self.members_of(place);
        self.open(place, period, &members)
    }

    /// Opens the cells of every member that has a word, in every period: a count of nobody is a count.
    pub fn open_all(&mut self) {
        let has_words = self.lanes.iter().all(|(dimension, _)| !dimension.is_named());
        if !has_words || !self.only.is_empty() {
            return;
        }
        for place in 0..self.slots.len() {
            if self.slots.get(place) != Some(&NOT_YET) {
                continue;
            }
            let (period, members) = self.members_of(place);
            if members.iter().all(|member| *member > 0) {
                self.open(place, period, &members);
            }
        }
    }

    /// The period and the members of a place.
    fn members_of(&self, place: usize) -> (usize, Vec<usize>) {
        let mut rest = place;
        let mut members: Vec<_> = self
            .sizes
            .iter()
            .rev()
            .map(|size| {
                let member = rest % size;
                rest /= size;
                member
            })
            .collect();
        members.reverse();
        (rest, members)
    }

    fn open(&mut self, place: usize, period: usize, members: &[usize]) -> Option<u32> {
        let label =
            |((dimension, _), member): (&(Dimension, Lane<'_>), &usize)| dimension.label_in(self.facts, *member);
        let key = Key {
            area: self.area,
            period: self.periods.iter().nth(period)?,
            labels: self.lanes.iter().zip(members).map(label).collect(),
        };
        let next = self.cells.len();
        let slot = *self.places.entry(key).or_insert(next);
        if slot == next {
            self.cells.push(A::default());
        }
        let slot = u32::try_from(slot).ok()?;
        *self.slots.get_mut(place)? = slot;
        Some(slot)
    }
}

/// The cells of a sheet apart from it, so that a loop over rows need not find out again where they are. None can be opened.
pub struct Grid<'a, A> {
    first: Day,
    periods: &'a [u16],
    members: usize,
    slots: &'a [u32],
    cells: &'a mut [A],
}

impl<A> Grid<'_, A> {
    /// The number of the cell of a member that [`Sheet::members`] has found, on a day.
    #[inline]
    pub fn find(&self, member: u32, day: Day) -> u32 {
        // A day before the first wraps to one far behind the last.
        let days = usize::try_from(day.wrapping_sub(self.first).cast_unsigned()).ok();
        let period = days.and_then(|days| self.periods.get(days)).map(|period| usize::from(*period));
        let place = period.zip(usize::try_from(member).ok()).map(|(period, member)| period * self.members + member);
        place.and_then(|place| self.slots.get(place)).copied().unwrap_or(NOWHERE)
    }

    /// True of the number of a cell that has yet to be opened, by [`Sheet::cell_of`].
    #[inline]
    pub fn is_closed(found: u32) -> bool {
        found == NOT_YET
    }

    /// The cell with that number; `None` where there is none.
    #[inline]
    pub fn at(&mut self, found: u32) -> Option<&mut A> {
        self.cells.get_mut(usize::try_from(found).ok()?)
    }
}
