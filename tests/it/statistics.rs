//! Statistics from facts: DfE's bands and exclusions, the NHS's bands, and the same counts after every write.

use serde_json::{Value, json};

use super::support::TestApp;

const URL: &str = "/v1/imports?type=ehc-requests&authority=301";

async fn timeliness(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/v1/stats/ehc-timeliness?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn plans_are_counted_as_dfe_counts_them() {
    for app in TestApp::each("2025-03-31") {
        let file = "external_id,child_ref,received_on,final_sent_on,assessment_tribunal\n\
            E-1,KID-1,2024-01-01,2024-05-20,\n\
            E-2,KID-2,2024-01-01,2024-05-21,\n\
            E-3,KID-3,2024-01-01,2024-12-30,\n\
            E-4,KID-4,2024-01-01,2024-12-31,\n\
            E-5,KID-5,2024-01-01,2024-03-01,yes\n\
            E-6,KID-6,,2024-06-01,\n";
        assert_eq!(app.csv(URL, file).await.json()["created"], 6);
        let rows = timeliness(&app, "group_by=authority&issued_from=2024-01-01&issued_to=2024-12-31").await;
        assert_eq!(rows.len(), 1);
        let row = &rows[0];
        let count = |name: &str| row[name].as_u64().unwrap();
        // 140 days, 141, 364, 365; a contested case is outside; a plan without a start is in the denominator only.
        assert_eq!(count("plans_issued_den"), 5);
        assert_eq!(count("plans_issued_within_20_weeks"), 1);
        assert_eq!(count("plans_issued_gt20weeks_ltYear"), 2);
        assert_eq!(count("plans_issued_gt_1_year"), 1);
        assert_eq!(row["pc_plans_issued_gt20weeks_ltYear"], json!(40.0));
        let exception = json!({ "authority": "301", "source_system": "import", "external_id": "X-1", "ehc_request_id": "E-2",
            "ground": "exceptional_personal_circumstances", "starts_on": "2024-02-01", "ends_on": "2024-02-10" });
        assert_eq!(app.post("/v1/timescale-exceptions", &exception).await.status, 201);
        let row = &timeliness(&app, "group_by=england").await[0];
        assert_eq!(
            (row["plans_issued_den"].as_u64(), row["plans_issued_den_ex"].as_u64()),
            (Some(5), Some(4)),
            "the book follows the ledger"
        );
        assert_eq!(row["plans_issued_gt20weeks_ltYear_ex"], 1);
        let before = &timeliness(&app, "group_by=england&as_at=2024-06-30").await[0];
        assert_eq!(before["plans_issued_den"], 3, "what happened later has not happened");
        let months = timeliness(&app, "group_by=month&issued_from=2024-05-01&issued_to=2024-06-30").await;
        let shown: Vec<_> = months
            .iter()
            .map(|row| (row["time_period"].to_string(), row["plans_issued_den"].as_u64().unwrap()))
            .collect();
        assert_eq!(shown, [("\"2024-05\"".to_owned(), 2), ("\"2024-06\"".to_owned(), 1)]);
    }
}

#[actix_web::test]
async fn a_plan_without_others_has_no_percentage() {
    let app = TestApp::sqlite("2025-03-31");
    app.csv(URL, "external_id,child_ref,received_on\nE-1,KID-1,2025-01-01\n").await;
    let row = &timeliness(&app, "").await[0];
    assert_eq!(row["plans_issued_den"], 0);
    assert_eq!(row["pc_plans_issued_within_20_weeks"], Value::Null, "null, never zero");
}

#[actix_web::test]
async fn waits_fall_into_the_seven_bands() {
    for app in TestApp::each("2026-01-01") {
        let days = [0, 7, 8, 14, 15, 28, 29, 84, 85, 126, 127, 364, 365, 400];
        let mut file = "external_id,child_ref,discipline,received_on\n".to_owned();
        file.extend(days.map(|day| {
            let received = super::support::date("2026-01-01") - chrono::Days::new(day);
            format!("R-{day},KID-{day},physiotherapy,{received}\n")
        }));
        app.csv("/v1/imports?type=referrals&authority=301", file).await;
        let answer = app.get("/v1/stats/waiting-list?discipline=physiotherapy").await.json();
        let row = &answer["data"][0];
        for band in ["0_1", "1_2", "2_4", "4_12", "12_18", "18_52"] {
            assert_eq!(row[format!("waiting_{band}_weeks")], 2, "{band}");
        }
        assert_eq!((row["waiting_over_52_weeks"].as_u64(), row["waiting"].as_u64()), (Some(2), Some(14)));
        assert_eq!(
            (row["longest_wait_days"].as_u64(), row["longest_wait_received_on"].as_str()),
            (Some(400), Some("2024-11-27"))
        );
        let csv = app.get("/v1/stats/waiting-list?format=csv&group_by=authority").await;
        assert!(csv.text.starts_with("as_at,time_period,geographic_level,"));
        assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"waiting-list_2026-01-01.csv\""));
    }
}

