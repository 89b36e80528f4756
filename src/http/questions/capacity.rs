//! Questions about provision, staff and what is to come, 36 to 45.

use super::{Question, answered, not_yet};

const REQUESTER: &str = "Whoever makes a freedom-of-information request";
const COUNCIL: &str = "Councillors and officers who plan";
const STAFF: &str = "Staff are not among the records yet: no posts, no hours, no vacancies.";

/// The questions of this chapter.
pub const QUESTIONS: &[Question] = &[
    not_yet(
        36,
        "Which hours of therapy that plans promise are not given, and which reviews were missed because nobody was free?",
        "The Ombudsman and freedom-of-information requests",
        "Plans are recorded without the provision they name, so what is given cannot be set against it; a review that was not held does not say why.",
    ),
    not_yet(
        37,
        "How many whole-time posts are there for each profession and grade, how many are filled, empty or on leave?",
        "Surveys of professional bodies, and freedom-of-information requests",
        STAFF,
    ),
    not_yet(38, "How long does it take to fill a post?", REQUESTER, STAFF),
    not_yet(
        39,
        "How much of the work is done by agency staff or given away, at what cost, and how much salary was saved by empty posts?",
        "Whoever asks many councils at once by freedom of information",
        "Staff and money are not among the records yet.",
    ),
    not_yet(
        40,
        "Who is being trained, and from when will that help?",
        "The Ombudsman and researchers",
        "Staff in training are not among the records yet.",
    ),
    not_yet(
        41,
        "How many open cases are there for each whole-time post?",
        COUNCIL,
        "The open cases are known, the posts are not: staff are not among the records yet.",
    )
    .also(&["/v1/ehc-plan-delays/summary?authority=301&as_at=2025-01-16"])
    .note("open of the summary is the upper half of the fraction."),
    not_yet(
        42,
        "Is there enough staff for the therapy that was commissioned, and by how much too little?",
        REQUESTER,
        "Neither staff nor the commissioned amount are among the records yet.",
    ),
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
        "Forecasts are not made yet, and staff are not among the records.",
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
