//! Bank holidays in England, in the shape of the government's own list.

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::operation::{Call, Operation, handler};
use super::problem::Problem;
use super::query::{Param, ParamKind};
use super::schema::object;
use crate::domain::bank_holiday::bank_holidays;
use crate::http::statistics::axes::refused;

/// The division of the government's list that holds England.
const DIVISION: &str = "england-and-wales";

/// Most years one call may ask about.
const MOST_YEARS: i32 = 100;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = vec![
        Param::new("from", "From this day on; from 1 January of last year, if left out.", ParamKind::Date)
            .such_as("2025-01-01"),
        Param::new("to", "Up to this day, inclusive; to the end of the year after next, if left out.", ParamKind::Date)
            .such_as("2027-12-31"),
    ];
    vec![
        Operation::new(Method::GET, "/v1/bank-holidays", "list_bank_holidays", None, handler!(list))
            .says("law", "List the bank holidays of England", "The days this service computes with, in the shape of the government's own list: what reads that can read this. One that is proclaimed later can be recorded by an authority in its calendars.")
            .takes(params)
            .answers(200, "The days in order.", "BankHolidays"),
    ]
}

async fn list(call: Call) -> Result<HttpResponse, Problem> {
    let year = call.app.clock().today().year();
    let day = |name: &str, otherwise| call.query.date(name).or(otherwise).unwrap_or(NaiveDate::MIN);
    let from = day("from", NaiveDate::from_ymd_opt(year - 1, 1, 1));
    let to = day("to", NaiveDate::from_ymd_opt(year + 2, 12, 31));
    if to < from {
        return Err(refused("to", "out_of_order", &format!("must not be before from, {from}")));
    }
    if to.year() - from.year() >= MOST_YEARS {
        return Err(refused("to", "too_many", &format!("must be within {MOST_YEARS} years of from, {from}")));
    }
    let events = bank_holidays(from, to).map(|(date, holiday)| {
        json!({
            "title": holiday.title,
            "date": date.to_string(),
            "notes": if holiday.is_substitute { "Substitute day" } else { "" },
            "bunting": holiday.has_bunting(),
        })
    });
    Ok(HttpResponse::Ok().json(json!({ DIVISION: { "division": DIVISION, "events": events.collect::<Vec<_>>() } })))
}

/// The schema of the list.
pub fn schema() -> Value {
    let text = || json!({ "type": "string" });
    let event = object(json!({
        "title": text(),
        "date": { "type": "string", "format": "date" },
        "notes": { "type": "string", "description": "Substitute day, or empty." },
        "bunting": { "type": "boolean", "description": "Whether flags are flown." },
    }));
    object(json!({ DIVISION: object(json!({ "division": text(), "events": { "type": "array", "items": event } })) }))
}
