//! Open data: published figures for everyone, as data and as a piece of a page for a council's Local Offer.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::{Datelike, NaiveDate};

use crate::app::{App, Quarter};
use crate::domain::fault::Faults;
use crate::domain::field::FieldType;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::Level;
use crate::http::definitions;
use crate::http::format::Format;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::{Code, Problem};
use crate::http::publication::fragment::{Table, fragment, say_day};
use crate::http::publication::published::{Part, plans_columns, plans_rows, waiting_columns, waiting_rows};
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{piece, published};
use crate::http::statistics::axes::{AREAS, refused};
use crate::http::statistics::report::{Cell, Report};

/// What the published waiting list can be told apart by.
const GROUPS: &[&str] = &["england", "region", "authority", "discipline", "age_band", "primary_need", "sex"];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let authority = Param::new(
        "authority",
        "Only these authorities: DfE or GSS codes, separated by commas.",
        ParamKind::Authorities,
    );
    let format = Param::new("format", "json, csv, ndjson, parquet or arrow.", ParamKind::Word(Format::CODES));
    let quarter =
        Param::new("quarter", "A finished quarter, such as 2024-Q4; the last one, if left out.", ParamKind::Text(7));
    let year = Param::new("year", "A finished calendar year; the last one, if left out.", ParamKind::Whole(2014, 2099));
    let waiting = Param::new(
        "group_by",
        "england, region or authority; and one of discipline, age_band, primary_need and sex.",
        ParamKind::Words(GROUPS),
    );
    let area = Param::new("group_by", "england, region or authority.", ParamKind::Word(AREAS));
    let one = Param::required("authority", "The authority: DfE or GSS code.", ParamKind::Authority);
    let operation = |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, None, handler);
    let html = |about| vec![("text/html; charset=utf-8", about)];
    vec![
        operation("/open/v1/waiting-times", "open_waiting_times", handler!(waiting_times))
            .says("open data", "The therapy waiting list, for everyone", "Published figures of the month ends of a finished quarter: no key, disclosure control always on, for any page to show; made at the beginning of each month.")
            .takes(vec![quarter.clone(), authority.clone(), waiting, format.clone()])
            .reports("One row for each month end, area and member.", &["PublishedWaitingList"]),
        operation("/open/v1/ehc-timeliness", "open_ehc_timeliness", handler!(ehc_timeliness))
            .says("open data", "Timeliness of EHC plans, for everyone", "Published figures of a finished year: no key, disclosure control always on; made at the beginning of each month.")
            .takes(vec![year.clone(), authority, area, format])
            .reports("One row for each area.", &["PublishedEhcTimeliness"]),
        operation("/open/v1/waiting-times.html", "open_waiting_times_fragment", handler!(waiting_fragment))
            .says("open data", "The waiting list as a piece of a page", "A section with a heading, a sentence and a table, to be put into a council's Local Offer page; it reads well in a screen reader and needs no script.")
            .takes(vec![one.clone(), quarter])
            .answers_tagged("The piece of a page.", html(String::new())),
        operation("/open/v1/ehc-timeliness.html", "open_ehc_timeliness_fragment", handler!(plans_fragment))
            .says("open data", "Timeliness of EHC plans as a piece of a page", "The same for the plans issued within twenty weeks.")
            .takes(vec![one, year])
            .answers_tagged("The piece of a page.", html(String::new())),
    ]
}

/// The finished quarter a call asks about.
fn quarter(call: &Call) -> Result<Quarter, Problem> {
    let last = Quarter::ended_before(call.app.clock().today());
    let Some(text) = call.query.text("quarter") else { return Ok(last) };
    let read = text.split_once("-Q").and_then(|(year, number)| {
        let year = year.parse().ok().filter(|year| (2014..=2099).contains(year))?;
        Some(Quarter { year, number: number.parse().ok().filter(|number| (1..=4).contains(number))? })
    });
    let Some(quarter) = read else {
        return Err(refused("quarter", "not_a_quarter", "must be a quarter written as 2024-Q4"));
    };
    if quarter > last {
        let message = format!("must have ended: the last one is {}-Q{}", last.year, last.number);
        return Err(refused("quarter", "in_the_future", &message));
    }
    Ok(quarter)
}

