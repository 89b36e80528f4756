//! Facts: the records of one authority as columns of day numbers and small codes, kept for counting.
//!
//! A scan over columns runs at the speed of memory, gives the same answer whichever engine the records came from, and
//! is a rule one can read.

mod cases;
mod chains;
mod children;
mod clocks;
mod columns;
mod days;
mod kept;
mod links;
mod loading;
mod plans;
mod staff;
mod therapy;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::advice_request::AdviceRequest;
use super::annual_review::AnnualReview;
use super::calendar::Calendar;
use super::calendar_entry::{CalendarEntry, CalendarKind};
use super::child::Child;
use super::clock::instance::{Instance, appeal_window, of_advice, of_consultation, of_dispute, of_order, of_request};
use super::clock::{Clock, Exception, Reading};
use super::consultation::Consultation;
use super::dispute::Dispute;
use super::ehc_plan::EhcPlan;
use super::ehc_request::EhcRequest;
use super::fault::Refusal;
use super::noun::{Cells, Noun};
use super::order::Order;
use super::plan_amendment::PlanAmendment;
use super::reassessment::Reassessment;
use super::reference::{EhcPlanLink, EhcRequestLink, ProviderRef};
use super::referral::Referral;
use super::timescale_exception::TimescaleException;
use chains::Chains;
use kept::{KEPT, clocks_of};
use links::Links;

pub use cases::{AdviceFact, AdviceFacts, CaseFact, CaseFacts};
pub use children::Children;
pub use clocks::{ClockFact, ClockFacts, Clocks};
pub use days::{Day, NEVER, date, day};
pub use plans::{PlanFact, PlanFacts, ReviewFact, ReviewFacts};
pub use staff::{
    AbsenceFact, AbsenceFacts, HoldingFact, HoldingFacts, NOWHERE, Place, PostFact, PostFacts, RecruitmentFact,
    RecruitmentFacts, Staff, TraineeFact, TraineeFacts,
};
pub use therapy::{ReferralColumns, ReferralFact, ReferralFacts};

/// The place of a provider in the list of an authority's providers, the first being 1; 0 for none, and for those beyond the
/// 65,535th, which no authority has.
pub type ProviderPlace = u16;

/// What is known of one authority, up to one entry of its ledger.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The last ledger entry these facts include; 0 for none.
    pub seq: i64,
    /// Children, by their places.
    pub children: Children,
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
    /// Posts, who holds them, and what makes minutes of them.
    pub staff: Staff,
    exceptions: Links<TimescaleException>,
    orders: Links<Order>,
    /// Every plan with what belongs to it.
    chains: Chains,
    /// The disputes about each case, 0 for those about a plan.
    disputes: Links<Dispute>,
    /// The case of each consultation, 0 for one about a plan, and the place of the provider.
    consulted: HashMap<i64, (i64, ProviderPlace)>,
    bank_holidays: BTreeMap<i64, NaiveDate>,
    calendar: Calendar,
    /// Records are still coming in by the thousand: what depends on several waits until all are there.
    loading: bool,
    providers: Vec<Box<str>>,
    provider_places: HashMap<Box<str>, ProviderPlace>,
}

