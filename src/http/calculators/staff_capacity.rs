//! The calculator of capacity: one member of staff in, the appointments of each week out.

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::staff_params::{GIVEN, RATES, params};
use super::{inputs, quantity};
use crate::domain::calendar::Calendar;
use crate::domain::capacity::day_book::{DayBook, monday};
use crate::domain::capacity::ledger::{ROUND_WEEKS, Week, Weeks, ledger};
use crate::domain::capacity::parameters::{Parameters, Premise, assumptions};
use crate::domain::capacity::person::Person;
use crate::domain::capacity::team::entry;
use crate::domain::capacity::timetable::Timetable;
use crate::domain::capacity_rule::{AppointmentType, Setting};
use crate::domain::facts::{Day, NEVER, Place, date, day};
use crate::domain::fault::Faults;
use crate::domain::field::FieldType;
use crate::domain::post::Band;
use crate::domain::post_holding::{Engagement, evenly};
use crate::domain::service::Discipline;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::{Code, Problem};
use crate::http::query::Query;
use crate::http::statistics::capacity::{OFFER, offer_cells};
use crate::http::statistics::report::Cell;

/// Version of its formulas.
const VERSION: u32 = 1;

/// Weeks answered if no end is given.
const WEEKS: u64 = 13;

/// Most weeks that are answered.
const MOST_WEEKS: i32 = 104;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v1/calculators/capacity", "calculate_capacity", None, handler!(calculate))
            .says("capacity", "Calculate what one member of staff can offer", "For each week: minutes contracted, every deduction, and whole appointments, by the same ledger as /v1/stats/capacity. What is not given is assumed, and parameters say which. Supervision of starters is not among the deductions: it is asked of a team. Nothing is kept.")
            .takes(params())
            .answers(200, "Every week, the sums, and the parameters they rest on.", "StaffCapacity"),
    ]
}

async fn calculate(call: Call) -> Result<HttpResponse, Problem> {
    let query = &call.query;
    let premises = premises(query);
    let row = StaffRow::read(query, &premises, call.app.clock().today())
        .map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))?;
    let weeks = row.weeks(&premises);
    let mut sum = Week::default();
    for (_, week) in &weeks {
        sum.add(week);
    }
    let taken = [("from", on(row.first)), ("to", on(row.last)), ("band", json!(row.person.band.code()))];
    Ok(HttpResponse::Ok().json(json!({
        "inputs": inputs(query, &taken),
        "weeks": weeks.iter().map(|(monday, week)| week_object(*monday, week)).collect::<Vec<_>>(),
        "quantities": quantities(&sum),
        "parameters": premises.iter().map(parameter).collect::<Vec<_>>(),
        "assumptions": [
            "bank holidays are those of England",
            "leave falls evenly on the working days of a leave year, and more often on those in school holidays; whoever starts or ends within one has a part of it",
            "children seen in a week need their follow-ups in the weeks after it; those seen before the post began need none",
        ],
        "version": VERSION,
    })))
}

/// A row of staff, and the weeks asked about.
struct StaffRow {
    person: Person,
    school_holidays: Vec<(Day, Day)>,
    first: Day,
    last: Day,
}

impl StaffRow {
    fn read(query: &Query, premises: &[Premise], today: NaiveDate) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let from = query.date("from").unwrap_or(today);
        let to = query.date("to").or_else(|| from.checked_add_days(Days::new(7 * (WEEKS - 1)))).unwrap_or(from);
        let (first, last) = (monday(day(Some(from))), monday(day(Some(to))));
        let weeks = (last - first) / 7 + 1;
        if weeks < 1 {
            faults.add("to", "out_of_order", format!("must not be before from, {from}"));
        } else if weeks > MOST_WEEKS {
            faults.add("to", "too_many", format!("asks for {weeks} weeks, {MOST_WEEKS} are the most"));
        }
        let school_holidays = school_holidays(query, &mut faults);
        let person = person(query, first, &mut faults);
        if person.term_time_only && school_holidays.is_empty() {
            faults.add(
                "school_holidays",
                "required",
                "is required with term_time_only: schools are closed on some days",
            );
        }
        check_shares(premises, &mut faults);
        faults.or(Self { person, school_holidays, first, last })
    }

    fn weeks(&self, premises: &[Premise]) -> Vec<(Day, Week)> {
        // All is planned, nothing is on record: so the past ends before the year in which running sums begin.
        let weeks = Weeks { first: self.first, last: self.last, as_at: self.first - 7 * ROUND_WEEKS - 1 };
        let mut book = DayBook::without_schools(weeks.days(), &Calendar::default());
        self.school_holidays.iter().for_each(|span| book.set_school_holiday(*span, true));
        let timetable = Timetable::steady(Parameters::of(premises));
        let ledger = ledger(std::slice::from_ref(&self.person), (&book, &timetable), weeks, |_| 0.0);
        ledger.into_iter().map(|((monday, _), week)| (monday, week)).collect()
    }
}

fn person(query: &Query, first: Day, faults: &mut Faults) -> Person {
    // Without a first day it is somebody who has been there for years.
    let starts = query.date("starts_on").map_or(first - 7 * ROUND_WEEKS * 2, |on| day(Some(on)));
    let ends = query.date("ends_on").map_or(NEVER - 1, |on| day(Some(on)));
    let productive_from = query.date("productive_from_on").map_or(starts, |on| day(Some(on)));
    if ends < starts {
        faults.add("ends_on", "out_of_order", "must not be before starts_on");
    }
    if productive_from < starts {
        faults.add("productive_from_on", "out_of_order", "must not be before starts_on");
    }
    let engagement = query.word("engagement").and_then(|word| Engagement::parse(word).ok());
    let band = query.word("band").and_then(|word| Band::parse(word).ok());
    Person {
        worker: Place::MIN,
        service: Place::MIN,
        band: band.unwrap_or(Band::Six),
        pattern: pattern(query, faults),
        starts,
        ends,
        productive_from,
        entry: entry(engagement.unwrap_or(Engagement::Permanent), query.flag("newly_qualified") == Some(true)),
        term_time_only: query.flag("term_time_only") == Some(true),
        leave_days: query.number("leave_entitlement_days"),
        absences: Vec::new(),
        sickness_on_record: None,
    }
}

