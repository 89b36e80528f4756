//! Statistics on the wire: what is asked, measured for each day, and answered as rows of named columns.

pub mod answer;
pub mod attribution;
pub mod axes;
pub mod breakdown;
pub mod capacity;
pub mod compare;
mod delays;
mod ehc;
mod law;
pub mod report;
mod revisions;
mod staff;
mod therapy;
pub mod timeliness;

use self::report::Column;
use super::operation::Operation;

/// The operations of this folder.
pub fn operations() -> Vec<Operation> {
    [
        timeliness::operations(),
        therapy::operations(),
        ehc::operations(),
        attribution::operations(),
        delays::operations(),
        law::operations(),
        capacity::operations(),
        revisions::operations(),
        staff::operations(),
    ]
    .concat()
}

/// Every report of this folder: its name, and its columns in groups.
pub fn reports() -> impl Iterator<Item = (&'static str, &'static [&'static [Column]])> {
    let reports = [
        timeliness::REPORTS,
        therapy::REPORTS,
        ehc::REPORTS,
        attribution::REPORTS,
        revisions::REPORTS,
        law::REPORTS,
        delays::REPORTS,
        capacity::REPORTS,
        staff::REPORTS,
    ];
    reports.into_iter().flatten().copied()
}
