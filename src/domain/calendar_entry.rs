//! Calendar entries of an authority: closures of schools, for the exceptions that turn on them, and bank holidays.

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::check;
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::OrganisationName;

codes! {
    /// What a calendar entry is.
    CalendarKind {
        /// Schools of the authority are closed: a holiday.
        SchoolClosure = "school_closure",
        /// Early years providers of the authority are closed.
        EarlyYearsClosure = "early_years_closure",
        /// Schools of the authority are open: a half-term. Days between the first and the last of those recorded that lie in
        /// none are school holidays.
        SchoolTerm = "school_term",
        /// A bank holiday in England beyond those the service computes, such as one newly proclaimed.
        BankHoliday = "bank_holiday",
    }
}

noun! {
    /// A span of days in the calendar of an authority. Working days are counted without its bank holidays; a timeline names the closures that may be grounds for an exception.
    CalendarEntry: "cal", "calendar entry", "calendars", "calendar_entries" {
        /// What it is.
        required kind: CalendarKind,
        /// First day of it.
        required starts_on: NaiveDate,
        /// Last day of it, inclusive. Schools re-open on the day after.
        required ends_on: NaiveDate,
        /// What it is called, such as summer holiday 2025.
        optional name: OrganisationName,
    }
}

impl Draft {
    fn check(&self, _today: NaiveDate, faults: &mut Faults) {
        check::in_order(&[("starts_on", self.starts_on)], &[("ends_on", self.ends_on)], faults);
        let one_day = self.starts_on.is_none() || self.starts_on == self.ends_on;
        if self.kind == Some(CalendarKind::BankHoliday) && !one_day {
            faults.add("ends_on", "contradiction", "must be starts_on: a bank holiday is one day");
        }
    }
}

impl Calendar {
    /// The calendar that some entries make: their bank holidays beside the computed ones.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a CalendarEntry>) -> Self {
        let holidays = entries.into_iter().filter(|entry| entry.kind == CalendarKind::BankHoliday);
        Self::with(holidays.map(|entry| entry.starts_on))
    }
}
