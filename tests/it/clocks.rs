//! The law: published vectors, the last day in time of each rule, and properties.

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use serde_json::{Value, json};
use twentyweeks::domain::calendar::is_working_day;
use twentyweeks::domain::clock::{Bound, Clock, Event, Events, Exception, Ground, Kind, Rule, State, all_rules, read};
use twentyweeks::domain::field::FieldType;

use super::support::{TestApp, date, vectors};

/// The line sent to the calculator as it is, and its answer.
async fn ask(app: &TestApp, line: &Value) -> Value {
    let answer = app.post("/v1/deadline-calculations", line).await;
    assert_eq!(answer.status, 200, "{line} {}", answer.text);
    answer.json()
}

/// What a line expects, field by field; what says how it was asked is no expectation, nor are notes.
fn expected(line: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let asked = ["id", "clock", "rule", "in", "done", "as_of", "note", "ambiguous"];
    line.as_object().unwrap().iter().filter(move |(name, _)| !asked.contains(&name.as_str()))
}

/// True if `answer` says all that `wanted` says; an object may say more.
fn includes(answer: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::Object(wanted) => wanted.iter().all(|(name, wanted)| includes(&answer[name], wanted)),
        wanted => answer == wanted,
    }
}

#[actix_web::test]
async fn a_fact_that_changes_nothing_is_said_to_change_nothing() {
    let app = TestApp::sqlite("2025-03-31");
    let line =
        json!({ "clock": "final_plan", "in": { "request_received": "2025-01-06", "cause_of_delay": "no therapist" } });
    let answer = ask(&app, &line).await;
    let working = answer["working"].as_array().unwrap();
    assert!(working.iter().any(|step| step.as_str().unwrap().contains("shortage of staff is none")), "{answer:#}");
}

#[actix_web::test]
async fn every_published_vector_holds_through_the_calculator() {
    let app = TestApp::sqlite("2025-03-31");
    let mut compared = 0;
    for line in vectors("deadlines.jsonl") {
        let answer = ask(&app, &line).await;
        for (name, wanted) in expected(&line) {
            assert!(includes(&answer[name], wanted), "{name} of {line}\nis {answer:#}");
            compared += 1;
        }
        if line["ambiguous"] == true {
            assert_eq!(answer["ambiguous"], true, "an ambiguous reading must be said to be one: {line}");
        }
    }
    assert!(compared > 130, "only {compared} figures were compared");
}

