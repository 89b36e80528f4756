//! The clocks of the law by name.

use crate::domain::field::codes;

codes! {
    /// The clocks of the law.
    Clock {
        /// Six weeks to notify whether an assessment is made.
        DecideToAssess = "decide_to_assess",
        /// Six weeks to notify that no assessment is made.
        RefuseToAssess = "refuse_to_assess",
        /// Six weeks for a body to return its advice.
        AdviceReturn = "advice_return",
        /// Sixteen weeks to notify that no plan is made.
        DecideNotToIssue = "decide_not_to_issue",
        /// Fifteen days to make representations about a draft plan.
        RepresentationWindow = "representation_window",
        /// Fifteen days for a setting to answer a consultation.
        SchoolConsultation = "school_consultation",
        /// Twenty weeks to send the final plan.
        FinalPlan = "final_plan",
        /// Fifteen days to notify whether a re-assessment is made.
        ReassessDecision = "reassess_decision",
        /// Six weeks for a body to return its advice to a re-assessment.
        ReassessAdvice = "reassess_advice",
        /// Fourteen weeks to send the plan after a re-assessment.
        ReassessFinal = "reassess_final",
        /// Twelve months to complete a review.
        AnnualReview = "annual_review_12m",
        /// Two weeks' notice of the review meeting.
        ReviewMeetingNotice = "review_meeting_notice",
        /// Two weeks to send the report of the review meeting.
        ReviewReport = "review_report",
        /// Four weeks to notify the decision after the review meeting.
        ReviewDecision = "review_decision",
        /// Four weeks to send the proposed amendments.
        ReviewAmendmentNotice = "review_amendment_notice",
        /// Fifteen days to make representations about proposed amendments.
        ReviewRepresentationWindow = "review_representation_window",
        /// Eight weeks from the notice to send the amended plan, and twelve from the meeting.
        ReviewFinalPlan = "review_final_plan",
        /// Eight weeks to notify that the plan is not amended after all.
        ReviewNoAmendAfterNotice = "review_no_amend_after_notice",
        /// Eight weeks to send a plan amended at any other time.
        AmendWithoutReview = "amend_without_review",
        /// The plan names the next setting in good time before a transfer between phases.
        PhaseTransfer = "phase_transfer",
        /// The old council transfers the plan when the child moves.
        LaTransfer = "la_transfer",
        /// Six weeks for the new council to say what it will do.
        LaTransferInform = "la_transfer_inform",
        /// The new council's first review.
        LaTransferReview = "la_transfer_review",
        /// Fifteen working days for a commissioning body to tell the next.
        IcbChange = "icb_change",
        /// Fifteen working days for the new commissioning body to ask for a review.
        IcbChangeRequest = "icb_change_request",
        /// Two months to contact the mediation adviser.
        MediationContact = "mediation_contact",
        /// Two months to appeal, or one from the mediation certificate.
        AppealWindow = "appeal_window",
        /// Thirty days to hold the mediation.
        MediationArranged = "mediation_arranged",
        /// Three working days to tell the commissioning body that mediation is wanted.
        MediationInformIcb = "mediation_inform_icb",
        /// Three working days to issue the mediation certificate.
        MediationCertificate = "mediation_certificate",
        /// Two weeks to do what mediation agreed, where no appeal could be made about it.
        MediationNonAppealable = "mediation_non_appealable",
        /// One week for the commissioning body to tell the council what was agreed.
        MediationNotifyLa = "mediation_notify_la",
        /// Cease to maintain, after an appeal against it was dismissed.
        TribunalCease = "tribunal_cease",
        /// Ordered to assess: notify that it will.
        TribunalAssessNotify = "tribunal_assess_notify",
        /// Ordered to assess: notify that no plan is made.
        TribunalAssessRefusePlan = "tribunal_assess_refuse_plan",
        /// Ordered to assess: send the final plan.
        TribunalAssessMakePlan = "tribunal_assess_make_plan",
        /// Ordered to make a plan: issue the draft.
        TribunalMakePlanDraft = "tribunal_make_plan_draft",
        /// Ordered to make a plan: send the final plan.
        TribunalMakePlanFinal = "tribunal_make_plan_final",
        /// Ordered to reconsider: send a draft or notify.
        TribunalReconsider = "tribunal_reconsider",
        /// Ordered to amend needs or provision.
        TribunalAmendPlan = "tribunal_amend_plan",
        /// Ordered to amend the placement only.
        TribunalAmendSchoolOnly = "tribunal_amend_school_only",
        /// Ordered to continue the plan.
        TribunalContinue = "tribunal_continue",
        /// A recommendation about health or social care: reply.
        TribunalRecommendation = "tribunal_recommendation",
        /// Conceded an appeal about assessing: notify that it will.
        UnopposedAssessNotify = "unopposed_assess_notify",
        /// Conceded an appeal about assessing: notify that no plan is made.
        UnopposedAssessRefusePlan = "unopposed_assess_refuse_plan",
        /// Conceded an appeal about assessing: send the final plan.
        UnopposedAssessMakePlan = "unopposed_assess_make_plan",
        /// Conceded an appeal about making a plan: issue the draft.
        UnopposedMakePlanDraft = "unopposed_make_plan_draft",
        /// Conceded an appeal about making a plan: send the final plan.
        UnopposedMakePlanFinal = "unopposed_make_plan_final",
        /// Conceded an appeal about the contents of a plan.
        UnopposedContents = "unopposed_contents",
        /// Conceded an appeal about the placement only.
        UnopposedSchoolOnly = "unopposed_school_only",
        /// Eighteen weeks of waiting for therapy: a planning standard.
        TherapyWait = "chs_wait",
    }
}
