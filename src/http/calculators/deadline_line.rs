//! A line of a calculation read: its clock, what is known, and what may excuse.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::domain::clock::{Clock, Event, Events, Exception, Ground, Question, Transfer};
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::{FieldType, found};
use crate::http::problem::{Code, Problem};

/// What a line may hold at its top beside what is asked: answers are accepted and not read, so that a line with its
/// expected answer can be sent as it is.
pub const ANSWERS: &[&str] = &[
    "id",
    "rule",
    "due",
    "status",
    "note",
    "ambiguous",
    "days_late",
    "days_left",
    "days_early",
    "days_past_nominal_due",
    "elapsed_days",
    "absence_days",
    "closure_days",
    "exception_window",
    "earliest_final",
    "alternative_due",
    "operational_due",
    "outer_limit",
    "notice_limit",
    "band",
    "pc_inc",
    "pc_ex",
    "in_timeliness_measure",
    "sen2",
];

/// Facts that are read and said to have no effect on the clock.
const ASIDE: &[&str] = &[
    "advice_request_sent",
    "bare_decision_letter",
    "amendments_sent",
    "draft_posted_first_class",
    "discipline",
    "cause_of_delay",
    "agreed",
];

/// Ids that other documents use for clocks of ours.
const ALIASES: [(&str, Clock); 2] =
    [("mediation_arrange", Clock::MediationArranged), ("mediation_agreement_other", Clock::MediationNonAppealable)];

/// The clock of that id.
pub fn read_clock(text: &str) -> Result<Clock, Refusal> {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == text).map(|(_, clock)| *clock);
    alias.map_or_else(|| Clock::parse(text), Ok)
}

/// What is known, read from `in`.
pub struct Known<'a> {
    map: &'a Map<String, Value>,
    faults: Faults,
    read: Vec<&'a str>,
}

impl<'a> Known<'a> {
    /// The object `in` of a line.
    pub fn new(map: &'a Map<String, Value>) -> Self {
        Self { map, faults: Faults::default(), read: Vec::new() }
    }

    fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        let (name, value) = self.map.get_key_value(name)?;
        self.read.push(name);
        (!value.is_null()).then_some(value)
    }

    /// A whole number of 0 or more.
    pub fn whole(&mut self, name: &'static str) -> Option<u64> {
        let value = self.take(name)?;
        let whole = value.as_u64().filter(|number| *number <= 10_000_000);
        if whole.is_none() {
            self.faults.add(name, "not_a_number", "must be a whole number from 0 to 10000000");
        }
        whole
    }

    /// A word; anything else is noted.
    pub fn word(&mut self, name: &'static str) -> Option<&'a str> {
        let value = self.take(name)?;
        if value.as_str().is_none() {
            self.faults.add(name, "wrong_type", "must be a string");
        }
        value.as_str()
    }

    /// A flag as the annual return writes it, 0 or 1, or true or false; false if it is not there.
    pub fn flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) if number.as_u64().is_some_and(|number| number <= 1) => {
                number.as_u64() == Some(1)
            }
            Some(_) => {
                self.faults.add(name, "not_a_flag", "must be 0 or 1");
                false
            }
            None => false,
        }
    }

    fn date(&mut self, name: &'static str) -> Option<NaiveDate> {
        let value = self.take(name)?;
        self.faults.note(name, read_date(value))
    }

    /// Two days, both included: `["2025-03-10", "2025-04-20"]`.
    fn period(&mut self, name: &'static str) -> Option<(NaiveDate, NaiveDate)> {
        let value = self.take(name)?;
        let two = match value.as_array().map(Vec::as_slice) {
            Some([first, last]) => read_date(first).and_then(|first| Ok((first, read_date(last)?))),
            _ => Err(Refusal::new("wrong_type", "must be a list of two days, the first and the last, both included")),
        };
        let (first, last) = self.faults.note(name, two)?;
        if last < first {
            self.faults.add(name, "out_of_order", format!("must not end before it begins, but is {first} to {last}"));
            return None;
        }
        Some((first, last))
    }

    fn events(&mut self, clock: Clock) -> Events {
        // Only some clocks have rules of their own for detained persons; the others are the same for everyone.
        let own = clock.rules().any(|rule| rule.triggers.contains(&Event::DetainedRequestReceived));
        let detained = self.flag("detained") && own;
        let given = |name| self.map.get(name).is_some_and(|value| !value.is_null());
        if given("request_received") && given("became_responsible") {
            let message = "must be left out when request_received is given: one of them starts the clock";
            self.faults.add("became_responsible", "contradiction", message);
        }
        let mut events = Events::default();
        for event in Event::ALL.iter().copied().filter(|event| !event.is_year()) {
            let day = self.date(event.code());
            let request = matches!(event, Event::RequestReceived | Event::BecameResponsible);
            events = events.with(if detained && request { Event::DetainedRequestReceived } else { event }, day);
        }
        self.transfer(clock, events)
    }

    fn transfer(&mut self, clock: Clock, events: Events) -> Events {
        let Some(value) = self.take("transfer") else {
            if clock == Clock::PhaseTransfer {
                self.take("transfer_year");
                self.faults.add(
                    "transfer",
                    "required",
                    format!("must be the move: one of {}", Transfer::CODES.join(", ")),
                );
            }
            return events;
        };
        let read = value.as_str().map_or_else(|| Err(Refusal::new("wrong_type", "must be a word")), Transfer::parse);
        let transfer = self.faults.note("transfer", read);
        let year = self.take("transfer_year").and_then(Value::as_i64).and_then(|year| i32::try_from(year).ok());
        match (transfer, transfer.and_then(Transfer::event), year.filter(|year| (2014..=2099).contains(year))) {
            (Some(_), Some(event), Some(year)) => events.with_year(event, year),
            (Some(_), Some(_), None) => {
                self.faults.add("transfer_year", "required", "must be the year of the transfer, 2014 to 2099");
                events
            }
            (Some(_), None, _) if events.day(Event::TransferDate).is_none() => {
                self.faults.add("transfer_date", "required", "must be the day of the transfer");
                events
            }
            _ => events,
        }
    }

    fn closure(&mut self, ground: Ground, names: [&'static str; 3]) -> Option<Exception> {
        let [closed, opens, asked] = names.map(|name| self.date(name));
        let [closed_name, opens_name, _] = names;
        match (closed, opens) {
            (Some(starts_on), Some(opens)) if opens <= starts_on => {
                self.faults.add(opens_name, "out_of_order", format!("must be after {closed_name}, {starts_on}"));
                None
            }
            (Some(starts_on), opens) => {
                let ends_on = opens.and_then(|day| day.pred_opt());
                Some(Exception { ground, starts_on, ends_on, advice_requested_on: asked })
            }
            (None, _) => None,
        }
    }

    fn exceptions(&mut self) -> Vec<Exception> {
        let schools = ["school_closed_from", "school_reopens", "head_advice_requested"];
        let early_years = ["early_years_closed_from", "early_years_reopens", "early_years_advice_requested"];
        let mut exceptions =
            vec![self.closure(Ground::SchoolClosure, schools), self.closure(Ground::EarlyYearsClosure, early_years)];
        for ground in [Ground::AbsentFromArea, Ground::ExceptionalPersonalCircumstances] {
            let period = self.period(ground.code());
            exceptions.push(period.map(|(starts_on, last)| Exception {
                ground,
                starts_on,
                ends_on: Some(last),
                advice_requested_on: None,
            }));
        }
        exceptions.push(self.date("missed_appointment").map(|day| Exception {
            ground: Ground::MissedAppointment,
            starts_on: day,
            ends_on: Some(day),
            advice_requested_on: None,
        }));
        exceptions.into_iter().flatten().collect()
    }

    /// Notes every name nobody read, with those that are known; answers with the faults.
    pub fn finish(mut self) -> Faults {
        let own = [
            "transfer",
            "transfer_year",
            "detained",
            "school_closed_from, school_reopens, head_advice_requested",
            "absent_from_area",
            "exceptional_personal_circumstances",
            "missed_appointment",
        ];
        let events = Event::ALL.iter().filter(|event| !event.is_year()).map(|event| event.code());
        let known: Vec<_> = events.chain(own).collect();
        for name in self.map.keys() {
            if !self.read.contains(&name.as_str()) && !ASIDE.contains(&name.as_str()) {
                let shown: String = name.chars().take(64).collect();
                self.faults.add(
                    shown,
                    "unknown_field",
                    format!("is no fact of a clock; known are {}", known.join(", ")),
                );
            }
        }
        self.faults
    }
}

