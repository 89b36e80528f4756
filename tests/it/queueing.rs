//! Queues in closed form: every published value, and what must hold of any queue.

use proptest::prelude::*;
use serde_json::Value;
use twentyweeks::domain::capacity::projection::Fluid;
use twentyweeks::domain::capacity::queueing::Means;
use twentyweeks::domain::capacity::queueing::deterministic::{Deterministic, NoShare, SERVICE_TIMES_MAX};
use twentyweeks::domain::capacity::queueing::erlang::Team;
use twentyweeks::domain::capacity::queueing::headroom::headroom;
use twentyweeks::domain::capacity::queueing::priority::{Class, Waits, interrupting, team, uninterrupted};
use twentyweeks::domain::capacity::queueing::single::{Service, Single};
use twentyweeks::domain::capacity::queueing::withdrawals::with_withdrawals;
use twentyweeks::domain::capacity::weekly_slots::{Lengths, Weekly};

use super::support::vectors;

/// Of closed forms, relatively.
const CLOSED: f64 = 1e-10;

fn close(found: f64, wanted: &Value, tolerance: f64, what: &str) {
    let wanted = wanted.as_f64().unwrap_or_else(|| panic!("{what}: {wanted} is no number"));
    let error = (found - wanted).abs();
    assert!(error <= tolerance * wanted.abs().max(1e-300), "{what}: {found}, not {wanted}");
}

fn input(line: &Value, name: &str) -> f64 {
    line["input"][name].as_f64().unwrap_or_else(|| panic!("{name} of {line}"))
}

fn a_team(line: &Value) -> Team {
    let servers = line["input"]["c"].as_u64().unwrap_or(1).try_into().unwrap();
    Team { arrivals: input(line, "lambda"), served_each: input(line, "mu"), servers }
}

/// Compares what a line says of means; answers how many figures it compared.
fn compare(line: &Value, figures: &[(&str, f64)]) -> usize {
    let said = figures.iter().filter(|(name, _)| !line["output"][name].is_null());
    said.map(|(name, found)| close(*found, &line["output"][name], CLOSED, &format!("{name} of {line}"))).count()
}

fn figures(means: Means) -> Vec<(&'static str, f64)> {
    vec![("rho", means.load), ("Wq", means.wait), ("Lq", means.waiting), ("W", means.time), ("L", means.present)]
}

fn erlang_c(line: &Value) -> usize {
    let team = a_team(line);
    let mut all = figures(team.means().unwrap());
    all.push(("prob_wait", team.share_who_wait().unwrap()));
    for (name, share) in [("wait_quantile_50", 0.5), ("wait_quantile_90", 0.9), ("wait_quantile_95", 0.95)] {
        all.push((name, team.wait_quantile(share).unwrap()));
    }
    for point in line["output"]["tail"].as_array().unwrap() {
        let found = team.share_waiting_longer(point["t"].as_f64().unwrap()).unwrap();
        close(found, &point["P_wait_gt_t"], CLOSED, &line.to_string());
    }
    compare(line, &all) + line["output"]["tail"].as_array().unwrap().len()
}

fn m_d_1(line: &Value) -> usize {
    let queue = Deterministic { arrivals: input(line, "lambda"), service: input(line, "service_time") };
    for point in line["output"]["cdf"].as_array().unwrap() {
        let found = queue.share_seen_within(point["t"].as_f64().unwrap()).unwrap();
        close(found, &point["P_wait_le_t"], 1e-12, &line.to_string());
    }
    compare(line, &figures(queue.means().unwrap())) + line["output"]["cdf"].as_array().unwrap().len()
}

