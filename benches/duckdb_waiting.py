"""Times DuckDB on waiting lists and waiting times: one thread, a table in memory, the rows of the bench.

Run by `cargo bench --bench scale`. Arguments: a CSV file of columns, the day as at which is counted (a day number), and
how often to repeat. Prints JSON: for each query the median of the milliseconds from query to rows, and of each group the
people, their days, four percentiles, the longest and those over eighteen weeks.
"""

import json
import statistics
import sys
import time

import duckdb

FILE, (AS_AT, TIMES) = sys.argv[1], map(int, sys.argv[2:4])

# Numbers all through. The month of a day is put beside it, so that no query need work it out.
TABLE = """
create table referrals as
select discipline::utinyint as discipline, need::utinyint as need, received::integer as received,
       seen::integer as seen, assessed::integer as assessed, ended::integer as ended,
       (year(date '0001-01-01' + (seen::integer - 1)) * 12
        + month(date '0001-01-01' + (seen::integer - 1)))::usmallint as month,
       (year(date '0001-01-01' + (received::integer - 1)) * 12
        + month(date '0001-01-01' + (received::integer - 1)))::usmallint as month_received,
       (year(date '0001-01-01' + (assessed::integer - 1)) * 12
        + month(date '0001-01-01' + (assessed::integer - 1)))::usmallint as month_assessed
from read_csv(?, header = true, nullstr = '')
"""

def told(days, kind=None):
    """What is told of the people, or those of a kind: the percentiles by the nearest rank, as the service has it."""
    of_kind = f" filter ({kind})" if kind else ""
    over = f"{days} > 126 and {kind}" if kind else f"{days} > 126"
    return f"""count(*){of_kind}, sum({days}){of_kind}, quantile_disc({days}, [0.5, 0.75, 0.9, 0.92]){of_kind},
        max({days}){of_kind}, count(*) filter ({over})"""


BANDS = ", ".join(
    f"count(*) filter ({AS_AT} - received {where})"
    for where in ["<= 7", "between 8 and 14", "between 15 and 28", "between 29 and 84",
                  "between 85 and 126", "between 127 and 364", "> 364"]
)

QUERIES = {
    "waiting_list": f"""
        select {told(f"({AS_AT} - received)")}, {BANDS} from referrals
        where received <= {AS_AT} and (ended is null or ended > {AS_AT}) group by discipline""",
    "by_discipline": f"""
        select {told("(seen - received)")} from referrals
        where seen <= {AS_AT} group by month, discipline""",
    "by_need": f"""
        select {told("(seen - received)")} from referrals
        where seen <= {AS_AT} group by month, need""",
}

# What the service tells beside: assessments by their month, and those received by theirs, in three spreads.
for by in ["discipline", "need"]:
    waited = f"(least(ended, {AS_AT}) - received)"
    kinds = {"still": f"coalesce(ended > {AS_AT}, true)", "seen": "coalesce(seen = ended, false)"}
    kinds["left"] = f"not {kinds['seen']}"
    spreads = ", ".join(told(waited, kind) for kind in kinds.values())
    QUERIES[f"beside_by_{by}_assessed"] = f"""
        select {told("(assessed - received)")} from referrals
        where assessed <= {AS_AT} group by month_assessed, {by}"""
    QUERIES[f"beside_by_{by}_received"] = f"""
        select {spreads} from referrals where received <= {AS_AT} group by month_received, {by}"""

connection = duckdb.connect()
connection.execute("set threads to 1")
connection.execute(TABLE, [FILE])

answer = {"version": duckdb.__version__}
for name, query in QUERIES.items():
    took = []
    for _ in range(max(3, TIMES // 3)):
        started = time.perf_counter()
        rows = connection.execute(query).fetchall()
        took.append((time.perf_counter() - started) * 1000)
    rows = [
        [people, int(days or 0), *(percentiles or [0] * 4), longest or 0, over]
        for people, days, percentiles, longest, over, *_ in rows
    ]
    answer[name] = {"milliseconds": statistics.median(took), "rows": rows}

print(json.dumps(answer))
