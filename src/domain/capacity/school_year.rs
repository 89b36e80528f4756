//! The days on which schools are closed: by the terms on record, by those of another year, or as most schools have them.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::facts::{Day, date, day};

/// Days from one year's terms to the next's: whole weeks, so that weekdays stay.
const YEAR: Day = 364;

/// Days that terms on record must span for what lies between the last and the first of the next year to be the summer.
const WHOLE_YEAR: Day = 270;

/// The terms on record of an authority: first and last days, both inclusive.
#[derive(Clone, Debug)]
pub struct Terms {
    spans: Vec<(Day, Day)>,
    first: Day,
    last: Day,
}

impl Terms {
    /// Of terms in any order; `None` without any.
    pub fn new(terms: Vec<(Day, Day)>) -> Option<Self> {
        let first = terms.iter().map(|(first, _)| *first).min()?;
        let last = terms.iter().map(|(_, last)| *last).max()?;
        Some(Self { spans: terms, first, last })
    }

    /// True on a day that lies in none of the terms. Before the first and after the last on record it is the same day of the
    /// nearest year on record that tells.
    pub fn is_holiday(&self, day: Day) -> bool {
        let day = if day > self.last {
            day - (day - self.last + YEAR - 1) / YEAR * YEAR
        } else if day < self.first {
            day + (self.first - day + YEAR - 1) / YEAR * YEAR
        } else {
            day
        };
        if day < self.first || day > self.last {
            return self.last - self.first >= WHOLE_YEAR;
        }
        !self.spans.iter().any(|(first, last)| (*first..=*last).contains(&day))
    }
}

/// The school holidays of most schools that begin in a calendar year, an assumption: a week in February, two at Easter, a week in
/// May, the summer from 22 July, a week in October, two at Christmas. First and last days, both inclusive.
pub fn usual_holidays(year: i32, easter_monday: Option<NaiveDate>) -> Vec<(Day, Day)> {
    let on = |month, of_month| NaiveDate::from_ymd_opt(year, month, of_month);
    let weeks = |from: Option<NaiveDate>, days: u64| Some((from?, from?.checked_add_days(Days::new(days))?));
    let holidays = [
        weeks(on(2, 15).and_then(monday_from), 4),
        weeks(easter_monday.and_then(|monday| monday.checked_sub_days(Days::new(7))), 11),
        weeks(on(5, 25).and_then(monday_from), 4),
        on(7, 22).zip(on(8, 31)),
        weeks(on(10, 25).and_then(monday_from), 4),
        weeks(on(12, 19).and_then(monday_from), 11),
    ];
    holidays.into_iter().flatten().map(|(first, last)| (day(Some(first)), day(Some(last)))).collect()
}

/// The years two days lie in, and the one before, whose Christmas reaches into them.
pub fn years((first, last): (Day, Day)) -> impl Iterator<Item = i32> {
    let year = |day| date(day).map_or(0, |date: NaiveDate| date.year());
    year(first) - 1..=year(last)
}

/// The first Monday on or after a day.
fn monday_from(date: NaiveDate) -> Option<NaiveDate> {
    date.iter_days().take(7).find(|date| date.weekday() == Weekday::Mon)
}