fn m_g_1(line: &Value) -> usize {
    let moment = |place: usize| line["input"]["moments"][place].as_f64().unwrap();
    let service = Service { mean: moment(0), second: moment(1), third: Some(moment(2)) };
    let queue = Single { arrivals: input(line, "lambda"), service };
    let mut all = figures(queue.means().unwrap());
    all.push(("var_Wq", queue.wait_variance().unwrap()));
    let scv = service.relative_variance().unwrap();
    if ["gamma", "deterministic"].contains(&line["input"]["service"].as_str().unwrap()) {
        let gamma = Service::spread(service.mean, service.mean * scv.max(0.0).sqrt());
        assert!((gamma.third.unwrap() - service.third.unwrap()).abs() < 1e-12, "{line}: {gamma:?}");
    }
    assert!((scv - line["output"]["scv"].as_f64().unwrap()).abs() < 1e-12, "{line}: {scv}");
    compare(line, &all) + 1
}

fn classes(line: &Value) -> Vec<Class> {
    let read = |class: &Value| {
        let number = |name: &str| class[name].as_f64().unwrap();
        let service = Service { mean: number("mean"), second: number("second_moment"), third: None };
        Class { arrivals: number("lambda"), service }
    };
    line["input"]["classes"].as_array().unwrap().iter().map(read).collect()
}

fn compare_classes(line: &Value, waits: &Waits) -> usize {
    for (place, (wait, waiting)) in waits.by_class.iter().zip(&waits.waiting).enumerate() {
        let wait = wait.unwrap();
        close(wait, &line["output"]["Wq_by_class"][place], CLOSED, &line.to_string());
        if line["output"]["Lq_by_class"].is_array() {
            close(waiting.unwrap(), &line["output"]["Lq_by_class"][place], CLOSED, &line.to_string());
        }
    }
    let all = [
        ("rho", waits.load),
        ("residual_W0", waits.residual),
        ("Wq_fifo", waits.first_come.unwrap()),
        ("conservation_sum_rho_Wq", waits.conserved.unwrap()),
    ];
    let load_and_wait = waits.load * waits.first_come.unwrap();
    assert!((waits.conserved.unwrap() - load_and_wait).abs() < 1e-12, "no order changes the work: {line}");
    compare(line, &all) + waits.by_class.len()
}

fn in_order(line: &Value) -> usize {
    compare_classes(line, &uninterrupted(&classes(line)))
}

fn in_order_by_team(line: &Value) -> usize {
    let arrivals: Vec<_> =
        line["input"]["lambdas"].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect();
    let servers = line["input"]["c"].as_u64().unwrap().try_into().unwrap();
    let served_each = input(line, "mu");
    let all = Team { arrivals: arrivals.iter().sum(), served_each, servers };
    close(all.share_who_wait().unwrap(), &line["output"]["prob_wait"], CLOSED, &line.to_string());
    compare_classes(line, &team(&arrivals, served_each, servers).unwrap()) + 1
}

fn interrupted(line: &Value) -> usize {
    let times = interrupting(&classes(line));
    for (place, time) in times.iter().enumerate() {
        close(time.unwrap(), &line["output"]["time_in_system_by_class"][place], CLOSED, &line.to_string());
    }
    times.len()
}

fn erlang_a(line: &Value) -> usize {
    let found = with_withdrawals(&a_team(line), input(line, "theta")).unwrap();
    let all = [
        ("prob_all_busy", found.all_busy),
        ("Lq", found.waiting),
        ("abandon_rate", found.withdrawn),
        ("abandon_prob", found.share_withdrawn),
        ("mean_wait_all", found.wait),
        ("utilisation", found.busy),
    ];
    compare(line, &all)
}

fn approximation(line: &Value) -> usize {
    let team = a_team(line);
    let spreads = ["ca2", "cs2"].map(|name| input(line, name).sqrt());
    let wait = team.approximate_wait(spreads).unwrap();
    let heavy = f64::midpoint(input(line, "ca2"), input(line, "cs2")) / (team.served_each - team.arrivals);
    compare(line, &[("Wq", wait), ("Wq_kingman", wait), ("W_heavy_traffic_form", heavy)])
}

