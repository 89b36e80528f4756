//! Waiting lists by their rows: the quantities of the published package, and where it is wrong the right ones.

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};
use twentyweeks::domain::capacity::list_record::{
    Row, Window, even_slots, join, mean_days_to_removal, priority_days, referral_gaps, referrals, referrals_per_day,
    removal_gaps, removals, schedule, size_by_day, waiting_on,
};
use twentyweeks::domain::capacity::list_summary::{Aim, Needs, Summary};
use twentyweeks::domain::capacity::waiting_list::{factor_of, target_capacity, target_queue};

use super::support::{date, vectors};

fn days(list: &Value) -> Vec<Option<NaiveDate>> {
    match list {
        Value::Array(days) => days.iter().map(|day| day.as_str().map(date)).collect(),
        one => vec![one.as_str().map(date)],
    }
}

fn rows(list: &Value) -> Vec<Row> {
    let pairs = days(&list["referral"]).into_iter().zip(days(&list["removal"]));
    pairs.map(|(referred, removed_on)| Row { referred_on: referred.unwrap(), removed_on }).collect()
}

fn texts(days: impl IntoIterator<Item = NaiveDate>) -> Value {
    days.into_iter().map(|day| Value::from(day.to_string())).collect()
}

fn shown(rows: &[Row]) -> Value {
    let removals: Vec<_> = rows.iter().map(|row| row.removed_on.map(|day| day.to_string())).collect();
    json!({ "referral": texts(rows.iter().map(|row| row.referred_on)), "removal": removals })
}

/// The days asked about; the package takes the first and the last referral for what is left out.
fn window(line: &Value, rows: &[Row]) -> Window {
    let given = |name: &str| line["input"][name].as_str().map(date);
    let referred = || rows.iter().map(|row| row.referred_on);
    Window {
        start: given("start_date").unwrap_or_else(|| referred().min().unwrap()),
        end: given("end_date").unwrap_or_else(|| referred().max().unwrap()),
    }
}

fn close(found: Option<f64>, wanted: &Value, what: &Value) {
    match wanted.as_f64() {
        Some(wanted) => {
            let found = found.unwrap_or_else(|| panic!("nothing found of {what}"));
            assert!((found - wanted).abs() <= 1e-12 * wanted.abs().max(1.0), "{what}: {found}");
        }
        None => assert_eq!(found, None, "{what}"),
    }
}

fn sizes(line: &Value, wanted: &Value) {
    let rows = rows(&line["input"]["waiting_list"]);
    let (found_on, found): (Vec<_>, Vec<_>) = size_by_day(&rows, window(line, &rows)).into_iter().unzip();
    assert_eq!(json!(found), wanted["queue_size"], "{line}");
    if wanted["dates"].is_array() {
        assert_eq!(texts(found_on), wanted["dates"], "{line}");
    }
}

/// The package's own gaps, and the plain rate where the line corrects it.
fn referral_rates(line: &Value) {
    let rows = rows(&line["input"]["waiting_list"]);
    let window = window(line, &rows);
    let gaps = referral_gaps(&rows, window);
    let wanted = &line["output"];
    close(gaps.per_day.map(|rate| 7.0 * rate), &wanted["demand_weekly"][0], line);
    assert_eq!(json!(gaps.count), wanted["demand_count"][0], "{line}");
    // Of rows out of order the package answers 4.18; put into order it answers 1.
    let variation = if line["use"] == "do-not-copy" { &json!(1.0) } else { &wanted["demand_cov"][0] };
    close(gaps.variation, variation, line);
    if line["corrected"].is_object() {
        close(referrals_per_day(&rows, window).map(|rate| 7.0 * rate), &line["corrected"]["demand_weekly"], line);
        assert_eq!(json!(referrals(&rows, window)), line["corrected"]["demand_count"], "{line}");
    }
}

