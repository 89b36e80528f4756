//! Facts of therapy referrals.

use std::ops::{Deref, Range};

use super::ProviderPlace;
use super::columns::columns;
use super::days::{Day, day};
use crate::domain::referral::{Priority, Purpose, Referral, ReferralSource};
use crate::domain::service::Discipline;

columns! {
    /// The columns of referrals.
    ReferralColumns of
    /// One referral.
    ReferralFact {
        /// The therapy.
        discipline: u8,
        /// The provider's place in the list of providers, 0 for none.
        provider: ProviderPlace,
        /// The child's place.
        child: u32,
        /// Priority, 0 if not recorded.
        priority: u8,
        /// Who referred the child, 0 if not recorded.
        source: u8,
        /// What for, 0 if not recorded.
        purpose: u8,
        /// Received: the wait starts.
        received: Day,
        /// Rejected.
        rejected: Day,
        /// The first contact.
        seen: Day,
        /// The assessment was completed.
        assessed: Day,
        /// Discharged.
        discharged: Day,
        /// Withdrawn.
        withdrawn: Day,
        /// The wait ended, whatever ended it.
        wait_ended: Day,
    }
}

impl ReferralFact {
    /// The facts of a record whose provider and child have those places.
    pub fn new(record: &Referral, provider: ProviderPlace, child: u32) -> Self {
        Self {
            discipline: Discipline::byte(Some(record.discipline)),
            provider,
            child,
            priority: Priority::byte(record.priority),
            source: ReferralSource::byte(record.referral_source),
            purpose: Purpose::byte(record.purpose),
            received: day(Some(record.received_on)),
            rejected: day(record.rejected_on),
            seen: day(record.first_contact_on),
            assessed: day(record.assessment_completed_on),
            discharged: day(record.discharged_on),
            withdrawn: day(record.withdrawn_on),
            wait_ended: day(record.wait_ended_on()),
        }
    }
}

/// So many rows have one span of waits.
const BLOCK: usize = 1024;

/// So many blocks make a run: enough that what is looked up for its rows, such as needs of children, is soon in the cache.
const RUN: usize = 8;

/// The first day a row of a block was received, and the last day a wait of it ended.
type Span = (Day, Day);

/// Referrals as columns, and the span of the waits of each block of rows: referrals stand much as they came in, so that a
/// question about one day passes by most blocks.
#[derive(Clone, Debug, Default)]
pub struct ReferralFacts {
    columns: ReferralColumns,
    spans: Vec<Span>,
}

impl Deref for ReferralFacts {
    type Target = ReferralColumns;

    /// To be read; rows change by [`ReferralFacts::put`] only, which keeps the spans.
    fn deref(&self) -> &ReferralColumns {
        &self.columns
    }
}

impl ReferralFacts {
    /// Takes in one row: in the place of the row with that number, or as a new one.
    pub fn put(&mut self, number: i64, row: ReferralFact) {
        let (place, rows) = (self.place(number), self.len());
        self.columns.put(number, row);
        match place {
            Err(place) if place == rows => self.lengthen(place, row),
            // All rows behind have moved.
            Err(place) => {
                self.spans.truncate(place / BLOCK);
                let blocks = place / BLOCK..self.len().div_ceil(BLOCK);
                self.spans.extend(blocks.map(|block| self.columns.span(block)));
            }
            // What was there may have been what made the span so wide.
            Ok(place) => {
                let span = self.columns.span(place / BLOCK);
                if let Some(known) = self.spans.get_mut(place / BLOCK) {
                    *known = span;
                }
            }
        }
    }

    fn lengthen(&mut self, place: usize, row: ReferralFact) {
        match self.spans.get_mut(place / BLOCK) {
            Some((first, last)) => (*first, *last) = (row.received.min(*first), row.wait_ended.max(*last)),
            None => self.spans.push((row.received, row.wait_ended)),
        }
    }

    /// Room for so many rows more.
    pub fn reserve(&mut self, more: usize) {
        self.columns.reserve(more);
    }

    /// Rows in runs, among which are all that wait at the end of a day.
    pub fn around(&self, day: Day) -> impl Iterator<Item = Range<usize>> {
        let starts = (0..self.len()).step_by(BLOCK);
        let blocks = starts.zip(&self.spans).filter(move |(_, (first, last))| *first <= day && *last > day);
        blocks.map(|(start, _)| start..self.len().min(start + BLOCK))
    }

    /// All rows in runs of some blocks, each with the first day one of them was received.
    pub fn runs(&self) -> impl Iterator<Item = (Day, Range<usize>)> {
        let first = |spans: &[Span]| spans.iter().map(|(first, _)| *first).min().unwrap_or(Day::MAX);
        let starts = (0..self.len()).step_by(RUN * BLOCK);
        starts
            .zip(self.spans.chunks(RUN))
            .map(move |(start, spans)| (first(spans), start..self.len().min(start + RUN * BLOCK)))
    }

    /// Bytes of memory they take.
    pub fn bytes(&self) -> usize {
        self.columns.bytes() + self.spans.capacity() * size_of::<Span>()
    }
}

impl ReferralColumns {
    fn span(&self, block: usize) -> Span {
        let first = self.received.chunks(BLOCK).nth(block).and_then(|days| days.iter().min());
        let last = self.wait_ended.chunks(BLOCK).nth(block).and_then(|days| days.iter().max());
        first.copied().zip(last.copied()).unwrap_or((Day::MAX, Day::MIN))
    }
}
