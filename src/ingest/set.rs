//! A set of sheets: read whole before anything is written, then taken in one after the other, those first that others
//! refer to.

use std::sync::Arc;

use serde::Deserialize;

use super::columns::{Columns, normal};
use super::job::{DateFormat, FileFormat, ImportError, ImportJob};
use super::receipts;
use super::rows::Rows;
use super::run::run;
use crate::app::{App, AppError, BlockTexts, Import, ImportedRow, NewImport, SheetRows};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::fault::{Faults, Refusal};
use crate::domain::noun::Noun;
use crate::domain::planner::SHEETS;

/// What a set is about.
#[derive(Clone, Debug)]
pub struct SetJob {
    /// Whose rows they are.
    pub authority: Authority,
    /// The source system of rows that have an external id and do not name theirs.
    pub source_system: String,
    /// How the sheets write dates.
    pub date_format: DateFormat,
    /// True if nothing shall be written.
    pub dry_run: bool,
}

/// One sheet: what its rows are, and its file as CSV.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What its rows are.
    pub noun: Noun,
    /// The file.
    pub file: Vec<u8>,
}

/// The answer to one row.
#[derive(Clone, Debug, Deserialize)]
pub struct RowAnswer {
    /// Its line in the sheet; the header is line 1.
    pub line: u64,
    /// Its external id or reference.
    pub external_id: Option<String>,
    /// `created`, `updated`, `unchanged` or `rejected`.
    pub outcome: String,
    /// What is wrong with it.
    #[serde(default)]
    pub errors: Vec<RowError>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, Deserialize)]
pub struct RowError {
    /// The column.
    pub field: String,
    /// Stable word.
    pub code: String,
    /// What must be, and what was found.
    pub message: String,
}

/// The answer to one sheet.
#[derive(Clone, Debug)]
pub struct SheetAnswer {
    /// Its import; that of a dry run is not kept.
    pub import: Import,
    /// The answer to every row.
    pub rows: Vec<RowAnswer>,
}

/// Why a set is not taken in at all.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// What is wrong with which sheet; nothing was written.
    #[error("{}", in_words(.0))]
    Unusable(Vec<(String, Faults)>),
    /// The service failed. Sheets that were finished before are kept; sending the set again finishes it.
    #[error(transparent)]
    App(#[from] AppError),
}

fn in_words(sheets: &[(String, Faults)]) -> String {
    sheets.iter().map(|(name, faults)| format!("{name}: {faults}")).collect::<Vec<_>>().join("\n")
}

/// What a sheet of that name holds: `posts` and `Post_Holdings`, with or without `.csv`.
///
/// # Errors
/// That there is no such sheet, and which there are.
pub fn sheet_named(name: &str) -> Result<Noun, Refusal> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let word = normal(name);
    let word = word.strip_suffix(".csv").unwrap_or(&word).replace('_', "-");
    SHEETS.into_iter().find(|noun| noun.kind().plural == word).ok_or_else(|| {
        let names = SHEETS.map(|noun| noun.kind().plural).join(", ");
        Refusal::new("unknown_sheet", format!("is no sheet of a set; the sheets are {names}"))
    })
}

/// Takes in a set, or tries it.
///
/// # Errors
/// See [`SetError`]. Faults of a row are no error: they are its answer.
pub fn run_set(app: &App, caller: &Caller, job: &SetJob, mut sheets: Vec<Sheet>) -> Result<Vec<SheetAnswer>, SetError> {
    sheets.sort_by_key(|sheet| SHEETS.iter().position(|noun| *noun == sheet.noun));
    let read = read(job, &sheets)?;
    if job.dry_run {
        return try_set(app, caller, job, read);
    }
    drop(read);
    let answers = sheets.iter().map(|sheet| {
        let job = import_job(job, sheet.noun);
        let import = match run(app, caller, &job, sheet.file.as_slice(), &mut |_| {}) {
            Ok((import, _)) => import,
            // It was read to its end a moment ago.
            Err(ImportError::CutOff { import, .. }) => *import,
            Err(ImportError::Header(faults)) => return Err(SetError::Unusable(vec![(name(sheet.noun), faults)])),
            Err(ImportError::App(error)) => return Err(error.into()),
        };
        let rows = kept_answers(app, &import)?;
        Ok(SheetAnswer { import, rows })
    });
    answers.collect()
}

