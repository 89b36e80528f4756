//! How a number of whole days is spread: counted day by day, so that every percentile is exact.

/// Room is made for so many days at once.
const STEP: usize = 64;

/// What a count of two bytes has run over when it is 0 again.
const CARRY: u64 = 1 << u16::BITS;

/// Counts by days, 0 and more, in two bytes each: whoever counts millions into hundreds of spreads finds them in the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// As long as the most days, in whole [`STEP`]s, so that equal spreads have equal vectors.
    by_days: Vec<u16>,
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

    /// The people of each number of days, from 0 on.
    fn by_days(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator {
        let carried = |days| self.carries.get(days).map_or(0, |times| u64::from(*times) * CARRY);
        self.by_days.iter().enumerate().map(move |(days, count)| u64::from(*count) + carried(days))
    }

    /// How many were counted.
    pub fn people(&self) -> u64 {
        // A step at a time, whose sum needs four bytes, so that the processor takes several counts at once.
        let of_step = |step: &[u16]| u64::from(step.iter().map(|count| u32::from(*count)).sum::<u32>());
        let counts: u64 = self.by_days.chunks(STEP).map(of_step).sum();
        counts + CARRY * self.carries.iter().map(|times| u64::from(*times)).sum::<u64>()
    }

    /// Their days, summed.
    pub fn days_total(&self) -> u64 {
        (0..).zip(self.by_days()).map(|(days, count): (u64, _)| days * count).sum()
    }

    /// Mean in tenths of a day, rounded half up; `None` of nobody.
    pub fn mean_tenths(&self) -> Option<u64> {
        let people = self.people();
        (20 * self.days_total() + people).checked_div(2 * people)
    }

    /// The fewest days that so many in a hundred do not exceed: the nearest rank, without interpolation. `None` of nobody.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.people() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let place = self.by_days().position(|count| {
            seen += count;
            seen >= rank
        })?;
        u64::try_from(place).ok()
    }

    /// The most days; `None` of nobody.
    pub fn longest(&self) -> Option<u64> {
        let place = self.by_days().rposition(|count| count > 0)?;
        u64::try_from(place).ok()
    }

    /// How many had at most so many days.
    pub fn up_to(&self, days: i32) -> u64 {
        let places = usize::try_from(days).map_or(0, |days| days + 1);
        self.by_days().take(places).sum()
    }

    /// Each number of days that occurs, with its count, fewest first.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        (0..).zip(self.by_days()).filter(|(_, count)| *count > 0)
    }
}
