//! What records make of capacity where it is easy to get wrong: a rule beside assumptions, part of a week or of a year, another
//! post, sickness that goes on, terms nobody has recorded, and a past of which nothing is on record.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::support::TestApp;

const POSTS: &str = "post_ref,discipline,band,funded_wte,starts_on\nP-1,physiotherapy,6,3,2020-01-01\nP-2,physiotherapy,7,3,2020-01-01\n";
const HOLDING: &str = "external_id,post_ref,worker_ref,wte,engagement,starts_on,ends_on,term_time_only,leave_entitlement_days,monday_minutes,tuesday_minutes\n";

async fn import(app: &TestApp, noun: &str, file: &str) {
    let answer = app.csv(&format!("/v1/imports?authority=301&type={noun}&source_system=rota"), file.to_owned()).await;
    assert_eq!(answer.json()["rejected"], 0, "{noun}: {}", answer.text);
}

/// An authority with those holdings, and rules of physiotherapy as `setting,appointment_type,week,value,starts_on`.
async fn with(today: &str, holdings: &str, rules: &str) -> TestApp {
    let app = TestApp::sqlite(today);
    import(&app, "posts", POSTS).await;
    import(&app, "post-holdings", &format!("{HOLDING}{holdings}")).await;
    let mut file = "external_id,discipline,setting,appointment_type,week,value,starts_on\n".to_owned();
    for (number, rule) in rules.lines().enumerate() {
        writeln!(file, "{number},physiotherapy,{rule}").unwrap();
    }
    import(&app, "capacity-rules", &file).await;
    app
}

async fn weeks(app: &TestApp, from: &str, to: &str) -> Vec<Value> {
    let answer = app.get(&format!("/v1/stats/capacity?authority=301&from={from}&to={to}")).await;
    answer.json()["data"].as_array().unwrap_or_else(|| panic!("{}", answer.text)).clone()
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or_else(|| panic!("{name} of {row}"))
}

/// The sum of a column over some weeks.
fn sum(rows: &[Value], name: &str) -> f64 {
    rows.iter().map(|row| number(row, name)).sum()
}

/// As far as sums of fractions of minutes are.
fn is(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-6
}

const OLD_HAND: &str = "H-1,P-1,W-1,1,permanent,2020-01-06,,,0,,\n";

#[actix_web::test]
async fn one_share_that_is_ruled_stands_for_the_whole_split() {
    let app = with("2025-03-31", OLD_HAND, "job_plan_share,first_contact,,0.9,2020-01-01\n").await;
    let row = &weeks(&app, "2025-03-31", "2025-03-31").await[0];
    assert!(is(number(row, "ehc_advice_minutes"), 0.0));
    assert!((number(row, "unallocated_minutes") - 0.1 * number(row, "clinical_minutes")).abs() < 1e-6, "{row}");
}

#[actix_web::test]
async fn a_ramp_of_which_only_the_beginning_is_ruled_still_ends() {
    let holdings = "H-1,P-1,W-1,1,permanent,2025-03-31,,,0,,\n";
    let app =
        with("2025-03-31", holdings, "ramp_experienced,,0,0.5,2020-01-01\nnon_clinical_share,,,0,2020-01-01\n").await;
    let rows = weeks(&app, "2025-03-31", "2025-06-02").await;
    let lost =
        |row: &Value| number(row, "ramp_minutes") / (number(row, "ramp_minutes") + number(row, "clinical_minutes"));
    assert!((lost(&rows[0]) - 0.5).abs() < 1e-9 && (lost(&rows[4]) - 0.25).abs() < 1e-9, "{rows:#?}");
    assert!(is(number(&rows[8], "ramp_minutes"), 0.0));
}

