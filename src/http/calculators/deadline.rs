//! The calculator of deadlines, and the law as data: stateless, open to everyone.

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::domain::clock::{Bound, Calculation, Clock, Event, Exception, Ground, Rule, State, Weighed, all_rules};
use crate::domain::fault::Faults;
use crate::domain::statistics::tenths_of_percent;
use crate::domain::statistics::timeliness::Band;
use crate::domain::statistics::waiting;
use crate::http::calculators::deadline_line::{
    Known, inner, read_clock, read_question, set_aside, unknown, unknown_clock,
};
use crate::http::operation::{BodyDoc, Call, Operation, handler};
use crate::http::problem::{Code, Problem};

/// Classifications that are asked like clocks.
const CLASSES: [&str; 3] = ["sen2_band", "sen2_rate", "chs_band"];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let mut calculate = Operation::new(Method::POST, "/v1/deadline-calculations", "calculate_deadline", None, handler!(calculate))
        .says("law", "Calculate a deadline", "Reads one clock of the law for what you know, and shows the working. Nothing is kept. `clock` is one of /v1/clock-rules (or sen2_band, sen2_rate, chs_band), `in` holds the events by name, `done` is the day of the act, `as_of` the day to read the clock on.")
        .answers(200, "What the clock says.", "Calculation")
        .fails(&[Code::InvalidCalculation, Code::CutOff]);
    calculate.body = Some(BodyDoc {
        content: vec![("application/json", "CalculationBody".to_owned())],
        about: "One question, such as {\"clock\":\"final_plan\",\"in\":{\"request_received\":\"2025-01-06\"},\"done\":\"2025-06-20\"}.",
    });
    vec![
        calculate,
        Operation::new(Method::GET, "/v1/clock-rules", "list_clock_rules", None, handler!(rules))
            .says("law", "List the law as data", "Every rule: what starts it, what must happen, who must act, how long there is, where it stands, its exceptions, from when to when it is in force, and how sure the reading is (V: the text was read; S: a secondary source; R: recalled).")
            .answers(200, "The rules, in the order of the law.", "ClockRuleList"),
    ]
}

async fn calculate(mut call: Call) -> Result<HttpResponse, Problem> {
    let (line, _) = call.json_object().await?;
    let today = call.app.clock().today();
    let Some(word) = line.get("clock").and_then(Value::as_str) else {
        let mut faults = Faults::default();
        faults.add("clock", "required", "must be the clock to read, such as final_plan; /v1/clock-rules lists all");
        return Err(Problem::with_faults(Code::InvalidCalculation, &faults));
    };
    if CLASSES.contains(&word) {
        return Ok(HttpResponse::Ok().json(classify(word, &line)?));
    }
    let Ok(clock) = read_clock(word) else { return Err(unknown_clock(word, &CLASSES)) };
    let question = read_question(&line, clock, today)?;
    let mut calculation =
        question.answer().map_err(|faults| Problem::with_faults(Code::InvalidCalculation, &faults))?;
    calculation.working.extend(set_aside(&line));
    Ok(HttpResponse::Ok().json(view(&calculation, question.as_of)))
}

/// Answers with the field names of a published line of test vectors, and the rule and working beside them.
fn view(calculation: &Calculation, as_of: NaiveDate) -> Value {
    let Calculation { rule, reading, started_on, .. } = calculation;
    let mut answer = json!({
        "clock": rule.clock.code(),
        "due": reading.due_on.map(|day| day.to_string()),
        "done": reading.done_on.map(|day| day.to_string()),
        "as_of": as_of.to_string(),
        "status": reading.state.code(),
        "ambiguous": calculation.is_ambiguous,
        "rule": rule_view(rule),
        "trigger": calculation.trigger.code(),
        "started": calculation.trigger.say(*started_on),
        "exceptions": calculation.weighed.iter().map(weighed_view).collect::<Vec<_>>(),
        "working": calculation.working,
    });
    let Some(map) = answer.as_object_mut() else { return answer };
    let mut put = |name: &str, value: Value| map.insert(name.to_owned(), value);
    match reading.state {
        State::Open { days_left } => put("days_left", days_left.into()),
        State::Overdue { days_late } | State::Breached { days_late } => put("days_late", days_late.into()),
        State::Exempt { days_past } => put("days_past_nominal_due", days_past.into()),
        State::CutShort { days_early } => put("days_early", days_early.into()),
        State::NotStarted
        | State::NotApplicable
        | State::Stopped
        | State::Replaced
        | State::Lapsed
        | State::Met
        | State::Elapsed => None,
    };
    for (name, day) in &calculation.also {
        put(name, day.to_string().into());
    }
    for Weighed { exception, .. } in &calculation.weighed {
        put_exception(exception, &mut put);
    }
    if let Some(done_on) = reading.done_on {
        put("elapsed_days", (done_on - *started_on).num_days().into());
    }
    if rule.clock == Clock::FinalPlan
        && let Some(done_on) = reading.done_on
    {
        put("sen2", sen2(calculation, (done_on - *started_on).num_days()));
    }
    answer
}

fn put_exception(exception: &Exception, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let Some(days) = exception.days() else { return };
    match exception.ground {
        Ground::SchoolClosure | Ground::EarlyYearsClosure => {
            put("closure_days", days.into());
            if let Some(window) = exception.advice_window() {
                put("exception_window", json!([window.first.to_string(), window.last.to_string()]));
            }
        }
        Ground::AbsentFromArea => {
            put("absence_days", days.into());
        }
        Ground::ExceptionalPersonalCircumstances | Ground::MissedAppointment => {}
    }
}

