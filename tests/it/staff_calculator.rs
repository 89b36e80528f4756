//! The calculator of capacity: one member of staff worked out by hand, as the ledger of records has it, and what is refused.

use serde_json::{Value, json};

use super::support::TestApp;

const PLAIN: &str = "sickness_rate=0&study_days=0&leave_entitlement_days=0&non_clinical_share=0&minutes_per_first_contact=100&minutes_per_ehc_advice=450&first_contact_share=0.8&ehc_advice_share=0.2&first_contact_did_not_attend_rate=0.1";

async fn weeks(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/v1/calculators/capacity?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["weeks"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_week_by_hand() {
    let app = TestApp::sqlite("2025-03-31");
    let found = weeks(&app, &format!("{PLAIN}&from=2025-03-31&to=2025-04-27")).await;
    let slots = |name: &str| found.iter().map(|week| week[name].as_f64().unwrap()).collect::<Vec<_>>();
    // Good Friday and Easter Monday each take 450 of 2,250 minutes.
    assert_eq!(slots("contracted_minutes"), [2_250.0; 4]);
    assert_eq!(slots("bank_holiday_minutes"), [0.0, 0.0, 450.0, 450.0]);
    assert_eq!(slots("clinical_minutes"), [2_250.0, 2_250.0, 1_800.0, 1_800.0]);
    // 18, 18, 14.4 and 14.4 first contacts: the tenths add up to a whole slot only in the fifth week.
    assert_eq!(slots("first_contact_slots"), [18.0, 18.0, 14.0, 14.0]);
    assert_eq!(slots("ehc_advice_slots"), [1.0, 1.0, 0.0, 1.0]);
    assert!((found[0]["first_contacts_attended"].as_f64().unwrap() - 16.2).abs() < 1e-9);
}

#[actix_web::test]
async fn terms_follow_ups_and_starters() {
    let app = TestApp::sqlite("2025-03-31");
    let closed = "school_holidays=2025-04-07,2025-04-11&term_time_only=true";
    let found = weeks(&app, &format!("{PLAIN}&from=2025-03-31&to=2025-04-13&{closed}")).await;
    assert_eq!(found[1]["school_holiday_minutes"], json!(2_250.0));
    assert_eq!(found[1]["clinical_minutes"], json!(0.0));
    // Each child seen last week needs one contact of 60 minutes now; those seen before the post began need none.
    let starter = "starts_on=2025-03-31&follow_ups_per_start=0,1&minutes_per_follow_up=60&engagement=agency";
    let found = weeks(&app, &format!("{PLAIN}&from=2025-03-31&to=2025-04-13&{starter}")).await;
    // Productivity is 0.7 to begin with: 12.6 first contacts, 12 whole ones, 10.8 children who come.
    assert_eq!((&found[0]["first_contact_slots"], &found[0]["follow_ups_needed"]), (&json!(12), &json!(0.0)));
    assert!((found[1]["follow_up_minutes"].as_f64().unwrap() - 10.8 * 60.0).abs() < 1e-9);
    let trainee = weeks(&app, "from=2025-03-31&to=2025-04-06&engagement=trainee").await;
    assert_eq!((&trainee[0]["contracted_minutes"], &trainee[0]["clinical_minutes"]), (&json!(2_250.0), &json!(0.0)));
}

#[actix_web::test]
async fn it_is_what_the_ledger_of_records_says() {
    let app = TestApp::sqlite("2025-03-28");
    let files = [
        (
            "calendars",
            "external_id,kind,starts_on,ends_on\n1,school_closure,2025-07-22,2025-08-31\n2,school_closure,2025-12-20,2026-01-04\n",
        ),
        ("posts", "post_ref,discipline,band,funded_wte,starts_on\nP-1,physiotherapy,5,1,2025-01-01\n"),
        (
            "post-holdings",
            "external_id,post_ref,worker_ref,wte,engagement,newly_qualified,starts_on,leave_entitlement_days,monday_minutes,thursday_minutes\nH-1,P-1,W-1,0.4,permanent,true,2025-03-31,12,400,500\n",
        ),
    ];
    for (noun, file) in files {
        let answer = app.csv(&format!("/v1/imports?authority=301&type={noun}"), file.to_owned()).await;
        assert_eq!(answer.json()["rejected"], 0, "{noun}: {}", answer.text);
    }
    let body = app.get("/v1/stats/capacity?authority=301&from=2025-03-31&to=2026-03-29").await.json();
    let kept = body["data"].as_array().unwrap();
    let row = "weekday_minutes=400,0,0,500,0,0,0&band=5&newly_qualified=true&starts_on=2025-03-31&leave_entitlement_days=12&school_holidays=2025-07-22,2025-08-31,2025-12-20,2026-01-04";
    let found = weeks(&app, &format!("{row}&from=2025-03-31&to=2026-03-29")).await;
    assert_eq!((kept.len(), found.len()), (52, 52));
    for (kept, found) in kept.iter().zip(&found) {
        for (name, value) in found.as_object().unwrap() {
            assert_eq!(&kept[name], value, "{name} of {}", kept["week_starts_on"]);
        }
    }
}

#[actix_web::test]
async fn every_fault_of_a_row_is_told() {
    let app = TestApp::sqlite("2025-03-31");
    let bad = "from=2025-03-31&to=2028-03-31&wte=0.5&weekday_minutes=450,450&term_time_only=true&starts_on=2025-03-31&ends_on=2025-03-01&productive_from_on=2025-03-01&first_contact_share=0.9";
    let answer = app.get(&format!("/v1/calculators/capacity?{bad}")).await;
    let wanted = [
        "/to too_many",
        "/ends_on out_of_order",
        "/productive_from_on out_of_order",
        "/wte contradiction",
        "/weekday_minutes wrong_length",
        "/school_holidays required",
        "/ehc_advice_share shares_over_one",
    ];
    assert_eq!((answer.status.as_u16(), answer.faults()), (400, wanted.map(str::to_owned).to_vec()));
    let nothing = "minutes_per_first_contact=0&band=1&wte=1.5";
    let faults = app.get(&format!("/v1/calculators/capacity?{nothing}")).await.faults();
    assert_eq!(faults, ["/minutes_per_first_contact out_of_range", "/band not_allowed", "/wte out_of_range"]);
    let holidays = |days: &str| format!("/v1/calculators/capacity?school_holidays={days}");
    let odd = app.get(&holidays("2025-04-07,2025-04-11,2025-04-14")).await;
    assert_eq!(odd.faults(), ["/school_holidays wrong_length"]);
    let turned = app.get(&holidays("2025-04-11,2025-04-07")).await;
    assert_eq!(turned.faults(), ["/school_holidays out_of_order"]);
}