#[actix_web::test]
async fn a_rule_to_come_is_told_of_the_weeks_it_applies_to() {
    let app = with("2025-03-31", OLD_HAND, "appointment_minutes,first_contact,,90,2025-04-07\n").await;
    let answer = app.get("/v1/stats/capacity?authority=301&from=2025-03-31&to=2025-04-07").await.json();
    let assumed = |row: usize| answer["data"][row]["assumed"].as_array().unwrap().contains(&json!("job_plan_share"));
    assert!(assumed(0) && assumed(1));
    let told = answer["meta"]["assumptions"].as_array().unwrap();
    let first_contacts =
        told.iter().filter(|one| one["setting"] == "appointment_minutes" && one["appointment_type"] == "first_contact");
    let told: Vec<_> = first_contacts.map(|one| (&one["value"], &one["starts_on"])).collect();
    assert_eq!(told, [(&json!(110.0), &Value::Null), (&json!(90.0), &json!("2025-04-07"))]);
}

#[actix_web::test]
async fn leave_is_for_the_days_worked_and_the_part_of_the_year_in_post() {
    // Two days a week of 29 for five: 11.6 of a leave year's 100 or so; whoever comes in October and books all of half a year's
    // leave takes no more.
    let holdings = "H-1,P-1,W-1,0.4,permanent,2020-01-06,,,,450,450\nH-2,P-1,W-2,1,permanent,2025-10-01,,,28,,\n";
    let rules = "sickness_rate,,,0,2020-01-01\nleave_weight_in_holidays,,,1,2020-01-01\n";
    let app = with("2025-03-31", &holdings.lines().next().map(|line| format!("{line}\n")).unwrap(), rules).await;
    let year = weeks(&app, "2025-03-31", "2026-03-30").await;
    assert!((sum(&year, "leave_minutes") / 450.0 - 11.6).abs() < 0.3, "{}", sum(&year, "leave_minutes") / 450.0);
    let app = with("2025-12-01", holdings.lines().last().unwrap(), rules).await;
    let booked = "external_id,worker_ref,kind,starts_on,ends_on\n1,W-2,booked_leave,2025-11-03,2025-11-20\n";
    import(&app, "absences", booked).await;
    let half = weeks(&app, "2025-09-29", "2026-03-23").await;
    // 127 of the year's 253 working days are 14.06 days of leave, of which fourteen are booked.
    let days = sum(&half, "leave_minutes") / 450.0;
    assert!((days - 28.0 * 127.0 / 253.0).abs() < 0.01, "{days}");
}

#[actix_web::test]
async fn another_post_makes_no_starter_and_two_posts_are_one() {
    let holdings = "H-1,P-1,W-1,1,permanent,2020-01-06,2025-04-04,,0,,\nH-2,P-2,W-1,0.8,permanent,2025-04-07,,,0,,\n";
    let app = with("2025-03-31", holdings, "").await;
    assert!(is(sum(&weeks(&app, "2025-04-07", "2025-05-26").await, "ramp_minutes"), 0.0));
    // A starter in two posts at once takes an hour a week of the one who supervises, as one in one post does.
    let starter = "H-2,P-1,W-2,0.5,permanent,2025-03-31,,,0,,\nH-3,P-1,W-2,0.5,permanent,2025-03-31,,,0,,\n";
    let app = with("2025-03-31", &format!("{OLD_HAND}{starter}"), "").await;
    assert!((number(&weeks(&app, "2025-04-07", "2025-04-07").await[0], "supervision_minutes") - 60.0).abs() < 1e-6);
}

