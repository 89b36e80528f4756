//! A month in which old cases are cleared: the view by plans issued falls, the view by requests received does not.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::support::{TestApp, date};

/// Ten new requests on the fifth of each month: eight plans after 130 days, in time, two after 150, late.
fn steady_requests() -> String {
    let months = (2023..=2024).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let mut rows = String::new();
    for (year, month) in months.skip(4).take(15) {
        let received = NaiveDate::from_ymd_opt(year, month, 5).unwrap();
        for number in 0..10 {
            let days = if number < 8 { 130 } else { 150 };
            let issued = received + Days::new(days);
            writeln!(rows, "N-{received}-{number},KID-N-{received}-{number},{received},{issued}").unwrap();
        }
    }
    rows
}

/// Thirty requests of early 2023, long overdue; cleared on that day, or left.
fn old_requests(cleared_on: Option<NaiveDate>) -> String {
    let cleared = cleared_on.map_or_else(String::new, |day| day.to_string());
    let row = |number| format!("O-{number},KID-O-{number},2023-02-{:02},{cleared}\n", number % 28 + 1);
    (0..30).map(row).collect::<Vec<_>>().concat()
}

/// The rows of May and June 2024 of a council's three views, as at the end of the year.
async fn may_and_june(app: &TestApp, authority: &str) -> [Value; 2] {
    let span = "every=month&from=2024-05-01&to=2024-06-30&as_at=2024-12-31";
    let answer = app.get(&format!("/v1/stats/ehc-three-views?authority={authority}&{span}")).await.json();
    let rows: Vec<Value> = answer["data"].as_array().unwrap().clone();
    rows.try_into().unwrap()
}

fn number(row: &Value, column: &str) -> f64 {
    row[column].as_f64().unwrap()
}

#[actix_web::test]
async fn a_month_that_clears_old_cases_lowers_dfes_view_and_not_the_view_by_request() {
    let app = TestApp::sqlite("2024-12-31");
    for (authority, cleared_on) in [("301", Some(date("2024-06-17"))), ("302", None)] {
        let file = format!(
            "external_id,child_ref,received_on,final_sent_on\n{}{}",
            steady_requests(),
            old_requests(cleared_on)
        );
        let answer = app.csv(&format!("/v1/imports?type=ehc-requests&authority={authority}"), file).await.json();
        assert_eq!((&answer["created"], &answer["rejected"]), (&json!(180), &json!(0)));
    }

    let [may, june] = may_and_june(&app, "301").await;
    let (before, clearing) = (number(&may, "pc_issued_within_20_weeks"), number(&june, "pc_issued_within_20_weeks"));
    assert_eq!((before, clearing), (80.0, 20.0));
    assert!(
        clearing < before,
        "DfE counts plans in the month they are issued, so thirty old cases cleared in June join June's denominator, all \
         of them late, though each would have been later still: {before}% fell to {clearing}%"
    );
    let (before, clearing) = (number(&may, "km_pc_within_20_weeks"), number(&june, "km_pc_within_20_weeks"));
    assert_eq!((before, clearing), (80.0, 80.0));
    assert!(
        clearing >= before,
        "by request a case counts in the month it was received, so old cases, whenever they are cleared, stay in the \
         months of 2023, and who asked in June was served as fast as who asked in May: {before}%, then {clearing}%"
    );
    let (before, clearing) = (number(&may, "overdue"), number(&june, "overdue"));
    assert!(
        clearing + 30.0 <= before,
        "the backlog is what clearing mends: thirty fewer are overdue at the end of June: {before}, then {clearing}"
    );
    assert!(number(&june, "deadline_debt_days") < number(&may, "deadline_debt_days"), "and their days are paid");

    let [may, june] = may_and_june(&app, "302").await;
    assert_eq!(
        (number(&may, "pc_issued_within_20_weeks"), number(&june, "pc_issued_within_20_weeks")),
        (80.0, 80.0),
        "a council that leaves its oldest cases looks better by DfE's view, which does not see what is not issued"
    );
    assert_eq!(
        june["open_longest_days"].as_u64(),
        may["open_longest_days"].as_u64().map(|days| days + 30),
        "only the backlog shows them: open as before, and thirty days older"
    );
}
