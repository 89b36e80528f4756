//! The path of one case from request to final plan, in days.

use std::cmp::Reverse;

use super::step::{Part, Standards, Step};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub(super) stages: Vec<Stage>,
    pub(super) advice: Vec<Asked>,
}

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
    pub(super) fn last_asked(&self) -> Option<&Asked> {
        self.advice.iter().max_by_key(|asked| (asked.back_after(), asked.taken, Reverse(asked.advice_type.code())))
    }

    /// Its steps in the order of [`Step`].
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<_> = self.advice.iter().map(|asked| Step::Advice(asked.advice_type)).collect();
        if !steps.is_empty() {
            steps.push(Step::Asking);
        }
        steps.extend(self.stages.iter().map(|stage| stage.step));
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    /// The critical path, from its end: each step with its days past its own standard, 0 within it.
    pub(super) fn excesses_backwards(&self, standards: &Standards) -> Vec<(Step, Day)> {
        let excess = |stage: &Stage| (stage.step, (stage.days - standards.of(stage.parts)).max(0));
        let mut excesses: Vec<_> = self.stages.iter().skip(1).rev().map(excess).collect();
        if let Some(last) = self.last_asked().filter(|last| last.back_after() > 0) {
            excesses.push((Step::Advice(last.advice_type), (last.taken - standards.advice()).max(0)));
            excesses.push((Step::Asking, (last.asked_after - standards.asking()).max(0)));
        }
        excesses.extend(self.stages.first().map(excess));
        excesses
    }
}