fn spare(line: &Value) -> usize {
    let [arrivals, deadline, late] = ["lambda", "T", "p_late"].map(|name| input(line, name));
    let found = headroom(arrivals, deadline, late).unwrap();
    let check = Team { arrivals, served_each: found.offered, servers: 1 }.share_waiting_longer(deadline).unwrap();
    let all = [
        ("mu", found.offered),
        ("headroom", found.spare),
        ("check_P_wait_gt_T", check),
        ("heavy_traffic_mu", found.heavy_traffic),
    ];
    compare(line, &all)
}

fn compare_lengths(lengths: &Lengths, wanted: &Value, what: &str) {
    close(lengths.mean(), &wanted["mean"], 1e-6, what);
    close(lengths.deviation(), &wanted["sd"], 1e-6, what);
    assert!((lengths.none() - wanted["P_empty"].as_f64().unwrap()).abs() <= 1e-9, "{what}: {}", lengths.none());
    for (name, share) in [("q05", 0.05), ("q50", 0.5), ("q95", 0.95)] {
        assert_eq!(serde_json::json!(lengths.quantile(share)), wanted[name], "{name} of {what}");
    }
}

fn weekly(line: &Value) -> usize {
    let whole = |name: &str| usize::try_from(line["input"][name].as_u64().unwrap()).unwrap();
    let weeks = Weekly::new(input(line, "lambda_per_week"), whole("slots_per_week")).unwrap();
    let what = line.to_string();
    if let Some(points) = line["output"]["by_week"].as_array() {
        for point in points {
            let after = usize::try_from(point["week"].as_u64().unwrap()).unwrap();
            compare_lengths(&weeks.after(whole("initial_queue"), after, 900), point, &what);
        }
        return points.len() * 6;
    }
    if line["output"]["fluid_weeks"].is_number() {
        let reached = weeks.reached_by(whole("initial_queue"), whole("target_queue"), 60, 600);
        let first = |share: f64| reached.iter().position(|chance| *chance >= share).unwrap() + 1;
        for (name, share) in [("q05_weeks", 0.05), ("q50_weeks", 0.5), ("q95_weeks", 0.95)] {
            assert_eq!(serde_json::json!(first(share)), line["output"][name], "{name} of {what}");
        }
        let fluid = line["output"]["fluid_weeks"].as_f64().unwrap();
        let (_, by_then) = (1..).map(f64::from).zip(&reached).find(|(week, _)| *week >= fluid).unwrap();
        let number = |name: &str| f64::from(u32::try_from(whole(name)).unwrap());
        let list = Fluid {
            queue: number("initial_queue"),
            arrivals: input(line, "lambda_per_week"),
            slots: number("slots_per_week"),
            withdrawal: 0.0,
        };
        let late = list.reaches_in_95_of_100(number("target_queue")).unwrap();
        assert!((late.ceil() - line["output"]["q95_weeks"].as_f64().unwrap()).abs() <= 1.0, "{what}: {late}");
        close(*by_then, &line["output"]["P_by_fluid_week_rounded_up"], 1e-6, &what);
        return 4;
    }
    compare_lengths(&weeks.settled(400, 20_000).unwrap(), &line["output"], &what);
    6
}

#[test]
fn every_published_queue_waits_as_published() {
    let (mut lines, mut compared) = (0, 0);
    for line in vectors("queueing.jsonl") {
        let model = line["model"].as_str().unwrap();
        compared += match model {
            "M/M/c" => erlang_c(&line),
            "M/D/1" => m_d_1(&line),
            "M/G/1" => m_g_1(&line),
            "M/G/1 non-preemptive priority (Cobham)" => in_order(&line),
            "M/M/c non-preemptive priority" => in_order_by_team(&line),
            "M/G/1 preemptive-resume priority" => interrupted(&line),
            "M/M/c+M (Erlang A, withdrawals)" => erlang_a(&line),
            "G/G/1 Kingman" | "G/G/c Allen-Cunneen" => approximation(&line),
            "M/M/1 inverse: least rate for P(wait > T) <= p" => spare(&line),
            _ => weekly(&line),
        };
        lines += 1;
    }
    assert!(lines == 49 && compared == 364, "{lines} lines, {compared} figures");
}

