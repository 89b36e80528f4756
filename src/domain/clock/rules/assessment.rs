//! Assessment and re-assessment: regulations 4 to 13 and 23 to 27, and the same for detained persons.

use crate::domain::clock::clock::Clock;
use crate::domain::clock::event::Event;
use crate::domain::clock::limit::Limit;
use crate::domain::clock::rule::{Also, Certainty, Force, Kind, Party, Rule, ymd};
use crate::domain::clock::{Excuse, Ground};

const REQUEST: &[Event] = &[Event::RequestReceived, Event::BecameResponsible];
const DETAINED: &[Event] = &[Event::DetainedRequestReceived];

const FIVE_FOUR: &[Excuse] = &[
    Excuse::new(Ground::SchoolClosure, "reg 5(4)(a)"),
    Excuse::new(Ground::EarlyYearsClosure, "reg 5(4)(b)"),
    Excuse::new(Ground::ExceptionalPersonalCircumstances, "reg 5(4)(c)"),
    Excuse::new(Ground::AbsentFromArea, "reg 5(4)(d)"),
];

const EIGHT_TWO: &[Excuse] = &[
    Excuse::new(Ground::ExceptionalPersonalCircumstances, "reg 8(2)(a)"),
    Excuse::new(Ground::AbsentFromArea, "reg 8(2)(b)"),
    Excuse::new(Ground::MissedAppointment, "reg 8(2)(c)"),
];

/// Regulation 10(4), which 13(3) borrows for the final plan.
const TEN_FOUR: &[Excuse] = &[
    Excuse::new(Ground::SchoolClosure, "reg 10(4)(a)"),
    Excuse::new(Ground::EarlyYearsClosure, "reg 10(4)(b)"),
    Excuse::new(Ground::ExceptionalPersonalCircumstances, "reg 10(4)(c)"),
    Excuse::new(Ground::AbsentFromArea, "reg 10(4)(d)"),
];

/// What is left of regulation 10(4) for detained persons.
const TEN_FOUR_DETAINED: &[Excuse] = &[
    Excuse::new(Ground::SchoolClosure, "reg 10(4)(a)"),
    Excuse::new(Ground::EarlyYearsClosure, "reg 10(4)(b)"),
    Excuse::new(Ground::ExceptionalPersonalCircumstances, "reg 10(4)(c)"),
];

const TWENTY_SEVEN_THREE: &[Excuse] = &[
    Excuse::new(Ground::SchoolClosure, "reg 27(3)(a)"),
    Excuse::new(Ground::EarlyYearsClosure, "reg 27(3)(b)"),
    Excuse::new(Ground::ExceptionalPersonalCircumstances, "reg 27(3)(c)"),
    Excuse::new(Ground::AbsentFromArea, "reg 27(3)(d)"),
];

const REFUSE: Rule = Rule {
    id: "refuse_to_assess/2014",
    clock: Clock::RefuseToAssess,
    act: "notify the parent or young person that no EHC needs assessment is made",
    regulation: "SI 2014/1530 reg 4(1)",
    exceptions: &[],
    reading: Some(
        "reg 4 has no exception of its own; whether a late refusal can lean on reg 5(4) is not settled: none is applied",
    ),
    ..DECIDE
};

const DECIDE: Rule = Rule {
    id: "decide_to_assess/2014",
    clock: Clock::DecideToAssess,
    triggers: REQUEST,
    act: "notify the parent or young person whether an EHC needs assessment is made",
    limit: Limit::Weeks(6),
    regulation: "SI 2014/1530 reg 5(1)",
    exceptions: FIVE_FOUR,
    ..Rule::COMMON
};

const ADVICE: Rule = Rule {
    id: "advice_return/2014",
    clock: Clock::AdviceReturn,
    triggers: &[Event::AdviceRequestReceivedByBody],
    act: "return the advice to the council",
    binds: Party::AdviceGiver,
    limit: Limit::Weeks(6),
    regulation: "SI 2014/1530 reg 8(1)",
    exceptions: EIGHT_TWO,
    certainty: Certainty::SecondarySource,
    ..Rule::COMMON
};

/// As ADVICE, for advisers whom the council employs or buys in itself.
const OWN_ADVICE: Rule = Rule {
    id: "advice_return/own-adviser-2014",
    triggers: &[Event::AdviceRequestReceivedByOwnAdviser],
    regulation: "Code of Practice 9.49 to 9.52",
    force: Force::Guidance,
    certainty: Certainty::Recalled,
    reading: Some(
        "reg 8 binds a body that is asked for co-operation; of the council's own advisers guidance expects the same six weeks: a target, no statutory limit",
    ),
    ..ADVICE
};

const NOT_TO_ISSUE: Rule = Rule {
    id: "decide_not_to_issue/2014",
    clock: Clock::DecideNotToIssue,
    triggers: REQUEST,
    act: "notify the parent or young person that no EHC plan is made",
    limit: Limit::Weeks(16),
    regulation: "SI 2014/1530 reg 10(1)",
    exceptions: TEN_FOUR,
    ..Rule::COMMON
};

