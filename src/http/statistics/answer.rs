//! Answers of statistics: measured once for each day, in the form the caller wants, with what they were measured on.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::app::{App, AppError, Measured, StatQuery};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::capacity::parameters::Premises;
use crate::domain::capacity_rule::AppointmentType;
use crate::http::definitions::Definition;
use crate::http::format::{Format, WriteError, arrow, ndjson, parquet};
use crate::http::operation::Call;
use crate::http::problem::{Code, Problem};
use crate::http::statistics::report::{Cell, Column, Report, Row};

/// Version of the formulas. It grows when the same facts would give another answer.
pub const FORMULA_VERSION: u32 = 5;

/// A statistic apart from its rows.
#[derive(Clone, Debug)]
pub struct Shape {
    /// What is reported, as a file name.
    pub name: &'static str,
    /// What the numbers mean.
    pub definition: &'static Definition,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// Measures a statistic for each of `queries` and answers with the rows of all; with 304 where the caller has the answer.
///
/// # Errors
/// When it cannot be measured or written.
pub async fn statistic<T: Send + 'static>(
    call: &Call,
    shape: Shape,
    queries: Vec<StatQuery>,
    measure: impl Fn(&App, &Caller, &StatQuery) -> Result<Measured<T>, AppError> + Send + 'static,
    rows: impl Fn(&StatQuery, &Measured<T>) -> Vec<Vec<Cell>>,
) -> Result<HttpResponse, Problem> {
    statistic_from(call, shape, queries, measure, (rows, |_: &Measured<T>| Value::Null)).await
}

/// The same for a statistic that rests on parameters: `assumptions` tells those of the last day asked about.
///
/// # Errors
/// As [`statistic`].
pub async fn statistic_from<T: Send + 'static>(
    call: &Call,
    shape: Shape,
    queries: Vec<StatQuery>,
    measure: impl Fn(&App, &Caller, &StatQuery) -> Result<Measured<T>, AppError> + Send + 'static,
    (rows, assumptions): (impl Fn(&StatQuery, &Measured<T>) -> Vec<Vec<Cell>>, impl Fn(&Measured<T>) -> Value),
) -> Result<HttpResponse, Problem> {
    if let (Some(known), Some(first)) = (call.header(&header::IF_NONE_MATCH)?, queries.first()) {
        let first = first.clone();
        let positions = call.run(move |app, caller| app.ledger_positions(caller, &first)).await?;
        let tag = tag(call, &queries, &positions);
        if has_it(known, &tag) {
            return Ok(not_modified(tag));
        }
    }
    let measured = call
        .run(move |app, caller| {
            // All days on the same facts, whatever is written meanwhile.
            let on = queries.first().map(|query| app.pages(caller, query)).transpose()?;
            let queries = queries.into_iter().map(|query| StatQuery { on: on.clone(), ..query });
            let each = queries.map(|query| measure(app, caller, &query).map(|measured| (query, measured)));
            each.collect::<Result<Vec<_>, AppError>>()
        })
        .await?;
    let report = Report {
        name: shape.name,
        definition: shape.definition,
        columns: shape.columns,
        rows: measured.iter().flat_map(|(query, measured)| rows(query, measured)).collect(),
    };
    let mut coverage = Coverage::of(&measured);
    coverage.assumptions = measured.last().map_or(Value::Null, |(_, measured)| assumptions(measured));
    let queries: Vec<_> = measured.into_iter().map(|(query, _)| query).collect();
    let tag = tag(call, &queries, &coverage.ledger_seq);
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, tag));
    write(response, call, &report, &coverage, None)
}

/// True if a caller's `If-None-Match` names that tag; weakly is enough.
fn has_it(known: &str, tag: &str) -> bool {
    let named = |one: &str| one.trim().trim_start_matches("W/") == tag || one.trim() == "*";
    known.split(',').any(named)
}

fn not_modified(tag: String) -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, tag)).insert_header((header::VARY, "accept")).finish()
}

/// Answers with one page of a list.
///
/// # Errors
/// When it cannot be written as CSV.
pub fn page<T>(
    call: &Call,
    report: &Report,
    query: &StatQuery,
    measured: &Measured<T>,
    page: Value,
) -> Result<HttpResponse, Problem> {
    write(HttpResponse::Ok(), call, report, &Coverage::one(query, measured), Some(page))
}

