//! Bank holidays: the government's list of ten years, and what a reader of that list is given.

use chrono::NaiveDate;
use serde_json::json;
use twentyweeks::domain::bank_holiday::bank_holidays;

use super::support::TestApp;

/// Month and day of each, as published; `s` marks a substitute day.
const PUBLISHED: [(i32, &str); 10] = [
    (2018, "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26"),
    (2019, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26"),
    (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28s"),
    (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27s 12-28s"),
    (2022, "01-03s 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27s"),
    (2023, "01-02s 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
    (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
    (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
    (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28s"),
    (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27s 12-28s"),
];

#[test]
fn ten_years_are_as_published() {
    for (year, published) in PUBLISHED {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let found = bank_holidays(day(1, 1), day(12, 31))
            .map(|(date, holiday)| format!("{}{}", date.format("%m-%d"), if holiday.is_substitute { "s" } else { "" }));
        assert_eq!(found.collect::<Vec<_>>().join(" "), published, "{year}");
    }
}

#[actix_web::test]
async fn the_list_has_the_shape_of_the_governments() {
    let app = TestApp::sqlite("2025-03-31");
    let list = app.get("/v1/bank-holidays?from=2021-12-01&to=2022-04-15").await.json();
    let event = |title: &str, date: &str, notes: &str, bunting: bool| json!({ "title": title, "date": date, "notes": notes, "bunting": bunting });
    let events = [
        event("Christmas Day", "2021-12-27", "Substitute day", true),
        event("Boxing Day", "2021-12-28", "Substitute day", true),
        event("New Year’s Day", "2022-01-03", "Substitute day", true),
        event("Good Friday", "2022-04-15", "", false),
    ];
    assert_eq!(list, json!({ "england-and-wales": { "division": "england-and-wales", "events": events } }));
    // Without days: from last year to the year after next.
    let events = app.get("/v1/bank-holidays").await.json()["england-and-wales"]["events"].as_array().unwrap().clone();
    assert_eq!((&events[0]["date"], &events[events.len() - 1]["date"]), (&json!("2024-01-01"), &json!("2027-12-28")));
    let faults = app.get("/v1/bank-holidays?from=2025-01-02&to=2025-01-01").await.faults();
    assert_eq!(faults, ["/to out_of_order"]);
    assert_eq!(app.get("/v1/bank-holidays?from=1991-01-01&to=2099-01-01").await.faults(), ["/to too_many"]);
}
