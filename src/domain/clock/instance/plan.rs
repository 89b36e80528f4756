//! The clocks of plans, of their reviews, and of amendments at any other time.

use chrono::NaiveDate;

use super::{Ended, Instance};
use crate::domain::annual_review::{AnnualReview, ReviewDecision};
use crate::domain::calendar::Calendar;
use crate::domain::clock::{Clock, Event, Events};
use crate::domain::ehc_plan::EhcPlan;
use crate::domain::plan_amendment::PlanAmendment;

/// The clocks of a plan and of its reviews, which follow each other: each review's number with its clocks, the plan's own
/// first, under no number. A plan that came from another council is reviewed by reg 15(5) first, not by its old twelve
/// months; what was due before it came bound another council. What ceased or was transferred away binds no longer.
pub fn of_plan(
    plan: &EhcPlan,
    reviews: &[(i64, &AnnualReview)],
    calendar: &Calendar,
) -> Vec<(Option<i64>, Vec<Instance>)> {
    let mut clocks = Vec::new();
    each_of_plan(plan, &mut reviews.to_vec(), calendar, |review, instances| clocks.push((review, instances.to_vec())));
    clocks
}

/// Hands on the same clocks, record by record, keeping none; sets the reviews in the order in which they follow each other.
pub fn each_of_plan(
    plan: &EhcPlan,
    reviews: &mut [(i64, &AnnualReview)],
    calendar: &Calendar,
    mut each: impl FnMut(Option<i64>, &[Instance]),
) {
    let last = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
    reviews.sort_by_key(|(number, review)| (last(review.decision_on), last(review.meeting_on), *number));
    let mut clocks = Vec::with_capacity(8);
    add_plan_clocks(plan, reviews, calendar, &mut clocks);
    since_it_came(plan, &mut clocks);
    each(None, &clocks);
    for (place, (number, review)) in reviews.iter().enumerate() {
        let next = reviews.get(place + 1).and_then(|(_, next)| next.decision_on);
        clocks.clear();
        add_review_clocks(plan, review, next, &mut clocks);
        since_it_came(plan, &mut clocks);
        each(Some(*number), &clocks);
    }
}

/// Leaves of the clocks of a plan those of this council: what was done or over before the plan came was another's.
pub(super) fn since_it_came(plan: &EhcPlan, clocks: &mut Vec<Instance>) {
    let Some(came_on) = plan.transferred_in_on else { return };
    let was_another = |clock: &Instance| {
        let over = clock.done_on.into_iter().chain(clock.ended.map(|(day, _)| day));
        over.min().is_some_and(|day| day < came_on)
    };
    // To hand a plan over was this council's own act, and it may have come back.
    clocks.retain(|clock| clock.clock == Clock::LaTransfer || !was_another(clock));
    for clock in clocks.iter_mut().filter(|clock| clock.clock != Clock::LaTransfer) {
        clock.not_before = clock.not_before.max(Some(came_on));
    }
}

/// What ends every clock of a plan.
pub(super) fn plan_endings(plan: &EhcPlan) -> [(Option<NaiveDate>, Ended); 2] {
    [(plan.ceased_on, Ended::Stopped), (plan.left_on(), Ended::Stopped)]
}

fn add_plan_clocks(plan: &EhcPlan, reviews: &[(i64, &AnnualReview)], calendar: &Calendar, clocks: &mut Vec<Instance>) {
    let [ceased, left] = plan_endings(plan);
    let came = (plan.transferred_in_on, Ended::NotApplicable);
    let first = Events::just(Event::PlanFirstMade, plan.issued_on);
    let reviewed_on = reviews.first().and_then(|(_, review)| review.decision_on);
    clocks.push(Instance::new(Clock::AnnualReview, first, reviewed_on).ended_by([ceased, left, came]));
    if let (Some(transfer), Some(day)) = (plan.phase_transfer, plan.phase_transfer_on) {
        let instance = Instance::new(Clock::PhaseTransfer, transfer.events(day), plan.phase_transfer_final_on);
        // A plan made after that day names the setting from the start.
        if instance.due_on().is_some_and(|due| plan.issued_on <= due) {
            clocks.push(Instance { not_before: Some(plan.issued_on), ..instance }.ended_by([ceased, left]));
        }
    }
    if let Some(known_on) = plan.move_known_on {
        let events = Events::just(Event::OldLaAware, known_on).with(Event::MoveDate, plan.moves_on).on(calendar);
        clocks.push(Instance::new(Clock::LaTransfer, events, plan.transferred_out_on).ended_by([ceased]));
    }
    add_commissioning_clocks(plan, calendar, clocks);
    if let Some(came_on) = plan.transferred_in_on {
        let mut decided = reviews.iter().filter_map(|(_, review)| review.decision_on);
        let before = decided.clone().filter(|day| *day < came_on).max();
        let after = decided.find(|day| *day >= came_on);
        let events = Events::just(Event::TransferDate, came_on);
        let review = events.clone().with(Event::LastReview, before).with(Event::PlanFirstMade, Some(plan.issued_on));
        let acts =
            [(Clock::LaTransferInform, events, plan.transfer_informed_on), (Clock::LaTransferReview, review, after)];
        clocks.extend(
            acts.map(|(clock, events, done_on)| Instance::new(clock, events, done_on).ended_by([ceased, left])),
        );
    }
}

