//! Reviews of EHC plans as DfE counts them, transfers between phases, and exceptions by their grounds.

use std::collections::BTreeMap;

use super::clocks;
use super::group::{Periods, Sum};
use crate::domain::annual_review::ReviewDecision;
use crate::domain::clock::{Clock, Exception, Ground, State, Transfer};
use crate::domain::facts::{Day, Facts, NEVER, day};

/// Longest time from the meeting to the decision: four weeks, reg 20(10).
const FOUR_WEEKS: Day = 28;

/// Reviews by what became of them, and the plans they are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReviewCounts {
    /// Plans maintained at the end of the period.
    pub plans: u64,
    /// Reviews whose meeting took place.
    pub meetings: u64,
    /// Decided to amend.
    pub amend: u64,
    /// Decided to cease.
    pub cease: u64,
    /// Decided to maintain.
    pub maintain: u64,
    /// Not decided yet.
    pub no_outcome: u64,
    /// Decided within four weeks of the meeting.
    pub within_four_weeks: u64,
    /// Decided later.
    pub over_four_weeks: u64,
}

impl Sum for ReviewCounts {
    fn add(&mut self, other: &Self) {
        self.plans += other.plans;
        self.meetings += other.meetings;
        self.amend += other.amend;
        self.cease += other.cease;
        self.maintain += other.maintain;
        self.no_outcome += other.no_outcome;
        self.within_four_weeks += other.within_four_weeks;
        self.over_four_weeks += other.over_four_weeks;
    }
}

/// Counts the reviews whose meeting fell in each period, as known at the end of `as_at`.
pub fn reviews(facts: &Facts, periods: &Periods, as_at: Day) -> Vec<ReviewCounts> {
    let mut counts = vec![ReviewCounts::default(); periods.len()];
    for (_, review) in facts.reviews.rows().filter(|(_, review)| review.meeting <= as_at) {
        let Some(count) = periods.place(review.meeting).and_then(|place| counts.get_mut(place)) else { continue };
        count.meetings += 1;
        match review.decision.filter(|_| review.decided <= as_at || review.decided == NEVER) {
            Some(ReviewDecision::Amend) => count.amend += 1,
            Some(ReviewDecision::Cease) => count.cease += 1,
            Some(ReviewDecision::Maintain) => count.maintain += 1,
            None => count.no_outcome += 1,
        }
        if review.decided <= as_at {
            let in_time = review.decided - review.meeting <= FOUR_WEEKS;
            count.within_four_weeks += u64::from(in_time);
            count.over_four_weeks += u64::from(!in_time);
        }
    }
    for (count, last) in counts.iter_mut().zip(periods.last_days()) {
        let active = facts.plans.rows().filter(|(_, plan)| plan.is_active(last.min(as_at))).count();
        count.plans = u64::try_from(active).unwrap_or(u64::MAX);
    }
    counts
}

/// Plans whose child moves to another phase, by whether they named the next setting in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransferCounts {
    /// Plans with such a move.
    pub plans: u64,
    /// Named before the day the text says.
    pub in_time: u64,
    /// Named on that day, which guidance takes as in time.
    pub on_the_day: u64,
    /// Named later.
    pub late: u64,
    /// Not named, and late.
    pub overdue: u64,
    /// Not named, and not late yet.
    pub open: u64,
    /// The plan ended before.
    pub ended: u64,
}

impl Sum for TransferCounts {
    fn add(&mut self, other: &Self) {
        self.plans += other.plans;
        self.in_time += other.in_time;
        self.on_the_day += other.on_the_day;
        self.late += other.late;
        self.overdue += other.overdue;
        self.open += other.open;
        self.ended += other.ended;
    }
}

/// Counts the moves between phases from `first` to `last`, both inclusive, by kind, as known at the end of `as_at`.
/// A plan that came from another council with the next setting already named has no such clock of this council, and is not
/// counted: that it was named was another's to do in time.
pub fn transfers(facts: &Facts, (first, last): (Day, Day), as_at: Day) -> BTreeMap<Transfer, TransferCounts> {
    let mut counts = BTreeMap::<_, TransferCounts>::new();
    let moves = |day: Day| first <= day && day <= last;
    for (number, plan) in facts.plans.rows().filter(|(_, plan)| moves(plan.transfer_on) && plan.issued <= as_at) {
        let Some(transfer) = plan.transfer else { continue };
        // A plan made after the limit names the setting from the start: it has no such clock.
        let clock = facts.clocks.of(Clock::PhaseTransfer).and_then(|clocks| clocks.find(number));
        let Some(due) = clock.map(|clock| clock.due).filter(|due| *due != NEVER) else { continue };
        let count = counts.entry(transfer).or_default();
        count.plans += 1;
        let named = if plan.named <= as_at { plan.named } else { NEVER };
        let slot = match () {
            () if named == NEVER && plan.ended <= as_at => &mut count.ended,
            () if named == NEVER && as_at <= due => &mut count.open,
            () if named == NEVER => &mut count.overdue,
            () if named <= due => &mut count.in_time,
            // Where the text says before a day, guidance says by it.
            () if named == due + 1 && transfer.event().is_some() => &mut count.on_the_day,
            () => &mut count.late,
        };
        *slot += 1;
    }
    counts
}

/// Exceptions of one ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExceptionCounts {
    /// Recorded.
    pub recorded: u64,
    /// Whose conditions are fulfilled for the final plan of their case or re-assessment.
    pub fulfilled: u64,
    /// Of those, on cases that are past their due date: the exception was needed.
    pub needed: u64,
}

impl Sum for ExceptionCounts {
    fn add(&mut self, other: &Self) {
        self.recorded += other.recorded;
        self.fulfilled += other.fulfilled;
        self.needed += other.needed;
    }
}

/// Counts the exceptions that began from `first` to `last`, both inclusive, by ground, as known at the end of `as_at`.
pub fn exceptions(facts: &Facts, (first, last): (Day, Day), as_at: Day) -> BTreeMap<Ground, ExceptionCounts> {
    let mut counts = BTreeMap::<_, ExceptionCounts>::new();
    let in_range = |begun: Day| first <= begun && begun <= last.min(as_at);
    for (case, record) in facts.all_exceptions().filter(|(_, record)| in_range(day(Some(record.starts_on)))) {
        let count = counts.entry(record.ground).or_default();
        count.recorded += 1;
        let clock = if facts.cases.has(case) { Clock::FinalPlan } else { Clock::ReassessFinal };
        let Some(fact) = facts.clocks.of(clock).and_then(|clocks| clocks.find(case)) else { continue };
        // A re-assessment whose time has not started has no limit yet. Of a case nobody knows when it started: what is
        // recorded is taken as stated.
        if clock == Clock::ReassessFinal && fact.due == NEVER {
            continue;
        }
        if day(fact.rule.excused_from(&Exception::from(record), fact.window())) <= as_at {
            count.fulfilled += 1;
            let state = clocks::state(facts, (clock, case, &fact), None, as_at);
            count.needed += u64::from(matches!(state, State::Exempt { .. }));
        }
    }
    counts
}
