"""EHC requests: timeliness as DfE counts it, flow, three views, delays."""

from grouping import grouped, reached, share_within, survival

TIMELINESS = [
    "",
    "issued_from=2024-01-01&issued_to=2024-12-31",
    "every=month&issued_from=2023-01-01",
    "every=year",
]
FLOWS = [
    "every=week&from=2023-01-01",
    "",
    "every=month&from=2024-01-01&group_by=request_source,sex",
    "group_by=age_band&every=year&primary_need=ASD,SLCN,not_recorded",
    "group_by=stage&from=2023-01-01",
]
VIEWS = [
    "every=month&from=2023-01-01",
    "",
    "every=quarter&from=2024-01-01&group_by=primary_need,sex",
    "every=week&from=2024-03-01&to=2024-04-30&request_source=school_or_setting",
    "group_by=stage,sex&from=2023-01-01",
    "stage=awaiting_advice,drafting,consultation&from=2024-01-01",
]

BANDS = [
    ("within_20_weeks", "20_weeks", "within_20_weeks", "issued_on - started_on <= 140"),
    ("gt20weeks_ltYear",) * 3 + ("issued_on - started_on BETWEEN 141 AND 364",),
    ("gt_1_year",) * 3 + ("issued_on - started_on >= 365",),
]


def plans(comparison, query):
    """Plans issued, cases with mediation or a tribunal left out: all, and those without an exception."""
    comparison.span(query, ("issued_from", "issued_to"))
    plain = "exempt_on IS NULL"
    columns = ["count(issued_on) AS plans_issued_den", f"count(issued_on) FILTER (WHERE {plain}) AS plans_issued_den_ex"]
    for name, name_ex, name_pc, band in BANDS:
        found, found_ex = f"count(*) FILTER (WHERE {band})", f"count(*) FILTER (WHERE {band} AND {plain})"
        columns += [
            f"{found} AS plans_issued_{name}", f"{found_ex} AS plans_issued_{name_ex}_ex",
            f"percent({found}, count(issued_on)) AS pc_plans_issued_{name_pc}",
            f'percent({found_ex}, count(issued_on) FILTER (WHERE {plain})) AS "PC_plans_issued_{name_ex}_ex"',
        ]
    ours = comparison.rows(f"""
        SELECT period AS time_period, {", ".join(columns)}
        FROM span LEFT JOIN (SELECT * FROM request WHERE NOT contested) ON issued_on = day GROUP BY period""")
    comparison.table("/v1/stats/ehc-timeliness", query, ["time_period"], ours)


def decisions(comparison, query):
    """Decisions whether to assess within six weeks, and not to issue within sixteen."""
    comparison.span(query, ("issued_from", "issued_to"))
    stages = [
        # The denominator of the first has those whose start nobody knows too.
        ("decision_to_assess", "request_outcome", "six_weeks", "over_6_weeks", "decided_on", 42, "TRUE"),
        ("decision_not_to_issue", "outcome_decision", "within_time", "over_time", "no_plan_on", 112,
         "started_on IS NOT NULL"),
    ]
    for stage, name, within, over, day, limit, measured in stages:
        columns = [f"count({day}) AS {name}_den"]
        for word, condition in [(within, f"{day} - started_on <= {limit}"), (over, f"{day} - started_on > {limit}")]:
            found = f"count(*) FILTER (WHERE {condition})"
            columns += [f"{found} AS {name}_{word}", f"percent({found}, count({day})) AS {name}_{word}_pc"]
        ours = comparison.rows(f"""SELECT period AS time_period, {", ".join(columns)}
            FROM span LEFT JOIN (SELECT * FROM request WHERE {measured}) ON {day} = day GROUP BY period""")
        asked = f"stage={stage}" + (f"&{query}" if query else "")
        comparison.table("/v1/stats/ehc-timeliness", asked, ["time_period"], ours)


