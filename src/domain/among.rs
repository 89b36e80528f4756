//! Records that must fit others: what one is checked against beside itself.

use super::fault::{Faults, Refusal};
use super::noun::{Cells, Noun};

/// The records a record is checked against, without itself.
pub type Others<'a> = &'a mut dyn Iterator<Item = &'a Cells>;

/// A rule between a record and those records of a noun that have the same text in the field of that name.
#[derive(Clone, Copy, Debug)]
pub struct Among {
    /// Of which noun they are.
    pub noun: Noun,
    /// The field both have.
    pub field: &'static str,
    /// Notes what does not fit.
    pub check: fn(&Cells, Others<'_>, &mut Faults),
}

impl Noun {
    /// The rule between a record of this noun and others; `None` for most.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most nouns stand for themselves")]
    pub fn among(self) -> Option<&'static Among> {
        match self {
            Self::PostHolding => Some(&super::post_holding::AMONG),
            Self::Absence => Some(&super::absence::AMONG),
            Self::CapacityRule => Some(&super::capacity_rule::AMONG),
            _ => None,
        }
    }
}

/// Unpacks a record that was read a moment ago; its refusal would be a fault of ours, and is noted all the same.
pub fn read<T>(faults: &mut Faults, record: Result<T, Refusal>) -> Option<T> {
    faults.note("", record)
}
