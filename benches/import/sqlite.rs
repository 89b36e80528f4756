//! SQLite, and its limit: prepared inserts of one row each, in large transactions.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use tempfile::TempDir;

use super::{Engine, prepare};

/// Rows read into memory, and written in one transaction: more brought nothing, fewer cost.
const ROWS: i64 = 50_000;

/// As the service sets its own connections up.
const SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                        pragma cache_size = -65536; pragma temp_store = memory; pragma wal_autocheckpoint = 16384;";

/// Databases in a temporary folder, copied from one that holds the children already.
pub struct Sqlite {
    folder: TempDir,
}

type Row = Vec<Value>;

impl Sqlite {
    pub fn start(children: &std::path::Path) -> Self {
        let engine = Self { folder: TempDir::new().expect("a temporary folder") };
        let base = engine.path("base");
        prepare(&url(&base), children);
        // All of it in one file, to be copied.
        let conn = Connection::open(&base).expect("the database opens");
        conn.execute_batch("pragma wal_checkpoint(truncate)").expect("the log is taken in");
        engine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.db"))
    }
}

fn url(path: &std::path::Path) -> String {
    format!("sqlite://{}", path.display())
}

fn open(path: &str) -> Connection {
    let conn = Connection::open(path).expect("the database opens");
    conn.execute_batch(SETTINGS).expect("its settings");
    conn
}

impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn limit_name(&self) -> &'static str {
        "prepared inserts"
    }

    fn with_children(&self, name: &str) -> String {
        std::fs::copy(self.path("base"), self.path(name)).expect("room on the disk");
        url(&self.path(name))
    }

    fn empty(&self, name: &str) -> String {
        url(&self.path(name))
    }

    fn remove(&self, database: &str) {
        for part in ["", "-wal", "-shm"] {
            let path = format!("{}{part}", database.trim_start_matches("sqlite://"));
            // Which of the three files there are is SQLite's affair.
            drop(std::fs::remove_file(path));
        }
    }

    fn limit(&self, written: &str, target: &str) -> Duration {
        let from = open(written.trim_start_matches("sqlite://"));
        let to = open(target.trim_start_matches("sqlite://"));
        let mut took = Duration::ZERO;
        let mut after = 0;
        loop {
            let referrals = read(&from, "referrals where authority = '301' and id > ?1 order by id limit ?2", after);
            let entries = "ledger_entries where authority = '301' and noun = 'ref' and seq > ?1 order by seq limit ?2";
            let entries = read(&from, entries, after);
            let Some(Value::Integer(last)) = referrals.last().map(|row| row[1].clone()) else { return took };
            after = last;
            let started = Instant::now();
            to.execute_batch("begin immediate").expect("nobody else writes");
            insert(&to, "referrals", &referrals);
            insert(&to, "ledger_entries", &entries);
            to.execute_batch("commit").expect("the rows are kept");
            took += started.elapsed();
        }
    }
}

/// Rows of a table after a number. New records are numbered by their entries, so the number serves both tables.
fn read(conn: &Connection, rest: &str, after: i64) -> Vec<Row> {
    let mut query = conn.prepare(&format!("select * from {rest}")).expect("a query");
    let columns = query.column_count();
    let rows = query.query_map([after, ROWS], |row| (0..columns).map(|place| row.get(place)).collect());
    rows.and_then(Iterator::collect).expect("rows")
}

fn insert(conn: &Connection, table: &str, rows: &[Row]) {
    let Some(first) = rows.first() else { return };
    let places = vec!["?"; first.len()].join(", ");
    let mut insert = conn.prepare(&format!("insert into {table} values ({places})")).expect("a statement");
    for row in rows {
        insert.execute(params_from_iter(row)).expect("the row fits");
    }
}
