//! What comes in: JSON bodies, CSV and NDJSON files, turned into the same submissions and answered with receipts.

mod columns;
mod csv;
mod job;
mod json;
mod kept;
mod ndjson;
mod receipts;
mod rows;
mod run;
mod set;
mod window;

pub use columns::presentable;
pub use job::{DateFormat, FileFormat, ImportError, ImportJob};
pub use json::{Body, JsonObject, read_authority, read_body, read_external, read_object};
pub use run::{Imported, Progress, run};
pub use set::{RowAnswer, RowError, SetError, SetJob, Sheet, SheetAnswer, run_set, sheet_named};
