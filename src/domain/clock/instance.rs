//! Instances: the clocks of one record, each with what starts it, what stops it, and what ends it otherwise.

use chrono::NaiveDate;

use super::{Clock, Event, Events, Exception, Reading, State, Window, read};
use crate::domain::advice_request::AdviceRequest;
use crate::domain::annual_review::{AnnualReview, ReviewDecision};
use crate::domain::ehc_plan::EhcPlan;
use crate::domain::ehc_request::{Decision, EhcRequest, Outcome};
use crate::domain::order::{Order, OrderKind, OrderSource};

/// Why a clock no longer binds although its act was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What was decided leaves nothing to do: a refused request has no final plan.
    NotApplicable,
    /// The case was withdrawn, the plan ceased or left, the body declined, the review was decided.
    Stopped,
    /// An order, a concession or an agreement set another limit.
    Replaced,
}

/// One clock of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Which clock.
    pub clock: Clock,
    /// What starts and bounds it.
    pub events: Events,
    /// The day of the act.
    pub done_on: Option<NaiveDate>,
    /// From this day it no longer binds, unless the act was done before.
    pub ended: Option<(NaiveDate, Ended)>,
    /// Until this day, past its due date it lapses and nobody is in breach: only one of two decisions is bound by it, and
    /// that one had not been made.
    pub lapses_until: Option<NaiveDate>,
    /// It does not run before this day, though what starts it may be known or planned.
    pub not_before: Option<NaiveDate>,
    /// The last day the Tribunal directed, which replaces the limit of the rule.
    pub directed_by: Option<NaiveDate>,
}

impl Instance {
    fn new(clock: Clock, events: Events, done_on: Option<NaiveDate>) -> Self {
        Self { clock, events, done_on, ended: None, lapses_until: None, not_before: None, directed_by: None }
    }

    /// Ends with the earliest of these days that is known, unless the act was done by then.
    fn ended_by<const N: usize>(mut self, endings: [(Option<NaiveDate>, Ended); N]) -> Self {
        let known = endings.into_iter().filter_map(|(day, how)| Some((day?, how)));
        self.ended = known.min_by_key(|(day, _)| *day).filter(|(day, _)| self.done_on.is_none_or(|done| *day < done));
        self
    }

    /// The due date, whether the clock has started or not; `None` without the event that starts it.
    pub fn due_on(&self) -> Option<NaiveDate> {
        let (rule, start) = self.clock.started_by(&self.events)?;
        self.directed_by.or_else(|| rule.due(start, &self.events))
    }

    /// The time it gives, from its trigger to its due date.
    fn window(&self) -> Option<Window> {
        let (rule, first) = self.clock.started_by(&self.events)?;
        Some(Window { first, last: rule.due(first, &self.events)? })
    }

    /// Reads the clock as at the end of `as_of`.
    pub fn read(&self, exceptions: &[Exception], as_of: NaiveDate) -> Reading {
        let rule = self.clock.started_by(&self.events).map_or_else(|| self.clock.rule(None), |(rule, _)| rule);
        let is_over = self.ended.is_some_and(|(day, _)| day <= as_of);
        if !is_over && self.not_before.is_some_and(|day| as_of < day) {
            return Reading { rule, due_on: None, done_on: None, state: State::NotStarted, ground: None };
        }
        let window = self.window();
        let exceptions: Vec<_> = exceptions.iter().copied().filter(|exception| exception.bears_on(window)).collect();
        let mut reading = read(rule, &self.events, self.done_on, &exceptions, as_of);
        if let (Some(directed), Some(_)) = (self.directed_by, reading.due_on) {
            let days = (reading.done_on.unwrap_or(as_of) - directed).num_days();
            (reading.due_on, reading.ground) = (Some(directed), None);
            reading.state = match (reading.done_on, days) {
                (Some(_), ..=0) => State::Met,
                (Some(_), days_late) => State::Breached { days_late },
                (None, ..=0) => State::Open { days_left: -days },
                (None, days_late) => State::Overdue { days_late },
            };
        }
        match self.ended.filter(|(day, _)| *day <= as_of) {
            Some((_, Ended::NotApplicable)) => reading.state = State::NotApplicable,
            Some((_, Ended::Stopped)) => reading.state = State::Stopped,
            Some((_, Ended::Replaced)) => reading.state = State::Replaced,
            None if self.lapses_until.is_some_and(|day| as_of < day)
                && reading.done_on.is_none()
                && matches!(reading.state, State::Overdue { .. } | State::Exempt { .. }) =>
            {
                reading.state = State::Lapsed;
            }
            None => {}
        }
        reading
    }
}

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
    let instance = |clock, done_on| Instance::new(clock, events.clone(), done_on);
    let mut clocks =
        vec![
            instance(Clock::DecideToAssess, request.decision_on).ended_by([withdrawn]),
            Instance { lapses_until: Some(NaiveDate::MAX), ..instance(Clock::DecideNotToIssue, no_plan_on) }
                .ended_by([(refused_on, Ended::NotApplicable), (plan_on, Ended::NotApplicable), withdrawn, replaced]),
        ];
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

