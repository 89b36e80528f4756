//! The work queue of deadlines, as a list and as a calendar feed.

use std::fmt::Write;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use serde_json::json;

use super::definitions;
use super::operation::{Call, Operation, handler};
use super::problem::{Code, Problem};
use super::query::{Param, ParamKind};
use super::records::next_link;
use crate::app::{QueueFilter, QueueLine, QueuePlace};
use crate::domain::advice_request::AdviceType;
use crate::domain::authority::Authority;
use crate::domain::caller::Scope;
use crate::domain::clock::{Clock, Kind, State};
use crate::domain::facts::{Facts, NEVER, date, day};
use crate::domain::fault::Faults;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::RecordId;
use crate::domain::service::Discipline;
use crate::domain::statistics::clocks::DeadlineFilter;
use crate::http::statistics::answer::page;
use crate::http::statistics::axes::{list_params, stat_query};
use crate::http::statistics::report::{Cell, Column, ColumnType, Report, column, report_of};

use ColumnType::{Count, Date, Text};

const LINE: &[Column] = &[
    column("authority", Text, "DfE code of the authority."),
    column("clock", Text, "Which clock: see /v1/clock-rules."),
    column("state", Text, "open, overdue or exempt."),
    column("due_on", Date, "The last day in time."),
    column("days_left", Count, "Days left while open, 0 on the due date."),
    column("days_late", Count, "Days past the due date; for an exempt one, past the nominal date."),
    column("record_id", Text, "The record it is a clock of."),
    column("ehc_request_id", Text, "The EHC request it belongs to."),
    column("advice_type", Text, "Whose advice, for the clock of an adviser."),
    column("provider_ref", Text, "The body or setting that was asked."),
    column("binds", Text, "Who must act."),
    column("must", Text, "What must happen."),
    column("regulation", Text, "Where it stands."),
    column("force", Text, "What stands behind it: law or guidance."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[("Deadline", &[LINE])];

const STATES: &[&str] = &["open", "overdue", "exempt"];

/// The clocks that records have: the others can only be calculated, and their counts would be empty for no reason.
pub static KEPT: LazyLock<Vec<&'static str>> = LazyLock::new(|| Facts::clocks_kept().map(Clock::code).collect());

/// Those of them with a deadline; what has to be left open is no deadline.
static QUEUED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let has_deadline = |clock: &Clock| clock.rules().any(|rule| rule.kind == Kind::Latest);
    Facts::clocks_kept().filter(has_deadline).map(Clock::code).collect()
});

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let paged = [
        Param::new("limit", "How many at most.", ParamKind::Whole(1, 1_000)),
        Param::new("cursor", "`page.next_cursor` of the page before.", ParamKind::Text(96)),
    ];
    let list = Operation::new(Method::GET, "/v1/deadlines", "list_deadlines", Some(Scope::RecordsRead), handler!(list))
        .says("law", "List the deadlines of running and overdue clocks", "The work queue: one row for each clock whose act is still to be done, the earliest due first. An exempt one is past its nominal date and excused.")
        .takes(filters().into_iter().chain(paged).collect())
        .answers_with(200, "One page of deadlines.", report_of(&["Deadline"]))
            .fails(&[Code::NotAcceptable]);
    let mut params = filters();
    params.retain(|param| param.name != "format");
    let feed = Operation::new(Method::GET, "/v1/deadlines.ics", "deadlines_calendar", Some(Scope::RecordsRead), handler!(feed))
        .says("law", "Deadlines as a calendar feed", "The same queue as iCalendar, an all-day event for each deadline from the day asked about on (or from `due_from`), the next thousand at most. It names records by their ids only.")
        .takes(params)
        .answers_with(200, "The calendar.", vec![("text/calendar", String::new())]);
    vec![list, feed]
}

fn filters() -> Vec<Param> {
    let mut params = list_params();
    params.extend([
        Param::new("due_from", "Due on this day or later.", ParamKind::Date),
        Param::new("due_to", "Due on this day or earlier.", ParamKind::Date),
        Param::new("clock", "Only these clocks, separated by commas.", ParamKind::Words(&QUEUED)),
        Param::new("state", "Only these states, separated by commas.", ParamKind::Words(STATES)),
        Param::new("advice_type", "Only clocks of this advice.", ParamKind::Word(AdviceType::CODES)),
        Param::new("discipline", "Only clocks of the advice of this therapy.", ParamKind::Word(Discipline::CODES)),
        Param::new("provider_ref", "Only clocks of the body of this reference.", ParamKind::Text(64)),
    ]);
    params
}

fn read_filter(call: &Call, limit: usize) -> Result<QueueFilter, Problem> {
    let query = &call.query;
    let mut faults = Faults::default();
    let (due_from, due_to) = (query.date("due_from"), query.date("due_to"));
    if due_from.zip(due_to).is_some_and(|(from, to)| to < from) {
        faults.add("due_to", "out_of_order", "must not be before due_from");
    }
    if query.word("advice_type").is_some() && query.word("discipline").is_some() {
        faults.add("discipline", "contradiction", "must be left out when advice_type is given");
    }
    let after = query.text("cursor").map(read_cursor);
    if after == Some(None) {
        faults.add("cursor", "not_a_cursor", "must be page.next_cursor of an earlier page, unchanged");
    }
    faults.or(()).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))?;
    let words = query.words("clock");
    Ok(QueueFilter {
        deadlines: DeadlineFilter {
            due_from: due_from.map_or(0, |from| day(Some(from))),
            due_to: due_to.map_or(NEVER - 1, |to| day(Some(to))),
            clocks: Clock::ALL.iter().copied().filter(|clock| words.contains(&clock.code())).collect(),
            states: query.words("state").to_vec(),
            // Disciplines and the advice they give have the same words.
            advice: query
                .word("advice_type")
                .or(query.word("discipline"))
                .and_then(|word| AdviceType::parse(word).ok()),
        },
        provider: query.text("provider_ref").map(str::to_owned),
        after: after.flatten(),
        limit,
    })
}

