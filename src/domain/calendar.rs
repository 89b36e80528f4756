//! The calendar of England: working days and bank holidays.

use std::sync::Arc;

use chrono::NaiveDate;

use super::bank_holiday::{is_bank_holiday, is_weekend};

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