/// Answers with what is published, which is the same for everyone. Where the ledgers
/// stood is not told: with it one could see how many records lie between two answers.
///
/// # Errors
/// When it cannot be written.
pub fn published(
    call: &Call,
    report: &Report,
    as_at: Vec<NaiveDate>,
    known_at: DateTime<Utc>,
    positions: &BTreeMap<Authority, i64>,
) -> Result<HttpResponse, Problem> {
    let tag = tag_of(call, &format!("{known_at} {as_at:?}"), positions);
    if let Some(known) = call.header(&header::IF_NONE_MATCH)?
        && has_it(known, &tag)
    {
        return Ok(not_modified(tag));
    }
    let (asked, ledger_seq) = (positions.len(), BTreeMap::new());
    let known_at = Some(known_at);
    let coverage = Coverage { as_at, known_at, ledger_seq, asked, suppression: "publish", assumptions: Value::Null };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, tag));
    write(response, call, report, &coverage, None)
}

/// What an answer was measured on.
struct Coverage {
    suppression: &'static str,
    as_at: Vec<NaiveDate>,
    known_at: Option<DateTime<Utc>>,
    ledger_seq: BTreeMap<Authority, i64>,
    asked: usize,
    /// The parameters it rests on, and where each comes from; null of what rests on none.
    assumptions: Value,
}

impl Coverage {
    fn is_published(&self) -> bool {
        self.suppression == "publish"
    }

    /// The entries it includes, of all ledgers; `None` of what is published.
    fn ledger_position(&self) -> Option<i64> {
        (!self.is_published()).then(|| self.ledger_seq.values().sum())
    }

    fn one<T>(query: &StatQuery, measured: &Measured<T>) -> Self {
        Self {
            as_at: vec![query.as_at],
            known_at: query.known_at,
            ledger_seq: measured.ledger_seq.clone(),
            asked: measured.asked.len(),
            suppression: "none",
            assumptions: Value::Null,
        }
    }

    fn of<T>(measured: &[(StatQuery, Measured<T>)]) -> Self {
        let (as_at, ledger_seq) = (Vec::new(), BTreeMap::new());
        let mut coverage =
            Self { as_at, known_at: None, ledger_seq, asked: 0, suppression: "none", assumptions: Value::Null };
        for (query, measured) in measured {
            let one = Self::one(query, measured);
            coverage = Self { as_at: [coverage.as_at, one.as_at].concat(), ..one };
        }
        coverage
    }
}

/// The tag of an answer: the same question about the same entries of the same ledgers has the same answer.
fn tag(call: &Call, queries: &[StatQuery], positions: &BTreeMap<Authority, i64>) -> String {
    let days: Vec<_> = queries.iter().map(|query| query.as_at.to_string()).collect();
    tag_of(call, &days.join(","), positions)
}

fn tag_of(call: &Call, days: &str, positions: &BTreeMap<Authority, i64>) -> String {
    let ledgers: Vec<_> = positions.iter().map(|(authority, seq)| format!("{}:{seq}", authority.code())).collect();
    let parts = [
        FORMULA_VERSION.to_string(),
        call.request.path().to_owned(),
        call.request.query_string().to_owned(),
        call.format().map_or("none", Format::code).to_owned(),
        days.to_owned(),
        ledgers.join(","),
        format!("{:?}", call.caller.reach),
        call.app.clock().today().to_string(),
    ];
    tag_of_text(&parts.join("\n"))
}

fn tag_of_text(text: &str) -> String {
    let digest = Sha256::digest(text);
    let short = digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    format!("\"{short:032x}\"")
}

/// Answers with a piece of a page, under a tag made of itself; with 304 where the caller has it.
///
/// # Errors
/// When the caller's tags cannot be read.
pub fn piece(call: &Call, html: String) -> Result<HttpResponse, Problem> {
    let tag = tag_of_text(&html);
    if call.header(&header::IF_NONE_MATCH)?.is_some_and(|known| has_it(known, &tag)) {
        return Ok(not_modified(tag));
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, tag)).insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"));
    Ok(response.body(html))
}

