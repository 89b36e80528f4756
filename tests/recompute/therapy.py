"""Therapy: the waiting list, waiting times, flow."""

from grouping import grouped, reached, share_within, spread, survival

BANDS = {
    "waiting_0_1_weeks": (0, 7),
    "waiting_1_2_weeks": (8, 14),
    "waiting_2_4_weeks": (15, 28),
    "waiting_4_12_weeks": (29, 84),
    "waiting_12_18_weeks": (85, 126),
    "waiting_18_52_weeks": (127, 364),
    "waiting_over_52_weeks": (365, 99_999_999),
    "waiting_over_18_weeks": (127, 99_999_999),
}

LISTS = [
    "",
    "group_by=discipline,age_band",
    "group_by=primary_need,sex",
    "group_by=provider_ref",
    "group_by=ethnicity_group,sen_status&purpose=core",
    "group_by=referral_source&sex=female,unknown&primary_need=SLCN,not_recorded",
    "priority=urgent,two_week_wait",
]
TIMES = [
    "",
    "from=2023-07-01&every=month",
    "group_by=purpose,priority&from=2024-01-01",
    "group_by=age_band,sex&every=year",
    "group_by=provider_ref,discipline&every=quarter&sen_status=ehc_plan",
]
FLOWS = [
    "every=week&from=2023-01-01",
    "every=month",
    "every=day&from=2023-11-01&to=2023-11-30&group_by=purpose",
    "every=quarter&group_by=discipline,sex&age_band=under_5,5_to_10",
]


def waiting_list(comparison, query):
    """Received and not ended by the end of the day."""
    waiting = """SELECT *, '' AS period, today() - received_on AS days FROM referral WHERE ended_on IS NULL"""
    bands = ", ".join(
        f"count(*) FILTER (WHERE days BETWEEN {first} AND {last}) AS {name}" for name, (first, last) in BANDS.items()
    )
    percentiles = ", ".join(f"nearest_rank(list(days), {p}) AS p{p}_days_waiting" for p in (50, 75, 90, 92))
    measures = f"""count(*) AS waiting, {bands},
        percent(count(*) FILTER (WHERE days <= 126), count(*)) AS pc_waiting_within_18_weeks,
        mean_days(sum(days), count(*)) AS mean_days_waiting, {percentiles},
        max(days) AS longest_wait_days, min(received_on) AS longest_wait_received_on"""
    comparison.span("")
    rows, keys = grouped(comparison, query, ["discipline"], waiting, measures)
    comparison.table("/v1/stats/waiting-list", query, keys, rows)


def waiting_times(comparison, query):
    """Seen, assessed and received in the span; of those received, seen or not yet."""
    comparison.span(query)
    # Whoever was not seen when the wait ended was cut off then, as whoever still waits is today.
    counted = """
        SELECT r.*, span.period, event, days, ended FROM (
            SELECT number, 'seen' AS event, seen_on AS on_day, seen_on - received_on AS days, FALSE AS ended FROM referral
            UNION ALL SELECT number, 'assessed', assessed_on, assessed_on - received_on, FALSE FROM referral
            UNION ALL SELECT number, 'received', received_on, coalesce(ended_on, today()) - received_on,
                coalesce(seen_on = ended_on, FALSE) FROM referral
        ) JOIN referral r USING (number) JOIN span ON on_day = span.day"""
    waits = "event = 'received' AND ended_on IS NULL"
    measures = f"""
        {spread("seen", "mean_days_to_contact", "longest_days_to_contact", "days_to_contact", "event = 'seen'")},
        count(*) FILTER (WHERE event = 'seen' AND days <= 126) AS seen_within_18_weeks,
        percent(count(*) FILTER (WHERE event = 'seen' AND days <= 126), count(*) FILTER (WHERE event = 'seen'))
            AS pc_seen_within_18_weeks,
        {spread("assessed", "mean_days_to_assessment", "longest_days_to_assessment", "days_to_assessment",
                "event = 'assessed'")},
        count(*) FILTER (WHERE event = 'received') AS received, count(*) FILTER (WHERE {waits}) AS still_waiting,
        nearest_rank(list(days) FILTER (WHERE {waits}), 50) AS p50_days_still_waiting,
        max(days) FILTER (WHERE {waits}) AS longest_days_still_waiting"""
    rows, keys = grouped(comparison, query, ["discipline"], counted, measures)
    estimates, key_of = survival(
        comparison, query, ["discipline"], f"SELECT * FROM ({counted}) WHERE event = 'received'",
        f"{reached(50)} AS p50, {reached(90)} AS p90, {share_within(126)} AS within",
    )
    for row in rows:
        found = estimates.get(key_of(row), {"p50": None, "p90": None, "within": None})
        row |= {"km_p50_days": found["p50"], "km_p90_days": found["p90"], "km_pc_within_18_weeks": found["within"]}
    comparison.table("/v1/stats/waiting-times", query, keys, rows)


def flow(comparison, query):
    """What happened, by the day it happened."""
    comparison.span(query)
    events = {
        "received": "received_on", "seen": "seen_on", "rejected": "rejected_on", "withdrawn": "withdrawn_on",
        "discharged": "discharged_on", "waits_ended": "ended_on",
    }
    union = " UNION ALL ".join(f"SELECT number, '{event}' AS event, {day} AS on_day FROM referral"
                               for event, day in events.items())
    counted = f"SELECT r.*, period, event FROM ({union}) JOIN referral r USING (number) JOIN span ON on_day = span.day"
    columns = ", ".join(f"count(*) FILTER (WHERE event = '{event}') AS {event}" for event in events)
    net = "count(*) FILTER (WHERE event = 'received') - count(*) FILTER (WHERE event = 'waits_ended') AS net"
    rows, keys = grouped(comparison, query, ["discipline"], counted, f"{columns}, {net}")
    comparison.table("/v1/stats/flow", query, keys, rows)


CHECKS = [(waiting_list, LISTS), (waiting_times, TIMES), (flow, FLOWS)]
