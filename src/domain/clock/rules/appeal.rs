//! Mediation and the First-tier Tribunal: regulations 32 to 45.
//!
//! An order replaces the limit that stood before, from the day of the order on. A mediation agreement about what could be
//! appealed counts as if it were an order: regulation 42(2). Directions of the Tribunal override all of it.

use crate::domain::clock::clock::Clock;
use crate::domain::clock::event::Event;
use crate::domain::clock::limit::Limit;
use crate::domain::clock::rule::{Bound, Certainty, Force, Party, Rule, ymd};
use crate::domain::clock::{Excuse, Ground};

const ORDER: &[Event] = &[Event::OrderDate, Event::AgreementDate];
const CONCEDED: &[Event] = &[Event::LaNotifiedTribunal];

const FORTY_FOUR_THREE: &[Excuse] = &[
    Excuse::new(Ground::ExceptionalPersonalCircumstances, "reg 44(3)"),
    Excuse::new(Ground::AbsentFromArea, "reg 44(3)").for_days(14),
    Excuse::new(Ground::SchoolClosure, "reg 44(3) with 13(3)"),
    Excuse::new(Ground::EarlyYearsClosure, "reg 44(3) with 13(3)"),
];

const FORTY_FIVE: &[Excuse] = &[
    Excuse::new(Ground::ExceptionalPersonalCircumstances, "reg 45"),
    Excuse::new(Ground::AbsentFromArea, "reg 45").for_days(14),
    Excuse::new(Ground::SchoolClosure, "reg 45 with 13(3)"),
    Excuse::new(Ground::EarlyYearsClosure, "reg 45 with 13(3)"),
];

const TRIBUNAL: Rule = Rule {
    triggers: ORDER,
    exceptions: FORTY_FOUR_THREE,
    certainty: Certainty::SecondarySource,
    reading: Some("the exceptions of reg 44(3) were read in a summary only: check them before relying on one"),
    ..Rule::COMMON
};

/// As TRIBUNAL, from the day the council told the Tribunal that it concedes.
const UNOPPOSED: Rule = Rule { triggers: CONCEDED, exceptions: FORTY_FIVE, certainty: Certainty::LawRead, ..TRIBUNAL };

