//! The filled example of a planner's set: it is the demonstration's staff, is taken in whole, and answers the README's walk.

use std::path::PathBuf;

use serde_json::Value;
use twentyweeks::demo::{SEED, census_day, records};
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::capacity_rule::Setting;
use twentyweeks::domain::field::Given;
use twentyweeks::domain::noun::{Noun, Submission};
use twentyweeks::domain::planner::{SHEETS, STAFF};

use super::demo::demo;
use super::imports::counts;
use super::planner::{FOLDER, Sheet, TODAY, faults, send};
use super::support::{Database, TestApp, project};

/// The staff of the demonstration as sheets.
fn made() -> Vec<Sheet> {
    let batches = records(Authority::parse("301").unwrap(), SEED).unwrap();
    let sheets = batches.into_iter().filter(|(noun, _)| SHEETS.contains(noun) && *noun != Noun::Provider);
    let text = |(noun, rows): (Noun, Vec<Submission<'_>>)| {
        let fields = noun.kind().fields.iter().enumerate();
        // Of services and calendars only what the example uses; of staff every column there is.
        let used = |place: usize| rows.iter().any(|row| matches!(row.given[place], Given::Text(_)));
        let fields: Vec<_> = fields.filter(|(place, _)| STAFF.contains(&noun) || used(*place)).collect();
        let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        file.write_record(fields.iter().map(|(_, field)| field.name)).unwrap();
        for row in &rows {
            let cell = |given: &Given<'_>| if let Given::Text(text) = given { text.to_string() } else { String::new() };
            file.write_record(fields.iter().map(|(place, _)| cell(&row.given[*place]))).unwrap();
        }
        (noun.kind().plural.to_owned(), String::from_utf8(file.into_inner().unwrap()).unwrap())
    };
    sheets.map(text).collect()
}

fn path(sheet: &str) -> PathBuf {
    project(FOLDER).join(format!("{sheet}.csv"))
}

/// The example as it stands in the project.
pub fn example() -> Vec<Sheet> {
    let read = |(name, _): Sheet| {
        let text = std::fs::read_to_string(path(&name)).unwrap();
        (name, text)
    };
    made().into_iter().map(read).collect()
}

#[test]
fn the_example_is_the_staff_of_the_demonstration() {
    for (name, text) in made() {
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path(&name), &text).unwrap();
        }
        let committed = std::fs::read_to_string(path(&name)).unwrap_or_default();
        assert!(committed == text, "{name}.csv is not what the demonstration has: run `UPDATE=1 cargo test planner`");
    }
}

#[test]
fn the_readme_of_the_sheets_says_what_each_column_and_setting_means() {
    let readme = std::fs::read_to_string(project(FOLDER).join("README.md")).unwrap();
    let words: Vec<_> = readme.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let columns = |noun: &Noun| noun.kind().fields.iter().map(|field| field.name);
    // The weekdays stand there as the first and the last of them.
    let weekdays = |name: &&str| name.ends_with("day_minutes") && !["monday_minutes", "sunday_minutes"].contains(name);
    let sheets = SHEETS.iter().filter(|noun| STAFF.contains(noun)).flat_map(columns).filter(|name| !weekdays(name));
    let missing: Vec<_> = sheets.chain(Setting::CODES.iter().copied()).filter(|name| !words.contains(name)).collect();
    assert_eq!(missing, [""; 0], "{FOLDER}/README.md does not say what these are");
}

#[actix_web::test]
async fn the_example_is_taken_in_whole_and_again_is_all_unchanged() {
    for app in TestApp::each(TODAY) {
        let first = send(&app, "", &example()).await;
        assert_eq!(first.status, 201, "{}", first.text);
        assert_eq!(faults(&first), [""; 0], "{}", app.database.name);
        let [created, updated, unchanged, rejected] = counts(&first);
        assert!(created > 200 && [updated, unchanged, rejected] == [0, 0, 0], "{created} {}", first.text);
        let again = send(&app, "", &example()).await;
        assert_eq!(counts(&again), [0, 0, created, 0]);
        let receipts = app.get(again.json()["sheets"][3]["receipts"].as_str().unwrap()).await;
        assert!(receipts.text.contains("\"external_id\":\"SLT-B4:W-001:"), "{}", receipts.text);
        assert!(app.app.verify_ledger(None).unwrap().iter().all(|check| check.flaws.is_empty()));
    }
}

