//! Several who see children from one list: Erlang's second formula, M/M/c.
//!
//! Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
//! exchanges" (1917); the recursion of blocking is in any text, such as L. Kleinrock, "Queueing Systems", volume 1 (1975), section
//! 3.5; A. O. Allen, "Probability, Statistics, and Queueing Theory", 2nd edition (1990), for the approximation of Allen and Cunneen.

use super::Means;

/// A list from which several take the next child, first come first seen; times of being seen are exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Team {
    /// Arrivals in a unit of time.
    pub arrivals: f64,
    /// How many each one sees in a unit of time, when there is always somebody to see.
    pub served_each: f64,
    /// How many see children side by side, 1 and more.
    pub servers: u32,
}

impl Team {
    /// Arrivals to each that can be seen; `None` if nobody can be.
    pub fn load(&self) -> Option<f64> {
        let served = f64::from(self.servers) * self.served_each;
        (served > 0.0).then(|| self.arrivals / served)
    }

    /// What is left of the capacity, in a unit of time; `None` if nothing is.
    fn spare(&self) -> Option<f64> {
        Some(f64::from(self.servers) * self.served_each - self.arrivals).filter(|spare| *spare > 0.0)
    }

    /// The share of children who wait at all: 0 to 1. `None` if the queue does not settle.
    ///
    /// By the recursion of Erlang's first formula, whose terms stay between 0 and 1: no factorial, and finite for thousands of
    /// servers.
    pub fn share_who_wait(&self) -> Option<f64> {
        let load = self.load().filter(|load| *load < 1.0)?;
        let offered = self.arrivals / self.served_each;
        let blocked = (1..=self.servers).fold(1.0, |blocked, servers| {
            let carried = offered * blocked;
            carried / (f64::from(servers) + carried)
        });
        Some(blocked / (1.0 - load * (1.0 - blocked)))
    }

    /// Means of the long run. `None` if the queue does not settle.
    pub fn means(&self) -> Option<Means> {
        let wait = self.share_who_wait()? / self.spare()?;
        Some(Means::new(self.load()?, self.arrivals, wait, 1.0 / self.served_each))
    }

    /// The share who wait longer than `time`. `None` if the queue does not settle.
    pub fn share_waiting_longer(&self, time: f64) -> Option<f64> {
        Some(self.share_who_wait()? * (-self.spare()? * time).exp())
    }

    /// The wait that the share `share` of all children does not exceed, 0 included and 1 not; 0 where more than so many do
    /// not wait at all. `None` if the queue does not settle, or for a share outside 0 and 1.
    pub fn wait_quantile(&self, share: f64) -> Option<f64> {
        let late = Some(1.0 - share).filter(|late| *late > 0.0 && *late <= 1.0)?;
        Some(((self.share_who_wait()? / late).ln() / self.spare()?).max(0.0))
    }

    /// The mean wait where gaps between arrivals and times of being seen are spread otherwise than at random: an
    /// approximation (Allen and Cunneen), which is Kingman's for one server and exact for M/M/c. `spreads` are the standard
    /// deviations of the gaps and of the times, each over its mean. `None` if the queue does not settle.
    pub fn approximate_wait(&self, [gaps, service]: [f64; 2]) -> Option<f64> {
        Some(f64::midpoint(gaps * gaps, service * service) * self.means()?.wait)
    }
}
