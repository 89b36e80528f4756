//! Appointments of one kind to expect, day by day, summed up once: lists and waits are read off the sums.

use super::outlook::Queue;
use super::rounding::{as_real, floor};
use crate::domain::facts::Day;

/// Sums differ in their last digits by the order of their parts; a whole child does not.
const SLACK: f64 = 1e-9;

/// Appointments to expect from a first day on.
#[derive(Clone, Debug)]
pub struct Expected {
    first: Day,
    /// Of the first day, of the first two, and so on; before them 0.
    up_to: Vec<f64>,
}

impl Expected {
    /// Those of each day from the first one on.
    pub fn new(first: Day, days: impl Iterator<Item = f64>) -> Self {
        let mut seen = 0.0;
        let sums = days.map(|day| {
            seen += day;
            seen
        });
        Self { first, up_to: std::iter::once(0.0).chain(sums).collect() }
    }

    /// How many children of a list as at the end of a day can be expected to be seen within so many days.
    pub fn after(&self, day: Day, days: Day) -> u64 {
        floor(self.before(day + 1 + days) - self.before(day + 1) + SLACK)
    }

    /// How a list of so many children fares from the first day on, all first come, first served.
    pub fn queue(&self, waiting: u64, deadline: Day) -> Queue {
        let enough = as_real(waiting + 1) - SLACK;
        let next_wait = self.up_to.iter().position(|seen| *seen >= enough);
        let largest = self.before(self.first + deadline);
        Queue {
            waiting,
            next_wait: next_wait.and_then(|days| Day::try_from(days).ok()),
            largest_list: floor(largest + SLACK),
        }
    }

    /// Those from the first day to the one before this day.
    fn before(&self, day: Day) -> f64 {
        let last = self.up_to.len() - 1;
        let days = usize::try_from((day - self.first).max(0)).unwrap_or(last);
        self.up_to.get(days.min(last)).copied().unwrap_or(0.0)
    }
}
