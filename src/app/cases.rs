//! Cases: an EHC request with its exceptions, advice and orders, and the plan and reviews that came of it.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::records::not_found;
use super::{App, AppError, CaseRecord};
use crate::domain::advice_request::{AdviceRequest, AdviceType};
use crate::domain::annual_review::AnnualReview;
use crate::domain::authority::Authority;
use crate::domain::clock::instance::{Instance, of_advice, of_order, of_plan, of_request};
use crate::domain::clock::milestones::Milestones;
use crate::domain::clock::{Case, Exception, Reading};
use crate::domain::ehc_plan::EhcPlan;
use crate::domain::ehc_request::EhcRequest;
use crate::domain::fault::Refusal;
use crate::domain::noun::{Cells, Noun, Record};
use crate::domain::order::Order;
use crate::domain::reference::RecordId;
use crate::domain::timescale_exception::TimescaleException;
use crate::store::{self, Conn, StoreError};

/// One clock of a timeline.
#[derive(Clone, Debug)]
pub struct TimelineClock {
    /// The record it is a clock of.
    pub record: RecordId,
    /// Whose advice, for the clock of an adviser.
    pub advice: Option<AdviceType>,
    /// What it says.
    pub reading: Reading,
    /// The day of the event that started it.
    pub started_on: Option<NaiveDate>,
}

/// Every clock of a case on one day, and what follows from the limits.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The request.
    pub record: Record,
    /// The day.
    pub as_at: NaiveDate,
    /// Every clock, in the order of its due date; those not started last.
    pub clocks: Vec<TimelineClock>,
    /// What follows from the limits; `None` where nobody knows when the case started.
    pub milestones: Option<Milestones>,
}

impl App {
    /// Adds the clocks to EHC requests; other records have none.
    pub(super) fn with_clocks(&self, conn: &mut Conn, records: Vec<Record>) -> Result<Vec<CaseRecord>, AppError> {
        let mut clocks = Vec::with_capacity(records.len());
        for group in records.chunk_by(|one, next| one.id.authority == next.id.authority) {
            match group.first() {
                Some(first) if first.id.noun == Noun::EhcRequest => {
                    let mut linked = Linked::find(conn, first.id.authority, group)?;
                    for record in group {
                        clocks.push(Some(linked.case(record)?.clocks(self.clock.today())));
                    }
                }
                _ => clocks.extend(group.iter().map(|_| None)),
            }
        }
        Ok(records.into_iter().zip(clocks).map(|(record, clocks)| CaseRecord { record, clocks }).collect())
    }

    /// Every clock of a case as at the end of a day, with the plan and reviews that came of it, and the milestones that
    /// follow from the limits when drafting takes so many days.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn timeline(&self, id: RecordId, as_at: NaiveDate, drafting_days: u32) -> Result<Timeline, AppError> {
        self.store.read(|conn| {
            let record = store::find(conn, id)?.ok_or_else(|| not_found(id))?;
            let mut linked = Linked::find(conn, id.authority, std::slice::from_ref(&record))?;
            let ids = linked.ids(id);
            let case = linked.case(&record)?;
            let mut clocks = case_clocks(&case, &ids, as_at);
            clocks.extend(plan_clocks(conn, id, as_at)?);
            clocks.sort_by_key(|clock| (clock.reading.due_on.is_none(), clock.reading.due_on, clock.record));
            let milestones = case.milestones(as_at, drafting_days);
            Ok(Timeline { record, as_at, clocks, milestones })
        })
    }
}

/// Where the clocks of a case stand: the request itself, then its advice and orders in order.
struct CaseIds {
    request: RecordId,
    advice: Vec<RecordId>,
    orders: Vec<RecordId>,
}

fn case_clocks(case: &Case, ids: &CaseIds, as_at: NaiveDate) -> Vec<TimelineClock> {
    let exceptions = case.exceptions();
    let mut clocks: Vec<_> = of_request(&case.request, case.replaced_on())
        .iter()
        .map(|instance| timeline_clock(ids.request, None, instance, &exceptions, as_at))
        .collect();
    for (advice, id) in case.advice.iter().zip(&ids.advice) {
        let own = case.exceptions_of(advice);
        let instance = of_advice(advice, case.request.ended_on());
        clocks.push(timeline_clock(*id, Some(advice.advice_type), &instance, &own, as_at));
    }
    for (order, id) in case.orders.iter().zip(&ids.orders) {
        clocks.extend(of_order(order).iter().map(|instance| timeline_clock(*id, None, instance, &exceptions, as_at)));
    }
    clocks
}

fn timeline_clock(
    record: RecordId,
    advice: Option<AdviceType>,
    instance: &Instance,
    exceptions: &[Exception],
    as_at: NaiveDate,
) -> TimelineClock {
    let reading = instance.read(exceptions, as_at);
    let started = instance.clock.started_by(&instance.events).map(|(_, start)| start);
    // What has not started by then is not known then.
    let started_on = started.filter(|_| reading.due_on.is_some());
    TimelineClock { record, advice, reading, started_on }
}

