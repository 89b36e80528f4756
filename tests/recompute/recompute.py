"""Recomputes every statistic from the exported records, in SQL of its own, and compares each cell with the answer.

    python3 -m venv venv && venv/bin/pip install -r tests/recompute/requirements.txt
    venv/bin/python tests/recompute/recompute.py http://127.0.0.1:8080 301 2025-01-16

Arguments: the address of the service, or a folder of what an earlier run read (`--save FOLDER`); an authority, or several
separated by commas, which are then summed by region and for England; the day asked about. `--past DAYS` names other days to ask about as well, `--known INSTANTS` instants such as 2025-03-01T00:00:00Z: how
figures were revised between them, and everything as it was known at the first, replayed from the ledger. It reads the records over the public API,
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
import history
import law
import limits
import shapes
import staff
import tables
import therapy
from compare import Comparison, areas_of
from source import Source

CHECKS = therapy.CHECKS + ehc.CHECKS + advice.CHECKS + law.CHECKS + attribution.CHECKS + clocks.CHECKS
CHECKS += staff.CHECKS
# What is recomputed elsewhere than in CHECKS, and what is not: the ledger of capacity, whose minutes are another story.
ELSEWHERE = {"stats/revisions"}
LEFT_OUT = {"stats/capacity", "stats/capacity-demand", "stats/capacity-outlook"}


def read(records, day, authorities):
    """A connection with the records of some authorities and every view of them."""
    connection = duckdb.connect()
    connection.execute(f"SET VARIABLE as_at = DATE '{day}'")
    tables.load(connection, records, authorities)
    limits.working_days(connection)
    for views in (advice.CLOCK, ehc.STAGE, ehc.DELAY):
        connection.execute(views)
    clocks.prepare(connection)
    for views in (staff.VIEWS, staff.RAMP):
        connection.execute(views)
    return connection


def everything(comparison, day):
    """Every statistic as at a day."""
    comparison.as_at(day)
    for recomputed, queries in CHECKS:
        for query in queries:
            recomputed(comparison, query)


def other_shapes(comparison, day):
    """The same figures asked for otherwise: as series of days, case by case, beside those published."""
    for check in shapes.CHECKS:
        check(comparison, day)


def as_known(comparison, instants, day):
    """Revisions of every figure, and every statistic as it was known at the first instant."""
    comparison.about(areas_of(comparison.authorities[:1])[0])
    comparison.as_at(day)
    connections = {instant: read(history.Ledger(comparison.source, instant), day, comparison.authorities) for instant in instants}
    history.revisions(comparison, connections)
    comparison.known_at(instants[0], connections[instants[0]])
    everything(comparison, day)


def main():
    """Reads, recomputes, compares."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base", help="address of the service, or a folder of what was read before")
    parser.add_argument("authorities", help="DfE code of the authority, or several separated by commas")
    parser.add_argument("as_at", help="the day asked about, such as 2025-01-16")
    parser.add_argument("--past", default="2024-06-30,2023-09-03", help="other days, separated by commas")
    parser.add_argument("--known", default="", help="instants of the past, separated by commas")
    parser.add_argument("--save", help="a folder to keep all that is read in")
    given = parser.parse_args()
    started = time.monotonic()
    source, authorities = Source(given.base, given.save), given.authorities.split(",")
    connection = read(source, given.as_at, authorities)
    comparison = Comparison(connection, source, authorities)
    for area in areas_of(authorities):
        comparison.about(area)
        for day in [given.as_at, *filter(None, given.past.split(","))]:
            everything(comparison, day)
        if area.level == "authority":
            other_shapes(comparison, given.as_at)
    if given.known:
        as_known(comparison, given.known.split(","), given.as_at)
    listed = {path.removeprefix("/v1/") for path in source.get("/openapi.json")["paths"] if path.startswith("/v1/stats/")}
    if listed != (comparison.asked.keys() | ELSEWHERE | LEFT_OUT) & listed:
        raise SystemExit(f"not recomputed: {listed - comparison.asked.keys() - ELSEWHERE - LEFT_OUT}")
    for table, cells in comparison.cells.items():
        print(f"{table}: {cells} cells of {comparison.asked[table]} answers compared")
    total = sum(comparison.cells.values())
    print(f"{total} cells compared in {time.monotonic() - started:.0f} s, {comparison.differences} differences")
    return 1 if comparison.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
