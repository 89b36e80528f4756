//! A planner's sheets: taken in as one set, and told row by row what is missing.

use std::fmt::Write as _;
use std::process::Command;

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::imports::counts;
use super::planner_example::example;
use super::support::{Answer, Database, TestApp, project};

pub const FOLDER: &str = "deploy/planner";

pub const TODAY: &str = "2025-01-16";

/// A sheet: its name and its text.
pub type Sheet = (String, String);

fn sheet(name: &str, text: &str) -> Sheet {
    (name.to_owned(), text.to_owned())
}

/// Sends sheets as `curl -F` does.
pub async fn send(app: &TestApp, query: &str, sheets: &[Sheet]) -> Answer {
    let mut body = String::new();
    for (name, text) in sheets {
        body.push_str("--between\r\nContent-Disposition: form-data; name=\"");
        write!(body, "{name}\"; filename=\"{name}.csv\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n").unwrap();
    }
    body.push_str("--between--\r\n");
    let request = TestRequest::post().uri(&format!("/v1/imports/set?authority=301{query}"));
    let request = request.insert_header(("Content-Type", "multipart/form-data; boundary=between"));
    app.send(request.set_payload(body)).await
}

/// The faults of an answer, each as `sheet line field code`.
pub fn faults(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    let fault = |fault: &Value| {
        format!("{} {} {} {}", text(fault, "sheet"), fault["line"], text(fault, "field"), text(fault, "code"))
    };
    body["faults"].as_array().unwrap_or_else(|| panic!("{body}")).iter().map(fault).collect()
}

#[actix_web::test]
async fn a_dry_run_answers_every_row_as_if_the_sheets_before_it_were_taken_in_and_writes_nothing() {
    for app in TestApp::each(TODAY) {
        // In another order, too.
        let sheets: Vec<_> = example().into_iter().rev().collect();
        let tried = send(&app, "&dry_run=true", &sheets).await;
        assert_eq!(tried.status, 200, "{}", tried.text);
        assert_eq!(faults(&tried), [""; 0]);
        let body = tried.json();
        let names: Vec<_> = body["sheets"].as_array().unwrap().iter().map(|sheet| sheet["sheet"].clone()).collect();
        assert_eq!(
            names,
            [
                "services",
                "calendars",
                "posts",
                "post-holdings",
                "absences",
                "recruitments",
                "trainees",
                "capacity-rules"
            ]
        );
        for sheet in body["sheets"].as_array().unwrap() {
            let answers = sheet["answers"].as_array().unwrap();
            assert_eq!(Some(i64::try_from(answers.len()).unwrap()), sheet["rows"].as_i64());
            assert_eq!((&sheet["import"], &sheet["receipts"]), (&Value::Null, &Value::Null));
        }
        assert_eq!(
            body["sheets"][2]["answers"][0],
            json!({ "line": 2, "external_id": "SLT-B4", "outcome": "created" })
        );
        assert_eq!(app.get("/v1/changes?authority=301").await.json()["data"], json!([]), "{}", app.database.name);
        assert_eq!(app.get("/v1/imports").await.json()["data"], json!([]));
        let done = send(&app, "", &sheets).await;
        assert_eq!(counts(&done), counts(&tried), "what was tried is what happens");
        let again = send(&app, "&dry_run=true", &sheets).await;
        assert_eq!(counts(&again)[2], counts(&done)[0], "{}", again.text);
    }
}

/// Sheets with a fault in each, and rows that are right around them.
fn faulty() -> Vec<Sheet> {
    vec![
        sheet(
            "capacity-rules",
            "discipline,setting,appointment_type,week,value,starts_on\n\
             physiotherapy,appointment_minutes,first_contact,,90,2024-04-01\n\
             physiotherapy,appointment_minutes,,,90,2024-04-01\n\
             physiotherapy,ramp_agency,,2,1.5,2024-04-01\n",
        ),
        sheet("absences", "worker_ref,kind,starts_on,ends_on\nW-1,sickness,2025-01-06,\nW-9,sickness,2025-01-06,\n"),
        sheet(
            "post-holdings",
            "post_ref,worker_ref,wte,engagement,starts_on\n\
             PT-1,W-1,1,permanent,2024-04-01\n\
             PT-1,Anna Example,1,permanent,2024-04-01\n\
             PT-7,W-2,1.2,loan,\n\
             PT-1,W-1,0.8,permanent,2024-04-01\n",
        ),
        sheet(
            "posts",
            "post_ref,discipline,band,funded_wte,starts_on\nPT-1,physiotherapy,6,2,2024-04-01\nPT-2,physio,6,2,\n",
        ),
        sheet("recruitments", "post_ref,round,approved_on,outcome\nPT-1,1,2024-10-01,nobody_suitable\n"),
        sheet(
            "trainees",
            "trainee_ref,discipline,programme,qualifies_on,retention_probability,wte\nT-1,physiotherapy,other,2025-07-01,60%,1\n",
        ),
    ]
}