fn write(
    mut response: HttpResponseBuilder,
    call: &Call,
    report: &Report,
    coverage: &Coverage,
    page: Option<Value>,
) -> Result<HttpResponse, Problem> {
    response.insert_header((header::VARY, "accept"));
    let format = call.format()?;
    let broken = |error: WriteError| Problem::new(Code::Internal, error.to_string());
    let bytes = match format {
        Format::Json => return Ok(json(response, call, report, coverage, page)),
        Format::Csv => csv(report)?,
        Format::Ndjson => ndjson(report).map_err(broken)?,
        Format::Parquet => parquet(report, &metadata(call, report, coverage)).map_err(broken)?,
        Format::Arrow => arrow(report, &metadata(call, report, coverage)).map_err(broken)?,
    };
    let as_at = coverage.as_at.last().map(ToString::to_string).unwrap_or_default();
    let name = format!("attachment; filename=\"{}_{as_at}.{}\"", report.name, format.extension());
    Ok(response
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(bytes))
}

fn json(
    mut response: HttpResponseBuilder,
    call: &Call,
    report: &Report,
    coverage: &Coverage,
    page: Option<Value>,
) -> HttpResponse {
    let rows: Vec<_> = report.rows.iter().map(|row| Row(report, row)).collect();
    let mut body = json!({ "meta": meta(call, report, coverage) });
    if let (Some(object), Some(page)) = (body.as_object_mut(), page) {
        object.insert("page".to_owned(), page);
    }
    response.json(Envelope { data: rows, rest: body })
}

/// What `meta` says, for forms that keep words beside the rows.
fn metadata(call: &Call, report: &Report, coverage: &Coverage) -> Vec<(&'static str, String)> {
    let meta = meta(call, report, coverage);
    let say = |name: &'static str| {
        let value = meta.get(name).unwrap_or(&Value::Null);
        (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    ["as_at_dates", "known_at", "definition", "definition_url", "formula_version", "ledger_seq", "suppression"]
        .into_iter()
        .chain((!coverage.assumptions.is_null()).then_some("assumptions"))
        .map(say)
        .collect()
}

fn meta(call: &Call, report: &Report, coverage: &Coverage) -> Value {
    json!({
        "as_at": coverage.as_at.last().map(ToString::to_string),
        "as_at_dates": coverage.as_at.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "known_at": coverage.known_at.map(|known_at| known_at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        "definition": report.definition.counted,
        "definition_url": report.definition.url(),
        "formula_version": FORMULA_VERSION,
        "ledger_seq": coverage.ledger_position(),
        "authorities_asked": coverage.asked,
        "authorities_with_records": if coverage.is_published() { coverage.asked } else { coverage.ledger_seq.len() },
        "suppression": coverage.suppression,
        "pinned_today": call.app.clock().is_pinned().then(|| call.app.clock().today().to_string()),
        "assumptions": coverage.assumptions,
    })
}

/// The parameters an answer rests on, and of how many authorities each is true.
pub fn told(premises: &Premises) -> Value {
    let each = premises.0.iter().map(|(premise, authorities)| {
        json!({
            "discipline": premise.discipline.code(),
            "setting": premise.setting.code(),
            "appointment_type": premise.appointment.map(AppointmentType::code),
            "week": premise.week,
            "value": premise.value,
            "starts_on": premise.starts_on.map(|on| on.to_string()),
            "ends_on": premise.ends_on.map(|on| on.to_string()),
            "source": premise.source,
            "authorities": authorities,
        })
    });
    each.collect()
}

#[derive(serde::Serialize)]
struct Envelope<'a> {
    data: Vec<Row<'a>>,
    #[serde(flatten)]
    rest: Value,
}

fn csv(report: &Report) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Problem::new(Code::Internal, error.to_string());
    writer.write_record(report.columns.iter().map(|column| column.name)).map_err(failed)?;
    for row in &report.rows {
        writer.write_record(row.iter().map(|cell| cell.csv().into_owned())).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Problem::new(Code::Internal, error.to_string()))
}
