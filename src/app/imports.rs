//! Imports: rows in blocks, each block with its receipts in one transaction.

use chrono::{DateTime, Utc};

use super::answers::Answers;
use super::submit::{Batch, submit_parts};
use super::{App, AppError, Outcome};
use crate::domain::authority::Authority;
use crate::domain::caller::{Caller, Reach};
use crate::domain::fault::Faults;
use crate::domain::noun::{Noun, Submission};
use crate::domain::reference::ImportId;
use crate::store::{self, BlockReceipts, ImportRow, StoreError};

/// What an import begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewImport<'a> {
    /// What is imported.
    pub noun: Noun,
    /// Whose rows they are.
    pub authority: Authority,
    /// True if nothing shall be written.
    pub dry_run: bool,
    /// Columns of the file that the noun does not have.
    pub unknown_columns: &'a [String],
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Rows are still coming.
    Running,
    /// No row has come for a minute: its sender is slow or gone. Sending the file again finishes it.
    Interrupted,
    /// Every row was answered.
    Finished,
    /// The file could not be read to its end; rows answered before are kept.
    Failed,
}

impl ImportState {
    /// The word of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }
}

/// How many rows were answered how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// New records.
    pub created: i64,
    /// Changed records.
    pub updated: i64,
    /// Records that said so already.
    pub unchanged: i64,
    /// Rows that were refused.
    pub rejected: i64,
}

impl ImportCounts {
    /// Counts one outcome.
    pub fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Created(_) => self.created += 1,
            Outcome::Updated(_) => self.updated += 1,
            Outcome::Unchanged(_) => self.unchanged += 1,
            Outcome::Rejected(_) => self.rejected += 1,
        }
    }

    /// Adds the counts of a block.
    pub fn add(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
    }

    /// All rows answered.
    pub fn rows(&self) -> i64 {
        self.created + self.updated + self.unchanged + self.rejected
    }
}

/// One import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its id. A dry run has number 0: it is not kept.
    pub id: ImportId,
    /// What is imported.
    pub noun: Noun,
    /// Who imports.
    pub by: String,
    /// True if nothing is written.
    pub dry_run: bool,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it last answered a block.
    pub last_block_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// How far it has come.
    pub state: ImportState,
    /// Why it failed.
    pub problem: Option<String>,
    /// Columns of the file that the noun does not have.
    pub unknown_columns: Vec<String>,
    /// Rows answered so far.
    pub counts: ImportCounts,
}

/// Where a row came from.
#[derive(Clone, Debug)]
pub struct RowOrigin {
    /// Its line in the file; the header is line 1.
    pub line: u64,
    /// Its external id or reference, as the file has it.
    pub external_id: Option<Box<str>>,
    /// Its cells as the file has them, for the file of rejected rows.
    pub cells: RowCells,
}

/// Cells in one piece of memory: every row keeps its own, and few rows are asked for them.
#[derive(Clone, Debug, Default)]
pub struct RowCells {
    text: String,
    ends: Vec<usize>,
}

impl RowCells {
    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.text.get(start..*end).unwrap_or_default())
    }
}

impl<T: AsRef<str>> FromIterator<T> for RowCells {
    fn from_iter<I: IntoIterator<Item = T>>(cells: I) -> Self {
        let mut row = Self::default();
        for cell in cells {
            row.text.push_str(cell.as_ref());
            row.ends.push(row.text.len());
        }
        row
    }
}

/// The answer to one row.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Where the row came from.
    pub origin: RowOrigin,
    /// What became of it.
    pub outcome: Outcome,
}