/// A rule, the events that start it, and the last day in time.
type Example = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// One worked example for each rule: what starts it, the last day in time, by hand from the regulation's words.
const EXAMPLES: &[Example] = &[
    ("decide_to_assess/2014", &[("request_received", "2026-01-05")], "2026-02-16"),
    ("refuse_to_assess/2014", &[("became_responsible", "2026-01-05")], "2026-02-16"),
    ("refuse_to_assess/detained-2015", &[("detained_request_received", "2026-01-05")], "2026-02-16"),
    ("decide_to_assess/detained-2015", &[("detained_request_received", "2026-01-05")], "2026-02-16"),
    ("advice_return/2014", &[("advice_request_received_by_body", "2024-02-01")], "2024-03-14"),
    ("advice_return/own-adviser-2014", &[("advice_request_received_by_own_adviser", "2024-02-01")], "2024-03-14"),
    ("decide_not_to_issue/2014", &[("request_received", "2025-10-20")], "2026-02-09"),
    ("decide_not_to_issue/detained-2015", &[("detained_request_received", "2025-10-20")], "2026-02-09"),
    ("representation_window/2014", &[("draft_served", "2024-02-20")], "2024-03-05"),
    ("representation_window/posted-2014", &[("deemed_served", "2025-12-24")], "2026-01-07"),
    ("representation_window/latest-service", &[("request_received", "2025-01-06")], "2025-05-11"),
    ("school_consultation/2015", &[("setting_consulted", "2025-03-03")], "2025-03-18"),
    ("final_plan/2014", &[("request_received", "2026-01-05")], "2026-05-25"),
    ("final_plan/detained-2015", &[("detained_request_received", "2026-01-05")], "2026-05-25"),
    ("reassess_decision/2014", &[("reassessment_request_received", "2025-02-17")], "2025-03-04"),
    ("reassess_advice/2014", &[("advice_request_received_by_body", "2025-02-18")], "2025-04-01"),
    ("reassess_advice/own-adviser-2014", &[("advice_request_received_by_own_adviser", "2025-02-18")], "2025-04-01"),
    ("reassess_final/2014", &[("own_motion_decision", "2025-03-03")], "2025-06-09"),
    ("annual_review_12m/2014", &[("plan_first_made", "2023-01-09"), ("last_review", "2024-02-29")], "2025-02-28"),
    ("review_meeting_notice/2014", &[("review_meeting", "2026-03-18")], "2026-03-03"),
    ("review_report/2014", &[("review_meeting", "2025-10-06")], "2025-10-20"),
    ("review_decision/2014", &[("review_meeting", "2025-10-06")], "2025-11-03"),
    ("review_amendment_notice/2014", &[("review_meeting", "2025-10-06")], "2025-11-03"),
    ("review_representation_window/2014", &[("amendment_notice_sent", "2025-11-03")], "2025-11-17"),
    // Four weeks late with the notice: eight weeks from it would be 26 January.
    (
        "review_final_plan/2014",
        &[("amendment_notice_sent", "2025-12-01"), ("review_meeting", "2025-10-06")],
        "2025-12-29",
    ),
    ("review_no_amend_after_notice/2014", &[("amendment_notice_sent", "2025-11-03")], "2025-12-29"),
    ("amend_without_review/2014", &[("amendment_notice_sent", "2025-11-03")], "2025-12-29"),
    ("phase_transfer/school-2014", &[("school_transfer_year", "2026-01-01")], "2026-02-14"),
    ("phase_transfer/post16-2014", &[("post_sixteen_transfer_year", "2026-01-01")], "2026-03-30"),
    ("phase_transfer/between-post16-2014", &[("transfer_date", "2026-07-31")], "2026-02-28"),
    // Aware on Wednesday 22 October; the fifteenth working day is 11 November, after the move.
    ("la_transfer/2014", &[("old_la_aware", "2025-10-22"), ("move_date", "2025-11-03")], "2025-11-11"),
    ("la_transfer_inform/2014", &[("transfer_date", "2025-11-03")], "2025-12-15"),
    ("la_transfer_review/2014", &[("transfer_date", "2025-11-03"), ("last_review", "2025-01-20")], "2026-02-02"),
    // From Wednesday 16 April 2025: Good Friday, Easter Monday and the early May holiday lie between.
    ("icb_change/2014", &[("old_icb_aware", "2025-04-16")], "2025-05-09"),
    ("icb_change_request/2014", &[("new_icb_told", "2025-12-22")], "2026-01-14"),
    ("mediation_contact/2014", &[("decision_notice_sent", "2024-12-31")], "2025-02-28"),
    (
        "appeal_window/2014",
        &[("decision_notice_sent", "2025-11-14"), ("mediation_certificate_issued", "2026-01-05")],
        "2026-02-05",
    ),
    ("mediation_inform_icb/2014", &[("parent_told_la", "2025-04-17")], "2025-04-24"),
    ("mediation_arranged/2014", &[("parent_told_la", "2025-10-01")], "2025-10-31"),
    ("mediation_arranged/health-2014", &[("icb_told_of_mediation", "2025-10-03")], "2025-11-02"),
    ("mediation_certificate/2014", &[("mediation_ended", "2025-10-03")], "2025-10-08"),
    ("mediation_non_appealable/2014", &[("agreement_date", "2025-09-15")], "2025-09-29"),
    ("mediation_notify_la/2014", &[("agreement_date", "2025-09-15")], "2025-09-22"),
    ("tribunal_cease/2014", &[("order_date", "2025-06-02")], "2025-06-02"),
    ("tribunal_assess_notify/2015", &[("order_date", "2025-06-02")], "2025-06-16"),
    ("tribunal_assess_refuse_plan/2015", &[("order_date", "2025-06-02")], "2025-08-11"),
    ("tribunal_assess_make_plan/2015", &[("order_date", "2025-06-02")], "2025-09-08"),
    ("tribunal_make_plan_draft/2014", &[("agreement_date", "2025-06-02")], "2025-07-07"),
    ("tribunal_make_plan_final/2014", &[("order_date", "2025-06-02")], "2025-08-18"),
    ("tribunal_reconsider/2014", &[("order_date", "2025-06-02")], "2025-06-16"),
    ("tribunal_amend_plan/2015", &[("order_date", "2025-06-02")], "2025-07-07"),
    ("tribunal_amend_school_only/2014", &[("order_date", "2025-06-02")], "2025-06-16"),
    ("tribunal_continue/2014", &[("order_date", "2025-06-02")], "2025-06-02"),
    ("tribunal_recommendation/2018", &[("recommendation_made", "2025-06-02")], "2025-07-07"),
    ("unopposed_assess_notify/2015", &[("la_notified_tribunal", "2025-06-02")], "2025-06-16"),
    ("unopposed_assess_refuse_plan/2015", &[("la_notified_tribunal", "2025-06-02")], "2025-08-11"),
    ("unopposed_assess_make_plan/2015", &[("la_notified_tribunal", "2025-06-02")], "2025-09-08"),
    ("unopposed_make_plan_draft/2015", &[("la_notified_tribunal", "2025-06-02")], "2025-07-07"),
    ("unopposed_make_plan_final/2015", &[("la_notified_tribunal", "2025-06-02")], "2025-08-18"),
    ("unopposed_contents/2015", &[("la_notified_tribunal", "2025-06-02")], "2025-07-07"),
    ("unopposed_school_only/2015", &[("la_notified_tribunal", "2025-06-02")], "2025-06-16"),
    ("chs_wait/2025", &[("referral_received", "2025-01-06")], "2025-05-12"),
];

