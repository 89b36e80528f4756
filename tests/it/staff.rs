//! Rows of staff: what stands, what is refused with every fault, and what does not fit the rows beside it.

use serde_json::{Value, json};

use super::imports::{counts, receipts};
use super::support::{Answer, TestApp};

const POSTS: &str = "post_ref,discipline,band,funded_wte,starts_on,ends_on
P-1,physiotherapy,6,2.00,2024-04-01,
P-2,physiotherapy,7,0.80,2024-04-01,2026-03-31
";

async fn import(app: &TestApp, noun: &str, file: &str) -> Answer {
    app.csv(&format!("/v1/imports?authority=301&type={noun}&source_system=rota"), file.to_owned()).await
}

async fn with_posts(app: &TestApp) {
    assert_eq!(counts(&import(app, "posts", POSTS).await), [2, 0, 0, 0]);
}

/// What each row was answered: the outcome, or the field and the code of the first fault.
async fn outcomes(app: &TestApp, answer: &Answer) -> Vec<String> {
    let told = |row: Value| match row["errors"].as_array().and_then(|errors| errors.first()) {
        Some(fault) => format!("{} {}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()),
        None => row["outcome"].as_str().unwrap().to_owned(),
    };
    receipts(app, answer).await.into_iter().map(told).collect()
}

#[actix_web::test]
async fn numbers_are_numbers_on_the_wire_and_exact_in_the_memory() {
    for app in TestApp::each("2025-03-31") {
        with_posts(&app).await;
        let row = app.get("/v1/posts?post_ref=P-2").await.json()["data"][0].clone();
        assert_eq!((&row["funded_wte"], &row["band"]), (&json!(0.8), &json!("7")), "{}", app.database.name);
        let again = import(&app, "posts", &POSTS.replace("2.00", "2").replace("0.80", "0.8")).await;
        assert_eq!(counts(&again), [0, 0, 2, 0]);
        let wrong = app
            .post(
                "/v1/posts",
                &json!({ "authority": "301", "post_ref": "P-3", "discipline": "physiotherapy", "band": "6a", "funded_wte": 1.005, "starts_on": "2025-02-30" }),
            )
            .await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.faults(), ["/band not_allowed", "/funded_wte not_a_number", "/starts_on not_a_date"]);
        assert!(wrong.text.contains("must be a number with at most 2 digits after the point, from 0.01 to 999.99"));
    }
}

#[actix_web::test]
async fn a_worker_is_one_whole_person_at_most_and_a_day_has_1440_minutes() {
    for app in TestApp::each("2025-03-31") {
        with_posts(&app).await;
        let header = "external_id,post_ref,worker_ref,wte,engagement,starts_on,ends_on,monday_minutes";
        let answer = import(
            &app,
            "post-holdings",
            &format!(
                "{header}
H-1,P-1,W-1,0.6,permanent,2024-04-01,2025-05-31,800
H-2,P-2,W-1,0.5,permanent,2025-04-01,,400
H-3,P-2,W-1,0.5,permanent,2025-06-01,,400
H-4,P-2,W-1,0.4,permanent,2024-09-01,2025-05-31,700
H-5,P-9,W-2,0.4,permanent,2024-09-01,,
H-6,P-1,Anna Smith,1.4,on loan,2024-09-01,2024-01-01,1500
"
            ),
        )
        .await;
        assert_eq!(
            outcomes(&app, &answer).await,
            [
                "created",
                "wte too_much_for_one_worker",
                "created",
                "monday_minutes too_much_for_one_day",
                "post_ref not_found",
                "worker_ref name_refused"
            ],
            "{}",
            app.database.name
        );
        let rejected = app.get(answer.json()["rejected_rows"].as_str().unwrap()).await.text;
        assert!(rejected.contains("1.10 on 2025-04-01"), "{rejected}");
        assert!(!rejected.contains("Smith"), "a name of a worker is never kept");
        // The first holding ends earlier, and then there is room.
        let one = app.get("/v1/post-holdings?external_id=H-1").await.json()["data"][0].clone();
        let path = format!("/v1/post-holdings/{}", one["id"].as_str().unwrap());
        let version = format!("\"{}\"", one["version"]);
        let longer = app.patch(&path, &version, &json!({ "ends_on": "2025-06-30" })).await;
        assert_eq!(longer.faults(), ["/wte too_much_for_one_worker"], "{}", longer.text);
        let shorter = app.patch(&path, &version, &json!({ "ends_on": "2025-03-31" })).await;
        assert_eq!(shorter.status, 200, "{}", shorter.text);
        let answer =
            import(&app, "post-holdings", &format!("{header}\nH-2,P-2,W-1,0.5,permanent,2025-04-01,2025-05-31,400\n"))
                .await;
        assert_eq!(outcomes(&app, &answer).await, ["created"]);
    }
}

#[actix_web::test]
async fn an_absence_is_of_a_worker_who_is_known() {
    let app = TestApp::sqlite("2025-03-31");
    with_posts(&app).await;
    let holding = "external_id,post_ref,worker_ref,wte,engagement,starts_on\nH-1,P-1,W-1,1,permanent,2024-04-01\n";
    import(&app, "post-holdings", holding).await;
    let answer = import(
        &app,
        "absences",
        "external_id,worker_ref,kind,starts_on,ends_on
A-1,W-1,maternity,2025-04-01,
A-2,W-7,sickness,2025-04-01,
A-3,W-1,booked_leave,2025-04-01,
A-4,W-1,study,2025-04-02,2025-04-01
",
    )
    .await;
    assert_eq!(
        outcomes(&app, &answer).await,
        ["created", "worker_ref not_found", "ends_on required", "ends_on out_of_order"]
    );
}

#[actix_web::test]
async fn rules_of_capacity_fit_each_other() {
    let app = TestApp::sqlite("2025-03-31");
    let answer = import(
        &app,
        "capacity-rules",
        "external_id,discipline,setting,appointment_type,week,value,starts_on,ends_on
1,physiotherapy,appointment_minutes,first_contact,,0,2024-04-01,
2,physiotherapy,appointment_minutes,first_contact,,110,2024-04-01,2025-03-31
3,physiotherapy,appointment_minutes,first_contact,,100,2025-03-31,
4,physiotherapy,appointment_minutes,first_contact,,100,2025-04-01,
5,physiotherapy,job_plan_share,first_contact,,0.7,2024-04-01,
6,physiotherapy,job_plan_share,ehc_advice,,0.4,2024-04-01,
7,physiotherapy,job_plan_share,ehc_advice,,0.3,2024-04-01,
8,physiotherapy,job_plan_share,follow_up,,0.1,2024-04-01,
9,physiotherapy,ramp_experienced,,0,0.3,2024-04-01,
10,physiotherapy,ramp_experienced,,8,0.2,2024-04-01,
11,physiotherapy,ramp_experienced,,8,1,2024-04-01,
12,physiotherapy,sickness_rate,first_contact,,1.2,2024-04-01,
13,physiotherapy,non_clinical_share,,,30,2024-04-01,
14,occupational_therapy,job_plan_share,first_contact,,1,2024-04-01,
",
    )
    .await;
    assert_eq!(
        outcomes(&app, &answer).await,
        [
            "value number_out_of_range",
            "created",
            "starts_on overlaps",
            "created",
            "created",
            "value shares_over_one",
            "created",
            "appointment_type contradiction",
            "created",
            "value ramp_goes_down",
            "created",
            "appointment_type contradiction",
            "value number_out_of_range",
            "created"
        ]
    );
}