fn name(noun: Noun) -> String {
    noun.kind().plural.to_owned()
}

fn import_job(job: &SetJob, noun: Noun) -> ImportJob {
    ImportJob {
        noun,
        authority: job.authority,
        source_system: job.source_system.clone(),
        format: FileFormat::Csv,
        date_format: job.date_format,
        dry_run: job.dry_run,
    }
}

/// A sheet that was read.
struct ReadSheet {
    noun: Noun,
    columns: Arc<Columns>,
    unknown: Vec<String>,
    rows: Vec<ImportedRow>,
}

/// Reads all sheets to their ends.
fn read(job: &SetJob, sheets: &[Sheet]) -> Result<Vec<ReadSheet>, SetError> {
    let (mut read, mut unusable) = (Vec::new(), Vec::new());
    for (place, sheet) in sheets.iter().enumerate() {
        let mut faults = Faults::default();
        if sheets.iter().take(place).any(|before| before.noun == sheet.noun) {
            faults.add("file", "duplicate_sheet", "stands twice in the set");
        } else {
            match read_sheet(job, sheet) {
                Ok(sheet) => read.push(sheet),
                Err(found) => faults = found,
            }
        }
        if !faults.is_empty() {
            unusable.push((name(sheet.noun), faults));
        }
    }
    if sheets.is_empty() {
        let names = SHEETS.map(|noun| noun.kind().plural).join(", ");
        let mut faults = Faults::default();
        faults.add("file", "empty_set", format!("must hold at least one of the sheets {names}"));
        unusable.push(("set".to_owned(), faults));
    }
    if unusable.is_empty() { Ok(read) } else { Err(SetError::Unusable(unusable)) }
}

fn read_sheet(job: &SetJob, sheet: &Sheet) -> Result<ReadSheet, Faults> {
    let mut faults = Faults::default();
    let mut rows = match Rows::open(&import_job(job, sheet.noun), sheet.file.as_slice()) {
        Ok(rows) => rows,
        Err(ImportError::Header(faults)) => return Err(faults),
        Err(error) => {
            faults.add("file", "unreadable_file", error.to_string());
            return Err(faults);
        }
    };
    let (columns, unknown) = (rows.columns(), rows.unknown().to_vec());
    match rows.by_ref().collect() {
        Ok(rows) => Ok(ReadSheet { noun: sheet.noun, columns, unknown, rows }),
        Err(error) => {
            faults.add("file", "unreadable_file", error.to_string());
            Err(faults)
        }
    }
}

fn try_set(app: &App, caller: &Caller, job: &SetJob, sheets: Vec<ReadSheet>) -> Result<Vec<SheetAnswer>, SetError> {
    let mut imports = Vec::with_capacity(sheets.len());
    let mut rows = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        let unknown_columns = &sheet.unknown;
        let new = NewImport { noun: sheet.noun, authority: job.authority, dry_run: true, unknown_columns };
        imports.push(app.begin_import(caller, new)?);
        let columns = sheet.columns;
        let write = Box::new(move |receipts: &[_]| receipts::write(&columns, receipts));
        rows.push(SheetRows { noun: sheet.noun, rows: sheet.rows, write });
    }
    let answers = app.try_sheets(caller, job.authority, rows)?;
    let answer = |(import, (counts, texts)): (Import, (_, BlockTexts))| SheetAnswer {
        import: Import { counts, ..import },
        rows: row_answers(&texts.receipts).collect(),
    };
    Ok(imports.into_iter().zip(answers).map(answer).collect())
}

/// The answers that were kept of an import.
fn kept_answers(app: &App, import: &Import) -> Result<Vec<RowAnswer>, AppError> {
    let (mut answers, mut after) = (Vec::new(), 0);
    loop {
        let blocks = app.import_texts(import.id, after)?;
        let Some((last, _)) = blocks.last() else { return Ok(answers) };
        after = *last;
        answers.extend(blocks.iter().flat_map(|(_, texts)| row_answers(&texts.receipts)));
    }
}

/// Receipts as they are kept, read back: whatever must not be kept was withheld from them.
fn row_answers(receipts: &str) -> impl Iterator<Item = RowAnswer> {
    receipts.lines().filter_map(|line| serde_json::from_str(line).ok())
}
