//! What a request may say: every fault at once, names once, conditional headers, coded paths, canonical ids, pages.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::support::{Answer, TestApp};

const PROVIDER: &str = "/v1/providers/by-external-id/t/P-1";

fn provider(name: &str) -> Value {
    json!({ "authority": "301", "provider_ref": "RAT", "name": name })
}

/// The messages of the faults, one after the other.
fn messages(answer: &Answer) -> String {
    answer.json()["errors"].to_string()
}

#[actix_web::test]
async fn a_body_without_an_authority_is_told_its_other_faults_too() {
    let app = TestApp::sqlite("2025-03-31");
    let body = json!({ "child_ref": "Jane-Smith", "birth_month": "2017-13", "colour": "blue" });
    let wanted =
        ["/colour unknown_field", "/child_ref name_refused", "/birth_month not_a_month", "/authority required"];
    assert_eq!(app.post("/v1/children", &body).await.faults(), wanted);
    assert_eq!(app.put("/v1/children/by-external-id/t/C-1", &body).await.faults(), wanted);
    let body = json!({ "authority": "999", "birth_month": "2025-04" });
    let wanted = ["/authority unknown_authority", "/child_ref required"];
    assert_eq!(app.post("/v1/children", &body).await.faults()[..2], wanted);
}

#[actix_web::test]
async fn a_missing_field_hides_no_other_fault() {
    let app = TestApp::sqlite("2025-03-31");
    let faults =
        async |plural: &str, body: Value| app.put(&format!("/v1/{plural}/by-external-id/t/X-1"), &body).await.faults();
    let empty = json!({ "authority": "301" });
    assert_eq!(
        faults("advice-requests", empty.clone()).await,
        ["/advice_type required", "/ehc_request_id required", "/sent_on required"]
    );
    assert_eq!(faults("ehc-requests", empty.clone()).await, ["/child_ref required", "/received_on required"]);
    assert_eq!(faults("calendars", empty).await, ["/kind required", "/starts_on required", "/ends_on required"]);
    let body = json!({ "authority": "301", "ground": "school_closure", "ends_on": "2025-02-01" });
    assert_eq!(
        faults("timescale-exceptions", body).await,
        ["/starts_on required", "/ehc_request_id required", "/advice_requested_on required"]
    );
    let body = json!({ "authority": "301", "received_on": "2025-02-01", "accepted_on": "2025-01-01", "withdrawn_on": "2025-04-01" });
    assert_eq!(
        faults("referrals", body).await,
        ["/child_ref required", "/discipline required", "/withdrawn_on in_the_future", "/accepted_on out_of_order"]
    );
}

#[actix_web::test]
async fn an_external_id_with_a_slash_is_put_by_its_coded_path() {
    for app in TestApp::each("2025-03-31") {
        let file = "external_id,provider_ref\nA/1,RAT\nA:2,RAU\n";
        app.csv("/v1/imports?type=providers&authority=301", file).await;
        for (path, reference, id) in [("A%2F1", "RAT", "prv_301_1"), ("A%3A2", "RAU", "prv_301_2")] {
            let path = format!("/v1/providers/by-external-id/import/{path}");
            let answer = app.put(&path, &json!({ "authority": "301", "provider_ref": reference, "name": "One" })).await;
            assert_eq!((answer.status.as_u16(), answer.json()["id"].as_str()), (200, Some(id)), "{}", answer.text);
        }
        let answer = app.put("/v1/providers/by-external-id/import/A/1", &provider("Two")).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (404, Some("unknown_route")));
        let answer = app.put("/v1/providers/by-external-id/import/A%252F1", &provider("Two")).await;
        assert_eq!(answer.faults(), ["/external_id character_not_allowed"], "a path is decoded once");
        assert_eq!(app.get("/v1/providers/prv%5F301%5F1").await.status, 200);
    }
}