/// Held against the alternating sum in hundreds to thousands of digits.
#[test]
fn equal_appointments_keep_nine_digits_or_are_refused() {
    let lines = vectors("m_d_1.jsonl");
    assert_eq!(lines.len(), 92);
    for line in lines {
        let number = |name: &str| line[name].as_f64().unwrap();
        let queue = Deterministic { arrivals: number("arrivals"), service: number("service") };
        close(queue.share_seen_within(number("time")).unwrap(), &line["share"], 1e-11, &line.to_string());
    }
    let queue = Deterministic { arrivals: 0.8, service: 1.0 };
    assert_eq!(queue.share_seen_within(SERVICE_TIMES_MAX + 0.1), Err(NoShare::TooLong));
    assert_eq!(queue.share_seen_within(-1.0), Err(NoShare::TooLong));
    assert_eq!(queue.share_seen_within(f64::NAN), Err(NoShare::TooLong));
    assert_eq!(Deterministic { arrivals: 1.0, service: 1.0 }.share_seen_within(1.0), Err(NoShare::Unstable));
}

#[test]
fn a_queue_that_does_not_settle_has_no_waits() {
    for arrivals in [12.0, 13.0] {
        let full = Team { arrivals, served_each: 1.0, servers: 12 };
        assert!(full.load().unwrap() >= 1.0);
        assert_eq!((full.means(), full.share_who_wait(), full.wait_quantile(0.9)), (None, None, None));
        let single = Single { arrivals, service: Service::spread(0.1, 0.1) };
        assert_eq!((single.means(), single.wait_variance()), (None, None));
    }
    assert_eq!(Team { arrivals: 1.0, served_each: 0.0, servers: 3 }.means(), None);
    assert_eq!(with_withdrawals(&Team { arrivals: 30.0, served_each: 1.0, servers: 3 }, 0.0), None);
    assert!(
        headroom(6.0, 0.0, 0.1).is_none() && headroom(6.0, 6.0, 0.0).is_none() && headroom(0.0, 6.0, 0.1).is_none()
    );
}

/// Advice comes first and is 20 % of the work; the routine list behind it grows for ever.
#[test]
fn those_who_come_first_settle_though_the_rest_does_not() {
    let service = Service::spread(1.0 / 32.0, 1.0 / 32.0);
    let waits = uninterrupted(&[Class { arrivals: 6.0, service }, Class { arrivals: 60.0, service }]);
    // Whoever comes always finds somebody being seen, and of exponential length there is as much to come as there ever was.
    assert!((waits.by_class[0].unwrap() - (1.0 / 32.0) / (1.0 - 6.0 / 32.0)).abs() < 1e-15);
    assert_eq!((waits.by_class[1], waits.first_come, waits.conserved), (None, None, None));
    let side_by_side = team(&[6.0, 60.0], 8.0, 4).unwrap();
    assert!((side_by_side.by_class[0].unwrap() - waits.by_class[0].unwrap()).abs() < 1e-15);
    assert_eq!(side_by_side.by_class[1], None);
}

#[test]
fn headroom_neither_overflows_nor_loses_its_digits() {
    // Deadlines of which e^(lambda T) is beyond any number.
    let far = headroom(1000.0, 520.0, 0.05).unwrap();
    assert!((far.spare * 520.0 - (1.0_f64 / 0.05).ln()).abs() < 1e-4 && far.spare < 0.05_f64.ln().abs() / 520.0);
    let small = headroom(1e-6, 1.0, 1e-12).unwrap();
    let check = Team { arrivals: 1e-6, served_each: small.offered, servers: 1 }.share_waiting_longer(1.0).unwrap();
    assert!((check / 1e-12 - 1.0).abs() < 1e-9, "{check}");
}

