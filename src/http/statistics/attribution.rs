//! Late days by the step they waited for, on the wire.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::json;

use crate::app::{App, AssignedCase, Assigning, StatQuery};
use crate::domain::advice_request::AdviceType;
use crate::domain::caller::{Caller, Scope};
use crate::domain::facts::Day;
use crate::domain::fault::Faults;
use crate::domain::noun::Noun;
use crate::domain::statistics::attribution::{PARTS_OF_A_DAY, Rule, Share, Standards, Step, Totals};
use crate::domain::statistics::dimension::OfCases;
use crate::http::definitions::{self, Definition};
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::{Code, Problem};
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{Shape, page, statistic};
use crate::http::statistics::axes::{common_params, list_params, span, span_params, stat_queries, stat_query};
use crate::http::statistics::breakdown::{bounded, breakdown, breakdown_columns, breakdown_params, label_cells};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, Report, column, place_cells, report_of};

use ColumnType::{Count, Percentage, Shares, Signed, Text};

const TOTALS: &[Column] = &[
    column(
        "late_cases",
        Count,
        "Plans issued late in the period and cases overdue on the day asked about; excused ones left out.",
    ),
    column("late_days", Count, "Their days past twenty weeks, summed."),
    column(
        "step",
        Text,
        "What the days waited for: decision, asking, an adviser, drafting, consultation; unrecorded where no record divides the time.",
    ),
    column("share_days", Shares, "Days of late_days that fall to this step; the steps of a group sum to late_days."),
    column("share_parts", Signed, "The same exactly, in 360,360ths of a day: these sum without rounding."),
    column("pc_of_late_days", Percentage, "Share of late_days."),
    column(
        "fix_only_this_saves_days",
        Count,
        "Days that vanish if this step alone had kept its standard in every case.",
    ),
    column(
        "cases_it_came_last",
        Count,
        "Cases in which this adviser's advice came last; null for steps of the council.",
    ),
];

const CASE: &[Column] = &[
    column("ehc_request_id", Text, "The EHC request."),
    column("late_days", Count, "Days past twenty weeks."),
    column("last_adviser", Text, "Whose advice came last; null where none did."),
    column("step", Text, "What the days waited for."),
    column("share_days", Shares, "Days that fall to this step; they sum to late_days."),
    column("share_parts", Signed, "The same exactly, in 360,360ths of a day."),
    column("fix_only_this_saves_days", Count, "Days that vanish if this step alone had kept its standard."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[("DelayAttribution", &[PLACE, TOTALS]), ("CaseAttribution", &[CASE])];

const RULES: &[&str] = &["shapley", "critical_path"];

/// The parameter of each standard, in the order of the steps.
const STANDARDS: [(&str, &str); 5] = [
    ("decision_days", "the decision whether to assess"),
    ("asking_days", "asking for advice after the decision"),
    ("advice_days", "each advice"),
    ("drafting_days", "drafting"),
    ("consultation_days", "consultation and representations"),
];

fn assigning_params() -> Vec<Param> {
    let rule = Param::new(
        "rule",
        "shapley (the default): each step's share is its average effect over every order in which steps could be mended. critical_path: backwards from the end, each step is given its days past its own standard until the delay is used up.",
        ParamKind::Word(RULES),
    );
    let standard = |(name, about): &(&str, &str)| {
        let about = format!("Days for {about}; the five must sum to 140: 42, 0, 42, 21 and 35, if all are left out.");
        Param::new(name, &about, ParamKind::Whole(0, 140))
    };
    [rule].into_iter().chain(STANDARDS.iter().map(standard)).collect()
}

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v1/stats/delay-attribution", "stats_delay_attribution", Some(Scope::StatsRead), handler!(totals))
            .says("statistics", "Whose step the late days waited for", "Every late day of every late case assigned to a step or an adviser: shares that sum to the delay exactly, what mending one step alone would save, and whose advice came last.")
            .takes([common_params(), breakdown_params::<OfCases>(true), span_params(["from", "to"], "Issued or overdue"), assigning_params()].concat())
            .reports("One row for each day, group, period and step.", &["DelayAttribution"]),
        Operation::new(Method::GET, "/v1/ehc-plan-delays/{id}/attribution", "get_ehc_plan_delay_attribution", Some(Scope::RecordsRead), handler!(case))
            .says("delays", "Whose step the late days of one case waited for", "The late days of one EHC request by step; 404 if it is not late, or excused.")
            .takes([list_params(), assigning_params()].concat())
            .answers_with(200, "One row for each step.", report_of(&["CaseAttribution"]))
            .fails(&[Code::NotAcceptable]),
    ]
}

