//! What may follow a decision or a plan: re-assessments, amendments, consultations, disputes, another commissioning body;
//! and the calendar by which working days are counted.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use twentyweeks::domain::advice_request::{AdviceRequest, AdviceType};
use twentyweeks::domain::calendar::Calendar;
use twentyweeks::domain::clock::instance::{
    Instance, of_advice, of_amendment, of_consultation, of_dispute, of_reassessment,
};
use twentyweeks::domain::clock::{Exception, Ground};
use twentyweeks::domain::consultation::Consultation;
use twentyweeks::domain::dispute::{Dispute, DisputedDecision, MediationAbout};
use twentyweeks::domain::facts::{Facts, day};
use twentyweeks::domain::field::FieldType;
use twentyweeks::domain::noun::Noun;
use twentyweeks::domain::plan_amendment::PlanAmendment;
use twentyweeks::domain::reassessment::{Reassessment, ReassessmentDecision};
use twentyweeks::domain::reference::{EhcPlanLink, ReassessmentLink};
use twentyweeks::domain::statistics::clocks::state;
use twentyweeks::domain::timescale_exception::TimescaleException;

use super::facts::random;
use super::support::TestApp;

pub async fn import(app: &TestApp, noun: &str, file: &str) {
    let answer = app.csv(&format!("/v1/imports?type={noun}&authority=301&source_system=cw"), file).await;
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), &body["rejected"]), (201, &json!(0)), "{body}");
}

/// An app with a request and its plan.
pub async fn with_a_plan(today: &str) -> TestApp {
    let app = TestApp::sqlite(today);
    import(
        &app,
        "ehc-requests",
        "external_id,child_ref,received_on,decision,decision_on,outcome,outcome_on,final_sent_on\n\
        E-1,KID-1,2024-01-08,assess,2024-02-10,plan,2024-04-01,2024-05-20\n",
    )
    .await;
    import(&app, "ehc-plans", "external_id,child_ref,issued_on,ehc_request_id\nP-1,KID-1,2024-05-20,E-1\n").await;
    app
}