#[actix_web::test]
async fn a_range_counts_what_its_months_count() {
    for app in TestApp::each("2025-03-31") {
        // Every tenth case has no start, every seventh was contested, every fifth has an exception.
        let case = |case: u64| {
            let received = super::support::date("2023-01-01") + chrono::Days::new(case * 37 % 300);
            let sent = received + chrono::Days::new(case * 53 % 500);
            let received = if case.is_multiple_of(10) { String::new() } else { received.to_string() };
            let tribunal = if case.is_multiple_of(7) { "yes" } else { "" };
            format!("E-{case},KID-{case},{received},{sent},{tribunal}\n")
        };
        let exception = |case| format!("X-{case},E-{case},exceptional_personal_circumstances,2023-06-01\n");
        let mut cases = "external_id,child_ref,received_on,final_sent_on,request_tribunal\n".to_owned();
        cases.extend((0..500).map(case));
        let mut exceptions = "external_id,ehc_request_id,ground,starts_on\n".to_owned();
        exceptions.extend((0..500).step_by(5).map(exception));
        assert_eq!(app.csv(URL, cases).await.json()["created"], 500);
        let answer = app.csv("/v1/imports?type=timescale-exceptions&authority=301", exceptions).await;
        assert_eq!(answer.json()["created"], 100, "{}", answer.text);
        let range = "issued_from=2023-02-10&issued_to=2024-02-20&as_at=2024-02-15";
        let (whole, months) =
            (timeliness(&app, range).await, timeliness(&app, &format!("{range}&group_by=month")).await);
        assert_eq!((whole.len(), months.len()), (1, 13));
        let counts = whole[0].as_object().unwrap().iter().filter(|(name, _)| name.starts_with("plans_issued"));
        for (name, count) in counts {
            let sum: u64 = months.iter().map(|month| month[name].as_u64().unwrap()).sum();
            assert!(count.as_u64() == Some(sum) && sum > 0, "{name}: {count}, and {sum} in its months");
        }
    }
}

#[actix_web::test]
async fn delays_name_the_advice_a_late_case_waits_for() {
    for app in TestApp::each("2025-03-31") {
        let file = "external_id,child_ref,received_on,final_sent_on\nE-1,KID-1,2024-09-01,\nE-2,KID-2,2025-03-01,\nE-3,KID-3,2024-01-01,2024-06-30\nE-4,KID-4,2024-01-01,2024-03-01\n";
        app.csv(URL, file).await;
        let advice = "external_id,ehc_request_id,advice_type,sent_on,received_by_body_on,returned_on\n\
            A-1,E-1,occupational_therapy,2024-10-20,2024-10-21,\nA-2,E-1,medical,2024-10-20,2024-10-21,2024-11-30\n";
        let answer = app.csv("/v1/imports?type=advice-requests&authority=301", advice).await;
        assert_eq!(answer.json()["created"], 2, "{}", answer.text);
        let body = app.get("/v1/ehc-plan-delays?authority=301").await.json();
        let shown: Vec<_> = body["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                format!("{} {} {} {}", row["ehc_request_id"], row["state"], row["days_over"], row["outstanding_advice"])
            })
            .collect();
        assert_eq!(
            shown,
            [
                r#""ehc_301_6" "issued_late" 41 []"#,
                r#""ehc_301_2" "overdue" 71 ["occupational_therapy"]"#,
                r#""ehc_301_4" "open" 0 []"#,
            ]
        );
        let one = app.get("/v1/ehc-plan-delays/ehc_301_2").await.json();
        assert_eq!(one["data"], json!([body["data"][1]]));
        let in_time = app.get("/v1/ehc-plan-delays/ehc_301_8").await;
        assert_eq!((in_time.status.as_u16(), &in_time.json()["code"]), (404, &json!("not_found")));
        let before = app.get("/v1/ehc-plan-delays/ehc_301_6?as_at=2024-05-20").await.json();
        assert_eq!(before["data"][0]["state"], "open", "as at the last day in time");
        let summary = app.get("/v1/ehc-plan-delays/summary?group_by=authority,outstanding_advice").await.json();
        let rows = summary["data"].as_array().unwrap();
        let ot = rows.iter().find(|row| row["outstanding_advice"] == "occupational_therapy").unwrap();
        assert_eq!((ot["overdue"].as_u64(), ot["days_over_total"].as_u64()), (Some(1), Some(71)));
    }
}

