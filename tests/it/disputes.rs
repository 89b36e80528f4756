//! Disputed decisions: what closes a window and what does not, who arranges the mediation, and what cannot be true.

use serde_json::{Value, json};

use super::after_the_plan::{clocks, import, with_a_plan};
use super::support::TestApp;

const HEADER: &str = "external_id,ehc_plan_id,decision,notice_sent_on,adviser_contacted_on,mediation_declined_on,mediation_requested_on,mediation_about,icb_informed_on,mediation_held_on,certificate_issued_on,appealed_on";

/// One dispute about contents, told by the notice and what follows it.
async fn dispute(app: &TestApp, steps: &str) {
    import(app, "disputes", &format!("{HEADER}\nD-1,P-1,contents,{steps}\n")).await;
}

async fn counts(app: &TestApp, clock: &str, query: &str) -> [u64; 5] {
    let path = format!("/v1/stats/clock-timeliness?authority=301&clock={clock}&to=2026-12-31{query}");
    let body = app.get(&path).await.json();
    let row = &body["data"][0];
    ["met", "breached", "overdue", "open", "unbound"].map(|name| row[name].as_u64().unwrap_or(0))
}

#[actix_web::test]
async fn a_parent_who_acts_late_breaches_nothing() {
    let app = with_a_plan("2025-12-01").await;
    dispute(&app, "2024-12-31,2025-03-05,,,,,,,2025-03-10").await;
    assert_eq!(
        clocks(&app, "dis_", "2025-04-01").await,
        ["appeal_window lapsed 2025-02-28", "mediation_contact lapsed 2025-02-28"]
            .map(str::to_owned)
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    assert_eq!(counts(&app, "appeal_window", "").await, [0, 0, 0, 0, 1]);
    assert_eq!(counts(&app, "mediation_contact", "").await, [0, 0, 0, 0, 1]);
    let asked =
        json!({ "clock": "mediation_contact", "in": { "decision_notice_sent": "2024-12-31" }, "done": "2025-03-05" });
    let answer = app.post("/v1/deadline-calculations", &asked).await.json();
    assert_eq!(
        answer["status"], "breached",
        "the published vectors call it so, and the working says nobody is in breach"
    );
}

#[actix_web::test]
async fn the_certificate_runs_from_the_mediation_or_from_when_it_was_declined() {
    let app = with_a_plan("2025-12-01").await;
    let certificate = async |steps: &str| {
        dispute(&app, steps).await;
        let mut all = clocks(&app, "dis_", "2025-02-12").await;
        all.retain(|line| line.starts_with("mediation_certificate"));
        all
    };
    assert!(certificate("2024-12-31,2025-02-03,,,,,,,").await.is_empty(), "a contact alone starts nothing");
    assert_eq!(certificate("2024-12-31,2025-02-03,2025-02-10,,,,,,").await, ["mediation_certificate open 2025-02-13"]);
    assert_eq!(
        certificate("2024-12-31,2025-02-03,,2025-02-04,,,2025-02-11,,").await,
        ["mediation_certificate open 2025-02-14"]
    );
}

#[actix_web::test]
async fn the_time_to_appeal_waits_for_the_certificate_and_knows_none_of_a_later_day() {
    let app = with_a_plan("2025-12-01").await;
    let appeal = async |as_at: &str| {
        let mut all = clocks(&app, "dis_", as_at).await;
        all.retain(|line| line.starts_with("appeal_window"));
        all.pop().unwrap()
    };
    dispute(&app, "2024-12-31,2025-02-10,,2025-02-12,,,,2025-03-20,").await;
    assert_eq!(appeal("2025-02-20").await, "appeal_window open 2025-02-28", "the certificate was not issued yet");
    assert_eq!(appeal("2025-03-19").await, "appeal_window open 2025-02-28", "who waits for it has not lost the appeal");
    assert_eq!(appeal("2025-03-20").await, "appeal_window open 2025-04-20");
    assert_eq!(appeal("2025-04-21").await, "appeal_window lapsed 2025-04-20");
    let until =
        app.get("/v1/deadlines?authority=301&clock=appeal_window&as_at=2025-02-20&due_to=2025-03-01").await.json();
    assert_eq!(until["data"][0]["due_on"], "2025-02-28", "{until}");
    let after =
        app.get("/v1/deadlines?authority=301&clock=appeal_window&as_at=2025-02-20&due_from=2025-03-01").await.json();
    assert_eq!(after["data"], json!([]), "as it was known on that day, nothing is due later");
    assert_eq!(counts(&app, "appeal_window", "&as_at=2025-02-20&from=2025-03-01").await, [0; 5]);
    assert_eq!(counts(&app, "appeal_window", "&as_at=2025-03-25&from=2025-03-01").await, [0, 0, 0, 1, 0]);
    dispute(&app, "2024-12-31,2025-03-03,,,,,,,").await;
    assert_eq!(appeal("2025-03-19").await, "appeal_window lapsed 2025-02-28", "the adviser was contacted too late");
    dispute(&app, "2024-12-31,2025-02-10,,,,,,,2025-03-14").await;
    assert_eq!(appeal("2025-03-19").await, "appeal_window met 2025-02-28", "nobody wrote down the certificate");
}

#[actix_web::test]
async fn an_appeal_or_a_certificate_ends_the_time_to_contact_the_adviser() {
    let app = with_a_plan("2025-12-01").await;
    for steps in ["2024-12-31,,,,,,,2025-01-20,", "2024-12-31,,,,,,,,2025-01-20"] {
        dispute(&app, steps).await;
        let all = clocks(&app, "dis_", "2025-02-03").await;
        assert!(all.contains(&"mediation_contact stopped 2025-02-28".to_owned()), "{steps}: {all:?}");
    }
}

#[actix_web::test]
async fn mediation_about_health_alone_is_the_commissioning_bodys_to_arrange() {
    let app = with_a_plan("2025-12-01").await;
    let arranged = async |about: &str, told: &str| {
        dispute(&app, &format!("2024-12-31,2025-02-03,,2025-02-04,{about},{told},,,")).await;
        clocks(&app, "dis_", "2025-02-12").await;
        let timeline = app.get("/v1/ehc-requests/ehc_301_2/timeline?as_at=2025-02-12").await.json();
        let all = timeline["clocks"].as_array().unwrap();
        let one = all.iter().find(|clock| clock["clock"] == "mediation_arranged").unwrap();
        ["rule", "state", "due_on"].map(|name| one[name].as_str().unwrap_or("-").to_owned()).join(" ")
    };
    assert_eq!(arranged("both", "2025-02-06").await, "mediation_arranged/2014 open 2025-03-06");
    assert_eq!(arranged("health", "2025-02-06").await, "mediation_arranged/health-2014 open 2025-03-08");
    assert_eq!(arranged("health", "").await, "mediation_arranged/health-2014 not_started -");
    let queue = app.get("/v1/deadlines?authority=301&clock=mediation_inform_icb&as_at=2025-02-12").await.json();
    assert_eq!(queue["data"][0]["binds"], "council", "the council tells the commissioning body: {queue}");
    dispute(&app, "2024-12-31,2025-02-03,,2025-02-04,health,2025-02-06,,,").await;
    let queue = app.get("/v1/deadlines?authority=301&clock=mediation_arranged&as_at=2025-02-12").await.json();
    assert_eq!(queue["data"][0]["binds"], "commissioning_body", "{queue}");
}

#[actix_web::test]
async fn another_last_day_says_where_it_comes_from() {
    let app = with_a_plan("2025-12-01").await;
    let working = async |source: &str| {
        let orders = format!(
            "external_id,ehc_plan_id,source,kind,made_on,directed_by\nO-1,P-1,{source},amend_plan,2025-03-03,2025-04-30\n"
        );
        import(&app, "orders", &orders).await;
        let timeline = app.get("/v1/ehc-requests/ehc_301_2/timeline").await.json();
        let all = timeline["clocks"].as_array().unwrap();
        let one = all.iter().find(|clock| clock["record_id"].as_str().unwrap().starts_with("ord_")).unwrap();
        one["working"].as_str().unwrap().to_owned()
    };
    assert!(working("tribunal").await.contains("the Tribunal directed 2025-04-30"));
    assert!(working("mediation").await.contains("the parties agreed in writing on 2025-04-30, reg 42(5)"));
    assert!(working("concession").await.contains("the last day was set to 2025-04-30"));
}

#[actix_web::test]
async fn a_dispute_that_cannot_be_is_refused() {
    let app = TestApp::sqlite("2025-12-01");
    let base =
        json!({ "authority": "301", "ehc_plan_id": "P-1", "decision": "contents", "notice_sent_on": "2025-01-02" });
    let cases = [
        (
            json!({ "mediation_held_on": "2025-03-03", "certificate_issued_on": "2025-03-01" }),
            "/certificate_issued_on out_of_order",
        ),
        (
            json!({ "mediation_declined_on": "2025-03-03", "certificate_issued_on": "2025-03-01" }),
            "/certificate_issued_on out_of_order",
        ),
        (
            json!({ "adviser_contacted_on": "2025-03-03", "certificate_issued_on": "2025-03-01" }),
            "/certificate_issued_on out_of_order",
        ),
        (json!({ "appealed_on": "2025-03-03", "settled_on": "2025-03-01" }), "/settled_on contradiction"),
        (json!({ "mediation_about": "health" }), "/mediation_requested_on required"),
        (
            json!({ "mediation_requested_on": "2025-02-03", "icb_informed_on": "2025-02-04" }),
            "/mediation_about required",
        ),
        (json!({ "decision": "refusal_to_assess" }), "/ehc_plan_id contradiction"),
        (json!({ "ehc_plan_id": Value::Null, "ehc_request_id": "E-1" }), "/ehc_request_id contradiction"),
    ];
    for (changes, wanted) in cases {
        let mut body = base.clone();
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let faults = app.post("/v1/disputes", &body).await.faults();
        assert!(faults.contains(&wanted.to_owned()), "{changes}: {faults:?}");
    }
}
