//! One authority over HTTP: what an answer takes beyond the round trip.

use std::hint::black_box;
use std::path::Path;

use twentyweeks::demo::census_day;
use twentyweeks::domain::authority::Authority;

use crate::Options;
use crate::measure::medians;
use crate::records::{Demo, Share};
use crate::served::Service;
use crate::wire::Wire;

/// The county with the most records, and questions about it.
const COUNTY: &str = "886";
const QUESTIONS: [(&str, &str); 6] = [
    ("waiting list by discipline", "/v1/stats/waiting-list?authority=886"),
    ("52 waiting lists, week by week", "/v1/stats/waiting-list?authority=886&every=week&from=2024-01-20&to=2025-01-16"),
    (
        "waiting times by month and discipline, ten years",
        "/v1/stats/waiting-times?authority=886&group_by=month,discipline&from=2015-02-01&to=2025-01-16",
    ),
    (
        "waiting times by month and need, ten years",
        "/v1/stats/waiting-times?authority=886&group_by=month,primary_need&from=2015-02-01&to=2025-01-16",
    ),
    (
        "plans in twenty weeks, a year",
        "/v1/stats/ehc-timeliness?authority=886&issued_from=2024-01-01&issued_to=2024-12-31",
    ),
    ("late days by step, a year", "/v1/stats/delay-attribution?authority=886&from=2024-01-01&to=2024-12-31"),
];

pub fn measure(options: &Options, folder: &Path) {
    let county = Authority::parse(COUNTY).expect("an authority");
    let demo = Demo::make(folder, "county", &[county], Share::Whole);
    let (_, facts) = demo.facts.iter().next().expect("the county");
    println!(
        "One authority over HTTP, {} referrals, {} requests and {} of advice",
        facts.referrals.len(),
        facts.cases.len(),
        facts.advice.len()
    );
    let service = Service::start(&demo.url, &census_day().to_string());
    for (name, path) in QUESTIONS {
        let [mut asked, mut live] = [(); 2].map(|()| Wire::to(&service.address));
        asked.get(path);
        let [ours, beside] = medians(
            options.times * 5,
            5,
            [&mut || drop(black_box(asked.get(path))), &mut || drop(black_box(live.get("/health/live")))],
        );
        println!("  {name:<56}{ours:>9.3}{beside:>10.3}  {:.3} beyond; under 5", ours - beside);
    }
}
