//! Recruitments: rounds of filling a post, step by step.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::number::Round;
use super::reference::PostRef;

codes! {
    /// What became of a round.
    RecruitmentOutcome {
        /// Somebody was appointed and has started, or will on a day that is agreed.
        Appointed = "appointed",
        /// Nobody suitable was found.
        NobodySuitable = "nobody_suitable",
        /// The offer was declined, or withdrawn after checks.
        OfferDeclined = "offer_declined",
        /// The post was withdrawn or frozen.
        Withdrawn = "withdrawn",
    }
}

noun! {
    /// One round of recruiting to a post.
    Recruitment: "rec", "recruitment", "recruitments", "recruitments" {
        /// The post, which must be known.
        required post_ref: PostRef,
        /// Which attempt at this vacancy it is, the first being 1.
        required round: Round,
        /// The day recruiting was approved.
        required approved_on: NaiveDate,
        /// The day it was advertised.
        optional advertised_on: NaiveDate,
        /// The day an offer was made.
        optional offered_on: NaiveDate,
        /// The day the new worker starts; it may lie ahead.
        optional starts_on: NaiveDate,
        /// What became of the round; empty while it runs.
        optional outcome: RecruitmentOutcome,
        /// The day the round ended: of the agreed start for an appointment, of the failure otherwise.
        optional outcome_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let approved: Step = ("approved_on", self.approved_on);
        let advertised: Step = ("advertised_on", self.advertised_on);
        let offered: Step = ("offered_on", self.offered_on);
        let starts: Step = ("starts_on", self.starts_on);
        let ended: Step = ("outcome_on", self.outcome_on);
        check::not_after(today, &[approved, advertised, offered, ended], faults);
        check::in_order(&[approved], &[advertised, offered, starts, ended], faults);
        check::in_order(&[advertised], &[offered, starts, ended], faults);
        check::in_order(&[offered], &[starts, ended], faults);
        check::together(("outcome", self.outcome.is_some()), ended, faults);
        if self.outcome == Some(RecruitmentOutcome::Appointed) && self.starts_on.is_none() {
            faults.add("starts_on", "required", "is required when the outcome is appointed: the day agreed");
        }
        let failed = self.outcome.is_some_and(|outcome| outcome != RecruitmentOutcome::Appointed);
        check::not_both(("an outcome other than appointed", failed), ("starts_on", self.starts_on.is_some()), faults);
    }
}
