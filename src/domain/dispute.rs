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

codes! {
    /// What mediation is wanted about: regulations 34 to 36.
    MediationAbout {
        /// What the council decided, such as education or social care.
        Council = "council",
        /// Health provision alone: the commissioning body arranges the mediation.
        Health = "health",
        /// Both: the council arranges it, and tells the commissioning body.
        Both = "both",
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
        /// The day they told the adviser that they do not want mediation.
        optional mediation_declined_on: NaiveDate,
        /// The day they told the council that they want mediation.
        optional mediation_requested_on: NaiveDate,
        /// What mediation is wanted about; about health provision the commissioning body must be told. Left out, it is council.
        optional mediation_about: MediationAbout,
        /// The day the commissioning body was told: about health alone, its thirty days start.
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
        let contacted: Step = ("adviser_contacted_on", self.adviser_contacted_on);
        let declined: Step = ("mediation_declined_on", self.mediation_declined_on);
        let requested: Step = ("mediation_requested_on", self.mediation_requested_on);
        let icb: Step = ("icb_informed_on", self.icb_informed_on);
        let held: Step = ("mediation_held_on", self.mediation_held_on);
        let certified: Step = ("certificate_issued_on", self.certificate_issued_on);
        let agreed: Step = ("agreed_without_council_on", self.agreed_without_council_on);
        let told: Step = ("council_told_on", self.council_told_on);
        let appealed: Step = ("appealed_on", self.appealed_on);
        let settled: Step = ("settled_on", self.settled_on);
        let steps = [contacted, declined, requested, icb, held, certified, agreed, told, appealed, settled];
        check::not_after(today, &[notice], faults);
        check::not_after(today, &steps, faults);
        check::in_order(&[notice], &steps, faults);
        check::in_order(&[contacted], &[declined], faults);
        check::in_order(&[requested], &[icb, held], faults);
        check::in_order(&[contacted, declined, held], &[certified], faults);
        check::in_order(&[agreed], &[told], faults);
        check::not_both((appealed.0, appealed.1.is_some()), (settled.0, settled.1.is_some()), faults);
        self.check_what_it_is_about(faults);
        self.check_what_needs_another(faults);
    }

    fn check_what_it_is_about(&self, faults: &mut Faults) {
        let request = ("ehc_request_id", self.ehc_request_id.is_some());
        let plan = ("ehc_plan_id", self.ehc_plan_id.is_some());
        check::one_link(request, plan, "a dispute", faults);
        let refusals = [DisputedDecision::RefusalToAssess, DisputedDecision::RefusalOfPlan];
        match self.decision.map(|decision| refusals.contains(&decision)) {
            Some(true) if plan.1 => {
                let message = "must be empty when decision is refusal_to_assess or refusal_of_plan: those are about an EHC request";
                faults.add(plan.0, "contradiction", message);
            }
            Some(false) if request.1 => {
                let message = "must be empty unless decision is refusal_to_assess or refusal_of_plan: the others are about an EHC plan";
                faults.add(request.0, "contradiction", message);
            }
            _ => {}
        }
    }

    fn check_what_needs_another(&self, faults: &mut Faults) {
        if self.council_told_on.is_some() && self.agreed_without_council_on.is_none() {
            faults.add("agreed_without_council_on", "required", "is required when council_told_on is given");
        }
        let health = matches!(self.mediation_about, Some(MediationAbout::Health | MediationAbout::Both));
        if self.icb_informed_on.is_some() && !health {
            faults.add("mediation_about", "required", "must be health or both when icb_informed_on is given");
        }
        for (name, given) in
            [("mediation_about", self.mediation_about.is_some()), ("icb_informed_on", self.icb_informed_on.is_some())]
        {
            if given && self.mediation_requested_on.is_none() {
                let message = format!("is required when {name} is given");
                faults.add("mediation_requested_on", "required", message);
            }
        }
    }
}

impl Dispute {
    /// The day from which the adviser has three working days for the certificate: the mediation was held, or the parent or
    /// young person told the adviser that they want none. That they made contact starts nothing.
    pub fn mediation_ended_on(&self) -> Option<NaiveDate> {
        self.mediation_held_on.or(self.mediation_declined_on)
    }
}
