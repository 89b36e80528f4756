//! The calculator of a year's minutes of one person, in round figures.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::json;

use super::{inputs, quantity};
use crate::domain::capacity::vacancy::Year;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};

/// Version of its formulas.
const VERSION: u32 = 1;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let days = ParamKind::Number(0.0, 366.0);
    let share = ParamKind::Number(0.0, 1.0);
    let params = vec![
        Param::required("leave_days", "Annual leave, in days.", days).such_as("29"),
        Param::required("sickness_share", "The share of planned days that is lost to sickness, 0 to 1.", share)
            .such_as("0.045"),
        Param::required(
            "non_clinical_share",
            "The share of the time at work that is not for children, 0 to 1: supervision, meetings, training.",
            share,
        )
        .such_as("0.3"),
        Param::required("minutes_per_day", "Minutes contracted a day.", ParamKind::Number(0.0, 1_440.0)).such_as("450"),
        Param::new(
            "working_days",
            "Weekdays that are worked, over the year, before anything is taken off; 261 if left out, all of a year.",
            days,
        )
        .such_as("261"),
        Param::new("bank_holidays", "Bank holidays that fall on them, in days; 8 if left out.", days).such_as("8"),
        Param::new("study_days", "Study leave, in days; 0 if left out.", days).such_as("5"),
        Param::new(
            "minutes_per_appointment",
            "What one appointment takes, with its notes, report and travel: then appointments are answered.",
            ParamKind::Number(1.0, 1_440.0),
        )
        .such_as("110"),
    ];
    vec![
        Operation::new(Method::GET, "/v1/calculators/available-minutes", "calculate_available_minutes", None, handler!(calculate))
            .says("capacity", "Calculate a year's minutes of one person", "What one person has for children in a year, in round figures: leave and study in whole days, sickness on the rest, then what is not clinical. Nothing is kept.")
            .takes(params)
            .answers(200, "The quantities, each with its unit and formula.", "CapacityCalculation"),
    ]
}

async fn calculate(call: Call) -> Result<HttpResponse, Problem> {
    let query = &call.query;
    let given = |name: &str, otherwise: f64| query.number(name).unwrap_or(otherwise);
    let year = Year {
        working_days: given("working_days", 261.0),
        bank_holidays: given("bank_holidays", 8.0),
        leave: given("leave_days", 0.0),
        study: given("study_days", 0.0),
        sickness: given("sickness_share", 0.0),
        minutes_per_day: given("minutes_per_day", 0.0),
        non_clinical: given("non_clinical_share", 0.0),
    };
    let slots = query.number("minutes_per_appointment").and_then(|minutes| year.slots(minutes));
    let taken = [
        ("working_days", json!(year.working_days)),
        ("bank_holidays", json!(year.bank_holidays)),
        ("study_days", json!(year.study)),
    ];
    Ok(HttpResponse::Ok().json(json!({
        "inputs": inputs(query, &taken),
        "quantities": [
            quantity("available_days", Some(year.available_days()), "days a year", "(working - bank holidays - leave - study) * (1 - sickness), never below 0"),
            quantity("clinical_minutes", Some(year.clinical_minutes()), "minutes a year", "available_days * minutes per day * (1 - non-clinical)"),
            quantity("appointments", slots, "appointments a year", "clinical_minutes / minutes per appointment; null without that"),
        ],
        "assumptions": ["days that are off fall on days that would be worked", "sickness takes the same share of every kind of time"],
        "version": VERSION,
    })))
}
