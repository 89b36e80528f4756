//! Published figures: what the Department for Education (DfE) says of each authority's calendar year 2024.
//!
//! Source: DfE, "Education, health and care plans", 2025 release, underlying data; Open Government Licence v3.0. The files
//! stand beside this one as they were published.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::authority::{Authority, Region};
use super::statistics::group::Area;
use super::statistics::tenths_of_percent;
use super::statistics::timeliness::{Decisions, PlansByBand, PlansIssued};

/// The calendar year the figures are about.
pub const YEAR: i32 = 2024;

const PLANS: &str = include_str!("dfe-2025-release/timeliness_20_week_2024.csv");
const REQUESTS: &str = include_str!("dfe-2025-release/requests_2024.csv");
const REVIEWS: &str = include_str!("dfe-2025-release/annual_reviews_2024.csv");
const ASSESSMENTS: &str = include_str!("dfe-2025-release/assessments_2024.csv");

/// Requests received in the year, by what had become of them when the figures were collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// All of them.
    pub received: u64,
    /// An assessment was agreed.
    pub assess: u64,
    /// An assessment was refused.
    pub do_not_assess: u64,
    /// Nothing was decided yet.
    pub undecided: u64,
    /// The request was withdrawn, or ended otherwise, before a decision.
    pub withdrawn: u64,
}

/// The plans an authority maintained on the census day, and the last review of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reviews {
    /// Plans maintained.
    pub plans: u64,
    /// Plans too young for a review.
    pub not_expected: u64,
    /// Reviews whose meeting took place between the year's end and the census day.
    pub met_after: u64,
    /// Whose meeting took place in the year.
    pub met_in_year: u64,
    /// Whose meeting took place before it.
    pub met_before: u64,
    /// Decided to amend.
    pub amend: u64,
    /// Decided to cease.
    pub cease: u64,
    /// Decided to maintain.
    pub maintain: u64,
    /// Decided within four weeks of the meeting, whatever was decided.
    pub within_four_weeks: u64,
    /// Decided later.
    pub over_four_weeks: u64,
}

/// The year of one authority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Plans issued in the year and measured against twenty weeks.
    pub plans: PlansIssued,
    /// Requests received in the year.
    pub requests: Requests,
    /// Decisions whether to assess made in the year.
    pub decisions_to_assess: Decisions,
    /// Assessments that ended with a plan in the year, measured or not.
    pub plans_made: u64,
    /// Assessments that ended without a plan in the year.
    pub plans_refused: u64,
    /// Those of them with usable dates.
    pub decisions_not_to_issue: Decisions,
    /// Plans and reviews.
    pub reviews: Option<Reviews>,
}

/// The figures of an authority; every authority of England has some.
pub fn figures(authority: Authority) -> Option<&'static Figures> {
    static FIGURES: LazyLock<BTreeMap<Authority, Figures>> = LazyLock::new(read);
    FIGURES.get(&authority)
}

/// Joins the files by authority; a row that is not an authority's, or lacks a figure, is left out.
fn read() -> BTreeMap<Authority, Figures> {
    let mut figures = BTreeMap::<Authority, Figures>::new();
    for (authority, row) in authorities(PLANS) {
        let Some(plans) = plans_issued(&row) else { continue };
        figures.entry(authority).or_default().plans = plans;
    }
    for (authority, row) in authorities(REQUESTS) {
        let (Some(requests), Some(decisions)) = (requests(&row), decisions_to_assess(&row)) else { continue };
        let figures = figures.entry(authority).or_default();
        (figures.requests, figures.decisions_to_assess) = (requests, decisions);
    }
    for (authority, row) in authorities(ASSESSMENTS) {
        let refusals = decisions_not_to_issue(&row);
        let figures = figures.entry(authority).or_default();
        figures.plans_made = row.count("assess_issued").unwrap_or_default();
        figures.plans_refused = row.count("assess_not_issued").unwrap_or_default();
        figures.decisions_not_to_issue = refusals.unwrap_or_default();
    }
    for (authority, row) in authorities(REVIEWS) {
        figures.entry(authority).or_default().reviews = reviews(&row);
    }
    figures
}

/// What DfE printed of the reviews of an area. Its regions and England are more than the sum of the authorities that are
/// printed, so they cannot be added up.
pub fn reviews_of(area: Area) -> Option<&'static Row> {
    static ROWS: LazyLock<BTreeMap<Area, Row>> = LazyLock::new(|| rows(REVIEWS).into_iter().collect());
    ROWS.get(&area)
}

/// One row of a file, by the names of its columns.
#[derive(Debug)]
pub struct Row {
    names: Arc<csv::StringRecord>,
    cells: csv::StringRecord,
}

