//! Staff at speed: the workforce of all England beside a plain scan of the same columns, and the ledger of capacity of one
//! service.
//!
//! `cargo bench --bench capacity`
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench speaks, and fails loudly"
)]

mod ledger;
#[path = "../support/measure.rs"]
mod measure;
mod staff;
mod workforce;

fn main() {
    println!("{:<58}{:>9}{:>10}{:>8}  target", "milliseconds, medians of one run", "ours", "beside", "ratio");
    let england = staff::england();
    workforce::measure(&england);
    ledger::measure();
}
