//! Staff, counted by hand: who fills, covers and is absent, how long posts stand vacant, how they are filled, who is trained.

use serde_json::{Value, json};
use twentyweeks::app::Clock;

use super::support::{TestApp, date};

async fn import(app: &TestApp, noun: &str, file: &str) {
    let answer = app.csv(&format!("/v1/imports?type={noun}&authority=301&source_system=rota"), file).await;
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), &body["rejected"]), (201, &json!(0)), "{noun}: {}", answer.text);
}

async fn rows(app: &TestApp, path: &str) -> Vec<Value> {
    let answer = app.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()["data"].as_array().unwrap().clone()
}

/// The values of some columns, as text, one line a row.
fn shown(rows: &[Value], columns: &[&str]) -> Vec<String> {
    let cells = |row: &Value| columns.iter().map(|column| row[*column].to_string()).collect::<Vec<_>>();
    rows.iter().map(|row| cells(row).join(" ").replace('"', "")).collect()
}

const POSTS: &str = "post_ref,discipline,band,funded_wte,starts_on,ends_on,service_ref
P-1,speech_and_language_therapy,6,2,2024-04-01,,SVC-A
P-2,speech_and_language_therapy,7,1,2024-04-01,,
P-3,occupational_therapy,6,1,2024-04-01,2025-03-31,
P-4,physiotherapy,5,1,2024-04-01,,
";

const HOLDINGS: &str = "external_id,post_ref,worker_ref,wte,engagement,starts_on,ends_on,newly_qualified
H-1,P-1,W-1,0.6,permanent,2024-04-01,,
H-2,P-1,W-2,0.55,permanent,2024-04-01,,
H-3,P-2,W-3,1,agency,2025-02-01,,
H-4,P-2,W-4,0.8,permanent,2024-04-01,2025-01-14,
H-5,P-3,W-5,1,fixed_term,2024-04-01,,
H-6,P-4,W-6,1,permanent,2024-09-01,,true
H-7,P-4,W-7,0.5,trainee,2025-01-01,,
H-8,P-4,W-1,0.4,bank,2025-03-01,,
";

const ABSENCES: &str = "external_id,worker_ref,kind,starts_on,ends_on
A-1,W-2,maternity,2025-01-10,
A-2,W-6,sickness,2025-04-15,2025-04-15
A-3,W-6,study,2025-04-14,2025-04-16
A-4,W-5,booked_leave,2025-04-16,2025-04-17
";

async fn with_staff(app: &TestApp) {
    import(app, "providers", "provider_ref,name\nRAT,North East London\n").await;
    import(app, "services", "service_ref,provider_ref,discipline\nSVC-A,RAT,speech_and_language_therapy\n").await;
    import(app, "posts", POSTS).await;
    import(app, "post-holdings", HOLDINGS).await;
    import(app, "absences", ABSENCES).await;
}

const DAY: &str = "/v1/stats/workforce?authority=301&as_at=2025-04-15";

#[actix_web::test]
async fn agency_covers_and_does_not_fill_and_whoever_is_absent_is_in_post() {
    for app in TestApp::each("2025-09-30") {
        with_staff(&app).await;
        let day = rows(&app, DAY).await;
        let held = [
            "discipline",
            "posts",
            "funded_wte",
            "in_post_wte",
            "filled_wte",
            "covered_wte",
            "trainee_wte",
            "vacant_wte",
            "pc_vacant",
            "headcount",
        ];
        assert_eq!(
            shown(&day, &held),
            [
                // Two part-timers of 0.6 and 0.55 in a post of 2; a post of 1 that only an agency covers: 1.85 of 3 vacant.
                "speech_and_language_therapy 2 3.0 2.15 1.15 1.0 0.0 1.85 61.7 3",
                // The post ended on 31 March; who held it still does.
                "occupational_therapy 0 0.0 1.0 1.0 0.0 0.0 -1.0 null 1",
                "physiotherapy 1 1.0 1.9 1.0 0.4 0.5 0.0 0.0 3",
            ],
            "{}",
            app.database.name
        );
        let absent = [
            "absent_wte",
            "absent_sickness_wte",
            "absent_maternity_wte",
            "absent_booked_leave_wte",
            "absent_study_wte",
            "newly_qualified_wte",
        ];
        assert_eq!(
            shown(&day, &absent),
            // The physiotherapist is ill on a day of study: both kinds, one absence.
            ["0.55 0.0 0.55 0.0 0.0 0.0", "0.0 0.0 0.0 0.0 0.0 0.0", "1.0 1.0 0.0 0.0 1.0 1.0"]
        );
        let last =
            rows(&app, "/v1/stats/workforce?authority=301&as_at=2025-03-31&discipline=occupational_therapy").await;
        assert_eq!(shown(&last, &["posts", "funded_wte", "vacant_wte", "pc_vacant"]), ["1 1.0 0.0 0.0"]);
        let year = "/v1/stats/workforce?authority=301&as_at=2025-08-31,2025-09-01&discipline=physiotherapy";
        assert_eq!(shown(&rows(&app, year).await, &["newly_qualified_wte"]), ["1.0", "0.0"]);
        let file = app.get(&format!("{DAY}&discipline=occupational_therapy&format=csv")).await.text;
        assert!(file.contains(",occupational_therapy,0,0.00,1.00,1.00,0.00,-1.00,,0.00,0.0,0.00,"), "{file}");
    }
}

