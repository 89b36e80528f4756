//! Open data: published figures for everyone, as data and as a piece of a page for a council's Local Offer.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::{Method, header};

use super::answer::published;
use super::axes::{AREAS, refused};
use super::format::Format;
use super::operation::{Call, Operation, handler};
use super::problem::{Code, Problem};
use super::published::{Part, plans_columns, plans_rows, waiting_columns, waiting_rows};
use super::query::{Param, ParamKind};
use super::report::{Cell, Report, report_of};
use crate::app::{App, Quarter};
use crate::domain::fault::Faults;
use crate::domain::field::FieldType;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::Level;
use chrono::{Datelike, NaiveDate};

/// What the published waiting list can be told apart by.
const GROUPS: &[&str] = &["england", "region", "authority", "discipline", "age_band", "primary_need", "sex"];

/// What is said of every published waiting list.
pub const WAITING_DEFINITION: &str = "Referrals waiting at the month ends of a finished quarter, in the bands of NHS England's Community Health Services Waiting Lists. Counts of 1 to 7 are hidden, and others that would give one away; the rest are to the nearest 5, totals on their own.";

/// What is said of every published timeliness.
pub const PLANS_DEFINITION: &str = "New EHC plans of finished quarters by time from the request, DfE's definition. Counts of 1 to 7 are hidden, and others that would give one away; the rest are to the nearest 5; percentages are of the rounded counts.";

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
    let year = Param::new(
        "year",
        "A calendar year; that of the last finished quarter, if left out.",
        ParamKind::Whole(2014, 2099),
    );
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
            .says("open data", "The therapy waiting list, for everyone", "Published figures of the month ends of a finished quarter: no key, disclosure control always on, for any page to show.")
            .takes(vec![quarter.clone(), authority.clone(), waiting, format.clone()])
            .answers_with(200, "One row for each month end, area and member.", report_of(&["PublishedWaitingList"]))
            .fails(&[Code::NotAcceptable]),
        operation("/open/v1/ehc-timeliness", "open_ehc_timeliness", handler!(ehc_timeliness))
            .says("open data", "Timeliness of EHC plans, for everyone", "Published figures of the finished quarters of a year, and of the year: no key, disclosure control always on.")
            .takes(vec![year.clone(), authority, area, format])
            .answers_with(200, "One row for each area and period.", report_of(&["PublishedEhcTimeliness"]))
            .fails(&[Code::NotAcceptable]),
        operation("/open/v1/waiting-times.html", "open_waiting_times_fragment", handler!(waiting_fragment))
            .says("open data", "The waiting list as a piece of a page", "A section with a heading, a sentence and a table, to be put into a council's Local Offer page; it reads well in a screen reader and needs no script.")
            .takes(vec![one.clone(), quarter])
            .answers_with(200, "The piece of a page.", html(String::new())),
        operation("/open/v1/ehc-timeliness.html", "open_ehc_timeliness_fragment", handler!(plans_fragment))
            .says("open data", "Timeliness of EHC plans as a piece of a page", "The same for the plans issued within twenty weeks.")
            .takes(vec![one, year])
            .answers_with(200, "The piece of a page.", html(String::new())),
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
    let report = Report {
        name: "published-waiting-list",
        definition: WAITING_DEFINITION,
        columns: waiting_columns(part.dimension),
        rows: waiting_rows(&publication, quarter, &part),
    };
    published(&call, &report, quarter.month_ends(), &publication.ledger_seq)
}

/// The waiting list on some days as it may be published: month ends of finished quarters, by one dimension at most.
///
/// # Errors
/// Days that are not published, and whatever is asked beside them: what is published has no free filters.
pub async fn published_waiting_list(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["as_at", "authority", "group_by", "suppression", "format"])?;
    let last = Quarter::ended_before(call.app.clock().today());
    let mut days = call.query.dates("as_at").to_vec();
    if days.is_empty() {
        days.extend(last.month_ends().pop());
    }
    days.sort_unstable();
    days.dedup();
    let mut part = part(call)?;
    if part.dimension.is_none() && call.query.words("group_by").is_empty() {
        part.dimension = Some(Dimension::Discipline);
    }
    let (mut rows, mut ledger_seq) = (Vec::new(), std::collections::BTreeMap::new());
    for day in &days {
        let quarter = Quarter::of(*day);
        if quarter > last || !quarter.month_ends().contains(day) {
            let message = format!(
                "must be month ends of quarters that have ended, but {day} is none: free days would give away who came and went"
            );
            return Err(refused("as_at", "not_published", &message));
        }
        let publication = call.run(move |app: &App, _| app.published_waiting(quarter)).await?;
        let of_quarter = waiting_rows(&publication, quarter, &part);
        rows.extend(of_quarter.into_iter().filter(|row| row.first() == Some(&Cell::date(Some(*day)))));
        ledger_seq.clone_from(&publication.ledger_seq);
    }
    let columns = waiting_columns(part.dimension);
    let report = Report { name: "published-waiting-list", definition: WAITING_DEFINITION, columns, rows };
    published(call, &report, days, &ledger_seq)
}

