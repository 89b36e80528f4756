//! Shapley shares of a delay: what mending a step saves, averaged over every order in which the steps could be mended.

use std::sync::LazyLock;

use super::path::{Path, Stage};
use super::step::{Standards, Step};
use super::{PARTS_OF_A_DAY, Share};
use crate::domain::advice_request::AdviceType;
use crate::domain::facts::Day;
use crate::domain::statistics::timeliness::TWENTY_WEEKS;

/// The most causes a case can have: its decision, asking, drafting and consultation, and each type of advice.
const CAUSES_MOST: usize = 4 + AdviceType::ALL.len();

/// Up to so many causes every weight is a whole number of parts of a day.
const CAUSES_EXACT: usize = 13;

const _: () = assert!(CAUSES_MOST <= CAUSES_EXACT, "PARTS_OF_A_DAY must be a multiple of every number of causes");

/// A set of causes: one bit each.
type Set = u32;

/// Days from the decision to all advice of one type.
struct Returns {
    /// The bit of the adviser; none if within the standard.
    adviser: Set,
    /// As it was, with the adviser at its standard, with the asking at its standard, and with both.
    days: [Day; 4],
}

/// A case, any causes of which can be mended: set to their standard.
///
/// A step within its standard is no cause: mending it changes nothing whatever else is mended, so its share is 0 and the
/// others' shares are the same without it.
pub(super) struct Game {
    causes: Vec<Step>,
    /// Days of the stages, nothing mended.
    stages: Day,
    /// What mending a stage takes from these days.
    cuts: Vec<(Set, Day)>,
    asking: Set,
    returns: Vec<Returns>,
}

impl Game {
    pub(super) fn new(path: &Path, standards: &Standards) -> Self {
        let cut = |stage: &Stage| (stage.days - standards.of(stage.parts)).max(0);
        let late = |step: &Step| match step {
            Step::Asking => path.advice.iter().any(|asked| asked.asked_after > standards.asking()),
            Step::Advice(advice_type) => {
                let of_type = |asked: &&super::Asked| asked.advice_type == *advice_type;
                path.advice.iter().filter(of_type).any(|asked| asked.taken > standards.advice())
            }
            Step::Decision | Step::Drafting | Step::Consultation | Step::Unrecorded => {
                path.stages.iter().any(|stage| stage.step == *step && cut(stage) > 0)
            }
        };
        let steps = path.steps();
        let causes: Vec<_> = steps.iter().copied().filter(late).collect();
        let bit = |step: Step| causes.iter().position(|cause| *cause == step).map_or(0, |place| 1 << place);
        let returns = steps.iter().filter_map(|step| step.adviser()).map(|advice_type| {
            let mut days = [0; 4];
            for asked in path.advice.iter().filter(|asked| asked.advice_type == advice_type) {
                let taken = [asked.taken, asked.taken.min(standards.advice())];
                let asked_after = [asked.asked_after, asked.asked_after.min(standards.asking())];
                let each = asked_after.into_iter().flat_map(|after| taken.map(|taken| after + taken));
                for (days, each) in days.iter_mut().zip(each) {
                    *days = each.max(*days);
                }
            }
            Returns { adviser: bit(Step::Advice(advice_type)), days }
        });
        Self {
            stages: path.stages.iter().map(|stage| stage.days).sum(),
            cuts: path.stages.iter().map(|stage| (bit(stage.step), cut(stage))).filter(|(_, cut)| *cut > 0).collect(),
            asking: bit(Step::Asking),
            returns: returns.collect(),
            causes,
        }
    }

    /// Days past the due date with some causes mended.
    fn delay(&self, mended: Set) -> Day {
        let cut: Day = self.cuts.iter().filter(|(stage, _)| stage & mended != 0).map(|(_, days)| days).sum();
        let asking = mended & self.asking != 0;
        let back = |returns: &Returns| {
            let [as_it_was, adviser_mended, asking_mended, both_mended] = returns.days;
            match (asking, mended & returns.adviser != 0) {
                (false, false) => as_it_was,
                (false, true) => adviser_mended,
                (true, false) => asking_mended,
                (true, true) => both_mended,
            }
        };
        let advice = self.returns.iter().map(back).max().unwrap_or(0);
        (self.stages - cut + advice - TWENTY_WEEKS).max(0)
    }

