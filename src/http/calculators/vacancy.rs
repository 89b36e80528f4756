//! The calculator of vacancies: how many posts stand empty in the long run, or how slow hiring must be.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::json;

use super::{inputs, quantity};
use crate::domain::capacity::vacancy::{long_run_vacancy, refill_weeks};
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind, With};

/// Version of its formulas.
const VERSION: u32 = 1;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = vec![
        Param::required("find", "What is looked for.", ParamKind::Word(&["vacancy", "refill_weeks"]))
            .such_as("vacancy"),
        Param::required(
            "leave_hazard_per_year",
            "The rate at which people leave a post, in a year: 0.12 is some twelve of a hundred.",
            ParamKind::Number(0.000_1, 10.0),
        )
        .such_as("0.12"),
        Param::new(
            "refill_weeks",
            "Weeks from the day one left to the day the next began, on average.",
            ParamKind::Number(0.0, 5_200.0),
        )
        .such_as("26")
        .only_with(With { param: "find", needed: &["vacancy"], taken: &[] }),
        Param::new("vacancy_share", "The share of posts that stand empty, 0 to 1.", ParamKind::Number(0.0, 0.99))
            .such_as("0.16")
            .only_with(With { param: "find", needed: &["refill_weeks"], taken: &[] }),
    ];
    vec![
        Operation::new(Method::GET, "/v1/calculators/vacancy", "calculate_vacancy", None, handler!(calculate))
            .says("capacity", "Calculate vacancies from turnover", "The share of posts that stand empty in the long run, from how often people leave and how long a refill takes; or, with find=refill_weeks, how long refills must take for so many to stand empty. If that is far longer than hiring takes, the true cause is rounds of hiring that fail. Nothing is kept.")
            .takes(params)
            .answers(200, "Both quantities, with their units and formulas.", "CapacityCalculation"),
    ]
}

async fn calculate(call: Call) -> Result<HttpResponse, Problem> {
    let query = &call.query;
    let hazard = query.number("leave_hazard_per_year").unwrap_or(0.0);
    let (vacancy, weeks) = match (query.number("vacancy_share"), query.number("refill_weeks")) {
        (Some(vacancy), _) => (Some(vacancy), refill_weeks(vacancy, hazard)),
        (None, weeks) => (weeks.map(|weeks| long_run_vacancy(hazard, weeks)), weeks),
    };
    Ok(HttpResponse::Ok().json(json!({
        "inputs": inputs(query, &[]),
        "quantities": [
            quantity("long_run_vacancy_share", vacancy, "share", "h t / (1 + h t), h the hazard of leaving a year, t = refill weeks / 52"),
            quantity("refill_weeks", weeks, "weeks", "52 v / ((1 - v) h), v the vacancy, h the hazard of leaving a year"),
        ],
        "assumptions": ["every post is to be filled, and rates stay as they are", "a year has 52 weeks"],
        "version": VERSION,
    })))
}
