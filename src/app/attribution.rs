//! Late days by the step they waited for.

use super::records::not_found;
use super::statistics::{Measured, Span, StatQuery};
use super::therapy::Cells;
use super::{App, AppError};
use crate::domain::caller::Caller;
use crate::domain::facts::{Day, Facts};
use crate::domain::reference::RecordId;
use crate::domain::statistics::attribution::{Attribution, Path, Paths, Rule, Standards, Totals, attribute};
use crate::domain::statistics::delays::{DelayState, state};
use crate::domain::statistics::dimension::OfCases;
use crate::domain::statistics::tally::{Breakdown, Sheet};

/// How late days are assigned.
#[derive(Clone, Copy, Debug)]
pub struct Assigning {
    /// By which rule.
    pub rule: Rule,
    /// The days each step may take.
    pub standards: Standards,
}

/// One late case.
#[derive(Clone, Debug)]
pub struct AssignedCase {
    /// The request.
    pub record: RecordId,
    /// How long each step took.
    pub path: Path,
    /// Its late days.
    pub attribution: Attribution,
}

impl App {
    /// The late days of late cases, by step: of plans issued late in a span, by the day of issue, and of cases overdue at the
    /// end of the day, on that day.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delay_attribution(
        &self,
        caller: &Caller,
        query: &StatQuery,
        (breakdown, span): (&Breakdown, Span),
        assigning: Assigning,
    ) -> Result<Measured<Cells<Totals>>, AppError> {
        self.tally::<OfCases, _>(caller, query, (breakdown, &span.periods()), |facts, sheet, as_at| {
            assign(facts, sheet, as_at, assigning);
        })
    }

    /// The late days of one case by step; nothing of a case that is not late, or that an exception excuses.
    ///
    /// # Errors
    /// `NotFound`, and when the database fails.
    pub fn case_attribution(
        &self,
        caller: &Caller,
        query: &StatQuery,
        record: RecordId,
        assigning: Assigning,
    ) -> Result<Measured<AssignedCase>, AppError> {
        let measured = self.measure(caller, query, |pages, as_at| {
            let (_, facts) = pages.iter().find(|(authority, _)| *authority == record.authority)?;
            late(facts, record.number, as_at)?;
            let path = Paths::new(facts).of(record.number, as_at)?;
            let attribution = attribute(&path, &assigning.standards, assigning.rule);
            Some(AssignedCase { record, path, attribution })
        })?;
        let Measured { rows, ledger_seq, asked } = measured;
        Ok(Measured { rows: rows.ok_or_else(|| not_found(record))?, ledger_seq, asked })
    }
}

/// The day a late case counts on: that of its plan, or the day asked about. `None` of a case that is not late, and of one
/// that an exception excuses.
fn late(facts: &Facts, case: i64, as_at: Day) -> Option<Day> {
    let fact = facts.cases.find(case)?;
    match state(&fact, as_at)? {
        (DelayState::IssuedLate, _) => Some(fact.issued),
        (DelayState::Overdue, _) => Some(as_at),
        (DelayState::Open | DelayState::ExemptOpen | DelayState::ExemptIssued, _) => None,
    }
}

fn assign(facts: &Facts, sheet: &mut Sheet<'_, Totals>, as_at: Day, assigning: Assigning) {
    let paths = Paths::new(facts);
    for (row, number) in facts.cases.number.iter().enumerate() {
        let Some(day) = late(facts, *number, as_at).filter(|_| sheet.counts(row)) else { continue };
        let Some(totals) = sheet.cell(row, day) else { continue };
        if let Some(path) = paths.of(*number, as_at) {
            totals.count(&attribute(&path, &assigning.standards, assigning.rule));
        }
    }
}