/// Sums of a column over the rows of a noun that stand on the census day and that `counts` lets pass, in hundredths.
async fn hundredths(app: &TestApp, (noun, column): (&str, &str), counts: impl Fn(&Value) -> bool) -> i64 {
    let rows = app.get(&format!("/v1/{noun}?authority=301&limit=100")).await.json()["data"].as_array().unwrap().clone();
    let stands = |row: &&Value| {
        row["starts_on"].as_str().unwrap() <= TODAY && row["ends_on"].as_str().is_none_or(|last| last >= TODAY)
    };
    let of_team = |row: &&Value| row["post_ref"].as_str().unwrap().starts_with("SLT-") && counts(row);
    let column = |row: &Value| (row[column].as_f64().unwrap() * 100.0).round();
    format!("{}", rows.iter().filter(stands).filter(of_team).map(column).sum::<f64>()).parse().unwrap()
}

#[actix_web::test]
async fn a_fifth_of_the_speech_therapists_of_the_example_is_missing() {
    for app in TestApp::each(TODAY) {
        send(&app, "", &example()).await;
        // Bands 4 to 8a: 1.6 + 1.8 + 5.8 + 3.8 + 1.0 are paid for; 1.6 + 1.4 + 4.0 + 3.2 + 1.0 are held, 0.6 by an agency.
        let funded = hundredths(&app, ("posts", "funded_wte"), |_| true).await;
        let held = hundredths(&app, ("post-holdings", "wte"), |_| true).await;
        let agency = hundredths(&app, ("post-holdings", "wte"), |row| row["engagement"] == "agency").await;
        assert_eq!([funded, held, agency], [1_400, 1_120, 60], "{}", app.database.name);
        // 20.0 % stand empty, and 24.3 % are not held by staff of its own: surveys found 19 to 25 %.
        for empty in [funded - held, funded - held + agency] {
            assert!((19 * funded..=25 * funded).contains(&(100 * empty)), "{empty} of {funded}");
        }
    }
}

/// What the README's walk answers of speech and language therapy: rows of capacity, and those of demand.
async fn walk(app: &TestApp) -> [Vec<Value>; 2] {
    let query = "authority=301&from=2025-01-20&to=2025-02-16";
    let mut answers = [Vec::new(), Vec::new()];
    for (rows, statistic) in answers.iter_mut().zip(["capacity", "capacity-demand"]) {
        let body = app.get(&format!("/v1/stats/{statistic}?{query}")).await.json();
        let all = body["data"].as_array().unwrap().iter();
        rows.extend(all.filter(|row| row["discipline"] == "speech_and_language_therapy").cloned());
    }
    answers
}

#[actix_web::test]
async fn the_walk_answers_in_an_empty_database_and_on_the_demonstration_as_the_readme_says() {
    let app = TestApp::sqlite(TODAY);
    send(&app, "", &example()).await;
    let [alone, _] = walk(&app).await;
    // 11.2 whole-time equivalents of 37.5 hours.
    let contracted =
        |rows: &[Value]| rows.iter().map(|row| row["contracted_minutes"].as_f64().unwrap().round()).collect::<Vec<_>>();
    assert_eq!(contracted(&alone), [25_200.0; 4]);
    assert!(alone.iter().all(|row| row["assumed"] == Value::Array(Vec::new())), "every setting has a rule");
    let demonstration = demo(Database::sqlite(), [Authority::parse("301").unwrap()].into_iter(), Noun::ALL);
    let [capacity, demand] = walk(&demonstration).await;
    assert_eq!(contracted(&capacity), contracted(&alone));
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    let line = |(week, asked): (&Value, &Value)| {
        let thousands = |row: &Value, name: &str| {
            let minutes = format!("{:.0}", row[name].as_f64().unwrap());
            let (front, back) = minutes.split_at(minutes.len() - 3);
            format!("{front},{back}")
        };
        format!(
            "| {} | {} | {} | {} | {} | {:.2} |",
            week["week_starts_on"].as_str().unwrap(),
            thousands(week, "clinical_minutes"),
            week["first_contact_slots"],
            week["ehc_advice_slots"],
            thousands(asked, "demand_minutes"),
            asked["load"].as_f64().unwrap()
        )
    };
    let missing: Vec<_> =
        capacity.iter().zip(&demand).map(line).filter(|line| !readme.contains(line.as_str())).collect();
    assert!(missing.is_empty(), "README.md does not have\n{}", missing.join("\n"));
}

#[actix_web::test]
async fn on_top_of_the_demonstration_the_example_changes_nothing() {
    let barking = Authority::parse("301").unwrap();
    for database in Database::each() {
        let nouns: Vec<_> = SHEETS.to_vec();
        let app = demo(database, [barking].into_iter(), &nouns);
        let answer = send(&app, "", &example()).await;
        let [created, updated, unchanged, rejected] = counts(&answer);
        assert_eq!([created, updated, rejected], [0, 0, 0], "{}", answer.text);
        assert!(unchanged > 200);
        assert_eq!(census_day().to_string(), TODAY);
    }
}