const MEDIATION: Rule = Rule { certainty: Certainty::SecondarySource, ..Rule::COMMON };

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "mediation_contact/2014",
        clock: Clock::MediationContact,
        triggers: &[Event::DecisionNoticeSent],
        act: "contact the mediation adviser; not needed for an appeal about the school only",
        binds: Party::ParentOrYoungPerson,
        limit: Limit::Months(2),
        regulation: "SI 2014/1530 reg 33",
        certainty: Certainty::LawRead,
        reading: Some(
            "a limit of the parent or young person: when it has passed the window is closed, nobody is in breach",
        ),
        ..MEDIATION
    },
    Rule {
        id: "appeal_window/2014",
        clock: Clock::AppealWindow,
        triggers: &[Event::DecisionNoticeSent],
        act: "appeal to the Tribunal",
        binds: Party::ParentOrYoungPerson,
        limit: Limit::Months(2),
        bound: Some(Bound::NotBefore(&[Event::MediationCertificateIssued], Limit::Months(1))),
        regulation: "Tribunal Procedure (First-tier Tribunal) (HESC Chamber) Rules 2008",
        reading: Some("two months from the decision or one from the certificate, whichever is later; partly recalled"),
        ..MEDIATION
    },
    Rule {
        id: "mediation_inform_icb/2014",
        clock: Clock::MediationInformIcb,
        triggers: &[Event::ParentToldLa],
        act: "tell the commissioning body that mediation about health provision is wanted",
        limit: Limit::WorkingDays(3),
        regulation: "SI 2014/1530 regs 34 to 36",
        ..MEDIATION
    },
    Rule {
        id: "mediation_arranged/2014",
        clock: Clock::MediationArranged,
        triggers: &[Event::ParentToldLa],
        act: "hold the mediation",
        limit: Limit::Days(30),
        regulation: "SI 2014/1530 regs 35 to 37",
        ..MEDIATION
    },
    Rule {
        id: "mediation_arranged/health-2014",
        clock: Clock::MediationArranged,
        triggers: &[Event::IcbToldOfMediation],
        act: "hold the mediation, which is about health provision alone",
        binds: Party::CommissioningBody,
        limit: Limit::Days(30),
        regulation: "SI 2014/1530 regs 34 to 37",
        reading: Some(
            "about health provision alone the commissioning body arranges the mediation, thirty days from the day the council told it; read in a summary only",
        ),
        ..MEDIATION
    },
    Rule {
        id: "mediation_certificate/2014",
        clock: Clock::MediationCertificate,
        triggers: &[Event::MediationEnded],
        act: "issue the mediation certificate",
        binds: Party::MediationAdviser,
        limit: Limit::WorkingDays(3),
        regulation: "SI 2014/1530 regs 38, 39",
        ..MEDIATION
    },
    Rule {
        id: "mediation_non_appealable/2014",
        clock: Clock::MediationNonAppealable,
        triggers: &[Event::AgreementDate],
        act: "do what the mediation agreement says; the parties may agree other dates in writing",
        limit: Limit::Weeks(2),
        regulation: "SI 2014/1530 reg 42(3)",
        certainty: Certainty::LawRead,
        ..MEDIATION
    },
    Rule {
        id: "mediation_notify_la/2014",
        clock: Clock::MediationNotifyLa,
        triggers: &[Event::AgreementDate],
        act: "tell the council what was agreed, where it was no party",
        binds: Party::CommissioningBody,
        limit: Limit::Weeks(1),
        regulation: "SI 2014/1530 reg 42(4)",
        certainty: Certainty::LawRead,
        ..MEDIATION
    },
    Rule {
        id: "tribunal_cease/2014",
        clock: Clock::TribunalCease,
        act: "cease to maintain the plan",
        limit: Limit::Days(0),
        regulation: "SI 2014/1530 reg 44(2)(a)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_assess_notify/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::TribunalAssessNotify,
        act: "notify the parent or young person that the assessment or re-assessment is made",
        limit: Limit::Weeks(2),
        regulation: "SI 2014/1530 reg 44(2)(b)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_assess_refuse_plan/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::TribunalAssessRefusePlan,
        act: "notify that no plan is made, with reasons",
        limit: Limit::Weeks(10),
        regulation: "SI 2014/1530 reg 44(2)(b)(i)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_assess_make_plan/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::TribunalAssessMakePlan,
        act: "send the final plan",
        limit: Limit::Weeks(14),
        regulation: "SI 2014/1530 reg 44(2)(b)(ii)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_make_plan_draft/2014",
        clock: Clock::TribunalMakePlanDraft,
        act: "issue the draft plan",
        limit: Limit::Weeks(5),
        regulation: "SI 2014/1530 reg 44(2)(c)(i)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_make_plan_final/2014",
        clock: Clock::TribunalMakePlanFinal,
        act: "send the final plan",
        limit: Limit::Weeks(11),
        regulation: "SI 2014/1530 reg 44(2)(c)(ii)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_reconsider/2014",
        clock: Clock::TribunalReconsider,
        act: "reconsider, and send a draft plan or a notice",
        limit: Limit::Weeks(2),
        regulation: "SI 2014/1530 reg 44(2)",
        certainty: Certainty::Recalled,
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_amend_plan/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::TribunalAmendPlan,
        act: "issue the plan amended in needs or provision",
        limit: Limit::Weeks(5),
        regulation: "SI 2014/1530 reg 44(2)",
        certainty: Certainty::Recalled,
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_amend_school_only/2014",
        clock: Clock::TribunalAmendSchoolOnly,
        act: "issue the plan amended in Section I",
        limit: Limit::Weeks(2),
        regulation: "SI 2014/1530 reg 44(2)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_continue/2014",
        clock: Clock::TribunalContinue,
        act: "continue to maintain the plan; amend it within five weeks, if ordered",
        limit: Limit::Days(0),
        regulation: "SI 2014/1530 reg 44(2)",
        ..TRIBUNAL
    },
    Rule {
        id: "tribunal_recommendation/2018",
        in_force_from: ymd(2018, 4, 3),
        clock: Clock::TribunalRecommendation,
        triggers: &[Event::RecommendationMade],
        act: "reply in writing to the recommendation about health or social care",
        limit: Limit::Weeks(5),
        regulation: "SI 2017/1306",
        exceptions: &[],
        reading: None,
        ..TRIBUNAL
    },
    Rule {
        id: "unopposed_assess_notify/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::UnopposedAssessNotify,
        act: "notify the parent or young person that the assessment or re-assessment is made",
        limit: Limit::Weeks(2),
        regulation: "SI 2014/1530 reg 45(3)",
        ..UNOPPOSED
    },
    Rule {
        id: "unopposed_assess_refuse_plan/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::UnopposedAssessRefusePlan,
        act: "notify that no plan is made, with reasons",
        limit: Limit::Weeks(10),
        regulation: "SI 2014/1530 reg 45(3A)(a)",
        ..UNOPPOSED
    },
    Rule {
        id: "unopposed_assess_make_plan/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::UnopposedAssessMakePlan,
        act: "send the final plan",
        limit: Limit::Weeks(14),
        regulation: "SI 2014/1530 reg 45(3A)(b)",
        ..UNOPPOSED
    },
    Rule {
        id: "unopposed_make_plan_draft/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::UnopposedMakePlanDraft,
        act: "issue the draft plan",
        limit: Limit::Weeks(5),
        regulation: "SI 2014/1530 reg 45",
        certainty: Certainty::SecondarySource,
        ..UNOPPOSED
    },
    Rule {
        id: "unopposed_make_plan_final/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::UnopposedMakePlanFinal,
        act: "send the final plan",
        limit: Limit::Weeks(11),
        regulation: "SI 2014/1530 reg 45",
        certainty: Certainty::SecondarySource,
        ..UNOPPOSED
    },
    Rule {
        id: "unopposed_contents/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::UnopposedContents,
        act: "issue the amended plan",
        limit: Limit::Weeks(5),
        regulation: "SI 2014/1530 reg 45(4)",
        ..UNOPPOSED
    },
    Rule {
        id: "unopposed_school_only/2015",
        in_force_from: ymd(2015, 3, 23),
        clock: Clock::UnopposedSchoolOnly,
        act: "issue the plan amended in Section I",
        limit: Limit::Weeks(2),
        regulation: "SI 2014/1530 reg 45",
        certainty: Certainty::SecondarySource,
        ..UNOPPOSED
    },
    Rule {
        id: "chs_wait/2025",
        clock: Clock::TherapyWait,
        triggers: &[Event::ReferralReceived],
        act: "see the child",
        binds: Party::TherapyService,
        limit: Limit::Days(126),
        regulation: "NHS Medium Term Planning Framework, October 2025",
        force: Force::PlanningStandard,
        certainty: Certainty::SecondarySource,
        reading: Some("a planning standard, no statutory right: 18 weeks are 126 days"),
        ..Rule::COMMON
    },
];
