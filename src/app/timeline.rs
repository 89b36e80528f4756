//! Timelines: every clock of an EHC request, of the plans that came of it, and of all that belongs to either: advice,
//! orders, disputes and consultations, reviews, amendments, and re-assessments with advice of their own.

use chrono::NaiveDate;

use super::cases::{CaseIds, Linked, read_all};
use super::records::not_found;
use super::{App, AppError};
use crate::domain::advice_request::{AdviceRequest, AdviceType};
use crate::domain::annual_review::AnnualReview;
use crate::domain::authority::Authority;
use crate::domain::calendar::Calendar;
use crate::domain::calendar_entry::{CalendarEntry, CalendarKind};
use crate::domain::clock::instance::{
    Instance, of_advice, of_amendment, of_consultation, of_dispute, of_order, of_plan, of_reassessment, of_request,
};
use crate::domain::clock::milestones::Milestones;
use crate::domain::clock::{Case, Clock, Exception, Possible, Reading, possible_exceptions};
use crate::domain::consultation::Consultation;
use crate::domain::dispute::Dispute;
use crate::domain::ehc_plan::EhcPlan;
use crate::domain::noun::{Noun, Record};
use crate::domain::order::{Order, OrderSource};
use crate::domain::plan_amendment::PlanAmendment;
use crate::domain::reassessment::Reassessment;
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
    /// Where another last day than the rule's comes from, if there is one.
    pub directed_by: Option<OrderSource>,
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
    /// Closures in the authority's calendar that may be a ground for an exception of the request or of a re-assessment, each
    /// with that record, where no recorded exception of that ground excuses.
    pub possible: Vec<(RecordId, Possible)>,
}

impl App {
    /// Every clock of a case as at the end of a day, with those of the plans that came of it and of what belongs to them, and
    /// the milestones that follow from the limits when drafting takes so many days.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn timeline(&self, id: RecordId, as_at: NaiveDate, drafting_days: u32) -> Result<Timeline, AppError> {
        self.store.read(|conn| {
            let record = store::find(conn, id)?.ok_or_else(|| not_found(id))?;
            let mut entries = calendar_entries(conn, id.authority)?;
            let calendar = Calendar::of(&entries);
            entries.retain(|entry| entry.kind != CalendarKind::BankHoliday);
            let mut linked = Linked::find(conn, id.authority, std::slice::from_ref(&record))?;
            let ids = linked.ids(id);
            let case = linked.case(&record)?;
            let mut found = Gathered { clocks: Vec::new(), possible: Vec::new(), calendar, closures: entries, as_at };
            found.case(&case, &ids);
            found.about(conn, ("ehc_request_id", &[id.number]), id.authority, |_| case.request.ended_on())?;
            found.plans(conn, id)?;
            let Gathered { mut clocks, possible, .. } = found;
            clocks.sort_by_key(|clock| (clock.reading.due_on.is_none(), clock.reading.due_on, clock.record));
            let milestones = case.milestones(as_at, drafting_days);
            Ok(Timeline { record, as_at, clocks, milestones, possible })
        })
    }
}

fn calendar_entries(conn: &mut Conn, authority: Authority) -> Result<Vec<CalendarEntry>, StoreError> {
    let mut entries = Vec::new();
    store::scan(conn, Noun::CalendarEntry, authority, |_, records| -> Result<(), StoreError> {
        entries.extend(read_all(records, CalendarEntry::from_cells)?.into_iter().map(|(_, entry)| entry));
        Ok(())
    })?;
    Ok(entries)
}

/// The clocks and possible exceptions found so far, and by what calendar and as at which day they are read.
struct Gathered {
    clocks: Vec<TimelineClock>,
    possible: Vec<(RecordId, Possible)>,
    calendar: Calendar,
    closures: Vec<CalendarEntry>,
    as_at: NaiveDate,
}

impl Gathered {
    fn take(&mut self, record: RecordId, instances: &[Instance], exceptions: &[Exception]) {
        self.clocks.extend(instances.iter().map(|instance| clock_of(record, None, instance, exceptions, self.as_at)));
    }

    fn advice(&mut self, record: RecordId, advice: &AdviceRequest, ended_on: Option<NaiveDate>, excuses: &[Exception]) {
        let instance = of_advice(advice, ended_on);
        let excuses = advice.excuses(excuses);
        self.clocks.push(clock_of(record, Some(advice.advice_type), &instance, &excuses, self.as_at));
    }

    fn case(&mut self, case: &Case, ids: &CaseIds) {
        let exceptions = case.exceptions();
        self.take(ids.request, &of_request(&case.request, case.replaced_on()), &exceptions);
        for (advice, id) in case.advice.iter().zip(&ids.advice) {
            self.advice(*id, advice, case.request.ended_on(), &exceptions);
        }
        let possible = case.possible_exceptions(self.closures.iter(), self.as_at);
        self.possible.extend(possible.into_iter().map(|one| (ids.request, one)));
        for (order, id) in case.orders.iter().zip(&ids.orders) {
            self.take(*id, &of_order(order), &exceptions);
        }
    }

