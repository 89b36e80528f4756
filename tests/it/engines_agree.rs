//! The same requests give byte-identical bodies on both engines.

use serde_json::json;

use super::support::TestApp;

async fn story(app: &TestApp) -> Vec<String> {
    let mut bodies = Vec::new();
    let requests = "external_id,child_ref,received_on,decision,decision_on,outcome,outcome_on,draft_served_on,final_sent_on,request_mediation\n\
        E-1,KID-1,2024-01-10,assess,2024-02-20,plan,2024-05-01,2024-05-02,2024-05-29,\n\
        E-2,KID-2,2024-01-10,assess,2024-02-22,plan,,,2024-08-01,\n\
        E-3,KID-3,2023-01-10,assess,2023-03-01,,,,2024-03-01,yes\n\
        E-4,KID-4,2024-06-01,,,,,,,\n\
        E-5,KID-5,2024-06-01,do_not_assess,2024-07-01,,,,,\n\
        E-6,KID-6,bad,,,,,,,\n";
    bodies.push(app.csv("/v1/imports?type=ehc-requests&authority=301&source_system=cw", requests).await.text);
    let referrals = "external_id,child_ref,discipline,received_on,first_contact_on,ehc_request_id\n\
        R-1,KID-1,physiotherapy,2024-01-06,,E-1\nR-2,KID-9,occupational_therapy,2025-01-07,2025-02-01,\nR-3,KID-9,physiotherapy,2025-03-01,,E-99\n";
    bodies.push(app.csv("/v1/imports?type=referrals&authority=301&source_system=cw", referrals).await.text);
    let advice = json!({ "authority": "301", "source_system": "cw", "external_id": "A-1", "ehc_request_id": "E-4",
        "advice_type": "occupational_therapy", "sent_on": "2024-07-20", "received_by_body_on": "2024-07-22", "provider_ref": "RAT" });
    bodies.push(app.put("/v1/advice-requests/by-external-id/cw/A-1", &advice).await.text);
    for path in [
        "/v1/ehc-requests?limit=3",
        "/v1/ehc-requests?received_from=2024-01-11",
        "/v1/ehc-requests/ehc_301_2",
        "/v1/referrals?discipline=physiotherapy",
        "/v1/referrals?ehc_request_id=ehc_301_2",
        "/v1/ehc-requests/ehc_301_2/history",
        "/v1/changes?authority=301",
        "/v1/imports",
        "/v1/imports/imp_301_1/receipts",
        "/v1/imports/imp_301_1/rejected",
        "/v1/imports/imp_301_2/rejected",
        "/v1/stats/ehc-timeliness?group_by=authority,month",
        "/v1/stats/ehc-timeliness?stage=decision_to_assess&group_by=year&format=csv",
        "/v1/stats/waiting-list?group_by=region",
        "/v1/ehc-plan-delays",
        "/v1/ehc-plan-delays/summary?group_by=authority,outstanding_advice",
    ] {
        bodies.push(format!("{path}\n{}", app.get(path).await.text));
    }
    bodies
}

#[actix_web::test]
async fn both_engines_answer_with_the_same_bytes() {
    let mut stories = Vec::new();
    for app in TestApp::each("2025-03-31") {
        stories.push(story(&app).await);
    }
    let problems: Vec<_> = stories.iter().flatten().filter(|body| body.contains("\"/problems/")).collect();
    assert!(problems.is_empty(), "two refusals agree, but prove nothing: {problems:#?}");
    if let [sqlite, postgres] = stories.as_slice() {
        for (one, other) in sqlite.iter().zip(postgres) {
            assert_eq!(one, other);
        }
    }
}
