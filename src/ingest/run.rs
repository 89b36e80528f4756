//! An import from its first byte to its last receipt: rows are read in blocks while the block before is written.

use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::columns::Columns;
use super::job::{ImportError, ImportJob};
use super::receipts;
use super::rows::Rows;
use crate::app::{App, AppError, BlockTexts, Import, ImportCounts, ImportedRow, NewImport};
use crate::domain::caller::Caller;

/// Bytes of the file after which a block ends early, so that long rows cannot fill the memory.
const BLOCK_BYTES: u64 = 8 << 20;

/// Told after each block.
pub type Progress<'a> = &'a mut (dyn FnMut(&ImportCounts) + Send);

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
    let columns = rows.columns();
    let (sender, receiver) = sync_channel(1);
    let (written, read) = std::thread::scope(|scope| {
        let import = &import;
        let writer = scope.spawn(move || write_blocks(app, import, &columns, receiver, progress));
        let read = send_blocks(&mut rows, app.block_rows(), &sender);
        drop(sender);
        (writer.join(), read)
    });
    let written = match written {
        Ok(Ok(written)) => written,
        Ok(Err(error)) => {
            note_end(app, &import, Some(error.to_string()));
            return Err(error.into());
        }
        Err(_) => return Err(AppError::half_done().into()),
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
fn send_blocks(
    rows: &mut Rows<impl Read>,
    block_rows: usize,
    sender: &SyncSender<Vec<ImportedRow>>,
) -> std::io::Result<()> {
    loop {
        let mut block = Vec::with_capacity(block_rows);
        let mut end = Ok(true);
        let start = rows.bytes();
        while block.len() < block_rows && rows.bytes() - start < BLOCK_BYTES {
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
    columns: &Arc<Columns>,
    blocks: Receiver<Vec<ImportedRow>>,
    progress: Progress<'_>,
) -> Result<(ImportCounts, BlockTexts), AppError> {
    let mut counts = ImportCounts::default();
    let mut kept = BlockTexts::default();
    for (number, block) in (1..).zip(blocks) {
        let columns = Arc::clone(columns);
        let mut header = if number == 1 { receipts::rejected_header(&columns) } else { String::new() };
        let write = move |receipts: &[_]| {
            let texts = receipts::write(&columns, receipts);
            BlockTexts { rejected: std::mem::take(&mut header) + &texts.rejected, ..texts }
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