/// The clock of a request for advice; it stops when its case ends.
pub fn of_advice(advice: &AdviceRequest, case_ended_on: Option<NaiveDate>) -> Instance {
    let events = Events::default().with(Event::AdviceRequestReceivedByBody, advice.received_by_body_on);
    let accepted_on = advice.existing_advice_accepted_on;
    Instance::new(Clock::AdviceReturn, events, advice.in_hand_on().filter(|_| accepted_on.is_none())).ended_by([
        (accepted_on, Ended::NotApplicable),
        (advice.declined_on, Ended::Stopped),
        (case_ended_on, Ended::Stopped),
    ])
}

/// The clocks of a plan and of its reviews, which follow each other: each review's number with its clocks, the plan's own
/// first, under no number. A plan that came from another council is reviewed by reg 15(5) first, not by its old twelve
/// months; what was due before it came bound another council. What ceased or was transferred away binds no longer.
pub fn of_plan(plan: &EhcPlan, reviews: &[(i64, &AnnualReview)]) -> Vec<(Option<i64>, Vec<Instance>)> {
    let mut reviews = reviews.to_vec();
    let last = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
    reviews.sort_by_key(|(number, review)| (last(review.decision_on), last(review.meeting_on), *number));
    let decided: Vec<_> = reviews.iter().map(|(_, review)| review.decision_on).collect();
    let mut clocks = vec![(None, plan_clocks(plan, &decided))];
    for (place, (number, review)) in reviews.iter().enumerate() {
        let next = decided.get(place + 1).copied().flatten();
        clocks.push((Some(*number), review_clocks(plan, review, next)));
    }
    for (_, clocks) in &mut clocks {
        since_it_came(plan, clocks);
    }
    clocks
}

/// Leaves of the clocks of a plan those of this council: what was done before the plan came was another's to do in time.
fn since_it_came(plan: &EhcPlan, clocks: &mut Vec<Instance>) {
    let Some(came_on) = plan.transferred_in_on else { return };
    let was_another = |clock: &Instance| clock.done_on.is_some_and(|done| done < came_on);
    // To hand a plan over was this council's own act, and it may have come back.
    clocks.retain(|clock| clock.clock == Clock::LaTransfer || !was_another(clock));
    for clock in clocks.iter_mut().filter(|clock| clock.clock != Clock::LaTransfer) {
        clock.not_before = clock.not_before.max(Some(came_on));
    }
}

/// What ends every clock of a plan.
fn plan_endings(plan: &EhcPlan) -> [(Option<NaiveDate>, Ended); 2] {
    [(plan.ceased_on, Ended::Stopped), (plan.left_on(), Ended::Stopped)]
}

