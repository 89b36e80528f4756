"""Reviews of plans, transfers between phases, and exceptions by ground."""

REVIEWS = ["", "every=month&from=2023-06-01", "every=year"]
TRANSFERS = ["", "from=2024-01-01&to=2024-12-31"]
EXCEPTIONS = ["", "from=2024-01-01", "from=2023-01-01&to=2023-12-31"]

PROVISIONS = {
    "school_closure": "reg 10(4)(a)",
    "early_years_closure": "reg 10(4)(b)",
    "exceptional_personal_circumstances": "reg 10(4)(c)",
    "absent_from_area": "reg 10(4)(d)",
}


def reviews(comparison, query):
    """Reviews by the day of their meeting; an outcome whose day nobody knows is one, and in no time."""
    comparison.span(query)
    ours = comparison.rows("""
        WITH review AS (
            SELECT meeting_on, happened(decision_on) AS decided_on,
                CASE WHEN decision_on IS NULL OR decision_on <= today() THEN decision END AS decision
            FROM annual_reviews WHERE meeting_on <= today()
        )
        SELECT period AS time_period,
            (SELECT count(*) FROM plan, periods WHERE periods.period = span.period AND issued_on <= last_day
                AND (comes_on IS NULL OR came_on <= last_day) AND (ended_on IS NULL OR ended_on > last_day))
                AS total_ehc_plans,
            count(meeting_on) AS total_review_meeting,
            count(*) FILTER (WHERE decision = 'amend') AS outcome_amend,
            count(*) FILTER (WHERE decision = 'cease') AS outcome_cease,
            count(*) FILTER (WHERE decision = 'maintain') AS outcome_maintan,
            count(meeting_on) FILTER (WHERE decision IS NULL) AS no_outcome,
            count(*) FILTER (WHERE decided_on - meeting_on <= 28) AS number_decsion_4weeks,
            count(*) FILTER (WHERE decided_on - meeting_on > 28) AS number_decision_gt_4weeks,
            percent(number_decsion_4weeks, count(decided_on)) AS pc_decsion_4weeks,
            percent(number_decision_gt_4weeks, count(decided_on)) AS pc_decision_gt_4weeks
        FROM span LEFT JOIN review ON meeting_on = span.day GROUP BY period""")
    comparison.table("/v1/stats/annual-reviews", query, ["time_period"], ours)


def transfers(comparison, query):
    """Plans whose child moves to another phase: before 15 February, before 31 March, or five months before the move. A plan
    made after that has no such limit, nor one that came with the next setting already named."""
    given = dict(pair.split("=") for pair in query.split("&") if pair)
    first, last = given.get("from", "0001-01-01"), given.get("to", "9999-01-01")
    due = "in_time + on_the_day + late + overdue"
    ours = comparison.rows(f"""
        WITH moving AS (
            SELECT plan.*, CASE phase_transfer
                WHEN 'post16_to_post16' THEN CAST(phase_transfer_on - INTERVAL 5 MONTH AS DATE)
                WHEN 'secondary_to_post16' THEN make_date(year(phase_transfer_on), 3, 30)
                ELSE make_date(year(phase_transfer_on), 2, 14) END AS due_on,
                coalesce(phase_transfer_final_on < comes_on, FALSE) AS came_named
            FROM plan JOIN (SELECT id, phase_transfer_final_on FROM ehc_plans) USING (id)
            WHERE phase_transfer IS NOT NULL AND phase_transfer_on BETWEEN DATE '{first}' AND DATE '{last}'
        )
        SELECT phase_transfer, count(*) AS plans, count(*) FILTER (WHERE named_on <= due_on) AS in_time,
            count(*) FILTER (WHERE named_on = due_on + 1 AND phase_transfer <> 'post16_to_post16') AS on_the_day,
            count(*) FILTER (WHERE named_on > due_on) - on_the_day AS late,
            count(*) FILTER (WHERE named_on IS NULL AND ended_on IS NULL AND today() > due_on) AS overdue,
            count(*) FILTER (WHERE named_on IS NULL AND ended_on IS NULL AND today() <= due_on) AS open,
            count(*) FILTER (WHERE named_on IS NULL AND ended_on IS NOT NULL) AS ended,
            percent(in_time, {due}) AS pc_in_time_strict, percent(in_time + on_the_day, {due}) AS pc_in_time_operational
        FROM moving WHERE issued_on <= due_on AND NOT came_named GROUP BY phase_transfer""")
    for row in ours:
        row["time_period"] = None
    comparison.table("/v1/stats/phase-transfers", query, ["phase_transfer"], ours)


def exceptions(comparison, query):
    """Exceptions that began in the span; needed are those on cases past the due date of their plan."""
    comparison.span(query)
    ours = comparison.rows("""
        -- Twenty weeks from a request, fourteen from the decision to re-assess or the council's own: of a plan that came from
        -- another council, what lies after it came.
        WITH timed AS (
            SELECT id, started_on, due_on, TRUE AS has_limit, issued_on, detained,
                coalesce(least(ended_on, replaced_on) < coalesce(issued_on, DATE '9999-01-01'), FALSE) AS over
            FROM request JOIN (SELECT id, coalesce(detained, FALSE) AS detained FROM ehc_requests) USING (id)
            UNION ALL
            SELECT r.id, greatest(began_on, transferred_in_on), began_on + 98,
                began_on IS NOT NULL AND NOT coalesce(r.final_sent_on < transferred_in_on, FALSE),
                happened(r.final_sent_on), FALSE,
                coalesce(least(happened(r.stopped_on), plan.ended_on)
                    < coalesce(happened(r.final_sent_on), DATE '9999-01-01'), FALSE)
            FROM (SELECT *, coalesce(CASE WHEN decision = 'reassess' THEN happened(decision_on) END,
                happened(own_motion_on)) AS began_on FROM reassessments) r JOIN ehc_plans ON ehc_plans.id = r.ehc_plan_id
                LEFT JOIN plan ON plan.id = r.ehc_plan_id
        ), tested AS (
            SELECT e.*, over, issued_on, due_on,
                coalesce(has_limit AND NOT (detained AND ground = 'absent_from_area') AND
                    fulfilled_on(ground, starts_on, ends_on, advice_requested_on, started_on, due_on) <= today(), FALSE)
                AS fulfilled
            FROM timescale_exceptions e LEFT JOIN timed ON timed.id = coalesce(e.ehc_request_id, e.reassessment_id)
        )
        SELECT ground, count(*) AS recorded, count(*) FILTER (WHERE fulfilled) AS conditions_fulfilled,
            count(*) FILTER (WHERE fulfilled AND NOT over AND coalesce(issued_on, today()) > due_on) AS needed
        FROM tested JOIN span ON starts_on = span.day WHERE starts_on <= today() GROUP BY ground""")
    for row in ours:
        row |= {"time_period": None, "provision": PROVISIONS[row["ground"]]}
    comparison.table("/v1/stats/exceptions", query, ["ground"], ours)


CHECKS = [(reviews, REVIEWS), (transfers, TRANSFERS), (exceptions, EXCEPTIONS)]
