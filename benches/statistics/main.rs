//! What a statistic of all England and a scrape of the metrics cost, beside a bare loop and DuckDB, and as records grow.
//!
//! `cargo bench --bench statistics`, or with options: `cargo bench --bench statistics -- --python venv/bin/python`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise, and prints what it finds"
)]

mod columns;
mod records;
mod wire;

#[path = "../support/measure.rs"]
mod measure;
#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/postgres.rs"]
mod postgres;
#[expect(dead_code, reason = "the bench of the import uses the rest of it")]
#[path = "../support/service.rs"]
mod service;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use clap::Parser;
use serde_json::Value;
use twentyweeks::app::{App, Span, StatQuery};
use twentyweeks::demo::census_day;
use twentyweeks::domain::authority::{Authority, Region};
use twentyweeks::domain::caller::Caller;
use twentyweeks::domain::facts::day;
use twentyweeks::domain::statistics::group::{Every, Level};
use twentyweeks::domain::statistics::timeliness::PlansIssued;

use columns::{Columns, Counts, Days, bare_loop, comparing_loop, duckdb};
use measure::{line, median};
use records::{Demo, Share, date};
use service::Service;
use wire::Wire;

#[derive(Parser)]
struct Options {
    /// The Python that has DuckDB.
    #[arg(long, default_value = "python3")]
    python: String,
    /// How often each thing is done; the median is told.
    #[arg(long, default_value_t = 500)]
    times: usize,
    /// What cargo says to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

const FIRST: &str = "2024-01-01";
const LAST: &str = "2024-12-31";
const PLANS: &str = "/v1/stats/ehc-timeliness?group_by=authority&issued_from=2024-01-01&issued_to=2024-12-31";
const METRICS: &str = "/metrics";

fn main() {
    let options = Options::parse();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let england: Vec<_> = Authority::all().collect();
    println!("Medians of {} repetitions in milliseconds, each asked one after the other.\n", options.times);
    println!("{:<58}{:>8}{:>9}{:>8}  target", "", "ours", "beside", "ratio");
    let whole = Demo::make(folder.path(), "whole", &england, Share::Whole);
    statistic(&whole, &options, folder.path());
    let tenth = Demo::make(folder.path(), "tenth", &england, Share::Tenth);
    scrape(&whole, &tenth, &options);
    drop((whole, tenth));
    let london: Vec<_> = england.into_iter().filter(|authority| authority.region() == Region::London).collect();
    let once = Demo::make(folder.path(), "once", &london, Share::Cases);
    let mut often = Demo::make(folder.path(), "often", &london, Share::Cases);
    often.correct_until(10 * once.entries);
    ledger(&once, &often, &options);
}

/// Medians of things done in turn, twenty of each at a time.
fn medians<const N: usize>(times: usize, things: [&mut dyn FnMut(); N]) -> [f64; N] {
    measure::medians(times, 20, things)
}

/// Asks the service in this process, without a wire.
fn ask(app: &App) -> Vec<PlansIssued> {
    let query = StatQuery { as_at: census_day(), known_at: None, authorities: None, level: Level::Authority, on: None };
    let span = Span { first: date(FIRST), last: date(LAST), every: Every::Range };
    let measured = app.plans_issued(&Caller::local("bench"), &query, span).expect("the database answers");
    measured.rows.into_values().collect()
}

/// Starts the service, and waits until it has read all facts: a connection on which nothing is asked is soon closed.
fn serve(demo: &Demo) -> Service {
    let service = Service::start(&demo.url, &census_day().to_string());
    Wire::to(&service.address).get(METRICS);
    service
}

fn statistic(whole: &Demo, options: &Options, folder: &Path) {
    let england: Vec<_> = whole.facts.iter().map(|(authority, facts)| Columns::of(*authority, facts)).collect();
    let days = Days { first: day(Some(date(FIRST))), last: day(Some(date(LAST))), as_at: day(Some(census_day())) };
    let cases = england.iter().map(Columns::len).sum::<usize>();
    println!("Plans issued in 2024 by authority, all England: {} authorities, {cases} cases", england.len());
    let counts = bare_loop(&england, days);
    assert_eq!(comparing_loop(&england, days), counts);
    assert_eq!(ask(&whole.app).iter().map(told).collect::<Vec<_>>(), counts.iter().map(expected).collect::<Vec<_>>());
    let service = serve(whole);
    let mut wire = Wire::to(&service.address);
    let rows = rows(&wire.get(PLANS));
    assert_eq!(rows.values().copied().collect::<Vec<_>>(), counts.iter().map(expected).collect::<Vec<_>>());
    let [http, app, bare, comparing] = medians(
        options.times,
        [
            &mut || drop(black_box(wire.get(PLANS))),
            &mut || drop(black_box(ask(&whole.app))),
            &mut || drop(black_box(bare_loop(black_box(&england), days))),
            &mut || drop(black_box(comparing_loop(black_box(&england), days))),
        ],
    );
    match duckdb(&options.python, &england, days, options.times, folder) {
        Some(duckdb) => {
            assert_eq!(duckdb.counts, counts, "DuckDB counts otherwise");
            let beside = format!("beside DuckDB {}, one thread", duckdb.version);
            let faster = |ours: f64| duckdb.milliseconds / ours;
            line(&format!("  over HTTP, {beside}"), http, duckdb.milliseconds, faster(http), "at least 5");
            line(&format!("  in the process, {beside}"), app, duckdb.milliseconds, faster(app), "at least 5");
        }
        None => println!("  DuckDB: not measured, {} has none; install it with: pip install duckdb", options.python),
    }
    line("  over HTTP, beside a bare loop", http, bare, http / bare, "at most 3");
    line("  in the process, beside a bare loop", app, bare, app / bare, "at most 3");
    line("  over HTTP, beside a loop of comparisons only", http, comparing, http / comparing, "");
    line("  in the process, beside a loop of comparisons only", app, comparing, app / comparing, "");
}

/// Plans, twenty weeks, a year, more: all, and those without an exception.
type Told = [[u64; 4]; 2];

fn told(plans: &PlansIssued) -> Told {
    [plans.all, plans.without_exceptions]
        .map(|bands| [bands.plans, bands.within_20_weeks, bands.from_20_to_52_weeks, bands.over_52_weeks])
}

fn expected([plain, exempt]: &Counts) -> Told {
    let all = [0, 1, 2, 3].map(|band| plain[band] + exempt[band]);
    [&all, plain].map(|[within, middle, over, unknown]| [within + middle + over + unknown, *within, *middle, *over])
}

/// The same from the wire, by the authority's code.
fn rows(body: &[u8]) -> BTreeMap<String, Told> {
    let answer: Value = serde_json::from_slice(body).expect("JSON");
    let rows = answer["data"].as_array().expect("rows").iter().map(|row| {
        let count = |name: &str| row[name].as_u64().expect("a count");
        let names = ["den", "within_20_weeks", "gt20weeks_ltYear", "gt_1_year"];
        let all = names.map(|name| count(&format!("plans_issued_{name}")));
        let names = ["den_ex", "20_weeks_ex", "gt20weeks_ltYear_ex", "gt_1_year_ex"];
        let without = names.map(|name| count(&format!("plans_issued_{name}")));
        (row["old_la_code"].as_str().expect("a code").to_owned(), [all, without])
    });
    rows.collect()
}

fn scrape(whole: &Demo, tenth: &Demo, options: &Options) {
    println!("A scrape of /metrics: {} entries of the ledger, beside {}", whole.entries, tenth.entries);
    let services = [whole, tenth].map(serve);
    let [mut many, mut few] = services.each_ref().map(|service| Wire::to(&service.address));
    assert_eq!(gauges(&many.get(METRICS)), gauges(&few.get(METRICS)), "not the same series");
    let [ours, beside] = medians(options.times, [&mut || drop(many.get(METRICS)), &mut || drop(few.get(METRICS))]);
    line("  nothing written since the last one", ours, beside, ours / beside, "does not grow");
    let changed = |demo: &Demo, wire: &mut Wire, turn| {
        let cases = demo.correct_one(turn);
        let started = Instant::now();
        drop(wire.get(METRICS));
        (cases, started.elapsed().as_secs_f64() * 1000.0)
    };
    let turns = 0..options.times.div_ceil(5);
    let (ours, beside): (Vec<_>, Vec<_>) =
        turns.map(|turn| (changed(whole, &mut many, turn), changed(tenth, &mut few, turn))).unzip();
    let median_of = |scrapes: Vec<(usize, f64)>| {
        let (cases, mut took): (Vec<_>, Vec<_>) = scrapes.into_iter().unzip();
        (cases[0], median(&mut took))
    };
    let ((cases, ours), (cases_beside, beside)) = (median_of(ours), median_of(beside));
    let figure = format!("  one changed, of an authority with {cases} cases, beside {cases_beside}");
    line(&figure, ours, beside, ours / beside, "");
}

/// How many series there are of the service's own gauges.
fn gauges(text: &[u8]) -> usize {
    String::from_utf8_lossy(text).lines().filter(|line| line.starts_with("twentyweeks_")).count()
}

fn ledger(once: &Demo, often: &Demo, options: &Options) {
    println!(
        "A ledger ten times as long, London's {} cases: {} entries, beside {}",
        once.cases(),
        often.entries,
        once.entries
    );
    assert_eq!(ask(&often.app), ask(&once.app), "corrections that change the counts");
    let services = [often, once].map(serve);
    let [mut long, mut short] = services.each_ref().map(|service| Wire::to(&service.address));
    assert_eq!(rows(&long.get(PLANS)), rows(&short.get(PLANS)), "corrections that change the counts");
    let [http, http_beside] =
        medians(options.times, [&mut || drop(black_box(long.get(PLANS))), &mut || drop(black_box(short.get(PLANS)))]);
    let [app, app_beside] =
        medians(options.times, [&mut || drop(black_box(ask(&often.app))), &mut || drop(black_box(ask(&once.app)))]);
    line("  plans issued in 2024 by authority, over HTTP", http, http_beside, http / http_beside, "at most 1.2");
    line("  the same in the process", app, app_beside, app / app_beside, "at most 1.2");
    let [ours, beside] = medians(options.times, [&mut || drop(long.get(METRICS)), &mut || drop(short.get(METRICS))]);
    line("  a scrape of /metrics", ours, beside, ours / beside, "does not grow");
}
