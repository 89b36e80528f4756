//! The two axes of time: any day a question is about, and any instant whose knowledge it is answered from.

use serde_json::{Value, json};
use twentyweeks::app::Clock;

use super::support::{TestApp, date};

async fn import(app: &TestApp, noun: &str, file: &str) {
    let answer = app.csv(&format!("/v1/imports?type={noun}&authority=301"), file).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["rejected"]), (201, &json!(0)), "{}", answer.text);
}

/// Referrals of January and February, one a day, the later ones still waiting.
fn referrals(from: usize, count: usize, first_contact: &str) -> String {
    let rows = (from..from + count).map(|number| {
        let (month, day) = (number / 28 % 2 + 1, number % 28 + 1);
        format!("R-{number},KID-{number},speech_and_language_therapy,2025-{month:02}-{day:02},{first_contact}\n")
    });
    ["external_id,child_ref,discipline,received_on,first_contact_on\n".to_owned()].into_iter().chain(rows).collect()
}

const QUESTIONS: [&str; 5] = [
    "/v1/stats/waiting-list?group_by=authority&from=2025-01-01&to=2025-02-28&every=week",
    "/v1/stats/ehc-timeliness?group_by=authority&as_at=2025-02-28",
    "/v1/stats/clock-timeliness?clock=final_plan&group_by=authority&every=month&to=2025-12-31&as_at=2025-02-28",
    "/v1/ehc-plan-delays/summary?group_by=authority&as_at=2025-02-28&format=csv",
    "/v1/ehc-plan-delays?authority=301&as_at=2025-02-28",
];

#[actix_web::test]
async fn what_was_known_at_an_instant_is_answered_with_the_same_bytes_after_ten_thousand_later_writes() {
    let mut shown: Vec<Vec<(String, Option<String>)>> = Vec::new();
    for mut app in TestApp::each("2025-03-03") {
        import(&app, "referrals", &referrals(0, 56, "")).await;
        let requests = "external_id,child_ref,received_on\nE-1,KID-1,2024-09-02\nE-2,KID-2,2024-10-07\n";
        import(&app, "ehc-requests", requests).await;
        let ask = async |app: &TestApp| {
            let mut answers = Vec::new();
            for question in QUESTIONS {
                let answer = app.get(&format!("{question}&known_at=2025-03-03T12:00:00Z")).await;
                assert_eq!(answer.status, 200, "{question}: {}", answer.text);
                answers.push((answer.text.clone(), answer.header("etag").map(str::to_owned)));
            }
            answers
        };
        let clock = Clock::still(date("2025-03-31"));
        app.app = app.app.at(clock.at("2025-03-04T00:00:00Z".parse().unwrap()));
        let before = ask(&app).await;
        app.app = app.app.at(clock);
        import(&app, "referrals", &referrals(56, 5_000, "")).await;
        import(&app, "referrals", &referrals(0, 5_000, "2025-03-01")).await;
        import(
            &app,
            "ehc-requests",
            "external_id,child_ref,received_on,withdrawn_on\nE-1,KID-1,2024-09-02,2025-01-05\n",
        )
        .await;
        assert_eq!(ask(&app).await, before, "on {}", app.database.name);
        let now = app.get(QUESTIONS[0]).await;
        assert_ne!(now.json()["data"], serde_json::from_str::<Value>(&before[0].0).unwrap()["data"]);
        let past = ["2025-01-01T00:00:00Z", "2024-12-31T23:59:59%2B01:00"];
        for instant in past {
            let empty = app.get(&format!("{}&known_at={instant}", QUESTIONS[0])).await.json();
            assert_eq!(empty["data"], json!([]), "nothing was known then");
        }
        let ahead = app.get("/v1/stats/waiting-list?known_at=2025-04-01T00:00:00Z").await;
        assert_eq!(ahead.faults(), ["/known_at in_the_future"]);
        assert_eq!(app.get("/v1/stats/waiting-list?known_at=yesterday").await.faults(), ["/known_at not_an_instant"]);
        shown.push(before);
    }
    assert!(shown.windows(2).all(|pair| pair[0] == pair[1]), "both engines answer with the same bytes");
}

