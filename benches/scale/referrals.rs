//! Waiting lists and waiting times of all England, as the service counts them, and beside what.

use std::hint::black_box;
use std::path::Path;

use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::Facts;
use twentyweeks::domain::statistics::dimension::{Dimension, OfReferrals};
use twentyweeks::domain::statistics::group::{Area, Every, Periods};
use twentyweeks::domain::statistics::spread::Spread;
use twentyweeks::domain::statistics::tally::{Breakdown, Key, Tally};
use twentyweeks::domain::statistics::therapy::{WaitingTimes, waiting_times};
use twentyweeks::domain::statistics::waiting::{WaitingList, waiting};

use crate::Options;
use crate::duck::{Duck, TABLE_REFERRALS};
use crate::england::{DAYS, today};
use crate::loops::{self, By, Months, PERCENTILES, Told};
use crate::measure::{line, medians};

/// What memory holds of a referral.
pub fn memory(england: &[(Authority, Facts)]) {
    let referrals: usize = england.iter().map(|(_, facts)| facts.referrals.len()).sum();
    let columns: usize = england.iter().map(|(_, facts)| facts.referrals.bytes()).sum();
    let children: usize = england.iter().map(|(_, facts)| facts.children.bytes()).sum();
    let each = |bytes: usize| bytes as f64 / referrals as f64;
    println!("Memory of {referrals} referrals, bytes each, allocated");
    println!(
        "  columns {:.1}, with two children for five referrals {:.1}; at most 64",
        each(columns),
        each(columns + children)
    );
}

fn told(days: &Spread) -> Told {
    let [half, three_quarters, nine_tenths, most] = days.percentiles(PERCENTILES).map(|days| days.unwrap_or(0));
    let (people, longest) = (days.people(), days.longest().unwrap_or(0));
    [people, days.days_total(), half, three_quarters, nine_tenths, most, longest, people - days.up_to(126)]
}

fn by(dimension: Dimension) -> Breakdown {
    Breakdown { by: vec![dimension], only: Vec::new() }
}

fn list(england: &[(Authority, Facts)]) -> Vec<([u64; 7], Told)> {
    let mut tally = Tally::<OfReferrals, WaitingList>::new(&by(Dimension::Discipline));
    let periods = Periods::of_a_day();
    for (_, facts) in england {
        let mut sheet = tally.sheet(facts, Area::England, &periods, today());
        sheet.open_all();
        waiting(facts, &mut sheet, today());
    }
    tally.into_cells().iter().map(|(_, list)| (list.by_band(), told(&list.days))).collect()
}

fn count(england: &[(Authority, Facts)], periods: &Periods, dimension: Dimension) -> Vec<(Key, WaitingTimes)> {
    let pages = england.iter().map(|(_, facts)| (Area::England, facts));
    waiting_times(pages, &by(dimension), (periods, today()))
}

fn times(england: &[(Authority, Facts)], periods: &Periods, by: Dimension) -> Vec<[Told; 5]> {
    let each = |times: &WaitingTimes| {
        let received = &times.of_received;
        [&times.to_contact, &times.to_assessment, &times.still_waiting, &received.ended, &received.cut_off].map(told)
    };
    count(england, periods, by).iter().map(|(_, times)| each(times)).collect()
}

fn medians_by_kaplan_meier(england: &[(Authority, Facts)], periods: &Periods) -> Vec<u64> {
    let cells = count(england, periods, Dimension::Discipline);
    cells.iter().map(|(_, times)| times.of_received.curve().percentile(50).unwrap_or(0)).collect()
}

/// Those of the loop's cells that count anyone.
fn counted<T: Clone>(cells: &[T], is_empty: impl Fn(&T) -> bool) -> Vec<T> {
    cells.iter().filter(|cell| !is_empty(cell)).cloned().collect()
}

