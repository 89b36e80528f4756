//! Publications: the fixed tables that may leave the council, each decided upon as a whole.
//!
//! Nobody chooses their breakdowns, filters or days, so no two answers can be subtracted from each other beyond what
//! [`disclosure`](super::disclosure) has audited.
//!
//! # What connects two tables
//!
//! The waiting list of one day and of another differ by who came, who was seen and who left otherwise. Who was seen is published;
//! who came and who left otherwise are not, in no table and for no period, so nothing can be subtracted: both may be any number.
//! What remains is an inequality: whoever was seen after more than 18 weeks stood on the list of the quarter before, in a
//! band from four weeks on. It can narrow a hidden count, and gives none away by itself.
//! Whoever publishes who came and left makes lines of them. Plans, advice and first contacts are counts of different things, and none of
//! them is a part of another.

mod advice;
mod contacts;
mod few;
mod plans;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::iter;

pub use advice::{Advice, AdviceColumn, published_advice};
pub use contacts::{ContactColumn, Contacts, PERCENTILES, WaitInWeeks, published_contacts};
pub use plans::{Plans, PlansColumn, published_plans};
pub use waiting::{Waiting, WaitingColumn, published_waiting};

use super::dimension::{Dimension, Label, Lanes};
use super::disclosure::{LARGEST_SMALL, Line, Reason, Shown, Table, TableFault, protect};
use super::group::{Area, Level, Periods};
use super::tally::{Breakdown, Tally};
use crate::domain::authority::Authority;
use crate::domain::facts::{Day, Facts};
use few::Few;

/// What the published waiting list and the first contacts are told apart by, one at a time.
pub const DIMENSIONS: [Dimension; 4] =
    [Dimension::Discipline, Dimension::AgeBand, Dimension::PrimaryNeed, Dimension::Sex];

/// A member of a dimension.
pub type Member = (Dimension, Label);

/// Whom a published row counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Where.
    pub area: Area,
    /// Which children; `None` for all.
    pub member: Option<Member>,
}

/// What a published table counts of one group on one date.
pub trait Counts: Clone + Default + 'static {
    /// A column of the table.
    type Column: Copy + Ord + Debug + Send + Sync + 'static;
    /// What is published beside the counts, as far as it may be.
    type Beside: Debug + Send + Sync + 'static;
    /// All columns, in their order.
    const COLUMNS: &'static [Self::Column];
    /// Which columns add up to which.
    const LINES: &'static [(Self::Column, &'static [Self::Column])];

    /// The count of a column.
    fn count(&self, column: Self::Column) -> u64;

    /// The children of each column, in the order of all columns; none where each counts once.
    fn few(&self) -> &[Few];

    /// How many children a column counts, or as many as it takes not to be few; `None` where each counts once.
    fn children(&self, column: Self::Column) -> Option<u64> {
        let place = Self::COLUMNS.iter().position(|known| *known == column)?;
        self.few().get(place).map(Few::count)
    }

    /// Counts all that others count, who are other children.
    fn add(&mut self, others: &Self);

    /// What may stand beside the counts when these are shown.
    fn beside(&self, shown: &Row<Self::Column>) -> Self::Beside;
}

/// What is shown of each column of a group on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<C>(Vec<(C, Shown)>);

impl<C: Copy + Ord> Row<C> {
    /// What is shown of a column.
    pub fn shown(&self, column: C) -> Shown {
        let found = self.0.iter().find(|(known, _)| *known == column).map(|(_, shown)| *shown);
        found.unwrap_or(Shown::Suppressed(Reason::SmallNumbers))
    }
}

/// What is shown of a group on each date, and beside it.
pub type OfDates<T> = Vec<(Row<<T as Counts>::Column>, <T as Counts>::Beside)>;

/// A table that has been decided upon.
#[derive(Debug)]
pub struct Published<T: Counts> {
    /// The groups, each with its dates.
    pub groups: BTreeMap<Group, OfDates<T>>,
}

/// Why counts are no table: a mistake in the counting, with the place of the group among all.
pub type Fault<T> = TableFault<(usize, <T as Counts>::Column)>;

/// The counts of all groups on each date, on their way into a table.
struct Draft<T> {
    dates: usize,
    groups: BTreeMap<Group, Vec<T>>,
}

impl<T: Counts> Draft<T> {
    fn new(dates: usize) -> Self {
        Self { dates, groups: BTreeMap::new() }
    }

