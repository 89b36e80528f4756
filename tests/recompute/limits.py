"""The limits of the law in SQL: how each is counted, and the clocks of requests, of advice and of orders.

Every view of clocks has one row for each clock of each record: the day it runs from, the last day in time, the day of the
act, the day from which it binds no longer. A null is a day that is not known or has not come.
"""

import datetime
import json
import pathlib

HOLIDAYS = pathlib.Path(__file__).parents[1] / "it/vectors/bank_holidays.jsonl"

# "Within n weeks of" a day leaves that day out; "beginning with" it counts it. A month ends on the corresponding day, or on
# the last of a shorter month; a period of months beginning with a day ends on the day before.
COUNTING = """
CREATE MACRO months_after(since, count) AS CAST(since + to_months(count) AS DATE);
CREATE MACRO period_of_months(since, count) AS CASE
    WHEN day(months_after(since, count)) = day(since) THEN months_after(since, count) - 1
    ELSE months_after(since, count) END;
-- The working day that is number `count`, `since` being number 1 if it is one; by the calendar of the record's council.
CREATE MACRO working_day(id, since, count) AS (
    SELECT w.on_day FROM working_days w WHERE w.authority = split_part(id, '_', 2) AND w.place = count - 1 + (
        SELECT min(v.place) FROM working_days v WHERE v.authority = split_part(id, '_', 2) AND v.on_day >= since));
"""

# Regs 4, 5, 10 and 13: six, sixteen and twenty weeks from the request or from becoming responsible. A refusal, another
# outcome, a withdrawal or an order leaves nothing to do; whether a plan is refused in time nobody asks before it is.
REQUESTS = """
CREATE VIEW request_clocks AS
WITH dated AS (
    SELECT r.*, v.started_on, v.decided_on, v.no_plan_on, v.issued_on, v.replaced_on,
        happened(r.withdrawn_on) AS stopped_on, CASE WHEN v.decision = 'do_not_assess' THEN v.decided_on END AS refused_on,
        happened(CASE WHEN r.outcome = 'plan'
            THEN coalesce(r.outcome_on, r.draft_served_on, r.final_sent_on, v.started_on) ELSE r.final_sent_on END) AS plan_on,
        CASE WHEN coalesce(r.detained, FALSE) THEN 'detained' ELSE 'assessment' END AS fewer
    FROM ehc_requests r JOIN any_request v USING (id)
)
SELECT 'decide_to_assess' AS clock, started_on AS starts, started_on + 42 AS due, decided_on AS done, stopped_on AS ended,
    'assessment' AS grounds, id AS excused_by FROM dated
UNION ALL BY NAME
SELECT 'refuse_to_assess' AS clock, refused_on AS starts, started_on + 42 AS due, refused_on AS done FROM dated
    WHERE refused_on IS NOT NULL
UNION ALL BY NAME
SELECT 'decide_not_to_issue' AS clock, started_on AS starts, started_on + 112 AS due, no_plan_on AS done,
    least(refused_on, plan_on, stopped_on, replaced_on) AS ended, fewer AS grounds, id AS excused_by, TRUE AS lapses FROM dated
UNION ALL BY NAME
-- Fifteen days beginning with the day the draft was served have to pass before the plan is final.
SELECT 'representation_window' AS clock, happened(draft_served_on) AS starts, happened(draft_served_on) + 14 AS due,
    issued_on AS done, stopped_on AS ended, TRUE AS is_window FROM dated
UNION ALL BY NAME
SELECT 'final_plan' AS clock, started_on AS starts, started_on + 140 AS due, issued_on AS done,
    least(refused_on, no_plan_on, stopped_on, replaced_on) AS ended, fewer AS grounds, id AS excused_by FROM dated
"""

# Reg 8: six weeks from the day the body received the request; of the council's own advisers guidance expects the same.
# The Code, 9.83: a setting answers within fifteen days.
ADVICE = """
CREATE VIEW advice_clocks AS
SELECT CASE WHEN a.reassessment_id IS NULL THEN 'advice_return' ELSE 'reassess_advice' END AS clock,
    coalesce(r.own_adviser, FALSE) AS is_guidance, a.received_on AS starts, a.received_on + 42 AS due,
    CASE WHEN a.accepted_on IS NULL THEN a.in_hand_on END AS done,
    least(a.accepted_on, a.declined_on, assessment.ended_on) AS ended, 'advice' AS grounds, assessment.id AS excused_by,
    a.missed_on
FROM advice a JOIN advice_requests r USING (number)
    LEFT JOIN assessment ON assessment.id = coalesce(a.ehc_request_id, a.reassessment_id)
UNION ALL BY NAME
SELECT 'school_consultation' AS clock, TRUE AS is_guidance, happened(c.consulted_on) AS starts,
    happened(c.consulted_on) + 15 AS due, happened(c.replied_on) AS done,
    least(happened(c.withdrawn_on), r.ended_on, p.ended_on) AS ended
FROM consultations c LEFT JOIN any_request r ON r.id = c.ehc_request_id LEFT JOIN plan p ON p.id = c.ehc_plan_id
"""

