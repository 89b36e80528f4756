//! Requests for advice of a finished year, and what came of them by its end.

use super::few::Few;
use super::{Counts, Draft, Fault, Published, Row};
use crate::domain::authority::Authority;
use crate::domain::clock::State;
use crate::domain::facts::{AdviceFact, Day, Facts, NEVER};
use crate::domain::statistics::advice::{OfAdvice, state};
use crate::domain::statistics::dimension::Dimension;

/// A column of the published requests for advice. Late advice with and without an exception is not told apart, as with plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdviceColumn {
    /// Returned within six weeks of the body's receipt.
    WithinSixWeeks,
    /// Returned, but not within them.
    NotWithinSixWeeks,
    /// In hand by the end of the year.
    Returned,
    /// Not returned by then: outstanding, declined, or the assessment ended.
    NotReturned,
    /// All of them.
    Total,
}

use AdviceColumn::{NotReturned, NotWithinSixWeeks, Returned, Total, WithinSixWeeks};

/// Requests for advice, and the children of each column.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    within_six_weeks: u64,
    not_within: u64,
    not_returned: u64,
    children: [Few; 5],
}

impl Advice {
    /// Counts a request; one whose child is not known adds to the requests alone, so that its cell is rather hidden than shown.
    fn note(&mut self, column: AdviceColumn, child: Option<u32>) {
        match column {
            WithinSixWeeks => self.within_six_weeks += 1,
            NotWithinSixWeeks => self.not_within += 1,
            NotReturned => self.not_returned += 1,
            Returned | Total => return,
        }
        let returned = column != NotReturned;
        for (of, few) in Self::COLUMNS.iter().zip(&mut self.children) {
            if (*of == column || *of == Total || (*of == Returned && returned))
                && let Some(child) = child
            {
                few.note(child);
            }
        }
    }
}

impl Counts for Advice {
    type Column = AdviceColumn;
    type Beside = ();
    const COLUMNS: &'static [AdviceColumn] = &[WithinSixWeeks, NotWithinSixWeeks, Returned, NotReturned, Total];
    const LINES: &'static [(AdviceColumn, &'static [AdviceColumn])] =
        &[(Returned, &[WithinSixWeeks, NotWithinSixWeeks]), (Total, &[Returned, NotReturned])];

    fn count(&self, column: AdviceColumn) -> u64 {
        let returned = self.within_six_weeks + self.not_within;
        match column {
            WithinSixWeeks => self.within_six_weeks,
            NotWithinSixWeeks => self.not_within,
            Returned => returned,
            NotReturned => self.not_returned,
            Total => returned + self.not_returned,
        }
    }

    fn few(&self) -> &[Few] {
        &self.children
    }

    fn add(&mut self, others: &Self) {
        self.within_six_weeks += others.within_six_weeks;
        self.not_within += others.not_within;
        self.not_returned += others.not_returned;
        for (few, more) in self.children.iter_mut().zip(&others.children) {
            few.add(more);
        }
    }

    fn beside(&self, _shown: &Row<AdviceColumn>) {}
}

/// Decides upon the requests for advice sent from `first` to `last`, both included, as at the end of `last`: by area alone, and
/// by the kind of advice.
///
/// # Errors
/// As [`published_waiting`](super::published_waiting).
pub fn published_advice(
    pages: &[(Authority, &Facts)],
    [first, last]: [Day; 2],
) -> Result<Published<Advice>, Fault<Advice>> {
    let mut draft = Draft::new(1);
    for (authority, facts) in pages {
        count(&mut draft, (*authority, facts), [first, last]);
    }
    draft.decide()
}

/// Counts the requests of an authority, all of them and by the kind of advice.
fn count(draft: &mut Draft<Advice>, page: (Authority, &Facts), [first, last]: [Day; 2]) {
    let (_, facts) = page;
    let sent = facts.advice.rows().enumerate().filter(|(_, (_, advice))| (first..=last).contains(&advice.sent));
    let sent = sent.map(|(row, (number, advice))| {
        let child = facts.cases.find(advice.case).map(|case| case.child);
        (row, (became(facts, number, &advice, last), child))
    });
    let sent: Vec<_> = sent.collect();
    draft.count::<OfAdvice, _>(page, (0, last), (&[Dimension::AdviceType], &sent), |advice, (became, child)| {
        advice.note(*became, *child);
    });
}

/// What became of a request by the end of a day.
fn became(facts: &Facts, number: i64, advice: &AdviceFact, as_at: Day) -> AdviceColumn {
    let returned = advice.in_hand_by(as_at) != NEVER && advice.returned <= as_at;
    match (returned, state(facts, number, advice, as_at)) {
        (true, Some(State::Met)) => WithinSixWeeks,
        (true, _) => NotWithinSixWeeks,
        (false, _) => NotReturned,
    }
}
