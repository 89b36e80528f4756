"""Timeliness of every clock: those of plans and disputes, and how each stands on a day."""

import urllib.parse

import limits

# What is asked about every clock, and what besides about those behind whose limit may be guidance.
QUERIES = ["", "every=quarter&from=2023-01-01&to=2025-12-31"]
FORCES = {
    "advice_return": ["force=law&every=year", "force=guidance&every=month&from=2024-01-01"],
    "reassess_advice": ["force=guidance"],
    "school_consultation": ["force=law", "force=guidance&every=year"],
    "final_plan": ["force=guidance", "force=law&every=week&from=2024-03-01&to=2024-06-30"],
}

# A plan with its present end, and its reviews one after another: each is followed by the next that was decided. What was
# decided on a day nobody wrote down was decided at the meeting, as far as something is left to do.
CHAINS = """
CREATE VIEW chain AS
SELECT *, happened(transferred_in_on) AS came_on, least(happened(ceased_on), CASE WHEN transferred_in_on IS NULL
    OR transferred_in_on <= transferred_out_on THEN happened(transferred_out_on) END) AS ended_on FROM ehc_plans;

CREATE VIEW reviewed AS
WITH known AS (
    SELECT r.*, chain.issued_on, happened(r.decision_on) AS decided_on, happened(r.amendment_notice_sent_on) AS amending_on,
        happened(coalesce(r.decision_on, CASE WHEN r.decision IS NOT NULL THEN r.meeting_on END)) AS over_on
    FROM annual_reviews r JOIN chain ON chain.id = r.ehc_plan_id
)
SELECT *, CASE WHEN over_on IS NOT NULL THEN decision END AS decided, lead(decided_on) OVER (
    PARTITION BY ehc_plan_id ORDER BY decided_on NULLS LAST, meeting_on NULLS LAST, number) AS next_on FROM known;
"""

