//! Recruiting: how long it takes to fill a post, how often it succeeds, and the rounds that run.

use super::super::dimension::{Dimension, Lane, Lanes};
use super::super::in_units;
use super::super::spread::Spread;
use super::super::tally::Sheet;
use super::{of_posts, service_members, signed};
use crate::domain::facts::{Day, Facts, NEVER, RecruitmentFact};
use crate::domain::recruitment::RecruitmentOutcome;

/// The lanes of rounds of recruiting, which belong where their posts do.
#[derive(Clone, Copy, Debug)]
pub struct OfRounds;

impl Lanes for OfRounds {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::Discipline, Dimension::Band, Dimension::Service];

    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are no dimensions of a round")]
    fn lane(facts: &Facts, dimension: Dimension, _as_at: Day) -> Option<Lane<'_>> {
        let (posts, rounds) = (&facts.staff.posts, &facts.staff.recruitments);
        match dimension {
            Dimension::Discipline => Some(Lane::Computed(of_posts(&posts.discipline, &rounds.post).collect())),
            Dimension::Band => Some(Lane::Computed(of_posts(&posts.band, &rounds.post).collect())),
            Dimension::Service => {
                Some(Lane::Service(of_posts(&service_members(&posts.service), &rounds.post).collect()))
            }
            _ => None,
        }
    }
}

/// Recruiting of one group and period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recruiting {
    /// Rounds approved in the period.
    pub started: u64,
    /// Rounds ended in it, by outcome, in the order of [`RecruitmentOutcome`].
    pub by_outcome: [u64; 4],
    /// The numbers of the rounds that succeeded, summed: how many rounds it took to fill those posts.
    pub rounds_of_filled: u64,
    /// Days from approval to advert, of the rounds that succeeded in the period; a stage counts where both its days are known.
    pub to_advert: Spread,
    /// Days from advert to offer.
    pub to_offer: Spread,
    /// Days from offer to start, which may lie ahead.
    pub to_start: Spread,
    /// Days from approval to start.
    pub to_hire: Spread,
    /// Days since approval of the rounds that ran at the end of the period.
    pub running: Spread,
}

impl Recruiting {
    /// Rounds ended, whatever became of them.
    pub fn ended(&self) -> u64 {
        self.by_outcome.iter().sum()
    }

    /// Rounds that filled a post.
    pub fn appointed(&self) -> u64 {
        self.by_outcome[0]
    }

    /// Rounds a filled vacancy took, in hundredths, rounded half up; `None` where none was filled.
    pub fn rounds_per_filled(&self) -> Option<i64> {
        in_units(signed(self.rounds_of_filled), signed(self.appointed()), 100)
    }

    fn end(&mut self, round: &RecruitmentFact) {
        let place = usize::from(round.outcome).checked_sub(1);
        if let Some(count) = place.and_then(|place| self.by_outcome.get_mut(place)) {
            *count += 1;
        }
        if round.outcome != RecruitmentOutcome::byte(Some(RecruitmentOutcome::Appointed)) {
            return;
        }
        self.rounds_of_filled += u64::from(round.round);
        let stages = [
            (&mut self.to_advert, round.approved, round.advertised),
            (&mut self.to_offer, round.advertised, round.offered),
            (&mut self.to_start, round.offered, round.starts),
            (&mut self.to_hire, round.approved, round.starts),
        ];
        for (spread, from, until) in stages {
            if from != NEVER && until != NEVER {
                spread.count(until - from);
            }
        }
    }
}

/// Counts rounds by the days they began and ended, as known at the end of `as_at`. `last_days` are the last days of the
/// periods that have begun by then, in order: which rounds run at the end of one to come nobody knows.
pub fn recruiting(facts: &Facts, sheet: &mut Sheet<'_, Recruiting>, last_days: &[Day], as_at: Day) {
    for (row, (_, round)) in facts.staff.recruitments.rows().enumerate() {
        let Some(member) = sheet.member(row).filter(|_| round.approved <= as_at) else { continue };
        if let Some(counted) = sheet.cell(member, round.approved) {
            counted.started += 1;
        }
        if round.ended <= as_at
            && let Some(counted) = sheet.cell(member, round.ended)
        {
            counted.end(&round);
        }
        let first = last_days.partition_point(|last| *last < round.approved);
        for (period, last) in last_days.iter().enumerate().skip(first) {
            let last = as_at.min(*last);
            if round.ended <= last {
                break;
            }
            if let Some(counted) = sheet.cell_in(member, period) {
                counted.running.count(last - round.approved);
            }
        }
    }
}