/// One row of a block: what it submits, or why it cannot be read.
pub type ImportedRow = (RowOrigin, Result<Submission<'static>, Faults>);

/// A block answered: its counts, and its receipts as the wire writes them.
pub type BlockAnswer = (ImportCounts, BlockTexts);

/// The receipts of a block: one JSON object a line, and the rejected rows as CSV lines.
#[derive(Clone, Debug, Default)]
pub struct BlockTexts {
    /// One JSON object a line.
    pub receipts: String,
    /// CSV lines.
    pub rejected: String,
}

/// Rows of a block that are submitted while those before them are written.
const PART_ROWS: usize = 1_000;

/// After so many seconds without a block an import counts as interrupted.
const INTERRUPTED_AFTER_SECONDS: i64 = 60;

/// Why a transaction is not kept: it was a dry run, or the database failed.
pub(super) enum Undone<T> {
    DryRun(T),
    Failed(StoreError),
}

impl<T> From<StoreError> for Undone<T> {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl<T> Undone<T> {
    /// What the dry run answered.
    pub(super) fn answer(self) -> Result<T, AppError> {
        match self {
            Self::DryRun(answer) => Ok(answer),
            Self::Failed(error) => Err(error.into()),
        }
    }
}

impl App {
    /// Begins an import, so that its progress can be read from now on. A dry run is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin_import(&self, caller: &Caller, new: NewImport<'_>) -> Result<Import, AppError> {
        let NewImport { noun, authority, dry_run, unknown_columns } = new;
        let now = self.clock.now().naive_utc();
        let row = ImportRow {
            authority: authority.code().to_owned(),
            id: 0,
            noun: noun.kind().plural.to_owned(),
            written_by: caller.name.clone(),
            dry_run,
            started_at: now,
            last_block_at: now,
            finished_at: None,
            state: "running".to_owned(),
            problem: None,
            unknown_columns: unknown_columns.join("\n"),
            rows_created: 0,
            rows_updated: 0,
            rows_unchanged: 0,
            rows_rejected: 0,
        };
        let row = if dry_run {
            row
        } else {
            self.store.write(vec![authority], move |tx| store::insert_import(tx.conn(), row).map_err(AppError::from))?
        };
        Ok(self.read_import(row)?)
    }

    /// Rows of one block: one transaction, one set of receipts.
    pub fn block_rows(&self) -> usize {
        self.store.block_rows()
    }

    /// Submits one block of rows and keeps its receipts, all in one transaction: when this returns, the rows it answers
    /// are on the disk. `write` turns receipts into the texts that are kept, some rows at a time.
    ///
    /// # Errors
    /// When the database fails; then nothing of the block was kept.
    pub fn import_block(
        &self,
        import: &Import,
        block: i64,
        rows: Vec<ImportedRow>,
        write: impl FnMut(&[Receipt]) -> BlockTexts + Send + 'static,
    ) -> Result<BlockAnswer, AppError> {
        let (id, noun, dry_run) = (import.id, import.noun, import.dry_run);
        let clock = self.clock;
        let by = if dry_run { import.by.clone() } else { format!("{}/{id}", import.by) };
        let written = self.store.write(vec![id.authority], move |tx| {
            // Recorded when the ledger is held, not when the block began to wait for it.
            let (at, today) = (clock.now(), clock.today());
            let batch = Batch { noun, authority: id.authority, by: &by, at, today };
            let (submissions, mut answers) = Answers::to(rows, write);
            // A dry run is one part: what it takes in is never written.
            let part = if dry_run { usize::MAX } else { PART_ROWS };
            submit_parts(tx, batch, submissions, part, |outcomes| answers.add(outcomes))?;
            // The rows after the last that could be read.
            answers.add(Vec::new());
            let Answers { counts, texts, .. } = answers;
            if dry_run {
                return Err(Undone::DryRun(Box::new((counts, texts))));
            }
            let BlockTexts { receipts, rejected } = texts;
            let authority = id.authority.code().to_owned();
            let kept = BlockReceipts { authority, import_id: id.number, block, receipts, rejected };
            store::add_block(tx.conn(), &kept)?;
            let tally = [counts.created, counts.updated, counts.unchanged, counts.rejected];
            store::tally_import(tx.conn(), id.authority, id.number, tally, at.naive_utc())?;
            Ok((counts, BlockTexts { receipts: kept.receipts, rejected: kept.rejected }))
        });
        written.or_else(|undone| undone.answer().map(|answer| *answer))
    }

    /// Notes that an import has ended, with a problem or without.
    ///
    /// # Errors
    /// When the database fails.
    pub fn finish_import(&self, import: &Import, problem: Option<String>) -> Result<(), AppError> {
        let (id, at) = (import.id, self.clock.now().naive_utc());
        if import.dry_run {
            return Ok(());
        }
        self.store.write(vec![id.authority], move |tx| {
            store::finish_import(tx.conn(), id.authority, id.number, problem.as_deref(), at).map_err(AppError::from)
        })
    }

    /// Reads how far an import has come.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn import(&self, id: ImportId) -> Result<Import, AppError> {
        let missing = || AppError::NotFound { what: "import", id: id.to_string() };
        let row = self.store.read(|conn| store::find_import(conn, id.authority, id.number))?;
        Ok(self.read_import(row.ok_or_else(missing)?)?)
    }

    /// The latest imports within the caller's reach, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn imports(&self, caller: &Caller, limit: i64) -> Result<Vec<Import>, AppError> {
        let reach = match &caller.reach {
            Reach::All => None,
            Reach::Only(list) => Some(list.as_slice()),
        };
        let rows = self.store.read(|conn| store::latest_imports(conn, reach, limit))?;
        Ok(rows.into_iter().map(|row| self.read_import(row)).collect::<Result<_, _>>()?)
    }

    /// Some blocks of an import's receipts after a block, in order, with their numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub fn import_texts(&self, id: ImportId, after: i64) -> Result<Vec<(i64, BlockTexts)>, AppError> {
        let blocks = self.store.read(|conn| store::import_blocks(conn, id.authority, id.number, after, 8))?;
        let texts =
            |block: BlockReceipts| (block.block, BlockTexts { receipts: block.receipts, rejected: block.rejected });
        Ok(blocks.into_iter().map(texts).collect())
    }

    fn read_import(&self, row: ImportRow) -> Result<Import, StoreError> {
        let corrupt = |problem: &str| StoreError::Corrupt {
            table: "imports",
            key: format!("{} {}", row.authority, row.id),
            problem: problem.to_owned(),
        };
        let silent = (self.clock.now().naive_utc() - row.last_block_at).num_seconds() > INTERRUPTED_AFTER_SECONDS;
        let state = match row.state.as_str() {
            "running" if silent => ImportState::Interrupted,
            "running" => ImportState::Running,
            "finished" => ImportState::Finished,
            "failed" => ImportState::Failed,
            _ => return Err(corrupt("unknown state")),
        };
        let authority = Authority::parse(&row.authority).ok_or_else(|| corrupt("unknown authority"))?;
        Ok(Import {
            id: ImportId { authority, number: row.id },
            noun: Noun::from_plural(&row.noun).ok_or_else(|| corrupt("unknown noun"))?,
            by: row.written_by,
            dry_run: row.dry_run,
            started_at: row.started_at.and_utc(),
            last_block_at: row.last_block_at.and_utc(),
            finished_at: row.finished_at.map(|at| at.and_utc()),
            state,
            problem: row.problem,
            unknown_columns: row.unknown_columns.lines().map(str::to_owned).collect(),
            counts: ImportCounts {
                created: row.rows_created,
                updated: row.rows_updated,
                unchanged: row.rows_unchanged,
                rejected: row.rows_rejected,
            },
        })
    }
}