fn pattern(query: &Query, faults: &mut Faults) -> [f64; 7] {
    let given = query.numbers("weekday_minutes");
    if !given.is_empty() && query.number("wte").is_some() {
        faults.add("wte", "contradiction", "must be empty where weekday_minutes are given");
    }
    match (<[f64; 7]>::try_from(given), given.len()) {
        (Ok(pattern), _) => pattern,
        (Err(_), 0) => evenly(query.number("wte").unwrap_or(1.0)),
        (Err(_), count) => {
            faults.add(
                "weekday_minutes",
                "wrong_length",
                format!("must be seven, Monday first, but {count} were given"),
            );
            [0.0; 7]
        }
    }
}

/// First and last days in turn.
fn school_holidays(query: &Query, faults: &mut Faults) -> Vec<(Day, Day)> {
    let (pairs, rest) = query.dates("school_holidays").as_chunks::<2>();
    if let [alone] = rest {
        faults.add(
            "school_holidays",
            "wrong_length",
            format!("must be first and last days in turn, but {alone} has no last day"),
        );
    }
    for [first, last] in pairs.iter().filter(|[first, last]| last < first) {
        faults.add("school_holidays", "out_of_order", format!("must not end on {last}, before they begin on {first}"));
    }
    pairs.iter().map(|[first, last]| (day(Some(*first)), day(Some(*last)))).collect()
}

fn check_shares(premises: &[Premise], faults: &mut Faults) {
    let shares: f64 =
        premises.iter().filter(|premise| premise.setting == Setting::JobPlanShare).map(|premise| premise.value).sum();
    if shares > 1.0 + 1e-9 {
        let message = format!(
            "must leave first contacts and EHC advice together at 1 or less, but they have {shares}; give both shares"
        );
        faults.add("ehc_advice_share", "shares_over_one", message);
    }
}

/// What is given, and what is assumed where nothing is.
fn premises(query: &Query) -> Vec<Premise> {
    let given = |premise: &mut Premise| {
        let rate = RATES.iter().find(|rate| rate.setting == premise.setting && rate.appointment == premise.appointment);
        if let Some(value) = rate.and_then(|rate| query.number(rate.param)) {
            premise.value = value;
            GIVEN.clone_into(&mut premise.source);
        }
    };
    // Which therapy does not matter: assumptions are the same for all.
    let mut premises: Vec<_> = assumptions(Discipline::SpeechAndLanguageTherapy).collect();
    premises.iter_mut().for_each(given);
    let by_week = query.numbers("follow_ups_per_start");
    if !by_week.is_empty() {
        premises.retain(|premise| premise.setting != Setting::FollowUpsPerStart);
        premises.extend((0..).zip(by_week).map(|(week, value)| Premise {
            discipline: Discipline::SpeechAndLanguageTherapy,
            setting: Setting::FollowUpsPerStart,
            appointment: None,
            week: Some(week),
            value: *value,
            starts_on: None,
            ends_on: None,
            source: GIVEN.to_owned(),
        }));
    }
    premises
}

fn on(number: Day) -> Value {
    json!(Cell::date(date(number)))
}

fn parameter(premise: &Premise) -> Value {
    json!({
        "setting": premise.setting.code(),
        "appointment_type": premise.appointment.map(AppointmentType::code),
        "week": premise.week,
        "value": premise.value,
        "source": premise.source,
    })
}

fn week_object(monday: Day, week: &Week) -> Value {
    let cells =
        OFFER.iter().map(|column| column.name.to_owned()).zip(offer_cells(week).into_iter().map(|cell| json!(cell)));
    let mut object: Map<_, _> = cells.collect();
    object.insert("week_starts_on".to_owned(), on(monday));
    Value::Object(object)
}

fn quantities(sum: &Week) -> Vec<Value> {
    let count = |slots: u64| u32::try_from(slots).ok().map(f64::from);
    let slots =
        "the running sum of minutes * job-plan share / minutes per appointment, rounded down each week; of all weeks";
    let attended = "slots * (1 - did-not-attend rate); of all weeks";
    vec![
        quantity(
            "contracted_minutes",
            Some(sum.minutes.contracted),
            "minutes",
            "the minutes of each weekday worked; of all weeks",
        ),
        quantity(
            "clinical_minutes",
            Some(sum.minutes.clinical()),
            "minutes",
            "contracted * (1 - leave) * (1 - sickness) * (1 - study) * (1 - non-clinical) * ramp, day by day; nothing on holidays; of all weeks",
        ),
        quantity("first_contact_slots", count(sum.first_contacts().slots), "appointments", slots),
        quantity("first_contacts_attended", Some(sum.first_contacts().attended), "appointments", attended),
        quantity("ehc_advice_slots", count(sum.advice().slots), "appointments", slots),
        quantity("ehc_advice_attended", Some(sum.advice().attended), "appointments", attended),
        quantity(
            "follow_ups",
            Some(sum.follow_ups),
            "appointments",
            "minutes of follow-ups / minutes per follow-up; of all weeks",
        ),
    ]
}
