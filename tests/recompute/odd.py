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
import pathlib
import random
import urllib.request

import odd_staff

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

    def ahead(self, first=None):
        """A day within half a year of the first, or of today; it may lie ahead."""
        start = datetime.date.fromisoformat(first) if first else self.today - datetime.timedelta(days=60)
        return start + datetime.timedelta(days=self.dice.randrange(180))

    def before(self, day):
        """A day two weeks or so before another, not after today; empty without that one, or by chance."""
        if not day or self.dice.random() > 0.7:
            return ""
        earlier = datetime.date.fromisoformat(day) - datetime.timedelta(days=self.one([0, 1, 13, 14, 15, 16, 30]))
        return str(earlier) if earlier <= self.today else ""


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
        moving, changing = dice.after(issued, 0.3), dice.after(came or issued, 0.3)
        told = dice.after(changing)
        yield {
            "move_known_on": moving, "moves_on": dice.one(["", str(dice.ahead())]) if moving else "",
            "transfer_informed_on": dice.after(came, 0.6), "icb_change_known_on": changing, "new_icb_told_on": told,
            "icb_review_asked_on": dice.after(told, 0.4),
            "phase_transfer": transfer, "phase_transfer_on": moves, "phase_transfer_final_on": named if moves else "",
            "child_ref": f"KID-{dice.one(range(150))}", "issued_on": issued, "transferred_in_on": came,
            "ceased_on": dice.after(came or issued, 0.3), "transferred_out_on": dice.after(moving or issued, 0.3),
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
    """Orders, concessions and agreements, some of which replace the limits of a request, some with days of their own."""
    kinds = ["assess", "make_plan", "reconsider", "amend_plan", "amend_school_only", "cease", "continue_plan",
             "recommendation", "other_agreement"]
    for number in range(600):
        made = dice.day()
        draft = dice.after(made, 0.4)
        yield {
            "source": dice.one(["tribunal", "tribunal", "concession", "mediation"]), "kind": dice.one(kinds), "made_on": made,
            **about(dice, 500 if number < 80 or number % 2 else 0), "directed_by": dice.one(["", "", "", str(dice.ahead(made))]),
            "notified_on": dice.after(made), "refused_plan_on": dice.after(made, 0.2), "draft_issued_on": draft,
            "final_sent_on": dice.after(draft or made, 0.4), "complied_on": dice.after(made, 0.4),
        }


def about(dice, of_request):
    """A link to one of so many requests; of none, to a plan."""
    request = f"ehc-requests-{dice.one(range(of_request))}" if of_request else ""
    return {"ehc_request_id": request, "ehc_plan_id": "" if request else f"ehc-plans-{dice.one(range(200))}"}


def disputes(dice):
    """Decisions that may be appealed, with every turn of mediation."""
    for number in range(600):
        decision = dice.one(["refusal_to_assess", "refusal_of_plan", "contents", "placement_only", "refusal_to_reassess",
                             "refusal_to_amend", "ceasing"])
        sent = dice.day()
        contacted, requested, agreed = dice.after(sent), dice.after(sent, 0.6), dice.after(sent, 0.2)
        wanted = dice.one(["", "council", "health", "both"]) if requested else ""
        held = dice.after(requested, 0.5)
        declined = dice.after(contacted, 0.2)
        ends = dice.one(["appealed_on", "settled_on"])
        yield {
            "decision": decision, "notice_sent_on": sent, **about(dice, 500 if decision.startswith("refusal_of") or
                                                                    decision == "refusal_to_assess" else 0),
            "adviser_contacted_on": contacted, "mediation_declined_on": declined, "mediation_requested_on": requested,
            "mediation_about": wanted, "mediation_held_on": held, ends: dice.after(sent, 0.5),
            "icb_informed_on": dice.after(requested, 0.6) if wanted in ("health", "both") else "",
            "certificate_issued_on": dice.after(max(contacted, declined, held), 0.6), "agreed_without_council_on": agreed,
            "council_told_on": dice.after(agreed),
        }


def consultations(dice):
    """Consultations of settings, some withdrawn."""
    for number in range(500):
        asked = dice.day()
        yield {
            **about(dice, dice.one([500, 0])), "consulted_on": asked, "replied_on": dice.after(asked),
            "withdrawn_on": dice.after(asked, 0.2),
        }


def amendments(dice):
    """Amendments without a review."""
    for number in range(300):
        noticed = dice.day()
        yield {"ehc_plan_id": f"ehc-plans-{dice.one(range(200))}", "notice_sent_on": noticed, **outcome(dice, noticed)}


def outcome(dice, noticed):
    """What becomes of a notice of amendments: a plan, or nothing after all."""
    return {dice.one(["final_sent_on", "not_amended_on"]): dice.after(noticed)}


def calendars(dice):
    """Bank holidays that this council alone has."""
    for number in range(12):
        day = dice.day()
        yield {"kind": "bank_holiday", "starts_on": day, "ends_on": day}


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
    """Reviews, some of whose meetings or decisions have no day, some of whose meetings lie ahead."""
    for number in range(900):
        meeting = dice.one([dice.day(), dice.day(), dice.day(), "", str(dice.ahead())])
        decided = dice.after(meeting or dice.day(), 0.7)
        decision = dice.one(["", "maintain", "amend", "amend", "cease"])
        noticed = dice.after(meeting or decided, 0.7) if decision in ("amend", "") else ""
        yield {
            "ehc_plan_id": f"ehc-plans-{dice.one(range(200))}", "meeting_on": meeting, "decision_on": decided,
            "decision": decision if decided or meeting <= str(dice.today) else "", "report_sent_on": dice.after(meeting),
            "notice_sent_on": dice.before(meeting), "amendment_notice_sent_on": noticed, **outcome(dice, noticed),
        }


FILES = {
    "children": children, "ehc-requests": requests, "ehc-plans": plans, "reassessments": reassessments,
    "advice-requests": advice, "timescale-exceptions": exceptions, "orders": orders, "referrals": referrals,
    "annual-reviews": reviews, "disputes": disputes, "consultations": consultations, "plan-amendments": amendments,
    "calendars": calendars, **odd_staff.FILES,
}


def main():
    """Makes each file and sends it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base", help="address of the service, or a folder to write the files into")
    parser.add_argument("authority", help="DfE code of an authority without records")
    parser.add_argument("today", help="the service's day")
    parser.add_argument("--seed", default="1", help="other random records")
    given = parser.parse_args()
    dice = Dice(given.seed, given.today)
    for noun, made in FILES.items():
        rows = [{"external_id": f"{noun}-{number}", **row} for number, row in enumerate(made(dice))]
        file = io.StringIO()
        writer = csv.DictWriter(file, {column: None for row in rows for column in row})
        writer.writeheader()
        writer.writerows(rows)
        if "://" not in given.base:
            (pathlib.Path(given.base) / f"{noun}.csv").write_text(file.getvalue(), "utf-8")
            print(f"{noun}: {len(rows)} rows")
            continue
        url = f"{given.base}/v1/imports?type={noun}&authority={given.authority}"
        asked = urllib.request.Request(url, file.getvalue().encode(), {"Content-Type": "text/csv"}, method="POST")
        with urllib.request.urlopen(asked, timeout=120) as answer:
            counts = json.load(answer)
        print(f"{noun}: {counts['created']} records, {counts['rejected']} rejected")


if __name__ == "__main__":
    main()
