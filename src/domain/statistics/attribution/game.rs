//! Shapley shares of a delay: what mending a step saves, averaged over every order in which the steps could be mended.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::path::{Path, STAGES_MOST};
use super::step::{ByStep, Standards, Step};
use super::{Asked, PARTS_OF_A_DAY, Rule, Share};
use crate::domain::advice_request::AdviceType;
use crate::domain::facts::Day;
use crate::domain::statistics::timeliness::TWENTY_WEEKS;

/// The most causes a case can have: its decision, asking, drafting and consultation, and each type of advice.
const CAUSES_MOST: usize = 4 + AdviceType::ALL.len();

/// Up to so many causes every weight is a whole number of parts of a day.
const CAUSES_EXACT: usize = 13;

const _: () = assert!(CAUSES_MOST <= CAUSES_EXACT, "PARTS_OF_A_DAY must be a multiple of every number of causes");

/// Days from the decision to all advice of one type: as it was, with the adviser at its standard, with the asking at its
/// standard, and with both.
type Returns = [Day; 4];

/// Something of every set of stages, by their bits.
type BySet<T> = [T; 1 << STAGES_MOST];

/// Where the sets of causes beside the stages are gone through, by their bits; kept from case to case.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets {
    /// Days from the decision to all advice.
    advice: Vec<Day>,
    /// The weighed days that a set saves, summed over the sets of stages.
    weighed: Vec<u64>,
}

/// A case, any causes of which can be mended: set to their standard.
///
/// A step within its standard is no cause: mending it changes nothing whatever else is mended, so its share is 0 and the
/// others' shares are the same with and without it.
pub(super) struct Game<'a> {
    path: &'a Path,
    /// Days past the due date, nothing mended.
    pub delay: Day,
    /// Whose advice came last: see [`Path::last_asked`].
    pub last: Option<&'a Asked>,
    /// Days of the stages beyond the twenty weeks, nothing mended; negative if they are fewer.
    stages: Day,
    /// What mending a stage takes from these days; 0 of a stage within its standard.
    cuts: [Day; STAGES_MOST],
    /// True if a request arrived past the standard of asking.
    asked_late: bool,
    /// Days from the decision to all advice that was given within the standard, 0 without any.
    in_time: Returns,
    /// The advisers past their standard, with the requests in which they were.
    advisers: SmallVec<[(Step, Returns); AdviceType::ALL.len()]>,
}

impl<'a> Game<'a> {
    #[inline]
    pub(super) fn new(path: &'a Path, standards: &Standards) -> Self {
        let last = path.last_asked();
        let stages = path.stages.iter().map(|stage| stage.days).sum::<Day>() - TWENTY_WEEKS;
        let mut game = Self {
            path,
            delay: (stages + last.map_or(0, Asked::back_after).max(0)).max(0),
            last,
            stages,
            cuts: [0; STAGES_MOST],
            asked_late: false,
            in_time: Returns::default(),
            advisers: SmallVec::new(),
        };
        for (cut, stage) in game.cuts.iter_mut().zip(&path.stages) {
            *cut = (stage.days - standards.of(stage.parts)).max(0);
        }
        game.take_advice(standards);
        game
    }