/// The clocks of a change of the commissioning body. The new one asks for a review only where it cannot arrange the
/// provision: with nothing asked for, that time lapses.
fn add_commissioning_clocks(plan: &EhcPlan, calendar: &Calendar, clocks: &mut Vec<Instance>) {
    let [ceased, left] = plan_endings(plan);
    if let Some(known_on) = plan.icb_change_known_on {
        let events = Events::just(Event::OldIcbAware, known_on).on(calendar);
        clocks.push(Instance::new(Clock::IcbChange, events, plan.new_icb_told_on).ended_by([ceased, left]));
    }
    if let Some(told_on) = plan.new_icb_told_on {
        let events = Events::just(Event::NewIcbTold, told_on).on(calendar);
        let instance = Instance::new(Clock::IcbChangeRequest, events, plan.icb_review_asked_on);
        clocks.push(Instance { lapses_until: Some(NaiveDate::MAX), ..instance }.ended_by([ceased, left]));
    }
}

/// The steps after the meeting of a review, and the twelve months that begin when it is complete.
fn add_review_clocks(
    plan: &EhcPlan,
    review: &AnnualReview,
    next_reviewed_on: Option<NaiveDate>,
    clocks: &mut Vec<Instance>,
) {
    let [ceased, left] = plan_endings(plan);
    if let Some(meeting_on) = review.meeting_on {
        let meeting = Events::just(Event::ReviewMeeting, meeting_on);
        // A meeting is known before it is held, but not before there is a plan.
        let not_before = Some(plan.issued_on);
        let instance = |clock, done_on| Instance { not_before, ..Instance::new(clock, meeting.clone(), done_on) };
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
    add_amendment_clocks(plan, review, clocks);
    if let Some(decided_on) = review.decision_on {
        let came = plan.transferred_in_on.filter(|came_on| decided_on < *came_on);
        let months = Instance::new(Clock::AnnualReview, Events::just(Event::LastReview, decided_on), next_reviewed_on);
        clocks.push(months.ended_by([ceased, left, (came, Ended::NotApplicable)]));
    }
}

/// What follows the notice of the amendments a review proposed.
fn add_amendment_clocks(plan: &EhcPlan, review: &AnnualReview, clocks: &mut Vec<Instance>) {
    let [ceased, left] = plan_endings(plan);
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
}

/// The clocks of an amendment without a review, reg 28: time for representations, and the amended plan or, reg 22(4), the
/// word that it stays as it is. What was done before the plan came from another council was that council's.
pub fn of_amendment(record: &PlanAmendment, plan: &EhcPlan) -> Vec<Instance> {
    let [ceased, left] = plan_endings(plan);
    let kept = (record.not_amended_on, Ended::NotApplicable);
    let amended = (record.final_sent_on, Ended::NotApplicable);
    let notice = Events::just(Event::AmendmentNoticeSent, record.notice_sent_on);
    let mut clocks: Vec<_> = [Clock::ReviewRepresentationWindow, Clock::AmendWithoutReview]
        .map(|clock| Instance::new(clock, notice.clone(), record.final_sent_on).ended_by([kept, ceased, left]))
        .into();
    let keep = Instance::new(Clock::ReviewNoAmendAfterNotice, notice, record.not_amended_on);
    clocks.push(Instance { lapses_until: Some(NaiveDate::MAX), ..keep }.ended_by([amended, ceased, left]));
    since_it_came(plan, &mut clocks);
    clocks
}
