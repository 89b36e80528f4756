//! A list that does not empty, by its rates alone: where it goes, when the next child is seen, how long it may be.
//!
//! The list is a fluid, `Q' = arrivals - slots - withdrawal * Q`, which is about its middle: half of what really happens is
//! slower. Waits are those of first come, first served against the slots there will be. All of one unit of time, such as a week.
//! Sources: G. F. Newell, "Applications of Queueing Theory", 2nd edition (1982), chapter 2, for the fluid; J. F. C. Kingman, "Inequalities in the
//! theory of queues" (1970), for the decay of the tail.

use super::waiting_list::load;

/// A list and its rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fluid {
    /// Children who wait at the beginning.
    pub queue: f64,
    /// Children who come, in a unit of time.
    pub arrivals: f64,
    /// Children who can be seen, in a unit of time.
    pub slots: f64,
    /// The rate at which each child that waits leaves unseen, in a unit of time: 0 where none does.
    pub withdrawal: f64,
}

/// When a list comes down to a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// It is no longer than that now.
    Already,
    /// After so long.
    After(f64),
    /// Not at these rates.
    Never,
}

impl Reach {
    /// Its word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Already => "already_there",
            Self::After(_) => "reached",
            Self::Never => "never_at_these_rates",
        }
    }

    /// After how long; `None` if never.
    pub fn time(self) -> Option<f64> {
        match self {
            Self::Already => Some(0.0),
            Self::After(time) => Some(time),
            Self::Never => None,
        }
    }
}

impl Fluid {
    /// Children who come to each that can be seen; `None` without slots.
    pub fn load(&self) -> Option<f64> {
        load(self.arrivals, self.slots)
    }

    /// Children who wait after `time`, never fewer than none.
    pub fn queue_after(&self, time: f64) -> f64 {
        let left = (-self.withdrawal * time).exp();
        // As withdrawals vanish this goes over into time itself, without a jump.
        let gained =
            if self.withdrawal * time > 0.0 { -(-self.withdrawal * time).exp_m1() / self.withdrawal } else { time };
        (self.queue * left + (self.arrivals - self.slots) * gained).max(0.0)
    }

    /// Where the list goes in the end; `None` if it grows for ever. A list in balance without withdrawals stays where it is.
    pub fn queue_in_the_end(&self) -> Option<f64> {
        let growth = self.arrivals - self.slots;
        if self.withdrawal > 0.0 {
            return Some((growth / self.withdrawal).max(0.0));
        }
        (growth <= 0.0).then_some(if growth < 0.0 { 0.0 } else { self.queue })
    }

    /// When the list has come down to `target`, 0 or more.
    pub fn reaches(&self, target: f64) -> Reach {
        if self.queue <= target {
            return Reach::Already;
        }
        // How fast it falls when it is as long as the target: it must still fall then.
        let falls = self.slots + self.withdrawal * target - self.arrivals;
        if falls.is_nan() || falls <= 0.0 {
            return Reach::Never;
        }
        let steps = (self.queue - target) / falls;
        // ln(1 + theta x) / theta, which is x where nobody withdraws.
        let time =
            if self.withdrawal * steps > 0.0 { (self.withdrawal * steps).ln_1p() / self.withdrawal } else { steps };
        Reach::After(time)
    }
}

impl Fluid {
    /// By when the list has come down to `target` in 95 of 100 runs of random arrivals: within about a week of the exact law
    /// of first passage. `None` if it does not come down, and where children withdraw, of which the law is another.
    ///
    /// The time at which the fluid and 1.645 standard deviations of arrivals, `sqrt(arrivals * time)`, meet the target.
    pub fn reaches_in_95_of_100(&self, target: f64) -> Option<f64> {
        if self.queue <= target {
            return Some(0.0);
        }
        let spare = Some(self.slots - self.arrivals).filter(|spare| *spare > 0.0 && self.withdrawal == 0.0)?;
        let luck = 1.644_853_626_951_472_2 * self.arrivals.sqrt();
        let root = (luck + (luck * luck + 4.0 * spare * (self.queue - target)).sqrt()) / (2.0 * spare);
        Some(root * root)
    }
}

/// The week, from 0, in which a child is seen that has `ahead` children before it: the first by whose end more slots have been
/// offered than there are children ahead. `None` if it is not among these weeks.
pub fn week_seen(ahead: u64, whole_slots_by_week: impl IntoIterator<Item = u64>) -> Option<usize> {
    let mut offered = 0_u64;
    whole_slots_by_week.into_iter().position(|slots| {
        offered = offered.saturating_add(slots);
        offered > ahead
    })
}

/// When the next child to come is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextChild {
    /// See [`week_seen`].
    pub week: f64,
    /// The weeks it waits at most: until the end of that week.
    pub wait_at_most: f64,
    /// Them over the deadline: above 1 it is late.
    pub pressure: f64,
}

impl NextChild {
    /// Of a child seen in the week `week`, from 0, who is to be seen within so many.
    pub fn seen_in(week: u32, deadline_weeks: f64) -> Self {
        let wait_at_most = f64::from(week) + 1.0;
        Self { week: f64::from(week), wait_at_most, pressure: wait_at_most / deadline_weeks }
    }
}

/// The most children that may wait for the last of them to be seen within so many weeks: all slots there are until then.
pub fn longest_list(whole_slots_by_week: impl IntoIterator<Item = u64>, weeks: usize) -> u64 {
    whole_slots_by_week.into_iter().take(weeks).fold(0, u64::saturating_add)
}

/// How quickly long lists become unlikely, where arrivals are random and slots fixed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TailDecay {
    /// `theta`, by child: a list longer by one child is `e^-theta` times as likely.
    pub per_child: f64,
    /// The same by the rule for heavy traffic, a little above.
    pub heavy_traffic: f64,
    slots: f64,
}

impl TailDecay {
    /// The positive root of `arrivals (e^theta - 1) = slots theta`. `None` without arrivals, or if as many come as can be seen.
    pub fn of(arrivals: f64, slots: f64) -> Option<Self> {
        let ratio = slots / arrivals;
        if !(ratio > 1.0 && ratio.is_finite()) {
            return None;
        }
        let heavy_traffic = 2.0 * (slots - arrivals) / arrivals;
        if heavy_traffic < 2e-4 {
            // So near to balance the equation loses its digits, and its series has them.
            let over = heavy_traffic / 2.0;
            let per_child = heavy_traffic * (1.0 - over * (2.0 / 3.0 - over * (5.0 / 9.0)));
            return Some(Self { per_child, heavy_traffic, slots });
        }
        // Both lie above the root, from where Newton's steps come down to it, the function being convex.
        let mut theta = heavy_traffic.min(2.0 * ratio.ln() + 2.0);
        for _ in 0..200 {
            let step = (theta.exp_m1() - ratio * theta) / (theta.exp() - ratio);
            theta -= step;
            if step.abs() <= f64::EPSILON * theta {
                break;
            }
        }
        Some(Self { per_child: theta, heavy_traffic, slots })
    }

    /// About the share who wait longer than `deadline`, in the long run: `e^(-theta slots deadline)`.
    pub fn share_late(&self, deadline: f64) -> f64 {
        (-self.per_child * self.slots * deadline).exp()
    }
}
