//! DuckDB on the same columns of referrals, in a Python process.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use twentyweeks::domain::facts::{Day, Facts, NEVER};

use crate::england::today;
use crate::loops::Told;
use crate::measure::line;

pub const TABLE_REFERRALS: &str = "referrals.csv";

/// What DuckDB took and counted, by the name of the query; nothing where there is none.
pub struct Duck(Option<Value>);

impl Duck {
    /// Writes the columns, and asks every query so often.
    pub fn start(python: &str, times: usize, table: &str, write: impl Fn(&Path), folder: &Path) -> Self {
        let there = Command::new(python).args(["-c", "import duckdb"]).output();
        if !there.is_ok_and(|output| output.status.success()) {
            println!("DuckDB: not measured, {python} has none; install it with: pip install duckdb");
            return Self(None);
        }
        let file = folder.join(table);
        write(&file);
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/duckdb_waiting.py");
        let arguments = [today().to_string(), times.to_string()];
        let output = Command::new(python).arg(script).arg(&file).args(arguments).output().expect("python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(file).expect("our own file");
        Self(Some(serde_json::from_slice(&output.stdout).expect("JSON")))
    }

    /// Tells what it took; its cells must be those of the loop that count anyone.
    pub fn line(&mut self, query: &str, ours: f64, cells: &[Told]) {
        let Some(said) = &self.0 else { return };
        let rows = said[query]["rows"].as_array().expect("rows").iter();
        let mut rows: Vec<Told> =
            rows.map(|row| std::array::from_fn(|place| row[place].as_u64().expect("a count"))).collect();
        let mut cells: Vec<_> = cells.iter().filter(|cell| cell[0] > 0).copied().collect();
        rows.sort_unstable();
        cells.sort_unstable();
        assert_eq!(rows, cells, "DuckDB counts otherwise: {query}");
        let took = |query: &str| said[query]["milliseconds"].as_f64();
        let contact = took(query).expect("a time");
        let beside = ["assessed", "received"].map(|kind| took(&format!("beside_{query}_{kind}")));
        if let [Some(assessed), Some(received)] = beside {
            let whole = contact + assessed + received;
            line(
                "  beside DuckDB, one thread, the same answer",
                ours,
                whole,
                whole / ours,
                "at least 10 times as fast",
            );
            line("  beside DuckDB for the times to contact only", ours, contact, contact / ours, "");
        } else {
            line("  beside DuckDB, one thread", ours, contact, contact / ours, "at least 10 times as fast");
        }
    }
}

/// The columns DuckDB needs, numbers only; the child's need is put beside the referral for it.
pub fn referrals(path: &Path, england: &[&Facts]) {
    let mut file = BufWriter::new(File::create(path).expect("a writable folder"));
    writeln!(file, "discipline,need,received,seen,assessed,ended").expect("room on the disk");
    let text = |day: Day| if day == NEVER { String::new() } else { day.to_string() };
    for facts in england {
        let referrals = &facts.referrals;
        for row in 0..referrals.len() {
            let need = facts.children.primary_need[referrals.child[row] as usize];
            let later =
                [&referrals.seen, &referrals.assessed, &referrals.wait_ended].map(|days| text(days[row])).join(",");
            writeln!(file, "{},{need},{},{later}", referrals.discipline[row], referrals.received[row])
                .expect("room on the disk");
        }
    }
    file.flush().expect("room on the disk");
}
