//! Consultations of schools and other settings: sections 39 and 40 of the Act, Code of Practice 9.83.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::noun::noun;
use super::reference::{EhcPlanLink, EhcRequestLink, ProviderRef};

noun! {
    /// A consultation of a school or other setting that a plan is to name, and its answer.
    Consultation: "con", "consultation", "consultations", "consultations" {
        /// The EHC request whose draft plan it is about.
        optional ehc_request_id: EhcRequestLink,
        /// The EHC plan it is about, when one is to be amended.
        optional ehc_plan_id: EhcPlanLink,
        /// The setting. A new reference creates the provider.
        optional provider_ref: ProviderRef,
        /// The day the council consulted it.
        required consulted_on: NaiveDate,
        /// The day it answered.
        optional replied_on: NaiveDate,
        /// The day the council no longer waited for an answer.
        optional withdrawn_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let asked: Step = ("consulted_on", self.consulted_on);
        let replied: Step = ("replied_on", self.replied_on);
        let withdrawn: Step = ("withdrawn_on", self.withdrawn_on);
        check::not_after(today, &[asked, replied, withdrawn], faults);
        check::in_order(&[asked], &[replied, withdrawn], faults);
        let request = ("ehc_request_id", self.ehc_request_id.is_some());
        check::one_link(request, ("ehc_plan_id", self.ehc_plan_id.is_some()), "a consultation", faults);
    }
}
