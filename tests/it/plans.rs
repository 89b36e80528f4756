//! Plans, reviews and orders as they really go: transfers between councils, corrections, and what nobody knew yet.

use serde_json::{Value, json};

use super::support::TestApp;

async fn import(app: &TestApp, noun: &str, file: &str) {
    let answer = app.csv(&format!("/v1/imports?type={noun}&authority=301&source_system=cw"), file).await;
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), &body["rejected"]), (201, &json!(0)), "{body}");
}

/// The queue as `record clock state due`.
async fn queue(app: &TestApp, query: &str) -> Vec<String> {
    let body = app.get(&format!("/v1/deadlines?authority=301{query}")).await.json();
    let word = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = body["data"].as_array().unwrap().iter();
    lines.map(|line| ["record_id", "clock", "state", "due_on"].map(|name| word(line, name)).join(" ")).collect()
}

#[actix_web::test]
async fn a_plan_from_another_council_is_first_reviewed_by_regulation_15() {
    for app in TestApp::each("2025-06-30") {
        import(
            &app,
            "ehc-plans",
            "external_id,child_ref,issued_on,transferred_in_on\nP-1,KID-1,2024-01-10,2025-01-15\n",
        )
        .await;
        let reviews = "external_id,ehc_plan_id,decision,decision_on\nR-1,P-1,maintain,2024-12-10\n";
        import(&app, "annual-reviews", reviews).await;
        // Twelve months from the last review are later than three from the transfer.
        assert_eq!(
            queue(&app, "&clock=la_transfer_review,annual_review_12m").await,
            ["pln_301_2 la_transfer_review open 2025-12-09"]
        );
        assert_eq!(queue(&app, "&as_at=2025-01-12").await, [""; 0], "it was another council's plan");
        import(&app, "annual-reviews", "external_id,ehc_plan_id,decision,decision_on\nR-2,P-1,maintain,2025-06-10\n")
            .await;
        assert_eq!(
            queue(&app, "&clock=la_transfer_review,annual_review_12m").await,
            ["rev_301_4 annual_review_12m open 2026-06-09"]
        );
    }
}

#[actix_web::test]
async fn a_plan_that_left_has_no_deadlines_and_a_new_one_none_from_before_it_was_made() {
    let app = TestApp::sqlite("2025-06-30");
    let plans = "external_id,child_ref,issued_on,transferred_out_on,phase_transfer,phase_transfer_on\n\
        P-1,KID-1,2023-01-10,2024-06-03,,\nP-2,KID-2,2025-05-16,,primary_to_secondary,2025-09-01\n";
    import(&app, "ehc-plans", plans).await;
    import(&app, "annual-reviews", "external_id,ehc_plan_id,decision,decision_on\nR-1,P-1,maintain,2024-01-09\n").await;
    assert_eq!(queue(&app, "").await, ["pln_301_4 annual_review_12m open 2026-05-15"]);
    let moves = app.get("/v1/stats/phase-transfers?authority=301").await.json();
    assert_eq!(moves["data"], json!([]), "made after 15 February, it names the school from the start");
}

#[actix_web::test]
async fn a_plan_that_came_back_has_deadlines_again_and_none_from_while_it_was_away() {
    let app = TestApp::sqlite("2025-02-01");
    let plans = "external_id,child_ref,issued_on,transferred_out_on,transferred_in_on\nP-1,KID-1,2023-01-10,2024-06-03,2025-01-15\n";
    import(&app, "ehc-plans", plans).await;
    assert_eq!(queue(&app, "&clock=la_transfer_inform").await, ["pln_301_2 la_transfer_inform open 2025-02-26"]);
    assert_eq!(queue(&app, "&as_at=2024-12-01").await, [""; 0]);
    for (as_at, maintained) in [("2024-12-01", 0), ("2025-02-01", 1)] {
        let reviews = app.get(&format!("/v1/stats/annual-reviews?authority=301&as_at={as_at}")).await.json();
        let plans = reviews["data"][0]["total_ehc_plans"].as_u64().unwrap_or(0);
        assert_eq!(plans, maintained, "as at {as_at}: {reviews}");
    }
}