/// The clocks of the plans that came of a request, of their reviews, and of the orders about them.
fn plan_clocks(conn: &mut Conn, request: RecordId, as_at: NaiveDate) -> Result<Vec<TimelineClock>, StoreError> {
    let authority = request.authority;
    let plans = store::find_by_link(conn, Noun::EhcPlan, authority, "ehc_request_id", &[request.number])?;
    let numbers: Vec<_> = plans.iter().map(|plan| plan.id.number).collect();
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut find = |noun| store::find_by_link(conn, noun, authority, "ehc_plan_id", &numbers);
    let reviews = read_all(find(Noun::AnnualReview)?, AnnualReview::from_cells)?;
    let orders = read_all(find(Noun::Order)?, Order::from_cells)?;
    let mut clocks = Vec::new();
    let mut take = |id, instances: Vec<Instance>| {
        clocks.extend(instances.iter().map(|instance| timeline_clock(id, None, instance, &[], as_at)));
    };
    for (id, plan) in read_all(plans, EhcPlan::from_cells)? {
        let own = reviews.iter().filter(|(_, review)| review.ehc_plan_id.number() == Some(id.number));
        let own: Vec<_> = own.map(|(review_id, review)| (review_id.number, review)).collect();
        for (number, instances) in of_plan(&plan, &own) {
            take(number.map_or(id, |number| RecordId { noun: Noun::AnnualReview, authority, number }), instances);
        }
    }
    for (id, order) in orders {
        take(id, of_order(&order));
    }
    Ok(clocks)
}

/// Reads records as what they are.
fn read_all<T>(
    records: Vec<Record>,
    read: impl Fn(&Cells) -> Result<T, Refusal>,
) -> Result<Vec<(RecordId, T)>, StoreError> {
    records
        .into_iter()
        .map(|record| Ok((record.id, read(&record.cells).map_err(|refusal| corrupt(record.id, refusal))?)))
        .collect()
}

fn corrupt(id: RecordId, refusal: Refusal) -> StoreError {
    StoreError::Corrupt { table: id.noun.kind().table, key: id.to_string(), problem: refusal.message }
}

/// What belongs to some EHC requests of one authority, by the number of the request.
struct Linked {
    exceptions: HashMap<i64, Vec<TimescaleException>>,
    advice: BTreeMap<i64, Vec<(RecordId, AdviceRequest)>>,
    orders: BTreeMap<i64, Vec<(RecordId, Order)>>,
}

impl Linked {
    fn find(conn: &mut Conn, authority: Authority, requests: &[Record]) -> Result<Self, StoreError> {
        let numbers: Vec<_> = requests.iter().map(|record| record.id.number).collect();
        let mut find = |noun| store::find_by_link(conn, noun, authority, "ehc_request_id", &numbers);
        let mut linked = Self { exceptions: HashMap::new(), advice: BTreeMap::new(), orders: BTreeMap::new() };
        for (_, exception) in read_all(find(Noun::TimescaleException)?, TimescaleException::from_cells)? {
            let case = exception.ehc_request_id.number().unwrap_or(0);
            linked.exceptions.entry(case).or_default().push(exception);
        }
        for (id, advice) in read_all(find(Noun::AdviceRequest)?, AdviceRequest::from_cells)? {
            linked.advice.entry(advice.ehc_request_id.number().unwrap_or(0)).or_default().push((id, advice));
        }
        for (id, order) in read_all(find(Noun::Order)?, Order::from_cells)? {
            let case = order.ehc_request_id.as_ref().and_then(crate::domain::reference::EhcRequestLink::number);
            linked.orders.entry(case.unwrap_or(0)).or_default().push((id, order));
        }
        Ok(linked)
    }

    fn ids(&self, request: RecordId) -> CaseIds {
        let advice = self.advice.get(&request.number).into_iter().flatten().map(|(id, _)| *id);
        let orders = self.orders.get(&request.number).into_iter().flatten().map(|(id, _)| *id);
        CaseIds { request, advice: advice.collect(), orders: orders.collect() }
    }

    /// Takes out what belongs to one request.
    fn case(&mut self, record: &Record) -> Result<Case, StoreError> {
        let number = record.id.number;
        let request = EhcRequest::from_cells(&record.cells).map_err(|refusal| corrupt(record.id, refusal))?;
        let advice = self.advice.remove(&number).unwrap_or_default();
        let orders = self.orders.remove(&number).unwrap_or_default();
        Ok(Case {
            request,
            exceptions: self.exceptions.remove(&number).unwrap_or_default(),
            advice: advice.into_iter().map(|(_, advice)| advice).collect(),
            orders: orders.into_iter().map(|(_, order)| order).collect(),
        })
    }
}