fn removal_rates(line: &Value) {
    let rows = rows(&line["input"]["waiting_list"]);
    let mut window = window(line, &rows);
    if line["input"]["end_date"].is_null() {
        window.end = rows.iter().filter_map(|row| row.removed_on).fold(window.end, NaiveDate::max);
    }
    let gaps = removal_gaps(&rows, window);
    let weekly = gaps.per_day.map(|rate| 7.0 * rate);
    if line["use"] == "context" {
        close(weekly, &line["output"]["capacity_weekly"][0], line);
        close(gaps.variation, &line["output"]["capacity_cov"][0], line);
        assert_eq!(json!(gaps.count), line["output"]["removal_count"][0], "{line}");
    } else if line["corrected"].is_object() {
        close(weekly, &line["corrected"]["capacity_weekly"], line);
        close(Some(gaps.days), &line["corrected"]["busy_days"], line);
        assert_eq!(json!(removals(&rows, window)), line["corrected"]["removals"], "{line}");
    } else {
        // Within 9 to 17 January three leave, the first after a day and two after seven more.
        assert_eq!((gaps.count, gaps.days), (3, 8.0), "{line}");
    }
}

fn statistics(line: &Value) {
    let rows = rows(&line["input"]["waiting_list"]);
    let window = window(line, &rows);
    // The package's factor of 4, as a share.
    let share_in_time = 1.0 - (-4.0_f64).exp();
    let aim = Aim { target_weeks: line["input"]["target_wait"].as_f64().unwrap(), share_in_time };
    let summary = Summary::of(&rows, window, Some(aim));
    close(summary.mean_wait, &line["corrected"]["mean_wait_weeks"], line);
    close(summary.needs.unwrap().pressure, &line["corrected"]["pressure"], line);
    let wanted = &line["output"];
    if wanted["queue_size"].is_array() {
        assert_eq!(json!(summary.waiting), wanted["queue_size"][0], "{line}");
        let demand = summary.referral_gaps.per_day.map(|rate| 7.0 * rate).unwrap();
        close(Some(demand), &wanted["mean_demand"][0], line);
        // Its own demand, and its own variations: of gaps that lose their last to a fault where it copies none.
        let variations = ["cv_arrival", "cv_removal"].map(|name| wanted[name][0].as_f64().unwrap());
        close(summary.referral_gaps.variation, &wanted["cv_arrival"][0], line);
        let needs = Needs::of(aim, demand, variations, summary.waiting, summary.mean_wait).unwrap();
        close(Some(needs.queue), &wanted["target_queue_size"][0], line);
        match wanted["target_capacity"][0].as_f64() {
            Some(_) => close(Some(needs.capacity), &wanted["target_capacity"][0], line),
            None => close(needs.relief, &wanted["relief_capacity"][0], line),
        }
        assert_eq!(needs.relief.is_none(), wanted["relief_capacity"][0].is_null(), "{line}");
    }
}

fn scheduled(line: &Value) {
    let mut rows = rows(&line["input"]["waiting_list"]);
    let before = rows.clone();
    let slots: Vec<_> = days(&line["input"]["schedule"]).into_iter().flatten().collect();
    let taken: Vec<_> = schedule(&mut rows, &slots).into_iter().map(u8::from).collect();
    if line["use"] == "do-not-copy" {
        let new: Vec<_> = rows.into_iter().filter(|row| !before.contains(row)).collect();
        assert_eq!(shown(&new), line["corrected"], "{line}");
    } else if let Some([list, slots]) = line["output"].as_array().map(Vec::as_slice) {
        assert_eq!((&shown(&rows), &json!(taken)), (list, &slots["scheduled"]), "{line}");
    } else {
        assert_eq!(shown(&rows), line["output"], "{line}");
    }
}

fn joined(line: &Value) {
    let input = &line["input"];
    let found = if input["wl_1"].is_object() {
        join(&rows(&input["wl_1"]), &rows(&input["wl_2"]))
    } else {
        let more =
            days(&input["additions"]).into_iter().flatten().map(|referred_on| Row { referred_on, removed_on: None });
        join(&rows(&input["waiting_list"]), &more.collect::<Vec<_>>())
    };
    assert_eq!(shown(&found), line["output"], "{line}");
}

fn journey(line: &Value) {
    let number = |name: &str| line["input"][name].as_f64().unwrap();
    for (place, share) in line["input"]["rtt_performance"].as_array().unwrap().iter().enumerate() {
        let factor = factor_of(share.as_f64().unwrap()).unwrap();
        close(Some(factor / number("target_weeks")), &line["output"]["lambda"][place], line);
        let list = target_queue(number("referral_rate"), number("target_weeks"), factor);
        close(Some(list), &line["output"]["total_population"][place], line);
    }
}