#[actix_web::test]
async fn what_was_sent_after_the_decision_is_still_in_time_or_late() {
    let app = TestApp::sqlite("2025-06-30");
    import(&app, "ehc-plans", "external_id,child_ref,issued_on\nP-1,KID-1,2024-03-10\n").await;
    let reviews = "external_id,ehc_plan_id,meeting_on,report_sent_on,decision,decision_on\n\
        R-1,P-1,2025-03-03,2025-03-10,maintain,2025-03-05\nR-2,P-1,2025-03-03,2025-03-28,maintain,2025-03-25\n\
        R-3,P-1,2025-03-03,,maintain,2025-03-25\n";
    import(&app, "annual-reviews", reviews).await;
    let counts = app.get("/v1/stats/clock-timeliness?authority=301&clock=review_report").await.json();
    let counted = ["met", "breached", "overdue", "unbound"].map(|name| counts["data"][0][name].clone());
    assert_eq!(counted, [1, 1, 0, 1].map(|count| json!(count)), "{counts}");
}

#[actix_web::test]
async fn what_is_recorded_later_does_not_change_what_a_day_showed() {
    let app = TestApp::sqlite("2025-06-30");
    import(&app, "ehc-plans", "external_id,child_ref,issued_on\nP-1,KID-1,2025-01-10\n").await;
    let review =
        |rest: &str| format!("external_id,ehc_plan_id,meeting_on,decision,decision_on\nR-1,P-1,2025-05-20,{rest}\n");
    import(&app, "annual-reviews", &review(",")).await;
    let clocks = "&clock=review_amendment_notice&as_at=2025-06-25";
    assert_eq!(queue(&app, clocks).await, [""; 0], "whether to amend was not decided: it lapses");
    import(&app, "annual-reviews", &review("amend,2025-06-29")).await;
    assert_eq!(queue(&app, clocks).await, [""; 0], "nor was it known on that day");
    assert_eq!(
        queue(&app, "&clock=review_amendment_notice").await,
        ["rev_301_3 review_amendment_notice overdue 2025-06-17"]
    );
}

#[actix_web::test]
async fn exceptions_bear_on_orders_too_and_queue_and_timeline_agree() {
    for app in TestApp::each("2025-07-01") {
        import(
            &app,
            "ehc-requests",
            "external_id,child_ref,received_on,decision,decision_on\nE-1,KID-1,2024-11-04,assess,2024-12-10\n",
        )
        .await;
        import(
            &app,
            "orders",
            "external_id,source,kind,made_on,ehc_request_id\nO-1,tribunal,make_plan,2025-03-03,E-1\n",
        )
        .await;
        let exception = "external_id,ehc_request_id,ground,starts_on,ends_on\nX-1,E-1,exceptional_personal_circumstances,2025-03-10,2025-04-10\n";
        import(&app, "timescale-exceptions", exception).await;
        let lines = queue(&app, "").await;
        assert!(lines.iter().all(|line| line.contains("exempt")) && lines.len() == 2, "{lines:?}");
        let body = app.get("/v1/deadlines?authority=301").await.json();
        assert_eq!(body["data"][0]["ehc_request_id"], "ehc_301_2");
        let timeline = app.get("/v1/ehc-requests/ehc_301_2/timeline").await.json();
        let exempt = timeline["clocks"].as_array().unwrap().iter().filter(|clock| clock["state"] == "exempt").count();
        assert_eq!(exempt, 2, "{timeline:#}");
        assert_eq!(timeline["milestones"]["forced_breach_days"], 0, "the twenty weeks were replaced");
    }
}

#[actix_web::test]
async fn a_concession_is_of_what_regulation_45_knows() {
    let app = TestApp::sqlite("2025-07-01");
    let order = json!({ "authority": "301", "source": "concession", "kind": "reconsider", "made_on": "2025-06-02", "ehc_request_id": "E-1" });
    assert_eq!(app.post("/v1/orders", &order).await.faults(), ["/kind contradiction"]);
}