/// How the annual return counts the plan: an exception flags it whether it was in time or not.
fn sen2(calculation: &Calculation, elapsed: i64) -> Value {
    let exempt = calculation.weighed.iter().any(|weighed| weighed.holds);
    let band = Band::of(i32::try_from(elapsed).unwrap_or(i32::MAX));
    json!({
        "Week20": u8::from(exempt),
        "in_inc_denominator": true,
        "in_ex_denominator": !exempt,
        "within_20": band == Band::Within20Weeks,
        "band": band.code(),
    })
}

fn weighed_view(weighed: &Weighed) -> Value {
    json!({
        "ground": weighed.exception.ground.code(),
        "provision": weighed.provision,
        "conditions_fulfilled": weighed.holds,
    })
}

/// The classifications of the annual return and of the waiting lists.
fn classify(word: &str, line: &Map<String, Value>) -> Result<Value, Problem> {
    let mut faults = unknown(line);
    let empty = Map::new();
    let mut known = Known::new(inner(line, &mut faults).unwrap_or(&empty));
    let answer = match word {
        "sen2_rate" => rate(&mut known),
        "sen2_band" => days(&mut known, "elapsed_days")
            .map(|days| json!({ "band": Band::of(days).code(), "ambiguous": days == 365 })),
        _ => days(&mut known, "days_waiting").map(|days| {
            let band = waiting::BANDS.get(waiting::band(days)).copied().unwrap_or_default();
            json!({ "band": band.replace("over ", ">"), "ambiguous": days == 365 })
        }),
    };
    let inside = known.finish();
    let mut missing = Faults::default();
    if answer.is_none() && inside.is_empty() && faults.is_empty() {
        let needs = match word {
            "sen2_rate" => "plans, exceptions, exceptions_on_time and others_on_time, no part larger than its whole",
            "sen2_band" => "elapsed_days",
            _ => "days_waiting",
        };
        missing.add("in", "required", format!("must hold {needs}"));
    }
    match answer {
        Some(mut answer) if inside.is_empty() && faults.is_empty() => {
            if let Some(map) = answer.as_object_mut() {
                map.insert("clock".to_owned(), word.into());
            }
            Ok(answer)
        }
        _ => Err(Problem::with_nested(Code::InvalidCalculation, &[("", &faults), ("", &missing), ("/in", &inside)])),
    }
}

fn days(known: &mut Known<'_>, name: &'static str) -> Option<i32> {
    known.whole(name).and_then(|days| i32::try_from(days).ok())
}

/// The twenty-week rates with and without exceptions, or whether one case is in the measure at all.
fn rate(known: &mut Known<'_>) -> Option<Value> {
    let contested = known.flag("RequestMediation")
        | known.flag("RequestTribunal")
        | known.flag("AssessmentMediation")
        | known.flag("AssessmentTribunal");
    if let Some(outcome) = known.word("AssessmentOutcome") {
        known.whole("elapsed_days");
        return Some(json!({ "in_timeliness_measure": outcome == "Y" && !contested }));
    }
    let [plans, exempt, exempt_in_time, others_in_time] =
        ["plans", "exceptions", "exceptions_on_time", "others_on_time"].map(|name| known.whole(name));
    let (plans, exempt) = (plans?, exempt?);
    let (exempt_in_time, others_in_time) = (exempt_in_time?, others_in_time?);
    let others = plans.checked_sub(exempt)?;
    if exempt_in_time > exempt || others_in_time > others {
        return None;
    }
    let percent = |part, whole| {
        tenths_of_percent(part, whole)
            .and_then(|tenths| u32::try_from(tenths).ok())
            .map(|tenths| f64::from(tenths) / 10.0)
    };
    Some(json!({ "pc_inc": percent(exempt_in_time + others_in_time, plans), "pc_ex": percent(others_in_time, others) }))
}

async fn rules(_call: Call) -> Result<HttpResponse, Problem> {
    let data: Vec<_> = all_rules().map(rule_view).collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data })))
}

fn rule_view(rule: &Rule) -> Value {
    let codes = |events: &[Event]| events.iter().map(|event| event.code()).collect::<Vec<_>>();
    let bound = rule.bound.map(|bound| match bound {
        Bound::NotAfter(events, limit) => json!({ "never_later_than": limit.say(), "counted_from": codes(events) }),
        Bound::NotBefore(events, limit) => json!({ "never_earlier_than": limit.say(), "counted_from": codes(events) }),
    });
    let exceptions = rule.exceptions.iter();
    json!({
        "id": rule.id,
        "clock": rule.clock.code(),
        "triggers": codes(rule.triggers),
        "must": rule.act,
        "binds": rule.binds.code(),
        "limit": rule.limit.say(),
        "bound": bound,
        "regulation": rule.regulation,
        "force": rule.force.code(),
        "exceptions": exceptions.map(|excuse| json!({ "ground": excuse.ground.code(), "provision": excuse.provision })).collect::<Vec<_>>(),
        "in_force_from": rule.in_force_from.to_string(),
        "in_force_to": rule.in_force_to.map(|day| day.to_string()),
        "certainty": rule.certainty.code(),
        "certainty_in_words": rule.certainty.about(),
        "ambiguity": rule.reading,
    })
}
