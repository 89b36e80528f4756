//! NDJSON files as submissions: one JSON object a line.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read, Result};

use super::job::ImportJob;
use super::json::{read_body, read_object};
use super::kept::cut;
use super::window::{CHUNK, ROW_BYTES_MAX};
use crate::app::{ImportedRow, RowCells, RowOrigin};
use crate::domain::fault::Faults;
use crate::domain::noun::Submission;

/// The rows of an NDJSON file.
pub struct NdjsonRows<R> {
    reader: BufReader<R>,
    line: u64,
    /// Bytes of the file that its rows so far have taken.
    pub bytes: u64,
}

impl<R: Read> NdjsonRows<R> {
    /// Begins at the first line.
    pub fn new(file: R) -> Self {
        Self { reader: BufReader::with_capacity(CHUNK, file), line: 0, bytes: 0 }
    }

    /// Reads the next line that is not blank.
    pub fn next(&mut self, job: &ImportJob) -> Option<Result<ImportedRow>> {
        loop {
            let mut bytes = Vec::new();
            match (&mut self.reader).take(ROW_BYTES_MAX + 1).read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(read) => {
                    self.line += 1;
                    self.bytes += u64::try_from(read).unwrap_or(0);
                }
                Err(error) => return Some(Err(error)),
            }
            if !bytes.ends_with(b"\n") && u64::try_from(bytes.len()).is_ok_and(|length| length > ROW_BYTES_MAX) {
                return Some(self.reader.skip_until(b'\n').map(|_| too_long(self.line)));
            }
            let text = bytes.trim_ascii();
            let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
            if !text.is_empty() {
                return Some(Ok(json_row(job, self.line, text)));
            }
        }
    }
}

fn too_long(line: u64) -> ImportedRow {
    let mut faults = Faults::default();
    let message = format!("is longer than {ROW_BYTES_MAX} bytes; a record is one JSON object on a line of its own");
    faults.add("row", "row_too_long", message);
    (RowOrigin { line, external_id: None, cells: RowCells::default() }, Err(faults))
}

fn json_row(job: &ImportJob, line: u64, bytes: &[u8]) -> ImportedRow {
    let mut faults = Faults::default();
    let mut origin = RowOrigin { line, external_id: None, cells: RowCells::default() };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            faults.add("row", "not_utf8", format!("is not UTF-8: {error}"));
            return (origin, Err(faults));
        }
    };
    let mut object = match read_object(text) {
        Ok(object) => object,
        Err(problem) => {
            faults.add("row", "not_json", problem);
            return (origin, Err(faults));
        }
    };
    let map = &mut object.fields;
    let said = |name: &str| map.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let kind = job.noun.kind();
    let reference = kind.own_reference().and_then(|place| kind.fields.get(place)).and_then(|field| said(field.name));
    let external_id = said("external_id");
    let identified = external_id.is_some() || reference.is_some();
    let names = ["source_system", "external_id"].into_iter().chain(kind.fields.iter().map(|field| field.name));
    origin.cells = names.map(|name| map.get(name).map(cell).unwrap_or_default()).collect();
    origin.external_id = external_id.clone().or(reference).map(Into::into);
    if external_id.is_some() && !map.contains_key("source_system") {
        map.insert("source_system".to_owned(), job.source_system.clone().into());
    }
    let mut body = read_body(job.noun, object);
    if body.authority.is_some_and(|authority| authority != job.authority) {
        body.faults.add(
            "authority",
            "wrong_authority",
            format!("must be {}, the authority of the import", job.authority.code()),
        );
    }
    if !identified {
        body.faults.add("external_id", "required", "is required, but is missing");
    }
    let submission =
        Submission { authority: job.authority, external: body.external, given: body.given, faults: body.faults };
    (origin, Ok(submission))
}

fn cell(value: &serde_json::Value) -> Cow<'_, str> {
    match value {
        serde_json::Value::Null => Cow::Borrowed(""),
        serde_json::Value::String(text) => cut(text.as_bytes()),
        other => Cow::Owned(cut(other.to_string().as_bytes()).into_owned()),
    }
}
