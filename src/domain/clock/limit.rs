//! Limits: how the law counts from an event to the last day in time.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::calendar::{Calendar, month_name};

/// How long a clock runs, and from which day it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Within so many weeks of the event, whose day is not counted.
    Weeks(u32),
    /// Within so many days of the event, whose day is not counted.
    Days(u32),
    /// Within so many months of the event: the corresponding date, or the last day of a shorter month.
    Months(u32),
    /// Within so many working days of the event, whose day is not counted.
    WorkingDays(u32),
    /// So many days beginning with the day of the event.
    DaysBeginningWith(u32),
    /// So many working days beginning with the day of the event, if it is one.
    WorkingDaysBeginningWith(u32),
    /// So many months beginning with the day of the event: they end on the day before the corresponding date.
    MonthsBeginningWith(u32),
    /// So many clear days before the event: neither the day of the notice nor that of the event counts.
    ClearDaysBefore(u32),
    /// So many days before the event.
    DaysBefore(u32),
    /// So many months before the event.
    MonthsBefore(u32),
    /// Before this day of the event's year.
    Before {
        /// Month, 1 to 12.
        month: u32,
        /// Day of the month.
        day: u32,
    },
    /// By this day of the event's year.
    By {
        /// Month, 1 to 12.
        month: u32,
        /// Day of the month.
        day: u32,
    },
}

impl Limit {
    /// The limit in calendar days, where it has a fixed length of them after the event.
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Weeks(weeks) => Some(7 * weeks),
            Self::Days(days) => Some(days),
            Self::Months(_)
            | Self::WorkingDays(_)
            | Self::DaysBeginningWith(_)
            | Self::WorkingDaysBeginningWith(_)
            | Self::MonthsBeginningWith(_)
            | Self::ClearDaysBefore(_)
            | Self::DaysBefore(_)
            | Self::MonthsBefore(_)
            | Self::Before { .. }
            | Self::By { .. } => None,
        }
    }

    /// True if it counts back from its event: the act comes before.
    pub const fn counts_back(self) -> bool {
        matches!(
            self,
            Self::ClearDaysBefore(_)
                | Self::DaysBefore(_)
                | Self::MonthsBefore(_)
                | Self::Before { .. }
                | Self::By { .. }
        )
    }

    /// The limit in words, as the calculation shows it.
    pub fn say(self) -> String {
        match self {
            Self::Weeks(count) => format!("within {count} weeks of it; its day is not counted"),
            Self::Days(0) => "at once".to_owned(),
            Self::Days(count) => format!("within {count} days of it; its day is not counted"),
            Self::Months(count) => format!("within {count} months of it: the corresponding date"),
            Self::WorkingDays(count) => format!("within {count} working days of it; its day is not counted"),
            Self::DaysBeginningWith(count) => format!("{count} days beginning with it: its day is day 1"),
            Self::WorkingDaysBeginningWith(count) => {
                format!("{count} working days beginning with it: its day is day 1, if it is a working day")
            }
            Self::MonthsBeginningWith(count) => {
                format!("{count} months beginning with it: up to the day before the corresponding date")
            }
            Self::ClearDaysBefore(count) => format!("at least {count} clear days before it"),
            Self::DaysBefore(count) => format!("at least {count} days before it"),
            Self::MonthsBefore(count) => format!("at least {count} months before it"),
            Self::Before { month, day } => format!("before {day} {} of that year", month_name(month)),
            Self::By { month, day } => format!("by {day} {} of that year", month_name(month)),
        }
    }
}

/// The last day on which a limit counted from `start` is still kept.
///
/// Calendar days count unless the limit says otherwise; weekends, bank holidays and school holidays neither stop the
/// count nor move its end. Sources: the general rules for "within … of" (the day of the event is not counted), for
/// "beginning with" (it is), and for months (the corresponding date); no provision to the contrary in SI 2014/1530.
///
/// `None` if the day lies beyond the calendar.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::clock::{Limit, due_on};
/// let monday = "2025-01-06".parse()?;
/// assert_eq!(due_on(monday, Limit::Weeks(20)), Some("2025-05-26".parse()?));
/// assert_eq!(due_on(monday, Limit::DaysBeginningWith(15)), Some("2025-01-20".parse()?));
/// assert_eq!(due_on("2024-12-31".parse()?, Limit::Months(2)), Some("2025-02-28".parse()?));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn due_on(start: NaiveDate, limit: Limit) -> Option<NaiveDate> {
    due_in(&Calendar::default(), start, limit)
}

/// As [`due_on`], counting working days by that calendar.
pub fn due_in(calendar: &Calendar, start: NaiveDate, limit: Limit) -> Option<NaiveDate> {
    let later = |days: u32| start.checked_add_days(Days::new(u64::from(days)));
    let earlier = |days: u32| start.checked_sub_days(Days::new(u64::from(days)));
    match limit {
        Limit::Weeks(weeks) => later(7 * weeks),
        Limit::Days(days) => later(days),
        Limit::Months(months) => start.checked_add_months(Months::new(months)),
        Limit::WorkingDays(days) => calendar.working_day_from(start.succ_opt()?, days),
        Limit::DaysBeginningWith(days) => later(days.checked_sub(1)?),
        Limit::WorkingDaysBeginningWith(days) => calendar.working_day_from(start, days),
        Limit::MonthsBeginningWith(months) => {
            let corresponding = start.checked_add_months(Months::new(months))?;
            // A month without the corresponding date ends the period with its own last day.
            if corresponding.day() == start.day() { corresponding.pred_opt() } else { Some(corresponding) }
        }
        Limit::ClearDaysBefore(days) => earlier(days + 1),
        Limit::DaysBefore(days) => earlier(days),
        Limit::MonthsBefore(months) => start.checked_sub_months(Months::new(months)),
        Limit::Before { month, day } => NaiveDate::from_ymd_opt(start.year(), month, day)?.pred_opt(),
        Limit::By { month, day } => NaiveDate::from_ymd_opt(start.year(), month, day),
    }
}
