//! What the service does: one method a use case. Holds the book of facts; knows no wire and no SQL.

mod answers;
mod attribution;
mod book;
mod callers;
mod capacity;
mod cases;
mod changes;
mod clock;
mod companions;
mod ehc;
mod gauges;
mod imports;
mod law;
mod publications;
mod records;
mod revisions;
mod sheets;
mod statistics;
mod submit;
mod therapy;
mod timeline;
mod workforce;

use std::sync::Arc;

pub use attribution::{AssignedCase, Assigning};
pub use callers::{KeyGrant, NewKey};
pub use capacity::{CapacityAsk, CapacityKey, CapacityOutlook, CapacityWeek, Outlooks, WithPremises};
pub use changes::{History, LedgerCheck, Version};
pub use clock::Clock;
pub use imports::{
    BlockAnswer, BlockTexts, Import, ImportCounts, ImportState, ImportedRow, NewImport, Receipt, RowCells, RowOrigin,
};
pub use law::{QueueFilter, QueueLine, QueuePlace};
pub use publications::{Publication, Quarter, bounds_of_year};
pub use records::{CaseRecord, Condition, Created, Expect, Idempotency, Listing, Page};
pub use sheets::SheetRows;
pub use statistics::{DelayCase, DelayFilter, Measured, Span, StatQuery, SummaryGroup};
pub use submit::Outcome;
pub use therapy::Cells;
pub use timeline::{Timeline, TimelineClock};
pub use workforce::{Ahead, TrainingPipeline};

use crate::domain::fault::Faults;
use crate::metrics::Metrics;
use crate::store::{Store, StoreError};

/// Why a use case failed, in terms its caller can act on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The input breaks rules; every broken one is listed.
    #[error("the input breaks rules: {0}")]
    Invalid(Faults),
    /// Nothing of that name, or not within the caller's reach.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The request is fine, the state of the record is not.
    #[error("{sentence}")]
    Conflict {
        /// Stable word.
        code: &'static str,
        /// For people.
        sentence: String,
    },
    /// The record has changed since the caller read it.
    #[error("the record has changed since the caller read it")]
    Stale {
        /// Its version now; `None` if there is no such record.
        current: Option<i64>,
    },
    /// Try again in a moment.
    #[error("the service is busy")]
    Busy(#[source] StoreError),
    /// Our fault. The source goes to the log and never to the client.
    #[error("the service is broken")]
    Broken(#[source] StoreError),
}

impl AppError {
    /// No thread, connection or source of randomness was to be had: the next try may find one.
    pub fn busy(why: impl Into<String>) -> Self {
        Self::Busy(StoreError::Busy(why.into()))
    }

    /// The work stopped half-way where it never should.
    pub fn half_done() -> Self {
        Self::Broken(StoreError::Panicked)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => Self::Busy(error),
            StoreError::Corrupt { .. } | StoreError::Migration(_) | StoreError::Query(_) | StoreError::Panicked => {
                Self::Broken(error)
            }
        }
    }
}

impl From<Faults> for AppError {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}

/// The service, apart from any wire. Cheap to clone; every clone is the same service.
#[derive(Clone)]
pub struct App {
    store: Store,
    clock: Clock,
    book: Arc<book::Book>,
    metrics: Arc<Metrics>,
    gauges: Arc<gauges::Gauges>,
    publications: Arc<publications::Publications>,
}

impl App {
    /// A service over an open store.
    pub fn new(store: Store, clock: Clock, metrics: Metrics) -> Self {
        let metrics = Arc::new(metrics);
        Self { store, clock, book: Arc::default(), metrics, gauges: Arc::default(), publications: Arc::default() }
    }

    /// What time it is.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The same service at another time: synthetic records are written as of their own day.
    #[must_use]
    pub fn at(&self, clock: Clock) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The instruments.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn ready(&self) -> Result<(), AppError> {
        self.store.read(|conn| crate::store::heads(conn).map(drop)).map_err(|error: StoreError| error.into())
    }
}
