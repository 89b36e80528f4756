//! All that the rows of a waiting list say about it, in weeks: what comes and goes, who waits, and what would have to be offered.

use super::list_record::{
    Gaps, Row, Window, mean_days_to_removal, mean_days_waiting, referral_gaps, referrals, referrals_per_day,
    removal_gaps, removals, waiting_on,
};
use super::waiting_list::{factor_of, load, pressure, relief_capacity, target_capacity, target_queue};

const DAYS_PER_WEEK: f64 = 7.0;

/// In how many weeks a list that is too long is to come down.
pub const RELIEF_WEEKS: f64 = 26.0;

/// What is aimed at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// The longest wait wanted, in weeks.
    pub target_weeks: f64,
    /// The share to be seen by then, between 0 and 1.
    pub share_in_time: f64,
}

/// A waiting list by its rows; rates by week, waits in weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Referrals within the days asked about.
    pub referrals: u32,
    /// Of them a week: over all days asked about, both ends included.
    pub referrals_per_week: Option<f64>,
    /// Days between them.
    pub referral_gaps: Gaps,
    /// Removals within the days asked about.
    pub removals: u32,
    /// Of them a week in which somebody waited; see [`removal_gaps`].
    pub removals_per_busy_week: Option<f64>,
    /// Days before them on which somebody waited.
    pub removal_gaps: Gaps,
    /// Referrals to each removal there could be: 1 and more, and the list grows.
    pub load: Option<f64>,
    /// Who waits when the last day is over.
    pub waiting: u32,
    /// Their mean wait so far; `None` of nobody.
    pub mean_wait: Option<f64>,
    /// Mean wait of those removed; `None` of nobody.
    pub mean_wait_of_removed: Option<f64>,
    /// What follows from an aim.
    pub needs: Option<Needs>,
}

/// What an aim needs, with the spread of gaps as the rows have it; at random, 1, where they are too few to tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needs {
    /// See [`pressure`]; `None` where nobody waits.
    pub pressure: Option<f64>,
    /// See [`target_queue`].
    pub queue: f64,
    /// See [`target_capacity`].
    pub capacity: f64,
    /// See [`relief_capacity`], within [`RELIEF_WEEKS`]; `None` for a list of up to twice the target's.
    pub relief: Option<f64>,
}

impl Summary {
    /// What the rows say of these days. No needs without an aim, for a share that cannot be promised, and of no day.
    pub fn of(rows: &[Row], window: Window, aim: Option<Aim>) -> Self {
        let weekly = |per_day: Option<f64>| per_day.map(|rate| rate * DAYS_PER_WEEK);
        let weeks = |days: Option<f64>| days.map(|days| days / DAYS_PER_WEEK);
        let (came, went) = (referral_gaps(rows, window), removal_gaps(rows, window));
        let referrals_per_week = weekly(referrals_per_day(rows, window));
        let removals_per_busy_week = weekly(went.per_day);
        let waiting = waiting_on(rows, window.end);
        let mean_wait = weeks(mean_days_waiting(rows, window.end));
        let needs = aim.zip(referrals_per_week).and_then(|(aim, demand)| {
            let variations = [came, went].map(|gaps| gaps.variation.unwrap_or(1.0));
            Needs::of(aim, demand, variations, waiting, mean_wait)
        });
        Self {
            referrals: referrals(rows, window),
            referrals_per_week,
            referral_gaps: came,
            removals: removals(rows, window),
            removals_per_busy_week,
            removal_gaps: went,
            load: referrals_per_week.zip(removals_per_busy_week).and_then(|(demand, seen)| load(demand, seen)),
            waiting,
            mean_wait,
            mean_wait_of_removed: weeks(mean_days_to_removal(rows, window)),
            needs,
        }
    }
}

impl Needs {
    /// What is needed for a demand a week, its spread and that of removals, and those who wait. `None` for a share that cannot be promised.
    pub fn of(aim: Aim, demand: f64, variations: [f64; 2], waiting: u32, mean_wait: Option<f64>) -> Option<Self> {
        let Aim { target_weeks, share_in_time } = aim;
        let factor = factor_of(share_in_time)?;
        let queue = target_queue(demand, target_weeks, factor);
        let long = Some(f64::from(waiting)).filter(|waiting| *waiting > 2.0 * queue);
        Some(Self {
            pressure: mean_wait.map(|wait| pressure(wait, target_weeks)),
            queue,
            capacity: target_capacity(demand, target_weeks, factor, variations),
            relief: long.and_then(|waiting| relief_capacity(demand, [waiting, queue], RELIEF_WEEKS, None)),
        })
    }
}
