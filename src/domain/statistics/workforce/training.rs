//! The training pipeline: who is in training, when they qualify, and what that is likely to add.

use std::collections::BTreeSet;

use super::super::dimension::{Dimension, Lane, Lanes, service_member};
use super::super::in_units;
use super::super::tally::Sheet;
use super::ramp::{Assumption, ONE, Ramp};
use super::signed;
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
            Dimension::Service => {
                Some(Lane::Service(trainees.service.iter().map(|place| service_member(*place)).collect()))
            }
            _ => None,
        }
    }
}

/// Weeks after qualification at which productivity is told.
pub const WEEKS: [i64; 4] = [0, 12, 26, 52];

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

/// Counts who is in training at the end of `as_at`; with `by_period` by the day of qualification, whoever qualifies after
/// the last period in none. Answers with the ramps it went by.
pub fn pipeline(facts: &Facts, sheet: &mut Sheet<'_, Pipeline>, by_period: bool, as_at: Day) -> BTreeSet<Assumption> {
    let mut went_by = BTreeSet::new();
    let ramps: Vec<_> = Discipline::ALL.iter().filter_map(|discipline| ramp(facts, *discipline, as_at)).collect();
    for (row, (_, trainee)) in facts.staff.trainees.rows().enumerate() {
        let Some(member) = sheet.member(row).filter(|_| is_in_training(&trainee, as_at)) else { continue };
        let place = usize::from(trainee.discipline).checked_sub(1);
        let Some((shares, assumption)) = place.and_then(|place| ramps.get(place)) else { continue };
        let cell = if by_period { sheet.cell(member, trainee.qualifies) } else { sheet.cell_in(member, 0) };
        if let Some(cell) = cell {
            cell.count(&trainee, shares);
            if !went_by.contains(assumption) {
                went_by.insert(assumption.clone());
            }
        }
    }
    went_by
}

/// A discipline's shares of productivity at the [`WEEKS`], and where they come from.
fn ramp(facts: &Facts, discipline: Discipline, as_at: Day) -> Option<([u64; 4], Assumption)> {
    let ramp = Ramp::in_force(facts.staff.rules(), discipline, date(as_at)?);
    let shares = WEEKS.map(|week| u64::try_from(ramp.share(week)).unwrap_or(0));
    Some((shares, ramp.assumption(discipline)))
}