proptest! {
    #[test]
    fn one_server_is_the_same_by_three_formulas(load in 0.0..0.99_f64, service in 0.01..10.0_f64) {
        let arrivals = load / service;
        let erlang = Team { arrivals, served_each: 1.0 / service, servers: 1 }.means().unwrap();
        let general = Single { arrivals, service: Service::spread(service, service) }.means().unwrap();
        let equal = Deterministic { arrivals, service }.means().unwrap();
        prop_assert!((erlang.wait - general.wait).abs() <= 1e-9 * (1.0 + erlang.wait));
        prop_assert!((2.0 * equal.wait - general.wait).abs() <= 1e-9 * (1.0 + erlang.wait));
        prop_assert!((erlang.waiting - arrivals * erlang.wait).abs() <= 1e-12 * (1.0 + erlang.waiting));
    }

    #[test]
    fn shares_of_a_list_with_withdrawals_are_shares(
        arrivals in 0.001..100_000.0_f64, each in 0.000_001..100.0_f64, servers in 1_u32..300, leaving in 0.000_1..10.0_f64,
    ) {
        let team = Team { arrivals, served_each: each, servers };
        let left = with_withdrawals(&team, leaving).unwrap();
        for share in [left.all_busy, left.share_withdrawn, left.busy] {
            prop_assert!((0.0..=1.0 + 1e-9).contains(&share), "{left:?}");
        }
        // Whoever comes is seen or leaves.
        let seen = left.busy * each * f64::from(servers);
        prop_assert!((seen + left.withdrawn - arrivals).abs() <= 1e-8 * arrivals, "{left:?}");
    }

    #[test]
    fn many_who_see_few_children_are_hardly_busy(arrivals in 0.000_1..1.0_f64, each in 10.0..1_000.0_f64, servers in 50_u32..5_000) {
        let left = with_withdrawals(&Team { arrivals, served_each: each, servers }, 0.5).unwrap();
        let busy = arrivals / (each * f64::from(servers));
        prop_assert!((left.busy - busy).abs() <= 1e-9 * busy && left.all_busy < 1e-9, "{left:?}");
    }

    #[test]
    fn few_withdrawals_are_erlang_c_and_more_who_see_children_never_hurt(load in 0.1..0.95_f64, servers in 1_u32..600) {
        let arrivals = load * f64::from(servers);
        let team = Team { arrivals, served_each: 1.0, servers };
        let wait = team.means().unwrap().wait;
        let left = with_withdrawals(&team, 1e-9).unwrap();
        prop_assert!((left.wait - wait).abs() <= 1e-5 * wait + 1e-12, "{} {}", left.wait, wait);
        let more = Team { servers: servers + 1, ..team };
        prop_assert!(more.share_who_wait().unwrap() <= team.share_who_wait().unwrap());
        let quantile = team.wait_quantile(0.9).unwrap();
        let late = team.share_waiting_longer(quantile).unwrap();
        prop_assert!(late <= 0.1 + 1e-9 && (quantile == 0.0 || late > 0.1 - 1e-9));
    }

    #[test]
    fn the_share_seen_rises_from_nobody_waiting_to_all(load in 0.01..0.99_f64, time in 0.0..200.0_f64, more in 0.0..5.0_f64) {
        let queue = Deterministic { arrivals: load, service: 1.0 };
        let at_once = queue.share_seen_within(0.0).unwrap();
        let [soon, later] = [time, time + more].map(|time| queue.share_seen_within(time).unwrap());
        prop_assert!((at_once - (1.0 - load)).abs() < 1e-12);
        prop_assert!(at_once <= soon + 1e-12 && soon <= later + 1e-12 && later <= 1.0);
    }
}
