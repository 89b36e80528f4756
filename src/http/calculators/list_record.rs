//! The calculator of a waiting list by its rows: what came, what went, who waits on each day. Nothing is kept.

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::quantity;
use crate::domain::capacity::list_record::{Row, Window, size_by_day};
use crate::domain::capacity::list_summary::{Aim, Needs, Summary};
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::FieldType;
use crate::http::operation::{BodyDoc, Call, Operation, handler};
use crate::http::problem::{Code, Problem};

/// Version of its formulas.
const VERSION: u32 = 1;

/// Most rows of one list: as many as a body may hold.
pub const ROWS_MAX: usize = 5_000;

/// Most days asked about.
const DAYS_MAX: u32 = 3_660;

/// The share to be seen by the target, in per cent, if nobody says.
const PC_IN_TIME: f64 = 92.0;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let mut calculate = Operation::new(Method::POST, "/v1/calculators/waiting-list", "calculate_waiting_list_from_rows", None, handler!(calculate))
        .says("capacity", "Calculate a waiting list from its rows", "What came and what went in a week, how long those have waited who wait, and how many waited on each day, from the days on which children were referred and removed. Rows may stand in any order; a child is on the list from the day of the referral to the day before the removal; referrals and removals outside the days asked about are not counted in them. Dates only: nothing that names a child is taken, and nothing is kept.")
        .answers(200, "The quantities, each with its unit and formula, and the list by day.", "WaitingListRecord")
        .fails(&[Code::InvalidCalculation, Code::CutOff]);
    calculate.body = Some(BodyDoc {
        content: vec![("application/json", "WaitingListRows".to_owned())],
        about: "The rows and the days asked about, both included, such as {\"rows\":[{\"referred_on\":\"2024-01-01\",\"removed_on\":\"2024-01-08\"},{\"referred_on\":\"2024-01-04\"}],\"start_on\":\"2024-01-01\",\"end_on\":\"2024-01-31\"}.",
    });
    vec![calculate]
}

async fn calculate(mut call: Call) -> Result<HttpResponse, Problem> {
    let (body, _) = call.json_object().await?;
    let question = Question::read(&body)?;
    let Question { rows, window, target_weeks, pc_in_time } = &question;
    let aim = target_weeks.map(|target_weeks| Aim { target_weeks, share_in_time: pc_in_time / 100.0 });
    let summary = Summary::of(rows, *window, aim);
    let quantities = [list(&summary), waits(&summary), needs(summary.needs)].concat();
    let by_day = size_by_day(rows, *window);
    let day = |(on, waiting): &(NaiveDate, u32)| json!({ "on": on.to_string(), "waiting": waiting });
    Ok(HttpResponse::Ok().json(json!({
        "inputs": {
            "rows": rows.len(), "start_on": window.start.to_string(), "end_on": window.end.to_string(), "target_weeks": target_weeks,
            "pc_in_time": pc_in_time,
        },
        "quantities": quantities,
        "waiting_by_day": by_day.iter().map(day).collect::<Vec<_>>(),
        "assumptions": [
            "every row is a child that needs to be seen, and the rows are the whole list",
            "a removal frees a place, whatever its reason",
        ],
        "version": VERSION,
    })))
}

/// A list, read.
struct Question {
    rows: Vec<Row>,
    window: Window,
    target_weeks: Option<f64>,
    pc_in_time: f64,
}

impl Question {
    fn read(body: &Map<String, Value>) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let known = ["rows", "start_on", "end_on", "target_weeks", "pc_in_time"];
        for name in body.keys().filter(|name| !known.contains(&name.as_str())) {
            let shown: String = name.chars().take(64).collect();
            faults.add(shown, "unknown_field", format!("is not known here; known are {}", known.join(", ")));
        }
        let window = read_window(body, &mut faults);
        let target_weeks = faults.note("target_weeks", number(body.get("target_weeks"), 0.1, 520.0)).flatten();
        let pc_in_time = faults.note("pc_in_time", number(body.get("pc_in_time"), 1.0, 99.99)).flatten();
        let list = faults.note("rows", list_of(body.get("rows"))).unwrap_or(&[]);
        let mut inside = Vec::new();
        let mut strangers = Faults::default();
        let mut rows = Vec::new();
        for (place, row) in list.iter().enumerate() {
            let mut faults = Faults::default();
            strangers.note(place.to_string(), nothing_else(row));
            rows.extend(read_row(row, &mut faults));
            if !faults.is_empty() {
                inside.push((format!("/rows/{place}"), faults));
            }
        }
        inside.push(("/rows".to_owned(), strangers));
        let is_right = faults.is_empty() && inside.iter().all(|(_, faults)| faults.is_empty());
        if let Some(window) = window.filter(|_| is_right) {
            return Ok(Self { rows, window, target_weeks, pc_in_time: pc_in_time.unwrap_or(PC_IN_TIME) });
        }
        let nested: Vec<_> = inside.iter().map(|(parent, faults)| (parent.as_str(), faults)).collect();
        Err(Problem::with_nested(Code::InvalidCalculation, &[&[("", &faults)], nested.as_slice()].concat()))
    }
}