    /// Counts rows of an authority's facts as at the end of `day`, all of them and by each dimension: `note` takes the number of a
    /// row with what it is given of it.
    fn count<L: Lanes, R>(
        &mut self,
        (authority, facts): (Authority, &Facts),
        (date, day): (usize, Day),
        (dimensions, rows): (&[Dimension], &[(usize, R)]),
        note: impl Fn(&mut T, &R),
    ) {
        let periods = Periods::of_a_day();
        for dimension in iter::once(None).chain(dimensions.iter().copied().map(Some)) {
            let breakdown = Breakdown { by: dimension.into_iter().collect(), only: Vec::new() };
            let mut tally = Tally::<L, T>::new(&breakdown);
            let mut sheet = tally.sheet(facts, Area::Authority(authority), &periods, day);
            sheet.open_all();
            for (row, given) in rows {
                if let Some(counts) = sheet.member(*row).and_then(|member| sheet.cell_in(member, 0)) {
                    note(counts, given);
                }
            }
            for (key, counts) in tally.into_cells() {
                let member = dimension.zip(key.labels.into_iter().next());
                self.add(authority, member.as_ref(), date, &counts);
            }
        }
    }

    /// Counts what an authority has on the date of that place into the group of its area and of each wider one.
    fn add(&mut self, authority: Authority, member: Option<&Member>, date: usize, counts: &T) {
        for level in [Level::England, Level::Region, Level::Authority] {
            let group = Group { area: level.area(authority), member: member.cloned() };
            let of_dates = self.groups.entry(group).or_insert_with(|| vec![T::default(); self.dates]);
            if let Some(sum) = of_dates.get_mut(date) {
                sum.add(counts);
            }
        }
    }

    /// Decides upon all cells at once.
    fn decide(self) -> Result<Published<T>, Fault<T>> {
        let cells = self.cells(|of_dates, column| of_dates.iter().map(|counts| counts.count(column)).collect());
        let small = self.cells(|of_dates, column| of_dates.iter().any(|counts| counts.is_of_few(column)));
        let small = small.into_iter().filter(|(_, small)| *small).map(|(key, _)| key).collect::<BTreeSet<_>>();
        let table = Table::new(cells, &self.lines())?.with_small(&small);
        let mut shown = protect(&table).into_iter();
        let rows = self.groups.into_iter().map(|(group, of_dates)| {
            let columns: Vec<_> = shown.by_ref().take(T::COLUMNS.len()).collect();
            let row = |(date, counts): (usize, &T)| {
                let of_column = |((_, column), dates): &((usize, T::Column), Vec<Shown>)| {
                    dates.get(date).map(|shown| (*column, *shown))
                };
                let row = Row(columns.iter().filter_map(of_column).collect());
                let beside = counts.beside(&row);
                (row, beside)
            };
            (group, of_dates.iter().enumerate().map(row).collect())
        });
        Ok(Published { groups: rows.collect() })
    }

    /// Every cell, under the place of its group and its column: numbers compare faster than groups.
    fn cells<V>(&self, value: impl Fn(&[T], T::Column) -> V) -> BTreeMap<(usize, T::Column), V> {
        let groups = self.groups.values().enumerate();
        groups
            .flat_map(|(place, of)| T::COLUMNS.iter().map(move |column| (place, of, *column)))
            .map(|(place, of_dates, column)| ((place, column), value(of_dates, column)))
            .collect()
    }

    /// Columns add up to columns, members to all children, authorities to regions and those to England.
    fn lines(&self) -> Vec<Line<(usize, T::Column)>> {
        let mut lines = Vec::new();
        for place in 0..self.groups.len() {
            lines.extend(T::LINES.iter().map(|(total, parts)| Line {
                total: (place, *total),
                parts: parts.iter().map(|part| (place, *part)).collect(),
            }));
        }
        let places: BTreeMap<_, _> = self.groups.keys().zip(0_usize..).collect();
        let mut sums = BTreeMap::<(usize, Option<Dimension>), Vec<usize>>::new();
        for (group, place) in &places {
            let all = group
                .member
                .as_ref()
                .map(|(dimension, _)| (Group { area: group.area, member: None }, Some(*dimension)));
            let wider = wider(group.area).map(|area| (Group { area, member: group.member.clone() }, None));
            for (total, dimension) in all.into_iter().chain(wider) {
                if let Some(total) = places.get(&total) {
                    sums.entry((*total, dimension)).or_default().push(*place);
                }
            }
        }
        for ((total, _), parts) in sums {
            lines.extend(T::COLUMNS.iter().map(|column| Line {
                total: (total, *column),
                parts: parts.iter().map(|part| (*part, *column)).collect(),
            }));
        }
        lines
    }
}

/// True for a column that counts few children, however often each counts.
trait OfFew: Counts {
    fn is_of_few(&self, column: Self::Column) -> bool {
        self.count(column) > 0 && self.children(column).is_some_and(|children| children <= LARGEST_SMALL)
    }
}

impl<T: Counts> OfFew for T {}

/// The area that an area is a part of.
fn wider(area: Area) -> Option<Area> {
    match area {
        Area::England => None,
        Area::Region(_) => Some(Area::England),
        Area::Authority(authority) => Some(Area::Region(authority.region())),
    }
}
