//! The answers to the rows of a block, made part by part in the order of the file.

use super::Outcome;
use super::imports::{BlockTexts, ImportCounts, ImportedRow, Receipt, RowOrigin};
use crate::domain::noun::Submission;

/// Rows that wait for their answers, and what was answered so far.
pub struct Answers<W> {
    /// Each with its answer, if it could not even be read.
    waiting: std::iter::Peekable<std::vec::IntoIter<(RowOrigin, Option<Outcome>)>>,
    write: W,
    /// How the rows were answered.
    pub counts: ImportCounts,
    /// Their receipts.
    pub texts: BlockTexts,
}

impl<W: FnMut(&[Receipt]) -> BlockTexts> Answers<W> {
    /// Parts the rows into what they submit and what waits for its answer. `write` turns receipts into texts.
    pub fn to(rows: Vec<ImportedRow>, write: W) -> (Vec<Submission<'static>>, Self) {
        let mut submissions = Vec::with_capacity(rows.len());
        let mut waiting = Vec::with_capacity(rows.len());
        for (origin, read) in rows {
            match read {
                Ok(submission) => {
                    submissions.push(submission);
                    waiting.push((origin, None));
                }
                Err(faults) => waiting.push((origin, Some(Outcome::Rejected(faults)))),
            }
        }
        let waiting = waiting.into_iter().peekable();
        (submissions, Self { waiting, write, counts: ImportCounts::default(), texts: BlockTexts::default() })
    }

    /// Takes in the outcomes of the next rows that were submitted, and answers every row up to the next that was not.
    pub fn add(&mut self, outcomes: Vec<Outcome>) {
        let mut outcomes = outcomes.into_iter();
        let mut receipts = Vec::with_capacity(outcomes.len());
        while let Some((origin, read)) = self.waiting.next_if(|(_, read)| read.is_some() || outcomes.len() > 0) {
            receipts.extend(read.or_else(|| outcomes.next()).map(|outcome| Receipt { origin, outcome }));
        }
        for receipt in &receipts {
            self.counts.count(&receipt.outcome);
        }
        let texts = (self.write)(&receipts);
        self.texts.receipts.push_str(&texts.receipts);
        self.texts.rejected.push_str(&texts.rejected);
    }
}