fn list(summary: &Summary) -> Vec<Value> {
    vec![
        counted("referrals", summary.referrals, "rows with referred_on from start_on to end_on"),
        quantity(
            "referrals_per_week",
            summary.referrals_per_week,
            "children a week",
            "7 * referrals / days from start_on to end_on, both included",
        ),
        quantity(
            "referral_gap_variation",
            summary.referral_gaps.variation,
            "ratio",
            "standard deviation / mean of the days between start_on, each referral, and end_on; 1 is at random",
        ),
        counted("removals", summary.removals, "rows with removed_on from start_on to end_on"),
        quantity(
            "removals_per_busy_week",
            summary.removals_per_busy_week,
            "children a week",
            "7 * removals / days before each removal on which somebody waited; null without removals, or if those are no days",
        ),
        quantity(
            "removal_gap_variation",
            summary.removal_gaps.variation,
            "ratio",
            "standard deviation / mean of the days before each removal on which somebody waited",
        ),
        quantity(
            "load",
            summary.load,
            "ratio",
            "referrals_per_week / removals_per_busy_week; 1 and more, and the list grows",
        ),
    ]
}

fn waits(summary: &Summary) -> Vec<Value> {
    vec![
        counted("waiting_at_end", summary.waiting, "rows referred by end_on and not removed by then"),
        quantity(
            "mean_wait_of_waiting_weeks",
            summary.mean_wait,
            "weeks",
            "mean of (end_on - referred_on) / 7 of those who wait when end_on is over; null of nobody",
        ),
        quantity(
            "mean_wait_of_removed_weeks",
            summary.mean_wait_of_removed,
            "weeks",
            "mean of (removed_on - referred_on) / 7 of those removed from start_on to end_on; null of nobody",
        ),
    ]
}

/// All null without a target.
fn needs(needs: Option<Needs>) -> Vec<Value> {
    let say =
        |name, value: fn(Needs) -> Option<f64>, unit, formula| quantity(name, needs.and_then(value), unit, formula);
    vec![
        say(
            "pressure",
            |needs| needs.pressure,
            "ratio",
            "2 * mean_wait_of_waiting / target; above 1 the target is likely to be missed",
        ),
        say(
            "target_queue",
            |needs| Some(needs.queue),
            "children",
            "referrals_per_week * target / factor, factor = -ln(1 - share in time)",
        ),
        say(
            "target_capacity",
            |needs| Some(needs.capacity),
            "children a week",
            "referrals_per_week + (a^2 + b^2) / 2 * factor / target, a and b the variations of the gaps, 1 where they are null",
        ),
        say(
            "relief_capacity",
            |needs| needs.relief,
            "children a week",
            "referrals_per_week + (waiting_at_end - target_queue) / 26; null for a list of up to twice target_queue",
        ),
    ]
}

/// A count as the value of a quantity.
fn counted(name: &str, number: u32, formula: &str) -> Value {
    quantity(name, Some(f64::from(number)), "children", formula)
}

fn read_window(body: &Map<String, Value>, faults: &mut Faults) -> Option<Window> {
    let [start, end] = ["start_on", "end_on"].map(|name| faults.note(name, day(body.get(name))));
    let window = Window { start: start?, end: end? };
    let read = if window.end < window.start {
        let message = format!("must not be before start_on, {}, but is {}", window.start, window.end);
        Err(Refusal::new("out_of_order", message))
    } else if window.days() > DAYS_MAX {
        let message = format!("must end at most {DAYS_MAX} days from start_on on, but they are {}", window.days());
        Err(Refusal::new("too_many", message))
    } else {
        Ok(window)
    };
    faults.note("end_on", read)
}

/// A number of a range, both ends included, or none.
fn number(value: Option<&Value>, first: f64, last: f64) -> Result<Option<f64>, Refusal> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
    let number = value.as_f64().filter(|number| (first..=last).contains(number));
    let wrong = || Refusal::new("out_of_range", format!("must be a number from {first} to {last}, or be left out"));
    number.map(Some).ok_or_else(wrong)
}

fn list_of(value: Option<&Value>) -> Result<&[Value], Refusal> {
    let Some(list) = value.and_then(Value::as_array) else {
        let message = "must be a list of rows, such as [{\"referred_on\": \"2024-01-01\"}]";
        return Err(Refusal::new("required", message));
    };
    if list.is_empty() || list.len() > ROWS_MAX {
        let message = format!("must have 1 to {ROWS_MAX} rows, but has {}", list.len());
        return Err(Refusal::new("wrong_length", message));
    }
    Ok(list)
}

/// Names that mean nothing here are not repeated: one could be a child's.
fn nothing_else(row: &Value) -> Result<(), Refusal> {
    let known = ["referred_on", "removed_on"];
    match row.as_object() {
        None => Err(Refusal::new("wrong_type", "must be an object with referred_on and, once it is known, removed_on")),
        Some(row) if row.keys().any(|name| !known.contains(&name.as_str())) => Err(Refusal::new(
            "unknown_field",
            "holds more than referred_on and removed_on, the only ones there are: leave the others out",
        )),
        Some(_) => Ok(()),
    }
}

fn read_row(value: &Value, faults: &mut Faults) -> Option<Row> {
    let row = value.as_object()?;
    let referred = faults.note("referred_on", day(row.get("referred_on")));
    let removed = match row.get("removed_on") {
        None | Some(Value::Null) => Some(None),
        given => faults.note("removed_on", day(given)).map(Some),
    };
    let (referred_on, removed_on) = (referred?, removed?);
    if let Some(removed) = removed_on.filter(|removed| *removed < referred_on) {
        let message = format!("must not be before referred_on, {referred_on}, but is {removed}");
        faults.add("removed_on", "out_of_order", message);
    }
    Some(Row { referred_on, removed_on })
}

fn day(value: Option<&Value>) -> Result<NaiveDate, Refusal> {
    match value {
        Some(Value::String(text)) => NaiveDate::parse(text),
        None | Some(Value::Null) => Err(Refusal::new("required", "must be a day written as 2024-01-31")),
        Some(_) => Err(Refusal::new("wrong_type", "must be a day written as \"2024-01-31\"")),
    }
}
