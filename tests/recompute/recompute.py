"""Recomputes every statistic from the exported records, in SQL of its own, and compares each cell with the answer.

    python3 -m venv venv && venv/bin/pip install -r tests/recompute/requirements.txt
    venv/bin/python tests/recompute/recompute.py http://127.0.0.1:8080 301 2025-01-16

Arguments: the address of the service, or a folder of what an earlier run read (`--save FOLDER`); an authority, or several
separated by commas, which are then summed by region and for England; the day asked about. `--past DAYS` names other days to ask about as well, separated by commas. It reads the records over the public API,
page by page, and knows of the service only what the contract says. It prints every difference, ends with the cells
compared for each statistic, and exits with 1 if there was a difference.
"""

import argparse
import time

import duckdb

import advice
import attribution
import clocks
import ehc
import law
import limits
import tables
import therapy
from compare import Comparison, areas_of
from source import Source

CHECKS = therapy.CHECKS + ehc.CHECKS + advice.CHECKS + law.CHECKS + attribution.CHECKS + clocks.CHECKS


def main():
    """Reads, recomputes, compares."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base", help="address of the service, or a folder of what was read before")
    parser.add_argument("authorities", help="DfE code of the authority, or several separated by commas")
    parser.add_argument("as_at", help="the day asked about, such as 2025-01-16")
    parser.add_argument("--past", default="2024-06-30,2023-09-03", help="other days, separated by commas")
    parser.add_argument("--save", help="a folder to keep all that is read in")
    given = parser.parse_args()
    started = time.monotonic()
    connection, source, authorities = duckdb.connect(), Source(given.base, given.save), given.authorities.split(",")
    connection.execute(f"SET VARIABLE as_at = DATE '{given.as_at}'")
    tables.load(connection, source, authorities)
    limits.working_days(connection)
    for views in (advice.CLOCK, ehc.STAGE, ehc.DELAY):
        connection.execute(views)
    clocks.prepare(connection)
    comparison = Comparison(connection, source, authorities)
    for area in areas_of(authorities):
        comparison.about(area)
        for day in [given.as_at, *filter(None, given.past.split(","))]:
            comparison.as_at(day)
            for recomputed, queries in CHECKS:
                for query in queries:
                    recomputed(comparison, query)
    for table, cells in comparison.cells.items():
        print(f"{table}: {cells} cells of {comparison.asked[table]} answers compared")
    total = sum(comparison.cells.values())
    print(f"{total} cells compared in {time.monotonic() - started:.0f} s, {comparison.differences} differences")
    return 1 if comparison.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
