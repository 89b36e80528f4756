//! Shapley shares of a delay: what mending a step saves, averaged over every order in which the steps could be mended.
//!
//! Source: Shapley, "A Value for n-Person Games", 1953.

use std::sync::LazyLock;

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

/// The sets of the stages past their standard, those in front: the days mending one takes from the case, and how many stages
/// it has.
type Cuts = BySet<(Day, usize)>;

/// Adds the share of each cause, the others having none.
///
/// With n causes, let u(S) be the days that are left of the delay when a set S of them is mended. The share of i is the sum
/// over the sets without i of (u(S) - u(S + i)) / (n C(n-1, |S|)). Each divisor divides the least common multiple of 1 to n,
/// so that with 360360 parts to a day, the least common multiple of 1 to 13, every weight is whole and no division is rounded.
///
/// That sum is Y - X(i): with w(S) = 1 / (n C(n-1, |S|)) + 1 / (n C(n-1, |S|-1)), the one without 1 / 0, X(i) is the sum of
/// w(S) u(S) over the sets with i, and Y, of 1 / (n C(n-1, |S|)) u(S) over all sets, is the same for every cause. The shares
/// sum to the delay, for with every cause mended no day is left: no step takes longer than its standard, and the standards
/// sum to the twenty weeks. So Y is the delay and the X, divided by n. Most sets leave no day, and are not gone through.
pub(super) fn add_shares(game: &Game<'_>, shares: &mut ByStep<Share>) {
    let mut cuts = Cuts::default();
    let late_stages = || game.path.stages.iter().zip(game.cuts).filter(|(_, cut)| *cut > 0);
    for (place, (_, cut)) in late_stages().enumerate() {
        let (without, with) = cuts.split_at_mut(1 << place);
        for ((days, stages), with) in without.iter().zip(with) {
            *with = (days + cut, stages + 1);
        }
    }
    let stages = late_stages().count();
    let causes = game.advisers.len() + usize::from(game.asked_late) + stages;
    let (Some(weights), Some(cuts)) = (WEIGHTS.get(causes), cuts.get(..1 << stages)) else { return };
    let mut left = Left::of(game, cuts, weights);
    left.add(false);
    if game.asked_late {
        left.add(true);
    }
    let of_stage = |place: usize| {
        let with = left.by_stages.iter().enumerate().filter(|(set, _)| set >> place & 1 == 1);
        with.map(|(_, days)| days).sum::<i64>()
    };
    let of_stages: [i64; STAGES_MOST] = std::array::from_fn(of_stage);
    let all = left.with_adviser.into_iter().chain(of_stages).sum::<i64>() + left.with_asking;
    let causes = i64::try_from(causes).unwrap_or(i64::MAX);
    let each = (i64::from(game.delay) * PARTS_OF_A_DAY + all).checked_div(causes).unwrap_or(0);
    for ((step, _), days) in game.advisers.iter().zip(left.with_adviser) {
        shares.add(*step, Share(each - days));
    }
    if game.asked_late {
        shares.add(Step::Asking, Share(each - left.with_asking));
    }
    for ((stage, _), days) in late_stages().zip(of_stages) {
        shares.add(stage.step, Share(each - days));
    }
}

/// The weighed days that are left by the sets with a cause: X(i) of [`add_shares`].
struct Left<'a> {
    game: &'a Game<'a>,
    cuts: &'a [(Day, usize)],
    weights: &'a Weights,
    with_adviser: [i64; ADVISERS_MOST],
    with_asking: i64,
    /// By the set of the stages that are mended.
    by_stages: BySet<i64>,
}

impl<'a> Left<'a> {
    fn of(game: &'a Game<'a>, cuts: &'a [(Day, usize)], weights: &'a Weights) -> Self {
        Self { game, cuts, weights, with_adviser: [0; ADVISERS_MOST], with_asking: 0, by_stages: BySet::default() }
    }