#[actix_web::test]
async fn a_worker_counts_once_in_a_group_and_funding_is_not_divided_by_engagement() {
    let app = TestApp::sqlite("2025-09-30");
    with_staff(&app).await;
    let by_service = rows(&app, &format!("{DAY}&group_by=service_ref")).await;
    let columns = ["service_ref", "funded_wte", "in_post_wte", "headcount"];
    // One works in both groups, with two holdings in the second of which neither is her first.
    assert_eq!(shown(&by_service, &columns), ["SVC-A 2.0 1.15 2", "not_recorded 2.0 3.9 5"]);
    assert_eq!(shown(&rows(&app, &format!("{DAY}&service_ref=SVC-A")).await, &["headcount"]), ["2"]);
    let by_terms = rows(&app, &format!("{DAY}&group_by=engagement")).await;
    let columns = ["engagement", "posts", "funded_wte", "vacant_wte", "pc_vacant_3_months", "in_post_wte", "headcount"];
    assert_eq!(
        shown(&by_terms, &columns),
        [
            "permanent null null null null 2.15 3",
            "fixed_term null null null null 1.0 1",
            "bank null null null null 0.4 1",
            "agency null null null null 1.0 1",
            "trainee null null null null 0.5 1",
        ]
    );
    let bank = rows(&app, &format!("{DAY}&engagement=bank,agency")).await;
    let columns = ["discipline", "funded_wte", "covered_wte"];
    assert_eq!(shown(&bank, &columns), ["speech_and_language_therapy null 1.0", "physiotherapy null 0.4"]);
    let bands = rows(&app, &format!("{DAY}&group_by=discipline,band&discipline=speech_and_language_therapy")).await;
    assert_eq!(shown(&bands, &["band", "funded_wte", "filled_wte"]), ["6 2.0 1.15", "7 1.0 0.0"]);
}

#[actix_web::test]
async fn a_post_is_vacant_three_months_on_the_same_day_of_the_month_and_not_the_day_before() {
    let app = TestApp::sqlite("2025-09-30");
    with_staff(&app).await;
    let path = "/v1/stats/workforce?authority=301&as_at=2025-04-14,2025-04-15&discipline=speech_and_language_therapy";
    // 0.85 of the first post all year; of the second 0.2, and all of it since 15 January.
    assert_eq!(
        shown(&rows(&app, path).await, &["vacant_3_months_wte", "pc_vacant_3_months"]),
        ["1.05 47.7", "1.85 61.7"]
    );
    let short = "post_ref,discipline,band,funded_wte,starts_on\nP-5,occupational_therapy,8a,1,2024-12-01\n";
    import(&app, "posts", short).await;
    // For a fortnight the new post was filled by two halves, one after the other and a day together: 0.5 is the least vacancy.
    let halves = "external_id,post_ref,worker_ref,wte,engagement,starts_on,ends_on
H-9,P-5,W-8,0.25,permanent,2025-02-01,2025-02-08
H-10,P-5,W-9,0.25,permanent,2025-02-08,2025-02-15
";
    import(&app, "post-holdings", halves).await;
    let path = "/v1/stats/workforce?authority=301&as_at=2025-02-28,2025-03-01,2025-05-08,2025-05-15,2025-05-16&band=8a";
    let columns = ["vacant_3_months_wte", "pc_vacant_3_months"];
    assert_eq!(
        shown(&rows(&app, path).await, &columns),
        ["0.0 null", "0.5 100.0", "0.5 100.0", "0.75 100.0", "1.0 100.0"],
        "the post began on 1 December, and a filled 8 February is among three months until 8 May"
    );
}

