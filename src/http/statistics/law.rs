//! Statistics of the law on the wire: clocks, reviews, transfers between phases, exceptions.

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::{App, StatQuery};
use crate::domain::caller::{Caller, Scope};
use crate::domain::clock::{Clock, Force, Ground};
use crate::domain::field::FieldType;
use crate::domain::published::reviews_of;
use crate::domain::statistics::clocks::ClockCounts;
use crate::domain::statistics::group::{Area, Period};
use crate::domain::statistics::reviews::{ExceptionCounts, ReviewCounts, TransferCounts};
use crate::domain::statistics::tally::Breakdown;
use crate::domain::statistics::tenths_of_percent;
use crate::http::deadlines::KEPT;
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{Shape, statistic};
use crate::http::statistics::axes::{AREAS, AREAS_AND_TIMES, common_params, last_day, span, span_params, stat_queries};
use crate::http::statistics::breakdown::bounded;
use crate::http::statistics::compare::{compare_params, compared_columns, compared_rows, comparison};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells, placed};

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
    let params = |groups: &'static [&'static str], counted: &str| {
        let mut params = common_params();
        params.push(Param::new(
            "group_by",
            "The area, and where allowed a period, separated by a comma.",
            ParamKind::Words(groups),
        ));
        params.extend(span_params(["from", "to"], counted));
        if groups == AREAS {
            params.retain(|param| param.name != "every");
        }
        params
    };
    let operation =
        |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, Some(Scope::StatsRead), handler);
    let mut clocks = params(AREAS_AND_TIMES, "Due");
    clocks.push(Param::required("clock", "Which clock.", ParamKind::Word(&KEPT)));
    clocks.push(Param::new("force", "Only instances whose limit is of this force. If left out, of the force the clock has in general: the six weeks of a council's own advisers, which are guidance, are counted only with `guidance`.", ParamKind::Word(FORCES)));
    let mut reviews = params(AREAS_AND_TIMES, "Meetings");
    reviews.extend(compare_params());
    vec![
        operation("/v1/stats/clock-timeliness", "stats_clock_timeliness", handler!(clock_timeliness))
            .says("statistics", "Timeliness of any clock", "How the instances of one clock stand, by the day they were due.")
            .takes(clocks)
            .reports("One row for each group.", &["ClockTimeliness"]),
        operation("/v1/stats/annual-reviews", "stats_annual_reviews", handler!(annual_reviews))
            .says("statistics", "Reviews of EHC plans", "Reviews by the day of their meeting, with DfE's columns as it spells them: outcomes, and decisions within four weeks.")
            .takes(reviews)
            .reports("One row for each group.", &["AnnualReviews"]),
        operation("/v1/stats/phase-transfers", "stats_phase_transfers", handler!(phase_transfers))
            .says("statistics", "Transfers between phases", "Plans whose child moves to another phase, by whether they named the next setting in time: by the strict day of the text and by the day guidance has.")
            .takes(params(AREAS, "Moves (they may lie ahead)"))
            .reports("One row for each area and kind of move.", &["PhaseTransfers"]),
        operation("/v1/stats/exceptions", "stats_exceptions", handler!(exceptions))
            .says("statistics", "Exceptions by ground", "Which exceptions are on record, whether their conditions are fulfilled, and whether they were needed.")
            .takes(params(AREAS, "Exceptions that began"))
            .reports("One row for each area and ground.", &["Exceptions"]),
    ]
}

async fn clock_timeliness(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    bounded(&queries, Some(span), &Breakdown::default())?;
    let clock = call.query.word("clock").and_then(|word| Clock::parse(word).ok()).unwrap_or(Clock::FinalPlan);
    let force = call.query.word("force").and_then(|word| Force::parse(word).ok());
    let shape = Shape {
        name: "clock-timeliness",
        definition: &definitions::CLOCK_TIMELINESS,
        columns: [PLACE, CLOCKS].concat(),
    };
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.clock_counts(caller, query, (clock, force), span);
    statistic(&call, shape, queries, measure, |query, measured| {
        let cells = |counts: &ClockCounts| clock_cells(clock, counts);
        placed(query, measured, cells)
    })
    .await
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
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    bounded(&queries, Some(span), &Breakdown::default())?;
    let comparison = comparison(&call)?;
    let columns = compared_columns(comparison.as_ref(), REVIEWS);
    let shape = Shape { name: "annual-reviews", definition: &definitions::ANNUAL_REVIEWS, columns };
    let last = last_day(&queries);
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.reviews(caller, query, span);
    statistic(&call, shape, queries, measure, |query, measured| {
        let rows = placed(query, measured, review_cells);
        compared_rows((comparison.as_ref(), query.as_at == last), rows, published_reviews)
    })
    .await
}

/// What DfE printed, in the columns of the same names.
fn published_reviews(area: Area) -> Vec<Cell> {
    let row = reviews_of(area);
    let cell = |column: &Column| match column.holds {
        Percentage => Cell::percentage(row.and_then(|row| row.tenths(column.name))),
        _ => Cell::count(row.and_then(|row| row.count(column.name))),
    };
    REVIEWS.iter().map(cell).collect()
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
    let queries = stat_queries(&call)?;
    let first = call.query.date("from").unwrap_or(chrono::NaiveDate::MIN);
    let last = call.query.date("to").unwrap_or(chrono::NaiveDate::MAX);
    let shape = Shape {
        name: "phase-transfers",
        definition: &definitions::PHASE_TRANSFERS,
        columns: [PLACE, TRANSFERS].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.transfers(caller, query, (first, last));
    statistic(&call, shape, queries, measure, |query, measured| {
        let rows = measured.rows.iter().map(|((area, transfer), counts)| {
            let place = place_cells(query.as_at, *area, Period::Range, &measured.asked);
            [place, transfer_cells(transfer.code(), counts)].concat()
        });
        rows.collect()
    })
    .await
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
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    bounded(&queries, Some(span), &Breakdown::default())?;
    let shape =
        Shape { name: "exceptions", definition: &definitions::EXCEPTIONS, columns: [PLACE, EXCEPTIONS].concat() };
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.exceptions(caller, query, (span.first, span.last));
    statistic(&call, shape, queries, measure, |query, measured| {
        let rows = measured.rows.iter().map(|((area, ground), counts)| {
            let place = place_cells(query.as_at, *area, Period::Range, &measured.asked);
            [place, exception_cells(*ground, *counts)].concat()
        });
        rows.collect()
    })
    .await
}

fn exception_cells(ground: Ground, counts: ExceptionCounts) -> Vec<Cell> {
    let ExceptionCounts { recorded, fulfilled, needed } = counts;
    let provision = Clock::FinalPlan.rule(None).excuse(ground).map(|excuse| excuse.provision);
    let mut cells = vec![Cell::text(ground.code()), provision.map_or(Cell::Null, Cell::text)];
    cells.extend([recorded, fulfilled, needed].map(Cell::Count));
    cells
}
