//! A waiting list by its rows, the day a child was referred and the day it left the list: what came, what went, who waits.
//!
//! Source: the quantities of the R package `NHSRwaitinglist`, version 0.1.2.9001, with its faults mended. A child is on the list from the
//! day of the referral, that day included, to the day of the removal, that day left out. Rows may stand in any order, and what
//! lies outside the days asked about is not counted in them. Waits are in days and rates by day.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::rounding::floor;

/// A child on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The day of the referral.
    pub referred_on: NaiveDate,
    /// The day it was seen or otherwise left the list; none while it waits.
    pub removed_on: Option<NaiveDate>,
}

impl Row {
    /// True if it waits when that day is over.
    pub fn waits_on(&self, day: NaiveDate) -> bool {
        self.referred_on <= day && self.removed_on.is_none_or(|removed| removed > day)
    }
}

/// The days asked about, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub start: NaiveDate,
    /// Last day, not before the first.
    pub end: NaiveDate,
}

impl Window {
    fn holds(self, day: NaiveDate) -> bool {
        (self.start..=self.end).contains(&day)
    }

    /// How many days they are; 0 if the last lies before the first.
    pub fn days(&self) -> u32 {
        u32::try_from((self.end - self.start).num_days() + 1).unwrap_or(0)
    }
}

/// Lengths between events: how many, their rate, and how they are spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaps {
    /// How many.
    pub count: u32,
    /// Days, summed.
    pub days: f64,
    /// Events in a day: 1 to the mean length. `None` of no gap, and where all are of no length.
    pub per_day: Option<f64>,
    /// Standard deviation of the lengths over their mean; `None` of fewer than two, and where all are of no length.
    pub variation: Option<f64>,
}

impl Gaps {
    fn of(lengths: &[i64]) -> Self {
        let lengths: Vec<f64> = lengths.iter().filter_map(|days| i32::try_from(*days).ok()).map(f64::from).collect();
        let count = u32::try_from(lengths.len()).unwrap_or(u32::MAX);
        let (number, days) = (f64::from(count), lengths.iter().sum::<f64>());
        let mean = Some(days / number).filter(|mean| *mean > 0.0);
        let squares = |mean: f64| lengths.iter().map(|length| (length - mean).powi(2)).sum::<f64>();
        let variation = mean.filter(|_| count > 1).map(|mean| (squares(mean) / (number - 1.0)).sqrt() / mean);
        Self { count, days, per_day: mean.map(|mean| 1.0 / mean), variation }
    }
}

/// Referrals of the window.
pub fn referrals(rows: &[Row], window: Window) -> u32 {
    count(rows.iter().filter(|row| window.holds(row.referred_on)))
}

/// Removals of the window.
pub fn removals(rows: &[Row], window: Window) -> u32 {
    count(rows.iter().filter(|row| row.removed_on.is_some_and(|day| window.holds(day))))
}

/// Referrals in a day: as many as there were to as many days. `None` of no day.
pub fn referrals_per_day(rows: &[Row], window: Window) -> Option<f64> {
    (window.days() > 0).then(|| f64::from(referrals(rows, window)) / f64::from(window.days()))
}

/// Gaps from the first day over each referral to the last day. Both ends count as events: so there is one gap more than there are
/// referrals, and of few referrals the rate is above [`referrals_per_day`].
pub fn referral_gaps(rows: &[Row], window: Window) -> Gaps {
    let mut days: Vec<_> = rows.iter().map(|row| row.referred_on).filter(|day| window.holds(*day)).collect();
    days.extend([window.start, window.end]);
    days.sort_unstable();
    let pairs = days.iter().zip(days.iter().skip(1));
    Gaps::of(&pairs.map(|(first, next)| (*next - *first).num_days()).collect::<Vec<_>>())
}

/// Gaps before each removal while somebody waits: from the removal before it or, if the list was empty, from the referral that
/// ended that. So their rate is what the service can do, however long it had nobody to see. A removal that no referral explains is
/// left out, and the days from the last removal on are no gap.
pub fn removal_gaps(rows: &[Row], window: Window) -> Gaps {
    // Of each day, who came and who went; those already there came on the first.
    let mut by_day: BTreeMap<NaiveDate, [u64; 2]> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.removed_on.is_none_or(|day| day >= window.start)) {
        by_day.entry(row.referred_on.max(window.start)).or_default()[0] += 1;
        if let Some(day) = row.removed_on {
            by_day.entry(day).or_default()[1] += 1;
        }
    }
    let mut lengths = Vec::new();
    let (mut waiting, mut since) = (0_u64, window.start);
    for (day, [came, went]) in by_day.range(window.start..=window.end) {
        if waiting == 0 {
            since = *day;
        }
        waiting += came;
        for _ in 0..(*went).min(waiting) {
            lengths.push((*day - since).num_days());
            since = *day;
        }
        waiting = waiting.saturating_sub(*went);
    }
    Gaps::of(&lengths)
}

