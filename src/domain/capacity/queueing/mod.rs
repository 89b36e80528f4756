//! Queues in closed form: how long children wait in the long run, from how many come and how many can be seen.
//!
//! All of it is of a queue that has settled: the same rates for ever, arrivals at random (Poisson), no bank holiday and no
//! backlog to begin with. A list that never empties is told better by its rates alone, see `projection`.
//!
//! Units: one unit of time throughout. Rates are so many of it, durations and waits are in it; the caller chooses which. Where a
//! queue does not settle the functions answer `None`, never an infinite number. Rates and durations must be finite and not
//! negative: that is for the caller to see to, and nothing here panics if they are not.

pub mod deterministic;
pub mod erlang;
pub mod headroom;
pub mod priority;
pub mod single;
pub mod withdrawals;

/// The long run of a queue: Little's law between waits and numbers holds by construction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Means {
    /// Work that comes in to each that can be done, below 1.
    pub load: f64,
    /// Mean wait until being seen, of all, those who do not wait included.
    pub wait: f64,
    /// Mean number waiting.
    pub waiting: f64,
    /// Mean time from arrival until being seen has ended.
    pub time: f64,
    /// Mean number waiting or being seen.
    pub present: f64,
}

impl Means {
    fn new(load: f64, arrivals: f64, wait: f64, service: f64) -> Self {
        let time = wait + service;
        Self { load, wait, waiting: arrivals * wait, time, present: arrivals * time }
    }
}