#[actix_web::test]
async fn milestones_name_who_was_late_and_nobody_who_was_not() {
    let app = TestApp::sqlite("2025-07-01");
    let cases = "external_id,child_ref,received_on,decision,decision_on,draft_served_on,final_sent_on\n\
        E-1,KID-1,2025-01-06,assess,2025-02-10,,\n\
        E-2,KID-2,2025-01-06,assess,2025-02-10,2025-05-14,2025-05-26\n\
        E-3,KID-3,2025-01-06,do_not_assess,2025-02-10,,\n";
    import(&app, "ehc-requests", cases).await;
    let advice = "external_id,ehc_request_id,advice_type,sent_on,received_by_body_on\nA-1,E-1,occupational_therapy,2025-06-02,2025-06-03\n";
    import(&app, "advice-requests", advice).await;
    let milestones = async |case: &str, query: &str| {
        app.get(&format!("/v1/ehc-requests/{case}/timeline{query}")).await.json()["milestones"].clone()
    };
    let late = milestones("ehc_301_2", "").await;
    assert_eq!(late["breach_unavoidable_by"], json!(["council"]), "asked a week after the plan was due");
    assert_eq!(late["breach_unavoidable_from"], "2025-05-12");
    let before = milestones("ehc_301_2", "?as_at=2025-05-01").await;
    assert_eq!(before["advice_slack_days"], Value::Null, "nothing was asked for yet");
    for case in ["ehc_301_4", "ehc_301_6"] {
        let in_time = milestones(case, "").await;
        assert_eq!(
            (&in_time["forced_breach_days"], &in_time["breach_unavoidable_from"]),
            (&json!(0), &Value::Null),
            "{case}"
        );
    }
}

#[actix_web::test]
async fn milestones_blame_nobody_for_what_bound_no_longer_or_could_be_avoided() {
    let app = TestApp::sqlite("2025-07-01");
    let cases = "external_id,child_ref,received_on,decision,decision_on,draft_served_on,final_sent_on\n\
        E-1,KID-1,2024-11-04,assess,2024-12-10,,2025-04-30\n\
        E-2,KID-2,2025-01-06,assess,2025-02-10,2025-05-06,2025-06-20\n\
        E-3,KID-3,2025-01-06,assess,2025-02-10,2025-05-01,\n";
    import(&app, "ehc-requests", cases).await;
    let orders = "external_id,source,kind,made_on,ehc_request_id\nO-1,tribunal,make_plan,2025-03-03,E-1\n";
    import(&app, "orders", orders).await;
    let advice = "external_id,ehc_request_id,advice_type,sent_on,received_by_body_on\nA-1,E-2,occupational_therapy,2025-02-14,2025-02-17\n";
    import(&app, "advice-requests", advice).await;
    // Forced, from when, and the first day on which the plan can be final.
    let wanted = [
        ("ehc_301_2", "", json!([0, null, null]), "the order has limits of its own"),
        ("ehc_301_4", "", json!([25, null, "2025-06-20"]), "the draft was out in time: the plan could have been sent"),
        ("ehc_301_6", "", json!([36, null, "2025-07-01"]), "it can be sent today, not in the past"),
        ("ehc_301_6", "?as_at=2024-06-01", json!([0, null, null]), "there was no case yet"),
    ];
    for (case, query, wanted, why) in wanted {
        let told = app.get(&format!("/v1/ehc-requests/{case}/timeline{query}")).await.json()["milestones"].clone();
        let told = ["forced_breach_days", "breach_unavoidable_from", "earliest_lawful_final_on"]
            .map(|name| told[name].clone());
        assert_eq!(json!(told), wanted, "{case}{query}: {why}");
    }
}

#[actix_web::test]
async fn what_the_tribunal_directed_is_not_excused() {
    let app = TestApp::sqlite("2025-07-01");
    import(
        &app,
        "ehc-requests",
        "external_id,child_ref,received_on,decision,decision_on\nE-1,KID-1,2024-11-04,assess,2024-12-10\n",
    )
    .await;
    let orders = "external_id,source,kind,made_on,ehc_request_id,directed_by\nO-1,tribunal,make_plan,2025-03-03,E-1,2025-06-20\n";
    import(&app, "orders", orders).await;
    let exception = "external_id,ehc_request_id,ground,starts_on,ends_on\nX-1,E-1,exceptional_personal_circumstances,2025-03-10,2025-04-10\n";
    import(&app, "timescale-exceptions", exception).await;
    let lines = queue(&app, "").await;
    assert!(lines.len() == 2 && lines.iter().all(|line| line.ends_with("overdue 2025-06-20")), "{lines:?}");
}

