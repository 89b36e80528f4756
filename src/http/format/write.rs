//! Writers. The same report and the same metadata give the same bytes: no time of writing, no version of the service.

use arrow_ipc::writer::StreamWriter;
use arrow_schema::Metadata;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::Report;
use super::table::record_batch;
use crate::http::statistics::report::Row;

/// Who wrote a Parquet file, in the form that readers look for. The version is that of the layout.
const CREATED_BY: &str = "twentyweeks version 1";

/// Why a report cannot be written. All of them are faults of the service.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A cell is missing, or is not of its column's type.
    #[error("row {row} has nothing that the column {column} may hold")]
    Cell {
        /// The column.
        column: &'static str,
        /// Its row, counted from 0.
        row: usize,
    },
    /// A line was refused.
    #[error("NDJSON cannot be written: {0}")]
    Ndjson(#[from] serde_json::Error),
    /// Columns or a stream were refused.
    #[error("an Arrow stream cannot be written: {0}")]
    Arrow(#[from] arrow_schema::ArrowError),
    /// A file was refused.
    #[error("Parquet cannot be written: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
}

/// The rows as lines of JSON, each the object that stands in `data`.
///
/// # Errors
/// When a row cannot be written as JSON.
pub fn ndjson(report: &Report) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Vec::new();
    for row in &report.rows {
        serde_json::to_writer(&mut bytes, &Row(report, row))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// The rows as a Parquet file of one row group, not compressed beyond dictionaries. `metadata` stands in the footer in
/// the order given; the columns are described in Parquet's own words only.
///
/// # Errors
/// When a cell is not what its column holds.
pub fn parquet(report: &Report, metadata: &[(&str, String)]) -> Result<Vec<u8>, WriteError> {
    let batch = record_batch(report, Metadata::default())?;
    let pairs = metadata.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
    let properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_key_value_metadata(Some(pairs.collect()))
        .set_max_row_group_row_count(None)
        // Names within lists as the specification of Parquet has them.
        .set_coerce_types(true)
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), batch.schema(), options)?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}

/// The rows as an Arrow IPC stream of one batch. `metadata` belongs to the schema, sorted by key.
///
/// # Errors
/// When a cell is not what its column holds.
pub fn arrow(report: &Report, metadata: &[(&str, String)]) -> Result<Vec<u8>, WriteError> {
    let pairs = metadata.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
    let batch = record_batch(report, pairs.collect())?;
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}
