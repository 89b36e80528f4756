//! CSV files as submissions: a header that may be written in any case, and cells that are dates only if they say so.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Error, Read, Result};

use ::csv::ByteRecord;
use chrono::NaiveDate;

use super::columns::{Column, Columns, normal, presentable};
use super::job::{DateFormat, ImportJob};
use super::json::read_external;
use super::kept::{WITHHELD, cut, unguarded};
use super::window::{CHUNK, ROW_BYTES_MAX, Window};
use crate::app::{ImportedRow, RowCells, RowOrigin};
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::{Given, Shape, found, found_day};
use crate::domain::noun::{External, Noun, Submission};
use crate::domain::planner;

/// Most columns of a file. A rejected row is written with all of them, however short it is.
const COLUMNS_MAX: usize = 1_000;

/// Reads the header of a file: its columns, and the names of those the noun does not have.
///
/// # Errors
/// A column that stands twice, one that no row can do without, or that the file is no CSV with commas.
pub fn read_header(noun: Noun, record: &ByteRecord) -> std::result::Result<(Columns, Vec<String>), Faults> {
    let mut faults = Faults::default();
    let mut columns = Columns::new(noun);
    let mut unknown = Vec::new();
    // Spreadsheets write columns that were used once: without a name, at the end.
    let blank = |name: &&[u8]| name.trim_ascii().is_empty();
    let named = record.len() - record.iter().rev().take_while(blank).count();
    if named > COLUMNS_MAX {
        let message = format!("has {named} columns, but may have at most {COLUMNS_MAX}");
        faults.add("file", "too_many_columns", message);
        return Err(faults);
    }
    for (number, name) in (1..).zip(record).take(named) {
        let name = String::from_utf8_lossy(name);
        let known = columns.list.len();
        match columns.add(&name) {
            Column::Unknown if name.trim().is_empty() => unknown.push(format!("column {number}, which has no name")),
            Column::Unknown => unknown.push(presentable(&name)),
            Column::Report => {}
            column if columns.list.iter().take(known).any(|before| *before == column) => {
                faults.add(normal(&name), "duplicate_column", "stands twice in the header");
            }
            _ => {}
        }
    }
    if let Some(separator) = separator(&columns, record) {
        let message = format!(
            "has its columns separated by {separator}, but must have commas; save it as \"CSV UTF-8 (comma delimited)\""
        );
        faults.add("file", "wrong_separator", message);
    } else if !columns.identify() {
        note_missing(&columns, &mut faults);
    }
    faults.or((columns, unknown))
}

/// Notes which columns a file needs so that each row's record is found again.
fn note_missing(columns: &Columns, faults: &mut Faults) {
    let kind = columns.kind;
    if let Some(missing) = columns.missing_to_tell_apart() {
        for name in missing {
            let message = format!(
                "is required: a file of {} without a column external_id needs it to find each row's record again",
                kind.plural
            );
            faults.add(name, "missing_column", message);
        }
        return;
    }
    let own = kind.own_reference().and_then(|place| kind.fields.get(place));
    let keys = own.map_or("external_id".to_owned(), |field| format!("external_id or {}", field.name));
    let message =
        format!("is required: a file of {} needs a column {keys} to find each row's record again", kind.plural);
    faults.add("external_id", "missing_column", message);
}

/// What parts the columns of a file that has no known column, if it is not the comma.
fn separator(columns: &Columns, record: &ByteRecord) -> Option<&'static str> {
    let count = |wanted: u8| record.as_slice().split(|byte| *byte == wanted).skip(1).count();
    let parts = [(b';', "semicolons"), (b'\t', "tabs"), (b'|', "vertical bars")];
    let is_known = columns.list.iter().any(|column| !matches!(column, Column::Unknown | Column::Report));
    let (times, name) = parts.map(|(byte, name)| (count(byte), name)).into_iter().max_by_key(|(times, _)| *times)?;
    (!is_known && times >= record.len()).then_some(name)
}

/// So many bytes of a file may be read again, because a row before had swallowed them, before it is given up.
const AGAIN_MAX: u64 = 16 * ROW_BYTES_MAX;

/// What it costs to begin reading again at all, in bytes.
const AGAIN_COST: u64 = 1 << 10;

