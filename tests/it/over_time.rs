//! Therapy, EHC requests and advice over time, by hand-counted records: waits, flow, three views, advice, late days.

use serde_json::{Value, json};

use super::support::TestApp;

async fn import(app: &TestApp, noun: &str, file: &str) {
    let answer = app.csv(&format!("/v1/imports?type={noun}&authority=301"), file).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["rejected"]), (201, &json!(0)), "{}", answer.text);
}

async fn rows(app: &TestApp, path: &str) -> Vec<Value> {
    let answer = app.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()["data"].as_array().unwrap().clone()
}

/// The values of some columns, as text.
fn shown(row: &Value, columns: &[&str]) -> String {
    columns.iter().map(|column| row[*column].to_string()).collect::<Vec<_>>().join(" ")
}

const CHILDREN: &str = "child_ref,birth_month,sex,primary_need,sen_status\n\
    K-1,2020-03,female,SLCN,sen_support\nK-2,2014-02,male,ASD,ehc_plan\nK-3,2009-12,male,SLCN,\nK-4,2020-04,,,\n";

const REFERRALS: &str = "external_id,child_ref,discipline,received_on,accepted_on,rejected_on,first_contact_on,assessment_completed_on,discharged_on,withdrawn_on,provider_ref\n\
    R-1,K-1,speech_and_language_therapy,2025-01-01,,,2025-01-11,2025-01-21,,,RAT\n\
    R-2,K-2,speech_and_language_therapy,2025-01-01,,,2025-01-31,,2025-02-20,,RAT\n\
    R-3,K-3,speech_and_language_therapy,2025-01-01,,2025-01-06,,,,,RAT\n\
    R-4,K-4,speech_and_language_therapy,2025-01-01,,,,,,,RBT\n\
    R-5,K-1,occupational_therapy,2025-01-10,,,,,,2025-03-01,RBT\n\
    R-6,K-5,speech_and_language_therapy,2025-01-11,,,2025-02-20,,,,RBT\n";

async fn therapy() -> TestApp {
    let app = TestApp::sqlite("2025-03-11");
    import(&app, "children", CHILDREN).await;
    import(&app, "referrals", REFERRALS).await;
    app
}

