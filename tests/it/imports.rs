//! Imports: every row answered, nothing lost, nothing written twice.

use serde_json::{Value, json};

use super::support::{Answer, TestApp};

const FILE: &str = "external_id,child_ref,discipline,received_on,first_contact_on\n\
    R-1,KID-1,physiotherapy,2025-01-06,\n\
    R-2,KID-2,occupational_therapy,2025-01-07,2025-02-01\n\
    R-3,KID-1,speech_and_language_therapy,2025-01-08,\n";

pub const URL: &str = "/v1/imports?type=referrals&authority=301";

pub fn counts(answer: &Answer) -> [i64; 4] {
    let body = answer.json();
    ["created", "updated", "unchanged", "rejected"].map(|name| body[name].as_i64().unwrap_or_else(|| panic!("{body}")))
}

pub async fn receipts(app: &TestApp, answer: &Answer) -> Vec<Value> {
    let path = answer.json()["receipts"].as_str().unwrap().to_owned();
    app.get(&path).await.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[actix_web::test]
async fn the_same_file_again_is_all_unchanged() {
    for app in TestApp::each("2025-03-31") {
        let first = app.csv(URL, FILE).await;
        assert_eq!((first.status.as_u16(), counts(&first)), (201, [3, 0, 0, 0]), "{}", first.text);
        let again = app.csv(URL, FILE).await;
        assert_eq!(counts(&again), [0, 0, 3, 0]);
        let receipts = receipts(&app, &again).await;
        assert_eq!(
            receipts[1],
            json!({ "line": 3, "external_id": "R-2", "outcome": "unchanged", "id": "ref_301_4", "version": 4 })
        );
        let changed = app.csv(URL, FILE.replace("2025-01-08,", "2025-01-08,2025-03-01")).await;
        assert_eq!(counts(&changed), [0, 1, 2, 0]);
        let list = app.get("/v1/imports").await.json();
        assert_eq!(list["data"].as_array().unwrap().len(), 3);
    }
}

#[actix_web::test]
async fn bad_rows_never_stop_the_rest_and_come_back_as_a_file() {
    for app in TestApp::each("2025-03-31") {
        let file = "External ID,Child-Ref,discipline,received_on,colour\r\n\
            R-1,KID-1,physiotherapy,2025-01-06,blue\r\n\
            R-2,KID-2,OT,06/01/2025,\"red, or so\"\r\n\
            R-3,9434765870,physiotherapy,2025-01-06,\r\n\
            R-4,KID-4,physiotherapy\r\n\
            ,KID-5,physiotherapy,2025-01-06,\r\n\
            R-6,KID-6,physiotherapy,2025-01-06,\r\n";
        let answer = app.csv(URL, format!("\u{feff}{file}")).await;
        assert_eq!(counts(&answer), [2, 0, 0, 4], "{}", answer.text);
        assert_eq!(answer.json()["unknown_columns"], json!(["colour"]));
        let rejected = app.get(answer.json()["rejected_rows"].as_str().unwrap()).await;
        assert_eq!(rejected.header("content-type"), Some("text/csv; charset=utf-8"));
        let mut reader = csv::Reader::from_reader(rejected.text.as_bytes());
        let header: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(
            header,
            [
                "External ID",
                "Child-Ref",
                "discipline",
                "received_on",
                "colour",
                "error_code",
                "error_field",
                "error_message",
                "surplus_cells"
            ]
        );
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!((&rows[0][0], &rows[0][4], &rows[0][5]), ("R-2", "(withheld)", "not_allowed | not_a_date"));
        assert_eq!((&rows[1][1], &rows[1][5]), ("(withheld)", "identifier_refused"));
        assert!(!rejected.text.contains("9434765870"));
        let corrected = rejected
            .text
            .replace("OT,06/01/2025", "occupational_therapy,2025-01-06")
            .replace("R-3,(withheld)", "R-3,KID-3");
        let again = app.csv(URL, corrected).await;
        assert_eq!(
            counts(&again),
            [2, 0, 0, 2],
            "the file of rejected rows is imported as it is, once corrected: {}",
            again.text
        );
        assert_eq!(again.json()["unknown_columns"], json!(["colour"]));
    }
}

#[actix_web::test]
async fn a_row_changes_the_fields_whose_columns_the_file_has() {
    for app in TestApp::each("2025-03-31") {
        app.csv(URL, FILE).await;
        let answer = app.csv(URL, "external_id,priority,first_contact_on\nR-2,urgent,\n").await;
        assert_eq!(counts(&answer), [0, 1, 0, 0], "{}", answer.text);
        let referral = app.get("/v1/referrals/ref_301_4").await.json();
        assert_eq!(referral["priority"], "urgent");
        assert_eq!(referral["first_contact_on"], Value::Null, "an empty cell clears");
        assert_eq!(referral["child_ref"], "KID-2", "a column the file has not stays");
    }
}

#[actix_web::test]
async fn a_dry_run_answers_every_row_and_writes_nothing() {
    for app in TestApp::each("2025-03-31") {
        let answer = app.csv(&format!("{URL}&dry_run=true"), format!("{FILE}R-9,KID-9,chess,2025-01-06,\n")).await;
        assert_eq!((answer.status.as_u16(), counts(&answer)), (200, [3, 0, 0, 1]));
        assert!(answer.json()["rejected_csv"].as_str().unwrap().contains("R-9,KID-9,chess"));
        assert_eq!(app.get("/v1/changes?authority=301").await.json()["data"], json!([]));
        assert_eq!(app.get("/v1/imports").await.json()["data"], json!([]));
        assert_eq!(counts(&app.csv(URL, FILE).await), [3, 0, 0, 0]);
    }
}

#[actix_web::test]
async fn dates_are_never_guessed() {
    let app = TestApp::sqlite("2025-03-31");
    let file = "external_id,child_ref,discipline,received_on\nR-1,KID-1,physiotherapy,03/02/2025\nR-2,KID-2,physiotherapy,2025-02-03\n";
    assert_eq!(counts(&app.csv(URL, file).await), [1, 0, 0, 1]);
    let said = app.csv(&format!("{URL}&date_format=dd/mm/yyyy"), file).await;
    assert_eq!(counts(&said), [1, 0, 0, 1]);
    assert_eq!(app.get("/v1/referrals?external_id=R-1").await.json()["data"][0]["received_on"], "2025-02-03");
}

#[actix_web::test]
async fn ndjson_is_read_like_the_api() {
    for app in TestApp::each("2025-03-31") {
        let lines = "{\"external_id\":\"R-1\",\"child_ref\":\"KID-1\",\"discipline\":\"physiotherapy\",\"received_on\":\"2025-01-06\"}\r\n\
            \n{\"external_id\":\"R-2\",\"colour\":1}\nnot json\n\
            {\"external_id\":\"R-3\",\"child_ref\":\"KID-3\",\"discipline\":\"physiotherapy\",\"received_on\":\"2025-01-06\",\"priority\":null}";
        let request =
            actix_web::test::TestRequest::post().uri(URL).insert_header(("Content-Type", "application/x-ndjson"));
        let answer = app.send(request.set_payload(lines)).await;
        assert_eq!(counts(&answer), [2, 0, 0, 2], "{}", answer.text);
        let receipts = receipts(&app, &answer).await;
        assert_eq!(receipts[1]["errors"][0]["code"], "unknown_field");
        assert_eq!(receipts[2]["errors"][0]["code"], "not_json");
    }
}

#[actix_web::test]
async fn a_header_that_cannot_be_used_stops_the_import_before_it_begins() {
    let app = TestApp::sqlite("2025-03-31");
    let answer = app.csv(URL, "child_ref,discipline,Discipline\nKID-1,physiotherapy,physiotherapy\n").await;
    assert_eq!(answer.faults(), ["/discipline duplicate_column", "/external_id missing_column"]);
    assert_eq!(app.csv(URL, "").await.faults(), ["/file empty_file"]);
    assert_eq!(app.get("/v1/imports").await.json()["data"], json!([]));
    let wrong = app.csv("/v1/imports?type=referral", FILE).await;
    assert_eq!(wrong.json()["code"], "invalid_query");
}

#[actix_web::test]
async fn bytes_that_are_not_text_reject_their_row_only() {
    for app in TestApp::each("2025-03-31") {
        let mut file = b"provider_ref,name\nRAT,Example\nRAU,Caf".to_vec();
        file.extend_from_slice(b"\xe9\nRAV,with\0nul\nRAW,\"two\nlines\"\nRAX,Good\n");
        let answer = app.csv("/v1/imports?type=providers&authority=301", file).await;
        assert_eq!(counts(&answer), [2, 0, 0, 3], "{}", answer.text);
        let codes: Vec<_> =
            receipts(&app, &answer).await.iter().map(|row| row["errors"][0]["code"].to_string()).collect();
        assert_eq!(codes, ["null", "\"not_utf8\"", "\"character_not_allowed\"", "\"character_not_allowed\"", "null"]);
    }
}

#[actix_web::test]
async fn the_same_external_id_twice_in_one_file_is_one_record() {
    for app in TestApp::each("2025-03-31") {
        let file = format!("{FILE}R-1,KID-1,physiotherapy,2025-01-06,2025-02-02\n");
        assert_eq!(counts(&app.csv(URL, file).await), [3, 1, 0, 0]);
        assert_eq!(app.get("/v1/referrals/ref_301_2").await.json()["first_contact_on"], "2025-02-02");
        let checks = app.app.verify_ledger(None).unwrap();
        assert!(checks[0].flaws.is_empty(), "{checks:?}");
    }
}

#[actix_web::test]
async fn a_link_is_looked_up_in_the_row_s_own_source_system() {
    for app in TestApp::each("2025-03-31") {
        let cases = "source_system,external_id,child_ref,received_on\nA,E-1,KID-1,2025-01-06\nB,E-1,KID-2,2025-01-07\n";
        let answer = app.csv("/v1/imports?type=ehc-requests&authority=301", cases).await;
        assert_eq!(counts(&answer), [2, 0, 0, 0], "{}", answer.text);
        let file = "source_system,external_id,child_ref,discipline,received_on,ehc_request_id\n\
            A,R-1,KID-1,physiotherapy,2025-01-08,E-1\nB,R-1,KID-2,physiotherapy,2025-01-08,E-1\n\
            C,R-1,KID-2,physiotherapy,2025-01-08,E-1\n";
        let answer = app.csv(URL, file).await;
        assert_eq!(counts(&answer), [2, 0, 0, 1], "{}", answer.text);
        for source in ["A", "B"] {
            let one = |noun: &str| format!("/v1/{noun}?source_system={source}&authority=301");
            let case = app.get(&one("ehc-requests")).await.json()["data"][0]["id"].clone();
            let referral = app.get(&one("referrals")).await.json();
            assert_eq!(referral["data"][0]["ehc_request_id"], case, "{source}: {referral}");
        }
    }
}
