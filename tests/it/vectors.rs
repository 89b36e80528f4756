//! The published vectors through the engine alone: no wire, no database.

use serde_json::{Map, Value};
use twentyweeks::domain::clock::{Calculation, Clock, Event, Events, Exception, Ground, Question, State, Transfer};
use twentyweeks::domain::field::FieldType;

use super::support::{date, vectors};

/// What a line says happened. Names that are no event are no part of the law's reckoning, such as a cause of delay.
fn events(known: &Map<String, Value>) -> Events {
    let days = known.iter().filter_map(|(name, value)| Some((Event::parse(name).ok()?, value.as_str()?)));
    let events = days.fold(Events::default(), |events, (event, text)| events.with(event, Some(date(text))));
    let year = known.get("transfer_year").and_then(Value::as_i64);
    match (known.get("transfer").and_then(Value::as_str), year) {
        (Some(transfer), Some(year)) => {
            let event = Transfer::parse(transfer).unwrap().event().unwrap();
            events.with_year(event, i32::try_from(year).unwrap())
        }
        _ => events,
    }
}

/// What may excuse, by the names the lines give it.
fn exceptions(known: &Map<String, Value>) -> Vec<Exception> {
    let day = |name: &str| known.get(name).and_then(Value::as_str).map(date);
    let mut exceptions = Vec::new();
    let mut add = |ground, starts_on, ends_on, advice_requested_on| {
        exceptions.push(Exception { ground, starts_on, ends_on, advice_requested_on });
    };
    for ground in [Ground::AbsentFromArea, Ground::ExceptionalPersonalCircumstances] {
        if let Some([first, last]) = known.get(ground.code()).and_then(Value::as_array).map(Vec::as_slice) {
            add(ground, date(first.as_str().unwrap()), Some(date(last.as_str().unwrap())), None);
        }
    }
    if let Some(missed) = day("missed_appointment") {
        add(Ground::MissedAppointment, missed, Some(missed), None);
    }
    if let Some(closed) = day("school_closed_from") {
        let last = day("school_reopens").map(|opens| opens.pred_opt().unwrap());
        add(Ground::SchoolClosure, closed, last, day("head_advice_requested"));
    }
    exceptions
}

/// The days that a state counts.
fn days(state: State) -> Option<Value> {
    match state {
        State::Open { days_left: days }
        | State::Overdue { days_late: days }
        | State::Breached { days_late: days }
        | State::Exempt { days_past: days }
        | State::CutShort { days_early: days } => Some(days.into()),
        _ => None,
    }
}

/// A figure of the answer by its name on the wire; `None` if it is none of the law's.
fn figure(calculation: &Calculation, name: &str) -> Option<Value> {
    match name {
        "due" => Some(calculation.reading.due_on.unwrap().to_string().into()),
        "status" => Some(calculation.reading.state.code().into()),
        "days_late" | "days_left" | "days_early" | "days_past_nominal_due" => days(calculation.reading.state),
        "ambiguous" => Some(calculation.is_ambiguous.into()),
        _ => calculation.also.iter().find(|(also, _)| *also == name).map(|(_, day)| day.to_string().into()),
    }
}

#[test]
fn every_published_vector_of_a_clock_holds_in_the_engine() {
    let (mut asked, mut compared) = (0, 0);
    for line in vectors("deadlines.jsonl") {
        // Bands and rates are statistics, not clocks: they are compared through the wire.
        let Ok(clock) = Clock::parse(line["clock"].as_str().unwrap()) else { continue };
        let known = line["in"].as_object().unwrap();
        let day = |name: &str| line[name].as_str().map(date);
        let question = Question {
            clock,
            events: events(known),
            exceptions: exceptions(known),
            done_on: day("done"),
            as_of: day("as_of").or(day("done")).unwrap_or_else(|| date("2025-03-31")),
        };
        let calculation = question.answer().unwrap();
        asked += 1;
        let outside = ["id", "clock", "rule", "in", "done", "as_of", "note", "elapsed_days", "sen2", "absence_days"];
        for (name, wanted) in line.as_object().unwrap() {
            if let Some(ours) = figure(&calculation, name) {
                assert_eq!(&ours, wanted, "{name} of {line}");
                compared += 1;
            } else {
                let is_outside =
                    outside.contains(&name.as_str()) || name.starts_with("closure") || name.starts_with("exception");
                assert!(is_outside, "the engine says nothing of {name} of {line}");
            }
        }
    }
    assert!(asked == 47 && compared > 110, "{asked} lines, {compared} figures");
}
