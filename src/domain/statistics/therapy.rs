//! Therapy over time: how long those seen had waited, and what went into the list and came out of it.
//!
//! A wait begins when the referral is received; the first contact ends it, or rejection, discharge or withdrawal.

use super::spread::Spread;
use super::survival::Survival;
use super::tally::Sheet;
use crate::domain::facts::{Day, Facts};

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

/// Counts waiting times as known at the end of `as_at`.
pub fn waiting_times(facts: &Facts, sheet: &mut Sheet<'_, WaitingTimes>, as_at: Day) {
    let referrals = &facts.referrals;
    let members = sheet.members(referrals.len());
    let columns = referrals.received.iter().zip(&referrals.seen).zip(&referrals.assessed).zip(&referrals.wait_ended);
    for ((((received, seen), assessed), ended), member) in columns.zip(&members) {
        if *received > as_at {
            continue;
        }
        if let Some(times) = sheet.cell_of(*member, *received) {
            let waited = as_at.min(*ended) - received;
            if *ended > as_at {
                times.still_waiting.count(waited);
            }
            let end = if *seen <= as_at && seen == ended {
                &mut times.of_received.ended
            } else {
                &mut times.of_received.cut_off
            };
            end.count(waited);
        }
        if *seen <= as_at
            && let Some(times) = sheet.cell_of(*member, *seen)
        {
            times.to_contact.count(seen - received);
        }
        if *assessed <= as_at
            && let Some(times) = sheet.cell_of(*member, *assessed)
        {
            times.to_assessment.count(assessed - received);
        }
    }
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