#[actix_web::test]
async fn the_calendar_looks_ahead() {
    let app = TestApp::sqlite("2025-07-01");
    import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-1,2024-01-08\nE-2,KID-2,2025-05-05\n")
        .await;
    let feed = app.get("/v1/deadlines.ics?authority=301&clock=final_plan").await;
    assert_eq!(feed.text.matches("BEGIN:VEVENT").count(), 1, "{}", feed.text);
    let all = app.get("/v1/deadlines.ics?authority=301&clock=final_plan&due_from=2024-01-01").await;
    assert_eq!(all.text.matches("BEGIN:VEVENT").count(), 2);
}

#[actix_web::test]
async fn the_calculator_says_which_fact_it_cannot_use() {
    let app = TestApp::sqlite("2025-07-01");
    let cases = [
        (
            json!({ "clock": "review_decision", "in": { "review_meeting": "2025-10-06" }, "done": "2025-09-01" }),
            vec!["/done before_trigger"],
        ),
        (json!({ "clock": "final_plan", "in": { "request_received": "2010-01-06" } }), vec!["/in not_in_force"]),
        (json!({ "clock": "phase_transfer", "in": { "transfer_date": "2026-09-01" } }), vec!["/in/transfer required"]),
        (
            json!({ "clock": "final_plan", "in": { "request_received": "2025-01-06", "became_responsible": "2025-01-07" } }),
            vec!["/in/became_responsible contradiction"],
        ),
    ];
    for (line, wanted) in cases {
        let answer = app.post("/v1/deadline-calculations", &line).await;
        assert_eq!(
            (answer.status.as_u16(), answer.faults()),
            (422, wanted.iter().map(|&fault| fault.to_owned()).collect()),
            "{line}"
        );
    }
    let early = json!({ "clock": "annual_review_12m", "in": { "plan_first_made": "2023-01-09", "last_review": "2024-06-01" }, "as_of": "2024-03-01" });
    let answer = app.post("/v1/deadline-calculations", &early).await.json();
    assert_eq!(
        (&answer["due"], &answer["days_late"]),
        (&json!("2024-01-08"), &json!(53)),
        "the review had not taken place"
    );
    let refusal = json!({ "clock": "refuse_to_assess", "in": { "request_received": "2025-01-06", "detained": true } });
    assert_eq!(app.post("/v1/deadline-calculations", &refusal).await.json()["due"], "2025-02-17");
    let later = json!({ "clock": "final_plan", "in": { "request_received": "2025-01-06", "school_closed_from": "2025-07-23", "school_reopens": "2025-09-03", "head_advice_requested": "2025-07-20" }, "done": "2025-06-20" });
    for as_of in [Value::Null, json!("2025-08-01")] {
        let mut line = later.clone();
        line["as_of"] = as_of;
        let answer = app.post("/v1/deadline-calculations", &line).await.json();
        let said = (&answer["status"], &answer["sen2"]["Week20"], &answer["exceptions"][0]["conditions_fulfilled"]);
        assert_eq!(said, (&json!("breached"), &json!(0), &json!(false)), "what came after the act excuses nothing");
    }
    let null = json!({ "clock": "final_plan", "in": { "request_received": "2025-01-06", "became_responsible": null } });
    assert_eq!(app.post("/v1/deadline-calculations", &null).await.json()["due"], "2025-05-26");
    let known = json!({ "clock": "la_transfer_review", "in": { "transfer_date": "2025-01-15", "plan_first_made": "2024-06-01", "last_review": "2025-03-01" }, "as_of": "2025-02-01" });
    assert_eq!(app.post("/v1/deadline-calculations", &known).await.json()["due"], "2025-05-31", "not reviewed yet");
}