fn assigning(call: &Call) -> Result<Assigning, Problem> {
    let rule = if call.query.word("rule") == Some("critical_path") { Rule::CriticalPath } else { Rule::Shapley };
    let given = STANDARDS.map(|(name, _)| call.query.whole(name).and_then(|days| Day::try_from(days).ok()));
    if given.iter().all(Option::is_none) {
        return Ok(Assigning { rule, standards: Standards::default() });
    }
    let [decision, asking, advice, drafting, consultation] = given.map(|days| days.unwrap_or(0));
    let mut faults = Faults::default();
    let standards = faults.note("decision_days", Standards::new(decision, asking, advice, drafting, consultation));
    standards
        .map(|standards| Assigning { rule, standards })
        .ok_or_else(|| Problem::with_faults(Code::InvalidQuery, &faults))
}

fn definition(rule: Rule) -> &'static Definition {
    match rule {
        Rule::Shapley => &definitions::DELAY_ATTRIBUTION,
        Rule::CriticalPath => &definitions::DELAY_ON_CRITICAL_PATH,
    }
}

async fn totals(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    let breakdown = breakdown::<OfCases>(&call, &[])?;
    bounded(&queries, Some(span), &breakdown)?;
    let assigning = assigning(&call)?;
    let shape = Shape {
        name: "delay-attribution",
        definition: definition(assigning.rule),
        columns: [PLACE, &breakdown_columns(&breakdown), TOTALS].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| {
        app.delay_attribution(caller, query, (&breakdown, span), assigning)
    };
    statistic(&call, shape, queries, measure, |query, measured| {
        let rows = measured.rows.iter().flat_map(|(key, totals)| {
            let steps = Step::all().filter(|step| totals.shares.of(*step).is_some());
            steps.map(|step| {
                let mut row = place_cells(query.as_at, key.area, key.period, &measured.asked);
                row.extend(label_cells(key));
                row.extend(total_cells(totals, step));
                row
            })
        });
        rows.collect()
    })
    .await
}

fn count(days: i64) -> Cell {
    Cell::count(u64::try_from(days).ok())
}

fn total_cells(totals: &Totals, step: Step) -> Vec<Cell> {
    let share = totals.shares.of(step).unwrap_or_default();
    let last = step.adviser().map(|_| totals.last_adviser.of(step).unwrap_or(0));
    vec![
        Cell::Count(totals.cases),
        count(totals.delay_days),
        Cell::text(step.code()),
        Cell::Number(share.days()),
        Cell::Signed(share.parts()),
        percentage(share, totals.delay_days),
        count(totals.saves.of(step).unwrap_or(0)),
        Cell::count(last),
    ]
}

/// A share of some days in tenths of a percent, rounded half up.
fn percentage(share: Share, days: i64) -> Cell {
    let whole = i128::from(days) * i128::from(PARTS_OF_A_DAY);
    let tenths = (2000 * i128::from(share.parts()) + whole).checked_div(2 * whole);
    Cell::percentage(tenths.and_then(|tenths| u64::try_from(tenths).ok()))
}

async fn case(call: Call) -> Result<HttpResponse, Problem> {
    let id = call.record_id(Noun::EhcRequest)?;
    let query = StatQuery { authorities: Some(vec![id.authority]), ..stat_query(&call)? };
    let (asked, assigning) = (query.clone(), assigning(&call)?);
    let measured = call.run(move |app, caller| app.case_attribution(caller, &asked, id, assigning)).await?;
    let report = Report {
        name: "delay-attribution",
        definition: definition(assigning.rule),
        columns: CASE.to_vec(),
        rows: case_rows(&measured.rows),
    };
    page(&call, &report, &query, &measured, json!({ "next_cursor": null }))
}

fn case_rows(case: &AssignedCase) -> Vec<Vec<Cell>> {
    let AssignedCase { record, attribution, .. } = case;
    let row = |(step, share): (Step, Share)| {
        vec![
            Cell::text(record.to_string()),
            count(attribution.delay_days),
            attribution.last_adviser.map_or(Cell::Null, |adviser: AdviceType| Cell::text(adviser.code())),
            Cell::text(step.code()),
            Cell::Number(share.days()),
            Cell::Signed(share.parts()),
            count(attribution.saves.of(step).unwrap_or(0)),
        ]
    };
    attribution.shares.iter().map(row).collect()
}
