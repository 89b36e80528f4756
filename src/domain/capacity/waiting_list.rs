//! A waiting list by its rates: whether it grows, how long it may be, and how much more would have to be offered.
//!
//! Sources: the quantities of the R package `NHSRwaitinglist`, version 0.1.2.9001, with its faults mended; Little's law;
//! Kingman's heavy-traffic wait. Waits are taken as exponential, so that a mean of `target / factor` leaves `e^-factor` of
//! them over the target. All rates are of one unit of time, the same as the waits.

/// Times the mean wait that the target is, for a share of children to be seen in time.
///
/// `None` outside 0 and 1, neither of which can be promised.
pub fn factor_of(share_in_time: f64) -> Option<f64> {
    (share_in_time > 0.0 && share_in_time < 1.0).then(|| -(1.0 - share_in_time).ln())
}

/// Referrals to each that can be seen: 1 and more, and the list grows. `None` without capacity.
pub fn load(demand: f64, capacity: f64) -> Option<f64> {
    (capacity > 0.0).then(|| demand / capacity)
}

/// The mean wait at which the target is kept.
pub fn target_mean_wait(target_wait: f64, factor: f64) -> f64 {
    target_wait / factor
}

/// The longest list at which it is kept: Little's law with [`target_mean_wait`].
pub fn target_queue(demand: f64, target_wait: f64, factor: f64) -> f64 {
    demand * target_mean_wait(target_wait, factor)
}

/// What has to be offered for good to keep the target, with the coefficients of variation of arrivals and of offers: the
/// heavy-traffic wait, solved for the capacity.
pub fn target_capacity(demand: f64, target_wait: f64, factor: f64, [cv_demand, cv_capacity]: [f64; 2]) -> f64 {
    demand + f64::midpoint(cv_demand * cv_demand, cv_capacity * cv_capacity) * factor / target_wait
}

/// What has to be offered to bring a list down to `target_queue` within `time`. If the demand was measured on so many
/// referrals with that variation, it is taken at its upper bound of two standard errors, `demand / (1 - 2 cv / sqrt(n))`.
///
/// `None` where so few referrals say nothing, and without time.
pub fn relief_capacity(
    demand: f64,
    [queue, target_queue]: [f64; 2],
    time: f64,
    measured: Option<(f64, f64)>,
) -> Option<f64> {
    let likely = match measured {
        None => demand,
        Some((referrals, cv)) => {
            let left = 1.0 - 2.0 * cv / referrals.sqrt();
            if left > 0.0 { demand / left } else { return None }
        }
    };
    (time > 0.0).then(|| likely + (queue - target_queue) / time)
}

/// Twice the mean wait over the target: above 1 the target is likely to be missed. Both in the same unit.
pub fn pressure(mean_wait: f64, target_wait: f64) -> f64 {
    2.0 * mean_wait / target_wait
}

/// A waiting list by its rates, all of one unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Children who come in and need to be seen.
    pub demand: f64,
    /// The longest wait wanted.
    pub target_wait: f64,
    /// The share to be seen by then, between 0 and 1.
    pub share_in_time: f64,
    /// Children who can be seen.
    pub capacity: Option<f64>,
    /// Children who wait.
    pub waiting: Option<f64>,
    /// Their mean wait so far.
    pub mean_wait: Option<f64>,
    /// In what time the list is to come down.
    pub relief_time: f64,
}

/// What follows from [`Rates`], arrivals and offers taken as random: variation 1 of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Findings {
    /// See [`load`]; `None` without a capacity.
    pub load: Option<f64>,
    /// See [`target_mean_wait`].
    pub target_mean_wait: f64,
    /// See [`target_queue`].
    pub target_queue: f64,
    /// See [`target_capacity`].
    pub target_capacity: f64,
    /// See [`relief_capacity`]; `None` for a list of up to twice the target's, which comes down at `target_capacity`.
    pub relief_capacity: Option<f64>,
    /// See [`pressure`]; `None` where nobody knows how long they have waited.
    pub pressure: Option<f64>,
}

impl Rates {
    /// What follows; `None` for a share that cannot be promised.
    pub fn findings(&self) -> Option<Findings> {
        let factor = factor_of(self.share_in_time)?;
        let list = target_queue(self.demand, self.target_wait, factor);
        let long = self.waiting.filter(|waiting| *waiting > 2.0 * list);
        Some(Findings {
            load: self.capacity.and_then(|capacity| load(self.demand, capacity)),
            target_mean_wait: target_mean_wait(self.target_wait, factor),
            target_queue: list,
            target_capacity: target_capacity(self.demand, self.target_wait, factor, [1.0, 1.0]),
            relief_capacity: long
                .and_then(|waiting| relief_capacity(self.demand, [waiting, list], self.relief_time, None)),
            pressure: self.mean_wait.map(|mean| pressure(mean, self.target_wait)),
        })
    }
}
