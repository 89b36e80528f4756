//! Statistics of the law on the wire: clocks, reviews, transfers between phases, exceptions.

use actix_web::HttpResponse;
use actix_web::http::Method;

use super::deadlines::KEPT;
use super::operation::{Call, Operation, handler};
use super::problem::Problem;
use super::query::{Param, ParamKind};
use super::report::{
    AREAS, AREAS_AND_TIMES, Cell, Column, ColumnType, PLACE, Report, column, common_params, place_cells, report_of,
    respond, span, stat_query,
};
use crate::domain::caller::Scope;
use crate::domain::clock::{Clock, Force};
use crate::domain::field::FieldType;
use crate::domain::statistics::clocks::ClockCounts;
use crate::domain::statistics::group::Period;
use crate::domain::statistics::reviews::{ExceptionCounts, ReviewCounts, TransferCounts};
use crate::domain::statistics::tenths_of_percent;

use ColumnType::{Count, Percentage, Text};

const CLOCKS: &[Column] = &[
    column("clock", Text, "Which clock: see /v1/clock-rules."),
    column("due", Count, "Clocks whose act was due and bound: met, breached or overdue; exempt ones left out."),
    column("met", Count, "Done in time."),
    column("breached", Count, "Done late, without an exception."),
    column("overdue", Count, "Not done and late, without an exception."),
    column("exempt", Count, "Late, and excused by an exception."),
    column("open", Count, "Not done, and not late yet."),
    column(
        "unbound",
        Count,
        "Withdrawn, ceased, replaced by an order, lapsed, or with nothing left to do; a parent's window that had closed.",
    ),
    column("pc_met", Percentage, "Share of due."),
    column("days_late_total", Count, "Days late, summed over breached and overdue."),
];

/// With DfE's column names, as it spells them.
const REVIEWS: &[Column] = &[
    column("total_ehc_plans", Count, "Plans maintained at the end of the period."),
    column("total_review_meeting", Count, "Reviews whose meeting took place."),
    column("outcome_amend", Count, "Decided to amend."),
    column("outcome_cease", Count, "Decided to cease."),
    column("outcome_maintan", Count, "Decided to maintain."),
    column(
        "no_outcome",
        Count,
        "No outcome on record; one whose day alone is on record counts in the times below, as in DfE's figures.",
    ),
    column("number_decsion_4weeks", Count, "Decided within 28 days of the meeting."),
    column("number_decision_gt_4weeks", Count, "Decided later."),
    column("pc_decsion_4weeks", Percentage, "Share of those decided."),
    column("pc_decision_gt_4weeks", Percentage, "Share of those decided."),
];

const TRANSFERS: &[Column] = &[
    column("phase_transfer", Text, "Which move."),
    column("plans", Count, "Plans with such a move in the range."),
    column("in_time", Count, "Named the next setting before the day the text says."),
    column("on_the_day", Count, "Named it on that day, which guidance takes as in time."),
    column("late", Count, "Named it later."),
    column("overdue", Count, "Not named, and late."),
    column("open", Count, "Not named, and not late yet."),
    column("ended", Count, "The plan ended before."),
    column("pc_in_time_strict", Percentage, "in_time, of all but open and ended."),
    column("pc_in_time_operational", Percentage, "in_time and on_the_day, of all but open and ended."),
];

