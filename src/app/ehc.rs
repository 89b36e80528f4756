//! Statistics of EHC requests and of the advice to them over time.

use std::collections::BTreeMap;

use super::statistics::{Measured, Span, StatQuery};
use super::therapy::Cells;
use super::{App, AppError};
use crate::domain::advice_request::AdviceType;
use crate::domain::caller::Caller;
use crate::domain::statistics::advice::{AdviceCounts, Coverage, OfAdvice, advice_counts, coverage};
use crate::domain::statistics::dimension::OfCases;
use crate::domain::statistics::ehc::{EhcFlow, ThreeViews, ehc_flow, three_views};
use crate::domain::statistics::group::{ByArea, Period, Sum};
use crate::domain::statistics::tally::Breakdown;

/// What was asked for by area, period and kind of advice.
pub type ByPeriodAndAdvice = ByArea<(Period, AdviceType), Coverage>;

impl App {
    /// What happened to EHC requests in a span.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ehc_flow(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
        span: Span,
    ) -> Result<Measured<Cells<EhcFlow>>, AppError> {
        self.tally::<OfCases, _>(caller, query, (breakdown, &span.periods()), ehc_flow)
    }

    /// Timeliness by plans issued, by requests received and by the open backlog, side by side.
    ///
    /// # Errors
    /// When the database fails.
    pub fn three_views(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
        span: Span,
    ) -> Result<Measured<Cells<ThreeViews>>, AppError> {
        let periods = span.periods();
        let last_days = periods.last_days();
        self.tally::<OfCases, _>(caller, query, (breakdown, &periods), |facts, sheet, as_at| {
            let begun = last_days.get(..periods.begun_by(as_at)).unwrap_or_default();
            three_views(facts, sheet, begun, as_at);
        })
    }

    /// Requests for advice sent in a span, by what became of them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn advice_counts(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
        span: Span,
    ) -> Result<Measured<Cells<AdviceCounts>>, AppError> {
        self.tally::<OfAdvice, _>(caller, query, (breakdown, &span.periods()), advice_counts)
    }

    /// Which assessments asked for which advice, and which plans were issued without it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn advice_coverage(
        &self,
        caller: &Caller,
        query: &StatQuery,
        span: Span,
    ) -> Result<Measured<ByPeriodAndAdvice>, AppError> {
        let periods = span.periods();
        self.measure(caller, query, |pages, as_at| {
            let mut groups = BTreeMap::<_, Coverage>::new();
            for (authority, facts) in pages {
                let area = query.level.area(*authority);
                for (period, counts) in periods.iter().zip(coverage(facts, &periods, as_at)) {
                    for (kind, count) in AdviceType::ALL.iter().zip(counts) {
                        groups.entry((area, (period, *kind))).or_default().add(&count);
                    }
                }
            }
            groups
        })
    }
}
