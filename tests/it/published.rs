//! What may leave the council: open data, suppression=publish and the metrics; and an attack on all of it.

mod attacked;
mod periods;

use std::fmt::Write;

use serde_json::{Value, json};
use twentyweeks::app::Clock;
use twentyweeks::domain::caller::Scope;

use super::support::{TestApp, date};

const THERAPIES: [&str; 3] = ["speech_and_language_therapy", "occupational_therapy", "physiotherapy"];

/// For each therapy how many wait in each band at the end of March 2025; three of them few.
const WAITING: [[u64; 7]; 3] =
    [[24, 12, 17, 3, 18, 41, 27], [33, 14, 19, 29, 21, 22, 16], [21, 13, 26, 36, 28, 19, 11]];

async fn council() -> TestApp {
    let app = TestApp::sqlite("2025-04-20");
    let mut file = "external_id,child_ref,discipline,received_on\n".to_owned();
    let end = date("2025-03-31");
    for (discipline, bands) in THERAPIES.iter().zip(WAITING) {
        for (days, count) in [3, 10, 20, 60, 100, 200, 500].into_iter().zip(bands) {
            for child in 0..count {
                let (received, name) = (end - chrono::Duration::days(days), format!("{discipline:.3}-{days}-{child}"));
                writeln!(file, "{name},K-{name},{discipline},{received}").unwrap();
            }
        }
    }
    assert_eq!(app.csv("/v1/imports?type=referrals&authority=301", file).await.json()["rejected"], 0);
    in_may(app)
}

/// The same service in May: what was known at its beginning is published.
fn in_may(mut app: TestApp) -> TestApp {
    app.app = app.app.at(Clock::still(date("2025-05-02")));
    app
}

fn of_discipline<'a>(rows: &'a Value, discipline: &str, day: &str) -> &'a Value {
    let rows = rows["data"].as_array().unwrap();
    rows.iter().find(|row| row["discipline"] == discipline && row["as_at"] == day).unwrap()
}

#[actix_web::test]
async fn small_counts_are_hidden_with_another_and_the_rest_are_rounded() {
    let app = council().await;
    let answer = app.get("/open/v1/waiting-times?authority=301&group_by=discipline").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let body = answer.json();
    assert_eq!(body["meta"]["suppression"], "publish");
    assert_eq!(body["meta"]["as_at_dates"], json!(["2025-01-31", "2025-02-28", "2025-03-31"]));
    let slt = of_discipline(&body, "speech_and_language_therapy", "2025-03-31");
    assert_eq!(
        (&slt["waiting"], &slt["waiting_18_52_weeks"]),
        (&json!(140), &json!(40)),
        "142 and 41, to the nearest 5"
    );
    assert_eq!(
        (&slt["waiting_4_12_weeks"], &slt["suppressed"]["waiting_4_12_weeks"]),
        (&Value::Null, &json!("small_numbers")),
        "three children"
    );
    let others = ["waiting_0_1_weeks", "waiting_1_2_weeks", "waiting_2_4_weeks", "waiting_12_18_weeks"];
    assert!(others.iter().any(|band| slt[*band].is_null()), "alone it could be worked out from the others: {slt}");
    let nobody = of_discipline(&body, "speech_and_language_therapy", "2025-01-31");
    assert_eq!(nobody["waiting_1_2_weeks"], 0, "nobody is nobody");
    let physio = of_discipline(&body, "physiotherapy", "2025-03-31");
    assert_eq!((&physio["waiting"], &physio["mean_weeks_waiting"]), (&json!(155), &json!(14)));
    let csv = app.get("/open/v1/waiting-times?authority=301&group_by=discipline&format=csv").await;
    assert!(csv.text.contains(",c,"), "{}", csv.text);
    let same = app.get("/v1/stats/waiting-list?suppression=publish&authority=301&as_at=2025-03-31").await.json();
    assert_eq!(of_discipline(&same, "speech_and_language_therapy", "2025-03-31"), slt, "one decision on a cell");
}