/// Which areas and which dimension a call asks for.
///
/// # Errors
/// More than one dimension: their cross is not published.
pub fn part(call: &Call) -> Result<Part<'_>, Problem> {
    let words = call.query.words("group_by");
    let dimensions: Vec<_> = words.iter().filter_map(|word| Dimension::parse(word).ok()).collect();
    if dimensions.len() > 1 {
        return Err(refused("group_by", "too_many", "must name one dimension: their cross is not published"));
    }
    let authorities = call.query.authorities("authority");
    let level = match () {
        () if words.contains(&"england") => Level::England,
        () if words.contains(&"region") => Level::Region,
        () if words.contains(&"authority") || authorities.is_some() => Level::Authority,
        () => Level::England,
    };
    Ok(Part { level, authorities, dimension: dimensions.first().copied() })
}

async fn waiting_times(call: Call) -> Result<HttpResponse, Problem> {
    let (quarter, part) = (quarter(&call)?, part(&call)?);
    let publication = call.run(move |app: &App, _| app.published_waiting(quarter)).await?;
    let rows = waiting_rows(&publication, quarter, &part);
    let report = waiting_report(&part, rows);
    published(&call, &report, quarter.month_ends(), publication.known_at, &publication.ledger_seq)
}

fn waiting_report(part: &Part<'_>, rows: Vec<Vec<Cell>>) -> Report {
    Report {
        name: "published-waiting-list",
        definition: &definitions::PUBLISHED_WAITING_LIST,
        columns: waiting_columns(part.dimension),
        rows,
    }
}

/// The waiting list on some days as it may be published: month ends of finished quarters, by one dimension at most.
///
/// # Errors
/// Days that are not published, and whatever is asked beside them: what is published has no free filters.
pub async fn published_waiting_list(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["as_at", "authority", "group_by", "suppression", "format"])?;
    let last = Quarter::ended_before(call.app.clock().today());
    let listed = call.query.dates("as_at").iter().copied();
    let days: BTreeSet<_> =
        if listed.len() > 0 { listed.collect() } else { last.month_ends().pop().into_iter().collect() };
    let mut part = part(call)?;
    if part.dimension.is_none() && call.query.words("group_by").is_empty() {
        part.dimension = Some(Dimension::Discipline);
    }
    let free = days.iter().find(|day| Quarter::of(**day) > last || !Quarter::of(**day).month_ends().contains(day));
    if let Some(day) = free {
        let message = format!(
            "must be month ends of quarters that have ended, but {day} is none: free days would give away who came and went"
        );
        return Err(refused("as_at", "not_published", &message));
    }
    let quarters: BTreeSet<_> = days.iter().map(|day| Quarter::of(*day)).collect();
    let mut rows = Vec::new();
    let mut made = None;
    for quarter in quarters {
        let publication = call.run(move |app: &App, _| app.published_waiting(quarter)).await?;
        let asked = |row: &Vec<Cell>| days.iter().any(|day| row.first() == Some(&Cell::date(Some(*day))));
        rows.extend(waiting_rows(&publication, quarter, &part).into_iter().filter(asked));
        made = Some((publication.known_at, publication.ledger_seq.clone()));
    }
    let (known_at, positions) = made.unwrap_or_else(|| (call.app.clock().now(), BTreeMap::new()));
    published(call, &waiting_report(&part, rows), days.into_iter().collect(), known_at, &positions)
}

/// Plans issued as they may be published: by finished years.
///
/// # Errors
/// Days that do not bound whole years, and whatever is asked beside them: what is published has no free filters.
pub async fn published_timeliness(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["authority", "group_by", "issued_from", "issued_to", "suppression", "format"])?;
    let last = last_year(call);
    let bounds = [("issued_from", 1, 1, last), ("issued_to", 12, 31, last)].map(|(name, month, day, usual)| {
        let year = call.query.date(name).map(|given| (given, given.year()));
        match year {
            None => Ok(usual),
            Some((given, year)) if NaiveDate::from_ymd_opt(year, month, day) == Some(given) => Ok(year),
            Some(_) => Err(refused(
                name,
                "not_published",
                "must be 1 January in issued_from and 31 December in issued_to: finished years are published",
            )),
        }
    });
    let [from, to] = bounds;
    let (from, to) = (from?, to?);
    if from < FIRST_YEAR || to > last || from > to {
        let message = format!("must lie within finished years, {FIRST_YEAR} to {last}, in their order");
        return Err(refused("issued_from", "not_published", &message));
    }
    plans_of(call, from..=to).await
}

