//! Questions about advice to EHC assessments, 13 to 20.

use super::{Question, answered};

const REQUESTER: &str = "Whoever makes a freedom-of-information request";
const OMBUDSMAN: &str = "The Ombudsman, looking into a complaint";

/// The questions of this chapter.
pub const QUESTIONS: &[Question] = &[
    answered(
        13,
        "Over the last twelve months, how much advice was asked of therapists and educational psychologists, how much came, how much is still out, and after how many days on average?",
        REQUESTER,
        "/v1/stats/advice-timeliness?authority=301&as_at=2025-01-16&from=2024-01-17&to=2025-01-16&advice_type=speech_and_language_therapy,occupational_therapy,physiotherapy,educational_psychology",
        &["advice_type", "requested", "returned", "outstanding", "mean_days"],
    ),
    answered(
        14,
        "Of each kind of advice and each provider, what share came within six weeks?",
        "Improvement boards and scrutiny councillors",
        "/v1/stats/advice-timeliness?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&group_by=advice_type,provider_ref",
        &["advice_type", "provider_ref", "within_six_weeks", "late", "pc_within_six_weeks"],
    ),
    answered(
        15,
        "How much advice had to go back to its author because it was not good enough?",
        "Improvement boards",
        "/v1/stats/advice-timeliness?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31",
        &["advice_type", "returned", "sent_back"],
    ),
    answered(
        16,
        "How many plans went out without advice that had been asked for, or that nobody had asked for?",
        OMBUDSMAN,
        "/v1/stats/advice-coverage?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31",
        &["advice_type", "plans_issued", "plans_without_advice", "plans_never_asked"],
    )
    .also(&["/v1/advice-requests?authority=301&advice_type=occupational_therapy&limit=20"])
    .note("Counted, not listed plan by plan. When such advice came in is returned_on of its request; when it was worked into the plan is not recorded."),
    answered(
        17,
        "Did the council turn to a therapist for advice, to whom, on which day, and did they decline?",
        OMBUDSMAN,
        "/v1/advice-requests?authority=301&advice_type=speech_and_language_therapy&limit=20",
        &["ehc_request_id", "provider_ref", "sent_on", "returned_on", "declined_on"],
    )
    .also(&["/v1/stats/advice-coverage?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31"])
    .note("ehc_request_id finds those of one case. Why a body declined is not recorded, nor who in the council asked."),
    answered(
        18,
        "Of all the late days, how many fall to each step and to each adviser?",
        "Requests about causes, and minutes of council meetings",
        "/v1/stats/delay-attribution?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31",
        &["step", "late_days", "share_days", "pc_of_late_days", "fix_only_this_saves_days", "cases_it_came_last"],
    )
    .note("/v1/ehc-plan-delays/{id}/attribution says the same of one case; /v1/ehc-plan-delays lists the cases."),
    answered(
        19,
        "Was advice on social care asked for, and did it come?",
        REQUESTER,
        "/v1/stats/advice-coverage?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31",
        &["advice_type", "assessments", "asked", "never_asked"],
    )
    .also(&["/v1/stats/advice-timeliness?authority=301&as_at=2025-01-16&from=2024-01-01&to=2024-12-31&advice_type=social_care"])
    .note("See the row social_care. Whether it was a full assessment or only the word that the child is not known is not recorded."),
    answered(
        20,
        "Of the overdue plans, how many are held up by an educational psychologist's advice, and how many by another's or by none?",
        REQUESTER,
        "/v1/ehc-plan-delays/summary?authority=301&as_at=2025-01-16&group_by=outstanding_advice",
        &["outstanding_advice", "overdue", "overdue_awaiting_advice"],
    )
    .note("Overdue in other rows than educational_psychology: that advice is in hand, or was never asked for. A case that waits for two counts in both rows."),
];
