//! Statistics of staff on the wire: the workforce, caseload, recruiting, and the training pipeline.

mod pipeline;
mod recruiting;
mod workforce;

use crate::http::operation::Operation;
use crate::http::statistics::report::{Column, PLACE};

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("Workforce", &[PLACE, workforce::WORKFORCE]),
    ("Caseload", &[PLACE, workforce::CASELOAD]),
    ("Recruitments", &[PLACE, recruiting::RECRUITING]),
    ("TrainingPipeline", &[PLACE, pipeline::PIPELINE]),
];

/// The operations of this folder.
pub fn operations() -> Vec<Operation> {
    [workforce::operations(), recruiting::operations(), pipeline::operations()].concat()
}
