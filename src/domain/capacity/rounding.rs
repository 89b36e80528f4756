//! Whole appointments from a capacity that is not whole, without drift.

/// What is added before the floor is taken, so that ten times 0.1 is one appointment and not none.
const TOLERANCE: f64 = 1e-9;

/// Cumulative rounding: of a running sum `S` of real slots, `floor(S + 1e-9)` have been offered.
///
/// At every moment the sum of whole slots and the sum of real ones differ by less than 1. Keep one for each person, or each block
/// of staff that is added, and not one for a team: then more staff never means fewer slots in any week.
///
/// # Examples
///
/// ```
/// # use twentyweeks::domain::capacity::rounding::WholeSlots;
/// let mut slots = WholeSlots::default();
/// let whole: Vec<_> = [0.4, 0.4, 0.4, 0.4, 0.4].into_iter().map(|real| slots.next(real)).collect();
/// assert_eq!(whole, [0, 0, 1, 0, 1]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WholeSlots {
    real: f64,
    /// What the additions so far have lost in digits.
    lost: f64,
    whole: u64,
}

impl WholeSlots {
    /// The whole slots of the next period, of which `real` are on offer. Less than none, or no number, counts as none.
    pub fn next(&mut self, real: f64) -> u64 {
        if real.is_finite() && real > 0.0 {
            // Neumaier's sum: however many periods, the digits are those of the exact sum.
            let sum = self.real + real;
            self.lost += if self.real >= real { (self.real - sum) + real } else { (real - sum) + self.real };
            self.real = sum;
        }
        let whole = floor(self.real + self.lost + TOLERANCE);
        let next = whole.saturating_sub(self.whole);
        self.whole = self.whole.max(whole);
        next
    }

    /// The real slots so far.
    pub fn real(&self) -> f64 {
        self.real + self.lost
    }

    /// The whole slots so far.
    pub fn whole(&self) -> u64 {
        self.whole
    }
}

/// The whole part of a number that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::as_conversions,
    reason = "`as` takes the whole part, and the nearest end where a number is too large or negative"
)]
pub fn floor(number: f64) -> u64 {
    number as u64
}

/// A count as a number with decimals.
#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "no list and no service comes near 2^53")]
pub fn as_real(count: u64) -> f64 {
    count as f64
}

/// Whole slots of each of these periods.
pub fn whole_slots(real: impl IntoIterator<Item = f64>) -> impl Iterator<Item = u64> {
    real.into_iter().scan(WholeSlots::default(), |slots, real| Some(slots.next(real)))
}