/// The year in which Part 3 of the Act came into force.
const FIRST_YEAR: i32 = 2014;

/// The last year that has ended.
fn last_year(call: &Call) -> i32 {
    call.app.clock().today().year() - 1
}

async fn plans_of(call: &Call, years: std::ops::RangeInclusive<i32>) -> Result<HttpResponse, Problem> {
    let part = part(call)?;
    let (mut rows, mut days, mut made) = (Vec::new(), Vec::new(), None);
    for year in years {
        let publication = call.run(move |app: &App, _| app.published_plans(year)).await?;
        rows.extend(plans_rows(&publication, year, &part));
        days.extend(NaiveDate::from_ymd_opt(year, 12, 31));
        made = Some((publication.known_at, publication.ledger_seq.clone()));
    }
    let report = Report {
        name: "published-ehc-timeliness",
        definition: &definitions::PUBLISHED_TIMELINESS,
        columns: plans_columns(),
        rows,
    };
    let (known_at, positions) = made.unwrap_or_else(|| (call.app.clock().now(), BTreeMap::new()));
    published(call, &report, days, known_at, &positions)
}

/// Refuses every parameter but `allowed`.
fn only_published(call: &Call, allowed: &[&str]) -> Result<(), Problem> {
    let mut faults = Faults::default();
    for name in call.query.names().filter(|name| !allowed.contains(name)) {
        let message =
            "must be left out with suppression=publish: what is published has fixed days, groups and no filters";
        faults.add(name.to_owned(), "not_published", message);
    }
    faults.or(()).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))
}

/// The finished year a call asks about.
fn year(call: &Call) -> Result<i32, Problem> {
    let last = last_year(call);
    match call.query.whole("year").and_then(|year| i32::try_from(year).ok()) {
        Some(year) if year > last => {
            Err(refused("year", "in_the_future", &format!("must have ended: the last one is {last}")))
        }
        year => Ok(year.unwrap_or(last)),
    }
}

async fn ehc_timeliness(call: Call) -> Result<HttpResponse, Problem> {
    let year = year(&call)?;
    plans_of(&call, year..=year).await
}

async fn waiting_fragment(call: Call) -> Result<HttpResponse, Problem> {
    let quarter = quarter(&call)?;
    let publication = call.run(move |app: &App, _| app.published_waiting(quarter)).await?;
    let authorities = call.query.authorities("authority");
    let part = Part { level: Level::Authority, authorities, dimension: Some(Dimension::Discipline) };
    let rows = waiting_rows(&publication, quarter, &part);
    let end = quarter.month_ends().pop();
    let last = rows.iter().filter(|row| row.first() == Some(&Cell::date(end)));
    let wanted = ["discipline", "waiting", "waiting_over_18_weeks", "waiting_over_52_weeks", "mean_weeks_waiting"];
    let heads = ["Therapy", "Referrals waiting", "Over 18 weeks", "Over a year", "Mean wait in weeks"];
    let table = Table { columns: &waiting_columns(part.dimension), wanted: &wanted, heads: &heads };
    let name = name_of(&call);
    let day = end.map(say_day).unwrap_or_default();
    let caption = format!("Referrals waiting for therapy in {name} on {day}");
    piece(&call, fragment("waiting for therapy", &caption, &table.write(last)))
}

async fn plans_fragment(call: Call) -> Result<HttpResponse, Problem> {
    let year = year(&call)?;
    let publication = call.run(move |app: &App, _| app.published_plans(year)).await?;
    let part = Part { level: Level::Authority, authorities: call.query.authorities("authority"), dimension: None };
    let rows = plans_rows(&publication, year, &part);
    let wanted = ["time_period", "plans_issued_den", "plans_issued_within_20_weeks", "pc_plans_issued_within_20_weeks"];
    let heads = ["Year", "Plans issued", "Within 20 weeks", "Per cent within 20 weeks"];
    let table = Table { columns: &plans_columns(), wanted: &wanted, heads: &heads };
    let caption = format!("EHC plans issued in {} in {year}", name_of(&call));
    piece(&call, fragment("EHC plans", &caption, &table.write(rows.iter())))
}

fn name_of(call: &Call) -> &'static str {
    call.query.authorities("authority").and_then(<[_]>::first).map_or("England", |authority| authority.name())
}
