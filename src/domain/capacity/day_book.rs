//! The days of a capacity ledger: weekdays, bank holidays, school holidays.

use super::school_year::{Terms, usual_holidays, years};
use crate::domain::bank_holiday::easter_monday;
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
    /// Schools of the authority are closed.
    pub is_school_holiday: bool,
}

/// The days from the first to the last of a ledger, whole leave years and more.
#[derive(Clone, Debug)]
pub struct DayBook {
    first: Day,
    days: Vec<DayKind>,
}

impl DayBook {
    /// The days from `first` to `last`, both inclusive, by the terms and closures of schools; without any on record, by the holidays
    /// of most schools.
    pub fn new<'a>(
        (first, last): (Day, Day),
        calendar: &Calendar,
        schools: impl Iterator<Item = &'a CalendarEntry>,
    ) -> Self {
        let mut book = Self::without_schools((first, last), calendar);
        let span = |entry: &CalendarEntry| (day(Some(entry.starts_on)), day(Some(entry.ends_on)));
        let schools: Vec<_> = schools.collect();
        let of = |kind| schools.iter().filter(move |entry| entry.kind == kind).map(|entry| span(entry));
        let closures: Vec<_> = of(CalendarKind::SchoolClosure).collect();
        if let Some(terms) = Terms::new(of(CalendarKind::SchoolTerm).collect()) {
            for (on, kind) in (first..).zip(&mut book.days) {
                kind.is_school_holiday = terms.is_holiday(on);
            }
        } else if closures.is_empty() {
            let usual = years((first, last)).flat_map(|year| usual_holidays(year, easter_monday(year)));
            for span in usual {
                book.set_school_holiday(span, true);
            }
        }
        for span in closures {
            book.set_school_holiday(span, true);
        }
        book
    }

    /// The days from `first` to `last`, both inclusive, with bank holidays and none of schools.
    pub fn without_schools((first, last): (Day, Day), calendar: &Calendar) -> Self {
        let is_bank_holiday = |on: Day| date(on).is_some_and(|date| calendar.is_bank_holiday(date));
        let kind = |on| DayKind { is_bank_holiday: is_bank_holiday(on), is_school_holiday: false };
        Self { first, days: (first..=last).map(kind).collect() }
    }

    /// The days from `first` to `last`, both inclusive, none of them a holiday.
    pub fn without_holidays((first, last): (Day, Day)) -> Self {
        Self { first, days: (first..=last).map(|_| DayKind::default()).collect() }
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
}

/// The first and the last day of the leave year a day lies in, which begins on the first of a month, 1 to 12.
pub fn leave_year(day_in_it: Day, first_month: u32) -> (Day, Day) {
    let year = date(day_in_it).map_or(1, |date| date.year() - i32::from(date.month() < first_month));
    let first = |year| day(NaiveDate::from_ymd_opt(year, first_month, 1));
    (first(year), first(year + 1) - 1)
}
