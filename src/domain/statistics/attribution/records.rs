//! The paths of cases, read from their records.

use super::path::{Asked, Path, Stage};
use super::step::{Part, Step};
use crate::domain::facts::{AdviceFact, CaseFact, Day, Facts, NEVER};
use crate::domain::statistics::timeliness::TWENTY_WEEKS;

/// The cases of one authority with the advice of each, found once for all.
pub struct Paths<'a> {
    facts: &'a Facts,
    /// The places of the requests for advice by the numbers of their cases, unless they stand in that order themselves.
    sorted: Option<Vec<usize>>,
}

impl<'a> Paths<'a> {
    /// Sorts the requests for advice by case.
    pub fn new(facts: &'a Facts) -> Self {
        let cases = &facts.advice.case;
        let sorted = (!cases.is_sorted()).then(|| {
            let mut places: Vec<_> = (0..cases.len()).collect();
            places.sort_by_key(|place| cases.get(*place));
            places
        });
        Self { facts, sorted }
    }

    /// The path of one case: see [`path_of`].
    pub fn of(&self, case: i64, as_at: Day) -> Option<Path> {
        self.walk().path((case, &self.facts.cases.find(case)?), as_at).cloned()
    }

    /// Begins to read the paths of cases in the order of their numbers.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { paths: self, next: 0, path: Path::default() }
    }

    /// The place of the request for advice that is the `next` by the number of its case.
    fn place(&self, next: usize) -> usize {
        self.sorted.as_ref().map_or(next, |places| places.get(next).copied().unwrap_or(usize::MAX))
    }

    /// The first request for advice from `next` on whose case has at least that number.
    fn skip(&self, mut next: usize, case: i64) -> usize {
        let cases = &self.facts.advice.case;
        if self.sorted.is_none() {
            return next + cases.get(next..).unwrap_or_default().iter().take_while(|other| **other < case).count();
        }
        while self.facts.advice.case.get(self.place(next)).is_some_and(|other| *other < case) {
            next += 1;
        }
        next
    }
}

/// The paths of cases, read one after the other.
pub(super) struct Walk<'a> {
    paths: &'a Paths<'a>,
    /// The next request for advice, by the numbers of the cases.
    next: usize,
    /// The path read last, in whose vectors the next one is kept.
    path: Path,
}

impl Walk<'_> {
    /// The path of one case whose facts are at hand; its number must be higher than that of the case before.
    pub(super) fn path(&mut self, (case, fact): (i64, &CaseFact), as_at: Day) -> Option<&Path> {
        let first = self.paths.skip(self.next, case);
        self.next = self.paths.skip(first, case + 1);
        let (advice, places) = (&self.paths.facts.advice, first..self.next);
        // Most stand in the order of their cases, and need not be looked for.
        if self.paths.sorted.is_none() {
            read(fact, places.filter_map(|place| Some(advice.row(place)?.1)), as_at, &mut self.path)?;
        } else {
            let rows = places.filter_map(|next| Some(advice.row(self.paths.place(next))?.1));
            read(fact, rows, as_at, &mut self.path)?;
        }
        Some(&self.path)
    }
}

/// The path of one case, as known at the end of `as_at`; for many cases of one authority take [`Paths`].
///
/// `None` if the case has not started, nobody knows when, or it ended without a plan. An exception or an order that
/// replaces the limits is not looked at. What the path is where records are silent:
///
/// - A plan that is not issued: the step under way has run until `as_at`, and so has advice that is still out. Steps that
///   have not begun have taken no time, so that the path ends on `as_at`, and the delay is the days overdue so far.
/// - An adviser is asked on the day the request was received, from which its six weeks run, reg 8(1); on the day it was sent
///   if nobody recorded receipt. Advice that was declined ends on that day.
/// - Advice that came after the draft was served, or never, did not hold up the draft: it is no part of the path. What was
///   sent back after the draft had been in hand for it. Earlier advice accepted without a request, or before one that was sent
///   after the draft, takes no time.
/// - No decision, or none yet: it was made by the day advice was first sent for. Without that the time to the draft is [`Step::Unrecorded`],
///   or, while there is neither draft nor plan, the decision is under way.
/// - No advice in hand by the draft: the time since the decision is [`Step::Unrecorded`], with the standards of asking, advice
///   and drafting.
/// - No draft: in an issued plan, drafting and consultation are one step, drafting, with the standards of both.
pub fn path_of(facts: &Facts, case: i64, as_at: Day) -> Option<Path> {
    let places = facts.advice.case.iter().enumerate().filter(|(_, other)| **other == case);
    let advice = places.filter_map(|(place, _)| facts.advice.row(place)).map(|(_, advice)| advice);
    let mut path = Path::default();
    read(&facts.cases.find(case)?, advice, as_at, &mut path)?;
    Some(path)
}