const FINAL: Rule = Rule {
    id: "final_plan/2014",
    clock: Clock::FinalPlan,
    triggers: REQUEST,
    act: "send the final plan to the parent or young person",
    limit: Limit::Weeks(20),
    regulation: "SI 2014/1530 reg 13(2)",
    exceptions: TEN_FOUR,
    ..Rule::COMMON
};

const DETAINED_READING: &str =
    "detained persons: the same weeks under SI 2015/62, from the day the responsibility arose; read in summary only";

pub(super) const RULES: &[Rule] = &[
    DECIDE,
    REFUSE,
    Rule {
        id: "refuse_to_assess/detained-2015",
        triggers: DETAINED,
        regulation: "SI 2015/62",
        in_force_from: ymd(2015, 4, 1),
        certainty: Certainty::SecondarySource,
        reading: Some(DETAINED_READING),
        ..REFUSE
    },
    Rule {
        id: "decide_to_assess/detained-2015",
        triggers: DETAINED,
        regulation: "SI 2015/62",
        in_force_from: ymd(2015, 4, 1),
        certainty: Certainty::SecondarySource,
        reading: Some(DETAINED_READING),
        ..DECIDE
    },
    ADVICE,
    OWN_ADVICE,
    NOT_TO_ISSUE,
    Rule {
        id: "decide_not_to_issue/detained-2015",
        triggers: DETAINED,
        regulation: "SI 2015/62",
        exceptions: TEN_FOUR_DETAINED,
        in_force_from: ymd(2015, 4, 1),
        certainty: Certainty::SecondarySource,
        reading: Some(DETAINED_READING),
        ..NOT_TO_ISSUE
    },
    Rule {
        id: "representation_window/2014",
        clock: Clock::RepresentationWindow,
        triggers: &[Event::DraftServed],
        act: "leave the parent or young person time for representations before the plan is final",
        limit: Limit::DaysBeginningWith(15),
        kind: Kind::Window,
        also: &[Also {
            name: "earliest_final",
            about: "the first day on which the final plan may be sent",
            from: Event::DraftServed,
            limit: Limit::Days(15),
        }],
        regulation: "SI 2014/1530 reg 13(1)(a)",
        ..Rule::COMMON
    },
    Rule {
        id: "representation_window/posted-2014",
        clock: Clock::RepresentationWindow,
        triggers: &[Event::DeemedServed],
        act: "leave the parent or young person time for representations before the plan is final",
        limit: Limit::DaysBeginningWith(15),
        kind: Kind::Window,
        also: &[Also {
            name: "earliest_final",
            about: "the first day on which the final plan may be sent",
            from: Event::DeemedServed,
            limit: Limit::Days(15),
        }],
        regulation: "SI 2014/1530 reg 13(1)(a); Interpretation Act 1978 s.7",
        certainty: Certainty::Recalled,
        reading: Some("when a posted draft counts as served is not inferred: the served date must be recorded"),
        ..Rule::COMMON
    },
    Rule {
        id: "representation_window/latest-service",
        clock: Clock::RepresentationWindow,
        triggers: REQUEST,
        act: "serve the draft plan, so that fifteen full days are left before the final plan is due",
        limit: Limit::Days(125),
        regulation: "SI 2014/1530 reg 13(1)(a) with 13(2)",
        force: Force::Derived,
        ..Rule::COMMON
    },
    Rule {
        id: "school_consultation/2015",
        in_force_from: ymd(2015, 1, 1),
        clock: Clock::SchoolConsultation,
        triggers: &[Event::SettingConsulted],
        act: "answer the council's consultation",
        binds: Party::Setting,
        limit: Limit::Days(15),
        regulation: "Code of Practice 9.83; CFA 2014 ss.39, 40",
        force: Force::Guidance,
        certainty: Certainty::SecondarySource,
        ..Rule::COMMON
    },
    FINAL,
    Rule {
        id: "final_plan/detained-2015",
        triggers: DETAINED,
        regulation: "SI 2015/62",
        exceptions: TEN_FOUR_DETAINED,
        in_force_from: ymd(2015, 4, 1),
        certainty: Certainty::SecondarySource,
        reading: Some(DETAINED_READING),
        ..FINAL
    },
    Rule {
        id: "reassess_decision/2014",
        clock: Clock::ReassessDecision,
        triggers: &[Event::ReassessmentRequestReceived],
        act: "notify the parent or young person whether a re-assessment is made",
        limit: Limit::Days(15),
        regulation: "SI 2014/1530 reg 25(1)",
        certainty: Certainty::Recalled,
        reading: Some("fifteen days recalled, not read again; the day of receipt is not counted"),
        ..Rule::COMMON
    },
    Rule {
        id: "reassess_advice/2014",
        clock: Clock::ReassessAdvice,
        regulation: "SI 2014/1530 reg 26 with reg 8(1)",
        ..ADVICE
    },
    Rule { id: "reassess_advice/own-adviser-2014", clock: Clock::ReassessAdvice, ..OWN_ADVICE },
    Rule {
        id: "reassess_final/2014",
        clock: Clock::ReassessFinal,
        triggers: &[Event::Reg25Notification, Event::OwnMotionDecision],
        act: "send the final plan after the re-assessment",
        limit: Limit::Weeks(14),
        regulation: "SI 2014/1530 reg 27(2)",
        exceptions: TWENTY_SEVEN_THREE,
        ..Rule::COMMON
    },
];
