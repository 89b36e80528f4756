//! Facts of therapy referrals.

use super::ProviderPlace;
use super::columns::columns;
use super::days::{Day, day};
use crate::domain::referral::{Priority, Purpose, Referral, ReferralSource};
use crate::domain::service::Discipline;

columns! {
    /// Referrals as columns.
    ReferralFacts of
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
