//! Statistics: which facts, as at which day, handed to the functions of the domain.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::{App, AppError};
use crate::domain::advice_request::AdviceType;
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::facts::{Day, Facts, day};
use crate::domain::statistics::delays::{Delay, DelayState, DelaySummary, delays};
use crate::domain::statistics::group::{Area, ByArea, Every, Level, Period, Periods, Sum, by_area};
use crate::domain::statistics::timeliness::{DecisionStage, Decisions, PlansIssued, decisions, plans_issued};
use crate::store;

/// What a statistic is asked about.
#[derive(Clone, Debug)]
pub struct StatQuery {
    /// What happened after the end of this day has not happened.
    pub as_at: NaiveDate,
    /// What was recorded after this instant is not known; `None` for all that is known now.
    pub known_at: Option<DateTime<Utc>>,
    /// These authorities only; `None` for all within reach.
    pub authorities: Option<Vec<Authority>>,
    /// How wide the areas of the answer are.
    pub level: Level,
    /// The facts to measure on, where several questions are about the same; `None` to read them.
    pub on: Option<Arc<Measured<Pages>>>,
}

/// The days on which what is counted happened, both ends included, and how they are cut.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// The periods of the answer.
    pub every: Every,
}

impl Span {
    /// How many periods it is cut into, at most.
    pub fn count(self) -> usize {
        let days = usize::try_from((self.last - self.first).num_days()).unwrap_or(0) + 1;
        match self.every {
            Every::Range => 1,
            Every::Year => days / 365 + 2,
            Every::Quarter => days / 90 + 2,
            Every::Month => days / 28 + 2,
            Every::Week => days / 7 + 2,
            Every::Day => days,
        }
    }

    pub(super) fn periods(self) -> Periods {
        Periods::new(day(Some(self.first)), day(Some(self.last)), self.every)
    }
}

/// An answer, and what it was measured on.
#[derive(Clone, Debug)]
pub struct Measured<T> {
    /// The answer.
    pub rows: T,
    /// The last ledger entry it includes, for each authority.
    pub ledger_seq: BTreeMap<Authority, i64>,
    /// The authorities asked about and within reach, in the order of their codes, with records or without.
    pub asked: Vec<Authority>,
}

/// One case of the list of delays.
#[derive(Clone, Debug)]
pub struct DelayCase {
    /// Whose case.
    pub authority: Authority,
    /// The case.
    pub delay: Delay,
}

/// Which cases of the list of delays.
#[derive(Clone, Debug, Default)]
pub struct DelayFilter {
    /// Only these states; empty for all.
    pub states: Vec<DelayState>,
    /// Only cases that wait for this advice.
    pub outstanding: Option<AdviceType>,
    /// Only this case.
    pub only: Option<i64>,
    /// Only what follows this case: its due date, authority and number.
    pub after: Option<(Day, Authority, i64)>,
    /// At most so many.
    pub limit: usize,
}

/// One group of the summary of delays.
#[derive(Clone, Debug)]
pub struct SummaryGroup {
    /// Where.
    pub area: Area,
    /// Which advice its cases wait for, when grouped by advice: `Some(None)` for none.
    pub advice: Option<Option<AdviceType>>,
    /// The counts.
    pub summary: DelaySummary,
}

/// The facts of authorities, in the order of their codes.
pub type Pages = Vec<(Authority, Arc<Facts>)>;

impl App {
    /// The facts of the authorities asked for, within reach, in the order of their codes, as they were known.
    pub(super) fn facts(
        &self,
        caller: &Caller,
        authorities: Option<&[Authority]>,
        known_at: Option<DateTime<Utc>>,
    ) -> Result<Measured<Pages>, AppError> {
        self.store.read(|conn| {
            let heads = store::heads(conn)?;
            let wanted = |authority: &Authority| {
                caller.reach.includes(*authority) && authorities.is_none_or(|list| list.contains(authority))
            };
            let asked: Vec<_> = Authority::all().filter(wanted).collect();
            let mut measured = Measured { rows: Vec::new(), ledger_seq: BTreeMap::new(), asked };
            for (authority, head) in heads.into_iter().filter(|(authority, head)| wanted(authority) && head.seq > 0) {
                let facts = match known_at {
                    None => self.book.facts(conn, authority, head)?,
                    Some(known_at) => match store::seq_known_at(conn, authority, head, known_at)? {
                        0 => continue,
                        seq => self.book.facts_at(conn, authority, seq)?,
                    },
                };
                measured.ledger_seq.insert(authority, facts.seq);
                measured.rows.push((authority, facts));
            }
            Ok(measured)
        })
    }

