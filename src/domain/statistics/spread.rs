//! How a number of whole days is spread: counted day by day, so that every percentile is exact.

use std::iter;

/// Room is made for so many days at once, and so many are summed at once.
const STEP: usize = 64;

/// What a count of one byte has run over when it is 0 again.
const CARRY: u64 = 1 << u8::BITS;

/// Counts by days, 0 and more, in one byte each: whoever counts millions into thousands of spreads finds them in the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// As long as the most days, in whole [`STEP`]s, so that equal spreads have equal vectors.
    by_days: Vec<u8>,
    /// How often the count of each number of days has run over; as long as the most days of which one has.
    carries: Vec<u32>,
}

impl Spread {
    /// Counts one more; a negative number of days, which no lawful record has, counts as 0.
    #[inline]
    pub fn count(&mut self, days: i32) {
        let place = usize::try_from(days).unwrap_or(0);
        let Some(count) = self.by_days.get_mut(place) else { return self.lengthen(place) };
        *count = count.wrapping_add(1);
        if *count == 0 {
            self.carry(place, 1);
        }
    }

    /// Counts the first with so many days or more.
    #[cold]
    fn lengthen(&mut self, place: usize) {
        self.by_days.resize((place / STEP + 1) * STEP, 0);
        if let Some(count) = self.by_days.get_mut(place) {
            *count = 1;
        }
    }

    #[cold]
    fn carry(&mut self, place: usize, times: u32) {
        if self.carries.len() <= place {
            self.carries.resize(place + 1, 0);
        }
        if let Some(carries) = self.carries.get_mut(place) {
            *carries += times;
        }
    }

    /// Counts all that another spread has counted.
    pub fn add(&mut self, other: &Self) {
        if other.by_days.len() > self.by_days.len() {
            self.by_days.resize(other.by_days.len(), 0);
        }
        for (place, times) in other.carries.iter().enumerate().filter(|(_, times)| **times > 0) {
            self.carry(place, *times);
        }
        for (place, more) in other.by_days.iter().enumerate() {
            let Some(count) = self.by_days.get_mut(place) else { continue };
            let (sum, has_run_over) = count.overflowing_add(*more);
            *count = sum;
            if has_run_over {
                self.carry(place, 1);
            }
        }
    }

    /// The people of each number of days, from `first` on.
    fn since(&self, first: usize) -> impl DoubleEndedIterator<Item = (usize, u64)> {
        let carried = |days| self.carries.get(days).map_or(0, |times| u64::from(*times) * CARRY);
        let counts = self.by_days.get(first..).unwrap_or_default().iter().enumerate();
        counts.map(move |(place, count)| (first + place, u64::from(*count) + carried(first + place)))
    }

    /// The counts of each [`STEP`] of days, what has run over left out.
    fn steps(&self) -> &[[u8; STEP]] {
        self.by_days.as_chunks().0
    }

    /// The people of each [`STEP`] of days, from 0 on.
    fn by_step(&self) -> impl Iterator<Item = u64> {
        let carries = self.carries.chunks(STEP).map(|step| step.iter().map(|times| u64::from(*times)).sum());
        let steps = self.steps().iter().zip(carries.chain(iter::repeat(0_u64)));
        steps.map(|(step, carries)| u64::from(people(step)) + CARRY * carries)
    }

    /// How many were counted.
    pub fn people(&self) -> u64 {
        self.by_step().sum()
    }

    /// Their days, summed.
    pub fn days_total(&self) -> u64 {
        let days = |step: &[u8; STEP]| (0..).zip(step).map(|(day, count)| day * u32::from(*count)).sum::<u32>();
        let steps = (0..).step_by(STEP).zip(self.steps());
        let counts: u64 =
            steps.map(|(first, step): (u64, _)| first * u64::from(people(step)) + u64::from(days(step))).sum();
        let carries: u64 = (0..).zip(&self.carries).map(|(day, times): (u64, _)| day * u64::from(*times) * CARRY).sum();
        counts + carries
    }

    /// Mean in tenths of a day, rounded half up; `None` of nobody.
    pub fn mean_tenths(&self) -> Option<u64> {
        let people = self.people();
        (20 * self.days_total() + people).checked_div(2 * people)
    }

    /// The fewest days that so many in a hundred do not exceed: the nearest rank, without interpolation. `None` of nobody.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let [days] = self.percentiles([percent]);
        days
    }

    /// Several percentiles, as [`Self::percentile`] has them.
    pub fn percentiles<const N: usize>(&self, percents: [u64; N]) -> [Option<u64>; N] {
        let people = self.people();
        percents.map(|percent| self.of_rank((people * percent).div_ceil(100).max(1)))
    }

    /// The days of the one who has that rank, 1 being that of the fewest days; `None` if there are fewer.
    fn of_rank(&self, rank: u64) -> Option<u64> {
        let (mut left, mut first) = (rank, 0);
        for people in self.by_step() {
            if people >= left {
                break;
            }
            (left, first) = (left - people, first + STEP);
        }
        let (days, _) = self.since(first).find(|(_, count)| {
            let is_reached = *count >= left;
            left = left.saturating_sub(*count);
            is_reached
        })?;
        u64::try_from(days).ok()
    }

    /// The most days; `None` of nobody.
    pub fn longest(&self) -> Option<u64> {
        let (days, _) = self.since(0).rev().find(|(_, count)| *count > 0)?;
        u64::try_from(days).ok()
    }

    /// How many had at most so many days.
    pub fn up_to(&self, days: i32) -> u64 {
        let places = usize::try_from(days).map_or(0, |days| days + 1);
        let steps = places / STEP;
        let rest = self.since(steps * STEP).take(places % STEP).map(|(_, count)| count);
        self.by_step().take(steps).sum::<u64>() + rest.sum::<u64>()
    }

    /// Each number of days that occurs, with its count, fewest first. Steps without anybody are passed by.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        let steps = (0..).step_by(STEP).zip(self.by_step()).filter(|(_, people)| *people > 0);
        let counted = steps.flat_map(|(first, _)| self.since(first).take(STEP)).filter(|(_, count)| *count > 0);
        counted.map(|(days, count)| (u64::try_from(days).unwrap_or(u64::MAX), count))
    }
}

/// A sum of four bytes, so that the processor takes several counts at once.
fn people(step: &[u8; STEP]) -> u32 {
    step.iter().map(|count| u32::from(*count)).sum()
}
