//! Facts: the records of one authority as columns of day numbers and small codes, kept for counting.
//!
//! A scan over columns runs at the speed of memory, gives the same answer whichever engine the records came from, and
//! is a rule one can read.

mod cases;
mod clocks;
mod columns;
mod days;
mod links;
mod plans;
mod therapy;

use std::collections::HashMap;

use super::advice_request::AdviceRequest;
use super::annual_review::AnnualReview;
use super::clock::instance::{of_advice, of_order, of_plan, of_request};
use super::clock::{Clock, Exception};
use super::ehc_plan::EhcPlan;
use super::ehc_request::EhcRequest;
use super::fault::Refusal;
use super::noun::{Cells, Noun};
use super::order::Order;
use super::reference::ProviderRef;
use super::referral::Referral;
use super::timescale_exception::TimescaleException;
use links::Links;

pub use cases::{AdviceFact, AdviceFacts, CaseFact, CaseFacts, rule_of_request};
pub use clocks::{ClockFact, ClockFacts, Clocks};
pub use days::{Day, NEVER, date, day};
pub use plans::{PlanFact, PlanFacts, ReviewFact, ReviewFacts};
pub use therapy::{ReferralFact, ReferralFacts};

/// What is known of one authority, up to one entry of its ledger.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The last ledger entry these facts include; 0 for none.
    pub seq: i64,
    /// EHC requests, in the order of their numbers.
    pub cases: CaseFacts,
    /// Requests for advice, in the order of their numbers.
    pub advice: AdviceFacts,
    /// Referrals, in the order of their numbers.
    pub referrals: ReferralFacts,
    /// EHC plans, in the order of their numbers.
    pub plans: PlanFacts,
    /// Reviews, in the order of their numbers.
    pub reviews: ReviewFacts,
    /// Every clock of every record.
    pub clocks: Clocks,
    exceptions: Links<TimescaleException>,
    orders: Links<Order>,
    /// The reviews of each plan, to which the next review belongs.
    chains: Links<AnnualReview>,
    plan_records: HashMap<i64, EhcPlan>,
    providers: Vec<Box<str>>,
    provider_places: HashMap<Box<str>, u32>,
}

/// The clocks that the records of a noun may have.
const REQUEST: &[Clock] =
    &[Clock::DecideToAssess, Clock::DecideNotToIssue, Clock::RepresentationWindow, Clock::FinalPlan];
const PLAN: &[Clock] =
    &[Clock::AnnualReview, Clock::PhaseTransfer, Clock::LaTransfer, Clock::LaTransferInform, Clock::LaTransferReview];
const REVIEW: &[Clock] = &[
    Clock::ReviewMeetingNotice,
    Clock::ReviewReport,
    Clock::ReviewDecision,
    Clock::ReviewAmendmentNotice,
    Clock::ReviewRepresentationWindow,
    Clock::ReviewFinalPlan,
    Clock::ReviewNoAmendAfterNotice,
    Clock::AnnualReview,
];
const ORDER: &[Clock] = &[
    Clock::TribunalCease,
    Clock::TribunalAssessNotify,
    Clock::TribunalAssessRefusePlan,
    Clock::TribunalAssessMakePlan,
    Clock::TribunalMakePlanDraft,
    Clock::TribunalMakePlanFinal,
    Clock::TribunalReconsider,
    Clock::TribunalAmendPlan,
    Clock::TribunalAmendSchoolOnly,
    Clock::TribunalRecommendation,
    Clock::UnopposedAssessNotify,
    Clock::UnopposedAssessRefusePlan,
    Clock::UnopposedAssessMakePlan,
    Clock::UnopposedMakePlanDraft,
    Clock::UnopposedMakePlanFinal,
    Clock::UnopposedContents,
    Clock::UnopposedSchoolOnly,
    Clock::MediationNonAppealable,
];

