//! The ledger as rows.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::StoreError;
use super::engine::Conn;
use super::schema::{ledger_entries, ledger_heads};
use super::state::{Stated, read_state};
use crate::domain::authority::Authority;
use crate::domain::ledger::{Entry, Hash, Head};
use crate::domain::noun::Noun;

/// The columns of an entry after its authority.
type Row = (i64, NaiveDateTime, String, i64, Option<i64>, String, String, Vec<u8>);

fn read(authority: Authority, row: Row) -> Result<Entry, StoreError> {
    let (seq, recorded_at, noun, number, replaces, by, state, hash) = row;
    let corrupt = |problem: &str| corrupt(authority, seq, problem);
    Ok(Entry {
        authority,
        seq,
        recorded_at: recorded_at.and_utc(),
        noun: Noun::from_prefix(&noun).ok_or_else(|| corrupt("no such noun"))?,
        number,
        replaces,
        by,
        state,
        hash: chain_link(hash).map_err(|problem| corrupt(&problem))?,
    })
}

fn chain_link(bytes: Vec<u8>) -> Result<Hash, String> {
    bytes.try_into().map_err(|bytes: Vec<u8>| format!("the hash is {} bytes long, not 32", bytes.len()))
}

/// What the state of an entry says.
///
/// # Errors
/// When it cannot be read: the entry is corrupt.
pub fn stated(entry: &Entry) -> Result<Stated, StoreError> {
    read_state(entry.noun, &entry.state).map_err(|refusal| corrupt(entry.authority, entry.seq, &refusal.message))
}

/// An entry that holds what no entry may hold.
pub fn corrupt(authority: Authority, seq: i64, problem: &str) -> StoreError {
    StoreError::Corrupt {
        table: "ledger_entries",
        key: format!("{} {seq}", authority.code()),
        problem: problem.to_owned(),
    }
}

const COLUMNS: (
    ledger_entries::seq,
    ledger_entries::recorded_at,
    ledger_entries::noun,
    ledger_entries::number,
    ledger_entries::replaces,
    ledger_entries::written_by,
    ledger_entries::state,
    ledger_entries::hash,
) = (
    ledger_entries::seq,
    ledger_entries::recorded_at,
    ledger_entries::noun,
    ledger_entries::number,
    ledger_entries::replaces,
    ledger_entries::written_by,
    ledger_entries::state,
    ledger_entries::hash,
);

/// Entries of one authority after `after`, in order, at most `limit`.
///
/// # Errors
/// When the database fails or an entry is corrupt.
pub fn entries_after(conn: &mut Conn, authority: Authority, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = ledger_entries::table
        .filter(ledger_entries::authority.eq(authority.code()))
        .filter(ledger_entries::seq.gt(after))
        .order(ledger_entries::seq)
        .limit(limit)
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(|row| read(authority, row)).collect()
}

/// One entry.
///
/// # Errors
/// When the database fails or the entry is corrupt.
pub fn entry(conn: &mut Conn, authority: Authority, seq: i64) -> Result<Option<Entry>, StoreError> {
    let row: Option<Row> =
        ledger_entries::table.find((authority.code(), seq)).select(COLUMNS).first(conn).optional()?;
    row.map(|row| read(authority, row)).transpose()
}

/// The last entry of an authority's ledger recorded by the end of `known_at`; 0 for none.
///
/// Found by jumps of powers of two from the start: entries are recorded in the order of their numbers. Ask about an instant
/// only once what was being written then is settled, or a later write of an earlier instant may still change the answer.
///
/// # Errors
/// When the database fails.
pub fn seq_known_at(
    conn: &mut Conn,
    authority: Authority,
    head: Head,
    known_at: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let mut seq = 0;
    for power in (0..63).rev() {
        let Some(next) = (1_i64 << power).checked_add(seq).filter(|next| *next <= head.seq) else { continue };
        let recorded_at: Option<NaiveDateTime> = ledger_entries::table
            .find((authority.code(), next))
            .select(ledger_entries::recorded_at)
            .first(conn)
            .optional()?;
        if recorded_at.is_some_and(|recorded_at| recorded_at.and_utc() <= known_at) {
            seq = next;
        }
    }
    Ok(seq)
}

/// Where the ledger of every authority that has one ends.
///
/// # Errors
/// When the database fails or a head is corrupt.
pub fn heads(conn: &mut Conn) -> Result<BTreeMap<Authority, Head>, StoreError> {
    let rows: Vec<(String, i64, Vec<u8>)> = ledger_heads::table.order(ledger_heads::authority).load(conn)?;
    rows.into_iter().map(|(code, seq, hash)| head(&code, seq, hash)).collect()
}

/// Where the ledger of one authority ends, if it has one.
///
/// # Errors
/// When the database fails or the head is corrupt.
pub fn head_of(conn: &mut Conn, authority: Authority) -> Result<Option<Head>, StoreError> {
    let row: Option<(String, i64, Vec<u8>)> = ledger_heads::table.find(authority.code()).first(conn).optional()?;
    row.map(|(code, seq, hash)| head(&code, seq, hash).map(|(_, head)| head)).transpose()
}

fn head(code: &str, seq: i64, hash: Vec<u8>) -> Result<(Authority, Head), StoreError> {
    let corrupt = |problem: &str| StoreError::Corrupt {
        table: "ledger_heads",
        key: code.to_owned(),
        problem: problem.to_owned(),
    };
    let authority = Authority::parse(code).ok_or_else(|| corrupt("no such authority"))?;
    Ok((authority, Head { seq, hash: chain_link(hash).map_err(|problem| corrupt(&problem))? }))
}

/// Locks the head of an authority's ledger until the transaction ends.
pub fn lock_head(conn: &mut Conn, authority: Authority) -> Result<Head, StoreError> {
    let code = authority.code();
    let empty = (
        ledger_heads::authority.eq(code),
        ledger_heads::seq.eq(Head::EMPTY.seq),
        ledger_heads::hash.eq(Head::EMPTY.hash.as_slice()),
    );
    let find = ledger_heads::table.find(code);
    let (code, seq, bytes): (String, i64, Vec<u8>) = match conn {
        Conn::Sqlite(lite) => {
            diesel::insert_into(ledger_heads::table).values(empty).on_conflict_do_nothing().execute(lite)?;
            find.first(lite)?
        }
        Conn::Postgres(server) => {
            diesel::insert_into(ledger_heads::table).values(empty).on_conflict_do_nothing().execute(server)?;
            find.for_update().first(server)?
        }
    };
    head(&code, seq, bytes).map(|(_, head)| head)
}

/// Moves the head of a locked ledger.
pub fn move_head(conn: &mut Conn, authority: Authority, head: Head) -> Result<(), StoreError> {
    diesel::update(ledger_heads::table.find(authority.code()))
        .set((ledger_heads::seq.eq(head.seq), ledger_heads::hash.eq(head.hash.as_slice())))
        .execute(conn)?;
    Ok(())
}