    /// The facts a question is about, for other questions about the same.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pages(&self, caller: &Caller, query: &StatQuery) -> Result<Arc<Measured<Pages>>, AppError> {
        self.facts(caller, query.authorities.as_deref(), query.known_at).map(Arc::new)
    }

    pub(super) fn measure<T>(
        &self,
        caller: &Caller,
        query: &StatQuery,
        count: impl FnOnce(&Pages, Day) -> T,
    ) -> Result<Measured<T>, AppError> {
        let on = match &query.on {
            Some(on) => Arc::clone(on),
            None => self.pages(caller, query)?,
        };
        let rows = count(&on.rows, day(Some(query.as_at)));
        Ok(Measured { rows, ledger_seq: on.ledger_seq.clone(), asked: on.asked.clone() })
    }

    /// Where the ledgers that a statistic would be measured on end, without measuring it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ledger_positions(&self, caller: &Caller, query: &StatQuery) -> Result<BTreeMap<Authority, i64>, AppError> {
        self.store.read(|conn| {
            let mut positions = BTreeMap::new();
            for (authority, head) in store::heads(conn)? {
                let wanted = query.authorities.as_ref().is_none_or(|list| list.contains(&authority));
                if !wanted || !caller.reach.includes(authority) {
                    continue;
                }
                let seq = match query.known_at {
                    None => head.seq,
                    Some(known_at) => store::seq_known_at(conn, authority, head, known_at)?,
                };
                if seq > 0 {
                    positions.insert(authority, seq);
                }
            }
            Ok(positions)
        })
    }

    /// Reads every authority's facts, so that the first question need not wait for them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn warm(&self) -> Result<(), AppError> {
        self.facts(&Caller::local("warm"), None, None).map(drop)
    }

    /// Plans issued in a span, by DfE's bands.
    ///
    /// # Errors
    /// When the database fails.
    pub fn plans_issued(
        &self,
        caller: &Caller,
        query: &StatQuery,
        span: Span,
    ) -> Result<Measured<ByArea<Period, PlansIssued>>, AppError> {
        let periods = span.periods();
        self.measure(caller, query, |pages, as_at| {
            let counts =
                pages.iter().map(|(authority, facts)| (*authority, plans_issued(&facts.cases, &periods, as_at)));
            by_area(query.level, &periods, counts)
        })
    }

    /// Decisions made in a span, in time or late.
    ///
    /// # Errors
    /// When the database fails.
    pub fn decisions(
        &self,
        caller: &Caller,
        query: &StatQuery,
        stage: DecisionStage,
        span: Span,
    ) -> Result<Measured<ByArea<Period, Decisions>>, AppError> {
        let periods = span.periods();
        self.measure(caller, query, |pages, as_at| {
            let counts =
                pages.iter().map(|(authority, facts)| (*authority, decisions(&facts.cases, stage, &periods, as_at)));
            by_area(query.level, &periods, counts)
        })
    }

    /// Open and late cases, the earliest due first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delay_cases(
        &self,
        caller: &Caller,
        query: &StatQuery,
        filter: &DelayFilter,
    ) -> Result<Measured<Vec<DelayCase>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let wanted = |case: &DelayCase| {
                let Delay { state, outstanding, .. } = &case.delay;
                filter.only.is_none_or(|only| case.delay.case == only)
                    && (filter.states.is_empty() || filter.states.contains(state))
                    && filter
                        .outstanding
                        .is_none_or(|advice| outstanding.iter().any(|(waits_for, _)| *waits_for == advice))
                    && filter.after.is_none_or(|after| place(case) > after)
            };
            let mut cases: Vec<_> = pages
                .iter()
                .flat_map(|(authority, facts)| {
                    delays(facts, as_at).into_iter().map(|delay| DelayCase { authority: *authority, delay })
                })
                .filter(wanted)
                .collect();
            cases.sort_unstable_by_key(place);
            cases.truncate(filter.limit);
            cases
        })
    }

    /// Open cases counted by how late they are; by the advice they wait for, if asked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delay_summary(
        &self,
        caller: &Caller,
        query: &StatQuery,
        by_advice: bool,
    ) -> Result<Measured<Vec<SummaryGroup>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let mut groups = BTreeMap::<_, DelaySummary>::new();
            for (authority, facts) in pages {
                let (area, delays) = (query.level.area(*authority), delays(facts, as_at));
                if by_advice {
                    for (advice, summary) in DelaySummary::by_outstanding_advice(&delays) {
                        groups.entry((area, Some(advice))).or_default().add(&summary);
                    }
                } else {
                    groups.entry((area, None)).or_default().add(&DelaySummary::of(&delays));
                }
            }
            groups.into_iter().map(|((area, advice), summary)| SummaryGroup { area, advice, summary }).collect()
        })
    }
}

fn place(case: &DelayCase) -> (Day, Authority, i64) {
    (case.delay.fact.final_due, case.authority, case.delay.case)
}
