//! The minutes of one person on one day, and what becomes of them.

use super::day_book::{DayBook, leave_year, weekday};
use super::minutes::{Minutes, Use};
use super::parameters::{Entry, Parameters};
use super::timetable::Timetable;
use crate::domain::absence::AbsenceKind;
use crate::domain::facts::{Day, Place};
use crate::domain::post::Band;

/// A span of days on which somebody does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absent {
    /// First day.
    pub first: Day,
    /// Last day, inclusive.
    pub last: Day,
    /// Why.
    pub kind: AbsenceKind,
}

/// One worker in one post, as the ledger of minutes sees them.
#[derive(Clone, Debug)]
pub struct Person {
    /// The place of the worker, who may hold several posts.
    pub worker: Place,
    /// The place of the service.
    pub service: Place,
    /// The band of the post.
    pub band: Band,
    /// Contracted minutes by weekday, Monday first.
    pub pattern: [f64; 7],
    /// First day in the post.
    pub starts: Day,
    /// Last day in the post, inclusive.
    pub ends: Day,
    /// The day from which weeks on the ramp count; nothing is produced before.
    pub productive_from: Day,
    /// What ramp.
    pub entry: Entry,
    /// No work while schools are closed.
    pub term_time_only: bool,
    /// Working days of leave in a whole leave year; `None` if not recorded.
    pub leave_days: Option<f64>,
    /// What is on record, in any order.
    pub absences: Vec<Absent>,
    /// First and last day, inclusive, of the time in which spells of sickness are on record, so that none is expected beside them.
    pub sickness_on_record: Option<(Day, Day)>,
}

/// What is left of leave and study in one leave year, spread over it.
#[derive(Clone, Copy, Debug)]
struct Year {
    first: Day,
    last: Day,
    /// Share of a day of term taken as leave, beyond what is booked.
    leave_in_term: f64,
    /// How many times as likely leave is on a day of school holidays.
    leave_weight: f64,
    /// Share of a day lost to study, beyond what is recorded.
    study: f64,
}

/// The working days of a year over which study days are spread: 261 weekdays less eight bank holidays.
const STUDY_YEAR: f64 = 253.0;

/// Reads the days of one person in order.
#[derive(Debug)]
pub struct Reader<'a> {
    person: &'a Person,
    book: &'a DayBook,
    timetable: &'a Timetable,
    year: Option<Year>,
}

impl<'a> Reader<'a> {
    /// Of a person, by a book and a timetable that hold the leave years of every day asked about.
    pub fn new(person: &'a Person, book: &'a DayBook, timetable: &'a Timetable) -> Self {
        Self { person, book, timetable, year: None }
    }

    /// The minutes of one day: contracted, each deduction of what those before have left, and as unallocated what is left for
    /// children.
    pub fn day(&mut self, day: Day) -> Minutes {
        let person = self.person;
        let given = person.pattern.get(weekday(day)).copied().unwrap_or(0.0);
        let mut minutes = Minutes::default();
        if given <= 0.0 || day < person.starts || day > person.ends {
            return minutes;
        }
        minutes.contracted = given;
        if let Some(reason) = self.away(day) {
            minutes.spend(reason, given);
            return minutes;
        }
        let parameters = self.timetable.on(day);
        let year = self.year(day, parameters);
        let weight = if self.book.kind(day).is_school_holiday { year.leave_weight } else { 1.0 };
        let is_on_record = person.sickness_on_record.is_some_and(|(first, last)| (first..=last).contains(&day));
        let sickness = if is_on_record { 0.0 } else { parameters.sickness };
        let mut left = given;
        let mut take = |what, share: f64| {
            let taken = left * share;
            minutes.spend(what, taken);
            left -= taken;
        };
        take(Use::Leave, (year.leave_in_term * weight).min(1.0));
        take(Use::Sickness, sickness);
        take(Use::Study, year.study);
        take(Use::NonClinical, parameters.non_clinical);
        take(Use::Ramp, 1.0 - person.productivity(day, parameters));
        minutes.spend(Use::Unallocated, left);
        minutes
    }

