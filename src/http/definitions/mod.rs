//! Definitions: each measure explained once. An answer of a statistic says it in `meta`, and the list says all of them.

mod capacity;
mod cases;
mod law;
mod publication;
mod staff;
mod steps;
mod therapy;

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use super::operation::{Call, Operation, handler};
use super::problem::{Code, Problem};
use super::schema::reports;
use crate::http::statistics::answer::FORMULA_VERSION;
use crate::http::statistics::report::{Column, PLACE};

pub use capacity::{CAPACITY, CAPACITY_DEMAND, CAPACITY_OUTLOOK};
pub use cases::{DECISIONS_NOT_TO_ISSUE, DECISIONS_TO_ASSESS, EHC_FLOW, EHC_THREE_VIEWS, EHC_TIMELINESS};
pub use law::{ANNUAL_REVIEWS, CLOCK_TIMELINESS, DEADLINES, EXCEPTIONS, PHASE_TRANSFERS};
pub use publication::{
    PUBLISHED_ADVICE, PUBLISHED_TIMELINESS, PUBLISHED_WAITING_LIST, PUBLISHED_WAITING_TIMES, REVISIONS,
};
pub use staff::{CASELOAD, RECRUITMENT, TRAINING_PIPELINE, WORKFORCE};
pub use steps::{
    ADVICE_COVERAGE, ADVICE_TIMELINESS, DELAY_ATTRIBUTION, DELAY_ON_CRITICAL_PATH, EHC_PLAN_DELAYS,
    EHC_PLAN_DELAYS_SUMMARY,
};
pub use therapy::{FLOW, WAITING_LIST, WAITING_TIMES};

/// What a measure is.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name in links.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What is counted.
    pub counted: &'static str,
    /// How the numbers come about.
    pub formula: &'static str,
    /// What is in, first and last days included.
    pub includes: &'static str,
    /// What is left out.
    pub excludes: &'static str,
    /// The law or the source it follows.
    pub source: &'static str,
    /// Where it is shown.
    pub shown: &'static [Shown],
}

/// Where a measure is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The endpoint, with what it must be asked.
    pub endpoint: &'static str,
    /// The report it answers with.
    pub report: &'static str,
    /// Its columns; none for all beside time and place.
    columns: &'static [&'static str],
}

/// A whole report.
const fn whole(endpoint: &'static str, report: &'static str) -> Shown {
    Shown { endpoint, report, columns: &[] }
}

/// Some columns of a report.
const fn some(endpoint: &'static str, report: &'static str, columns: &'static [&'static str]) -> Shown {
    Shown { endpoint, report, columns }
}

impl Definition {
    /// Where it can be read.
    pub fn url(&self) -> String {
        format!("/v1/definitions/{}", self.id)
    }
}

impl Shown {
    /// The columns it names, as their report declares them; a name its report does not have is not among them.
    pub fn columns(&self) -> Vec<&'static Column> {
        let report = reports().filter(|(name, _)| *name == self.report);
        let columns = report.flat_map(|(_, groups)| groups.iter().copied().flatten());
        let is_place = |name| PLACE.iter().any(|column| column.name == name);
        let wanted = |column: &&Column| {
            if self.columns.is_empty() { !is_place(column.name) } else { self.columns.contains(&column.name) }
        };
        columns.filter(wanted).collect()
    }

    /// How many columns it names; `None` for all of a report.
    pub fn named(&self) -> Option<usize> {
        (!self.columns.is_empty()).then_some(self.columns.len())
    }
}

static ALL: &[&Definition] = &[
    &WAITING_LIST,
    &therapy::LONGEST_WAIT,
    &therapy::OVER_18_WEEKS,
    &WAITING_TIMES,
    &therapy::STILL_WAITING,
    &FLOW,
    &therapy::PERCENTILES,
    &therapy::MEAN_DAYS,
    &therapy::KAPLAN_MEIER,
    &EHC_TIMELINESS,
    &DECISIONS_TO_ASSESS,
    &DECISIONS_NOT_TO_ISSUE,
    &EHC_FLOW,
    &EHC_THREE_VIEWS,
    &cases::BACKLOG,
    &cases::DEADLINE_DEBT,
    &ADVICE_TIMELINESS,
    &ADVICE_COVERAGE,
    &EHC_PLAN_DELAYS,
    &EHC_PLAN_DELAYS_SUMMARY,
    &DELAY_ATTRIBUTION,
    &DELAY_ON_CRITICAL_PATH,
    &steps::FIX_ONLY_THIS,
    &steps::LAST_ADVISER,
    &CLOCK_TIMELINESS,
    &DEADLINES,
    &ANNUAL_REVIEWS,
    &PHASE_TRANSFERS,
    &EXCEPTIONS,
    &WORKFORCE,
    &staff::VACANCY_RATE,
    &staff::THREE_MONTH_VACANCIES,
    &staff::ABSENCE,
    &CASELOAD,
    &RECRUITMENT,
    &TRAINING_PIPELINE,
    &REVISIONS,
    &CAPACITY,
    &CAPACITY_DEMAND,
    &CAPACITY_OUTLOOK,
    &PUBLISHED_WAITING_LIST,
    &PUBLISHED_WAITING_TIMES,
    &PUBLISHED_TIMELINESS,
    &PUBLISHED_ADVICE,
];

/// Every definition, in the order of the list.
pub fn all_definitions() -> &'static [&'static Definition] {
    ALL
}

/// The operations of this folder.
pub fn operations() -> Vec<Operation> {
    let open = |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, None, handler);
    vec![
        open("/v1/definitions", "list_definitions", handler!(list))
            .says("statistics", "List what every measure means", "For each measure: what is counted, by which formula, what is in and what is left out, the law or source, and the columns that show it. `meta.definition_url` of a statistic leads to its own.")
            .answers(200, "The definitions: therapy, EHC cases, advice and delays, the clocks of the law, then staff.", "DefinitionList"),
        open("/v1/definitions/{definition_id}", "get_definition", handler!(one))
            .says("statistics", "Read what one measure means", "The definition of this id.")
            .answers(200, "The definition.", "Definition"),
    ]
}

async fn list(_call: Call) -> Result<HttpResponse, Problem> {
    let data: Vec<_> = ALL.iter().map(|definition| view(definition)).collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data })))
}

async fn one(call: Call) -> Result<HttpResponse, Problem> {
    let found = ALL.iter().find(|definition| definition.id == call.part("definition_id"));
    let missing = || Problem::new(Code::NotFound, "there is no definition of this id; /v1/definitions lists all");
    Ok(HttpResponse::Ok().json(view(found.ok_or_else(missing)?)))
}

fn view(definition: &Definition) -> Value {
    let Definition { id, title, counted, formula, includes, excludes, source, shown } = definition;
    let column = |column: &Column| json!({ "name": column.name, "about": column.about });
    let place = |shown: &Shown| {
        let columns: Vec<_> = shown.columns().into_iter().map(column).collect();
        json!({ "endpoint": shown.endpoint, "report": shown.report, "columns": columns })
    };
    json!({
        "id": id,
        "title": title,
        "counted": counted,
        "formula": formula,
        "includes": includes,
        "excludes": excludes,
        "source": source,
        "formula_version": FORMULA_VERSION,
        "shown": shown.iter().map(place).collect::<Vec<_>>(),
    })
}