#[actix_web::test]
async fn a_name_that_stands_twice_is_refused() {
    let app = TestApp::sqlite("2025-03-31");
    let json = |text: &str| {
        TestRequest::post().insert_header(("Content-Type", "application/json")).set_payload(text.to_owned())
    };
    let twice = r#"{"authority":"301","provider_ref":"RAT","provider_ref":"RAU","name":" "}"#;
    let answer = app.send(json(twice).uri("/v1/providers")).await;
    assert_eq!(answer.faults(), ["/provider_ref repeated_field", "/name wrong_length"], "{}", answer.text);
    let answer = app.send(json(r#"{"clock":"final_plan","in":{},"clock":"x"}"#).uri("/v1/deadline-calculations")).await;
    assert_eq!((answer.status.as_u16(), answer.faults()), (400, vec!["/clock repeated_field".to_owned()]));
    let lines = "{\"external_id\":\"P-1\",\"provider_ref\":\"RAT\",\"external_id\":\"P-2\"}\n";
    let import = TestRequest::post().uri("/v1/imports?type=providers&authority=301");
    let answer = app.send(import.insert_header(("Content-Type", "application/x-ndjson")).set_payload(lines)).await;
    assert_eq!(answer.json()["rejected"], 1, "{}", answer.text);
    assert!(app.get("/v1/imports/imp_301_1/receipts").await.text.contains("repeated_field"));
    assert_eq!(app.get("/v1/providers").await.json()["data"], json!([]), "nothing was written");
}

#[actix_web::test]
async fn a_name_is_not_blank() {
    for app in TestApp::each("2025-03-31") {
        for name in ["", " ", "\u{a0}\u{a0}"] {
            let answer = app.put(PROVIDER, &provider(name)).await;
            assert_eq!(answer.faults(), ["/name wrong_length"], "{name:?}");
            assert!(messages(&answer).contains("must have 1 to 120 characters"), "{}", answer.text);
        }
        assert_eq!(app.put(PROVIDER, &provider("Example trust")).await.status, 201);
    }
}

#[actix_web::test]
async fn conditional_headers_are_honoured_or_refused() {
    for app in TestApp::each("2025-03-31") {
        let put = async |headers: &[(&str, &str)], name: &str| {
            let request = TestRequest::put().uri(PROVIDER).set_json(provider(name));
            let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
            let answer = app.send(request).await;
            (answer.status.as_u16(), answer.text)
        };
        let (status, text) = put(&[("If-Match", "*")], "One").await;
        assert_eq!(status, 412, "{text}");
        assert!(text.contains("there is no such record"), "{text}");
        assert_eq!(put(&[("If-None-Match", "\"1\"")], "One").await.0, 400);
        assert_eq!(put(&[("If-None-Match", "*"), ("If-Match", "*")], "One").await.0, 400);
        assert_eq!(app.get("/v1/providers").await.json()["data"], json!([]), "a refused put leaves nothing");
        assert_eq!(put(&[("If-None-Match", "*")], "One").await.0, 201);
        assert_eq!(put(&[("If-Match", "*")], "Two").await.0, 200);
        assert_eq!(put(&[("If-Match", "\"+2\"")], "Three").await.0, 400, "an ETag is written in one way");
        let patch = app.patch("/v1/providers/prv_301_1", "*", &json!({ "name": "Three" })).await;
        assert_eq!((patch.status.as_u16(), patch.header("etag")), (200, Some("\"3\"")), "{}", patch.text);
        assert_eq!(app.patch("/v1/providers/prv_301_9", "*", &json!({ "name": "Three" })).await.status, 404);
    }
}

#[actix_web::test]
async fn ids_and_cursors_are_written_in_one_way() {
    let app = TestApp::sqlite("2025-03-31");
    app.csv("/v1/imports?type=providers&authority=301", "provider_ref\nRAT\nRAU\n").await;
    assert_eq!(app.get("/v1/imports/imp_301_1").await.status, 200);
    for id in ["imp_301_+1", "imp_301_01", "imp_301_-1", "imp_E09000002_1"] {
        assert_eq!(app.get(&format!("/v1/imports/{id}")).await.status, 404, "{id}");
    }
    assert_eq!(app.get("/v1/providers?cursor=301-1").await.json()["data"].as_array().unwrap().len(), 1);
    for cursor in ["301--5", "301-%2B1", "301-01", "E09000002-1"] {
        let answer = app.get(&format!("/v1/providers?cursor={cursor}")).await;
        assert_eq!(answer.faults(), ["/cursor not_a_cursor"], "{cursor}");
    }
    for cursor in ["20000-301--5", "20000-301-%2B5", "%2B20000-301-5"] {
        let answer = app.get(&format!("/v1/ehc-plan-delays?cursor={cursor}")).await;
        assert_eq!(answer.faults(), ["/cursor not_a_cursor"], "{cursor}");
    }
}

#[actix_web::test]
async fn a_history_comes_in_pages_and_says_when_an_external_id_was_attached() {
    for app in TestApp::each("2025-03-31") {
        app.post("/v1/providers", &provider("Name 1")).await;
        app.put(PROVIDER, &provider("Name 1")).await;
        for version in 2..=6 {
            app.put(PROVIDER, &provider(&format!("Name {version}"))).await;
        }
        let history = "/v1/providers/prv_301_1/history";
        let mut shown = Vec::new();
        let mut next = Some(format!("{history}?limit=3"));
        while let Some(path) = next {
            let answer = app.get(&path).await;
            let page = answer.json();
            let versions = page["data"].as_array().unwrap();
            shown.extend(
                versions
                    .iter()
                    .map(|version| (version["seq"].as_i64().unwrap(), version["changed_fields"].to_string())),
            );
            let link = answer.header("link").map(|link| link.split(['<', '>']).nth(1).unwrap().to_owned());
            assert_eq!(link.is_some(), page["page"]["next_cursor"].is_string(), "{}", answer.text);
            next = link;
        }
        let name = |seq| (seq, r#"["name"]"#.to_owned());
        let first = (1, r#"["provider_ref","name"]"#.to_owned());
        let attached = (2, r#"["source_system","external_id"]"#.to_owned());
        assert_eq!(shown, [name(7), name(6), name(5), name(4), name(3), attached, first]);
        assert_eq!(app.get(&format!("{history}?limit=1001")).await.faults(), ["/limit out_of_range"]);
        app.post("/v1/providers", &json!({ "authority": "301", "provider_ref": "RAU" })).await;
        let other = app.get(&format!("{history}?cursor=8")).await;
        assert_eq!(other.status, 404, "entry 8 is about another record: {}", other.text);
    }
}

#[actix_web::test]
async fn messages_name_what_is_matched_and_speak_english() {
    let app = TestApp::sqlite("2025-03-31");
    let referral = json!({ "authority": "301", "child_ref": "KID-1", "discipline": "physiotherapy", "received_on": "2025-01-06", "service_ref": "SLT-1" });
    let said = messages(&app.post("/v1/referrals", &referral).await);
    assert!(
        said.contains("must name a known service, by its service_ref, but is `SLT-1`; send services first"),
        "{said}"
    );
    let advice =
        json!({ "authority": "301", "ehc_request_id": "ehc_301_9", "advice_type": "medical", "sent_on": "2025-02-01" });
    let said = messages(&app.post("/v1/advice-requests", &advice).await);
    assert!(said.contains("by its id or by its external id in the same source system"), "{said}");
    let said = messages(&app.get("/v1/referrals?ehc_request_id=X").await);
    assert!(said.contains("must be the id of an EHC request, such as ehc_301_42"), "{said}");
}
