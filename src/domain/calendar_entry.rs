//! Calendar entries of an authority: closures of schools, for the exceptions that turn on them.

use chrono::NaiveDate;

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
        /// A bank holiday proclaimed after this version of the service was made.
        BankHoliday = "bank_holiday",
    }
}

noun! {
    /// A span of days in the calendar of an authority, for those who judge exceptions; clocks read the closure that is recorded on the exception itself.
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
