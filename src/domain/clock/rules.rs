//! The law as data: one entry a rule, with the day it came into force.
//!
//! A change of the law is a new entry with its own `in_force_from`; a case keeps the rule in force at its trigger.
//! Source: Special Educational Needs and Disability Regulations 2014, SI 2014/1530 ("the Regulations").

use chrono::NaiveDate;

use super::Ground;
use crate::domain::field::codes;

codes! {
    /// The clocks known so far.
    Clock {
        /// Six weeks to notify whether an assessment is made.
        DecideToAssess = "decide_to_assess",
        /// Six weeks for a body to return its advice.
        AdviceReturn = "advice_return",
        /// Sixteen weeks to notify that no plan is made.
        DecideNotToIssue = "decide_not_to_issue",
        /// Twenty weeks to send the final plan.
        FinalPlan = "final_plan",
    }
}

codes! {
    /// The event that starts a clock.
    Trigger {
        /// The council received the request.
        RequestReceived = "request_received",
        /// The council became responsible for the child: Children and Families Act 2014, section 24.
        BecameResponsible = "became_responsible",
        /// The body received the request for its advice.
        AdviceRequestReceivedByBody = "advice_request_received_by_body",
    }
}

/// How long a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Within so many weeks of the trigger.
    Weeks(u32),
}

impl Limit {
    /// The limit in calendar days.
    pub const fn days(self) -> u32 {
        match self {
            Self::Weeks(weeks) => 7 * weeks,
        }
    }
}

/// How sure the reading of a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The text of the law was read.
    LawRead,
    /// Read in a secondary source that quotes the law.
    SecondarySource,
}

impl Certainty {
    /// The mark shown beside a rule.
    pub fn code(self) -> &'static str {
        match self {
            Self::LawRead => "V",
            Self::SecondarySource => "S",
        }
    }
}

/// One rule of the law.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name of this version of the rule.
    pub id: &'static str,
    /// The clock it runs.
    pub clock: Clock,
    /// What starts it; the first that has happened.
    pub triggers: &'static [Trigger],
    /// What must happen.
    pub act: &'static str,
    /// How long there is.
    pub limit: Limit,
    /// Where it stands.
    pub regulation: &'static str,
    /// The grounds that disapply it, and where each stands.
    pub exceptions: &'static [(Ground, &'static str)],
    /// First trigger day it applies to.
    pub in_force_from: NaiveDate,
    /// Last trigger day it applies to; `None` while it is the law.
    pub in_force_to: Option<NaiveDate>,
    /// How sure the reading is.
    pub certainty: Certainty,
}

impl Rule {
    /// True if `ground` is one of those listed for this rule.
    pub fn excuses(&self, ground: Ground) -> bool {
        self.exceptions.iter().any(|(listed, _)| *listed == ground)
    }
}

const SEND_REGULATIONS_IN_FORCE: NaiveDate = match NaiveDate::from_ymd_opt(2014, 9, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The rules, in the order a case meets them.
pub const RULES: &[Rule] = &[
    Rule {
        id: "decide_to_assess/2014",
        clock: Clock::DecideToAssess,
        triggers: &[Trigger::RequestReceived, Trigger::BecameResponsible],
        act: "notify the parent or young person whether an EHC needs assessment is made",
        limit: Limit::Weeks(6),
        regulation: "SI 2014/1530 reg 5(1)",
        exceptions: &[
            (Ground::SchoolClosure, "reg 5(4)(a)"),
            (Ground::EarlyYearsClosure, "reg 5(4)(b)"),
            (Ground::ExceptionalPersonalCircumstances, "reg 5(4)(c)"),
            (Ground::AbsentFromArea, "reg 5(4)(d)"),
        ],
        in_force_from: SEND_REGULATIONS_IN_FORCE,
        in_force_to: None,
        certainty: Certainty::LawRead,
    },
    Rule {
        id: "advice_return/2014",
        clock: Clock::AdviceReturn,
        triggers: &[Trigger::AdviceRequestReceivedByBody],
        act: "return the advice to the council",
        limit: Limit::Weeks(6),
        regulation: "SI 2014/1530 reg 8(1)",
        exceptions: &[
            (Ground::ExceptionalPersonalCircumstances, "reg 8(2)(a)"),
            (Ground::AbsentFromArea, "reg 8(2)(b)"),
            (Ground::MissedAppointment, "reg 8(2)(c)"),
        ],
        in_force_from: SEND_REGULATIONS_IN_FORCE,
        in_force_to: None,
        certainty: Certainty::SecondarySource,
    },
    Rule {
        id: "decide_not_to_issue/2014",
        clock: Clock::DecideNotToIssue,
        triggers: &[Trigger::RequestReceived, Trigger::BecameResponsible],
        act: "notify the parent or young person that no EHC plan is made",
        limit: Limit::Weeks(16),
        regulation: "SI 2014/1530 reg 10(1)",
        exceptions: TEN_FOUR,
        in_force_from: SEND_REGULATIONS_IN_FORCE,
        in_force_to: None,
        certainty: Certainty::LawRead,
    },
    Rule {
        id: "final_plan/2014",
        clock: Clock::FinalPlan,
        triggers: &[Trigger::RequestReceived, Trigger::BecameResponsible],
        act: "send the final plan to the parent or young person",
        limit: Limit::Weeks(20),
        regulation: "SI 2014/1530 reg 13(2)",
        exceptions: TEN_FOUR,
        in_force_from: SEND_REGULATIONS_IN_FORCE,
        in_force_to: None,
        certainty: Certainty::LawRead,
    },
];

/// The first rule. A list without rules does not compile.
const FIRST: &Rule = match RULES {
    [first, ..] => first,
    [] => panic!("there is no rule"),
};

/// Regulation 10(4), which 13(3) borrows for the final plan.
const TEN_FOUR: &[(Ground, &str)] = &[
    (Ground::SchoolClosure, "reg 10(4)(a)"),
    (Ground::EarlyYearsClosure, "reg 10(4)(b)"),
    (Ground::ExceptionalPersonalCircumstances, "reg 10(4)(c)"),
    (Ground::AbsentFromArea, "reg 10(4)(d)"),
];

impl Clock {
    /// The rule in force for a clock that started on `day`; without a day, the latest.
    pub fn rule(self, day: Option<NaiveDate>) -> &'static Rule {
        let of_clock = || RULES.iter().rev().filter(|rule| rule.clock == self);
        let in_force = |rule: &&Rule| {
            day.is_none_or(|day| rule.in_force_from <= day && rule.in_force_to.is_none_or(|to| day <= to))
        };
        // Before the Regulations there is no rule: the first one is the nearest reading.
        of_clock().find(in_force).or_else(|| of_clock().next_back()).unwrap_or(FIRST)
    }
}