    /// Disputes and consultations about requests or plans; a consultation stops when what it is about ends.
    fn about(
        &mut self,
        conn: &mut Conn,
        (link, numbers): (&'static str, &[i64]),
        authority: Authority,
        ended_on: impl Fn(&Consultation) -> Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        let mut find = |noun| store::find_by_link(conn, noun, authority, link, numbers);
        for (id, dispute) in read_all(find(Noun::Dispute)?, Dispute::from_cells)? {
            self.take(id, &of_dispute(&dispute, &self.calendar), &[]);
        }
        for (id, consultation) in read_all(find(Noun::Consultation)?, Consultation::from_cells)? {
            self.take(id, &[of_consultation(&consultation, ended_on(&consultation))], &[]);
        }
        Ok(())
    }

    /// The plans that came of a request, and all that belongs to them.
    fn plans(&mut self, conn: &mut Conn, request: RecordId) -> Result<(), StoreError> {
        let authority = request.authority;
        let plans = store::find_by_link(conn, Noun::EhcPlan, authority, "ehc_request_id", &[request.number])?;
        let plans = read_all(plans, EhcPlan::from_cells)?;
        let numbers: Vec<_> = plans.iter().map(|(id, _)| id.number).collect();
        if numbers.is_empty() {
            return Ok(());
        }
        let ended_on = |consultation: &Consultation| {
            let number = consultation.ehc_plan_id.as_ref()?.number()?;
            plans.iter().find(|(id, _)| id.number == number)?.1.ended_on()
        };
        self.about(conn, ("ehc_plan_id", &numbers), authority, ended_on)?;
        let mut find = |noun| store::find_by_link(conn, noun, authority, "ehc_plan_id", &numbers);
        let reviews = read_all(find(Noun::AnnualReview)?, AnnualReview::from_cells)?;
        let amendments = read_all(find(Noun::PlanAmendment)?, PlanAmendment::from_cells)?;
        let orders = read_all(find(Noun::Order)?, Order::from_cells)?;
        let reassessments = read_all(find(Noun::Reassessment)?, Reassessment::from_cells)?;
        for (id, order) in orders {
            self.take(id, &of_order(&order), &[]);
        }
        for (id, plan) in &plans {
            let own = reviews.iter().filter(|(_, review)| review.ehc_plan_id.number() == Some(id.number));
            let own: Vec<_> = own.map(|(review_id, review)| (review_id.number, review)).collect();
            for (number, instances) in of_plan(plan, &own, &self.calendar) {
                let review = number.map(|number| RecordId { noun: Noun::AnnualReview, authority, number });
                self.take(review.unwrap_or(*id), &instances, &[]);
            }
            for (amended, record) in amendments.iter().filter(|(_, one)| one.ehc_plan_id.number() == Some(id.number)) {
                self.take(*amended, &of_amendment(record, plan), &[]);
            }
            for (again, record) in reassessments.iter().filter(|(_, one)| one.ehc_plan_id.number() == Some(id.number)) {
                self.reassessment(conn, *again, record, plan)?;
            }
        }
        Ok(())
    }

    fn reassessment(
        &mut self,
        conn: &mut Conn,
        id: RecordId,
        record: &Reassessment,
        plan: &EhcPlan,
    ) -> Result<(), StoreError> {
        let mut find = |noun| store::find_by_link(conn, noun, id.authority, "reassessment_id", &[id.number]);
        let exceptions = read_all(find(Noun::TimescaleException)?, TimescaleException::from_cells)?;
        let exceptions: Vec<_> = exceptions.iter().map(|(_, record)| Exception::from(record)).collect();
        let asked = read_all(find(Noun::AdviceRequest)?, AdviceRequest::from_cells)?;
        let instances = of_reassessment(record, plan);
        self.take(id, &instances, &exceptions);
        for (advice_id, advice) in &asked {
            self.advice(*advice_id, advice, record.over_on(plan), &exceptions);
        }
        let asked: Vec<_> = asked.into_iter().map(|(_, advice)| advice).collect();
        for last in instances.iter().filter(|instance| instance.clock == Clock::ReassessFinal) {
            let limit = (last.rule(), last.window());
            let possible = possible_exceptions(limit, &exceptions, &asked, self.closures.iter(), self.as_at);
            self.possible.extend(possible.into_iter().map(|one| (id, one)));
        }
        Ok(())
    }
}

fn clock_of(
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
    TimelineClock { record, advice, reading, started_on, directed_by: instance.directed_by.map(|(_, source)| source) }
}