/// The clocks of one noun in the timeline, as `clock state due`, and the same in the queue where they run.
pub async fn clocks(app: &TestApp, prefix: &str, as_at: &str) -> Vec<String> {
    let path = format!("/v1/ehc-requests/ehc_301_2/timeline?as_at={as_at}");
    let timeline = app.get(&path).await.json();
    let line = |clock: &Value| {
        let word = |name: &str| clock[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", word("clock"), word("state"), word("due_on"))
    };
    let own = |clock: &&Value| clock["record_id"].as_str().unwrap().starts_with(prefix);
    let running = |clock: &&Value| {
        let state = clock["state"].as_str().unwrap();
        ["open", "overdue", "exempt"].contains(&state) && clock["done_on"].is_null()
    };
    let all = timeline["clocks"].as_array().unwrap();
    let shown: Vec<_> = all.iter().filter(own).map(line).collect();
    // A window that must be left open is no deadline.
    let is_deadline = |line: &String| !line.contains("representation_window");
    let mut wanted: Vec<_> = all.iter().filter(own).filter(running).map(line).filter(is_deadline).collect();
    let queue = app.get(&format!("/v1/deadlines?authority=301&as_at={as_at}")).await.json();
    let queued = queue["data"].as_array().unwrap().iter().filter(own).map(line);
    let mut queued: Vec<_> = queued.collect();
    wanted.sort();
    queued.sort();
    assert_eq!(queued, wanted, "the queue and the timeline disagree as at {as_at}");
    shown
}

#[actix_web::test]
async fn a_reassessment_has_its_own_decision_advice_exception_and_plan() {
    let app = with_a_plan("2025-12-01").await;
    import(
        &app,
        "reassessments",
        "external_id,ehc_plan_id,requested_on,decision,decision_on\nA-1,P-1,2025-02-17,reassess,2025-03-03\n",
    )
    .await;
    import(
        &app,
        "advice-requests",
        "external_id,reassessment_id,advice_type,sent_on,received_by_body_on,own_adviser\n\
        B-1,A-1,medical,2025-03-04,2025-03-05,\nB-2,A-1,educational_psychology,2025-03-04,2025-03-05,yes\n",
    )
    .await;
    assert_eq!(
        clocks(&app, "rea_", "2025-03-10").await,
        ["reassess_decision met 2025-03-04", "reassess_final open 2025-06-09"]
    );
    assert_eq!(clocks(&app, "adv_", "2025-05-01").await, ["reassess_advice overdue 2025-04-16"; 2]);
    let rules = app.get("/v1/deadlines?authority=301&clock=reassess_advice&as_at=2025-05-01").await.json();
    let binding: Vec<_> = rules["data"].as_array().unwrap().iter().map(|line| line["regulation"].clone()).collect();
    assert_eq!(binding, ["SI 2014/1530 reg 26 with reg 8(1)", "Code of Practice 9.49 to 9.52"]);
    assert_eq!(clocks(&app, "rea_", "2025-07-01").await[1], "reassess_final overdue 2025-06-09");
    let abroad =
        "external_id,reassessment_id,ground,starts_on,ends_on\nX-1,A-1,absent_from_area,2025-04-01,2025-05-15\n";
    import(&app, "timescale-exceptions", abroad).await;
    assert_eq!(clocks(&app, "rea_", "2025-07-01").await[1], "reassess_final exempt 2025-06-09");
    let counted = app.get("/v1/stats/ehc-timeliness?authority=301&stage=decision_to_assess").await.json();
    assert_eq!(counted["data"][0]["request_outcome_den"], 1, "a re-assessment is no request for an assessment");
    let both = json!({ "authority": "301", "ehc_request_id": "ehc_301_2", "reassessment_id": "rea_301_4", "advice_type": "medical", "sent_on": "2025-03-04" });
    assert_eq!(app.post("/v1/advice-requests", &both).await.faults(), ["/reassessment_id contradiction"]);
    let neither = json!({ "authority": "301", "advice_type": "medical", "sent_on": "2025-03-04" });
    assert_eq!(app.post("/v1/advice-requests", &neither).await.faults(), ["/ehc_request_id required"]);
}

#[actix_web::test]
async fn amendments_consultations_and_another_commissioning_body_have_their_clocks() {
    let app = with_a_plan("2025-12-01").await;
    import(&app, "plan-amendments", "external_id,ehc_plan_id,notice_sent_on\nM-1,P-1,2025-03-03\n").await;
    assert_eq!(
        clocks(&app, "amd_", "2025-03-10").await,
        [
            "review_representation_window open 2025-03-17",
            "amend_without_review open 2025-04-28",
            "review_no_amend_after_notice open 2025-04-28",
        ]
    );
    import(&app, "consultations", "external_id,ehc_plan_id,provider_ref,consulted_on\nC-1,P-1,SCHOOL-1,2025-03-03\n")
        .await;
    assert_eq!(clocks(&app, "con_", "2025-03-20").await, ["school_consultation overdue 2025-03-18"]);
    let plan = json!({ "authority": "301", "child_ref": "KID-1", "issued_on": "2024-05-20", "ehc_request_id": "E-1", "icb_change_known_on": "2025-04-16", "new_icb_told_on": "2025-05-09" });
    assert_eq!(app.put("/v1/ehc-plans/by-external-id/cw/P-1", &plan).await.status, 200);
    let icb = async |as_at: &str| {
        let mut all = clocks(&app, "pln_", as_at).await;
        all.retain(|line| line.starts_with("icb"));
        all
    };
    assert_eq!(icb("2025-05-20").await, ["icb_change met 2025-05-09", "icb_change_request open 2025-05-30"]);
    assert_eq!(icb("2025-06-03").await[1], "icb_change_request lapsed 2025-05-30", "nothing had to be asked for");
}

#[actix_web::test]
async fn a_dispute_runs_from_the_notice_to_the_certificate_and_the_appeal() {
    let app = with_a_plan("2025-12-01").await;
    let header = "external_id,ehc_plan_id,decision,notice_sent_on,adviser_contacted_on,mediation_declined_on,mediation_requested_on,mediation_about,certificate_issued_on,agreed_without_council_on\n";
    let dispute = |rest: &str| format!("{header}D-1,P-1,{rest}\n");
    import(&app, "disputes", &dispute("contents,2024-12-31,2025-02-10,2025-02-10,,,,")).await;
    assert_eq!(
        clocks(&app, "dis_", "2025-02-12").await,
        ["mediation_certificate open 2025-02-13", "mediation_contact met 2025-02-28", "appeal_window open 2025-02-28"]
    );
    import(&app, "disputes", &dispute("contents,2024-12-31,2025-02-10,,2025-02-12,both,2025-03-20,2025-03-18")).await;
    assert_eq!(
        clocks(&app, "dis_", "2025-03-24").await,
        [
            "mediation_inform_icb overdue 2025-02-17",
            "mediation_contact met 2025-02-28",
            "mediation_arranged stopped 2025-03-14",
            "mediation_notify_la open 2025-03-25",
            "appeal_window open 2025-04-20",
        ]
    );
    import(&app, "disputes", &dispute("placement_only,2024-12-31,,,,,,")).await;
    assert_eq!(
        clocks(&app, "dis_", "2025-03-24").await,
        ["appeal_window lapsed 2025-02-28"],
        "an appeal about the school alone needs no mediation, and nobody is in breach when its time has passed"
    );
}

#[actix_web::test]
async fn a_refusal_is_measured_by_regulation_4_which_has_no_exception() {
    let app = TestApp::sqlite("2025-12-01");
    import(
        &app,
        "ehc-requests",
        "external_id,child_ref,received_on,decision,decision_on\nE-1,KID-1,2025-01-06,do_not_assess,2025-03-03\n",
    )
    .await;
    let abroad =
        "external_id,ehc_request_id,ground,starts_on,ends_on\nX-1,E-1,absent_from_area,2025-01-07,2025-02-20\n";
    import(&app, "timescale-exceptions", abroad).await;
    let all = clocks(&app, "ehc_", "2025-04-01").await;
    assert!(all.contains(&"refuse_to_assess breached 2025-02-17".to_owned()), "{all:?}");
    assert!(all.contains(&"decide_to_assess exempt 2025-02-17".to_owned()), "{all:?}");
    let before = clocks(&app, "ehc_", "2025-02-20").await;
    assert!(before.contains(&"refuse_to_assess not_started -".to_owned()), "nobody had refused: {before:?}");
}

#[actix_web::test]
async fn a_bank_holiday_in_the_calendar_moves_what_is_counted_in_working_days() {
    let app = with_a_plan("2025-12-01").await;
    let dispute = "external_id,ehc_plan_id,decision,notice_sent_on,mediation_requested_on,mediation_about\nD-1,P-1,contents,2025-06-02,2025-06-11,health\n";
    import(&app, "disputes", dispute).await;
    let plan = json!({ "authority": "301", "child_ref": "KID-1", "issued_on": "2024-05-20", "ehc_request_id": "E-1", "move_known_on": "2025-06-02" });
    assert_eq!(app.put("/v1/ehc-plans/by-external-id/cw/P-1", &plan).await.status, 200);
    let due = async || {
        let mut all = clocks(&app, "", "2025-06-12").await;
        all.retain(|line| line.starts_with("mediation_inform_icb") || line.starts_with("la_transfer"));
        all
    };
    assert_eq!(due().await, ["mediation_inform_icb open 2025-06-16", "la_transfer open 2025-06-20"]);
    let holiday = "external_id,kind,starts_on,ends_on\nH-1,bank_holiday,2025-06-13,2025-06-13\n";
    import(&app, "calendars", holiday).await;
    assert_eq!(due().await, ["mediation_inform_icb open 2025-06-17", "la_transfer open 2025-06-23"]);
}

#[actix_web::test]
async fn a_closure_in_the_calendar_is_named_as_a_possible_exception_and_excuses_nothing() {
    let app = TestApp::sqlite("2026-02-01");
    import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-1,2025-07-01\n").await;
    import(&app, "calendars", "external_id,kind,starts_on,ends_on\nS-1,school_closure,2025-07-23,2025-09-01\nS-2,school_closure,2025-10-27,2025-10-31\n").await;
    let advice =
        "external_id,ehc_request_id,advice_type,sent_on\nA-1,E-1,education,2025-07-18\nA-2,E-1,medical,2025-07-18\n";
    import(&app, "advice-requests", advice).await;
    let path = "/v1/ehc-requests/ehc_301_2/timeline";
    let timeline = app.get(path).await.json();
    let possible = timeline["possible_exceptions"].as_array().unwrap();
    let shown: Vec<_> = possible.iter().map(|one| [&one["ground"], &one["starts_on"], &one["provision"]]).collect();
    assert_eq!(shown, [[&json!("school_closure"), &json!("2025-07-23"), &json!("reg 10(4)(a)")]]);
    let all = clocks(&app, "ehc_", "2026-02-01").await;
    assert!(all.contains(&"final_plan overdue 2025-11-18".to_owned()), "only a recorded exception excuses: {all:?}");
    let recorded = "external_id,ehc_request_id,ground,starts_on,ends_on,advice_requested_on\nX-1,E-1,school_closure,2025-07-23,2025-09-01,2025-07-18\n";
    import(&app, "timescale-exceptions", recorded).await;
    let timeline = app.get(path).await.json();
    assert_eq!(timeline["possible_exceptions"], json!([]));
    assert!(clocks(&app, "ehc_", "2026-02-01").await.contains(&"final_plan exempt 2025-11-18".to_owned()));
}

fn days(from: u64, to: u64) -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::of((from..to).prop_map(|days| random::start() + Days::new(days)))
}

