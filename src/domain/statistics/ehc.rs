//! EHC requests over time: what came in and went out, and timeliness seen from three sides.
//!
//! A council that clears its oldest cases looks worse by plans issued, as DfE counts, while its new requests may do better;
//! one that leaves them looks better. So the three views stand side by side.

use super::spread::Spread;
use super::survival::Survival;
use super::tally::Sheet;
use super::timeliness::TWENTY_WEEKS;
use crate::domain::facts::{CaseFact, Day, Facts, NEVER};

/// What happened to EHC requests in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EhcFlow {
    /// Requests received, or responsibility begun.
    pub requests: u64,
    /// Decided to assess.
    pub assess: u64,
    /// Refused to assess.
    pub refuse: u64,
    /// Plans issued.
    pub plans: u64,
    /// Refused a plan.
    pub no_plan: u64,
    /// Withdrawn.
    pub withdrawn: u64,
    /// Requests that ended, whatever ended them, an order that replaced their limits included.
    pub ended: u64,
}

impl EhcFlow {
    /// How much the number of open requests grew; below 0 if it shrank.
    pub fn net(&self) -> i64 {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        signed(self.requests) - signed(self.ended)
    }
}

/// The count a step adds to.
type Slot = fn(&mut EhcFlow) -> &mut u64;

/// Counts what happened to requests by the day it happened, as known at the end of `as_at`. A request whose start nobody
/// knows is in none of the counts, so that what came in and what ended are of the same requests.
pub fn ehc_flow(facts: &Facts, sheet: &mut Sheet<'_, EhcFlow>, as_at: Day) {
    for (row, (_, case)) in facts.cases.rows().enumerate() {
        let Some(member) = sheet.member(row).filter(|_| case.started <= as_at) else { continue };
        let decided = if case.assesses { (case.decided, NEVER) } else { (NEVER, case.decided) };
        let steps: [(Day, Slot); 7] = [
            (case.started, |flow| &mut flow.requests),
            (decided.0, |flow| &mut flow.assess),
            (decided.1, |flow| &mut flow.refuse),
            (case.issued, |flow| &mut flow.plans),
            (case.refused_plan, |flow| &mut flow.no_plan),
            (case.withdrawn, |flow| &mut flow.withdrawn),
            (case.ended.min(case.replaced), |flow| &mut flow.ended),
        ];
        for (day, slot) in steps.into_iter().filter(|(day, _)| *day <= as_at) {
            if let Some(flow) = sheet.cell(member, day) {
                *slot(flow) += 1;
            }
        }
    }
}

/// Timeliness of one period from three sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreeViews {
    /// By plans issued in the period, as DfE counts them: days from request to plan; contested cases are left out.
    pub issued: Spread,
    /// By requests received in the period: days to the plan, or so far. Requests that ended otherwise are left out: they
    /// have no plan to wait for.
    pub received: Survival,
    /// Requests received in the period that ended without a plan.
    pub ended_otherwise: u64,
    /// The backlog at the end of the period: days since the request, of all that are open.
    pub open: Spread,
    /// Days past twenty weeks of those of them that are overdue without an exception.
    pub overdue: Spread,
}

impl ThreeViews {
    /// Plans issued within twenty weeks.
    pub fn issued_in_time(&self) -> u64 {
        self.issued.up_to(TWENTY_WEEKS)
    }
}

/// True if nothing ended the case by the end of `as_at`, and it had begun.
fn is_open(case: &CaseFact, as_at: Day) -> bool {
    case.started <= as_at && case.ended.min(case.replaced) > as_at
}

/// Counts the three views as known at the end of `as_at`. `last_days` are the last days of the periods that have
/// begun by then, in order: of those to come nobody knows the backlog.
pub fn three_views(facts: &Facts, sheet: &mut Sheet<'_, ThreeViews>, last_days: &[Day], as_at: Day) {
    for (row, (_, case)) in facts.cases.rows().enumerate() {
        let Some(member) = sheet.member(row).filter(|_| case.started <= as_at) else { continue };
        let issued = case.issued <= as_at && case.issued == case.ended && case.replaced >= case.issued;
        if case.issued <= as_at
            && !case.contested
            && let Some(views) = sheet.cell(member, case.issued)
        {
            views.issued.count(case.issued - case.started);
        }
        if let Some(views) = sheet.cell(member, case.started) {
            match (issued, is_open(&case, as_at)) {
                (true, _) => views.received.ended.count(case.issued - case.started),
                (false, true) => views.received.cut_off.count(as_at - case.started),
                (false, false) => views.ended_otherwise += 1,
            }
        }
        let first = last_days.partition_point(|last| *last < case.started);
        for (period, last) in last_days.iter().enumerate().skip(first) {
            let last = as_at.min(*last);
            if !is_open(&case, last) {
                continue;
            }
            if let Some(views) = sheet.cell_in(member, period) {
                views.open.count(last - case.started);
                if case.final_due < last && case.exempt_from > last {
                    views.overdue.count(last - case.final_due);
                }
            }
        }
    }
}
