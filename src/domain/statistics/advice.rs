//! Advice to EHC needs assessments: asked for, returned, late, sent back, declined; and what was never asked for.

use std::collections::BTreeMap;

use super::clocks;
use super::dimension::{Dimension, Lane, Lanes, child_lane};
use super::spread::Spread;
use super::tally::Sheet;
use crate::domain::advice_request::AdviceType;
use crate::domain::clock::{Clock, State};
use crate::domain::facts::{AdviceFact, CaseFact, Day, Facts, NEVER};
use crate::domain::statistics::group::Periods;

/// The lanes of requests for advice.
#[derive(Clone, Copy, Debug)]
pub struct OfAdvice;

impl Lanes for OfAdvice {
    const DIMENSIONS: &'static [Dimension] = &[
        Dimension::AdviceType,
        Dimension::Provider,
        Dimension::AgeBand,
        Dimension::Sex,
        Dimension::EthnicityGroup,
        Dimension::PrimaryNeed,
        Dimension::SenStatus,
    ];

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not of the advice is of the child")]
    fn lane(facts: &Facts, dimension: Dimension, as_at: Day) -> Option<Lane<'_>> {
        match dimension {
            Dimension::AdviceType => Some(Lane::Advice(&facts.advice.advice_type)),
            Dimension::Provider => Some(Lane::Provider(&facts.advice.provider)),
            other => {
                let of_case = child_lane(facts, &facts.cases.child, other, as_at)?;
                Some(Lane::OfCase(&facts.advice.case, &facts.cases, Box::new(of_case)))
            }
        }
    }
}

/// Requests for advice sent in one period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdviceCounts {
    /// Sent to a body.
    pub requested: u64,
    /// Returned: the advice is in hand.
    pub returned: u64,
    /// Not returned, not declined, and the case has not ended.
    pub outstanding: u64,
    /// Those of them past their six weeks without an exception.
    pub overdue: u64,
    /// Sent back to the body as not good enough, at least once.
    pub sent_back: u64,
    /// Declined.
    pub declined: u64,
    /// Returned within six weeks of the day the body received the request.
    pub within_six_weeks: u64,
    /// Returned later, or not returned and past them, without an exception.
    pub late: u64,
    /// Returned late, or not yet, and an exception excuses it.
    pub exempt: u64,
    /// Days from the body's receipt (where nobody noted it, from the council's request) to the advice, of those returned.
    pub days: Spread,
}

/// Counts requests for advice by the day they were sent, as known at the end of `as_at`. Requests for advice to
/// re-assessments count too.
pub fn advice_counts(facts: &Facts, sheet: &mut Sheet<'_, AdviceCounts>, as_at: Day) {
    for (row, (number, advice)) in facts.advice.rows().enumerate() {
        let Some(member) = sheet.member(row).filter(|_| advice.sent <= as_at) else { continue };
        let state = state(facts, number, &advice, as_at);
        let Some(counts) = sheet.cell(member, advice.sent) else { continue };
        counts.requested += 1;
        counts.sent_back += u64::from(advice.sent_back <= as_at);
        let in_hand = advice.in_hand_by(as_at);
        let returned = in_hand != NEVER && advice.returned <= as_at;
        if returned {
            counts.returned += 1;
            counts.days.count(in_hand - if advice.received == NEVER { advice.sent } else { advice.received });
        }
        counts.declined += u64::from(advice.declined <= as_at);
        match state {
            Some(State::Met) => counts.within_six_weeks += 1,
            Some(State::Breached { .. }) => counts.late += 1,
            Some(State::Overdue { .. }) => {
                counts.late += 1;
                counts.overdue += 1;
            }
            Some(State::Exempt { .. }) => counts.exempt += 1,
            _ => {}
        }
        counts.outstanding += u64::from(is_outstanding(facts, number, &advice, as_at));
    }
}

/// True if the council still waits for that advice at the end of `as_at`: asked for, neither in hand nor declined, and the
/// assessment goes on.
pub fn is_outstanding(facts: &Facts, number: i64, advice: &AdviceFact, as_at: Day) -> bool {
    let state = state(facts, number, advice, as_at);
    let waits =
        matches!(state, Some(State::Open { .. } | State::Overdue { .. } | State::NotStarted | State::Exempt { .. }));
    waits && advice.is_outstanding(as_at)
}