impl Facts {
    /// The nouns facts are made of.
    pub const NOUNS: &'static [Noun] = &[
        Noun::EhcRequest,
        Noun::TimescaleException,
        Noun::AdviceRequest,
        Noun::Referral,
        Noun::EhcPlan,
        Noun::AnnualReview,
        Noun::Order,
    ];

    /// The clocks that records have, in the order of the law; the others can only be calculated.
    pub fn clocks_kept() -> impl Iterator<Item = Clock> {
        let of_records = |clock: &Clock| {
            *clock == Clock::AdviceReturn || [REQUEST, PLAN, REVIEW, ORDER].iter().any(|clocks| clocks.contains(clock))
        };
        Clock::ALL.iter().copied().filter(of_records)
    }

    /// Takes in the present state of one record. Applying the same state again changes nothing.
    ///
    /// # Errors
    /// What one of the cells must be and is not: the memory is corrupt.
    pub fn apply(&mut self, noun: Noun, number: i64, cells: &Cells) -> Result<(), Refusal> {
        match noun {
            Noun::EhcRequest => {
                let request = EhcRequest::from_cells(cells)?;
                self.cases.put(number, CaseFact::from(&request));
                self.clocks.put(number, &of_request(&request, None), REQUEST);
                self.excuse(number);
                self.replace(number);
            }
            Noun::AdviceRequest => {
                let record = AdviceRequest::from_cells(cells)?;
                let provider = self.provider_place(record.provider_ref.as_ref());
                self.advice.put(number, AdviceFact::new(&record, provider));
                self.clocks.put(number, &[of_advice(&record, None)], &[Clock::AdviceReturn]);
            }
            Noun::Referral => {
                let record = Referral::from_cells(cells)?;
                let provider = self.provider_place(record.provider_ref.as_ref());
                self.referrals.put(number, ReferralFact::new(&record, provider));
            }
            Noun::TimescaleException => {
                let record = TimescaleException::from_cells(cells)?;
                let case = record.ehc_request_id.number().unwrap_or(0);
                for case in self.exceptions.put(number, case, record) {
                    self.excuse(case);
                }
            }
            Noun::EhcPlan => {
                let plan = EhcPlan::from_cells(cells)?;
                self.plans.put(number, PlanFact::from(&plan));
                self.plan_records.insert(number, plan);
                self.chain(number);
            }
            Noun::AnnualReview => {
                let review = AnnualReview::from_cells(cells)?;
                self.reviews.put(number, ReviewFact::from(&review));
                let plan = review.ehc_plan_id.number().unwrap_or(0);
                for plan in self.chains.put(number, plan, review) {
                    self.chain(plan);
                }
            }
            Noun::Order => {
                let order = Order::from_cells(cells)?;
                self.clocks.put(number, &of_order(&order), ORDER);
                let case =
                    order.ehc_request_id.as_ref().and_then(super::reference::EhcRequestLink::number).unwrap_or(0);
                for case in self.orders.put(number, case, order) {
                    self.replace(case);
                }
            }
            Noun::Child | Noun::Provider | Noun::Service | Noun::CalendarEntry => {}
        }
        Ok(())
    }

    /// Works out again from which day an exception disapplies the limits of the case.
    fn excuse(&mut self, case: i64) {
        self.cases.excuse(case, self.exceptions.of(case).map(|(_, exception)| exception));
    }

    /// Works out again from which day an order replaces the limits of the case.
    fn replace(&mut self, case: i64) {
        let orders = self.orders.of(case).map(|(_, order)| order).filter(|order| order.replaces_request());
        self.cases.replace(case, day(orders.map(|order| order.made_on).min()));
    }

    /// Works out again the clocks of a plan and of its reviews, each of which is followed by the next.
    fn chain(&mut self, plan: i64) {
        let Some(record) = self.plan_records.get(&plan) else { return };
        let reviews: Vec<_> = self.chains.of(plan).collect();
        for (number, clocks) in of_plan(record, &reviews) {
            match number {
                None => self.clocks.put(plan, &clocks, PLAN),
                Some(review) => self.clocks.put(review, &clocks, REVIEW),
            }
        }
    }

    /// The place of a provider in this authority's list; 0 for none.
    fn provider_place(&mut self, reference: Option<&ProviderRef>) -> u32 {
        let Some(reference) = reference.map(ProviderRef::as_str) else { return 0 };
        if let Some(place) = self.provider_places.get(reference) {
            return *place;
        }
        self.providers.push(reference.into());
        let place = u32::try_from(self.providers.len()).unwrap_or(u32::MAX);
        self.provider_places.insert(reference.into(), place);
        place
    }

    /// The place of a provider already named by a fact.
    pub fn find_provider(&self, reference: &str) -> Option<u32> {
        self.provider_places.get(reference).copied()
    }

    /// The reference of a provider by its place in this authority's list.
    pub fn provider(&self, place: u32) -> Option<&str> {
        let place = usize::try_from(place).ok()?.checked_sub(1)?;
        self.providers.get(place).map(AsRef::as_ref)
    }

    /// The noun of the record that has a clock. The twelve months to a review begin with a plan or with a review.
    pub fn noun_of(&self, clock: Clock, number: i64) -> Noun {
        if REQUEST.contains(&clock) {
            Noun::EhcRequest
        } else if clock == Clock::AdviceReturn {
            Noun::AdviceRequest
        } else if PLAN.contains(&clock) && self.plans.has(number) {
            Noun::EhcPlan
        } else if REVIEW.contains(&clock) {
            Noun::AnnualReview
        } else {
            Noun::Order
        }
    }

    /// Every exception, with the number of its case.
    pub fn all_exceptions(&self) -> impl Iterator<Item = (i64, &TimescaleException)> {
        self.exceptions.iter()
    }

    /// The EHC request an order is about.
    pub fn case_of_order(&self, order: i64) -> Option<i64> {
        self.orders.owner(order).filter(|case| *case != 0)
    }

    /// The exceptions of a case.
    pub fn exceptions(&self, case: i64) -> impl Iterator<Item = Exception> {
        self.exceptions.of(case).map(|(_, record)| Exception::from(record))
    }
}