#[test]
fn every_published_list_of_rows_is_matched_or_corrected() {
    let mut lines = 0;
    for line in vectors("waiting_list_rows.jsonl") {
        lines += 1;
        let number = |name: &str| line["input"][name].as_f64().unwrap();
        match line["function"].as_str().unwrap() {
            "wl_queue_size" if line["corrected"].is_object() => sizes(&line, &line["corrected"]),
            "wl_queue_size" => sizes(&line, &line["output"]),
            "wl_referral_stats" => referral_rates(&line),
            "wl_removal_stats" => removal_rates(&line),
            "wl_stats" => statistics(&line),
            "wl_schedule" => scheduled(&line),
            "wl_insert" | "wl_join" => joined(&line),
            "sim_schedule" => {
                let days = line["input"]["n_rows"].as_u64().unwrap().try_into().unwrap();
                let start = date(line["input"]["start_date"].as_str().unwrap());
                assert_eq!(texts(even_slots(start, days, number("daily_capacity"))), line["output"], "{line}");
            }
            "plot_rtt_journey" => journey(&line),
            "calc_priority_to_target" => {
                let priority = line["input"]["priority"].as_u64().unwrap().try_into().unwrap();
                assert_eq!(json!(priority_days(priority)), line["output"], "{line}");
            }
            "calc_target_capacity" => {
                let found = target_capacity(number("demand"), number("target_wait"), number("factor"), [1.0, 1.0]);
                close(Some(found), &line["output"], &line);
            }
            other => panic!("nothing answers {other}"),
        }
    }
    assert_eq!(lines, 31);
}

fn some_rows() -> impl Strategy<Value = Vec<Row>> {
    let start = date("2025-01-01");
    let row = (0_u64..120, prop::option::of(0_u64..60)).prop_map(move |(referred, wait)| {
        let referred_on = start + chrono::Days::new(referred);
        Row { referred_on, removed_on: wait.map(|wait| referred_on + chrono::Days::new(wait)) }
    });
    prop::collection::vec(row, 0..80)
}

proptest! {
    #[test]
    fn the_list_is_who_came_less_who_went(rows in some_rows(), first in 0_u64..90, length in 0_u64..60) {
        let start = date("2025-01-01") + chrono::Days::new(first);
        let window = Window { start, end: start + chrono::Days::new(length) };
        let sizes = size_by_day(&rows, window);
        prop_assert_eq!(sizes.len(), usize::try_from(length).unwrap() + 1);
        for (day, size) in &sizes {
            prop_assert_eq!(*size, waiting_on(&rows, *day));
        }
        let before = start.pred_opt().unwrap();
        let balance = waiting_on(&rows, before) + referrals(&rows, window) - removals(&rows, window);
        prop_assert_eq!(balance, waiting_on(&rows, window.end));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rows in some_rows()) {
        let window = Window { start: date("2025-01-10"), end: date("2025-04-10") };
        let backwards: Vec<_> = rows.iter().rev().copied().collect();
        prop_assert_eq!(referral_gaps(&rows, window), referral_gaps(&backwards, window));
        prop_assert_eq!(removal_gaps(&rows, window), removal_gaps(&backwards, window));
        prop_assert_eq!(removal_gaps(&rows, window).count, removals(&rows, window));
        prop_assert_eq!(mean_days_to_removal(&rows, window).is_some(), removals(&rows, window) > 0);
    }

    #[test]
    fn nobody_is_seen_before_whoever_came_earlier(rows in some_rows(), slots in prop::collection::vec(0_u64..150, 0..40)) {
        let mut rows: Vec<_> = rows.into_iter().map(|row| Row { removed_on: None, ..row }).collect();
        let mut slots: Vec<_> = slots.into_iter().map(|day| date("2025-01-01") + chrono::Days::new(day)).collect();
        slots.sort_unstable();
        let taken = schedule(&mut rows, &slots).into_iter().filter(|taken| *taken).count();
        prop_assert_eq!(taken, rows.iter().filter(|row| row.removed_on.is_some()).count());
        for pair in rows.windows(2) {
            prop_assert!(pair[1].removed_on.is_none_or(|later| pair[0].removed_on.is_some_and(|earlier| earlier <= later)));
        }
        prop_assert!(rows.iter().all(|row| row.removed_on.is_none_or(|day| day > row.referred_on)));
    }
}