#[actix_web::test]
async fn every_fault_of_every_sheet_is_told_with_its_line() {
    for app in TestApp::each(TODAY) {
        let expected = [
            "posts 3 discipline not_allowed",
            "posts 3 starts_on required",
            "post-holdings 3 worker_ref name_refused",
            "post-holdings 4 wte number_out_of_range",
            "post-holdings 4 engagement not_allowed",
            "post-holdings 4 starts_on required",
            "post-holdings 5 row duplicate_row",
            "absences 3 worker_ref not_found",
            "recruitments 2 outcome_on required",
            "trainees 2 retention_probability not_a_number",
            "capacity-rules 3 appointment_type required",
            "capacity-rules 4 value number_out_of_range",
        ];
        let tried = send(&app, "&dry_run=true", &faulty()).await;
        assert_eq!(faults(&tried), expected, "{}", app.database.name);
        let done = send(&app, "", &faulty()).await;
        assert_eq!(faults(&done), expected);
        assert_eq!(counts(&done), [4, 0, 0, 9], "{}", done.text);
        let twin = "must differ from line 2 in one of post_ref, worker_ref, starts_on, by which post-holdings are told apart; keep one of the two";
        for answer in [&tried, &done] {
            assert!(answer.text.contains(twin), "{}", answer.text);
            assert!(!answer.text.contains("Anna"), "a name is never repeated: {}", answer.text);
        }
        let rejected = app.get(done.json()["sheets"][1]["rejected_rows"].as_str().unwrap()).await;
        assert!(rejected.text.contains("PT-1,(withheld),1,permanent,2024-04-01,name_refused"), "{}", rejected.text);
        assert!(rejected.text.contains("PT-7,W-2,1.2,loan,,"), "{}", rejected.text);
    }
}

#[actix_web::test]
async fn a_set_that_cannot_be_used_is_refused_whole_with_every_reason() {
    let app = TestApp::sqlite(TODAY);
    let unknown =
        send(&app, "", &[sheet("holidays", "a,b\n"), sheet("posts", "post_ref\n"), sheet("rota", "x\n")]).await;
    assert_eq!(unknown.status, 422);
    assert_eq!(unknown.faults(), ["/holidays unknown_sheet", "/rota unknown_sheet"]);
    let allowed = "the sheets are providers, services, calendars, posts, post-holdings, absences, recruitments, trainees, capacity-rules";
    assert!(unknown.text.contains(allowed), "{}", unknown.text);
    let headers = [
        sheet("post-holdings", "post_ref,worker_ref,wte\nP,W-1,1\n"),
        sheet("posts", "post_ref;band\n"),
        sheet("absences", ""),
        sheet("trainees", "trainee_ref,wte\n"),
        sheet("Trainees", "trainee_ref,wte\n"),
    ];
    let refused = send(&app, "", &headers).await;
    assert_eq!(
        refused.faults(),
        [
            "/posts/file wrong_separator",
            "/post-holdings/starts_on missing_column",
            "/absences/file empty_file",
            "/trainees/file duplicate_sheet"
        ],
        "{}",
        refused.text
    );
    assert_eq!(send(&app, "", &[]).await.faults(), ["/set/file empty_set"]);
    assert_eq!(app.get("/v1/imports").await.json()["data"], json!([]));
    let other = TestRequest::post().uri("/v1/imports/set?authority=301").insert_header(("Content-Type", "text/csv"));
    assert_eq!(app.send(other.set_payload("post_ref\n")).await.status, 415);
    let broken = TestRequest::post()
        .uri("/v1/imports/set?authority=301")
        .insert_header(("Content-Type", "multipart/form-data; boundary=x"));
    let broken =
        app.send(broken.set_payload("--x\r\nContent-Disposition: form-data; name=\"posts\"\r\n\r\npost_ref")).await;
    assert_eq!(broken.status, 400, "{}", broken.text);
}

#[actix_web::test]
async fn a_sheet_may_be_missing_and_another_comes_later() {
    for app in TestApp::each(TODAY) {
        let sheets = example();
        let without: Vec<_> = sheets.iter().filter(|(name, _)| name != "post-holdings").cloned().collect();
        let first = send(&app, "", &without).await;
        let absences =
            example().iter().find(|(name, _)| name == "absences").map_or(0, |(_, text)| text.lines().count());
        assert_eq!(
            counts(&first)[3],
            i64::try_from(absences).unwrap() - 1,
            "absences of nobody: {}",
            app.database.name
        );
        let second = send(&app, "", &sheets).await;
        assert_eq!(faults(&second), [""; 0]);
        assert_eq!(counts(&second)[2], counts(&first)[0]);
    }
}