    /// Takes in the advice; the late requests for one type are one cause, and those in time are waited for whatever is mended.
    #[inline]
    fn take_advice(&mut self, standards: &Standards) {
        for asked in &self.path.advice {
            let (taken, after) = (asked.taken.min(standards.advice()), asked.asked_after.min(standards.asking()));
            self.asked_late |= after < asked.asked_after;
            let days = [asked.asked_after + asked.taken, asked.asked_after + taken, after + asked.taken, after + taken];
            if taken == asked.taken {
                latest(&mut self.in_time, &days);
                continue;
            }
            let step = Step::Advice(asked.advice_type);
            match self.advisers.iter_mut().find(|(known, _)| *known == step) {
                Some((_, returns)) => latest(returns, &days),
                None => self.advisers.push((step, days)),
            }
        }
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
        (saves, shares): (&mut ByStep<i64>, &mut ByStep<Share>),
        sets: &mut Sets,
    ) {
        if self.delay == 0 {
            return;
        }
        self.add_saves(saves);
        match rule {
            Rule::Shapley => self.add_shares(shares, sets),
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
        for (_, [late, _, asking, _]) in &self.advisers {
            asking_mended = asking_mended.max(*asking);
            last_but_one = last_but_one.max(last.min(*late));
            last = last.max(*late);
        }
        if self.asked_late {
            saves.add(Step::Asking, i64::from(self.saved(asking_mended, 0)));
        }
        for (adviser, [late, mended, ..]) in &self.advisers {
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

    /// Adds the share of each cause, the others having none.
    ///
    /// With n causes, of which a set S saves v(S) days, the share of i is the sum over the sets without i of
    /// (v(S + i) - v(S)) / (n C(n-1, |S|)). Each divisor divides the least common multiple of 1 to n, so that with 360360
    /// parts to a day, the least common multiple of 1 to 13, every weight is whole and no division is rounded.
    ///
    /// That sum is X(i) - Y: with w(S) = 1 / (n C(n-1, |S|)) + 1 / (n C(n-1, |S|-1)), the one without 1 / 0, X(i) is the sum of
    /// w(S) v(S) over the sets with i, and Y, of 1 / (n C(n-1, |S|)) v(S) over all sets, is the same for every cause. Summed
    /// over the causes, v(S) of s causes is taken s times with 1 / (n C(n-1, s-1)) and n-s times with -1 / (n C(n-1, s)): both
    /// are 1 / C(n, s), so that all cancel but v of all causes, which is the delay: with every cause mended no step takes
    /// longer than its standard, and the standards sum to the twenty weeks. So Y is what the X are above the delay, divided
    /// by n.
    fn add_shares(&self, shares: &mut ByStep<Share>, Sets { advice, weighed }: &mut Sets) {
        let sets = 1 << self.others().count();
        advice.resize(sets, 0);
        self.set_advice(advice);
        weighed.clear();
        weighed.resize(sets, 0);
        let of_stages = self.weighed(advice, weighed);
        let mut all = 0;
        let mut add = |step, sum: u64| {
            let sum = i64::try_from(sum).unwrap_or(i64::MAX);
            shares.add(step, Share(sum));
            all += sum;
        };
        // The upper half of the sets are those with the last cause; folded into the lower half, the cause before is the last.
        let mut sums = weighed.as_mut_slice();
        for step in self.others() {
            let (without, with) = sums.split_at_mut(sums.len() / 2);
            add(step, with.iter().sum());
            for (without, with) in without.iter_mut().zip(with) {
                *without += *with;
            }
            sums = without;
        }
        for (place, stage) in self.stages().enumerate() {
            let with = of_stages.iter().enumerate().filter(|(set, _)| set >> place & 1 == 1);
            add(stage, with.map(|(_, sum)| sum).sum());
        }
        let causes = i64::try_from(self.others().chain(self.stages()).count()).unwrap_or(i64::MAX);
        let apart = (all - i64::from(self.delay) * PARTS_OF_A_DAY).checked_div(causes).unwrap_or(0);
        for step in self.others().chain(self.stages()) {
            shares.add(step, Share(-apart));
        }
    }

    /// The causes beside the stages, the last first: the asking if it was late, and the advisers past their standard.
    fn others(&self) -> impl Iterator<Item = Step> {
        let advisers = self.advisers.iter().rev().map(|(step, _)| *step);
        self.asked_late.then_some(Step::Asking).into_iter().chain(advisers)
    }

    /// The stages past their standard.
    fn stages(&self) -> impl Iterator<Item = Step> {
        self.path.stages.iter().zip(self.cuts).filter(|(_, cut)| *cut > 0).map(|(stage, _)| stage.step)
    }

    /// Days from the decision to all advice, by the set of the causes beside the stages.
    fn set_advice(&self, days: &mut [Day]) {
        let [as_asked, _, asking_mended, _] = self.in_time;
        let (unmended, mended) = days.split_at_mut(1 << self.advisers.len());
        unmended.fill(as_asked);
        mended.fill(asking_mended);
        let mut sets = 1;
        for (_, [as_it_was, adviser_mended, asking_mended, both_mended]) in &self.advisers {
            double(unmended, sets, |days| [days.max(*as_it_was), days.max(*adviser_mended)]);
            if self.asked_late {
                double(mended, sets, |days| [days.max(*asking_mended), days.max(*both_mended)]);
            }
            sets *= 2;
        }
    }

    /// The weighed days that sets of causes save, summed by the set of the stages and, in `of_others`, by that of the others.
    fn weighed(&self, advice: &[Day], of_others: &mut [u64]) -> BySet<u64> {
        let mut cuts = BySet::<Day>::default();
        let mut stages = 0;
        for cut in self.cuts.into_iter().filter(|cut| *cut > 0) {
            double(&mut cuts, 1 << stages, |days| [days, days + cut]);
            stages += 1;
        }
        let weights = WEIGHTS.get(self.others().count()).and_then(|by_stages| by_stages.get(stages));
        let by_mended = weights.map_or(&[][..], Vec::as_slice);
        let mut of_stages = BySet::<u64>::default();
        for (set, (of_stages, cut)) in of_stages.iter_mut().zip(cuts).enumerate().take(1 << stages) {
            let mended = usize::try_from(set.count_ones()).unwrap_or(0);
            let weights = by_mended.get(mended).map_or(&[][..], Vec::as_slice);
            for ((advice, sum), weight) in advice.iter().zip(of_others.iter_mut()).zip(weights) {
                let weighed = u64::from(*weight) * u64::from(self.saved(*advice, cut).cast_unsigned());
                *of_stages += weighed;
                *sum += weighed;
            }
        }
        of_stages
    }
}

/// Makes of the first sets, as many as `sets`, those without and, after them, those with another cause.
fn double(days: &mut [Day], sets: usize, another: impl Fn(Day) -> [Day; 2]) {
    let (without, with) = days.split_at_mut(sets);
    for (without, with) in without.iter_mut().zip(with) {
        [*without, *with] = another(*without);
    }
}

/// Puts off each of these days to the other where that is later.
fn latest(days: &mut Returns, others: &Returns) {
    for (days, other) in days.iter_mut().zip(others) {
        *days = (*other).max(*days);
    }
}

/// For every number of causes beside the stages, of stages past their standard, and of those of them that are mended: the
/// weight of each set of the others by its bits, together with the stages mended.
static WEIGHTS: LazyLock<Vec<Vec<Vec<Vec<u32>>>>> = LazyLock::new(|| {
    let by_mended = |others, stages| (0..=stages).map(|mended| weights_by_set(others, stages, mended)).collect();
    let by_stages = |others| (0..=STAGES_MOST).map(|stages| by_mended(others, stages)).collect();
    (0..=CAUSES_MOST - STAGES_MOST).map(by_stages).collect()
});

fn weights_by_set(others: usize, stages: usize, mended: usize) -> Vec<u32> {
    let weights = weights(others + stages);
    let weight = |size: Option<usize>| size.and_then(|size| weights.get(size)).copied().unwrap_or(0);
    let of_set = |set: u32| {
        let size = usize::try_from(set.count_ones()).map(|size| size + mended).ok();
        weight(size) + weight(size.and_then(|size| size.checked_sub(1)))
    };
    (0..1 << others).map(of_set).collect()
}

/// The weight of a set by its size, 0 to n-1, among the orders of `n` causes, in parts of a day.
fn weights(n: usize) -> Vec<u32> {
    let parts = u32::try_from(PARTS_OF_A_DAY).unwrap_or(u32::MAX);
    let n = u32::try_from(n).unwrap_or(u32::MAX);
    let mut choices = 1;
    (0..n)
        .map(|size| {
            let weight = parts / (n * choices);
            choices = choices * (n - 1 - size) / (size + 1);
            weight
        })
        .collect()
}
