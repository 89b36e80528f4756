//! Disclosure control: worked cases, and what holds for every table.

pub mod attack;
mod tables;

use std::collections::BTreeMap;

use proptest::prelude::*;
use twentyweeks::domain::statistics::disclosure::{
    Line, Reason, Shown, Table, TableFault, average, average_beside, is_small, percentile, protect, rate,
    round_to_five, whole_weeks,
};

use tables::{Cells, Cube, cube};

const HIDDEN: Shown = Shown::Suppressed(Reason::SmallNumbers);

fn line(total: &str, parts: &[&str]) -> Line<String> {
    Line { total: total.to_owned(), parts: parts.iter().map(|part| (*part).to_owned()).collect() }
}

fn cells(counts: &[(&str, &[u64])]) -> Cells {
    counts.iter().map(|(key, counts)| ((*key).to_owned(), counts.to_vec())).collect()
}

fn shown(counts: &[(&str, &[u64])], lines: &[Line<String>]) -> BTreeMap<String, Vec<Shown>> {
    protect(&Table::new(cells(counts), lines).unwrap())
}

#[test]
fn a_small_count_takes_the_next_smallest_with_it() {
    let counts: [(&str, &[u64]); 5] = [("a", &[3]), ("b", &[41]), ("c", &[12]), ("d", &[0]), ("all", &[56])];
    let shown = shown(&counts, &[line("all", &["a", "b", "c", "d"])]);
    assert_eq!(shown["a"], [HIDDEN]);
    assert_eq!(shown["b"], [Shown::Count(40)]);
    assert_eq!(shown["c"], [HIDDEN]);
    assert_eq!(shown["d"], [Shown::Count(0)]);
    assert_eq!(shown["all"], [Shown::Count(55)]);
}

#[test]
fn without_another_part_the_total_is_hidden() {
    let counts: [(&str, &[u64]); 5] = [("a", &[3]), ("b", &[0]), ("x", &[3]), ("y", &[20]), ("z", &[23])];
    let shown = shown(&counts, &[line("x", &["a", "b"]), line("z", &["x", "y"])]);
    assert_eq!(shown["x"], [HIDDEN]);
    assert_eq!(shown["y"], [HIDDEN], "else x is z less y");
    assert_eq!(shown["z"], [Shown::Count(25)]);
}

#[test]
fn two_hidden_ones_that_rounding_gives_away_take_a_third() {
    // Five parts of 8 are 40 at least, a total of 40 is 42 at most: what is hidden could only be 1 and 1.
    let keys = ["a", "b", "c", "d", "e"];
    let mut counts: Vec<(&str, &[u64])> = keys.iter().map(|key| (*key, [8].as_slice())).collect();
    counts.extend([("f", [1].as_slice()), ("g", &[1]), ("all", &[42])]);
    let shown = shown(&counts, &[line("all", &["a", "b", "c", "d", "e", "f", "g"])]);
    let hidden = shown.values().filter(|shown| shown[0] == HIDDEN).count();
    assert!(hidden > 2, "{shown:?}");
}

#[test]
fn what_is_hidden_on_one_date_is_hidden_on_all() {
    let counts: [(&str, &[u64]); 3] = [("a", &[8, 7, 0]), ("b", &[90, 90, 90]), ("all", &[98, 97, 90])];
    let shown = shown(&counts, &[line("all", &["a", "b"])]);
    assert_eq!(shown["a"], [HIDDEN, HIDDEN, Shown::Count(0)]);
    assert_eq!(shown["b"], [HIDDEN; 3]);
}

