//! Instances: the clocks of one record, each with what starts it, what stops it, and what ends it otherwise.

mod appeal;
mod assessment;
mod plan;

use chrono::NaiveDate;

use super::{Clock, Events, Exception, Reading, State, Window, read};

pub use appeal::{of_dispute, of_order};
pub use assessment::{of_advice, of_consultation, of_reassessment, of_request};
pub use plan::{of_amendment, of_plan};

/// Why a clock no longer binds although its act was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What was decided leaves nothing to do: a refused request has no final plan.
    NotApplicable,
    /// The case was withdrawn, the plan ceased or left, the body declined, the review was decided.
    Stopped,
    /// An order, a concession or an agreement set another limit.
    Replaced,
}

/// One clock of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Which clock.
    pub clock: Clock,
    /// What starts and bounds it.
    pub events: Events,
    /// The day of the act.
    pub done_on: Option<NaiveDate>,
    /// From this day it no longer binds, unless the act was done before.
    pub ended: Option<(NaiveDate, Ended)>,
    /// Until this day, past its due date it lapses and nobody is in breach: only one of two decisions is bound by it, and
    /// that one had not been made.
    pub lapses_until: Option<NaiveDate>,
    /// It does not run before this day, though what starts it may be known or planned.
    pub not_before: Option<NaiveDate>,
    /// The last day the Tribunal directed, which replaces the limit of the rule.
    pub directed_by: Option<NaiveDate>,
}

impl Instance {
    fn new(clock: Clock, events: Events, done_on: Option<NaiveDate>) -> Self {
        Self { clock, events, done_on, ended: None, lapses_until: None, not_before: None, directed_by: None }
    }

    /// Ends with the earliest of these days that is known, unless the act was done by then.
    fn ended_by<const N: usize>(mut self, endings: [(Option<NaiveDate>, Ended); N]) -> Self {
        let known = endings.into_iter().filter_map(|(day, how)| Some((day?, how)));
        self.ended = known.min_by_key(|(day, _)| *day).filter(|(day, _)| self.done_on.is_none_or(|done| *day < done));
        self
    }

    /// The due date, whether the clock has started or not; `None` without the event that starts it.
    pub fn due_on(&self) -> Option<NaiveDate> {
        let (rule, start) = self.clock.started_by(&self.events)?;
        self.directed_by.or_else(|| rule.due(start, &self.events))
    }

    /// The time it gives, from its trigger to its due date.
    fn window(&self) -> Option<Window> {
        let (rule, first) = self.clock.started_by(&self.events)?;
        Some(Window { first, last: rule.due(first, &self.events)? })
    }

    /// Reads the clock as at the end of `as_of`.
    pub fn read(&self, exceptions: &[Exception], as_of: NaiveDate) -> Reading {
        let rule = self.clock.started_by(&self.events).map_or_else(|| self.clock.rule(None), |(rule, _)| rule);
        let is_over = self.ended.is_some_and(|(day, _)| day <= as_of);
        if !is_over && self.not_before.is_some_and(|day| as_of < day) {
            return Reading { rule, due_on: None, done_on: None, state: State::NotStarted, ground: None };
        }
        let window = self.window();
        let exceptions: Vec<_> = exceptions.iter().copied().filter(|exception| exception.bears_on(window)).collect();
        let mut reading = read(rule, &self.events, self.done_on, &exceptions, as_of);
        if let (Some(directed), Some(_)) = (self.directed_by, reading.due_on) {
            let days = (reading.done_on.unwrap_or(as_of) - directed).num_days();
            (reading.due_on, reading.ground) = (Some(directed), None);
            reading.state = match (reading.done_on, days) {
                (Some(_), ..=0) => State::Met,
                (Some(_), days_late) => State::Breached { days_late },
                (None, ..=0) => State::Open { days_left: -days },
                (None, days_late) => State::Overdue { days_late },
            };
        }
        match self.ended.filter(|(day, _)| *day <= as_of) {
            Some((_, Ended::NotApplicable)) => reading.state = State::NotApplicable,
            Some((_, Ended::Stopped)) => reading.state = State::Stopped,
            Some((_, Ended::Replaced)) => reading.state = State::Replaced,
            None if self.lapses_until.is_some_and(|day| as_of < day)
                && reading.done_on.is_none()
                && matches!(reading.state, State::Overdue { .. } | State::Exempt { .. }) =>
            {
                reading.state = State::Lapsed;
            }
            None => {}
        }
        reading
    }
}
