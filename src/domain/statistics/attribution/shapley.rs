//! Shapley shares of a delay: what mending a step saves, averaged over every order in which the steps could be mended.
//!
//! Source: Shapley, "A Value for n-Person Games", 1953.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::game::Game;
use super::path::STAGES_MOST;
use super::step::{ByStep, Step};
use super::{PARTS_OF_A_DAY, Share};
use crate::domain::advice_request::AdviceType;
use crate::domain::facts::Day;

const ADVISERS_MOST: usize = AdviceType::ALL.len();

/// The most causes a case can have: its decision, asking, drafting and consultation, and each type of advice.
const CAUSES_MOST: usize = 4 + ADVISERS_MOST;

/// Up to so many causes every weight is a whole number of parts of a day.
const CAUSES_EXACT: usize = 13;

const _: () = assert!(CAUSES_MOST <= CAUSES_EXACT, "PARTS_OF_A_DAY must be a multiple of every number of causes");

/// Something of every set of stages, by their bits.
type BySet<T> = [T; 1 << STAGES_MOST];

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
pub(super) fn add_shares(game: &Game<'_>, shares: &mut ByStep<Share>) {
    let mut cuts: SmallVec<[(Day, usize); 1 << STAGES_MOST]> = SmallVec::from_slice(&[(0, 0)]);
    for cut in game.cuts.into_iter().filter(|cut| *cut > 0) {
        for place in 0..cuts.len() {
            cuts.extend(cuts.get(place).map(|(days, mended)| (days + cut, mended + 1)));
        }
    }
    let stages = || game.path.stages.iter().zip(game.cuts).filter(|(_, cut)| *cut > 0).map(|(stage, _)| stage.step);
    let causes = game.advisers.len() + usize::from(game.asked_late) + stages().count();
    let Some(weights) = WEIGHTS.get(causes) else { return };
    let mut sums = Sums::default();
    for is_asking_mended in [false, true].into_iter().take(1 + usize::from(game.asked_late)) {
        sums.add(game, is_asking_mended, &cuts, weights);
    }
    let of_stage = |place: usize| {
        let with = sums.of_stages.iter().enumerate().filter(|(set, _)| set >> place & 1 == 1);
        with.map(|(_, sum)| sum).sum::<i64>()
    };
    let advisers = game.advisers.iter().map(|(step, _)| *step).zip(sums.of_advisers);
    let asking = game.asked_late.then_some((Step::Asking, sums.of_asking));
    let of_stages = stages().enumerate().map(|(place, step)| (step, of_stage(place)));
    let found: SmallVec<[(Step, i64); CAUSES_MOST]> = advisers.chain(asking).chain(of_stages).collect();
    let all: i64 = found.iter().map(|(_, sum)| sum).sum();
    let causes = i64::try_from(causes).unwrap_or(i64::MAX);
    let apart = (all - i64::from(game.delay) * PARTS_OF_A_DAY).checked_div(causes).unwrap_or(0);
    found.iter().for_each(|(step, sum)| shares.add(*step, Share(sum - apart)));
}

/// The weighed days that the sets with a cause save: X(i) of [`add_shares`].
#[derive(Default)]
struct Sums {
    of_advisers: [i64; ADVISERS_MOST],
    of_asking: i64,
    /// By the set of the stages that are mended.
    of_stages: BySet<i64>,
}

