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

/// Four weeks: the shortest closure and the shortest absence that count.
const FOUR_WEEKS: Days = Days::new(28);

impl Exception {
    /// The first day on which the ground's conditions are all fulfilled for a clock with that window; `None` if never.
    ///
    /// Without a window (nobody knows when the case started) the conditions that need one are taken as stated.
    /// Source: regs 5(4), 8(2), 10(4), 27(3); inclusive ends and days inside the window are readings.
    pub fn holds_from(&self, window: Option<Window>) -> Option<NaiveDate> {
        match self.ground {
            Ground::SchoolClosure | Ground::EarlyYearsClosure => self.closure_holds_from(),
            Ground::ExceptionalPersonalCircumstances => self.inside(window).map(|inside| inside.first),
            Ground::AbsentFromArea => {
                let inside = self.inside(window)?;
                let fourth_week_ends = inside.first.checked_add_days(FOUR_WEEKS)?.pred_opt()?;
                (fourth_week_ends <= inside.last).then_some(fourth_week_ends)
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

    /// Closed for four weeks or more, and advice asked for from one week before closing to one week before re-opening.
    fn closure_holds_from(&self) -> Option<NaiveDate> {
        let (opens_again, asked_on) = (self.ends_on?.succ_opt()?, self.advice_requested_on?);
        let (first, last) = (self.starts_on - Days::new(7), opens_again - Days::new(7));
        let long_enough = self.starts_on.checked_add_days(FOUR_WEEKS)? <= opens_again;
        (long_enough && first <= asked_on && asked_on <= last).then_some(asked_on)
    }
}