fn plan_clocks(plan: &EhcPlan, decided: &[Option<NaiveDate>]) -> Vec<Instance> {
    let [ceased, left] = plan_endings(plan);
    let came = (plan.transferred_in_on, Ended::NotApplicable);
    let first = Events::just(Event::PlanFirstMade, plan.issued_on);
    let reviewed_on = decided.first().copied().flatten();
    let mut clocks = vec![Instance::new(Clock::AnnualReview, first, reviewed_on).ended_by([ceased, left, came])];
    if let (Some(transfer), Some(day)) = (plan.phase_transfer, plan.phase_transfer_on) {
        let instance = Instance::new(Clock::PhaseTransfer, transfer.events(day), plan.phase_transfer_final_on);
        // A plan made after that day names the setting from the start.
        if instance.due_on().is_some_and(|due| plan.issued_on <= due) {
            clocks.push(Instance { not_before: Some(plan.issued_on), ..instance }.ended_by([ceased, left]));
        }
    }
    if let Some(known_on) = plan.move_known_on {
        let events = Events::just(Event::OldLaAware, known_on).with(Event::MoveDate, plan.moves_on);
        clocks.push(Instance::new(Clock::LaTransfer, events, plan.transferred_out_on).ended_by([ceased]));
    }
    if let Some(came_on) = plan.transferred_in_on {
        let before = decided.iter().flatten().filter(|day| **day < came_on).max().copied();
        let after = decided.iter().flatten().find(|day| **day >= came_on).copied();
        let events = Events::just(Event::TransferDate, came_on);
        let review = events.clone().with(Event::LastReview, before).with(Event::PlanFirstMade, Some(plan.issued_on));
        let acts =
            [(Clock::LaTransferInform, events, plan.transfer_informed_on), (Clock::LaTransferReview, review, after)];
        clocks.extend(
            acts.map(|(clock, events, done_on)| Instance::new(clock, events, done_on).ended_by([ceased, left])),
        );
    }
    clocks
}

/// The steps after the meeting of a review, and the twelve months that begin when it is complete.
fn review_clocks(plan: &EhcPlan, review: &AnnualReview, next_reviewed_on: Option<NaiveDate>) -> Vec<Instance> {
    let [ceased, left] = plan_endings(plan);
    let mut clocks = Vec::new();
    if let Some(meeting_on) = review.meeting_on {
        let meeting = Events::just(Event::ReviewMeeting, meeting_on);
        let instance = |clock, done_on| Instance::new(clock, meeting.clone(), done_on);
        // Decided on a day nobody wrote down: nothing is left to do.
        let undated = review.decision.filter(|_| review.decision_on.is_none()).map(|_| meeting_on);
        let over = (review.decision_on.or(undated), Ended::Stopped);
        // After the decision nobody waits for what nobody wrote down; what was written down is in time or late.
        let unwritten = |step: Option<NaiveDate>| (over.0.filter(|_| step.is_none()), Ended::Stopped);
        let otherwise = review.decision.filter(|decision| *decision != ReviewDecision::Amend);
        let not_amended = (otherwise.and(over.0), Ended::NotApplicable);
        let amended_on = review.decision.filter(|decision| *decision == ReviewDecision::Amend).and(over.0);
        let notice = instance(Clock::ReviewAmendmentNotice, review.amendment_notice_sent_on);
        clocks.extend([
            instance(Clock::ReviewMeetingNotice, review.notice_sent_on).ended_by([
                unwritten(review.notice_sent_on),
                ceased,
                left,
            ]),
            instance(Clock::ReviewReport, review.report_sent_on).ended_by([
                unwritten(review.report_sent_on),
                ceased,
                left,
            ]),
            instance(Clock::ReviewDecision, review.decision_on).ended_by([
                (undated, Ended::NotApplicable),
                ceased,
                left,
            ]),
            Instance { lapses_until: Some(amended_on.unwrap_or(NaiveDate::MAX)), ..notice }.ended_by([
                not_amended,
                ceased,
                left,
            ]),
        ]);
    }
    if let Some(sent_on) = review.amendment_notice_sent_on {
        let notice = Events::just(Event::AmendmentNoticeSent, sent_on);
        let kept = (review.not_amended_on, Ended::NotApplicable);
        let amended = (review.final_sent_on, Ended::NotApplicable);
        let events = notice.clone().with(Event::ReviewMeeting, review.meeting_on);
        let window = Instance::new(Clock::ReviewRepresentationWindow, notice.clone(), review.final_sent_on);
        let keep = Instance::new(Clock::ReviewNoAmendAfterNotice, notice, review.not_amended_on);
        clocks.extend([
            window.ended_by([kept, ceased, left]),
            Instance::new(Clock::ReviewFinalPlan, events, review.final_sent_on).ended_by([kept, ceased, left]),
            Instance { lapses_until: Some(NaiveDate::MAX), ..keep }.ended_by([amended, ceased, left]),
        ]);
    }
    if let Some(decided_on) = review.decision_on {
        let came = plan.transferred_in_on.filter(|came_on| decided_on < *came_on);
        let months = Instance::new(Clock::AnnualReview, Events::just(Event::LastReview, decided_on), next_reviewed_on);
        clocks.push(months.ended_by([ceased, left, (came, Ended::NotApplicable)]));
    }
    clocks
}

