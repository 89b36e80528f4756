//! Every statistic of the demonstration, recomputed in SQL from the exported records by a script that knows only the
//! contract; once more on random records, lawful but unlikely; and of several authorities by region and for England.

use std::process::{Child, Command};

use twentyweeks::app::Clock;

use super::process::serve;
use super::support::{Database, TestApp, date, project};

/// The interpreter that has duckdb: `RECOMPUTE_PYTHON`, or `python3`. `None`, with a sentence, where there is none.
#[expect(clippy::print_stdout, reason = "whoever runs the tests is told what was left out")]
fn python() -> Option<String> {
    let named = std::env::var_os("RECOMPUTE_PYTHON");
    let python = named.map_or("python3".to_owned(), |python| python.into_string().unwrap());
    let has_duckdb = Command::new(&python).args(["-c", "import duckdb"]).output();
    if has_duckdb.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    let words = format!(
        "Skipped: {python} has no duckdb; install tests/recompute/requirements.txt, name it in RECOMPUTE_PYTHON."
    );
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{words} With CI=true that is a failure.");
    println!("{words}");
    None
}

/// The service, which ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("the service ends");
    }
}

/// Runs a script of the folder; what it printed, which a failure shows.
fn run(python: &str, script: &str, arguments: &[&str]) -> String {
    let output = Command::new(python)
        .arg(project("tests/recompute").join(script))
        .args(arguments)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{script} {arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// Takes in random records of a seed on a day; those of another seed before are thereby other records.
async fn record_odd(app: &mut TestApp, python: &str, day: &str, seed: &str) {
    app.app = app.app.at(Clock::still(date(day)));
    let folder = tempfile::tempdir().unwrap();
    let said = run(python, "odd.py", &[folder.path().to_str().unwrap(), "302", day, "--seed", seed]);
    for noun in said.lines().filter_map(|line| line.split(':').next()) {
        let file = std::fs::read(folder.path().join(format!("{noun}.csv"))).unwrap();
        let answer = app.csv(&format!("/v1/imports?type={noun}&authority=302"), file).await.json();
        let taken = ["created", "updated", "unchanged"].iter().map(|count| answer[*count].as_u64().unwrap());
        assert!(taken.sum::<u64>() > 0, "{noun}: {answer}");
    }
}

#[actix_web::test]
async fn every_statistic_equals_an_independent_recomputation() {
    let Some(python) = python() else { return };
    let database = Database::sqlite();
    let made = Command::new(env!("CARGO_BIN_EXE_twentyweeks"))
        .args(["demo", "--no-serve", "--database", &database.text()])
        .args(["--authority", "301", "--authority", "207", "--authority", "857"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut app = TestApp::on(database, "2025-02-20");
    record_odd(&mut app, &python, "2025-02-20", "7").await;
    record_odd(&mut app, &python, "2025-03-31", "1").await;
    let (child, address) = serve(&app.database);
    let (_running, base) = (Running(child), format!("http://{address}"));

    let said = run(&python, "recompute.py", &[&base, "301", "2025-01-16"]);
    assert!(said.contains(" cells compared in "), "{said}");
    println!("The demonstration: {said}");

    // As known between the two, replayed from the ledger; and how figures were revised by the second.
    let known = ["--known", "2025-03-01T00:00:00Z,2025-04-01T00:00:00Z"];
    let odd = [base.as_str(), "302", "2025-03-31", "--past", "2024-03-14"];
    let said = run(&python, "recompute.py", &[&odd[..], &known].concat());
    println!("Random records: {said}");

    // Three authorities of London, one of them of random records, and one of the East Midlands.
    let said = run(&python, "recompute.py", &[&base, "301,207,302,857", "2025-01-16", "--past", ""]);
    println!("Sums: {said}");
}
