"""Attacks published tables by linear programming: which hidden counts can be worked out exactly?

    python3 -m venv venv && venv/bin/pip install -r tests/attack/requirements.txt
    venv/bin/python tests/attack/attack.py published.json

It knows nothing of the service but what the file says is published. For every hidden count it asks for the least and the
most that it can be under all constraints at once: every shown number is the interval of whole numbers that round to
it, every hidden one lies within what is known of it, lines add up, linked cells are equal. If the two are the same
the count is recovered. It prints one JSON object and exits with 1 if anything was recovered, 2 if the file makes no sense
(no counts fit it, or the true ones do not), else 0.

The file, a JSON object:

    rounding   5: shown numbers are rounded to the nearest multiple (an odd number); 1: they are exact.
    least_shown, optional: no count between 0 and this is ever shown (8 where 1 to 7 are hidden). Without it, 1.
    tables     a list, one for each published answer, grouping and date:
      name     of this table, unique, such as "waiting by discipline 2026-01-31".
      cells    a list of {"key": unique in this table, "shown": number or null,
               "least": and "most": optional bounds of a null cell, inclusive; without them 1 and none}.
      lines    a list of {"total": key, "parts": [keys]}.
    links      optional: a list of [[table, key], [table, key]]: the same people, so the counts are equal.
    moves      optional: a list of {"cells": [[table, key], [table, key]], "most": n}: the counts, of two dates, differ by
               at most n. What a reader may know from elsewhere.
    rates      optional: a list of {"part": [table, key], "whole": [table, key], "percent": share shown to a tenth}. It is the
               share of the numbers as they are rounded, so of exact ones with rounding 1.
    secret     optional: {table: {key: raw count}}. Only for judging: it must fit all constraints, and a recovered
               count must equal it. No bound is made from it.

A report of the API becomes a table so: a row is a cell, its key the columns of the grouping joined with "|" and "*" for a
margin, "shown" its count (null stays null); the lines are the groupings themselves.
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

NEAR = 1e-6


class Problem:
    """Variables with bounds, and rows with bounds: `low <= coefficients <= high`."""

    def __init__(self, published):
        self.names, self.low, self.high, self.hidden, self.rows = [], [], [], [], []
        self.place = {}
        half = published["rounding"] // 2
        least_shown = published.get("least_shown", 1)
        for table in published["tables"]:
            for cell in table["cells"]:
                self.add_cell(table["name"], cell, half, least_shown)
            for line in table["lines"]:
                parts = [(self.at(table["name"], key), 1) for key in line["parts"]]
                self.rows.append(([(self.at(table["name"], line["total"]), -1), *parts], 0, 0))
        for one, other in published.get("links", []):
            self.rows.append(([(self.at(*one), 1), (self.at(*other), -1)], 0, 0))
        for move in published.get("moves", []):
            one, other = move["cells"]
            self.rows.append(([(self.at(*one), 1), (self.at(*other), -1)], -move["most"], move["most"]))
        for rate in published.get("rates", []):
            self.add_rate(self.at(*rate["part"]), self.at(*rate["whole"]), rate["percent"] / 100, half)

    def add_rate(self, part, whole, share, half):
        """What was shown for the two, each at most half a step from its count, has this share to half a tenth of a percent."""
        low, high = share - 0.0005 - NEAR, share + 0.0005 + NEAR
        self.rows.append(([(part, 1), (whole, -high)], -np.inf, half + high * half))
        self.rows.append(([(part, 1), (whole, -low)], -half - max(low, 0) * half, np.inf))

    def add_cell(self, table, cell, half, least_shown):
        name, shown = (table, cell["key"]), cell["shown"]
        if name in self.place:
            sys.exit(f"{name} stands twice")
        self.place[name] = len(self.names)
        self.names.append(name)
        self.hidden.append(shown is None)
        if shown is None:
            low, high = cell.get("least", 1), cell.get("most", np.inf)
        elif shown == 0 and least_shown > half:
            low, high = 0, 0
        else:
            low, high = max(shown - half, least_shown if shown else 0), shown + half
        self.low.append(low)
        self.high.append(high)

    def at(self, table, key):
        return self.place[(table, key)]

    def parts(self):
        """Connected sets of cells, each attacked by itself."""
        ends = [(row[0][0], at) for row, _, _ in self.rows for at, _ in row]
        size = len(self.names)
        one, other = zip(*ends) if ends else ((), ())
        graph = csr_array((np.ones(len(ends)), (one, other)), shape=(size, size))
        count, label = connected_components(graph, directed=False)
        return [np.flatnonzero(label == part) for part in range(count)], label

    def matrix(self, cells, label):
        within = {int(at): place for place, at in enumerate(cells)}
        rows = [row for row in self.rows if label[row[0][0][0]] == label[cells[0]]]
        values, row_of, column_of = [], [], []
        for number, (row, _, _) in enumerate(rows):
            for at, factor in row:
                values.append(factor)
                row_of.append(number)
                column_of.append(within[at])
        shape = (len(rows), len(cells))
        low, high = (np.array([row[side] for row in rows], float) for side in (1, 2))
        return csr_array((values, (row_of, column_of)), shape=shape), low, high


class Part:
    """One connected set of cells, and the least and the most seen of each."""

    def __init__(self, problem, cells, label):
        self.low = np.array([problem.low[at] for at in cells], float)
        self.high = np.array([problem.high[at] for at in cells], float)
        self.matrix, self.row_low, self.row_high = problem.matrix(cells, label)
        self.programs = 0

    def solve(self, objective):
        """The least of an objective over whole numbers, None if nothing fits."""
        self.programs += 1
        found = self.relaxed(objective)
        if found is not None and np.abs(found - np.round(found)).max() < NEAR:
            return np.round(found)
        return self.whole(objective)

    def relaxed(self, objective):
        equal = self.row_low == self.row_high
        ranges = self.matrix[~equal].toarray()
        above = np.concatenate([self.row_high[~equal], -self.row_low[~equal]])
        bounded = np.isfinite(above)
        result = linprog(
            objective,
            A_ub=np.vstack([ranges, -ranges])[bounded] if bounded.any() else None,
            b_ub=above[bounded] if bounded.any() else None,
            A_eq=self.matrix[equal] if equal.any() else None,
            b_eq=self.row_low[equal] if equal.any() else None,
            bounds=np.column_stack([self.low, self.high]),
            method="highs-ds",
        )
        # 3: without a bound, which a count above nothing may be.
        return np.full(len(self.low), np.nan) if result.status == 3 else result.x

    def whole(self, objective):
        constraints = [LinearConstraint(self.matrix, self.row_low, self.row_high)] if self.matrix.shape[0] else []
        result = milp(objective, integrality=np.ones(len(self.low)), bounds=Bounds(self.low, self.high), constraints=constraints)
        if result.status == 3 or (result.x is None and result.status == 4):
            return np.full(len(self.low), np.nan)
        return None if result.x is None else np.round(result.x)

    def interval(self, place):
        objective = np.zeros(len(self.low))
        objective[place] = 1
        least, most = self.solve(objective), self.solve(-objective)
        if least is None or most is None:
            return None
        return least[place], np.inf if np.isnan(most[place]) else most[place]


def judge(problem, secret):
    """Sentences about the true counts where they do not fit what is published."""
    raw = {problem.at(table, key): count for table, counts in secret.items() for key, count in counts.items()}
    for at, count in raw.items():
        if not problem.low[at] <= count <= problem.high[at]:
            yield f"{problem.names[at]} is {count}, outside of what is published"
    for row, low, high in problem.rows:
        if all(at in raw for at, _ in row) and not low <= sum(factor * raw[at] for at, factor in row) <= high:
            yield f"a line with {problem.names[row[0][0]]} does not hold"


def attack(published):
    began = time.monotonic()
    problem = Problem(published)
    secret = published.get("secret", {})
    faults = list(judge(problem, secret))
    parts, label = problem.parts()
    recovered, widths, programs = [], [], 0
    for cells in parts:
        part = Part(problem, cells, label)
        for place, at in enumerate(cells):
            if not problem.hidden[at]:
                continue
            interval = part.interval(place)
            table, key = problem.names[at]
            if interval is None:
                faults.append(f"nothing fits {table}, {key}")
                break
            least, most = interval
            widths.append(most - least)
            true = secret.get(table, {}).get(key)
            if true is not None and not least <= true <= most:
                faults.append(f"{table}, {key} is {true}, not {least} to {most}")
            if least == most:
                recovered.append({"table": table, "key": key, "count": int(least)})
        programs += part.programs
    return faults, {
        "attacked": len(widths),
        "recovered": recovered,
        "narrowest": int(min(widths)) if widths and np.isfinite(min(widths)) else None,
        "median_width": float(np.median(widths)) if widths and np.isfinite(np.median(widths)) else None,
        "programs": programs,
        "seconds": round(time.monotonic() - began, 1),
        "faults": faults,
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        published = json.load(file)
    faults, report = attack(published)
    print(json.dumps(report))
    sys.exit(2 if faults else int(bool(report["recovered"])))


if __name__ == "__main__":
    main()