# Section 44 and regs 15, 16, 18, 20 to 22 and 28, 25 and 27. A meeting and a move may lie ahead and are known all the same,
# but not before there is a plan.
PLANS = """
CREATE VIEW plan_clocks AS
WITH decided AS (SELECT ehc_plan_id AS plan_id, decided_on FROM reviewed WHERE decided_on IS NOT NULL),
amended AS (
    SELECT ehc_plan_id AS plan_id, amending_on AS noticed_on, happened(final_sent_on) AS sent_on,
        happened(not_amended_on) AS kept_on, meeting_on + 84 AS outer_on, 'review_final_plan' AS clock FROM reviewed
    UNION ALL
    SELECT ehc_plan_id, happened(notice_sent_on), happened(final_sent_on), happened(not_amended_on), NULL,
        'amend_without_review' FROM plan_amendments
), found AS (
    -- Twelve months beginning with the day the plan was made, or with the last review; those of another council end with it.
    SELECT 'annual_review_12m' AS clock, id AS plan_id, issued_on AS starts, period_of_months(issued_on, 12) AS due,
        (SELECT min(decided_on) FROM decided WHERE plan_id = chain.id) AS done, came_on AS ended FROM chain
    UNION ALL BY NAME
    SELECT 'annual_review_12m' AS clock, ehc_plan_id AS plan_id, decided_on AS starts,
        period_of_months(decided_on, 12) AS due, next_on AS done,
        (SELECT came_on FROM chain WHERE chain.id = ehc_plan_id AND decided_on < came_on) AS ended FROM reviewed
    UNION ALL BY NAME
    -- "Before" 15 February or 31 March, or five months before the move; a plan made after that has no such limit.
    SELECT 'phase_transfer' AS clock, id AS plan_id, issued_on AS starts, happened(phase_transfer_final_on) AS done, CASE phase_transfer
            WHEN 'post16_to_post16' THEN months_after(phase_transfer_on, -5)
            WHEN 'secondary_to_post16' THEN make_date(year(phase_transfer_on), 3, 30)
            ELSE make_date(year(phase_transfer_on), 2, 14) END AS due
        FROM chain WHERE phase_transfer IS NOT NULL AND issued_on <= due
    UNION ALL BY NAME
    SELECT 'la_transfer_inform' AS clock, id AS plan_id, came_on AS starts, came_on + 42 AS due,
        happened(transfer_informed_on) AS done FROM chain
    UNION ALL BY NAME
    -- The later of three months from the transfer and twelve from the last review of the other council.
    SELECT 'la_transfer_review' AS clock, id AS plan_id, came_on AS starts, greatest(period_of_months(came_on, 3),
            period_of_months(coalesce((SELECT max(decided_on) FROM decided WHERE plan_id = chain.id
                AND decided_on < came_on), issued_on), 12)) AS due,
        (SELECT min(decided_on) FROM decided WHERE plan_id = chain.id AND decided_on >= came_on) AS done FROM chain
    UNION ALL BY NAME
    SELECT 'icb_change' AS clock, id AS plan_id, happened(icb_change_known_on) AS starts,
        working_day(id, icb_change_known_on, 15) AS due, happened(new_icb_told_on) AS done FROM chain
    UNION ALL BY NAME
    SELECT 'icb_change_request' AS clock, id AS plan_id, happened(new_icb_told_on) AS starts,
        working_day(id, new_icb_told_on, 15) AS due, happened(icb_review_asked_on) AS done, TRUE AS lapses FROM chain
    UNION ALL BY NAME
    -- Two weeks of clear days before the meeting. Once decided, nobody waits for a step that nobody wrote down.
    SELECT 'review_meeting_notice' AS clock, ehc_plan_id AS plan_id, issued_on AS starts, meeting_on - 15 AS due,
        happened(notice_sent_on) AS done, CASE WHEN notice_sent_on IS NULL THEN over_on END AS ended FROM reviewed
    UNION ALL BY NAME
    SELECT 'review_report' AS clock, ehc_plan_id AS plan_id, issued_on AS starts, meeting_on + 14 AS due,
        happened(report_sent_on) AS done, CASE WHEN report_sent_on IS NULL THEN over_on END AS ended FROM reviewed
    UNION ALL BY NAME
    SELECT 'review_decision' AS clock, ehc_plan_id AS plan_id, issued_on AS starts, meeting_on + 28 AS due,
        decided_on AS done, CASE WHEN decision_on IS NULL THEN over_on END AS ended FROM reviewed
    UNION ALL BY NAME
    -- The notice of amendments is due in the same four weeks, and from nobody unless it is decided to amend.
    SELECT 'review_amendment_notice' AS clock, ehc_plan_id AS plan_id, issued_on AS starts, meeting_on + 28 AS due,
        amending_on AS done, CASE WHEN decided <> 'amend' THEN over_on END AS ended,
        coalesce(decided <> 'amend', TRUE) AS lapses FROM reviewed
    UNION ALL BY NAME
    SELECT 'review_representation_window' AS clock, plan_id, noticed_on AS starts, noticed_on + 14 AS due, sent_on AS done,
        kept_on AS ended, TRUE AS is_window FROM amended
    UNION ALL BY NAME
    -- Eight weeks from the notice, and never later than twelve from the meeting.
    SELECT clock, plan_id, noticed_on AS starts, least(noticed_on + 56, outer_on) AS due, sent_on AS done, kept_on AS ended
        FROM amended
    UNION ALL BY NAME
    SELECT 'review_no_amend_after_notice' AS clock, plan_id, noticed_on AS starts, noticed_on + 56 AS due, kept_on AS done,
        sent_on AS ended, TRUE AS lapses FROM amended
    UNION ALL BY NAME
    SELECT 'reassess_decision' AS clock, ehc_plan_id AS plan_id, happened(requested_on) AS starts, requested_on + 15 AS due,
        happened(decision_on) AS done, happened(stopped_on) AS ended FROM reassessments
    UNION ALL BY NAME
    SELECT 'reassess_final' AS clock, ehc_plan_id AS plan_id, happened(begun_on) AS starts, begun_on + 98 AS due,
        happened(final_sent_on) AS done, happened(stopped_on) AS ended, 'assessment' AS grounds, id AS excused_by
        FROM (SELECT *, coalesce(CASE WHEN decision = 'reassess' THEN decision_on END, own_motion_on) AS begun_on
            FROM reassessments)
)
-- The end of a plan ends them all. Of a plan that came from another council, what was done or over before it came was that
-- council's, and the rest runs from then.
SELECT found.* REPLACE (greatest(starts, came_on) AS starts, least(found.ended, chain.ended_on) AS ended)
FROM found JOIN chain ON chain.id = plan_id
WHERE starts IS NOT NULL AND (transferred_in_on IS NULL
    OR came_on IS NOT NULL AND coalesce(least(done, found.ended, chain.ended_on) >= came_on, TRUE))
UNION ALL BY NAME
-- To hand a plan over is this council's own act, though it may come back: fifteen working days, or the day of the move.
SELECT 'la_transfer' AS clock, p.id AS plan_id, happened(move_known_on) AS starts,
    greatest(working_day(p.id, move_known_on, 15), moves_on) AS due, happened(transferred_out_on) AS done,
    happened(ceased_on) AS ended FROM chain p
"""

