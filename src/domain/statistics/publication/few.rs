//! Children, counted as far as it takes to know that they are not few.

use crate::domain::statistics::disclosure::LARGEST_SMALL;

/// Children of one authority, each once, until there are enough not to be few; and as many of others, who are other children.
#[derive(Clone, Debug, Default)]
pub struct Few {
    known: Vec<u32>,
    elsewhere: u64,
}

impl Few {
    /// How many there are; no fewer than [`LARGEST_SMALL`] and one if there are more than are known.
    pub fn count(&self) -> u64 {
        u64::try_from(self.known.len()).unwrap_or(u64::MAX).saturating_add(self.elsewhere)
    }

    /// Takes in a child by its place.
    pub fn note(&mut self, child: u32) {
        if self.count() <= LARGEST_SMALL && !self.known.contains(&child) {
            self.known.push(child);
        }
    }

    /// Takes in the children of another authority.
    pub fn add(&mut self, other: &Self) {
        self.elsewhere = self.elsewhere.saturating_add(other.count());
    }
}