#[actix_web::test]
async fn an_authority_is_set_beside_what_dfe_has_published() {
    let app = TestApp::sqlite("2025-03-31");
    app.csv(URL, "external_id,child_ref,received_on,final_sent_on\nE-1,KID-1,2024-01-01,2024-05-20\n").await;
    let path =
        "authority=301&issued_from=2024-01-01&issued_to=2024-12-31&compare=region,england,neighbours&neighbours=302";
    let rows = timeliness(&app, path).await;
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            let name = row["la_name"].as_str().or(row["region_name"].as_str()).unwrap_or("England");
            format!("{} {name} {}", row["figures_of"].as_str().unwrap(), row["PC_plans_issued_20_weeks_ex"])
        })
        .collect();
    assert_eq!(
        shown,
        [
            "records Barking and Dagenham 100.0",
            "published England 46.4",
            "published London 66.9",
            "published Barking and Dagenham 27.7",
            "published_neighbour Barnet 100.0"
        ]
    );
    let path = "/v1/stats/annual-reviews?authority=301&compare=england,neighbours&neighbours=919";
    let reviews = app.get(path).await.json();
    let published = |name: &str| reviews["data"].as_array().unwrap().iter().find(|row| row["la_name"] == name);
    let of =
        |row: &Value| ["total_ehc_plans", "total_review_meeting", "pc_decsion_4weeks"].map(|name| row[name].clone());
    let england = reviews["data"].as_array().unwrap().iter().find(|row| row["geographic_level"] == "National");
    assert_eq!(of(england.unwrap()), [json!(638_745), json!(453_761), json!(44.4)]);
    // DfE prints x.
    assert_eq!(of(published("Hertfordshire").unwrap()), [json!(12_920), Value::Null, Value::Null]);
    let decisions = timeliness(&app, "authority=301&stage=decision_to_assess&compare=england").await;
    let england = decisions.iter().find(|row| row["geographic_level"] == "National").unwrap();
    assert_eq!(england["request_outcome_six_weeks_pc"], 84.8);
    for (query, fault) in [
        ("compare=england", "/authority required"),
        ("authority=301&compare=neighbours", "/neighbours required"),
        ("authority=301&compare=mars", "/compare not_allowed"),
    ] {
        assert_eq!(app.get(&format!("/v1/stats/ehc-timeliness?{query}")).await.faults(), [fault]);
    }
}

#[actix_web::test]
async fn an_estimate_exactly_between_two_tenths_is_rounded_up_like_every_other_percentage() {
    let app = TestApp::sqlite("2025-03-31");
    let seen = |number: i32| if number == 0 { "2025-01-10" } else { "" };
    let row = |number| format!("R-{number},KID-{number},physiotherapy,2025-01-06,{}\n", seen(number));
    let rows = (0..80).map(row).collect::<Vec<_>>().concat();
    let file = format!("external_id,child_ref,discipline,received_on,first_contact_on\n{rows}");
    assert_eq!(app.csv("/v1/imports?type=referrals&authority=301", file).await.json()["created"], 80);
    let times = app.get("/v1/stats/waiting-times?authority=301&discipline=physiotherapy").await.json();
    let row = &times["data"][0];
    assert_eq!(row["received"], 80);
    assert_eq!(row["km_pc_within_18_weeks"], json!(1.3), "1 of 80 is 1.25%: 1 - 79/80 falls short of it in binary");
}

#[actix_web::test]
async fn absence_excuses_no_plan_of_a_detained_person_whenever_the_request_came() {
    let app = TestApp::sqlite("2025-03-31");
    let file = "external_id,child_ref,received_on,final_sent_on,detained\n\
        E-1,KID-1,,2024-06-01,true\nE-2,KID-2,2024-01-01,2024-06-01,true\nE-3,KID-3,,2024-06-01,\n";
    assert_eq!(app.csv(URL, file).await.json()["created"], 3);
    let absent = "external_id,ehc_request_id,ground,starts_on,ends_on\nX-1,E-1,absent_from_area,2024-02-01,2024-03-31\n\
        X-2,E-2,absent_from_area,2024-02-01,2024-03-31\nX-3,E-3,absent_from_area,2024-02-01,2024-03-31\n";
    let answer = app.csv("/v1/imports?type=timescale-exceptions&authority=301", absent).await;
    assert_eq!(answer.json()["created"], 3);
    let row = &timeliness(&app, "group_by=authority").await[0];
    let plans = (row["plans_issued_den"].as_u64(), row["plans_issued_den_ex"].as_u64());
    assert_eq!(plans, (Some(3), Some(2)), "SI 2015/62 leaves absence out, and only the third is excused");
}
