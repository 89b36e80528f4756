//! The clocks of disputed decisions, of orders, concessions and agreements.

use chrono::NaiveDate;

use super::{Ended, Instance};
use crate::domain::calendar::Calendar;
use crate::domain::clock::{Clock, Event, Events};
use crate::domain::dispute::{Dispute, DisputedDecision};
use crate::domain::order::{Order, OrderKind, OrderSource};

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

/// The clocks of a decision that may be appealed. Those of the parent or young person close a window: nobody is in breach
/// when it has passed.
pub fn of_dispute(dispute: &Dispute, calendar: &Calendar) -> Vec<Instance> {
    let settled = (dispute.settled_on, Ended::Stopped);
    let notice = Events::just(Event::DecisionNoticeSent, dispute.notice_sent_on);
    let window = |clock, events, done_on| Instance {
        lapses_until: Some(NaiveDate::MAX),
        ..Instance::new(clock, events, done_on).ended_by([settled])
    };
    let mut clocks = Vec::new();
    // An appeal about the school alone needs no mediation.
    if dispute.decision != DisputedDecision::PlacementOnly {
        clocks.push(window(Clock::MediationContact, notice.clone(), dispute.adviser_contacted_on));
    }
    let appeal = notice.with(Event::MediationCertificateIssued, dispute.certificate_issued_on);
    clocks.push(window(Clock::AppealWindow, appeal, dispute.appealed_on));
    if let Some(asked_on) = dispute.mediation_requested_on {
        let asked = Events::just(Event::ParentToldLa, asked_on).on(calendar);
        if dispute.about_health == Some(true) {
            let told = Instance::new(Clock::MediationInformIcb, asked.clone(), dispute.icb_informed_on);
            clocks.push(told.ended_by([settled]));
        }
        let certified = (dispute.certificate_issued_on, Ended::Stopped);
        let held = Instance::new(Clock::MediationArranged, asked, dispute.mediation_held_on);
        clocks.push(held.ended_by([settled, certified]));
    }
    if let Some(ended_on) = dispute.mediation_ended_on() {
        let events = Events::just(Event::MediationEnded, ended_on).on(calendar);
        clocks.push(
            Instance::new(Clock::MediationCertificate, events, dispute.certificate_issued_on).ended_by([settled]),
        );
    }
    if let Some(agreed_on) = dispute.agreed_without_council_on {
        let events = Events::just(Event::AgreementDate, agreed_on);
        clocks.push(Instance::new(Clock::MediationNotifyLa, events, dispute.council_told_on));
    }
    clocks
}