def flow(comparison, query):
    """What happened to requests with a known start, by the day it happened."""
    comparison.span(query)
    events = {
        "requests": "started_on",
        "decided_to_assess": "CASE WHEN decision = 'assess' THEN decided_on END",
        "refused_to_assess": "CASE WHEN decision = 'do_not_assess' THEN decided_on END",
        "plans_issued": "issued_on",
        "refused_a_plan": "no_plan_on",
        "withdrawn": "withdrawn_on",
        "ended": "least(ended_on, replaced_on)",
    }
    union = " UNION ALL ".join(
        f"SELECT *, '{event}' AS event, {day} AS on_day FROM request" for event, day in events.items()
    )
    counted = f"SELECT * FROM ({union}) JOIN span ON on_day = span.day WHERE started_on IS NOT NULL"
    columns = ", ".join(f"count(*) FILTER (WHERE event = '{event}') AS {event}" for event in events)
    net = "count(*) FILTER (WHERE event = 'requests') - count(*) FILTER (WHERE event = 'ended') AS net"
    rows, keys = grouped(comparison, query, [], counted, f"{columns}, {net}")
    comparison.table("/v1/stats/ehc-flow", query, keys, rows)


def views(comparison, query):
    """Twenty weeks by plans issued, by requests received and by the backlog at the end of each period."""
    comparison.span(query)
    counted = """
        SELECT *, 'issued' AS view, issued_on - started_on AS days, 0 AS over
        FROM request JOIN span ON issued_on = span.day WHERE NOT contested AND started_on IS NOT NULL
        UNION ALL BY NAME
        SELECT *, CASE WHEN issued_on = ended_on AND coalesce(replaced_on >= issued_on, true) THEN 'plan' WHEN coalesce(ended_on, replaced_on) IS NULL THEN 'waits'
            ELSE 'otherwise' END AS view, coalesce(issued_on, today()) - started_on AS days, 0 AS over
        FROM request JOIN span ON started_on = span.day
        UNION ALL BY NAME
        SELECT *, 'open' AS view, last_day - started_on AS days,
            CASE WHEN exempt_on <= last_day THEN 0 ELSE greatest(last_day - due_on, 0) END AS over
        FROM request, periods WHERE started_on <= last_day AND first_day <= today()
            AND coalesce(least(ended_on, replaced_on), DATE '9999-01-01') > last_day"""
    where = {view: f"FILTER (WHERE view = '{view}')" for view in ("issued", "plan", "waits", "otherwise", "open")}
    early = "count(*) FILTER (WHERE view = 'issued' AND days <= 140)"
    overdue = "count(*) FILTER (WHERE over > 0)"
    measures = f"""
        count(*) {where["issued"]} AS issued, {early} AS issued_within_20_weeks,
        percent({early}, count(*) {where["issued"]}) AS pc_issued_within_20_weeks,
        mean_days(sum(days) {where["issued"]}, count(*) {where["issued"]}) AS mean_days_to_issue,
        nearest_rank(list(days) {where["issued"]}, 50) AS p50_days_to_issue,
        count(*) FILTER (WHERE view IN ('plan', 'waits')) AS received,
        count(*) {where["otherwise"]} AS received_ended_otherwise, count(*) {where["plan"]} AS received_issued,
        count(*) {where["waits"]} AS received_open, count(*) {where["open"]} AS open,
        mean_days(sum(days) {where["open"]}, count(*) {where["open"]}) AS open_mean_days,
        nearest_rank(list(days) {where["open"]}, 50) AS open_p50_days, max(days) {where["open"]} AS open_longest_days,
        {overdue} AS overdue, percent({overdue}, count(*) {where["open"]}) AS pc_overdue,
        coalesce(sum(over), 0) AS deadline_debt_days"""
    rows, keys = grouped(comparison, query, [], counted, measures)
    waits = f"SELECT *, view = 'plan' AS ended FROM ({counted}) WHERE view IN ('plan', 'waits')"
    estimates, key_of = survival(
        comparison, query, [], waits, f"{share_within(140)} AS within, {reached(50)} AS p50"
    )
    for row in rows:
        found = estimates.get(key_of(row), {"within": None, "p50": None})
        row |= {"km_pc_within_20_weeks": found["within"], "km_p50_days": found["p50"]}
    comparison.table("/v1/stats/ehc-three-views", query, keys, rows)


# Where a request stands: it waits for the decision, for advice, for the draft, for the plan, or it has ended.
STAGE = """
CREATE VIEW request AS
SELECT r.*, CASE WHEN started_on IS NULL OR started_on > today() THEN 'not_recorded'
    WHEN coalesce(r.ended_on, replaced_on) IS NOT NULL THEN 'ended' WHEN decided_on IS NULL THEN 'awaiting_decision'
    WHEN draft_on IS NOT NULL THEN 'consultation' WHEN EXISTS (SELECT 1 FROM advice a WHERE a.ehc_request_id = r.id
        AND a.sent_on IS NOT NULL AND a.in_hand_on IS NULL AND a.declined_on IS NULL) THEN 'awaiting_advice'
    ELSE 'drafting' END AS stage FROM begun_request r
"""

