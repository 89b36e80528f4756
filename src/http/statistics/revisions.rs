//! Revisions of a past figure on the wire.

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::app::{App, StatQuery};
use crate::domain::caller::{Caller, Scope};
use crate::domain::field::FieldType;
use crate::domain::statistics::group::Period;
use crate::domain::statistics::revisions::{Figure, Revision};
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{Shape, statistic};
use crate::http::statistics::axes::{AREAS, list_params, settled, stat_query};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells};

use ColumnType::{Count, Signed, Text};

const REVISIONS: &[Column] = &[
    column("figure", Text, "Which figure."),
    column("known_at", Text, "The instant: what was recorded later was not known."),
    column("value", Count, "The figure as at as_at, as it was known then."),
    column("newly_recorded", Count, "Counted, of records not known at the instant before."),
    column("now_counts", Count, "Known before, and counted only now."),
    column("no_longer_counts", Count, "Counted before, and no longer."),
    column("change", Signed, "value less the value before: newly_recorded and now_counts less no_longer_counts."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[("Revisions", &[PLACE, REVISIONS])];

/// Most instants one question may ask about.
const MOST_INSTANTS: usize = 60;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let mut params = list_params();
    params.retain(|param| param.name != "known_at");
    let about = format!(
        "The instants, at most {MOST_INSTANTS}, separated by commas, such as 2025-02-01T00:00:00Z,2025-03-01T00:00:00Z. They must have passed."
    );
    params.extend([
        Param::required("figure", "Which figure.", ParamKind::Word(Figure::CODES)),
        Param::required("known_at", &about, ParamKind::Instants(MOST_INSTANTS)),
        Param::new("group_by", "england, region or authority.", ParamKind::Word(AREAS)),
    ]);
    vec![
        Operation::new(Method::GET, "/v1/stats/revisions", "stats_revisions", Some(Scope::StatsRead), handler!(revisions))
            .says("statistics", "How a past figure changed as late data came in", "One figure of one day as it was known at several instants, and why it differs from one to the next; the parts sum to the difference.")
            .takes(params)
            .reports("One row for each area and instant.", &["Revisions"]),
    ]
}

async fn revisions(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let figure = call.query.word("figure").and_then(|word| Figure::parse(word).ok()).unwrap_or(Figure::Waiting);
    let mut instants: Vec<DateTime<Utc>> = call.query.instants("known_at").to_vec();
    instants.sort_unstable();
    instants.dedup();
    settled(&call, instants.last().copied())?;
    let shape = Shape { name: "revisions", definition: &definitions::REVISIONS, columns: [PLACE, REVISIONS].concat() };
    // The tag turns on what was known at the last of them.
    let query = StatQuery { known_at: instants.last().copied(), ..query };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.revisions(caller, query, figure, &instants);
    statistic(&call, shape, vec![query], measure, |query, measured| {
        let rows = measured.rows.iter().map(|((area, instant), revision)| {
            let place = place_cells(query.as_at, *area, Period::Range, &measured.asked);
            [place, revision_cells(figure, *instant, *revision)].concat()
        });
        rows.collect()
    })
    .await
}

fn revision_cells(figure: Figure, instant: DateTime<Utc>, revision: Revision) -> Vec<Cell> {
    let Revision { value, newly_recorded, now_counts, no_longer_counts } = revision;
    vec![
        Cell::text(figure.code()),
        Cell::text(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        Cell::Count(value),
        Cell::Count(newly_recorded),
        Cell::Count(now_counts),
        Cell::Count(no_longer_counts),
        Cell::Signed(revision.change()),
    ]
}
