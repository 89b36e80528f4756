//! What services deliver of what they plan, learned from the weeks that are over.
//!
//! A discounted gamma-Poisson filter (West and Harrison, "Bayesian Forecasting and Dynamic Models"): first contacts of a week are
//! Poisson with the mean factor × planned; what lies a year back counts for a third.

use statrs::distribution::{ContinuousCDF, Gamma};

/// How much of what was known counts a week later.
const DISCOUNT: f64 = 0.98;

/// The factor between delivered and planned, as a gamma distribution. Before anything is known, of shape 20 and rate 22: 0.91
/// give or take 0.20, which is an assumption.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Realisation {
    /// Shape: what was delivered, discounted.
    pub shape: f64,
    /// Rate: what was planned, discounted.
    pub rate: f64,
    /// Weeks learned from.
    pub weeks: u32,
}

impl Default for Realisation {
    fn default() -> Self {
        Self { shape: 20.0, rate: 22.0, weeks: 0 }
    }
}

impl Realisation {
    /// Takes in a week that is over: first contacts delivered, and those that were expected to be attended. A week for which
    /// nothing was planned teaches nothing.
    pub fn learn(&mut self, delivered: f64, planned: f64) {
        if planned > 0.0 {
            self.shape = DISCOUNT * self.shape + delivered;
            self.rate = DISCOUNT * self.rate + planned;
            self.weeks += 1;
        }
    }

    /// The factor to expect.
    pub fn mean(&self) -> f64 {
        self.shape / self.rate
    }

    /// The factor that is not exceeded with a probability, more than 0 and less than 1.
    pub fn quantile(&self, probability: f64) -> f64 {
        // Where next to nothing was delivered the shape is next to 0, and so is the factor.
        Gamma::new(self.shape, self.rate).map_or(0.0, |gamma| gamma.inverse_cdf(probability))
    }
}