fn plan_link() -> EhcPlanLink {
    EhcPlanLink::parse(&random::NUMBER.to_string()).unwrap()
}

fn reassessment() -> impl Strategy<Value = Reassessment> {
    (days(0, 60), days(0, 60), days(60, 90), days(90, 250), days(60, 250), prop::bool::ANY).prop_map(
        |(requested_on, own, decided, sent, stopped_on, again)| {
            let decision_on = decided.filter(|_| requested_on.is_some());
            let decision = if again { ReassessmentDecision::Reassess } else { ReassessmentDecision::DoNotReassess };
            Reassessment {
                ehc_plan_id: plan_link(),
                requested_on,
                own_motion_on: own.filter(|_| requested_on.is_none()),
                decision: decision_on.map(|_| decision),
                decision_on,
                final_sent_on: sent,
                stopped_on,
            }
        },
    )
}

fn dispute() -> impl Strategy<Value = Dispute> {
    let steps = (days(10, 90), days(20, 90), days(20, 120), days(30, 150), days(30, 160), days(20, 200));
    (steps, days(40, 120), days(60, 200), 0..4_usize).prop_map(
        |((contact, asked, told, held, certified, appealed), agreed, settled, about)| Dispute {
            ehc_request_id: None,
            ehc_plan_id: Some(plan_link()),
            decision: if about > 0 { DisputedDecision::Contents } else { DisputedDecision::PlacementOnly },
            notice_sent_on: random::start(),
            adviser_contacted_on: contact,
            mediation_declined_on: contact.filter(|_| asked.is_none()).map(|day| day + Days::new(3)),
            mediation_requested_on: asked,
            mediation_about: [
                None,
                Some(MediationAbout::Council),
                Some(MediationAbout::Health),
                Some(MediationAbout::Both),
            ][about],
            icb_informed_on: told,
            mediation_held_on: held,
            certificate_issued_on: certified,
            agreed_without_council_on: agreed,
            council_told_on: None,
            appealed_on: appealed,
            settled_on: settled,
        },
    )
}

