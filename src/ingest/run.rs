//! An import from its first byte to its last receipt: rows are read in blocks while the block before is written.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::csv::Header;
use super::json::{read_body, read_object};
use super::receipts;
use crate::app::{App, AppError, BlockTexts, Import, ImportCounts, ImportedRow, NewImport, RowCells, RowOrigin};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::fault::Faults;
use crate::domain::noun::{Noun, Submission};

/// Rows of one block: one transaction, one set of receipts.
const BLOCK_ROWS: usize = 10_000;

/// Longest line of NDJSON, and longest row of CSV as far as it is kept, in bytes.
const LINE_BYTES_MAX: u64 = 1 << 20;

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

/// Told after each block.
pub type Progress<'a> = &'a mut (dyn FnMut(&ImportCounts) + Send);

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

/// What was imported, and the rejected rows of a dry run, which are kept nowhere.
pub type Imported = (Import, BlockTexts);

/// Imports a file.
///
/// # Errors
/// See [`ImportError`]. Faults of a row are no error: they are its receipt.
pub fn run(
    app: &App,
    caller: &Caller,
    job: &ImportJob,
    file: impl Read + Send,
    progress: Progress<'_>,
) -> Result<Imported, ImportError> {
    let mut rows = Rows::open(job, file)?;
    let new =
        NewImport { noun: job.noun, authority: job.authority, dry_run: job.dry_run, unknown_columns: rows.unknown() };
    let import = app.begin_import(caller, new)?;
    let names = rows.names().to_vec();
    let (sender, receiver) = sync_channel(1);
    let (written, read) = std::thread::scope(|scope| {
        let (import, names) = (&import, &names);
        let writer = scope.spawn(move || write_blocks(app, import, names, receiver, progress));
        let read = send_blocks(&mut rows, &sender);
        drop(sender);
        (writer.join(), read)
    });
    let written = match written {
        Ok(Ok(written)) => written,
        Ok(Err(error)) => {
            note_end(app, &import, Some(error.to_string()));
            return Err(error.into());
        }
        Err(_) => return Err(AppError::from(crate::store::StoreError::Panicked).into()),
    };
    let problem = read.err().map(|error| error.to_string());
    app.finish_import(&import, problem.clone())?;
    let now = if job.dry_run { Import { counts: written.0, ..import } } else { app.import(import.id)? };
    match problem {
        Some(problem) => Err(ImportError::CutOff { import: Box::new(now), problem }),
        None => Ok((now, written.1)),
    }
}

/// Notes how an import ended when it failed already: a second failure would hide the first.
fn note_end(app: &App, import: &Import, problem: Option<String>) {
    if let Err(error) = app.finish_import(import, problem) {
        tracing::warn!(import = %import.id, error = %error, "the end of an import could not be noted");
    }
}

/// Sends the rows of a file in blocks until it ends, cannot be read, or nobody listens.
fn send_blocks(rows: &mut Rows<impl Read>, sender: &SyncSender<Vec<ImportedRow>>) -> std::io::Result<()> {
    loop {
        let mut block = Vec::with_capacity(BLOCK_ROWS);
        let mut end = Ok(true);
        while block.len() < BLOCK_ROWS {
            match rows.next() {
                Some(Ok(row)) => block.push(row),
                Some(Err(error)) => {
                    end = Err(error);
                    break;
                }
                None => {
                    end = Ok(false);
                    break;
                }
            }
        }
        if !block.is_empty() && sender.send(block).is_err() {
            return Ok(());
        }
        if !end? {
            return Ok(());
        }
    }
}

fn write_blocks(
    app: &App,
    import: &Import,
    names: &[String],
    blocks: Receiver<Vec<ImportedRow>>,
    progress: Progress<'_>,
) -> Result<(ImportCounts, BlockTexts), AppError> {
    let mut counts = ImportCounts::default();
    let mut kept = BlockTexts::default();
    for (number, block) in (1..).zip(blocks) {
        let names = names.to_vec();
        let header = if number == 1 { receipts::rejected_header(&names) } else { String::new() };
        let write = move |receipts: &[_]| {
            let texts = receipts::write(&names, receipts);
            BlockTexts { rejected: header + &texts.rejected, ..texts }
        };
        let (block_counts, texts) = app.import_block(import, number, block, write)?;
        counts.add(block_counts);
        if import.dry_run {
            kept.rejected.push_str(&texts.rejected);
        }
        progress(&counts);
    }
    Ok((counts, kept))
}

