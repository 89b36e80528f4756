//! Callers: keys, scopes, and whose records they may see.

use serde_json::json;
use twentyweeks::app::NewKey;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::caller::{Reach, Scope};
use twentyweeks::http::all_operations;

use super::support::TestApp;

pub fn key(app: &TestApp, scopes: &[Scope], authorities: &[&str]) -> String {
    let reach = match authorities {
        [] => Reach::All,
        list => Reach::Only(list.iter().map(|code| Authority::parse(code).unwrap()).collect()),
    };
    app.app.create_key(&NewKey { name: "test".to_owned(), scopes: scopes.to_vec(), reach }).unwrap()
}

#[actix_web::test]
async fn once_a_key_exists_every_scoped_operation_asks_for_one() {
    for app in TestApp::each("2025-03-31") {
        assert_eq!(
            app.get("/v1/referrals").await.status,
            200,
            "without any key the machine's own callers may do everything"
        );
        key(&app, &[Scope::Admin], &[]);
        for operation in all_operations().iter().filter(|operation| !operation.scopes.is_empty()) {
            let path = operation
                .path
                .replace("{id}", "ref_301_1")
                .replace("{source_system}", "t")
                .replace("{external_id}", "X-1");
            let request = actix_web::test::TestRequest::default().method(operation.method.clone()).uri(&path);
            let answer = app.send(request).await;
            assert_eq!(answer.status, 401, "{} {}", operation.method, operation.path);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
        assert_eq!(app.get("/health/ready").await.status, 200);
        assert_eq!(app.with_key("tw_0123_4567").get("/v1/referrals").await.status, 401);
    }
}

#[actix_web::test]
async fn a_dashboards_key_never_sees_a_record() {
    for app in TestApp::each("2025-03-31") {
        let body = json!({ "authority": "301", "child_ref": "KID-1", "discipline": "physiotherapy", "received_on": "2025-01-06" });
        app.post("/v1/referrals", &body).await;
        let dashboard = app.with_key(&key(&app, &[Scope::StatsRead], &["301"]));
        assert_eq!(dashboard.get("/v1/stats/waiting-list").await.status, 200);
        for path in
            ["/v1/referrals", "/v1/referrals/ref_301_2", "/v1/ehc-plan-delays", "/v1/changes?authority=301", "/metrics"]
        {
            let answer = dashboard.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (403, Some("forbidden")), "{path}");
        }
        assert_eq!(dashboard.post("/v1/referrals", &body).await.status, 403);
    }
}

#[actix_web::test]
async fn another_authoritys_record_is_not_there() {
    for app in TestApp::each("2025-03-31") {
        let body = |authority: &str| {
            json!({ "authority": authority, "source_system": "t", "external_id": "R-1", "child_ref": "KID-1",
                    "discipline": "physiotherapy", "received_on": "2025-01-06" })
        };
        app.post("/v1/referrals", &body("301")).await;
        app.post("/v1/referrals", &body("302")).await;
        let barnet = app.with_key(&key(&app, &[Scope::RecordsRead, Scope::RecordsWrite, Scope::StatsRead], &["302"]));
        assert_eq!(barnet.get("/v1/referrals/ref_302_2").await.status, 200);
        for path in [
            "/v1/referrals/ref_301_2",
            "/v1/referrals/ref_301_2/history",
            "/v1/imports/imp_301_1",
            "/v1/imports/imp_301_1/receipts",
        ] {
            assert_eq!(barnet.get(path).await.status, 404, "{path}");
        }
        let there = app.get("/v1/referrals/ref_301_2").await;
        assert_eq!(there.status, 401, "the machine's own callers need a key now");
        assert_eq!(
            barnet.patch("/v1/referrals/ref_301_2", "\"2\"", &json!({ "priority": "urgent" })).await.status,
            404
        );
        assert_eq!(barnet.post("/v1/referrals", &body("301")).await.status, 403);
        assert_eq!(barnet.csv("/v1/imports?type=referrals&authority=301", "external_id\nR-1\n").await.status, 403);
        assert_eq!(barnet.get("/v1/changes?authority=301").await.status, 403);
        let list = barnet.get("/v1/referrals?authority=301,302").await.json();
        assert_eq!(list["data"].as_array().unwrap().len(), 1);
        let waiting = barnet.get("/v1/stats/waiting-list").await.json();
        assert_eq!(
            waiting["data"].as_array().unwrap().iter().map(|row| row["waiting"].as_u64().unwrap()).sum::<u64>(),
            1
        );
        assert_eq!(waiting["meta"]["authorities_asked"], 1);
        assert_eq!(waiting["data"][0]["old_la_code"], "302", "whoever reaches one authority is answered by authority");
        let sum = barnet.get("/v1/stats/waiting-list?group_by=england").await.json();
        assert_eq!(
            sum["data"][0]["geographic_level"], "Selected authorities",
            "a part is not called by the whole's name"
        );
        assert_eq!(
            barnet.get("/v1/stats/waiting-list?authority=301,302").await.status,
            403,
            "a sum must not be partial"
        );
        let unnamed = json!({ "child_ref": "KID-2", "discipline": "physiotherapy", "received_on": "2025-01-06" });
        assert_eq!(
            barnet.post("/v1/referrals", &unnamed).await.json()["authority"],
            "302",
            "the only one within reach"
        );
    }
}

