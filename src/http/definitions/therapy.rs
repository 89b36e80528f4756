//! Definitions of therapy: the waiting list, waiting times, flow; and the ways in which days are summed up everywhere.

use super::{Definition, Shown, some, whole};

const LIST: &str = "/v1/stats/waiting-list";
const TIMES: &str = "/v1/stats/waiting-times";
const ADVICE: &str = "/v1/stats/advice-timeliness";
const VIEWS: &str = "/v1/stats/ehc-three-views";
const SITREP: &str = "NHS England, Community Health Services waiting lists (situation report).";

/// Who waits.
pub static WAITING_LIST: Definition = Definition {
    id: "waiting-list",
    title: "Waiting list",
    counted: "Referrals received and neither rejected, seen, discharged nor withdrawn at the end of the day; bands of NHS England's Community Health Services Waiting Lists.",
    formula: "Days waiting = day asked about − day of receipt, in seven bands: 0–7, 8–14, 15–28, 29–84, 85–126, 127–364, 365 and more. The bands sum to waiting.",
    includes: "Referrals received on the day itself (0 days). The last day of a band belongs to it.",
    excludes: "A referral whose rejection, first contact, discharge or withdrawal is of that day or earlier. Waits for further contacts after the first.",
    source: "NHS England, Community Health Services waiting lists (situation report). It leaves day 365 open; here it is over 52 weeks.",
    shown: &[whole(LIST, "WaitingList")],
};

/// The longest wait.
pub static LONGEST_WAIT: Definition = Definition {
    id: "longest-wait",
    title: "Longest wait",
    counted: "Of those on the waiting list, the one who has waited longest: its days, and the day its referral was received.",
    formula: "The largest of day asked about − day of receipt.",
    includes: "Everyone on the waiting list.",
    excludes: "Whoever was seen or left the list, however long that took: see the longest of waiting-times.",
    source: SITREP,
    shown: &[some(LIST, "WaitingList", &["longest_wait_days", "longest_wait_received_on"])],
};

/// Eighteen weeks.
pub static OVER_18_WEEKS: Definition = Definition {
    id: "eighteen-weeks",
    title: "Eighteen weeks",
    counted: "How many wait, or waited until they were seen, for 126 days or less, and how many for longer.",
    formula: "Percentage = 126 days or less ÷ all, with one decimal, rounded half up. km_pc_within_18_weeks: one less the estimated share still not seen after 126 days.",
    includes: "Day 126 is within eighteen weeks.",
    excludes: "Empty where nobody is counted: no percentage is shown as 0 or 100.",
    source: "NHS England, Community Health Services waiting lists (the eighteen-week bound of its bands). No law sets it for these services.",
    shown: &[
        some(LIST, "WaitingList", &["waiting_over_18_weeks", "pc_waiting_within_18_weeks"]),
        some(TIMES, "WaitingTimes", &["seen_within_18_weeks", "pc_seen_within_18_weeks", "km_pc_within_18_weeks"]),
    ],
};

/// How long those seen had waited.
pub static WAITING_TIMES: Definition = Definition {
    id: "waiting-times",
    title: "Waiting times",
    counted: "Days from the receipt of a referral to the first contact and to the completed assessment; percentiles by nearest rank; those still waiting are in no mean, and in the Kaplan-Meier columns as unfinished.",
    formula: "Day of first contact (or of the completed assessment) − day of receipt. First contacts and assessments belong to the period of their own day; received, still_waiting and the km_ columns to the period of receipt.",
    includes: "Both ends of the period. A contact on the day of receipt is 0 days.",
    excludes: "Referrals that ended without a contact; contacts after the day asked about.",
    source: "Measures asked of councils and NHS services for years; no statutory definition. The clock starts as in NHS England's situation report.",
    shown: &[whole(TIMES, "WaitingTimes")],
};

/// Those of a period who still wait.
pub static STILL_WAITING: Definition = Definition {
    id: "still-waiting",
    title: "Still waiting, of those received",
    counted: "Referrals received in the period whose wait has not ended: how many, the median of their days so far, and the longest.",
    formula: "Days so far = day asked about − day of receipt.",
    includes: "Referrals received in the period, both ends included.",
    excludes: "Whoever was seen or left the list by the end of the day asked about. Older referrals: the waiting list has those.",
    source: "Our own: a mean of those seen says nothing of those who were not, so they stand beside it.",
    shown: &[some(
        TIMES,
        "WaitingTimes",
        &["received", "still_waiting", "p50_days_still_waiting", "longest_days_still_waiting"],
    )],
};