const EXCEPTIONS: &[Column] = &[
    column("ground", Text, "Which ground of the regulations."),
    column("provision", Text, "Where it stands for the final plan."),
    column("recorded", Count, "Exceptions on record that began in the range."),
    column(
        "conditions_fulfilled",
        Count,
        "Whose conditions are fulfilled for the final plan of their case or re-assessment.",
    ),
    column("needed", Count, "Of those, on cases past their due date."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("ClockTimeliness", &[PLACE, CLOCKS]),
    ("AnnualReviews", &[PLACE, REVIEWS]),
    ("PhaseTransfers", &[PLACE, TRANSFERS]),
    ("Exceptions", &[PLACE, EXCEPTIONS]),
];

/// What may stand behind the limit of a clock that records have.
const FORCES: &[&str] = &["law", "guidance"];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = |groups: &'static [&'static str], from: &str, to: &str| {
        let mut params = common_params();
        params.extend([
            Param::new(
                "group_by",
                "The area, and where allowed year or month, separated by a comma.",
                ParamKind::Words(groups),
            ),
            Param::new("from", from, ParamKind::Date),
            Param::new("to", to, ParamKind::Date),
        ]);
        params
    };
    let operation =
        |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, Some(Scope::StatsRead), handler);
    let mut clocks = params(AREAS_AND_TIMES, "Due on this day or later.", "Due on this day or earlier.");
    clocks.push(Param::required("clock", "Which clock.", ParamKind::Word(&KEPT)));
    clocks.push(Param::new("force", "Only instances whose limit is of this force. If left out, of the force the clock has in general: the six weeks of a council's own advisers, which are guidance, are counted only with `guidance`.", ParamKind::Word(FORCES)));
    vec![
        operation("/v1/stats/clock-timeliness", "stats_clock_timeliness", handler!(clock_timeliness))
            .says("statistics", "Timeliness of any clock", "How the instances of one clock stand, by the day they were due.")
            .takes(clocks)
            .answers_with(200, "One row for each group.", report_of(&["ClockTimeliness"])),
        operation("/v1/stats/annual-reviews", "stats_annual_reviews", handler!(annual_reviews))
            .says("statistics", "Reviews of EHC plans", "Reviews by the day of their meeting, with DfE's columns as it spells them: outcomes, and decisions within four weeks.")
            .takes(params(AREAS_AND_TIMES, "Meetings on this day or later.", "Meetings on this day or earlier."))
            .answers_with(200, "One row for each group.", report_of(&["AnnualReviews"])),
        operation("/v1/stats/phase-transfers", "stats_phase_transfers", handler!(phase_transfers))
            .says("statistics", "Transfers between phases", "Plans whose child moves to another phase, by whether they named the next setting in time: by the strict day of the text and by the day guidance has.")
            .takes(params(AREAS, "Moves on this day or later.", "Moves on this day or earlier; they may lie ahead."))
            .answers_with(200, "One row for each area and kind of move.", report_of(&["PhaseTransfers"])),
        operation("/v1/stats/exceptions", "stats_exceptions", handler!(exceptions))
            .says("statistics", "Exceptions by ground", "Which exceptions are on record, whether their conditions are fulfilled, and whether they were needed.")
            .takes(params(AREAS, "Exceptions that began on this day or later.", "Exceptions that began on this day or earlier."))
            .answers_with(200, "One row for each area and ground.", report_of(&["Exceptions"])),
    ]
}

async fn clock_timeliness(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let (span, as_at) = (span(&call, &query, ["from", "to"])?, query.as_at);
    let clock = call.query.word("clock").and_then(|word| Clock::parse(word).ok()).unwrap_or(Clock::FinalPlan);
    let force = call.query.word("force").and_then(|word| Force::parse(word).ok());
    let measured = call.run(move |app, caller| app.clock_counts(caller, &query, (clock, force), span)).await?;
    let rows = measured.rows.iter().map(|((area, period), counts)| {
        [place_cells(*area, *period, &measured.asked), clock_cells(clock, counts)].concat()
    });
    let report = Report {
        name: "clock-timeliness",
        definition: "Instances of one clock by the day they were due and by how they stand; percentages leave exempt ones out. What is only guidance is left out of the counts of a statutory clock, unless asked for by force.",
        columns: &[PLACE, CLOCKS],
        rows: rows.collect(),
    };
    respond(&call, &report, as_at, &measured, None)
}

fn clock_cells(clock: Clock, counts: &ClockCounts) -> Vec<Cell> {
    let ClockCounts { met, breached, overdue, exempt, open, unbound, days_late } = *counts;
    let mut cells = vec![Cell::text(clock.code())];
    cells.extend([counts.due(), met, breached, overdue, exempt, open, unbound].map(Cell::Count));
    cells.push(Cell::percentage(tenths_of_percent(met, counts.due())));
    cells.push(Cell::Count(days_late));
    cells
}

