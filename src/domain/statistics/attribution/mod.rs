//! Whom late plans waited for: every day past the due date assigned to a step, so that the steps sum to the delay.
//!
//! The delay is reckoned along the case: the decision, then the advice, each request of which has its own way, then the
//! draft, which waits for the last of it, then the final plan. A step that was faster than its standard makes up for
//! another that was slower, so that the excesses of the steps can be more than the delay; their shares never are.

mod game;
mod late;
mod path;
mod records;
mod shapley;
mod step;

use std::iter;
use std::ops::AddAssign;

use super::group;
use crate::domain::advice_request::AdviceType;
use crate::domain::field::codes;
use game::{Game, Returns};
use step::Steps;

pub use late::{late_cases, late_on};
pub use path::{Asked, Path};
pub use records::{Paths, path_of};
pub use step::{ByStep, Standards, Step};

codes! {
    /// By which rule late days are assigned.
    Rule {
        /// Shapley values: what mending a step saves, averaged over every order in which the steps could be mended.
        Shapley = "shapley",
        /// Backwards along the critical path: the latest days past a step's standard first.
        CriticalPath = "critical_path",
    }
}

impl Rule {
    /// The rule in a sentence, for whoever reads an answer.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Shapley => {
                "Each step's share is the number of days that setting it to its standard takes from the delay, averaged over every order in which the late steps could be set to theirs; the requests for one type of advice are one step. Shares sum to the delay."
            }
            Self::CriticalPath => {
                "The critical path is the decision, the asking and the wait for the advice that came last, the drafting and the consultation. From its end backwards, each step is given its days past its own standard, until the delay is used up. Shares sum to the delay."
            }
        }
    }
}

/// Parts to a day: the least common multiple of 1 to 13, the most causes a delay can have, so that shares are whole parts.
pub const PARTS_OF_A_DAY: i64 = 360_360;

/// An exact share of a delay. Sums of shares are exact too, up to 25 million million days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(i64);

impl Share {
    /// A share of whole days.
    pub fn of_days(days: i64) -> Self {
        Self(days * PARTS_OF_A_DAY)
    }

    /// In parts of a day: see [`PARTS_OF_A_DAY`].
    pub fn parts(self) -> i64 {
        self.0
    }

    /// In days, as near as a float comes, up to 2³¹ of them: to be shown, not added.
    pub fn days(self) -> f64 {
        let float = |number: i64| i32::try_from(number).map_or(f64::MAX, f64::from);
        float(self.0 / PARTS_OF_A_DAY) + float(self.0 % PARTS_OF_A_DAY) / float(PARTS_OF_A_DAY)
    }
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl iter::Sum for Share {
    fn sum<I: Iterator<Item = Self>>(shares: I) -> Self {
        Self(shares.map(Self::parts).sum())
    }
}

/// Whom one case waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Days past the due date; 0 if there are none.
    pub delay_days: i64,
    /// The share of every step of the case; they sum to the delay exactly.
    pub shares: ByStep<Share>,
    /// The days that vanish if only this step of the case had kept its standard. They need not sum to the delay: of two
    /// advisers who were equally late neither alone saves a day.
    pub saves: ByStep<i64>,
    /// Whose advice came last, late or not, or has been out longest; of those that came on one day whose took longest, and
    /// of equals the one whose word is first in the alphabet.
    pub last_adviser: Option<AdviceType>,
}

/// Assigns the late days of one case.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::advice_request::AdviceType::{EducationalPsychology, SpeechAndLanguageTherapy};
/// use twentyweeks::domain::statistics::attribution::{Asked, Path, Rule, Standards, Step, attribute};
///
/// let asked = |advice_type, taken| Asked { advice_type, asked_after: 0, taken };
/// let advice = vec![asked(EducationalPsychology, 62), asked(SpeechAndLanguageTherapy, 72)];
/// let found = attribute(&Path::new(42, advice, 21, 35), &Standards::default(), Rule::Shapley);
/// assert_eq!(found.delay_days, 30);
/// let therapy = found.shares.of(Step::Advice(SpeechAndLanguageTherapy));
/// assert_eq!(therapy.map(|share| share.days()), Some(20.0));
/// ```
pub fn attribute(path: &Path, standards: &Standards, rule: Rule) -> Attribution {
    let mut advisers = Vec::new();
    let (steps, game) = (path.steps(), Game::new(path, standards, &mut advisers));
    let mut found = Attribution {
        delay_days: i64::from(game.delay),
        shares: ByStep::new(steps),
        saves: ByStep::new(steps),
        last_adviser: game.last.map(|asked| asked.advice_type),
    };
    game.assign((standards, rule), &mut found.saves, &mut found.shares);
    found
}

/// Late cases added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Late cases.
    pub cases: u64,
    /// Days past the due date, of all of them.
    pub delay_days: i64,
    /// The shares of each step that a late case had; they sum to the days exactly.
    pub shares: ByStep<Share>,
    /// The days that vanish if this step alone had kept its standard in every case.
    pub saves: ByStep<i64>,
    /// Late cases by whose advice came last.
    pub last_adviser: ByStep<u64>,
}

impl Totals {
    /// Counts a case, if it is late.
    pub fn count(&mut self, case: &Attribution) {
        if case.delay_days == 0 {
            return;
        }
        self.cases += 1;
        self.delay_days += case.delay_days;
        self.shares.add_all(&case.shares);
        self.saves.add_all(&case.saves);
        self.count_last(case.last_adviser);
    }

    /// Counts a case of that path, if it is late: as [`attribute`] and [`Self::count`], without what only one case needs.
    fn count_path(&mut self, path: &Path, (standards, rule): (&Standards, Rule), advisers: &mut Vec<(Step, Returns)>) {
        let game = Game::new(path, standards, advisers);
        if game.delay == 0 {
            return;
        }
        self.cases += 1;
        self.delay_days += i64::from(game.delay);
        let steps = path.steps();
        self.saves.come_up(steps);
        self.shares.come_up(steps);
        game.assign((standards, rule), &mut self.saves, &mut self.shares);
        self.count_last(game.last.map(|asked| asked.advice_type));
    }

    fn count_last(&mut self, adviser: Option<AdviceType>) {
        if let Some(step) = adviser.map(Step::Advice) {
            self.last_adviser.come_up(Steps::from(step));
            self.last_adviser.add(step, 1);
        }
    }
}

impl group::Sum for Totals {
    fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.delay_days += other.delay_days;
        self.shares.add_all(&other.shares);
        self.saves.add_all(&other.saves);
        self.last_adviser.add_all(&other.last_adviser);
    }
}
