//! One stream of appointments of equal length: M/D/1, its mean and how waits are distributed.
//!
//! The distribution of Erlang (1909) is an alternating sum, of which nothing is left in double precision after some twenty
//! appointments. What is used here has positive terms only: G. J. Franx, "A simple solution for the M/D/c waiting time
//! distribution", Operations Research Letters 29 (2001), with the number present found by adding tails, as V. Ramaswami, "A stable
//! recursion for the steady state vector in Markov chains of M/G/1 type", Stochastic Models 4 (1988).

use super::Means;
use super::single::{Service, Single};

/// As many appointments' time as a wait may be for its distribution to be answered: up to here it was held against sums of thousands of
/// digits.
pub const SERVICE_TIMES_MAX: f64 = 1000.0;

/// Arrivals at random, of whom each takes the same time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deterministic {
    /// Arrivals in a unit of time.
    pub arrivals: f64,
    /// What seeing one takes, always.
    pub service: f64,
}

/// Why there is no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoShare {
    /// As many come as can be seen, or more.
    Unstable,
    /// The wait is longer than [`SERVICE_TIMES_MAX`] appointments, or is no wait at all.
    TooLong,
}

impl Deterministic {
    /// Arrivals to each that can be seen.
    pub fn load(&self) -> f64 {
        self.arrivals * self.service
    }

    /// Means of the long run. `None` if the queue does not settle.
    pub fn means(&self) -> Option<Means> {
        Single { arrivals: self.arrivals, service: Service::spread(self.service, 0.0) }.means()
    }

    /// The share who wait at most `time`, with a relative error below 1e-9.
    ///
    /// # Errors
    /// [`NoShare`]; a number that is not right is never answered.
    pub fn share_seen_within(&self, time: f64) -> Result<f64, NoShare> {
        let load = self.load();
        if load.is_nan() || load >= 1.0 {
            return Err(NoShare::Unstable);
        }
        if load == 0.0 && time >= 0.0 {
            return Ok(1.0);
        }
        let length = time / self.service;
        if !(0.0..=SERVICE_TIMES_MAX).contains(&length) {
            return Err(NoShare::TooLong);
        }
        // The appointment in which `time` lies, and what is left of it then, in appointments.
        let [before, rest] = [length.floor(), length.floor() + 1.0 - length];
        let places = std::iter::successors(Some(0.0), |place| Some(place + 1.0)).take_while(|place| *place <= before);
        let at_most = cumulative_waiting(load, places.count());
        let mut term = (-load * rest).exp();
        let mut share = 0.0;
        let mut more = 0.0;
        for waiting in at_most.iter().rev() {
            share += term * waiting;
            more += 1.0;
            term *= load * rest / more;
        }
        Ok(share.min(1.0))
    }
}

/// The chances that at most 0, 1, … wait, `count` of them.
fn cumulative_waiting(load: f64, count: usize) -> Vec<f64> {
    // Chances that more than 0, 1, … come during one appointment, summed from the smallest so that each is right in its digits.
    let mut arriving = Vec::new();
    let (mut chance, mut number) = ((-load).exp(), 0.0);
    while arriving.len() < count + 2 || chance > 1e-40 {
        arriving.push(chance);
        number += 1.0;
        chance *= load / number;
    }
    let more_than: Vec<f64> = {
        let mut tails: Vec<_> = arriving
            .iter()
            .rev()
            .scan(0.0, |above, chance| {
                let tail = *above;
                *above += chance;
                Some(tail)
            })
            .collect();
        tails.reverse();
        tails
    };
    // Of 0, 1, … present: each from those before it and from who came meanwhile.
    let none = 1.0 - load;
    let mut present = vec![none];
    while present.len() <= count {
        let first = more_than.get(present.len() - 1).map_or(0.0, |tail| none * tail);
        let later = present.iter().skip(1).zip(more_than.iter().take(present.len()).skip(1).rev());
        let sum: f64 = first + later.map(|(chance, tail)| chance * tail).sum::<f64>();
        present.push(sum / (-load).exp());
    }
    // Nobody waits while nobody or one is present.
    let mut total = none;
    present
        .iter()
        .skip(1)
        .map(|chance| {
            total += chance;
            total
        })
        .collect()
}
