//! The steps from a request to a final plan, and the days each may take.

use std::ops::AddAssign;

use crate::domain::advice_request::AdviceType;
use crate::domain::facts::Day;
use crate::domain::fault::Refusal;
use crate::domain::statistics::timeliness::TWENTY_WEEKS;

/// What a late day can be assigned to, in the order of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The council decided whether to assess.
    Decision,
    /// The council had decided, and its requests for advice had not reached those who were to give it. A step of its own:
    /// an adviser who is asked late is not late.
    Asking,
    /// An adviser had been asked, and the advice was not in hand.
    Advice(AdviceType),
    /// The council had all advice the draft waited for, and drafted.
    Drafting,
    /// The draft had been served, and the plan was not final: representations, and consultation of a setting.
    Consultation,
    /// Several steps lie between two recorded days, and no record divides the time among them.
    Unrecorded,
}

impl Step {
    /// Every step.
    pub fn all() -> impl Iterator<Item = Self> {
        let advice = AdviceType::ALL.iter().copied().map(Self::Advice);
        let after = [Self::Drafting, Self::Consultation, Self::Unrecorded];
        [Self::Decision, Self::Asking].into_iter().chain(advice).chain(after)
    }

    /// The word of the contract. Advice has that of its type with `advice_` before it: `other` alone could be any step.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Asking => "asking",
            Self::Advice(AdviceType::SpeechAndLanguageTherapy) => "advice_speech_and_language_therapy",
            Self::Advice(AdviceType::OccupationalTherapy) => "advice_occupational_therapy",
            Self::Advice(AdviceType::Physiotherapy) => "advice_physiotherapy",
            Self::Advice(AdviceType::EducationalPsychology) => "advice_educational_psychology",
            Self::Advice(AdviceType::Medical) => "advice_medical",
            Self::Advice(AdviceType::Education) => "advice_education",
            Self::Advice(AdviceType::SocialCare) => "advice_social_care",
            Self::Advice(AdviceType::Parental) => "advice_parental",
            Self::Advice(AdviceType::Other) => "advice_other",
            Self::Drafting => "drafting",
            Self::Consultation => "consultation",
            Self::Unrecorded => "unrecorded",
        }
    }

    /// Its place among all.
    fn place(self) -> usize {
        match self {
            Self::Decision => 0,
            Self::Asking => 1,
            Self::Advice(advice_type) => 1 + usize::from(AdviceType::byte(Some(advice_type))),
            Self::Drafting => 2 + AdviceType::ALL.len(),
            Self::Consultation => 3 + AdviceType::ALL.len(),
            Self::Unrecorded => 4 + AdviceType::ALL.len(),
        }
    }

    /// Whose advice it is; `None` for a step of the council.
    pub fn adviser(self) -> Option<AdviceType> {
        match self {
            Self::Advice(advice_type) => Some(advice_type),
            Self::Decision | Self::Asking | Self::Drafting | Self::Consultation | Self::Unrecorded => None,
        }
    }
}

/// How many steps there are.
const STEPS: usize = 5 + AdviceType::ALL.len();

/// A set of steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Steps(u16);

const _: () = assert!(STEPS <= 16, "each step has a bit");

impl From<Step> for Steps {
    fn from(step: Step) -> Self {
        Self(1 << step.place())
    }
}

impl Steps {
    /// Takes in a step.
    pub(super) fn insert(&mut self, step: Step) {
        self.0 |= Self::from(step).0;
    }

    pub(super) fn has(self, step: Step) -> bool {
        self.0 & Self::from(step).0 != 0
    }
}

/// Something of each step; of steps that never came up, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByStep<T> {
    came_up: Steps,
    /// The default for steps that never came up.
    values: [T; STEPS],
}

impl<T: Copy + Default + AddAssign> ByStep<T> {
    /// The default of each of some steps.
    pub(super) fn new(steps: Steps) -> Self {
        Self { came_up: steps, values: [T::default(); STEPS] }
    }

    /// What it has of a step.
    pub fn of(&self, step: Step) -> Option<T> {
        self.values.get(step.place()).copied().filter(|_| self.came_up.has(step))
    }

    /// Every step that came up, in order, with what it has of it.
    pub fn iter(&self) -> impl Iterator<Item = (Step, T)> {
        Step::all().zip(self.values).filter(|(step, _)| self.came_up.has(*step))
    }

    /// What it has of every step that came up.
    pub fn values(&self) -> impl Iterator<Item = T> {
        self.iter().map(|(_, value)| value)
    }

    /// Takes note that these steps have come up.
    pub(super) fn come_up(&mut self, steps: Steps) {
        self.came_up.0 |= steps.0;
    }

    /// Adds to what it has of a step; one that never came up does not come up by it.
    pub(super) fn add(&mut self, step: Step, more: T) {
        if let Some(value) = self.values.get_mut(step.place()) {
            *value += more;
        }
    }

    /// Adds another of its kind.
    pub(super) fn add_all(&mut self, other: &Self) {
        self.came_up.0 |= other.came_up.0;
        for (value, more) in self.values.iter_mut().zip(other.values) {
            *value += more;
        }
    }
}

/// A part of the twenty weeks that has a standard of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Decision,
    Asking,
    Advice,
    Drafting,
    Consultation,
}

/// The days each step may take: together the twenty weeks, so that a case all of whose steps keep them is in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standards {
    decision: Day,
    asking: Day,
    advice: Day,
    drafting: Day,
    consultation: Day,
}

impl Default for Standards {
    /// Six weeks to decide, reg 5(1); requests sent with the decision; six weeks for advice, reg 8(1); what is left is
    /// divided by practice: three weeks to draft, five for representations and consultation, of which fifteen days are law.
    fn default() -> Self {
        Self { decision: 42, asking: 0, advice: 42, drafting: 21, consultation: 35 }
    }
}

impl Standards {
    /// Standards in days, in the order of a case; `advice` is for each adviser, all of whom work at the same time.
    ///
    /// # Errors
    /// A standard below 0, or a sum other than 140.
    pub fn new(decision: Day, asking: Day, advice: Day, drafting: Day, consultation: Day) -> Result<Self, Refusal> {
        let days = [decision, asking, advice, drafting, consultation];
        if days.iter().any(|days| *days < 0) {
            return Err(Refusal::new("out_of_range", "each standard must be 0 days or more"));
        }
        let sum: i64 = days.into_iter().map(i64::from).sum();
        if sum != i64::from(TWENTY_WEEKS) {
            let message = format!("the standards must sum to {TWENTY_WEEKS} days, and sum to {sum}");
            return Err(Refusal::new("wrong_sum", message));
        }
        Ok(Self { decision, asking, advice, drafting, consultation })
    }

    /// Days to decide whether to assess, from day zero.
    pub fn decision(&self) -> Day {
        self.decision
    }

    /// Days from the decision to the day a request for advice arrives.
    pub fn asking(&self) -> Day {
        self.asking
    }

    /// Days for one adviser.
    pub fn advice(&self) -> Day {
        self.advice
    }

    /// Days from the last advice to the service of the draft.
    pub fn drafting(&self) -> Day {
        self.drafting
    }

    /// Days from the service of the draft to the final plan.
    pub fn consultation(&self) -> Day {
        self.consultation
    }

    /// Days for several parts, one after another.
    pub(super) fn of(&self, parts: &[Part]) -> Day {
        let days = |part: &Part| match part {
            Part::Decision => self.decision,
            Part::Asking => self.asking,
            Part::Advice => self.advice,
            Part::Drafting => self.drafting,
            Part::Consultation => self.consultation,
        };
        parts.iter().map(days).sum()
    }
}
