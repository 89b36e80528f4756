"""Advice to assessments and re-assessments: timeliness and coverage."""

from grouping import grouped, spread

TIMELINESS = [
    "",
    "group_by=provider_ref",
    "group_by=advice_type,age_band&every=year",
    "every=month&from=2023-06-01",
    "group_by=provider_ref,advice_type&sex=male&every=quarter",
    "group_by=sen_status,primary_need&advice_type=speech_and_language_therapy",
]
COVERAGES = ["", "every=month&from=2024-01-01", "every=year&from=2022-05-05&to=2024-02-29"]

# The assessments advice is asked for, with the child and the day each ended; a re-assessment ends with its plan at the latest,
# and has no child to be told apart by. Six weeks run from the body's receipt; they stop when the body declines or the
# assessment ends. Reg 8(2): exceptional circumstances, an absence, an appointment not kept.
CLOCK = """
CREATE VIEW assessment AS
SELECT id, ended_on, age_band, sex, ethnicity_group, primary_need, sen_status FROM any_request
UNION ALL
SELECT r.id, least(happened(r.final_sent_on), happened(r.stopped_on),
        CASE WHEN decision = 'do_not_reassess' THEN happened(r.decision_on) END, plan.ended_on),
    'not_recorded', 'not_recorded', 'not_recorded', 'not_recorded', 'not_recorded'
FROM reassessments r LEFT JOIN plan ON plan.id = r.ehc_plan_id;

CREATE VIEW advice_clock AS
WITH timed AS (
    SELECT advice.*, assessment.* EXCLUDE (id, ended_on), received_on + 42 AS due_on,
        -- Stopped before the advice was in hand, or while it is not.
        accepted_on IS NOT NULL
            OR coalesce(least(declined_on, ended_on) < coalesce(in_hand_on, DATE '9999-01-01'), FALSE) AS stopped
    FROM advice JOIN assessment ON assessment.id = coalesce(ehc_request_id, reassessment_id)
), excused AS (
    SELECT timed.number FROM timed JOIN timescale_exceptions e
        ON coalesce(e.ehc_request_id, e.reassessment_id) = coalesce(timed.ehc_request_id, timed.reassessment_id)
    WHERE ground IN ('exceptional_personal_circumstances', 'absent_from_area') AND received_on IS NOT NULL
        AND fulfilled_on(ground, starts_on, ends_on, advice_requested_on, received_on, due_on) <= today()
    UNION SELECT number FROM timed WHERE missed_on BETWEEN received_on AND due_on
), standing AS (
    SELECT *, coalesce(in_hand_on <= due_on AND NOT stopped, FALSE) AS in_time,
        coalesce(coalesce(in_hand_on, today()) > due_on AND NOT stopped, FALSE) AS past,
        number IN (SELECT number FROM excused) AS excused
    FROM timed
)
SELECT *, past AND NOT excused AND in_hand_on IS NULL AS overdue FROM standing
"""


def timeliness(comparison, query):
    """Requests for advice by the day they were sent."""
    comparison.span(query)
    counted = """SELECT *, in_hand_on - coalesce(received_on, sent_on) AS days FROM advice_clock
        JOIN span ON sent_on = span.day"""
    # What counts as returned is advice in hand that was not accepted from before.
    returned = "in_hand_on IS NOT NULL AND accepted_on IS NULL"
    within, late = "count(*) FILTER (WHERE in_time)", "count(*) FILTER (WHERE past AND NOT excused)"
    measures = f"""
        count(*) AS requested, count(*) FILTER (WHERE {returned}) AS returned,
        count(*) FILTER (WHERE in_hand_on IS NULL AND NOT stopped) AS outstanding,
        count(*) FILTER (WHERE overdue) AS outstanding_overdue, count(sent_back_on) AS sent_back,
        count(declined_on) AS declined, {within} AS within_six_weeks, {late} AS late,
        count(*) FILTER (WHERE past AND excused) AS exempt, percent({within}, {within} + {late}) AS pc_within_six_weeks,
        {spread("days_people", "mean_days", "longest_days", "days", returned)}"""
    rows, keys = grouped(comparison, query, ["advice_type"], counted, measures)
    comparison.table("/v1/stats/advice-timeliness", query, keys, rows)


def coverage(comparison, query):
    """Assessments that asked for each kind of advice, and plans issued without it."""
    comparison.span(query)
    kinds = ", ".join(f"('{word}')" for word in comparison.words["advice_type"])
    ours = comparison.rows(f"""
        WITH kind(advice_type) AS (VALUES {kinds}),
        known AS (
            SELECT ehc_request_id AS id, advice_type, min(least(sent_on, accepted_on)) AS asked_on,
                bool_or(in_hand(returned_on, sent_back_on, accepted_on, issued_on) IS NOT NULL) AS in_hand
            FROM advice JOIN request ON request.id = ehc_request_id GROUP BY ALL
        ), decided AS (
            SELECT period, advice_type, asked_on IS NOT NULL AS asked
            FROM request JOIN span ON decided_on = span.day AND decision = 'assess' CROSS JOIN kind
            LEFT JOIN known USING (id, advice_type)
        ), made AS (
            SELECT period, advice_type, coalesce(asked_on <= issued_on, FALSE) AS asked,
                coalesce(in_hand, FALSE) AS in_hand
            FROM request JOIN span ON issued_on = span.day CROSS JOIN kind LEFT JOIN known USING (id, advice_type)
        )
        SELECT period AS time_period, advice_type,
            (SELECT count(*) FROM decided d WHERE d.period = p.period AND d.advice_type = k.advice_type) AS assessments,
            (SELECT count(*) FROM decided d WHERE d.period = p.period AND d.advice_type = k.advice_type AND asked) AS asked,
            (SELECT count(*) FROM decided d WHERE d.period = p.period AND d.advice_type = k.advice_type AND NOT asked)
                AS never_asked,
            (SELECT count(*) FROM made m WHERE m.period = p.period AND m.advice_type = k.advice_type) AS plans_issued,
            (SELECT count(*) FROM made m WHERE m.period = p.period AND m.advice_type = k.advice_type AND asked
                AND NOT in_hand) AS plans_without_advice,
            (SELECT count(*) FROM made m WHERE m.period = p.period AND m.advice_type = k.advice_type AND NOT asked)
                AS plans_never_asked
        FROM periods p CROSS JOIN kind k""")
    comparison.table("/v1/stats/advice-coverage", query, ["time_period", "advice_type"], ours)


CHECKS = [(timeliness, TIMELINESS), (coverage, COVERAGES)]
