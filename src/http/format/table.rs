//! A report as columns: the one place that says which type of Arrow and Parquet a column becomes.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Metadata, Schema};
use chrono::NaiveDate;

use super::write::WriteError;
use super::{Cell, Column, ColumnType, Report};
use crate::http::statistics::report::decimal_value;

/// The rows of a report as columns; every one of them may be null. The schema carries `metadata`.
pub fn record_batch(report: &Report, metadata: Metadata) -> Result<RecordBatch, WriteError> {
    let columns = report.columns.iter();
    let arrays: Vec<_> =
        columns.clone().enumerate().map(|(place, column)| array(report, place, column)).collect::<Result<_, _>>()?;
    let fields: Vec<_> =
        columns.zip(&arrays).map(|(column, array)| Field::new(column.name, array.data_type().clone(), true)).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays)?)
}

fn array(report: &Report, place: usize, column: &Column) -> Result<ArrayRef, WriteError> {
    let cells = Cells { report, place, name: column.name };
    Ok(match column.holds {
        ColumnType::Count => Arc::new(cells.read::<_, Int64Array>(count)?),
        ColumnType::Signed => Arc::new(cells.read::<_, Int64Array>(signed)?),
        ColumnType::Percentage | ColumnType::Days | ColumnType::Shares | ColumnType::Decimal | ColumnType::Number => {
            Arc::new(cells.read::<_, Float64Array>(number)?)
        }
        ColumnType::Text => Arc::new(cells.read::<_, StringArray>(text)?),
        ColumnType::Date => Arc::new(cells.read::<_, Date32Array>(day)?),
        ColumnType::List => {
            let mut list = ListBuilder::new(StringBuilder::new());
            for words in cells.read::<_, Vec<_>>(words)? {
                list.append_option(words.map(|words| words.iter().map(Some)));
            }
            Arc::new(list.finish())
        }
    })
}

/// The cells of one column.
struct Cells<'a> {
    report: &'a Report,
    place: usize,
    name: &'static str,
}

impl<'a> Cells<'a> {
    /// Every cell read by `value`, which knows what the column may hold.
    fn read<T, All: FromIterator<Option<T>>>(&self, value: fn(&'a Cell) -> Option<T>) -> Result<All, WriteError> {
        let cells = self.report.rows.iter().enumerate().map(|(row, cells)| match cells.get(self.place) {
            Some(Cell::Null | Cell::Suppressed(_)) => Ok(None),
            cell => cell.and_then(value).map(Some).ok_or(WriteError::Cell { column: self.name, row }),
        });
        cells.collect()
    }
}

fn count(cell: &Cell) -> Option<i64> {
    if let Cell::Count(count) = cell { i64::try_from(*count).ok() } else { None }
}

fn signed(cell: &Cell) -> Option<i64> {
    if let Cell::Signed(number) = cell { Some(*number) } else { None }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        // As in JSON: the double nearest to one decimal.
        Cell::Tenths(tenths) => u32::try_from(*tenths).ok().map(|tenths| f64::from(tenths) / 10.0),
        Cell::Decimal(units, places) => Some(decimal_value(*units, *places)),
        Cell::Number(number) => Some(*number),
        _ => None,
    }
}

fn text(cell: &Cell) -> Option<&str> {
    if let Cell::Text(text) = cell { Some(text) } else { None }
}

fn day(cell: &Cell) -> Option<i32> {
    text(cell)?.parse().ok().map(|date: NaiveDate| date.to_epoch_days())
}

fn words(cell: &Cell) -> Option<&[&'static str]> {
    if let Cell::List(words) = cell { Some(words) } else { None }
}
