//! The training pipeline: who is in training, when they qualify, and what that is likely to add.

use chrono::NaiveDate;

use super::super::dimension::{Dimension, Lane, Lanes};
use super::super::in_units;
use super::super::tally::Sheet;
use super::{service_members, signed};
use crate::domain::capacity::parameters::{Entry, Parameters, Premise, premises};
use crate::domain::capacity::rounding::floor;
use crate::domain::capacity_rule::{CapacityRule, Setting};
use crate::domain::facts::{Day, Facts, NEVER, TraineeFact, date};
use crate::domain::service::Discipline;
use crate::domain::trainee::Programme;

/// The lanes of trainees.
#[derive(Clone, Copy, Debug)]
pub struct OfTrainees;

impl Lanes for OfTrainees {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::Discipline, Dimension::Programme, Dimension::Service];

    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are no dimensions of a trainee")]
    fn lane(facts: &Facts, dimension: Dimension, _as_at: Day) -> Option<Lane<'_>> {
        let trainees = &facts.staff.trainees;
        match dimension {
            Dimension::Discipline => Some(Lane::Own(&trainees.discipline)),
            Dimension::Programme => {
                let programmes = trainees.programme.iter().map(|programme| Programme::byte(Some(*programme)));
                Some(Lane::Computed(programmes.collect()))
            }
            Dimension::Service => Some(Lane::Service(service_members(&trainees.service))),
            _ => None,
        }
    }
}

/// Weeks after qualification at which productivity is told.
pub const WEEKS: [i32; 4] = [0, 12, 26, 52];

/// One in millionths.
const ONE: i64 = 1_000_000;

/// Trainees of one group and period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// In training at the end of the day.
    pub trainees: u64,
    /// Hundredths of whole-time equivalents they would work.
    pub wte: u64,
    /// Millionths of whole-time equivalents, each weighted by the probability of staying.
    pub expected: u64,
    /// The same weighted by productivity so many [`WEEKS`] after qualification, in millionths of a millionth.
    productive: [u64; 4],
    /// The first day on which one of them qualifies.
    pub first: Option<Day>,
}

impl Pipeline {
    /// Millionths of productive whole-time equivalents so many [`WEEKS`] after qualification, rounded half up.
    pub fn productive(&self) -> [i64; 4] {
        self.productive.map(|product| in_units(signed(product), ONE, 1).unwrap_or(0))
    }

    fn count(&mut self, trainee: &TraineeFact, shares: &[u64; 4]) {
        let expected = u64::from(trainee.wte) * u64::from(trainee.retention);
        self.trainees += 1;
        self.wte += u64::from(trainee.wte);
        self.expected += expected;
        for (sum, share) in self.productive.iter_mut().zip(shares) {
            *sum += expected * share;
        }
        self.first = Some(self.first.map_or(trainee.qualifies, |first| first.min(trainee.qualifies)));
    }
}

/// True if the trainee is in training at the end of `as_at`. Where nobody noted when training began, it has.
fn is_in_training(trainee: &TraineeFact, as_at: Day) -> bool {
    let has_begun = trainee.started == NEVER || trainee.started <= as_at;
    has_begun && trainee.qualifies > as_at && trainee.left > as_at
}

/// The ramp of a discipline's newly qualified on a day.
struct Ramp {
    /// Millionths of full productivity at the [`WEEKS`].
    shares: [u64; 4],
    premises: Vec<Premise>,
    is_used: bool,
}

impl Ramp {
    fn new(discipline: Discipline, rules: &[&CapacityRule], on: NaiveDate) -> Self {
        let mut premises = premises(discipline, rules, on);
        let parameters = Parameters::of(&premises);
        premises.retain(|premise| premise.setting == Setting::RampNewlyQualified);
        let share = |week| floor(parameters.productivity(Entry::NewlyQualified, week) * 1e6 + 0.5);
        Self { shares: WEEKS.map(share), premises, is_used: false }
    }
}

/// Counts who is in training at the end of `as_at`; with `by_period` by the day of qualification, whoever qualifies after
/// the last period in none. Answers with what the ramps it went by rest on.
pub fn pipeline(facts: &Facts, sheet: &mut Sheet<'_, Pipeline>, by_period: bool, as_at: Day) -> Vec<Premise> {
    let Some(on) = date(as_at) else { return Vec::new() };
    let rules: Vec<_> = facts.staff.rules().collect();
    let mut ramps: Vec<_> = Discipline::ALL.iter().map(|discipline| Ramp::new(*discipline, &rules, on)).collect();
    for (row, (_, trainee)) in facts.staff.trainees.rows().enumerate() {
        let Some(member) = sheet.member(row).filter(|_| is_in_training(&trainee, as_at)) else { continue };
        let place = usize::from(trainee.discipline).checked_sub(1);
        let Some(ramp) = place.and_then(|place| ramps.get_mut(place)) else { continue };
        let cell = if by_period { sheet.cell(member, trainee.qualifies) } else { sheet.cell_in(member, 0) };
        if let Some(cell) = cell {
            cell.count(&trainee, &ramp.shares);
            ramp.is_used = true;
        }
    }
    ramps.into_iter().filter(|ramp| ramp.is_used).flat_map(|ramp| ramp.premises).collect()
}
