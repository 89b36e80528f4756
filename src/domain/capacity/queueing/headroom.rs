//! How much more must be offered than comes in, so that few wait longer than a deadline.
//!
//! Of one stream of appointments of exponential length the share `p` waits longer than `T` where `mu = W(lambda T e^(lambda T) / p) / T`,
//! `W` being Lambert's function: R. M. Corless and others, "On the Lambert W function", Advances in Computational Mathematics 5 (1996).
//! It is solved here for what is offered beyond demand, in logarithms, so that no exponential overflows however long the deadline.

use crate::domain::capacity::waiting_list::{factor_of, target_capacity};

/// What has to be offered, in a unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headroom {
    /// What must be offered.
    pub offered: f64,
    /// How much more that is than comes in.
    pub spare: f64,
    /// The same by the rule for heavy traffic, which is a little above.
    pub heavy_traffic: f64,
}

/// The least that must be offered for at most the share `share_late` to wait longer than `deadline`.
///
/// `None` for a share outside 0 and 1, without arrivals, and without a deadline.
pub fn headroom(arrivals: f64, deadline: f64, share_late: f64) -> Option<Headroom> {
    let (start, factor) = (arrivals * deadline, factor_of(1.0 - share_late)?);
    // Taken from the share itself: of a small one, 1 less it has lost digits.
    let wanted = -share_late.ln();
    if !(start > 0.0 && start.is_finite() && (1.0 / start).is_finite()) {
        return None;
    }
    // spare * deadline = h with h + ln(1 + h / start) = -ln(share): rising and concave, so that Newton's steps from 0 never
    // pass the root.
    let mut h = 0.0_f64;
    for _ in 0..200 {
        let step = (wanted - h - (h / start).ln_1p()) / (1.0 + 1.0 / (start + h));
        h += step;
        if step.abs() <= f64::EPSILON * h {
            break;
        }
    }
    let spare = h / deadline;
    let heavy_traffic = target_capacity(arrivals, deadline, factor, [1.0, 1.0]);
    Some(Headroom { offered: arrivals + spare, spare, heavy_traffic })
}
