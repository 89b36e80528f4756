//! Comparison: the figures DfE has published of an authority, its region, England and its neighbours, beside its own.

use chrono::NaiveDate;

use crate::domain::authority::Authority;
use crate::domain::published::{Figures, YEAR, figures};
use crate::domain::statistics::group::{Area, Level, Period, Sum};
use crate::http::operation::Call;
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::axes::refused;
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells};

/// The column that tells figures of records from published ones.
pub const FIGURES_OF: Column = column(
    "figures_of",
    ColumnType::Text,
    "records: counted here. published: DfE's figure of the calendar year 2024, 2025 release; published_neighbour: the same of an authority named as a neighbour.",
);

/// The parameters of a statistic that can be set beside published figures.
pub fn compare_params() -> Vec<Param> {
    vec![
        Param::new(
            "compare",
            "Adds DfE's published figures of 2024 for the authorities asked about, and of their region, England, or the authorities named as neighbours.",
            ParamKind::Words(&["region", "england", "neighbours"]),
        ),
        Param::new(
            "neighbours",
            "With compare=neighbours: which authorities. DfE's list of statistical neighbours is not among this service's data.",
            ParamKind::Authorities,
        ),
    ]
}

/// What to set beside an authority's own figures: whose, and in which area.
pub struct Comparison(Vec<(&'static str, Area)>);

/// Reads what a call wants to be compared with; `None` for nothing.
///
/// # Errors
/// A comparison without an authority, neighbours that are not named, and names without the word.
pub fn comparison(call: &Call) -> Result<Option<Comparison>, Problem> {
    let words = call.query.words("compare");
    let neighbours = call.query.authorities("neighbours");
    if words.contains(&"neighbours") != neighbours.is_some() {
        return Err(refused(
            "neighbours",
            "required",
            "is needed with compare=neighbours, and only then: which authorities",
        ));
    }
    if words.is_empty() {
        return Ok(None);
    }
    let Some(asked) = call.query.authorities("authority") else {
        return Err(refused("authority", "required", "is required with compare: whom to compare"));
    };
    let mut areas: Vec<_> = asked.iter().map(|authority| ("published", Area::Authority(*authority))).collect();
    if words.contains(&"region") {
        areas.extend(asked.iter().map(|authority| ("published", Level::Region.area(*authority))));
    }
    if words.contains(&"england") {
        areas.push(("published", Area::England));
    }
    areas
        .extend(neighbours.into_iter().flatten().map(|authority| ("published_neighbour", Area::Authority(*authority))));
    areas.sort_unstable();
    areas.dedup();
    Ok(Some(Comparison(areas)))
}

/// The columns of a statistic with a comparison or without.
pub fn compared_columns(comparison: Option<&Comparison>, columns: &[Column]) -> Vec<Column> {
    let told: &[Column] = if comparison.is_some() { &[FIGURES_OF] } else { &[] };
    [PLACE, told, columns].concat()
}

/// Adds the published rows to those of records, after the last day asked about; `cells` writes what is published of an area.
pub fn compared_rows(
    (comparison, is_last): (Option<&Comparison>, bool),
    mut rows: Vec<Vec<Cell>>,
    cells: impl Fn(Area) -> Vec<Cell>,
) -> Vec<Vec<Cell>> {
    let Some(Comparison(areas)) = comparison else { return rows };
    for row in &mut rows {
        row.insert(PLACE.len(), Cell::text("records"));
    }
    if !is_last {
        return rows;
    }
    let everyone: Vec<_> = Authority::all().collect();
    let end = NaiveDate::from_ymd_opt(YEAR, 12, 31).unwrap_or_default();
    for (whose, area) in areas {
        let mut row = place_cells(end, *area, Period::Year(YEAR), &everyone);
        row.push(Cell::text(*whose));
        row.extend(cells(*area));
        rows.push(row);
    }
    rows
}

/// A measure of an area: the sum of its authorities' figures.
pub fn summed<T: Sum + Default>(area: Area, of: impl Fn(&Figures) -> T) -> T {
    let mut sum = T::default();
    let members = Authority::all().filter(|authority| level_of(area).area(*authority) == area);
    members.filter_map(figures).for_each(|figures| sum.add(&of(figures)));
    sum
}

fn level_of(area: Area) -> Level {
    match area {
        Area::England => Level::England,
        Area::Region(_) => Level::Region,
        Area::Authority(_) => Level::Authority,
    }
}
