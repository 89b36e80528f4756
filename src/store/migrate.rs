//! Migrations: one set for both engines, applied under a lock.

use diesel::RunQueryDsl;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::engine::{Conn, begin, end, on_each};
use super::{DatabaseUrl, StoreError};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Number of the PostgreSQL advisory lock, "20wk" in ASCII.
const LOCK: i64 = 0x3230_776B;

/// Applies what is pending, once, however many processes try together; answers with how many were applied.
///
/// # Errors
/// When the database cannot be reached or refuses a statement; then nothing was applied.
pub fn migrate(url: &DatabaseUrl) -> Result<usize, StoreError> {
    let mut conn = url.connect().map_err(|error| StoreError::Busy(format!("cannot open {url}: {error}")))?;
    begin(&mut conn)?;
    let applied = apply(&mut conn);
    end(&mut conn, applied.is_ok())?;
    applied
}

fn apply(conn: &mut Conn) -> Result<usize, StoreError> {
    if let Conn::Postgres(server) = conn {
        diesel::sql_query(format!("select pg_advisory_xact_lock({LOCK})")).execute(server)?;
    }
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Migration(error.to_string());
    on_each!(conn, |inner| inner.run_pending_migrations(MIGRATIONS).map(|done| done.len()).map_err(failed))
}
