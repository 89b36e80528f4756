//! The clocks of one EHC request, with all that bears on them.

use chrono::NaiveDate;

use super::instance::{of_advice, of_request};
use super::{Clock, Event, Events, Exception, Ground, Reading, Rule, Window};
use crate::domain::advice_request::{AdviceRequest, AdviceType};
use crate::domain::calendar_entry::{CalendarEntry, CalendarKind};
use crate::domain::ehc_request::EhcRequest;
use crate::domain::order::Order;
use crate::domain::timescale_exception::TimescaleException;

/// One EHC request with all that bears on its clocks.
#[derive(Clone, Debug)]
pub struct Case {
    /// The request.
    pub request: EhcRequest,
    /// Its exceptions.
    pub exceptions: Vec<TimescaleException>,
    /// Its requests for advice.
    pub advice: Vec<AdviceRequest>,
    /// Orders, concessions and agreements about it.
    pub orders: Vec<Order>,
}

/// The clock of one request for advice.
#[derive(Clone, Debug)]
pub struct AdviceClock {
    /// Whose advice.
    pub advice_type: AdviceType,
    /// What the clock says.
    pub reading: Reading,
}

/// A closure of the calendar that may excuse the final plan of a case or re-assessment, if it was impractical because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible {
    /// The closure, and when advice was asked for.
    pub exception: Exception,
    /// Where its ground stands.
    pub provision: &'static str,
}

/// Every clock of a case on one day.
#[derive(Clone, Debug)]
pub struct CaseClocks {
    /// The council's clocks, in the order a case meets them.
    pub council: Vec<Reading>,
    /// The clocks of the bodies asked for advice.
    pub advice: Vec<AdviceClock>,
}

impl From<&TimescaleException> for Exception {
    fn from(record: &TimescaleException) -> Self {
        Self {
            ground: record.ground,
            starts_on: record.starts_on,
            ends_on: record.ends_on,
            advice_requested_on: record.advice_requested_on,
        }
    }
}

impl EhcRequest {
    /// The events of the request that start clocks.
    pub fn events(&self) -> Events {
        if self.detained == Some(true) {
            return Events::default().with(Event::DetainedRequestReceived, self.started_on());
        }
        Events::default()
            .with(Event::RequestReceived, self.received_on)
            .with(Event::BecameResponsible, self.became_responsible_on)
    }

    /// The time its final plan may take; `None` where nobody knows when it started.
    pub fn window(&self) -> Option<Window> {
        let (rule, first) = Clock::FinalPlan.started_by(&self.events())?;
        Some(Window { first, last: rule.due(first, &self.events())? })
    }
}

impl AdviceRequest {
    /// What may excuse the body that was asked: the exceptions of the assessment, and an appointment of its own that was
    /// not kept.
    pub fn excuses(&self, of_assessment: &[Exception]) -> Vec<Exception> {
        let missed = Exception::missed_appointment(self.missed_appointment_on);
        of_assessment.iter().copied().chain(missed).collect()
    }
}

/// The closures that fulfil the words of a rule's exceptions for what the school or early years provider was asked by the
/// end of `as_of`, unless a recorded exception of that ground excuses by then or is of the very same days.
pub fn possible_exceptions<'a>(
    (rule, window): (&'static Rule, Option<Window>),
    recorded: &[Exception],
    advice: &[AdviceRequest],
    closures: impl Iterator<Item = &'a CalendarEntry>,
    as_of: NaiveDate,
) -> Vec<Possible> {
    let education = advice.iter().filter(|advice| advice.advice_type == AdviceType::Education);
    let asked: Vec<_> = education.filter_map(|advice| advice.sent_on).filter(|day| *day <= as_of).collect();
    let mut possible = Vec::new();
    for entry in closures {
        let ground = match entry.kind {
            CalendarKind::SchoolClosure => Ground::SchoolClosure,
            CalendarKind::EarlyYearsClosure => Ground::EarlyYearsClosure,
            CalendarKind::BankHoliday | CalendarKind::SchoolTerm => continue,
        };
        let Some(excuse) = rule.excuse(ground) else { continue };
        let settles = |known: &Exception| {
            let same_days = known.starts_on == entry.starts_on && known.ends_on == Some(entry.ends_on);
            same_days || rule.excused_from(known, window).is_some_and(|from| from <= as_of)
        };
        if recorded.iter().filter(|known| known.ground == ground).any(settles) {
            continue;
        }
        possible.extend(asked.iter().filter_map(|asked_on| {
            let exception = Exception {
                ground,
                starts_on: entry.starts_on,
                ends_on: Some(entry.ends_on),
                advice_requested_on: Some(*asked_on),
            };
            rule.excused_from(&exception, window)?;
            Some(Possible { exception, provision: excuse.provision })
        }));
    }
    possible
}

impl Case {
    /// The day an order, a concession or an agreement replaced the limits of the request.
    pub fn replaced_on(&self) -> Option<NaiveDate> {
        self.orders.iter().filter(|order| order.replaces_request()).map(|order| order.made_on).min()
    }

    /// Its exceptions as facts that may excuse.
    pub fn exceptions(&self) -> Vec<Exception> {
        self.exceptions.iter().map(Exception::from).collect()
    }

    /// The closures that may excuse its final plan and of which nothing is recorded: regs 10(4)(a) and (b), 13(3).
    pub fn possible_exceptions<'a>(
        &self,
        closures: impl Iterator<Item = &'a CalendarEntry>,
        as_of: NaiveDate,
    ) -> Vec<Possible> {
        let Some((rule, _)) = Clock::FinalPlan.started_by(&self.request.events()) else { return Vec::new() };
        possible_exceptions((rule, self.request.window()), &self.exceptions(), &self.advice, closures, as_of)
    }

    /// Reads every clock of the case as at the end of `as_of`.
    pub fn clocks(&self, as_of: NaiveDate) -> CaseClocks {
        let exceptions = self.exceptions();
        let council = of_request(&self.request, self.replaced_on());
        let advice = |advice: &AdviceRequest| {
            let instance = of_advice(advice, self.request.ended_on());
            AdviceClock { advice_type: advice.advice_type, reading: instance.read(&advice.excuses(&exceptions), as_of) }
        };
        CaseClocks {
            council: council.iter().map(|clock| clock.read(&exceptions, as_of)).collect(),
            advice: self.advice.iter().map(advice).collect(),
        }
    }
}