#[actix_web::test]
async fn what_is_published_has_fixed_days_and_groups_and_no_filter() {
    let app = council().await;
    for (path, fault) in [
        ("/v1/stats/waiting-list?suppression=publish&as_at=2025-03-30", "/as_at not_published"),
        ("/v1/stats/waiting-list?suppression=publish&as_at=2025-04-30", "/as_at not_published"),
        ("/v1/stats/waiting-list?suppression=publish&sex=male", "/sex not_published"),
        ("/v1/stats/waiting-list?suppression=publish&known_at=2025-01-01T00:00:00Z", "/known_at not_published"),
        ("/v1/stats/waiting-list?suppression=publish&group_by=sex,discipline", "/group_by too_many"),
        ("/v1/stats/waiting-list?suppression=publish&group_by=priority", "/group_by not_published"),
        ("/v1/stats/waiting-times?suppression=publish&as_at=2025-03-31", "/as_at not_published"),
        ("/v1/stats/waiting-times?suppression=publish&sex=male", "/sex not_published"),
        ("/v1/stats/waiting-times?suppression=publish&every=month", "/every not_published"),
        ("/v1/stats/waiting-times?suppression=publish&from=2025-01-02", "/from not_published"),
        ("/v1/stats/waiting-times?suppression=publish&to=2025-02-28", "/to not_published"),
        ("/v1/stats/waiting-times?suppression=publish&to=2025-06-30", "/from not_published"),
        ("/v1/stats/waiting-times?suppression=publish&from=2014-01-01", "/from not_published"),
        ("/v1/stats/waiting-times?suppression=publish&group_by=month", "/group_by not_published"),
        ("/v1/stats/waiting-times?suppression=publish&group_by=ethnicity_group", "/group_by not_published"),
        ("/v1/stats/advice-timeliness?suppression=publish&group_by=sex", "/group_by not_published"),
        ("/v1/stats/advice-timeliness?suppression=publish&advice_type=medical", "/advice_type not_published"),
        ("/v1/stats/advice-timeliness?suppression=publish&to=2025-12-31", "/from not_published"),
        ("/open/v1/first-contacts?quarter=2025-Q2", "/quarter in_the_future"),
        ("/open/v1/advice-timeliness?year=2025", "/year in_the_future"),
        ("/v1/stats/ehc-timeliness?suppression=publish&every=month", "/every not_published"),
        ("/v1/stats/ehc-timeliness?suppression=publish&issued_from=2024-03-05", "/issued_from not_published"),
        ("/v1/stats/ehc-timeliness?suppression=publish&issued_from=1990-01-01", "/issued_from not_published"),
        ("/open/v1/ehc-timeliness?year=2025", "/year in_the_future"),
        ("/open/v1/waiting-times?quarter=2025-Q2", "/quarter in_the_future"),
        ("/open/v1/waiting-times?quarter=spring", "/quarter not_a_quarter"),
        ("/open/v1/waiting-times?priority=urgent", "/priority unknown_parameter"),
    ] {
        let answer = app.get(path).await;
        let for_all = path.starts_with("/open/").then_some("*");
        assert_eq!(answer.header("access-control-allow-origin"), for_all, "{path}");
        assert_eq!((answer.status.as_u16(), answer.faults()), (400, vec![fault.to_owned()]), "{path}");
    }
}

#[actix_web::test]
async fn open_data_needs_no_key_and_everything_else_does() {
    let app = council().await;
    super::callers::key(&app, &[Scope::StatsRead], &[]);
    assert_eq!(app.get("/open/v1/waiting-times").await.status, 200);
    assert_eq!(app.get("/open/v1/ehc-timeliness").await.status, 200);
    assert_eq!(app.get("/open/v1/first-contacts").await.status, 200);
    assert_eq!(app.get("/open/v1/advice-timeliness").await.status, 200);
    assert_eq!(app.get("/v1/stats/waiting-list?suppression=publish").await.status, 401);
    assert_eq!(app.get("/metrics").await.status, 401);
}

