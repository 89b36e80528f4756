"""The records as they were known at an instant, replayed from the ledger; and how a figure was revised between instants."""

import functools

# A figure: the noun whose records it counts, and those it counts.
FIGURES = {
    "waiting": ("referrals", "SELECT number FROM referral WHERE ended_on IS NULL"),
    "waiting_over_18_weeks": ("referrals", "SELECT number FROM referral WHERE ended_on IS NULL AND today() - received_on > 126"),
    "ehc_open": ("ehc_requests", "SELECT number FROM delay WHERE is_open"),
    "ehc_overdue": ("ehc_requests", "SELECT number FROM delay WHERE state = 'overdue'"),
    "plans_issued": ("ehc_requests", "SELECT number FROM request WHERE issued_on IS NOT NULL AND NOT contested"),
    "plans_within_20_weeks": (
        "ehc_requests", "SELECT number FROM request WHERE issued_on - started_on <= 140 AND NOT contested",
    ),
    "advice_outstanding": (
        "advice_requests", "SELECT number FROM advice_clock WHERE sent_on IS NOT NULL AND in_hand_on IS NULL AND NOT stopped",
    ),
}


class Ledger:
    """A source of records: what the entries up to an instant, applied one after another, make of them."""

    def __init__(self, source, instant):
        self.source, self.instant = source, instant

    def rows(self, noun, authority):
        """Every record of a noun as it was known."""
        return list(self.replayed(authority).get(noun, {}).values())

    @functools.cache
    def replayed(self, authority):
        """The records of an authority by noun and id."""
        known, after = {}, 0
        while True:
            page = self.source.get(f"/v1/changes?authority={authority}&after={after}&limit=1000")
            for entry in page["data"]:
                # To the second: an instant is asked about without fractions.
                if entry["recorded_at"][:19] <= self.instant[:19]:
                    known.setdefault(entry["type"], {})[entry["record"]["id"]] = entry["record"]
                after = entry["seq"]
            if page["page"]["up_to_date"]:
                return known


def counted(connection, figure):
    """The numbers of the records a figure counts, and of all it could count."""
    noun, sql = FIGURES[figure]
    return [{number for (number,) in connection.execute(of).fetchall()} for of in (sql, f"SELECT number FROM {noun}")]


def revisions(comparison, connections):
    """Every figure as it was known at some instants, each with its connection, and why it changed in between."""
    instants = list(connections)
    if set(comparison.source.listed("/v1/stats/revisions", "figure")) != set(FIGURES):
        raise SystemExit("the contract has other figures")
    for figure in FIGURES:
        ours, before, known_before = [], set(), set()
        for instant, connection in connections.items():
            connection.execute(f"SET VARIABLE as_at = DATE '{comparison.day}'")
            now, known = counted(connection, figure)
            newly, again, gone = now - known_before, (now - before) & known_before, before - now
            ours.append({
                "time_period": None, "figure": figure, "known_at": instant, "value": len(now), "newly_recorded": len(newly),
                "now_counts": len(again), "no_longer_counts": len(gone), "change": len(now) - len(before),
            })
            before, known_before = now, known
        comparison.table("/v1/stats/revisions", f"figure={figure}&known_at={','.join(instants)}", ["known_at"], ours)
