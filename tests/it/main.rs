//! One test binary: a file for each part of the story, and `support` for what they share.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may")]

mod after_the_plan;
mod attribution;
mod callers;
mod capacity;
mod capacity_ledger;
mod clearing;
mod clocks;
mod concurrency;
mod contract;
mod database;
mod definitions;
mod demo;
mod disclosure;
mod disputes;
mod endings;

mod engines_agree;
mod errors;
mod facts;
mod files;
mod formats;
mod identifiers;
mod imports;
mod independent;
mod law;
mod ledger;
mod metrics;
mod over_time;
mod plans;
mod process;
mod published;
mod questions;
mod recompute;
mod records;
mod requests;
mod schema;
mod staff;
mod statistics;
mod support;
mod tidy;
mod time_axes;
mod vectors;
mod wire;
mod withheld;
mod zz_engines;
