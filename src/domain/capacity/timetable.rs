//! The parameters of a discipline over time, and what they rest on.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::parameters::{Parameters, Premise, premises};
use crate::domain::capacity_rule::CapacityRule;
use crate::domain::facts::{Day, day};
use crate::domain::service::Discipline;

/// The parameters of one discipline over time: they change on the days on which rules begin or end.
#[derive(Clone, Debug)]
pub struct Timetable {
    first: Stage,
    later: Vec<(Day, Stage)>,
}

/// What is the case until something changes.
#[derive(Clone, Debug)]
struct Stage {
    parameters: Parameters,
    premises: Vec<Premise>,
}

impl Timetable {
    /// The parameters of a discipline on every day from `first` to `last`, both inclusive.
    pub fn new(discipline: Discipline, rules: &[&CapacityRule], (first, last): (NaiveDate, NaiveDate)) -> Self {
        let own = rules.iter().filter(|rule| rule.discipline == discipline);
        let changes = own.flat_map(|rule| [Some(rule.starts_on), rule.ends_on.and_then(|last| last.succ_opt())]);
        let days: BTreeSet<_> = changes.flatten().filter(|day| first < *day && *day <= last).collect();
        let stage = |on| {
            let premises = premises(discipline, rules, on);
            Stage { parameters: Parameters::of(&premises), premises }
        };
        Self { first: stage(first), later: days.into_iter().map(|on| (day(Some(on)), stage(on))).collect() }
    }

    /// The same parameters on every day, whatever they rest on.
    pub fn steady(parameters: Parameters) -> Self {
        Self { first: Stage { parameters, premises: Vec::new() }, later: Vec::new() }
    }

    /// The parameters on a day; before the first day, those of the first.
    pub fn on(&self, day: Day) -> &Parameters {
        &self.stage(day).parameters
    }

    /// What the parameters on a day rest on.
    pub fn premises_on(&self, day: Day) -> &[Premise] {
        &self.stage(day).premises
    }

    /// What the parameters from a day to another, both inclusive, rest on: each premise once.
    pub fn premises_within(&self, (first, last): (Day, Day)) -> Vec<Premise> {
        let mut premises = self.premises_on(first).to_vec();
        for (_, stage) in self.later.iter().filter(|(from, _)| first < *from && *from <= last) {
            let new: Vec<_> = stage.premises.iter().filter(|premise| !premises.contains(premise)).cloned().collect();
            premises.extend(new);
        }
        premises.sort_by_key(|premise| (premise.setting, premise.appointment, premise.week, premise.starts_on));
        premises
    }

    fn stage(&self, day: Day) -> &Stage {
        let begun = self.later.partition_point(|(from, _)| *from <= day);
        begun.checked_sub(1).and_then(|place| self.later.get(place)).map_or(&self.first, |(_, stage)| stage)
    }
}
