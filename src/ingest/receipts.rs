//! Receipts: the answer to each row under its external id, and the rejected rows as a file to correct and send again.

use serde::Serialize;
use serde_json::{Value, json};

use super::columns::{Columns, ERROR_COLUMNS};
use super::kept::{WITHHELD, cut, guarded, kept, kept_surplus, may_name};
use crate::app::{BlockTexts, Outcome, Receipt};
use crate::domain::fault::{Fault, Faults};
use crate::domain::noun::Record;

/// Most cells beyond the header that are kept of a row: enough to see where a comma was not quoted.
const SURPLUS_MAX: usize = 20;

/// The header of the file of rejected rows: the file's own columns, then what is wrong.
pub fn rejected_header(columns: &Columns) -> String {
    let mut lines = Lines::new();
    let own = columns.own(std::iter::empty()).map(|(_, name, _)| guarded(name));
    lines.add(own.chain(ERROR_COLUMNS.map(str::to_owned)));
    lines.text()
}

/// CSV lines in memory.
struct Lines(::csv::Writer<Vec<u8>>);

impl Lines {
    fn new() -> Self {
        Self(::csv::Writer::from_writer(Vec::new()))
    }

    fn add(&mut self, cells: impl Iterator<Item = String>) {
        // Writing to memory cannot fail, and every line has as many cells as the header.
        drop(self.0.write_record(cells.map(String::into_bytes)));
    }

    fn text(self) -> String {
        String::from_utf8(self.0.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// Writes the receipts of a block.
pub fn write(columns: &Columns, receipts: &[Receipt]) -> BlockTexts {
    let mut answers = String::new();
    let mut rejected = Lines::new();
    for receipt in receipts {
        answers.push_str(&answer(columns, receipt));
        answers.push('\n');
        if let Outcome::Rejected(faults) = &receipt.outcome {
            rejected.add(rejected_cells(columns, receipt, faults).into_iter());
        }
    }
    BlockTexts { receipts: answers, rejected: rejected.text() }
}

/// The answer to a row that was taken.
#[derive(Serialize)]
struct Taken<'a> {
    line: u64,
    external_id: Option<&'a str>,
    outcome: &'a str,
    id: String,
    version: i64,
}

fn answer(columns: &Columns, receipt: &Receipt) -> String {
    let done = |outcome: &str, record: &Record| {
        // An external id that was made of what the row says stands in the record only.
        let made = || record.external.as_ref().map(|external| external.id.as_str());
        let (line, external_id) = (receipt.origin.line, receipt.origin.external_id.as_deref().or_else(made));
        let taken = Taken { line, external_id, outcome, id: record.id.to_string(), version: record.seq };
        // Texts and numbers: there is nothing in it that JSON could refuse.
        serde_json::to_string(&taken).unwrap_or_default()
    };
    match &receipt.outcome {
        Outcome::Created(record) => done("created", record),
        Outcome::Updated(record) => done("updated", record),
        Outcome::Unchanged(record) => done("unchanged", record),
        Outcome::Rejected(faults) => json!({
            "line": receipt.origin.line,
            "external_id": receipt.origin.external_id.as_deref().map(|text| name(columns, text, faults)),
            "outcome": "rejected",
            "errors": faults.iter().map(error).collect::<Vec<_>>(),
        })
        .to_string(),
    }
}

fn name<'a>(columns: &Columns, text: &'a str, faults: &Faults) -> &'a str {
    let kind = columns.kind;
    let own = kind.own_reference().and_then(|place| kind.fields.get(place));
    let refused = own.is_some_and(|field| refuses(faults, field.name));
    if may_name(kind, text, refused) { text } else { WITHHELD }
}

fn error(fault: &Fault) -> Value {
    json!({ "field": fault.field, "code": fault.refusal.code, "message": fault.refusal.message })
}

fn refuses(faults: &Faults, field: &str) -> bool {
    faults.iter().any(|fault| fault.field == field)
}

fn rejected_cells(columns: &Columns, receipt: &Receipt, faults: &Faults) -> Vec<String> {
    let cells = &receipt.origin.cells;
    let kind = columns.kind;
    let own = columns.own(cells.iter());
    let own = own.map(|(column, name, cell)| kept(kind, column, cell, refuses(faults, &super::columns::normal(name))));
    let joined = |part: fn(&Fault) -> &str| guarded(&faults.iter().map(part).collect::<Vec<_>>().join(" | "));
    let surplus: Vec<_> = cells.iter().skip(columns.list.len()).take(SURPLUS_MAX).map(kept_surplus).collect();
    let report = [
        joined(|fault| fault.refusal.code),
        joined(|fault| &fault.field),
        joined(|fault| &fault.refusal.message),
        guarded(&cut(surplus.join(" | ").as_bytes())),
    ];
    own.chain(report).collect()
}
