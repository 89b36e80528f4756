//! The law at speed: deadlines calculated a second, and the work queue of all England beside a plain scan of its columns.
//!
//! `cargo bench --bench law`
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench speaks, and fails loudly")]

#[path = "../../tests/it/support/facts.rs"]
mod facts;

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use twentyweeks::demo::census_day;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::clock::{Clock, Event, Events, Question, read};
use twentyweeks::domain::facts::{Day, Facts, day};
use twentyweeks::domain::statistics::clocks::{DeadlineFilter, deadlines};

use facts::facts_of;

const CALCULATIONS: u32 = 1_000_000;
const ROUNDS: usize = 25;

fn main() {
    let question = |number: u32| Question {
        clock: Clock::FinalPlan,
        events: Events::just(Event::RequestReceived, census_day() - Days::new(u64::from(number % 900))),
        exceptions: Vec::new(),
        done_on: None,
        as_of: census_day(),
    };
    let rule = Clock::FinalPlan.rule(None);
    let plain = a_second(|number| {
        let question = question(number);
        read(rule, &question.events, question.done_on, &question.exceptions, question.as_of).due_on
    });
    let chosen = a_second(|number| {
        let question = question(number);
        let (rule, _) = question.clock.started_by(&question.events)?;
        read(rule, &question.events, question.done_on, &question.exceptions, question.as_of).due_on
    });
    let told = a_second(|number| question(number).answer().ok()?.reading.due_on);
    println!("deadline calculations a second, one core (wanted: 1,000,000)");
    println!("  due date and state of a known rule        {plain:>12.0}");
    println!("  choosing the rule in force first          {chosen:>12.0}");
    println!("  with the working in words                 {told:>12.0}");

    let england: Vec<_> = Authority::all().map(facts_of).collect();
    let filter = DeadlineFilter {
        due_from: day(Some(census_day())),
        due_to: day(Some(census_day() + Days::new(14))),
        clocks: Vec::new(),
        states: Vec::new(),
        advice: None,
    };
    let as_at = day(Some(census_day()));
    let clocks: usize = england.iter().flat_map(|facts| facts.clocks.iter()).map(|(_, clocks)| clocks.len()).sum();
    let (queue, lines) = median(|| queue(&england, &filter, as_at));
    let (scan, found) = median(|| scan(&england, &filter, as_at));
    println!("work queue of the next 14 days, all England ({clocks} clocks)");
    println!(
        "  queue, sorted, {lines} lines                 {:>9.2} ms (wanted: under 100)",
        queue.as_secs_f64() * 1e3
    );
    println!("  plain scan of the columns, {found} found     {:>9.2} ms", scan.as_secs_f64() * 1e3);
    println!(
        "  ratio                                     {:>9.2} (wanted: at most 3)",
        queue.as_secs_f64() / scan.as_secs_f64()
    );
}

/// How many times a second, over a million times.
fn a_second(calculate: impl Fn(u32) -> Option<NaiveDate>) -> f64 {
    let started = Instant::now();
    for number in 0..CALCULATIONS {
        black_box(calculate(black_box(number)));
    }
    f64::from(CALCULATIONS) / started.elapsed().as_secs_f64()
}

/// The median time of several rounds, and what the last one found.
fn median(run: impl Fn() -> usize) -> (Duration, usize) {
    let mut found = 0;
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            found = black_box(run());
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    (times.get(ROUNDS / 2).copied().unwrap_or_default(), found)
}

/// The queue as the service makes it: every authority's deadlines, put in order.
fn queue(england: &[Facts], filter: &DeadlineFilter, as_at: Day) -> usize {
    let mut lines = Vec::new();
    for (place, facts) in england.iter().enumerate() {
        lines.extend(
            deadlines(facts, filter, None, as_at)
                .into_iter()
                .map(|deadline| (deadline.due, place, deadline.record.1, deadline.clock)),
        );
    }
    lines.sort_unstable();
    lines.len()
}

/// The limit: the same rows found in the same columns, one comparison after the other, kept in no order.
fn scan(england: &[Facts], filter: &DeadlineFilter, as_at: Day) -> usize {
    let mut found = Vec::new();
    for facts in england {
        for (_, clocks) in facts.clocks.iter() {
            let columns =
                clocks.number.iter().zip(&clocks.due).zip(&clocks.done).zip(&clocks.ended).zip(&clocks.started);
            for ((((number, due), done), ended), started) in columns {
                if filter.due_from <= *due
                    && *due <= filter.due_to
                    && *done > as_at
                    && *ended > as_at
                    && *started <= as_at
                {
                    found.push((*due, *number));
                }
            }
        }
    }
    found.len()
}