pub fn measure(england: &[(Authority, Facts)], options: &Options, folder: &Path) {
    let facts: Vec<_> = england.iter().map(|(_, facts)| facts).collect();
    let (first, last) = (today() - DAYS, today());
    let periods = Periods::new(first, last, Every::Month);
    let months = Months::new(first, last, &periods);
    let mut duck = Duck::start(
        &options.python,
        options.times,
        TABLE_REFERRALS,
        |file| crate::duck::referrals(file, &facts),
        folder,
    );

    println!("Waiting list by discipline: count, bands, mean, percentiles, longest");
    let expected = loops::waiting_list(&facts, last);
    let ours = list(england);
    assert_eq!(ours.iter().map(|(_, told)| *told).collect::<Vec<_>>(), expected.1[1..]);
    assert_eq!(ours.iter().map(|(bands, _)| *bands).collect::<Vec<_>>(), expected.0[1..]);
    let [ours, bare] = medians(
        options.times,
        3,
        [&mut || drop(black_box(list(england))), &mut || drop(black_box(loops::waiting_list(&facts, last)))],
    );
    line("  beside a bare loop", ours, bare, ours / bare, "at most 2");
    duck.line("waiting_list", ours, &expected.1);

    for (by, dimension, name) in [
        (By::Discipline, Dimension::Discipline, "discipline"),
        (By::PrimaryNeed, Dimension::PrimaryNeed, "primary need of the child"),
    ] {
        over_time(england, &facts, (&periods, &months), (by, dimension, name), (options, &mut duck));
    }
    kaplan_meier(england, &facts, (&periods, &months), options);
}

type Spans<'a> = (&'a Periods, &'a Months);

fn over_time(
    england: &[(Authority, Facts)],
    facts: &[&Facts],
    (periods, months): Spans<'_>,
    (by, dimension, name): (By, Dimension, &str),
    (options, duck): (&Options, &mut Duck),
) {
    let last = today();
    println!("Waiting times by month and {name}: count, mean, percentiles, longest, over 18 weeks");
    let expected = loops::waiting_times(facts, months, by, last);
    // The service opens every cell of a dimension but those of what nobody recorded.
    let mut expected: Vec<_> = (0..months.count * by.members())
        .map(|cell| (cell % by.members(), [0, 1, 2, 3, 4].map(|spread: usize| expected[spread][cell])))
        .collect();
    let count = expected.len();
    expected.sort_by_key(|(member, _)| (*member == 0, *member));
    let mut ours: Vec<_> = times(england, periods, dimension);
    let mut expected: Vec<_> = expected.into_iter().map(|(_, told)| told).collect();
    ours.sort_unstable();
    expected.sort_unstable();
    let nobody = |told: &[Told; 5]| told.iter().all(|told| told[0] == 0);
    assert_eq!(counted(&ours, nobody), counted(&expected, nobody), "of {count} cells");
    let [ours, whole, contact] = medians(
        options.times,
        3,
        [
            &mut || drop(black_box(times(england, periods, dimension))),
            &mut || drop(black_box(loops::waiting_times(facts, months, by, last))),
            &mut || drop(black_box(loops::to_contact(facts, months, by, last))),
        ],
    );
    line("  beside a bare loop for the same answer", ours, whole, ours / whole, "at most 2");
    line("  beside a bare loop for the times to contact only", ours, contact, ours / contact, "");
    let query = if by == By::Discipline { "by_discipline" } else { "by_need" };
    duck.line(query, ours, &loops::to_contact(facts, months, by, last));
}

fn kaplan_meier(england: &[(Authority, Facts)], facts: &[&Facts], (periods, months): Spans<'_>, options: &Options) {
    let last = today();
    println!("Kaplan-Meier by month of receipt and discipline: the median");
    let mut expected = counted(&loops::kaplan_meier(facts, months, last), |days| *days == 0);
    let mut ours = counted(&medians_by_kaplan_meier(england, periods), |days| *days == 0);
    expected.sort_unstable();
    ours.sort_unstable();
    assert_eq!(ours, expected);
    let [ours, bare] = medians(
        options.times,
        3,
        [&mut || drop(black_box(medians_by_kaplan_meier(england, periods))), &mut || {
            drop(black_box(loops::kaplan_meier(facts, months, last)));
        }],
    );
    line("  beside a bare loop", ours, bare, ours / bare, "at most 5");
}
