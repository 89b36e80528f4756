//! Publications: the fixed tables that may leave the council, each decided upon as a whole.
//!
//! Nobody chooses their breakdowns, filters or days, so no two answers can be subtracted from each other beyond what
//! [`disclosure`](super::disclosure) has audited.

use std::collections::BTreeMap;

use super::dimension::{Dimension, Label, OfReferrals};
use super::disclosure::{Line, Shown, Table, TableFault, protect};
use super::group::{Area, Level, Period, Periods};
use super::spread::Spread;
use super::tally::{Breakdown, Tally};
use super::timeliness::{PlansByBand, PlansIssued, plans_issued};
use super::waiting::{WaitingList, waiting};
use crate::domain::authority::Authority;
use crate::domain::facts::{Day, Facts};

/// What the published waiting list is told apart by, one at a time.
pub const DIMENSIONS: [Dimension; 4] =
    [Dimension::Discipline, Dimension::AgeBand, Dimension::PrimaryNeed, Dimension::Sex];

/// Whom a published row counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Where.
    pub area: Area,
    /// Which children; `None` for all.
    pub member: Option<(Dimension, Label)>,
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
    /// For each group the days waited, on each day.
    pub days: BTreeMap<Group, Vec<Spread>>,
}

/// Decides upon the waiting list of all authorities given, on some days: by area alone, and by each of [`DIMENSIONS`].
///
/// # Errors
/// Never for what was counted here; what does not add up is told as a line.
pub fn published_waiting(
    pages: &[(Authority, &Facts)],
    days: &[Day],
) -> Result<PublishedWaiting, TableFault<(Group, WaitingColumn)>> {
    let mut lists = BTreeMap::<Group, Vec<WaitingList>>::new();
    for (place, day) in days.iter().enumerate() {
        for dimension in [None].into_iter().chain(DIMENSIONS.map(Some)) {
            for (authority, member, list) in counted(pages, dimension, *day) {
                for level in [Level::England, Level::Region, Level::Authority] {
                    let group = Group { area: level.area(authority), member: member.clone() };
                    let of_days = lists.entry(group).or_insert_with(|| vec![WaitingList::default(); days.len()]);
                    if let Some(sum) = of_days.get_mut(place) {
                        sum.add_list(&list);
                    }
                }
            }
        }
    }
    let table = Table::new(waiting_cells(&lists), &waiting_lines(&lists))?;
    let days = lists.into_iter().map(|(group, lists)| (group, lists.into_iter().map(|list| list.days).collect()));
    Ok(PublishedWaiting { shown: protect(&table), days: days.collect() })
}

