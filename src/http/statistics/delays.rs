//! Delays of EHC plans on the wire: case by case, and counted.

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use serde_json::json;

use crate::app::{App, DelayCase, DelayFilter, StatQuery, SummaryGroup};
use crate::domain::advice_request::AdviceType;
use crate::domain::authority::Authority;
use crate::domain::caller::{Caller, Scope};
use crate::domain::facts::{Day, date};
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::RecordId;
use crate::domain::statistics::delays::{DelayState, DelaySummary};
use crate::domain::statistics::group::Period;
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::{Code, Problem};
use crate::http::query::{Param, ParamKind};
use crate::http::records::{next_link, not_a_cursor};
use crate::http::statistics::answer::{Shape, page, statistic};
use crate::http::statistics::axes::{common_params, list_params, series_params, series_queries, stat_query};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, Report, column, place_cells, report_of};

use ColumnType::{Count, Date, List, Text};

const CASE: &[Column] = &[
    column("ehc_request_id", Text, "The EHC request."),
    column("authority", Text, "DfE code of the authority."),
    column("state", Text, "open, overdue, exempt_open, issued_late or exempt_issued."),
    column("started_on", Date, "Day zero: receipt, or becoming responsible."),
    column("due_on", Date, "The last day in time, SI 2014/1530 reg 13(2)."),
    column("days_over", Count, "Days past due_on; 0 before and on it."),
    column("decided_on", Date, "The decision whether to assess."),
    column("draft_served_on", Date, "The draft plan."),
    column("issued_on", Date, "The final plan."),
    column("outstanding_advice", List, "Advice asked for and not in hand."),
    column("outstanding_advice_overdue", List, "Those of them past the six weeks of reg 8(1)."),
];

