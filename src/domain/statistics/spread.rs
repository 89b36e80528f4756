//! How a number of whole days is spread: counted day by day, so that every percentile is exact.

/// The days counted in the spread itself: sixty-four weeks, beyond which few wait.
const NEAR: usize = 64 * 7;

/// What a count of [`Spread::near`] has run over when it is 0 again.
const CARRY: u32 = 1 << u16::BITS;

/// Counts by days, 0 and more.
///
/// Most are counted in the spread itself, in few bytes: whoever counts millions into hundreds of spreads finds them in the
/// cache, and follows no pointer. Each number of people has one way to be kept, so that equal spreads are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    near: [u16; NEAR],
    /// What comes on top: everything from [`NEAR`] days on, and whole [`CARRY`]s before; no longer than it must be.
    beyond: Vec<u32>,
}

impl Default for Spread {
    fn default() -> Self {
        Self { near: [0; NEAR], beyond: Vec::new() }
    }
}

impl Spread {
    /// Counts one more; a negative number of days, which no lawful record has, counts as 0.
    #[inline]
    pub fn count(&mut self, days: i32) {
        let place = usize::try_from(days).unwrap_or(0);
        let Some(count) = self.near.get_mut(place) else { return self.count_beyond(place, 1) };
        *count = count.wrapping_add(1);
        if *count == 0 {
            self.count_beyond(place, CARRY);
        }
    }

    /// Counts so many more on top of what is near.
    #[cold]
    fn count_beyond(&mut self, place: usize, people: u32) {
        if self.beyond.len() <= place {
            self.beyond.resize(place + 1, 0);
        }
        if let Some(count) = self.beyond.get_mut(place) {
            *count += people;
        }
    }

    /// Counts all that another spread has counted.
    pub fn add(&mut self, other: &Self) {
        if other.beyond.len() > self.beyond.len() {
            self.beyond.resize(other.beyond.len(), 0);
        }
        for (count, more) in self.beyond.iter_mut().zip(&other.beyond) {
            *count += more;
        }
        for (place, more) in other.near.iter().enumerate() {
            let Some(count) = self.near.get_mut(place) else { continue };
            let (sum, has_run_over) = count.overflowing_add(*more);
            *count = sum;
            if has_run_over {
                self.count_beyond(place, CARRY);
            }
        }
    }

    /// The people of each number of days, from 0 on.
    fn by_days(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator {
        let near = |days| self.near.get(days).copied().map_or(0, u64::from);
        let beyond = |days| self.beyond.get(days).copied().map_or(0, u64::from);
        (0..self.beyond.len().max(NEAR)).map(move |days| near(days) + beyond(days))
    }

    /// How many were counted.
    pub fn people(&self) -> u64 {
        // Apart, for one sum over each is taken many at a time.
        let near: u32 = self.near.iter().map(|count| u32::from(*count)).sum();
        u64::from(near) + self.beyond.iter().map(|count| u64::from(*count)).sum::<u64>()
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
