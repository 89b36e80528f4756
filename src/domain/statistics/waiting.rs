//! The therapy waiting list, in the seven bands of the NHS community situation report.
//!
//! A referral waits from the day it is received to the day of rejection, first contact, discharge or withdrawal,
//! whichever is first. Source of the bands: NHS England, Community Health Services Waiting Lists; day 365 is unassigned
//! there and counted here as over 52 weeks.

use crate::domain::facts::{Day, NEVER, ReferralFacts};
use crate::domain::service::Discipline;

use super::group::Sum;

/// Names of the bands, shortest wait first.
pub const BANDS: [&str; 7] =
    ["0-1 weeks", "1-2 weeks", "2-4 weeks", "4-12 weeks", "12-18 weeks", "18-52 weeks", "over 52 weeks"];

/// Last day of each band but the last.
const LAST_DAYS: [Day; 6] = [7, 14, 28, 84, 126, 364];

/// The place of a wait among the [`BANDS`].
pub fn band(days_waiting: Day) -> usize {
    LAST_DAYS.iter().filter(|last| days_waiting > **last).count()
}

/// A waiting list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitingList {
    /// Referrals waiting, by band.
    pub by_band: [u64; 7],
    /// The longest wait in days, and the day that referral was received.
    pub longest: Option<(Day, Day)>,
}

impl WaitingList {
    /// All referrals waiting.
    pub fn total(&self) -> u64 {
        self.by_band.iter().sum()
    }

    /// Waiting longer than 18 weeks (126 days).
    pub fn over_18_weeks(&self) -> u64 {
        self.by_band[5] + self.by_band[6]
    }
}

impl Sum for WaitingList {
    fn add(&mut self, other: &Self) {
        for (count, more) in self.by_band.iter_mut().zip(other.by_band) {
            *count += more;
        }
        self.longest = self.longest.max(other.longest);
    }
}

/// Counts who waits at the end of `as_at`, for each discipline in the order of the contract.
pub fn waiting_lists(referrals: &ReferralFacts, provider: Option<u32>, as_at: Day) -> Vec<(Discipline, WaitingList)> {
    let mut lists: Vec<_> = Discipline::ALL.iter().map(|discipline| (*discipline, WaitingList::default())).collect();
    let columns =
        referrals.received.iter().zip(&referrals.wait_ended).zip(&referrals.discipline).zip(&referrals.provider);
    for (((received, ended), discipline), of_provider) in columns {
        let waits = *received <= as_at && *ended > as_at && provider.is_none_or(|wanted| wanted == *of_provider);
        if !waits {
            continue;
        }
        let days = as_at - received;
        for (list_discipline, list) in &mut lists {
            if list_discipline == discipline {
                if let Some(count) = list.by_band.get_mut(band(days)) {
                    *count += 1;
                }
                list.longest = list.longest.max(Some((days, *received)));
            }
        }
    }
    lists
}

/// Referrals received up to the end of `as_at`, for each discipline in the order of the contract.
pub fn received(referrals: &ReferralFacts, as_at: Day) -> Vec<(Discipline, u64)> {
    let count = |wanted: Discipline| {
        let columns = referrals.received.iter().zip(&referrals.discipline);
        columns
            .filter(|(received, discipline)| **received <= as_at && **received != NEVER && **discipline == wanted)
            .count()
    };
    Discipline::ALL
        .iter()
        .map(|discipline| (*discipline, u64::try_from(count(*discipline)).unwrap_or(u64::MAX)))
        .collect()
}
