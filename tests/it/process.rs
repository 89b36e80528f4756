//! The program itself: killed in the middle of an import it loses nothing it acknowledged, and the repeat finishes it.

use std::io::Write;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use twentyweeks::app::{App, Clock};
use twentyweeks::domain::caller::Caller;
use twentyweeks::metrics::Metrics;
use twentyweeks::store::Store;

use super::support::postgres::read_until;
use super::support::{Database, date};

/// Starts the service over a database; its process, and the address it listens on.
pub fn serve(database: &Database) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_twentyweeks"))
        .args(["serve", "--listen", "127.0.0.1:0", "--today", "2025-03-31", "--database", &database.text()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = read_until(child.stdout.as_mut().unwrap(), ", with its records");
    let address = said.split("http://").nth(1).unwrap().split(',').next().unwrap().to_owned();
    (child, address)
}

/// A file of so many referrals.
pub fn rows(count: u32) -> String {
    let mut file = "external_id,child_ref,discipline,received_on\n".to_owned();
    file.extend((0..count).map(|row| format!("R-{row},KID-{row},physiotherapy,2025-01-06\n")));
    file
}

#[test]
fn killed_in_the_middle_of_an_import_it_loses_nothing_it_acknowledged() {
    for database in Database::each() {
        let (mut child, address) = serve(&database);
        let file = rows(100_000);
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "POST /v1/imports?type=referrals&authority=301 HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: {}\r\n\r\n", file.len()).unwrap();
        // Half of the file, then silence: some blocks are written, one is waiting for its rows.
        stream.write_all(&file.as_bytes()[..file.len() / 2]).unwrap();
        let app =
            App::new(Store::open(&database.url).unwrap(), Clock::still(date("2025-03-31")), Metrics::new().unwrap());
        let caller = Caller::local("t");
        let deadline = Instant::now() + Duration::from_mins(1);
        let acknowledged = loop {
            let import = app.imports(&caller, 1).unwrap().pop();
            match import {
                Some(import) if import.counts.rows() >= 5_000 => break import,
                _ => assert!(Instant::now() < deadline, "no block was written"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        child.kill().unwrap();
        child.wait().unwrap();

        let after = app.import(acknowledged.id).unwrap();
        assert!(after.counts.created >= acknowledged.counts.created);
        let checks = app.verify_ledger(None).unwrap();
        assert!(checks.iter().all(|check| check.flaws.is_empty()), "no half row: {checks:?}");
        assert_eq!(checks[0].entries, 2 * after.counts.created, "a child and a referral for each row answered");

        let job = twentyweeks::ingest::ImportJob {
            noun: twentyweeks::domain::noun::Noun::Referral,
            authority: after.id.authority,
            source_system: "import".to_owned(),
            format: twentyweeks::ingest::FileFormat::Csv,
            date_format: twentyweeks::ingest::DateFormat::Iso,
            dry_run: false,
        };
        let (again, _) = twentyweeks::ingest::run(&app, &caller, &job, file.as_bytes(), &mut |_| {}).unwrap();
        assert_eq!(again.counts.unchanged, after.counts.created, "{}", database.name);
        assert_eq!(again.counts.created, 100_000 - after.counts.created);
    }
}

#[test]
fn without_a_key_it_will_not_listen_beyond_this_machine() {
    let database = Database::sqlite();
    let output = Command::new(env!("CARGO_BIN_EXE_twentyweeks"))
        .args(["serve", "--listen", "0.0.0.0:0", "--database", &database.text()])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("make an API key first"), "{said}");
}

#[test]
fn a_file_that_is_not_there_is_said_before_anything_else() {
    let database = Database::sqlite();
    let output = Command::new(env!("CARGO_BIN_EXE_twentyweeks"))
        .args(["import", "missing.csv", "gone.csv", "--authority", "301", "--database", &database.text()])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("there is no such file: missing.csv, gone.csv"), "{said}");
    assert!(!said.contains("--type"), "{said}");
}
