//! Amendments of EHC plans at any time other than a review: regulation 28.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::noun::noun;
use super::reference::EhcPlanLink;

noun! {
    /// An amendment of an EHC plan without a review; one that follows a review belongs to the annual review.
    PlanAmendment: "amd", "plan amendment", "plan-amendments", "plan_amendments" {
        /// The EHC plan.
        required ehc_plan_id: EhcPlanLink,
        /// The day the notice of proposed amendments was sent.
        required notice_sent_on: NaiveDate,
        /// The day the amended final plan was sent.
        optional final_sent_on: NaiveDate,
        /// The day it was notified that the plan is not amended after all.
        optional not_amended_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let notice: Step = ("notice_sent_on", self.notice_sent_on);
        let sent: Step = ("final_sent_on", self.final_sent_on);
        let kept: Step = ("not_amended_on", self.not_amended_on);
        check::not_after(today, &[notice, sent, kept], faults);
        check::in_order(&[notice], &[sent, kept], faults);
        check::not_both(("final_sent_on", sent.1.is_some()), ("not_amended_on", kept.1.is_some()), faults);
    }
}