impl Row {
    fn text(&self, name: &str) -> Option<&str> {
        self.cells.get(self.names.iter().position(|column| column == name)?)
    }

    /// A count; `None` where DfE prints `x` or `z`.
    pub fn count(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// A percentage in tenths: `93` and `6.4` as DfE prints them.
    pub fn tenths(&self, name: &str) -> Option<u64> {
        let (whole, tenth) = self.text(name).map(|text| text.split_once('.').unwrap_or((text, "0")))?;
        Some(10 * whole.parse::<u64>().ok()? + tenth.parse::<u64>().ok()?)
    }

    fn area(&self) -> Option<Area> {
        match self.text("geographic_level")? {
            "National" => Some(Area::England),
            "Regional" => {
                let code = self.text("region_code")?;
                Region::ALL.iter().copied().find(|region| region.code() == code).map(Area::Region)
            }
            _ => Authority::parse(self.text("old_la_code")?).map(Area::Authority),
        }
    }
}

/// The rows of a file that are about one area, with their columns' names.
fn rows(text: &str) -> Vec<(Area, Row)> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let Ok(names) = reader.headers().cloned() else { return Vec::new() };
    let names = Arc::new(names);
    let rows = reader.records().filter_map(|cells| Some(Row { names: Arc::clone(&names), cells: cells.ok()? }));
    rows.filter_map(|row| Some((row.area()?, row))).collect()
}

/// Those about one authority.
fn authorities(text: &str) -> impl Iterator<Item = (Authority, Row)> {
    rows(text).into_iter().filter_map(|(area, row)| match area {
        Area::Authority(authority) => Some((authority, row)),
        Area::England | Area::Region(_) => None,
    })
}

/// Decisions whether to assess. DfE prints both counts and both percentages but not the denominator, which is larger than
/// their sum in thirteen authorities: it is the smallest that gives the printed percentages.
fn decisions_to_assess(row: &Row) -> Option<Decisions> {
    let (within, over) = (row.count("request_outcome_six_weeks")?, row.count("request_outcome_over_6_weeks")?);
    let printed = ["request_outcome_six_weeks_pc", "request_outcome_over_6_weeks_pc"].map(|name| row.tenths(name));
    let gives = |whole: &u64| [within, over].map(|part| tenths_of_percent(part, *whole)) == printed;
    let both = within + over;
    Some(Decisions { measured: (both..=both + both / 10 + 1).find(gives).unwrap_or(both), within, over })
}

fn decisions_not_to_issue(row: &Row) -> Option<Decisions> {
    let (within, over) = (row.count("outcome_decision_within_time")?, row.count("outcome_decision_over_time")?);
    Some(Decisions { measured: within + over, within, over })
}

fn plans_issued(row: &Row) -> Option<PlansIssued> {
    let by_band = |plans: &str, within: &str, middle: &str, over: &str| {
        Some(PlansByBand {
            plans: row.count(plans)?,
            within_20_weeks: row.count(within)?,
            from_20_to_52_weeks: row.count(middle)?,
            over_52_weeks: row.count(over)?,
        })
    };
    let all = by_band(
        "plans_issued_den",
        "plans_issued_within_20_weeks",
        "plans_issued_gt20weeks_ltYear",
        "plans_issued_gt_1_year",
    )?;
    let without_exceptions = by_band(
        "plans_issued_den_ex",
        "plans_issued_20_weeks_ex",
        "plans_issued_gt20weeks_ltYear_ex",
        "plans_issued_gt_1_year_ex",
    )?;
    Some(PlansIssued { all, without_exceptions })
}

fn requests(row: &Row) -> Option<Requests> {
    Some(Requests {
        received: row.count("requests_received_in_year")?,
        assess: row.count("requests_decided_to_assess")?,
        do_not_assess: row.count("requests_decided_not_to_assess")?,
        undecided: row.count("requests_decision_not_made")?,
        withdrawn: row.count("requests_withdrawn")?,
    })
}

/// With DfE's own spellings. Where only the number of plans is available, no review is.
fn reviews(row: &Row) -> Option<Reviews> {
    let count = |name| row.count(name).unwrap_or_default();
    Some(Reviews {
        plans: row.count("total_ehc_plans")?,
        not_expected: count("review_not_expected"),
        met_after: count("review_meeting_25"),
        met_in_year: count("review_meeting_24"),
        met_before: count("review_meeting_prior_24"),
        amend: count("outcome_amend"),
        cease: count("outcome_cease"),
        maintain: count("outcome_maintan"),
        within_four_weeks: count("number_decsion_4weeks"),
        over_four_weeks: count("number_decision_gt_4weeks"),
    })
}
