//! The two engines: a database URL, the connections behind it, and transactions that both engines hold alike.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, R2D2Connection};
use diesel::{Connection, ConnectionError, PgConnection, SqliteConnection};

use super::StoreError;

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded engine.
    Sqlite(SqliteConnection),
    /// The server.
    Postgres(PgConnection),
}

/// Repeats one expression for the connection of each engine, where diesel's wrapper of both cannot compile it.
macro_rules! on_each {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            $crate::store::engine::Conn::Sqlite($inner) => $body,
            $crate::store::engine::Conn::Postgres($inner) => $body,
        }
    };
}
pub(super) use on_each;

/// Which database: the scheme decides, never a guess.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite://PATH`: a file, created when missing.
    Sqlite(String),
    /// `postgres://…`, word for word.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            return match path {
                "" => Err("names no file; write sqlite://twentyweeks.db, for instance".to_owned()),
                path => Ok(Self::Sqlite(path.to_owned())),
            };
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err("must start with sqlite:// or postgres://".to_owned());
        }
        let wants_tls =
            ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"].iter().any(|word| text.contains(word));
        if wants_tls && !cfg!(feature = "postgres-tls") {
            let problem = "asks for TLS, which this build leaves out; build with `--features postgres-tls`, or use the container image";
            return Err(problem.to_owned());
        }
        // The server's library would repeat the part at fault, which may be the password.
        let escapes =
            text.split('%').skip(1).all(|rest| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2);
        if !escapes {
            return Err("holds a % that two hexadecimal digits do not follow; write %25 for the sign itself".to_owned());
        }
        Ok(Self::Postgres(text.to_owned()))
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without user, password and parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{path}"),
            Self::Postgres(url) => write!(f, "postgres://{}", public_part(url)),
        }
    }
}

/// Host and database of a PostgreSQL URL. A password may stand before the `@` and after the `?`; where these signs are in
/// an order that may be a password's own, nothing is shown.
fn public_part(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    if user.contains(['/', '?']) { "…" } else { place.split('?').next().unwrap_or_default() }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How an SQLite connection is set up: readers beside one writer, and a commit is on the disk before it is answered.
///
/// The log is taken into the file every 64 MiB and not every four: an import changes the same pages of an index again and
/// again, and would write them each time.
const SQLITE_SETTINGS: &str = "pragma busy_timeout = 30000; pragma journal_mode = wal; pragma synchronous = full; \
     pragma foreign_keys = on; pragma cache_size = -65536; pragma temp_store = memory; \
     pragma wal_autocheckpoint = 16384;";

/// What statements and answers rely on, whatever the server, the database or the role has been set to: days are read as
/// ISO text, and a lock that was waited for shows what its holder wrote.
const POSTGRES_SETTINGS: &str = "set time zone 'UTC'; set datestyle = 'ISO, YMD'; set standard_conforming_strings = on; \
     set client_min_messages = warning; \
     set session characteristics as transaction isolation level read committed";

impl DatabaseUrl {
    /// Rows of an import in one transaction, which is one block with its receipts.
    ///
    /// At its end SQLite writes every page that was touched, and a new row touches pages all over an index: the longer the
    /// transaction, the fewer pages a row. PostgreSQL gains nothing from length, and others wait for the ledger meanwhile.
    pub fn block_rows(&self) -> usize {
        match self {
            Self::Sqlite(_) => 40_000,
            Self::Postgres(_) => 10_000,
        }
    }

    /// Opens a connection.
    pub fn connect(&self) -> Result<Conn, ConnectionError> {
        match self {
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute(SQLITE_SETTINGS).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Sqlite(conn))
            }
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute(POSTGRES_SETTINGS).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Postgres(conn))
            }
        }
    }
}

impl ManageConnection for DatabaseUrl {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    /// A reader keeps two megabytes of pages and not a writer's 64: what is read again comes from the system's own cache, and
    /// who reads a whole table meets the same few pages of memory again and again.
    fn connect(&self) -> Result<Conn, Self::Error> {
        let mut conn = Self::connect(self).map_err(diesel::r2d2::Error::ConnectionError)?;
        if let Conn::Sqlite(lite) = &mut conn {
            lite.batch_execute("pragma cache_size = -2000").map_err(diesel::r2d2::Error::QueryError)?;
        }
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        on_each!(conn, |inner| inner.ping()).map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || on_each!(conn, |inner| inner.is_broken())
    }
}

/// Connections for readers.
pub type Readers = Pool<DatabaseUrl>;

/// Opens the readers' pool.
pub fn readers(url: &DatabaseUrl) -> Result<Readers, StoreError> {
    Pool::builder()
        .max_size(8)
        .min_idle(Some(1))
        .connection_timeout(Duration::from_secs(5))
        .build(url.clone())
        .map_err(|error| StoreError::Busy(error.to_string()))
}

/// Begins a transaction that will write.
///
/// On SQLite the lock is taken at once: a transaction that starts as a reader cannot become a writer while another writes.
pub fn begin(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(lite) => AnsiTransactionManager::begin_transaction_sql(lite, "begin immediate")?,
        Conn::Postgres(server) => AnsiTransactionManager::begin_transaction(server)?,
    }
    Ok(())
}

/// Begins a savepoint inside a transaction.
pub fn savepoint(conn: &mut Conn) -> Result<(), StoreError> {
    on_each!(conn, |inner| AnsiTransactionManager::begin_transaction(inner))?;
    Ok(())
}

/// Ends the innermost savepoint or transaction, keeping its work or not.
pub fn end(conn: &mut Conn, keep: bool) -> Result<(), StoreError> {
    on_each!(conn, |inner| if keep {
        AnsiTransactionManager::commit_transaction(inner)
    } else {
        AnsiTransactionManager::rollback_transaction(inner)
    })?;
    Ok(())
}

/// Reads one state of the database: what others write meanwhile is not seen.
pub fn snapshot<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
    match conn {
        Conn::Sqlite(lite) => AnsiTransactionManager::begin_transaction(lite)?,
        Conn::Postgres(server) => {
            AnsiTransactionManager::begin_transaction_sql(server, "begin isolation level repeatable read read only")?;
        }
    }
    let done = work(conn);
    let ended = end(conn, false);
    let done = done?;
    ended?;
    Ok(done)
}
