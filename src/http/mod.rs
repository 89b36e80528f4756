//! The wire: JSON, CSV, status codes and the published contract. Translates; one call of the service for each handler.

mod access;
mod answer;
mod attribution;
mod axes;
mod bank_holidays;
mod body;
mod breakdown;
mod calculation;
mod calculator;
mod calculators;
mod capacity_statistics;
mod compare;
mod deadlines;
mod definitions;
mod delays;
mod ehc_statistics;
pub mod format;
mod fragment;
mod import_sets;
mod imports;
mod law_statistics;
mod open_data;
pub mod openapi;
mod operation;
mod problem;
mod published;
mod query;
mod questions;
mod record_operations;
mod records;
mod report;
mod request_id;
mod revisions;
mod schema;
mod server;
mod staff_statistics;
mod statistics;
mod system;
mod therapy_statistics;
mod timeline;
mod view;
mod waiting_list_calculator;

use std::sync::LazyLock;

pub use definitions::{Definition, Shown, all_definitions};
pub use operation::Operation;
pub use problem::Code;
pub use request_id::RequestIds;
pub use server::{configure, observe, serve};

use crate::domain::noun::Noun;

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let nouns = Noun::ALL.iter().flat_map(|noun| record_operations::operations(*noun));
    nouns
        .chain(imports::operations())
        .chain(import_sets::operations())
        .chain(statistics::operations())
        .chain(therapy_statistics::operations())
        .chain(ehc_statistics::operations())
        .chain(attribution::operations())
        .chain(delays::operations())
        .chain(law_statistics::operations())
        .chain(capacity_statistics::operations())
        .chain(deadlines::operations())
        .chain(revisions::operations())
        .chain(staff_statistics::operations())
        .chain(open_data::operations())
        .chain(timeline::operations())
        .chain(calculator::operations())
        .chain(waiting_list_calculator::operations())
        .chain(calculators::operations())
        .chain(definitions::operations())
        .chain(questions::operations())
        .chain(system::operations())
        .chain(bank_holidays::operations())
        .collect()
});

/// Every operation the service has: its routes and its contract are made from this list.
pub fn all_operations() -> &'static [Operation] {
    &OPERATIONS
}