#[actix_web::test]
async fn a_sheet_that_a_spreadsheet_saved_is_read() {
    let app = TestApp::sqlite(TODAY);
    let posts = "\u{feff}Post Ref,Discipline,BAND,Funded WTE,Starts On,,\r\nPT-1,physiotherapy,6,2.00,01/04/2024,,\r\n,,,,,,\r\n,,,,,,\r\n";
    let holdings = "POST_REF,WORKER_REF,WTE,ENGAGEMENT,STARTS_ON,TERM_TIME_ONLY\r\nPT-1,W-1,0.60,permanent,02/09/2024,TRUE\r\n\r\n\r\n";
    let sheets = [sheet("post-holdings", holdings), sheet("posts", posts)];
    let answer = send(&app, "&date_format=dd/mm/yyyy", &sheets).await;
    assert_eq!((faults(&answer), counts(&answer)), (Vec::new(), [2, 0, 0, 0]), "{}", answer.text);
    let plain = holdings.replace("02/09/2024", "2024-09-02").replace("0.60", "0.6").to_ascii_lowercase();
    let again = send(&app, "", &[sheet("post-holdings", &plain.replace("pt-1,w-1", "PT-1,W-1"))]).await;
    assert_eq!(counts(&again), [0, 0, 1, 0], "the same row, however its date was written: {}", again.text);
}

#[actix_web::test]
async fn rows_without_an_external_id_are_told_apart_by_what_they_say() {
    let app = TestApp::sqlite(TODAY);
    let long = "P".repeat(40);
    let posts = format!(
        "post_ref,discipline,band,funded_wte,starts_on\n{long},physiotherapy,6,2,2024-04-01\nA:B,physiotherapy,6,1,2024-04-01\nA,physiotherapy,6,1,2024-04-01\n"
    );
    let holdings = format!(
        "post_ref,worker_ref,wte,engagement,starts_on\n{long},{},1,permanent,2024-04-01\nA:B,1,0.5,permanent,2024-04-01\nA,B:1,0.5,permanent,2024-04-01\n",
        "W-1".repeat(10)
    );
    let rules = "discipline,setting,week,value,starts_on\nphysiotherapy,follow_ups_per_start,08,1,2024-04-01\n";
    let sheets = [sheet("posts", &posts), sheet("post-holdings", &holdings), sheet("capacity-rules", rules)];
    let first = send(&app, "", &sheets).await;
    assert_eq!((faults(&first), counts(&first)), (Vec::new(), [7, 0, 0, 0]));
    let changed = [
        sheet("post-holdings", &holdings.replace("0.5", "0.4")),
        sheet("capacity-rules", &rules.replace("08,1", "8,0.5")),
    ];
    assert_eq!(counts(&send(&app, "", &changed).await), [0, 3, 1, 0]);
    let ids: Vec<_> = app.get("/v1/post-holdings?source_system=planner&limit=10").await.json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["external_id"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.len() == 3 && ids.iter().all(|id| id.len() == 40 && !id.contains(':')), "{ids:?}");
    // A row of its own with an external id is another record, by the sender's own choice.
    let own = "external_id,discipline,setting,week,value,starts_on\nR-1,physiotherapy,ramp_agency,2,1,2024-04-01\n,physiotherapy,ramp_agency,4,1,2024-04-01\n";
    let answer = send(&app, "", &[sheet("capacity-rules", own)]).await;
    assert_eq!(faults(&answer), ["capacity-rules 3 external_id required"]);
}

/// Runs the program on a folder; whether it succeeded, and what it said.
fn import(database: &Database, folder: &std::path::Path, more: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_twentyweeks"))
        .arg("import")
        .arg(folder)
        .args(["--authority", "301", "--today", TODAY, "--database", &database.text()])
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said)
}

#[test]
fn one_command_takes_a_folder() {
    let database = Database::sqlite();
    let (tried, said) = import(&database, &project(FOLDER), &["--dry-run"]);
    assert!(
        tried && said.contains("posts.csv: 13 created, 0 updated, 0 unchanged, 0 rejected (nothing was written)"),
        "{said}"
    );
    let (done, said) = import(&database, &project(FOLDER), &[]);
    assert!(done && said.contains("posts.csv: 13 created, 0 updated, 0 unchanged, 0 rejected\n"), "{said}");
    let folder = TempDir::new().unwrap();
    for (name, text) in faulty() {
        std::fs::write(folder.path().join(format!("{name}.csv")), text).unwrap();
    }
    std::fs::write(folder.path().join("posts.rejected.csv"), "of another day").unwrap();
    let (done, said) = import(&database, folder.path(), &["--dry-run"]);
    assert!(!done && said.contains("post-holdings.csv: 1 created, 0 updated, 0 unchanged, 3 rejected"), "{said}");
    assert!(said.contains("\n  line 4: starts_on is required, but is missing or empty (required)\n"), "{said}");
    assert!(
        said.ends_with("import the folder again. A row that refers to a rejected row is rejected too.\n"),
        "{said}"
    );
    std::fs::write(folder.path().join("holidays.csv"), "a\n").unwrap();
    let (done, said) = import(&database, folder.path(), &[]);
    assert!(!done && said.contains("holidays.csv is no sheet of a set; the sheets are providers, services,"), "{said}");
    let workbook = TempDir::new().unwrap();
    std::fs::write(workbook.path().join("planner.xlsx"), "").unwrap();
    let (done, said) = import(&database, workbook.path(), &[]);
    assert!(!done && said.contains("has no CSV file; save each sheet of a workbook there as"), "{said}");
}