    /// Why the whole day is lost, if it is.
    fn away(&self, day: Day) -> Option<Use> {
        let kind = self.book.kind(day);
        if kind.is_bank_holiday {
            return Some(Use::BankHolidays);
        }
        if kind.is_school_holiday && self.person.term_time_only {
            return Some(Use::SchoolHolidays);
        }
        let absent = self.person.absences.iter().find(|absent| absent.first <= day && day <= absent.last)?;
        Some(match absent.kind {
            AbsenceKind::BookedLeave => Use::Leave,
            AbsenceKind::Sickness => Use::Sickness,
            AbsenceKind::Maternity => Use::Maternity,
            AbsenceKind::Study => Use::Study,
        })
    }

    /// The leave year of a day, by the parameters of its first day. Whoever is in the post for a part of it has that part of the
    /// entitlement, by the weight of the days worked.
    fn year(&mut self, day: Day, parameters: &Parameters) -> Year {
        if let Some(year) = self.year.filter(|year| (year.first..=year.last).contains(&day)) {
            return year;
        }
        let (first, last) = leave_year(day, parameters.leave_year_month);
        let parameters = self.timetable.on(first);
        let person = self.person;
        let (mut booked, mut study) = (0.0, 0.0);
        let (mut of_year, mut in_post, mut unbooked) = (0.0, 0.0, 0.0);
        for day in (first..=last).filter(|day| person.works_on(*day)) {
            let away = self.away(day);
            if matches!(away, Some(Use::BankHolidays | Use::SchoolHolidays)) {
                continue;
            }
            let weight = if self.book.kind(day).is_school_holiday { parameters.leave_weight } else { 1.0 };
            of_year += weight;
            if day < person.starts || day > person.ends {
                continue;
            }
            in_post += weight;
            match away {
                Some(Use::Leave) => booked += 1.0,
                Some(Use::Study) => {
                    study += 1.0;
                    unbooked += weight;
                }
                _ => unbooked += weight,
            }
        }
        let part = if of_year > 0.0 { in_post / of_year } else { 0.0 };
        let left = (person.entitlement(parameters) * part - booked).max(0.0);
        let year = Year {
            first,
            last,
            leave_in_term: if unbooked > 0.0 { left / unbooked } else { 0.0 },
            leave_weight: parameters.leave_weight,
            study: (parameters.study_days - study).max(0.0) / STUDY_YEAR,
        };
        self.year = Some(year);
        year
    }
}

impl Person {
    /// True on a weekday of the pattern, whether in the post or not.
    fn works_on(&self, day: Day) -> bool {
        self.pattern.get(weekday(day)).is_some_and(|minutes| *minutes > 0.0)
    }

    /// Working days of leave in a whole leave year: what is recorded, or what is usual for so many days a week. Those who work in
    /// term only take their leave in the holidays, unless an entitlement says otherwise.
    fn entitlement(&self, parameters: &Parameters) -> f64 {
        let days_a_week: f64 = self.pattern.iter().filter(|minutes| **minutes > 0.0).map(|_| 1.0).sum();
        let usual = if self.term_time_only { 0.0 } else { parameters.leave_days * days_a_week / 5.0 };
        self.leave_days.unwrap_or(usual)
    }

    /// Productivity on a day, 0 to 1.
    fn productivity(&self, day: Day, parameters: &Parameters) -> f64 {
        if day < self.productive_from { 0.0 } else { parameters.productivity(self.entry, self.weeks_in(day)) }
    }

    /// Whole weeks on the ramp.
    fn weeks_in(&self, day: Day) -> i32 {
        (day - self.productive_from) / 7
    }

    /// True if they are in the post in the week from that Monday on and not yet as productive as they will be.
    pub fn is_starter(&self, monday: Day, parameters: &Parameters) -> bool {
        let is_there = self.starts <= monday + 6 && self.ends >= monday;
        let ramp = parameters.ramp(self.entry);
        is_there && ramp.is_some_and(|ramp| self.weeks_in(monday.max(self.productive_from)) < ramp.weeks())
    }
}