fn events(known: &[(&str, &str)]) -> Events {
    known
        .iter()
        .fold(Events::default(), |events, (event, day)| events.with(Event::parse(event).unwrap(), Some(date(day))))
}

#[test]
fn each_rule_is_kept_on_its_last_day_and_broken_on_the_next() {
    for rule in all_rules() {
        let example = EXAMPLES.iter().find(|(id, ..)| *id == rule.id);
        let (id, known, last) = example.unwrap_or_else(|| panic!("the rule {} has no worked example", rule.id));
        let (events, last) = (events(known), date(last));
        let next = last + Days::new(1);
        let state = |day| read(rule, &events, Some(day), &[], next).state;
        assert_eq!(read(rule, &events, None, &[], last).due_on, Some(last), "{id}");
        match rule.kind {
            Kind::Latest => {
                assert_eq!(state(last), State::Met, "{id}");
                assert_eq!(state(next), State::Breached { days_late: 1 }, "{id}");
                let chosen = rule.clock.started_by(&events).map(|(rule, _)| rule.id);
                assert_eq!(chosen, Some(rule.id), "the events of {id} start another rule");
            }
            Kind::Window => {
                assert_eq!(state(last), State::CutShort { days_early: 1 }, "{id}");
                assert_eq!(state(next), State::Met, "{id}");
            }
        }
    }
    for (id, ..) in EXAMPLES {
        assert!(all_rules().any(|rule| rule.id == *id), "there is no rule {id}");
    }
    for clock in Clock::ALL {
        assert!(clock.rules().next().is_some(), "{clock:?} has no rule");
    }
}

#[actix_web::test]
async fn what_cannot_be_calculated_is_answered_with_what_is_needed() {
    let app = TestApp::sqlite("2025-03-31");
    let cases = [
        (json!({ "clock": "final_plan", "in": {} }), vec!["/in missing_trigger"]),
        (json!({ "clock": "final_plan" }), vec!["/in required"]),
        (json!({ "in": {} }), vec!["/clock required"]),
        (json!({ "clock": "staff_shortage", "in": {} }), vec!["/clock not_allowed"]),
        (
            json!({ "clock": "final_plan", "in": { "request_received": "2025-02-30" } }),
            vec!["/in/request_received not_a_date"],
        ),
        (
            json!({ "clock": "final_plan", "in": { "request_received": "9999-01-01" } }),
            vec!["/in/request_received date_out_of_range"],
        ),
        (
            json!({ "clock": "final_plan", "in": { "request_received": "2025-01-06" }, "done": "2025-01-05" }),
            vec!["/done before_trigger"],
        ),
        (
            json!({ "clock": "final_plan", "colour": 1, "done": 7, "in": { "request": "2025-01-06", "absent_from_area": ["2025-02-01", "2025-01-01"] } }),
            vec![
                "/colour unknown_field",
                "/done wrong_type",
                "/in/absent_from_area out_of_order",
                "/in/request unknown_field",
            ],
        ),
        (
            json!({ "clock": "phase_transfer", "in": { "transfer": "primary_to_secondary" } }),
            vec!["/in/transfer_year required"],
        ),
        (
            json!({ "clock": "sen2_rate", "in": { "plans": 3, "exceptions": 4, "exceptions_on_time": 0, "others_on_time": 0 } }),
            vec!["/in required"],
        ),
        (json!({ "clock": "chs_band", "in": { "days_waiting": -1 } }), vec!["/in/days_waiting not_a_number"]),
    ];
    for (line, wanted) in cases {
        let answer = app.post("/v1/deadline-calculations", &line).await;
        assert_eq!(answer.status, 422, "{line} {}", answer.text);
        assert_eq!(answer.faults(), wanted, "{line}");
    }
}

