//! Revisions: why a figure of a past day is another one now than it was known before.

use super::advice::is_outstanding;
use super::delays::{DelayState, state};
use super::timeliness::TWENTY_WEEKS;
use crate::domain::facts::{Day, Facts, NEVER};
use crate::domain::field::codes;

codes! {
    /// A figure whose revisions can be followed: how many records fulfil a condition as at a day.
    Figure {
        /// Referrals waiting.
        Waiting = "waiting",
        /// Referrals waiting longer than 18 weeks.
        WaitingOver18Weeks = "waiting_over_18_weeks",
        /// Open EHC requests.
        EhcOpen = "ehc_open",
        /// Open EHC requests past twenty weeks without an exception.
        EhcOverdue = "ehc_overdue",
        /// Plans issued up to the day, cases with mediation or a tribunal left out.
        PlansIssued = "plans_issued",
        /// Those of them issued within twenty weeks.
        PlansWithin20Weeks = "plans_within_20_weeks",
        /// Requests for advice that are outstanding.
        AdviceOutstanding = "advice_outstanding",
    }
}

/// The numbers of the records a figure counts, ascending, and of all records it could count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Counted as at the day.
    pub counts: Vec<i64>,
    /// Known at all.
    pub known: Vec<i64>,
}

/// Which records a figure counts as at the end of `as_at`.
pub fn counted(facts: &Facts, figure: Figure, as_at: Day) -> Counted {
    let of_cases = |counts: &dyn Fn(i64) -> bool| {
        let known = facts.cases.number.clone();
        Counted { counts: known.iter().copied().filter(|number| counts(*number)).collect(), known }
    };
    let delay = |number: i64, wanted: &[DelayState]| {
        let state = facts.cases.find(number).and_then(|fact| state(&fact, as_at));
        state.is_some_and(|(state, _)| wanted.contains(&state))
    };
    let issued = |number: i64, at_most: Day| {
        facts.cases.find(number).is_some_and(|fact| {
            let dated = fact.started != NEVER || at_most == NEVER;
            let in_time = at_most == NEVER || fact.issued.saturating_sub(fact.started) <= at_most;
            fact.issued <= as_at && !fact.contested && dated && in_time
        })
    };
    match figure {
        Figure::Waiting => waiting(facts, as_at, 0),
        Figure::WaitingOver18Weeks => waiting(facts, as_at, 127),
        Figure::EhcOpen => {
            of_cases(&|number| delay(number, &[DelayState::Open, DelayState::Overdue, DelayState::ExemptOpen]))
        }
        Figure::EhcOverdue => of_cases(&|number| delay(number, &[DelayState::Overdue])),
        Figure::PlansIssued => of_cases(&|number| issued(number, NEVER)),
        Figure::PlansWithin20Weeks => of_cases(&|number| issued(number, TWENTY_WEEKS)),
        Figure::AdviceOutstanding => {
            let rows = facts.advice.rows().filter(|(number, advice)| is_outstanding(facts, *number, advice, as_at));
            Counted { counts: rows.map(|(number, _)| number).collect(), known: facts.advice.number.clone() }
        }
    }
}

fn waiting(facts: &Facts, as_at: Day, at_least: Day) -> Counted {
    let referrals = &facts.referrals;
    let columns = referrals.number.iter().zip(&referrals.received).zip(&referrals.wait_ended);
    let waits = columns
        .filter(|((_, received), ended)| **received <= as_at && **ended > as_at && as_at - **received >= at_least);
    Counted { counts: waits.map(|((number, _), _)| *number).collect(), known: referrals.number.clone() }
}

/// Why a figure changed between two instants: the parts sum to the difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// The figure at the later instant.
    pub value: u64,
    /// Counted now, of records not known before.
    pub newly_recorded: u64,
    /// Known before, and counted only now.
    pub now_counts: u64,
    /// Counted before, and no longer.
    pub no_longer_counts: u64,
}

impl Revision {
    /// The first of a series has nothing before it: everything it counts was recorded by then.
    pub fn between(before: &Counted, after: &Counted) -> Self {
        let has = |list: &[i64], number: &i64| list.binary_search(number).is_ok();
        let mut revision = Self { value: length(&after.counts), ..Self::default() };
        for number in after.counts.iter().filter(|number| !has(&before.counts, number)) {
            let slot = if has(&before.known, number) { &mut revision.now_counts } else { &mut revision.newly_recorded };
            *slot += 1;
        }
        let gone = before.counts.iter().filter(|number| !has(&after.counts, number)).count();
        revision.no_longer_counts = u64::try_from(gone).unwrap_or(u64::MAX);
        revision
    }

    /// How much the figure changed; below 0 if it fell.
    pub fn change(&self) -> i64 {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        signed(self.newly_recorded) + signed(self.now_counts) - signed(self.no_longer_counts)
    }

    /// Adds the revision of another authority between the same instants.
    pub fn add(&mut self, other: &Self) {
        self.value += other.value;
        self.newly_recorded += other.newly_recorded;
        self.now_counts += other.now_counts;
        self.no_longer_counts += other.no_longer_counts;
    }
}

fn length(list: &[i64]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}
