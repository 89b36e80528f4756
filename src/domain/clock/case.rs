//! The clocks of one EHC request: which rules bind it, and what each says on a day.

use chrono::NaiveDate;

use super::{Clock, Event, Events, Exception, Ground, Reading, State, read};
use crate::domain::advice_request::{AdviceRequest, AdviceType};
use crate::domain::ehc_request::{Decision, EhcRequest, Outcome};
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
}

/// The clock of one request for advice.
#[derive(Clone, Debug)]
pub struct AdviceClock {
    /// Whose advice.
    pub advice_type: AdviceType,
    /// What the clock says.
    pub reading: Reading,
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
        Events::default()
            .with(Event::RequestReceived, self.received_on)
            .with(Event::BecameResponsible, self.became_responsible_on)
            .with(Event::DraftServed, self.draft_served_on)
    }
}

impl Case {
    /// Reads every clock of the case as at the end of `as_of`.
    pub fn clocks(&self, as_of: NaiveDate) -> CaseClocks {
        CaseClocks {
            council: self.council_clocks(as_of),
            advice: self.advice.iter().map(|advice| self.advice_clock(advice, as_of)).collect(),
        }
    }

    fn council_clocks(&self, as_of: NaiveDate) -> Vec<Reading> {
        let request = &self.request;
        let happened = |date: Option<NaiveDate>| date.filter(|date| *date <= as_of);
        let decision = happened(request.decision_on).and(request.decision);
        let outcome = happened(request.outcome_on.or(request.final_sent_on)).and(request.outcome);
        let issued = happened(request.final_sent_on).is_some();
        let refused = decision == Some(Decision::DoNotAssess) && !issued;
        let no_plan_on = request.outcome_on.filter(|_| request.outcome == Some(Outcome::NoPlan));
        let clocks = [
            (Clock::DecideToAssess, request.decision_on, true),
            (Clock::DecideNotToIssue, no_plan_on, !refused && !issued && outcome != Some(Outcome::Plan)),
            (Clock::FinalPlan, request.final_sent_on, issued || (!refused && outcome != Some(Outcome::NoPlan))),
        ];
        clocks.into_iter().map(|(clock, done_on, binds)| self.council_clock(clock, done_on, binds, as_of)).collect()
    }

    /// Reads one clock of the council; `binds` is false if it cannot bind the case as it stands.
    fn council_clock(&self, clock: Clock, done_on: Option<NaiveDate>, binds: bool, as_of: NaiveDate) -> Reading {
        let request = &self.request;
        let exceptions: Vec<_> = self.exceptions.iter().map(Exception::from).collect();
        let mut reading = read(clock.rule(request.started_on()), &request.events(), done_on, &exceptions, as_of);
        let open = reading.done_on.is_none();
        if !binds {
            reading.state = State::NotApplicable;
        } else if open && request.withdrawn_on.is_some_and(|day| day <= as_of) {
            reading.state = State::Stopped;
        } else if open
            && clock == Clock::DecideNotToIssue
            && matches!(reading.state, State::Overdue { .. } | State::Exempt { .. })
        {
            reading.state = State::Lapsed;
        }
        reading
    }

    fn advice_clock(&self, advice: &AdviceRequest, as_of: NaiveDate) -> AdviceClock {
        let mut exceptions: Vec<_> = self.exceptions.iter().map(Exception::from).collect();
        exceptions.extend(advice.missed_appointment_on.map(|day| Exception {
            ground: Ground::MissedAppointment,
            starts_on: day,
            ends_on: Some(day),
            advice_requested_on: None,
        }));
        let started_on = advice.received_by_body_on;
        let rule = Clock::AdviceReturn.rule(started_on);
        let events = Events::default().with(Event::AdviceRequestReceivedByBody, started_on);
        let mut reading = read(rule, &events, advice.in_hand_on(), &exceptions, as_of);
        let over = |date: Option<NaiveDate>| date.is_some_and(|date| date <= as_of);
        if over(advice.existing_advice_accepted_on) {
            reading.state = State::NotApplicable;
        } else if reading.done_on.is_none() && (over(advice.declined_on) || over(self.request.ended_on())) {
            reading.state = State::Stopped;
        }
        AdviceClock { advice_type: advice.advice_type, reading }
    }
}
