"""Random staff: posts more or less than filled, workers in several of them, absences that overlap, rounds and trainees."""

import datetime

DISCIPLINES = ["speech_and_language_therapy", "occupational_therapy", "physiotherapy"]
TERMS = ["permanent", "permanent", "permanent", "fixed_term", "bank", "agency", "trainee"]


def later(dice, day, most):
    """A day so many days after another at the most; it may lie ahead."""
    return str(datetime.date.fromisoformat(day) + datetime.timedelta(days=dice.one(range(most + 1))))


def services(dice):
    """Services that posts belong to."""
    for number in range(3):
        yield {"service_ref": f"SVC-{number}", "provider_ref": "NHS", "discipline": DISCIPLINES[number]}


def posts(dice):
    """Posts of every band, some of which end, some not yet begun."""
    for number in range(40):
        starts = dice.one([dice.day(), "2020-01-01", str(dice.ahead())])
        yield {
            "post_ref": f"POST-{number}", "discipline": dice.one(DISCIPLINES), "band": dice.one(["5", "6", "7", "8a"]),
            "service_ref": dice.one(["", "SVC-0", "SVC-1", "SVC-2"]), "funded_wte": dice.one([0.5, 1, 1, 1.6, 2, 3.25]),
            "starts_on": starts, "ends_on": dice.one(["", "", "", later(dice, starts, 1500)]),
        }


def holdings(dice):
    """Who holds them, on what terms, some for a few weeks."""
    for number in range(160):
        starts = dice.one([dice.day(), dice.day(), str(dice.ahead())])
        yield {
            "worker_ref": f"W-{dice.one(range(70))}", "post_ref": f"POST-{dice.one(range(40))}",
            "wte": dice.one([0.2, 0.35, 0.4, 0.5]), "engagement": dice.one(TERMS),
            "newly_qualified": dice.one(["", "", "true", "false"]), "starts_on": starts,
            "ends_on": dice.one(["", "", later(dice, starts, 700), later(dice, starts, 60)]),
        }


def absences(dice):
    """Absences, of which some have no end."""
    for number in range(200):
        starts, kind = dice.one([dice.day(), str(dice.ahead())]), dice.one(["booked_leave", "sickness", "maternity", "study"])
        ends = later(dice, starts, 120)
        yield {
            "worker_ref": f"W-{dice.one(range(70))}", "kind": kind, "starts_on": starts,
            "ends_on": ends if kind in ("booked_leave", "study") else dice.one(["", ends, ends]),
        }


def rounds(dice):
    """Rounds of recruiting, with days that nobody wrote down."""
    for number in range(150):
        approved = dice.day()
        advertised = dice.after(approved)
        offered = dice.after(advertised or approved)
        ended = dice.after(offered or advertised or approved)
        outcome = dice.one(["appointed", "appointed", "nobody_suitable", "offer_declined", "withdrawn"]) if ended else ""
        yield {
            "post_ref": f"POST-{dice.one(range(40))}", "round": dice.one([1, 1, 2, 3, 7]), "approved_on": approved,
            "advertised_on": advertised, "offered_on": offered, "outcome": outcome, "outcome_on": ended,
            "starts_on": later(dice, ended, 90) if outcome == "appointed" else "",
        }


def trainees(dice):
    """Trainees who qualify long since, soon, or never here."""
    for number in range(80):
        began = dice.one(["", dice.day(), dice.day()])
        yield {
            "trainee_ref": f"T-{number}", "discipline": dice.one(DISCIPLINES), "started_on": began,
            "programme": dice.one(["undergraduate", "postgraduate", "apprenticeship", "return_to_practice", "other"]),
            "service_ref": dice.one(["", "SVC-0", "SVC-1"]), "wte": dice.one([0.45, 0.6, 1]),
            "qualifies_on": later(dice, began or dice.day(), 900), "left_on": dice.after(began, 0.2),
            "retention_probability": dice.one([0, 0.125, 0.3333, 0.75, 1]),
        }


def ramps(dice):
    """The productivity of the newly qualified, another for each therapy, and once another from a day on."""
    for number, discipline in enumerate(DISCIPLINES):
        for week, share in [(0, 0.1), (7, 0.25), (30 + number, 0.7), (52, 1)]:
            for starts, ends in [("2015-01-01", "2024-06-30"), ("2024-07-01", "")]:
                value = round(share * (0.9 if ends else 1), 4)
                yield {
                    "discipline": discipline, "setting": "ramp_newly_qualified", "week": week, "value": value,
                    "starts_on": starts, "ends_on": ends,
                }


FILES = {
    "services": services, "posts": posts, "post-holdings": holdings, "absences": absences, "recruitments": rounds,
    "trainees": trainees, "capacity-rules": ramps,
}