/// How the clock of a request for advice stood at the end of `as_at`.
pub(super) fn state(facts: &Facts, number: i64, advice: &AdviceFact, as_at: Day) -> Option<State> {
    let clock = if facts.cases.has(advice.case) { Clock::AdviceReturn } else { Clock::ReassessAdvice };
    let fact = facts.clocks.of(clock)?.find(number)?;
    Some(clocks::state(facts, (clock, number, &fact), Some(advice), as_at))
}

/// What assessments asked for, by one kind of advice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Decisions to assess in the period.
    pub assessments: u64,
    /// Those of them for which this advice was asked, or earlier advice accepted.
    pub asked: u64,
    /// Plans issued in the period.
    pub plans: u64,
    /// Those of them issued without this advice in hand that day although it had been asked for.
    pub plans_without: u64,
    /// Those of them for which it was never asked.
    pub plans_never_asked: u64,
}

/// What is known of one kind of advice to one case.
#[derive(Clone, Copy)]
struct Known {
    asked: Day,
    in_hand_for_plan: bool,
}

/// For each case that has any, what is known of each kind of advice: the first time it was asked for, and whether any was in
/// hand on the day of the plan.
fn known_advice(facts: &Facts) -> BTreeMap<(i64, AdviceType), Known> {
    let mut known = BTreeMap::new();
    for (_, advice) in facts.advice.rows() {
        let unknown = Known { asked: NEVER, in_hand_for_plan: false };
        let entry = known.entry((advice.case, advice.advice_type)).or_insert(unknown);
        entry.asked = entry.asked.min(advice.sent.min(advice.accepted));
        let issued = facts.cases.find(advice.case).map_or(NEVER, |case| case.issued);
        entry.in_hand_for_plan |= issued != NEVER && advice.in_hand_by(issued) != NEVER;
    }
    known
}

/// Counts, for each period and kind of advice, which assessments asked for it and which plans were issued without, as known
/// at the end of `as_at`.
pub fn coverage(facts: &Facts, periods: &Periods, as_at: Day) -> Vec<[Coverage; AdviceType::ALL.len()]> {
    let known = known_advice(facts);
    let mut counts = vec![[Coverage::default(); AdviceType::ALL.len()]; periods.len()];
    for (case, fact) in facts.cases.rows() {
        let of = |kind: AdviceType| known.get(&(case, kind)).copied();
        if fact.assesses && fact.decided <= as_at {
            each_kind(&mut counts, periods, fact.decided, |kind, count| {
                count.assessments += 1;
                count.asked += u64::from(of(kind).is_some_and(|known| known.asked <= as_at));
            });
        }
        if fact.issued <= as_at {
            each_kind(&mut counts, periods, fact.issued, |kind, count| count.count_plan(&fact, of(kind)));
        }
    }
    counts
}

fn each_kind(
    counts: &mut [[Coverage; AdviceType::ALL.len()]],
    periods: &Periods,
    day: Day,
    mut count: impl FnMut(AdviceType, &mut Coverage),
) {
    let Some(period) = periods.place(day).and_then(|place| counts.get_mut(place)) else { return };
    for (kind, counted) in AdviceType::ALL.iter().zip(period) {
        count(*kind, counted);
    }
}

impl Coverage {
    fn count_plan(&mut self, fact: &CaseFact, known: Option<Known>) {
        self.plans += 1;
        match known.filter(|known| known.asked <= fact.issued) {
            None => self.plans_never_asked += 1,
            Some(known) => self.plans_without += u64::from(!known.in_hand_for_plan),
        }
    }
}

impl super::group::Sum for Coverage {
    fn add(&mut self, other: &Self) {
        self.assessments += other.assessments;
        self.asked += other.asked;
        self.plans += other.plans;
        self.plans_without += other.plans_without;
        self.plans_never_asked += other.plans_never_asked;
    }
}
