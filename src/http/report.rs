//! Reports: rows of named columns as JSON or CSV, and the same columns in the published contract.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header;
use chrono::NaiveDate;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Value, json};

use super::operation::Call;
use super::problem::{Code, Problem};
use super::query::{Param, ParamKind};
use crate::app::{Measured, Span, StatQuery};
use crate::domain::authority::Authority;
use crate::domain::caller::Reach;
use crate::domain::fault::Faults;
use crate::domain::statistics::group::{Area, Every, Level, Period};

/// What a column holds, for the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A whole number.
    Count,
    /// A percentage with one decimal, rounded half up; null of nothing.
    Percentage,
    /// A word.
    Text,
    /// A day.
    Date,
    /// Words.
    List,
}

/// A column of a report.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in JSON and CSV.
    pub name: &'static str,
    /// What it holds.
    pub holds: ColumnType,
    /// What it means.
    pub about: &'static str,
}

/// Declares a column.
pub const fn column(name: &'static str, holds: ColumnType, about: &'static str) -> Column {
    Column { name, holds, about }
}

/// One value of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Count(u64),
    /// Tenths of a percent.
    Tenths(u64),
    /// A word.
    Text(Cow<'static, str>),
    /// Words.
    List(Vec<&'static str>),
}

impl Cell {
    /// A word.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A day, or no value.
    pub fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Null, |date| Self::text(date.to_string()))
    }

    /// A percentage, or no value.
    pub fn percentage(tenths: Option<u64>) -> Self {
        tenths.map_or(Self::Null, Self::Tenths)
    }

    fn csv(&self) -> Cow<'static, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Count(count) => count.to_string().into(),
            Self::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10).into(),
            Self::Text(text) => text.clone(),
            Self::List(words) => words.join(";").into(),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Count(count) => serializer.serialize_u64(*count),
            // Whole tenths divided by ten give the double nearest to one decimal, which is printed with one.
            Self::Tenths(tenths) => {
                serializer.serialize_f64(f64::from(u32::try_from(*tenths).unwrap_or(u32::MAX)) / 10.0)
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(words) => {
                let mut list = serializer.serialize_seq(Some(words.len()))?;
                words.iter().try_for_each(|word| list.serialize_element(word))?;
                list.end()
            }
        }
    }
}

/// Columns and rows; every row has as many cells as there are columns.
#[derive(Clone, Debug)]
pub struct Report {
    /// What is reported, as a file name.
    pub name: &'static str,
    /// What the numbers mean.
    pub definition: &'static str,
    /// Its columns.
    pub columns: &'static [&'static [Column]],
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

pub(super) struct Row<'a>(pub(super) &'a Report, pub(super) &'a [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (column, cell) in self.0.columns.iter().copied().flatten().zip(self.1) {
            map.serialize_entry(column.name, cell)?;
        }
        map.end()
    }
}

/// Version of the formulas. It grows when the same facts would give another answer.
const FORMULA_VERSION: u32 = 1;

/// Answers with a report, as JSON with `meta`, or as CSV.
///
/// # Errors
/// When it cannot be written as CSV.
pub fn respond<T>(
    call: &Call,
    report: &Report,
    as_at: NaiveDate,
    measured: &Measured<T>,
    page: Option<Value>,
) -> Result<HttpResponse, Problem> {
    if call.wants_csv() {
        return csv_response(report, as_at);
    }
    let rows: Vec<_> = report.rows.iter().map(|row| Row(report, row)).collect();
    let meta = json!({
        "as_at": as_at.to_string(),
        "known_at": null,
        "definition": report.definition,
        "formula_version": FORMULA_VERSION,
        "ledger_seq": measured.ledger_seq.values().sum::<i64>(),
        "authorities_asked": measured.asked.len(),
        "authorities_with_records": measured.ledger_seq.len(),
        "suppression": "none",
        "pinned_today": call.app.clock().is_pinned().then(|| call.app.clock().today().to_string()),
    });
    let mut body = json!({ "meta": meta });
    if let (Some(object), Some(page)) = (body.as_object_mut(), page) {
        object.insert("page".to_owned(), page);
    }
    Ok(HttpResponse::Ok().json(Envelope { data: rows, rest: body }))
}

#[derive(serde::Serialize)]
struct Envelope<'a> {
    data: Vec<Row<'a>>,
    #[serde(flatten)]
    rest: Value,
}

fn csv_response(report: &Report, as_at: NaiveDate) -> Result<HttpResponse, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Problem::new(Code::Internal, error.to_string());
    writer.write_record(report.columns.iter().copied().flatten().map(|column| column.name)).map_err(failed)?;
    for row in &report.rows {
        writer.write_record(row.iter().map(|cell| cell.csv().into_owned())).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let name = format!("attachment; filename=\"{}_{as_at}.csv\"", report.name);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(bytes))
}

