//! Facts: the records of one authority as columns of day numbers and small codes, kept for counting.
//!
//! A scan over columns runs at the speed of memory, gives the same answer whichever engine the records came from, and
//! is a rule one can read.

mod cases;
mod columns;
mod days;
mod therapy;

use std::collections::HashMap;

use super::advice_request::AdviceRequest;
use super::ehc_request::EhcRequest;
use super::fault::Refusal;
use super::noun::{Cells, Noun};
use super::referral::Referral;
use super::timescale_exception::TimescaleException;

pub use cases::{AdviceFact, AdviceFacts, CaseFact, CaseFacts};
pub use days::{Day, NEVER, date, day};
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
    exceptions: HashMap<i64, (i64, TimescaleException)>,
    exceptions_of_case: HashMap<i64, Vec<i64>>,
    providers: Vec<Box<str>>,
    provider_places: HashMap<Box<str>, u32>,
}

impl Facts {
    /// Takes in the present state of one record. Applying the same state again changes nothing.
    ///
    /// # Errors
    /// What one of the cells must be and is not: the memory is corrupt.
    pub fn apply(&mut self, noun: Noun, number: i64, cells: &Cells) -> Result<(), Refusal> {
        match noun {
            Noun::EhcRequest => {
                let fact = CaseFact::from(&EhcRequest::from_cells(cells)?);
                self.cases.put(number, fact);
                self.excuse(number);
            }
            Noun::AdviceRequest => {
                let record = AdviceRequest::from_cells(cells)?;
                let provider =
                    self.provider_place(record.provider_ref.as_ref().map(super::reference::ProviderRef::as_str));
                self.advice.put(number, AdviceFact::new(&record, provider));
            }
            Noun::Referral => {
                let record = Referral::from_cells(cells)?;
                let provider =
                    self.provider_place(record.provider_ref.as_ref().map(super::reference::ProviderRef::as_str));
                self.referrals.put(number, ReferralFact::new(&record, provider));
            }
            Noun::TimescaleException => self.put_exception(number, TimescaleException::from_cells(cells)?),
            Noun::Child | Noun::Provider | Noun::Service => {}
        }
        Ok(())
    }

    fn put_exception(&mut self, number: i64, record: TimescaleException) {
        let case = record.ehc_request_id.number().unwrap_or(0);
        if let Some((former, _)) = self.exceptions.insert(number, (case, record)) {
            self.exceptions_of_case.entry(former).or_default().retain(|other| *other != number);
            self.excuse(former);
        }
        self.exceptions_of_case.entry(case).or_default().push(number);
        self.excuse(case);
    }

    /// Works out again from which day an exception disapplies the limits of the case.
    fn excuse(&mut self, case: i64) {
        let numbers = self.exceptions_of_case.get(&case).map_or(&[][..], Vec::as_slice);
        if !numbers.is_empty() {
            let exceptions = numbers.iter().filter_map(|number| self.exceptions.get(number));
            self.cases.excuse(case, exceptions.map(|(_, exception)| exception));
        }
    }

    /// The place of a provider in this authority's list; 0 for none.
    fn provider_place(&mut self, reference: Option<&str>) -> u32 {
        let Some(reference) = reference else { return 0 };
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
}
