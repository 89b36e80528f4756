//! Publications: the fixed tables that may leave the council, each decided upon as a whole.
//!
//! Nobody chooses their breakdowns, filters or days, so no two answers can be subtracted from each other beyond what
//! [`disclosure`](super::disclosure) has audited.

use std::collections::{BTreeMap, BTreeSet};

use super::dimension::{Dimension, Label, OfReferrals};
use super::disclosure::{LARGEST_SMALL, Line, Shown, Table, TableFault, protect, whole_weeks};
use super::group::{Area, Level, Periods};
use super::tally::{Breakdown, Tally};
use super::timeliness::{PlansByBand, plans_issued};
use super::waiting::{WaitingList, band};
use crate::domain::authority::Authority;
use crate::domain::facts::{Day, Facts};

/// What the published waiting list is told apart by, one at a time.
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

/// A column of the published waiting list: the seven bands, and what they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitingColumn {
    /// One of the seven bands, by its place.
    Band(usize),
    /// The first five: 126 days or less.
    Within18Weeks,
    /// The last two.
    Over18Weeks,
    /// All of them.
    Total,
}

/// The published waiting list on its days.
#[derive(Clone, Debug, Default)]
pub struct PublishedWaiting {
    /// For each group and column what is shown on each day.
    pub shown: BTreeMap<(Group, WaitingColumn), Vec<Shown>>,
    /// For each group the mean wait in whole weeks on each day; `None` of nobody.
    pub mean_weeks: BTreeMap<Group, Vec<Option<u64>>>,
}

/// Decides upon the waiting list of all authorities given, on some days: by area alone, and by each of [`DIMENSIONS`].
///
/// # Errors
/// Never for what was counted here; what does not add up is told as a line.
pub fn published_waiting(
    pages: &[(Authority, &Facts)],
    days: &[Day],
) -> Result<PublishedWaiting, TableFault<(Group, WaitingColumn)>> {
    let mut lists = BTreeMap::<Group, Vec<ChildrenWaiting>>::new();
    for (place, day) in days.iter().enumerate() {
        for dimension in [None].into_iter().chain(DIMENSIONS.map(Some)) {
            for (authority, member, list) in counted(pages, dimension, *day) {
                for level in [Level::England, Level::Region, Level::Authority] {
                    let group = Group { area: level.area(authority), member: member.clone() };
                    let of_days = lists.entry(group).or_insert_with(|| vec![ChildrenWaiting::default(); days.len()]);
                    if let Some(sum) = of_days.get_mut(place) {
                        sum.add(&list);
                    }
                }
            }
        }
    }
    let table = Table::new(waiting_cells(&lists), &waiting_lines(&lists))?.with_small(&of_few_children(&lists));
    let mean = |list: &ChildrenWaiting| whole_weeks(list.list.days.days_total(), list.list.days.people());
    let mean_weeks = lists.into_iter().map(|(group, lists)| (group, lists.iter().map(mean).collect())).collect();
    Ok(PublishedWaiting { shown: protect(&table), mean_weeks })
}

/// A waiting list, and for each column as many of its children as it takes to know that they are not few.
#[derive(Clone, Debug, Default)]
struct ChildrenWaiting {
    list: WaitingList,
    children: [Few; WAITING_COLUMNS.len()],
}

/// Children, each once, until there are enough not to be few. Those of two authorities are different children.
#[derive(Clone, Debug, Default)]
struct Few {
    known: BTreeSet<u32>,
    elsewhere: u64,
}

impl Few {
    fn count(&self) -> u64 {
        u64::try_from(self.known.len()).unwrap_or(u64::MAX).saturating_add(self.elsewhere)
    }

    fn note(&mut self, child: u32) {
        if self.count() <= LARGEST_SMALL {
            self.known.insert(child);
        }
    }
}