#[actix_web::test]
async fn a_correction_changes_no_answer_of_before_it() {
    let mut answers = Vec::new();
    for mut app in TestApp::each("2025-09-30") {
        with_staff(&app).await;
        app.app = app.app.at(Clock::still(date("2025-10-02")));
        let past = format!("{DAY}&known_at=2025-10-01T00:00:00Z");
        let before = app.get(&past).await;
        let holding =
            "external_id,post_ref,worker_ref,wte,engagement,starts_on\nH-1,P-1,W-1,0.5,permanent,2024-04-01\n";
        import(&app, "post-holdings", holding).await;
        let now = rows(&app, DAY).await;
        assert_eq!(shown(&now[..1], &["filled_wte", "vacant_wte"]), ["1.05 1.95"]);
        let after = app.get(&past).await;
        assert_eq!((&after.text, after.header("etag")), (&before.text, before.header("etag")));
        let known = app.get_with(&past, &[("If-None-Match", before.header("etag").unwrap())]).await;
        assert_eq!(known.status, 304);
        answers.push(before.text);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "both engines answer with the same bytes");
}

#[actix_web::test]
async fn words_that_nobody_knows_are_refused() {
    let app = TestApp::sqlite("2025-09-30");
    let refused = [
        ("workforce?group_by=happiness", "/group_by not_allowed"),
        ("workforce?group_by=programme", "/group_by not_allowed"),
        ("workforce?band=10", "/band not_allowed"),
        ("workforce?engagement=on_loan", "/engagement not_allowed"),
        ("workforce?group_by=band,discipline,engagement", "/group_by too_many"),
        ("workforce?suppression=publish", "/suppression unknown_parameter"),
        ("workforce?from=2025-01-01", "/every required"),
        ("caseload?group_by=band", "/group_by not_allowed"),
        ("caseload?service_ref=SVC-A", "/service_ref unknown_parameter"),
        ("recruitment?group_by=engagement", "/group_by not_allowed"),
        ("recruitment?from=2025-02-01&to=2025-01-01", "/to out_of_order"),
        ("training-pipeline?programme=magic", "/programme not_allowed"),
        ("training-pipeline?group_by=year,quarter", "/group_by contradiction"),
        ("training-pipeline?years_ahead=0", "/years_ahead out_of_range"),
    ];
    for (path, fault) in refused {
        let answer = app.get(&format!("/v1/stats/{path}")).await;
        assert_eq!((answer.status.as_u16(), answer.faults()), (400, vec![fault.to_owned()]), "{path}");
    }
}

const ROUNDS: &str = "external_id,post_ref,round,approved_on,advertised_on,offered_on,starts_on,outcome,outcome_on
R-1,P-1,1,2024-01-10,,,,nobody_suitable,2024-03-01
R-2,P-1,2,2024-03-10,2024-03-20,2024-04-19,2024-07-08,appointed,2024-04-29
R-3,P-2,1,2024-05-01,2024-05-03,2024-05-23,2024-06-30,appointed,2024-05-30
R-4,P-2,1,2024-11-01,,,,,
R-5,P-1,1,2024-06-01,2024-06-10,2024-07-01,,offer_declined,2024-09-01
";

