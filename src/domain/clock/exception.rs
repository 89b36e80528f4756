//! Exceptions: the listed grounds, and the conditions each must fulfil.

use chrono::{Days, NaiveDate};

use crate::domain::field::codes;

codes! {
    /// The grounds the regulations list. Shortage of staff, a waiting list and a therapist's leave are not among them.
    Ground {
        /// Advice was asked of a head teacher in a period that begins one week before a closure of four weeks or more.
        SchoolClosure = "school_closure",
        /// The same for an early years provider.
        EarlyYearsClosure = "early_years_closure",
        /// Exceptional personal circumstances of the child, the parent or the young person.
        ExceptionalPersonalCircumstances = "exceptional_personal_circumstances",
        /// Absence from the council's area for four weeks without a break.
        AbsentFromArea = "absent_from_area",
        /// An appointment made by the advice-giving body was not kept: regulation 8(2)(c), advice only.
        MissedAppointment = "missed_appointment",
    }
}

/// The time a clock gives: from its trigger to its due date, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The trigger.
    pub first: NaiveDate,
    /// The due date.
    pub last: NaiveDate,
}

/// A fact that may disapply a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Which ground.
    pub ground: Ground,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day, inclusive; `None` if it lasts.
    pub ends_on: Option<NaiveDate>,
    /// For a closure, the day advice was asked for.
    pub advice_requested_on: Option<NaiveDate>,
}

/// Four weeks: the shortest closure that counts, and the shortest absence unless the rule says another.
const FOUR_WEEKS: u32 = 28;

/// A ground listed for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// The ground.
    pub ground: Ground,
    /// Where it stands.
    pub provision: &'static str,
    /// For an absence: the shortest that counts, in days.
    pub absence_days: u32,
}

impl Excuse {
    /// A ground as most rules have it: an absence counts from four weeks on.
    pub const fn new(ground: Ground, provision: &'static str) -> Self {
        Self { ground, provision, absence_days: FOUR_WEEKS }
    }

    /// The same, counting absences of so many days.
    #[must_use]
    pub const fn for_days(self, absence_days: u32) -> Self {
        Self { absence_days, ..self }
    }
}

impl Exception {
    /// An appointment that was not kept, as the fact that may excuse the body that made it.
    pub fn missed_appointment(on: Option<NaiveDate>) -> Option<Self> {
        on.map(|day| Self {
            ground: Ground::MissedAppointment,
            starts_on: day,
            ends_on: Some(day),
            advice_requested_on: None,
        })
    }

    /// Days from the first to the last, both included; `None` while it lasts.
    pub fn days(&self) -> Option<i64> {
        self.ends_on.map(|ends_on| (ends_on - self.starts_on).num_days() + 1)
    }

    /// For a closure: the days between which advice must have been asked for, both included. It begins one week before
    /// the closure, and ends one week before the school opens again.
    pub fn advice_window(&self) -> Option<Window> {
        let opens_again = self.ends_on?.succ_opt()?;
        let week = Days::new(7);
        Some(Window { first: self.starts_on.checked_sub_days(week)?, last: opens_again.checked_sub_days(week)? })
    }

    /// True if the fact can bear on a clock with that window at all: advice asked for before the clock began, or after its
    /// time had passed, cannot be why it is late. A reading.
    pub fn bears_on(&self, window: Option<Window>) -> bool {
        match (window, self.advice_requested_on) {
            (Some(window), Some(asked_on)) => window.first <= asked_on && asked_on <= window.last,
            _ => true,
        }
    }

    /// The first day on which the conditions of `excuse` are all fulfilled for a clock with that window; `None` if never.
    ///
    /// Without a window (nobody knows when the case started) the conditions that need one are taken as stated.
    /// Source: regs 5(4), 8(2), 10(4), 27(3), 44(3); inclusive ends and days inside the window are readings.
    pub fn holds_from(&self, excuse: &Excuse, window: Option<Window>) -> Option<NaiveDate> {
        match self.ground {
            Ground::SchoolClosure | Ground::EarlyYearsClosure => self.closure_holds_from(),
            Ground::ExceptionalPersonalCircumstances => self.inside(window).map(|inside| inside.first),
            Ground::AbsentFromArea => {
                let inside = self.inside(window)?;
                let long_enough =
                    inside.first.checked_add_days(Days::new(u64::from(excuse.absence_days)))?.pred_opt()?;
                (long_enough <= inside.last).then_some(long_enough)
            }
            Ground::MissedAppointment => {
                let day = self.starts_on;
                window.is_none_or(|window| window.first <= day && day <= window.last).then_some(day)
            }
        }
    }

    /// The part of the period that lies inside the window.
    fn inside(&self, window: Option<Window>) -> Option<Window> {
        let ends_on = self.ends_on.unwrap_or(NaiveDate::MAX);
        let Some(window) = window else {
            return Some(Window { first: self.starts_on, last: ends_on });
        };
        let first = self.starts_on.max(window.first);
        let last = ends_on.min(window.last);
        (first <= last).then_some(Window { first, last })
    }

    /// Closed for four weeks or more, and advice asked for inside its window.
    fn closure_holds_from(&self) -> Option<NaiveDate> {
        let (window, asked_on) = (self.advice_window()?, self.advice_requested_on?);
        let long_enough = self.days()? >= i64::from(FOUR_WEEKS);
        (long_enough && window.first <= asked_on && asked_on <= window.last).then_some(asked_on)
    }
}
