//! Questions about provision, staff and what is to come, 36 to 45.

use super::{Question, answered, not_yet};

const REQUESTER: &str = "Whoever makes a freedom-of-information request";
const COUNCIL: &str = "Councillors and officers who plan";

/// The questions of this chapter.
pub const QUESTIONS: &[Question] = &[
    not_yet(
        36,
        "Which hours of therapy that plans promise are not given, and which reviews were missed because nobody was free?",
        "The Ombudsman and freedom-of-information requests",
        "Plans are recorded without the provision they name, so what is given cannot be set against it; a review that was not held does not say why.",
    ),
    answered(
        37,
        "How many whole-time posts are there for each profession and grade, how many are filled, empty or on leave?",
        "Surveys of professional bodies, and freedom-of-information requests",
        "/v1/stats/workforce?authority=301&as_at=2025-01-01&group_by=discipline,band",
        &["funded_wte", "in_post_wte", "filled_wte", "vacant_wte", "pc_vacant", "absent_wte"],
    )
    .also(&[
        "/v1/stats/workforce?authority=301&as_at=2025-01-01",
        "/v1/stats/workforce?authority=301&from=2024-01-01&to=2025-01-01&every=quarter",
    ])
    .note("Agency and bank staff cover a vacancy and do not fill it. On leave is part of in post: absent_ columns tell the kinds, maternity among them."),
    answered(
        38,
        "How long does it take to fill a post?",
        REQUESTER,
        "/v1/stats/recruitment?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&group_by=discipline,band",
        &["appointed", "p50_days_to_hire", "p90_days_to_hire", "rounds_per_filled", "pc_succeeded", "running"],
    )
    .also(&["/v1/stats/workforce?authority=301&as_at=2025-01-16"])
    .note("Days to hire are of rounds that succeeded; those that run, and what has stood vacant for three months (vacant_3_months_wte of the workforce), are the other side of it."),
    answered(
        39,
        "How much of the work is done by agency staff or given away, at what cost, and how much salary was saved by empty posts?",
        "Whoever asks many councils at once by freedom of information",
        "/v1/stats/workforce?authority=301&as_at=2025-01-16&group_by=engagement,discipline",
        &["in_post_wte", "agency_wte", "bank_wte", "headcount"],
    )
    .also(&["/v1/stats/workforce?authority=301&as_at=2025-01-16&group_by=discipline,band"])
    .note("Money is not recorded: neither what agencies cost nor what was saved. Vacant whole-time equivalents by band, in the second call, are what a salary would be multiplied by. Nor are cases given away recorded as such; /v1/stats/waiting-list by provider_ref tells who has them."),
    answered(
        40,
        "Who is being trained, and from when will that help?",
        "The Ombudsman and researchers",
        "/v1/stats/training-pipeline?authority=301&as_at=2025-01-16&group_by=year,discipline",
        &["trainees", "wte", "expected_wte", "productive_wte_after_12_weeks", "productive_wte_after_52_weeks"],
    )
    .also(&["/v1/stats/training-pipeline?authority=301&as_at=2025-01-16&group_by=discipline,programme"])
    .note("The period is that of qualification. Productivity after it follows the council's rule, or an assumption: meta.assumptions says which."),
    answered(
        41,
        "How many open cases are there for each whole-time post?",
        COUNCIL,
        "/v1/stats/caseload?authority=301&as_at=2025-01-16",
        &["caseload", "waiting", "ehc_requests_awaiting_advice", "in_post_wte", "caseload_per_wte"],
    )
    .also(&["/v1/ehc-plan-delays/summary?authority=301&as_at=2025-01-16"])
    .note("Of therapists. Caseworkers are no therapy posts and are not recorded: open of the summary is the upper half of their fraction."),
    answered(
        42,
        "Is there enough staff for the therapy that was commissioned, and by how much too little?",
        REQUESTER,
        "/v1/stats/capacity-outlook?authority=301&as_at=2025-01-16",
        &["clinical_minutes", "demand_minutes", "load", "sustainable", "weeks_of_work_waiting"],
    )
    .also(&["/v1/stats/capacity-demand?authority=301&as_at=2025-01-16&from=2025-01-20&to=2025-02-16"])
    .note("What is asked for stands in the place of what was commissioned, which is not among the records. Demand less clinical minutes is what is too little; meta.assumptions tells what no rule of the council says."),
    not_yet(
        43,
        "If as many come in and go out as now, when will twenty weeks be reached, if ever?",
        COUNCIL,
        "Forecasts are not made yet. The rates they would start from are.",
    )
    .also(&["/v1/stats/ehc-flow?authority=301&as_at=2025-01-16&from=2024-07-01&to=2024-12-31&every=month"]),
    not_yet(
        44,
        "How many more staff, and from when, would it take to be in time on a given day, and to stay so?",
        COUNCIL,
        "Forecasts are not made yet.",
    ),
    answered(
        45,
        "Which open cases will run out of time in the coming four weeks unless something is done?",
        "Weekly meetings of casework teams",
        "/v1/deadlines?clock=final_plan&state=open&due_from=2025-01-16&due_to=2025-02-13&authority=301&as_at=2025-01-16",
        &["ehc_request_id", "due_on", "days_left", "binds", "must"],
    )
    .note("Those due by then and not done. It does not guess which will be finished before; milestones of /v1/ehc-requests/{id}/timeline say which no longer can be."),
];
