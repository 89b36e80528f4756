"""Staff: who works, what each has on hand, how posts are filled, who is being trained."""

from grouping import grouped, spread

WORKFORCES = ["", "group_by=band", "group_by=engagement", "group_by=discipline,band", "group_by=service_ref"]
CASELOADS = [""]
ROUNDS = ["", "every=year&from=2023-01-01", "group_by=band&every=quarter&from=2024-01-01", "group_by=service_ref"]
TRAINING = ["", "group_by=programme", "group_by=discipline,programme"]

# Posts and who holds them on the day, both ends included; planned ends are known beforehand. A post stood vacant for three
# months by its least vacancy on any day since the last day that is three months ago.
VIEWS = """
CREATE VIEW post AS
SELECT post_ref, discipline, band, known(service_ref) AS service_ref, CAST(funded_wte AS DECIMAL(18, 2)) AS funded, starts_on,
    starts_on <= today() AND coalesce(ends_on, DATE '9999-01-01') >= today() AS is_funded FROM posts;

CREATE VIEW holding AS
SELECT h.worker_ref, post_ref, discipline, band, service_ref, engagement, CAST(wte AS DECIMAL(18, 2)) AS wte, h.starts_on,
    coalesce(h.ends_on, DATE '9999-01-01') AS last_on, coalesce(newly_qualified, FALSE) AS is_new,
    engagement IN ('permanent', 'fixed_term') AS fills
FROM post_holdings h JOIN post USING (post_ref);

CREATE VIEW held AS
SELECT *, list_distinct((SELECT coalesce(list(kind), []) FROM absences a WHERE a.worker_ref = holding.worker_ref
    AND a.starts_on <= today() AND coalesce(a.ends_on, DATE '9999-01-01') >= today())) AS absent
FROM holding WHERE starts_on <= today() AND last_on >= today();

CREATE VIEW vacant AS
WITH since AS (
    SELECT max(CAST(day AS DATE)) AS first FROM generate_series(today() - 100, today(), INTERVAL 1 DAY) AS days(day)
    WHERE months_after(CAST(day AS DATE), 3) <= today()
), filled AS (
    SELECT post_ref, day, sum(wte) AS wte FROM since, generate_series(first, today(), INTERVAL 1 DAY) AS days(day)
        JOIN holding ON fills AND starts_on <= CAST(day AS DATE) AND last_on >= CAST(day AS DATE) GROUP BY ALL
)
SELECT post_ref, greatest(funded - coalesce((SELECT max(wte) FROM filled WHERE filled.post_ref = post.post_ref), 0), 0) AS wte
FROM post, since WHERE is_funded AND starts_on <= first
"""


def tenths(part, whole, units=10):
    """A quotient of decimals in so many parts of one, rounded half up; null of nothing."""
    return f"CASE WHEN {whole} > 0 THEN floor(CAST({part} AS DOUBLE) * {units} / CAST({whole} AS DOUBLE) + 0.5 + 1e-9) / {units} END"


def workforce(comparison, query):
    """Whole-time equivalents at the end of the day; by engagement nothing is said of what is funded."""
    comparison.span("")
    by_terms = "engagement" in query
    counted = """
        SELECT '' AS period, post.* EXCLUDE (starts_on), wte AS vacant_for_long, NULL AS engagement FROM post
            LEFT JOIN vacant USING (post_ref) WHERE is_funded
        UNION ALL BY NAME
        SELECT '' AS period, *, months_after(starts_on, 12) > today() AND is_new AS is_recent FROM held"""
    kinds = ["sickness", "maternity", "booked_leave", "study"]
    held = {
        "in_post": "TRUE", "filled": "fills", "covered": "engagement IN ('agency', 'bank')", "absent": "absent <> []",
        **{f"absent_{kind}": f"list_contains(absent, '{kind}')" for kind in kinds},
        **{terms: f"engagement = '{terms}'" for terms in ("agency", "bank", "trainee")}, "newly_qualified": "is_recent",
    }
    sums = ", ".join(f"coalesce(sum(wte) FILTER (WHERE {condition}), 0) AS {name}_wte" for name, condition in held.items())
    of_posts = {
        "posts": "count(*) FILTER (WHERE is_funded)", "funded_wte": "coalesce(sum(funded), 0)",
        "vacant_wte": "funded_wte - filled_wte", "pc_vacant": tenths("100 * (funded_wte - filled_wte)", "funded_wte"),
        "vacant_3_months_wte": "coalesce(sum(vacant_for_long), 0)",
        "pc_vacant_3_months": tenths("100 * vacant_3_months_wte", "(vacant_3_months_wte + filled_wte)"),
    }
    posts = ", ".join(f"{'NULL' if by_terms else measure} AS {name}" for name, measure in of_posts.items())
    measures = f"{sums}, {posts}, count(DISTINCT worker_ref) AS headcount"
    counted = f"SELECT * FROM ({counted}) WHERE {'engagement IS NOT NULL' if by_terms else 'TRUE'}"
    rows, keys = grouped(comparison, query, ["discipline"], counted, measures)
    comparison.table("/v1/stats/workforce", query, keys, rows)