fn read_date(value: &Value) -> Result<NaiveDate, Refusal> {
    match value {
        Value::String(text) => NaiveDate::parse(text),
        _ => Err(Refusal::new("wrong_type", "must be a day of the calendar written as \"2025-03-31\"")),
    }
}

/// Reads a line as a question; `today` is the day of the reading where the line says neither `as_of` nor `done`.
///
/// # Errors
/// `InvalidCalculation` with every fault.
pub fn read_question(line: &Map<String, Value>, clock: Clock, today: NaiveDate) -> Result<Question, Problem> {
    let mut faults = unknown(line);
    let mut date = |name: &'static str| {
        line.get(name).filter(|value| !value.is_null()).and_then(|value| faults.note(name, read_date(value)))
    };
    let (done_on, as_of) = (date("done"), date("as_of"));
    let empty = Map::new();
    let mut known = Known::new(inner(line, &mut faults).unwrap_or(&empty));
    let question = Question {
        clock,
        events: known.events(clock),
        exceptions: known.exceptions(),
        done_on,
        as_of: as_of.or(done_on).unwrap_or(today),
    };
    let inside = known.finish();
    if faults.is_empty() && inside.is_empty() {
        Ok(question)
    } else {
        Err(Problem::with_nested(Code::InvalidCalculation, &[("", &faults), ("/in", &inside)]))
    }
}

/// What was given and has no effect on a clock, a sentence each.
pub fn set_aside(line: &Map<String, Value>) -> Vec<String> {
    let given = line.get("in").and_then(Value::as_object);
    let names = ASIDE.iter().filter(|name| given.is_some_and(|given| given.contains_key(**name)));
    let say = |name: &&str| match *name {
        "cause_of_delay" => {
            "cause_of_delay moves no date: only a listed ground excuses, and shortage of staff is none.".to_owned()
        }
        name => format!("{name} has no effect on this clock."),
    };
    names.map(say).collect()
}

/// The object `in` of a line.
pub fn inner<'a>(line: &'a Map<String, Value>, faults: &mut Faults) -> Option<&'a Map<String, Value>> {
    let inner = line.get("in").and_then(Value::as_object);
    if inner.is_none() {
        faults.add(
            "in",
            "required",
            "must be an object with what is known, such as {\"request_received\": \"2025-01-06\"}",
        );
    }
    inner
}

/// Notes every name at the top of a line that means nothing here.
pub fn unknown(line: &Map<String, Value>) -> Faults {
    let mut faults = Faults::default();
    for name in line.keys() {
        if !["clock", "in", "done", "as_of"].contains(&name.as_str()) && !ANSWERS.contains(&name.as_str()) {
            let shown: String = name.chars().take(64).collect();
            faults.add(shown, "unknown_field", "is no part of a calculation; its parts are clock, in, done, as_of");
        }
    }
    faults
}

/// Refuses a clock nobody knows.
pub fn unknown_clock(text: &str, others: &[&str]) -> Problem {
    let mut faults = Faults::default();
    let words: Vec<_> = Clock::CODES.iter().chain(others).copied().collect();
    faults.add("clock", "not_allowed", format!("must be one of {}, but {}", words.join(", "), found(text)));
    Problem::with_faults(Code::InvalidCalculation, &faults)
}
