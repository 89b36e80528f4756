//! Idempotency keys: what a POST was answered, kept with its effect.

use chrono::NaiveDateTime;
use diesel::{Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};

use super::StoreError;
use super::engine::Conn;
use super::schema::idempotency_keys as keys;
use crate::domain::authority::Authority;

/// One use of an idempotency key.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = keys)]
pub struct KeyUse {
    /// DfE code of the authority.
    pub authority: String,
    /// Who used it.
    pub caller: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the request it came with.
    pub request_hash: Vec<u8>,
    /// The ledger entry the request led to.
    pub record_seq: i64,
    /// When.
    pub created_at: NaiveDateTime,
}

/// Finds an earlier use.
///
/// # Errors
/// When the database fails; none is `None`.
pub fn find_key(conn: &mut Conn, authority: Authority, caller: &str, key: &str) -> Result<Option<KeyUse>, StoreError> {
    Ok(keys::table.find((authority.code(), caller, key)).first(conn).optional()?)
}

/// Keeps a use.
///
/// # Errors
/// When the database fails.
pub fn remember_key(conn: &mut Conn, key: &KeyUse) -> Result<(), StoreError> {
    diesel::insert_into(keys::table).values(key).execute(conn)?;
    Ok(())
}