/// The rows of a CSV file.
pub struct CsvRows<R> {
    pub columns: Columns,
    /// Names of columns the noun does not have.
    pub unknown: Vec<String>,
    reader: ::csv::Reader<Window<R>>,
    record: ByteRecord,
    /// Bytes and lines of the file before the first that `reader` reads.
    before: (u64, u64),
    /// Bytes read again so far.
    again: u64,
    /// On which line each row stands that is told apart by what it says.
    told_apart: HashMap<External, u64>,
}

fn reader<R: Read>(window: Window<R>) -> ::csv::Reader<Window<R>> {
    ::csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(CHUNK).from_reader(window)
}

impl<R: Read> CsvRows<R> {
    /// Reads the header.
    pub fn open(noun: Noun, file: R) -> std::result::Result<Self, Faults> {
        let mut rows = Self {
            columns: Columns::new(noun),
            unknown: Vec::new(),
            reader: reader(Window::new(file)),
            record: ByteRecord::new(),
            before: (0, 0),
            again: 0,
            told_apart: HashMap::new(),
        };
        let mut faults = Faults::default();
        match rows.reader.read_byte_record(&mut rows.record) {
            Ok(true) => {}
            Ok(false) => faults.add("file", "empty_file", "has no header row"),
            Err(_) if rows.reader.get_ref().too_long => {
                faults.add("file", "row_too_long", format!("has a header row {}", too_long(1)));
            }
            Err(error) => faults.add("file", "unreadable_file", error.to_string()),
        }
        faults.or(())?;
        (rows.columns, rows.unknown) = read_header(noun, &rows.record)?;
        Ok(rows)
    }

    /// Bytes of the file that its rows so far have taken.
    pub fn bytes(&self) -> u64 {
        self.before.0 + self.reader.position().byte()
    }

    /// Reads the next row that has a cell with something in it.
    pub fn next(&mut self, job: &ImportJob) -> Option<Result<ImportedRow>> {
        loop {
            let row = self.bytes();
            let lines = self.reader.position().line();
            self.reader.get_mut().begin_row(row);
            let read = self.reader.read_byte_record(&mut self.record);
            let line = self.before.1 + lines + self.reader.get_ref().breaks_before_row();
            match read {
                Ok(true) if self.reader.position().line() > lines && self.has_open_quote() => {
                    let message = format!("begins on line {line} and has a quote (\") that is not closed");
                    return Some(self.leave((row, line), "quote_not_closed", &message));
                }
                Ok(true) if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) => {}
                Ok(true) => {
                    let mut row = read_row(&self.columns, job, &self.record, line);
                    self.note_twin(&mut row);
                    return Some(Ok(row));
                }
                Ok(false) => return None,
                Err(_) if self.reader.get_ref().too_long => {
                    return Some(self.leave((row, line), "row_too_long", &too_long(line)));
                }
                Err(error) => return Some(Err(Error::other(error))),
            }
        }
    }

    /// Notes that a row before says the same: the second would silently take the place of the first.
    fn note_twin(&mut self, (origin, row): &mut ImportedRow) {
        let Ok(Submission { external: Some(external), faults, .. }) = row else { return };
        if !self.columns.tell_apart() {
            return;
        }
        let Some(line) = self.told_apart.insert(external.clone(), origin.line) else { return };
        let kind = self.columns.kind;
        let names = kind.noun.told_apart_by().join(", ");
        let message = format!(
            "must differ from line {line} in one of {names}, by which {} are told apart; keep one of the two",
            kind.plural
        );
        faults.add("row", "duplicate_row", message);
    }

    /// True for a row of several lines with a quote that is closed in the middle of a cell or not at all: it has swallowed
    /// rows.
    fn has_open_quote(&self) -> bool {
        self.record.as_slice().contains(&b'\n') && !is_well_quoted(self.reader.get_ref().row_until(self.bytes()))
    }

    /// Leaves the line behind on which a row begins that cannot be what was meant: a quote that is never closed would
    /// swallow the rest of the file, and where it was meant to be closed nobody can say.
    fn leave(&mut self, (row, line): (u64, u64), code: &'static str, message: &str) -> Result<ImportedRow> {
        self.again += self.bytes().saturating_sub(row) + AGAIN_COST;
        if self.again > AGAIN_MAX {
            return Err(Error::other(format!("too many rows cannot be told apart; the row on line {line} {message}")));
        }
        let (window, place, is_feed) = self.reader.get_mut().after_first_line()?;
        self.reader = reader(window);
        self.before = (place, if is_feed { line } else { line - 1 });
        let mut faults = Faults::default();
        faults.add("row", code, format!("{message}; the lines after it are read as rows of their own"));
        Ok((RowOrigin { line, external_id: None, cells: RowCells::default() }, Err(faults)))
    }
}

