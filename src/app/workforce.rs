//! Statistics of staff: who works, what they have on their hands, how posts are filled, who is being trained.

use chrono::Months;

use super::statistics::{Measured, Span, StatQuery};
use super::therapy::Cells;
use super::{App, AppError};
use crate::domain::caller::Caller;
use crate::domain::capacity::parameters::Premises;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::{Every, Periods};
use crate::domain::statistics::tally::{Breakdown, Tally};
use crate::domain::statistics::workforce::caseload::{Caseload, OfDisciplines, caseload};
use crate::domain::statistics::workforce::recruiting::{OfRounds, Recruiting, recruiting};
use crate::domain::statistics::workforce::training::{OfTrainees, Pipeline, pipeline};
use crate::domain::statistics::workforce::{OfStaff, Workforce, workforce};

/// The training pipeline, and what it rests on.
#[derive(Clone, Debug)]
pub struct TrainingPipeline {
    /// Trainees by area, period of qualification and dimensions.
    pub cells: Cells<Pipeline>,
    /// What the ramps it went by rest on.
    pub premises: Premises,
}

/// The days ahead in which trainees are told apart by when they qualify.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// How long the periods are.
    pub every: Every,
    /// How many years are looked ahead.
    pub years: u32,
}

impl Ahead {
    /// The days from the one after a question's own.
    pub fn span(self, query: &StatQuery) -> Span {
        let first = query.as_at.succ_opt().unwrap_or(query.as_at);
        let last = query.as_at.checked_add_months(Months::new(12 * self.years)).unwrap_or(first);
        Span { first, last: last.max(first), every: self.every }
    }
}

impl App {
    /// Staff at the end of the day.
    ///
    /// # Errors
    /// When the database fails.
    pub fn workforce(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
    ) -> Result<Measured<Cells<Workforce>>, AppError> {
        let with_posts = !breakdown.uses(Dimension::Engagement);
        self.tally::<OfStaff, _>(caller, query, (breakdown, &Periods::of_a_day()), |facts, sheet, as_at| {
            workforce(facts, sheet, with_posts, as_at);
        })
    }

    /// Caseload beside the staff in post, at the end of the day.
    ///
    /// # Errors
    /// When the database fails.
    pub fn caseload(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
    ) -> Result<Measured<Cells<Caseload>>, AppError> {
        self.tally::<OfDisciplines, _>(caller, query, (breakdown, &Periods::of_a_day()), caseload)
    }

    /// Rounds of recruiting that began or ended in a span, or ran at its end.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recruiting(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
        span: Span,
    ) -> Result<Measured<Cells<Recruiting>>, AppError> {
        let periods = span.periods();
        let last_days = periods.last_days();
        self.tally::<OfRounds, _>(caller, query, (breakdown, &periods), |facts, sheet, as_at| {
            let begun = last_days.get(..periods.begun_by(as_at)).unwrap_or_default();
            recruiting(facts, sheet, begun, as_at);
        })
    }

    /// Who is in training at the end of the day, by when they qualify.
    ///
    /// # Errors
    /// When the database fails.
    pub fn training_pipeline(
        &self,
        caller: &Caller,
        query: &StatQuery,
        breakdown: &Breakdown,
        ahead: Ahead,
    ) -> Result<Measured<TrainingPipeline>, AppError> {
        let by_period = ahead.every != Every::Range;
        let periods = if by_period { ahead.span(query).periods() } else { Periods::of_a_day() };
        self.measure(caller, query, |pages, as_at| {
            let (mut tally, mut premises) = (Tally::<OfTrainees, Pipeline>::new(breakdown), Premises::default());
            for (authority, facts) in pages {
                let mut sheet = tally.sheet(facts, query.level.area(*authority), &periods, as_at);
                sheet.open_all();
                premises.add(&pipeline(facts, &mut sheet, by_period, as_at));
            }
            TrainingPipeline { cells: tally.into_cells(), premises }
        })
    }
}
