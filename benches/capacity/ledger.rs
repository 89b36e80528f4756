//! The ledger of capacity of one service of sixty over two years, and the loop that only adds up their contracted minutes.

use std::hint::black_box;

use twentyweeks::domain::capacity::day_book::weekday;
use twentyweeks::domain::capacity::ledger::{Ledger, Weeks};
use twentyweeks::domain::capacity::team::{Services, Team};
use twentyweeks::domain::facts::{Facts, day};
use twentyweeks::domain::service::Discipline;

use crate::measure::{line, medians};
use crate::staff;

const PEOPLE: u32 = 60;
const WEEKS: i32 = 104;
const DISCIPLINE: Discipline = Discipline::SpeechAndLanguageTherapy;

/// Tells what the ledger takes, after it and the loop have found the same minutes in every week.
pub fn measure() {
    let facts = staff::service(PEOPLE);
    let monday = day("2025-01-13".parse().ok());
    let weeks = Weeks { first: monday, last: monday + 7 * (WEEKS - 1), as_at: monday };
    let services = Services::new(&facts, weeks);
    let team = services.team(DISCIPLINE).unwrap();
    check(&services.ledger(DISCIPLINE, &team), &contracted(&team, weeks), weeks);
    let times = medians(
        400,
        20,
        [
            &mut || drop(black_box(from_facts(&facts, weeks))),
            &mut || drop(black_box(services.ledger(DISCIPLINE, &team))),
            &mut || drop(black_box(contracted(&team, weeks))),
        ],
    );
    let [from_facts, alone, plain] = times;
    println!("ledger of capacity: {} people over {} days, after 52 weeks before them", team.people.len(), 7 * WEEKS);
    line("  from facts, beside a loop over contracted minutes", from_facts, plain, from_facts / plain, "under 5 ms");
    line("  with people, days and parameters at hand", alone, plain, alone / plain, "under 5 ms");
}

/// As the service works it out, days and parameters too.
fn from_facts(facts: &Facts, weeks: Weeks) -> Ledger {
    let services = Services::new(facts, weeks);
    let team = services.team(DISCIPLINE).unwrap();
    services.ledger(DISCIPLINE, &team)
}

/// Contracted minutes of each week, without any deduction.
fn contracted(team: &Team, weeks: Weeks) -> Vec<f64> {
    let mut sums = vec![0.0; usize::try_from(WEEKS).unwrap()];
    for person in &team.people {
        for day in weeks.first..=weeks.last + 6 {
            if person.starts <= day && day <= person.ends {
                sums[usize::try_from((day - weeks.first) / 7).unwrap()] += person.pattern[weekday(day)];
            }
        }
    }
    sums
}

fn check(ledger: &Ledger, contracted: &[f64], weeks: Weeks) {
    let mut sums = vec![0.0; contracted.len()];
    for ((monday, _), week) in ledger {
        sums[usize::try_from((monday - weeks.first) / 7).unwrap()] += week.minutes.contracted;
        assert!(week.minutes.difference().abs() < 1e-6, "every minute is spent on something");
    }
    let differ = |(ours, plain): (&f64, &f64)| (ours - plain).abs() > 1e-6;
    assert!(!sums.iter().zip(contracted).any(differ), "the ledger and the loop find the same minutes");
    assert!(ledger.values().any(|week| week.follow_ups > 0.0), "follow-ups are asked for");
}