impl ChildrenWaiting {
    fn note(&mut self, days: Day, received: Day, child: u32) {
        self.list.count(days, received);
        for (column, few) in WAITING_COLUMNS.iter().zip(&mut self.children) {
            if column.has(band(days)) {
                few.note(child);
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.list.add_list(&other.list);
        for (few, more) in self.children.iter_mut().zip(&other.children) {
            few.elsewhere = few.elsewhere.saturating_add(more.count());
        }
    }
}

/// The lists of each authority on a day, all of it or by a dimension.
fn counted(
    pages: &[(Authority, &Facts)],
    dimension: Option<Dimension>,
    day: Day,
) -> Vec<(Authority, Option<Member>, ChildrenWaiting)> {
    let breakdown = Breakdown { by: dimension.into_iter().collect(), only: Vec::new() };
    let periods = Periods::of_a_day();
    let mut found = Vec::new();
    for (authority, facts) in pages {
        let mut tally = Tally::<OfReferrals, ChildrenWaiting>::new(&breakdown);
        let mut sheet = tally.sheet(facts, Area::Authority(*authority), &periods, day);
        sheet.open_all();
        let referrals = &facts.referrals;
        let columns = referrals.received.iter().zip(&referrals.wait_ended).zip(&referrals.child).enumerate();
        for (row, ((received, ended), child)) in columns {
            if *received <= day
                && *ended > day
                && let Some(member) = sheet.member(row)
                && let Some(list) = sheet.cell_in(member, 0)
            {
                list.note(day - received, *received, *child);
            }
        }
        let cells = tally.into_cells().into_iter();
        found.extend(cells.map(|(key, list)| (*authority, dimension.zip(key.labels.into_iter().next()), list)));
    }
    found
}

/// Every column of a list.
pub const WAITING_COLUMNS: [WaitingColumn; 10] = [
    WaitingColumn::Total,
    WaitingColumn::Band(0),
    WaitingColumn::Band(1),
    WaitingColumn::Band(2),
    WaitingColumn::Band(3),
    WaitingColumn::Band(4),
    WaitingColumn::Band(5),
    WaitingColumn::Band(6),
    WaitingColumn::Over18Weeks,
    WaitingColumn::Within18Weeks,
];

impl WaitingColumn {
    /// True if waits of that band are in it.
    fn has(self, band: usize) -> bool {
        match self {
            Self::Band(place) => place == band,
            Self::Within18Weeks => band < 5,
            Self::Over18Weeks => band >= 5,
            Self::Total => true,
        }
    }

    fn of(self, list: &WaitingList) -> u64 {
        match self {
            Self::Band(place) => list.by_band().get(place).copied().unwrap_or(0),
            Self::Within18Weeks => list.total() - list.over_18_weeks(),
            Self::Over18Weeks => list.over_18_weeks(),
            Self::Total => list.total(),
        }
    }
}

type WaitingKey = (Group, WaitingColumn);

/// The cells that count few children on some day, however many referrals they have.
fn of_few_children(lists: &BTreeMap<Group, Vec<ChildrenWaiting>>) -> BTreeSet<WaitingKey> {
    let few = |count: u64| (1..=LARGEST_SMALL).contains(&count);
    let cells = lists.iter().flat_map(|(group, lists)| {
        let small = move |place: usize| {
            lists.iter().any(|list| list.children.get(place).is_some_and(|children| few(children.count())))
        };
        let columns = WAITING_COLUMNS.iter().enumerate().filter(move |(place, _)| small(*place));
        columns.map(|(_, column)| (group.clone(), *column))
    });
    cells.collect()
}

fn waiting_cells(lists: &BTreeMap<Group, Vec<ChildrenWaiting>>) -> BTreeMap<WaitingKey, Vec<u64>> {
    let cells = lists.iter().flat_map(|(group, lists)| {
        let counts = |column: WaitingColumn| lists.iter().map(|list| column.of(&list.list)).collect();
        WAITING_COLUMNS.map(|column| ((group.clone(), column), counts(column)))
    });
    cells.collect()
}

/// Bands add up to columns, members to all children, authorities to regions and those to England.
fn waiting_lines(lists: &BTreeMap<Group, Vec<ChildrenWaiting>>) -> Vec<Line<WaitingKey>> {
    let mut lines = Vec::new();
    for group in lists.keys() {
        let line = |total, parts: &[WaitingColumn]| Line {
            total: (group.clone(), total),
            parts: parts.iter().map(|part| (group.clone(), *part)).collect(),
        };
        let bands: Vec<_> = (0..7).map(WaitingColumn::Band).collect();
        let (within, over) = bands.split_at(5);
        lines.push(line(WaitingColumn::Within18Weeks, within));
        lines.push(line(WaitingColumn::Over18Weeks, over));
        lines.push(line(WaitingColumn::Total, &[WaitingColumn::Within18Weeks, WaitingColumn::Over18Weeks]));
    }
    let mut sums = BTreeMap::<(Group, Option<Dimension>), Vec<Group>>::new();
    for group in lists.keys() {
        if let Some((dimension, _)) = &group.member {
            let all = Group { area: group.area, member: None };
            sums.entry((all, Some(*dimension))).or_default().push(group.clone());
        }
        if let Some(area) = wider(group.area) {
            sums.entry((Group { area, member: group.member.clone() }, None)).or_default().push(group.clone());
        }
    }
    for ((total, _), parts) in sums {
        lines.extend(WAITING_COLUMNS.map(|column| Line {
            total: (total.clone(), column),
            parts: parts.iter().map(|part| (part.clone(), column)).collect(),
        }));
    }
    lines
}

/// The area that an area is a part of.
fn wider(area: Area) -> Option<Area> {
    match area {
        Area::England => None,
        Area::Region(_) => Some(Area::England),
        Area::Authority(authority) => Some(Area::Region(authority.region())),
    }
}

/// How long published plans took. Plans with and without an exception are not told apart: what is between the two is
/// a handful of children in most councils, and would hide all the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlansBand {
    /// Up to twenty weeks.
    Within20Weeks,
    /// Longer, or nobody knows.
    NotWithin20Weeks,
    /// From twenty weeks to 52.
    From20To52Weeks,
    /// Longer than 52 weeks, or nobody knows.
    Over52Weeks,
    /// All of them.
    Total,
}

/// A count of plans issued in a year in an area.
pub type PlansKey = (Area, PlansBand);

/// Decides upon the plans issued in a finished year, as known at the end of `as_at`. Quarters are not published: the year
/// would have to be decided upon after three of them are known.
///
/// # Errors
/// As [`published_waiting`].
pub fn published_plans(
    pages: &[(Authority, &Facts)],
    year: &Periods,
    as_at: Day,
) -> Result<BTreeMap<PlansKey, Shown>, TableFault<PlansKey>> {
    let mut cells = BTreeMap::<PlansKey, Vec<u64>>::new();
    for (authority, facts) in pages {
        for plans in plans_issued(&facts.cases, year, as_at) {
            for level in [Level::England, Level::Region, Level::Authority] {
                add_plans(&mut cells, level.area(*authority), &plans.all);
            }
        }
    }
    let table = Table::new(cells.clone(), &plans_lines(&cells))?;
    let shown = protect(&table).into_iter().filter_map(|(key, shown)| Some((key, shown.into_iter().next()?)));
    Ok(shown.collect())
}

fn add_plans(cells: &mut BTreeMap<PlansKey, Vec<u64>>, area: Area, plans: &PlansByBand) {
    let PlansByBand { plans, within_20_weeks, from_20_to_52_weeks, .. } = *plans;
    let late = plans - within_20_weeks;
    let bands = [
        (PlansBand::Within20Weeks, within_20_weeks),
        (PlansBand::NotWithin20Weeks, late),
        (PlansBand::From20To52Weeks, from_20_to_52_weeks),
        (PlansBand::Over52Weeks, late - from_20_to_52_weeks),
        (PlansBand::Total, plans),
    ];
    for (band, count) in bands {
        if let Some(sum) = cells.entry((area, band)).or_insert_with(|| vec![0]).first_mut() {
            *sum += count;
        }
    }
}

fn plans_lines(cells: &BTreeMap<PlansKey, Vec<u64>>) -> Vec<Line<PlansKey>> {
    let mut sums = BTreeMap::<(PlansKey, u8), Vec<PlansKey>>::new();
    for key in cells.keys() {
        let (area, band) = *key;
        let total = match band {
            PlansBand::From20To52Weeks | PlansBand::Over52Weeks => Some(PlansBand::NotWithin20Weeks),
            PlansBand::Within20Weeks | PlansBand::NotWithin20Weeks => Some(PlansBand::Total),
            PlansBand::Total => None,
        };
        let wholes = [total.map(|total| (area, total)), wider(area).map(|area| (area, band))];
        for (kind, whole) in (0_u8..).zip(wholes) {
            if let Some(whole) = whole {
                sums.entry((whole, kind)).or_default().push(*key);
            }
        }
    }
    sums.into_iter().map(|((total, _), parts)| Line { total, parts }).collect()
}
