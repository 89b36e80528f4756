//! Capacity: the quantities of waiting lists, as the published package has them and where it is wrong.

use serde_json::Value;
use twentyweeks::domain::capacity::waiting_list::{
    load, pressure, relief_capacity, target_capacity, target_mean_wait, target_queue,
};

use super::support::{TestApp, vectors};

fn quantity(line: &Value) -> f64 {
    let input = |name: &str| line["input"][name].as_f64();
    let needed = |name: &str| input(name).unwrap_or_else(|| panic!("{name} of {line}"));
    match line["function"].as_str().unwrap() {
        "calc_queue_load" => load(needed("demand"), needed("capacity")).unwrap(),
        "calc_target_mean_wait" => target_mean_wait(needed("target_wait"), needed("factor")),
        "calc_target_queue_size" => target_queue(needed("demand"), needed("target_wait"), needed("factor")),
        "calc_target_capacity" => {
            let variation = ["cv_demand", "cv_capacity"].map(needed);
            target_capacity(needed("demand"), needed("target_wait"), needed("factor"), variation)
        }
        "calc_relief_capacity" => {
            let queues = ["queue_size", "target_queue_size"].map(needed);
            let measured = input("num_referrals").map(|referrals| (referrals, needed("cv_demand")));
            relief_capacity(needed("demand"), queues, needed("time_to_target"), measured).unwrap()
        }
        "calc_waiting_list_pressure" => pressure(needed("mean_wait"), needed("target_wait")),
        other => panic!("nothing answers {other}"),
    }
}

#[test]
fn every_published_quantity_is_matched_and_every_wrong_one_corrected() {
    let (mut matched, mut corrected) = (0, 0);
    for line in vectors("waiting_list.jsonl") {
        let is_right = line["use"] == "match";
        *(if is_right { &mut matched } else { &mut corrected }) += 1;
        let wanted = if is_right { line["output"].as_f64() } else { line["corrected"]["value"].as_f64() };
        let (found, wanted) = (quantity(&line), wanted.unwrap());
        assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{line}: {found}");
    }
    assert!(matched >= 20 && corrected >= 3, "{matched} matched, {corrected} corrected");
}

#[actix_web::test]
async fn a_council_with_too_little_capacity_sees_what_it_would_take() {
    let app = TestApp::sqlite("2025-11-30");
    // 121 requests a month, 1,488 open, twenty weeks; a factor of 4 is a share in time of 98.17 %.
    let path = "/v1/calculators/waiting-list?demand_per_week=27.92&capacity_per_week=15.23&waiting=1488&target_weeks=20&pc_in_time=98.168436";
    let answer = app.get(path).await.json();
    let value = |name: &str| {
        let all = answer["quantities"].as_array().unwrap();
        let one = all.iter().find(|quantity| quantity["name"] == name).unwrap();
        one["value"].as_f64().map(|value| (value * 10.0).round() / 10.0)
    };
    assert_eq!(value("target_queue"), Some(139.6));
    assert_eq!(value("relief_capacity"), Some(79.8), "5.2 times what it managed");
    assert_eq!(value("target_capacity"), Some(28.1));
    assert_eq!(value("load"), Some(1.8));
    assert_eq!(value("pressure"), None, "nobody said how long they have waited");
    let wrong = app.get("/v1/calculators/waiting-list?demand_per_week=many&pc_in_time=100").await;
    assert_eq!(wrong.faults(), ["/demand_per_week out_of_range", "/pc_in_time out_of_range", "/target_weeks required"]);
}
