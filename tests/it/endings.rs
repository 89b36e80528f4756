//! Clocks end with what they belong to, count for the council that had the plan, and say what stands behind them.

use serde_json::{Value, json};

use super::after_the_plan::{clocks, import, with_a_plan};
use super::support::TestApp;

const PLAN: &str =
    "external_id,child_ref,issued_on,ehc_request_id,ceased_on,cease_reason,transferred_out_on,transferred_in_on";

async fn plan(app: &TestApp, rest: &str) {
    import(app, "ehc-plans", &format!("{PLAN}\nP-1,KID-1,2024-05-20,E-1,{rest}\n")).await;
}

async fn counts(app: &TestApp, clock: &str, query: &str) -> [u64; 5] {
    let path = format!("/v1/stats/clock-timeliness?authority=301&clock={clock}&to=2026-12-31{query}");
    let body = app.get(&path).await.json();
    let row = &body["data"][0];
    ["met", "breached", "overdue", "open", "unbound"].map(|name| row[name].as_u64().unwrap_or(0))
}

#[actix_web::test]
async fn a_consultation_stops_with_its_request_or_its_plan() {
    let app = with_a_plan("2025-12-01").await;
    let consultations =
        "external_id,ehc_request_id,ehc_plan_id,consulted_on\nC-1,E-1,,2024-05-10\nC-2,,P-1,2025-03-03\n";
    import(&app, "consultations", consultations).await;
    // The final plan went out on 20 May 2024.
    assert_eq!(
        clocks(&app, "con_", "2025-03-20").await,
        ["school_consultation stopped 2024-05-25", "school_consultation overdue 2025-03-18"]
    );
    for ending in ["2025-03-10,needs_met,,", ",,2025-03-10,"] {
        plan(&app, ending).await;
        assert_eq!(clocks(&app, "con_", "2025-03-20").await[1], "school_consultation stopped 2025-03-18", "{ending}");
        assert_eq!(clocks(&app, "con_", "2025-03-05").await[1], "school_consultation open 2025-03-18");
    }
    plan(&app, ",,,").await;
    assert_eq!(clocks(&app, "con_", "2025-03-20").await[1], "school_consultation overdue 2025-03-18");
}

