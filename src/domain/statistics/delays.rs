//! Delays of EHC plans: the open cases, how far past twenty weeks they are, and the advice they wait for.

use std::collections::BTreeMap;

use super::clocks;
use super::group::Sum;
use crate::domain::advice_request::AdviceType;
use crate::domain::clock::{Clock, State};
use crate::domain::facts::{CaseFact, Day, Facts};

/// Where a case stands against its twenty weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DelayState {
    /// Open, and not past its due date.
    Open,
    /// Open and past its due date.
    Overdue,
    /// Open, past its due date, and excused by an exception.
    ExemptOpen,
    /// Issued late.
    IssuedLate,
    /// Issued late, and excused by an exception.
    ExemptIssued,
}

impl DelayState {
    /// Every state, in the order of the contract.
    pub const ALL: [Self; 5] = [Self::Open, Self::Overdue, Self::ExemptOpen, Self::IssuedLate, Self::ExemptIssued];

    /// The word of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::ExemptOpen => "exempt_open",
            Self::IssuedLate => "issued_late",
            Self::ExemptIssued => "exempt_issued",
        }
    }

    /// True while the plan has not been issued.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Overdue | Self::ExemptOpen)
    }
}

/// One case that is open or was late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    /// The number of the EHC request.
    pub case: i64,
    /// Its facts.
    pub fact: CaseFact,
    /// Where it stands.
    pub state: DelayState,
    /// Days past the due date; 0 before and on it.
    pub days_over: Day,
    /// Advice asked for and not in hand: type, and whether it is past its six weeks without an exception.
    pub outstanding: Vec<(AdviceType, bool)>,
}

/// Where the case stands at the end of `as_at`; `None` if it is neither open nor late, or has no start.
pub fn state(fact: &CaseFact, as_at: Day) -> Option<(DelayState, Day)> {
    if fact.started > as_at {
        return None;
    }
    let exempt = fact.exempt_from <= as_at;
    // Refused or without a plan first, or under an order: what followed runs by other limits.
    if fact.ended.min(fact.replaced) <= as_at && fact.ended.min(fact.replaced) < fact.issued {
        return None;
    }
    if fact.issued <= as_at {
        let days_over = fact.issued - fact.final_due;
        let state = if exempt { DelayState::ExemptIssued } else { DelayState::IssuedLate };
        return (days_over > 0).then_some((state, days_over));
    }
    let days_over = (as_at - fact.final_due).max(0);
    let state = match (days_over, exempt) {
        (0, _) => DelayState::Open,
        (_, true) => DelayState::ExemptOpen,
        (_, false) => DelayState::Overdue,
    };
    Some((state, days_over))
}

/// Lists the open and late cases of one authority as at the end of `as_at`, in the order of their numbers.
pub fn delays(facts: &Facts, as_at: Day) -> Vec<Delay> {
    let mut delays: Vec<_> = facts
        .cases
        .rows()
        .filter_map(|(case, fact)| {
            let (state, days_over) = state(&fact, as_at)?;
            Some(Delay { case, fact, state, days_over, outstanding: Vec::new() })
        })
        .collect();
    for (number, advice) in facts.advice.rows() {
        if !advice.is_outstanding(as_at) {
            continue;
        }
        let Ok(place) = delays.binary_search_by_key(&advice.case, |delay| delay.case) else { continue };
        if let Some(delay) = delays.get_mut(place).filter(|delay| delay.state.is_open()) {
            let clock = facts.clocks.of(Clock::AdviceReturn).and_then(|clocks| clocks.find(number));
            let late = clock.is_some_and(|clock| {
                let state = clocks::state(facts, (Clock::AdviceReturn, number, &clock), Some(&advice), as_at);
                matches!(state, State::Overdue { .. })
            });
            delay.outstanding.push((advice.advice_type, late));
        }
    }
    delays
}

/// Cases counted by how they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DelaySummary {
    /// Open cases, overdue or not.
    pub open: u64,
    /// Open cases past their due date without an exception.
    pub overdue: u64,
    /// Open cases past their due date that an exception excuses.
    pub exempt: u64,
    /// Overdue cases that wait for advice.
    pub overdue_awaiting_advice: u64,
    /// Overdue cases by days over: up to 28, 84, 182, 364, and more.
    pub by_days_over: [u64; 5],
    /// The deadline debt: days overdue, summed over the overdue cases.
    pub days_over_total: u64,
    /// The most days overdue.
    pub days_over_longest: u64,
}

const OVER_LAST_DAYS: [Day; 4] = [28, 84, 182, 364];

impl Sum for DelaySummary {
    fn add(&mut self, other: &Self) {
        self.open += other.open;
        self.overdue += other.overdue;
        self.exempt += other.exempt;
        self.overdue_awaiting_advice += other.overdue_awaiting_advice;
        for (count, more) in self.by_days_over.iter_mut().zip(other.by_days_over) {
            *count += more;
        }
        self.days_over_total += other.days_over_total;
        self.days_over_longest = self.days_over_longest.max(other.days_over_longest);
    }
}

impl DelaySummary {
    fn count(&mut self, delay: &Delay) {
        if !delay.state.is_open() {
            return;
        }
        self.open += 1;
        self.exempt += u64::from(delay.state == DelayState::ExemptOpen);
        if delay.state == DelayState::Overdue {
            self.overdue += 1;
            self.overdue_awaiting_advice += u64::from(!delay.outstanding.is_empty());
            let place = OVER_LAST_DAYS.iter().filter(|last| delay.days_over > **last).count();
            if let Some(count) = self.by_days_over.get_mut(place) {
                *count += 1;
            }
            let days_over = u64::try_from(delay.days_over).unwrap_or(0);
            self.days_over_total += days_over;
            self.days_over_longest = self.days_over_longest.max(days_over);
        }
    }

    /// Counts all the delays of one authority.
    pub fn of(delays: &[Delay]) -> Self {
        let mut summary = Self::default();
        for delay in delays {
            summary.count(delay);
        }
        summary
    }

    /// Counts the delays of one authority by the advice they wait for; a case that waits for two counts in both.
    pub fn by_outstanding_advice(delays: &[Delay]) -> BTreeMap<Option<AdviceType>, Self> {
        let mut groups = BTreeMap::<_, Self>::new();
        for delay in delays {
            let mut types: Vec<_> = delay.outstanding.iter().map(|(advice_type, _)| Some(*advice_type)).collect();
            types.sort_unstable();
            types.dedup();
            if types.is_empty() {
                types.push(None);
            }
            for advice_type in types {
                groups.entry(advice_type).or_default().count(delay);
            }
        }
        groups
    }
}
