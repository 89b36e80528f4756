//! Re-assessments of the needs behind an EHC plan: section 44(2) and (3) of the Act, regulations 23 to 27.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::ehc_plan::EhcPlan;
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::EhcPlanLink;

codes! {
    /// Whether to re-assess: regulation 25.
    ReassessmentDecision {
        /// A re-assessment is made.
        Reassess = "reassess",
        /// The request is refused; it may be if an assessment was made in the last six months, regulation 24.
        DoNotReassess = "do_not_reassess",
    }
}

noun! {
    /// A re-assessment of the needs behind an EHC plan, asked for or begun by the council itself.
    Reassessment: "rea", "re-assessment", "reassessments", "reassessments" {
        /// The EHC plan.
        required ehc_plan_id: EhcPlanLink,
        /// The day the council received the request for it.
        optional requested_on: NaiveDate,
        /// The day the council decided on it of its own motion, where nobody asked: section 44(3).
        optional own_motion_on: NaiveDate,
        /// Whether to re-assess, on a request.
        optional decision: ReassessmentDecision,
        /// The day that decision was notified: the fourteen weeks start, reg 27(2).
        optional decision_on: NaiveDate,
        /// The day the final plan was sent after it.
        optional final_sent_on: NaiveDate,
        /// The day it stopped before: withdrawn, or without a plan at its end.
        optional stopped_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let requested: Step = ("requested_on", self.requested_on);
        let own: Step = ("own_motion_on", self.own_motion_on);
        let decided: Step = ("decision_on", self.decision_on);
        let sent: Step = ("final_sent_on", self.final_sent_on);
        let stopped: Step = ("stopped_on", self.stopped_on);

        check::not_after(today, &[requested, own, decided, sent, stopped], faults);
        check::in_order(&[requested, own], &[decided, sent, stopped], faults);
        check::in_order(&[decided], &[sent, stopped], faults);
        check::together(("decision", self.decision.is_some()), decided, faults);
        check::one_of(requested, own, "it starts with a request or with the council's own decision", faults);
        check::not_both(("own_motion_on", own.1.is_some()), ("decision", self.decision.is_some()), faults);
        check::not_both(("final_sent_on", sent.1.is_some()), ("stopped_on", stopped.1.is_some()), faults);
        if self.decision == Some(ReassessmentDecision::DoNotReassess) && self.final_sent_on.is_some() {
            faults.add("final_sent_on", "contradiction", "must be empty when decision is do_not_reassess");
        }
        if sent.1.is_some() && self.decision.is_none() && own.1.is_none() {
            let message = "is required when final_sent_on is given, unless own_motion_on is";
            faults.add("decision", "required", message);
        }
    }
}

impl Reassessment {
    /// The first day on which nothing more was left to do: refused, stopped, or the plan sent.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        let refused = self.decision_on.filter(|_| self.decision == Some(ReassessmentDecision::DoNotReassess));
        [self.final_sent_on, self.stopped_on, refused].into_iter().flatten().min()
    }

    /// The same, or the day its plan ended: nobody waits for the advice to it any more.
    pub fn over_on(&self, plan: &EhcPlan) -> Option<NaiveDate> {
        self.ended_on().into_iter().chain(plan.ended_on()).min()
    }
}
