//! What may leave the council, on the wire: rows of counts that disclosure control has decided upon.

use chrono::NaiveDate;

use crate::app::Publication;
use crate::domain::authority::Authority;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::disclosure::{Reason, Shown, rate};
use crate::domain::statistics::group::{Area, Level, Period};
use crate::domain::statistics::publication::{
    Advice, AdviceColumn, ContactColumn, Contacts, Counts, Plans, PlansColumn, Published, Row, WaitInWeeks, Waiting,
    WaitingColumn,
};
use crate::http::statistics::breakdown::dimension_column;
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells};

use ColumnType::{Count, Percentage};

/// The columns of the published waiting list.
const WAITING: &[Column] = &[
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

/// The columns of the published first contacts.
const CONTACTS: &[Column] = &[
    column("seen", Count, "First contacts in the quarter, to the nearest 5; those of 1 to 7 children are hidden."),
    column("seen_within_18_weeks", Count, "Seen within 126 days of receipt."),
    column("seen_over_18_weeks", Count, "Seen after 127 days or more."),
    column("pc_seen_within_18_weeks", Percentage, "Share of seen, of the rounded counts."),
    column("mean_weeks_to_contact", Count, "Mean of the time from receipt to first contact, in whole weeks."),
    column("p50_weeks_to_contact", Count, "The median, by nearest rank, in whole weeks."),
    column("p75_weeks_to_contact", Count, "The 75th percentile."),
    column("p90_weeks_to_contact", Count, "The 90th percentile."),
    column("p92_weeks_to_contact", Count, "The 92nd percentile."),
];

/// The columns of the published timeliness of plans.
const PLANS: &[Column] = &[
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

/// The columns of the published requests for advice.
const ADVICE: &[Column] = &[
    column("requested", Count, "Requests sent in the year, to the nearest 5; those about 1 to 7 children are hidden."),
    column("returned", Count, "Those of them whose advice was in hand by the end of the year."),
    column("not_returned", Count, "The others: outstanding, declined, or the assessment ended."),
    column("pc_returned", Percentage, "Share of requested, of the rounded counts."),
    column("returned_within_six_weeks", Count, "Returned within six weeks of the body's receipt."),
    column("returned_later", Count, "Returned later, with or without an exception, or nobody knows."),
    column("pc_returned_within_six_weeks", Percentage, "Share of returned, of the rounded counts."),
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

/// A published table as a report shows it.
pub trait Shape: Counts {
    /// The columns beside place and member.
    const CELLS: &'static [Column];

    /// The cells of a row.
    fn cells(shown: &Row<Self::Column>, beside: &Self::Beside) -> Vec<Cell>;
}

/// The columns of a published table.
pub fn columns<T: Shape>(dimension: Option<Dimension>) -> Vec<Column> {
    let by: Vec<_> = dimension.map(dimension_column).into_iter().collect();
    [PLACE, &by, T::CELLS].concat()
}

/// The rows of a published table, date by date; each date with the period it stands for.
pub fn rows<T: Shape>(
    publication: &Publication<Published<T>>,
    dates: &[(NaiveDate, Period)],
    part: &Part<'_>,
) -> Vec<Vec<Cell>> {
    let asked: Vec<_> = publication.ledger_seq.keys().copied().collect();
    let wanted = publication.shown.groups.iter().filter(|(group, _)| {
        let by = group.member.as_ref().map(|(dimension, _)| *dimension);
        by == part.dimension && part.has(group.area)
    });
    let wanted: Vec<_> = wanted.collect();
    let mut rows = Vec::new();
    for (place, (day, period)) in dates.iter().enumerate() {
        for (group, of_dates) in &wanted {
            let Some((shown, beside)) = of_dates.get(place) else { continue };
            let mut row = place_cells(*day, group.area, *period, &asked);
            row.extend(group.member.iter().map(|(_, label)| Cell::text(label.text.clone())));
            row.extend(T::cells(shown, beside));
            rows.push(row);
        }
    }
    rows
}

impl Shape for Waiting {
    const CELLS: &'static [Column] = WAITING;

    fn cells(shown: &Row<WaitingColumn>, mean: &Result<Option<u64>, Reason>) -> Vec<Cell> {
        use WaitingColumn::{Band, Over18Weeks, Total, Within18Weeks};
        let [within, over, total] = [Within18Weeks, Over18Weeks, Total].map(|column| shown.shown(column));
        let mut cells = vec![count(total)];
        cells.extend((0..7).map(|band| count(shown.shown(Band(band)))));
        cells.extend([count(over), percentage(rate(within, over, total)), average(*mean)]);
        cells
    }
}

impl Shape for Contacts {
    const CELLS: &'static [Column] = CONTACTS;

    fn cells(shown: &Row<ContactColumn>, wait: &WaitInWeeks) -> Vec<Cell> {
        use ContactColumn::{Over18Weeks, Total, Within18Weeks};
        let [within, over, total] = [Within18Weeks, Over18Weeks, Total].map(|column| shown.shown(column));
        let mut cells: Vec<_> = [total, within, over].map(count).into();
        cells.extend([percentage(rate(within, over, total)), average(wait.mean)]);
        cells.extend(wait.percentiles.map(average));
        cells
    }
}

impl Shape for Plans {
    const CELLS: &'static [Column] = PLANS;

    fn cells(shown: &Row<PlansColumn>, (): &()) -> Vec<Cell> {
        use PlansColumn::{From20To52Weeks, NotWithin20Weeks, Over52Weeks, Total, Within20Weeks};
        let [within, late, total] = [Within20Weeks, NotWithin20Weeks, Total].map(|column| shown.shown(column));
        vec![
            count(total),
            count(within),
            percentage(rate(within, late, total)),
            count(late),
            count(shown.shown(From20To52Weeks)),
            count(shown.shown(Over52Weeks)),
        ]
    }
}

impl Shape for Advice {
    const CELLS: &'static [Column] = ADVICE;

    fn cells(shown: &Row<AdviceColumn>, (): &()) -> Vec<Cell> {
        use AdviceColumn::{NotReturned, NotWithinSixWeeks, Returned, Total, WithinSixWeeks};
        let [returned, not_returned, total] = [Returned, NotReturned, Total].map(|column| shown.shown(column));
        let [within, later] = [WithinSixWeeks, NotWithinSixWeeks].map(|column| shown.shown(column));
        vec![
            count(total),
            count(returned),
            count(not_returned),
            percentage(rate(returned, not_returned, total)),
            count(within),
            count(later),
            percentage(rate(within, later, returned)),
        ]
    }
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

fn average(weeks: Result<Option<u64>, Reason>) -> Cell {
    match weeks {
        Ok(weeks) => Cell::count(weeks),
        Err(reason) => Cell::Suppressed(reason.code()),
    }
}

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("PublishedWaitingList", &[PLACE, WAITING]),
    ("PublishedWaitingTimes", &[PLACE, CONTACTS]),
    ("PublishedEhcTimeliness", &[PLACE, PLANS]),
    ("PublishedAdviceTimeliness", &[PLACE, ADVICE]),
];