#[actix_web::test]
async fn time_to_hire_is_of_rounds_that_succeeded_and_those_that_run_stand_beside_it() {
    for app in TestApp::each("2025-09-30") {
        with_staff(&app).await;
        import(&app, "recruitments", ROUNDS).await;
        let path =
            "/v1/stats/recruitment?authority=301&from=2024-01-01&to=2024-12-31&discipline=speech_and_language_therapy";
        let year = rows(&app, path).await;
        let counts =
            ["started", "ended", "appointed", "nobody_suitable", "offer_declined", "withdrawn", "pc_succeeded"];
        assert_eq!(shown(&year, &counts), ["5 4 2 1 1 0 50.0"], "{}", app.database.name);
        // 120 and 60 days: 10 and 2 to the advert, 30 and 20 to the offer, 80 and 38 to the start; rounds 2 and 1.
        let hire = ["rounds_per_filled", "hired", "mean_days_to_hire", "p50_days_to_hire", "p75_days_to_hire"];
        assert_eq!(shown(&year, &hire), ["1.5 2 90.0 60 120"]);
        let stages = ["mean_days_to_advert", "p50_days_to_offer", "p90_days_to_start", "longest_days_to_start"];
        assert_eq!(shown(&year, &stages), ["6.0 20 80 80"]);
        assert_eq!(shown(&year, &["running", "mean_days_running", "longest_days_running"]), ["1 60.0 60"]);
        let quarters = rows(&app, &format!("{path}&every=quarter")).await;
        assert_eq!(
            shown(&quarters, &["time_period", "started", "ended", "running", "longest_days_running"]),
            ["2024-Q1 2 1 1 21", "2024-Q2 2 2 1 29", "2024-Q3 0 1 0 null", "2024-Q4 1 0 1 60"]
        );
        let before = rows(&app, &format!("{path}&as_at=2024-04-28")).await;
        assert_eq!(shown(&before, &["started", "ended", "hired", "running", "longest_days_running"]), ["2 1 0 1 49"]);
        let bands = rows(&app, &format!("{path}&group_by=band")).await;
        assert_eq!(shown(&bands, &["band", "started", "appointed"]), ["6 3 1", "7 2 1"]);
    }
}

const TRAINEES: &str = "trainee_ref,discipline,programme,qualifies_on,retention_probability,wte,started_on,left_on
T-1,speech_and_language_therapy,undergraduate,2025-07-01,0.7,1,2022-09-01,
T-2,speech_and_language_therapy,apprenticeship,2026-09-01,0.55,0.8,,
T-3,occupational_therapy,postgraduate,2025-04-15,0.9,1,2023-09-01,
T-4,speech_and_language_therapy,undergraduate,2026-07-01,0.9,1,2023-09-01,2025-03-01
T-5,occupational_therapy,postgraduate,2025-07-15,0.9,0.5,2023-09-01,
T-6,speech_and_language_therapy,undergraduate,2032-07-01,0.5,1,2025-04-16,
";

const RULES: &str = "external_id,discipline,setting,week,value,starts_on,ends_on,source
1,occupational_therapy,ramp_newly_qualified,0,0.2,2025-01-01,2025-12-31,job plans of 2025
2,occupational_therapy,ramp_newly_qualified,52,1,2025-01-01,2025-12-31,job plans of 2025
3,occupational_therapy,ramp_newly_qualified,0,1,2026-01-01,,job plans of 2026
";