/// The clocks of an order, a concession or an agreement.
pub fn of_order(order: &Order) -> Vec<Instance> {
    let event = match order.source {
        OrderSource::Tribunal => Event::OrderDate,
        OrderSource::Concession => Event::LaNotifiedTribunal,
        OrderSource::Mediation => Event::AgreementDate,
    };
    let event = if order.kind == OrderKind::Recommendation { Event::RecommendationMade } else { event };
    let conceded = order.source == OrderSource::Concession;
    let either = |ordered, unopposed| if conceded { unopposed } else { ordered };
    let instance = |clock, done_on| Instance {
        directed_by: order.directed_by,
        ..Instance::new(clock, Events::just(event, order.made_on), done_on)
    };
    let done_on = order.complied_on.or(order.final_sent_on);
    match order.kind {
        OrderKind::Assess => vec![
            instance(either(Clock::TribunalAssessNotify, Clock::UnopposedAssessNotify), order.notified_on),
            Instance {
                lapses_until: Some(NaiveDate::MAX),
                ..instance(
                    either(Clock::TribunalAssessRefusePlan, Clock::UnopposedAssessRefusePlan),
                    order.refused_plan_on,
                )
            }
            .ended_by([(order.draft_issued_on.or(order.final_sent_on), Ended::NotApplicable)]),
            instance(either(Clock::TribunalAssessMakePlan, Clock::UnopposedAssessMakePlan), order.final_sent_on)
                .ended_by([(order.refused_plan_on, Ended::NotApplicable)]),
        ],
        OrderKind::MakePlan => vec![
            instance(either(Clock::TribunalMakePlanDraft, Clock::UnopposedMakePlanDraft), order.draft_issued_on),
            instance(either(Clock::TribunalMakePlanFinal, Clock::UnopposedMakePlanFinal), order.final_sent_on),
        ],
        OrderKind::AmendPlan => vec![instance(either(Clock::TribunalAmendPlan, Clock::UnopposedContents), done_on)],
        OrderKind::AmendSchoolOnly => {
            vec![instance(either(Clock::TribunalAmendSchoolOnly, Clock::UnopposedSchoolOnly), done_on)]
        }
        OrderKind::Cease => vec![instance(Clock::TribunalCease, order.complied_on)],
        // It continues at once, and nothing has to be done for it; to amend it is an order of its own.
        OrderKind::ContinuePlan => Vec::new(),
        OrderKind::Reconsider => vec![instance(Clock::TribunalReconsider, order.draft_issued_on.or(order.complied_on))],
        OrderKind::Recommendation => vec![instance(Clock::TribunalRecommendation, order.complied_on)],
        OrderKind::OtherAgreement => vec![instance(Clock::MediationNonAppealable, done_on)],
    }
}

impl Order {
    /// True if it replaces what was still to do about an EHC request.
    pub fn replaces_request(&self) -> bool {
        matches!(self.kind, OrderKind::Assess | OrderKind::MakePlan | OrderKind::Reconsider)
    }
}
