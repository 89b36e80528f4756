//! Post-holdings: who works in a post, how much, and on which weekdays.

use chrono::NaiveDate;

use super::among::{Among, Others, read};
use super::check;
use super::fault::Faults;
use super::field::codes;
use super::noun::{Noun, noun};
use super::number::{DayMinutes, DaysAYear, Wte};
use super::reference::{PostRef, WorkerRef};

codes! {
    /// On what terms somebody holds a post.
    Engagement {
        /// Permanent.
        Permanent = "permanent",
        /// For a fixed term.
        FixedTerm = "fixed_term",
        /// From the employer's own bank.
        Bank = "bank",
        /// From an agency.
        Agency = "agency",
        /// In training: adds no capacity of its own before the day of qualification.
        Trainee = "trainee",
    }
}

noun! {
    /// One worker in one post for a span of days: whole-time equivalents and minutes on each weekday. A worker is an opaque reference, never a name.
    PostHolding: "hld", "post-holding", "post-holdings", "post_holdings" {
        /// The post, which must be known.
        required post_ref: PostRef,
        /// The sender's pseudonym of the worker; never a name.
        required worker_ref: WorkerRef,
        /// Whole-time equivalents of this worker in this post.
        required wte: Wte,
        /// On what terms.
        required engagement: Engagement,
        /// First day in the post.
        required starts_on: NaiveDate,
        /// Last day in the post, inclusive; empty while nobody knows one.
        optional ends_on: NaiveDate,
        /// First day on which appointments can be booked; from the first day in the post if empty.
        optional productive_from_on: NaiveDate,
        /// True in the first year after qualification: productivity grows more slowly.
        optional newly_qualified: bool,
        /// True if no work is done while schools are closed.
        optional term_time_only: bool,
        /// Working days of leave in a whole leave year, apart from bank holidays; of the worker's own working days.
        optional leave_entitlement_days: DaysAYear,
        /// Contracted minutes on Mondays. Without any weekday, the minutes of wte spread evenly over Monday to Friday.
        optional monday_minutes: DayMinutes,
        /// Contracted minutes on Tuesdays.
        optional tuesday_minutes: DayMinutes,
        /// Contracted minutes on Wednesdays.
        optional wednesday_minutes: DayMinutes,
        /// Contracted minutes on Thursdays.
        optional thursday_minutes: DayMinutes,
        /// Contracted minutes on Fridays.
        optional friday_minutes: DayMinutes,
        /// Contracted minutes on Saturdays.
        optional saturday_minutes: DayMinutes,
        /// Contracted minutes on Sundays.
        optional sunday_minutes: DayMinutes,
    }
}

/// Contracted minutes a week of one whole-time equivalent: 37.5 hours, Agenda for Change.
pub const FULL_TIME_MINUTES: f64 = 2_250.0;

impl Draft {
    fn check(&self, _today: NaiveDate, faults: &mut Faults) {
        let start = ("starts_on", self.starts_on);
        check::in_order(
            &[start],
            &[("ends_on", self.ends_on), ("productive_from_on", self.productive_from_on)],
            faults,
        );
        let minutes = [
            self.monday_minutes,
            self.tuesday_minutes,
            self.wednesday_minutes,
            self.thursday_minutes,
            self.friday_minutes,
            self.saturday_minutes,
            self.sunday_minutes,
        ];
        if minutes.iter().any(Option::is_some) && minutes.iter().flatten().all(|minutes| minutes.units() == 0) {
            faults.add(
                "monday_minutes",
                "contradiction",
                "must not be 0 with every other weekday: give the days worked",
            );
        }
    }
}

impl PostHolding {
    /// Contracted minutes by weekday, Monday first: those given, or those of the whole-time equivalents spread evenly over
    /// Monday to Friday.
    pub fn pattern(&self) -> [f64; 7] {
        let given = self.given_pattern();
        if given.iter().any(Option::is_some) {
            return given.map(|minutes| minutes.map_or(0.0, DayMinutes::value));
        }
        evenly(self.wte.value())
    }

    fn given_pattern(&self) -> [Option<DayMinutes>; 7] {
        [
            self.monday_minutes,
            self.tuesday_minutes,
            self.wednesday_minutes,
            self.thursday_minutes,
            self.friday_minutes,
            self.saturday_minutes,
            self.sunday_minutes,
        ]
    }

    /// True if both are held on some day.
    fn overlaps(&self, other: &Self) -> bool {
        let ends = |holding: &Self| holding.ends_on.unwrap_or(NaiveDate::MAX);
        self.starts_on <= ends(other) && other.starts_on <= ends(self)
    }
}

/// Contracted minutes by weekday, Monday first, of whole-time equivalents spread evenly over Monday to Friday.
pub fn evenly(wte: f64) -> [f64; 7] {
    let each = wte * FULL_TIME_MINUTES / 5.0;
    [each, each, each, each, each, 0.0, 0.0]
}

/// A worker's holdings are checked together.
pub const AMONG: Among = Among { noun: Noun::PostHolding, field: "worker_ref", check: fits_worker };

/// Notes more than one whole-time equivalent of a worker on any day, and more minutes than a day has.
fn fits_worker(cells: &super::noun::Cells, others: Others<'_>, faults: &mut Faults) {
    let Some(own) = read(faults, PostHolding::from_cells(cells)) else { return };
    let others: Vec<_> = others.filter_map(|cells| PostHolding::from_cells(cells).ok()).collect();
    let with: Vec<_> = others.iter().filter(|other| own.overlaps(other)).collect();
    // The most are held together on a day on which one of them begins.
    let starts = with.iter().map(|other| other.starts_on.max(own.starts_on)).chain([own.starts_on]);
    let on = |day: NaiveDate| {
        with.iter().filter(move |other| other.starts_on <= day && other.ends_on.is_none_or(|last| last >= day))
    };
    let wte = |day| own.wte.units() + on(day).map(|other| other.wte.units()).sum::<i64>();
    if let Some(day) = starts.clone().filter(|day| wte(*day) > 100).min() {
        let (whole, part) = (wte(day) / 100, wte(day) % 100);
        let message = format!(
            "must leave the worker at most 1 WTE, but with what is recorded of other posts it would be {whole}.{part:02} on {day}; end the other post-holding first"
        );
        faults.add("wte", "too_much_for_one_worker", message);
    }
    let minutes = |day: NaiveDate| {
        let mut sum = own.pattern();
        for other in on(day) {
            sum.iter_mut().zip(other.pattern()).for_each(|(minutes, more)| *minutes += more);
        }
        sum.into_iter().fold(0.0, f64::max)
    };
    if let Some(day) = starts.filter(|day| minutes(*day) > 1_440.0).min() {
        let message = format!(
            "must leave the worker at most 1,440 minutes a weekday, but with what is recorded of other posts it would be {} from {day}",
            minutes(day)
        );
        faults.add("monday_minutes", "too_much_for_one_day", message);
    }
}
