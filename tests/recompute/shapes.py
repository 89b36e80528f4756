"""The same figures asked for otherwise: as a series of days, case by case, and beside what DfE has published."""

import csv

import attribution
import compare
import ehc
import therapy

# A question of a series, and the days it is about: counted back from the last, where month ends stay month ends.
SERIES = [
    ("from=2024-08-01&to=2024-11-30&every=month", ["2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30"]),
    ("from=2023-12-01&to=2024-09-30&every=quarter", ["2023-12-31", "2024-03-31", "2024-06-30", "2024-09-30"]),
    ("from=2024-12-20&to=2025-01-10&every=week", ["2024-12-20", "2024-12-27", "2025-01-03", "2025-01-10"]),
    ("as_at=2024-02-29,2023-05-06,2025-01-01", ["2024-02-29", "2023-05-06", "2025-01-01"]),
]
FILES = {
    "plan": ("timeliness_20_week_2024.csv", "plans_issued"),
    "decision_to_assess": ("requests_2024.csv", "request_outcome"),
    "decision_not_to_issue": ("assessments_2024.csv", "outcome_decision"),
}


def series(comparison, day):
    """The waiting list and the summary of delays on several days at once: each as on that day alone."""
    for asked, days in SERIES:
        for one in days:
            comparison.as_at(one)
            comparison.series = asked
            therapy.waiting_list(comparison, "group_by=discipline,sex")
            ehc.delays(comparison, "group_by=outstanding_advice")
            comparison.series = None
    comparison.as_at(day)


def cases(comparison, day):
    """The late days of late cases one by one; every seventh, which are enough."""
    comparison.as_at(day)
    late = sorted(comparison.rows(attribution.CASES), key=lambda case: case["id"])[::7]
    for case in late:
        for rule in ("shapley", "critical_path"):
            whole, steps, last = attribution.assign(case, attribution.STANDARDS, rule)
            theirs = comparison.source.get(f"/v1/ehc-plan-delays/{case['id']}/attribution?as_at={day}&rule={rule}")["data"]
            shares = {row["step"]: row["share_parts"] for row in theirs}
            for step in shares.keys() | steps.keys():
                comparison.cells["ehc-plan-delays/{id}/attribution"] += 1
                ours = attribution.whole_number(steps[step][0] * attribution.PARTS) if step in steps else 0
                if ours != shares.get(step, 0):
                    comparison.differs(case["id"], step, "share_parts", ours, shares.get(step))
        comparison.asked["ehc-plan-delays/{id}/attribution"] += 2


def published(comparison, day):
    """What stands beside a council's own figures is what DfE has published of its region, of England and of others."""
    folder = compare.PUBLISHED.parent
    for stage, (name, prefix) in FILES.items():
        question = (
            f"/v1/stats/ehc-timeliness?authority={comparison.authorities[0]}&as_at={day}&stage={stage}"
            "&issued_from=2024-01-01&issued_to=2024-12-31&compare=region,england,neighbours&neighbours=302,316"
        )
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            files = {row["old_la_code"] or row["region_code"] or "England": row for row in csv.DictReader(file)}
        compared = 0
        for row in comparison.source.pages(question):
            if row["figures_of"] == "records":
                continue
            theirs = files[row["old_la_code"] or row["region_code"] or "England"]
            for column in row.keys() & theirs.keys():
                if not column.lower().startswith((prefix, f"pc_{prefix}")):
                    continue
                compared += 1
                one = None if theirs[column] in ("x", "z", "") else float(theirs[column])
                if one != (None if row[column] is None else float(row[column])):
                    comparison.differs(question, row["la_name"] or row["region_name"], column, one, row[column])
        if compared < 20:
            raise SystemExit(f"{question} has only {compared} cells to compare")
        comparison.cells["ehc-timeliness, published"] += compared
        comparison.asked["ehc-timeliness, published"] += 1


CHECKS = [series, cases, published]
