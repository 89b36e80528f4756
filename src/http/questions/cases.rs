//! Questions about EHC timeliness, reviews and appeals, 21 to 35.

use super::{Question, answered, not_yet};

const REQUESTER: &str = "Whoever makes a freedom-of-information request";
const COUNCILLORS: &str = "Councillors and the minutes of their committees";
const OMBUDSMAN: &str = "The Ombudsman, looking into a complaint";
const TIMELINESS: &[&str] = &[
    "plans_issued_den",
    "plans_issued_den_ex",
    "pc_plans_issued_within_20_weeks",
    "PC_plans_issued_20_weeks_ex",
    "plans_issued_gt20weeks_ltYear",
    "plans_issued_gt_1_year",
];

/// The questions of this chapter.
pub const QUESTIONS: &[Question] = &[
    answered(
        21,
        "How many requests came in and how many final plans went out, in each week?",
        COUNCILLORS,
        "/v1/stats/ehc-flow?authority=301&as_at=2025-01-16&from=2024-10-21&to=2025-01-12&every=week",
        &["time_period", "requests", "plans_issued", "net"],
    ),
    answered(
        22,
        "What share of plans was ready in twenty weeks, counting exceptions and not counting them; how many took up to a year, or longer; how long on average?",
        "The Department for Education's statistics",
        "/v1/stats/ehc-timeliness?authority=301&as_at=2025-01-16&issued_from=2024-01-01&issued_to=2024-12-31",
        TIMELINESS,
    )
    .also(&["/v1/stats/ehc-three-views?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31"])
    .note("The mean is mean_days_to_issue of ehc-three-views, in days: divide by 7 for weeks."),
    answered(
        23,
        "Year by year, how many plans took more than twenty weeks, leaving out those the law excuses?",
        REQUESTER,
        "/v1/stats/ehc-timeliness?authority=301&as_at=2025-01-16&issued_from=2023-01-01&issued_to=2024-12-31&every=year",
        &["time_period", "plans_issued_den_ex", "plans_issued_gt20weeks_ltYear_ex", "plans_issued_gt_1_year_ex"],
    )
    .note("The demonstration follows published totals in 2024 only."),
    answered(
        24,
        "In each quarter since 2018, how long did a plan take on average?",
        REQUESTER,
        "/v1/stats/ehc-three-views?authority=301&as_at=2025-01-16&from=2018-01-01&to=2024-12-31&every=quarter",
        &["time_period", "issued", "mean_days_to_issue", "p50_days_to_issue"],
    )
    .note("In days: divide by 7 for weeks. The demonstration has few plans before 2024."),
    answered(
        25,
        "How many assessments are open, how many of them are past twenty weeks, and by how much?",
        COUNCILLORS,
        "/v1/ehc-plan-delays/summary?authority=301&as_at=2025-01-16",
        &[
            "open",
            "overdue",
            "overdue_up_to_4_weeks",
            "overdue_4_12_weeks",
            "overdue_12_26_weeks",
            "overdue_26_52_weeks",
            "overdue_over_52_weeks",
            "days_over_longest",
        ],
    )
    .also(&["/v1/ehc-plan-delays?authority=301&as_at=2025-01-16&state=overdue&limit=20"]),
    answered(
        26,
        "Were decisions whether to assess made inside six weeks, and how many were refusals?",
        REQUESTER,
        "/v1/stats/ehc-timeliness?authority=301&as_at=2025-01-16&stage=decision_to_assess&issued_from=2024-01-01&issued_to=2024-12-31",
        &["request_outcome_den", "request_outcome_six_weeks", "request_outcome_six_weeks_pc"],
    )
    .also(&["/v1/stats/ehc-flow?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31"])
    .note("Refusals are refused_to_assess of ehc-flow."),
    answered(
        27,
        "Were decisions against a plan made inside sixteen weeks?",
        OMBUDSMAN,
        "/v1/stats/ehc-timeliness?authority=301&as_at=2025-01-16&stage=decision_not_to_issue&issued_from=2024-01-01&issued_to=2024-12-31",
        &["outcome_decision_den", "outcome_decision_within_time", "outcome_decision_within_time_pc"],
    ),
    answered(
        28,
        "Which exceptions were claimed, how often, and were they good in law?",
        REQUESTER,
        "/v1/stats/exceptions?authority=301&as_at=2025-01-16",
        &["ground", "recorded", "conditions_fulfilled", "needed"],
    )
    .note("Whether the family was told is not recorded."),
    answered(
        29,
        "How many reviews were held, with which outcome, and was the decision made inside four weeks of the meeting; and how many are overdue?",
        REQUESTER,
        "/v1/stats/annual-reviews?authority=301&as_at=2025-01-16",
        &["total_ehc_plans", "total_review_meeting", "number_decsion_4weeks", "pc_decsion_4weeks"],
    )
    .also(&[
        "/v1/stats/clock-timeliness?clock=annual_review_12m&authority=301&as_at=2025-01-16",
        "/v1/deadlines?clock=annual_review_12m&state=overdue&due_to=2024-07-16&authority=301&as_at=2025-01-16",
    ])
    .note("Overdue reviews are counted by clock-timeliness. Bands of 6, 12 and 24 months have no columns: due_to of the deadlines lists those overdue since such a day."),
    answered(
        30,
        "Did the plans of children who change phase name the next school by 15 February?",
        "Whoever asks many councils at once by freedom of information",
        "/v1/stats/phase-transfers?authority=301&as_at=2025-01-16&from=2024-01-01&to=2025-12-31",
        &["phase_transfer", "plans", "in_time", "on_the_day", "late", "pc_in_time_strict", "pc_in_time_operational"],
    ),
    not_yet(
        31,
        "How many mediations and appeals were there, and how did they end?",
        "Scrutiny councillors and the Department for Education",
        "Disputes are recorded with the days of mediation and appeal, and can be listed; they are not counted by kind, and their outcome is not recorded. The demonstration has none.",
    )
    .also(&[
        "/v1/disputes?authority=301",
        "/v1/stats/clock-timeliness?clock=appeal_window&authority=301&as_at=2025-01-16",
    ]),
    answered(
        32,
        "How does the council compare with its region and with England?",
        COUNCILLORS,
        "/v1/stats/ehc-timeliness?authority=301&as_at=2025-01-16&issued_from=2024-01-01&issued_to=2024-12-31&compare=region,england,neighbours&neighbours=302,316",
        &["figures_of", "la_name", "region_name", "plans_issued_den_ex", "PC_plans_issued_20_weeks_ex"],
    )
    .note("Published figures are DfE's of 2024. Whom the council counts as neighbours is named in the call: DfE's list of statistical neighbours is not among this service's data."),
    answered(
        33,
        "Do new requests fare better, or do old cases simply lie while quick ones are finished?",
        COUNCILLORS,
        "/v1/stats/ehc-three-views?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&every=quarter",
        &["time_period", "pc_issued_within_20_weeks", "km_pc_within_20_weeks", "open", "pc_overdue", "deadline_debt_days"],
    ),
    answered(
        34,
        "How does it look by age, sex, ethnicity, need or kind of school?",
        "Equality reports and freedom-of-information requests",
        "/v1/stats/ehc-three-views?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&group_by=age_band,sex",
        &["age_band", "sex", "issued", "pc_issued_within_20_weeks"],
    )
    .also(&[
        "/v1/stats/ehc-three-views?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&group_by=ethnicity_group",
        "/v1/stats/ehc-three-views?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&group_by=primary_need",
    ])
    .note("One or two of them at once, for the council's own use: small counts stand as they are (meta.suppression). What may be published is under /open/v1, by one grouping at a time. The kind of school is not a grouping."),
    not_yet(
        35,
        "What was paid, or is owed, to families for delay?",
        "Whoever makes a freedom-of-information request",
        "No record has a field for money.",
    ),
];
