//! API keys: who may call. Only hashes are kept.

use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};

use super::StoreError;
use super::engine::Conn;
use super::schema::api_keys;

/// One API key.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = api_keys)]
pub struct ApiKey {
    /// The part of the key that is not secret.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// SHA-256 of the whole key, in hexadecimal.
    pub hash: String,
    /// Its scopes, separated by blanks.
    pub scopes: String,
    /// `all`, or DfE codes separated by blanks.
    pub authorities: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it was revoked.
    pub revoked_at: Option<NaiveDateTime>,
}

/// True if a key was ever made.
///
/// # Errors
/// When the database fails.
pub fn any_keys(conn: &mut Conn) -> Result<bool, StoreError> {
    let first: Option<String> = api_keys::table.select(api_keys::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// Finds a key by its id.
///
/// # Errors
/// When the database fails; one that is not there is `None`.
pub fn find_api_key(conn: &mut Conn, id: &str) -> Result<Option<ApiKey>, StoreError> {
    Ok(api_keys::table.find(id).first(conn).optional()?)
}

/// Writes a new key.
///
/// # Errors
/// When the database fails.
pub fn insert_api_key(conn: &mut Conn, key: &ApiKey) -> Result<(), StoreError> {
    diesel::insert_into(api_keys::table).values(key).execute(conn)?;
    Ok(())
}

/// Every key, oldest first.
///
/// # Errors
/// When the database fails.
pub fn list_api_keys(conn: &mut Conn) -> Result<Vec<ApiKey>, StoreError> {
    Ok(api_keys::table.order((api_keys::created_at, api_keys::id)).load(conn)?)
}

/// Revokes a key; false if there is no such key or it is revoked already.
///
/// # Errors
/// When the database fails.
pub fn revoke_api_key(conn: &mut Conn, id: &str, at: NaiveDateTime) -> Result<bool, StoreError> {
    let live = api_keys::table.find(id).filter(api_keys::revoked_at.is_null());
    Ok(diesel::update(live).set(api_keys::revoked_at.eq(Some(at))).execute(conn)? == 1)
}