    /// The days mending only this step saves.
    pub(super) fn saves(&self, step: Step) -> i64 {
        let place = self.causes.iter().position(|cause| *cause == step);
        place.map_or(0, |place| i64::from(self.delay(0) - self.delay(1 << place)))
    }

    /// The share of each cause, the others having none.
    ///
    /// With n causes, of which a set S saves v(S) days, the share of i is the sum over the sets without i of
    /// (v(S + i) - v(S)) / (n C(n-1, |S|)). Each divisor divides the least common multiple of 1 to n, so that with 360360
    /// parts to a day, the least common multiple of 1 to 13, every weight is whole and no division is rounded. Summed over
    /// the causes, v(S) of s causes is taken s times with 1 / (n C(n-1, s-1)) and n-s times with -1 / (n C(n-1, s)): both
    /// are 1 / C(n, s), so that all cancel but v of all causes, which is the delay: with every cause mended no step takes
    /// longer than its standard, and the standards sum to the twenty weeks.
    pub(super) fn shares(&self) -> Vec<(Step, Share)> {
        let n = self.causes.len();
        let Some(weights) = WEIGHTS.get(n) else { return Vec::new() };
        let weight = |size: usize| weights.get(size).copied().unwrap_or(0);
        let (mut apart, mut sums) = (0, self.saved_by_set());
        for (saved, set) in sums.iter_mut().zip(0..1_u32 << n) {
            let size = usize::try_from(set.count_ones()).unwrap_or(usize::MAX);
            apart += weight(size) * *saved;
            *saved *= weight(size) + size.checked_sub(1).map_or(0, weight);
        }
        // The upper half of the sets are those with the last cause; folded into the lower half, the cause before is the last.
        let mut shares: Vec<_> = self.causes.iter().map(|cause| (*cause, Share::default())).collect();
        for (_, share) in shares.iter_mut().rev() {
            let half = sums.len() / 2;
            let (lower, upper) = sums.split_at_mut(half);
            share.0 = upper.iter().sum::<i64>() - apart;
            for (lower, upper) in lower.iter_mut().zip(upper) {
                *lower += *upper;
            }
            sums.truncate(half);
        }
        shares
    }

    /// The days each set of causes saves, by its bits. One stage or adviser after the other over all sets, so that the
    /// processor takes several sets at once.
    fn saved_by_set(&self) -> Vec<i64> {
        let mut days = vec![0; 1 << self.causes.len()];
        for Returns { adviser, days: [as_it_was, adviser_mended, asking_mended, both_mended] } in &self.returns {
            for (days, set) in days.iter_mut().zip(0_u32..) {
                let (late, mended) =
                    if set & self.asking == 0 { (*as_it_was, *adviser_mended) } else { (*asking_mended, *both_mended) };
                *days = Day::max(*days, if set & adviser == 0 { late } else { mended });
            }
        }
        for (stage, cut) in &self.cuts {
            for (days, set) in days.iter_mut().zip(0_u32..) {
                *days -= if set & stage == 0 { 0 } else { *cut };
            }
        }
        let delay = self.delay(0);
        days.into_iter().map(|days| i64::from(delay - (self.stages + days - TWENTY_WEEKS).max(0))).collect()
    }
}

/// The weights of sets for every number of causes.
static WEIGHTS: LazyLock<Vec<Vec<i64>>> = LazyLock::new(|| (0..=CAUSES_MOST).map(weights).collect());

/// The weight of a set by its size, 0 to n-1, among the orders of `n` causes, in parts of a day.
fn weights(n: usize) -> Vec<i64> {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    let mut choices = 1;
    (0..n)
        .map(|size| {
            let weight = PARTS_OF_A_DAY / (n * choices);
            choices = choices * (n - 1 - size) / (size + 1);
            weight
        })
        .collect()
}
