//! Questions about therapy waits, 1 to 12.

use super::{Question, answered, not_yet};

const REQUESTER: &str = "Whoever makes a freedom-of-information request";

/// The questions of this chapter.
pub const QUESTIONS: &[Question] = &[
    answered(
        1,
        "How many children are on the list today for speech and language therapy, occupational therapy and physiotherapy, in the bands of the national return?",
        "The national return of community health waits",
        "/v1/stats/waiting-list?authority=301&as_at=2025-01-16",
        &[
            "discipline",
            "waiting",
            "waiting_0_1_weeks",
            "waiting_1_2_weeks",
            "waiting_2_4_weeks",
            "waiting_4_12_weeks",
            "waiting_12_18_weeks",
            "waiting_18_52_weeks",
            "waiting_over_52_weeks",
        ],
    ),
    answered(
        2,
        "Quarter by quarter, how long did those who were seen wait for their first contact and for their finished assessment: on average, in the middle, and nine in ten?",
        REQUESTER,
        "/v1/stats/waiting-times?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&every=quarter",
        &[
            "mean_days_to_contact",
            "p50_days_to_contact",
            "p90_days_to_contact",
            "mean_days_to_assessment",
            "p50_days_to_assessment",
            "p90_days_to_assessment",
        ],
    )
    .note("every=month or every=year cuts the same days otherwise."),
    answered(
        3,
        "Who has waited longest so far, for how many days, and when did that referral come in?",
        REQUESTER,
        "/v1/stats/waiting-list?authority=301&as_at=2025-01-16",
        &["longest_wait_days", "longest_wait_received_on"],
    ),
    answered(
        4,
        "How many children of each age have waited longer than half a year or a year, now and on the same day of the five years before?",
        REQUESTER,
        "/v1/stats/waiting-list?authority=301&as_at=2020-01-16,2021-01-16,2022-01-16,2023-01-16,2024-01-16,2025-01-16&group_by=age_band",
        &["age_band", "waiting_over_18_weeks", "waiting_18_52_weeks", "waiting_over_52_weeks"],
    )
    .note("There are columns for more than 18 and more than 52 weeks, none for 26."),
    answered(
        5,
        "How long was the list on the first of September, year after year?",
        REQUESTER,
        "/v1/stats/waiting-list?authority=301&from=2022-09-01&to=2024-09-01&every=year",
        &["as_at", "discipline", "waiting"],
    ),
    answered(
        6,
        "How did the list stand on one given day in the past?",
        REQUESTER,
        "/v1/stats/waiting-list?authority=301&as_at=2024-11-05",
        &["as_at", "discipline", "waiting", "p50_days_waiting"],
    )
    .note("known_at gives the answer as it could have been given then, without what was recorded later."),
    answered(
        7,
        "How does the wait for a first contact compare with the wait for what follows it?",
        REQUESTER,
        "/v1/stats/waiting-times?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31",
        &["mean_days_to_contact", "p50_days_to_contact", "mean_days_to_assessment", "p50_days_to_assessment"],
    )
    .note("Up to the completed assessment. Referrals do not say when therapy began, nor whether in a group or one to one."),
    answered(
        8,
        "Week by week, how many referrals came in, were seen, turned away, withdrawn or discharged, and does the list grow?",
        "Scrutiny councillors and commissioners",
        "/v1/stats/flow?authority=301&as_at=2025-01-16&from=2024-10-21&to=2025-01-12&every=week",
        &["time_period", "received", "seen", "rejected", "withdrawn", "discharged", "net"],
    ),
    answered(
        9,
        "Do children with a plan wait a shorter time than those on SEN support, or without either?",
        "Professional bodies of therapists",
        "/v1/stats/waiting-list?authority=301&as_at=2025-01-16&group_by=sen_status",
        &["sen_status", "waiting", "mean_days_waiting", "p50_days_waiting", "p90_days_waiting"],
    )
    .also(&["/v1/stats/waiting-times?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&group_by=sen_status"])
    .note("SEN status is the child's present one, not that of the day asked about."),
    not_yet(
        10,
        "Which children wait whose placement lies outside the area, or whose school their therapists do not visit?",
        "Whoever asks many councils at once by freedom of information",
        "Neither a referral nor a child says where the child goes to school, and a service does not say which schools it reaches.",
    ),
    not_yet(
        11,
        "How many entries of the list stand there twice, have dates that cannot be, or lack something?",
        "Validation exercises of waiting lists",
        "No count of doubtful entries is made yet. What cannot be is refused when it is sent: every row of an import has its receipt.",
    ),
    not_yet(
        12,
        "What help does a child get while it waits?",
        "Inspectors",
        "No record has a field for support given during a wait.",
    ),
];
