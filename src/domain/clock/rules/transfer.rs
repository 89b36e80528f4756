//! Transfers between authorities and between commissioning bodies: regulations 15 and 16.

use crate::domain::clock::clock::Clock;
use crate::domain::clock::event::Event;
use crate::domain::clock::limit::Limit;
use crate::domain::clock::rule::{Bound, Certainty, Party, Rule};

const WORKING_DAYS: &str =
    "the Regulations do not define a working day: Monday to Friday except bank holidays in England";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "la_transfer/2014",
        clock: Clock::LaTransfer,
        triggers: &[Event::OldLaAware],
        act: "transfer the plan to the new council",
        binds: Party::OldCouncil,
        limit: Limit::WorkingDaysBeginningWith(15),
        bound: Some(Bound::NotBefore(&[Event::MoveDate], Limit::Days(0))),
        regulation: "SI 2014/1530 reg 15(2)",
        reading: Some(WORKING_DAYS),
        ..Rule::COMMON
    },
    Rule {
        id: "la_transfer_inform/2014",
        clock: Clock::LaTransferInform,
        triggers: &[Event::TransferDate],
        act: "tell the parent or young person of the transfer, whether there will be an assessment, and when the plan is reviewed",
        binds: Party::NewCouncil,
        limit: Limit::Weeks(6),
        regulation: "SI 2014/1530 reg 15(4)",
        ..Rule::COMMON
    },
    Rule {
        id: "la_transfer_review/2014",
        clock: Clock::LaTransferReview,
        triggers: &[Event::TransferDate],
        act: "review the plan",
        binds: Party::NewCouncil,
        limit: Limit::MonthsBeginningWith(3),
        bound: Some(Bound::NotBefore(&[Event::LastReview, Event::PlanFirstMade], Limit::MonthsBeginningWith(12))),
        regulation: "SI 2014/1530 reg 15(5)",
        certainty: Certainty::SecondarySource,
        ..Rule::COMMON
    },
    Rule {
        id: "icb_change/2014",
        clock: Clock::IcbChange,
        triggers: &[Event::OldIcbAware],
        act: "tell the new commissioning body",
        binds: Party::CommissioningBody,
        limit: Limit::WorkingDaysBeginningWith(15),
        regulation: "SI 2014/1530 reg 16",
        certainty: Certainty::SecondarySource,
        reading: Some(WORKING_DAYS),
        ..Rule::COMMON
    },
    Rule {
        id: "icb_change_request/2014",
        clock: Clock::IcbChangeRequest,
        triggers: &[Event::NewIcbTold],
        act: "ask the council for a review or re-assessment, where the provision is not practicable",
        binds: Party::CommissioningBody,
        limit: Limit::WorkingDaysBeginningWith(15),
        regulation: "SI 2014/1530 reg 16",
        certainty: Certainty::SecondarySource,
        reading: Some(WORKING_DAYS),
        ..Rule::COMMON
    },
];