/// In and out.
pub static FLOW: Definition = Definition {
    id: "flow",
    title: "Flow of the waiting list",
    counted: "Referrals by what happened to them in the period; a wait ends with rejection, the first contact, discharge or withdrawal, whichever is first.",
    formula: "net = received − waits_ended: how much the list grew. A referral may count in several columns, such as seen and discharged, and once in waits_ended.",
    includes: "What happened on the first and on the last day of the period.",
    excludes: "What happened after the day asked about.",
    source: "Follows the start and the end of a wait in NHS England's situation report.",
    shown: &[whole("/v1/stats/flow", "Flow")],
};

/// Percentiles.
pub static PERCENTILES: Definition = Definition {
    id: "percentiles",
    title: "Percentiles (nearest rank)",
    counted: "The fewest days that so many in a hundred of those counted did not exceed: a number of days that somebody had, never one in between.",
    formula: "Sort the days; take the one at place ⌈n × p ÷ 100⌉, at least the first. p50 is the median: of an even number, the lower of the two in the middle.",
    includes: "Everyone counted in the same row, exact to the day.",
    excludes: "Nothing is interpolated and nothing estimated: the km_ columns are. Empty where nobody is counted.",
    source: "The nearest-rank method of descriptive statistics.",
    shown: PERCENTILES_SHOWN,
};

const PERCENTILES_SHOWN: &[Shown] = &[
    some(LIST, "WaitingList", &["p50_days_waiting", "p75_days_waiting", "p90_days_waiting", "p92_days_waiting"]),
    some(
        TIMES,
        "WaitingTimes",
        &[
            "p50_days_to_contact",
            "p75_days_to_contact",
            "p90_days_to_contact",
            "p92_days_to_contact",
            "p50_days_to_assessment",
            "p75_days_to_assessment",
            "p90_days_to_assessment",
            "p92_days_to_assessment",
            "p50_days_still_waiting",
        ],
    ),
    some(ADVICE, "AdviceTimeliness", &["p50_days", "p75_days", "p90_days", "p92_days"]),
    some(VIEWS, "EhcThreeViews", &["p50_days_to_issue", "open_p50_days"]),
];

/// Means.
pub static MEAN_DAYS: Definition = Definition {
    id: "mean-days",
    title: "Mean days",
    counted: "The mean of the days of those counted in the same row, with one decimal.",
    formula: "Sum of days ÷ number counted, rounded half up to a tenth of a day. Divide by 7 for weeks.",
    includes: "Everyone counted in the row.",
    excludes: "Waits that have not ended are in no mean of waits that have. Empty where nobody is counted.",
    source: "Arithmetic mean.",
    shown: &[
        some(LIST, "WaitingList", &["mean_days_waiting"]),
        some(TIMES, "WaitingTimes", &["mean_days_to_contact", "mean_days_to_assessment"]),
        some(ADVICE, "AdviceTimeliness", &["mean_days"]),
        some(VIEWS, "EhcThreeViews", &["mean_days_to_issue", "open_mean_days"]),
    ],
};

/// Kaplan-Meier.
pub static KAPLAN_MEIER: Definition = Definition {
    id: "kaplan-meier",
    title: "Kaplan-Meier estimate",
    counted: "How long it takes those received in a period to be seen, or to get their plan, when some have not yet: these count as unfinished for as long as they are known to have waited.",
    formula: "Share still without the event after day d = product, over each day with events up to d, of (at risk − events) ÷ at risk. A percentile is the first day on which the share without it is small enough.",
    includes: "Those received in the period. Whoever is known to have waited d days is at risk up to and with day d.",
    excludes: "Of EHC requests, those that ended without a plan (received_ended_otherwise). Therapy referrals that left unseen count as cut off on that day. Empty where the known waits do not reach so far.",
    source: "Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, 1958.",
    shown: &[
        some(TIMES, "WaitingTimes", &["km_p50_days", "km_p90_days", "km_pc_within_18_weeks"]),
        some(VIEWS, "EhcThreeViews", &["km_pc_within_20_weeks", "km_p50_days"]),
    ],
};
