//! Statistics of therapy: who waits, how long those seen had waited, and what went in and out.

use super::statistics::{Measured, Span, StatQuery};
use super::{App, AppError};
use crate::domain::caller::Caller;
use crate::domain::facts::{Day, Facts};
use crate::domain::statistics::dimension::{Lanes, OfReferrals};
use crate::domain::statistics::group::Periods;
use crate::domain::statistics::tally::{Breakdown, Key, Sheet, Tally};
use crate::domain::statistics::therapy::{Flow, WaitingTimes, flow, waiting_times};
use crate::domain::statistics::waiting::{WaitingList, waiting};

/// Cells with what they count, in the order of area, period and dimensions.
pub type Cells<A> = Vec<(Key, A)>;

impl App {
    /// Counts the facts of every authority asked about into cells.
    pub(super) fn tally<L: Lanes, A: Default>(
        &self,
        caller: &Caller,
        query: &StatQuery,
        (breakdown, periods): (&Breakdown, &Periods),
        count: impl Fn(&Facts, &mut Sheet<'_, A>, Day),
    ) -> Result<Measured<Cells<A>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let mut tally = Tally::<L, A>::new(breakdown);
            for (authority, facts) in pages {
                let mut sheet = tally.sheet(facts, query.level.area(*authority), periods, as_at);
                sheet.open_all();
                count(facts, &mut sheet, as_at);
            }
            tally.into_cells()
        })
    }

    /// Who waits at the end of the day.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waiting_list(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
    ) -> Result<Measured<Cells<WaitingList>>, AppError> {
        self.tally::<OfReferrals, _>(caller, query, (breakdown, &Periods::of_a_day()), waiting)
    }

    /// How long those seen and assessed in a span had waited, and what became of those received in it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waiting_times(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
        span: Span,
    ) -> Result<Measured<Cells<WaitingTimes>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let pages = pages.iter().map(|(authority, facts)| (query.level.area(*authority), facts.as_ref()));
            waiting_times(pages, breakdown, (&span.periods(), as_at))
        })
    }

    /// What went into the waiting list in a span, and what came out of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn flow(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
        span: Span,
    ) -> Result<Measured<Cells<Flow>>, AppError> {
        self.tally::<OfReferrals, _>(caller, query, (breakdown, &span.periods()), flow)
    }
}