/// The lists of each authority on a day, all of it or by a dimension.
fn counted(
    pages: &[(Authority, &Facts)],
    dimension: Option<Dimension>,
    day: Day,
) -> Vec<(Authority, Option<(Dimension, Label)>, WaitingList)> {
    let breakdown = Breakdown { by: dimension.into_iter().collect(), only: Vec::new() };
    let periods = Periods::of_a_day();
    let mut found = Vec::new();
    for (authority, facts) in pages {
        let mut tally = Tally::<OfReferrals, WaitingList>::new(&breakdown);
        let mut sheet = tally.sheet(facts, Area::Authority(*authority), &periods, day);
        sheet.open_all();
        waiting(facts, &mut sheet, day);
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
    fn of(self, list: &WaitingList) -> u64 {
        match self {
            Self::Band(place) => list.by_band.get(place).copied().unwrap_or(0),
            Self::Within18Weeks => list.total() - list.over_18_weeks(),
            Self::Over18Weeks => list.over_18_weeks(),
            Self::Total => list.total(),
        }
    }
}

type WaitingKey = (Group, WaitingColumn);

fn waiting_cells(lists: &BTreeMap<Group, Vec<WaitingList>>) -> BTreeMap<WaitingKey, Vec<u64>> {
    let cells = lists.iter().flat_map(|(group, lists)| {
        let counts = |column: WaitingColumn| lists.iter().map(|list| column.of(list)).collect();
        WAITING_COLUMNS.map(|column| ((group.clone(), column), counts(column)))
    });
    cells.collect()
}

/// Bands add up to columns, members to all children, authorities to regions and those to England.
fn waiting_lines(lists: &BTreeMap<Group, Vec<WaitingList>>) -> Vec<Line<WaitingKey>> {
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
    /// From twenty weeks to 52; of years only.
    From20To52Weeks,
    /// Longer than 52 weeks, or nobody knows; of years only.
    Over52Weeks,
    /// All of them.
    Total,
}

/// A count of plans issued in a period of an area.
pub type PlansKey = (Area, Period, PlansBand);

/// Decides upon the plans issued in the quarters of a year that have ended, and in the year itself once all four have.
///
/// # Errors
/// As [`published_waiting`].
pub fn published_plans(
    pages: &[(Authority, &Facts)],
    quarters: &Periods,
    as_at: Day,
) -> Result<BTreeMap<PlansKey, Shown>, TableFault<PlansKey>> {
    let mut cells = BTreeMap::<PlansKey, Vec<u64>>::new();
    let year = (quarters.len() == 4).then(|| quarters.iter().next()).flatten().and_then(Period::year);
    for (authority, facts) in pages {
        for (quarter, plans) in quarters.iter().zip(plans_issued(&facts.cases, quarters, as_at)) {
            for period in [Some(quarter), year].into_iter().flatten() {
                for level in [Level::England, Level::Region, Level::Authority] {
                    add_plans(&mut cells, level.area(*authority), period, &plans);
                }
            }
        }
    }
    let table = Table::new(cells.clone(), &plans_lines(&cells))?;
    let shown = protect(&table).into_iter().filter_map(|(key, shown)| Some((key, shown.into_iter().next()?)));
    Ok(shown.collect())
}

fn add_plans(cells: &mut BTreeMap<PlansKey, Vec<u64>>, area: Area, period: Period, plans: &PlansIssued) {
    let PlansByBand { plans, within_20_weeks, from_20_to_52_weeks, .. } = plans.all;
    let late = plans - within_20_weeks;
    let bands = [
        (PlansBand::Within20Weeks, within_20_weeks),
        (PlansBand::NotWithin20Weeks, late),
        (PlansBand::Total, plans),
        (PlansBand::From20To52Weeks, from_20_to_52_weeks),
        (PlansBand::Over52Weeks, late - from_20_to_52_weeks),
    ];
    let told = if period.year() == Some(period) { 5 } else { 3 };
    for (band, count) in bands.into_iter().take(told) {
        if let Some(sum) = cells.entry((area, period, band)).or_insert_with(|| vec![0]).first_mut() {
            *sum += count;
        }
    }
}

fn plans_lines(cells: &BTreeMap<PlansKey, Vec<u64>>) -> Vec<Line<PlansKey>> {
    let mut sums = BTreeMap::<(PlansKey, u8), Vec<PlansKey>>::new();
    for key in cells.keys() {
        let (area, period, band) = *key;
        let total = match band {
            PlansBand::From20To52Weeks | PlansBand::Over52Weeks => Some(PlansBand::NotWithin20Weeks),
            PlansBand::Within20Weeks | PlansBand::NotWithin20Weeks => Some(PlansBand::Total),
            PlansBand::Total => None,
        };
        let wholes = [
            total.map(|total| (area, period, total)),
            period.year().filter(|year| *year != period).map(|year| (area, year, band)),
            wider(area).map(|area| (area, period, band)),
        ];
        for (kind, whole) in (0_u8..).zip(wholes) {
            if let Some(whole) = whole.filter(|whole| cells.contains_key(whole)) {
                sums.entry((whole, kind)).or_default().push(*key);
            }
        }
    }
    sums.into_iter().map(|((total, _), parts)| Line { total, parts }).collect()
}