#[actix_web::test]
async fn trainees_add_by_their_probability_of_staying_and_by_the_ramp_in_force() {
    for app in TestApp::each("2025-09-30") {
        import(&app, "trainees", TRAINEES).await;
        import(&app, "capacity-rules", RULES).await;
        let path = "/v1/stats/training-pipeline?authority=301&as_at=2025-04-15";
        let answer = app.get(path).await.json();
        let all = answer["data"].as_array().unwrap();
        let productive = [
            "productive_wte_at_qualification",
            "productive_wte_after_12_weeks",
            "productive_wte_after_26_weeks",
            "productive_wte_after_52_weeks",
        ];
        let columns = [["trainees", "wte", "expected_wte", "first_qualifies_on"], productive].concat();
        assert_eq!(
            shown(all, &columns),
            [
                // 0.7 × 1 and 0.55 × 0.8, at 0, 0.6, 0.8 and all of it.
                "2 1.8 1.14 2025-07-01 0.0 0.684 0.912 1.14",
                // 0.9 × 0.5, from 0.2 to 1 in a straight line: 0.384615 of it after 12 weeks.
                "1 0.5 0.45 2025-07-15 0.09 0.173077 0.27 0.45",
                "0 0.0 0.0 null 0.0 0.0 0.0 0.0",
            ],
            "{}",
            app.database.name
        );
        let premises = answer["meta"]["assumptions"].as_array().unwrap();
        assert!(premises.iter().all(|premise| premise["setting"] == "ramp_newly_qualified"), "{premises:?}");
        let said = ["discipline", "week", "value", "source", "authorities"];
        assert_eq!(
            shown(premises, &said),
            [
                "speech_and_language_therapy 0 0.0 assumed 1",
                "speech_and_language_therapy 2 0.0 assumed 1",
                "speech_and_language_therapy 12 0.6 assumed 1",
                "speech_and_language_therapy 26 0.8 assumed 1",
                "speech_and_language_therapy 52 1.0 assumed 1",
                "occupational_therapy 0 0.2 job plans of 2025 1",
                "occupational_therapy 52 1.0 job plans of 2025 1",
            ]
        );
        let quarters =
            rows(&app, &format!("{path}&group_by=quarter&years_ahead=2&discipline=speech_and_language_therapy")).await;
        assert_eq!(shown(&quarters, &["time_period", "expected_wte"]), ["2025-Q3 0.7", "2026-Q3 0.44"]);
        let years = rows(&app, &format!("{path}&group_by=year,programme")).await;
        assert_eq!(years.len(), 6 * 5, "every year from 2025 to 2030, every programme");
        let later = app.get("/v1/stats/training-pipeline?authority=301&from=2025-04-14&to=2025-04-16&every=day").await;
        let slt: Vec<_> = later.json()["data"].as_array().unwrap().iter().step_by(3).cloned().collect();
        assert_eq!(shown(&slt, &["as_at", "trainees"]), ["2025-04-14 2", "2025-04-15 2", "2025-04-16 3"]);
        let next = app.get("/v1/stats/training-pipeline?authority=301&as_at=2024-12-31&format=csv").await;
        assert!(next.text.contains(",occupational_therapy,2,1.50,1.350000,0.000000,0.810000,"), "{}", next.text);
    }
}

#[actix_web::test]
async fn caseload_is_divided_by_who_is_in_post_without_trainees() {
    let app = TestApp::sqlite("2025-09-30");
    with_staff(&app).await;
    let referrals = "external_id,child_ref,discipline,received_on,first_contact_on,discharged_on,withdrawn_on
R-1,K-1,speech_and_language_therapy,2025-01-01,2025-02-01,,
R-2,K-2,speech_and_language_therapy,2025-01-01,2025-02-01,2025-04-16,
R-3,K-3,speech_and_language_therapy,2025-01-01,2025-02-01,2025-04-15,
R-4,K-4,speech_and_language_therapy,2025-01-01,2025-02-01,,2025-03-01
R-5,K-5,speech_and_language_therapy,2025-01-01,,,
R-6,K-6,physiotherapy,2025-01-01,,,
";
    import(&app, "referrals", referrals).await;
    let requests = "external_id,child_ref,received_on,decision_on,decision\nE-1,K-1,2025-01-06,2025-02-10,assess\nE-2,K-2,2025-01-06,2025-02-10,assess\n";
    import(&app, "ehc-requests", requests).await;
    let advice = "external_id,ehc_request_id,advice_type,sent_on,returned_on
V-1,E-1,speech_and_language_therapy,2025-02-11,
V-2,E-1,speech_and_language_therapy,2025-02-12,
V-3,E-2,speech_and_language_therapy,2025-02-11,2025-03-20
V-4,E-2,physiotherapy,2025-02-11,
";
    import(&app, "advice-requests", advice).await;
    let day = rows(&app, "/v1/stats/caseload?authority=301&as_at=2025-04-15").await;
    let columns = [
        "caseload",
        "waiting",
        "ehc_requests_awaiting_advice",
        "in_post_wte",
        "trainee_wte",
        "caseload_per_wte",
        "waiting_per_wte",
        "ehc_requests_per_wte",
    ];
    assert_eq!(
        shown(&day, &columns),
        // 2 ÷ 2.15 and 1 ÷ 2.15; 1 ÷ 1.4.
        ["2 1 1 2.15 0.0 0.9 0.5 0.5", "0 0 0 1.0 0.0 0.0 0.0 0.0", "0 1 1 1.9 0.5 0.0 0.7 0.7"]
    );
    let nobody = rows(&app, "/v1/stats/caseload?authority=301&as_at=2024-01-01").await;
    assert_eq!(shown(&nobody[..1], &["caseload", "caseload_per_wte"]), ["0 null"]);
}
