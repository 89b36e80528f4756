//! What a report is written as: which form the caller wants, and writers that keep the type of every column.

mod accept;
mod table;
mod write;

pub use self::write::{WriteError, arrow, ndjson, parquet};
pub use crate::http::statistics::report::{Cell, Column, ColumnType, Report, column};

/// A form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One document with `meta`.
    Json,
    /// A header row and rows (RFC 4180).
    Csv,
    /// A line of JSON for each row.
    Ndjson,
    /// A Parquet file.
    Parquet,
    /// An Arrow IPC stream.
    Arrow,
}

/// Why there is no form to answer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// `format` holds a word that is none of [`Format::CODES`].
    #[error("format must be one of json, csv, ndjson, parquet, arrow")]
    UnknownWord,
    /// The Accept header names nothing this can be written as, or refuses it.
    #[error(
        "Accept allows none of application/json, text/csv, application/x-ndjson, application/vnd.apache.parquet, application/vnd.apache.arrow.stream"
    )]
    NotAcceptable,
}

impl Format {
    /// Every form. Of two that are wanted alike, the one that comes first here.
    pub const ALL: [Self; 5] = [Self::Json, Self::Csv, Self::Ndjson, Self::Parquet, Self::Arrow];

    /// The words of `format`, in the order of [`Format::ALL`].
    pub const CODES: &'static [&'static str] = &["json", "csv", "ndjson", "parquet", "arrow"];

    /// The word in a query.
    pub fn code(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// What `Content-Type` says.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Arrow => "application/vnd.apache.arrow.stream",
        }
    }

    /// What the name of a file ends with.
    pub fn extension(self) -> &'static str {
        match self {
            // As registered with the media type: `.arrow` is the file, which has its footer at the end.
            Self::Arrow => "arrows",
            _ => self.code(),
        }
    }

    /// The form a caller wants: `format` if it is given, whatever `Accept` says; JSON if neither is.
    ///
    /// # Errors
    /// When `format` is not a word of [`Format::CODES`], and when the header allows no form.
    pub fn of(format: Option<&str>, accept: Option<&str>) -> Result<Self, FormatError> {
        if let Some(word) = format {
            return Self::ALL.into_iter().find(|known| known.code() == word).ok_or(FormatError::UnknownWord);
        }
        match accept.filter(|accept| !accept.trim().is_empty()) {
            Some(accept) => accept::preferred(accept).ok_or(FormatError::NotAcceptable),
            None => Ok(Self::Json),
        }
    }
}
