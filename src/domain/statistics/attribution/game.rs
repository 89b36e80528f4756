//! What the days of a case would be if some of its late steps were mended, and late days given out by that.

use super::path::{Path, STAGES_MOST};
use super::shapley::add_shares;
use super::step::{ByStep, Standards, Step};
use super::{Asked, Rule, Share};
use crate::domain::facts::Day;
use crate::domain::statistics::timeliness::TWENTY_WEEKS;

/// Days from the decision to all advice of one type: as it was, with the adviser at its standard, with the asking at its
/// standard, and with both.
pub(super) type Returns = [Day; 4];

/// A case, any causes of which can be mended: set to their standard.
///
/// A step within its standard is no cause: mending it changes nothing whatever else is mended, so its share is 0 and the
/// others' shares are the same with and without it.
pub(super) struct Game<'a> {
    pub path: &'a Path,
    /// Days past the due date, nothing mended.
    pub delay: Day,
    /// Whose advice came last: see [`Path::last_asked`].
    pub last: Option<&'a Asked>,
    /// Days of the stages beyond the twenty weeks, nothing mended; negative if they are fewer.
    pub stages: Day,
    /// What mending a stage takes from these days; 0 of a stage within its standard.
    pub cuts: [Day; STAGES_MOST],
    /// True if a request arrived past the standard of asking.
    pub asked_late: bool,
    /// Days from the decision to all advice that was given within the standard, 0 without any.
    pub in_time: Returns,
    /// The advisers past their standard, with the requests in which they were.
    pub advisers: &'a [(Step, Returns)],
}

impl<'a> Game<'a> {
    /// Reads a path; the advisers past their standard are put into `advisers`, in place of what was there.
    #[inline]
    pub(super) fn new(path: &'a Path, standards: &Standards, advisers: &'a mut Vec<(Step, Returns)>) -> Self {
        let last = path.last_asked();
        let stages = path.stages.iter().map(|stage| stage.days).sum::<Day>() - TWENTY_WEEKS;
        let mut cuts = [0; STAGES_MOST];
        for (cut, stage) in cuts.iter_mut().zip(&path.stages) {
            *cut = (stage.days - standards.of(stage.parts)).max(0);
        }
        let delay = (stages + last.map_or(0, Asked::back_after).max(0)).max(0);
        let (in_time, asked_late) = take_advice(&path.advice, standards, advisers);
        Self { path, delay, last, stages, cuts, asked_late, in_time, advisers }
    }

    /// Days that are saved if all advice is there so many days after the decision, and so many are cut from the stages.
    #[inline]
    fn saved(&self, advice: Day, cut: Day) -> Day {
        self.delay - (self.stages + advice - cut).max(0)
    }

    /// Adds what mending each cause saves, and the share of each by the rule; nothing of a case that is not late.
    pub(super) fn assign(
        &self,
        (standards, rule): (&Standards, Rule),
        saves: &mut ByStep<i64>,
        shares: &mut ByStep<Share>,
    ) {
        if self.delay == 0 {
            return;
        }
        self.add_saves(saves);
        match rule {
            Rule::Shapley => add_shares(self, shares),
            Rule::CriticalPath => self.add_backwards(standards, shares),
        }
    }

    /// Adds the days mending only one cause saves.
    fn add_saves(&self, saves: &mut ByStep<i64>) {
        for (stage, cut) in self.path.stages.iter().zip(self.cuts) {
            saves.add(stage.step, i64::from(self.delay.min(cut)));
        }
        let [in_time, _, mut asking_mended, _] = self.in_time;
        let (mut last, mut last_but_one) = (0, 0);
        for (_, [late, _, asking, _]) in self.advisers {
            asking_mended = asking_mended.max(*asking);
            last_but_one = last_but_one.max(last.min(*late));
            last = last.max(*late);
        }
        if self.asked_late {
            saves.add(Step::Asking, i64::from(self.saved(asking_mended, 0)));
        }
        for (adviser, [late, mended, ..]) in self.advisers {
            let others = if *late == last { last_but_one } else { last };
            saves.add(*adviser, i64::from(self.saved(others.max(in_time).max(*mended), 0)));
        }
    }

    /// Gives the delay to the days past a standard along the critical path, the latest first. These are never fewer than the
    /// delay: the path is as long as the delay and the twenty weeks, and the standards of its steps sum to no more than these.
    fn add_backwards(&self, standards: &Standards, shares: &mut ByStep<Share>) {
        let mut left = self.delay;
        let mut give = |step, excess: Day| {
            let given = excess.clamp(0, left);
            left -= given;
            shares.add(step, Share::of_days(i64::from(given)));
        };
        let mut stages = self.path.stages.iter().zip(self.cuts);
        let first = stages.next();
        for (stage, cut) in stages.rev() {
            give(stage.step, cut);
        }
        if let Some(last) = self.last.filter(|last| last.back_after() > 0) {
            give(Step::Advice(last.advice_type), last.taken - standards.advice());
            give(Step::Asking, last.asked_after - standards.asking());
        }
        if let Some((stage, cut)) = first {
            give(stage.step, cut);
        }
    }
}

/// Reads the advice: the late requests for one type are one cause, and those in time are waited for whatever is mended. Says
/// when all of these was there, and whether any request arrived past the standard of asking.
#[inline]
fn take_advice(advice: &[Asked], standards: &Standards, advisers: &mut Vec<(Step, Returns)>) -> (Returns, bool) {
    let (mut in_time, mut asked_late) = (Returns::default(), false);
    advisers.clear();
    for asked in advice {
        let (taken, after) = (asked.taken.min(standards.advice()), asked.asked_after.min(standards.asking()));
        asked_late |= after < asked.asked_after;
        let days = [asked.asked_after + asked.taken, asked.asked_after + taken, after + asked.taken, after + taken];
        if taken == asked.taken {
            latest(&mut in_time, &days);
            continue;
        }
        let step = Step::Advice(asked.advice_type);
        match advisers.iter_mut().find(|(known, _)| *known == step) {
            Some((_, returns)) => latest(returns, &days),
            None => advisers.push((step, days)),
        }
    }
    (in_time, asked_late)
}

/// Puts off each of these days to the other where that is later.
fn latest(days: &mut Returns, others: &Returns) {
    for (days, other) in days.iter_mut().zip(others) {
        *days = (*other).max(*days);
    }
}