fn read_cursor(text: &str) -> Option<QueuePlace> {
    let mut parts = text.splitn(4, '-');
    let day = parts.next()?.parse().ok()?;
    let authority = Authority::parse(parts.next()?)?;
    Some((day, authority, parts.next()?.parse().ok()?, Clock::parse(parts.next()?).ok()?))
}

fn write_cursor((day, authority, number, clock): QueuePlace) -> String {
    format!("{day}-{}-{number}-{}", authority.code(), clock.code())
}

async fn list(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let limit = call.query.whole("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
    let filter = read_filter(&call, limit + 1)?;
    let asked = query.clone();
    let mut measured = call.run(move |app, caller| app.deadlines(caller, &asked, &filter)).await?;
    let more = measured.rows.len() > limit;
    measured.rows.truncate(limit);
    let next_cursor = measured.rows.last().filter(|_| more).map(|line| write_cursor(line.place()));
    let report = Report {
        name: "deadlines",
        definition: &definitions::DEADLINES,
        columns: [LINE].concat(),
        rows: measured.rows.iter().map(cells).collect(),
    };
    let mut response = page(&call, &report, &query, &measured, json!({ "next_cursor": next_cursor }))?;
    if let Some(link) = next_cursor.and_then(|cursor| next_link(&call, &cursor).parse().ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

fn record_id(line: &QueueLine) -> RecordId {
    let (noun, number) = line.record();
    RecordId { noun, authority: line.authority, number }
}

fn cells(line: &QueueLine) -> Vec<Cell> {
    let deadline = &line.deadline;
    let rule = deadline.rule;
    let count = |days: i64| u64::try_from(days).map_or(Cell::Null, Cell::Count);
    let (left, late) = match deadline.state {
        State::Open { days_left } => (count(days_left), Cell::Null),
        State::Overdue { days_late: days } | State::Exempt { days_past: days } => (Cell::Null, count(days)),
        _ => (Cell::Null, Cell::Null),
    };
    let case = deadline.case.map(|number| RecordId { noun: Noun::EhcRequest, authority: line.authority, number });
    vec![
        Cell::text(line.authority.code()),
        Cell::text(deadline.clock.code()),
        Cell::text(deadline.state.code()),
        Cell::date(date(deadline.due)),
        left,
        late,
        Cell::text(record_id(line).to_string()),
        case.map_or(Cell::Null, |id| Cell::text(id.to_string())),
        deadline.advice.map_or(Cell::Null, |advice| Cell::text(advice.code())),
        line.provider.clone().map_or(Cell::Null, Cell::text),
        Cell::text(rule.binds.code()),
        Cell::text(rule.act),
        Cell::text(rule.regulation),
        Cell::text(rule.force.code()),
    ]
}

async fn feed(call: Call) -> Result<HttpResponse, Problem> {
    let query = stat_query(&call)?;
    let stamp = query.as_at.format("%Y%m%dT000000Z").to_string();
    let mut filter = read_filter(&call, 1_000)?;
    // A calendar looks ahead: what is overdue shows only if it is asked for.
    if call.query.date("due_from").is_none() {
        filter.deadlines.due_from = day(Some(query.as_at));
    }
    let measured = call.run(move |app, caller| app.deadlines(caller, &query, &filter)).await?;
    let mut text = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TwentyWeeks//deadlines//EN", "CALSCALE:GREGORIAN"] {
        fold(&mut text, line);
    }
    for line in &measured.rows {
        event(&mut text, line, &stamp);
    }
    fold(&mut text, "END:VCALENDAR");
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/calendar; charset=utf-8")).body(text))
}

/// One all-day event. Its uid stays the same from feed to feed, so that a moved date moves the event.
fn event(text: &mut String, line: &QueueLine, stamp: &str) {
    let deadline = &line.deadline;
    let (rule, id) = (deadline.rule, record_id(line));
    let Some(due) = date(deadline.due) else { return };
    let escape = |words: &str| words.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    fold(text, "BEGIN:VEVENT");
    fold(text, &format!("UID:{id}-{}@twentyweeks", deadline.clock.code()));
    fold(text, &format!("DTSTAMP:{stamp}"));
    fold(text, &format!("DTSTART;VALUE=DATE:{}", due.format("%Y%m%d")));
    fold(text, &format!("SUMMARY:{} ({}): {id}", deadline.clock.code(), deadline.state.code()));
    fold(text, &format!("DESCRIPTION:{} must {}. {}.", rule.binds.code(), escape(rule.act), escape(rule.regulation)));
    fold(text, "END:VEVENT");
}

/// Writes a content line, folded at 75 octets with its line break's blank: RFC 5545, 3.1.
fn fold(text: &mut String, line: &str) {
    let mut width = 0;
    for character in line.chars() {
        if width + character.len_utf8() > 74 {
            text.push_str("\r\n ");
            width = 1;
        }
        width += character.len_utf8();
        // Writing to a string cannot fail.
        let _written = text.write_char(character);
    }
    text.push_str("\r\n");
}
