//! The law at work: the queue of deadlines, and the statistics of clocks, reviews, transfers and exceptions.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::statistics::{Measured, Span, StatQuery};
use super::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::clock::{Clock, Force, Ground, Transfer};
use crate::domain::facts::{Day, day};
use crate::domain::noun::Noun;
use crate::domain::statistics::clocks::{ClockCounts, Deadline, DeadlineFilter, clock_counts, deadlines};
use crate::domain::statistics::group::{ByArea, Period, Sum, by_area};
use crate::domain::statistics::reviews::{
    ExceptionCounts, ReviewCounts, TransferCounts, exceptions, reviews, transfers,
};

/// One line of the queue of deadlines.
#[derive(Clone, Debug)]
pub struct QueueLine {
    /// Whose.
    pub authority: Authority,
    /// The deadline.
    pub deadline: Deadline,
    /// The provider's reference.
    pub provider: Option<String>,
}

/// The place of a line in the queue: due date, authority, record, and the clock's place among its record's.
pub type QueuePlace = (Day, Authority, i64, Clock);

/// Which lines of the queue.
#[derive(Clone, Debug)]
pub struct QueueFilter {
    /// Which deadlines.
    pub deadlines: DeadlineFilter,
    /// Only those of this provider.
    pub provider: Option<String>,
    /// Only what follows this line.
    pub after: Option<QueuePlace>,
    /// At most so many.
    pub limit: usize,
}

impl QueueLine {
    /// Its place in the queue.
    pub fn place(&self) -> QueuePlace {
        let Deadline { clock, record: (_, number), due, .. } = self.deadline;
        (due, self.authority, number, clock)
    }

    /// The noun and number of its record.
    pub fn record(&self) -> (Noun, i64) {
        self.deadline.record
    }
}

impl App {
    /// The deadlines of running and overdue clocks, the earliest due first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn deadlines(
        &self,
        caller: &Caller,
        query: &StatQuery,
        filter: &QueueFilter,
    ) -> Result<Measured<Vec<QueueLine>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let mut lines = Vec::new();
            for (authority, facts) in pages {
                let place = filter.provider.as_deref().map(|reference| facts.find_provider(reference));
                // A provider nobody here refers to has an empty queue, not everybody's.
                if place == Some(None) {
                    continue;
                }
                let found = deadlines(facts, &filter.deadlines, place.flatten(), as_at);
                lines.extend(found.into_iter().map(|deadline| QueueLine {
                    authority: *authority,
                    provider: facts.provider(deadline.provider).map(str::to_owned),
                    deadline,
                }));
            }
            lines.retain(|line| filter.after.is_none_or(|after| line.place() > after));
            lines.sort_unstable_by_key(QueueLine::place);
            lines.truncate(filter.limit);
            lines
        })
    }

    /// The instances of one clock, or those of one force, by how they stand, by the period in which they were due.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clock_counts(
        &self,
        caller: &Caller,
        query: &StatQuery,
        clock: (Clock, Option<Force>),
        span: Span,
    ) -> Result<Measured<ByArea<Period, ClockCounts>>, AppError> {
        let periods = span.periods();
        self.measure(caller, query, |pages, as_at| {
            let counts =
                pages.iter().map(|(authority, facts)| (*authority, clock_counts(facts, clock, &periods, as_at)));
            by_area(query.level, &periods, counts)
        })
    }

    /// Reviews by what became of them, by the period of their meeting.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reviews(
        &self,
        caller: &Caller,
        query: &StatQuery,
        span: Span,
    ) -> Result<Measured<ByArea<Period, ReviewCounts>>, AppError> {
        let periods = span.periods();
        self.measure(caller, query, |pages, as_at| {
            let counts = pages.iter().map(|(authority, facts)| (*authority, reviews(facts, &periods, as_at)));
            by_area(query.level, &periods, counts)
        })
    }

    /// Moves between phases by whether the plan named the next setting in time, by kind.
    ///
    /// # Errors
    /// When the database fails.
    pub fn transfers(
        &self,
        caller: &Caller,
        query: &StatQuery,
        range: (NaiveDate, NaiveDate),
    ) -> Result<Measured<ByArea<Transfer, TransferCounts>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let of = pages.iter().map(|(authority, facts)| (*authority, transfers(facts, days(range), as_at)));
            summed(query, of)
        })
    }

    /// Exceptions by ground, by whether their conditions are fulfilled and they were needed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn exceptions(
        &self,
        caller: &Caller,
        query: &StatQuery,
        range: (NaiveDate, NaiveDate),
    ) -> Result<Measured<ByArea<Ground, ExceptionCounts>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let of = pages.iter().map(|(authority, facts)| (*authority, exceptions(facts, days(range), as_at)));
            summed(query, of)
        })
    }
}

fn days((first, last): (NaiveDate, NaiveDate)) -> (Day, Day) {
    (day(Some(first)), day(Some(last)))
}

/// Adds the groups of authorities up to areas.
fn summed<K: Ord, T: Sum + Default>(
    query: &StatQuery,
    of: impl Iterator<Item = (Authority, BTreeMap<K, T>)>,
) -> ByArea<K, T> {
    let mut groups = BTreeMap::<_, T>::new();
    for (authority, counts) in of {
        for (key, count) in counts {
            groups.entry((query.level.area(authority), key)).or_default().add(&count);
        }
    }
    groups
}
