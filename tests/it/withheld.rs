//! What an import keeps of rejected rows: enough to correct them, and no name or number of a child.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::imports::{URL, counts, receipts};
use super::support::{Answer, TestApp};

/// The file of rejected rows, with its header; every row has as many cells as the header.
async fn rejected(app: &TestApp, answer: &Answer) -> (Vec<Vec<String>>, String) {
    let text = app.get(answer.json()["rejected_rows"].as_str().unwrap()).await.text;
    let cells = |record: Result<csv::StringRecord, csv::Error>| record.unwrap().iter().map(str::to_owned).collect();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    (reader.records().map(cells).collect(), text)
}

async fn ndjson(app: &TestApp, lines: &str) -> Answer {
    let request = TestRequest::post().uri(URL).insert_header(("Content-Type", "application/x-ndjson"));
    app.send(request.set_payload(lines.to_owned())).await
}

/// Everything the import of an answer keeps.
async fn kept(app: &TestApp, answer: &Answer) -> String {
    let receipts = app.get(answer.json()["receipts"].as_str().unwrap()).await.text;
    format!("{}{}{receipts}", answer.text, rejected(app, answer).await.1)
}

#[actix_web::test]
async fn no_name_and_no_number_of_a_child_is_kept_wherever_it_stood() {
    let secrets = [
        "Jane Smith",
        "943 476 5870",
        "9434765870",
        "NHS/943/476/5870",
        "G301400019012",
        "upn:g301-4000-19012",
        "Smith",
        "O'Brien, Jane",
    ];

    for app in TestApp::each("2025-03-31") {
        let answer =
            app.csv(URL, "external_id,child_ref,discipline,received_on\nR-1,KID-1,physiotherapy,SMITH\n").await;
        assert!(!kept(&app, &answer).await.contains("SMITH"), "a word in the place of a date may be a name");
        for secret in secrets {
            let cell = format!("\"{secret}\"");
            // One word without a digit may be an external id.
            let external = if secret == "Smith" { "R-1" } else { &cell };
            let file = format!(
                "external_id,child_ref,discipline,received_on,Surname,ehc_request_id,notes\n\
                 {external},KID-1,physiotherapy,2025-01-06,,EHC-9,\n\
                 R-2,{cell},physiotherapy,2025-01-06,{cell},,\n\
                 R-3,KID-1,{cell},2025-01-06,,,{cell}\n\
                 R-4,KID-1,physiotherapy,{cell},,{cell},\n\
                 R-5,KID-1,physiotherapy,2025-1-6,{cell},,called {secret} at home\n\
                 R-6,KID-1,physiotherapy,2025-01-06,,,,{cell}\n"
            );
            let answer = app.csv(URL, file).await;
            assert_eq!(counts(&answer), [0, 0, 0, 6], "{}", answer.text);
            let kept = kept(&app, &answer).await;
            assert!(!kept.contains(secret), "{secret}: {kept}");
            let (rows, _) = rejected(&app, &answer).await;
            assert_eq!(rows[2][1], "(withheld)");
            assert_eq!(
                (rows[5][3].as_str(), rows[5][4].as_str(), rows[5][6].as_str()),
                ("2025-1-6", "(withheld)", "(withheld)")
            );
            let line = json!({ "external_id": external, "child_ref": secret, "discipline": [secret], "received_on": secret,
                "source_system": [1], "ehc_request_id": secret, "provider_ref": { "name": secret } });
            let answer = ndjson(&app, &line.to_string()).await;
            assert_eq!(counts(&answer), [0, 0, 0, 1], "{}", answer.text);
            let kept = self::kept(&app, &answer).await;
            assert!(!kept.contains(secret), "{secret}: {kept}");
        }
    }
}

#[actix_web::test]
async fn what_names_nobody_is_kept_for_correction() {
    for app in TestApp::each("2025-03-31") {
        let file = "external_id,child_ref,discipline,received_on,ehc_request_id\n\
            CASE-2024-000123,KID-1,OT,06/01/2025 00:00,EHC-301-00013\n";
        let answer = app.csv(URL, file).await;
        let (rows, _) = rejected(&app, &answer).await;
        assert_eq!(rows[1][..5], ["CASE-2024-000123", "KID-1", "OT", "06/01/2025 00:00", "EHC-301-00013"]);
        assert_eq!(receipts(&app, &answer).await[0]["external_id"], "CASE-2024-000123");
    }
}

