//! Reviews and amendments: section 44 of the Act, regulations 18 to 22 and 28, and the judgment in the Devon case.

use crate::domain::clock::clock::Clock;
use crate::domain::clock::event::Event;
use crate::domain::clock::limit::Limit;
use crate::domain::clock::rule::{Also, Bound, Certainty, Kind, Rule};

const BEFORE_OR_BY: &str =
    "the text says before that day, guidance says by it: the strict day is the due date, the other is operational_due";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "annual_review_12m/2014",
        clock: Clock::AnnualReview,
        triggers: &[Event::LastReview, Event::PlanFirstMade],
        act: "complete a review: notify the decision",
        limit: Limit::MonthsBeginningWith(12),
        regulation: "CFA 2014 s.44(1)",
        certainty: Certainty::Recalled,
        ..Rule::COMMON
    },
    Rule {
        id: "review_meeting_notice/2014",
        clock: Clock::ReviewMeetingNotice,
        triggers: &[Event::ReviewMeeting],
        act: "invite to the review meeting, and send round advice and information",
        limit: Limit::ClearDaysBefore(14),
        also: &[Also {
            name: "alternative_due",
            about: "the last day if one end of the two weeks counts",
            from: Event::ReviewMeeting,
            limit: Limit::DaysBefore(14),
        }],
        regulation: "SI 2014/1530 regs 20(3), 20(4), 21(3), 21(4)",
        reading: Some("at least two weeks' notice is read as fourteen clear days"),
        ..Rule::COMMON
    },
    Rule {
        id: "review_report/2014",
        clock: Clock::ReviewReport,
        triggers: &[Event::ReviewMeeting],
        act: "send the report of the review meeting with its recommendations",
        limit: Limit::Weeks(2),
        regulation: "SI 2014/1530 regs 20, 21(7)",
        ..Rule::COMMON
    },
    Rule {
        id: "review_decision/2014",
        clock: Clock::ReviewDecision,
        triggers: &[Event::ReviewMeeting],
        act: "decide to keep, amend or cease the plan, and notify it",
        limit: Limit::Weeks(4),
        regulation: "SI 2014/1530 regs 20(10), 21(9); CFA 2014 s.44",
        certainty: Certainty::SecondarySource,
        ..Rule::COMMON
    },
    Rule {
        id: "review_amendment_notice/2014",
        clock: Clock::ReviewAmendmentNotice,
        triggers: &[Event::ReviewMeeting],
        act: "send the plan with a notice of the proposed amendments and the evidence; a bare letter of decision is not enough",
        limit: Limit::Weeks(4),
        regulation: "SI 2014/1530 regs 20, 22(2); R (L, M, P) v Devon CC [2022] EWHC 493 (Admin)",
        certainty: Certainty::SecondarySource,
        ..Rule::COMMON
    },
    Rule {
        id: "review_representation_window/2014",
        clock: Clock::ReviewRepresentationWindow,
        triggers: &[Event::AmendmentNoticeServed, Event::AmendmentNoticeSent],
        act: "leave the parent or young person time for representations before the amended plan is final",
        limit: Limit::DaysBeginningWith(15),
        kind: Kind::Window,
        regulation: "SI 2014/1530 reg 22(2)(c)",
        ..Rule::COMMON
    },
    Rule {
        id: "review_final_plan/2014",
        clock: Clock::ReviewFinalPlan,
        triggers: &[Event::AmendmentNoticeSent],
        act: "send the amended final plan",
        limit: Limit::Weeks(8),
        bound: Some(Bound::NotAfter(&[Event::ReviewMeeting], Limit::Weeks(12))),
        also: &[
            Also {
                name: "outer_limit",
                about: "twelve weeks from the meeting: a late notice gains no time",
                from: Event::ReviewMeeting,
                limit: Limit::Weeks(12),
            },
            Also {
                name: "notice_limit",
                about: "eight weeks from the notice",
                from: Event::AmendmentNoticeSent,
                limit: Limit::Weeks(8),
            },
        ],
        regulation: "SI 2014/1530 reg 22(3); R (L, M, P) v Devon CC [2022] EWHC 493 (Admin)",
        certainty: Certainty::SecondarySource,
        reading: Some(DEVON_READING),
        ..Rule::COMMON
    },
    Rule {
        id: "review_no_amend_after_notice/2014",
        clock: Clock::ReviewNoAmendAfterNotice,
        triggers: &[Event::AmendmentNoticeSent],
        act: "notify that the plan is not amended, with reasons",
        limit: Limit::Weeks(8),
        regulation: "SI 2014/1530 reg 22(4), with reg 28 where there was no review",
        certainty: Certainty::Recalled,
        ..Rule::COMMON
    },
    Rule {
        id: "amend_without_review/2014",
        clock: Clock::AmendWithoutReview,
        triggers: &[Event::AmendmentNoticeSent],
        act: "send the amended plan",
        limit: Limit::Weeks(8),
        regulation: "SI 2014/1530 reg 28 with reg 22",
        certainty: Certainty::Recalled,
        ..Rule::COMMON
    },
    Rule {
        id: "phase_transfer/school-2014",
        clock: Clock::PhaseTransfer,
        triggers: &[Event::SchoolTransferYear],
        act: "review the plan and amend it, so that it names the next school",
        limit: Limit::Before { month: 2, day: 15 },
        also: &[Also {
            name: "operational_due",
            about: "by 15 February, as guidance has it",
            from: Event::SchoolTransferYear,
            limit: Limit::By { month: 2, day: 15 },
        }],
        regulation: "SI 2014/1530 reg 18(1)(b)",
        reading: Some(BEFORE_OR_BY),
        ..Rule::COMMON
    },
    Rule {
        id: "phase_transfer/post16-2014",
        clock: Clock::PhaseTransfer,
        triggers: &[Event::PostSixteenTransferYear],
        act: "review the plan and amend it, so that it names the post-16 institution",
        limit: Limit::Before { month: 3, day: 31 },
        also: &[Also {
            name: "operational_due",
            about: "by 31 March, as guidance has it",
            from: Event::PostSixteenTransferYear,
            limit: Limit::By { month: 3, day: 31 },
        }],
        regulation: "SI 2014/1530 reg 18(1)(a)",
        reading: Some(BEFORE_OR_BY),
        ..Rule::COMMON
    },
    Rule {
        id: "phase_transfer/between-post16-2014",
        clock: Clock::PhaseTransfer,
        triggers: &[Event::TransferDate],
        act: "review the plan and amend it, so that it names the next post-16 institution",
        limit: Limit::MonthsBefore(5),
        regulation: "SI 2014/1530 reg 18(2)",
        ..Rule::COMMON
    },
];

const DEVON_READING: &str = "eight weeks from the notice, and never later than twelve weeks from the meeting: the Devon judgment lets no council gain time by a late notice";
