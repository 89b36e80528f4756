//! Capacity over the wire: a team small enough to be worked out by hand, on both engines.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::support::{Answer, TestApp};

const RULES: &str = "external_id,discipline,setting,appointment_type,week,value,starts_on,source
1,physiotherapy,appointment_minutes,first_contact,,90,2020-01-01,Job plans
2,physiotherapy,appointment_minutes,ehc_advice,,450,2020-01-01,Job plans
3,physiotherapy,appointment_minutes,follow_up,,45,2020-01-01,Job plans
4,physiotherapy,job_plan_share,first_contact,,0.8,2020-01-01,Job plans
5,physiotherapy,job_plan_share,ehc_advice,,0.2,2020-01-01,Job plans
6,physiotherapy,did_not_attend_rate,first_contact,,0.1,2020-01-01,Audit of 2024
7,physiotherapy,non_clinical_share,,,0,2020-01-01,Job plans
8,physiotherapy,sickness_rate,,,0,2020-01-01,Job plans
9,physiotherapy,study_days,,,0,2020-01-01,Job plans
10,physiotherapy,leave_entitlement_days,,,0,2020-01-01,Job plans
11,physiotherapy,supervision_minutes,,,0,2020-01-01,Job plans
12,physiotherapy,ramp_experienced,,0,1,2020-01-01,Job plans
13,physiotherapy,follow_ups_per_start,,1,1,2020-01-01,Audit of 2024
14,physiotherapy,new_work_share_minimum,,,0.2,2020-01-01,Job plans
";

async fn import(app: &TestApp, noun: &str, file: &str) -> Answer {
    let answer = app.csv(&format!("/v1/imports?authority=301&type={noun}&source_system=rota"), file.to_owned()).await;
    assert_eq!(answer.json()["rejected"], 0, "{noun}: {}", answer.text);
    answer
}

/// One full-time physiotherapist from 31 March 2025; four children seen the week before, two referrals and one request for
/// advice a week.
async fn with_one(app: &TestApp) {
    let services = "service_ref,provider_ref,discipline\nPHY-1,RAT,physiotherapy\n";
    import(app, "calendars", "external_id,kind,starts_on,ends_on\n1,school_closure,2025-07-22,2025-08-31\n").await;
    import(app, "providers", "provider_ref\nRAT\n").await;
    import(app, "services", services).await;
    import(app, "posts", "post_ref,discipline,band,funded_wte,starts_on,service_ref\nP-1,physiotherapy,6,1,2025-01-01,PHY-1\nP-2,physiotherapy,6,1,2025-01-01,\n").await;
    import(
        app,
        "post-holdings",
        "external_id,post_ref,worker_ref,wte,engagement,starts_on\nH-1,P-1,W-1,1,permanent,2025-03-31\n",
    )
    .await;
    import(app, "capacity-rules", RULES).await;
    let day = |back: i64| chrono::NaiveDate::from_ymd_opt(2025, 3, 28).unwrap() - chrono::TimeDelta::days(7 * back);
    let mut referrals = "external_id,child_ref,discipline,received_on,first_contact_on,purpose\n".to_owned();
    let mut advice = "external_id,ehc_request_id,advice_type,sent_on\n".to_owned();
    for week in 0..13 {
        let day = day(week);
        for one in 0..2 {
            let seen = if week < 2 { "2025-03-28" } else { "" };
            writeln!(referrals, "R-{week}-{one},KID-{week}{one},physiotherapy,{day},{seen},core").unwrap();
        }
        writeln!(advice, "A-{week},E-1,physiotherapy,{day}").unwrap();
    }
    referrals += "R-X,KID-77,physiotherapy,2025-03-20,2025-03-28,ehc_advice\nR-Y,KID-78,physiotherapy,2024-01-01,2024-05-01,core\n";
    import(app, "referrals", &referrals).await;
    import(app, "ehc-requests", "external_id,child_ref,received_on\nE-1,KID-900,2024-11-01\n").await;
    import(app, "advice-requests", &advice).await;
}

fn near(found: &Value, expected: f64) -> bool {
    found.as_f64().is_some_and(|found| (found - expected).abs() < 1e-9)
}

