//! The calculator of queues: how long children wait once a queue has settled, by the closed forms of queueing theory.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use super::queue_classes::{in_classes, team_in_classes};
use super::queue_params::params;
use super::{inputs, quantity};
use crate::domain::capacity::queueing::Means;
use crate::domain::capacity::queueing::deterministic::{Deterministic, NoShare, SERVICE_TIMES_MAX};
use crate::domain::capacity::queueing::erlang::Team;
use crate::domain::capacity::queueing::headroom::headroom;
use crate::domain::capacity::queueing::single::{Service, Single};
use crate::domain::capacity::queueing::withdrawals::with_withdrawals;
use crate::domain::fault::Faults;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::{Code, Problem};
use crate::http::query::Query;
use crate::http::statistics::axes::refused;

/// Version of its formulas.
const VERSION: u32 = 1;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v1/calculators/queue", "calculate_queue", None, handler!(calculate))
            .says("capacity", "Calculate the waits of a queue", "Waits and numbers of a queue that has settled, by a model of queueing theory: the same rates for ever, arrivals at random, nobody waiting to begin with. Where as many come as can be seen nothing settles: the status says unstable and waits are null. For a list that never empties ask /v1/calculators/list-projection. Nobody has to know a coefficient of variation: lengths are given by mean and standard deviation. Nothing is kept.")
            .takes(params())
            .answers(200, "The quantities, each with its unit and formula.", "QueueCalculation"),
    ]
}

/// What a model says.
pub struct Said {
    /// True if all of it settles.
    pub stable: bool,
    /// Of the whole queue.
    pub quantities: Vec<Value>,
    /// Of each class, where there are some.
    pub classes: Vec<Value>,
    /// What it takes for granted.
    pub assumes: &'static [&'static str],
    /// What it took for what was left out.
    pub taken: Vec<(&'static str, Value)>,
}

impl Said {
    /// Of a queue without classes, which took nothing for what was left out.
    pub fn new(stable: bool, quantities: Vec<Value>, assumes: &'static [&'static str]) -> Self {
        Self { stable, quantities, classes: Vec::new(), assumes, taken: Vec::new() }
    }
}

async fn calculate(call: Call) -> Result<HttpResponse, Problem> {
    let query = &call.query;
    let model = query.word("model").unwrap_or_default();
    let said = match model {
        "erlang_a" => erlang_a(query),
        "m_d_1" => m_d_1(query)?,
        "m_g_1" => m_g_1(query),
        "priority" | "preemptive_priority" => in_classes(query, model == "preemptive_priority")?,
        "team_priority" => team_in_classes(query),
        "headroom" => least_offer(query)?,
        _ => erlang_c(query),
    };
    let settled = [
        "arrivals are at random (Poisson), and rates stay as they are for ever",
        "the queue has settled: a backlog of today and bank holidays are not in it",
    ];
    Ok(HttpResponse::Ok().json(json!({
        "model": model,
        "status": status(said.stable),
        "inputs": inputs(query, &said.taken),
        "quantities": said.quantities,
        "classes": said.classes,
        "assumptions": settled.iter().chain(said.assumes).collect::<Vec<_>>(),
        "version": VERSION,
    })))
}

/// The word for whether a queue settles.
pub fn status(stable: bool) -> &'static str {
    if stable { "stable" } else { "unstable" }
}

/// A number that the model needs, and so has.
pub fn number(query: &Query, name: &str) -> f64 {
    query.number(name).unwrap_or(0.0)
}

/// The load, which there always is.
pub fn load_of(load: f64, formula: &str) -> Value {
    quantity("load", Some(load), "ratio", formula)
}

/// The means, of which all but the first follow by Little's law.
fn means_of(means: Option<Means>, wait: &str) -> Vec<Value> {
    let say = |name, value: fn(Means) -> f64, unit, formula| quantity(name, means.map(value), unit, formula);
    vec![
        say("mean_wait_weeks", |means| means.wait, "weeks", wait),
        say("mean_waiting", |means| means.waiting, "children", "arrivals * mean_wait"),
        say("mean_time_to_end_weeks", |means| means.time, "weeks", "mean_wait + mean time of being seen"),
        say("mean_present", |means| means.present, "children", "arrivals * mean_time_to_end"),
    ]
}

