//! The calculators of capacity over the wire: what is answered, with which words, and what is refused.

use serde_json::{Value, json};
use twentyweeks::http::all_operations;

use super::support::{TestApp, vectors};

fn value_of(quantities: &Value, name: &str) -> Option<f64> {
    let all = quantities.as_array().unwrap();
    let one =
        all.iter().find(|quantity| quantity["name"] == name).unwrap_or_else(|| panic!("no {name} in {quantities}"));
    one["value"].as_f64()
}

fn close(answer: &Value, name: &str, wanted: f64) {
    let found = value_of(&answer["quantities"], name).unwrap_or_else(|| panic!("{name} of {answer} is null"));
    assert!((found - wanted).abs() <= 1e-10 * wanted.abs(), "{name}: {found}, not {wanted}");
}

async fn ask(path: &str) -> Value {
    let answer = TestApp::sqlite("2025-11-30").get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

#[actix_web::test]
async fn published_queues_wait_over_the_wire_as_published() {
    let mut asked = 0;
    for line in vectors("queueing.jsonl") {
        let text = |name: &str| line["input"][name].to_string();
        let query = match line["model"].as_str().unwrap() {
            "M/M/c" => format!("erlang_c&therapists={}&seen_per_week_each={}", text("c"), text("mu")),
            "M/M/c+M (Erlang A, withdrawals)" => format!(
                "erlang_a&therapists={}&seen_per_week_each={}&withdrawal_rate_per_week={}",
                text("c"),
                text("mu"),
                text("theta")
            ),
            "M/D/1" => format!("m_d_1&mean_service_hours={}&hours_per_week=1", text("service_time")),
            _ => continue,
        };
        let answer = ask(&format!("/v1/calculators/queue?model={query}&arrivals_per_week={}", text("lambda"))).await;
        for (name, theirs) in [("mean_wait_weeks", "Wq"), ("mean_wait_weeks", "mean_wait_all"), ("mean_waiting", "Lq")]
        {
            if let Some(wanted) = line["output"][theirs].as_f64() {
                close(&answer, name, wanted);
            }
        }
        assert_eq!((&answer["status"], &answer["version"]), (&json!("stable"), &json!(1)));
        asked += 1;
    }
    assert_eq!(asked, 16);
}

#[actix_web::test]
async fn lengths_and_classes_are_given_in_hours() {
    // Of 10 hours a week advice takes 4 and is a fifth of all, routine 1.5: on average 2 hours, standard deviation 1.
    let answer = ask("/v1/calculators/queue?model=m_g_1&arrivals_per_week=4&mean_service_hours=2&sd_service_hours=1&hours_per_week=10").await;
    close(&answer, "mean_wait_weeks", 0.5);
    close(&answer, "service_variance_ratio", 0.25);
    let path = "/v1/calculators/queue?model=priority&hours_per_week=32&class_arrivals_per_week=6,24&class_mean_service_hours=1,1";
    let answer = ask(path).await;
    close(&answer, "mean_wait_first_come_weeks", 0.46875);
    assert_eq!(answer["inputs"]["class_sd_service_hours"], json!([1.0, 1.0]), "what was left out is said");
    let waits: Vec<_> = answer["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| value_of(&class["quantities"], "mean_wait_weeks"))
        .collect();
    assert!(
        (waits[0].unwrap() - 0.036_057_692_307_692_31).abs() < 1e-15
            && (waits[1].unwrap() - 0.576_923_076_923_076_9).abs() < 1e-14
    );
    let answer = ask("/v1/calculators/queue?model=preemptive_priority&hours_per_week=1&class_arrivals_per_week=0.2,0.6&class_mean_service_hours=1,1").await;
    assert_eq!(value_of(&answer["classes"][1]["quantities"], "mean_time_to_end_weeks").map(f64::round), Some(6.0));
    let answer = ask(
        "/v1/calculators/queue?model=team_priority&therapists=12&seen_per_week_each=2.6&class_arrivals_per_week=6,24",
    )
    .await;
    close(&answer, "share_who_wait", 0.851_160_690_985_234_4);
    let answer = ask("/v1/calculators/queue?model=headroom&arrivals_per_week=30&deadline_weeks=18").await;
    close(&answer, "offered_per_week", 30.140_059_492_161_85);
    assert_eq!(answer["inputs"]["pc_in_time"], 92.0);
}

#[actix_web::test]
async fn what_does_not_settle_is_a_word_and_null() {
    let queue = "/v1/calculators/queue?model=";
    for path in [
        "erlang_c&therapists=12&seen_per_week_each=2.5&arrivals_per_week=30&deadline_weeks=6",
        "m_d_1&mean_service_hours=1&hours_per_week=30&arrivals_per_week=30&deadline_weeks=6",
        "m_g_1&mean_service_hours=1&hours_per_week=29&arrivals_per_week=30",
    ] {
        let answer = ask(&format!("{queue}{path}")).await;
        assert_eq!(answer["status"], "unstable");
        assert_eq!(value_of(&answer["quantities"], "mean_wait_weeks"), None);
        assert!(value_of(&answer["quantities"], "load").unwrap() >= 1.0);
    }
    let answer =
        ask(&format!("{queue}team_priority&therapists=2&seen_per_week_each=10&class_arrivals_per_week=6,24")).await;
    let classes = &answer["classes"];
    assert_eq!(
        (&answer["status"], &classes[0]["status"], &classes[1]["status"]),
        (&json!("unstable"), &json!("stable"), &json!("unstable"))
    );
    assert!(
        value_of(&classes[0]["quantities"], "mean_wait_weeks").is_some_and(|wait| wait < 0.1),
        "advice is still seen soon"
    );
    let app = TestApp::sqlite("2025-11-30");
    let far = app
        .get(&format!("{queue}m_d_1&mean_service_hours=1&hours_per_week=100&arrivals_per_week=90&deadline_weeks=11"))
        .await;
    assert_eq!((far.status.as_u16(), far.faults()), (400, vec!["/deadline_weeks out_of_range".to_owned()]));
    assert!(far.text.contains("ask for at most 10 weeks"), "{}", far.text);
}

#[actix_web::test]
async fn every_fault_is_told_at_once_and_parameters_of_other_models_are_refused() {
    let app = TestApp::sqlite("2025-11-30");
    let path =
        "/v1/calculators/queue?model=erlang_c&arrivals_per_week=-1&therapists=2.5&hours_per_week=40&cv=1&factor=4";
    let wanted = [
        "/arrivals_per_week out_of_range",
        "/therapists out_of_range",
        "/cv unknown_parameter",
        "/factor unknown_parameter",
        "/seen_per_week_each required",
        "/hours_per_week not_taken",
    ];
    let answer = app.get(path).await;
    assert_eq!(answer.faults(), wanted);
    assert!(answer.text.contains("only with m_d_1, m_g_1, priority, preemptive_priority"), "{}", answer.text);
    let answer = app.get("/v1/calculators/queue?model=m_m_c&hours_per_week=40").await;
    assert_eq!(answer.faults(), ["/model not_allowed"]);
    let path = "/v1/calculators/queue?model=priority&hours_per_week=40&class_arrivals_per_week=1,2&class_mean_service_hours=1&class_sd_service_hours=1,2,3";
    assert_eq!(
        app.get(path).await.faults(),
        ["/class_mean_service_hours wrong_length", "/class_sd_service_hours wrong_length"]
    );
    let path = "/v1/calculators/queue?model=headroom&arrivals_per_week=0&deadline_weeks=0";
    assert_eq!(app.get(path).await.faults(), ["/arrivals_per_week out_of_range", "/deadline_weeks out_of_range"]);
    let answer = app.get("/v1/calculators/vacancy?find=vacancy&vacancy_share=0.2&leave_hazard_per_year=inf").await;
    assert_eq!(
        answer.faults(),
        ["/leave_hazard_per_year out_of_range", "/refill_weeks required", "/vacancy_share not_taken"]
    );
}

#[actix_web::test]
async fn a_list_is_projected_by_its_rates() {
    let path = "/v1/calculators/list-projection?queue=";
    let answer = ask(&format!("{path}60&arrivals_per_week=6&slots_per_week=8&target_queue=9")).await;
    assert_eq!(answer["status"], "reached");
    close(&answer, "weeks_to_target", 25.5);
    assert_eq!(value_of(&answer["quantities"], "weeks_to_target_95_percent").map(f64::ceil), Some(38.0));
    close(&answer, "next_child_week_index", 7.0);
    close(&answer, "longest_list_in_time", 48.0);
    close(&answer, "pressure", 8.0 / 6.0);
    let answer = ask(&format!("{path}400&arrivals_per_week=30&slots_per_week=27&target_queue=135")).await;
    assert_eq!(answer["status"], "never_at_these_rates");
    let value = |name| value_of(&answer["quantities"], name);
    assert_eq!(
        (value("weeks_to_target"), value("queue_after_52_weeks"), value("queue_in_the_end")),
        (None, Some(556.0), None)
    );
    assert_eq!(value("share_late_in_the_end"), None);
    let answer = ask(&format!("{path}36&arrivals_per_week=6&slots_per_week=6&slots_by_week=6,6,2,0,0")).await;
    close(&answer, "next_child_week_index", 8.0);
    close(&answer, "longest_list_in_time", 20.0);
    assert_eq!(answer["inputs"]["target_queue"], 20.0, "the longest list in time, where no other was given");
    let answer = ask(&format!("{path}0&arrivals_per_week=0&slots_per_week=0")).await;
    assert_eq!(answer["status"], "already_there");
}

#[actix_web::test]
async fn vacancies_and_a_year_of_one_person() {
    let answer = ask("/v1/calculators/vacancy?find=vacancy&leave_hazard_per_year=0.12&refill_weeks=26").await;
    close(&answer, "long_run_vacancy_share", 0.056_603_773_584_905_655);
    let answer = ask("/v1/calculators/vacancy?find=refill_weeks&leave_hazard_per_year=0.12&vacancy_share=0.25").await;
    close(&answer, "refill_weeks", 144.444_444_444_444_46);
    let path = "/v1/calculators/available-minutes?leave_days=29&study_days=5&sickness_share=0.045&non_clinical_share=0.3&minutes_per_day=450&minutes_per_appointment=110";
    let answer = ask(path).await;
    close(&answer, "clinical_minutes", 65_880.675);
    close(&answer, "appointments", 598.915_227_272_727_2);
}

#[actix_web::test]
async fn a_list_of_rows_is_counted_by_day() {
    let app = TestApp::sqlite("2025-11-30");
    let row = |referred: &str, removed: Option<&str>| json!({ "referred_on": referred, "removed_on": removed });
    let rows = [
        row("2024-01-10", None),
        row("2024-01-01", Some("2024-01-08")),
        json!({ "referred_on": "2024-01-16" }),
        row("2024-01-04", None),
    ];
    let mut body = json!({ "rows": rows, "start_on": "2024-01-10", "end_on": "2024-01-16", "target_weeks": 4 });
    let answer = app.post("/v1/calculators/waiting-list", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = answer.json();
    let sizes: Vec<_> =
        answer["waiting_by_day"].as_array().unwrap().iter().map(|day| day["waiting"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [2, 2, 2, 2, 2, 2, 3], "whoever had left before is not counted");
    close(&answer, "referrals_per_week", 2.0);
    close(&answer, "mean_wait_of_waiting_weeks", 6.0 / 7.0);
    close(&answer, "pressure", 3.0 / 7.0);
    close(&answer, "target_queue", 2.0 * 4.0 / -(0.08_f64).ln());
    assert_eq!(
        (&answer["inputs"]["pc_in_time"], value_of(&answer["quantities"], "relief_capacity")),
        (&json!(92.0), None)
    );
    assert_eq!(value_of(&answer["quantities"], "removals_per_busy_week"), None);
    body["rows"][1]["removed_on"] = json!("2023-12-31");
    body["rows"][2] = json!({ "referred_on": "2024-02-30", "forename": "Mary" });
    body["end_on"] = json!("2024-01-01");
    body["cv"] = json!(1);
    let answer = app.post("/v1/calculators/waiting-list", &body).await;
    let wanted = [
        "/cv unknown_field",
        "/end_on out_of_order",
        "/rows/1/removed_on out_of_order",
        "/rows/2/referred_on not_a_date",
        "/rows/2 unknown_field",
    ];
    assert_eq!(answer.faults(), wanted);
    assert!(!answer.text.contains("forename"), "{}", answer.text);
    body = json!({ "rows": [7, {}], "start_on": "2024-01-01", "end_on": "2034-01-09", "target_weeks": "4" });
    let answer = app.post("/v1/calculators/waiting-list", &body).await;
    let wanted =
        ["/end_on too_many", "/target_weeks out_of_range", "/rows/1/referred_on required", "/rows/0 wrong_type"];
    assert_eq!(answer.faults(), wanted);
    let answer = app.post("/v1/calculators/waiting-list", &json!({ "rows": [] })).await;
    assert_eq!(answer.faults(), ["/start_on required", "/end_on required", "/rows wrong_length"]);
}

#[test]
fn nobody_is_asked_for_a_coefficient_and_every_parameter_has_an_example() {
    let calculators = all_operations().iter().filter(|operation| operation.path.starts_with("/v1/calculators/"));
    for operation in calculators {
        for param in &operation.params {
            let words: Vec<_> = param.name.split('_').collect();
            assert!(!words.contains(&"cv") && !words.contains(&"factor"), "{} of {}", param.name, operation.path);
            let is_new = operation.path != "/v1/calculators/waiting-list";
            assert!(param.example.is_some() || !is_new, "{} of {} has no example", param.name, operation.path);
        }
    }
}