impl Facts {
    /// The nouns facts are made of, in an order that loads them fast: what belongs to a request or a plan stands before it, so
    /// that its clocks are worked out once.
    pub const NOUNS: &'static [Noun] = &[
        Noun::Child,
        Noun::CalendarEntry,
        Noun::TimescaleException,
        Noun::Order,
        Noun::AnnualReview,
        Noun::Reassessment,
        Noun::PlanAmendment,
        Noun::EhcRequest,
        Noun::Consultation,
        Noun::AdviceRequest,
        Noun::Referral,
        Noun::EhcPlan,
        Noun::Dispute,
        Noun::Post,
        Noun::PostHolding,
        Noun::Absence,
        Noun::Recruitment,
        Noun::Trainee,
        Noun::CapacityRule,
    ];

    /// The clocks that records have, in the order of the law; the others can only be calculated.
    pub fn clocks_kept() -> impl Iterator<Item = Clock> {
        let is_kept = |clock: &Clock| KEPT.iter().any(|(_, clocks)| clocks.contains(clock));
        Clock::ALL.iter().copied().filter(is_kept)
    }

    /// Takes in the present state of one record. Applying the same state again changes nothing.
    ///
    /// # Errors
    /// What one of the cells must be and is not: the memory is corrupt.
    pub fn apply(&mut self, noun: Noun, number: i64, cells: &Cells) -> Result<(), Refusal> {
        self.apply_texts(noun, number, cells.0.iter().map(Option::as_deref))
    }

    /// The same from the texts of the record's fields, in their order.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_texts<'a>(
        &mut self,
        noun: Noun,
        number: i64,
        texts: impl Iterator<Item = Option<&'a str>>,
    ) -> Result<(), Refusal> {
        match noun {
            Noun::EhcRequest => self.put_request(number, &EhcRequest::from_texts(texts)?),
            Noun::AdviceRequest => self.put_advice(number, &AdviceRequest::from_texts(texts)?),
            Noun::Referral => self.put_referral(number, &Referral::from_texts(texts)?),
            Noun::TimescaleException => self.put_exception(number, TimescaleException::from_texts(texts)?),
            Noun::EhcPlan => self.put_plan(number, EhcPlan::from_texts(texts)?),
            Noun::AnnualReview => {
                let review = AnnualReview::from_texts(texts)?;
                self.reviews.put(number, ReviewFact::from(&review));
                self.belongs(|facts| &mut facts.chains.reviews, (number, &review.ehc_plan_id.clone(), review));
            }
            Noun::Reassessment => {
                let record = Reassessment::from_texts(texts)?;
                self.belongs(|facts| &mut facts.chains.reassessments, (number, &record.ehc_plan_id.clone(), record));
            }
            Noun::PlanAmendment => {
                let record = PlanAmendment::from_texts(texts)?;
                self.belongs(|facts| &mut facts.chains.amendments, (number, &record.ehc_plan_id.clone(), record));
            }
            Noun::Order => self.put_order(number, Order::from_texts(texts)?),
            Noun::Dispute => {
                let dispute = Dispute::from_texts(texts)?;
                self.put_clocks(noun, number, &of_dispute(&dispute, &self.calendar));
                self.disputes.put(number, case(dispute.ehc_request_id.as_ref()), dispute);
            }
            Noun::Consultation => self.put_consultation(number, Consultation::from_texts(texts)?),
            Noun::CalendarEntry => self.mark_calendar(number, &CalendarEntry::from_texts(texts)?),
            Noun::Post | Noun::PostHolding | Noun::Absence | Noun::Recruitment | Noun::Trainee | Noun::CapacityRule => {
                self.staff.put(noun, number, texts)?;
            }
            Noun::Child => self.children.put(&Child::from_texts(texts)?),
            Noun::Provider | Noun::Service => {}
        }
        Ok(())
    }

    fn put_request(&mut self, number: i64, request: &EhcRequest) {
        let child = self.children.place(&request.child_ref);
        self.cases.put(number, CaseFact::new(request, child));
        self.put_clocks(Noun::EhcRequest, number, &of_request(request, None));
        self.excuse(number);
        self.replace(number);
    }

    fn put_advice(&mut self, number: i64, advice: &AdviceRequest) {
        let provider = self.provider_place(advice.provider_ref.as_ref());
        self.advice.put(number, AdviceFact::new(advice, provider));
        self.put_clocks(Noun::AdviceRequest, number, &[of_advice(advice, None)]);
    }

    fn put_referral(&mut self, number: i64, referral: &Referral) {
        let provider = self.provider_place(referral.provider_ref.as_ref());
        let child = self.children.place(&referral.child_ref);
        self.referrals.put(number, ReferralFact::new(referral, provider, child));
    }

    fn put_exception(&mut self, number: i64, exception: TimescaleException) {
        for case in self.exceptions.put(number, exception.assessment(), exception) {
            self.excuse(case);
        }
    }

    fn put_plan(&mut self, number: i64, plan: EhcPlan) {
        self.plans.put(number, PlanFact::from(&plan));
        self.chains.plans.put(number, plan);
        self.chain(number);
    }

    fn put_order(&mut self, number: i64, order: Order) {
        self.put_clocks(Noun::Order, number, &of_order(&order));
        for case in self.orders.put(number, case(order.ehc_request_id.as_ref()), order) {
            self.replace(case);
        }
    }

    fn put_consultation(&mut self, number: i64, record: Consultation) {
        let provider = self.provider_place(record.provider_ref.as_ref());
        self.consulted.insert(number, (case(record.ehc_request_id.as_ref()), provider));
        self.put_clocks(Noun::Consultation, number, &[of_consultation(&record, None)]);
        let plan = record.ehc_plan_id.as_ref().and_then(EhcPlanLink::number).unwrap_or(0);
        for plan in self.chains.consultations.put(number, plan, record) {
            self.chain(plan);
        }
    }

    /// Takes in what belongs to a plan, and works out the clocks that hang together with it.
    fn belongs<T>(
        &mut self,
        links: impl Fn(&mut Self) -> &mut Links<T>,
        (number, plan, record): (i64, &EhcPlanLink, T),
    ) {
        for plan in links(self).put(number, plan.number().unwrap_or(0), record) {
            self.chain(plan);
        }
    }

    fn put_clocks(&mut self, noun: Noun, number: i64, instances: &[Instance]) {
        if self.loading {
            self.clocks.append(number, instances);
        } else {
            self.clocks.put(number, instances, clocks_of(noun));
        }
    }

    /// Takes in a calendar entry; another bank holiday moves what is counted in working days.
    fn mark_calendar(&mut self, number: i64, entry: &CalendarEntry) {
        self.staff.put_calendar(number, entry);
        self.bank_holidays.remove(&number);
        if entry.kind == CalendarKind::BankHoliday {
            self.bank_holidays.insert(number, entry.starts_on);
        }
        let calendar = Calendar::with(self.bank_holidays.values().copied());
        if calendar == self.calendar {
            return;
        }
        self.calendar = calendar;
        for plan in self.chains.plans.numbers().to_vec() {
            self.chain(plan);
        }
        let disputes = self.disputes.numbered().map(|(number, dispute)| (number, of_dispute(dispute, &self.calendar)));
        for (number, instances) in disputes.collect::<Vec<_>>() {
            self.put_clocks(Noun::Dispute, number, &instances);
        }
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

    /// Works out again the clocks of a plan and of all that hangs together with it; while loading, that waits.
    fn chain(&mut self, plan: i64) {
        if !self.loading {
            let clocks = &mut self.clocks;
            self.chains.clocks(plan, &self.calendar, |noun, number, instances| {
                clocks.put(number, instances, clocks_of(noun));
            });
        }
    }

    /// The place of a provider in this authority's list; 0 for none.
    fn provider_place(&mut self, reference: Option<&ProviderRef>) -> ProviderPlace {
        let Some(reference) = reference.map(ProviderRef::as_str) else { return 0 };
        if let Some(place) = self.provider_places.get(reference) {
            return *place;
        }
        self.providers.push(reference.into());
        let place = ProviderPlace::try_from(self.providers.len()).unwrap_or(0);
        self.provider_places.insert(reference.into(), place);
        place
    }

    /// The place of a provider already named by a fact.
    pub fn find_provider(&self, reference: &str) -> Option<ProviderPlace> {
        self.provider_places.get(reference).copied()
    }

    /// The reference of a provider by its place in this authority's list.
    pub fn provider(&self, place: ProviderPlace) -> Option<&str> {
        let place = usize::from(place).checked_sub(1)?;
        self.providers.get(place).map(AsRef::as_ref)
    }

    /// How many providers are named.
    pub fn providers(&self) -> usize {
        self.providers.len()
    }

    /// The noun of the record that has a clock. The twelve months to a review begin with a plan or with a review, and
    /// representations are made about the amendments of a review or of any other time.
    pub fn noun_of(&self, clock: Clock, number: i64) -> Noun {
        let has = |noun: &Noun| {
            (*noun != Noun::EhcPlan || self.plans.has(number))
                && (*noun != Noun::PlanAmendment || self.chains.amendments.find(number).is_some())
        };
        let holders = KEPT.iter().filter(|(_, clocks)| clocks.contains(&clock)).map(|(noun, _)| *noun);
        holders.into_iter().find(has).unwrap_or(Noun::Order)
    }

    /// Every exception, with the number of its EHC request or re-assessment.
    pub fn all_exceptions(&self) -> impl Iterator<Item = (i64, &TimescaleException)> {
        self.exceptions.iter()
    }

    /// The EHC request an order, a dispute or a consultation is about.
    pub fn case_about(&self, number: i64) -> Option<i64> {
        let case = self.orders.owner(number).or_else(|| self.disputes.owner(number));
        case.or_else(|| self.consulted.get(&number).map(|(case, _)| *case)).filter(|case| *case != 0)
    }

    /// The place of the provider a consultation asked; 0 for none.
    pub fn provider_consulted(&self, number: i64) -> ProviderPlace {
        self.consulted.get(&number).map_or(0, |(_, provider)| *provider)
    }

    /// The day a re-assessment ended, or its plan before it; `None` for any other record.
    pub fn reassessment_ended(&self, number: i64) -> Option<Day> {
        let record = self.chains.reassessments.find(number)?;
        let plan = self.chains.reassessments.owner(number).and_then(|plan| self.chains.plans.get(plan));
        Some(day(plan.map_or_else(|| record.ended_on(), |plan| record.over_on(plan))))
    }

    /// What the one clock says whose last day moves with what comes later: the time to appeal, with the certificate.
    /// `None` for every other, which its row tells.
    pub fn moving(&self, clock: Clock, number: i64, as_at: Day) -> Option<Reading> {
        let dispute =
            Some(number).filter(|_| clock == Clock::AppealWindow).and_then(|number| self.disputes.find(number))?;
        Some(appeal_window(dispute).read(&[], date(as_at)?))
    }

    /// The calendar by which this authority's working days are counted.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The exceptions of an EHC request or re-assessment.
    pub fn exceptions(&self, case: i64) -> impl Iterator<Item = Exception> {
        self.exceptions.of(case).map(|(_, record)| Exception::from(record))
    }
}

/// The number of the EHC request a record is about; 0 for none.
fn case(link: Option<&EhcRequestLink>) -> i64 {
    link.and_then(EhcRequestLink::number).unwrap_or(0)
}