const SUMMARY: &[Column] = &[
    column(
        "outstanding_advice",
        Text,
        "Advice the cases wait for; none where they wait for none; null without this grouping.",
    ),
    column("open", Count, "Open cases."),
    column("overdue", Count, "Open cases past twenty weeks without an exception."),
    column("exempt", Count, "Open cases past twenty weeks that an exception excuses."),
    column("overdue_awaiting_advice", Count, "Overdue cases that wait for advice."),
    column("overdue_up_to_4_weeks", Count, "1 to 28 days over."),
    column("overdue_4_12_weeks", Count, "29 to 84 days over."),
    column("overdue_12_26_weeks", Count, "85 to 182 days over."),
    column("overdue_26_52_weeks", Count, "183 to 364 days over."),
    column("overdue_over_52_weeks", Count, "365 days over and more."),
    column("days_over_total", Count, "The deadline debt: days overdue, summed over the overdue cases."),
    column("days_over_longest", Count, "The most days overdue."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[("EhcPlanDelay", &[CASE]), ("EhcPlanDelaySummary", &[PLACE, SUMMARY])];

const STATES: &[&str] = &["open", "overdue", "exempt_open", "issued_late", "exempt_issued"];
const GROUPS: &[&str] = &["england", "region", "authority", "outstanding_advice"];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let mut cases = list_params();
    cases.extend([
        Param::new("state", "Only cases in these states, separated by commas.", ParamKind::Words(STATES)),
        Param::new("outstanding_advice", "Only cases that wait for this advice.", ParamKind::Word(AdviceType::CODES)),
        Param::new("limit", "How many at most.", ParamKind::Whole(1, 1_000)),
        Param::new("cursor", "`page.next_cursor` of the page before.", ParamKind::Text(64)),
    ]);
    let mut summary = common_params();
    summary.push(Param::new(
        "group_by",
        "england, region or authority; and outstanding_advice, after a comma.",
        ParamKind::Words(GROUPS),
    ));
    summary.extend(series_params());
    let mut one = list_params();
    one.retain(|param| param.name != "authority");
    vec![
        Operation::new(Method::GET, "/v1/ehc-plan-delays", "list_ehc_plan_delays", Some(Scope::RecordsRead), handler!(list))
            .says("delays", "List open and late EHC cases", "One row for each case that is open or was issued late, the earliest due first: where it stands, days over, and the advice it waits for.")
            .takes(cases)
            .answers_with(200, "One page of cases.", report_of(&["EhcPlanDelay"]))
            .fails(&[Code::NotAcceptable]),
        Operation::new(Method::GET, "/v1/ehc-plan-delays/summary", "summarise_ehc_plan_delays", Some(Scope::StatsRead), handler!(summary_of))
            .says("delays", "Count open and overdue EHC cases", "Open cases, how many are past twenty weeks and by how much. By outstanding advice, a case that waits for two counts in both rows.")
            .takes(summary)
            .reports("One row for each group.", &["EhcPlanDelaySummary"]),
        Operation::new(Method::GET, "/v1/ehc-plan-delays/{id}", "get_ehc_plan_delay", Some(Scope::RecordsRead), handler!(case))
            .says("delays", "Read where one EHC case stands", "The row of one EHC request that is open or was issued late; 404 if it is neither. GET /v1/ehc-requests/{id} shows every clock of it.")
            .takes(one)
            .answers_with(200, "The case, as the only row.", report_of(&["EhcPlanDelay"]))
            .fails(&[Code::NotAcceptable]),
    ]
}

/// A place in the list: the due date, authority and number of a case.
type Place = (Day, Authority, i64);

fn write_cursor((due, authority, number): &Place) -> String {
    format!("{due}-{}-{number}", authority.code())
}

fn read_cursor(text: &str) -> Result<Place, Problem> {
    let read = || {
        let mut parts = text.splitn(3, '-');
        let day = parts.next()?.parse().ok()?;
        let authority = Authority::parse(parts.next()?)?;
        Some((day, authority, parts.next()?.parse().ok().filter(|number| *number > 0)?))
    };
    read().filter(|place| write_cursor(place) == text).ok_or_else(not_a_cursor)
}

async fn list(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let words = call.query.words("state");
    let limit = call.query.whole("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
    let filter = DelayFilter {
        states: DelayState::ALL.into_iter().filter(|state| words.contains(&state.code())).collect(),
        outstanding: call.query.word("outstanding_advice").and_then(|word| AdviceType::parse(word).ok()),
        only: None,
        after: call.query.text("cursor").map(read_cursor).transpose()?,
        limit: limit + 1,
    };
    let asked = query.clone();
    let mut measured = call.run(move |app, caller| app.delay_cases(caller, &asked, &filter)).await?;
    let more = measured.rows.len() > limit;
    measured.rows.truncate(limit);
    let next_cursor = measured
        .rows
        .last()
        .filter(|_| more)
        .map(|case| write_cursor(&(case.delay.fact.final_due, case.authority, case.delay.case)));
    let report = case_report(&measured.rows, query.as_at);
    let mut response = page(&call, &report, &query, &measured, json!({ "next_cursor": next_cursor }))?;
    if let Some(link) = next_cursor.and_then(|cursor| next_link(&call, &cursor).parse().ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

async fn case(call: Call) -> Result<HttpResponse, Problem> {
    let id = call.record_id(Noun::EhcRequest)?;
    let query = StatQuery { authorities: Some(vec![id.authority]), ..stat_query(&call)? };
    let filter = DelayFilter { only: Some(id.number), limit: 1, ..DelayFilter::default() };
    let asked = query.clone();
    let measured = call.run(move |app, caller| app.delay_cases(caller, &asked, &filter)).await?;
    if measured.rows.is_empty() {
        let detail = format!("there is no EHC request {id} that is open or was issued late as at {}", query.as_at);
        return Err(Problem::new(Code::NotFound, detail));
    }
    let report = case_report(&measured.rows, query.as_at);
    page(&call, &report, &query, &measured, json!({ "next_cursor": null }))
}

fn case_report(cases: &[DelayCase], as_at: chrono::NaiveDate) -> Report {
    Report {
        name: "ehc-plan-delays",
        definition: &definitions::EHC_PLAN_DELAYS,
        columns: [CASE].concat(),
        rows: cases.iter().map(|case| case_cells(case, as_at)).collect(),
    }
}

fn case_cells(case: &DelayCase, as_at: chrono::NaiveDate) -> Vec<Cell> {
    let DelayCase { authority, delay } = case;
    let id = RecordId { noun: Noun::EhcRequest, authority: *authority, number: delay.case };
    let happened = |day: Day| Cell::date(date(day).filter(|date| *date <= as_at));
    let words = |only_late: bool| {
        let outstanding = delay.outstanding.iter().filter(|(_, late)| !only_late || *late);
        Cell::List(outstanding.map(|(advice, _)| advice.code()).collect())
    };
    vec![
        Cell::text(id.to_string()),
        Cell::text(authority.code()),
        Cell::text(delay.state.code()),
        happened(delay.fact.started),
        Cell::date(date(delay.fact.final_due)),
        Cell::Count(u64::try_from(delay.days_over).unwrap_or(0)),
        happened(delay.fact.decided),
        happened(delay.fact.draft_served),
        happened(delay.fact.issued),
        words(false),
        words(true),
    ]
}

async fn summary_of(call: Call) -> Result<HttpResponse, Problem> {
    let queries = series_queries(&call)?;
    let by_advice = call.query.words("group_by").contains(&"outstanding_advice");
    let shape = Shape {
        name: "ehc-plan-delays-summary",
        definition: &definitions::EHC_PLAN_DELAYS_SUMMARY,
        columns: [PLACE, SUMMARY].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.delay_summary(caller, query, by_advice);
    statistic(&call, shape, queries, measure, |query, measured| {
        measured.rows.iter().map(|group| summary_cells(query, group, &measured.asked)).collect()
    })
    .await
}

fn summary_cells(query: &StatQuery, group: &SummaryGroup, asked: &[Authority]) -> Vec<Cell> {
    let SummaryGroup { area, advice, summary } = group;
    let DelaySummary {
        open,
        overdue,
        exempt,
        overdue_awaiting_advice,
        by_days_over,
        days_over_total,
        days_over_longest,
    } = summary;
    let mut cells = place_cells(query.as_at, *area, Period::Range, asked);
    cells.push(advice.map_or(Cell::Null, |advice| Cell::text(advice.map_or("none", AdviceType::code))));
    cells.extend([*open, *overdue, *exempt, *overdue_awaiting_advice].map(Cell::Count));
    cells.extend(by_days_over.map(Cell::Count));
    cells.extend([*days_over_total, *days_over_longest].map(Cell::Count));
    cells
}
