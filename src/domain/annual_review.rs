//! Reviews of EHC plans: section 44 of the Act and regulations 18 to 22.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::EhcPlanLink;

codes! {
    /// What a review decided.
    ReviewDecision {
        /// The plan stays as it is.
        Maintain = "maintain",
        /// The plan is amended.
        Amend = "amend",
        /// The plan ceases.
        Cease = "cease",
    }
}

noun! {
    /// One review of an EHC plan. It is complete only when the decision is notified, not at the meeting.
    AnnualReview: "rev", "annual review", "annual-reviews", "annual_reviews" {
        /// The plan.
        required ehc_plan_id: EhcPlanLink,
        /// The day of the review meeting; it may lie ahead.
        optional meeting_on: NaiveDate,
        /// The day the invitations and the advice were sent round.
        optional notice_sent_on: NaiveDate,
        /// The day the report of the meeting was sent.
        optional report_sent_on: NaiveDate,
        /// What was decided. Without its day it counts as an outcome, and in no time.
        optional decision: ReviewDecision,
        /// The day the decision was notified: the review is complete.
        optional decision_on: NaiveDate,
        /// The day the notice of proposed amendments was sent, with the plan and the evidence.
        optional amendment_notice_sent_on: NaiveDate,
        /// The day the amended final plan was sent.
        optional final_sent_on: NaiveDate,
        /// The day it was notified that the plan is not amended after all.
        optional not_amended_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let meeting: Step = ("meeting_on", self.meeting_on);
        let notice: Step = ("notice_sent_on", self.notice_sent_on);
        let report: Step = ("report_sent_on", self.report_sent_on);
        let decided: Step = ("decision_on", self.decision_on);
        let amendment: Step = ("amendment_notice_sent_on", self.amendment_notice_sent_on);
        let sent: Step = ("final_sent_on", self.final_sent_on);
        let kept: Step = ("not_amended_on", self.not_amended_on);

        check::not_after(today, &[notice, report, decided, amendment, sent, kept], faults);
        check::in_order(&[notice], &[meeting], faults);
        check::in_order(&[meeting], &[report, decided, amendment, sent, kept], faults);
        check::in_order(&[amendment], &[sent, kept], faults);
        check::not_both(
            ("final_sent_on", self.final_sent_on.is_some()),
            ("not_amended_on", self.not_amended_on.is_some()),
            faults,
        );
        if self.meeting_on.is_some_and(|meeting| meeting > today) && self.decision.is_some() {
            faults.add("decision", "contradiction", "must be empty while the meeting lies ahead");
        }
        if self.meeting_on.is_none() && self.decision_on.is_none() {
            faults.add(
                "meeting_on",
                "required",
                "is required (or decision_on, for a review whose meeting nobody knows)",
            );
        }
        if self.decision.is_some_and(|decision| decision != ReviewDecision::Amend)
            && self.amendment_notice_sent_on.is_some()
        {
            faults.add("amendment_notice_sent_on", "contradiction", "must be empty unless decision is amend");
        }
    }
}
