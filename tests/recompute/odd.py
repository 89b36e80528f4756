"""Sends random records to the service, lawful but unlikely, so that recomputing has corners to disagree about.

    venv/bin/python tests/recompute/odd.py http://127.0.0.1:8080 302 2025-01-16 --seed 1

What the service's checks reject is not a record; everything else is one. Dates are few and close, so that many fall on one
day and on the last days of limits.
"""

import argparse
import csv
import datetime
import io
import json
import random
import urllib.request

CHILD = {
    "sex": ["", "female", "male", "unknown"],
    "ethnicity_group": ["", "asian", "black", "unknown"],
    "primary_need": ["", "ASD", "SLCN", "SEMH"],
    "sen_status": ["", "no_sen", "sen_support", "ehc_plan"],
}
ADVICE = [
    "speech_and_language_therapy", "occupational_therapy", "physiotherapy", "educational_psychology", "medical",
    "education", "social_care", "parental", "other",
]
STEPS = [0, 0, 1, 7, 14, 15, 20, 28, 41, 42, 43, 60, 98, 112, 113, 139, 140, 141, 200, 364, 365]
FLAG = ["", "", "", "", "true", "false"]


class Dice:
    """Random dates and words, from a seed."""

    def __init__(self, seed, today):
        self.dice = random.Random(seed)
        self.today = datetime.date.fromisoformat(today)

    def one(self, words):
        """One of some words."""
        return self.dice.choice(words)

    def day(self, first="2022-09-01"):
        """A day from the first to today, as text."""
        start = datetime.date.fromisoformat(first)
        return str(start + datetime.timedelta(days=self.dice.randrange((self.today - start).days + 1)))

    def after(self, day, often=0.7):
        """A day some steps after another, never after today; empty without that one, or by chance."""
        if not day or self.dice.random() > often:
            return ""
        later = datetime.date.fromisoformat(day) + datetime.timedelta(days=self.one(STEPS))
        return str(later) if later <= self.today else ""


def children(dice):
    """Children about whom little is known."""
    for number in range(150):
        month = dice.one(["", f"{dice.one(range(1998, 2024))}-{dice.one(range(1, 13)):02}"])
        yield {"child_ref": f"KID-{number}", "birth_month": month, **{name: dice.one(of) for name, of in CHILD.items()}}


def requests(dice):
    """Requests, some without a start, reversed, contested or of detained persons."""
    for number in range(500):
        start = dice.day()
        received, responsible = dice.one([(start, ""), (start, ""), (start, ""), ("", start), ("", "")])
        decision = dice.one(["assess", "assess", "assess", "do_not_assess", ""])
        decided = dice.after(start, 1.0) if decision else ""
        outcome = dice.one(["", "plan", "plan", "no_plan"])
        outcome_on = dice.after(decided or start, 0.8) if outcome else ""
        draft = dice.after(outcome_on or decided or start)
        yield {
            "child_ref": f"KID-{dice.one(range(160))}", "received_on": received, "became_responsible_on": responsible,
            "request_source": dice.one(["", "school_or_setting", "other"]), "decision": decision if decided else "",
            "decision_on": decided, "outcome": outcome, "outcome_on": outcome_on, "draft_served_on": draft,
            "final_sent_on": dice.after(draft or outcome_on or decided, 0.6),
            "withdrawn_on": dice.after(draft or decided or start, 0.1),
            **{name: dice.one(FLAG) for name in ["request_mediation", "request_tribunal", "assessment_mediation",
                                                 "assessment_tribunal", "detained"]},
        }


def plans(dice):
    """Plans, some of which came or left."""
    for number in range(200):
        issued = dice.day()
        came = dice.after(issued, 0.2)
        moves = dice.one(["", f"{dice.one([2023, 2024, 2025, 2026])}-09-01", f"2025-{dice.one(range(1, 13)):02}-15"])
        transfer = dice.one(["primary_to_secondary", "secondary_to_post16", "post16_to_post16"]) if moves else ""
        named = dice.one(["", dice.day(), f"{dice.one([2024, 2025])}-{dice.one(['02-14', '02-15', '03-30', '03-31'])}"])
        yield {
            "phase_transfer": transfer, "phase_transfer_on": moves, "phase_transfer_final_on": named if moves else "",
            "child_ref": f"KID-{dice.one(range(150))}", "issued_on": issued, "transferred_in_on": came,
            "ceased_on": dice.after(came or issued, 0.3), "transferred_out_on": dice.after(issued, 0.2),
        }


def reassessments(dice):
    """Re-assessments, asked for or of the council's own motion."""
    for number in range(100):
        asked, own = dice.one([(dice.day(), ""), ("", dice.day())])
        decided = dice.after(asked)
        yield {
            "ehc_plan_id": f"ehc-plans-{dice.one(range(200))}", "requested_on": asked, "own_motion_on": own,
            "decision": dice.one(["reassess", "reassess", "do_not_reassess"]) if decided else "", "decision_on": decided,
            "final_sent_on": dice.after(decided or own, 0.4), "stopped_on": dice.after(decided or own or asked, 0.2),
        }


