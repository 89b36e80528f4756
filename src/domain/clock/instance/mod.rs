//! Instances: the clocks of one record, each with what starts it, what stops it, and what ends it otherwise.

mod appeal;
mod assessment;
mod plan;

use chrono::NaiveDate;

use super::{Clock, Event, Events, Exception, Party, Reading, Rule, State, Window, read_from};
use crate::domain::order::OrderSource;

pub use appeal::{appeal_window, of_dispute, of_order};
pub use assessment::{of_advice, of_consultation, of_reassessment, of_request};
pub use plan::{each_of_plan, of_amendment, of_plan};

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
    /// The act had been done on the first of these days, and was undone on the second: advice that was sent back.
    pub undone: Option<(NaiveDate, NaiveDate)>,
    /// From this day it no longer binds, unless the act was done before.
    pub ended: Option<(NaiveDate, Ended)>,
    /// Until this day, past its due date it lapses and nobody is in breach: it binds only one of two decisions, and that
    /// one had not been made; or it is the time of a parent, a young person or a commissioning body, who need not use it.
    pub lapses_until: Option<NaiveDate>,
    /// From the first of these days until the second, not included, it stays open past its due date: what will lengthen it
    /// is on its way.
    pub held_open: Option<(NaiveDate, NaiveDate)>,
    /// It does not run before this day, though what starts it may be known or planned.
    pub not_before: Option<NaiveDate>,
    /// What starts it, where its clock has several rules: that one is meant as long as nothing has started it.
    pub waits_for: Option<Event>,
    /// The last day the Tribunal directed or the parties agreed, which replaces the limit of the rule, and where it comes
    /// from.
    pub directed_by: Option<(NaiveDate, OrderSource)>,
}

impl Instance {
    fn new(clock: Clock, events: Events, done_on: Option<NaiveDate>) -> Self {
        Self {
            clock,
            events,
            done_on,
            undone: None,
            ended: None,
            lapses_until: None,
            held_open: None,
            not_before: None,
            waits_for: None,
            directed_by: None,
        }
    }

    /// Ends with the earliest of these days that is known, unless the act was done by then.
    fn ended_by<const N: usize>(mut self, endings: [(Option<NaiveDate>, Ended); N]) -> Self {
        let known = endings.into_iter().filter_map(|(day, how)| Some((day?, how)));
        self.ended = known.min_by_key(|(day, _)| *day).filter(|(day, _)| self.done_on.is_none_or(|done| *day < done));
        self
    }

    /// The due date, whether the clock has started or not; `None` without the event that starts it.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.due_if(self.started()?)
    }

    /// The rule that its events start, and the day it started.
    pub fn started(&self) -> Option<(&'static Rule, NaiveDate)> {
        self.clock.started_by(&self.events)
    }

    /// The due date where that rule started on that day.
    pub fn due_if(&self, (rule, start): (&Rule, NaiveDate)) -> Option<NaiveDate> {
        self.directed_by.map(|(day, _)| day).or_else(|| rule.due(start, &self.events))
    }

    /// The rule that it runs by, or will run by once it has started.
    pub fn rule(&self) -> &'static Rule {
        self.started().map_or_else(|| self.waiting(), |(rule, _)| rule)
    }

    /// The rule that it will run by, as long as nothing has started it.
    pub fn waiting(&self) -> &'static Rule {
        let waits_for = |event| self.clock.rules().find(|rule| rule.triggers.contains(&event));
        self.waits_for.and_then(waits_for).unwrap_or_else(|| self.clock.rule(None))
    }

    /// The time it gives, from its trigger, or from when it runs, to its due date.
    pub fn window(&self) -> Option<Window> {
        let (rule, first) = self.clock.started_by(&self.events)?;
        let last = rule.due(first, &self.events)?;
        Some(Window { first: self.not_before.map_or(first, |day| first.max(day)), last })
    }

    /// What a clock says that has passed, where nobody is in breach by that.
    fn unless_it_lapses(&self, reading: &Reading, as_of: NaiveDate) -> State {
        let held_open = |day| self.held_open.is_some_and(|(from, until)| from <= day && day < until);
        let lapses = self.lapses_until.is_some_and(|day| as_of < day);
        match (reading.state, reading.done_on) {
            (State::Overdue { .. }, None) if held_open(as_of) => State::Open { days_left: 0 },
            (State::Breached { .. }, Some(done)) if held_open(done) => State::Met,
            (State::Overdue { .. } | State::Exempt { .. }, None) if lapses => State::Lapsed,
            (State::Breached { .. }, _) if reading.rule.binds == Party::ParentOrYoungPerson => State::Lapsed,
            (state, _) => state,
        }
    }

    /// Reads the clock as at the end of `as_of`.
    pub fn read(&self, exceptions: &[Exception], as_of: NaiveDate) -> Reading {
        let rule = self.rule();
        let done_on = self.undone.filter(|(_, undone)| as_of < *undone).map_or(self.done_on, |(done, _)| Some(done));
        let ended = self.ended.filter(|(day, _)| *day <= as_of && done_on.is_none_or(|done| *day < done));
        if ended.is_none() && self.not_before.is_some_and(|day| as_of < day) {
            return Reading { rule, due_on: None, done_on: None, state: State::NotStarted, ground: None };
        }
        let window = self.window();
        let exceptions: Vec<_> = exceptions.iter().copied().filter(|exception| exception.bears_on(window)).collect();
        let mut reading = read_from(rule, (&self.events, self.not_before), done_on, &exceptions, as_of);
        if let (Some((directed, _)), Some(_)) = (self.directed_by, reading.due_on) {
            let days = (reading.done_on.unwrap_or(as_of) - directed).num_days();
            (reading.due_on, reading.ground) = (Some(directed), None);
            reading.state = match (reading.done_on, days) {
                (Some(_), ..=0) => State::Met,
                (Some(_), days_late) => State::Breached { days_late },
                (None, ..=0) => State::Open { days_left: -days },
                (None, days_late) => State::Overdue { days_late },
            };
        }
        match ended {
            Some((_, Ended::NotApplicable)) => reading.state = State::NotApplicable,
            Some((_, Ended::Stopped)) => reading.state = State::Stopped,
            Some((_, Ended::Replaced)) => reading.state = State::Replaced,
            None => reading.state = self.unless_it_lapses(&reading, as_of),
        }
        reading
    }
}