/// The rows of a file, whatever its format.
enum Rows<R: Read> {
    Csv { job: ImportJob, header: Header, reader: ::csv::Reader<R>, record: ::csv::ByteRecord },
    Ndjson { job: ImportJob, names: Vec<String>, reader: BufReader<R>, line: u64 },
}

impl<R: Read> Rows<R> {
    fn open(job: &ImportJob, file: R) -> Result<Self, ImportError> {
        let job = job.clone();
        match job.format {
            FileFormat::Csv => {
                let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
                let mut record = ::csv::ByteRecord::new();
                let mut faults = Faults::default();
                match reader.read_byte_record(&mut record) {
                    Ok(true) => {}
                    Ok(false) => faults.add("file", "empty_file", "has no header row"),
                    Err(error) => faults.add("file", "unreadable_file", error.to_string()),
                }
                let header =
                    faults.or(()).and_then(|()| Header::read(job.noun, &record)).map_err(ImportError::Header)?;
                Ok(Self::Csv { job, header, reader, record })
            }
            FileFormat::Ndjson => {
                let fields = job.noun.kind().fields.iter().map(|field| field.name);
                let names = ["source_system", "external_id"].into_iter().chain(fields).map(str::to_owned).collect();
                Ok(Self::Ndjson { job, names, reader: BufReader::new(file), line: 0 })
            }
        }
    }

    fn names(&self) -> &[String] {
        match self {
            Self::Csv { header, .. } => &header.names,
            Self::Ndjson { names, .. } => names,
        }
    }

    fn unknown(&self) -> &[String] {
        match self {
            Self::Csv { header, .. } => &header.unknown,
            Self::Ndjson { .. } => &[],
        }
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = std::io::Result<ImportedRow>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Csv { job, header, reader, record } => match reader.read_byte_record(record) {
                Ok(true) => Some(Ok(header.row(job, record))),
                Ok(false) => None,
                Err(error) => Some(Err(std::io::Error::other(error))),
            },
            Self::Ndjson { job, reader, line, .. } => loop {
                let mut bytes = Vec::new();
                match reader.take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes) {
                    Ok(0) => return None,
                    Ok(_) => *line += 1,
                    Err(error) => return Some(Err(error)),
                }
                if !bytes.ends_with(b"\n") && u64::try_from(bytes.len()).is_ok_and(|length| length == LINE_BYTES_MAX) {
                    let problem = format!("line {line} is longer than {LINE_BYTES_MAX} bytes");
                    return Some(Err(std::io::Error::other(problem)));
                }
                let text = bytes.trim_ascii();
                let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
                if !text.is_empty() {
                    return Some(Ok(json_row(job, *line, text)));
                }
            },
        }
    }
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
    let map = match read_object(text) {
        Ok(map) => map,
        Err(problem) => {
            faults.add("row", "not_json", problem);
            return (origin, Err(faults));
        }
    };
    let said = |name: &str| map.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let kind = job.noun.kind();
    let reference = kind.own_reference().and_then(|place| kind.fields.get(place)).and_then(|field| said(field.name));
    let external_id = said("external_id");
    let identified = external_id.is_some() || reference.is_some();
    let names = ["source_system", "external_id"].into_iter().chain(kind.fields.iter().map(|field| field.name));
    origin.cells = names.map(|name| map.get(name).map(cell).unwrap_or_default()).collect();
    origin.external_id = external_id.clone().or(reference).map(Into::into);
    let mut map = map;
    if external_id.is_some() && !map.contains_key("source_system") {
        map.insert("source_system".to_owned(), job.source_system.clone().into());
    }
    let mut body = read_body(job.noun, map);
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

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
