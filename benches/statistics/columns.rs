//! The limits of a statistic: a bare loop over columns, and DuckDB on the same columns.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::{Day, Facts, NEVER};

/// Plans by exempt or not, and by band: twenty weeks, a year, more, start unknown.
pub type Counts = [[u64; 4]; 2];

/// The cases of one authority, as bare vectors.
pub struct Columns {
    authority: Authority,
    started: Vec<Day>,
    issued: Vec<Day>,
    exempt_from: Vec<Day>,
    contested: Vec<bool>,
}

/// The days of issue, and the day as at which is counted.
#[derive(Clone, Copy)]
pub struct Days {
    pub first: Day,
    pub last: Day,
    pub as_at: Day,
}

impl Columns {
    pub fn of(authority: Authority, facts: &Facts) -> Self {
        let cases = &facts.cases;
        Self {
            authority,
            started: cases.started.clone(),
            issued: cases.issued.clone(),
            exempt_from: cases.exempt_from.clone(),
            contested: cases.contested.clone(),
        }
    }

    pub fn len(&self) -> usize {
        self.issued.len()
    }
}

/// Counts by authority, exempt or not, and band, as one writes it down when nothing else is asked for.
pub fn bare_loop(england: &[Columns], days: Days) -> Vec<Counts> {
    let last = days.last.min(days.as_at);
    let mut counts = vec![Counts::default(); england.len()];
    for (columns, counts) in england.iter().zip(&mut counts) {
        let rows = columns.issued.iter().zip(&columns.started).zip(&columns.exempt_from).zip(&columns.contested);
        for (((issued, started), exempt_from), contested) in rows {
            if *contested || *issued < days.first || *issued > last {
                continue;
            }
            let band = match issued.wrapping_sub(*started) {
                _ if *started == NEVER => 3,
                ..=140 => 0,
                141..=364 => 1,
                _ => 2,
            };
            counts[usize::from(*exempt_from <= days.as_at)][band] += 1;
        }
    }
    counts
}

/// The fastest loop known to us: comparisons only, so that the processor takes several rows at once.
#[expect(clippy::needless_bitwise_bool, reason = "with && each row is a branch")]
pub fn comparing_loop(england: &[Columns], days: Days) -> Vec<Counts> {
    let last = days.last.min(days.as_at);
    let count = |columns: &Columns| {
        let mut over = [[0_u32; 4]; 2];
        let rows = columns.issued.iter().zip(&columns.started).zip(&columns.exempt_from).zip(&columns.contested);
        for (((issued, started), exempt_from), contested) in rows {
            let counts = !contested & (*issued >= days.first) & (*issued <= last);
            let exempt = *exempt_from <= days.as_at;
            let elapsed = if *started == NEVER { NEVER } else { issued.wrapping_sub(*started) };
            let bands = [true, elapsed > 140, elapsed > 364, elapsed == NEVER];
            for (place, band) in bands.into_iter().enumerate() {
                over[0][place] += u32::from(band & counts & !exempt);
                over[1][place] += u32::from(band & counts & exempt);
            }
        }
        over.map(|[all, over_20, over_52, unknown]| {
            [all - over_20, over_20 - over_52, over_52 - unknown, unknown].map(u64::from)
        })
    };
    england.iter().map(count).collect()
}

/// What DuckDB needs for the same question.
pub struct DuckDb {
    pub version: String,
    pub milliseconds: f64,
    pub counts: Vec<Counts>,
}

/// Asks DuckDB in a Python process; `None` if that Python has no `duckdb`.
pub fn duckdb(python: &str, england: &[Columns], days: Days, times: usize, folder: &Path) -> Option<DuckDb> {
    let there = Command::new(python).args(["-c", "import duckdb"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let file = folder.join("cases.csv");
    write_csv(&file, england);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/duckdb_timeliness.py");
    let numbers = [days.first, days.last, days.as_at].map(|day| day.to_string());
    let output = Command::new(python).arg(script).arg(&file).args(numbers).arg(times.to_string()).output();
    let output = output.expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut counts = vec![Counts::default(); england.len()];
    for row in said["rows"].as_array().expect("rows") {
        let place = england.iter().position(|columns| Some(number(columns.authority)) == row[0].as_u64());
        let band = usize::try_from(row[2].as_u64().expect("a band")).expect("a small number");
        let exempt = usize::from(row[1].as_bool().expect("exempt or not"));
        counts[place.expect("an authority of ours")][exempt][band] = row[3].as_u64().expect("a count");
    }
    Some(DuckDb {
        version: said["version"].as_str().expect("its version").to_owned(),
        milliseconds: said["milliseconds"].as_f64().expect("a time"),
        counts,
    })
}

fn number(authority: Authority) -> u64 {
    authority.code().parse().expect("codes are numbers")
}

fn write_csv(path: &Path, england: &[Columns]) {
    let mut file = BufWriter::new(File::create(path).expect("a writable folder"));
    writeln!(file, "authority,started,issued,exempt_from,contested").expect("room on the disk");
    let text = |day: Day| if day == NEVER { String::new() } else { day.to_string() };
    for columns in england {
        for place in 0..columns.len() {
            let days = [columns.started[place], columns.issued[place], columns.exempt_from[place]].map(text).join(",");
            writeln!(file, "{},{days},{}", columns.authority.code(), columns.contested[place]).expect("room");
        }
    }
    file.flush().expect("room on the disk");
}
