//! The path of one case from request to final plan, in days.

use super::step::{Part, Step, Steps};
use crate::domain::advice_request::AdviceType;
use crate::domain::facts::Day;
use crate::domain::statistics::timeliness::TWENTY_WEEKS;

/// One request for advice that the draft waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose advice.
    pub advice_type: AdviceType,
    /// Days from the decision to the day the adviser was asked; negative if asked before the decision.
    pub asked_after: Day,
    /// Days the adviser took; so far, if the advice is still out.
    pub taken: Day,
}

impl Asked {
    /// Days from the decision to the advice.
    pub(super) fn back_after(&self) -> Day {
        self.asked_after + self.taken
    }
}

/// A step that nothing else runs beside, its days, and the parts of the twenty weeks it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    pub step: Step,
    pub days: Day,
    pub parts: &'static [Part],
}

/// The measured steps of one case: stages one after another, and the advice, all of it asked for from the end of the first
/// stage on and waited for by the second. Steps that have not begun are absent: they have taken no time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// At most [`STAGES_MOST`].
    pub(super) stages: Vec<Stage>,
    pub(super) advice: Vec<Asked>,
}

/// The most stages of a path: the decision, what follows up to the draft, and the consultation.
pub(super) const STAGES_MOST: usize = 3;

impl Path {
    /// The path of an issued plan. Days from day zero to the decision, from the last advice (or the decision, if that was
    /// later) to the draft, and from the draft to the final plan.
    pub fn new(decision: Day, advice: Vec<Asked>, drafting: Day, consultation: Day) -> Self {
        let stages = vec![
            Stage { step: Step::Decision, days: decision, parts: &[Part::Decision] },
            Stage { step: Step::Drafting, days: drafting, parts: &[Part::Drafting] },
            Stage { step: Step::Consultation, days: consultation, parts: &[Part::Consultation] },
        ];
        Self { stages, advice }
    }

    /// The day the plan was final, or the day of reading of a case that is open; 0 is day zero.
    pub fn final_day(&self) -> Day {
        let stages: Day = self.stages.iter().map(|stage| stage.days).sum();
        stages + self.waited_for_advice()
    }

    /// Days past the due date; 0 before and on it.
    pub fn delay_days(&self) -> Day {
        (self.final_day() - TWENTY_WEEKS).max(0)
    }

    /// Days from the decision to the last advice; 0 if all of it came before the decision.
    fn waited_for_advice(&self) -> Day {
        self.advice.iter().map(Asked::back_after).max().unwrap_or(0).max(0)
    }

    /// The request whose advice came last; of those that came on one day the one that took longest, and of equals the one
    /// whose type has the first word in the alphabet.
    #[inline]
    pub(super) fn last_asked(&self) -> Option<&Asked> {
        let days = |asked: &Asked| (asked.back_after(), asked.taken);
        let word = |asked: &Asked| asked.advice_type.code();
        self.advice.iter().max_by(|one, other| days(one).cmp(&days(other)).then_with(|| word(other).cmp(word(one))))
    }

    /// Its steps.
    pub(super) fn steps(&self) -> Steps {
        let mut steps = Steps::default();
        for stage in &self.stages {
            steps.insert(stage.step);
        }
        for asked in &self.advice {
            steps.insert(Step::Asking);
            steps.insert(Step::Advice(asked.advice_type));
        }
        steps
    }
}
