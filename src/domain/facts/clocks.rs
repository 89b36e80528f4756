//! Facts of clocks: every clock of every record as columns, so that a list of deadlines is a scan.

use chrono::NaiveDate;

use super::columns::columns;
use super::days::{Day, NEVER, date, day};
use crate::domain::clock::instance::{Ended, Instance};
use crate::domain::clock::{Clock, Kind, Party, Rule, State, Window};

columns! {
    /// The instances of one clock as columns, by the numbers of their records.
    ClockFacts of
    /// One clock of one record.
    ClockFact {
        /// The event that starts it, from which day it runs. What is planned runs from the beginning.
        started: Day,
        /// The last day in time; `NEVER` if the event that starts it is not known.
        due: Day,
        /// The act was done.
        done: Day,
        /// It no longer binds, the act not having been done before.
        ended: Day,
        /// Why it no longer binds.
        how: Ended,
        /// Until this day, past its due date it lapses and nobody is in breach; 0 if it never lapses.
        lapses_until: Day,
        /// False if the Tribunal directed or the parties agreed the last day: no exception of the Regulations bears on it.
        excusable: bool,
        /// The rule in force.
        rule: &'static Rule,
    }
}

impl From<&Instance> for ClockFact {
    fn from(instance: &Instance) -> Self {
        let started = instance.started();
        let (ended, how) = instance.ended.map_or((NEVER, Ended::NotApplicable), |(on, how)| (day(Some(on)), how));
        let planned = started.is_some_and(|(rule, _)| {
            rule.triggers.iter().any(|event| event.is_planned() && instance.events.day(*event).is_some())
        });
        let not_before = instance.not_before.map_or(0, |from| day(Some(from)));
        let start = if planned { 0 } else { day(started.map(|(_, start)| start)) };
        Self {
            started: start.max(not_before),
            due: day(started.and_then(|started| instance.due_if(started))),
            done: day(instance.done_on),
            ended,
            how,
            lapses_until: instance.lapses_until.map_or(0, |until| day((until != NaiveDate::MAX).then_some(until))),
            excusable: instance.directed_by.is_none(),
            rule: started.map_or_else(|| instance.waiting(), |(rule, _)| rule),
        }
    }
}

impl ClockFact {
    /// True if the act is still to be done at the end of `as_at`, in time or late.
    pub fn is_running(&self, as_at: Day) -> bool {
        self.started <= as_at && self.done > as_at && self.ended > as_at
    }

    /// What the clock says at the end of `as_at`, exceptions apart; the same as reading its rule.
    pub fn state(&self, as_at: Day) -> State {
        let past = if self.done <= as_at { self.done } else { as_at }.saturating_sub(self.due);
        let days = i64::from(past);
        if self.started > as_at && self.ended > as_at {
            return State::NotStarted;
        }
        if self.ended <= as_at {
            return match self.how {
                Ended::NotApplicable => State::NotApplicable,
                Ended::Stopped => State::Stopped,
                Ended::Replaced => State::Replaced,
            };
        }
        if self.started > as_at || self.due == NEVER {
            return State::NotStarted;
        }
        match (self.done <= as_at, past <= 0) {
            (true, true) if self.rule.kind == Kind::Window => State::CutShort { days_early: 1 - days },
            (true, true) => State::Met,
            (true, false) if self.rule.kind == Kind::Window => State::Met,
            (true, false) if self.rule.binds == Party::ParentOrYoungPerson => State::Lapsed,
            (true, false) => State::Breached { days_late: days },
            (false, true) => State::Open { days_left: -days },
            (false, false) if self.rule.kind == Kind::Window => State::Elapsed,
            (false, false) if as_at < self.lapses_until => State::Lapsed,
            (false, false) => State::Overdue { days_late: days },
        }
    }

    /// The time it gives; `None` if it has not started.
    pub fn window(&self) -> Option<Window> {
        Some(Window { first: date(self.started)?, last: date(self.due)? })
    }
}

/// Every clock of every record of one authority: the instances of each, in the order of the law.
#[derive(Clone, Debug)]
pub struct Clocks(Box<[ClockFacts]>);

impl Default for Clocks {
    fn default() -> Self {
        Self(Clock::ALL.iter().map(|_| ClockFacts::default()).collect())
    }
}

/// The place of a clock in the order of the law, the first being 0.
fn place(clock: Clock) -> usize {
    usize::from(Clock::byte(Some(clock))) - 1
}

impl Clocks {
    /// Takes in the clocks of one record, in the place of those of the same kinds it had before. Of `kinds` it may have
    /// had, those it has no longer never start.
    pub fn put(&mut self, number: i64, instances: &[Instance], kinds: &[Clock]) {
        for clock in kinds {
            let Some(facts) = self.0.get_mut(place(*clock)) else { continue };
            match instances.iter().find(|instance| instance.clock == *clock) {
                Some(instance) => facts.put(number, instance.into()),
                None if facts.has(number) => facts.put(number, ClockFact::NONE),
                None => {}
            }
        }
    }

    /// Takes in the clocks of one record as the last, until all are set in order.
    pub(super) fn append(&mut self, number: i64, instances: &[Instance]) {
        for instance in instances {
            if let Some(facts) = self.0.get_mut(place(instance.clock)) {
                facts.append(number, instance.into());
            }
        }
    }

    /// Sets in order what was appended; of a clock that was appended twice for one record, the last is kept.
    pub(super) fn set_in_order(&mut self) {
        self.0.iter_mut().for_each(ClockFacts::set_in_order);
    }

    /// The instances of one clock.
    pub fn of(&self, clock: Clock) -> Option<&ClockFacts> {
        self.0.get(place(clock)).filter(|facts| !facts.is_empty())
    }

    /// Every clock that has instances.
    pub fn iter(&self) -> impl Iterator<Item = (Clock, &ClockFacts)> {
        Clock::ALL.iter().copied().zip(&self.0).filter(|(_, facts)| !facts.is_empty())
    }
}

impl ClockFact {
    /// A clock that never starts.
    const NONE: Self = Self {
        started: NEVER,
        due: NEVER,
        done: NEVER,
        ended: NEVER,
        how: Ended::NotApplicable,
        lapses_until: 0,
        excusable: true,
        rule: Rule::FIRST,
    };
}
