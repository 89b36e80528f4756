//! Published tables attacked by a program that knows only them: `tests/attack/attack.py`.
#![expect(clippy::print_stdout, reason = "what was attacked, and why it was not")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use twentyweeks::domain::statistics::disclosure::{Shown, is_small, protect};

use super::tables::{Cube, Dice, cube};
use crate::support::project;

/// The interpreter that has scipy: `ATTACK_PYTHON`, or `python3`. `None`, with a sentence, where there is none.
pub fn python() -> Option<String> {
    let python = std::env::var_os("ATTACK_PYTHON").map_or("python3".to_owned(), |python| python.into_string().unwrap());
    let has_scipy = Command::new(&python).args(["-c", "import scipy.optimize"]).output();
    if has_scipy.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    let words =
        format!("Skipped: {python} has no scipy; install tests/attack/requirements.txt, name it in ATTACK_PYTHON.");
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{words} With CI=true that is a failure.");
    println!("{words}");
    None
}

/// Runs the script; its exit code and what it printed.
pub fn run(python: &str, folder: &Path, published: &Value) -> (i32, Value) {
    let file = folder.join("published.json");
    std::fs::write(&file, published.to_string()).unwrap();
    let output = Command::new(python).arg(project("tests/attack/attack.py")).arg(file).output().unwrap();
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), report)
}

/// How the tables are published.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// As the service does.
    Protected,
    /// Only 1 to 7 hidden, nothing rounded.
    PrimaryOnly,
}

fn cell(how: How, key: &str, raw: u64, shown: Shown) -> Value {
    match (how, shown) {
        (How::PrimaryOnly, _) if is_small(raw) => json!({ "key": key, "shown": null, "most": 7 }),
        (How::PrimaryOnly, _) => json!({ "key": key, "shown": raw }),
        (_, Shown::Count(count)) => json!({ "key": key, "shown": count }),
        _ => json!({ "key": key, "shown": null }),
    }
}

/// The published answers of a cube with ages: one table by discipline and band, one by age, on each date. Totals are in both.
#[expect(clippy::needless_range_loop, reason = "a date is a place in every cell")]
fn published(cube: &Cube, how: How) -> Value {
    let shown = protect(&cube.table());
    let (mut tables, mut equal, mut secret) = (Vec::new(), Vec::new(), serde_json::Map::new());
    for date in 0..cube.dates {
        let names = [false, true].map(|ages| format!("{} on day {date}", if ages { "ages" } else { "bands" }));
        for (ages, name) in [false, true].into_iter().zip(&names) {
            let within = |key: &&String| key.contains("|age ") == ages || key.ends_with("|*|*");
            let keys: Vec<_> = cube.cells.keys().filter(within).collect();
            let cells: Vec<_> =
                keys.iter().map(|key| cell(how, key, cube.cells[*key][date], shown[*key][date])).collect();
            let has: BTreeSet<_> = keys.iter().copied().collect();
            let lines =
                cube.lines.iter().filter(|line| line.parts.iter().chain([&line.total]).all(|key| has.contains(key)));
            let lines: Vec<_> = lines.map(|line| json!({ "total": line.total, "parts": line.parts })).collect();
            tables.push(json!({ "name": name, "cells": cells, "lines": lines }));
            let raw: serde_json::Map<_, _> =
                keys.iter().map(|key| ((*key).clone(), cube.cells[*key][date].into())).collect();
            secret.insert(name.clone(), raw.into());
        }
        let totals = cube.cells.keys().filter(|key| key.ends_with("|*|*"));
        equal.extend(totals.map(|key| json!([[names[0], key], [names[1], key]])));
    }
    let (rounding, least_shown) = if how == How::PrimaryOnly { (1, 1) } else { (5, 8) };
    json!({ "rounding": rounding, "least_shown": least_shown, "tables": tables, "links": equal, "secret": secret })
}

/// Regions with authorities, by discipline, band and age, on two dates.
fn seeded(seed: u64, [regions, authorities, disciplines, bands]: [usize; 4], ages: usize) -> Cube {
    let mut dice = Dice(seed);
    let leaves = dice.leaves(regions * authorities * disciplines * bands, 2);
    let mut cube = cube([regions, authorities, disciplines, bands], &leaves);
    cube.add_ages(ages, &mut dice);
    cube
}

fn attacks(how: How) -> Vec<(i32, Value)> {
    let Some(python) = python() else { return Vec::new() };
    let folder = tempfile::tempdir().unwrap();
    let shapes = [[1, 1, 4, 5], [1, 3, 3, 3], [2, 2, 3, 4], [3, 3, 2, 2]];
    let tables = (1..=12).zip(shapes.iter().cycle());
    let attack = |(seed, shape): (u64, &[usize; 4])| {
        let (code, report) = run(&python, folder.path(), &published(&seeded(seed, *shape, 3), how));
        println!("table {seed} of shape {shape:?}: {report}");
        (code, report)
    };
    tables.map(attack).collect()
}

#[test]
fn no_hidden_count_is_recovered_over_all_groupings_and_pairs_of_dates() {
    for (code, report) in attacks(How::Protected) {
        assert_eq!(code, 0, "{report}");
        assert!(report["attacked"].as_u64().unwrap() > 0, "{report}");
    }
}

#[test]
fn the_attack_succeeds_where_only_small_counts_are_hidden() {
    let attacks = attacks(How::PrimaryOnly);
    let recovered = attacks.iter().filter(|(code, report)| *code == 1 && report["recovered"] != json!([])).count();
    assert_eq!(recovered, attacks.len(), "every one of these tables gives some of its counts away");
}

#[test]
fn a_protected_england_keeps_most_of_its_counts() {
    let cube = seeded(3, [9, 17, 3, 7], 3);
    let began = std::time::Instant::now();
    let shown = protect(&cube.table());
    let taken = began.elapsed();
    let hidden = shown.values().filter(|shown| shown.iter().any(|shown| matches!(shown, Shown::Suppressed(_)))).count();
    let small = cube.cells.values().filter(|raw| raw.iter().any(|raw| is_small(*raw))).count();
    println!("{} cells on 2 dates, {small} small, {hidden} hidden, in {taken:?}", shown.len());
    assert!(hidden < 2 * small, "{hidden} hidden for {small} small ones");
    assert!(matches!(shown["England|*|*"][0], Shown::Count(_)));
}
