//! Clocks counted and listed: the work queue of deadlines, and the timeliness of any clock.

use super::group::{Periods, Sum};
use crate::domain::advice_request::AdviceType;
use crate::domain::clock::instance::Ended;
use crate::domain::clock::{Clock, Exception, Force, Kind, Rule, State};
use crate::domain::facts::{AdviceFact, ClockFact, ClockFacts, Day, Facts, NEVER, ProviderPlace, date, day};
use crate::domain::noun::Noun;

/// Which deadlines to list.
#[derive(Clone, Debug)]
pub struct DeadlineFilter {
    /// Due on this day or later.
    pub due_from: Day,
    /// Due on this day or earlier.
    pub due_to: Day,
    /// Only these clocks; empty for all.
    pub clocks: Vec<Clock>,
    /// Only these states, by their words; empty for all.
    pub states: Vec<&'static str>,
    /// Only clocks of this advice.
    pub advice: Option<AdviceType>,
}

/// One clock that runs, or whose due date has passed with the act still to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Which clock.
    pub clock: Clock,
    /// The rule in force.
    pub rule: &'static Rule,
    /// The record it is a clock of.
    pub record: (Noun, i64),
    /// The EHC request it belongs to, where it belongs to one.
    pub case: Option<i64>,
    /// The last day in time.
    pub due: Day,
    /// Open, overdue or exempt.
    pub state: State,
    /// Whose advice, for the clock of an adviser.
    pub advice: Option<AdviceType>,
    /// The place of the provider, 0 for none.
    pub provider: ProviderPlace,
}

/// Lists the deadlines of one authority as at the end of `as_at`, in no order. With a provider, only that one's.
pub fn deadlines(facts: &Facts, filter: &DeadlineFilter, provider: Option<ProviderPlace>, as_at: Day) -> Vec<Deadline> {
    let mut found = Vec::new();
    for (clock, instances) in facts.clocks.iter() {
        let is_advice = is_advice(clock);
        let wanted = (filter.clocks.is_empty() || filter.clocks.contains(&clock))
            && (filter.advice.is_none() || is_advice)
            && (provider.is_none() || is_advice || clock == Clock::SchoolConsultation);
        if wanted {
            // Where the last day moves, its column holds only the day it came to in the end.
            let range = if clock == Clock::AppealWindow { (0, NEVER) } else { (filter.due_from, filter.due_to) };
            let running = candidates(instances, range, as_at);
            found.extend(running.filter_map(|(number, fact)| deadline(facts, clock, number, &fact, as_at)));
        }
    }
    found.retain(|deadline| {
        (filter.states.is_empty() || filter.states.contains(&deadline.state.code()))
            && (filter.due_from..=filter.due_to).contains(&deadline.due)
            && filter.advice.is_none_or(|advice| deadline.advice == Some(advice))
            && provider.is_none_or(|provider| deadline.provider == provider)
    });
    found
}

/// The rows whose due date lies in the range and whose act is still to be done: a scan over four columns.
fn candidates(
    instances: &ClockFacts,
    (from, to): (Day, Day),
    as_at: Day,
) -> impl Iterator<Item = (i64, ClockFact)> + '_ {
    let columns = instances.due.iter().zip(&instances.done).zip(&instances.ended).zip(&instances.started);
    let wanted = columns.enumerate().filter(move |(_, (((due, done), ended), started))| {
        from <= **due && **due <= to && **done > as_at && **ended > as_at && **started <= as_at
    });
    wanted.filter_map(|(place, _)| instances.row(place))
}

fn deadline(facts: &Facts, clock: Clock, number: i64, fact: &ClockFact, as_at: Day) -> Option<Deadline> {
    let advice = advice_of(facts, clock, number);
    let state = state(facts, (clock, number, fact), advice.as_ref(), as_at);
    // A window is no deadline: acting by its end would be too early.
    let is_deadline = fact.rule.kind == Kind::Latest;
    if !is_deadline || !matches!(state, State::Open { .. } | State::Overdue { .. } | State::Exempt { .. }) {
        return None;
    }
    let record = (facts.noun_of(clock, number), number);
    let case = match &advice {
        Some(advice) => Some(advice.case).filter(|case| facts.cases.has(*case)),
        None if record.0 == Noun::EhcRequest => Some(number),
        None => facts.case_about(number),
    };
    Some(Deadline {
        clock,
        rule: fact.rule,
        record,
        case,
        due: known_due(facts, clock, (number, fact.due), as_at),
        state,
        advice: advice.map(|advice| advice.advice_type),
        provider: advice.map_or_else(|| facts.provider_consulted(number), |advice| advice.provider),
    })
}

/// The last day in time, as far as it is known at the end of `as_at`.
fn known_due(facts: &Facts, clock: Clock, (number, due): (i64, Day), as_at: Day) -> Day {
    facts.moving(clock, number, as_at).map_or(due, |reading| day(reading.due_on))
}

/// True for the clocks of advisers.
fn is_advice(clock: Clock) -> bool {
    matches!(clock, Clock::AdviceReturn | Clock::ReassessAdvice)
}

fn advice_of(facts: &Facts, clock: Clock, number: i64) -> Option<AdviceFact> {
    is_advice(clock).then(|| facts.advice.find(number)).flatten()
}

