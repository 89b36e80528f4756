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
const EIGHTEEN_WEEKS: Day = 126;

/// Last day of each band but the last.
const LAST_DAYS: [Day; 6] = [7, 14, 28, 84, EIGHTEEN_WEEKS, 364];

/// The place of a wait among the [`BANDS`].
pub fn band(days_waiting: Day) -> usize {
    LAST_DAYS.iter().filter(|last| days_waiting > **last).count()
}

/// A waiting list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingList {
    /// The longest wait in days, and the day that referral was received.
    pub longest: Option<(Day, Day)>,
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
        self.longest = self.longest.max(other.longest);
        self.days.add(&other.days);
    }

    /// Counts one more who has waited so many days since that one.
    #[inline]
    pub fn count(&mut self, days: Day, received: Day) {
        self.longest = self.longest.max(Some((days, received)));
        self.days.count(days);
    }
}

/// Counts who waits at the end of `as_at` into the cells of a sheet of one period.
pub fn waiting(facts: &Facts, sheet: &mut Sheet<'_, WaitingList>, as_at: Day) {
    for (row, received) in who_waits(&facts.referrals, as_at) {
        if let Some(member) = sheet.member(row)
            && let Some(list) = sheet.cell_in(member, 0)
        {
            list.count(as_at - received, received);
        }
    }
}

/// The rows that wait at the end of `as_at`, each with the day it was received.
fn who_waits(referrals: &ReferralFacts, as_at: Day) -> impl Iterator<Item = (usize, Day)> {
    referrals.around(as_at).flat_map(move |rows| {
        let received = referrals.received.get(rows.clone()).unwrap_or_default();
        let ended = referrals.wait_ended.get(rows.clone()).unwrap_or_default();
        let waits = rows.zip(received.iter().zip(ended));
        waits
            .filter(move |(_, (received, ended))| **received <= as_at && **ended > as_at)
            .map(|(row, (day, _))| (row, *day))
    })
}

/// Counts who waits at the end of `as_at`, for each discipline in the order of the contract.
pub fn waiting_lists(referrals: &ReferralFacts, as_at: Day) -> Vec<(Discipline, WaitingList)> {
    let mut lists: Vec<_> = Discipline::ALL.iter().map(|discipline| (*discipline, WaitingList::default())).collect();
    for (row, received) in who_waits(referrals, as_at) {
        let place = referrals.discipline.get(row).and_then(|discipline| usize::from(*discipline).checked_sub(1));
        if let Some((_, list)) = place.and_then(|place| lists.get_mut(place)) {
            list.count(as_at - received, received);
        }
    }
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
