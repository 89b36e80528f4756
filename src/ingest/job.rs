//! What an import is about, and why it can stop.

use crate::app::{AppError, Import};
use crate::domain::authority::Authority;
use crate::domain::fault::Faults;
use crate::domain::noun::Noun;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values with one header row.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// How a CSV file writes dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// 2025-03-31.
    Iso,
    /// 31/03/2025.
    DayMonthYear,
}

/// What an import is about.
#[derive(Clone, Debug)]
pub struct ImportJob {
    /// What the rows are.
    pub noun: Noun,
    /// Whose they are.
    pub authority: Authority,
    /// The source system of rows that do not name theirs.
    pub source_system: String,
    /// How the file is written.
    pub format: FileFormat,
    /// How it writes dates.
    pub date_format: DateFormat,
    /// True if nothing shall be written.
    pub dry_run: bool,
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file's header cannot be used; nothing was written.
    #[error("the header of the file cannot be used: {0}")]
    Header(Faults),
    /// The file could not be read to its end; the import is kept with the rows answered before.
    #[error("the file was cut off: {problem}")]
    CutOff {
        /// The import so far.
        import: Box<Import>,
        /// Why.
        problem: String,
    },
    /// The service failed.
    #[error(transparent)]
    App(#[from] AppError),
}
