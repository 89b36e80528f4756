//! CSV files as submissions: a header that may be written in any case, and cells that are dates only if they say so.

use std::borrow::Cow;

use ::csv::ByteRecord;
use chrono::NaiveDate;

use super::json::read_external;
use super::run::{DateFormat, ImportJob};
use crate::app::{ImportedRow, RowOrigin};
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::{Given, Shape, found};
use crate::domain::noun::{Noun, Submission};

/// What a column of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Field(usize),
    Authority,
    SourceSystem,
    ExternalId,
    Unknown,
}

/// Columns that a file of rejected rows has beside its own: sent back corrected, they say nothing.
pub const ERROR_COLUMNS: [&str; 3] = ["error_code", "error_field", "error_message"];

/// The header of a file, matched with the fields of a noun.
#[derive(Clone, Debug)]
pub struct Header {
    columns: Vec<Column>,
    /// The names as the file has them.
    pub names: Vec<String>,
    /// Those the noun does not have.
    pub unknown: Vec<String>,
}

/// A header name without what people vary: case, blanks, hyphens.
pub fn normal(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace([' ', '-'], "_")
}

impl Header {
    /// Matches the names of a file's first row with the fields of a noun.
    ///
    /// # Errors
    /// A column that stands twice, or that no row can do without.
    pub fn read(noun: Noun, record: &ByteRecord) -> Result<Self, Faults> {
        let kind = noun.kind();
        let mut faults = Faults::default();
        let mut header = Self { columns: Vec::new(), names: Vec::new(), unknown: Vec::new() };
        for name in record {
            let name = String::from_utf8_lossy(name).into_owned();
            let column = match normal(&name).as_str() {
                "authority" => Column::Authority,
                "source_system" => Column::SourceSystem,
                "external_id" => Column::ExternalId,
                other => kind.place(other).map_or(Column::Unknown, Column::Field),
            };
            if column == Column::Unknown {
                if !ERROR_COLUMNS.contains(&normal(&name).as_str()) {
                    header.unknown.push(name.clone());
                }
            } else if header.columns.contains(&column) {
                faults.add(normal(&name), "duplicate_column", "stands twice in the header");
            }
            header.columns.push(column);
            header.names.push(name);
        }
        let identified = header.columns.contains(&Column::ExternalId)
            || kind.own_reference().is_some_and(|place| header.columns.contains(&Column::Field(place)));
        if !identified {
            let message = format!("is required: a file of {} needs it to find each row's record again", kind.plural);
            faults.add("external_id", "missing_column", message);
        }
        faults.or(header)
    }

    /// Reads one row.
    pub fn row(&self, job: &ImportJob, record: &ByteRecord) -> ImportedRow {
        let line = record.position().map_or(0, ::csv::Position::line);
        let cells = record.iter().map(String::from_utf8_lossy).collect();
        let mut faults = Faults::default();
        if record.len() != self.columns.len() {
            let message = format!("has {} cells, but the header has {} columns", record.len(), self.columns.len());
            faults.add("row", "wrong_number_of_cells", message);
        }
        let mut row = Row::new(job);
        for ((column, cell), name) in self.columns.iter().zip(record).zip(&self.names) {
            row.take(*column, name, cell, &mut faults);
        }
        row.finish(RowOrigin { line, external_id: None, cells }, faults)
    }
}

/// A row on its way to a submission.
struct Row<'a> {
    job: &'a ImportJob,
    given: Vec<Given<'static>>,
    authority: Option<String>,
    source: Option<String>,
    external_id: Option<String>,
}

impl<'a> Row<'a> {
    fn new(job: &'a ImportJob) -> Self {
        let given = vec![Given::Absent; job.noun.kind().fields.len()];
        Self { job, given, authority: None, source: None, external_id: None }
    }

    fn take(&mut self, column: Column, name: &str, cell: &[u8], faults: &mut Faults) {
        if column == Column::Unknown {
            return;
        }
        let Ok(text) = std::str::from_utf8(cell) else {
            faults.add(normal(name), "not_utf8", "is not UTF-8; save the file as \"CSV UTF-8\"");
            return;
        };
        let text = text.trim();
        let some = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match column {
            Column::Authority => self.authority = some(),
            Column::SourceSystem => self.source = some(),
            Column::ExternalId => self.external_id = some(),
            Column::Field(place) => {
                let shape = self.job.noun.kind().fields.get(place).map(|field| field.shape);
                let is_date = shape == Some(Shape::Date);
                if let Some(slot) = self.given.get_mut(place) {
                    *slot = if is_date { date(self.job.date_format, text) } else { plain(text) };
                }
            }
            Column::Unknown => {}
        }
    }

    fn finish(self, origin: RowOrigin, mut faults: Faults) -> ImportedRow {
        let job = self.job;
        let kind = job.noun.kind();
        let reference = kind.own_reference().and_then(|place| self.given.get(place)).and_then(|given| match given {
            Given::Text(text) => Some(text.clone().into_owned()),
            _ => None,
        });
        let origin =
            RowOrigin { external_id: self.external_id.clone().or_else(|| reference.clone()).map(Into::into), ..origin };
        if let Some(authority) = &self.authority
            && crate::domain::authority::Authority::parse(authority) != Some(job.authority)
        {
            let message =
                format!("must be {}, the authority of the import, but {}", job.authority.code(), found(authority));
            faults.add("authority", "wrong_authority", message);
        }
        if self.external_id.is_none() && reference.is_none() {
            faults.add("external_id", "required", "is required, but is empty");
        }
        let source = self.source.as_deref().or(self.external_id.as_ref().map(|_| job.source_system.as_str()));
        let source = if self.external_id.is_some() { source } else { None };
        let external = read_external(&mut faults, source, self.external_id.as_deref());
        (origin, Ok(Submission { authority: job.authority, external, given: self.given, faults }))
    }
}

fn plain(text: &str) -> Given<'static> {
    if text.is_empty() { Given::Clear } else { Given::Text(Cow::Owned(text.to_owned())) }
}

/// A date as the file writes it, never guessed: `31/03/2025` is a date only if the sender said so.
fn date(format: DateFormat, text: &str) -> Given<'static> {
    if text.is_empty() || format == DateFormat::Iso {
        return plain(text);
    }
    match NaiveDate::parse_from_str(text, "%d/%m/%Y") {
        Ok(date) if text.len() == 10 => Given::Text(Cow::Owned(date.to_string())),
        _ => {
            let message = format!(
                "must be a day of the calendar written as 31/03/2025, as date_format says, but {}",
                found(text)
            );
            Given::Wrong(Refusal::new("not_a_date", message))
        }
    }
}
