//! Loading: the facts of a whole authority at once, each clock worked out once.

use super::Facts;
use crate::domain::noun::Noun;

impl Facts {
    /// Facts that will take in every record of an authority: the clocks of plans, which hang together with those of other
    /// records, wait for [`Self::loaded`].
    pub fn loading() -> Self {
        Self { loading: true, ..Self::default() }
    }

    /// False for a field that nothing is made of, so that it need not be read.
    pub fn reads(noun: Noun, field: &str) -> bool {
        !matches!(
            (noun, field),
            (Noun::EhcPlan, "ehc_request_id" | "primary_need" | "secondary_need" | "setting_type" | "cease_reason")
                | (Noun::Referral, "service_ref" | "ehc_request_id" | "accepted_on")
        )
    }

    /// Makes room for so many records, so that no column is copied while it grows: of the nouns whose records come by the
    /// thousand.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other nouns are not many")]
    pub fn reserve(&mut self, noun: Noun, records: usize) {
        match noun {
            Noun::Child => self.children.reserve(records),
            Noun::EhcRequest => self.cases.reserve(records),
            Noun::AdviceRequest => self.advice.reserve(records),
            Noun::Referral => self.referrals.reserve(records),
            Noun::EhcPlan => {
                self.plans.reserve(records);
                self.chains.plans.reserve(records);
            }
            Noun::AnnualReview => {
                self.reviews.reserve(records);
                self.chains.reviews.reserve(records);
            }
            _ => {}
        }
    }

    /// Works out what waited for the last record. From then on each record counts as it comes.
    #[must_use]
    pub fn loaded(mut self) -> Self {
        self.chains.all_clocks(&self.calendar, |_, number, instances| self.clocks.append(number, instances));
        self.clocks.set_in_order();
        self.loading = false;
        self
    }
}
