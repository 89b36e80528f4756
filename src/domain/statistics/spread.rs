//! How a number of whole days is spread: counted day by day, so that every percentile is exact.

/// Counts by days, 0 and more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// As long as the most days, so that equal spreads have equal vectors.
    by_days: Vec<u32>,
}

impl Spread {
    /// Counts one more; a negative number of days, which no lawful record has, counts as 0.
    #[inline]
    pub fn count(&mut self, days: i32) {
        let place = usize::try_from(days).unwrap_or(0);
        match self.by_days.get_mut(place) {
            Some(count) => *count += 1,
            None => self.lengthen(place),
        }
    }

    /// Counts the first with so many days or more.
    #[cold]
    fn lengthen(&mut self, place: usize) {
        self.by_days.resize(place, 0);
        self.by_days.push(1);
    }

    /// Counts all that another spread has counted.
    pub fn add(&mut self, other: &Self) {
        if other.by_days.len() > self.by_days.len() {
            self.by_days.resize(other.by_days.len(), 0);
        }
        for (count, more) in self.by_days.iter_mut().zip(&other.by_days) {
            *count += more;
        }
    }

    /// How many were counted.
    pub fn people(&self) -> u64 {
        self.by_days.iter().map(|count| u64::from(*count)).sum()
    }

    /// Their days, summed.
    pub fn days_total(&self) -> u64 {
        (0..).zip(&self.by_days).map(|(days, count): (u64, _)| days * u64::from(*count)).sum()
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
        let place = self.by_days.iter().position(|count| {
            seen += u64::from(*count);
            seen >= rank
        })?;
        u64::try_from(place).ok()
    }

    /// The most days; `None` of nobody.
    pub fn longest(&self) -> Option<u64> {
        let place = self.by_days.iter().rposition(|count| *count > 0)?;
        u64::try_from(place).ok()
    }

    /// How many had at most so many days.
    pub fn up_to(&self, days: i32) -> u64 {
        let places = usize::try_from(days).map_or(0, |days| days + 1);
        self.by_days.iter().take(places).map(|count| u64::from(*count)).sum()
    }

    /// Each number of days that occurs, with its count, fewest first.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        let counted = (0..).zip(&self.by_days);
        counted.filter(|(_, count)| **count > 0).map(|(days, count)| (days, u64::from(*count)))
    }
}
