//! Late days by the step they waited for.

use super::records::not_found;
use super::statistics::{Measured, Span, StatQuery};
use super::therapy::Cells;
use super::{App, AppError};
use crate::domain::caller::Caller;
use crate::domain::reference::RecordId;
use crate::domain::statistics::attribution::{
    Attribution, Path, Paths, Rule, Standards, Totals, attribute, late_cases, late_on,
};
use crate::domain::statistics::dimension::OfCases;
use crate::domain::statistics::tally::Breakdown;

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
            late_cases(facts, sheet, as_at, (assigning.rule, &assigning.standards));
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
            late_on(&facts.cases.find(record.number)?, as_at)?;
            let path = Paths::new(facts).of(record.number, as_at)?;
            let attribution = attribute(&path, &assigning.standards, assigning.rule);
            Some(AssignedCase { record, path, attribution })
        })?;
        let Measured { rows, ledger_seq, asked } = measured;
        Ok(Measured { rows: rows.ok_or_else(|| not_found(record))?, ledger_seq, asked })
    }
}
