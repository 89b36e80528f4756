//! The calculator of waiting lists: rates in, and what would have to be offered out. Nothing is kept.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use crate::domain::capacity::waiting_list::{Findings, Rates};
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::axes::refused;

/// Version of its formulas.
const VERSION: u32 = 1;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let rate = ParamKind::Number(0.0, 100_000.0);
    let params = vec![
        Param::required("demand_per_week", "Referrals or requests a week.", rate),
        Param::required("target_weeks", "The longest wait wanted, in weeks.", ParamKind::Number(0.1, 520.0)),
        Param::new(
            "conversion",
            "The share of demand that needs to be seen; 1 if left out, so that the answer is an upper bound.",
            ParamKind::Number(0.01, 1.0),
        ),
        Param::new("capacity_per_week", "How many can be seen a week.", rate),
        Param::new("waiting", "How many wait now.", ParamKind::Number(0.0, 10_000_000.0)),
        Param::new("mean_wait_weeks", "Mean wait of those who wait now, in weeks.", ParamKind::Number(0.0, 5_200.0)),
        Param::new(
            "pc_in_time",
            "The share to be seen within the target, in per cent; 92 if left out.",
            ParamKind::Number(1.0, 99.99),
        ),
        Param::new(
            "relief_weeks",
            "In how many weeks the list is to come down; 26 if left out.",
            ParamKind::Number(1.0, 520.0),
        ),
    ];
    vec![
        Operation::new(Method::GET, "/v1/calculators/waiting-list", "calculate_waiting_list", None, handler!(calculate))
            .says("capacity", "Calculate a waiting list from its rates", "Whether the list grows, how long it may be, what has to be offered for good and to bring it down. Nothing is kept, and nobody has to know a coefficient of variation: arrivals and offers are taken as random (1 each), and said to be.")
            .takes(params)
            .answers(200, "The quantities, each with its unit and formula.", "WaitingListCalculation"),
    ]
}

async fn calculate(call: Call) -> Result<HttpResponse, Problem> {
    let given = |name: &str| call.query.number(name);
    let (demand, conversion) = (given("demand_per_week").unwrap_or(0.0), given("conversion").unwrap_or(1.0));
    let pc_in_time = given("pc_in_time").unwrap_or(92.0);
    let rates = Rates {
        demand: demand * conversion,
        target_wait: given("target_weeks").unwrap_or(0.0),
        share_in_time: pc_in_time / 100.0,
        capacity: given("capacity_per_week"),
        waiting: given("waiting"),
        mean_wait: given("mean_wait_weeks"),
        relief_time: given("relief_weeks").unwrap_or(26.0),
    };
    let Some(findings) = rates.findings() else {
        return Err(refused("pc_in_time", "out_of_range", "must be more than 0 and less than 100"));
    };
    Ok(HttpResponse::Ok().json(json!({
        "inputs": {
            "demand_per_week": demand, "conversion": conversion, "target_weeks": rates.target_wait, "pc_in_time": pc_in_time,
            "capacity_per_week": rates.capacity, "waiting": rates.waiting, "mean_wait_weeks": rates.mean_wait,
            "relief_weeks": rates.relief_time,
        },
        "quantities": quantities(&findings),
        "assumptions": [
            "waits are exponential: of a target of factor times the mean wait, e^-factor is late",
            "arrivals and offers are random: coefficients of variation of 1",
            "every child that comes in needs to be seen, unless conversion says otherwise: an upper bound",
        ],
        "version": VERSION,
    })))
}

fn quantities(findings: &Findings) -> Vec<Value> {
    let say = |name: &str, value: Option<f64>, unit: &str, formula: &str| json!({ "name": name, "value": value, "unit": unit, "formula": formula });
    vec![
        say("load", findings.load, "ratio", "demand / capacity; 1 and more: the list grows"),
        say(
            "target_mean_wait",
            Some(findings.target_mean_wait),
            "weeks",
            "target / factor, factor = -ln(1 - share in time)",
        ),
        say("target_queue", Some(findings.target_queue), "children", "demand * target / factor"),
        say(
            "target_capacity",
            Some(findings.target_capacity),
            "children a week",
            "demand + factor / target (variation 1 of arrivals and offers)",
        ),
        say(
            "relief_capacity",
            findings.relief_capacity,
            "children a week",
            "demand + (waiting - target_queue) / relief_weeks; null for a list of up to twice target_queue",
        ),
        say(
            "pressure",
            findings.pressure,
            "ratio",
            "2 * mean wait / target; above 1 the target is likely to be missed",
        ),
    ]
}
