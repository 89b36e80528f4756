"""Late days by step: Shapley shares by brute force over every subset of a case's steps, and along the critical path.

A case runs from its start to the decision, then all advice side by side, then the draft, then the plan. To mend a step is to
set its days to its standard where they are more; what a set of mended steps saves is the delay as it was less the delay
then.
"""

import collections
import datetime
import functools
import math
from decimal import Decimal
from fractions import Fraction

from grouping import split

PARTS = 360_360
STANDARDS = {"decision": 42, "asking": 0, "advice": 42, "drafting": 21, "consultation": 35}
QUERIES = [
    "",
    "every=month&from=2024-01-01",
    "group_by=primary_need,sex&from=2024-01-01&to=2024-06-30",
    "rule=critical_path&every=quarter&from=2023-01-01&group_by=request_source",
    "decision_days=35&asking_days=7&advice_days=42&drafting_days=28&consultation_days=28&age_band=5_to_10,11_to_15",
    "group_by=stage&from=2024-01-01",
    "rule=critical_path&decision_days=30&asking_days=5&advice_days=50&drafting_days=25&consultation_days=30",
]

# The days of each late case: of plans issued late by the day of issue, of overdue cases on the day asked about.
CASES = """
WITH late AS (
    SELECT *, coalesce(issued_on, today()) AS end_on, state = 'issued_late' AS issued FROM delay
    WHERE state IN ('issued_late', 'overdue')
), last AS (
    SELECT *, CASE WHEN draft_on IS NOT NULL THEN least(draft_on, end_on) END AS served_on,
        least(draft_on, end_on) AS last_on FROM late
), asked_first AS (
    SELECT last.id, min(sent_on) AS first_sent_on FROM last JOIN advice ON ehc_request_id = last.id
    WHERE sent_on <= last_on GROUP BY last.id
), decided AS (
    -- No decision: made by the day advice was first sent for; while there is neither draft nor plan, it is under way.
    SELECT last.* EXCLUDE (decided_on), greatest(started_on, least(last_on, coalesce(decided_on, first_sent_on,
        CASE WHEN served_on IS NULL AND NOT issued THEN end_on END))) AS decision_day,
        coalesce(decided_on, first_sent_on) IS NULL AND (served_on IS NOT NULL OR issued) AS undecided
    FROM last LEFT JOIN asked_first USING (id)
), back AS (
    -- Advice that the draft waited for: in hand or declined by then, or still out while there is no draft.
    SELECT d.id, advice_type, sent_on, received_on, last_on,
        CASE WHEN coalesce(in_hand(returned_on, sent_back_on, accepted_on, last_on), declined_on) IS NOT NULL
            THEN greatest(sent_on, least(in_hand(returned_on, sent_back_on, accepted_on, last_on), declined_on)) END
            AS back_on, served_on IS NULL AND NOT issued AS waits
    FROM decided d JOIN advice ON ehc_request_id = d.id WHERE sent_on <= last_on
), asked AS (
    SELECT id, advice_type, least(coalesce(back_on, last_on), last_on) AS back_on,
        CASE WHEN received_on <= least(coalesce(back_on, last_on), last_on) THEN greatest(received_on, sent_on)
            ELSE sent_on END AS asked_on
    FROM back WHERE waits OR back_on <= last_on
)
SELECT d.*, coalesce((SELECT list({'type': advice_type, 'asked': asked_on - decision_day, 'taken': back_on - asked_on})
        FROM asked WHERE asked.id = d.id), []) AS asked,
    EXISTS (SELECT 1 FROM advice WHERE ehc_request_id = d.id AND coalesce(sent_on > last_on, true)
        AND accepted_on <= last_on) AS accepted
FROM decided d
"""


def stages(case, standards):
    """The steps one after another: name, days, standard. What has not begun in an open case is no step."""
    issued, served, end = case["issued"], case["served_on"], case["end_on"]
    tail = ["consultation"] if issued and served is None else []

    def rest(step, since, parts):
        standard = sum(standards[part] for part in parts + tail)
        if served is None:
            return [(step, (end - since).days, standard)]
        consulted = ("consultation", (end - served).days, standards["consultation"])
        return [(step, (served - since).days, standard), consulted]

    if case["undecided"]:
        return rest("unrecorded", case["started_on"], ["decision", "asking", "advice", "drafting"])
    decided = case["decision_day"]
    first = [("decision", (decided - case["started_on"]).days, standards["decision"])]
    if not case["asked"] and not case["accepted"]:
        later = rest("unrecorded", decided, ["asking", "advice", "drafting"])
    else:
        waited = max([0, *(one["asked"] + one["taken"] for one in case["asked"])])
        since = decided + datetime.timedelta(days=waited)
        later = rest("drafting", since, ["drafting"])
    if not issued and served is None:
        later = [stage for stage in later if stage[1] > 0]
    return first + later


