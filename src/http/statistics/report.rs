//! Reports: rows of named columns, and the same columns in the published contract.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::app::{Measured, StatQuery};
use crate::domain::authority::{Authority, Region};
use crate::domain::statistics::group::{Area, ByArea, Period};
use crate::http::definitions::Definition;
use crate::http::format::Format;

/// What a column holds, for the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A whole number.
    Count,
    /// A percentage with one decimal, rounded half up; null of nothing.
    Percentage,
    /// A whole number that may be below 0.
    Signed,
    /// Days with one decimal; null of nobody.
    Days,
    /// Days with as many decimals as it takes.
    Shares,
    /// A number with a fixed number of decimals; null where there is nothing to divide by.
    Decimal,
    /// A number with as many decimals as it takes.
    Number,
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
    /// A whole number that may be below 0.
    Signed(i64),
    /// Tenths of a percent, or of a day.
    Tenths(u64),
    /// A whole number of units of the last of so many decimals.
    Decimal(i64, u32),
    /// Any number.
    Number(f64),
    /// A value that is not shown, and the word for why.
    Suppressed(&'static str),
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

    /// A count, or no value.
    pub fn count(count: Option<u64>) -> Self {
        count.map_or(Self::Null, Self::Count)
    }

    /// A share in parts of one as a percentage with one decimal, rounded half up, or no value. A share that lies exactly
    /// between two must not fall to the lower one by the last digits its product of fractions lost.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::as_conversions, reason = "0 to 1000")]
    pub fn share(share: Option<f64>) -> Self {
        Self::percentage(share.map(|share| (share.clamp(0.0, 1.0) * 1000.0 + 1e-9).round() as u64))
    }

    /// A percentage, or tenths of a day, or no value.
    pub fn percentage(tenths: Option<u64>) -> Self {
        tenths.map_or(Self::Null, Self::Tenths)
    }

    /// A number of units of the last of so many decimals, or no value.
    pub fn decimal(units: Option<i64>, places: u32) -> Self {
        units.map_or(Self::Null, |units| Self::Decimal(units, places))
    }

    /// A number of hundredths.
    pub fn hundredths(units: u64) -> Self {
        Self::decimal(i64::try_from(units).ok(), 2)
    }

    /// The value as CSV writes it.
    pub fn csv(&self) -> Cow<'static, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Suppressed(_) => Cow::Borrowed("c"),
            Self::Count(count) => count.to_string().into(),
            Self::Signed(number) => number.to_string().into(),
            Self::Number(number) => number.to_string().into(),
            Self::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10).into(),
            Self::Decimal(units, places) => decimal_text(*units, *places).into(),
            Self::Text(text) => text.clone(),
            Self::List(words) => words.join(";").into(),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::Suppressed(_) => serializer.serialize_unit(),
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Signed(number) => serializer.serialize_i64(*number),
            Self::Number(number) => serializer.serialize_f64(*number),
            // Whole tenths divided by ten give the double nearest to one decimal, which is printed with one.
            Self::Tenths(tenths) => {
                serializer.serialize_f64(f64::from(u32::try_from(*tenths).unwrap_or(u32::MAX)) / 10.0)
            }
            Self::Decimal(units, places) => serializer.serialize_f64(decimal_value(*units, *places)),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(words) => {
                let mut list = serializer.serialize_seq(Some(words.len()))?;
                words.iter().try_for_each(|word| list.serialize_element(word))?;
                list.end()
            }
        }
    }
}

/// Units of the last of so many decimals as text, all decimals written.
fn decimal_text(units: i64, places: u32) -> String {
    let (one, width) = (10_u64.pow(places), usize::try_from(places).unwrap_or(0));
    let (sign, units) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
    format!("{sign}{}.{:0width$}", units / one, units % one)
}

/// The double nearest to such a number, which is printed with its decimals: both are whole numbers that a double holds.
pub fn decimal_value(units: i64, places: u32) -> f64 {
    #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "below 2 to the 53rd")]
    let units = units as f64;
    units / 10_f64.powi(i32::try_from(places).unwrap_or(0))
}

/// Columns and rows; every row has as many cells as there are columns.
#[derive(Clone, Debug)]
pub struct Report {
    /// What is reported, as a file name.
    pub name: &'static str,
    /// What the numbers mean.
    pub definition: &'static Definition,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// One row of a report, as an object of its columns.
pub struct Row<'a>(pub &'a Report, pub &'a [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut reasons = BTreeMap::new();
        for (column, cell) in self.0.columns.iter().zip(self.1) {
            map.serialize_entry(column.name, cell)?;
            if let Cell::Suppressed(reason) = cell {
                reasons.insert(column.name, *reason);
            }
        }
        if !reasons.is_empty() {
            map.serialize_entry("suppressed", &reasons)?;
        }
        map.end()
    }
}

/// DfE's columns of time and place, which begin every report.
pub const PLACE: &[Column] = &[
    column("as_at", ColumnType::Date, "The day: what happened after its end has not happened."),
    column(
        "time_period",
        ColumnType::Text,
        "2024, 2024-Q1, 2024-03, 2024-W05 (an ISO week) or 2024-03-05; null for the whole range.",
    ),
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
pub fn place_cells(as_at: NaiveDate, area: Area, period: Period, asked: &[Authority]) -> Vec<Cell> {
    let time = period.code().map_or(Cell::Null, Cell::text);
    let (level, region, authority) = match area {
        Area::England => ("National", None, None),
        Area::Region(region) => ("Regional", Some(region), None),
        Area::Authority(authority) => ("Local authority", Some(authority.region()), Some(authority)),
    };
    let level = if area.is_whole(asked) { level } else { "Selected authorities" };
    let said = |text: Option<&'static str>| text.map_or(Cell::Null, Cell::text);
    vec![
        Cell::date(Some(as_at)),
        time,
        Cell::text(level),
        said(region.map(Region::code)),
        said(region.map(Region::name)),
        said(authority.map(Authority::gss_code)),
        said(authority.map(Authority::code)),
        said(authority.map(Authority::name)),
    ]
}

/// The rows of counts by area and period: the place of each, and what `cells` writes of its count.
pub fn placed<T>(
    query: &StatQuery,
    measured: &Measured<ByArea<Period, T>>,
    cells: impl Fn(&T) -> Vec<Cell>,
) -> Vec<Vec<Cell>> {
    let rows = measured.rows.iter().map(|((area, period), count)| {
        [place_cells(query.as_at, *area, *period, &measured.asked), cells(count)].concat()
    });
    rows.collect()
}

/// What answers with one of these reports: it as JSON, or its rows in another form.
pub fn report_of(names: &[&str]) -> Vec<(&'static str, String)> {
    let names: Vec<_> = names.iter().map(|name| format!("{name}Report")).collect();
    let forms = Format::ALL.iter().skip(1).map(|format| (format.media_type(), String::new()));
    [("application/json", names.join("|"))].into_iter().chain(forms).collect()
}
