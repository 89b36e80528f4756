"""Groups counted rows by period and dimensions, and waits by the product-limit estimate."""

import urllib.parse

# What an estimate that is exactly a share, or exactly between two, may miss it by in binary numbers.
NEAR = "1e-9"
# Dimensions whose members are references.
REFERENCES = {"provider_ref", "service_ref"}


def split(comparison, query, of_nobody):
    """The dimensions a query groups by, and the condition its filters make. Asked for none: `of_nobody`."""
    given = dict(urllib.parse.parse_qsl(query))
    known = {*comparison.words, *REFERENCES}
    named = [word for word in given.get("group_by", "").split(",") if word in known]
    dimensions = named or of_nobody
    filters = []
    for name, value in given.items():
        if name in known:
            words = ", ".join(f"'{word}'" for word in value.split(","))
            filters.append(f"{name} IN ({words})")
    return dimensions, filters


def grouped(comparison, query, of_nobody, counted, measures):
    """Counts the rows of `counted` (with a `period`) by period and dimensions.

    Without a filter every member that has a word is a row, though nobody be in it; providers and services have no list of words.
    """
    dimensions, filters = split(comparison, query, of_nobody)
    keys = ", ".join(["period", *dimensions])
    where = " AND ".join(filters) or "TRUE"
    rows = comparison.rows(f"SELECT {keys}, {measures} FROM ({counted}) WHERE {where} GROUP BY {keys}")
    if not filters and not REFERENCES & set(dimensions):
        nobody = comparison.rows(f"SELECT {measures} FROM ({counted}) WHERE FALSE")[0]
        found = {tuple(row[key] for key in ["period", *dimensions]) for row in rows}
        for key in members(comparison, dimensions):
            if key not in found:
                rows.append({**dict(zip(["period", *dimensions], key)), **nobody})
    return [{"time_period": row.pop("period"), **row} for row in rows], ["time_period", *dimensions]


def members(comparison, dimensions):
    """Every period with every combination of members."""
    keys = [(period,) for (period,) in comparison.connection.execute("SELECT period FROM periods").fetchall()]
    for dimension in dimensions:
        keys = [(*key, word) for key in keys for word in comparison.words[dimension]]
    return keys


def survival(comparison, query, of_nobody, waits, shares):
    """The product-limit estimate (Kaplan and Meier 1958) of `waits`: rows with a period, `days`, and `ended`, false for
    whoever was cut off. `shares` are the expressions over `days` and `left`, the share without the event by then.

    At risk on a day are all who waited so many days or more: whoever was cut off on a day left after its events.
    """
    dimensions, filters = split(comparison, query, of_nobody)
    keys = ", ".join(["period", *dimensions])
    sql = f"""
        WITH by_days AS (
            SELECT {keys}, days, count(*) AS people, count(*) FILTER (WHERE ended) AS events
            FROM ({waits}) WHERE {" AND ".join(filters) or "TRUE"} GROUP BY {keys}, days
        ), at_risk AS (
            SELECT *, sum(people) OVER (PARTITION BY {keys} ORDER BY days DESC) AS at_risk FROM by_days
        ), curve AS (
            SELECT *, product(1 - events / at_risk) OVER (PARTITION BY {keys} ORDER BY days) AS without_event FROM at_risk
        )
        SELECT {keys}, {shares} FROM curve GROUP BY {keys}"""
    found = {tuple(row[key] for key in ["period", *dimensions]): row for row in comparison.rows(sql)}
    return found, lambda row: tuple(row[key] for key in ["time_period", *dimensions])


def reached(percent):
    """The fewest days by which so many in a hundred had the event."""
    return f"min(days) FILTER (WHERE events > 0 AND without_event <= {100 - percent} / 100 + {NEAR})"


def share_within(days):
    """The share in percent that had the event within so many days, rounded half up."""
    left = f"coalesce(min(without_event) FILTER (WHERE days <= {days}), 1)"
    return f"CAST(floor((1 - {left}) * 1000 + 0.5 + {NEAR}) / 10 AS DECIMAL(18, 1))"


def spread(people, mean, longest, suffix, where):
    """Columns of a spread of `days`: how many, their mean, percentiles by nearest rank, the longest."""
    days = f"FILTER (WHERE {where})"
    columns = [f"count(*) {days} AS {people}", f"mean_days(sum(days) {days}, count(*) {days}) AS {mean}"]
    columns += [f"nearest_rank(list(days) {days}, {p}) AS p{p}_{suffix}" for p in (50, 75, 90, 92)]
    return ", ".join([*columns, f"max(days) {days} AS {longest}"])