def final_day(steps, asked, standards, mended):
    """The day the plan is final if some steps had kept their standards."""
    one_after_another = sum(min(days, limit) if step in mended else days for step, days, limit in steps)
    waits = [0]
    for one in asked:
        begun = min(one["asked"], standards["asking"]) if "asking" in mended else one["asked"]
        taken = min(one["taken"], standards["advice"]) if "advice_" + one["type"] in mended else one["taken"]
        waits.append(begun + taken)
    return one_after_another + max(waits)


def shapley(players, saved):
    """Each player's average effect over every order in which they could be mended: over every subset, weighted by the share
    of the orders in which just that subset comes before the player."""
    count = len(players)
    by_set = [saved({players[i] for i in range(count) if chosen >> i & 1}) for chosen in range(1 << count)]
    shares = {}
    for i, player in enumerate(players):
        by_size = collections.Counter()
        for chosen in range(1 << count):
            if not chosen >> i & 1:
                by_size[chosen.bit_count()] += by_set[chosen | 1 << i] - by_set[chosen]
        shares[player] = sum(
            Fraction(math.factorial(size) * math.factorial(count - size - 1), math.factorial(count)) * days
            for size, days in by_size.items()
        )
    return shares


def critical_path(steps, last, standards, delay):
    """Backwards from the end: each step is given its days past its own standard until the delay is used up."""
    path = [(step, days - limit) for step, days, limit in reversed(steps[1:])]
    if last and last["asked"] + last["taken"] > 0:
        path.append(("advice_" + last["type"], last["taken"] - standards["advice"]))
        path.append(("asking", last["asked"] - standards["asking"]))
    path.append((steps[0][0], steps[0][1] - steps[0][2]))
    shares = collections.defaultdict(Fraction)
    for step, excess in path:
        given = min(max(excess, 0), delay)
        shares[step] += given
        delay -= given
    return shares


def assign(case, standards, rule):
    """One case: its delay, each step with its share and what mending it alone saves, and whose advice came last."""
    steps, asked = stages(case, standards), case["asked"]
    players = list(dict.fromkeys([step for step, _, _ in steps] + ["advice_" + one["type"] for one in asked]))
    if asked:
        players.append("asking")

    @functools.cache
    def delay(mended):
        return max(0, final_day(steps, asked, standards, mended) - 140)

    def saved(mended):
        return delay(frozenset()) - delay(frozenset(mended))

    # The one that came last; of those on one day the one that took longest, and of equals the first in the alphabet.
    last = min(asked, key=lambda one: (-one["asked"] - one["taken"], -one["taken"], one["type"]), default=None)
    whole = delay(frozenset())
    if whole != case["days_over"]:
        raise SystemExit(f"{case['id']}: its steps are {whole} days late, the case {case['days_over']}")
    shares = shapley(players, saved) if rule == "shapley" else critical_path(steps, last, standards, whole)
    if sum(shares.values()) != whole:
        raise SystemExit(f"{case['id']}: shares sum to {sum(shares.values())}, not {whole}")
    return whole, {step: (Fraction(shares.get(step, 0)), saved({step})) for step in players}, last and last["type"]


def attribution(comparison, query):
    """Late days of late cases by step."""
    comparison.span(query)
    given = dict(pair.split("=") for pair in query.split("&") if pair)
    standards = {step: int(given.get(f"{step}_days", days)) for step, days in STANDARDS.items()}
    dimensions, filters = split(comparison, query, [])
    keys = ["period", *dimensions]
    groups = collections.defaultdict(list)
    cases = f"SELECT * FROM ({CASES}) JOIN span ON end_on = span.day WHERE {' AND '.join(filters) or 'TRUE'}"
    for case in comparison.rows(cases):
        groups[tuple(case[key] for key in keys)].append(assign(case, standards, given.get("rule", "shapley")))
    ours = []
    for key, assigned in groups.items():
        whole = sum(days for days, _, _ in assigned)
        for step in {step for _, steps, _ in assigned for step in steps}:
            of_step = [steps[step] for _, steps, _ in assigned if step in steps]
            share = sum(share for share, _ in of_step)
            adviser = step.removeprefix("advice_") if step.startswith("advice_") else None
            ours.append({
                "time_period": key[0] or None, **dict(zip(dimensions, key[1:])), "late_cases": len(assigned),
                "late_days": whole, "step": step, "share_days": float(share), "share_parts": whole_number(share * PARTS),
                # Half up, in tenths of a percent.
                "pc_of_late_days": Decimal(math.floor(share * 1000 / whole + Fraction(1, 2))) / 10,
                "fix_only_this_saves_days": sum(saves for _, saves in of_step),
                "cases_it_came_last": sum(last == adviser for _, _, last in assigned) if adviser else None,
            })
    comparison.table("/v1/stats/delay-attribution", query, ["time_period", *dimensions, "step"], ours)


def whole_number(number):
    """The number, if it is whole: a share that is no whole number of parts would be rounded somewhere."""
    return number.numerator if number.denominator == 1 else number


CHECKS = [(attribution, QUERIES)]
