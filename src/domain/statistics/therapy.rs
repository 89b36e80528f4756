//! Therapy over time: how long those seen had waited, and what went into the list and came out of it.
//!
//! A wait begins when the referral is received; the first contact ends it, or rejection, discharge or withdrawal.

use std::ops::Range;

use super::dimension::OfReferrals;
use super::group::{Area, Periods};
use super::spread::Spread;
use super::survival::Survival;
use super::tally::{Breakdown, Grid, Key, Sheet, Tally};
use crate::domain::facts::{Day, Facts, ReferralFacts};

/// Waiting times of one group and period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingTimes {
    /// Days to the first contact, of those seen in the period.
    pub to_contact: Spread,
    /// Days to the completed assessment, of those assessed in the period.
    pub to_assessment: Spread,
    /// Days so far of those received in the period who still wait.
    pub still_waiting: Spread,
    /// Of those received in the period: seen, or not yet, or gone for another reason.
    pub of_received: Survival,
}

/// The days of a referral that waiting times are made of.
#[derive(Clone, Copy)]
struct Wait {
    member: u32,
    received: Day,
    seen: Day,
    assessed: Day,
    ended: Day,
}

impl Wait {
    /// Counts it into the cells of the days it has up to the end of `as_at`; `false`, and nothing counted, if one of them has
    /// yet to be opened.
    #[expect(clippy::inline_always, reason = "the inner loop, which is to keep its numbers in registers")]
    #[inline(always)]
    fn count(&self, grid: &mut Grid<'_, WaitingTimes>, as_at: Day) -> bool {
        let Self { member, received, seen, assessed, ended } = *self;
        let cells = [received, seen, assessed].map(|day| grid.find(member, day));
        if cells.into_iter().any(Grid::<WaitingTimes>::is_closed) {
            return false;
        }
        let [on_receipt, at_contact, at_assessment] = cells;
        if let Some(times) = grid.at(on_receipt) {
            let waited = as_at.min(ended) - received;
            if ended > as_at {
                times.still_waiting.count(waited);
            }
            let is_seen = seen <= as_at && seen == ended;
            let end = if is_seen { &mut times.of_received.ended } else { &mut times.of_received.cut_off };
            end.count(waited);
        }
        if let Some(times) = grid.at(at_contact) {
            times.to_contact.count(seen - received);
        }
        if let Some(times) = grid.at(at_assessment) {
            times.to_assessment.count(assessed - received);
        }
        true
    }

    /// Opens the cells of the days it has up to the end of `as_at`.
    fn open(&self, sheet: &mut Sheet<'_, WaitingTimes>, as_at: Day) {
        for day in [self.received, self.seen, self.assessed] {
            if day <= as_at {
                sheet.cell_of(self.member, day);
            }
        }
    }
}

/// Counts waiting times as known at the end of `as_at`.
pub fn waiting_times<'a>(
    pages: impl Iterator<Item = (Area, &'a Facts)>,
    breakdown: &Breakdown,
    (periods, as_at): (&Periods, Day),
) -> Vec<(Key, WaitingTimes)> {
    let mut tally = Tally::<OfReferrals, WaitingTimes>::new(breakdown);
    tally.count_runs(
        pages,
        (periods, as_at),
        |facts| facts.referrals.runs(),
        |facts, rows, sheet| {
            count_rows(&facts.referrals, rows, sheet, as_at);
        },
    );
    tally.into_cells()
}

fn count_rows(referrals: &ReferralFacts, rows: Range<usize>, sheet: &mut Sheet<'_, WaitingTimes>, as_at: Day) {
    let members = sheet.members(rows.clone());
    let [received, seen, assessed, ended] =
        [&referrals.received, &referrals.seen, &referrals.assessed, &referrals.wait_ended]
            .map(|days| days.get(rows.clone()).unwrap_or_default());
    let columns = received.iter().zip(seen).zip(assessed).zip(ended);
    let waits = columns.zip(&members).map(|((((received, seen), assessed), ended), member)| Wait {
        member: *member,
        received: *received,
        seen: *seen,
        assessed: *assessed,
        ended: *ended,
    });
    let closed = count_waits(waits.filter(|wait| wait.received <= as_at), &mut sheet.grid(as_at), as_at);
    for wait in &closed {
        wait.open(sheet, as_at);
    }
    count_waits(closed.into_iter(), &mut sheet.grid(as_at), as_at);
}

/// Counts waits, but those of which a cell has yet to be opened.
fn count_waits(waits: impl Iterator<Item = Wait>, grid: &mut Grid<'_, WaitingTimes>, as_at: Day) -> Vec<Wait> {
    let mut closed = Vec::new();
    for wait in waits {
        if !wait.count(grid, as_at) {
            closed.push(wait);
        }
    }
    closed
}

/// What happened to the waiting list in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Received: waits that began.
    pub received: u64,
    /// Seen for the first time.
    pub seen: u64,
    /// Rejected.
    pub rejected: u64,
    /// Withdrawn, seen before or not.
    pub withdrawn: u64,
    /// Discharged, seen before or not.
    pub discharged: u64,
    /// Waits that ended, whatever ended them.
    pub waits_ended: u64,
}

impl Flow {
    /// How much the list grew; below 0 if it shrank.
    pub fn net(&self) -> i64 {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        signed(self.received) - signed(self.waits_ended)
    }
}

/// Counts what happened to referrals by the day it happened, as known at the end of `as_at`.
pub fn flow(facts: &Facts, sheet: &mut Sheet<'_, Flow>, as_at: Day) {
    type Slot = fn(&mut Flow) -> &mut u64;
    let referrals = &facts.referrals;
    let columns: [(&[Day], Slot); 6] = [
        (&referrals.received, |flow| &mut flow.received),
        (&referrals.seen, |flow| &mut flow.seen),
        (&referrals.rejected, |flow| &mut flow.rejected),
        (&referrals.withdrawn, |flow| &mut flow.withdrawn),
        (&referrals.discharged, |flow| &mut flow.discharged),
        (&referrals.wait_ended, |flow| &mut flow.waits_ended),
    ];
    for (days, slot) in columns {
        for (row, day) in days.iter().enumerate().filter(|(_, day)| **day <= as_at) {
            if let Some(member) = sheet.member(row)
                && let Some(flow) = sheet.cell(member, *day)
            {
                *slot(flow) += 1;
            }
        }
    }
}
