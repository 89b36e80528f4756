//! Records: created, read, listed, changed, put by external id, with their history.

use serde_json::{Value, json};
use twentyweeks::domain::noun::Noun;

use super::support::TestApp;

fn request(external_id: &str, child: &str) -> Value {
    json!({ "authority": "301", "source_system": "cw", "external_id": external_id, "child_ref": child, "received_on": "2024-10-01" })
}

#[actix_web::test]
async fn a_referral_creates_the_child_and_the_provider_it_names() {
    for app in TestApp::each("2025-03-31") {
        app.put("/v1/ehc-requests/by-external-id/cw/EHC-1", &request("EHC-1", "KID-1")).await;
        let body = json!({
            "authority": "E09000002", "source_system": "cw", "external_id": "R-1", "child_ref": "KID-1",
            "discipline": "occupational_therapy", "received_on": "2024-11-12", "provider_ref": "RAT", "ehc_request_id": "EHC-1",
        });
        let answer = app.post("/v1/referrals", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let referral = answer.json();
        assert_eq!(referral["ehc_request_id"], "ehc_301_2", "the external id leads to the record");
        assert_eq!(referral["authority"], "301");
        assert_eq!(answer.header("location"), Some("/v1/referrals/ref_301_4"));
        let children = app.get("/v1/children?child_ref=KID-1").await.json();
        assert_eq!(children["data"].as_array().unwrap().len(), 1, "the child is created once");
        assert_eq!(app.get("/v1/providers?provider_ref=RAT").await.json()["data"][0]["id"], "prv_301_3");
    }
}

#[actix_web::test]
async fn a_change_needs_the_version_it_is_based_on() {
    for app in TestApp::each("2025-03-31") {
        let created = app.post("/v1/ehc-requests", &request("EHC-1", "KID-1")).await;
        let (path, version) = ("/v1/ehc-requests/ehc_301_2", created.header("etag").unwrap().to_owned());
        let change = json!({ "decision": "assess", "decision_on": "2024-11-10" });
        let none = app.send(actix_web::test::TestRequest::patch().uri(path).set_json(&change)).await;
        assert_eq!((none.status.as_u16(), none.json()["code"].as_str()), (428, Some("precondition_required")));
        let changed = app.patch(path, &version, &change).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(changed.json()["received_on"], "2024-10-01", "what was not given stays");
        let stale = app.patch(path, &version, &change).await;
        assert_eq!((stale.status.as_u16(), stale.json()["code"].as_str()), (412, Some("stale_version")));
        let cleared =
            app.patch(path, changed.header("etag").unwrap(), &json!({ "decision": null, "decision_on": null })).await;
        assert_eq!(cleared.json()["decision"], Value::Null);
        let history = app.get(&format!("{path}/history")).await.json();
        let changed: Vec<_> =
            history["data"].as_array().unwrap().iter().map(|version| version["changed_fields"].to_string()).collect();
        assert_eq!(
            changed,
            [
                r#"["decision","decision_on"]"#,
                r#"["decision","decision_on"]"#,
                r#"["source_system","external_id","child_ref","received_on"]"#
            ]
        );
    }
}

#[actix_web::test]
async fn a_put_by_external_id_is_idempotent_and_whole() {
    for app in TestApp::each("2025-03-31") {
        let path = "/v1/ehc-requests/by-external-id/cw/EHC-1";
        let mut body = request("EHC-1", "KID-1");
        body["request_source"] = json!("school_or_setting");
        let first = app.put(path, &body).await;
        let again = app.put(path, &body).await;
        assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
        assert_eq!(first.header("etag"), again.header("etag"), "nothing changed, so no new version");
        let whole = app.put(path, &request("EHC-1", "KID-1")).await;
        assert_eq!(whole.json()["request_source"], Value::Null, "what is left out is cleared");
        let only_new =
            actix_web::test::TestRequest::put().uri(path).insert_header(("If-None-Match", "*")).set_json(&body);
        assert_eq!(app.send(only_new).await.status, 409);
        let stale = actix_web::test::TestRequest::put().uri(path).insert_header(("If-Match", "\"2\"")).set_json(&body);
        assert_eq!(app.send(stale).await.status, 412);
        assert_eq!(
            app.get("/v1/changes?authority=301").await.json()["data"].as_array().unwrap().len(),
            3,
            "a refused put leaves nothing"
        );
    }
}

#[actix_web::test]
async fn lists_go_on_from_a_cursor_and_filters_combine() {
    for app in TestApp::each("2025-03-31") {
        for place in 0..7 {
            let mut body = request(&format!("EHC-{place}"), &format!("KID-{place}"));
            body["received_on"] = json!(format!("2024-0{}-01", place + 1));
            body["request_mediation"] = json!(place % 2 == 0);
            app.post("/v1/ehc-requests", &body).await;
        }
        let mut found = Vec::new();
        let mut path = "/v1/ehc-requests?limit=3&authority=301".to_owned();
        loop {
            let answer = app.get(&path).await;
            let page = answer.json();
            found.extend(page["data"].as_array().unwrap().iter().map(|row| row["external_id"].to_string()));
            match page["page"]["next_cursor"].as_str() {
                Some(cursor) => {
                    assert!(answer.header("link").unwrap().contains("rel=\"next\""));
                    path = format!("/v1/ehc-requests?limit=3&authority=301&cursor={cursor}");
                }
                None => break,
            }
        }
        assert_eq!(found.len(), 7);
        found.dedup();
        assert_eq!(found.len(), 7, "no record stands on two pages");
        let count = async |query: &str| {
            app.get(&format!("/v1/ehc-requests?{query}")).await.json()["data"].as_array().unwrap().len()
        };
        assert_eq!(count("received_from=2024-03-01&received_to=2024-05-01").await, 3);
        assert_eq!(count("received_from=2024-03-01&request_mediation=true").await, 3);
        assert_eq!(count("request_mediation=false").await, 3);
        assert_eq!(count("child_ref=KID-4").await, 1);
        assert_eq!(count("source_system=cw&external_id=EHC-2").await, 1);
        assert_eq!(count("authority=302").await, 0);
    }
}

#[actix_web::test]
async fn impossible_dates_are_refused_with_every_fault_at_once() {
    let app = TestApp::sqlite("2025-03-31");
    let body = json!({
        "authority": "301", "child_ref": "KID-1", "discipline": "OT", "received_on": "2025-02-30", "accepted_on": "31/01/2025",
        "first_contact_on": "2025-04-01", "colour": "blue",
    });
    let answer = app.post("/v1/referrals", &body).await;
    assert_eq!(
        answer.faults(),
        [
            "/colour unknown_field",
            "/discipline not_allowed",
            "/received_on not_a_date",
            "/accepted_on not_a_date",
            "/first_contact_on in_the_future",
        ]
    );
    let body = json!({
        "authority": "301", "child_ref": "KID-1", "discipline": "physiotherapy", "received_on": "2025-02-10", "accepted_on": "2025-02-01",
        "first_contact_on": "2025-04-01", "rejected_on": "2025-02-12", "withdrawn_on": "2025-02-09", "discharged_on": "2025-02-20",
    });
    let answer = app.post("/v1/referrals", &body).await;
    assert_eq!(
        answer.faults(),
        [
            "/first_contact_on in_the_future",
            "/accepted_on out_of_order",
            "/withdrawn_on out_of_order",
            "/discharged_on out_of_order",
        ]
    );
    assert_eq!(
        app.get("/v1/changes?authority=301").await.json()["data"].as_array().unwrap().len(),
        0,
        "nothing was written"
    );
}

#[actix_web::test]
async fn every_clock_of_a_case_is_shown_with_its_regulation() {
    for app in TestApp::each("2025-03-31") {
        let mut body = request("EHC-1", "KID-1");
        (body["decision"], body["decision_on"]) = (json!("assess"), json!("2024-11-20"));
        app.post("/v1/ehc-requests", &body).await;
        let advice = json!({
            "authority": "301", "source_system": "cw", "external_id": "A-1", "ehc_request_id": "EHC-1",
            "advice_type": "speech_and_language_therapy", "sent_on": "2024-11-21", "received_by_body_on": "2024-11-22",
        });
        assert_eq!(app.post("/v1/advice-requests", &advice).await.status, 201);
        let shown = |case: Value| {
            let clocks = case["clocks"].as_array().unwrap().clone();
            let word = |clock: &Value, name: &str| clock[name].as_str().unwrap_or("-").to_owned();
            clocks
                .iter()
                .map(|clock| {
                    format!(
                        "{} {} {} {}",
                        word(clock, "clock"),
                        word(clock, "state"),
                        word(clock, "due_on"),
                        clock["days_late"]
                    )
                })
                .collect::<Vec<_>>()
        };
        let case = app.get("/v1/ehc-requests/ehc_301_2").await.json();
        assert_eq!(
            shown(case),
            [
                "decide_to_assess breached 2024-11-12 8",
                "decide_not_to_issue lapsed 2025-01-21 null",
                "final_plan overdue 2025-02-18 41",
                "advice_return overdue 2025-01-03 87",
            ]
        );
        let exception = json!({
            "authority": "301", "source_system": "cw", "external_id": "X-1", "ehc_request_id": "ehc_301_2",
            "ground": "exceptional_personal_circumstances", "starts_on": "2024-12-01", "ends_on": "2024-12-20",
        });
        assert_eq!(app.post("/v1/timescale-exceptions", &exception).await.status, 201);
        let list = app.get("/v1/ehc-requests?authority=301").await.json();
        let clock = &list["data"][0]["clocks"][2];
        assert_eq!((clock["state"].as_str(), clock["days_past_nominal_due"].as_i64()), (Some("exempt"), Some(41)));
        assert_eq!((clock["due_on"].as_str(), clock["exception"].as_str()), (Some("2025-02-18"), Some("reg 10(4)(c)")));
    }
}

#[actix_web::test]
async fn every_noun_can_be_created_read_listed_changed_put_and_looked_back_on() {
    for app in TestApp::each("2025-03-31") {
        for noun in Noun::ALL {
            let (plural, body, change) = example(*noun);
            let path = format!("/v1/{plural}");
            let created = app.post(&path, &body).await;
            assert_eq!(created.status, 201, "{plural}: {}", created.text);
            let one = created.header("location").unwrap().to_owned();
            assert_eq!(app.get(&one).await.json()["id"], created.json()["id"]);
            let changed = app.patch(&one, created.header("etag").unwrap(), &change).await;
            assert_eq!(changed.status, 200, "{plural}: {}", changed.text);
            let again = app.put(&format!("{path}/by-external-id/t/X-1"), &changed_body(&body, &change)).await;
            assert_eq!(
                (again.status.as_u16(), again.header("etag")),
                (200, changed.header("etag")),
                "{plural}: {}",
                again.text
            );
            assert_eq!(
                app.get(&format!("{path}?external_id=X-1&source_system=t")).await.json()["data"]
                    .as_array()
                    .unwrap()
                    .len(),
                1
            );
            assert_eq!(app.get(&format!("{one}/history")).await.json()["data"].as_array().unwrap().len(), 2);
        }
    }
}

fn changed_body(body: &Value, change: &Value) -> Value {
    let mut body = body.clone();
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn example(noun: Noun) -> (&'static str, Value, Value) {
    let (body, change) = match noun {
        Noun::Child => (
            json!({ "child_ref": "KID-9", "birth_month": "2016-05", "primary_need": "slcn" }),
            json!({ "sex": "female", "primary_need": "SLCN" }),
        ),
        Noun::Provider => {
            (json!({ "provider_ref": "RAT", "name": "Example trust" }), json!({ "provider_type": "nhs_trust" }))
        }
        Noun::Service => (
            json!({ "service_ref": "SLT-1", "provider_ref": "RAT", "discipline": "speech_and_language_therapy" }),
            json!({ "opened_on": "2020-01-01" }),
        ),
        Noun::EhcRequest => (
            json!({ "child_ref": "KID-9", "received_on": "2025-01-06" }),
            json!({ "request_source": "health_professional" }),
        ),
        Noun::AdviceRequest => (
            json!({ "ehc_request_id": "ehc_301_7", "advice_type": "medical", "sent_on": "2025-02-01" }),
            json!({ "received_by_body_on": "2025-02-02" }),
        ),
        Noun::TimescaleException => (
            json!({ "ehc_request_id": "ehc_301_7", "ground": "absent_from_area", "starts_on": "2025-02-01" }),
            json!({ "ends_on": "2025-03-09" }),
        ),
        Noun::Referral => (
            json!({ "child_ref": "KID-9", "discipline": "physiotherapy", "received_on": "2025-01-06", "service_ref": "SLT-1" }),
            json!({ "accepted_on": "2025-01-08" }),
        ),
        Noun::EhcPlan
        | Noun::AnnualReview
        | Noun::Reassessment
        | Noun::PlanAmendment
        | Noun::Consultation
        | Noun::Dispute
        | Noun::Order => example_about_plans(noun),
        Noun::CalendarEntry => (
            json!({ "kind": "school_closure", "starts_on": "2025-07-23", "ends_on": "2025-09-01" }),
            json!({ "name": "Summer holiday" }),
        ),
        Noun::Post | Noun::PostHolding | Noun::Absence | Noun::Recruitment | Noun::Trainee | Noun::CapacityRule => {
            example_of_staff(noun)
        }
    };
    let mut body = body;
    (body["authority"], body["source_system"], body["external_id"]) = (json!("301"), json!("t"), json!("X-1"));
    (noun.kind().plural, body, change)
}

fn example_of_staff(noun: Noun) -> (Value, Value) {
    match noun {
        Noun::Post => (
            json!({ "post_ref": "P-1", "discipline": "physiotherapy", "band": "6", "funded_wte": 1.6, "starts_on": "2024-04-01" }),
            json!({ "service_ref": "SLT-1" }),
        ),
        Noun::PostHolding => (
            json!({ "post_ref": "P-1", "worker_ref": "W-1", "wte": 0.6, "engagement": "permanent", "starts_on": "2024-04-01", "monday_minutes": 450 }),
            json!({ "leave_entitlement_days": 17.4 }),
        ),
        Noun::Absence => (
            json!({ "worker_ref": "W-1", "kind": "sickness", "starts_on": "2025-03-03" }),
            json!({ "ends_on": "2025-03-07" }),
        ),
        Noun::Recruitment => (
            json!({ "post_ref": "P-1", "round": 2, "approved_on": "2025-01-06" }),
            json!({ "advertised_on": "2025-01-20" }),
        ),
        Noun::Trainee => (
            json!({ "trainee_ref": "T-1", "discipline": "physiotherapy", "programme": "apprenticeship", "qualifies_on": "2026-07-31", "retention_probability": 0.7, "wte": 1 }),
            json!({ "started_on": "2023-09-04" }),
        ),
        Noun::CapacityRule => (
            json!({ "discipline": "physiotherapy", "setting": "appointment_minutes", "appointment_type": "first_contact", "value": 110, "starts_on": "2024-04-01" }),
            json!({ "source": "Job plans of 2024" }),
        ),
        _ => unreachable!("example has the others"),
    }
}

fn example_about_plans(noun: Noun) -> (Value, Value) {
    match noun {
        Noun::EhcPlan => (
            json!({ "child_ref": "KID-9", "issued_on": "2025-01-20", "ehc_request_id": "ehc_301_7", "phase_transfer": "primary_to_secondary", "phase_transfer_on": "2025-09-01" }),
            json!({ "setting_type": "special_school" }),
        ),
        Noun::AnnualReview => {
            (json!({ "ehc_plan_id": "X-1", "meeting_on": "2025-06-02" }), json!({ "notice_sent_on": "2025-03-30" }))
        }
        Noun::Reassessment => {
            (json!({ "ehc_plan_id": "X-1", "requested_on": "2025-02-03" }), json!({ "stopped_on": "2025-02-05" }))
        }
        Noun::PlanAmendment => {
            (json!({ "ehc_plan_id": "X-1", "notice_sent_on": "2025-02-03" }), json!({ "not_amended_on": "2025-03-05" }))
        }
        Noun::Consultation => (
            json!({ "ehc_request_id": "ehc_301_7", "provider_ref": "SCHOOL-1", "consulted_on": "2025-02-03" }),
            json!({ "replied_on": "2025-02-05" }),
        ),
        Noun::Dispute => (
            json!({ "ehc_plan_id": "X-1", "decision": "contents", "notice_sent_on": "2025-02-03" }),
            json!({ "appealed_on": "2025-03-05" }),
        ),
        Noun::Order => (
            json!({ "source": "tribunal", "kind": "make_plan", "made_on": "2025-02-03", "ehc_request_id": "ehc_301_7" }),
            json!({ "draft_issued_on": "2025-03-03" }),
        ),
        _ => unreachable!("example has the others"),
    }
}
