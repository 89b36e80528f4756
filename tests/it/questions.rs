//! The question book: every call in it runs on the demonstration, and has something to say.

use serde_json::Value;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::noun::Noun;

use super::demo::demo;
use super::support::{Database, TestApp};

/// Calls that may have no row, and why.
const MAY_BE_EMPTY: [(&str, &str); 2] = [
    ("/v1/disputes?", "the demonstration has no disputes: no totals are published that it could follow"),
    ("advice_type=social_care", "the demonstration asks for advice of health and of psychologists only"),
];

/// Columns without a value in the demonstration, by the question that looks at them: no body declines to advise there.
const NEVER_SAID: [&str; 1] = ["17 declined_on"];

async fn book(app: &TestApp) -> Vec<Value> {
    app.get("/v1/questions").await.json()["data"].as_array().unwrap().clone()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// The rows a call answers with, by the definition its `meta` leads to, where it has one.
async fn rows(app: &TestApp, call: &str) -> Vec<Value> {
    let answer = app.get(call).await;
    assert_eq!(answer.status, 200, "{call}: {}", answer.text);
    let body = answer.json();
    if let Some(url) = body["meta"]["definition_url"].as_str() {
        assert_eq!(app.get(url).await.json()["counted"], body["meta"]["definition"], "{call}: {url}");
    } else {
        assert!(body["meta"].is_null(), "{call} does not say where it is defined");
    }
    let rows = body["data"].as_array().unwrap().clone();
    let excused = MAY_BE_EMPTY.iter().any(|(part, _)| call.contains(part));
    assert_eq!(rows.is_empty(), excused, "{call} has {} rows", rows.len());
    rows
}

#[actix_web::test]
async fn the_questions_are_numbered_without_a_gap_and_each_is_answered_or_says_why_not() {
    let app = TestApp::sqlite("2025-01-16");
    let book = book(&app).await;
    let numbers: Vec<_> = book.iter().map(|question| question["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=45).collect::<Vec<_>>());
    let open = book.iter().filter(|question| question["answered"] == false);
    let open: Vec<_> = open.map(|question| question["number"].as_u64().unwrap()).collect();
    assert_eq!(open, [10, 11, 12, 31, 35, 36, 43, 44], "whoever answers one more says so here");
    for question in &book {
        let answered = question["answered"] == true;
        assert_eq!(question["call"].is_string(), answered, "{question}");
        assert_eq!(question["reason"].is_string(), !answered, "{question}");
        assert_eq!(texts(&question["columns"]).is_empty(), !answered, "{question}");
        for part in ["question", "asked_by"] {
            assert!(question[part].as_str().is_some_and(|text| !text.is_empty()), "{question}");
        }
    }
}

#[actix_web::test]
async fn every_call_of_the_book_runs_on_the_demonstration() {
    let barking = Authority::parse("301").unwrap();
    let app = demo(Database::sqlite(), [barking].into_iter(), Noun::ALL);
    let (mut calls, mut silent) = (0, Vec::new());
    for question in book(&app).await {
        if let Some(call) = question["call"].as_str() {
            calls += 1;
            let rows = rows(&app, call).await;
            for column in texts(&question["columns"]) {
                let known = rows.iter().all(|row| row.get(column).is_some());
                assert!(known, "question {}: {call} has no column {column}", question["number"]);
                if rows.iter().all(|row| row[column].is_null()) {
                    silent.push(format!("{} {column}", question["number"]));
                }
            }
        }
        for call in texts(&question["also"]) {
            calls += 1;
            rows(&app, call).await;
        }
    }
    assert!(calls >= 36 + 16, "only {calls} calls were tried");
    assert_eq!(silent, NEVER_SAID, "these columns are empty in every row");
}
