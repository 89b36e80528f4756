//! Definitions of what cases wait for: advice, delays, and whose step the late days fall to.

use super::{Definition, some, whole};

const ATTRIBUTION: &str = "/v1/stats/delay-attribution";
const OF_A_CASE: &str = "/v1/ehc-plan-delays/{id}/attribution";

/// Advice asked for and returned.
pub static ADVICE_TIMELINESS: Definition = Definition {
    id: "advice-timeliness",
    title: "Advice within six weeks",
    counted: "Requests for advice to EHC needs assessments and re-assessments by the day they were sent; six weeks from the body's receipt, SI 2014/1530 reg 8(1).",
    formula: "pc_within_six_weeks = within_six_weeks ÷ (within_six_weeks + late). Days = day the advice was in hand − day the body received the request (the day it was sent, if receipt is not recorded); up to 42 is in time.",
    includes: "Requests sent on the first and on the last day of the period. Late counts advice that came later and advice still out past the limit. Sent back and returned again counts in both. Advice of the council's own advisers counts too, although its six weeks are guidance.",
    excludes: "From the percentage: requests not yet due, declined, or excused by an exception. Outstanding leaves out cases that have ended.",
    source: "SI 2014/1530 reg 8(1), exceptions reg 8(2); re-assessments reg 26.",
    shown: &[whole("/v1/stats/advice-timeliness", "AdviceTimeliness")],
};

/// Advice never asked for.
pub static ADVICE_COVERAGE: Definition = Definition {
    id: "advice-coverage",
    title: "Advice never asked for, and plans without it",
    counted: "EHC needs assessments by the day of the decision, and plans by the day of issue, for each kind of advice of SI 2014/1530 reg 6(1).",
    formula: "never_asked = assessments − asked. plans_without_advice: asked for, and not in hand on the day the plan was issued. plans_never_asked: not asked for by that day.",
    includes: "Every decision to assess and every plan of the period, once in the row of each kind of advice. Earlier advice that was accepted counts as asked and as in hand.",
    excludes: "No judgement whether the advice was needed: the law asks for therapy advice only where the child's needs call for it.",
    source: "SI 2014/1530 reg 6(1) and (4).",
    shown: &[whole("/v1/stats/advice-coverage", "AdviceCoverage")],
};

/// Cases, one by one.
pub static EHC_PLAN_DELAYS: Definition = Definition {
    id: "ehc-plan-delays",
    title: "Open and late cases, one by one",
    counted: "EHC requests without final plan, refusal or withdrawal at the end of the day, and plans issued after their twenty weeks.",
    formula: "days_over = day the plan was sent (or, while open, the day asked about) − last day in time; 0 before and on it.",
    includes: "Open cases, in time or not; plans issued late. Exempt ones have states of their own.",
    excludes: "Plans issued in time; cases refused, withdrawn or under an order; cases whose start nobody knows.",
    source: "SI 2014/1530 reg 13(2) and (3).",
    shown: &[whole("/v1/ehc-plan-delays", "EhcPlanDelay"), whole("/v1/ehc-plan-delays/{id}", "EhcPlanDelay")],
};

/// Cases, counted.
pub static EHC_PLAN_DELAYS_SUMMARY: Definition = Definition {
    id: "ehc-plan-delays-summary",
    title: "Open and late cases, counted",
    counted: "Open EHC requests by days past twenty weeks, SI 2014/1530 reg 13(2); exempt ones apart.",
    formula: "Days over = day asked about − last day in time, in bands: 1–28, 29–84, 85–182, 183–364, 365 and more. The bands sum to overdue.",
    includes: "The last day of a band belongs to it. By outstanding advice, a case that waits for two kinds counts in both rows.",
    excludes: "Plans already issued. Cases that an exception excuses are in exempt and in no band.",
    source: "SI 2014/1530 reg 13(2) and (3); reg 8(1) for the advice.",
    shown: &[whole("/v1/ehc-plan-delays/summary", "EhcPlanDelaySummary")],
};

/// Late days by step.
pub static DELAY_ATTRIBUTION: Definition = Definition {
    id: "delay-attribution",
    title: "Late days by step: Shapley shares",
    counted: "Days past twenty weeks by step, Shapley shares: each step's share is its average effect over every order in which the steps could be brought to their standard; the shares sum to the delay.",
    formula: "Share of a step = mean, over every order of the late steps, of the days that vanish when it is brought to its standard after those before it. Standards: decision 42 days, asking 0, each advice 42, drafting 21, consultation 35; others can be given. Counted in 360,360ths of a day, so that shares sum exactly.",
    includes: "Plans issued late in the period, and cases overdue on the day asked about. Requests for one kind of advice are one step. Time that no record divides is unrecorded.",
    excludes: "Cases that an exception excuses. Advice that came after the draft, or never, did not hold it up.",
    source: "Shapley, A Value for n-Person Games, 1953, on the limits of SI 2014/1530 regs 5, 8 and 13.",
    shown: &[whole(ATTRIBUTION, "DelayAttribution"), whole(OF_A_CASE, "CaseAttribution")],
};

/// The other rule.
pub static DELAY_ON_CRITICAL_PATH: Definition = Definition {
    id: "delay-attribution-critical-path",
    title: "Late days by step: along the critical path",
    counted: "Days past twenty weeks by step along the critical path: backwards from the end each step is given its days past its own standard until the delay is used up; the shares sum to the delay.",
    formula: "Consultation, drafting, the wait for the advice that came last, its asking, the decision, in this order: each is given min(days past its standard, delay not yet given).",
    includes: "The same cases and standards as delay-attribution.",
    excludes: "Advice that did not come last is given nothing, however late it was.",
    source: "The critical-path method of project planning, on the limits of SI 2014/1530 regs 5, 8 and 13.",
    shown: &[
        some(
            "/v1/stats/delay-attribution?rule=critical_path",
            "DelayAttribution",
            &["share_days", "share_parts", "pc_of_late_days"],
        ),
        some(
            "/v1/ehc-plan-delays/{id}/attribution?rule=critical_path",
            "CaseAttribution",
            &["share_days", "share_parts"],
        ),
    ],
};

/// What mending one step would save.
pub static FIX_ONLY_THIS: Definition = Definition {
    id: "fix-only-this-saves",
    title: "What mending one step alone would save",
    counted: "Late days that would not have been, had this step kept its standard in every case and everything else taken as long as it did.",
    formula: "Delay − delay with this step at its standard, summed over the late cases.",
    includes: "The same cases and standards as delay-attribution.",
    excludes: "It does not sum to the delay: where two advisers were late together, mending one alone saves little or nothing.",
    source: "Our own, on the path of each case as recorded.",
    shown: &[
        some(ATTRIBUTION, "DelayAttribution", &["fix_only_this_saves_days"]),
        some(OF_A_CASE, "CaseAttribution", &["fix_only_this_saves_days"]),
    ],
};

/// Whose advice came last.
pub static LAST_ADVISER: Definition = Definition {
    id: "last-adviser",
    title: "Whose advice came last",
    counted: "Late cases by whose advice was the last the draft waited for.",
    formula: "One adviser for each late case that has advice: the one whose advice came last before the draft, or is still out.",
    includes: "The same cases as delay-attribution.",
    excludes: "Cases without advice by the draft. It says who came last, not who was late: an adviser asked late may have been quick.",
    source: "Our own.",
    shown: &[
        some(ATTRIBUTION, "DelayAttribution", &["cases_it_came_last"]),
        some(OF_A_CASE, "CaseAttribution", &["last_adviser"]),
    ],
};
