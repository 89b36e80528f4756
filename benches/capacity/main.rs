//! Staff at speed: the workforce of all England beside a plain scan of the same columns.
//!
//! `cargo bench --bench capacity`
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench speaks, and fails loudly"
)]

#[path = "../support/measure.rs"]
mod measure;
mod staff;
mod workforce;

fn main() {
    println!("{:<58}{:>9}{:>10}{:>8}  target", "milliseconds, medians of one run", "ours", "beside", "ratio");
    let england = staff::england();
    workforce::measure(&england);
}
