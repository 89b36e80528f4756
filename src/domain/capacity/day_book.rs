//! The days of a capacity ledger: weekdays, bank holidays, school holidays.

use crate::domain::calendar::Calendar;
use crate::domain::calendar_entry::{CalendarEntry, CalendarKind};
use crate::domain::facts::{Day, date, day};
use chrono::{Datelike, NaiveDate};

/// The weekday of a day, Monday being 0.
pub fn weekday(day: Day) -> usize {
    usize::try_from((day - 1).rem_euclid(7)).unwrap_or(0)
}

/// The Monday of the week a day lies in.
pub fn monday(day: Day) -> Day {
    day - (day - 1).rem_euclid(7)
}

/// What is known of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayKind {
    /// A bank holiday in England, or one on record.
    pub is_bank_holiday: bool,
    /// Schools of the authority are closed: a closure, or a day between two terms on record.
    pub is_school_holiday: bool,
}

/// The days from the first to the last of a ledger, whole leave years and more.
#[derive(Clone, Debug)]
pub struct DayBook {
    first: Day,
    days: Vec<DayKind>,
}

impl DayBook {
    /// The days from `first` to `last`, both inclusive, by the terms and closures of schools.
    pub fn new<'a>(
        (first, last): (Day, Day),
        calendar: &Calendar,
        schools: impl Iterator<Item = &'a CalendarEntry>,
    ) -> Self {
        let is_bank_holiday = |on: Day| date(on).is_some_and(|date| calendar.is_bank_holiday(date));
        let kind = |on| DayKind { is_bank_holiday: is_bank_holiday(on), is_school_holiday: false };
        let mut book = Self { first, days: (first..=last).map(kind).collect() };
        let schools: Vec<_> = schools.collect();
        book.close_between_terms(&schools);
        for closure in schools.iter().filter(|entry| entry.kind == CalendarKind::SchoolClosure) {
            book.set_school_holiday((day(Some(closure.starts_on)), day(Some(closure.ends_on))), true);
        }
        book
    }

    /// The days from `first` to `last`, both inclusive, none of them a holiday.
    pub fn without_holidays((first, last): (Day, Day)) -> Self {
        Self { first, days: (first..=last).map(|_| DayKind::default()).collect() }
    }

    /// Between the first and the last day of the terms on record, schools are closed but in term.
    fn close_between_terms(&mut self, schools: &[&CalendarEntry]) {
        let spans = || {
            let terms = schools.iter().filter(|entry| entry.kind == CalendarKind::SchoolTerm);
            terms.map(|term| (day(Some(term.starts_on)), day(Some(term.ends_on))))
        };
        let (Some(first), Some(last)) = (spans().map(|(first, _)| first).min(), spans().map(|(_, last)| last).max())
        else {
            return;
        };
        self.set_school_holiday((first, last), true);
        for span in spans() {
            self.set_school_holiday(span, false);
        }
    }

    /// Says of the days from first to last, both inclusive, whether schools are closed.
    pub fn set_school_holiday(&mut self, (first, last): (Day, Day), is_school_holiday: bool) {
        let place = |day: Day| usize::try_from((day - self.first).max(0)).unwrap_or(0);
        let (from, to) = (place(first), if last < self.first { 0 } else { place(last) + 1 });
        let to = to.min(self.days.len());
        for kind in self.days.get_mut(from.min(to)..to).unwrap_or_default() {
            kind.is_school_holiday = is_school_holiday;
        }
    }

    /// What is known of a day; nothing of one outside the book.
    #[inline]
    pub fn kind(&self, day: Day) -> DayKind {
        let place = usize::try_from(day - self.first).ok();
        place.and_then(|place| self.days.get(place)).copied().unwrap_or_default()
    }

    /// True if any school holiday is on record.
    pub fn has_school_holidays(&self) -> bool {
        self.days.iter().any(|kind| kind.is_school_holiday)
    }
}

/// The first and the last day of the leave year a day lies in, which begins on the first of a month, 1 to 12.
pub fn leave_year(day_in_it: Day, first_month: u32) -> (Day, Day) {
    let year = date(day_in_it).map_or(1, |date| date.year() - i32::from(date.month() < first_month));
    let first = |year| day(NaiveDate::from_ymd_opt(year, first_month, 1));
    (first(year), first(year + 1) - 1)
}
