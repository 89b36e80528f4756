//! The law at work: timelines, the queue of deadlines, orders that replace limits, and statistics of clocks.

use serde_json::{Value, json};

use super::support::TestApp;

async fn import(app: &TestApp, noun: &str, file: &str) {
    let answer = app.csv(&format!("/v1/imports?type={noun}&authority=301&source_system=cw"), file).await;
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), &body["rejected"]), (201, &json!(0)), "{body}");
}

fn clock<'a>(clocks: &'a Value, name: &str) -> &'a Value {
    clocks.as_array().unwrap().iter().find(|clock| clock["clock"] == name).unwrap_or(&Value::Null)
}

#[actix_web::test]
async fn a_timeline_shows_every_clock_and_whose_step_made_a_late_plan_unavoidable() {
    for app in TestApp::each("2025-07-01") {
        import(
            &app,
            "ehc-requests",
            "external_id,child_ref,received_on,decision,decision_on\nE-1,KID-1,2025-01-06,assess,2025-02-10\n",
        )
        .await;
        let advice = "external_id,ehc_request_id,advice_type,provider_ref,sent_on,received_by_body_on,returned_on\n\
            A-1,E-1,educational_psychology,LA,2025-02-11,2025-02-12,2025-03-20\n\
            A-2,E-1,occupational_therapy,RAT,2025-02-11,2025-02-12,\n";
        import(&app, "advice-requests", advice).await;
        let body = app.get("/v1/ehc-requests/ehc_301_2/timeline?drafting_days=10").await.json();
        let clocks = &body["clocks"];
        assert_eq!(clock(clocks, "final_plan")["state"], "overdue");
        assert_eq!(clock(clocks, "final_plan")["due_on"], "2025-05-26");
        assert_eq!(clock(clocks, "final_plan")["days_late"], 36);
        let therapist =
            clocks.as_array().unwrap().iter().find(|clock| clock["advice_type"] == "occupational_therapy").unwrap();
        assert_eq!((&therapist["state"], &therapist["due_on"]), (&json!("overdue"), &json!("2025-03-26")));
        assert!(therapist["working"].as_str().unwrap().contains("from 2025-02-12, within 6 weeks"), "{therapist}");
        let milestones = &body["milestones"];
        let day = |name: &str| {
            let days = milestones["days"].as_array().unwrap();
            days.iter().find(|day| day["name"] == name).map(|day| day["on"].clone()).unwrap()
        };
        assert_eq!(day("last_day_to_serve_a_draft"), "2025-05-11");
        assert_eq!(day("last_day_for_advice"), "2025-05-01");
        assert_eq!(milestones["advice_slack_days"], 36, "from 26 March to 1 May");
        assert_eq!(milestones["breach_unavoidable_from"], "2025-05-02");
        assert_eq!(milestones["breach_unavoidable_by"], json!(["occupational_therapy"]));
        // Back tomorrow, ten days to draft, fifteen for representations.
        assert_eq!(milestones["earliest_lawful_final_on"], "2025-07-27");
        assert_eq!(milestones["forced_breach_days"], 62);
        let before = app.get("/v1/ehc-requests/ehc_301_2/timeline?drafting_days=10&as_at=2025-05-01").await.json();
        assert_eq!(before["milestones"]["breach_unavoidable_from"], Value::Null, "on its last day advice is in time");
        assert_eq!(clock(&before["clocks"], "final_plan")["state"], "open");
    }
}

