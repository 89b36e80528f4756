//! Definitions of EHC cases: timeliness as DfE counts it, flow, three views, the backlog and its debt.

use super::{Definition, some, whole};

const TIMELINESS: &str = "/v1/stats/ehc-timeliness";
const VIEWS: &str = "/v1/stats/ehc-three-views";
const SUMMARY: &str = "/v1/ehc-plan-delays/summary";

/// Plans within twenty weeks.
pub static EHC_TIMELINESS: Definition = Definition {
    id: "ehc-timeliness",
    title: "Plans within twenty weeks",
    counted: "New EHC plans by time from the request (or becoming responsible) to the final plan sent; DfE, Education, health and care plans, 2025 release.",
    formula: "Days = day the final plan was sent − day of the request. Up to 140 is within twenty weeks, 141 to 364 up to a year, 365 and more over a year. Percentages are of plans_issued_den, those of _ex columns of plans_issued_den_ex.",
    includes: "Plans sent on the first and on the last day of the period; day 140 is in time. A plan whose start nobody knows counts in the denominator and in no band.",
    excludes: "Cases in which mediation or a tribunal took place; plans after a re-assessment. The _ex columns leave out plans with an exception, whether they were in time or not.",
    source: "DfE, Education, health and care plans, data guidance of the 2025 release; SI 2014/1530 reg 13(2), exceptions reg 13(3) with 10(4). That day 140 is in time is our reading.",
    shown: &[whole(TIMELINESS, "EhcTimeliness")],
};

/// Decisions whether to assess.
pub static DECISIONS_TO_ASSESS: Definition = Definition {
    id: "ehc-decisions-to-assess",
    title: "Decisions whether to assess within six weeks",
    counted: "Decisions whether to assess, by time from the request (or becoming responsible) to the notification; DfE, Education, health and care plans, 2025 release.",
    formula: "Days = day of the notification − day of the request; up to 42 is in time. Percentages are of request_outcome_den.",
    includes: "Decisions to assess and not to assess alike. A decision whose start nobody knows counts in the denominator only, as in DfE's percentages.",
    excludes: "Requests that were withdrawn before a decision, and those not decided yet.",
    source: "DfE, Education, health and care plans, data guidance of the 2025 release; SI 2014/1530 reg 5(1).",
    shown: &[whole("/v1/stats/ehc-timeliness?stage=decision_to_assess", "DecisionTimeliness")],
};

/// Decisions not to issue a plan.
pub static DECISIONS_NOT_TO_ISSUE: Definition = Definition {
    id: "ehc-decisions-not-to-issue",
    title: "Decisions not to issue a plan within sixteen weeks",
    counted: "Decisions not to issue a plan, by time from the request (or becoming responsible) to the notification; DfE, Education, health and care plans, 2025 release.",
    formula: "Days = day of the notification − day of the request; up to 112 is in time. Percentages are of outcome_decision_den.",
    includes: "Decisions notified on the first and on the last day of the period.",
    excludes: "Decisions whose start nobody knows; refusals to assess.",
    source: "DfE, Education, health and care plans, data guidance of the 2025 release; SI 2014/1530 reg 10(1).",
    shown: &[whole("/v1/stats/ehc-timeliness?stage=decision_not_to_issue", "RefusalTimeliness")],
};

/// In and out.
pub static EHC_FLOW: Definition = Definition {
    id: "ehc-flow",
    title: "Flow of EHC requests",
    counted: "EHC requests with a known start, by the day each step happened; a request ends with its plan, a refusal, a decision not to issue or its withdrawal, whichever is first.",
    formula: "net = requests − ended: how much the number of open requests grew.",
    includes: "What happened on the first and on the last day of the period; `every=week` gives ISO weeks, Monday to Sunday.",
    excludes: "Requests whose start nobody knows: so what came in and what ended are of the same requests.",
    source: "Steps of SI 2014/1530 regs 3 to 14.",
    shown: &[whole("/v1/stats/ehc-flow", "EhcFlow")],
};

/// Three views.
pub static EHC_THREE_VIEWS: Definition = Definition {
    id: "ehc-three-views",
    title: "Twenty weeks from three sides",
    counted: "Twenty weeks, SI 2014/1530 reg 13(2), from three sides: plans issued in the period as DfE counts them (exceptions included), requests received in it with open ones as unfinished, and what is open at its end.",
    formula: "By issue: plans within 140 days ÷ issued. By receipt: Kaplan-Meier share with a plan within 140 days. By backlog: overdue ÷ open at the end of the period.",
    includes: "Requests with a known start. Plans with exceptions count in the first view, in time or not.",
    excludes: "By issue: cases with mediation or a tribunal. By receipt: requests refused, withdrawn or under an order, which stand in received_ended_otherwise. By backlog, overdue: cases that an exception excuses.",
    source: "First view: DfE, Education, health and care plans, 2025 release. Second and third: our own, because clearing old cases lowers the first and not the second.",
    shown: &[whole(VIEWS, "EhcThreeViews")],
};

/// Open cases.
pub static BACKLOG: Definition = Definition {
    id: "ehc-backlog",
    title: "Open and overdue cases",
    counted: "EHC requests that have begun and not ended at the end of a day, how long ago they were made, and how many are past their twenty weeks.",
    formula: "Age = day − day of the request. Overdue: the last day in time lies before the day, and no exception excuses the case.",
    includes: "Requests before and after the decision to assess. A case is overdue from the day after its last day in time.",
    excludes: "Cases that were refused, withdrawn, issued or put under an order by the end of that day, and those whose start nobody knows.",
    source: "SI 2014/1530 reg 13(2) and (3).",
    shown: &[
        some(
            VIEWS,
            "EhcThreeViews",
            &["open", "open_mean_days", "open_p50_days", "open_longest_days", "overdue", "pc_overdue"],
        ),
        some(SUMMARY, "EhcPlanDelaySummary", &["open", "overdue", "exempt"]),
    ],
};

/// Days overdue, summed.
pub static DEADLINE_DEBT: Definition = Definition {
    id: "deadline-debt",
    title: "Deadline debt",
    counted: "The days by which open cases are past their twenty weeks, summed: what a backlog of few very late cases and one of many a little late have in common.",
    formula: "Sum, over overdue open cases, of day asked about − last day in time.",
    includes: "Open cases past twenty weeks without an exception.",
    excludes: "Plans already issued, however late (delay-attribution has their days), and cases that an exception excuses.",
    source: "Our own, on the limit of SI 2014/1530 reg 13(2).",
    shown: &[
        some(VIEWS, "EhcThreeViews", &["deadline_debt_days"]),
        some(SUMMARY, "EhcPlanDelaySummary", &["days_over_total", "days_over_longest"]),
    ],
};
