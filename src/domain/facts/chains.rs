//! Chains: an EHC plan and what hangs together with it, so that a change of one moves the clocks of the others.

use smallvec::SmallVec;

use super::links::{Links, Numbered};
use crate::domain::annual_review::AnnualReview;
use crate::domain::calendar::Calendar;
use crate::domain::clock::instance::{Instance, each_of_plan, of_amendment, of_consultation, of_reassessment};
use crate::domain::consultation::Consultation;
use crate::domain::ehc_plan::EhcPlan;
use crate::domain::noun::Noun;
use crate::domain::plan_amendment::PlanAmendment;
use crate::domain::reassessment::Reassessment;

/// The plans of an authority, and what belongs to each.
#[derive(Clone, Debug, Default)]
pub struct Chains {
    /// The plans.
    pub plans: Numbered<EhcPlan>,
    /// Reviews, each of which is followed by the next.
    pub reviews: Links<AnnualReview>,
    /// Re-assessments.
    pub reassessments: Links<Reassessment>,
    /// Amendments without a review.
    pub amendments: Links<PlanAmendment>,
    /// Consultations, those about a case under 0.
    pub consultations: Links<Consultation>,
}

impl Chains {
    /// Works out the clocks of a plan, of its reviews, and of all that ends with it: the number of each record with its
    /// clocks.
    pub fn clocks(&self, number: i64, calendar: &Calendar, each: impl FnMut(Noun, i64, &[Instance])) {
        if let Some(plan) = self.plans.get(number) {
            self.clocks_of((number, plan), calendar, each);
        }
    }

    /// The same of every plan, in the order of their numbers.
    pub fn all_clocks(&self, calendar: &Calendar, mut each: impl FnMut(Noun, i64, &[Instance])) {
        self.plans.iter().for_each(|plan| self.clocks_of(plan, calendar, &mut each));
    }

    fn clocks_of(
        &self,
        (number, plan): (i64, &EhcPlan),
        calendar: &Calendar,
        mut each: impl FnMut(Noun, i64, &[Instance]),
    ) {
        let mut reviews: SmallVec<[_; 4]> = self.reviews.of(number).collect();
        each_of_plan(plan, &mut reviews, calendar, |review, instances| match review {
            Some(review) => each(Noun::AnnualReview, review, instances),
            None => each(Noun::EhcPlan, number, instances),
        });
        for (number, reassessment) in self.reassessments.of(number) {
            each(Noun::Reassessment, number, &of_reassessment(reassessment, plan));
        }
        for (number, amendment) in self.amendments.of(number) {
            each(Noun::PlanAmendment, number, &of_amendment(amendment, plan));
        }
        for (number, consultation) in self.consultations.of(number) {
            each(Noun::Consultation, number, &[of_consultation(consultation, plan.ended_on())]);
        }
    }
}
