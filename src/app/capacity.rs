//! Capacity and demand: what teams can offer week by week, what is asked of them, and how that looks from a day.

use std::collections::{BTreeMap, BTreeSet};

use super::statistics::{Measured, StatQuery};
use super::{App, AppError};
use crate::domain::caller::Caller;
use crate::domain::capacity::ahead::{Ahead, waiting};
use crate::domain::capacity::day_book::monday;
use crate::domain::capacity::ledger::{Week, Weeks};
use crate::domain::capacity::outlook::{
    ADVICE_DEADLINE, Demand, FIRST_CONTACT_DEADLINE, HORIZON_WEEKS, Outlook, Queue,
};
use crate::domain::capacity::parameters::Premises;
use crate::domain::capacity::realisation::Realisation;
use crate::domain::capacity_rule::{AppointmentType, Setting};
use crate::domain::facts::{Day, Facts, Place};
use crate::domain::service::Discipline;
use crate::domain::statistics::group::Area;

/// Which weeks of which disciplines, told apart by what.
#[derive(Clone, Debug)]
pub struct CapacityAsk {
    /// Any day of the first week.
    pub from: Day,
    /// Any day of the last week.
    pub to: Day,
    /// Only these.
    pub disciplines: Vec<Discipline>,
    /// A row for each service.
    pub by_service: bool,
    /// The largest lists that meet their deadlines, for which many weeks after the last are worked out.
    pub with_lists: bool,
}

/// One row: where, which week, which therapy, which service.
pub type CapacityKey = (Area, Day, Discipline, Option<String>);

/// What a team offers in a week, and what is asked of it.
#[derive(Clone, Debug, Default)]
pub struct CapacityWeek {
    /// Minutes and appointments.
    pub week: Week,
    /// First contacts on record, of a week that is over; `None` of one that is not, and of one service among several.
    pub delivered: Option<u64>,
    /// First contacts to expect: those attended, times what is delivered of what is planned.
    pub expected: f64,
    /// What is delivered of what is planned; `None` of more than one authority.
    pub realisation: Option<Realisation>,
    /// What is asked for; nothing of one service among several.
    pub demand: Demand,
    /// The most who may wait at the end of the week so that all are seen in time: for a first contact, for EHC advice; 0 where
    /// they were not asked for.
    pub largest_lists: [u64; 2],
    /// Settings that are assumed and not ruled.
    pub assumed: BTreeSet<Setting>,
    /// How many authorities have staff on record.
    pub authorities: usize,
}

/// What is asked of a discipline and what it can offer in the weeks after a day.
#[derive(Clone, Debug, Default)]
pub struct CapacityOutlook {
    /// The weeks ahead, and the work that waits, of authorities with staff.
    pub ahead: Ahead,
    /// Children who wait for a first contact, whether there is staff or not; sums of several authorities have no wait.
    pub first_contact: Queue,
    /// Children for whom advice is outstanding.
    pub ehc_advice: Queue,
    /// Settings that are assumed and not ruled.
    pub assumed: BTreeSet<Setting>,
    /// How many authorities have staff on record.
    pub authorities: usize,
    /// With those where children wait and nobody works.
    members: usize,
}

/// One row: where, and which therapy.
pub type OutlookKey = (Area, Discipline);

/// Rows, and the parameters they rest on with the number of authorities of which each is true.
pub type WithPremises<K, T> = (BTreeMap<K, T>, Premises);

/// What [`App::capacity_outlook`] answers.
pub type Outlooks = Measured<WithPremises<OutlookKey, CapacityOutlook>>;