#[actix_web::test]
async fn a_revoked_key_is_refused_at_once_and_a_key_is_never_kept() {
    for app in TestApp::each("2025-03-31") {
        let secret = key(&app, &[Scope::Admin], &[]);
        let caller = app.with_key(&secret);
        assert_eq!(caller.get("/v1/referrals").await.status, 200);
        let (name, grant) = app.app.list_keys().unwrap().pop().unwrap();
        assert_eq!(name, "test");
        assert!(secret.contains(&grant.id) && !format!("{grant:?}").contains(&secret));
        assert!(app.app.revoke_key(&grant.id).unwrap());
        assert_eq!(caller.get("/v1/referrals").await.status, 401);
        assert!(!app.app.revoke_key(&grant.id).unwrap());
    }
}

#[actix_web::test]
async fn a_scrape_shows_only_the_authorities_within_reach() {
    for app in TestApp::each("2025-03-31") {
        for authority in ["301", "302"] {
            let file = "external_id,child_ref,discipline,received_on\nR-1,KID-1,physiotherapy,2025-03-20\n";
            app.csv(&format!("/v1/imports?type=referrals&authority={authority}"), file).await;
        }
        let all = app.with_key(&key(&app, &[Scope::MetricsRead], &[])).get("/metrics").await.text;
        let barnet = app.with_key(&key(&app, &[Scope::MetricsRead], &["302"])).get("/metrics").await.text;
        let nobody = app.with_key(&key(&app, &[Scope::MetricsRead], &["303"])).get("/metrics").await.text;
        for (text, codes) in [(&all, vec!["301", "302"]), (&barnet, vec!["302"]), (&nobody, vec![])] {
            for code in ["301", "302"] {
                let label = format!("{{authority=\"{code}\"");
                assert_eq!(text.contains(&label), codes.contains(&code), "{code}: {text}");
            }
            assert!(text.contains("twentyweeks_build_info") && text.contains("http_server_request_duration_seconds"));
        }
    }
}

#[actix_web::test]
async fn whoever_may_import_sees_what_became_of_it() {
    for app in TestApp::each("2025-03-31") {
        let key = |scopes: &[Scope], authority: &str| app.with_key(&key(&app, scopes, &[authority]));
        let (sender, other) = (key(&[Scope::RecordsWrite], "301"), key(&[Scope::RecordsWrite], "302"));
        let file = "external_id,child_ref,discipline,received_on\nR-1,KID-1,physiotherapy,2025-13-20\n";
        assert_eq!(sender.csv("/v1/imports?type=referrals", file).await.status, 201);
        let paths = ["/v1/imports/imp_301_1", "/v1/imports/imp_301_1/receipts", "/v1/imports/imp_301_1/rejected"];
        for path in paths {
            assert_eq!(sender.get(path).await.status, 200, "{path}");
            assert_eq!(other.get(path).await.status, 404, "{path}");
        }
        assert_eq!(sender.get("/v1/imports").await.json()["data"].as_array().unwrap().len(), 1);
        assert_eq!(other.get("/v1/imports").await.json()["data"], json!([]));
        assert_eq!(sender.get("/v1/referrals").await.status, 403, "records are another matter");
        let refused = key(&[Scope::StatsRead], "301").get("/v1/imports").await;
        assert_eq!(refused.status, 403);
        assert!(refused.text.contains("the key lacks the scope records:read or records:write"), "{}", refused.text);
        assert_eq!(key(&[Scope::RecordsRead], "301").get("/v1/imports/imp_301_1").await.status, 200);
    }
    let import = all_operations().iter().find(|operation| operation.id == "get_import").unwrap();
    let contract: serde_json::Value = serde_json::from_str(twentyweeks::http::openapi::text()).unwrap();
    let security = &contract["paths"][&import.path]["get"]["security"];
    assert_eq!(*security, json!([{ "api_key": ["records:read"] }, { "api_key": ["records:write"] }, {}]));
}
