//! A list that is counted once a week, exactly: arrivals at random, so many slots, and the chances of every length it may have.
//!
//! `Q' = max(Q + A - slots, 0)`, `A` Poisson. Each week's distribution is the convolution of the last with that of arrivals; the settled
//! one is where that leaves it unchanged.

/// The chances of each length of a list, from none on; the last holds all longer ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Lengths(Vec<f64>);

/// Random arrivals and fixed slots, by week.
#[derive(Clone, Debug, PartialEq)]
pub struct Weekly {
    slots: usize,
    arrivals: Vec<f64>,
}

impl Weekly {
    /// Rates of a week; arrivals above some hundreds are beyond it, `None`.
    pub fn new(arrivals: f64, slots: usize) -> Option<Self> {
        if !(0.0..=500.0).contains(&arrivals) {
            return None;
        }
        let (mut chances, mut chance, mut number) = (Vec::new(), (-arrivals).exp(), 0.0);
        while number <= arrivals || chance > 1e-22 {
            chances.push(chance);
            number += 1.0;
            chance *= arrivals / number;
        }
        Some(Self { slots, arrivals: chances })
    }

    /// A week later.
    pub fn step(&self, lengths: &Lengths) -> Lengths {
        let longest = lengths.0.len() - 1;
        let mut next = vec![0.0; lengths.0.len()];
        for (length, chance) in lengths.0.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            for (came, share) in self.arrivals.iter().enumerate() {
                let place = (length + came).saturating_sub(self.slots).min(longest);
                if let Some(sum) = next.get_mut(place) {
                    *sum += chance * share;
                }
            }
        }
        Lengths(next)
    }

    /// After so many weeks, from a list that is known.
    pub fn after(&self, queue: usize, weeks: usize, longest: usize) -> Lengths {
        (0..weeks).fold(Lengths::known(queue, longest), |lengths, _| self.step(&lengths))
    }

    /// Once settled, with no length beyond `longest`: from an empty list until no chance moves by more than 1e-15, at most so many
    /// weeks. `None` if it has not settled by then.
    pub fn settled(&self, longest: usize, weeks_max: usize) -> Option<Lengths> {
        let mut lengths = Lengths::known(0, longest);
        for _ in 0..weeks_max {
            let next = self.step(&lengths);
            let moved = lengths.0.iter().zip(&next.0).map(|(old, new)| (old - new).abs()).fold(0.0, f64::max);
            lengths = next;
            if moved < 1e-15 {
                return Some(lengths);
            }
        }
        None
    }

    /// The chance that the list has come down to `target` by the end of each of so many weeks, at least once.
    pub fn reached_by(&self, queue: usize, target: usize, weeks: usize, longest: usize) -> Vec<f64> {
        let mut lengths = Lengths::known(queue, longest);
        let mut reached = 0.0;
        let by_week = (0..weeks).map(|_| {
            lengths = self.step(&lengths);
            for chance in lengths.0.iter_mut().take(target + 1) {
                reached += std::mem::take(chance);
            }
            reached
        });
        by_week.collect()
    }
}

impl Lengths {
    /// A list of that length.
    pub fn known(queue: usize, longest: usize) -> Self {
        let mut chances = vec![0.0; longest.max(queue) + 1];
        if let Some(chance) = chances.get_mut(queue) {
            *chance = 1.0;
        }
        Self(chances)
    }

    fn numbered(&self) -> impl Iterator<Item = (f64, f64)> {
        std::iter::successors(Some(0.0), |number| Some(number + 1.0)).zip(self.0.iter().copied())
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.numbered().map(|(length, chance)| length * chance).sum()
    }

    /// Standard deviation.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        self.numbered().map(|(length, chance)| (length - mean).powi(2) * chance).sum::<f64>().sqrt()
    }

    /// The smallest length that the share `share` of all does not exceed.
    pub fn quantile(&self, share: f64) -> usize {
        let mut sum = 0.0;
        let place = self.0.iter().position(|chance| {
            sum += chance;
            sum >= share
        });
        place.unwrap_or(self.0.len() - 1)
    }

    /// The chance that nobody waits.
    pub fn none(&self) -> f64 {
        self.0.first().copied().unwrap_or(0.0)
    }
}
