//! Facts of therapy referrals.

use super::columns::columns;
use super::days::{Day, day};
use crate::domain::referral::Referral;
use crate::domain::service::Discipline;

columns! {
    /// Referrals as columns.
    ReferralFacts of
    /// One referral.
    ReferralFact {
        /// The therapy.
        discipline: Discipline,
        /// The provider's place in the list of providers, 0 for none.
        provider: u32,
        /// Received: the wait starts.
        received: Day,
        /// The wait ended, whatever ended it.
        wait_ended: Day,
    }
}

impl ReferralFact {
    /// The facts of a record whose provider has that place.
    pub fn new(record: &Referral, provider: u32) -> Self {
        Self {
            discipline: record.discipline,
            provider,
            received: day(Some(record.received_on)),
            wait_ended: day(record.wait_ended_on()),
        }
    }
}
