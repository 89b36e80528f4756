//! Dice: chance that is the same for the same seed, on every machine.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

use crate::domain::authority::Authority;

/// A stream of chance. Whole numbers only: floating point need not be the same on every machine.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one authority; `stream` keeps its parts independent of each other.
    pub fn new(seed: u64, authority: Authority, stream: u8) -> Self {
        let mut bytes = [0_u8; 32];
        let parts = seed.to_le_bytes().into_iter().chain(authority.code().bytes()).chain([stream]);
        bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// A whole number from 0 to `count - 1`, all equally likely; 0 of nothing.
    pub fn below(&mut self, count: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(count);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    /// A whole number from `first` to `last`, both included; `first` if `last` is smaller.
    pub fn between(&mut self, first: i32, last: i32) -> i32 {
        let count = u32::try_from(i64::from(last) - i64::from(first) + 1).unwrap_or(1);
        first.saturating_add_unsigned(self.below(count))
    }

    /// The same, but nearer to `first` more often.
    pub fn nearer(&mut self, first: i32, last: i32) -> i32 {
        self.between(first, last).min(self.between(first, last))
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of several, by weight; `None` of nothing.
    pub fn weighted<T: Copy>(&mut self, choices: &[(T, u32)]) -> Option<T> {
        let mut left = self.below(choices.iter().map(|(_, weight)| weight).sum());
        let chosen = choices.iter().find(|(_, weight)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        chosen.map(|(choice, _)| *choice)
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = u32::try_from(last + 1).map_or(0, |count| self.below(count));
            list.swap(last, usize::try_from(other).unwrap_or_default());
        }
    }

    /// A wait in days around `mean`, as waits of a list in which everyone is as likely to be seen tomorrow: many short,
    /// few very long.
    pub fn wait(&mut self, mean: i32) -> i32 {
        let rank = usize::try_from(self.below(32)).unwrap_or_default();
        let thousandths = WAITS.get(rank).copied().unwrap_or(1_000) + self.between(-15, 15);
        (mean * thousandths / 1_000).max(0)
    }
}

/// The middle of each thirty-second part of an exponential distribution with mean 1, in thousandths.
const WAITS: [i32; 32] = [
    16, 48, 81, 116, 152, 189, 227, 267, 309, 352, 398, 445, 495, 548, 604, 662, 725, 792, 863, 940, 1_023, 1_114,
    1_214, 1_326, 1_451, 1_594, 1_761, 1_962, 2_213, 2_549, 3_060, 4_159,
];
