//! Imports and the receipts of their rows.

use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};

use super::StoreError;
use super::engine::Conn;
use super::schema::{import_blocks as blocks, imports};
use crate::domain::authority::Authority;

/// One run of an import.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = imports)]
pub struct ImportRow {
    /// DfE code of the authority.
    pub authority: String,
    /// Its number within the authority.
    pub id: i64,
    /// The noun imported, by its plural.
    pub noun: String,
    /// Who imports.
    pub written_by: String,
    /// True if nothing is to be written.
    pub dry_run: bool,
    /// When it began.
    pub started_at: NaiveDateTime,
    /// When it last answered a block of rows.
    pub last_block_at: NaiveDateTime,
    /// When it ended.
    pub finished_at: Option<NaiveDateTime>,
    /// `running`, `finished` or `failed`.
    pub state: String,
    /// Why it failed.
    pub problem: Option<String>,
    /// Columns the file has and the noun has not, separated by line breaks.
    pub unknown_columns: String,
    /// Rows answered `created`.
    pub rows_created: i64,
    /// Rows answered `updated`.
    pub rows_updated: i64,
    /// Rows answered `unchanged`.
    pub rows_unchanged: i64,
    /// Rows answered `rejected`.
    pub rows_rejected: i64,
}

/// The receipts of one block of rows.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = blocks)]
pub struct BlockReceipts {
    /// DfE code of the authority.
    pub authority: String,
    /// The import.
    pub import_id: i64,
    /// Number of the block, from 1.
    pub block: i64,
    /// One JSON object a line for each row.
    pub receipts: String,
    /// CSV lines of the rejected rows.
    pub rejected: String,
}

/// Writes a new import under the next number of its authority, whose ledger must be held.
///
/// # Errors
/// When the database fails.
pub fn insert_import(conn: &mut Conn, mut import: ImportRow) -> Result<ImportRow, StoreError> {
    let last: Option<i64> = imports::table
        .filter(imports::authority.eq(&import.authority))
        .order(imports::id.desc())
        .select(imports::id)
        .first(conn)
        .optional()?;
    import.id = last.unwrap_or(0) + 1;
    diesel::insert_into(imports::table).values(&import).execute(conn)?;
    Ok(import)
}

/// Finds an import.
///
/// # Errors
/// When the database fails; one that is not there is `None`.
pub fn find_import(conn: &mut Conn, authority: Authority, id: i64) -> Result<Option<ImportRow>, StoreError> {
    Ok(imports::table.find((authority.code(), id)).first(conn).optional()?)
}

/// The latest imports of some authorities, newest first.
///
/// # Errors
/// When the database fails.
pub fn latest_imports(
    conn: &mut Conn,
    authorities: Option<&[Authority]>,
    limit: i64,
) -> Result<Vec<ImportRow>, StoreError> {
    let newest =
        imports::table.order((imports::started_at.desc(), imports::authority, imports::id.desc())).limit(limit);
    Ok(match authorities {
        None => newest.load(conn)?,
        Some(list) => {
            let codes: Vec<_> = list.iter().map(|authority| authority.code()).collect();
            newest.filter(imports::authority.eq_any(codes)).load(conn)?
        }
    })
}

/// Keeps the receipts of one block.
///
/// # Errors
/// When the database fails.
pub fn add_block(conn: &mut Conn, block: &BlockReceipts) -> Result<(), StoreError> {
    diesel::insert_into(blocks::table).values(block).execute(conn)?;
    Ok(())
}

/// Adds to the counts of an import.
///
/// # Errors
/// When the database fails.
pub fn tally_import(
    conn: &mut Conn,
    authority: Authority,
    id: i64,
    [created, updated, unchanged, rejected]: [i64; 4],
    at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(imports::table.find((authority.code(), id)))
        .set((
            imports::rows_created.eq(imports::rows_created + created),
            imports::rows_updated.eq(imports::rows_updated + updated),
            imports::rows_unchanged.eq(imports::rows_unchanged + unchanged),
            imports::rows_rejected.eq(imports::rows_rejected + rejected),
            imports::last_block_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes how an import ended: `finished`, or `failed` with its problem.
///
/// # Errors
/// When the database fails.
pub fn finish_import(
    conn: &mut Conn,
    authority: Authority,
    id: i64,
    problem: Option<&str>,
    at: NaiveDateTime,
) -> Result<(), StoreError> {
    let state = if problem.is_some() { "failed" } else { "finished" };
    diesel::update(imports::table.find((authority.code(), id)))
        .set((imports::state.eq(state), imports::problem.eq(problem), imports::finished_at.eq(Some(at))))
        .execute(conn)?;
    Ok(())
}

/// The receipts of an import after a block, in order, at most `limit` blocks.
///
/// # Errors
/// When the database fails.
pub fn import_blocks(
    conn: &mut Conn,
    authority: Authority,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<BlockReceipts>, StoreError> {
    Ok(blocks::table
        .filter(blocks::authority.eq(authority.code()))
        .filter(blocks::import_id.eq(id))
        .filter(blocks::block.gt(after))
        .order(blocks::block)
        .limit(limit)
        .load(conn)?)
}