#[actix_web::test]
async fn the_law_is_served_as_data() {
    let app = TestApp::sqlite("2025-03-31");
    let rules = app.get("/v1/clock-rules").await.json();
    assert_eq!(rules["data"].as_array().unwrap().len(), EXAMPLES.len());
    let advice = rules["data"].as_array().unwrap().iter().find(|rule| rule["clock"] == "advice_return").unwrap();
    assert_eq!(advice["binds"], "advice_giver");
    assert_eq!(advice["exceptions"].as_array().unwrap().len(), 3);
}

#[test]
fn bank_holidays_of_england_are_the_proclaimed_ones() {
    for line in vectors("bank_holidays.jsonl") {
        let year = i32::try_from(line["year"].as_i64().unwrap()).unwrap();
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let weekday = |day: &NaiveDate| !matches!(day.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun);
        let ours: Vec<_> = first
            .iter_days()
            .take_while(|day| day.year() == year)
            .filter(weekday)
            .filter(|day| !is_working_day(*day))
            .collect();
        let theirs: Vec<_> =
            line["weekdays"].as_array().unwrap().iter().map(|day| date(day.as_str().unwrap())).collect();
        assert_eq!(ours, theirs, "{year}");
    }
}

#[test]
fn shortage_of_staff_is_no_ground() {
    let words = Ground::CODES.join(" ");
    for word in ["staff", "vacancy", "shortage", "capacity", "leave", "waiting"] {
        assert!(!words.contains(word), "{word}");
    }
    // School closure is not among the grounds of the advice-giving body, nor a missed appointment among the council's.
    assert!(Clock::AdviceReturn.rule(None).excuse(Ground::SchoolClosure).is_none());
    assert!(Clock::FinalPlan.rule(None).excuse(Ground::MissedAppointment).is_none());
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

/// One event of every trigger of a rule, and of every date that bounds it, all on one day.
fn all_on(rule: &Rule, day: NaiveDate) -> Events {
    let bound = match rule.bound {
        Some(Bound::NotAfter(events, _) | Bound::NotBefore(events, _)) => events,
        None => &[],
    };
    let known = rule.triggers.iter().take(1).chain(bound);
    known.fold(Events::default(), |events, event| events.with(*event, Some(day)))
}

proptest! {
    #[test]
    fn a_later_start_is_never_due_earlier(start in day(), later in 0_u64..400) {
        for rule in all_rules() {
            let due = |day| read(rule, &all_on(rule, day), None, &[], NaiveDate::MAX).due_on;
            prop_assert!(due(start) <= due(start + Days::new(later)), "{}", rule.id);
        }
    }

    #[test]
    fn an_exception_never_moves_a_due_date_and_only_a_listed_ground_excuses(
        start in day(), done in prop::option::of(0_u64..400), as_of in 0_u64..500, exceptions in prop::collection::vec(exception(), 0..4),
    ) {
        for rule in all_rules() {
            let events = all_on(rule, start);
            let (done, as_of) = (done.map(|days| start + Days::new(days)), start + Days::new(as_of));
            let reading = read(rule, &events, done, &exceptions, as_of);
            let plain = read(rule, &events, done, &[], as_of);
            prop_assert_eq!(reading.due_on, plain.due_on);
            if matches!(reading.state, State::Exempt { .. }) {
                prop_assert!(rule.excuse(reading.ground.unwrap()).is_some());
            }
            if let State::Met | State::Open { .. } = plain.state {
                prop_assert_eq!(plain.state, reading.state);
            }
        }
    }

    #[test]
    fn day_by_day_a_clock_moves_only_forward(start in day(), done in prop::option::of(0_u64..300)) {
        let done = done.map(|days| start + Days::new(days));
        let order = |state: State| match state {
            State::NotStarted => 0,
            State::Open { .. } => 1,
            State::Overdue { .. } | State::Elapsed => 2,
            State::Met | State::Breached { .. } | State::CutShort { .. } => 3,
            State::NotApplicable | State::Stopped | State::Replaced | State::Lapsed | State::Exempt { .. } => 9,
        };
        for rule in all_rules() {
            let events = all_on(rule, start);
            let states: Vec<_> = (0..320).map(|days| order(read(rule, &events, done, &[], start + Days::new(days)).state)).collect();
            prop_assert!(states.is_sorted(), "{} {:?}", rule.id, states);
        }
    }
}