# Regs 42, 44 and 45, weeks from the order, the agreement or the council's word that it does not oppose. A day that was
# directed or agreed in writing replaces the limit, and then nothing excuses.
WEEKS = {
    # kind of order: clock, the same where the council conceded, weeks, the act.
    "cease": [("tribunal_cease", None, 0, "complied_on")],
    "assess": [
        ("tribunal_assess_notify", "unopposed_assess_notify", 2, "notified_on"),
        ("tribunal_assess_refuse_plan", "unopposed_assess_refuse_plan", 10, "refused_plan_on"),
        ("tribunal_assess_make_plan", "unopposed_assess_make_plan", 14, "final_sent_on"),
    ],
    "make_plan": [
        ("tribunal_make_plan_draft", "unopposed_make_plan_draft", 5, "draft_issued_on"),
        ("tribunal_make_plan_final", "unopposed_make_plan_final", 11, "final_sent_on"),
    ],
    "reconsider": [("tribunal_reconsider", None, 2, "coalesce(draft_issued_on, complied_on)")],
    # To amend a plan is to send it; what else was ordered stands for it only where nobody wrote that day down.
    "amend_plan": [("tribunal_amend_plan", "unopposed_contents", 5, "coalesce(final_sent_on, complied_on)")],
    "amend_school_only": [
        ("tribunal_amend_school_only", "unopposed_school_only", 2, "coalesce(final_sent_on, complied_on)"),
    ],
    "recommendation": [("tribunal_recommendation", None, 5, "complied_on")],
    "other_agreement": [("mediation_non_appealable", None, 2, "coalesce(complied_on, final_sent_on)")],
}
# Whoever assesses may make a plan or refuse one: with the one, the other is no longer to be done.
OTHERWISE = {
    "tribunal_assess_refuse_plan": ("coalesce(draft_issued_on, final_sent_on)", "TRUE"),
    "tribunal_assess_make_plan": ("refused_plan_on", "FALSE"),
}


def of_orders():
    """The view of the clocks of orders, a part for each clock."""
    parts = []
    for kind, clocks in WEEKS.items():
        for clock, conceded, weeks, act in clocks:
            name = f"CASE WHEN source = 'concession' THEN '{conceded}' ELSE '{clock}' END" if conceded else f"'{clock}'"
            ended, lapses = OTHERWISE.get(clock, ("NULL", "FALSE"))
            grounds = "" if kind in ("recommendation", "other_agreement") else "order"
            parts.append(
                f"SELECT {name} AS clock, happened(made_on) AS starts, coalesce(directed_by, made_on + {7 * weeks}) AS due, "
                f"happened({act}) AS done, happened({ended}) AS ended, {lapses} AS lapses, "
                f"CASE WHEN directed_by IS NULL THEN '{grounds}' ELSE '' END AS grounds, ehc_request_id AS excused_by "
                f"FROM orders WHERE kind = '{kind}'"
            )
    return "CREATE VIEW order_clocks AS " + " UNION ALL BY NAME ".join(parts)


def working_days(connection):
    """Monday to Friday but for the published bank holidays of England, and those a council has recorded besides."""
    published = {day for line in HOLIDAYS.read_text("utf-8").splitlines() for day in json.loads(line)["weekdays"]}
    first, last = datetime.date(2015, 1, 1), datetime.date(2030, 12, 31)
    days = (first + datetime.timedelta(days=count) for count in range((last - first).days + 1))
    rows = [(day,) for day in days if day.weekday() < 5 and day.isoformat() not in published]
    connection.execute("CREATE TABLE weekdays (on_day DATE)")
    connection.execute("INSERT INTO weekdays SELECT unnest(?)", [[day for (day,) in rows]])
    connection.execute("""
        CREATE TABLE working_days AS
        SELECT authority, on_day, row_number() OVER (PARTITION BY authority ORDER BY on_day) AS place
        FROM weekdays CROSS JOIN authorities
        WHERE NOT EXISTS (SELECT 1 FROM calendars_read c WHERE c.authority = authorities.authority AND c.kind = 'bank_holiday'
            AND c.starts_on = on_day)""")


def views(connection):
    """Makes the views of this file."""
    for sql in (COUNTING, REQUESTS, ADVICE, of_orders()):
        connection.execute(sql)
