//! Which clocks the records of which noun may have.

use crate::domain::clock::Clock;
use crate::domain::noun::Noun;

const REQUEST: &[Clock] = &[
    Clock::DecideToAssess,
    Clock::RefuseToAssess,
    Clock::DecideNotToIssue,
    Clock::RepresentationWindow,
    Clock::FinalPlan,
];
const PLAN: &[Clock] = &[
    Clock::AnnualReview,
    Clock::PhaseTransfer,
    Clock::LaTransfer,
    Clock::LaTransferInform,
    Clock::LaTransferReview,
    Clock::IcbChange,
    Clock::IcbChangeRequest,
];
const DISPUTE: &[Clock] = &[
    Clock::MediationContact,
    Clock::AppealWindow,
    Clock::MediationArranged,
    Clock::MediationInformIcb,
    Clock::MediationCertificate,
    Clock::MediationNotifyLa,
];
const REVIEW: &[Clock] = &[
    Clock::ReviewMeetingNotice,
    Clock::ReviewReport,
    Clock::ReviewDecision,
    Clock::ReviewAmendmentNotice,
    Clock::ReviewRepresentationWindow,
    Clock::ReviewFinalPlan,
    Clock::ReviewNoAmendAfterNotice,
    Clock::AnnualReview,
];
const ORDER: &[Clock] = &[
    Clock::TribunalCease,
    Clock::TribunalAssessNotify,
    Clock::TribunalAssessRefusePlan,
    Clock::TribunalAssessMakePlan,
    Clock::TribunalMakePlanDraft,
    Clock::TribunalMakePlanFinal,
    Clock::TribunalReconsider,
    Clock::TribunalAmendPlan,
    Clock::TribunalAmendSchoolOnly,
    Clock::TribunalRecommendation,
    Clock::UnopposedAssessNotify,
    Clock::UnopposedAssessRefusePlan,
    Clock::UnopposedAssessMakePlan,
    Clock::UnopposedMakePlanDraft,
    Clock::UnopposedMakePlanFinal,
    Clock::UnopposedContents,
    Clock::UnopposedSchoolOnly,
    Clock::MediationNonAppealable,
];

/// The nouns whose records have clocks, with the clocks they may have. Where two nouns share one, the noun whose records
/// are asked first stands first.
pub const KEPT: &[(Noun, &[Clock])] = &[
    (Noun::EhcRequest, REQUEST),
    (Noun::AdviceRequest, &[Clock::AdviceReturn, Clock::ReassessAdvice]),
    (Noun::EhcPlan, PLAN),
    (Noun::Reassessment, &[Clock::ReassessDecision, Clock::ReassessFinal]),
    (
        Noun::PlanAmendment,
        &[Clock::AmendWithoutReview, Clock::ReviewRepresentationWindow, Clock::ReviewNoAmendAfterNotice],
    ),
    (Noun::AnnualReview, REVIEW),
    (Noun::Consultation, &[Clock::SchoolConsultation]),
    (Noun::Dispute, DISPUTE),
    (Noun::Order, ORDER),
];

/// The clocks the records of a noun may have.
pub fn clocks_of(noun: Noun) -> &'static [Clock] {
    KEPT.iter().find(|(kept, _)| *kept == noun).map_or(&[], |(_, clocks)| clocks)
}
