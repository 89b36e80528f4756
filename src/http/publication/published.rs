//! What may leave the council, on the wire: rows of counts that disclosure control has decided upon.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::app::{Publication, Quarter};
use crate::domain::authority::Authority;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::disclosure::{Reason, Shown, average, rate};
use crate::domain::statistics::group::{Area, Level, Period};
use crate::domain::statistics::publication::{Group, PlansBand, PlansKey, PublishedWaiting, WaitingColumn};
use crate::http::statistics::breakdown::dimension_column;
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells};

use ColumnType::{Count, Percentage};

/// The columns of the published waiting list.
pub const WAITING: &[Column] = &[
    column("waiting", Count, "Referrals waiting, to the nearest 5; those of 1 to 7 children are hidden."),
    column("waiting_0_1_weeks", Count, "0 to 7 days."),
    column("waiting_1_2_weeks", Count, "8 to 14 days."),
    column("waiting_2_4_weeks", Count, "15 to 28 days."),
    column("waiting_4_12_weeks", Count, "29 to 84 days."),
    column("waiting_12_18_weeks", Count, "85 to 126 days."),
    column("waiting_18_52_weeks", Count, "127 to 364 days."),
    column("waiting_over_52_weeks", Count, "365 days and more."),
    column("waiting_over_18_weeks", Count, "127 days and more."),
    column("pc_waiting_within_18_weeks", Percentage, "Share waiting 126 days or less, of the rounded counts."),
    column("mean_weeks_waiting", Count, "Mean of the time waited so far, in whole weeks."),
];

/// The columns of the published timeliness of plans.
pub const PLANS: &[Column] = &[
    column("plans_issued_den", Count, "Plans issued, to the nearest 5, cases with mediation or a tribunal left out."),
    column(
        "plans_issued_within_20_weeks",
        Count,
        "Issued within 140 days of the request, with or without an exception.",
    ),
    column("pc_plans_issued_within_20_weeks", Percentage, "Share of plans_issued_den, of the rounded counts."),
    column("plans_issued_gt20weeks", Count, "Issued later; a plan whose start nobody knows is here."),
    column("plans_issued_gt20weeks_ltYear", Count, "Issued within 141 to 364 days."),
    column("plans_issued_gt_1_year", Count, "Issued after 365 days or more, or nobody knows."),
];

/// Which part of a publication is asked for.
pub struct Part<'a> {
    /// How wide the areas are.
    pub level: Level,
    /// Only these authorities, and the areas they lie in; `None` for all.
    pub authorities: Option<&'a [Authority]>,
    /// By this dimension.
    pub dimension: Option<Dimension>,
}

impl Part<'_> {
    fn has(&self, area: Area) -> bool {
        let level = match area {
            Area::England => Level::England,
            Area::Region(_) => Level::Region,
            Area::Authority(_) => Level::Authority,
        };
        let wanted = |authority: &Authority| self.level.area(*authority) == area;
        level == self.level && self.authorities.is_none_or(|list| list.iter().any(wanted))
    }
}

/// The columns of a published waiting list.
pub fn waiting_columns(dimension: Option<Dimension>) -> Vec<Column> {
    let by: Vec<_> = dimension.map(dimension_column).into_iter().collect();
    [PLACE, &by, WAITING].concat()
}

/// The rows of a quarter's waiting lists, day by day.
pub fn waiting_rows(publication: &Publication<PublishedWaiting>, quarter: Quarter, part: &Part<'_>) -> Vec<Vec<Cell>> {
    let asked: Vec<_> = publication.ledger_seq.keys().copied().collect();
    let mut rows = Vec::new();
    for (place, day) in quarter.month_ends().into_iter().enumerate() {
        for (group, means) in &publication.shown.mean_weeks {
            let by = group.member.as_ref().map(|(dimension, _)| *dimension);
            if by != part.dimension || !part.has(group.area) {
                continue;
            }
            let mut row = place_cells(day, group.area, Period::Range, &asked);
            row.extend(group.member.iter().map(|(_, label)| Cell::text(label.text.clone())));
            let shown = |column| shown_on(&publication.shown.shown, group, column, place);
            row.push(count(shown(WaitingColumn::Total)));
            row.extend((0..7).map(|band| count(shown(WaitingColumn::Band(band)))));
            row.push(count(shown(WaitingColumn::Over18Weeks)));
            let [within, over, total] =
                [WaitingColumn::Within18Weeks, WaitingColumn::Over18Weeks, WaitingColumn::Total].map(shown);
            row.push(percentage(rate(within, over, total)));
            let mean = means.get(place).copied().flatten();
            row.push(match average(total) {
                Ok(()) => Cell::count(mean),
                Err(reason) => Cell::Suppressed(reason.code()),
            });
            rows.push(row);
        }
    }
    rows
}

fn shown_on(
    shown: &BTreeMap<(Group, WaitingColumn), Vec<Shown>>,
    group: &Group,
    column: WaitingColumn,
    place: usize,
) -> Shown {
    let of_days = shown.get(&(group.clone(), column));
    of_days.and_then(|days| days.get(place)).copied().unwrap_or(Shown::Suppressed(Reason::SmallNumbers))
}

fn count(shown: Shown) -> Cell {
    match shown {
        Shown::Count(count) => Cell::Count(count),
        Shown::Suppressed(reason) => Cell::Suppressed(reason.code()),
    }
}

fn percentage(rate: Result<Option<u64>, Reason>) -> Cell {
    match rate {
        Ok(tenths) => Cell::percentage(tenths),
        Err(reason) => Cell::Suppressed(reason.code()),
    }
}

/// The columns of the published timeliness.
pub fn plans_columns() -> Vec<Column> {
    [PLACE, PLANS].concat()
}

/// The rows of the plans of a finished year.
pub fn plans_rows(publication: &Publication<BTreeMap<PlansKey, Shown>>, year: i32, part: &Part<'_>) -> Vec<Vec<Cell>> {
    let asked: Vec<_> = publication.ledger_seq.keys().copied().collect();
    let end = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
    let mut areas: Vec<_> = publication.shown.keys().map(|(area, _)| *area).collect();
    areas.dedup();
    let rows = areas.into_iter().filter(|area| part.has(*area)).map(|area| {
        let shown =
            |band| publication.shown.get(&(area, band)).copied().unwrap_or(Shown::Suppressed(Reason::SmallNumbers));
        let [within, late, total] =
            [PlansBand::Within20Weeks, PlansBand::NotWithin20Weeks, PlansBand::Total].map(shown);
        let mut row = place_cells(end, area, Period::Year(year), &asked);
        row.extend([
            count(total),
            count(within),
            percentage(rate(within, late, total)),
            count(late),
            count(shown(PlansBand::From20To52Weeks)),
            count(shown(PlansBand::Over52Weeks)),
        ]);
        row
    });
    rows.collect()
}

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] =
    &[("PublishedWaitingList", &[PLACE, WAITING]), ("PublishedEhcTimeliness", &[PLACE, PLANS])];
