//! TwentyWeeks joins therapy waiting lists, the staff who could clear them, and the statutory clocks of EHC plans.
//!
//! The map of the house is `src/ARCHITECTURE.md`.

pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod http;
pub mod ingest;
pub mod metrics;
pub mod store;
