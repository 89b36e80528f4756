//! Decisions that may be appealed, with the mediation and the appeal about them: section 55, regulations 32 to 42.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::{EhcPlanLink, EhcRequestLink};

codes! {
    /// Which decision may be appealed: section 51(2).
    DisputedDecision {
        /// Not to assess.
        RefusalToAssess = "refusal_to_assess",
        /// Not to make a plan.
        RefusalOfPlan = "refusal_of_plan",
        /// What the plan says of needs or provision.
        Contents = "contents",
        /// Which setting the plan names, and nothing else: no mediation is needed.
        PlacementOnly = "placement_only",
        /// Not to re-assess.
        RefusalToReassess = "refusal_to_reassess",
        /// Not to amend the plan after a review or re-assessment.
        RefusalToAmend = "refusal_to_amend",
        /// To cease to maintain the plan.
        Ceasing = "ceasing",
    }
}

noun! {
    /// A decision that may be appealed: the mediation about it, and the appeal. What is then ordered or agreed is an order.
    Dispute: "dis", "dispute", "disputes", "disputes" {
        /// The EHC request it is about.
        optional ehc_request_id: EhcRequestLink,
        /// The EHC plan it is about.
        optional ehc_plan_id: EhcPlanLink,
        /// Which decision.
        required decision: DisputedDecision,
        /// The day the notice of the decision was sent: two months to contact the mediation adviser or to appeal.
        required notice_sent_on: NaiveDate,
        /// The day the parent or young person contacted the mediation adviser.
        optional adviser_contacted_on: NaiveDate,
        /// The day they told the council that they want mediation.
        optional mediation_requested_on: NaiveDate,
        /// Mediation is wanted about health provision: the commissioning body must be told.
        optional about_health: bool,
        /// The day the commissioning body was told.
        optional icb_informed_on: NaiveDate,
        /// The day the mediation was held.
        optional mediation_held_on: NaiveDate,
        /// The day the mediation certificate was issued.
        optional certificate_issued_on: NaiveDate,
        /// The day of an agreement to which the council was no party.
        optional agreed_without_council_on: NaiveDate,
        /// The day the council was told of that agreement.
        optional council_told_on: NaiveDate,
        /// The day the appeal was registered.
        optional appealed_on: NaiveDate,
        /// The day it was settled: accepted, agreed or conceded before an appeal.
        optional settled_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let notice: Step = ("notice_sent_on", self.notice_sent_on);
        let requested: Step = ("mediation_requested_on", self.mediation_requested_on);
        let icb: Step = ("icb_informed_on", self.icb_informed_on);
        let held: Step = ("mediation_held_on", self.mediation_held_on);
        let agreed: Step = ("agreed_without_council_on", self.agreed_without_council_on);
        let told: Step = ("council_told_on", self.council_told_on);
        let steps = [
            ("adviser_contacted_on", self.adviser_contacted_on),
            requested,
            icb,
            held,
            ("certificate_issued_on", self.certificate_issued_on),
            agreed,
            told,
            ("appealed_on", self.appealed_on),
            ("settled_on", self.settled_on),
        ];
        check::not_after(today, &[notice], faults);
        check::not_after(today, &steps, faults);
        check::in_order(&[notice], &steps, faults);
        check::in_order(&[requested], &[icb, held], faults);
        check::in_order(&[agreed], &[told], faults);
        let request = ("ehc_request_id", self.ehc_request_id.is_some());
        check::one_link(request, ("ehc_plan_id", self.ehc_plan_id.is_some()), "a dispute", faults);
        if told.1.is_some() && agreed.1.is_none() {
            faults.add(agreed.0, "required", "is required when council_told_on is given");
        }
        if icb.1.is_some() && self.about_health != Some(true) {
            faults.add("about_health", "required", "must be true when icb_informed_on is given");
        }
    }
}

impl Dispute {
    /// The day from which the adviser has three working days for the certificate: the mediation was held, or the adviser
    /// was contacted and no mediation was asked for.
    pub fn mediation_ended_on(&self) -> Option<NaiveDate> {
        let informed = self.adviser_contacted_on.filter(|_| self.mediation_requested_on.is_none());
        self.mediation_held_on.or(informed)
    }
}
