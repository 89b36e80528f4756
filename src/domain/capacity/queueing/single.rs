//! One stream of appointments whose lengths are spread as they are: M/G/1.
//!
//! Sources: F. Pollaczek (1930) and A. Khinchine (1932) for the mean; L. Takács, "A single-server queue with Poisson input" (1962),
//! for the second moment of the wait.

use super::Means;

/// How long it takes to see a child, by its moments about zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Service {
    /// Mean.
    pub mean: f64,
    /// Mean of the square.
    pub second: f64,
    /// Mean of the cube, where it is known: only the spread of the wait needs it.
    pub third: Option<f64>,
}

impl Service {
    /// From what people know, mean and standard deviation in the same unit. The third moment is that of gamma lengths, of which
    /// equal ones and exponential ones are cases; only the spread of the wait makes use of it.
    pub fn spread(mean: f64, deviation: f64) -> Self {
        let (square, variance) = (mean * mean, deviation * deviation);
        let third = mean * (square + 3.0 * variance) + if mean > 0.0 { 2.0 * variance * variance / mean } else { 0.0 };
        Self { mean, second: square + variance, third: Some(third) }
    }

    /// Square of the standard deviation over that of the mean: 0 where all take the same time, 1 where lengths are exponential.
    /// `None` without a mean.
    pub fn relative_variance(&self) -> Option<f64> {
        (self.mean > 0.0).then(|| self.second / (self.mean * self.mean) - 1.0)
    }
}

/// A queue before one stream of appointments, first come first seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Single {
    /// Arrivals in a unit of time.
    pub arrivals: f64,
    /// What seeing one takes.
    pub service: Service,
}

impl Single {
    /// Arrivals to each that can be seen.
    pub fn load(&self) -> f64 {
        self.arrivals * self.service.mean
    }

    /// Means of the long run: a wait of `arrivals * second / (2 (1 - load))`. `None` if the queue does not settle.
    pub fn means(&self) -> Option<Means> {
        let spare = Some(1.0 - self.load()).filter(|spare| *spare > 0.0)?;
        let wait = self.arrivals * self.service.second / (2.0 * spare);
        Some(Means::new(self.load(), self.arrivals, wait, self.service.mean))
    }

    /// Variance of the wait. `None` if the queue does not settle, or without a third moment.
    pub fn wait_variance(&self) -> Option<f64> {
        let Means { load, wait, .. } = self.means()?;
        Some(wait * wait + self.arrivals * self.service.third? / (3.0 * (1.0 - load)))
    }
}