#[test]
fn what_does_not_add_up_is_no_table() {
    let table = |counts: &[(&str, &[u64])], parts: &[&str]| {
        Table::new(cells(counts), &[line("all", parts)]).map(|_| ()).unwrap_err()
    };
    let all = || "all".to_owned();
    assert_eq!(table(&[("a", &[1]), ("all", &[2])], &["a"]), TableFault::Unequal(all()));
    assert_eq!(table(&[("all", &[2])], &["a"]), TableFault::UnknownCell("a".to_owned()));
    assert_eq!(table(&[("a", &[1, 2]), ("all", &[2])], &["a"]), TableFault::OtherDates(all()));
    assert_eq!(table(&[("a", &[1]), ("all", &[2])], &["a", "a"]), TableFault::Repeated("a".to_owned()));
}

#[test]
fn a_rate_says_nothing_that_its_counts_do_not() {
    for denominator in 0..400_u64 {
        for numerator in 0..=denominator {
            let counts = [numerator, denominator - numerator, denominator];
            let [part, rest, whole] =
                counts.map(|count| if is_small(count) { HIDDEN } else { Shown::Count(round_to_five(count)) });
            let rate = rate(part, rest, whole);
            assert_eq!(rate.is_err(), counts.into_iter().any(is_small), "{numerator} of {denominator}");
            if let Ok(rate) = rate {
                let rounded = (2000 * round_to_five(numerator) + round_to_five(denominator))
                    .checked_div(2 * round_to_five(denominator));
                assert_eq!(rate, rounded);
                assert!(rate.is_none_or(|rate| rate <= 1000));
            }
        }
    }
}

#[test]
fn averages_are_of_eight_or_more_and_in_weeks() {
    assert_eq!(average(HIDDEN), Err(Reason::TooFew));
    assert_eq!(average(Shown::Count(0)), Err(Reason::TooFew));
    assert_eq!(average(Shown::Count(round_to_five(8))), Ok(()));
    assert_eq!([whole_weeks(73, 10), whole_weeks(35, 10), whole_weeks(34, 10)], [Some(1), Some(1), Some(0)]);
    assert_eq!(whole_weeks(0, 0), None);
    assert_eq!(
        [Reason::SmallNumbers, Reason::TooFew, Reason::Rate].map(Reason::code),
        ["small_numbers", "too_few", "rate"]
    );
}

#[test]
fn no_mean_is_shown_beside_a_hidden_part_however_many_people_it_is_of() {
    // 39 who waited no day and one who waited 127: with a mean of 0 weeks there cannot be two who did.
    let shown = |people: u64| if is_small(people) { HIDDEN } else { Shown::Count(round_to_five(people)) };
    assert_eq!(average_beside(shown(40), [39, 1].map(shown)), Err(Reason::TooFew));
    assert_eq!(average_beside(shown(4_000), [3_999, 1].map(shown)), Err(Reason::TooFew));
    assert_eq!(average_beside(shown(40), [40, 0].map(shown)), Ok(()));
    assert_eq!(average_beside(shown(40), [20, 20].map(shown)), Ok(()));
    assert_eq!(average_beside(HIDDEN, [0, 0].map(shown)), Err(Reason::TooFew));
}

#[test]
fn a_percentile_says_nothing_about_a_limit_that_the_counts_do_not() {
    let show = |raw: u64| if is_small(raw) { HIDDEN } else { Shown::Count(round_to_five(raw)) };
    let mut published = 0;
    for within in 0..150_u64 {
        for beyond in 0..150_u64 {
            let shown = [within, beyond, within + beyond].map(show);
            for percent in [50, 75, 90, 92] {
                if percentile(percent, shown).is_err() {
                    continue;
                }
                published += 1;
                let rank = ((within + beyond) * percent).div_ceil(100);
                assert!(rank > 7 && within + beyond - rank + 1 > 7, "p{percent} of {within} and {beyond} is of few");
                // Every other pair that is published with the same numbers has it on the same side.
                for other in 0..25 {
                    let (more, less) = (other / 5, other % 5);
                    let near = [(within + more).saturating_sub(2), (beyond + less).saturating_sub(2)];
                    let all = near[0] + near[1];
                    if [near[0], near[1], all].map(show) == shown {
                        let same = ((all * percent).div_ceil(100) <= near[0]) == (rank <= within);
                        assert!(same, "p{percent} tells {within} and {beyond} from {near:?}");
                    }
                }
            }
        }
    }
    assert!(published > 30_000, "{published} are published");
    assert_eq!(percentile(50, [HIDDEN, show(20), show(30)]), Err(Reason::TooFew));
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0_u64), 3 => 1..8_u64, 3 => 8..13_u64, 2 => 13..200_u64]
}

