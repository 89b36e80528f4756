//! The law as data: one entry a rule, with the days between which it is in force.
//!
//! A change of the law is a new entry with its own `in_force_from`; a case keeps the rule in force at its trigger.
//! Source: Special Educational Needs and Disability Regulations 2014, SI 2014/1530 ("the Regulations"), as amended by
//! SI 2015/359.

mod appeal;
mod assessment;
mod review;
mod transfer;

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::Clock;
use super::event::Events;
use super::rule::Rule;

/// The chapters of the law, each in the order in which a case meets its rules.
const CHAPTERS: [&[Rule]; 4] = [assessment::RULES, review::RULES, transfer::RULES, appeal::RULES];

/// Every rule, in the order of the chapters.
pub fn all_rules() -> impl DoubleEndedIterator<Item = &'static Rule> + Clone {
    CHAPTERS.into_iter().flatten()
}

/// The rules of each clock, by the clock's place in the order of the law, the first being 1.
static OF_CLOCK: LazyLock<Vec<Vec<&'static Rule>>> = LazyLock::new(|| {
    let of = |clock| all_rules().filter(|rule| Some(rule.clock) == clock).collect();
    std::iter::once(None).chain(Clock::ALL.iter().copied().map(Some)).map(of).collect()
});

impl Rule {
    /// The first rule. A law without rules does not compile.
    pub const FIRST: &'static Self = match assessment::RULES {
        [first, ..] => first,
        [] => panic!("there is no rule"),
    };
}

impl Clock {
    /// Every rule of this clock, in the order of the law; the latest version of one rule comes last.
    pub fn rules(self) -> impl DoubleEndedIterator<Item = &'static Rule> + Clone {
        let rules = OF_CLOCK.get(usize::from(Self::byte(Some(self))));
        rules.map_or(&[][..], Vec::as_slice).iter().copied()
    }

    /// The rule in force for a clock that started on `day`; without a day, the latest. Of several that start differently,
    /// the first.
    pub fn rule(self, day: Option<NaiveDate>) -> &'static Rule {
        let in_force = |rule: &&Rule| day.map_or(rule.in_force_to.is_none(), |day| rule.is_in_force(day));
        // Before the Regulations there is no rule: the first one is the nearest reading.
        self.rules().find(in_force).or_else(|| self.rules().next()).unwrap_or(Rule::FIRST)
    }

    /// The rule that `events` start, and the day it started: the first rule in force one of whose triggers is known.
    pub fn started_by(self, events: &Events) -> Option<(&'static Rule, NaiveDate)> {
        let started = |rule: &'static Rule| {
            let start = rule.triggers.iter().find_map(|trigger| events.day(*trigger))?;
            Some((rule, start))
        };
        let known = self.rules().filter_map(started);
        known.clone().find(|(rule, start)| rule.is_in_force(*start)).or_else(|| known.into_iter().next())
    }
}
