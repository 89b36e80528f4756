//! Errors: everything that can go wrong is a problem with a stable code.

use std::fmt::Write;

use actix_web::test::TestRequest;
use insta::assert_snapshot;

use super::support::TestApp;

fn json(body: impl Into<Vec<u8>>) -> TestRequest {
    TestRequest::post().uri("/v1/children").insert_header(("Content-Type", "application/json")).set_payload(body.into())
}

#[actix_web::test]
async fn whatever_goes_wrong_is_a_problem_with_a_code() {
    let app = TestApp::sqlite("2025-03-31");
    let cases = vec![
        ("malformed JSON", json("{\"authority\":")),
        ("not an object", json("[1]")),
        ("wrong types", json(r#"{"authority":301,"child_ref":7,"sex":true}"#)),
        ("unknown field and missing field", json(r#"{"authority":"301","name":"x"}"#)),
        ("unknown authority", json(r#"{"authority":"W06000015","child_ref":"KID-1"}"#)),
        ("no authority", json(r#"{"child_ref":"KID-1"}"#)),
        ("bad month", json(r#"{"authority":"301","child_ref":"KID-1","birth_month":"2017-13"}"#)),
        ("NUL", json("{\"authority\":\"301\",\"child_ref\":\"KID\\u00001\"}")),
        ("invalid UTF-8", json(b"{\"authority\":\"\xff\"}".to_vec())),
        ("too large", json(vec![b' '; 300_000])),
        ("wrong media type", TestRequest::post().uri("/v1/children").set_payload("x")),
        ("unknown route", TestRequest::get().uri("/v1/nothing")),
        ("wrong method", TestRequest::delete().uri("/v1/children")),
        ("unknown parameter", TestRequest::get().uri("/v1/children?colour=blue&limit=0&birth_month=")),
        ("repeated parameter", TestRequest::get().uri("/v1/children?limit=1&limit=2")),
        ("bad cursor", TestRequest::get().uri("/v1/children?cursor=x")),
        ("bad date", TestRequest::get().uri("/v1/stats/waiting-list?as_at=2025-02-30")),
        ("bad range", TestRequest::get().uri("/v1/stats/ehc-timeliness?issued_from=2025-02-01&issued_to=2025-01-01")),
        ("unknown record", TestRequest::get().uri("/v1/children/chd_301_9")),
        ("not an id", TestRequest::get().uri("/v1/children/KID-1")),
        (
            "unknown import type",
            TestRequest::post().uri("/v1/imports?type=pupils").insert_header(("Content-Type", "text/csv")),
        ),
        ("bad Authorization", TestRequest::get().uri("/v1/children").insert_header(("Authorization", "Basic eDp5"))),
        ("bad If-Match", TestRequest::patch().uri("/v1/children/chd_301_1").insert_header(("If-Match", "1"))),
    ];
    let mut shown = String::new();
    for (name, request) in cases {
        let answer = app.send(request).await;
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{name}");
        let mut body = answer.json();
        assert!(body["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{name}");
        body.as_object_mut().unwrap().remove("request_id");
        writeln!(shown, "# {name}\n{}\n", serde_json::to_string_pretty(&body).unwrap()).unwrap();
    }
    assert_snapshot!(shown);
}
