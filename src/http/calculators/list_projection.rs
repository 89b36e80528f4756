//! The calculator of a list that does not empty: where it goes, when the next child is seen, how long it may be.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use super::{inputs, quantity};
use crate::domain::capacity::projection::{Fluid, NextChild, TailDecay, longest_list, week_seen};
use crate::domain::capacity::rounding::{as_real, whole_slots};
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind, Query};

/// Version of its formulas.
const VERSION: u32 = 1;

/// As far ahead as the next child's week is looked for.
const WEEKS_MAX: usize = 5_200;

/// Weeks of advice: regulation 8 of the SEND Regulations 2014.
const ADVICE_WEEKS: i64 = 6;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let rate = ParamKind::Number(0.0, 100_000.0);
    let params = vec![
        Param::required("queue", "How many wait now.", ParamKind::Whole(0, 10_000_000)).such_as("400"),
        Param::required("arrivals_per_week", "Children who come in a week.", rate).such_as("30"),
        Param::required("slots_per_week", "Children who can be seen in a week; not a whole number if need be.", rate).such_as("40"),
        Param::new(
            "slots_by_week",
            "Slots of the coming weeks one by one, where they differ, such as over a holiday: for the next child's week and the longest list, before slots_per_week goes on.",
            ParamKind::Numbers(520, 0.0, 100_000.0),
        )
        .such_as("40,40,12,0,0,40"),
        Param::new(
            "withdrawal_rate_per_week",
            "The rate at which each child that waits leaves the list unseen, in a week: 0.02 is some two in a hundred of the list. 0 if left out.",
            ParamKind::Number(0.0, 10.0),
        )
        .such_as("0.02"),
        Param::new(
            "target_queue",
            "How long the list is to be; the longest that still meets the deadline, if left out.",
            ParamKind::Number(0.0, 10_000_000.0),
        )
        .such_as("45"),
        Param::new(
            "deadline_weeks",
            "Weeks within which a child is to be seen; 6 if left out, the time for advice.",
            ParamKind::Whole(1, 520),
        )
        .such_as("6"),
    ];
    vec![
        Operation::new(Method::GET, "/v1/calculators/list-projection", "project_list", None, handler!(calculate))
            .says("capacity", "Project a list by its rates", "When a list comes down to a target, how long it is in 26 and 52 weeks, when the next child is seen, and how long the list may be for a deadline to be met. Of a list that does not empty this says more than any queue that has settled. A target that is not reached at these rates is said to be, and the weeks are null. Nothing is kept.")
            .takes(params)
            .answers(200, "The quantities, each with its unit and formula.", "ListProjection"),
    ]
}

async fn calculate(call: Call) -> Result<HttpResponse, Problem> {
    let query = &call.query;
    let queue = query.whole("queue").unwrap_or(0);
    let deadline = query.whole("deadline_weeks").unwrap_or(ADVICE_WEEKS);
    let deadline_weeks = usize::try_from(deadline).unwrap_or(usize::MAX);
    let deadline_in_weeks = as_real(u64::try_from(deadline).unwrap_or(0));
    let ahead = u64::try_from(queue).unwrap_or(0);
    let seen = week_seen(ahead, slots(query).take(WEEKS_MAX)).and_then(|week| u32::try_from(week).ok());
    let longest = as_real(longest_list(slots(query), deadline_weeks));
    let list = Fluid {
        queue: as_real(ahead),
        arrivals: query.number("arrivals_per_week").unwrap_or(0.0),
        slots: query.number("slots_per_week").unwrap_or(0.0),
        withdrawal: query.number("withdrawal_rate_per_week").unwrap_or(0.0),
    };
    let target = query.number("target_queue").unwrap_or(longest);
    let reach = list.reaches(target);
    let mut quantities = fluid(&list, reach.time(), list.reaches_in_95_of_100(target));
    quantities.extend(first_come(seen.map(|week| NextChild::seen_in(week, deadline_in_weeks)), longest));
    quantities.extend(tail(&list, deadline_in_weeks));
    let taken = [
        ("withdrawal_rate_per_week", json!(list.withdrawal)),
        ("target_queue", json!(target)),
        ("deadline_weeks", json!(deadline)),
    ];
    Ok(HttpResponse::Ok().json(json!({
        "status": reach.code(),
        "inputs": inputs(query, &taken),
        "quantities": quantities,
        "assumptions": [
            "the list is a fluid at steady rates: half of what really happens is slower, so allow for more",
            "first come, first served; a slot nobody is there for is lost",
            "slots that are not whole add up until they are: each week has floor(S + 1e-9) of the running sum S less those before",
        ],
        "version": VERSION,
    })))
}

/// Whole slots of each week to come, without end.
fn slots(query: &Query) -> impl Iterator<Item = u64> {
    let steady = query.number("slots_per_week").unwrap_or(0.0);
    whole_slots(query.numbers("slots_by_week").iter().copied().chain(std::iter::repeat(steady)))
}

fn fluid(list: &Fluid, weeks: Option<f64>, unlucky: Option<f64>) -> Vec<Value> {
    let after = "Q_end + (queue - Q_end) exp(-rate * weeks), Q_end = (arrivals - slots) / rate; queue + (arrivals - slots) * weeks where nobody withdraws; never below 0";
    vec![
        quantity("load", list.load(), "ratio", "arrivals / slots; 1 and more: only withdrawals can hold the list"),
        quantity(
            "weeks_to_target",
            weeks,
            "weeks",
            "ln((queue - Q_end) / (target - Q_end)) / rate; (queue - target) / (slots - arrivals) where nobody withdraws; null if never at these rates",
        ),
        quantity(
            "weeks_to_target_95_percent",
            unlucky,
            "weeks",
            "by when in 95 of 100 cases: t with queue - (slots - arrivals) t + 1.645 sqrt(arrivals t) = target, arrivals at random; null if never, and where children withdraw",
        ),
        quantity("queue_after_26_weeks", Some(list.queue_after(26.0)), "children", after),
        quantity("queue_after_52_weeks", Some(list.queue_after(52.0)), "children", after),
        quantity(
            "queue_in_the_end",
            list.queue_in_the_end(),
            "children",
            "max(Q_end, 0); null if it grows without end",
        ),
    ]
}

fn first_come(next: Option<NextChild>, longest: f64) -> Vec<Value> {
    vec![
        quantity(
            "next_child_week_index",
            next.map(|next| next.week),
            "weeks",
            "the first week, from 0, by whose end more whole slots have been offered than children wait now; null if not within 5200 weeks",
        ),
        quantity(
            "next_child_wait_at_most_weeks",
            next.map(|next| next.wait_at_most),
            "weeks",
            "next_child_week_index + 1",
        ),
        quantity(
            "pressure",
            next.map(|next| next.pressure),
            "ratio",
            "next_child_wait_at_most / deadline; above 1 the next child is late",
        ),
        quantity(
            "longest_list_in_time",
            Some(longest),
            "children",
            "all whole slots of the weeks up to the deadline: the last of so many is just seen in time",
        ),
    ]
}

fn tail(list: &Fluid, deadline: f64) -> Vec<Value> {
    let decay = TailDecay::of(list.arrivals, list.slots);
    vec![
        quantity(
            "tail_decay_per_child",
            decay.map(|decay| decay.per_child),
            "1 / child",
            "theta > 0 with arrivals (e^theta - 1) = slots theta; null if as many come as can be seen",
        ),
        quantity(
            "share_late_in_the_end",
            decay.map(|decay| decay.share_late(deadline)),
            "share",
            "about exp(-theta * slots * deadline), once today's list is gone and nobody withdraws",
        ),
    ]
}
