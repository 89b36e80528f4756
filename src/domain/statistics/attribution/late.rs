//! Late cases: which they are, the day each counts on, and their late days added up.

use super::records::Paths;
use super::{Rule, Standards, Totals};
use crate::domain::facts::{CaseFact, Day, Facts};
use crate::domain::statistics::delays::{DelayState, state};
use crate::domain::statistics::tally::Sheet;

/// The day a late case counts on: that of its plan, or the day asked about. `None` of a case that is not late, and of one
/// that an exception excuses.
pub fn late_on(fact: &CaseFact, as_at: Day) -> Option<Day> {
    match state(fact, as_at)? {
        (DelayState::IssuedLate, _) => Some(fact.issued),
        (DelayState::Overdue, _) => Some(as_at),
        (DelayState::Open | DelayState::ExemptOpen | DelayState::ExemptIssued, _) => None,
    }
}

/// Adds up the late days of an authority's late cases by step, as known at the end of `as_at`.
pub fn late_cases(facts: &Facts, sheet: &mut Sheet<'_, Totals>, as_at: Day, (rule, standards): (Rule, &Standards)) {
    let paths = Paths::new(facts);
    let (mut walk, mut advisers) = (paths.walk(), Vec::new());
    for row in past_due(facts, as_at) {
        let Some((number, fact)) = facts.cases.row(row) else { continue };
        let Some(day) = late_on(&fact, as_at) else { continue };
        let Some(totals) = sheet.member(row).and_then(|member| sheet.cell(member, day)) else { continue };
        if let Some(path) = walk.path((number, &fact), as_at) {
            totals.count_path(path, (standards, rule), &mut advisers);
        }
    }
}

/// The rows of the cases that were issued after their due date, or are open after it at the end of `as_at`: no other is late.
fn past_due(facts: &Facts, as_at: Day) -> impl Iterator<Item = usize> {
    let days = facts.cases.issued.iter().zip(&facts.cases.final_due).enumerate();
    days.filter(move |(_, (issued, due))| as_at.min(**issued) > **due).map(|(row, _)| row)
}