# Open cases, and plans issued late; a case that ended otherwise, or under an order, is neither. With the advice they wait for.
DELAY = """
CREATE VIEW delay AS
WITH standing AS (
    SELECT *, issued_on IS NULL AS is_open,
        greatest(coalesce(issued_on, today()) - due_on, 0) AS days_over FROM request
    WHERE started_on IS NOT NULL AND (issued_on IS NULL AND ended_on IS NULL AND replaced_on IS NULL
        OR issued_on = ended_on AND (replaced_on IS NULL OR replaced_on >= issued_on) AND issued_on > due_on)
), waits AS (
    SELECT ehc_request_id AS id, list(advice_type) AS outstanding, list(advice_type) FILTER (WHERE overdue) AS overdue
    FROM advice_clock WHERE sent_on IS NOT NULL AND in_hand_on IS NULL AND declined_on IS NULL GROUP BY ehc_request_id
)
SELECT standing.*, CASE WHEN is_open THEN coalesce(outstanding, []) ELSE [] END AS outstanding,
    CASE WHEN is_open THEN coalesce(overdue, []) ELSE [] END AS outstanding_overdue,
    CASE WHEN is_open AND days_over = 0 THEN 'open'
        WHEN is_open AND exempt_on IS NULL THEN 'overdue' WHEN is_open THEN 'exempt_open'
        WHEN exempt_on IS NULL THEN 'issued_late' ELSE 'exempt_issued' END AS state
FROM standing LEFT JOIN waits USING (id)
"""

OVER = {
    "overdue_up_to_4_weeks": (1, 28),
    "overdue_4_12_weeks": (29, 84),
    "overdue_12_26_weeks": (85, 182),
    "overdue_26_52_weeks": (183, 364),
    "overdue_over_52_weeks": (365, 99_999_999),
}


def delays(comparison, query):
    """Open cases by how far past twenty weeks they are, and case by case."""
    by_advice = "group_by" in query
    rows = "SELECT *, NULL AS waits_for FROM delay"
    if by_advice:
        rows = """SELECT *, unnest(CASE WHEN outstanding = [] THEN ['none'] ELSE list_distinct(outstanding) END) AS waits_for
            FROM delay"""
    late = "state = 'overdue'"
    bands = ", ".join(
        f"count(*) FILTER (WHERE {late} AND days_over BETWEEN {low} AND {high}) AS {name}"
        for name, (low, high) in OVER.items()
    )
    ours = comparison.rows(f"""
        SELECT waits_for AS outstanding_advice, count(*) FILTER (WHERE is_open) AS open,
            count(*) FILTER (WHERE {late}) AS overdue, count(*) FILTER (WHERE state = 'exempt_open') AS exempt,
            count(*) FILTER (WHERE {late} AND outstanding <> []) AS overdue_awaiting_advice, {bands},
            coalesce(sum(days_over) FILTER (WHERE {late}), 0) AS days_over_total,
            coalesce(max(days_over) FILTER (WHERE {late}), 0) AS days_over_longest
        FROM ({rows}) GROUP BY waits_for""")
    for row in ours:
        row["time_period"] = None
    comparison.table("/v1/ehc-plan-delays/summary", query, ["outstanding_advice"], ours)
    # Case by case a list is of authorities, and never summed.
    if not by_advice and comparison.area.level == "authority":
        cases = comparison.rows("""
            SELECT id AS ehc_request_id, state, started_on, due_on, days_over, decided_on, draft_on AS draft_served_on,
                issued_on, outstanding AS outstanding_advice, outstanding_overdue AS outstanding_advice_overdue FROM delay""")
        for row in cases:
            row["authority"] = comparison.area.authorities[0]
        comparison.table("/v1/ehc-plan-delays", "limit=1000", ["ehc_request_id"], cases)


CHECKS = [
    (plans, TIMELINESS),
    (decisions, TIMELINESS),
    (flow, FLOWS),
    (views, VIEWS),
    (delays, ["", "group_by=outstanding_advice"]),
]