def assessment(dice):
    """What advice or an exception belongs to."""
    of_request = {"ehc_request_id": f"ehc-requests-{dice.one(range(500))}", "reassessment_id": ""}
    return dice.one([of_request] * 4 + [{"ehc_request_id": "", "reassessment_id": f"reassessments-{dice.one(range(100))}"}])


def advice(dice):
    """Requests for advice, sent back, declined, missed or accepted from before."""
    for number in range(2500):
        sent = dice.one([dice.day(), dice.day(), dice.day(), ""])
        received = dice.after(sent, 0.8)
        yield {
            **assessment(dice), "advice_type": dice.one(ADVICE), "provider_ref": dice.one(["", "NHS", "LA"]), "sent_on": sent,
            "received_by_body_on": received, "returned_on": dice.after(received or sent),
            "sent_back_on": dice.after(received or sent, 0.3), "declined_on": dice.after(received or sent, 0.1),
            "missed_appointment_on": dice.after(received, 0.2), "own_adviser": dice.one(FLAG),
            "existing_advice_accepted_on": "" if sent and dice.one(range(9)) else dice.day(),
        }


def exceptions(dice):
    """Exceptions of every ground, many of which fulfil nothing."""
    grounds = ["school_closure", "early_years_closure", "exceptional_personal_circumstances", "absent_from_area"]
    for number in range(800):
        starts = dice.day()
        closure = (dice.one(grounds) if number % 2 else grounds[number % 4])
        ends = str(datetime.date.fromisoformat(starts) + datetime.timedelta(days=dice.one([0, 26, 27, 28, 45, 90])))
        asked = str(datetime.date.fromisoformat(starts) + datetime.timedelta(days=dice.one([-8, -7, -1, 0, 20, 21, 22])))
        yield {
            **assessment(dice), "ground": closure, "starts_on": starts, "ends_on": dice.one([ends, ends, ends, ""]),
            "advice_requested_on": dice.one([asked, asked, ""]),
        }


def orders(dice):
    """Orders about requests, some of which replace their limits."""
    for number in range(80):
        yield {
            "source": "tribunal", "kind": dice.one(["assess", "make_plan", "reconsider", "amend_plan"]),
            "made_on": dice.day(), "ehc_request_id": f"ehc-requests-{dice.one(range(500))}",
        }


def referrals(dice):
    """Referrals that went every way."""
    for number in range(1500):
        received = dice.day()
        seen = dice.after(received, 0.6)
        assessed = dice.after(seen or received, 0.5)
        yield {
            "child_ref": f"KID-{dice.one(range(160))}", "received_on": received, "provider_ref": dice.one(["", "NHS", "LA"]),
            "discipline": dice.one(["speech_and_language_therapy", "occupational_therapy", "physiotherapy"]),
            "priority": dice.one(["", "routine", "urgent"]), "purpose": dice.one(["", "core", "ehc_advice"]),
            "referral_source": dice.one(["", "education", "other"]), "rejected_on": dice.after(received, 0.1),
            "first_contact_on": seen, "assessment_completed_on": assessed,
            "discharged_on": dice.after(assessed or seen or received, 0.3),
            "withdrawn_on": dice.after(assessed or seen or received, 0.1),
        }


def reviews(dice):
    """Reviews, some of whose meetings or decisions have no day."""
    for number in range(500):
        meeting = dice.one([dice.day(), dice.day(), dice.day(), ""])
        decided = dice.after(meeting or dice.day(), 0.7)
        yield {
            "ehc_plan_id": f"ehc-plans-{dice.one(range(200))}", "meeting_on": meeting, "decision_on": decided,
            "decision": dice.one(["", "maintain", "amend", "cease"]),
        }


FILES = {
    "children": children, "ehc-requests": requests, "ehc-plans": plans, "reassessments": reassessments,
    "advice-requests": advice, "timescale-exceptions": exceptions, "orders": orders, "referrals": referrals,
    "annual-reviews": reviews,
}


def main():
    """Makes each file and sends it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base", help="address of the service")
    parser.add_argument("authority", help="DfE code of an authority without records")
    parser.add_argument("today", help="the service's day")
    parser.add_argument("--seed", default="1", help="other random records")
    given = parser.parse_args()
    dice = Dice(given.seed, given.today)
    for noun, made in FILES.items():
        rows = [{"external_id": f"{noun}-{number}", **row} for number, row in enumerate(made(dice))]
        file = io.StringIO()
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        url = f"{given.base}/v1/imports?type={noun}&authority={given.authority}"
        asked = urllib.request.Request(url, file.getvalue().encode(), {"Content-Type": "text/csv"}, method="POST")
        with urllib.request.urlopen(asked, timeout=120) as answer:
            counts = json.load(answer)
        print(f"{noun}: {counts['created']} records, {counts['rejected']} rejected")


if __name__ == "__main__":
    main()