fn consultation(replied_on: Option<NaiveDate>, withdrawn_on: Option<NaiveDate>) -> Consultation {
    Consultation {
        ehc_request_id: None,
        ehc_plan_id: Some(plan_link()),
        provider_ref: None,
        consulted_on: random::start(),
        replied_on,
        withdrawn_on,
    }
}

/// Says of each clock of a record what the facts say of it, as at a day.
fn agree(facts: &Facts, number: i64, instances: &[Instance], exceptions: &[Exception], as_of: NaiveDate) {
    for instance in instances {
        let fact = facts.clocks.of(instance.clock).and_then(|clocks| clocks.find(number)).unwrap();
        let advice = facts.advice.find(number);
        let said = state(facts, (instance.clock, number, &fact), advice.as_ref(), day(Some(as_of)));
        assert_eq!(said, instance.read(exceptions, as_of).state, "{instance:?} as at {as_of}");
    }
}

#[test]
fn facts_say_of_what_follows_a_plan_what_its_records_say() {
    let drawn = (random::plan(), reassessment(), dispute(), (days(0, 200), days(60, 200), days(20, 160)));
    let mut runner = TestRunner::new(Config { cases: 3_000, failure_persistence: None, ..Config::default() });
    let checked = runner.run(&(drawn, 0_u64..400), |((plan, record, dispute, (received, sent, absent)), later)| {
        let as_of = random::start() + Days::new(later);
        let link = Some(ReassessmentLink::parse("8").unwrap());
        let amendment = PlanAmendment {
            ehc_plan_id: plan_link(),
            notice_sent_on: random::start(),
            final_sent_on: sent,
            not_amended_on: received.filter(|_| sent.is_none()),
        };
        let consultation = consultation(sent, absent);
        let advice = AdviceRequest {
            ehc_request_id: None,
            reassessment_id: link.clone(),
            advice_type: AdviceType::Medical,
            provider_ref: None,
            sent_on: Some(random::start()),
            received_by_body_on: received,
            returned_on: sent,
            sent_back_on: None,
            declined_on: None,
            missed_appointment_on: absent,
            existing_advice_accepted_on: None,
            own_adviser: Some(later % 2 == 0),
        };
        let exception = TimescaleException {
            ehc_request_id: None,
            reassessment_id: link,
            ground: Ground::AbsentFromArea,
            starts_on: absent.unwrap_or(random::start()),
            ends_on: absent.map(|day| day + Days::new(40)),
            advice_requested_on: None,
            evidence_ref: None,
        };
        let mut facts = Facts::default();
        facts.apply(Noun::PlanAmendment, 9, &amendment.to_cells()).unwrap();
        facts.apply(Noun::Reassessment, 8, &record.to_cells()).unwrap();
        facts.apply(Noun::AdviceRequest, 10, &advice.to_cells()).unwrap();
        facts.apply(Noun::TimescaleException, 11, &exception.to_cells()).unwrap();
        facts.apply(Noun::Dispute, 12, &dispute.to_cells()).unwrap();
        facts.apply(Noun::Consultation, 13, &consultation.to_cells()).unwrap();
        facts.apply(Noun::EhcPlan, random::NUMBER, &plan.to_cells()).unwrap();
        let excuse = Exception::from(&exception);
        let missed = Exception::missed_appointment(advice.missed_appointment_on);
        let excuses: Vec<_> = [excuse].into_iter().chain(missed).collect();
        agree(&facts, 8, &of_reassessment(&record, &plan), &[excuse], as_of);
        agree(&facts, 9, &of_amendment(&amendment, &plan), &[], as_of);
        agree(&facts, 10, &[of_advice(&advice, record.over_on(&plan))], &excuses, as_of);
        agree(&facts, 13, &[of_consultation(&consultation, plan.ended_on())], &[], as_of);
        agree(&facts, 12, &of_dispute(&dispute, &Calendar::default()), &[], as_of);
        Ok(())
    });
    checked.unwrap();
}
