//! The therapy waiting list, in the seven bands of the NHS community situation report.
//!
//! A referral waits from the day it is received to the day of rejection, first contact, discharge or withdrawal,
//! whichever is first. Source of the bands: NHS England, Community Health Services Waiting Lists; day 365 is unassigned
//! there and counted here as over 52 weeks.

use super::spread::Spread;
use super::tally::Sheet;
use crate::domain::facts::{Day, Facts, NEVER, ReferralFacts};
use crate::domain::service::Discipline;

/// Names of the bands, shortest wait first.
pub const BANDS: [&str; 7] =
    ["0-1 weeks", "1-2 weeks", "2-4 weeks", "4-12 weeks", "12-18 weeks", "18-52 weeks", "over 52 weeks"];

/// 18 weeks in days.
pub const EIGHTEEN_WEEKS: Day = 126;

/// Last day of each band but the last.
const LAST_DAYS: [Day; 6] = [7, 14, 28, 84, EIGHTEEN_WEEKS, 364];

/// The place of a wait among the [`BANDS`].
pub fn band(days_waiting: Day) -> usize {
    LAST_DAYS.iter().filter(|last| days_waiting > **last).count()
}

/// A waiting list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingList {
    /// The day the referral that has waited longest was received; `None` of nobody.
    pub first_received: Option<Day>,
    /// Days waited so far.
    pub days: Spread,
}

impl WaitingList {
    /// Referrals waiting, by band.
    pub fn by_band(&self) -> [u64; 7] {
        let mut bands = [0; 7];
        for (days, people) in self.days.iter() {
            let band = Day::try_from(days).map_or(BANDS.len() - 1, band);
            if let Some(count) = bands.get_mut(band) {
                *count += people;
            }
        }
        bands
    }

    /// All referrals waiting.
    pub fn total(&self) -> u64 {
        self.days.people()
    }

    /// Waiting longer than 18 weeks (126 days).
    pub fn over_18_weeks(&self) -> u64 {
        self.days.people() - self.days.up_to(EIGHTEEN_WEEKS)
    }

    /// Counts all that another list has.
    pub fn add_list(&mut self, other: &Self) {
        self.first_received = self.first_received.into_iter().chain(other.first_received).min();
        self.days.add(&other.days);
    }

    /// Counts one more who has waited so many days since that one.
    #[inline]
    pub fn count(&mut self, days: Day, received: Day) {
        if self.first_received.is_none_or(|first| received < first) {
            self.first_received = Some(received);
        }
        self.days.count(days);
    }
}

/// Counts who waits at the end of `as_at` into the cells of a sheet of one period.
pub fn waiting(facts: &Facts, sheet: &mut Sheet<'_, WaitingList>, as_at: Day) {
    who_waits(&facts.referrals, as_at, |row, received| {
        if let Some(list) = sheet.member(row).and_then(|member| sheet.cell_in(member, 0)) {
            list.count(as_at - received, received);
        }
    });
}

/// Tells `each` the rows that wait at the end of `as_at`, with the day each was received.
fn who_waits(referrals: &ReferralFacts, as_at: Day, mut each: impl FnMut(usize, Day)) {
    let mut found = Vec::new();
    for rows in referrals.around(as_at) {
        let received = referrals.received.get(rows.clone()).unwrap_or_default();
        let ended = referrals.wait_ended.get(rows.clone()).unwrap_or_default();
        found.resize(received.len(), (0, 0));
        let mut waiting = 0;
        // Each row is noted over the one before, unless that waits: no branch that a processor would have to guess.
        for (row, (received, ended)) in rows.zip(received.iter().zip(ended)) {
            if let Some(slot) = found.get_mut(waiting) {
                *slot = (row, *received);
            }
            waiting += usize::from(*received <= as_at) & usize::from(*ended > as_at);
        }
        found.iter().take(waiting).for_each(|(row, received)| each(*row, *received));
    }
}

/// Counts who waits at the end of `as_at`, for each discipline in the order of the contract.
pub fn waiting_lists(referrals: &ReferralFacts, as_at: Day) -> Vec<(Discipline, WaitingList)> {
    let mut lists: Vec<_> = Discipline::ALL.iter().map(|discipline| (*discipline, WaitingList::default())).collect();
    who_waits(referrals, as_at, |row, received| {
        let place = referrals.discipline.get(row).and_then(|discipline| usize::from(*discipline).checked_sub(1));
        if let Some((_, list)) = place.and_then(|place| lists.get_mut(place)) {
            list.count(as_at - received, received);
        }
    });
    lists
}

/// Referrals received up to the end of `as_at`, for each discipline in the order of the contract.
pub fn received(referrals: &ReferralFacts, as_at: Day) -> Vec<(Discipline, u64)> {
    let count = |wanted: Discipline| {
        let wanted = Discipline::byte(Some(wanted));
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
