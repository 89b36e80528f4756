//! Providers: the bodies that give therapy and advice.

use chrono::NaiveDate;

use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::{OrganisationName, ProviderRef};

codes! {
    /// What kind of body a provider is. It decides whether regulation 8 binds it.
    ProviderType {
        /// An NHS trust or foundation trust.
        NhsTrust = "nhs_trust",
        /// An integrated care board.
        IntegratedCareBoard = "integrated_care_board",
        /// A local authority, this one or another.
        LocalAuthority = "local_authority",
        /// An independent practice or charity.
        Independent = "independent",
        /// A school or other setting.
        School = "school",
        /// Any other body.
        Other = "other",
    }
}

noun! {
    /// A body that gives therapy or advice. A record that names a new one creates it.
    Provider: "prv", "provider", "providers", "providers" {
        /// The sender's reference, an ODS code for instance; it cannot be changed.
        required provider_ref: ProviderRef,
        /// Its name.
        optional name: OrganisationName,
        /// What kind of body it is.
        optional provider_type: ProviderType,
    }
}

impl Draft {
    #[expect(clippy::unused_self, reason = "every noun has a check; nothing here can contradict")]
    fn check(&self, _today: NaiveDate, _faults: &mut Faults) {}
}