/// Several who see children.
pub fn a_team(query: &Query) -> Team {
    Team {
        arrivals: number(query, "arrivals_per_week"),
        served_each: number(query, "seen_per_week_each"),
        servers: query.whole("therapists").and_then(|number| u32::try_from(number).ok()).unwrap_or(1),
    }
}

fn erlang_c(query: &Query) -> Said {
    let team = a_team(query);
    let load = team.load().unwrap_or(f64::NAN);
    let mut all = vec![
        load_of(load, "arrivals / (therapists * seen each)"),
        quantity(
            "share_who_wait",
            team.share_who_wait(),
            "share",
            "Erlang's C: B / (1 - load (1 - B)), B by the recursion B(n) = a B(n-1) / (n + a B(n-1)), B(0) = 1, a = arrivals / seen each",
        ),
    ];
    all.extend(means_of(team.means(), "share_who_wait / (therapists * seen each - arrivals)"));
    for (name, share) in
        [("wait_50_percent_weeks", 0.5), ("wait_90_percent_weeks", 0.9), ("wait_95_percent_weeks", 0.95)]
    {
        let formula = "the wait so many per cent do not exceed: max(0, ln(share_who_wait / (1 - share)) / (therapists * seen each - arrivals))";
        all.push(quantity(name, team.wait_quantile(share), "weeks", formula));
    }
    if let Some(deadline) = query.number("deadline_weeks") {
        let formula = "share_who_wait * exp(-(therapists * seen each - arrivals) * deadline)";
        all.push(quantity("share_waiting_longer", team.share_waiting_longer(deadline), "share", formula));
    }
    Said::new(
        load < 1.0,
        all,
        &["times of being seen are exponential, the same for every therapist", "first come, first served"],
    )
}

fn erlang_a(query: &Query) -> Said {
    let team = a_team(query);
    let left = with_withdrawals(&team, number(query, "withdrawal_rate_per_week"));
    let load = team.load().unwrap_or(f64::NAN);
    let all = vec![
        load_of(load, "arrivals / (therapists * seen each); 1 and more is balanced by those who leave"),
        quantity(
            "share_all_busy",
            left.map(|one| one.all_busy),
            "share",
            "chance that nobody is free: sum over n >= therapists of p(n), p(n) proportional to the product of arrivals / (busy * seen each + waiting * withdrawal rate)",
        ),
        quantity("mean_waiting", left.map(|one| one.waiting), "children", "sum over n of (n - therapists) p(n)"),
        quantity(
            "withdrawn_per_week",
            left.map(|one| one.withdrawn),
            "children a week",
            "withdrawal rate * mean_waiting",
        ),
        quantity("share_withdrawn", left.map(|one| one.share_withdrawn), "share", "withdrawn_per_week / arrivals"),
        quantity(
            "mean_wait_weeks",
            left.map(|one| one.wait),
            "weeks",
            "mean_waiting / arrivals; of all, whether they are seen or leave",
        ),
        quantity(
            "share_of_time_busy",
            left.map(|one| one.busy),
            "share",
            "(arrivals - withdrawn_per_week) / (therapists * seen each)",
        ),
    ];
    Said::new(left.is_some(), all, &["times of being seen and of patience are exponential", "first come, first served"])
}

