//! Waits that have not ended yet, treated as unfinished: the product-limit estimate.
//!
//! Source: Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", 1958. Whoever waits `d` days and has
//! not been seen counts as at risk up to and with day `d`; of those seen on that day too, the censored leave after.

use super::spread::Spread;

/// Waits that ended with the event, and waits that were cut off before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survival {
    /// Days to the event.
    pub ended: Spread,
    /// Days until nothing more was known: still waiting, or left for another reason.
    pub cut_off: Spread,
}

/// The estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The days on which the event happened, each with the share, in parts of one, still without it at the end of that day.
    steps: Vec<(u64, f64)>,
    /// How many waits it is made from.
    people: u64,
}

impl Survival {
    /// Works out the estimate.
    pub fn curve(&self) -> Curve {
        let mut cut_off = self.cut_off.iter().peekable();
        let people = self.ended.people() + self.cut_off.people();
        let (mut at_risk, mut share) = (people, 1.0);
        let mut steps = Vec::new();
        for (days, events) in self.ended.iter() {
            while let Some((_, gone)) = cut_off.next_if(|(when, _)| *when < days) {
                at_risk -= gone;
            }
            share *= ratio(at_risk - events, at_risk);
            steps.push((days, share));
            at_risk -= events;
        }
        Curve { steps, people }
    }
}

impl Curve {
    /// The fewest days by which so many in a hundred had the event; `None` where the waits that are known do not reach so far.
    pub fn percentile(&self, percent: u32) -> Option<u64> {
        let left = 1.0 - f64::from(percent) / 100.0;
        // A share that is exactly the one asked for must not miss it by a rounding of the last digit.
        self.steps.iter().find(|(_, share)| *share <= left + 1e-12).map(|(days, _)| *days)
    }

    /// The share in parts of one that had the event by the end of day `days`; `None` of nobody.
    pub fn share_by(&self, days: u64) -> Option<f64> {
        if self.people == 0 {
            return None;
        }
        let steps = self.steps.iter().take_while(|(when, _)| *when <= days);
        Some(1.0 - steps.last().map_or(1.0, |(_, share)| *share))
    }
}

/// A share of counts that fit a double exactly.
fn ratio(part: u64, whole: u64) -> f64 {
    let double = |count: u64| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    if whole == 0 { 0.0 } else { double(part) / double(whole) }
}
