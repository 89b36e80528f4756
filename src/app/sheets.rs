//! The sheets of a set tried together: each is answered as if those before it had been taken in, and nothing is written.

use super::answers::Answers;
use super::imports::{BlockAnswer, BlockTexts, ImportedRow, Receipt, Undone};
use super::submit::{Batch, submit_parts};
use super::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::noun::Noun;

/// Turns receipts into the texts of an answer.
type Write = Box<dyn FnMut(&[Receipt]) -> BlockTexts + Send>;

/// All rows of one sheet.
pub struct SheetRows {
    /// What they are.
    pub noun: Noun,
    /// The rows.
    pub rows: Vec<ImportedRow>,
    /// Writes their receipts.
    pub write: Write,
}

impl App {
    /// Answers every row of some sheets, in their order, and writes nothing: one transaction, which is taken back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn try_sheets(
        &self,
        caller: &Caller,
        authority: Authority,
        sheets: Vec<SheetRows>,
    ) -> Result<Vec<BlockAnswer>, AppError> {
        let (clock, by) = (self.clock, caller.name.clone());
        let tried: Result<Vec<BlockAnswer>, _> = self.store.write(vec![authority], move |tx| {
            let (at, today) = (clock.now(), clock.today());
            let mut answers = Vec::with_capacity(sheets.len());
            for SheetRows { noun, rows, write } in sheets {
                let batch = Batch { noun, authority, by: &by, at, today };
                let (submissions, mut sheet) = Answers::to(rows, write);
                submit_parts(tx, batch, submissions, usize::MAX, |outcomes| sheet.add(outcomes))?;
                // The rows after the last that could be read.
                sheet.add(Vec::new());
                // The next sheet looks for what it refers to in the database.
                tx.flush()?;
                answers.push((sheet.counts, sheet.texts));
            }
            Err(Undone::DryRun(answers))
        });
        tried.or_else(Undone::answer)
    }
}
