//! Definitions of the clocks of the law: any clock, the queue, reviews, moves between phases, exceptions.

use super::{Definition, whole};

/// Any clock.
pub static CLOCK_TIMELINESS: Definition = Definition {
    id: "clock-timeliness",
    title: "Timeliness of any clock",
    counted: "Instances of one clock by the day they were due and by how they stand; percentages leave exempt ones out. What is only guidance is left out of the counts of a statutory clock, unless asked for by force.",
    formula: "due = met + breached + overdue; pc_met = met ÷ due. days_late_total = sum of day done (or, while not done, the day asked about) − last day in time.",
    includes: "Clocks due on the first and on the last day of the period. What was done on the last day in time is met.",
    excludes: "Exempt, open and unbound instances are in no percentage. A window of a parent or young person that had closed is unbound, never breached.",
    source: "The regulation of each clock, named in /v1/clock-rules: SI 2014/1530, and the Children and Families Act 2014.",
    shown: &[whole("/v1/stats/clock-timeliness", "ClockTimeliness")],
};

/// The queue.
pub static DEADLINES: Definition = Definition {
    id: "deadlines",
    title: "Deadlines that run or have passed",
    counted: "Clocks of the law that have started and whose act was not done at the end of the day.",
    formula: "days_left = last day in time − day asked about; days_late the other way round.",
    includes: "Open, overdue and exempt clocks. On the last day in time none are left, and the clock is open.",
    excludes: "Clocks that are met, breached or no longer bind; windows that have to be left open, which are no deadlines.",
    source: "The regulation of each clock, named in the row and in /v1/clock-rules.",
    shown: &[whole("/v1/deadlines", "Deadline")],
};

/// Reviews.
pub static ANNUAL_REVIEWS: Definition = Definition {
    id: "annual-reviews",
    title: "Annual reviews",
    counted: "Reviews of EHC plans by the day of their meeting; a review is complete when the decision is notified, within four weeks by reg 20(10).",
    formula: "Days = day the decision was notified − day of the meeting; up to 28 is in time. Percentages are of the reviews decided on a known day. total_ehc_plans: plans maintained at the end of the period.",
    includes: "Meetings on the first and on the last day of the period. An outcome without its day counts as an outcome and in no time. With compare, the published rows are of the last review of each plan maintained on the census day in January 2025, whenever it was.",
    excludes: "Reviews without a meeting. Reviews that fell due and were not held: clock-timeliness of annual_review_12m has those.",
    source: "DfE, Education, health and care plans, 2025 release, with its column names; SI 2014/1530 regs 18 to 22.",
    shown: &[whole("/v1/stats/annual-reviews", "AnnualReviews")],
};

/// Moves between phases.
pub static PHASE_TRANSFERS: Definition = Definition {
    id: "phase-transfers",
    title: "Transfers between phases",
    counted: "EHC plans whose child moves between phases of education, SI 2014/1530 reg 18: before 15 February, before 31 March to post-16, five months before between post-16 institutions.",
    formula: "pc_in_time_strict = in_time ÷ (in_time + on_the_day + late + overdue); pc_in_time_operational adds on_the_day to the first.",
    includes: "Moves on the first and on the last day of the range, which may lie ahead. Strictly, the next setting must be named on the day before; guidance takes the day itself as in time.",
    excludes: "Open ones and plans that ended are in no percentage. A plan made after the limit, or that came from another council with the next setting named, has no such clock.",
    source: "SI 2014/1530 reg 18(1) and (2); SEND Code of Practice for the day itself.",
    shown: &[whole("/v1/stats/phase-transfers", "PhaseTransfers")],
};

/// Exceptions.
pub static EXCEPTIONS: Definition = Definition {
    id: "exceptions",
    title: "Exceptions by ground",
    counted: "Exceptions to the time limits on record, by ground, tested against the final plan of their case, reg 13(3) with 10(4), or of their re-assessment, reg 27(3).",
    formula: "Counts: recorded; of those, conditions fulfilled; of those, needed, because the case is past its last day in time.",
    includes: "Exceptions that began on the first and on the last day of the range.",
    excludes: "What is no ground in law, such as shortage of staff, cannot be recorded. Missed appointments excuse the body and not the plan: they stand on the request for advice.",
    source: "SI 2014/1530 regs 10(4), 13(3) and 27(3).",
    shown: &[whole("/v1/stats/exceptions", "Exceptions")],
};
