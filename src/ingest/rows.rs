//! The rows of a file, whatever its format; and files that are none of the formats, told from their first bytes.

use std::io::{Chain, Cursor, Read, Result};
use std::sync::Arc;

use super::columns::Columns;
use super::csv::CsvRows;
use super::job::{FileFormat, ImportError, ImportJob};
use super::ndjson::NdjsonRows;
use crate::app::ImportedRow;
use crate::domain::fault::{Faults, Refusal};

/// A file whose first bytes were looked at.
type Seen<R> = Chain<Cursor<Vec<u8>>, R>;

/// The rows of a file.
pub struct Rows<R> {
    job: ImportJob,
    format: Format<Seen<R>>,
}

enum Format<R> {
    Csv(Box<CsvRows<R>>),
    Ndjson(NdjsonRows<R>),
}

impl<R: Read> Rows<R> {
    /// Reads what stands before the first row.
    ///
    /// # Errors
    /// That the file is not of its format, or what its header must be.
    pub fn open(job: &ImportJob, mut file: R) -> std::result::Result<Self, ImportError> {
        let mut faults = Faults::default();
        let mut start = Vec::new();
        match (&mut file).take(64).read_to_end(&mut start) {
            Ok(_) => drop(faults.note("file", told_from(&start).map_or(Ok(()), Err))),
            Err(error) => faults.add("file", "unreadable_file", error.to_string()),
        }
        faults.or(()).map_err(ImportError::Header)?;
        let file = Cursor::new(start).chain(file);
        let format = match job.format {
            FileFormat::Csv => Format::Csv(Box::new(CsvRows::open(job.noun, file).map_err(ImportError::Header)?)),
            FileFormat::Ndjson => Format::Ndjson(NdjsonRows::new(file)),
        };
        Ok(Self { job: job.clone(), format })
    }

    /// The columns of the file, or those its rows are written down in.
    pub fn columns(&self) -> Arc<Columns> {
        Arc::new(match &self.format {
            Format::Csv(rows) => rows.columns.clone(),
            Format::Ndjson(_) => Columns::of_fields(self.job.noun),
        })
    }

    /// Names of columns the noun does not have.
    pub fn unknown(&self) -> &[String] {
        match &self.format {
            Format::Csv(rows) => &rows.unknown,
            Format::Ndjson(_) => &[],
        }
    }

    /// Bytes of the file that its rows so far have taken.
    pub fn bytes(&self) -> u64 {
        match &self.format {
            Format::Csv(rows) => rows.bytes(),
            Format::Ndjson(rows) => rows.bytes,
        }
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<ImportedRow>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.format {
            Format::Csv(rows) => rows.next(&self.job),
            Format::Ndjson(rows) => rows.next(&self.job),
        }
    }
}

/// What a file is, told from its first bytes, if it is not text in UTF-8.
fn told_from(start: &[u8]) -> Option<Refusal> {
    let save = "save it as \"CSV UTF-8 (comma delimited)\"";
    let zeros = start.split(|byte| *byte == 0).skip(1).count();
    let (code, what, advice) = match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            ("not_utf8", "text in UTF-16, which spreadsheets call Unicode text", save)
        }
        [0x1f, 0x8b, ..] => ("not_text", "compressed with gzip", "unpack it and send what is in it"),
        [b'P', b'K', 3, 4, ..] => ("not_text", "an Excel workbook or another ZIP file", save),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => ("not_text", "an Excel workbook of the older kind", save),
        // Without its mark: every other byte of plain letters is zero.
        _ if zeros >= 4 && zeros * 3 >= start.len() => ("not_utf8", "text in UTF-16 without a byte order mark", save),
        _ => return None,
    };
    Some(Refusal::new(code, format!("must be text in UTF-8, but is {what}; {advice}")))
}