#[actix_web::test]
async fn an_order_replaces_the_limits_of_a_request_from_its_day_on() {
    for app in TestApp::each("2025-07-01") {
        import(
            &app,
            "ehc-requests",
            "external_id,child_ref,received_on,decision,decision_on\nE-1,KID-1,2025-01-06,assess,2025-02-10\n",
        )
        .await;
        import(
            &app,
            "orders",
            "external_id,source,kind,made_on,ehc_request_id,draft_issued_on\nO-1,tribunal,make_plan,2025-06-02,E-1,\n",
        )
        .await;
        let record = app.get("/v1/ehc-requests/ehc_301_2").await.json();
        assert_eq!(clock(&record["clocks"], "final_plan")["state"], "replaced");
        let timeline = app.get("/v1/ehc-requests/ehc_301_2/timeline").await.json();
        let final_plan = clock(&timeline["clocks"], "tribunal_make_plan_final");
        assert_eq!((&final_plan["due_on"], &final_plan["record_id"]), (&json!("2025-08-18"), &json!("ord_301_3")));
        let queue = app.get("/v1/deadlines?authority=301").await.json();
        let shown: Vec<_> = queue["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| format!("{} {} {}", line["clock"], line["state"], line["due_on"]))
            .collect();
        assert_eq!(
            shown,
            [r#""tribunal_make_plan_draft" "open" "2025-07-07""#, r#""tribunal_make_plan_final" "open" "2025-08-18""#],
            "{queue:#}"
        );
        assert_eq!(
            app.get("/v1/ehc-plan-delays?authority=301").await.json()["data"],
            json!([]),
            "no longer by twenty weeks"
        );
        let before = app.get("/v1/ehc-plan-delays?authority=301&as_at=2025-06-01").await.json();
        assert_eq!(before["data"][0]["state"], "overdue", "the day before the order");
        // The Tribunal may direct another day.
        let etag = app.get("/v1/orders/ord_301_3").await.header("etag").unwrap().to_owned();
        let changed = app.patch("/v1/orders/ord_301_3", &etag, &json!({ "directed_by": "2025-06-20" })).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let queue = app.get("/v1/deadlines?authority=301&state=overdue").await.json();
        assert_eq!(queue["data"][0]["days_late"], 11, "{queue:#}");
    }
}

#[actix_web::test]
async fn an_exception_moved_to_another_case_leaves_the_first() {
    for app in TestApp::each("2025-07-01") {
        import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-1,2025-01-06\nE-2,KID-2,2025-01-06\n")
            .await;
        let exception = |case: &str| {
            format!(
                "external_id,ehc_request_id,ground,starts_on,ends_on\nX-1,{case},exceptional_personal_circumstances,2025-02-01,2025-02-20\n"
            )
        };
        let states = async || {
            let body = app.get("/v1/ehc-plan-delays?authority=301").await.json();
            body["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["state"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        import(&app, "timescale-exceptions", &exception("E-1")).await;
        assert_eq!(states().await, ["exempt_open", "overdue"]);
        import(&app, "timescale-exceptions", &exception("E-2")).await;
        assert_eq!(states().await, ["overdue", "exempt_open"]);
    }
}

#[actix_web::test]
async fn a_closure_excuses_only_a_case_whose_advice_was_asked_for_during_it() {
    let app = TestApp::sqlite("2025-07-01");
    import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-1,2025-01-06\n").await;
    let closed = "external_id,ehc_request_id,ground,starts_on,ends_on,advice_requested_on\nX-1,E-1,school_closure,2019-07-24,2019-09-02,2019-07-25\n";
    import(&app, "timescale-exceptions", closed).await;
    assert_eq!(app.get("/v1/ehc-plan-delays?authority=301").await.json()["data"][0]["state"], "overdue");
    let record = app.get("/v1/ehc-requests/ehc_301_2").await.json();
    assert_eq!(clock(&record["clocks"], "final_plan")["state"], "overdue", "both views agree");
}

#[actix_web::test]
async fn a_refusal_ends_a_case_whatever_comes_later() {
    let app = TestApp::sqlite("2025-07-01");
    let file = "external_id,child_ref,received_on,decision,decision_on,withdrawn_on,request_tribunal,final_sent_on\n\
        E-1,KID-1,2024-01-08,do_not_assess,2024-02-10,2024-11-01,,\n\
        E-2,KID-2,2024-01-08,do_not_assess,2024-02-10,,yes,2024-12-02\n";
    import(&app, "ehc-requests", file).await;
    for as_at in ["2024-08-01", "2025-01-01"] {
        let delays = app.get(&format!("/v1/ehc-plan-delays?authority=301&as_at={as_at}")).await.json();
        assert_eq!(delays["data"], json!([]), "as at {as_at}");
    }
    let record = app.get("/v1/ehc-requests/ehc_301_4").await.json();
    assert_eq!(
        clock(&record["clocks"], "final_plan")["state"],
        "not_applicable",
        "a reversed refusal runs by the order"
    );
}

#[actix_web::test]
async fn a_missed_appointment_excuses_the_body_that_made_it_and_nobody_else() {
    let app = TestApp::sqlite("2025-07-01");
    import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-1,2025-01-06\n").await;
    let advice = "external_id,ehc_request_id,advice_type,sent_on,received_by_body_on,missed_appointment_on\n\
        A-1,E-1,medical,2025-02-01,2025-02-02,2025-02-20\nA-2,E-1,physiotherapy,2025-02-01,2025-02-02,\n";
    import(&app, "advice-requests", advice).await;
    let queue = app.get("/v1/deadlines?authority=301&clock=advice_return").await.json();
    let shown: Vec<_> = queue["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| format!("{} {}", line["advice_type"], line["state"]))
        .collect();
    assert_eq!(shown, [r#""medical" "exempt""#, r#""physiotherapy" "overdue""#]);
    let delays = app.get("/v1/ehc-plan-delays?authority=301").await.json();
    assert_eq!(delays["data"][0]["outstanding_advice_overdue"], json!(["physiotherapy"]));
    let exception = json!({ "authority": "301", "ehc_request_id": "ehc_301_2", "ground": "missed_appointment", "starts_on": "2025-02-20" });
    assert_eq!(app.post("/v1/timescale-exceptions", &exception).await.faults(), ["/ground not_allowed"]);
}

#[actix_web::test]
async fn plans_reviews_and_transfers_have_their_clocks_and_their_counts() {
    for app in TestApp::each("2026-03-01") {
        let plans = "external_id,child_ref,issued_on,phase_transfer,phase_transfer_on,phase_transfer_final_on,ceased_on,cease_reason\n\
            P-1,KID-1,2024-03-11,primary_to_secondary,2026-09-01,2026-02-13,,\n\
            P-2,KID-2,2024-03-11,primary_to_secondary,2026-09-01,2026-02-15,,\n\
            P-3,KID-3,2024-03-11,secondary_to_post16,2026-09-01,,,\n\
            P-4,KID-4,2024-03-11,,,,2024-12-31,needs_met\n";
        import(&app, "ehc-plans", plans).await;
        let reviews = "external_id,ehc_plan_id,meeting_on,notice_sent_on,decision,decision_on,amendment_notice_sent_on\n\
            R-1,P-1,2025-02-03,2025-01-19,maintain,2025-03-03,\n\
            R-2,P-2,2025-02-03,2025-01-20,amend,2025-03-04,2025-03-03\n";
        import(&app, "annual-reviews", reviews).await;
        let counts =
            &app.get("/v1/stats/annual-reviews?authority=301&from=2025-01-01&to=2025-12-31").await.json()["data"][0];
        let shown = [
            "total_ehc_plans",
            "total_review_meeting",
            "outcome_amend",
            "outcome_maintan",
            "number_decsion_4weeks",
            "number_decision_gt_4weeks",
        ]
        .map(|name| counts[name].as_u64().unwrap());
        assert_eq!(shown, [3, 2, 1, 1, 1, 1]);
        let moves = app.get("/v1/stats/phase-transfers?authority=301&from=2026-01-01&to=2026-12-31").await.json();
        let school = moves["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["phase_transfer"] == "primary_to_secondary")
            .unwrap();
        assert_eq!(
            (&school["in_time"], &school["on_the_day"], &school["pc_in_time_strict"]),
            (&json!(1), &json!(1), &json!(50.0))
        );
        let timeliness = async |clock: &str| {
            let body =
                app.get(&format!("/v1/stats/clock-timeliness?authority=301&clock={clock}&to=2026-12-31")).await.json();
            let row = &body["data"][0];
            ["met", "breached", "overdue", "open", "unbound"].map(|name| row[name].as_u64().unwrap())
        };
        // P-1 and P-2 were reviewed within their first twelve months; P-3 was not; P-4 ceased. The next ones of P-1 and P-2 are running.
        assert_eq!(timeliness("annual_review_12m").await, [2, 0, 1, 2, 1]);
        assert_eq!(timeliness("review_meeting_notice").await, [1, 1, 0, 0, 0]);
        assert_eq!(timeliness("review_decision").await, [1, 1, 0, 0, 0]);
        let queue = app
            .get("/v1/deadlines?authority=301&clock=annual_review_12m,phase_transfer&due_to=2026-03-31")
            .await
            .json();
        let shown: Vec<_> = queue["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| format!("{} {} {}", line["record_id"], line["state"], line["due_on"]))
            .collect();
        assert_eq!(
            shown,
            [
                r#""pln_301_6" "overdue" "2025-03-10""#,
                r#""rev_301_9" "open" "2026-03-02""#,
                r#""rev_301_10" "open" "2026-03-03""#,
                r#""pln_301_6" "open" "2026-03-30""#,
            ],
            "{queue:#}"
        );
    }
}

#[actix_web::test]
async fn the_queue_is_paged_filtered_and_a_calendar() {
    for app in TestApp::each("2025-03-31") {
        let rows = (0..30).map(|number| format!("E-{number},KID-{number},2025-01-{:02}", number % 28 + 1));
        let header = "external_id,child_ref,received_on".to_owned();
        let file = [header].into_iter().chain(rows).collect::<Vec<_>>().join("\n");
        import(&app, "ehc-requests", &file).await;
        let all = app.get("/v1/deadlines?authority=301&clock=final_plan&limit=1000").await.json();
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.get(&format!("/v1/deadlines?authority=301&clock=final_plan&limit=7{cursor}")).await.json();
            paged.extend(page["data"].as_array().unwrap().clone());
            match page["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(json!(paged), all["data"]);
        assert_eq!(paged.len(), 30);
        let fortnight =
            app.get("/v1/deadlines?authority=301&clock=final_plan&due_from=2025-05-21&due_to=2025-05-22").await.json();
        assert_eq!(fortnight["data"].as_array().unwrap().len(), 4, "{fortnight:#}");
        let calendar = app.get("/v1/deadlines.ics?authority=301&clock=final_plan&due_to=2025-05-21").await;
        assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
        assert_eq!(calendar.text.matches("BEGIN:VEVENT\r\n").count(), 2);
        assert!(calendar.text.contains("DTSTART;VALUE=DATE:20250521\r\n"));
        assert!(calendar.text.split("\r\n").all(|line| line.len() <= 75), "{}", calendar.text);
        assert!(!calendar.text.contains("KID-"), "a feed names records by their ids only");
        assert_eq!(app.get("/v1/deadlines?clock=staff_shortage").await.status, 400);
        assert_eq!(
            app.get("/v1/deadlines?due_from=2025-02-01&due_to=2025-01-01&cursor=x").await.faults(),
            ["/due_to out_of_order", "/cursor not_a_cursor"]
        );
    }
}
