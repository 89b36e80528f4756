//! Timeliness of EHC requests of all England, and whom late cases waited for.

use std::hint::black_box;
use std::path::Path;

use twentyweeks::domain::advice_request::AdviceType;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::Facts;
use twentyweeks::domain::statistics::attribution::{Rule, Standards, Step, Totals, late_cases};
use twentyweeks::domain::statistics::dimension::OfCases;
use twentyweeks::domain::statistics::group::{Area, Every, Level, Periods, by_area};
use twentyweeks::domain::statistics::tally::{Breakdown, Tally};
use twentyweeks::domain::statistics::timeliness::{PlansIssued, plans_issued};

use crate::Options;
use crate::columns::{Columns, Counts, Days, bare_loop, comparing_loop, duckdb};
use crate::england::{DAYS, today};
use crate::loops;
use crate::measure::{line, medians};
use crate::sets;

fn plans(england: &[(Authority, Facts)], periods: &Periods) -> Vec<PlansIssued> {
    let counts = england.iter().map(|(authority, facts)| (*authority, plans_issued(&facts.cases, periods, today())));
    by_area(Level::Authority, periods, counts).into_values().collect()
}

fn totals(england: &[(Authority, Facts)], periods: &Periods, rule: Rule) -> Totals {
    let mut tally = Tally::<OfCases, Totals>::new(&Breakdown::default());
    let standards = Standards::default();
    for (_, facts) in england {
        let mut sheet = tally.sheet(facts, Area::England, periods, today());
        sheet.open_all();
        late_cases(facts, &mut sheet, today(), (rule, &standards));
    }
    tally.into_cells().pop().expect("one cell").1
}

fn within([plain, exempt]: &Counts) -> [u64; 2] {
    [plain[0] + exempt[0], plain[0]]
}

pub fn measure(england: &[(Authority, Facts)], options: &Options, folder: &Path) {
    println!("Plans issued in ten years by authority, in twenty weeks or not, with and without exceptions");
    let columns: Vec<_> = england.iter().map(|(authority, facts)| Columns::of(*authority, facts)).collect();
    let days = Days { first: today() - DAYS, last: today(), as_at: today() };
    let periods = Periods::new(days.first, days.last, Every::Range);
    let counts = bare_loop(&columns, days);
    let ours = plans(england, &periods);
    let in_time = |plans: &PlansIssued| [plans.all.within_20_weeks, plans.without_exceptions.within_20_weeks];
    assert_eq!(ours.iter().map(in_time).collect::<Vec<_>>(), counts.iter().map(within).collect::<Vec<_>>());
    let [ours, bare, comparing] = medians(
        options.times * 5,
        5,
        [
            &mut || drop(black_box(plans(england, &periods))),
            &mut || drop(black_box(bare_loop(black_box(&columns), days))),
            &mut || drop(black_box(comparing_loop(black_box(&columns), days))),
        ],
    );
    line("  beside a bare loop", ours, bare, ours / bare, "at most 2");
    line("  beside the fastest loop known to us", ours, comparing, ours / comparing, "");
    match duckdb(&options.python, &columns, days, options.times, folder) {
        Some(duckdb) => {
            assert_eq!(duckdb.counts, counts, "DuckDB counts otherwise");
            line(
                "  beside DuckDB, one thread",
                ours,
                duckdb.milliseconds,
                duckdb.milliseconds / ours,
                "at least 10 times as fast",
            );
        }
        None => println!("  DuckDB: not measured, {} has none", options.python),
    }
    drop(columns);
    attribution(england, &periods, options);
}

fn attribution(england: &[(Authority, Facts)], periods: &Periods, options: &Options) {
    let facts: Vec<_> = england.iter().map(|(_, facts)| facts).collect();
    let expected = loops::late_cases(&facts, today());
    let ours = totals(england, periods, Rule::Shapley);
    println!("Late days by step: {} late cases, {} days", ours.cases, ours.delay_days);
    assert_eq!((ours.cases, ours.delay_days), (expected.cases, expected.delay_days));
    let advisers: u64 = ours.last_adviser.values().sum();
    assert_eq!(advisers, expected.last_adviser[1..].iter().sum::<u64>());
    compare_shares(&ours, &sets::shares(&facts, today()));
    let [shapley, path, shapley_loop, path_loop] = medians(
        options.times,
        1,
        [
            &mut || _ = black_box(totals(england, periods, Rule::Shapley)),
            &mut || _ = black_box(totals(england, periods, Rule::CriticalPath)),
            &mut || _ = black_box(sets::shares(&facts, today())),
            &mut || _ = black_box(loops::late_cases(&facts, today())),
        ],
    );
    line(
        "  Shapley, beside a bare loop over the same sets",
        shapley,
        shapley_loop,
        shapley / shapley_loop,
        "at most 5",
    );
    line("  critical path, beside a bare loop along it", path, path_loop, path / path_loop, "at most 5");
    line("  Shapley, beside the loop along the critical path", shapley, path_loop, shapley / path_loop, "");
}

fn compare_shares(ours: &Totals, expected: &sets::Shares) {
    let place = |step: Step| match step {
        Step::Decision => 0,
        Step::Asking => 1,
        Step::Drafting => 2,
        Step::Consultation => 3,
        Step::Advice(kind) => 4 + usize::from(AdviceType::byte(Some(kind))),
        Step::Unrecorded => panic!("every step of the bench is on record"),
    };
    for (step, share) in ours.shares.iter() {
        let (ours, expected) = (share.days(), expected[place(step)]);
        assert!((ours - expected).abs() < 1e-6 * expected.abs().max(1.0), "{}: {ours} and {expected}", step.code());
    }
}