def caseload(comparison, query):
    """What a discipline has on its hands, for each whole-time equivalent in post without trainees."""
    comparison.span("")
    counted = """
        SELECT '' AS period, discipline, seen_on IS NOT NULL AND discharged_on IS NULL AND withdrawn_on IS NULL AS is_seen,
            ended_on IS NULL AS waits FROM referral
        UNION ALL BY NAME
        SELECT '' AS period, advice_type AS discipline, ehc_request_id AS awaits FROM advice_clock
        WHERE sent_on IS NOT NULL AND in_hand_on IS NULL AND NOT stopped AND ehc_request_id IS NOT NULL
            AND advice_type IN ('speech_and_language_therapy', 'occupational_therapy', 'physiotherapy')
        UNION ALL BY NAME
        SELECT '' AS period, discipline, wte, engagement FROM held"""
    cases = {"caseload": "caseload", "waiting": "waiting", "ehc_requests": "ehc_requests_awaiting_advice"}
    shares = ", ".join(f"{tenths(name, '(in_post_wte - trainee_wte)')} AS {word}_per_wte" for word, name in cases.items())
    measures = f"""
        count(*) FILTER (WHERE is_seen) AS caseload, count(*) FILTER (WHERE waits) AS waiting,
        count(DISTINCT awaits) AS ehc_requests_awaiting_advice, coalesce(sum(wte), 0) AS in_post_wte,
        coalesce(sum(wte) FILTER (WHERE engagement = 'trainee'), 0) AS trainee_wte, {shares}"""
    rows, keys = grouped(comparison, query, ["discipline"], counted, measures)
    comparison.table("/v1/stats/caseload", query, keys, rows)


def recruitment(comparison, query):
    """Rounds approved and ended in the period, and those that run at its end."""
    comparison.span(query)
    counted = """
        WITH rounds AS (
            SELECT r.*, discipline, band, service_ref, CAST(round AS INTEGER) AS number_of, happened(outcome_on) AS ended_on
            FROM recruitments r JOIN post USING (post_ref) WHERE approved_on <= today()
        )
        SELECT *, 'started' AS event, NULL AS days FROM rounds JOIN span ON approved_on = span.day
        UNION ALL BY NAME SELECT *, 'ended' AS event, NULL AS days FROM rounds JOIN span ON ended_on = span.day
        UNION ALL BY NAME
        SELECT *, 'running' AS event, last_day - approved_on AS days FROM rounds, periods
        WHERE first_day <= today() AND approved_on <= last_day AND coalesce(ended_on, DATE '9999-01-01') > last_day"""
    outcomes = ["appointed", "nobody_suitable", "offer_declined", "withdrawn"]
    counts = ", ".join(f"count(*) FILTER (WHERE event = 'ended' AND outcome = '{word}') AS {word}" for word in outcomes)
    hired = "event = 'ended' AND outcome = 'appointed'"
    stages = {
        "hire": "starts_on - approved_on", "advert": "advertised_on - approved_on", "offer": "offered_on - advertised_on",
        "start": "starts_on - offered_on",
    }
    columns = ", ".join(
        spread("hired" if stage == "hire" else f"people_{stage}", f"mean_days_to_{stage}", f"longest_days_to_{stage}",
               f"days_to_{stage}", f"{hired} AND {days} IS NOT NULL").replace("(days)", f"({days})")
        for stage, days in stages.items()
    )
    running = spread("running", "mean_days_running", "longest_days_running", "days_running", "event = 'running'")
    measures = f"""count(*) FILTER (WHERE event = 'started') AS started, count(*) FILTER (WHERE event = 'ended') AS ended,
        {counts}, percent(appointed, ended) AS pc_succeeded,
        {tenths(f"coalesce(sum(number_of) FILTER (WHERE {hired}), 0)", "appointed", 100)} AS rounds_per_filled,
        {columns}, {running}"""
    rows, keys = grouped(comparison, query, ["discipline"], counted, measures)
    # What the spread has besides and nobody is told.
    besides = {"people_advert", "people_offer", "people_start", "p75_days_running", "p90_days_running"}
    told = [{name: value for name, value in row.items() if name not in besides and "p92" not in name} for row in rows]
    comparison.table("/v1/stats/recruitment", query, keys, told)