#[actix_web::test]
async fn a_piece_of_a_page_says_its_table_to_everyone() {
    let app = council().await;
    let page = app.get("/open/v1/waiting-times.html?authority=301").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for part in [
        "<caption>Referrals waiting for therapy in Barking and Dagenham on 31 March 2025</caption>",
        "<th scope=\"col\">Therapy</th>",
        "<th scope=\"row\">Speech and language therapy</th><td>140</td>",
        "too few to show",
    ] {
        assert!(page.text.contains(part), "{part}\n{}", page.text);
    }
    assert!(!page.text.contains("<script"));
    let known = [("if-none-match", page.header("etag").unwrap())];
    assert_eq!(app.get_with("/open/v1/waiting-times.html?authority=301", &known).await.status, 304);
    assert_eq!(app.get_with("/open/v1/ehc-timeliness.html?authority=301", &known).await.status, 200, "another piece");
    let plans = app.get("/open/v1/ehc-timeliness.html?authority=301&year=2024").await;
    assert!(plans.text.contains("EHC plans issued in Barking and Dagenham in 2024"), "{}", plans.text);
    let nothing = app.get("/open/v1/waiting-times.html?authority=302").await;
    assert!(nothing.text.contains("Barnet on 31 March 2025: no figures are held."), "{}", nothing.text);
    assert_eq!(app.get("/open/v1/waiting-times.html").await.faults(), ["/authority required"]);
}

#[actix_web::test]
async fn what_is_written_after_the_month_began_shows_a_month_later() {
    let app = council().await;
    let path = "/open/v1/waiting-times?authority=301&group_by=discipline";
    let before = app.get(path).await;
    assert_eq!(
        (&before.json()["meta"]["ledger_seq"], &before.json()["meta"]["known_at"]),
        (&Value::Null, &json!("2025-05-01T00:00:00Z"))
    );
    let late = "external_id,child_ref,discipline,received_on\nL-1,K-900,speech_and_language_therapy,2025-03-29\n";
    assert_eq!(app.csv("/v1/imports?type=referrals&authority=301", late).await.json()["rejected"], 0);
    let after = app.get(path).await;
    assert_eq!((&after.text, after.header("etag")), (&before.text, before.header("etag")));
    let tag = before.header("etag").unwrap().to_owned();
    assert_eq!(app.get_with(path, &[("if-none-match", &format!("W/{tag}"))]).await.status, 304);
}

#[actix_web::test]
async fn publications_are_made_before_anybody_asks_and_once() {
    let app = council().await;
    let next = app.app.publish_ahead().unwrap();
    assert_eq!(next.to_rfc3339(), "2025-06-01T00:01:00+00:00", "what is being written when a month ends belongs to it");
    let quarter = app.app.last_published_quarter();
    let made = app.app.published_waiting(quarter).unwrap();
    let asked = std::thread::scope(|scope| {
        let ask = |_| scope.spawn(|| app.app.published_waiting(quarter).unwrap());
        [0; 4].map(ask).map(|asked| asked.join().unwrap())
    });
    assert!(asked.iter().all(|asked| std::sync::Arc::ptr_eq(asked, &made)));
    let other = std::thread::scope(|scope| {
        let ask = |_| scope.spawn(|| app.app.published_advice(2023).unwrap());
        [0; 2].map(ask).map(|asked| asked.join().unwrap())
    });
    assert!(std::sync::Arc::ptr_eq(&other[0], &other[1]), "whoever asks meanwhile waits for the same work");
}

#[actix_web::test]
async fn few_children_are_hidden_however_many_referrals_they_have() {
    let app = TestApp::sqlite("2025-04-20");
    let mut file = "external_id,child_ref,discipline,received_on\n".to_owned();
    for child in 0..40 {
        // Forty children wait for speech and language therapy; four of them for three other things each.
        writeln!(file, "S-{child},K-{child},speech_and_language_therapy,2025-03-{:02}", child % 28 + 1).unwrap();
        if child < 4 {
            for other in 0..3 {
                writeln!(file, "P-{child}-{other},K-{child},physiotherapy,2025-03-20").unwrap();
            }
        }
    }
    assert_eq!(app.csv("/v1/imports?type=referrals&authority=301", file).await.json()["rejected"], 0);
    let app = in_may(app);
    let body = app.get("/open/v1/waiting-times?authority=301&group_by=discipline").await.json();
    let physio = of_discipline(&body, "physiotherapy", "2025-03-31");
    assert_eq!(physio["waiting"], Value::Null, "twelve referrals of four children: {physio}");
}
