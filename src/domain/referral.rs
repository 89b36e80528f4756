//! Referrals to therapy, and their way along the pathway.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::{ChildRef, EhcRequestLink, ProviderRef, ServiceRef};
use super::service::Discipline;

codes! {
    /// Priority, as the Community Services Data Set has it.
    Priority {
        /// Routine.
        Routine = "routine",
        /// Urgent.
        Urgent = "urgent",
        /// To be seen within two weeks.
        TwoWeekWait = "two_week_wait",
    }
}

codes! {
    /// Who referred the child.
    ReferralSource {
        /// A general practitioner.
        GeneralPractitioner = "general_practitioner",
        /// A health visitor.
        HealthVisitor = "health_visitor",
        /// Another health professional.
        OtherHealth = "other_health",
        /// A school or other setting.
        Education = "education",
        /// Social care.
        SocialCare = "social_care",
        /// The council's EHC team.
        EhcTeam = "ehc_team",
        /// A parent, a carer or the young person.
        ParentOrYoungPerson = "parent_or_young_person",
        /// Anyone else.
        Other = "other",
    }
}

codes! {
    /// What the referral is for.
    Purpose {
        /// Advice to an EHC needs assessment.
        EhcAdvice = "ehc_advice",
        /// The service's ordinary work.
        Core = "core",
    }
}

noun! {
    /// A referral of one child to one therapy: received, then accepted or rejected, seen, assessed, discharged.
    Referral: "ref", "referral", "referrals", "referrals" {
        /// The child. A new pseudonym creates the child.
        required child_ref: ChildRef,
        /// The therapy asked for.
        required discipline: Discipline,
        /// The day the service received it: the wait starts.
        required received_on: NaiveDate,
        /// The provider. A new reference creates the provider.
        optional provider_ref: ProviderRef,
        /// The service, which must be known.
        optional service_ref: ServiceRef,
        /// Priority.
        optional priority: Priority,
        /// Who referred the child.
        optional referral_source: ReferralSource,
        /// Advice to an EHC assessment, or the service's ordinary work.
        optional purpose: Purpose,
        /// The EHC request it belongs to.
        optional ehc_request_id: EhcRequestLink,
        /// The day it was accepted.
        optional accepted_on: NaiveDate,
        /// The day it was rejected: the wait ends.
        optional rejected_on: NaiveDate,
        /// The day of the first contact: the wait ends.
        optional first_contact_on: NaiveDate,
        /// The day the assessment was completed.
        optional assessment_completed_on: NaiveDate,
        /// The day the child was discharged: the wait ends.
        optional discharged_on: NaiveDate,
        /// The day it was withdrawn: the wait ends.
        optional withdrawn_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let received: Step = ("received_on", self.received_on);
        let accepted: Step = ("accepted_on", self.accepted_on);
        let rejected: Step = ("rejected_on", self.rejected_on);
        let first_contact: Step = ("first_contact_on", self.first_contact_on);
        let assessed: Step = ("assessment_completed_on", self.assessment_completed_on);
        let discharged: Step = ("discharged_on", self.discharged_on);
        let withdrawn: Step = ("withdrawn_on", self.withdrawn_on);
        let after_receipt = [accepted, rejected, first_contact, assessed, discharged, withdrawn];

        check::not_after(
            today,
            &[received, accepted, rejected, first_contact, assessed, discharged, withdrawn],
            faults,
        );
        check::in_order(&[received], &after_receipt, faults);
        check::in_order(&[accepted], &[first_contact, assessed, discharged, withdrawn], faults);
        check::in_order(&[first_contact], &[assessed, discharged, withdrawn], faults);
        check::in_order(&[assessed], &[discharged, withdrawn], faults);
        for step in [accepted, first_contact, assessed, discharged] {
            check::not_both(("rejected_on", self.rejected_on.is_some()), (step.0, step.1.is_some()), faults);
        }
        check::not_both(
            ("discharged_on", self.discharged_on.is_some()),
            ("withdrawn_on", self.withdrawn_on.is_some()),
            faults,
        );
    }
}

impl Referral {
    /// The day the wait ended, whatever ended it; `None` while the child waits.
    pub fn wait_ended_on(&self) -> Option<NaiveDate> {
        [self.rejected_on, self.first_contact_on, self.discharged_on, self.withdrawn_on].into_iter().flatten().min()
    }
}
