//! The workforce by discipline, and the loop that adds up the same columns as one writes it down.

use std::hint::black_box;
use std::iter::successors;

use twentyweeks::domain::absence::AbsenceKind;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::{Day, Facts, day};
use twentyweeks::domain::post_holding::Engagement;
use twentyweeks::domain::statistics::dimension::Dimension;
use twentyweeks::domain::statistics::group::{Area, Periods};
use twentyweeks::domain::statistics::tally::{Breakdown, Tally};
use twentyweeks::domain::statistics::workforce::vacancy::months_before;
use twentyweeks::domain::statistics::workforce::{OfStaff, Workforce, workforce};

use crate::measure::{line, medians};

type England = [(Authority, Facts)];

/// Tells what the statistic takes beside the scan, after both have counted the same.
pub fn measure(england: &England) {
    let as_at = day("2025-01-16".parse().ok());
    let (ours, plain) = (statistic(england, Dimension::Discipline, as_at), scan(england, true, as_at));
    assert_eq!(ours, plain, "the statistic and the scan count the same");
    let times = medians(
        400,
        20,
        [
            &mut || drop(black_box(statistic(england, Dimension::Discipline, as_at))),
            &mut || drop(black_box(scan(england, true, as_at))),
            &mut || drop(black_box(scan(england, false, as_at))),
            &mut || drop(black_box(statistic(england, Dimension::Band, as_at))),
        ],
    );
    let [by_discipline, scan, of_the_day, by_band] = times;
    let rows: usize = england.iter().map(|(_, facts)| facts.staff.posts.len() + facts.staff.holdings.len()).sum();
    println!("workforce of all England: {rows} posts and post-holdings");
    line("  by discipline, beside a plain scan", by_discipline, scan, by_discipline / scan, "at most 2");
    line("  beside one that leaves three months out", by_discipline, of_the_day, by_discipline / of_the_day, "");
    line("  by band, beside the scan by discipline", by_band, scan, by_band / scan, "at most 2");
}

/// As the service counts it, for one row of England.
fn statistic(england: &England, by: Dimension, as_at: Day) -> Vec<Workforce> {
    let (breakdown, periods) = (Breakdown { by: vec![by], only: Vec::new() }, Periods::of_a_day());
    let mut tally = Tally::<OfStaff, Workforce>::new(&breakdown);
    for (_, facts) in england {
        let mut sheet = tally.sheet(facts, Area::England, &periods, as_at);
        sheet.open_all();
        workforce(facts, &mut sheet, true, as_at);
    }
    tally.into_cells().into_iter().map(|(_, counted)| counted).collect()
}

/// One authority after the other, one column after the other, into three sums.
fn scan(england: &England, look_back: bool, as_at: Day) -> Vec<Workforce> {
    let mut sums = vec![Workforce::default(); 3];
    let (three_months, year) = (months_before(as_at, 3), months_before(as_at, 12));
    for (_, facts) in england {
        let staff = &facts.staff;
        let mut absent = vec![0_u8; staff.workers()];
        let absences = &staff.absences;
        for row in 0..absences.len() {
            if absences.starts[row] <= as_at && absences.ends[row] >= as_at {
                absent[place(absences.worker[row])] |= 1 << (AbsenceKind::byte(Some(absences.kind[row])) - 1);
            }
        }
        let mut met = vec![[false; 3]; staff.workers()];
        let holdings = &staff.holdings;
        for row in 0..holdings.len() {
            if holdings.starts[row] <= as_at && holdings.ends[row] >= as_at {
                let of = usize::from(staff.posts.discipline[place(holdings.post[row])]) - 1;
                let (sum, wte, worker) = (&mut sums[of], u64::from(holdings.wte[row]), place(holdings.worker[row]));
                sum.by_engagement[usize::from(Engagement::byte(Some(holdings.engagement[row]))) - 1] += wte;
                if holdings.newly_qualified[row] && holdings.starts[row] > year {
                    sum.newly_qualified += wte;
                }
                if absent[worker] != 0 {
                    sum.absent += wte;
                    for kind in 0..4 {
                        if absent[worker] & 1 << kind != 0 {
                            sum.absent_by_kind[kind] += wte;
                        }
                    }
                }
                if !met[worker][of] {
                    met[worker][of] = true;
                    sum.workers += 1;
                }
            }
        }
        posts(facts, (three_months, as_at), look_back, &mut sums);
    }
    sums
}

/// What is funded, and what of it was vacant all the time: of each post, the most filled on a day on which somebody began.
/// The post-holdings of a post are a chain through their rows, which needs no allocation for each post.
fn posts(facts: &Facts, (first, last): (Day, Day), look_back: bool, sums: &mut [Workforce]) {
    const END: usize = usize::MAX;
    let (posts, holdings) = (&facts.staff.posts, &facts.staff.holdings);
    let (mut newest, mut older) = (vec![END; posts.len()], vec![END; holdings.len()]);
    for row in 0..if look_back { holdings.len() } else { 0 } {
        let fills = matches!(holdings.engagement[row], Engagement::Permanent | Engagement::FixedTerm);
        if fills && holdings.starts[row] <= last && holdings.ends[row] >= first {
            older[row] = std::mem::replace(&mut newest[place(holdings.post[row])], row);
        }
    }
    let of_post =
        |post: usize| successors(Some(newest[post]), |row| older.get(*row).copied()).take_while(|row| *row != END);
    for post in 0..posts.len() {
        if posts.starts[post] <= last && posts.ends[post] >= last {
            let sum = &mut sums[usize::from(posts.discipline[post]) - 1];
            sum.posts += 1;
            sum.funded += u64::from(posts.funded[post]);
            if look_back && posts.starts[post] <= first {
                let mut most = 0;
                for began in of_post(post) {
                    let day = holdings.starts[began].max(first);
                    let on = of_post(post).filter(|row| holdings.starts[*row] <= day && holdings.ends[*row] >= day);
                    most = most.max(on.map(|row| holdings.wte[row]).sum::<u32>());
                }
                sum.vacant_three_months += u64::from(posts.funded[post].saturating_sub(most));
            }
        }
    }
}

fn place(place: u32) -> usize {
    usize::try_from(place).unwrap()
}
