"""Times DuckDB on waiting lists and waiting times: one thread, a table in memory, the rows of the bench.

Run by `cargo bench --bench scale`. Arguments: a CSV file of columns, the day as at which is counted (a day number), and
how often to repeat. Prints JSON: for each query the median of the milliseconds from query to rows, and of each group the
people, the median, the 92nd percentile and those over eighteen weeks.
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
       seen::integer as seen, ended::integer as ended,
       (year(date '0001-01-01' + (seen::integer - 1)) * 12
        + month(date '0001-01-01' + (seen::integer - 1)))::usmallint as month
from read_csv(?, header = true, nullstr = '')
"""

# The nearest rank without interpolation, as the service has it.
TOLD = """count(*), quantile_disc({days}, [0.5, 0.92]), count(*) filter ({days} > 126)"""

BANDS = ", ".join(
    f"count(*) filter ({AS_AT} - received {where})"
    for where in ["<= 7", "between 8 and 14", "between 15 and 28", "between 29 and 84",
                  "between 85 and 126", "between 127 and 364", "> 364"]
)

QUERIES = {
    "waiting_list": f"""
        select {TOLD.format(days=f"({AS_AT} - received)")}, {BANDS} from referrals
        where received <= {AS_AT} and (ended is null or ended > {AS_AT}) group by discipline""",
    "by_discipline": f"""
        select {TOLD.format(days="(seen - received)")} from referrals
        where seen <= {AS_AT} group by month, discipline""",
    "by_need": f"""
        select {TOLD.format(days="(seen - received)")} from referrals
        where seen <= {AS_AT} group by month, need""",
}

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
    rows = [[people, *percentiles, over] for people, percentiles, over, *_ in rows]
    answer[name] = {"milliseconds": statistics.median(took), "rows": rows}

print(json.dumps(answer))
