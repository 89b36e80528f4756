//! The weeks ahead of a discipline, summed: what is asked for in them beside what is offered, and the work that waits already.

use super::ledger::{Week, Weeks};
use super::minutes::Use;
use super::outlook::{DEMAND_WEEKS, Demand, Outlook};
use super::rounding::{as_real, floor};
use super::team::{advice_of, of_referrals};
use crate::domain::capacity::day_book::monday;
use crate::domain::capacity_rule::AppointmentType;
use crate::domain::facts::{Day, Facts};
use crate::domain::service::Discipline;
use crate::domain::statistics::advice::is_outstanding;
use crate::domain::statistics::disclosure::is_small;
use crate::domain::statistics::workforce::gauge::is_of_enough;

/// Weeks ahead that are summed where nobody says how many.
pub const WEEKS_AHEAD: i32 = 13;

/// What the weeks after a day offer, what is asked for in them, and who waits at its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ahead {
    /// What the weeks offer.
    pub offered: Week,
    /// What is asked for in them.
    pub demand: Demand,
    /// Children who wait for a first contact, and requests for EHC advice that are outstanding.
    pub waiting: [u64; 2],
    /// Minutes those who wait will take.
    pub waiting_minutes: f64,
    /// First contacts and pieces of advice that can be expected: those attended, times what is delivered of what is planned.
    pub expected: [f64; 2],
}

impl Ahead {
    /// So many weeks from the Monday after the day asked about, which the outlook must reach.
    pub fn of(outlook: &Outlook, facts: &Facts, weeks: i32) -> Self {
        let mut ahead = Self { waiting: waiting(facts, outlook.discipline, outlook.as_at()), ..Self::default() };
        for week in 1..=weeks {
            let monday = monday(outlook.as_at()) + 7 * week;
            let week = outlook.week(monday);
            let delivered = outlook.realisation(monday).mean();
            ahead.expected.iter_mut().zip(week.offers).for_each(|(sum, offer)| *sum += offer.attended * delivered);
            ahead.offered.add(&week);
            ahead.demand.add(&outlook.demand(monday));
        }
        let kinds = [AppointmentType::FirstContact, AppointmentType::EhcAdvice];
        let each = kinds.map(|kind| outlook.parameters().minutes_attended(kind));
        ahead.waiting_minutes =
            ahead.waiting.into_iter().zip(each).map(|(children, each)| as_real(children) * each).sum();
        ahead
    }

    /// Adds the same weeks of another team.
    pub fn add(&mut self, other: &Self) {
        self.offered.add(&other.offered);
        self.demand.add(&other.demand);
        self.waiting.iter_mut().zip(other.waiting).for_each(|(children, more)| *children += more);
        self.waiting_minutes += other.waiting_minutes;
        self.expected.iter_mut().zip(other.expected).for_each(|(expected, more)| *expected += more);
    }

    /// See [`Demand::load`].
    pub fn load(&self) -> Option<f64> {
        self.demand.load(&self.offered)
    }

    /// True if as many first contacts can be expected as referrals come, and as many pieces of advice as are asked for: neither
    /// list grows. `None` without staff.
    pub fn is_sustainable(&self) -> Option<bool> {
        let asked = [self.demand.referrals, self.demand.advice_requests];
        let keeps_up = || self.expected.into_iter().zip(asked).all(|(expected, asked)| expected >= asked);
        (self.offered.minutes.clinical() > 0.0).then(keeps_up)
    }

    /// Minutes those who wait will take, by the weekly minutes that follow-ups leave; `None` where they leave none.
    pub fn weeks_of_work_waiting(&self, weeks: i32) -> Option<f64> {
        let minutes = &self.offered.minutes;
        let weekly = (minutes.clinical() - minutes.of(Use::FollowUp)) / f64::from(weeks);
        (weekly > 0.0).then(|| self.waiting_minutes / weekly)
    }
}

/// The load of one discipline for the gauges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadFigure {
    /// Whose.
    pub discipline: Discipline,
    /// See [`Ahead::load`].
    pub load: Option<f64>,
    /// See [`Ahead::weeks_of_work_waiting`].
    pub weeks_waiting: Option<f64>,
}

/// The figures that may be shown of the end of `as_at`: none of a discipline with fewer than three workers, and none that would
/// tell of a few children who wait, were referred, or had advice asked for in the weeks from which demand is expected.
pub fn load_figures(facts: &Facts, as_at: Day) -> Vec<LoadFigure> {
    let first = monday(as_at) + 7;
    // Weeks that are over have the demand on record: whole children.
    let lately = (1..=DEMAND_WEEKS).map(|back| monday(as_at + 1) - 7 * back);
    let is_few = |children: f64| is_small(floor(children + 0.5));
    let enough: Vec<_> = Discipline::ALL.iter().copied().filter(|of| is_of_enough(facts, *of, as_at)).collect();
    let outlooks = Outlook::of_all(facts, Weeks { first, last: first + 7 * WEEKS_AHEAD, as_at }, &enough);
    let figure = |outlook: &Outlook| {
        let ahead = Ahead::of(outlook, facts, WEEKS_AHEAD);
        let mut asked = Demand::default();
        lately.clone().for_each(|monday| asked.add(&outlook.demand(monday)));
        let few_wait = ahead.waiting.into_iter().any(is_small);
        let few_asked = [asked.referrals, asked.advice_requests].into_iter().any(is_few);
        LoadFigure {
            discipline: outlook.discipline,
            load: ahead.load().filter(|_| !few_wait && !few_asked),
            weeks_waiting: ahead.weeks_of_work_waiting(WEEKS_AHEAD).filter(|_| !few_wait),
        }
    };
    outlooks.iter().map(figure).collect()
}

/// Children who wait for a first contact, and requests for advice that are outstanding, at the end of a day.
pub fn waiting(facts: &Facts, discipline: Discipline, as_at: Day) -> [u64; 2] {
    let received = of_referrals(facts, discipline, &facts.referrals.received);
    let ended = of_referrals(facts, discipline, &facts.referrals.wait_ended);
    let waits = received.zip(ended).filter(|(received, ended)| *received <= as_at && *ended > as_at);
    let kind = advice_of(discipline);
    let asked = facts
        .advice
        .rows()
        .filter(|(number, advice)| advice.advice_type == kind && is_outstanding(facts, *number, advice, as_at));
    [waits.count(), asked.count()].map(|count| u64::try_from(count).unwrap_or(u64::MAX))
}
