"""Compares the cells of an answer with recomputed ones, and counts what was compared."""

import collections
import csv
import pathlib
import urllib.parse

import tables

PLACE = ["geographic_level", "region_code", "region_name", "new_la_code", "old_la_code", "la_name"]
PUBLISHED = pathlib.Path(__file__).parents[2] / "src/domain/published/dfe-2025-release/timeliness_20_week_2024.csv"


def places():
    """Where each authority lies, as DfE's own file of the same columns has it."""
    with PUBLISHED.open(encoding="utf-8-sig", newline="") as file:
        return {row["old_la_code"]: {name: row[name] for name in PLACE} for row in csv.DictReader(file) if row["old_la_code"]}


PLACES = places()


class Area:
    """Whom a row counts: one authority, or those of a region or of England that are asked about."""

    def __init__(self, level, authorities):
        self.level, self.authorities = level, authorities
        places = [PLACES[authority] for authority in authorities]
        self.place = dict(places[0])
        if level != "authority":
            # A sum over a part of an area is not called by its name.
            nobody = {"new_la_code": None, "old_la_code": None, "la_name": None, "geographic_level": "Selected authorities"}
            self.place |= nobody if level == "region" else {**nobody, "region_code": None, "region_name": None}

    def has(self, row):
        """True if a row is of this area, or does not say of which."""
        place = {**self.place, "authority": self.authorities[0]}
        return all(row[name] == place[name] for name in ("region_code", "old_la_code", "authority") if name in row)


def areas_of(authorities):
    """The first authority; of several every region they lie in as well, and England."""
    if len(authorities) == 1:
        return [Area("authority", authorities)]
    regions = collections.defaultdict(list)
    for authority in authorities:
        regions[PLACES[authority]["region_code"]].append(authority)
    sums = [Area("region", of_region) for of_region in regions.values()] + [Area("england", authorities)]
    return [Area("authority", authorities[:1]), *sums]


class Comparison:
    """Every cell compared so far, and every difference found."""

    def __init__(self, connection, source, authorities):
        self.connection, self.source, self.authorities = connection, source, authorities
        self.words = source.words()
        self.cells, self.asked, self.differences = collections.Counter(), collections.Counter(), 0
        self.series, self.known = None, ""

    def known_at(self, instant, connection):
        """From now on everything is as it was known at that instant."""
        self.connection, self.known = connection, f"&known_at={instant}"

    def about(self, area):
        """From now on everything is about that area."""
        self.area = area
        tables.count(self.connection, area.authorities)

    def as_at(self, day):
        """From now on everything is as at the end of that day."""
        self.day = day
        self.connection.execute(f"SET VARIABLE as_at = DATE '{day}'")

    def span(self, query, names=("from", "to")):
        """Cuts the span of a query into its periods: without a first day it begins with the Act's Part 3."""
        given = dict(urllib.parse.parse_qsl(query))
        first = given.get(names[0], "2014-09-01")
        # Without a last day it ends on the day asked about, or where it begins, if that is later.
        last = given.get(names[1], max(first, self.day))
        tables.cut(self.connection, first, last, given.get("every", "range"))

    def rows(self, sql):
        """The rows of a query, each a map from column to value."""
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]

    def table(self, path, query, keys, ours):
        """Compares the rows of an answer, found by `keys`, with ours: all columns, and no row more or less."""
        days = self.series or f"as_at={self.day}"
        question = f"{path}?authority={','.join(self.authorities)}&{days}{self.asking(query)}{self.known}"
        table = path.removeprefix("/v1/")
        self.asked[table] += 1
        theirs = self.by_key(question, table, keys)
        ours = {tuple(shown(row[key]) for key in keys): row for row in ours}
        for key in sorted(set(ours) | set(theirs), key=str):
            if key not in ours or key not in theirs:
                side = "ours only" if key in ours else "theirs only"
                self.differs(question, key, "(the row)", *(("there", "not there")[:: 1 if key in ours else -1]))
                print(f"    {side}: {ours.get(key) or theirs.get(key)}")
                continue
            for column in set(theirs[key]) | set(ours[key]):
                one, other = shown(ours[key].get(column)), theirs[key].get(column)
                missing = column not in ours[key] or column not in theirs[key]
                self.cells[table] += 1
                if missing or not same(one, other):
                    self.differs(question, key, column, "no column" if column not in ours[key] else one, other)

    def asking(self, query):
        """The rest of a question: a query, and the level of the area where it is more than one authority."""
        given = dict(urllib.parse.parse_qsl(query))
        if self.area.level != "authority":
            given["group_by"] = ",".join(filter(None, [self.area.level, given.get("group_by")]))
        return "".join(f"&{name}={value}" for name, value in given.items())

    def by_key(self, question, table, keys):
        """The rows of an answer by key, without the columns of place, which are compared here."""
        rows = {}
        for row in filter(self.area.has, self.source.pages(question)):
            if self.series and row["as_at"] != self.day:
                continue
            place = {"as_at": self.day, **self.area.place}
            for column in place.keys() & row.keys():
                self.cells[table] += 1
                if row[column] != place[column]:
                    self.differs(question, "every row", column, place[column], row[column])
            rest = {column: value for column, value in row.items() if column not in place}
            key = tuple(rest[key] for key in keys)
            if key in rows:
                self.differs(question, key, "(the row)", "once", "twice")
            rows[key] = rest
        return rows

    def differs(self, question, key, column, ours, theirs):
        """Prints one difference."""
        self.differences += 1
        print(f"DIFFERENCE {question}\n    key {key}, column {column}: ours {ours}, theirs {theirs}")


def shown(value):
    """A value as the wire has it: the range without periods is null, a day is text."""
    if value == "":
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value


def same(one, other):
    """Equal; numbers of any kind by value, and what the wire has as a binary number to its last digit but one."""
    if isinstance(one, float):
        return other is not None and abs(one - float(other)) <= 1e-12 * max(1.0, abs(one))
    if isinstance(one, list):
        return sorted(one) == sorted(other)
    return one == other