fn m_d_1(query: &Query) -> Result<Said, Problem> {
    let service = number(query, "mean_service_hours") / number(query, "hours_per_week");
    let queue = Deterministic { arrivals: number(query, "arrivals_per_week"), service };
    let mut all = vec![load_of(queue.load(), "arrivals * mean service hours / hours per week")];
    all.extend(means_of(
        queue.means(),
        "load * service time / (2 (1 - load)), service time = service hours / hours per week",
    ));
    if let Some(deadline) = query.number("deadline_weeks") {
        let share = match queue.share_seen_within(deadline) {
            Ok(share) => Some(share),
            Err(NoShare::Unstable) => None,
            Err(NoShare::TooLong) => {
                let most = SERVICE_TIMES_MAX * service;
                let message = format!(
                    "is {:.1} appointments long, and shares are right to nine digits up to {SERVICE_TIMES_MAX}: ask for at most {most} weeks, or leave it out for the means",
                    deadline / service
                );
                return Err(refused("deadline_weeks", "out_of_range", &message));
            }
        };
        let formula = "Franx's sum of positive terms: exp(-load u) sum over j of Q(k-1-j) (load u)^j / j!, k appointments up to the deadline, u what is left of the last, Q the chances that at most so many wait";
        all.push(quantity("share_seen_within", share, "share", formula));
        all.push(quantity("share_waiting_longer", share.map(|share| 1.0 - share), "share", "1 - share_seen_within"));
    }
    Ok(Said::new(
        queue.load() < 1.0,
        all,
        &["every child is seen for the same time", "one stream of appointments; first come, first served"],
    ))
}

fn m_g_1(query: &Query) -> Said {
    let (hours, mean) = (number(query, "hours_per_week"), number(query, "mean_service_hours"));
    let deviation = query.number("sd_service_hours").unwrap_or(mean);
    let service = Service::spread(mean / hours, deviation / hours);
    let queue = Single { arrivals: number(query, "arrivals_per_week"), service };
    let mut all = vec![
        load_of(queue.load(), "arrivals * mean service hours / hours per week"),
        quantity(
            "service_variance_ratio",
            service.relative_variance(),
            "ratio",
            "(standard deviation / mean)^2 of service hours",
        ),
    ];
    all.extend(means_of(
        queue.means(),
        "Pollaczek-Khinchine: arrivals E[S^2] / (2 (1 - load)), E[S^2] = mean^2 + standard deviation^2",
    ));
    let formula = "sqrt(mean_wait^2 + arrivals E[S^3] / (3 (1 - load))), E[S^3] of gamma lengths";
    all.push(quantity("sd_wait_weeks", queue.wait_variance().map(f64::sqrt), "weeks", formula));
    let mut said = Said::new(
        queue.load() < 1.0,
        all,
        &[
            "one stream of appointments; first come, first served",
            "the spread of waits, and nothing else, takes lengths as gamma",
        ],
    );
    said.taken = vec![("sd_service_hours", deviation.into())];
    said
}

fn least_offer(query: &Query) -> Result<Said, Problem> {
    let (arrivals, deadline) = (number(query, "arrivals_per_week"), number(query, "deadline_weeks"));
    let in_time = query.number("pc_in_time").unwrap_or(92.0);
    let mut faults = Faults::default();
    for (name, value) in [("arrivals_per_week", arrivals), ("deadline_weeks", deadline)] {
        if value < 0.000_001 {
            faults.add(name, "out_of_range", "must be 0.000001 or more with model=headroom");
        }
    }
    faults.or(()).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))?;
    let found = headroom(arrivals, deadline, (100.0 - in_time) / 100.0);
    let all = vec![
        quantity(
            "offered_per_week",
            found.map(|one| one.offered),
            "children a week",
            "W(a e^a / p) / deadline, a = arrivals * deadline, p = 1 - share in time, W Lambert's function",
        ),
        quantity("spare_per_week", found.map(|one| one.spare), "children a week", "offered_per_week - arrivals"),
        quantity(
            "heavy_traffic_per_week",
            found.map(|one| one.heavy_traffic),
            "children a week",
            "arrivals + ln(1 / p) / deadline: a rule of thumb, a little above",
        ),
    ];
    let mut said = Said::new(
        found.is_some(),
        all,
        &[
            "one stream of appointments of exponential length; first come, first served",
            "holding a short list is cheap: what costs is to bring a long one down",
        ],
    );
    said.taken = vec![("pc_in_time", in_time.into())];
    Ok(said)
}