async fn annual_reviews(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let (span, as_at) = (span(&call, &query, ["from", "to"])?, query.as_at);
    let measured = call.run(move |app, caller| app.reviews(caller, &query, span)).await?;
    let rows = measured
        .rows
        .iter()
        .map(|((area, period), counts)| [place_cells(*area, *period, &measured.asked), review_cells(counts)].concat());
    let report = Report {
        name: "annual-reviews",
        definition: "Reviews of EHC plans by the day of their meeting; a review is complete when the decision is notified, within four weeks by reg 20(10).",
        columns: &[PLACE, REVIEWS],
        rows: rows.collect(),
    };
    respond(&call, &report, as_at, &measured, None)
}

fn review_cells(counts: &ReviewCounts) -> Vec<Cell> {
    let ReviewCounts { plans, meetings, amend, cease, maintain, no_outcome, within_four_weeks, over_four_weeks } =
        *counts;
    let decided = within_four_weeks + over_four_weeks;
    let mut cells: Vec<_> = [plans, meetings, amend, cease, maintain, no_outcome, within_four_weeks, over_four_weeks]
        .map(Cell::Count)
        .into();
    cells.extend([within_four_weeks, over_four_weeks].map(|part| Cell::percentage(tenths_of_percent(part, decided))));
    cells
}

async fn phase_transfers(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let as_at = query.as_at;
    let first = call.query.date("from").unwrap_or(chrono::NaiveDate::MIN);
    let last = call.query.date("to").unwrap_or(chrono::NaiveDate::MAX);
    let measured = call.run(move |app, caller| app.transfers(caller, &query, (first, last))).await?;
    let rows = measured.rows.iter().map(|((area, transfer), counts)| {
        [place_cells(*area, Period::Range, &measured.asked), transfer_cells(transfer.code(), counts)].concat()
    });
    let report = Report {
        name: "phase-transfers",
        definition: "EHC plans whose child moves between phases of education, SI 2014/1530 reg 18: before 15 February, before 31 March to post-16, five months before between post-16 institutions.",
        columns: &[PLACE, TRANSFERS],
        rows: rows.collect(),
    };
    respond(&call, &report, as_at, &measured, None)
}

fn transfer_cells(transfer: &'static str, counts: &TransferCounts) -> Vec<Cell> {
    let TransferCounts { plans, in_time, on_the_day, late, overdue, open, ended } = *counts;
    let due = in_time + on_the_day + late + overdue;
    let mut cells = vec![Cell::text(transfer)];
    cells.extend([plans, in_time, on_the_day, late, overdue, open, ended].map(Cell::Count));
    cells.extend([in_time, in_time + on_the_day].map(|part| Cell::percentage(tenths_of_percent(part, due))));
    cells
}

async fn exceptions(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let (span, as_at) = (span(&call, &query, ["from", "to"])?, query.as_at);
    let measured = call.run(move |app, caller| app.exceptions(caller, &query, (span.first, span.last))).await?;
    let rows = measured.rows.iter().map(|((area, ground), counts)| {
        let ExceptionCounts { recorded, fulfilled, needed } = *counts;
        let provision = Clock::FinalPlan.rule(None).excuse(*ground).map(|excuse| excuse.provision);
        let mut cells = place_cells(*area, Period::Range, &measured.asked);
        cells.extend([Cell::text(ground.code()), provision.map_or(Cell::Null, Cell::text)]);
        cells.extend([recorded, fulfilled, needed].map(Cell::Count));
        cells
    });
    let report = Report {
        name: "exceptions",
        definition: "Exceptions to the time limits on record, by ground, tested against the final plan of their case, reg 13(3) with 10(4), or of their re-assessment, reg 27(3).",
        columns: &[PLACE, EXCEPTIONS],
        rows: rows.collect(),
    };
    respond(&call, &report, as_at, &measured, None)
}
