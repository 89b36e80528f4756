//! What may leave the council: open data, suppression=publish and the metrics; and an attack on all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Value, json};
use twentyweeks::app::Clock;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::caller::Scope;
use twentyweeks::domain::noun::Noun;

use super::demo::demo;
use super::disclosure::attack;
use super::support::{Database, TestApp, date};

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

const COLUMNS: [&str; 9] = [
    "waiting",
    "waiting_over_18_weeks",
    "waiting_0_1_weeks",
    "waiting_1_2_weeks",
    "waiting_2_4_weeks",
    "waiting_4_12_weeks",
    "waiting_12_18_weeks",
    "waiting_18_52_weeks",
    "waiting_over_52_weeks",
];

const DIMENSIONS: [&str; 4] = ["discipline", "age_band", "primary_need", "sex"];

/// The cells and the lines of one date.
#[derive(Default)]
struct Seen {
    cells: BTreeMap<String, Value>,
    lines: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    /// Takes in a row: what stands in it adds up across its columns, and to the row of all children and of the wider area.
    fn take(&mut self, row: &Value, dimension: Option<&str>) {
        let word = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let (authority, region) = (word("old_la_code"), word("region_code"));
        let area = [authority.clone(), region.clone(), "England".to_owned()].into_iter().find(|code| !code.is_empty());
        let area = area.unwrap();
        let wider = if authority.is_empty() { "England".to_owned() } else { region };
        let member = dimension.map_or("*".to_owned(), |dimension| format!("{dimension}={}", word(dimension)));
        for column in COLUMNS {
            let key = format!("{area}|{member}|{column}");
            self.cells.insert(key.clone(), row[column].clone());
            let mut part_of = |line: String, total: String| {
                self.lines.entry(format!("{total}\n{line}")).or_default().insert(key.clone());
            };
            if let Some(dimension) = dimension {
                part_of(dimension.to_owned(), format!("{area}|*|{column}"));
            }
            if area != "England" {
                part_of("area".to_owned(), format!("{wider}|{member}|{column}"));
            }
            match column {
                "waiting" | "waiting_over_18_weeks" => {}
                "waiting_18_52_weeks" | "waiting_over_52_weeks" => {
                    part_of("bands".to_owned(), format!("{area}|{member}|waiting_over_18_weeks"));
                    part_of("all bands".to_owned(), format!("{area}|{member}|waiting"));
                }
                _ => part_of("all bands".to_owned(), format!("{area}|{member}|waiting")),
            }
        }
    }

    fn table(&self, name: &str) -> Value {
        let cells: Vec<_> = self.cells.iter().map(|(key, shown)| json!({ "key": key, "shown": shown })).collect();
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|(line, parts)| json!({ "total": line.split('\n').next().unwrap(), "parts": parts }))
            .collect();
        json!({ "name": name, "cells": cells, "lines": lines })
    }
}

#[actix_web::test]
async fn an_attack_on_every_published_waiting_list_recovers_no_hidden_count() {
    let Some(python) = attack::python() else { return };
    // Three boroughs, one of them tiny, and an authority that is tiny itself.
    let authorities = ["201", "302", "301", "420"].map(|code| Authority::parse(code).unwrap());
    let app = demo(
        Database::sqlite(),
        authorities.into_iter(),
        &[Noun::Child, Noun::Provider, Noun::Service, Noun::EhcRequest, Noun::Referral],
    );
    let app = {
        let mut app = app;
        app.app = app.app.at(Clock::still(date("2025-02-02")));
        app
    };
    let mut dates = BTreeMap::<String, Seen>::new();
    for level in ["england", "region", "authority"] {
        for dimension in [None].into_iter().chain(DIMENSIONS.map(Some)) {
            let by = dimension.map_or(String::new(), |dimension| format!(",{dimension}"));
            let body = app.get(&format!("/open/v1/waiting-times?quarter=2024-Q4&group_by={level}{by}")).await.json();
            for row in body["data"].as_array().unwrap() {
                dates.entry(row["as_at"].as_str().unwrap().to_owned()).or_default().take(row, dimension);
            }
        }
    }
    let hidden = dates.values().flat_map(|seen| seen.cells.values()).filter(|shown| shown.is_null()).count();
    let cells: usize = dates.values().map(|seen| seen.cells.len()).sum();
    assert!(dates.len() == 3 && hidden > 100 && hidden * 10 < cells * 9, "{hidden} of {cells} are hidden");
    let tables: Vec<_> = dates.iter().map(|(date, seen)| seen.table(date)).collect();
    let published = json!({ "rounding": 5, "least_shown": 8, "tables": tables });
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = attack::run(&python, folder.path(), &published);
    assert_eq!(code, 0, "{said:#}");
}
