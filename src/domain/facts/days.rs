//! Days as numbers.

use chrono::{Datelike, NaiveDate};

/// A day as a number: 1 is 1 January of the year 1, as in `chrono`.
pub type Day = i32;

/// Later than every day: what has not happened.
pub const NEVER: Day = Day::MAX;

/// The number of a date; [`NEVER`] for none.
pub fn day(date: Option<NaiveDate>) -> Day {
    date.map_or(NEVER, |date| date.num_days_from_ce())
}

/// The date of a number; `None` for [`NEVER`].
pub fn date(day: Day) -> Option<NaiveDate> {
    if day == NEVER { None } else { NaiveDate::from_num_days_from_ce_opt(day) }
}