#[actix_web::test]
async fn a_year_of_weeks_is_one_call_and_the_bands_always_sum_to_the_total() {
    let app = TestApp::sqlite("2025-12-31");
    import(&app, "referrals", &referrals(0, 300, "")).await;
    import(&app, "referrals", &referrals(300, 300, "2025-07-01")).await;
    let weeks = app.get("/v1/stats/waiting-list?authority=301&from=2025-01-08&to=2025-12-31&every=week").await.json();
    let slt: Vec<_> = weeks["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["discipline"] == "speech_and_language_therapy")
        .collect();
    assert_eq!(slt.len(), 52);
    assert_eq!((&slt[0]["as_at"], &slt[51]["as_at"]), (&json!("2025-01-08"), &json!("2025-12-31")));
    assert_eq!(weeks["meta"]["as_at_dates"].as_array().unwrap().len(), 52);
    let mut totals = Vec::new();
    for row in slt {
        let bands = ["0_1", "1_2", "2_4", "4_12", "12_18", "18_52"].map(|band| format!("waiting_{band}_weeks"));
        let bands = bands.iter().map(|name| row[name].as_u64().unwrap()).sum::<u64>();
        let total = row["waiting"].as_u64().unwrap();
        assert_eq!(bands + row["waiting_over_52_weeks"].as_u64().unwrap(), total, "{row}");
        totals.push(total);
    }
    assert_eq!((totals.iter().max(), totals[51]), (Some(&600), 300));
    let ends = app.get("/v1/stats/waiting-list?authority=301&from=2025-01-01&to=2025-04-30&every=month").await.json();
    assert_eq!(ends["meta"]["as_at_dates"], json!(["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]));
    let two = app.get("/v1/stats/waiting-list?authority=301&as_at=2025-03-01,2025-01-15").await.json();
    assert_eq!(two["meta"]["as_at_dates"], json!(["2025-01-15", "2025-03-01"]), "in the order of the days");
}

#[actix_web::test]
async fn periods_of_every_length_have_their_rows_and_add_up() {
    let app = TestApp::sqlite("2025-12-31");
    let requests = "external_id,child_ref,received_on,final_sent_on\nE-1,K-1,2024-06-03,2024-12-30\nE-2,K-2,2024-06-03,2025-01-02\nE-3,K-3,2024-06-03,2025-02-20\n";
    import(&app, "ehc-requests", requests).await;
    for (every, wanted) in [
        ("day", vec!["2024-12-30 1", "2025-01-02 1", "2025-02-20 1"]),
        ("week", vec!["2025-W01 2", "2025-W08 1"]),
        ("month", vec!["2024-12 1", "2025-01 1", "2025-02 1"]),
        ("quarter", vec!["2024-Q4 1", "2025-Q1 2"]),
        ("year", vec!["2024 1", "2025 2"]),
    ] {
        let path =
            format!("/v1/stats/ehc-timeliness?authority=301&issued_from=2024-12-30&issued_to=2025-02-20&every={every}");
        let body = app.get(&path).await.json();
        let rows = body["data"].as_array().unwrap().iter().filter(|row| row["plans_issued_den"] != 0);
        let shown: Vec<_> =
            rows.map(|row| format!("{} {}", row["time_period"].as_str().unwrap(), row["plans_issued_den"])).collect();
        assert_eq!(shown, wanted, "by {every}");
    }
}

#[actix_web::test]
async fn a_series_that_cannot_be_is_refused_with_what_is_needed() {
    let app = TestApp::sqlite("2025-12-31");
    for (query, fault) in [
        ("from=2025-01-01", "/every required"),
        ("every=week", "/from required"),
        ("every=week&from=2025-02-01&to=2025-01-01", "/to out_of_order"),
        ("every=day&from=2020-01-01", "/from too_many"),
        ("every=week&from=2025-02-01&as_at=2025-02-01", "/as_at contradiction"),
        ("every=fortnight&from=2025-02-01", "/every not_allowed"),
        ("as_at=2025-02-30", "/as_at not_a_date"),
    ] {
        assert_eq!(app.get(&format!("/v1/stats/waiting-list?{query}")).await.faults(), [fault], "{query}");
    }
    let two = app.get("/v1/stats/ehc-timeliness?group_by=month&every=week").await;
    assert_eq!(two.faults(), ["/every contradiction"]);
}

#[actix_web::test]
async fn an_answer_that_is_known_is_not_sent_again_until_a_ledger_moves() {
    for app in TestApp::each("2025-03-31") {
        import(&app, "referrals", &referrals(0, 3, "")).await;
        let path = "/v1/stats/waiting-list?authority=301";
        let tag = app.get(path).await.header("etag").unwrap().to_owned();
        let again = app.get_with(path, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        let csv = app.get_with(&format!("{path}&format=csv"), &[("if-none-match", &tag)]).await;
        assert_eq!(csv.status, 200, "another representation has another tag");
        import(&app, "referrals", &referrals(3, 1, "")).await;
        assert_eq!(app.get_with(path, &[("if-none-match", &tag)]).await.status, 200);
    }
}

#[actix_web::test]
async fn revisions_of_a_past_figure_say_why_and_sum_to_the_difference() {
    for mut app in TestApp::each("2025-03-03") {
        let clock = Clock::still(date("2025-03-31"));
        import(&app, "referrals", &referrals(0, 20, "")).await;
        app.app = app.app.at(clock.at("2025-03-10T09:00:00Z".parse().unwrap()));
        // Five more that were received in January, and four of the known ones had been seen in January.
        import(&app, "referrals", &referrals(224, 5, "")).await;
        import(&app, "referrals", &referrals(0, 4, "2025-01-30")).await;
        app.app = app.app.at(clock.at("2025-03-20T09:00:00Z".parse().unwrap()));
        // One of those was seen in February only.
        import(&app, "referrals", &referrals(0, 1, "2025-02-15")).await;
        app.app = app.app.at(clock.at("2025-03-21T09:00:00Z".parse().unwrap()));
        let path = "/v1/stats/revisions?authority=301&figure=waiting&as_at=2025-01-31&known_at=2025-03-03T00:00:00Z,2025-03-15T00:00:00Z,2025-03-20T10:00:00Z";
        let body = app.get(path).await.json();
        let names = ["value", "newly_recorded", "now_counts", "no_longer_counts", "change"];
        let shown: Vec<_> =
            body["data"].as_array().unwrap().iter().map(|row| names.map(|name| row[name].as_i64().unwrap())).collect();
        assert_eq!(shown, [[20, 20, 0, 0, 20], [21, 5, 0, 4, 1], [22, 0, 1, 0, 1]], "{body}");
        let late = app.get("/v1/stats/revisions?figure=waiting&known_at=2030-01-01T00:00:00Z").await;
        assert_eq!(late.faults(), ["/known_at in_the_future"]);
        for figure in ["ehc_open", "ehc_overdue", "plans_issued", "plans_within_20_weeks", "advice_outstanding"] {
            let path = format!("/v1/stats/revisions?authority=301&figure={figure}&known_at=2025-03-20T10:00:00Z");
            assert_eq!(app.get(&path).await.json()["data"][0]["value"], 0, "{figure}");
        }
    }
}

#[actix_web::test]
async fn advice_that_was_sent_back_later_was_in_hand_until_then() {
    let app = TestApp::sqlite("2025-03-31");
    import(&app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-1,2024-10-07\n").await;
    let advice = "external_id,ehc_request_id,advice_type,sent_on,received_by_body_on,returned_on,sent_back_on\n\
        A-1,E-1,medical,2024-11-04,2024-11-04,2024-12-02,2025-01-20\n";
    import(&app, "advice-requests", advice).await;
    for (as_at, in_hand) in [("2025-01-19", true), ("2025-01-20", false), ("2025-03-31", false)] {
        let case = app.get(&format!("/v1/ehc-plan-delays?authority=301&as_at={as_at}")).await.json();
        let waits_for = if in_hand { json!([]) } else { json!(["medical"]) };
        assert_eq!(case["data"][0]["outstanding_advice"], waits_for, "as at {as_at}");
        let counts = app.get(&format!("/v1/stats/advice-timeliness?advice_type=medical&as_at={as_at}")).await.json();
        let row = &counts["data"][0];
        let columns = ["returned", "outstanding", "within_six_weeks", "late", "sent_back"].map(|name| &row[name]);
        let expected = if in_hand { [1, 0, 1, 0, 0] } else { [0, 1, 0, 1, 1] };
        assert_eq!(columns, expected.map(|count| json!(count)).each_ref(), "as at {as_at}");
        let timeline = app.get(&format!("/v1/ehc-requests/ehc_301_2/timeline?as_at={as_at}")).await.json();
        let clocks = timeline["clocks"].as_array().unwrap();
        let clock = clocks.iter().find(|clock| clock["clock"] == "advice_return").unwrap();
        assert_eq!(clock["state"], if in_hand { "met" } else { "overdue" }, "the record says the same: {clock}");
    }
}
