//! The calendar of England: working days and bank holidays.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// True on Monday to Friday except bank holidays in England.
///
/// The Regulations count some limits in working days and do not say what a working day is: this is a reading.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::calendar::is_working_day;
/// assert!(!is_working_day("2025-04-21".parse()?)); // Easter Monday
/// assert!(is_working_day("2025-04-22".parse()?));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn is_working_day(date: NaiveDate) -> bool {
    !is_weekend(date) && !is_bank_holiday(date)
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Days proclaimed once, or moved, by Royal Proclamation; the moved day is no holiday then.
const PROCLAIMED: [(i32, u32, u32); 9] = [
    (2002, 6, 3),
    (2002, 6, 4),
    (2011, 4, 29),
    (2012, 6, 4),
    (2012, 6, 5),
    (2020, 5, 8),
    (2022, 6, 2),
    (2022, 6, 3),
    (2023, 5, 8),
];

/// The State Funeral of Queen Elizabeth II.
const STATE_FUNERAL: (i32, u32, u32) = (2022, 9, 19);

/// Days on which the usual holiday did not fall, because it was moved.
const MOVED_AWAY: [(i32, u32, u32); 4] = [(2002, 5, 27), (2012, 5, 28), (2020, 5, 4), (2022, 5, 30)];

/// True on a bank holiday in England, with substitute days for those that fall on a weekend.
///
/// Source: Banking and Financial Dealings Act 1971, and the proclamations under it known in November 2026. A day
/// proclaimed later is a new line of the list.
pub fn is_bank_holiday(date: NaiveDate) -> bool {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let is = |known: &(i32, u32, u32)| *known == (year, month, day);
    if PROCLAIMED.iter().any(is) || is(&STATE_FUNERAL) {
        return true;
    }
    if MOVED_AWAY.iter().any(is) {
        return false;
    }
    let monday = date.weekday() == Weekday::Mon;
    match month {
        1 => day == 1 || (monday && day <= 3),
        3 | 4 => easter(year).is_some_and(|sunday| {
            sunday.checked_sub_days(Days::new(2)) == Some(date) || sunday.checked_add_days(Days::new(1)) == Some(date)
        }),
        5 => monday && (day <= 7 || day >= 25),
        8 => monday && day >= 25,
        // A holiday on a Saturday or Sunday is kept on the next days that are free: a Monday, and a Tuesday after it.
        12 => day == 25 || day == 26 || ((monday || date.weekday() == Weekday::Tue) && (day == 27 || day == 28)),
        _ => false,
    }
}

/// Easter Sunday, by the Gregorian rule.
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century) = (year.rem_euclid(19), year.div_euclid(100));
    let leaps = century - century / 4;
    let epact = (leaps - (8 * century + 13) / 25 + 19 * golden + 15).rem_euclid(30);
    let moon = epact - epact / 28 * (1 - 29 / (epact + 1) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + moon + 2 - leaps).rem_euclid(7);
    let past_march = moon - weekday;
    let month = 3 + (past_march + 40) / 44;
    let day = past_march + 28 - 31 * (month / 4);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// The bank holidays an authority has recorded beside those that are computed. Copies share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar(Option<Arc<[NaiveDate]>>);

impl Calendar {
    /// With these bank holidays beside the computed ones.
    pub fn with(holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        let mut days: Vec<_> = holidays.into_iter().collect();
        days.sort_unstable();
        days.dedup();
        Self((!days.is_empty()).then(|| days.into()))
    }

    /// As [`is_working_day`], and none of the recorded bank holidays.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        is_working_day(date) && self.0.as_ref().is_none_or(|days| days.binary_search(&date).is_err())
    }

    /// True on a bank holiday in England, and on one that is recorded.
    pub fn is_bank_holiday(&self, date: NaiveDate) -> bool {
        is_bank_holiday(date) || self.0.as_ref().is_some_and(|days| days.binary_search(&date).is_ok())
    }

    /// The working day that is number `count` when `first` counts as number 1, if it is one.
    ///
    /// `None` for no day, and beyond the calendar.
    pub fn working_day_from(&self, first: NaiveDate, count: u32) -> Option<NaiveDate> {
        let mut left = count;
        let mut day = first;
        loop {
            if self.is_working_day(day) {
                left = left.checked_sub(1)?;
                if left == 0 {
                    return Some(day);
                }
            }
            day = day.succ_opt()?;
        }
    }
}

/// The English name of a month, 1 to 12; empty for any other number.
pub fn month_name(month: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    month.checked_sub(1).and_then(|place| NAMES.get(usize::try_from(place).ok()?)).copied().unwrap_or("")
}
