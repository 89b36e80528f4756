//! Definitions of capacity: what staff can offer, what is asked of them, and whether that is enough.

use super::{Definition, whole};

const MODEL: &str = "This service's model of therapists' time; Agenda for Change for whole-time hours and leave; the parameters are the council's own capacity rules, or assumptions that every answer names.";

/// What staff can offer.
pub static CAPACITY: Definition = Definition {
    id: "capacity",
    title: "What staff can offer",
    counted: "For each week and discipline, minutes contracted and what each of them is spent on; whole slots of first contacts and EHC advice, rounded person by person; and of weeks that are over, the first contacts that were delivered.",
    formula: "contracted = bank holidays + school holidays (term-time only) + maternity + sickness + leave + study + non-clinical + ramp + supervision + follow-ups + first contacts + EHC advice + unallocated. Each share is of what those before have left: clinical = given × (1 − leave) × (1 − sickness) × (1 − study ÷ 253) × (1 − non-clinical) × ramp. Weeks on a ramp count from the first day in the discipline without a break of more than a week. Slots = minutes × job-plan share ÷ minutes of one appointment. A person's running sum of slots is rounded down, and begins anew every 52 weeks from their first Monday.",
    includes: "Everyone who holds a post on the day, absences on record (no sickness is expected beside it in the time in which an authority records spells), the leave entitlement that is not booked yet spread over the leave year, more of it in school holidays; where no term is on record, thirteen weeks of a year are taken as holidays. Follow-ups of first contacts on record, and of planned ones in weeks that are not over.",
    excludes: "Authorities in which nobody ever held a post of the therapy: authorities_without_staff counts them. Vacant posts: nobody works in them. Recruits before their holding is recorded. Overtime.",
    source: MODEL,
    shown: &[whole("/v1/stats/capacity", "Capacity")],
};

/// What is asked of staff.
pub static CAPACITY_DEMAND: Definition = Definition {
    id: "capacity-demand",
    title: "Demand against capacity",
    counted: "For each week and discipline, the minutes that referrals, requests for EHC advice and follow-ups take, beside the clinical minutes there are.",
    formula: "load = demand minutes ÷ clinical minutes. Largest list = children who can be expected to be seen in the 126 (42) days after the week: whole slots, spread over its open days, × attended × realisation factor.",
    includes: "Weeks that are over by what is on record; others by the mean of the last thirteen weeks that are over.",
    excludes: "Authorities in which nobody ever held a post of the therapy: authorities_without_staff counts them. Seasons: the expected demand is the same in every week. Referrals for EHC advice: the requests for advice stand for them.",
    source: MODEL,
    shown: &[whole("/v1/stats/capacity-demand", "CapacityDemand")],
};

/// Whether staff is enough.
pub static CAPACITY_OUTLOOK: Definition = Definition {
    id: "capacity-outlook",
    title: "Whether staff is enough",
    counted: "As at a day, for each discipline: demand and clinical minutes of the weeks ahead, who waits, when one more child could be seen, and the weeks of work that wait.",
    formula: "sustainable = first contacts expected (whole slots × attended × realisation factor) are at least the referrals expected, and so is advice. Next wait = first day by which as many children can be expected to be seen as wait, and one more, first come, first served. Pressure = that wait ÷ 126 days (first contact) or 42 days (advice, SI 2014/1530 reg 8). Weeks of work waiting = minutes of those who wait ÷ weekly clinical minutes without follow-ups.",
    includes: "Staff on record, with starts, ends, leave and study that lie ahead; sickness that had begun. A spell of sickness without an end is taken to go on for 28 days after the day, maternity leave without one to last 52 weeks from its first day. Those who wait count wherever they do; every other figure is of authorities with staff, and authorities_without_staff counts the rest.",
    excludes: "Recruits to come, leavers nobody has recorded, priorities among those who wait.",
    source: MODEL,
    shown: &[whole("/v1/stats/capacity-outlook", "CapacityOutlook")],
};