/// Plans issued as they may be published: by finished quarters, and by years once all their quarters have ended.
///
/// # Errors
/// Whatever is asked beside the areas: what is published has no free filters.
pub async fn published_timeliness(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["authority", "group_by", "issued_from", "issued_to", "suppression", "format"])?;
    let last = Quarter::ended_before(call.app.clock().today());
    let years = [call.query.date("issued_from"), call.query.date("issued_to")].map(|day| day.map(|day| day.year()));
    let to = years[1].unwrap_or(last.year).min(last.year);
    let part = part(call)?;
    let (mut rows, mut ledger_seq, mut days) = (Vec::new(), std::collections::BTreeMap::new(), Vec::new());
    for year in years[0].unwrap_or(to)..=to {
        let publication = call.run(move |app: &App, _| app.published_plans(year)).await?;
        let as_at = last_day(call, year);
        rows.extend(plans_rows(&publication, as_at, &part));
        ledger_seq.clone_from(&publication.ledger_seq);
        days.push(as_at);
    }
    let report =
        Report { name: "published-ehc-timeliness", definition: PLANS_DEFINITION, columns: plans_columns(), rows };
    published(call, &report, days, &ledger_seq)
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

/// The year a call asks about.
fn year(call: &Call) -> i32 {
    let last = Quarter::ended_before(call.app.clock().today());
    call.query.whole("year").and_then(|year| i32::try_from(year).ok()).unwrap_or(last.year)
}

async fn ehc_timeliness(call: Call) -> Result<HttpResponse, Problem> {
    let (year, part) = (year(&call), part(&call)?);
    let publication = call.run(move |app: &App, _| app.published_plans(year)).await?;
    let as_at = last_day(&call, year);
    let report = Report {
        name: "published-ehc-timeliness",
        definition: PLANS_DEFINITION,
        columns: plans_columns(),
        rows: plans_rows(&publication, as_at, &part),
    };
    published(&call, &report, vec![as_at], &publication.ledger_seq)
}

/// The last day of a year's publication: of the year, or of the last quarter that has ended.
fn last_day(call: &Call, year: i32) -> NaiveDate {
    let last = Quarter::ended_before(call.app.clock().today());
    let quarter = if last.year > year { Quarter { year, number: 4 } } else { last };
    quarter.month_ends().pop().unwrap_or_else(|| call.app.clock().today())
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
    let heads = ["Therapy", "Children waiting", "Over 18 weeks", "Over a year", "Mean wait in weeks"];
    let table = Table { columns: &waiting_columns(part.dimension), wanted: &wanted, heads: &heads };
    let name = name_of(&call);
    let day = end.map(say_day).unwrap_or_default();
    let caption = format!("Children waiting for therapy in {name} on {day}");
    Ok(fragment("waiting for therapy", &caption, &table.write(last)))
}

async fn plans_fragment(call: Call) -> Result<HttpResponse, Problem> {
    let year = year(&call);
    let publication = call.run(move |app: &App, _| app.published_plans(year)).await?;
    let part = Part { level: Level::Authority, authorities: call.query.authorities("authority"), dimension: None };
    let rows = plans_rows(&publication, last_day(&call, year), &part);
    let wanted = ["time_period", "plans_issued_den", "plans_issued_within_20_weeks", "pc_plans_issued_within_20_weeks"];
    let heads = ["Period", "Plans issued", "Within 20 weeks", "Per cent within 20 weeks"];
    let table = Table { columns: &plans_columns(), wanted: &wanted, heads: &heads };
    let caption = format!("EHC plans issued in {} in {year}", name_of(&call));
    Ok(fragment("EHC plans", &caption, &table.write(rows.iter())))
}

fn name_of(call: &Call) -> &'static str {
    call.query.authorities("authority").and_then(<[_]>::first).map_or("England", |authority| authority.name())
}

fn say_day(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or("");
    format!("{} {month} {}", day.day(), day.year())
}

/// Columns of a report as a table of a page.
struct Table<'a> {
    columns: &'a [super::report::Column],
    wanted: &'a [&'a str],
    heads: &'a [&'a str],
}

impl Table<'_> {
    fn write<'r>(&self, rows: impl Iterator<Item = &'r Vec<Cell>>) -> String {
        let mut html = String::from("<thead><tr>");
        for head in self.heads {
            let _ = write!(html, "<th scope=\"col\">{head}</th>");
        }
        html.push_str("</tr></thead><tbody>");
        for row in rows {
            html.push_str("<tr>");
            for (place, name) in self.wanted.iter().enumerate() {
                let cell = self.columns.iter().position(|column| column.name == *name).and_then(|place| row.get(place));
                let text = cell.map_or_else(String::new, say_cell);
                let (open, close) = if place == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
                let _ = write!(html, "{open}{text}{close}");
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody>");
        html
    }
}

/// A cell in words a listener understands.
fn say_cell(cell: &Cell) -> String {
    match cell {
        Cell::Suppressed(_) => "too few to show".to_owned(),
        Cell::Null => "none".to_owned(),
        Cell::Text(text) => {
            let words = text.replace('_', " ").replace('&', "&amp;").replace('<', "&lt;");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
        other => other.csv().into_owned(),
    }
}

fn fragment(topic: &str, caption: &str, table: &str) -> HttpResponse {
    let html = format!(
        "<section class=\"twentyweeks\" aria-label=\"Figures on {topic}\">\n<table>\n<caption>{caption}</caption>\n{table}\n</table>\n\
        <p>Counts are to the nearest 5. Where there are fewer than 8 children, or a count would give such a number away, it is too few to show.</p>\n</section>\n"
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .body(html)
}