def training(comparison, query):
    """Who is in training, weighted by staying and by the ramp of the discipline on the day: straight lines between points."""
    comparison.span("")
    points = """
        SELECT list({'week': CAST(week AS INTEGER), 'share': CAST(value AS DOUBLE)} ORDER BY CAST(week AS INTEGER))
        FROM capacity_rules c WHERE setting = 'ramp_newly_qualified' AND c.discipline = trainees.discipline
            AND split_part(c.id, '_', 2) = split_part(trainees.id, '_', 2)
            AND starts_on <= today() AND coalesce(ends_on, DATE '9999-01-01') >= today()"""
    counted = f"""
        SELECT '' AS period, discipline, programme, qualifies_on, CAST(wte AS DECIMAL(18, 2)) AS works,
            works * CAST(retention_probability AS DECIMAL(9, 4)) AS expected, ({points}) AS ramp
        FROM trainees WHERE coalesce(started_on <= today(), TRUE) AND qualifies_on > today() AND happened(left_on) IS NULL"""
    weeks = {"at_qualification": 0, "after_12_weeks": 12, "after_26_weeks": 26, "after_52_weeks": 52}
    productive = ", ".join(
        f"coalesce(floor(sum(CAST(expected AS DOUBLE) * millionth(ramp_at(ramp, {week}))) * 1000000 + 0.5 + 1e-6) / 1000000, 0) "
        f"AS productive_wte_{name}" for name, week in weeks.items()
    )
    measures = f"""count(*) AS trainees, coalesce(sum(works), 0) AS wte, coalesce(sum(expected), 0) AS expected_wte,
        {productive}, min(qualifies_on) AS first_qualifies_on"""
    rows, keys = grouped(comparison, query, ["discipline"], counted, measures)
    comparison.table("/v1/stats/training-pipeline", query, keys, rows)


RAMP = """
CREATE MACRO millionth(share) AS floor(share * 1000000 + 0.5 + 1e-6) / 1000000;
-- The share at a week: on the line between the last point up to it and the next, level before the first and after the last.
CREATE MACRO ramp_at(points, at_week) AS CASE
    WHEN at_week <= points[1].week THEN points[1].share
    WHEN at_week >= points[-1].week THEN points[-1].share
    ELSE list_filter(points, p -> p.week <= at_week)[-1].share
        + (list_filter(points, p -> p.week > at_week)[1].share - list_filter(points, p -> p.week <= at_week)[-1].share)
        * (at_week - list_filter(points, p -> p.week <= at_week)[-1].week)
        / (list_filter(points, p -> p.week > at_week)[1].week - list_filter(points, p -> p.week <= at_week)[-1].week) END
"""

CHECKS = [(workforce, WORKFORCES), (caseload, CASELOADS), (recruitment, ROUNDS), (training, TRAINING)]
