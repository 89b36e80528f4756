//! Lists by their rates: where they go, when the next child is seen, posts that stand empty, and whole appointments.

use proptest::prelude::*;
use serde_json::Value;
use twentyweeks::domain::capacity::projection::{Fluid, Reach, TailDecay, longest_list, week_seen};
use twentyweeks::domain::capacity::rounding::{WholeSlots, whole_slots};
use twentyweeks::domain::capacity::vacancy::{WEEKS_PER_YEAR, Year, long_run_vacancy, refill_weeks};
use twentyweeks::domain::capacity::waiting_list::factor_of;

use super::support::vectors;

/// Whole slots of a steady rate.
fn steady(real: f64) -> impl Iterator<Item = u64> {
    whole_slots(std::iter::repeat(real))
}

fn close(found: f64, wanted: &Value, what: &Value) {
    let wanted = wanted.as_f64().unwrap();
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs(), "{what}: {found}");
}

fn fluid(line: &Value) -> [Option<f64>; 3] {
    let number = |name: &str| line["input"][name].as_f64().unwrap();
    let list = Fluid {
        queue: number("queue"),
        arrivals: number("lambda"),
        slots: number("slots"),
        withdrawal: number("withdrawal_per_week"),
    };
    [list.reaches(number("target")).time(), Some(list.queue_after(26.0)), Some(list.queue_after(52.0))]
}

fn year(line: &Value) -> Year {
    let number = |name: &str| line["input"][name].as_f64().unwrap();
    Year {
        working_days: number("working_days"),
        bank_holidays: number("bank_holidays"),
        leave: number("leave"),
        study: number("study"),
        sickness: number("sickness"),
        minutes_per_day: number("minutes_per_day"),
        non_clinical: number("non_clinical"),
    }
}

/// What the engine says of a line, by the names of its answer; nothing for never.
fn figures(line: &Value) -> Vec<(&'static str, Option<f64>)> {
    let number = |name: &str| line["input"][name].as_f64().unwrap();
    match line["kind"].as_str().unwrap() {
        "weeks to reach target (fluid)" => {
            let [weeks, half, whole] = fluid(line);
            vec![("weeks", weeks), ("queue_at_26_weeks", half), ("queue_at_52_weeks", whole)]
        }
        "stationary tail decay (Poisson demand, fixed weekly slots)" => {
            let decay = TailDecay::of(number("lambda"), number("slots")).unwrap();
            let late = decay.share_late(number("deadline_weeks"));
            vec![
                ("decay_per_child", Some(decay.per_child)),
                ("approx_P_wait_gt_deadline", Some(late)),
                ("heavy_traffic_decay", Some(decay.heavy_traffic)),
            ]
        }
        "factor for a target share (exponential waits)" => vec![("factor", factor_of(number("share_within_target")))],
        "vacancy from turnover" => {
            let weeks = number("refill_years") * WEEKS_PER_YEAR;
            vec![("long_run_vacancy", Some(long_run_vacancy(number("leave_hazard_per_year"), weeks)))]
        }
        "refill time implied by vacancy" => {
            vec![("refill_weeks", refill_weeks(number("vacancy"), number("leave_hazard_per_year")))]
        }
        "annual available minutes (closed form)" => vec![
            ("available_days", Some(year(line).available_days())),
            ("clinical_minutes", Some(year(line).clinical_minutes())),
            ("slots_of_110_min", year(line).slots(110.0)),
        ],
        other => panic!("nothing answers {other}"),
    }
}

