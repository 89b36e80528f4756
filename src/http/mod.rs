//! The wire: JSON, CSV, status codes and the published contract. Translates; one call of the service for each handler.

mod access;
mod bank_holidays;
mod body;
mod calculators;
mod deadlines;
mod definitions;
pub mod format;
mod imports;
pub mod openapi;
mod operation;
mod problem;
mod publication;
mod query;
mod questions;
mod record_operations;
mod records;
mod request_id;
mod schema;
mod server;
mod statistics;
mod system;
mod timeline;
mod view;

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
        .chain(statistics::operations())
        .chain(deadlines::operations())
        .chain(publication::operations())
        .chain(timeline::operations())
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
