//! Orders of the Tribunal, concessions, and mediation agreements: what replaces the limit that stood before.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::{EhcPlanLink, EhcRequestLink};

codes! {
    /// Where an order comes from.
    OrderSource {
        /// The First-tier Tribunal made it: regulation 44.
        Tribunal = "tribunal",
        /// The council told the Tribunal that it does not oppose the appeal: regulation 45.
        Concession = "concession",
        /// Mediation agreed it: regulation 42.
        Mediation = "mediation",
    }
}

codes! {
    /// What is ordered.
    OrderKind {
        /// The appeal against ceasing the plan is dismissed: it ceases.
        Cease = "cease",
        /// To assess or re-assess.
        Assess = "assess",
        /// To make and maintain a plan.
        MakePlan = "make_plan",
        /// To reconsider.
        Reconsider = "reconsider",
        /// To amend needs or provision.
        AmendPlan = "amend_plan",
        /// To amend the placement only.
        AmendSchoolOnly = "amend_school_only",
        /// To continue the plan.
        ContinuePlan = "continue_plan",
        /// A recommendation about health or social care.
        Recommendation = "recommendation",
        /// Anything agreed in mediation that could not be appealed.
        OtherAgreement = "other_agreement",
    }
}

noun! {
    /// An order of the Tribunal, a concession or a mediation agreement, about one EHC request or one EHC plan.
    Order: "ord", "order", "orders", "orders" {
        /// Where it comes from.
        required source: OrderSource,
        /// What is ordered.
        required kind: OrderKind,
        /// The day of the order, of the council's notice to the Tribunal, or of the agreement.
        required made_on: NaiveDate,
        /// The EHC request it is about.
        optional ehc_request_id: EhcRequestLink,
        /// The EHC plan it is about.
        optional ehc_plan_id: EhcPlanLink,
        /// The last day the Tribunal directed, or the parties agreed in writing, reg 42(5): it replaces the limit of the Regulations.
        optional directed_by: NaiveDate,
        /// The day it was notified that an assessment is made.
        optional notified_on: NaiveDate,
        /// The day it was notified that no plan is made.
        optional refused_plan_on: NaiveDate,
        /// The day the draft plan was issued.
        optional draft_issued_on: NaiveDate,
        /// The day the final or amended plan was sent.
        optional final_sent_on: NaiveDate,
        /// The day anything else that was ordered was done.
        optional complied_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let made: Step = ("made_on", self.made_on);
        let steps: [Step; 5] = [
            ("notified_on", self.notified_on),
            ("refused_plan_on", self.refused_plan_on),
            ("draft_issued_on", self.draft_issued_on),
            ("final_sent_on", self.final_sent_on),
            ("complied_on", self.complied_on),
        ];
        check::not_after(today, &[made], faults);
        check::not_after(today, &steps, faults);
        check::in_order(&[made], &steps, faults);
        check::in_order(&[made], &[("directed_by", self.directed_by)], faults);
        check::not_both(
            ("refused_plan_on", self.refused_plan_on.is_some()),
            ("final_sent_on", self.final_sent_on.is_some()),
            faults,
        );
        let request = ("ehc_request_id", self.ehc_request_id.is_some());
        check::one_link(request, ("ehc_plan_id", self.ehc_plan_id.is_some()), "an order", faults);
        let conceded = [OrderKind::Assess, OrderKind::MakePlan, OrderKind::AmendPlan, OrderKind::AmendSchoolOnly];
        let other = self.kind.is_some_and(|kind| !conceded.contains(&kind));
        if self.source == Some(OrderSource::Concession) && other {
            let message = "must be assess, make_plan, amend_plan or amend_school_only when source is concession: reg 45 knows no other";
            faults.add("kind", "contradiction", message);
        }
        let agreement = self.kind == Some(OrderKind::OtherAgreement);
        if agreement && self.source.is_some_and(|source| source != OrderSource::Mediation) {
            faults.add("kind", "contradiction", "may be other_agreement only when source is mediation");
        }
    }
}
