//! Services: one discipline of one provider.

use chrono::NaiveDate;

use super::check;
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::{OrganisationName, ProviderRef, ServiceRef};

codes! {
    /// The therapies that take referrals.
    Discipline {
        /// Speech and language therapy.
        SpeechAndLanguageTherapy = "speech_and_language_therapy",
        /// Occupational therapy.
        OccupationalTherapy = "occupational_therapy",
        /// Physiotherapy.
        Physiotherapy = "physiotherapy",
    }
}

noun! {
    /// A therapy service of a provider, in one discipline.
    Service: "svc", "service", "services", "services" {
        /// The sender's reference; it cannot be changed.
        required service_ref: ServiceRef,
        /// The provider it belongs to.
        required provider_ref: ProviderRef,
        /// Its discipline.
        required discipline: Discipline,
        /// Its name.
        optional name: OrganisationName,
        /// First day it took referrals.
        optional opened_on: NaiveDate,
        /// Last day it took referrals.
        optional closed_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, _today: NaiveDate, faults: &mut Faults) {
        check::in_order(&[("opened_on", self.opened_on)], &[("closed_on", self.closed_on)], faults);
    }
}