#[actix_web::test]
async fn waits_of_those_seen_are_apart_from_open_ones_and_open_ones_count_as_unfinished() {
    let app = therapy().await;
    let path =
        "/v1/stats/waiting-times?authority=301&from=2025-01-01&to=2025-03-11&discipline=speech_and_language_therapy";
    let all = rows(&app, path).await;
    assert_eq!(all.len(), 1);
    // Seen after 10, 30 and 40 days; mean 26.7.
    let seen =
        ["seen", "mean_days_to_contact", "p50_days_to_contact", "p75_days_to_contact", "longest_days_to_contact"];
    assert_eq!(shown(&all[0], &seen), "3 26.7 30 40 40");
    assert_eq!(shown(&all[0], &["assessed", "p50_days_to_assessment", "received", "still_waiting"]), "1 20 5 1");
    assert_eq!(all[0]["longest_days_still_waiting"], 69);
    // Five received, one rejected after 5 days: of four at risk one is seen on day 10 (3/4 left), one on day 30 (2/4), one on
    // day 40 (1/4); the fourth waits.
    assert_eq!(shown(&all[0], &["km_p50_days", "km_p90_days", "km_pc_within_18_weeks"]), "30 null 75.0");
    let months = rows(&app, &format!("{path}&every=month")).await;
    let by_month: Vec<_> = months.iter().map(|row| shown(row, &["time_period", "seen", "received"])).collect();
    assert_eq!(by_month, [r#""2025-01" 2 5"#, r#""2025-02" 1 0"#]);
    let before = rows(&app, &format!("{path}&as_at=2025-01-20")).await;
    assert_eq!(shown(&before[0], &["seen", "still_waiting", "km_p50_days"]), "1 3 null", "what happened later has not");
}

#[actix_web::test]
async fn flow_counts_what_happened_and_its_net_is_the_change_of_the_list() {
    let app = therapy().await;
    let weeks = rows(&app, "/v1/stats/flow?authority=301&group_by=authority&from=2025-01-01&to=2025-03-11&every=month&discipline=speech_and_language_therapy,occupational_therapy").await;
    let shown: Vec<_> = weeks
        .iter()
        .map(|row| {
            shown(row, &["time_period", "discipline", "received", "seen", "rejected", "withdrawn", "discharged", "net"])
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#""2025-01" "speech_and_language_therapy" 5 2 1 0 0 2"#,
            r#""2025-01" "occupational_therapy" 1 0 0 0 0 1"#,
            r#""2025-02" "speech_and_language_therapy" 0 1 0 0 1 -1"#,
            r#""2025-03" "occupational_therapy" 0 0 0 1 0 -1"#,
        ]
    );
}

#[actix_web::test]
async fn any_one_or_two_dimensions_tell_the_list_apart_and_filters_narrow_it() {
    for app in TestApp::each("2025-01-15") {
        import(&app, "children", CHILDREN).await;
        let waiting = "external_id,child_ref,discipline,received_on,provider_ref,priority\n\
            R-1,K-1,speech_and_language_therapy,2025-01-01,RAT,urgent\nR-2,K-2,speech_and_language_therapy,2025-01-01,RAT,\n\
            R-3,K-3,physiotherapy,2025-01-01,RBT,routine\nR-4,K-4,physiotherapy,2025-01-01,,\nR-5,K-9,physiotherapy,2025-01-01,,\n";
        import(&app, "referrals", waiting).await;
        let by = async |query: &str, columns: &[&str]| {
            let all = rows(&app, &format!("/v1/stats/waiting-list?authority=301&{query}")).await;
            let counted = all.iter().filter(|row| row["waiting"] != 0);
            counted.map(|row| shown(row, columns)).collect::<Vec<_>>()
        };
        // K-1 turned 4 in March 2024, K-4 in April; K-3 is 15, K-2 ten.
        assert_eq!(
            by("group_by=age_band", &["age_band", "waiting"]).await,
            [r#""under_5" 2"#, r#""5_to_10" 1"#, r#""11_to_15" 1"#, r#""not_recorded" 1"#]
        );
        assert_eq!(
            by("group_by=primary_need,sex", &["primary_need", "sex", "waiting"]).await,
            [r#""SLCN" "female" 1"#, r#""SLCN" "male" 1"#, r#""ASD" "male" 1"#, r#""not_recorded" "not_recorded" 2"#]
        );
        assert_eq!(
            by("group_by=provider_ref", &["provider_ref", "waiting"]).await,
            [r#""RAT" 2"#, r#""RBT" 1"#, r#""not_recorded" 2"#]
        );
        assert_eq!(
            by("sen_status=ehc_plan,sen_support", &["discipline", "waiting"]).await,
            [r#""speech_and_language_therapy" 2"#]
        );
        assert_eq!(by("provider_ref=RBT", &["discipline", "waiting"]).await, [r#""physiotherapy" 1"#]);
        assert_eq!(by("provider_ref=NOBODY", &["discipline", "waiting"]).await, [""; 0]);
        assert_eq!(by("priority=not_recorded&group_by=england", &["waiting"]).await, ["1", "2"]);
        for (query, fault) in [
            ("group_by=shoe_size", "/group_by not_allowed"),
            ("sex=robot", "/sex not_allowed"),
            ("group_by=sex,age_band,discipline", "/group_by too_many"),
            ("advice_type=medical", "/advice_type unknown_parameter"),
        ] {
            let answer = app.get(&format!("/v1/stats/waiting-list?{query}")).await;
            assert_eq!(answer.faults(), [fault], "{query}");
        }
        // A birthday changes the band, not the record.
        let later = rows(&app, "/v1/stats/waiting-list?authority=301&group_by=age_band&as_at=2025-03-01").await;
        assert_eq!(later.iter().find(|row| row["age_band"] == "under_5").unwrap()["waiting"], 1);
        let corrected = json!({ "authority": "301", "child_ref": "K-9", "birth_month": "2022-01" });
        assert!(app.put("/v1/children/by-external-id/import/K-9", &corrected).await.status.is_success());
        assert_eq!(
            by("group_by=age_band", &["age_band", "waiting"]).await[0],
            r#""under_5" 3"#,
            "what is learnt later counts"
        );
    }
}

const REQUESTS: &str = "external_id,child_ref,received_on,decision,decision_on,outcome,outcome_on,draft_served_on,final_sent_on,withdrawn_on\n\
    E-1,K-1,2024-09-02,assess,2024-10-10,plan,2025-01-06,2025-01-06,2025-02-03,\n\
    E-2,K-2,2024-09-02,assess,2024-10-14,plan,2024-12-20,2024-12-20,2025-01-20,\n\
    E-3,K-3,2024-09-09,do_not_assess,2024-10-21,,,,,\n\
    E-4,K-4,2024-09-09,assess,2024-10-21,,,,,\n\
    E-5,K-5,2025-01-06,,,,,,,2025-01-31\n";

const ADVICE: &str = "external_id,ehc_request_id,advice_type,sent_on,received_by_body_on,returned_on,sent_back_on,declined_on,provider_ref\n\
    A-1,E-1,speech_and_language_therapy,2024-10-10,2024-10-10,2024-12-30,,,RAT\n\
    A-2,E-1,educational_psychology,2024-10-10,2024-10-14,2024-11-25,2024-11-20,,\n\
    A-3,E-2,educational_psychology,2024-10-14,2024-10-14,2024-11-20,,,\n\
    A-4,E-4,speech_and_language_therapy,2024-10-21,2024-10-21,,,,RAT\n\
    A-5,E-4,medical,2024-10-21,2024-10-21,,,2024-11-01,\n";

async fn assessments() -> TestApp {
    let app = TestApp::sqlite("2025-03-03");
    import(&app, "children", CHILDREN).await;
    import(&app, "ehc-requests", REQUESTS).await;
    import(&app, "advice-requests", ADVICE).await;
    app
}

#[actix_web::test]
async fn what_comes_in_and_what_goes_out_is_counted_by_iso_week() {
    let app = assessments().await;
    let weeks = rows(&app, "/v1/stats/ehc-flow?authority=301&from=2024-09-02&to=2025-03-03&every=week").await;
    let shown: Vec<_> = weeks
        .iter()
        .map(|row| {
            shown(
                row,
                &[
                    "time_period",
                    "requests",
                    "decided_to_assess",
                    "refused_to_assess",
                    "plans_issued",
                    "withdrawn",
                    "net",
                ],
            )
        })
        .filter(|line| !line.ends_with("0 0 0 0 0 0"))
        .collect();
    assert_eq!(
        shown,
        [
            r#""2024-W36" 2 0 0 0 0 2"#,
            r#""2024-W37" 2 0 0 0 0 2"#,
            r#""2024-W41" 0 1 0 0 0 0"#,
            r#""2024-W42" 0 1 0 0 0 0"#,
            r#""2024-W43" 0 1 1 0 0 -1"#,
            r#""2025-W02" 1 0 0 0 0 1"#,
            r#""2025-W04" 0 0 0 1 0 -1"#,
            r#""2025-W05" 0 0 0 0 1 -1"#,
            r#""2025-W06" 0 0 0 1 0 -1"#,
        ]
    );
}

#[actix_web::test]
async fn timeliness_has_three_sides() {
    let app = assessments().await;
    let whole = rows(&app, "/v1/stats/ehc-three-views?authority=301&from=2024-09-01&to=2025-03-03").await;
    // Issued after 154 days (late by 14) and on day 140. Received: one more open since 175 days, due on 27 January.
    let columns = [
        "issued",
        "issued_within_20_weeks",
        "pc_issued_within_20_weeks",
        "received",
        "received_ended_otherwise",
        "received_open",
        "km_pc_within_20_weeks",
        "km_p50_days",
        "open",
        "open_longest_days",
        "overdue",
        "deadline_debt_days",
    ];
    assert_eq!(shown(&whole[0], &columns), "2 1 50.0 3 2 1 33.3 154 1 175 1 35");
    let stages =
        rows(&app, "/v1/stats/ehc-three-views?authority=301&group_by=stage&as_at=2024-11-30&from=2024-09-01").await;
    let open: Vec<_> = stages.iter().filter(|row| row["open"] != 0).map(|row| shown(row, &["stage", "open"])).collect();
    // E-2 has all its advice by then; E-1 and E-4 wait for theirs.
    assert_eq!(open, [r#""awaiting_advice" 2"#, r#""drafting" 1"#]);
    let months = rows(&app, "/v1/stats/ehc-three-views?authority=301&from=2024-12-01&to=2025-02-28&every=month").await;
    let backlog: Vec<_> = months.iter().map(|row| shown(row, &["time_period", "open", "overdue"])).collect();
    assert_eq!(backlog, [r#""2024-12" 3 0"#, r#""2025-01" 2 2"#, r#""2025-02" 1 1"#]);
}

#[actix_web::test]
async fn advice_is_counted_by_what_became_of_it_and_by_what_was_never_asked() {
    let app = assessments().await;
    let by_type = rows(&app, "/v1/stats/advice-timeliness?authority=301").await;
    let columns = [
        "advice_type",
        "requested",
        "returned",
        "outstanding",
        "outstanding_overdue",
        "sent_back",
        "declined",
        "within_six_weeks",
        "late",
        "pc_within_six_weeks",
        "mean_days",
    ];
    let shown_rows: Vec<_> =
        by_type.iter().filter(|row| row["requested"] != 0).map(|row| shown(row, &columns)).collect();
    assert_eq!(
        shown_rows,
        [
            r#""speech_and_language_therapy" 2 1 1 1 0 0 0 2 0.0 81.0"#,
            r#""educational_psychology" 2 2 0 0 1 0 2 0 100.0 39.5"#,
            r#""medical" 1 0 0 0 0 1 0 0 null null"#,
        ]
    );
    let by_provider = rows(&app, "/v1/stats/advice-timeliness?authority=301&group_by=provider_ref,sex").await;
    assert_eq!(shown(&by_provider[0], &["provider_ref", "sex", "requested"]), r#""RAT" "female" 1"#);
    let covered = rows(&app, "/v1/stats/advice-coverage?authority=301").await;
    let of = |kind: &str| {
        let row = covered.iter().find(|row| row["advice_type"] == kind).unwrap();
        shown(
            row,
            &["assessments", "asked", "never_asked", "plans_issued", "plans_without_advice", "plans_never_asked"],
        )
    };
    assert_eq!(of("speech_and_language_therapy"), "3 2 1 2 0 1");
    assert_eq!(of("occupational_therapy"), "3 0 3 2 0 2");
    let early = rows(&app, "/v1/stats/advice-coverage?authority=301&as_at=2024-10-12").await;
    assert_eq!(shown(&early[0], &["assessments", "asked", "plans_issued"]), "1 1 0");
}

#[actix_web::test]
async fn late_days_are_assigned_to_steps_and_sum_to_the_delay() {
    let app = assessments().await;
    for rule in ["shapley", "critical_path"] {
        let all = rows(&app, &format!("/v1/stats/delay-attribution?authority=301&rule={rule}")).await;
        // E-1 was issued 14 days late; E-4 is overdue by 35 days and waits for speech and language therapy.
        assert_eq!(shown(&all[0], &["late_cases", "late_days"]), "2 49");
        let parts: i64 = all.iter().map(|row| row["share_parts"].as_i64().unwrap()).sum();
        assert_eq!(parts, 49 * 360_360, "{rule}: the shares sum to the delay exactly");
        let slt = all.iter().find(|row| row["step"] == "advice_speech_and_language_therapy").unwrap();
        assert!(slt["share_days"].as_f64().unwrap() > 40.0, "{rule}: {slt}");
        assert_eq!(slt["cases_it_came_last"], 2);
    }
    let one = rows(&app, "/v1/ehc-plan-delays/ehc_301_5/attribution").await;
    assert!(one.iter().all(|row| row["late_days"] == 14), "{one:?}");
    assert_eq!(app.get("/v1/ehc-plan-delays/ehc_301_6/attribution").await.status, 404, "E-2 was in time");
    let wrong = app.get("/v1/stats/delay-attribution?decision_days=42&advice_days=42").await;
    assert_eq!(wrong.faults(), ["/decision_days wrong_sum"]);
    let other = "/v1/stats/delay-attribution?authority=301&decision_days=42&asking_days=7&advice_days=42&drafting_days=21&consultation_days=28";
    assert_eq!(rows(&app, other).await[0]["late_days"], 49);
}

#[actix_web::test]
async fn a_question_with_more_cells_than_anybody_reads_is_refused_before_it_is_measured() {
    let app = TestApp::sqlite("2025-03-31");
    for (path, fault) in [
        ("flow?group_by=provider_ref,primary_need&every=day&from=1990-01-01&to=2099-12-31", "/group_by too_many"),
        ("waiting-times?group_by=authority,primary_need&every=day", "/group_by too_many"),
        (
            "clock-timeliness?clock=final_plan&group_by=authority&every=day&from=1990-01-01&to=2099-12-31",
            "/group_by too_many",
        ),
        ("waiting-list?group_by=sex,sex", "/group_by repeated"),
        ("waiting-list?group_by=england,authority", "/group_by contradiction"),
        ("ehc-three-views?group_by=stage&every=month", "/group_by contradiction"),
    ] {
        let answer = app.get(&format!("/v1/stats/{path}")).await;
        assert_eq!((answer.status.as_u16(), answer.faults()), (400, vec![fault.to_owned()]), "{path}");
    }
}

#[actix_web::test]
async fn an_order_ends_a_request_in_every_view_and_what_has_not_come_has_no_backlog() {
    let app = TestApp::sqlite("2025-07-01");
    import(&app, "ehc-requests", "external_id,child_ref,received_on,decision,decision_on,final_sent_on\nE-1,K-1,2025-01-06,assess,2025-02-10,2025-06-02\n").await;
    import(&app, "orders", "external_id,source,kind,made_on,ehc_request_id\nO-1,tribunal,make_plan,2025-03-03,E-1\n")
        .await;
    for as_at in ["2025-04-01", "2025-07-01"] {
        let path = format!("/v1/stats/ehc-three-views?authority=301&from=2025-01-01&to=2025-12-31&as_at={as_at}");
        let view = &rows(&app, &path).await[0];
        assert_eq!(shown(view, &["received", "received_ended_otherwise", "open"]), "0 1 0", "as at {as_at}");
    }
    let months = "/v1/stats/ehc-flow?authority=301&from=2025-01-01&to=2025-06-30&every=month";
    let net: Vec<_> = rows(&app, months).await.iter().map(|row| row["net"].as_i64().unwrap()).collect();
    assert_eq!(net, [1, 0, -1, 0, 0, 0], "as the number of open requests changed");
    let ahead = "/v1/stats/ehc-three-views?authority=301&from=2025-01-01&to=2025-12-31&every=month&as_at=2025-02-10";
    let open: Vec<_> = rows(&app, ahead).await.iter().map(|row| row["open"].as_u64().unwrap()).collect();
    assert_eq!(open[..3], [1, 1, 0], "nobody knows what will be open at the end of March: {open:?}");
}
