//! The memory: rows to domain values and back, the ledger, two engines. Decides nothing.

mod engine;
mod idempotency;
mod imports;
mod insert;
mod keys;
mod ledger;
mod migrate;
mod records;
mod scan;
mod schema;
mod state;
mod verify;
mod writer;

pub use engine::{Conn, DatabaseUrl};
pub use idempotency::{KeyUse, find_key, remember_key};
pub use imports::{
    BlockReceipts, ImportRow, add_block, find_import, finish_import, import_blocks, insert_import, latest_imports,
    tally_import,
};
pub use keys::{ApiKey, any_keys, find_api_key, insert_api_key, list_api_keys, revoke_api_key};
pub use ledger::{corrupt, entries_after, entry, heads, seq_known_at, stated};
pub use migrate::migrate;
pub use records::{
    Condition, Page, find, find_by_external, find_by_link, find_by_reference, find_by_text, known_references, list,
    scan,
};
pub use scan::{Records, Texts, with_records};
pub use state::Stated;
pub use verify::{Flaw, recorded_codes, verify};
pub use writer::{Change, Stage, Tx};

use crate::domain::authority::Authority;

/// Why the memory could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is not there, or too busy. Try again.
    #[error("the database is not available: {0}")]
    Busy(String),
    /// A row holds what no row may hold.
    #[error("{table} {key} is corrupt: {problem}")]
    Corrupt {
        /// Which table.
        table: &'static str,
        /// Which row.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Migration(String),
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Query(#[from] diesel::result::Error),
    /// The work that was to be written panicked.
    #[error("the work failed half-way; nothing of it was kept")]
    Panicked,
}

/// The memory of one database.
#[derive(Clone)]
pub struct Store {
    readers: engine::Readers,
    writer: writer::Writer,
    block_rows: usize,
}

impl Store {
    /// Opens the database, migrated to the present.
    ///
    /// # Errors
    /// When it cannot be reached or migrated.
    pub fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        migrate(url)?;
        let writer = writer::Writer::start(url.clone())?;
        Ok(Self { readers: engine::readers(url)?, writer, block_rows: url.block_rows() })
    }

    /// How many rows of an import this engine had best write in one transaction.
    pub fn block_rows(&self) -> usize {
        self.block_rows
    }

    /// Reads, on a connection of the readers' pool.
    ///
    /// # Errors
    /// `Busy` when no connection is free in time, and whatever `work` fails with.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.readers.get().map_err(|error| StoreError::Busy(error.to_string()))?;
        work(&mut conn)
    }

    /// Writes: `work` runs in a transaction that holds the ledgers of `authorities`, together with whatever else has
    /// arrived. It is kept if it succeeds, whole or not at all, and is on the disk when this returns.
    ///
    /// # Errors
    /// Whatever `work` fails with, and `StoreError` when the database does.
    pub fn write<T, E>(
        &self,
        authorities: Vec<Authority>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(authorities, work)
    }
}