impl Sums {
    /// Adds the sets in which the asking is mended, or those in which it is not.
    ///
    /// All advice is there when the last of it is. With the advisers in the order of their days, the longest first, the last
    /// is either the first adviser who is not mended or, if that is later, one of those mended before; whoever comes behind
    /// the first has fewer days, mended or not. So the sets need not be gone through one by one: they fall into as many classes
    /// as there are advisers, and one more, by who is the first not mended, and those behind are counted by binomials.
    fn add(&mut self, game: &Game<'_>, is_asking_mended: bool, cuts: &[(Day, usize)], weights: &Weights) {
        let asking = usize::from(is_asking_mended);
        let days = |[late, mended, asking_mended, both_mended]: [Day; 4]| {
            if is_asking_mended { (asking_mended, both_mended) } else { (late, mended) }
        };
        let mut advisers: SmallVec<[(Day, Day, usize); ADVISERS_MOST]> = SmallVec::new();
        for (place, (_, returns)) in game.advisers.iter().enumerate() {
            let (late, mended) = days(*returns);
            advisers.push((late, mended, place));
        }
        advisers.sort_unstable_by(|one, other| other.cmp(one));
        let (mut back, _) = days(game.in_time);
        let (mut behind, mut upto) = (0, 0);
        for (before, (late, mended, place)) in advisers.iter().enumerate() {
            let rest = advisers.len() - 1 - before;
            let class = Class { days: back.max(*late), mended: before + asking, rest };
            let (all, with_one_behind) = self.weigh(game, &class, cuts, weights);
            upto += all;
            // With this adviser are those of the sets before whose rest has it, and, but for these so far, all sets.
            if let Some(sum) = self.of_advisers.get_mut(*place) {
                *sum += behind - upto;
            }
            behind += with_one_behind;
            back = back.max(*mended);
        }
        let (all, _) = self.weigh(game, &Class { days: back, mended: advisers.len() + asking, rest: 0 }, cuts, weights);
        upto += all;
        self.of_advisers.iter_mut().take(advisers.len()).for_each(|sum| *sum += upto);
        self.of_asking += if is_asking_mended { upto } else { 0 };
    }

    /// The weighed days that a class saves with each set of the stages, and those of its sets that have one given adviser of
    /// the rest.
    fn weigh(&mut self, game: &Game<'_>, class: &Class, cuts: &[(Day, usize)], weights: &Weights) -> (i64, i64) {
        let (mut all, mut with_one) = (0, 0);
        let weight = |rest: usize, mended: usize| {
            weights.get(rest).and_then(|by_mended| by_mended.get(mended)).copied().map_or(0, i64::from)
        };
        for ((cut, stages), of_stages) in cuts.iter().zip(&mut self.of_stages) {
            let (saved, mended) = (i64::from(game.saved(class.days, *cut)), class.mended + stages);
            let weighed = saved * weight(class.rest, mended);
            *of_stages += weighed;
            all += weighed;
            if class.rest > 0 {
                with_one += saved * weight(class.rest - 1, mended + 1);
            }
        }
        (all, with_one)
    }
}

/// Sets of advisers and asking that have all advice back on one day.
struct Class {
    /// Days from the decision to all advice.
    days: Day,
    /// The causes that are mended in all of its sets.
    mended: usize,
    /// The advisers who may be mended or not.
    rest: usize,
}

/// By how many of some advisers are free to be mended or not, and how many causes are mended beside them: w(S) of
/// [`add_shares`] in parts of a day, summed over the sets.
type Weights = [[u32; CAUSES_MOST + 1]; ADVISERS_MOST];

/// Of each number of causes.
static WEIGHTS: LazyLock<Vec<Weights>> = LazyLock::new(|| (0..=CAUSES_MOST).map(weights).collect());

fn weights(causes: usize) -> Weights {
    let of_size = weights_by_size(causes);
    let weight = |size: Option<usize>| size.and_then(|size| of_size.get(size)).copied().unwrap_or(0);
    let mut weights = Weights::default();
    let mut row: [u32; CAUSES_MOST + 1] = std::array::from_fn(|size| weight(Some(size)) + weight(size.checked_sub(1)));
    for by_mended in &mut weights {
        *by_mended = row;
        // Another who is free is mended or not.
        let mended = row.into_iter().skip(1).chain([0]);
        row.iter_mut().zip(mended).for_each(|(not_mended, mended)| *not_mended += mended);
    }
    weights
}

/// The weight of a set by its size, 0 to n-1, among the orders of `n` causes, in parts of a day.
fn weights_by_size(n: usize) -> Vec<u32> {
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