# Regs 33 to 42. The times of a parent or young person lapse: two months to contact the adviser or to appeal, to appeal one
# month from the certificate if that is later. Whoever contacted the adviser in time waits for that certificate.
DISPUTES = """
CREATE VIEW dispute_clocks AS
WITH known AS (
    SELECT *, happened(settled_on) AS over_on, happened(certificate_issued_on) AS certified_on,
        happened(adviser_contacted_on) AS contacted_on, months_after(notice_sent_on, 2) AS two_months_on,
        happened(mediation_requested_on) AS requested_on, coalesce(mediation_about, 'council') AS about,
        happened(coalesce(mediation_held_on, mediation_declined_on)) AS mediated_on,
        happened(appealed_on) AS appeal_on FROM disputes
)
-- An appeal about the school alone needs no mediation.
SELECT 'mediation_contact' AS clock, happened(notice_sent_on) AS starts, two_months_on AS due, contacted_on AS done,
    least(over_on, certified_on, appeal_on) AS ended, TRUE AS of_parent FROM known WHERE decision <> 'placement_only'
UNION ALL BY NAME
SELECT 'appeal_window' AS clock, happened(notice_sent_on) AS starts,
    greatest(two_months_on, months_after(certified_on, 1)) AS due, appeal_on AS done, over_on AS ended, TRUE AS of_parent,
    coalesce(contacted_on <= two_months_on AND coalesce(appeal_on >= contacted_on, TRUE)
        AND coalesce(coalesce(appeal_on, today()) < certified_on, TRUE), FALSE) AS held_open FROM known
UNION ALL BY NAME
SELECT 'mediation_inform_icb' AS clock, requested_on AS starts, working_day(id, requested_on + 1, 3) AS due,
    happened(icb_informed_on) AS done, over_on AS ended FROM known WHERE about <> 'council'
UNION ALL BY NAME
-- About health alone the commissioning body arranges it, from the day it was told.
SELECT 'mediation_arranged' AS clock, begun_on AS starts, begun_on + 30 AS due, happened(mediation_held_on) AS done,
    least(over_on, certified_on) AS ended
FROM (SELECT *, CASE about WHEN 'health' THEN happened(icb_informed_on) ELSE requested_on END AS begun_on FROM known)
UNION ALL BY NAME
SELECT 'mediation_certificate' AS clock, mediated_on AS starts, working_day(id, mediated_on + 1, 3) AS due,
    certified_on AS done, over_on AS ended FROM known
UNION ALL BY NAME
SELECT 'mediation_notify_la' AS clock, happened(agreed_without_council_on) AS starts, agreed_without_council_on + 7 AS due,
    happened(council_told_on) AS done FROM known
"""

# The grounds that disapply a limit: regs 5(4), 10(4) and 27(3), less for detained persons, 8(2), 44(3).
GROUNDS = {
    "assessment": ["school_closure", "early_years_closure", "exceptional_personal_circumstances", "absent_from_area"],
    "detained": ["school_closure", "early_years_closure", "exceptional_personal_circumstances"],
    "advice": ["exceptional_personal_circumstances", "absent_from_area"],
    "order": ["school_closure", "early_years_closure", "exceptional_personal_circumstances", "absent_from_area"],
}