/// What a clock of a record says, exceptions, orders and the end of the case included: the same as reading the record.
pub fn state(
    facts: &Facts,
    (clock, number, fact): (Clock, i64, &ClockFact),
    advice: Option<&AdviceFact>,
    as_at: Day,
) -> State {
    if let Some(reading) = facts.moving(clock, number, as_at) {
        return reading.state;
    }
    let of_request = matches!(clock, Clock::DecideToAssess | Clock::DecideNotToIssue | Clock::FinalPlan);
    let case = match advice {
        Some(advice) => Some(advice.case),
        None if of_request || clock == Clock::ReassessFinal => Some(number),
        None => facts.case_about(number),
    };
    let Some(case) = case else { return fact.state(as_at) };
    let mut fact = *fact;
    if let Some(advice) = advice.filter(|advice| as_at < advice.sent_back && advice.accepted == NEVER) {
        fact.done = advice.returned;
    }
    let mut end = |day: Day, how| {
        if day < fact.done && day < fact.ended {
            (fact.ended, fact.how) = (day, how);
        }
    };
    match facts.cases.find(case) {
        Some(request) if advice.is_some() || clock == Clock::SchoolConsultation => end(request.ended, Ended::Stopped),
        Some(request) if of_request && clock != Clock::DecideToAssess => end(request.replaced, Ended::Replaced),
        None if advice.is_some() => end(facts.reassessment_ended(case).unwrap_or(NEVER), Ended::Stopped),
        _ => {}
    }
    let plain = fact.state(as_at);
    // Exceptions are looked up only where they can matter.
    let (State::Overdue { days_late: days } | State::Breached { days_late: days }, true) = (plain, fact.excusable)
    else {
        return plain;
    };
    let missed = advice.and_then(|advice| Exception::missed_appointment(date(advice.missed)));
    let mut exceptions = facts.exceptions(case).chain(missed);
    if exceptions.any(|exception| excuses(&exception, &fact, as_at)) {
        State::Exempt { days_past: days }
    } else {
        plain
    }
}

/// True if the exception disapplies the limit by the end of `as_at`.
fn excuses(exception: &Exception, fact: &ClockFact, as_at: Day) -> bool {
    let window = fact.window();
    window.is_some() && day(fact.rule.excused_from(exception, window)) <= as_at
}

/// The instances of one clock by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockCounts {
    /// Done in time.
    pub met: u64,
    /// Done late, without an exception.
    pub breached: u64,
    /// Not done and late, without an exception.
    pub overdue: u64,
    /// Late, and an exception disapplies the limit.
    pub exempt: u64,
    /// Not done, and not late yet.
    pub open: u64,
    /// Not or no longer bound: withdrawn, ceased, replaced by an order, nothing left to do, lapsed, or a window that passed.
    pub unbound: u64,
    /// Days late, summed over `breached` and `overdue`.
    pub days_late: u64,
}

impl Sum for ClockCounts {
    fn add(&mut self, other: &Self) {
        self.met += other.met;
        self.breached += other.breached;
        self.overdue += other.overdue;
        self.exempt += other.exempt;
        self.open += other.open;
        self.unbound += other.unbound;
        self.days_late += other.days_late;
    }
}

impl ClockCounts {
    /// What a percentage in time is of: everything that was due, exempt ones left out.
    pub fn due(&self) -> u64 {
        self.met + self.breached + self.overdue
    }

    fn count(&mut self, state: State) {
        let days = |days: i64| u64::try_from(days).unwrap_or(0);
        match state {
            State::Met => self.met += 1,
            State::Breached { days_late } => {
                self.breached += 1;
                self.days_late += days(days_late);
            }
            State::CutShort { .. } => self.breached += 1,
            State::Overdue { days_late } => {
                self.overdue += 1;
                self.days_late += days(days_late);
            }
            State::Exempt { .. } => self.exempt += 1,
            State::Open { .. } => self.open += 1,
            State::NotApplicable | State::Stopped | State::Replaced | State::Lapsed | State::Elapsed => {
                self.unbound += 1;
            }
            State::NotStarted => {}
        }
    }
}

/// Counts the instances of one clock by the period in which they were due, as at the end of `as_at`: those behind whose
/// limit that force stands, or, where none is said, the force the clock has in general.
pub fn clock_counts(
    facts: &Facts,
    (clock, force): (Clock, Option<Force>),
    periods: &Periods,
    as_at: Day,
) -> Vec<ClockCounts> {
    let mut counts = vec![ClockCounts::default(); periods.len()];
    let Some(instances) = facts.clocks.of(clock) else { return counts };
    let force = force.unwrap_or_else(|| clock.rule(None).force);
    for (place, (number, due)) in instances.number.iter().zip(&instances.due).enumerate() {
        let due = known_due(facts, clock, (*number, *due), as_at);
        let Some(count) = periods.place(due).and_then(|period| counts.get_mut(period)) else { continue };
        // What starts later has not happened, though an ending of it may have.
        let counts = |fact: &ClockFact| fact.rule.force == force && fact.started <= as_at;
        let Some((number, fact)) = instances.row(place).filter(|(_, fact)| counts(fact)) else { continue };
        let advice = advice_of(facts, clock, number);
        count.count(state(facts, (clock, number, &fact), advice.as_ref(), as_at));
    }
    counts
}