#[test]
fn every_published_list_goes_where_it_is_published_to_go() {
    let (mut lines, mut compared) = (0, 0);
    for line in vectors("capacity_rates.jsonl") {
        lines += 1;
        let whole = |name: &str| -> Vec<u64> {
            line["input"][name].as_array().unwrap().iter().map(|slots| slots.as_u64().unwrap()).collect()
        };
        match line["kind"].as_str().unwrap() {
            "cumulative rounding to whole slots" => {
                let real: Vec<_> =
                    line["input"]["slots"].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect();
                let found: Vec<_> = whole_slots(real.iter().copied()).collect();
                assert_eq!(serde_json::json!(found), line["output"]["whole"], "{line}");
                compared += found.len();
            }
            "first-come wait against future slots" => {
                let week = week_seen(line["input"]["ahead"].as_u64().unwrap(), whole("weekly_slots"));
                assert_eq!(serde_json::json!(week), line["output"]["week_index_seen"], "{line}");
                compared += 1;
            }
            _ => {
                for (name, found) in figures(&line) {
                    match found {
                        Some(found) => close(found, &line["output"][name], &line),
                        None => assert!(line["output"][name].is_null(), "{name} of {line}"),
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(lines == 19 && compared == 51, "{lines} lines, {compared} figures");
}

#[test]
fn a_list_says_whether_it_comes_down() {
    let list = Fluid { queue: 100.0, arrivals: 10.0, slots: 10.0, withdrawal: 0.0 };
    assert_eq!((list.reaches(100.0), list.reaches(99.0)), (Reach::Already, Reach::Never));
    assert_eq!(list.queue_in_the_end(), Some(100.0));
    // Withdrawals alone bring it down to where as many leave as come: 2 a week of 40.
    let left = Fluid { queue: 100.0, arrivals: 12.0, slots: 10.0, withdrawal: 0.05 };
    assert_eq!((left.reaches(40.0), left.queue_in_the_end()), (Reach::Never, Some(40.0)));
    assert!(matches!(left.reaches(41.0), Reach::After(_)));
    assert_eq!(Fluid { withdrawal: 0.0, ..left }.queue_in_the_end(), None);
    assert_eq!(Fluid { arrivals: 1.0, ..left }.queue_in_the_end(), Some(0.0));
}

#[test]
fn the_last_child_of_the_longest_list_is_just_seen_in_time() {
    let slots = [6, 6, 2, 0, 0, 6, 6];
    for weeks in 1..=7 {
        let longest = longest_list(slots, weeks);
        assert!(week_seen(longest - 1, slots).unwrap() < weeks);
        assert!(week_seen(longest, slots).is_none_or(|week| week >= weeks));
    }
    assert_eq!(week_seen(5, [2, 2]), None, "not in these weeks");
    assert_eq!(steady(6.5).take(4).collect::<Vec<_>>(), [6, 7, 6, 7]);
}

/// Roots in fifty digits, on both sides of where the series takes over.
#[test]
fn the_decay_keeps_its_digits_near_balance() {
    let cases = [
        (1e-9, 1.999_999_998_666_667e-09),
        (1e-6, 1.999_998_666_667_778e-06),
        (5e-5, 9.999_666_680_554_926e-05),
        (0.000_099_9, 0.000_199_786_694_427_680_78),
        (0.000_101, 0.000_201_986_399_811_340_75),
        (0.001, 0.001_998_667_776_771_322_6),
        (0.5, 0.762_688_560_850_339),
    ];
    for (over, root) in cases {
        let found = TailDecay::of(1000.0, 1000.0 * (1.0 + over)).unwrap().per_child;
        let lost = 1e-15 / over;
        assert!((found / root - 1.0).abs() <= 1e-11 + lost, "{over}: {found}, not {root}");
    }
}

#[test]
fn what_cannot_be_said_is_not_said() {
    assert_eq!((TailDecay::of(6.0, 6.0), TailDecay::of(7.0, 6.0), TailDecay::of(0.0, 6.0)), (None, None, None));
    assert_eq!((refill_weeks(1.0, 0.1), refill_weeks(0.2, 0.0), refill_weeks(-0.1, 0.1)), (None, None, None));
    assert!(long_run_vacancy(0.0, 14.0).abs() < 1e-15);
}

proptest! {
    #[test]
    fn whole_slots_never_drift(real in prop::collection::vec(0.0..40.0_f64, 0..600)) {
        let (mut slots, mut whole, mut sum) = (WholeSlots::default(), 0_u32, 0.0);
        for slot in real {
            whole += u32::try_from(slots.next(slot)).unwrap();
            sum += slot;
            prop_assert!((f64::from(whole) - sum).abs() < 1.0, "{whole} of {sum}");
            prop_assert!(u64::from(whole) == slots.whole() && (slots.real() - sum).abs() < 1e-8);
        }
    }

    #[test]
    fn tenths_of_a_slot_add_up_to_whole_ones(tenths in 1_u32..400, tens in 1_usize..1000) {
        let real = f64::from(tenths) / 10.0;
        let whole: u64 = steady(real).take(10 * tens).sum();
        prop_assert_eq!(whole, u64::from(tenths) * u64::try_from(tens).unwrap());
    }

    #[test]
    fn staff_kept_apart_only_ever_add(one in 0.0..9.0_f64, two in 0.0..9.0_f64) {
        let together = steady(one).zip(steady(two)).map(|(one, two)| one + two);
        prop_assert!(steady(one).zip(together).take(200).all(|(alone, both)| both >= alone));
    }

    #[test]
    fn a_list_is_at_its_target_when_it_says_so(
        queue in 1.0..1000.0_f64, arrivals in 0.0..40.0_f64, slots in 0.0..60.0_f64, left in 0.0..0.05_f64, share in 0.01..0.99_f64,
    ) {
        let list = Fluid { queue, arrivals, slots, withdrawal: left };
        let target = queue * share;
        match list.reaches(target) {
            Reach::After(weeks) => prop_assert!(weeks > 1e7 || (list.queue_after(weeks) - target).abs() < 1e-6 * queue),
            Reach::Never => prop_assert!(list.queue_after(1e6) >= target - 1e-6),
            Reach::Already => prop_assert!(false, "{target} is below {queue}"),
        }
    }

    #[test]
    fn few_withdrawals_are_as_none(queue in 0.0..500.0_f64, growth in -20.0..20.0_f64, weeks in 0.0..52.0_f64) {
        let none = Fluid { queue, arrivals: 20.0 + growth, slots: 20.0, withdrawal: 0.0 };
        let few = Fluid { withdrawal: 1e-12, ..none };
        prop_assert!((none.queue_after(weeks) - few.queue_after(weeks)).abs() < 1e-6);
    }

    #[test]
    fn the_decay_is_a_root(arrivals in 0.01..1000.0_f64, ratio in 1.0001..200.0_f64) {
        let decay = TailDecay::of(arrivals, arrivals * ratio).unwrap();
        let (left, right) = (decay.per_child.exp_m1(), ratio * decay.per_child);
        prop_assert!(decay.per_child > 0.0 && (left - right).abs() <= 1e-9 * right, "{left} {right}");
        prop_assert!(decay.per_child <= decay.heavy_traffic);
    }

    #[test]
    fn a_vacancy_goes_there_and_back(hazard in 0.001..2.0_f64, weeks in 0.0..300.0_f64) {
        let back = refill_weeks(long_run_vacancy(hazard, weeks), hazard).unwrap();
        prop_assert!((back - weeks).abs() <= 1e-9 * weeks.max(1.0));
    }
}
