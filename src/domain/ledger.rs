//! The ledger: one gap-free, hash-chained list of changes for each authority.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::authority::Authority;
use super::noun::Noun;
use super::reference::RecordId;

/// A link of the chain: SHA-256.
pub type Hash = [u8; 32];

/// Bytes as hexadecimal digits, the one way hashes and keys are written.
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// What stands before the first entry.
pub const GENESIS: Hash = [0; 32];

/// One change, as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose ledger.
    pub authority: Authority,
    /// Its place: 1, 2, 3 ... without gaps.
    pub seq: i64,
    /// When the service knew. Microseconds.
    pub recorded_at: DateTime<Utc>,
    /// What kind of record changed.
    pub noun: Noun,
    /// Which record: the number in its id.
    pub number: i64,
    /// The entry before that set the same record; `None` for a new record.
    pub replaces: Option<i64>,
    /// Who did it.
    pub by: String,
    /// The whole new state of the record, as JSON text.
    pub state: String,
    /// The hash of this entry and the one before.
    pub hash: Hash,
}

impl Entry {
    /// The record it changed.
    pub fn record(&self) -> RecordId {
        RecordId { noun: self.noun, authority: self.authority, number: self.number }
    }

    /// The hash this entry must have after `previous`.
    ///
    /// SHA-256 over the hash before and every other field, each with its length before it, so that no two entries share
    /// one spelling.
    pub fn chained_hash(&self, previous: &Hash) -> Hash {
        let mut digest = Sha256::new();
        digest.update(previous);
        let mut part = |bytes: &[u8]| {
            digest.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(bytes);
        };
        part(self.authority.code().as_bytes());
        part(&self.seq.to_be_bytes());
        part(&self.recorded_at.timestamp_micros().to_be_bytes());
        part(self.noun.kind().prefix.as_bytes());
        part(&self.number.to_be_bytes());
        part(&self.replaces.unwrap_or(0).to_be_bytes());
        part(self.by.as_bytes());
        part(self.state.as_bytes());
        digest.finalize().into()
    }
}

/// Where a ledger ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Sequence number of the last entry; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// The end of an empty ledger.
    pub const EMPTY: Self = Self { seq: 0, hash: GENESIS };

    /// Completes `entry` as the next of this ledger, and moves on.
    pub fn append(&mut self, mut entry: Entry) -> Entry {
        entry.seq = self.seq + 1;
        entry.hash = entry.chained_hash(&self.hash);
        *self = Self { seq: entry.seq, hash: entry.hash };
        entry
    }
}
