//! The clocks of requests for an assessment, of re-assessments, and of the advice and consultations they ask for.

use chrono::NaiveDate;

use super::{Ended, Instance};
use crate::domain::advice_request::AdviceRequest;
use crate::domain::clock::{Clock, Event, Events};
use crate::domain::consultation::Consultation;
use crate::domain::ehc_plan::EhcPlan;
use crate::domain::ehc_request::{Decision, EhcRequest, Outcome};
use crate::domain::reassessment::{Reassessment, ReassessmentDecision};

/// The clocks of a request; an order about it replaces what was still to do from `replaced_on` on.
pub fn of_request(request: &EhcRequest, replaced_on: Option<NaiveDate>) -> Vec<Instance> {
    let events = request.events();
    let refused_on = request.decision_on.filter(|_| request.decision == Some(Decision::DoNotAssess));
    let no_plan_on = request.outcome_on.filter(|_| request.outcome == Some(Outcome::NoPlan));
    // Of a plan that is to be made the day of that decision may be unknown.
    let plan_on = || request.outcome_on.or(request.draft_served_on).or(request.final_sent_on).or(request.started_on());
    let plan_on = if request.outcome == Some(Outcome::Plan) { plan_on() } else { request.final_sent_on };
    let replaced = (replaced_on, Ended::Replaced);
    let withdrawn = (request.withdrawn_on, Ended::Stopped);
    let waits_for = (request.detained == Some(true)).then_some(Event::DetainedRequestReceived);
    let instance = |clock, done_on| Instance { waits_for, ..Instance::new(clock, events.clone(), done_on) };
    let mut clocks = Vec::with_capacity(5);
    clocks.push(instance(Clock::DecideToAssess, request.decision_on).ended_by([withdrawn]));
    clocks.push(
        Instance { lapses_until: Some(NaiveDate::MAX), ..instance(Clock::DecideNotToIssue, no_plan_on) }.ended_by([
            (refused_on, Ended::NotApplicable),
            (plan_on, Ended::NotApplicable),
            withdrawn,
            replaced,
        ]),
    );
    // A refusal is bound by a limit of its own, which no exception disapplies; before there is one, nothing is.
    if let Some(refused_on) = refused_on {
        clocks.push(Instance { not_before: Some(refused_on), ..instance(Clock::RefuseToAssess, Some(refused_on)) });
    }
    if let Some(served_on) = request.draft_served_on {
        let events = Events::just(Event::DraftServed, served_on);
        clocks.push(Instance::new(Clock::RepresentationWindow, events, request.final_sent_on).ended_by([withdrawn]));
    }
    clocks.push(instance(Clock::FinalPlan, request.final_sent_on).ended_by([
        (refused_on, Ended::NotApplicable),
        (no_plan_on, Ended::NotApplicable),
        withdrawn,
        replaced,
    ]));
    clocks
}

/// The clock of a request for advice; it stops when its assessment ends. The six weeks of advisers whom the council
/// employs itself are guidance, no limit of reg 8.
pub fn of_advice(advice: &AdviceRequest, assessment_ended_on: Option<NaiveDate>) -> Instance {
    let received = if advice.is_own_adviser() {
        Event::AdviceRequestReceivedByOwnAdviser
    } else {
        Event::AdviceRequestReceivedByBody
    };
    let events = Events::default().with(received, advice.received_by_body_on);
    let accepted_on = advice.existing_advice_accepted_on;
    let instance = Instance::new(advice.clock(), events, advice.in_hand_on().filter(|_| accepted_on.is_none()));
    let undone = advice.returned_on.zip(advice.sent_back_on).filter(|(returned, back)| returned <= back);
    Instance { waits_for: Some(received), undone, ..instance }.ended_by([
        (accepted_on, Ended::NotApplicable),
        (advice.declined_on, Ended::Stopped),
        (assessment_ended_on, Ended::Stopped),
    ])
}

/// The clocks of a re-assessment: the decision on a request, and the plan, from that decision or from the council's own.
/// What was done before the plan came from another council was that council's.
pub fn of_reassessment(record: &Reassessment, plan: &EhcPlan) -> Vec<Instance> {
    let endings = || {
        let [ceased, left] = super::plan::plan_endings(plan);
        [(record.stopped_on, Ended::Stopped), ceased, left]
    };
    let mut clocks = Vec::new();
    if let Some(requested_on) = record.requested_on {
        let events = Events::just(Event::ReassessmentRequestReceived, requested_on);
        clocks.push(Instance::new(Clock::ReassessDecision, events, record.decision_on).ended_by(endings()));
    }
    let notified_on = record.decision_on.filter(|_| record.decision == Some(ReassessmentDecision::Reassess));
    let events = Events::default()
        .with(Event::Reg25Notification, notified_on)
        .with(Event::OwnMotionDecision, record.own_motion_on);
    if notified_on.or(record.own_motion_on).is_some() {
        clocks.push(Instance::new(Clock::ReassessFinal, events, record.final_sent_on).ended_by(endings()));
    }
    super::plan::since_it_came(plan, &mut clocks);
    clocks
}

/// The clock of a consultation of a school or other setting; it stops when the request or the plan it is about ends.
pub fn of_consultation(record: &Consultation, ended_on: Option<NaiveDate>) -> Instance {
    let events = Events::just(Event::SettingConsulted, record.consulted_on);
    Instance::new(Clock::SchoolConsultation, events, record.replied_on)
        .ended_by([(record.withdrawn_on, Ended::Stopped), (ended_on, Ended::Stopped)])
}