/// Children on the list when each day of the window is over, those referred before it included.
pub fn size_by_day(rows: &[Row], window: Window) -> Vec<(NaiveDate, u32)> {
    let mut changes: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for row in rows {
        *changes.entry(row.referred_on.max(window.start)).or_default() += 1;
        if let Some(day) = row.removed_on {
            *changes.entry(day.max(row.referred_on).max(window.start)).or_default() -= 1;
        }
    }
    let mut size = 0_i64;
    let days = window.start.iter_days().take_while(|day| *day <= window.end);
    days.map(|day| {
        size += changes.get(&day).copied().unwrap_or(0);
        (day, u32::try_from(size).unwrap_or(0))
    })
    .collect()
}

/// Children who wait when that day is over.
pub fn waiting_on(rows: &[Row], day: NaiveDate) -> u32 {
    count(rows.iter().filter(|row| row.waits_on(day)))
}

/// Mean days that those have waited who wait when that day is over; `None` of nobody.
pub fn mean_days_waiting(rows: &[Row], day: NaiveDate) -> Option<f64> {
    let waits = rows.iter().filter(|row| row.waits_on(day)).map(|row| (day - row.referred_on).num_days());
    mean(waits)
}

/// Mean days from referral to removal of those who left in the window; `None` of nobody.
pub fn mean_days_to_removal(rows: &[Row], window: Window) -> Option<f64> {
    let left = rows.iter().filter_map(|row| Some((row.referred_on, row.removed_on?)));
    mean(left.filter(|(_, removed)| window.holds(*removed)).map(|(referred, removed)| (removed - referred).num_days()))
}

fn count<'a>(rows: impl Iterator<Item = &'a Row>) -> u32 {
    u32::try_from(rows.count()).unwrap_or(u32::MAX)
}

fn mean(days: impl Iterator<Item = i64>) -> Option<f64> {
    let (mut total, mut number) = (0.0, 0.0);
    for days in days.filter_map(|days| i32::try_from(days).ok()) {
        total += f64::from(days);
        number += 1.0;
    }
    (number > 0.0).then(|| total / number)
}

/// Two lists as one, or children added to one, in the order of referral; of one day those of the first list come first.
pub fn join(first: &[Row], second: &[Row]) -> Vec<Row> {
    let mut rows = [first, second].concat();
    rows.sort_by_key(|row| row.referred_on);
    rows
}

/// Gives each slot to the child referred longest ago that still waits and was referred before the day of the slot, and answers for
/// each slot whether somebody took it; an empty slot is lost. Rows are put into the order of referral.
pub fn schedule(rows: &mut [Row], slots: &[NaiveDate]) -> Vec<bool> {
    rows.sort_by_key(|row| row.referred_on);
    let mut waiting = rows.iter_mut().filter(|row| row.removed_on.is_none()).peekable();
    let take = |slot: &NaiveDate| match waiting.next_if(|row| row.referred_on < *slot) {
        Some(row) => {
            row.removed_on = Some(*slot);
            true
        }
        None => false,
    };
    slots.iter().map(take).collect()
}

/// The days of slots offered evenly, `per_day` of them, from `start` on and over so many days: the n-th lies `n / per_day` days after the
/// start, rounded up. None where none are offered, and none beyond the last day of the calendar.
pub fn even_slots(start: NaiveDate, days: u32, per_day: f64) -> Vec<NaiveDate> {
    if !(per_day > 0.0 && per_day.is_finite() && days > 0) {
        return Vec::new();
    }
    let last = floor(f64::from(days - 1) * per_day + 1e-9);
    let numbers = (0..=last).filter_map(|number| u32::try_from(number).ok());
    // A slot that falls on a whole day but for the last digit falls on that day.
    let after = numbers.map(|number| floor((f64::from(number) / per_day - 1e-9).ceil().max(0.0)));
    after.map_while(|after| start.checked_add_days(Days::new(after))).collect()
}

/// Days within which a priority of the clinical guide to prioritisation of the Federation of Surgical Specialty Associations (2020) is to be
/// treated: 28 for 2, 84 for 3. The others have no such number.
pub fn priority_days(priority: u8) -> Option<u32> {
    match priority {
        2 => Some(28),
        3 => Some(84),
        _ => None,
    }
}
