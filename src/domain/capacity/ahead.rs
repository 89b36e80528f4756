//! The weeks ahead of a discipline, summed: what is asked for in them beside what is offered, and the work that waits already.

use super::ledger::{Week, Weeks};
use super::minutes::Use;
use super::outlook::{Demand, Outlook};
use super::team::advice_of;
use crate::domain::capacity::day_book::monday;
use crate::domain::capacity_rule::AppointmentType;
use crate::domain::facts::{Day, Facts, NEVER};
use crate::domain::referral::Purpose;
use crate::domain::service::Discipline;
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
}

impl Ahead {
    /// So many weeks from the Monday after the day asked about, which the outlook must reach.
    pub fn of(outlook: &Outlook, facts: &Facts, weeks: i32) -> Self {
        let mut ahead = Self { waiting: waiting(facts, outlook.discipline, outlook.as_at()), ..Self::default() };
        for week in 1..=weeks {
            let monday = monday(outlook.as_at()) + 7 * week;
            ahead.offered.add(&outlook.week(monday));
            ahead.demand.add(&outlook.demand(monday));
        }
        let kinds = [AppointmentType::FirstContact, AppointmentType::EhcAdvice];
        let each = kinds.map(|kind| outlook.parameters().minutes(kind));
        ahead.waiting_minutes =
            ahead.waiting.into_iter().zip(each).map(|(children, each)| count(children) * each).sum();
        ahead
    }

    /// Adds the same weeks of another team.
    pub fn add(&mut self, other: &Self) {
        self.offered.add(&other.offered);
        self.demand.add(&other.demand);
        self.waiting.iter_mut().zip(other.waiting).for_each(|(children, more)| *children += more);
        self.waiting_minutes += other.waiting_minutes;
    }

    /// Minutes asked for by minutes for children; `None` without staff. Over 1, what is left undone grows.
    pub fn load(&self) -> Option<f64> {
        ratio(self.demand.total(), self.offered.minutes.clinical())
    }

    /// Minutes those who wait will take, by the weekly minutes that follow-ups leave; `None` where they leave none.
    pub fn weeks_of_work_waiting(&self, weeks: i32) -> Option<f64> {
        let minutes = &self.offered.minutes;
        ratio(self.waiting_minutes, (minutes.clinical() - minutes.of(Use::FollowUp)) / f64::from(weeks))
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
/// tell of a few children who wait.
pub fn load_figures(facts: &Facts, as_at: Day) -> Vec<LoadFigure> {
    let first = monday(as_at) + 7;
    let outlooks = Outlook::of_all(facts, Weeks { first, last: first + 7 * WEEKS_AHEAD, as_at });
    let enough = outlooks.iter().filter(|outlook| is_of_enough(facts, outlook.discipline, as_at));
    let figure = |outlook: &Outlook| {
        let ahead = Ahead::of(outlook, facts, WEEKS_AHEAD);
        let is_few = ahead.waiting.into_iter().any(is_small);
        LoadFigure {
            discipline: outlook.discipline,
            load: ahead.load(),
            weeks_waiting: ahead.weeks_of_work_waiting(WEEKS_AHEAD).filter(|_| !is_few),
        }
    };
    enough.map(figure).collect()
}

/// Children who wait for a first contact, and requests for advice that are outstanding, at the end of a day.
fn waiting(facts: &Facts, discipline: Discipline, as_at: Day) -> [u64; 2] {
    let own = Discipline::byte(Some(discipline));
    let for_advice = Purpose::byte(Some(Purpose::EhcAdvice));
    let referrals = &facts.referrals;
    let rows = referrals.received.iter().zip(&referrals.wait_ended).zip(&referrals.discipline).zip(&referrals.purpose);
    let waits = rows.filter(|(((received, ended), discipline), purpose)| {
        **received <= as_at && **ended > as_at && **received != NEVER && **discipline == own && **purpose != for_advice
    });
    let kind = advice_of(discipline);
    let asked = facts.advice.rows().filter(|(_, advice)| advice.advice_type == kind && advice.is_outstanding(as_at));
    [waits.count(), asked.count()].map(|count| u64::try_from(count).unwrap_or(u64::MAX))
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "no list is so long")]
fn count(number: u64) -> f64 {
    number as f64
}