/// The recorded days of a case, none of them before day zero or after the end of its path.
struct Days {
    started: Day,
    decided: Option<Day>,
    draft_served: Option<Day>,
    /// Issued, or the day of reading.
    end: Day,
    issued: bool,
}

impl Days {
    fn of(fact: &CaseFact, advice: impl Iterator<Item = AdviceFact>, as_at: Day) -> Self {
        let (started, end) = (fact.started, fact.issued.min(as_at).max(fact.started));
        let draft_served = Some(fact.draft_served).filter(|day| *day <= as_at).map(|day| day.clamp(started, end));
        let issued = fact.issued <= as_at;
        let mut days = Self { started, decided: None, draft_served, end, issued };
        let last = days.last_for_advice();
        let sent = advice.map(|advice| advice.sent).filter(|sent| *sent <= last);
        let decided = if fact.decided > as_at { sent.min() } else { Some(fact.decided) };
        let under_way = (draft_served.is_none() && !issued).then_some(end);
        days.decided = decided.or(under_way).map(|day| day.clamp(started, last));
        days
    }

    /// The last day on which advice could still hold up the draft.
    fn last_for_advice(&self) -> Day {
        self.draft_served.unwrap_or(self.end)
    }

    /// True while the draft is waited for.
    fn is_drafting_open(&self) -> bool {
        self.draft_served.is_none() && !self.issued
    }

    /// A request that the draft waited for; `None` if it did not.
    #[inline]
    fn asked(&self, advice: &AdviceFact, decided: Day) -> Option<Asked> {
        let last = self.last_for_advice();
        let back = advice.in_hand_by(last).min(advice.declined).max(advice.sent);
        if advice.sent > last || (back > last && !self.is_drafting_open()) {
            return None;
        }
        let back = back.min(last);
        let asked = if advice.received <= back { advice.received.max(advice.sent) } else { advice.sent };
        Some(Asked { advice_type: advice.advice_type, asked_after: asked - decided, taken: back - asked })
    }

    /// Adds the stages from `from` to the end of the path: up to the draft `step`, with its parts, and then the consultation.
    fn add_stages(
        &self,
        from: Day,
        step: Step,
        [parts, with_consultation]: [&'static [Part]; 2],
        stages: &mut Vec<Stage>,
    ) {
        let Some(served) = self.draft_served else {
            let parts = if self.issued { with_consultation } else { parts };
            return stages.push(Stage { step, days: self.end - from, parts });
        };
        stages.push(Stage { step, days: served - from, parts });
        stages.push(Stage { step: Step::Consultation, days: self.end - served, parts: &[Part::Consultation] });
    }
}

const DRAFTING: [&[Part]; 2] = [&[Part::Drafting], &[Part::Drafting, Part::Consultation]];

const SINCE_DECISION: [&[Part]; 2] =
    [&[Part::Asking, Part::Advice, Part::Drafting], &[Part::Asking, Part::Advice, Part::Drafting, Part::Consultation]];

const SINCE_START: [&[Part]; 2] = [
    &[Part::Decision, Part::Asking, Part::Advice, Part::Drafting],
    &[Part::Decision, Part::Asking, Part::Advice, Part::Drafting, Part::Consultation],
];

/// Reads a path in place of what `path` was; `None` where there is none.
fn read(
    fact: &CaseFact,
    mut advice: impl Iterator<Item = AdviceFact> + Clone,
    as_at: Day,
    path: &mut Path,
) -> Option<()> {
    let ended = fact.ended <= as_at && fact.ended < fact.issued;
    if fact.started > as_at || fact.started == NEVER || ended || fact.final_due - fact.started != TWENTY_WEEKS {
        return None;
    }
    let Path { stages, advice: asked } = path;
    stages.clear();
    asked.clear();
    let days = Days::of(fact, advice.clone(), as_at);
    let Some(decided) = days.decided else {
        days.add_stages(days.started, Step::Unrecorded, SINCE_START, stages);
        return Some(());
    };
    stages.push(Stage { step: Step::Decision, days: decided - days.started, parts: &[Part::Decision] });
    for advice in advice.clone() {
        if let Some(waited_for) = days.asked(&advice, decided) {
            asked.push(waited_for);
        }
    }
    let last = days.last_for_advice();
    let accepted = |advice: AdviceFact| advice.sent > last && advice.accepted <= last;
    if asked.is_empty() && !advice.any(accepted) {
        days.add_stages(decided, Step::Unrecorded, SINCE_DECISION, stages);
    } else {
        let last = asked.iter().map(Asked::back_after).max().unwrap_or(0);
        days.add_stages(decided + last.max(0), Step::Drafting, DRAFTING, stages);
    }
    if days.is_drafting_open() {
        // What begins today, or has not begun, has taken no time.
        stages.retain(|stage| stage.step == Step::Decision || stage.days > 0);
    }
    Some(())
}