#[actix_web::test]
async fn sickness_on_record_is_all_there_was_and_goes_on_for_four_weeks() {
    let app = with("2025-03-30", OLD_HAND, "").await;
    import(&app, "absences", "external_id,worker_ref,kind,starts_on,ends_on\n1,W-1,sickness,2025-02-10,2025-02-10\n2,W-1,sickness,2025-03-24,\n").await;
    let rows = weeks(&app, "2025-02-03", "2025-05-05").await;
    let sick: Vec<_> = rows.iter().map(|row| number(row, "sickness_minutes")).collect();
    assert!((sick[0] - 0.045 * 2_250.0).abs() < 1e-6, "nothing was recorded then: {sick:?}");
    assert!(is(sick[1], 450.0) && is(sick[2], 0.0), "{sick:?}");
    // From 24 March, in the week of the question and four more, with Good Friday and Easter Monday; then as is expected.
    let ill = [2_250.0, 2_250.0, 2_250.0, 1_800.0, 1_800.0];
    assert!(sick[7..12].iter().zip(ill).all(|(found, wanted)| is(*found, wanted)), "{sick:?}");
    assert!((sick[12] - 0.045 * 2_250.0).abs() < 1e-6, "{sick:?}");
}

#[actix_web::test]
async fn terms_go_on_as_they_were_and_are_assumed_where_there_are_none() {
    let in_term = "H-1,P-1,W-1,1,permanent,2020-01-06,,true,,,\n";
    let app = with("2025-03-31", in_term, "").await;
    let year = weeks(&app, "2025-09-01", "2026-08-24").await;
    let closed = sum(&year, "school_holiday_minutes") / 450.0;
    assert!((55.0..65.0).contains(&closed), "thirteen weeks less bank holidays, but {closed} days");
    let terms = "external_id,kind,starts_on,ends_on\n1,school_term,2024-09-03,2024-12-20\n2,school_term,2025-01-06,2025-04-04\n3,school_term,2025-04-22,2025-07-22\n";
    import(&app, "calendars", terms).await;
    let summer = weeks(&app, "2026-07-27", "2026-08-24").await;
    assert!(is(sum(&summer, "clinical_minutes"), 0.0), "between this year's last term and the next one's first");
    assert!(
        weeks(&app, "2026-11-02", "2026-12-07").await.iter().all(|row| is(number(row, "school_holiday_minutes"), 0.0))
    );
}

#[actix_web::test]
async fn without_a_past_on_record_nothing_is_learned_and_what_is_over_is_not_asked_for() {
    let app = with("2025-03-31", OLD_HAND, "").await;
    let row = weeks(&app, "2025-04-07", "2025-04-07").await[0].clone();
    assert!(is(number(&row, "realisation_factor"), 20.0 / 22.0) && row["realisation_weeks"] == 0);
    import(
        &app,
        "ehc-requests",
        "external_id,child_ref,received_on,withdrawn_on\nE-1,KID-1,2024-11-01,\nE-2,KID-2,2024-11-01,2025-01-10\n",
    )
    .await;
    import(&app, "advice-requests", "external_id,ehc_request_id,advice_type,sent_on\nA-1,E-1,physiotherapy,2025-01-02\nA-2,E-2,physiotherapy,2025-01-02\n").await;
    // Referrals are on record for two weeks only: eight in two weeks are four a week.
    let referral = |number: usize| {
        format!("R-{number},KID-1{number},physiotherapy,2025-03-{}\n", if number < 4 { 17 } else { 24 })
    };
    let file = (0..8).map(referral).collect::<String>();
    import(&app, "referrals", &format!("external_id,child_ref,discipline,received_on\n{file}")).await;
    let outlook = app.get("/v1/stats/capacity-outlook?authority=301&weeks=1").await.json()["data"][0].clone();
    let caseload = app.get("/v1/stats/caseload?authority=301&group_by=discipline").await.json();
    let caseload =
        caseload["data"].as_array().unwrap().iter().find(|row| row["discipline"] == "physiotherapy").unwrap().clone();
    assert_eq!((&outlook["outstanding_ehc_advice"], &caseload["ehc_requests_awaiting_advice"]), (&json!(1), &json!(1)));
    let demand = app.get("/v1/stats/capacity-demand?authority=301&from=2025-04-07&to=2025-04-07").await.json();
    assert!(is(number(&demand["data"][0], "referrals"), 4.0));
}