/// DfE's columns of time and place, which begin every report.
pub const PLACE: &[Column] = &[
    column("time_period", ColumnType::Text, "Year, year and month (2024-03), or null for the whole range."),
    column(
        "geographic_level",
        ColumnType::Text,
        "National, Regional or Local authority; Selected authorities, where not all of the area were asked about or are within reach.",
    ),
    column("region_code", ColumnType::Text, "GSS code of the region."),
    column("region_name", ColumnType::Text, "Name of the region."),
    column("new_la_code", ColumnType::Text, "Present GSS code of the authority."),
    column("old_la_code", ColumnType::Text, "DfE code of the authority."),
    column("la_name", ColumnType::Text, "Name of the authority."),
];

/// The cells of [`PLACE`]. A sum over part of an area is not called by the name of the whole.
pub fn place_cells(area: Area, period: Period, asked: &[Authority]) -> Vec<Cell> {
    let time = match period {
        Period::Range => Cell::Null,
        Period::Year(year) => Cell::text(year.to_string()),
        Period::Month(year, month) => Cell::text(format!("{year}-{month:02}")),
    };
    let (level, region, authority) = match area {
        Area::England => ("National", None, None),
        Area::Region(region) => ("Regional", Some(region), None),
        Area::Authority(authority) => ("Local authority", Some(authority.region()), Some(authority)),
    };
    let level = if area.is_whole(asked) { level } else { "Selected authorities" };
    let said = |text: Option<&'static str>| text.map_or(Cell::Null, Cell::text);
    vec![
        time,
        Cell::text(level),
        said(region.map(super::super::domain::authority::Region::code)),
        said(region.map(super::super::domain::authority::Region::name)),
        said(authority.map(Authority::gss_code)),
        said(authority.map(Authority::code)),
        said(authority.map(Authority::name)),
    ]
}

/// The areas a statistic is grouped by.
pub const AREAS: &[&str] = &["england", "region", "authority"];
/// The areas, and the periods of time.
pub const AREAS_AND_TIMES: &[&str] = &["england", "region", "authority", "year", "month"];

/// What answers with one of these reports: it as JSON, or its rows as CSV.
pub fn report_of(names: &[&str]) -> Vec<(&'static str, String)> {
    let names: Vec<_> = names.iter().map(|name| format!("{name}Report")).collect();
    vec![("application/json", names.join("|")), ("text/csv", String::new())]
}

/// The parameters every statistic takes.
pub fn common_params() -> Vec<Param> {
    vec![
        Param::new(
            "as_at",
            "The day: what happened after its end has not happened. Today, if left out.",
            ParamKind::Date,
        ),
        Param::new(
            "authority",
            "Only these authorities: DfE or GSS codes, separated by commas.",
            ParamKind::Authorities,
        ),
        Param::new(
            "format",
            "json, or csv for a spreadsheet; an Accept header says the same.",
            ParamKind::Word(&["json", "csv"]),
        ),
    ]
}

/// What a statistic is asked about. Without an area in `group_by`, whoever asks about some authorities, or reaches only
/// some, is answered by authority: a sum of them would be nobody's figure.
///
/// # Errors
/// `Forbidden` for an authority out of the caller's reach.
pub fn stat_query(call: &Call) -> Result<StatQuery, Problem> {
    let authorities = call.query.authorities("authority");
    for authority in authorities.unwrap_or_default() {
        call.reaches(*authority)?;
    }
    let words = call.query.words("group_by");
    let level = if words.contains(&"authority") {
        Level::Authority
    } else if words.contains(&"region") {
        Level::Region
    } else if words.contains(&"england") || (authorities.is_none() && call.caller.reach == Reach::All) {
        Level::England
    } else {
        Level::Authority
    };
    Ok(StatQuery {
        as_at: call.query.date("as_at").unwrap_or_else(|| call.app.clock().today()),
        authorities: authorities.map(<[_]>::to_vec),
        level,
    })
}

/// The days a statistic counts, named by two parameters; without them from the day on which Part 3 of the Act came into
/// force to the day asked about. `group_by` cuts them into years or months.
///
/// # Errors
/// When the last day comes before the first.
pub fn span(call: &Call, query: &StatQuery, [from, to]: [&'static str; 2]) -> Result<Span, Problem> {
    let first = call.query.date(from).or_else(|| NaiveDate::from_ymd_opt(2014, 9, 1)).unwrap_or(query.as_at);
    let last = call.query.date(to).unwrap_or(query.as_at);
    if first > last && call.query.date(to).is_some() {
        let mut faults = Faults::default();
        faults.add(to, "out_of_order", format!("must not be before {from}, {first}, but is {last}"));
        return Err(Problem::with_faults(Code::InvalidQuery, &faults));
    }
    let words = call.query.words("group_by");
    let every = match () {
        () if words.contains(&"month") => Every::Month,
        () if words.contains(&"year") => Every::Year,
        () => Every::Range,
    };
    Ok(Span { first, last: last.max(first), every })
}