#[actix_web::test]
async fn a_withheld_cell_that_is_sent_back_is_no_value() {
    for app in TestApp::each("2025-03-31") {
        let answer = app.csv("/v1/imports?type=providers&authority=301", "provider_ref,name\nRAT,(withheld)\n").await;
        assert_eq!(counts(&answer), [0, 0, 0, 1], "{}", answer.text);
        assert_eq!(receipts(&app, &answer).await[0]["errors"][0]["code"], "withheld");
    }
}

#[actix_web::test]
async fn control_characters_in_names_are_made_harmless_on_every_engine() {
    for app in TestApp::each("2025-03-31") {
        let file =
            "external_id,child_ref,discipline,received_on,co\0lour,\"two\nlines\"\nR-1,KID-1,chess,2025-01-06,x,y\n";
        let answer = app.csv(URL, file).await;
        assert_eq!(counts(&answer), [0, 0, 0, 1], "{}", answer.text);
        assert_eq!(answer.json()["unknown_columns"], json!(["co\u{fffd}lour", "two\u{fffd}lines"]));
        let (rows, _) = rejected(&app, &answer).await;
        assert_eq!(rows[0][4..6], ["co\u{fffd}lour", "two\u{fffd}lines"]);
        let line = "{\"external_id\":\"R-2\",\"a\\u0000b\":1,\"child_ref\":\"KID\\u00001\",\"9434765870\":1}";
        let answer = ndjson(&app, line).await;
        assert_eq!(counts(&answer), [0, 0, 0, 1], "{}: {}", app.database.name, answer.text);
        let fields: Vec<Value> = receipts(&app, &answer).await[0]["errors"].as_array().unwrap().clone();
        assert_eq!((&fields[0]["field"], &fields[1]["field"]), (&json!("a\u{fffd}b"), &json!("(withheld)")));
    }
}

#[actix_web::test]
async fn rejected_rows_line_up_with_their_header() {
    for app in TestApp::each("2025-03-31") {
        let file = "external_id,child_ref,Error_Code,discipline,received_on\n\
            R-1,KID-1,old\n\
            R-2,KID-2,old,physiotherapy,2025-01-06,R-3,\"red, or so\"\n";
        let answer = app.csv(URL, file).await;
        assert_eq!(counts(&answer), [0, 0, 0, 2], "{}", answer.text);
        let wide = app.csv(URL, format!("external_id\nR-1{}\n", ",x".repeat(100_000))).await;
        assert!(rejected(&app, &wide).await.1.len() < 1_000, "{}", wide.text);
        let (rows, _) = rejected(&app, &answer).await;
        let own = ["external_id", "child_ref", "discipline", "received_on"];
        assert_eq!(rows[0][..4], own);
        assert_eq!(rows[0][4..], ["error_code", "error_field", "error_message", "surplus_cells"]);
        assert_eq!(rows[1][..4], ["R-1", "KID-1", "", ""]);
        assert_eq!(rows[2][..4], ["R-2", "KID-2", "physiotherapy", "2025-01-06"]);
        assert_eq!((rows[1][7].as_str(), rows[2][7].as_str()), ("", "R-3 | (withheld)"));
    }
}

#[actix_web::test]
async fn a_spreadsheet_takes_no_cell_for_a_formula_and_the_guard_is_taken_off_again() {
    for app in TestApp::each("2025-03-31") {
        let file = "external_id,child_ref,discipline,received_on,=1+1\n-7,KID-1,chess,-,x\n";
        let answer = app.csv(URL, file).await;
        assert_eq!(counts(&answer), [0, 0, 0, 1]);
        assert_eq!(receipts(&app, &answer).await[0]["external_id"], "-7");
        let (rows, text) = rejected(&app, &answer).await;
        assert_eq!((rows[0][4].as_str(), rows[1][0].as_str(), rows[1][3].as_str()), ("'=1+1", "'-7", "'-"));
        let corrected = text.replace("chess,'-", "physiotherapy,2025-01-06");
        let again = app.csv(URL, corrected).await;
        assert_eq!(counts(&again), [1, 0, 0, 0], "{}", again.text);
        assert_eq!(app.get("/v1/referrals?external_id=-7").await.json()["data"].as_array().unwrap().len(), 1);
    }
}