impl App {
    /// Capacity and demand week by week.
    ///
    /// # Errors
    /// When the database fails.
    pub fn capacity(
        &self,
        caller: &Caller,
        query: &StatQuery,
        ask: &CapacityAsk,
    ) -> Result<Measured<WithPremises<CapacityKey, CapacityWeek>>, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let mut rows = BTreeMap::<CapacityKey, CapacityWeek>::new();
            let mut premises = Premises::default();
            let last = monday(ask.to);
            for (authority, facts) in pages {
                let area = query.level.area(*authority);
                // Lists are measured by what follows the last week.
                let after = if ask.with_lists { FIRST_CONTACT_DEADLINE + 7 } else { 0 };
                let weeks = Weeks { first: monday(ask.from), last: last + after, as_at };
                for outlook in Outlook::of_all(facts, weeks, &ask.disciplines) {
                    premises.add(&outlook.premises);
                    for monday in (monday(ask.from)..=last).step_by(7) {
                        add_week(&mut rows, facts, &outlook, (area, monday, ask.by_service));
                    }
                    if ask.with_lists {
                        add_lists(&mut rows, &outlook, area, (monday(ask.from), last));
                    }
                }
            }
            (rows, premises)
        })
    }

    /// Capacity and demand in so many weeks after the day asked about.
    ///
    /// # Errors
    /// When the database fails.
    pub fn capacity_outlook(
        &self,
        caller: &Caller,
        query: &StatQuery,
        (disciplines, weeks_ahead): (&[Discipline], i32),
    ) -> Result<Outlooks, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let mut rows = BTreeMap::<_, CapacityOutlook>::new();
            let mut premises = Premises::default();
            let first = monday(as_at) + 7;
            for (authority, facts) in pages {
                let weeks = Weeks { first, last: first + 7 * HORIZON_WEEKS, as_at };
                let area = query.level.area(*authority);
                let outlooks = Outlook::of_all(facts, weeks, disciplines);
                for outlook in &outlooks {
                    premises.add(&outlook.premises);
                    let row = rows.entry((area, outlook.discipline)).or_default();
                    add_outlook(row, outlook, &Ahead::of(outlook, facts, weeks_ahead));
                }
                let has_staff = |discipline| outlooks.iter().any(|outlook| outlook.discipline == discipline);
                for discipline in disciplines.iter().copied().filter(|discipline| !has_staff(*discipline)) {
                    // Nobody to see them is no reason to leave children out.
                    let waiting = waiting(facts, discipline, as_at);
                    if waiting != [0, 0] {
                        let queues = waiting.into_iter().map(|waiting| Queue { waiting, ..Queue::default() });
                        rows.entry((area, discipline)).or_default().add_queues(queues);
                    }
                }
            }
            (rows, premises)
        })
    }
}

fn add_week(
    rows: &mut BTreeMap<CapacityKey, CapacityWeek>,
    facts: &Facts,
    outlook: &Outlook,
    (area, monday, by_service): (Area, Day, bool),
) {
    let factor = outlook.realisation(monday);
    if by_service {
        for ((_, service), week) in outlook.ledger.range((monday, Place::MIN)..=(monday, Place::MAX)) {
            let service = facts.staff.service(*service).map(str::to_owned);
            let row = rows.entry((area, monday, outlook.discipline, service)).or_default();
            row.add(week, factor, outlook.assumed(monday));
        }
        return;
    }
    let row = rows.entry((area, monday, outlook.discipline, None)).or_default();
    row.add(&outlook.week(monday), factor, outlook.assumed(monday));
    row.demand.add(&outlook.demand(monday));
    if outlook.is_over(monday) {
        let delivered = outlook.delivered.get(&monday).copied().unwrap_or(0);
        row.delivered = Some(row.delivered.unwrap_or(0) + u64::from(delivered));
    }
}

/// Adds the largest lists of the weeks from a first Monday to a last.
fn add_lists(rows: &mut BTreeMap<CapacityKey, CapacityWeek>, outlook: &Outlook, area: Area, (first, last): (Day, Day)) {
    let expected = DEADLINES.map(|(kind, days)| (outlook.expected(kind, (first, last + days + 6)), days));
    for monday in (first..=last).step_by(7) {
        let row = rows.entry((area, monday, outlook.discipline, None)).or_default();
        for (list, (expected, days)) in row.largest_lists.iter_mut().zip(&expected) {
            *list += expected.after(monday + 6, *days);
        }
    }
}

/// Within how many days appointments of a kind are to be had.
const DEADLINES: [(AppointmentType, Day); 2] =
    [(AppointmentType::FirstContact, FIRST_CONTACT_DEADLINE), (AppointmentType::EhcAdvice, ADVICE_DEADLINE)];

impl CapacityWeek {
    fn add(&mut self, week: &Week, factor: Realisation, assumed: impl Iterator<Item = Setting>) {
        self.week.add(week);
        self.expected += week.first_contacts().attended * factor.mean();
        self.authorities += 1;
        self.realisation = Some(factor).filter(|_| self.authorities == 1);
        self.assumed.extend(assumed);
    }
}

fn add_outlook(row: &mut CapacityOutlook, outlook: &Outlook, ahead: &Ahead) {
    row.ahead.add(ahead);
    row.authorities += 1;
    let queues = DEADLINES.into_iter().zip(ahead.waiting);
    row.add_queues(queues.map(|((kind, deadline), waiting)| outlook.queue(waiting, kind, deadline)));
    row.assumed.extend(outlook.assumed(outlook.as_at()));
}

impl CapacityOutlook {
    /// Adds those who wait in one more authority, for a first contact and for advice.
    fn add_queues(&mut self, others: impl Iterator<Item = Queue>) {
        self.members += 1;
        for (queue, other) in [&mut self.first_contact, &mut self.ehc_advice].into_iter().zip(others) {
            *queue = Queue {
                waiting: queue.waiting + other.waiting,
                next_wait: other.next_wait.filter(|_| self.members == 1),
                largest_list: queue.largest_list + other.largest_list,
            };
        }
    }
}
