//! How fast a file of referrals becomes records and ledger over HTTP, beside the fastest way into the same tables.
//!
//! `cargo bench --bench import`, or with options: `cargo bench --bench import -- --engine sqlite --rows 100000`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise, and prints what it finds"
)]

mod files;
mod postgresql;
mod sqlite;

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/postgres.rs"]
mod postgres;
#[path = "../support/service.rs"]
mod service;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use clap::Parser;

use service::Service;

#[derive(Parser)]
struct Options {
    /// Referrals in the file.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// One engine only.
    #[arg(long, value_parser = ["sqlite", "postgres"])]
    engine: Option<String>,
    /// Rounds on each engine; the median is told.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Leaves out the import that creates its children.
    #[arg(long)]
    without_new_children: bool,
    /// What cargo says to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

/// An engine with its databases, and its fastest way to write the same rows.
trait Engine {
    fn name(&self) -> &'static str;
    fn limit_name(&self) -> &'static str;
    /// A database that holds the children and nothing else; its URL.
    fn with_children(&self, name: &str) -> String;
    /// A database that holds nothing yet.
    fn empty(&self, name: &str) -> String;
    fn remove(&self, database: &str);
    /// Writes the referrals that `written` holds, and their ledger entries, into `target`; the time it took.
    fn limit(&self, written: &str, target: &str) -> Duration;
}

/// One round: the import, the limit, and the memory of the process.
struct Round {
    ours: Duration,
    limit: Duration,
    memory_mib: Option<u64>,
}

impl Round {
    /// How much of the limit's speed the import reached.
    fn ratio(&self) -> f64 {
        self.limit.as_secs_f64() / self.ours.as_secs_f64()
    }
}

fn main() {
    let options = Options::parse();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (children, referrals) = (folder.path().join("children.csv"), folder.path().join("referrals.csv"));
    files::write_children(&children, files::children_for(options.rows));
    files::write_referrals(&referrals, options.rows);
    println!(
        "An import of {} referrals of one authority over HTTP, {} MiB of CSV. Their {} children are there before and \
         outside the time,\nso the import writes referrals, their ledger entries and the receipt of each row; the limit \
         writes the referrals and the entries.",
        options.rows,
        referrals.metadata().expect("the file").len() >> 20,
        files::children_for(options.rows),
    );
    let wanted = |name: &str| options.engine.as_deref().is_none_or(|engine| engine == name);
    if wanted("sqlite") {
        measure(&sqlite::Sqlite::start(&children), &options, &referrals);
    }
    if wanted("postgres") {
        match postgresql::Postgres::start(&children) {
            Some(engine) => measure(&engine, &options, &referrals),
            None => println!("\nPostgreSQL: not measured, there is none on this machine"),
        }
    }
}

/// Fills a database with the children.
fn prepare(database: &str, children: &Path) {
    let service = Service::start(database, files::TODAY);
    let file = File::open(children).expect("the file");
    let (answer, _) = service.post_csv("/v1/imports?type=children&authority=301&source_system=bench", file);
    assert_eq!((&answer["state"], &answer["rejected"]), (&"finished".into(), &0.into()), "{answer}");
}

/// Imports the referrals; the time to the answer, and the most memory the process held.
fn import(database: &str, referrals: &Path, rows: u64) -> (Duration, Option<u64>) {
    let service = Service::start(database, files::TODAY);
    let file = File::open(referrals).expect("the file");
    let (answer, took) = service.post_csv("/v1/imports?type=referrals&authority=301&source_system=bench", file);
    assert_eq!((&answer["created"], &answer["rejected"]), (&rows.into(), &0.into()), "{answer}");
    (took, service.peak_memory_mib())
}

fn measure(engine: &impl Engine, options: &Options, referrals: &Path) {
    println!("\n{}: rows a second", engine.name());
    println!("{:<28}{:>10}{:>20}{:>8}{:>20}", "", "import", engine.limit_name(), "ratio", "peak of memory");
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        let ours_at = engine.with_children("ours");
        let (ours, memory_mib) = import(&ours_at, referrals, options.rows);
        let limit_at = engine.with_children("limit");
        let limit = engine.limit(&ours_at, &limit_at);
        engine.remove(&ours_at);
        engine.remove(&limit_at);
        let round = Round { ours, limit, memory_mib };
        line(&format!("round {number}"), &round, options.rows);
        rounds.push(round);
    }
    rounds.sort_by(|one, other| one.ratio().total_cmp(&other.ratio()));
    line("median by ratio", &rounds[rounds.len() / 2], options.rows);
    if !options.without_new_children {
        let database = engine.empty("fresh");
        let (took, memory) = import(&database, referrals, options.rows);
        engine.remove(&database);
        println!("{:<28}{:>10}{:>48}", "creating the children too", per_second(options.rows, took), mib(memory));
    }
}

fn line(name: &str, round: &Round, rows: u64) {
    println!(
        "{name:<28}{:>10}{:>20}{:>8.2}{:>20}",
        per_second(rows, round.ours),
        per_second(rows, round.limit),
        round.ratio(),
        mib(round.memory_mib),
    );
}

/// Whole rows a second.
fn per_second(rows: u64, took: Duration) -> u128 {
    u128::from(rows) * 1_000_000 / took.as_micros().max(1)
}

fn mib(memory: Option<u64>) -> String {
    memory.map_or_else(|| "not measured".to_owned(), |mib| format!("{mib} MiB"))
}