STANDING = """
CREATE OR REPLACE TEMP TABLE standing AS
WITH clock AS (
    SELECT row_number() OVER () AS place, coalesce(is_guidance, FALSE) AS guidance, * EXCLUDE (is_guidance)
    FROM (FROM request_clocks UNION ALL BY NAME FROM advice_clocks UNION ALL BY NAME FROM order_clocks
        UNION ALL BY NAME FROM plan_clocks UNION ALL BY NAME FROM dispute_clocks)
    WHERE starts <= today() AND due IS NOT NULL
), excused AS (
    SELECT place FROM clock JOIN timescale_exceptions e ON coalesce(e.ehc_request_id, e.reassessment_id) = excused_by
        JOIN grounds ON grounds.list = clock.grounds AND grounds.ground = e.ground
    WHERE fulfilled_on(e.ground, starts_on, ends_on, advice_requested_on, starts, due,
        away := CASE clock.grounds WHEN 'order' THEN 14 ELSE 28 END) <= today()
    UNION SELECT place FROM clock WHERE missed_on BETWEEN starts AND due
)
SELECT clock, guidance, due, coalesce(done, today()) - due AS past, CASE
    WHEN ended <= coalesce(done - 1, today()) THEN 'unbound'
    -- A window has to be left open: the act is too early up to its last day.
    WHEN is_window AND done <= due THEN 'too_early'
    WHEN done <= due OR is_window AND done IS NOT NULL THEN 'met'
    WHEN done IS NULL AND today() <= due THEN 'open'
    WHEN is_window THEN 'unbound'
    WHEN held_open THEN CASE WHEN done IS NULL THEN 'open' ELSE 'met' END
    WHEN of_parent OR done IS NULL AND lapses THEN 'unbound'
    WHEN place IN (FROM excused) THEN 'exempt'
    WHEN done IS NULL THEN 'overdue' ELSE 'breached' END AS state
FROM clock
"""


def prepare(connection):
    """Makes the views."""
    limits.views(connection)
    for sql in (CHAINS, PLANS, DISPUTES):
        connection.execute(sql)
    connection.execute("CREATE TABLE grounds (list VARCHAR, ground VARCHAR)")
    connection.executemany("INSERT INTO grounds VALUES (?, ?)", [(name, ground) for name, of in GROUNDS.items() for ground in of])


def timeliness(comparison, query):
    """Each clock that records may have, by the day it was due: all that the contract lists, and no other."""
    comparison.connection.execute(STANDING)
    listed = comparison.source.listed("/v1/stats/clock-timeliness", "clock")
    ours = {clock for (clock,) in comparison.connection.execute("SELECT DISTINCT clock FROM standing").fetchall()}
    if ours - set(listed):
        raise SystemExit(f"the contract does not know {ours - set(listed)}")
    for clock in listed:
        for asked in [query, *(FORCES.get(clock, []) if query == "" else [])]:
            one_clock(comparison, clock, f"clock={clock}" + (f"&{asked}" if asked else ""))


def one_clock(comparison, clock, query):
    """One clock by period; without a force, of that it has in general."""
    comparison.span(query)
    force = dict(urllib.parse.parse_qsl(query)).get("force", "guidance" if clock == "school_consultation" else "law")
    states = ["met", "breached", "overdue", "exempt", "open", "unbound"]
    counts = ", ".join(
        f"count(*) FILTER (WHERE state = '{state}'" + (" OR state = 'too_early'" if state == "breached" else "") + f") AS {state}"
        for state in states
    )
    ours = comparison.rows(f"""
        SELECT period AS time_period, '{clock}' AS clock, {counts}, met + breached + overdue AS due, percent(met, due) AS pc_met,
            coalesce(sum(past) FILTER (WHERE state IN ('breached', 'overdue')), 0) AS days_late_total
        FROM span LEFT JOIN (SELECT * EXCLUDE (due), due AS due_on FROM standing
            WHERE clock = '{clock}' AND guidance = {force == "guidance"}) ON due_on = day
        GROUP BY period""")
    comparison.table("/v1/stats/clock-timeliness", query, ["time_period"], ours)


CHECKS = [(timeliness, QUERIES)]
