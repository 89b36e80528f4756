//! All England at scale: ten million referrals and one and a half million EHC requests, beside bare loops and DuckDB; what
//! one authority takes over HTTP, what memory holds of a referral, and how fast facts are read at the start.
//!
//! `cargo bench --bench scale`, or with options: `cargo bench --bench scale -- --python venv/bin/python`.
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise, and prints what it finds"
)]

mod cases;
mod duck;
mod england;
mod loops;
mod referrals;
mod service;
mod sets;
mod start;

#[expect(dead_code, reason = "the bench of statistics uses the rest of it")]
#[path = "../statistics/columns.rs"]
mod columns;
#[path = "../support/measure.rs"]
mod measure;
#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/postgres.rs"]
mod postgres;
#[expect(dead_code, reason = "the bench of statistics uses the rest of it")]
#[path = "../statistics/records.rs"]
mod records;
#[expect(dead_code, reason = "the bench of the import uses the rest of it")]
#[path = "../support/service.rs"]
mod served;
#[path = "../statistics/wire.rs"]
mod wire;

use clap::Parser;

/// The service's own.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
pub struct Options {
    /// The Python that has DuckDB.
    #[arg(long, default_value = "python3")]
    python: String,
    /// How often each thing is done; the median is told.
    #[arg(long, default_value_t = 21)]
    times: usize,
    /// Referrals of all England.
    #[arg(long, default_value_t = 10_000_000)]
    referrals: usize,
    /// EHC requests of all England.
    #[arg(long, default_value_t = 1_500_000)]
    requests: usize,
    /// Only these parts: referrals, cases, authority, start; all if none is named.
    #[arg(long)]
    only: Vec<String>,
    /// What cargo says to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    let wanted = |part: &str| options.only.is_empty() || options.only.iter().any(|only| only == part);
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!("Medians of {} repetitions in milliseconds, in turn, one thread each.\n", options.times);
    println!("{:<58}{:>9}{:>10}{:>8}  target", "", "ours", "beside", "ratio");
    if wanted("referrals") || wanted("cases") {
        let england = england::england(options.referrals, options.requests);
        if wanted("referrals") {
            referrals::memory(&england);
            referrals::measure(&england, &options, folder.path());
        }
        if wanted("cases") {
            cases::measure(&england, &options, folder.path());
        }
    }
    if wanted("start") {
        start::measure(&options, folder.path());
    }
    if wanted("authority") {
        service::measure(&options, folder.path());
    }
}
