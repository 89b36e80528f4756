//! The calculator of queues, of classes of children: each seen before the next.

use serde_json::{Value, json};

use super::quantity;
use super::queue::{Said, a_team, load_of, number, status};
use crate::domain::capacity::queueing::erlang::Team;
use crate::domain::capacity::queueing::priority::{Class, Waits, interrupting, numbers, team, uninterrupted};
use crate::domain::capacity::queueing::single::Service;
use crate::domain::fault::Faults;
use crate::http::problem::{Code, Problem};
use crate::http::query::Query;

/// A class of a queue, from 1.
fn class_of(number: usize, settles: bool, quantities: &[Value]) -> Value {
    json!({ "class": number, "status": status(settles), "quantities": quantities })
}

/// Times of classes and the numbers that follow from them, each with its name and formula.
fn classes_of(times: &[Option<f64>], numbers: &[Option<f64>], [time, number]: [(&str, &str); 2]) -> Vec<Value> {
    let one = |(class, (spent, present)): (usize, (&Option<f64>, &Option<f64>))| {
        let quantities =
            [quantity(time.0, *spent, "weeks", time.1), quantity(number.0, *present, "children", number.1)];
        class_of(class, spent.is_some(), &quantities)
    };
    (1..).zip(times.iter().zip(numbers)).map(one).collect()
}

fn waits_of(waits: &Waits) -> Vec<Value> {
    let wait = ("mean_wait_weeks", "W0 / ((1 - load before) (1 - load with it))");
    classes_of(&waits.by_class, &waits.waiting, [wait, ("mean_waiting", "arrivals * mean_wait")])
}

/// One stream of appointments, classes in their order.
pub fn in_classes(query: &Query, interrupts: bool) -> Result<Said, Problem> {
    let (arrivals, means) = (query.numbers("class_arrivals_per_week"), query.numbers("class_mean_service_hours"));
    let given = query.numbers("class_sd_service_hours");
    let deviations = if given.is_empty() { means } else { given };
    let mut faults = Faults::default();
    for (name, list) in [("class_mean_service_hours", means), ("class_sd_service_hours", deviations)] {
        if list.len() != arrivals.len() {
            let message = format!(
                "must have one number for each of the {} classes of class_arrivals_per_week, but has {}",
                arrivals.len(),
                list.len()
            );
            faults.add(name, "wrong_length", message);
        }
    }
    faults.or(()).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))?;
    let hours = number(query, "hours_per_week");
    let lengths =
        means.iter().zip(deviations).map(|(mean, deviation)| Service::spread(mean / hours, deviation / hours));
    let classes: Vec<_> =
        arrivals.iter().zip(lengths).map(|(arrivals, service)| Class { arrivals: *arrivals, service }).collect();
    let waits = uninterrupted(&classes);
    let mut all = vec![load_of(waits.load, "sum over classes of arrivals * mean service hours / hours per week")];
    let taken = vec![("class_sd_service_hours", json!(deviations))];
    if interrupts {
        let formula = "mean service / (1 - load before) + R / ((1 - load before) (1 - load with it)), R = sum up to the class of arrivals E[S^2] / 2";
        let times = interrupting(&classes);
        let present = numbers(arrivals.iter().copied(), &times);
        let named = [("mean_time_to_end_weeks", formula), ("mean_present", "arrivals * mean_time_to_end")];
        let said = Said::new(waits.load < 1.0, all, &["whoever is interrupted goes on later where it stopped"]);
        return Ok(Said { classes: classes_of(&times, &present, named), taken, ..said });
    }
    all.extend(of_order(
        waits.residual,
        waits.first_come,
        waits.conserved,
        "W0: sum over classes of arrivals E[S^2] / 2; of a class without end only what is left for it",
    ));
    let said = Said::new(
        waits.load < 1.0,
        all,
        &["one stream of appointments; nobody is interrupted, within a class first come first served"],
    );
    Ok(Said { classes: waits_of(&waits), taken, ..said })
}

/// Several who see children, classes in their order.
pub fn team_in_classes(query: &Query) -> Said {
    let arrivals = query.numbers("class_arrivals_per_week");
    let all = Team { arrivals: arrivals.iter().sum(), ..a_team(query) };
    let waits = team(arrivals, all.served_each, all.servers);
    let load = waits.as_ref().map_or(f64::NAN, |waits| waits.load);
    let mut quantities = vec![
        load_of(load, "sum of arrivals / (therapists * seen each)"),
        quantity("share_who_wait", all.share_who_wait(), "share", "Erlang's C of all classes together"),
    ];
    let mut classes = Vec::new();
    if let Some(waits) = waits {
        quantities.extend(of_order(
            waits.residual,
            waits.first_come,
            waits.conserved,
            "W0: share_who_wait / (therapists * seen each); all always wait where the load is 1 or more",
        ));
        classes = waits_of(&waits);
    }
    let assumes = &[
        "times of being seen are exponential, the same for every therapist and class",
        "nobody is interrupted, within a class first come first served",
    ];
    Said { classes, ..Said::new(load < 1.0, quantities, assumes) }
}

/// What an order of classes leaves as it is.
fn of_order(residual: f64, first_come: Option<f64>, conserved: Option<f64>, formula: &str) -> Vec<Value> {
    vec![
        quantity("residual_weeks", Some(residual), "weeks", formula),
        quantity("mean_wait_first_come_weeks", first_come, "weeks", "W0 / (1 - load): were all seen as they come"),
        quantity(
            "sum_of_load_times_wait_weeks",
            conserved,
            "weeks",
            "sum over classes of load * mean_wait, which no order changes: what one class gains another loses",
        ),
    ]
}
