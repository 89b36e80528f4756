//! Files as they come from spreadsheets and by accident: what is wrong is said, and the rows around it are answered.

use std::fmt::Write;

use actix_web::test::TestRequest;
use serde_json::Value;

use super::imports::{URL, counts, receipts};
use super::support::{Answer, TestApp};

const HEADER: &str = "external_id,child_ref,discipline,received_on\n";

fn row(number: usize) -> String {
    format!("R-{number},KID-{number},physiotherapy,2025-01-06\n")
}

async fn lines(app: &TestApp, answer: &Answer) -> Vec<u64> {
    receipts(app, answer).await.iter().map(|receipt| receipt["line"].as_u64().unwrap()).collect()
}

/// The first fault of a file that was not begun.
fn fault(answer: &Answer) -> (Value, String) {
    let fault = answer.json()["errors"][0].clone();
    (fault["code"].clone(), fault["message"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned())
}

#[actix_web::test]
async fn a_quote_that_is_never_closed_costs_one_row() {
    for app in TestApp::each("2025-03-31") {
        let mut file = HEADER.replace('\n', ",note\n");
        (2..=3).for_each(|line| file.push_str(&row(line).replace('\n', ",\n")));
        file.push_str("R-4,\"KID-4,physiotherapy,2025-01-06\r\n\r\n");
        // More than the longest row: the stray quote cannot reach the end of the file.
        let note = "note ".repeat(200);
        (6..=1_505).for_each(|line| file.push_str(&row(line).replace('\n', &format!(",{note}\n"))));
        let answer = app.csv(URL, file).await;
        assert_eq!(counts(&answer), [2 + 1_500, 0, 0, 1], "{}", answer.text);
        let receipts = receipts(&app, &answer).await;
        assert_eq!((&receipts[2]["line"], &receipts[2]["errors"][0]["code"]), (&4.into(), &"row_too_long".into()));
        let message = receipts[2]["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("on line 4 for a quote"), "{message}");
        for (place, line) in [(1, 3), (3, 6), (1_502, 1_505)] {
            assert_eq!(
                (&receipts[place]["line"], &receipts[place]["external_id"]),
                (&line.into(), &format!("R-{line}").into())
            );
        }
    }
}

#[actix_web::test]
async fn rows_that_a_stray_quote_would_swallow_are_answered_each() {
    for app in TestApp::each("2025-03-31") {
        for end in ["\n", "\r\n"] {
            let header = "external_id,child_ref,discipline,received_on,note";
            let row = |number: u32, note: &str| format!("R-{number},KID-{number},physiotherapy,2025-01-06,{note}");
            // The first quote would be closed by the next one, and the last by nothing; the notes between are as they must be.
            let rows = [
                header.to_owned(),
                row(2, "\"stray"),
                row(3, "plain"),
                row(4, "\"two\nlines, \"\"quoted\"\"\""),
                row(6, ""),
                row(7, "\"stray again"),
                row(8, ""),
            ];
            let answer = app.csv(URL, rows.join(end) + end).await;
            let receipts = receipts(&app, &answer).await;
            let found: Vec<_> = receipts
                .iter()
                .map(|receipt| (receipt["line"].as_u64().unwrap(), receipt["errors"][0]["code"].as_str().unwrap_or("")))
                .collect();
            let open = "quote_not_closed";
            assert_eq!(found, [(2, open), (3, ""), (4, ""), (6, ""), (7, open), (8, "")], "{}", answer.text);
        }
    }
}

#[actix_web::test]
async fn a_file_of_endless_rows_is_given_up_and_what_was_answered_is_kept() {
    for app in TestApp::each("2025-03-31") {
        // Each line opens a quote, and closes that of the line before only to open another.
        let file = format!("{HEADER}{}{}", row(2), "\"a\",\"\n".repeat(400_000));
        let answer = app.csv(URL, file).await;
        assert_eq!(answer.json()["code"], "cut_off", "{}", answer.text);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("too many rows cannot be told apart; the row on line 18"), "{detail}");
        let import = app.get("/v1/imports").await.json()["data"][0].clone();
        assert_eq!(
            (&import["state"], &import["created"], &import["rejected"]),
            (&"failed".into(), &1.into(), &15.into())
        );
    }
}

#[actix_web::test]
async fn a_line_without_an_end_is_a_row_too_long_whatever_the_format() {
    for app in TestApp::each("2025-03-31") {
        let long = "x".repeat(3 << 20);
        let answer = app.csv(URL, format!("{HEADER}{}R-3,{long}\n{}", row(2), row(4))).await;
        assert_eq!((counts(&answer), lines(&app, &answer).await), ([2, 0, 0, 1], vec![2, 3, 4]), "{}", answer.text);
        let object = |number: usize| {
            format!(
                "{{\"external_id\":\"R-{number}\",\"child_ref\":\"KID-{number}\",\"discipline\":\"physiotherapy\",\"received_on\":\"2025-01-06\"}}\n"
            )
        };
        let body = format!("{}{{\"external_id\":\"{long}\"}}\n{}", object(2), object(4));
        let request = TestRequest::post().uri(URL).insert_header(("Content-Type", "application/x-ndjson"));
        let answer = app.send(request.set_payload(body)).await;
        assert_eq!((counts(&answer), lines(&app, &answer).await), ([0, 0, 2, 1], vec![1, 2, 3]), "{}", answer.text);
        assert_eq!(receipts(&app, &answer).await[1]["errors"][0]["code"], "row_too_long");
    }
}

#[actix_web::test]
async fn long_cells_are_cut_where_they_are_kept() {
    for app in TestApp::each("2025-03-31") {
        let file = format!("provider_ref,name\nRAT,\"{}\u{e9}\"\n", "1".repeat(299));
        let answer = app.csv("/v1/imports?type=providers&authority=301", file).await;
        assert_eq!(counts(&answer), [0, 0, 0, 1], "{}", answer.text);
        let rejected = app.get(answer.json()["rejected_rows"].as_str().unwrap()).await.text;
        assert!(rejected.len() < 600, "{rejected}");
    }
}

#[actix_web::test]
async fn lines_are_those_an_editor_shows() {
    let app = TestApp::sqlite("2025-03-31");
    let file = format!("{HEADER}{}\n{}R-5,\"KID\n5\",physiotherapy,2025-01-06\n\n{}", row(2), row(4), row(8));
    for text in [file.clone(), file.replace('\n', "\r\n"), format!("\u{feff}{file}"), format!("{file}\n\n")] {
        let answer = app.csv(URL, text.clone()).await;
        assert_eq!(lines(&app, &answer).await, [2, 4, 5, 8], "{text:?}");
    }
}

#[actix_web::test]
async fn what_a_spreadsheet_adds_is_ignored() {
    for app in TestApp::each("2025-03-31") {
        let file = ",external_id,child_ref,discipline,received_on,,\n\
            0,R-1,KID-1,physiotherapy,2025-01-06,,\n,,,,,,\n , ,\n1,R-2,KID-2,chess,2025-01-06,,\n\
            2,R-3,KID-3,physiotherapy,2025-01-06,extra,\n";
        let answer = app.csv(URL, file).await;
        assert_eq!(counts(&answer), [1, 0, 0, 2], "{}", answer.text);
        assert_eq!(answer.json()["unknown_columns"], serde_json::json!(["column 1, which has no name"]));
        let receipts = receipts(&app, &answer).await;
        assert_eq!((&receipts[1]["line"], &receipts[1]["errors"][0]["field"]), (&5.into(), &"discipline".into()));
        assert_eq!(receipts[2]["errors"][0]["code"], "wrong_number_of_cells");
    }
}

#[actix_web::test]
async fn a_file_of_another_kind_is_told_what_it_is_and_what_to_do() {
    let app = TestApp::sqlite("2025-03-31");
    let file = format!("{HEADER}{}", row(2));
    let utf16 = |mark: &str| format!("{mark}{file}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let cases = [
        (file.replace(',', ";").into_bytes(), "wrong_separator", "semicolons"),
        (file.replace(',', "\t").into_bytes(), "wrong_separator", "tabs"),
        (utf16("\u{feff}"), "not_utf8", "UTF-16"),
        (utf16(""), "not_utf8", "UTF-16 without a byte order mark"),
        (b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), "not_text", "gzip"),
        (b"PK\x03\x04\x14\0".to_vec(), "not_text", "Excel workbook"),
    ];
    for (body, code, word) in cases {
        let answer = app.csv(URL, body).await;
        let (found, message) = fault(&answer);
        assert_eq!((answer.status.as_u16(), &found), (422, &code.into()), "{}", answer.text);
        assert!(message.contains(word), "{message}");
        assert!(message.contains("CSV UTF-8 (comma delimited)") || code == "not_text", "{message}");
    }
    let request = TestRequest::post().uri(URL).insert_header(("Content-Type", "text/csv"));
    let answer = app.send(request.insert_header(("Content-Encoding", "gzip")).set_payload("x")).await;
    assert_eq!(answer.status, 415);
    assert!(answer.json()["detail"].as_str().unwrap().contains("is `gzip`; send the file unpacked"), "{}", answer.text);
    let request = TestRequest::post().uri(URL).insert_header(("Content-Type", "text/csv"));
    let answer = app.send(request.insert_header(("Content-Encoding", "identity")).set_payload(file)).await;
    assert_eq!(answer.status, 201);
}

#[actix_web::test]
async fn a_header_without_a_key_is_told_every_column_that_would_do() {
    let app = TestApp::sqlite("2025-03-31");
    let wide = app.csv(URL, format!("external_id{}\n", ",x".repeat(2_000))).await;
    assert_eq!(wide.faults(), ["/file too_many_columns"]);
    let mut shown = String::new();
    for noun in ["children", "referrals"] {
        let (code, message) =
            fault(&app.csv(&format!("/v1/imports?type={noun}&authority=301"), "priority,sex\n").await);
        writeln!(shown, "{code} {message}").unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
    "missing_column" is required: a file of children needs a column external_id or child_ref to find each row's record again
    "missing_column" is required: a file of referrals needs a column external_id to find each row's record again
    "#);
}