    /// Adds the sets in which the asking is mended, or those in which it is not.
    ///
    /// All advice is there when the last of it is. With the advisers in the order of their days, the longest first, that is
    /// either of the first adviser who is not mended or, if it is later, of one mended before; whoever comes behind has
    /// fewer days, mended or not. So the sets fall into classes by who is the first not mended, and those behind are counted
    /// by binomials. Each class leaves at most the days of the one before: the first that leaves none is the end.
    fn add(&mut self, asking_mended: bool) {
        let game = self.game;
        let days = |[late, mended, asking, both]: [Day; 4]| if asking_mended { (asking, both) } else { (late, mended) };
        let mut advisers = [(Day::MIN, Day::MIN, 0); ADVISERS_MOST];
        for ((place, (_, returns)), adviser) in game.advisers.iter().enumerate().zip(&mut advisers) {
            let (late, mended) = days(*returns);
            *adviser = (late, mended, place);
        }
        let advisers = advisers.get_mut(..game.advisers.len()).unwrap_or_default();
        advisers.sort_unstable_by(|one, other| other.cmp(one));
        let (mut back, _) = days(game.in_time);
        let (mut of_classes, mut with_one_behind) = (0, 0);
        let mut reached = 0;
        for (before, (late, mended, place)) in advisers.iter().enumerate() {
            let left = game.stages + back.max(*late);
            if left <= 0 {
                break;
            }
            let free = advisers.len() - 1 - before;
            let (all, with_one) = self.weigh(left, before + usize::from(asking_mended), free);
            of_classes += all;
            // Mended in all classes to come, and in the sets of those before that have this one of the free.
            if let Some(left) = self.with_adviser.get_mut(*place) {
                *left += with_one_behind - of_classes;
            }
            with_one_behind += with_one;
            back = back.max(*mended);
            reached += 1;
        }
        if reached == advisers.len() && game.stages + back > 0 {
            of_classes += self.weigh(game.stages + back, reached + usize::from(asking_mended), 0).0;
        }
        for (order, (.., place)) in advisers.iter().enumerate() {
            if let Some(left) = self.with_adviser.get_mut(*place) {
                *left += if order < reached { of_classes } else { with_one_behind };
            }
        }
        if asking_mended {
            self.with_asking += of_classes;
        }
    }

    /// The weighed days that a class leaves, which with no stage mended are `days`: those of all its sets, and those of the
    /// sets that have one given cause of the free. Of its causes but the stages, so many are mended, and so many free.
    #[inline]
    fn weigh(&mut self, days: Day, mended: usize, free: usize) -> (i64, i64) {
        const NONE: &ByMended = &[0; CAUSES_MOST + 2];
        let (mut all, mut with_one) = (0, 0);
        let of_free = |free: usize| self.weights.get(free).unwrap_or(NONE);
        let (of_all, of_others) = (of_free(free), free.checked_sub(1).map_or(NONE, of_free));
        let weight = |of: &ByMended, mended: usize| of.get(mended).copied().map_or(0, i64::from);
        for ((cut, stages), by_stages) in self.cuts.iter().zip(&mut self.by_stages) {
            let left = i64::from((days - cut).max(0));
            let weighed = left * weight(of_all, mended + stages);
            *by_stages += weighed;
            all += weighed;
            with_one += left * weight(of_others, mended + stages + 1);
        }
        (all, with_one)
    }
}

/// By how many of some advisers are free to be mended or not, and how many causes are mended beside them: w(S) of
/// [`add_shares`] in parts of a day, summed over the sets.
type Weights = [ByMended; ADVISERS_MOST];

/// By how many causes are mended.
type ByMended = [u32; CAUSES_MOST + 2];

/// Of each number of causes.
static WEIGHTS: LazyLock<Vec<Weights>> = LazyLock::new(|| (0..=CAUSES_MOST).map(weights).collect());

fn weights(causes: usize) -> Weights {
    let of_size = weights_by_size(causes);
    let weight = |size: Option<usize>| size.and_then(|size| of_size.get(size)).copied().unwrap_or(0);
    let mut weights = Weights::default();
    let mut row: ByMended = std::array::from_fn(|size| weight(Some(size)) + weight(size.checked_sub(1)));
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
