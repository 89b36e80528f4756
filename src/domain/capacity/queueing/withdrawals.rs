//! A list that children leave without being seen: Erlang A, M/M/c+M.
//!
//! Settles whatever comes in, for withdrawals balance the list. Source: C. Palm, "Research on telephone traffic carried by full
//! availability groups" (1957); A. Mandelbaum and S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue" (2007).

use super::erlang::Team;

/// Most terms of a sum: more are not needed below a list of some ten million.
const TERMS_MAX: u32 = 2_000_000;

/// The long run of a list with withdrawals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Withdrawals {
    /// The chance that all who see children are busy.
    pub all_busy: f64,
    /// Mean number waiting.
    pub waiting: f64,
    /// How many leave unseen, in a unit of time.
    pub withdrawn: f64,
    /// The share of arrivals who leave unseen.
    pub share_withdrawn: f64,
    /// Mean time on the list, of all who come, whether they are seen or leave.
    pub wait: f64,
    /// The share of their time in which those who see children do.
    pub busy: f64,
}

/// What becomes of a list where each child that waits leaves at the rate `leaving`, above 0, in a unit of time.
///
/// `None` without anyone to see them, without withdrawals (see [`Team::means`]), or for a list too long to sum.
pub fn with_withdrawals(team: &Team, leaving: f64) -> Option<Withdrawals> {
    let Team { arrivals, served_each, servers } = *team;
    let served = f64::from(servers) * served_each;
    if !(arrivals >= 0.0 && served > 0.0 && leaving > 0.0) {
        return None;
    }
    if arrivals == 0.0 {
        let share_withdrawn = 0.0;
        return Some(Withdrawals {
            all_busy: 0.0,
            waiting: 0.0,
            withdrawn: 0.0,
            share_withdrawn,
            wait: 0.0,
            busy: 0.0,
        });
    }
    // Chances are taken relative to the likeliest number of waiting children, so that none overflows.
    let likeliest = ((arrivals - served) / leaving).floor().max(0.0);
    let mut sums = Sums { chances: 1.0, children: likeliest };
    let mut chance = 1.0;
    let mut settled = false;
    let mut number = likeliest;
    for _ in 0..TERMS_MAX {
        number += 1.0;
        chance *= arrivals / (served + number * leaving);
        sums.add(chance, number);
        settled = chance < 1e-18;
        if settled {
            break;
        }
    }
    let (mut chance, mut number) = (1.0, likeliest);
    for _ in 0..TERMS_MAX {
        if number < 1.0 || chance < 1e-30 {
            break;
        }
        chance *= (served + number * leaving) / arrivals;
        number -= 1.0;
        sums.add(chance, number);
    }
    if !settled || (number >= 1.0 && chance >= 1e-18) {
        return None;
    }
    let (idle, at_work) = not_all_busy(team, chance, &mut sums);
    let all = sums.chances + idle;
    let waiting = sums.children / all;
    let withdrawn = leaving * waiting;
    Some(Withdrawals {
        all_busy: sums.chances / all,
        waiting,
        withdrawn,
        share_withdrawn: withdrawn / arrivals,
        wait: waiting / arrivals,
        busy: (sums.chances + at_work / f64::from(servers)) / all,
    })
}

/// The chances that some do not see a child, and those times how many do: from all busy and nobody waiting, which has the chance
/// `chance`, down to nobody busy.
fn not_all_busy(team: &Team, mut chance: f64, sums: &mut Sums) -> (f64, f64) {
    let (mut idle, mut at_work) = (0.0, 0.0);
    for busy in (1..=team.servers).rev() {
        chance *= f64::from(busy) * team.served_each / team.arrivals;
        // Where hardly anybody is busy the likeliest number lies down here: chances are taken relative to it before they overflow.
        if chance > 1e200 {
            for sum in [&mut sums.chances, &mut sums.children, &mut idle, &mut at_work] {
                *sum /= chance;
            }
            chance = 1.0;
        }
        idle += chance;
        at_work += chance * f64::from(busy - 1);
    }
    (idle, at_work)
}

struct Sums {
    chances: f64,
    children: f64,
}

impl Sums {
    fn add(&mut self, chance: f64, children: f64) {
        self.chances += chance;
        self.children += chance * children;
    }
}