/// True if every quote that opens a cell is closed at the cell's end.
fn is_well_quoted(row: &[u8]) -> bool {
    let (mut in_quotes, mut at_start, mut closed) = (false, true, false);
    for byte in row {
        match byte {
            b'"' if in_quotes => (in_quotes, closed) = (false, true),
            b'"' if at_start || closed => (in_quotes, at_start, closed) = (true, false, false),
            _ if in_quotes => {}
            b',' | b'\r' | b'\n' => (at_start, closed) = (true, false),
            _ if closed => return false,
            _ => at_start = false,
        }
    }
    !in_quotes
}

fn too_long(line: u64) -> String {
    format!("is longer than {ROW_BYTES_MAX} bytes; look on line {line} for a quote (\") that is never closed")
}

/// Reads one row.
fn read_row(columns: &Columns, job: &ImportJob, record: &ByteRecord, line: u64) -> ImportedRow {
    let cells = record.iter().map(cut).collect();
    let mut faults = Faults::default();
    let (count, named) = (record.len(), columns.list.len());
    // Empty cells beyond the last named column are what spreadsheets leave behind.
    if count < named || record.iter().skip(named).any(|cell| !cell.trim_ascii().is_empty()) {
        let message = format!("has {count} cells, but the header has {named} columns");
        faults.add("row", "wrong_number_of_cells", message);
    }
    let mut row = Row::new(job);
    for ((column, cell), name) in columns.list.iter().zip(record).zip(&columns.names) {
        row.take(*column, name, cell, &mut faults);
    }
    row.finish(RowOrigin { line, external_id: None, cells }, columns.tell_apart(), faults)
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
        if matches!(column, Column::Unknown | Column::Report) {
            return;
        }
        let Ok(text) = std::str::from_utf8(cell) else {
            faults.add(normal(name), "not_utf8", "is not UTF-8; save the file as \"CSV UTF-8\"");
            return;
        };
        let text = unguarded(text.trim());
        let some = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match column {
            Column::Authority => self.authority = some(),
            Column::SourceSystem => self.source = some(),
            Column::ExternalId => self.external_id = some(),
            Column::Field(place) => {
                let shape = self.job.noun.kind().fields.get(place).map(|field| field.shape);
                let is_date = shape == Some(Shape::Date);
                if let Some(slot) = self.given.get_mut(place) {
                    *slot = match text {
                        WITHHELD => Given::Wrong(Refusal::new(
                            "withheld",
                            "was withheld from the rejected rows; write what it must be",
                        )),
                        _ if is_date => date(self.job.date_format, text),
                        _ => plain(text),
                    };
                }
            }
            Column::Report | Column::Unknown => {}
        }
    }

    fn text(&self, place: usize) -> Option<&str> {
        match self.given.get(place) {
            Some(Given::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// `told_apart`: its external id is made of what it says.
    fn finish(self, origin: RowOrigin, told_apart: bool, mut faults: Faults) -> ImportedRow {
        let job = self.job;
        let kind = job.noun.kind();
        let reference = kind.own_reference().and_then(|place| self.text(place)).map(str::to_owned);
        let origin =
            RowOrigin { external_id: self.external_id.clone().or_else(|| reference.clone()).map(Into::into), ..origin };
        if let Some(authority) = &self.authority
            && crate::domain::authority::Authority::parse(authority) != Some(job.authority)
        {
            let message =
                format!("must be {}, the authority of the import, but {}", job.authority.code(), found(authority));
            faults.add("authority", "wrong_authority", message);
        }
        if self.external_id.is_none() && reference.is_none() && !told_apart {
            faults.add("external_id", "required", "is required, but is empty");
        }
        let source = self.source.as_deref().or(self.external_id.as_ref().map(|_| job.source_system.as_str()));
        let source = if self.external_id.is_some() { source } else { None };
        let external = read_external(&mut faults, source, self.external_id.as_deref());
        let external = external.or_else(|| told_apart.then(|| planner::external(kind, |place| self.text(place)))?);
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
                found_day(text)
            );
            Given::Wrong(Refusal::new("not_a_date", message))
        }
    }
}
