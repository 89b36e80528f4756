//! Facts of EHC plans and their reviews.

use super::columns::columns;
use super::days::{Day, NEVER, day};
use crate::domain::annual_review::{AnnualReview, ReviewDecision};
use crate::domain::clock::Transfer;
use crate::domain::ehc_plan::EhcPlan;

columns! {
    /// EHC plans as columns.
    PlanFacts of
    /// One EHC plan.
    PlanFact {
        /// First made.
        issued: Day,
        /// Transferred to this council; 0 if it was made here.
        came: Day,
        /// Ended, or transferred to another council.
        ended: Day,
        /// The next move between phases.
        transfer: Option<Transfer>,
        /// The day of that move.
        transfer_on: Day,
        /// The plan that names the next setting was sent.
        named: Day,
    }
}

impl From<&EhcPlan> for PlanFact {
    fn from(plan: &EhcPlan) -> Self {
        Self {
            issued: day(Some(plan.issued_on)),
            came: plan.transferred_in_on.map_or(0, |came| day(Some(came))),
            ended: day(plan.ceased_on).min(day(plan.left_on())),
            transfer: plan.phase_transfer,
            transfer_on: day(plan.phase_transfer_on),
            named: day(plan.phase_transfer_final_on),
        }
    }
}

columns! {
    /// Reviews as columns.
    ReviewFacts of
    /// One review.
    ReviewFact {
        /// The number of the plan.
        plan: i64,
        /// The meeting.
        meeting: Day,
        /// The decision was notified: the review is complete.
        decided: Day,
        /// What was decided.
        decision: Option<ReviewDecision>,
    }
}

impl From<&AnnualReview> for ReviewFact {
    fn from(review: &AnnualReview) -> Self {
        Self {
            plan: review.ehc_plan_id.number().unwrap_or(0),
            meeting: day(review.meeting_on),
            decided: day(review.decision_on),
            decision: review.decision,
        }
    }
}

impl PlanFact {
    /// True if this council maintains the plan at the end of `as_at`.
    pub fn is_active(&self, as_at: Day) -> bool {
        self.issued <= as_at && self.came <= as_at && self.ended > as_at && self.issued != NEVER
    }
}