#[actix_web::test]
async fn the_queue_knows_which_setting_was_consulted() {
    let app = with_a_plan("2025-12-01").await;
    let consultations =
        "external_id,ehc_plan_id,provider_ref,consulted_on\nC-1,P-1,SCHOOL-1,2025-03-03\nC-2,P-1,SCHOOL-2,2025-03-04\n";
    import(&app, "consultations", consultations).await;
    let queue = app.get("/v1/deadlines?authority=301&as_at=2025-03-10&provider_ref=SCHOOL-2").await.json();
    let shown: Vec<_> = queue["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| [&line["provider_ref"], &line["due_on"], &line["force"]])
        .collect();
    assert_eq!(shown, [[&json!("SCHOOL-2"), &json!("2025-03-19"), &json!("guidance")]]);
}

#[actix_web::test]
async fn advice_to_a_reassessment_stops_with_the_plan() {
    let app = with_a_plan("2025-12-01").await;
    import(&app, "reassessments", "external_id,ehc_plan_id,own_motion_on\nA-1,P-1,2025-03-03\n").await;
    let advice =
        "external_id,reassessment_id,advice_type,sent_on,received_by_body_on\nB-1,A-1,medical,2025-03-04,2025-03-05\n";
    import(&app, "advice-requests", advice).await;
    assert_eq!(clocks(&app, "adv_", "2025-05-01").await, ["reassess_advice overdue 2025-04-16"]);
    for ending in ["2025-03-20,needs_met,,", ",,2025-03-20,"] {
        plan(&app, ending).await;
        assert_eq!(clocks(&app, "adv_", "2025-05-01").await, ["reassess_advice stopped 2025-04-16"], "{ending}");
    }
}

#[actix_web::test]
async fn a_plan_left_as_it_was_after_a_notice_is_in_time_or_late() {
    let app = with_a_plan("2025-12-01").await;
    for (kept_on, state) in [("2025-04-28", "met"), ("2025-04-29", "breached")] {
        let amendment =
            format!("external_id,ehc_plan_id,notice_sent_on,not_amended_on\nM-1,P-1,2025-03-03,{kept_on}\n");
        import(&app, "plan-amendments", &amendment).await;
        let all = clocks(&app, "amd_", "2025-06-01").await;
        assert!(all.contains(&format!("review_no_amend_after_notice {state} 2025-04-28")), "{all:?}");
        assert!(all.contains(&"amend_without_review not_applicable 2025-04-28".to_owned()), "{all:?}");
    }
    assert_eq!(counts(&app, "review_no_amend_after_notice", "").await, [0, 1, 0, 0, 0]);
}

#[actix_web::test]
async fn what_another_council_did_before_the_plan_came_is_not_counted_here() {
    let app = with_a_plan("2026-02-01").await;
    plan(&app, ",,,2025-06-02").await;
    // Both late, before the plan came; one more after it.
    let amendments = "external_id,ehc_plan_id,notice_sent_on,final_sent_on\nM-1,P-1,2025-01-06,2025-05-20\nM-2,P-1,2025-06-03,2025-07-01\n";
    import(&app, "plan-amendments", amendments).await;
    let again = "external_id,ehc_plan_id,own_motion_on,final_sent_on\nA-1,P-1,2025-01-06,2025-05-20\nA-2,P-1,2025-06-03,2025-07-01\n";
    import(&app, "reassessments", again).await;
    assert_eq!(counts(&app, "amend_without_review", "").await, [1, 0, 0, 0, 0]);
    assert_eq!(counts(&app, "reassess_final", "").await, [1, 0, 0, 0, 0]);
    assert!(clocks(&app, "amd_301_5", "2026-01-01").await.is_empty());
    let named = "external_id,child_ref,issued_on,phase_transfer,phase_transfer_on,phase_transfer_final_on,transferred_in_on\n\
        P-2,KID-2,2024-03-11,primary_to_secondary,2026-09-01,2026-01-05,2026-01-20\n\
        P-3,KID-3,2024-03-11,primary_to_secondary,2026-09-01,2026-01-25,2026-01-20\n";
    import(&app, "ehc-plans", named).await;
    let moves = app.get("/v1/stats/phase-transfers?authority=301").await.json();
    assert_eq!(moves["data"][0]["plans"], 1, "the one that came with its setting named has no clock of ours: {moves}");
}

#[actix_web::test]
async fn a_refusal_of_a_detained_person_has_its_own_rule() {
    let app = TestApp::sqlite("2025-12-01");
    let request = "external_id,child_ref,received_on,detained,decision,decision_on\nE-1,KID-1,2025-01-06,yes,do_not_assess,2025-02-18\n";
    import(&app, "ehc-requests", request).await;
    let all = clocks(&app, "ehc_", "2025-04-01").await;
    assert!(all.contains(&"refuse_to_assess breached 2025-02-17".to_owned()), "{all:?}");
    assert_eq!(counts(&app, "refuse_to_assess", "").await, [0, 1, 0, 0, 0]);
}

#[actix_web::test]
async fn an_exception_of_a_reassessment_is_tested_against_its_own_limit() {
    let app = with_a_plan("2025-12-01").await;
    import(&app, "reassessments", "external_id,ehc_plan_id,own_motion_on\nA-1,P-1,2025-03-03\nA-2,P-1,2025-10-01\n")
        .await;
    let exceptions = "external_id,reassessment_id,ground,starts_on,ends_on\n\
        X-1,A-1,absent_from_area,2025-04-01,2025-05-15\nX-2,A-2,absent_from_area,2025-10-05,2025-11-15\n\
        X-3,A-2,absent_from_area,2025-11-20,2025-11-24\n";
    import(&app, "timescale-exceptions", exceptions).await;
    let counted = app.get("/v1/stats/exceptions?authority=301").await.json();
    let row = &counted["data"][0];
    let shown = ["recorded", "conditions_fulfilled", "needed"].map(|name| row[name].clone());
    assert_eq!(shown, [3, 2, 1].map(|count| json!(count)), "the second is not late yet, the third too short: {row}");
}

#[actix_web::test]
async fn what_is_guidance_says_so_and_is_counted_apart() {
    let app = TestApp::sqlite("2025-06-01");
    import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-1,2025-01-06\n").await;
    let advice = "external_id,ehc_request_id,advice_type,sent_on,received_by_body_on,own_adviser\n\
        A-1,E-1,medical,2025-02-01,2025-02-03,\nA-2,E-1,educational_psychology,2025-02-01,2025-02-03,yes\n\
        A-3,E-1,educational_psychology,2025-02-01,,yes\n";
    import(&app, "advice-requests", advice).await;
    let timeline = app.get("/v1/ehc-requests/ehc_301_2/timeline").await.json();
    let all = timeline["clocks"].as_array().unwrap();
    let own = |clock: &&Value| clock["clock"] == "advice_return";
    let shown: Vec<_> = all.iter().filter(own).map(|clock| format!("{} {}", clock["rule"], clock["force"])).collect();
    let guidance = r#""advice_return/own-adviser-2014" "guidance""#;
    assert_eq!(
        shown,
        [r#""advice_return/2014" "law""#, guidance, guidance],
        "nobody knows yet when the last received it"
    );
    assert_eq!(counts(&app, "advice_return", "").await, [0, 0, 1, 0, 0], "guidance is no limit of the law");
    assert_eq!(counts(&app, "advice_return", "&force=guidance").await, [0, 0, 1, 0, 0]);
    assert_eq!(counts(&app, "final_plan", "&force=guidance").await, [0; 5]);
}

#[actix_web::test]
async fn a_closure_is_possible_unless_what_is_recorded_excuses_or_is_the_same() {
    let app = with_a_plan("2026-02-01").await;
    import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-2,KID-2,2025-07-01\n").await;
    import(&app, "reassessments", "external_id,ehc_plan_id,own_motion_on\nA-1,P-1,2025-07-01\n").await;
    import(&app, "calendars", "external_id,kind,starts_on,ends_on\nS-1,school_closure,2025-07-23,2025-09-01\n").await;
    let advice = "external_id,ehc_request_id,reassessment_id,advice_type,sent_on\nB-1,E-2,,education,2025-07-18\nB-2,,A-1,education,2025-07-18\n";
    import(&app, "advice-requests", advice).await;
    let possible = async |request: &str, as_at: &str| {
        let timeline = app.get(&format!("/v1/ehc-requests/{request}/timeline?as_at={as_at}")).await.json();
        let all = timeline["possible_exceptions"].as_array().unwrap().clone();
        all.iter().map(|one| format!("{} {}", one["record_id"], one["provision"])).collect::<Vec<_>>()
    };
    let case = r#""ehc_301_5" "reg 10(4)(a)""#;
    assert_eq!(possible("ehc_301_5", "2026-01-01").await, [case]);
    assert_eq!(possible("ehc_301_2", "2026-01-01").await, [r#""rea_301_6" "reg 27(3)(a)""#]);
    let exception = |days: &str| {
        format!(
            "external_id,ehc_request_id,ground,starts_on,ends_on,advice_requested_on\nX-1,E-2,school_closure,{days}\n"
        )
    };
    import(&app, "timescale-exceptions", &exception("2025-10-27,2025-10-31,2025-10-22")).await;
    assert_eq!(possible("ehc_301_5", "2026-01-01").await, [case], "a week's closure excuses nothing and hides nothing");
    import(&app, "timescale-exceptions", &exception("2025-07-22,2025-09-01,2025-07-20")).await;
    assert_eq!(possible("ehc_301_5", "2026-01-01").await, [""; 0], "what is recorded excuses");
    assert_eq!(possible("ehc_301_5", "2025-07-19").await, [case], "but did not on that day");
    import(&app, "timescale-exceptions", &exception("2025-07-23,2025-09-01,2025-06-02")).await;
    assert_eq!(possible("ehc_301_5", "2026-01-01").await, [""; 0], "the same closure was weighed already");
}

#[actix_web::test]
async fn a_plan_or_reassessment_that_cannot_be_is_refused() {
    let app = TestApp::sqlite("2025-12-01");
    let plan =
        json!({ "authority": "301", "child_ref": "KID-1", "issued_on": "2024-05-20", "new_icb_told_on": "2025-05-09" });
    assert_eq!(app.post("/v1/ehc-plans", &plan).await.faults(), ["/icb_change_known_on required"]);
    let again = json!({ "authority": "301", "ehc_plan_id": "P-1", "requested_on": "2025-03-03", "final_sent_on": "2025-05-09" });
    let faults = app.post("/v1/reassessments", &again).await.faults();
    assert!(faults.contains(&"/decision required".to_owned()), "{faults:?}");
}