#[actix_web::test]
async fn a_team_of_one_worked_out_by_hand() {
    for app in TestApp::each("2025-03-31") {
        with_one(&app).await;
        let body = app.get("/v1/stats/capacity?authority=301&to=2025-04-21").await.json();
        let rows = body["data"].as_array().unwrap();
        let told = |name: &str| rows.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
        assert_eq!(told("week_starts_on"), ["2025-03-31", "2025-04-07", "2025-04-14", "2025-04-21"]);
        assert_eq!(rows[0]["time_period"], "2025-W14");
        assert!(rows.iter().all(|row| near(&row["contracted_minutes"], 2_250.0)));
        assert!(
            near(&rows[2]["bank_holiday_minutes"], 450.0) && near(&rows[3]["bank_holiday_minutes"], 450.0),
            "Easter"
        );
        // Four starts of the week before need a follow-up each; then those planned: 18 slots, of which 16.2 are attended.
        assert!(near(&rows[0]["follow_ups_needed"], 4.0) && near(&rows[1]["follow_ups_needed"], 16.2));
        assert!(near(&rows[0]["follow_up_minutes"], 180.0) && near(&rows[1]["follow_up_minutes"], 729.0));
        // 2,070 minutes are left: 80 % in slots of 90 minutes are 18.4; a week later 1,521 minutes, 13.52, 31.92 in all.
        assert!(near(&rows[0]["first_contact_minutes"], 1_656.0) && near(&rows[0]["ehc_advice_minutes"], 414.0));
        assert_eq!(
            (&told("first_contact_slots")[..2], &told("ehc_advice_slots")[..2]),
            (&[json!(18), json!(13)][..], &[json!(0), json!(1)][..])
        );
        assert!(near(&rows[0]["first_contacts_attended"], 16.2));
        // Nothing was planned yet that could teach the factor.
        assert!(near(&rows[0]["realisation_factor"], 20.0 / 22.0));
        let assumed: Vec<_> =
            rows[0]["assumed"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        assert_eq!(
            assumed,
            [
                "did_not_attend_rate",
                "leave_year_month",
                "leave_weight_in_holidays",
                "ramp_newly_qualified",
                "ramp_agency"
            ]
        );
        let told = body["meta"]["assumptions"].as_array().unwrap();
        assert!(told.iter().any(|one| one["setting"] == "follow_ups_per_start"
            && one["source"] == "Audit of 2024"
            && one["week"] == 1));
        assert!(told.iter().any(|one| one["setting"] == "ramp_agency" && one["source"] == "assumed"));
        let by_service = app.get("/v1/stats/capacity?authority=301&to=2025-03-31&group_by=service_ref").await.json();
        assert_eq!(by_service["data"][0]["service_ref"], "PHY-1");
        assert_eq!(by_service["data"][0]["first_contact_slots"], 18);
    }
}

#[actix_web::test]
async fn demand_and_outlook_of_the_same_team() {
    for app in TestApp::each("2025-03-31") {
        with_one(&app).await;
        let body = app.get("/v1/stats/capacity-demand?authority=301&from=2025-03-24&to=2025-04-06").await.json();
        let rows = body["data"].as_array().unwrap();
        assert_eq!(
            (&rows[0]["figures"], &rows[0]["referrals"]),
            (&json!("recorded"), &json!(2.0)),
            "advice is no referral"
        );
        assert_eq!(rows[0]["load"], Value::Null, "nobody was there");
        assert_eq!(rows[1]["figures"], "expected");
        // Two referrals of 90, of ten of which nine are attended, one piece of advice of 450, four follow-ups of 45.
        assert!(near(&rows[1]["demand_minutes"], 830.0) && near(&rows[1]["load"], 830.0 / 2_250.0), "{rows:#?}");
        let outlook = app.get("/v1/stats/capacity-outlook?authority=301&weeks=1").await.json()["data"][0].clone();
        // The week after: 729 minutes of follow-ups beside the same new work.
        assert!(near(&outlook["demand_minutes"], 200.0 + 450.0 + 729.0));
        // One piece of advice a week is asked for, and of one slot 0.91 can be expected: its list grows, whatever the load.
        assert_eq!((&outlook["sustainable"], &outlook["waiting_first_contact"]), (&json!("no"), &json!(22)));
        assert_eq!(outlook["outstanding_ehc_advice"], 13);
        // 15 slots from Tuesday on, 13 next week, 3 on the Monday after: of 28 slots 22.9 can be expected, of 31 more than 23.
        assert_eq!(outlook["next_first_contact_days"], 14, "{outlook:#}");
        assert!(near(&outlook["first_contact_pressure"], 14.0 / 126.0));
        assert!(near(&outlook["weeks_of_work_waiting"], (22.0 * 100.0 + 13.0 * 450.0) / 1_521.0));
    }
}

#[actix_web::test]
async fn what_was_delivered_teaches_what_to_expect() {
    let app = TestApp::sqlite("2025-03-31");
    with_one(&app).await;
    let later = TestApp::on(app.database, "2025-04-14");
    let mut seen = "external_id,child_ref,discipline,received_on,first_contact_on\n".to_owned();
    for child in 0..9 {
        writeln!(seen, "S-{child},KID-8{child},physiotherapy,2025-03-31,2025-04-03").unwrap();
    }
    import(&later, "referrals", &seen).await;
    let body = later.get("/v1/stats/capacity?authority=301&from=2025-03-31&to=2025-04-14").await.json();
    let rows = body["data"].as_array().unwrap();
    assert_eq!((&rows[0]["first_contacts_delivered"], &rows[1]["first_contacts_delivered"]), (&json!(9), &json!(0)));
    assert_eq!(rows[2]["first_contacts_delivered"], Value::Null, "the week is not over");
    // Nine of 16.2, then none of 1,845 minutes' worth: nine starts need nine follow-ups, 405 minutes.
    let planned = (f64::floor(18.4 + 1_845.0 * 0.8 / 90.0) - 18.0) * 0.9;
    let (shape, rate) = (20.0 * 0.98 + 9.0, 22.0 * 0.98 + 16.2);
    let factor = (shape * 0.98) / (rate * 0.98 + planned);
    assert!(near(&rows[2]["realisation_factor"], factor), "{} is not {factor}", rows[2]["realisation_factor"]);
    assert_eq!(rows[2]["realisation_weeks"], 2);
    // Whatever weeks are asked about, the same was learned.
    let one = later.get("/v1/stats/capacity?authority=301&from=2025-03-31&to=2025-03-31").await.json();
    assert_eq!(one["data"][0]["realisation_factor"], rows[0]["realisation_factor"]);
    let bounds = ["realisation_p05", "realisation_p95"].map(|name| rows[2][name].as_f64().unwrap());
    assert!(bounds[0] < factor && factor < bounds[1]);
}

#[actix_web::test]
async fn questions_that_cannot_be_are_refused() {
    let app = TestApp::sqlite("2025-03-31");
    for (query, code) in [
        ("from=2025-03-31&to=2025-03-20", "out_of_order"),
        ("from=2025-03-31&to=2035-03-20", "too_many"),
        ("discipline=chess", "not_allowed"),
        ("group_by=band", "not_allowed"),
        // 31 March 2025 is a Monday; 260 weeks before it is 6 April 2020, 260 after it 25 March 2030.
        ("from=2020-04-05&to=2020-04-12", "out_of_range"),
        ("from=2030-03-25&to=2030-04-01", "out_of_range"),
        ("as_at=2015-01-05,2025-03-31", "out_of_range"),
        ("group_by=region,service_ref", "contradiction"),
        ("every=month", "unknown_parameter"),
    ] {
        let answer = app.get(&format!("/v1/stats/capacity?authority=301&{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        assert_eq!(answer.json()["errors"][0]["code"], code, "{query}");
    }
    for query in ["from=2020-04-06&to=2020-04-13", "from=2030-03-25&to=2030-03-31"] {
        assert_eq!(app.get(&format!("/v1/stats/capacity?authority=301&{query}")).await.status, 200, "{query}");
    }
    let far = app.get("/v1/stats/capacity-demand?authority=301&from=2019-01-01&to=2019-01-31").await.json();
    assert_eq!(
        far["errors"][0]["message"],
        "must lie within 260 weeks of as_at, 2025-03-31: name nearer weeks, or another as_at; ask about days that lie far apart one by one"
    );
    let empty = app.get("/v1/stats/capacity?authority=301").await;
    assert_eq!((empty.status.as_u16(), &empty.json()["data"]), (200, &json!([])));
}

#[actix_web::test]
async fn no_question_asks_for_more_than_anybody_waits_for() {
    let app = TestApp::sqlite("2025-03-31");
    let first = chrono::NaiveDate::from_ymd_opt(2024, 6, 3).unwrap();
    let days = |count: u64| {
        let days = (0..count).map(|back| (first + chrono::Days::new(back)).to_string());
        days.collect::<Vec<_>>().join(",")
    };
    // 153 authorities, four kinds of therapy with the unknown one, and at most 106 weeks a day: 15 days are 973,080 cells. A sum
    // of England is as much work.
    for (query, is_much) in [
        (format!("capacity-outlook?as_at={}", days(15)), false),
        (format!("capacity-outlook?as_at={}", days(16)), true),
        (format!("capacity-outlook?authority=301&as_at={}", days(300)), false),
        // 51 whole weeks and two cut ones: 30 days are 973,080 cells, 31 are 1,005,516.
        (format!("capacity?from=2024-06-03&to=2025-05-31&as_at={}", days(30)), false),
        (format!("capacity-demand?from=2024-06-03&to=2025-05-31&as_at={}", days(31)), true),
        ("capacity?from=2024-06-03&to=2025-05-31&group_by=service_ref".to_owned(), true),
        ("capacity?from=2024-06-03&to=2025-05-31&group_by=service_ref&authority=301".to_owned(), false),
    ] {
        let answer = app.get(&format!("/v1/stats/{query}")).await;
        assert_eq!(answer.status, if is_much { 400 } else { 200 }, "{query}: {}", answer.text);
        assert!(!is_much || answer.json()["errors"][0]["code"] == "too_many", "{query}: {}", answer.text);
    }
}

#[actix_web::test]
async fn sums_say_whose_staff_they_are_of_and_leave_no_child_out() {
    for app in TestApp::each("2025-03-31") {
        with_one(&app).await;
        // Next door a service of the same reference, with an occupational therapist and no physiotherapist for three who wait.
        let next_door = async |noun: &str, file: &str| {
            let answer = app.csv(&format!("/v1/imports?authority=302&type={noun}"), file.to_owned()).await;
            assert_eq!(answer.json()["rejected"], 0, "{noun}: {}", answer.text);
        };
        next_door("providers", "provider_ref\nRAT\n").await;
        next_door("services", "service_ref,provider_ref,discipline\nPHY-1,RAT,occupational_therapy\n").await;
        next_door("posts", "post_ref,discipline,band,funded_wte,starts_on,service_ref\nP-1,occupational_therapy,6,1,2025-01-01,PHY-1\n").await;
        next_door(
            "post-holdings",
            "external_id,post_ref,worker_ref,wte,engagement,starts_on\nH-1,P-1,W-1,0.5,permanent,2025-03-31\n",
        )
        .await;
        let children =
            "R-1,K-01,physiotherapy,2025-03-03\nR-2,K-02,physiotherapy,2025-03-03\nR-3,K-03,physiotherapy,2025-03-03\n";
        next_door("referrals", &format!("external_id,child_ref,discipline,received_on\n{children}")).await;
        let rows = async |query: &str| {
            let body = app.get(&format!("/v1/stats/{query}")).await.json();
            body["data"].as_array().unwrap().clone()
        };
        let told = |row: &Value, names: &[&str]| names.iter().map(|name| row[*name].clone()).collect::<Vec<_>>();
        let whose = ["discipline", "authorities", "authorities_without_staff"];
        // England: one of 153 authorities has a physiotherapist; 22 wait there, and three next door.
        let england = rows("capacity-outlook?weeks=1&discipline=physiotherapy").await;
        assert_eq!(england.len(), 1);
        assert_eq!(told(&england[0], &whose), [json!("physiotherapy"), json!(1), json!(152)]);
        assert_eq!(told(&england[0], &["waiting_first_contact", "next_first_contact_days"]), [json!(25), Value::Null]);
        assert!(near(&england[0]["weeks_of_work_waiting"], (22.0 * 100.0 + 13.0 * 450.0) / 1_521.0));
        let outer = rows("capacity-outlook?authority=302").await;
        assert_eq!(told(&outer[0], &whose), [json!("occupational_therapy"), json!(1), json!(0)]);
        assert_eq!(told(&outer[1], &whose), [json!("physiotherapy"), json!(0), json!(1)]);
        let unknown = [
            "clinical_minutes",
            "demand_minutes",
            "load",
            "sustainable",
            "first_contact_slots",
            "next_first_contact_days",
            "largest_list_first_contact",
            "ehc_advice_slots",
            "weeks_of_work_waiting",
        ];
        assert_eq!(told(&outer[1], &["waiting_first_contact", "outstanding_ehc_advice"]), [json!(3), json!(0)]);
        assert!(told(&outer[1], &unknown).iter().all(Value::is_null), "{:#}", outer[1]);
        for statistic in ["capacity", "capacity-demand"] {
            let both = rows(&format!("{statistic}?to=2025-03-31&authority=301,302&group_by=region")).await;
            let found: Vec<_> = both.iter().map(|row| told(row, &whose)).collect();
            assert_eq!(found, ["occupational_therapy", "physiotherapy"].map(|of| vec![json!(of), json!(1), json!(1)]));
        }
        // The same reference of two councils is two services.
        let services = rows("capacity?to=2025-03-31&group_by=service_ref").await;
        let found: Vec<_> =
            services.iter().map(|row| told(row, &["old_la_code", "service_ref", "contracted_minutes"])).collect();
        assert_eq!(
            found,
            [vec![json!("301"), json!("PHY-1"), json!(2_250.0)], vec![json!("302"), json!("PHY-1"), json!(1_125.0)]]
        );
    }
}
