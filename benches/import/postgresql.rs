//! PostgreSQL, and its limit: `COPY` by the server itself from files on its own disk, in one transaction.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use super::postgres::{self, Server};
use super::{Engine, prepare};

/// As the programs come, and with what a commit promises: on the disk before it is answered.
const SETTINGS: &str = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on";

/// A server of this bench's own, whose databases are copies of one that holds the children already.
pub struct Postgres {
    server: Server,
    /// A database to give orders from.
    desk: String,
}

impl Postgres {
    /// `None` where no PostgreSQL is installed.
    pub fn start(children: &Path) -> Option<Self> {
        let server = postgres::start(SETTINGS)?;
        let desk = server.database(|url| {
            prepare(url, children);
            sql(url, "vacuum analyze");
        });
        Some(Self { server, desk })
    }
}

fn sql(url: &str, text: &str) {
    let mut conn = PgConnection::establish(url).expect("the server answers");
    conn.batch_execute(text).unwrap_or_else(|error| panic!("{text}: {error}"));
}

impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn limit_name(&self) -> &'static str {
        "COPY"
    }

    fn with_children(&self, _: &str) -> String {
        let url = self.server.database(|_| {});
        // What was written before shall not be written back while the clock runs.
        sql(&url, "checkpoint");
        url
    }

    fn empty(&self, name: &str) -> String {
        sql(&self.desk, &format!("create database {name}"));
        let (server, _) = self.desk.rsplit_once('/').expect("a URL");
        format!("{server}/{name}")
    }

    fn remove(&self, database: &str) {
        let (_, name) = database.rsplit_once('/').expect("a URL");
        sql(&self.desk, &format!("drop database {name} with (force)"));
    }

    fn limit(&self, written: &str, target: &str) -> Duration {
        // Beside the server's own data: the one place that it can surely read and write.
        let file = |table: &str| format!("current_setting('data_directory') || '/bench-{table}'");
        let copy = |what: &str, way: &str, table: &str| {
            format!("do $$ begin execute format('copy {what} {way} %L', {}); end $$;", file(table))
        };
        let entries = "(select * from ledger_entries where noun = ''ref'' order by authority, seq)";
        sql(written, &copy("(select * from referrals order by authority, id)", "to", "referrals"));
        sql(written, &copy(entries, "to", "ledger_entries"));
        sql(target, "checkpoint");
        let mut conn = PgConnection::establish(target).expect("the server answers");
        let load = copy("referrals", "from", "referrals") + &copy("ledger_entries", "from", "ledger_entries");
        let started = Instant::now();
        conn.batch_execute(&format!("begin; {load} commit")).expect("the rows fit");
        started.elapsed()
    }
}
