//! Receipts: the answer to each row under its external id, and the rejected rows as a file to correct and send again.

use serde::Serialize;
use serde_json::{Value, json};

use super::csv::{ERROR_COLUMNS, normal};
use crate::app::{BlockTexts, Outcome, Receipt};
use crate::domain::fault::{Fault, Faults};
use crate::domain::noun::Record;

/// What stands in the place of a cell that must not be kept.
const WITHHELD: &str = "(withheld)";

/// True for a cell that was refused for naming a child: neither kept nor shown.
fn withholds(fault: &Fault) -> bool {
    matches!(fault.refusal.code, "identifier_refused" | "name_refused")
}

/// The header of the file of rejected rows: the file's own columns, then what is wrong.
pub fn rejected_header(names: &[String]) -> String {
    let own = names.iter().map(String::as_str).filter(|name| !ERROR_COLUMNS.contains(name));
    line(own.chain(ERROR_COLUMNS))
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and a record of text is always a record.
    let written = writer.write_record(cells).map_err(|error| error.to_string());
    let bytes = written.and_then(|()| writer.into_inner().map_err(|error| error.to_string()));
    String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
}

/// Writes the receipts of a block. `names` are the file's columns.
pub fn write(names: &[String], receipts: &[Receipt]) -> BlockTexts {
    let mut texts = BlockTexts::default();
    for receipt in receipts {
        texts.receipts.push_str(&answer(receipt));
        texts.receipts.push('\n');
        if let Outcome::Rejected(faults) = &receipt.outcome {
            texts.rejected.push_str(&rejected(names, receipt, faults));
        }
    }
    texts
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

fn answer(receipt: &Receipt) -> String {
    let done = |outcome: &str, record: &Record| {
        let (line, external_id) = (receipt.origin.line, receipt.origin.external_id.as_deref());
        let taken = Taken { line, external_id, outcome, id: record.id.to_string(), version: record.seq };
        // Texts and numbers: there is nothing in it that JSON could refuse.
        serde_json::to_string(&taken).unwrap_or_default()
    };
    match &receipt.outcome {
        Outcome::Created(record) => done("created", record),
        Outcome::Updated(record) => done("updated", record),
        Outcome::Unchanged(record) => done("unchanged", record),
        Outcome::Rejected(faults) => {
            let identified = !faults.iter().any(withholds);
            json!({
                "line": receipt.origin.line,
                "external_id": if identified { receipt.origin.external_id.as_deref() } else { Some(WITHHELD) },
                "outcome": "rejected",
                "errors": faults.iter().map(error).collect::<Vec<_>>(),
            })
            .to_string()
        }
    }
}

fn error(fault: &Fault) -> Value {
    json!({ "field": fault.field, "code": fault.refusal.code, "message": fault.refusal.message })
}

fn rejected(names: &[String], receipt: &Receipt, faults: &Faults) -> String {
    let cell = |(name, cell): (&String, &str)| {
        let field = normal(name);
        let withheld = faults.iter().any(|fault| fault.field == field && withholds(fault));
        if withheld { WITHHELD.to_owned() } else { spreadsheet_safe(cell) }
    };
    let own = names.iter().zip(receipt.origin.cells.iter()).filter(|(name, _)| !ERROR_COLUMNS.contains(&name.as_str()));
    let mut cells: Vec<_> = own.map(cell).collect();
    let joined = |part: fn(&Fault) -> &str| faults.iter().map(part).collect::<Vec<_>>().join(" | ");
    cells.push(joined(|fault| fault.refusal.code));
    cells.push(joined(|fault| &fault.field));
    cells.push(joined(|fault| &fault.refusal.message));
    line(cells.iter().map(String::as_str))
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it; a NUL, which PostgreSQL cannot keep,
/// becomes the replacement character.
fn spreadsheet_safe(cell: &str) -> String {
    let cell = cell.replace('\0', "\u{fffd}");
    if cell.starts_with(['=', '+', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