/// Two regions of two authorities, by three disciplines and three bands, on two dates.
fn random_cube() -> impl Strategy<Value = Cube> {
    let dates = prop::collection::vec(prop::collection::vec(count(), 36), 1..3);
    dates.prop_map(|leaves| cube([2, 2, 3, 3], &leaves))
}

/// What a reader knows of a count before he adds anything up: the least and the most.
fn known(shown: Shown) -> (u64, u64) {
    match shown {
        Shown::Count(0) => (0, 0),
        Shown::Count(count) => ((count - 2).max(8), count + 2),
        Shown::Suppressed(_) => (1, u64::MAX / 1_000_000),
    }
}

/// What he knows after he has added every line up until nothing more follows.
fn bounds(shown: &BTreeMap<String, Vec<Shown>>, lines: &[Line<String>], date: usize) -> BTreeMap<String, (u64, u64)> {
    let mut bounds: BTreeMap<String, _> = shown.iter().map(|(key, shown)| (key.clone(), known(shown[date]))).collect();
    loop {
        let before = bounds.clone();
        for line in lines {
            let sums = line.parts.iter().fold((0, 0), |sum, part| (sum.0 + bounds[part].0, sum.1 + bounds[part].1));
            let total = bounds[&line.total];
            let total = (total.0.max(sums.0), total.1.min(sums.1));
            bounds.insert(line.total.clone(), total);
            for part in &line.parts {
                let (least, most) = bounds[part];
                let (others_least, others_most) = (sums.0 - least, sums.1 - most);
                let narrowed = (least.max(total.0.saturating_sub(others_most)), most.min(total.1 - others_least));
                bounds.insert(part.clone(), narrowed);
            }
        }
        if bounds == before {
            return bounds;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_table_keeps_the_rules(cube in random_cube()) {
        let shown = protect(&cube.table());
        for (key, raw) in &cube.cells {
            for (raw, shown) in raw.iter().zip(&shown[key]) {
                match shown {
                    Shown::Count(count) => prop_assert!(!is_small(*raw) && *count == round_to_five(*raw)),
                    Shown::Suppressed(_) => prop_assert!(*raw > 0),
                }
            }
            let hides_one = raw.iter().any(|raw| is_small(*raw));
            let hides_all = raw.iter().zip(&shown[key]).all(|(raw, shown)| *raw == 0 || *shown == HIDDEN);
            prop_assert!(!hides_one || hides_all, "{key} flickers");
        }
        for date in 0..cube.dates {
            for line in &cube.lines {
                let hidden = |key: &&String| shown[*key][date] == HIDDEN;
                let parts = line.parts.iter().filter(hidden).count();
                prop_assert!(hidden(&&line.total) || parts != 1, "{line:?} has one hidden part");
            }
            for (key, (least, most)) in bounds(&shown, &cube.lines, date) {
                prop_assert!(shown[&key][date] != HIDDEN || least < most, "{key} can only be {least}");
            }
        }
    }

    #[test]
    fn the_order_of_a_table_does_not_matter(cube in random_cube(), turn in 0..50_usize) {
        let mut lines = cube.lines.clone();
        lines.reverse();
        let length = lines.len();
        lines.rotate_left(turn % length);
        for line in &mut lines {
            line.parts.reverse();
        }
        let turned = Table::new(cube.cells.clone(), &lines).unwrap();
        prop_assert_eq!(protect(&cube.table()), protect(&turned));
        prop_assert_eq!(protect(&turned), protect(&turned));
    }
}
