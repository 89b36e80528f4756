"""Times DuckDB on the aggregate of /v1/stats/ehc-timeliness: one thread, a table in memory, the rows of the bench.

Run by `cargo bench --bench statistics`. Arguments: a CSV file of columns, the first and the last day of issue, the day
as at which is counted (all as day numbers), and how often to repeat. Prints JSON: the version, the median of the
milliseconds from query to rows, and a row (authority, exempt, band, plans) for each group.
"""

import json
import statistics
import sys
import time

import duckdb

FILE, (FIRST, LAST, AS_AT, TIMES) = sys.argv[1], map(int, sys.argv[2:6])

# Numbers all through and authorities side by side: of the ways tried, the one that suits DuckDB best.
TABLE = """
create table cases as
select authority::usmallint as authority, started::integer as started, issued::integer as issued,
       exempt_from::integer as exempt_from, contested::boolean as contested
from read_csv(?, header = true, nullstr = '')
order by authority
"""

# Faster than a `count(*) filter (…)` for each column of the answer.
QUERY = f"""
select authority,
       coalesce(exempt_from <= {AS_AT}, false) as exempt,
       case when issued - started <= 140 then 0
            when issued - started <= 364 then 1
            when issued - started > 364 then 2
            else 3 end as band,
       count(*) as plans
from cases
where not contested and issued between {FIRST} and {min(LAST, AS_AT)}
group by all
"""

connection = duckdb.connect()
connection.execute("set threads to 1")
connection.execute(TABLE, [FILE])

took = []
for _ in range(TIMES):
    started = time.perf_counter()
    rows = connection.execute(QUERY).fetchall()
    took.append((time.perf_counter() - started) * 1000)

print(json.dumps({"version": duckdb.__version__, "milliseconds": statistics.median(took), "rows": rows}))
