//! The clocks of disputed decisions, of orders, concessions and agreements.

use chrono::NaiveDate;

use super::{Ended, Instance};
use crate::domain::calendar::Calendar;
use crate::domain::clock::{Clock, Event, Events};
use crate::domain::dispute::{Dispute, DisputedDecision, MediationAbout};
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
        directed_by: order.directed_by.map(|day| (day, order.source)),
        ..Instance::new(clock, Events::just(event, order.made_on), done_on)
    };
    // To amend a plan is to send it; of what an agreement says, that is only a part.
    let amended_on = order.final_sent_on.or(order.complied_on);
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
        OrderKind::AmendPlan => vec![instance(either(Clock::TribunalAmendPlan, Clock::UnopposedContents), amended_on)],
        OrderKind::AmendSchoolOnly => {
            vec![instance(either(Clock::TribunalAmendSchoolOnly, Clock::UnopposedSchoolOnly), amended_on)]
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

/// A window of the parent or young person, from the notice of the decision on: nobody is in breach when it has passed.
fn window(clock: Clock, events: Events, done_on: Option<NaiveDate>) -> Instance {
    Instance { lapses_until: Some(NaiveDate::MAX), ..Instance::new(clock, events, done_on) }
}

/// The time to appeal: one month from the certificate, if that is later than two from the notice. Whoever contacted the
/// adviser in time waits for that certificate, and meanwhile the window does not close.
pub fn appeal_window(dispute: &Dispute) -> Instance {
    let notice = Events::just(Event::DecisionNoticeSent, dispute.notice_sent_on);
    let contact = window(Clock::MediationContact, notice.clone(), dispute.adviser_contacted_on);
    let in_time = contact.done_on.filter(|done| contact.due_on().is_some_and(|due| *done <= due));
    let events = notice.with(Event::MediationCertificateIssued, dispute.certificate_issued_on);
    Instance {
        held_open: in_time.map(|from| (from, dispute.certificate_issued_on.unwrap_or(NaiveDate::MAX))),
        ..window(Clock::AppealWindow, events, dispute.appealed_on)
    }
    .ended_by([(dispute.settled_on, Ended::Stopped)])
}

/// The clocks of a decision that may be appealed.
pub fn of_dispute(dispute: &Dispute, calendar: &Calendar) -> Vec<Instance> {
    let settled = (dispute.settled_on, Ended::Stopped);
    let certified = (dispute.certificate_issued_on, Ended::Stopped);
    let mut clocks = Vec::new();
    // An appeal about the school alone needs no mediation.
    if dispute.decision != DisputedDecision::PlacementOnly {
        let notice = Events::just(Event::DecisionNoticeSent, dispute.notice_sent_on);
        let contact = window(Clock::MediationContact, notice, dispute.adviser_contacted_on);
        clocks.push(contact.ended_by([settled, certified, (dispute.appealed_on, Ended::Stopped)]));
    }
    clocks.push(appeal_window(dispute));
    if let Some(asked_on) = dispute.mediation_requested_on {
        let asked = Events::just(Event::ParentToldLa, asked_on).on(calendar);
        let about = dispute.mediation_about.unwrap_or(MediationAbout::Council);
        if about != MediationAbout::Council {
            let told = Instance::new(Clock::MediationInformIcb, asked.clone(), dispute.icb_informed_on);
            clocks.push(told.ended_by([settled]));
        }
        // About health alone, the commissioning body arranges it, from the day it was told.
        let (starts, waits_for) = if about == MediationAbout::Health {
            let told = Event::IcbToldOfMediation;
            (Events::default().with(told, dispute.icb_informed_on), told)
        } else {
            (asked, Event::ParentToldLa)
        };
        let held = Instance::new(Clock::MediationArranged, starts, dispute.mediation_held_on);
        clocks.push(Instance { waits_for: Some(waits_for), ..held }.ended_by([settled, certified]));
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
