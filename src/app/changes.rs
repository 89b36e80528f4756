//! Changes: the ledger read in order, the history of one record, and the proof that nothing was altered.

use super::records::not_found;
use super::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::ledger::Entry;
use crate::domain::noun::{Cells, External};
use crate::domain::reference::RecordId;
use crate::store::{self, Flaw, StoreError};

/// One version of a record.
#[derive(Clone, Debug)]
pub struct Version {
    /// The entry that made it.
    pub entry: Entry,
    /// The record's id elsewhere.
    pub external: Option<External>,
    /// Its fields.
    pub cells: Cells,
}

/// Part of a record's history.
#[derive(Clone, Debug)]
pub struct History {
    /// Versions, newest first.
    pub versions: Vec<Version>,
    /// The version before the last of them, where the next part begins; `None` if they reach back to the first.
    pub before: Option<Version>,
}

/// What checking one ledger found.
#[derive(Clone, Debug)]
pub struct LedgerCheck {
    /// Whose ledger, by the code its rows have.
    pub authority: String,
    /// Entries read.
    pub entries: i64,
    /// What is not as it was written.
    pub flaws: Vec<Flaw>,
}

fn version(entry: Entry) -> Result<Version, StoreError> {
    let (external, cells) = store::stated(&entry)?;
    Ok(Version { entry, external, cells })
}

impl App {
    /// The changes of one authority after an entry, in order.
    ///
    /// # Errors
    /// When the database fails or an entry is corrupt.
    pub fn changes(&self, authority: Authority, after: i64, limit: i64) -> Result<Vec<Version>, AppError> {
        self.store.read(|conn| {
            let entries = store::entries_after(conn, authority, after, limit)?;
            Ok(entries.into_iter().map(version).collect::<Result<_, StoreError>>()?)
        })
    }

    /// Versions of a record, newest first, at most `limit`: from the entry `from`, or from the present one. Each entry
    /// names the one it replaces.
    ///
    /// # Errors
    /// `NotFound`, also when `from` is no version of the record.
    pub fn history(&self, id: RecordId, from: Option<i64>, limit: usize) -> Result<History, AppError> {
        self.store.read(|conn| {
            let record = store::find(conn, id)?.ok_or_else(|| not_found(id))?;
            let mut versions = Vec::new();
            let mut next = Some(from.unwrap_or(record.seq));
            while let Some(seq) = next.filter(|_| versions.len() <= limit) {
                let entry = store::entry(conn, id.authority, seq)?.filter(|entry| entry.record() == id);
                let entry = entry.ok_or_else(|| match from {
                    Some(from) if from == seq => AppError::NotFound { what: "version", id: format!("{seq} of {id}") },
                    _ => store::corrupt(id.authority, seq, "is missing").into(),
                })?;
                next = entry.replaces;
                versions.push(version(entry)?);
            }
            let before = if versions.len() > limit { versions.pop() } else { None };
            Ok(History { versions, before })
        })
    }

    /// Checks the ledger of every authority that has a head, an entry or a record, or of one. Nothing recorded, no check.
    ///
    /// # Errors
    /// When the database fails.
    pub fn verify_ledger(&self, only: Option<Authority>) -> Result<Vec<LedgerCheck>, AppError> {
        self.store.read(|conn| {
            let codes = store::recorded_codes(conn)?;
            let wanted = codes.into_iter().filter(|code| only.is_none_or(|only| only.code() == code));
            wanted
                .map(|authority| {
                    let (entries, flaws) = store::verify(conn, &authority)?;
                    Ok(LedgerCheck { authority, entries, flaws })
                })
                .collect()
        })
    }
}
