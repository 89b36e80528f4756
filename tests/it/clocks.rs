//! The law: published vectors, the last day in time of each rule, and properties.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use serde_json::Value;
use twentyweeks::domain::clock::rules::RULES;
use twentyweeks::domain::clock::{Clock, Exception, Ground, State, due_on, read};
use twentyweeks::domain::field::FieldType;
use twentyweeks::domain::statistics::tenths_of_percent;
use twentyweeks::domain::statistics::timeliness::Band;
use twentyweeks::domain::statistics::waiting;

use super::support::{date, vectors};

fn given(line: &Value, name: &str) -> Option<NaiveDate> {
    line["in"][name].as_str().map(date)
}

/// The exceptions a vector states, each with the words of its own fields.
fn exceptions(line: &Value) -> Vec<Exception> {
    let period = |name: &str, ground| {
        let days = line["in"][name].as_array()?;
        let day = |place: usize| date(days[place].as_str().unwrap());
        Some(Exception { ground, starts_on: day(0), ends_on: Some(day(1)), advice_requested_on: None })
    };
    let closure = given(line, "school_closed_from").map(|closed| Exception {
        ground: Ground::SchoolClosure,
        starts_on: closed,
        ends_on: given(line, "school_reopens").and_then(|day| day.pred_opt()),
        advice_requested_on: given(line, "head_advice_requested"),
    });
    let missed = given(line, "missed_appointment").map(|day| Exception {
        ground: Ground::MissedAppointment,
        starts_on: day,
        ends_on: Some(day),
        advice_requested_on: None,
    });
    let circumstances = period("exceptional_personal_circumstances", Ground::ExceptionalPersonalCircumstances);
    [closure, missed, circumstances, period("absent_from_area", Ground::AbsentFromArea)].into_iter().flatten().collect()
}

fn check_clock(clock: Clock, line: &Value) {
    let rule = clock.rule(None);
    let start = rule.triggers.iter().find_map(|trigger| given(line, trigger.code()));
    let done = line["done"].as_str().map(date);
    let as_of = line["as_of"].as_str().map(date).or(done).unwrap_or(NaiveDate::MAX);
    let reading = read(clock.rule(start), start, done, &exceptions(line), as_of);
    assert_eq!(reading.due_on, line["due"].as_str().map(date), "{line}");
    if let Some(status) = line["status"].as_str() {
        assert_eq!(reading.state.code(), status, "{line}");
    }
    let (late, past, left) = match reading.state {
        State::Overdue { days_late } | State::Breached { days_late } => (Some(days_late), None, None),
        State::Exempt { days_past } => (None, Some(days_past), None),
        State::Open { days_left } => (None, None, Some(days_left)),
        _ => (None, None, None),
    };
    assert_eq!(line["days_late"].as_i64(), late, "{line}");
    assert_eq!(line["days_past_nominal_due"].as_i64(), past, "{line}");
    assert_eq!(line["days_left"].as_i64(), left, "{line}");
    if let (Some(elapsed), Some(done), Some(start)) = (line["elapsed_days"].as_i64(), done, start) {
        assert_eq!((done - start).num_days(), elapsed, "{line}");
    }
    if let Some(band) = line["sen2"]["band"].as_str() {
        let elapsed = i32::try_from(line["elapsed_days"].as_i64().unwrap()).unwrap();
        assert_eq!(Band::of(elapsed).code(), band);
    }
}

fn check_rate(line: &Value) {
    let Some(plans) = line["in"]["plans"].as_u64() else {
        // T70 is about a case outside the measure: `statistics::a_contested_case_is_outside_the_measure`.
        assert_eq!(line["in_timeliness_measure"], false);
        return;
    };
    let number = |name: &str| line["in"][name].as_u64().unwrap();
    let (exempt, exempt_in_time, others) =
        (number("exceptions"), number("exceptions_on_time"), number("others_on_time"));
    let percent = |part, whole| f64::from(u32::try_from(tenths_of_percent(part, whole).unwrap()).unwrap()) / 10.0;
    assert_eq!(line["pc_inc"].as_f64(), Some(percent(exempt_in_time + others, plans)));
    assert_eq!(line["pc_ex"].as_f64(), Some(percent(others, plans - exempt)));
}

