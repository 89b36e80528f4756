//! Capacity and demand: what teams can offer week by week, what is asked of them, and how that looks from a day.

use std::collections::{BTreeMap, BTreeSet};

use super::statistics::{Measured, StatQuery};
use super::{App, AppError};
use crate::domain::caller::Caller;
use crate::domain::capacity::ahead::Ahead;
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
    /// Only these; empty for all.
    pub disciplines: Vec<Discipline>,
    /// A row for each service.
    pub by_service: bool,
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
    /// The most who may wait at the end of the week so that all are seen in time: for a first contact, for EHC advice.
    pub largest_lists: [u64; 2],
    /// Settings that are assumed and not ruled.
    pub assumed: BTreeSet<Setting>,
    authorities: usize,
}

/// What is asked of a discipline and what it can offer in the weeks after a day.
#[derive(Clone, Debug, Default)]
pub struct CapacityOutlook {
    /// The weeks ahead, and who waits.
    pub ahead: Ahead,
    /// Children who wait for a first contact; sums of several authorities have no wait.
    pub first_contact: Queue,
    /// Children for whom advice is outstanding.
    pub ehc_advice: Queue,
    /// Settings that are assumed and not ruled.
    pub assumed: BTreeSet<Setting>,
    /// How many authorities have staff on record.
    pub authorities: usize,
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
                let weeks = Weeks { first: monday(ask.from), last: last + FIRST_CONTACT_DEADLINE + 7, as_at };
                for outlook in wanted(facts, weeks, ask) {
                    premises.add(&outlook.team.premises);
                    for monday in (monday(ask.from)..=last).step_by(7) {
                        add_week(&mut rows, facts, &outlook, (area, monday, ask.by_service));
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
        (ask, weeks_ahead): (&CapacityAsk, i32),
    ) -> Result<Outlooks, AppError> {
        self.measure(caller, query, |pages, as_at| {
            let mut rows = BTreeMap::<_, CapacityOutlook>::new();
            let mut premises = Premises::default();
            let first = monday(as_at) + 7;
            for (authority, facts) in pages {
                let weeks = Weeks { first, last: first + 7 * HORIZON_WEEKS, as_at };
                for outlook in wanted(facts, weeks, ask) {
                    premises.add(&outlook.team.premises);
                    let row = rows.entry((query.level.area(*authority), outlook.discipline)).or_default();
                    add_outlook(row, &outlook, &Ahead::of(&outlook, facts, weeks_ahead));
                }
            }
            (rows, premises)
        })
    }
}

fn wanted(facts: &Facts, weeks: Weeks, ask: &CapacityAsk) -> Vec<Outlook> {
    let mut outlooks = Outlook::of_all(facts, weeks);
    outlooks.retain(|outlook| ask.disciplines.is_empty() || ask.disciplines.contains(&outlook.discipline));
    outlooks
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
            row.add(week, factor, outlook.assumed());
        }
        return;
    }
    let row = rows.entry((area, monday, outlook.discipline, None)).or_default();
    row.add(&outlook.week(monday), factor, outlook.assumed());
    row.demand.add(&outlook.demand(monday));
    if outlook.is_over(monday) {
        let delivered = outlook.delivered.get(&monday).copied().unwrap_or(0);
        row.delivered = Some(row.delivered.unwrap_or(0) + u64::from(delivered));
    }
    let lists = [
        outlook.expected_after(monday + 6, AppointmentType::FirstContact, FIRST_CONTACT_DEADLINE),
        outlook.expected_after(monday + 6, AppointmentType::EhcAdvice, ADVICE_DEADLINE),
    ];
    row.largest_lists.iter_mut().zip(lists).for_each(|(list, more)| *list += more);
}

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
    let kinds = [
        (&mut row.first_contact, AppointmentType::FirstContact, FIRST_CONTACT_DEADLINE),
        (&mut row.ehc_advice, AppointmentType::EhcAdvice, ADVICE_DEADLINE),
    ];
    for ((queue, appointment, deadline), waiting) in kinds.into_iter().zip(ahead.waiting) {
        let own = outlook.queue(waiting, appointment, deadline);
        let next_wait = own.next_wait.filter(|_| row.authorities == 1);
        *queue = Queue {
            waiting: queue.waiting + own.waiting,
            next_wait,
            largest_list: queue.largest_list + own.largest_list,
        };
    }
    row.assumed.extend(outlook.assumed());
}