#[test]
fn every_vector_of_a_clock_that_exists_holds() {
    let mut checked = 0;
    for line in vectors("deadlines.jsonl") {
        let name = line["clock"].as_str().unwrap();
        let days = |field: &str| i32::try_from(line["in"][field].as_i64().unwrap()).unwrap();
        match (name, Clock::parse(name)) {
            (_, Ok(clock)) => check_clock(clock, &line),
            ("sen2_band", _) => assert_eq!(Band::of(days("elapsed_days")).code(), line["band"], "{line}"),
            ("sen2_rate", _) => check_rate(&line),
            ("chs_band", _) => {
                let word = waiting::BANDS[waiting::band(days("days_waiting"))].replace("over ", ">");
                assert_eq!(word, line["band"].as_str().unwrap(), "{line}");
            }
            ("chs_wait", _) => {
                let wait = date(line["done"].as_str().unwrap()) - given(&line, "referral_received").unwrap();
                assert!(
                    waiting::band(i32::try_from(wait.num_days()).unwrap()) <= 4,
                    "126 days are within 18 weeks: {line}"
                );
            }
            _ => continue,
        }
        checked += 1;
    }
    assert_eq!(checked, 28, "a clock was added or a vector lost: see which lines are read");
}

#[test]
fn each_rule_is_kept_on_its_last_day_and_broken_on_the_next() {
    let cases = [
        ("decide_to_assess/2014", "2026-01-05", "2026-02-16"),
        ("advice_return/2014", "2024-02-01", "2024-03-14"),
        ("decide_not_to_issue/2014", "2025-10-20", "2026-02-09"),
        ("final_plan/2014", "2026-01-05", "2026-05-25"),
    ];
    assert_eq!(cases.len(), RULES.len(), "a rule has no worked example");
    for (id, start, last) in cases {
        let rule = RULES.iter().find(|rule| rule.id == id).unwrap();
        let (start, last) = (date(start), date(last));
        assert_eq!(due_on(start, rule.limit), Some(last), "{id}");
        assert_eq!(read(rule, Some(start), Some(last), &[], last).state, State::Met, "{id}");
        let next = last + Days::new(1);
        assert_eq!(read(rule, Some(start), Some(next), &[], next).state, State::Breached { days_late: 1 }, "{id}");
    }
}

#[test]
fn shortage_of_staff_is_no_ground() {
    let words = Ground::CODES.join(" ");
    for word in ["staff", "vacancy", "shortage", "capacity", "leave", "waiting"] {
        assert!(!words.contains(word), "{word}");
    }
    // School closure is not among the grounds of the advice-giving body, nor a missed appointment among the council's.
    assert!(!Clock::AdviceReturn.rule(None).excuses(Ground::SchoolClosure));
    assert!(!Clock::FinalPlan.rule(None).excuses(Ground::MissedAppointment));
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..12_000).prop_map(|days| date("2014-09-01") + Days::new(days))
}

fn exception() -> impl Strategy<Value = Exception> {
    (0..Ground::ALL.len(), day(), 0_u64..80, day()).prop_map(|(ground, starts_on, length, asked)| Exception {
        ground: Ground::ALL[ground],
        starts_on,
        ends_on: Some(starts_on + Days::new(length)),
        advice_requested_on: Some(asked),
    })
}

proptest! {
    #[test]
    fn a_later_start_is_never_due_earlier(start in day(), later in 0_u64..400) {
        for rule in RULES {
            prop_assert!(due_on(start, rule.limit) <= due_on(start + Days::new(later), rule.limit));
        }
    }

    #[test]
    fn an_exception_never_moves_a_due_date_and_only_a_listed_ground_excuses(
        start in day(), done in prop::option::of(0_u64..400), as_of in 0_u64..500, exceptions in prop::collection::vec(exception(), 0..4),
    ) {
        for rule in RULES {
            let (done, as_of) = (done.map(|days| start + Days::new(days)), start + Days::new(as_of));
            let reading = read(rule, Some(start), done, &exceptions, as_of);
            prop_assert_eq!(reading.due_on, due_on(start, rule.limit));
            if matches!(reading.state, State::Exempt { .. }) {
                prop_assert!(rule.excuses(reading.ground.unwrap()));
            }
            let plain = read(rule, Some(start), done, &[], as_of);
            if let State::Met | State::Open { .. } = plain.state {
                prop_assert_eq!(plain.state, reading.state);
            }
        }
    }

    #[test]
    fn day_by_day_a_clock_moves_only_forward(start in day(), done in prop::option::of(0_u64..300)) {
        let done = done.map(|days| start + Days::new(days));
        let order = |state: State| match state {
            State::Open { .. } => 1,
            State::Overdue { .. } => 2,
            State::Met | State::Breached { .. } => 3,
            _ => 9,
        };
        for rule in RULES {
            let states: Vec<_> = (0..320).map(|days| order(read(rule, Some(start), done, &[], start + Days::new(days)).state)).collect();
            prop_assert!(states.is_sorted(), "{:?}", states);
        }
    }
}
