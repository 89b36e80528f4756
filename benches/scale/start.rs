//! Reading the facts at the start from SQLite: records a second and core, and what of it is reading and what applying.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use twentyweeks::app::{App, Clock};
use twentyweeks::demo::census_day;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::Facts;
use twentyweeks::domain::noun::Noun;
use twentyweeks::metrics::Metrics;
use twentyweeks::store::{Conn, DatabaseUrl, Records, Store, StoreError, with_records};

use crate::Options;
use crate::measure::{median, medians};
use crate::records::{Demo, Share};

/// A county, a city and a borough.
const AUTHORITIES: [&str; 3] = ["886", "330", "301"];

fn authorities() -> Vec<Authority> {
    AUTHORITIES.iter().map(|code| Authority::parse(code).expect("an authority")).collect()
}

/// Reads every record of a noun and hands it on.
fn read(conn: &mut Conn, noun: Noun, authorities: &[Authority], facts: &mut Option<Facts>) -> usize {
    let mut records = 0;
    for authority in authorities {
        if let Some(facts) = facts.as_mut() {
            *facts = Facts::default();
        }
        let take = |read: Records<'_>| {
            for record in read {
                let (number, texts) = record?;
                records += 1;
                match facts.as_mut() {
                    Some(facts) => facts.apply_texts(noun, number, texts).expect("what was written"),
                    None => _ = black_box(texts.count()),
                }
            }
            Ok::<(), StoreError>(())
        };
        with_records(conn, noun, *authority, |field| Facts::reads(noun, field.name), take)
            .expect("the database answers");
    }
    records
}

fn instruments() -> Metrics {
    Metrics::new().expect("instruments")
}

fn milliseconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}

pub fn measure(options: &Options, folder: &Path) {
    let demo = Demo::make(folder, "start", &authorities(), Share::Whole);
    let url: DatabaseUrl = demo.url.parse().expect("a URL");
    drop(demo);
    let mut conn = url.connect().expect("the database opens");
    let authorities = authorities();
    let count =
        |conn: &mut Conn| -> usize { Facts::NOUNS.iter().map(|noun| read(conn, *noun, &authorities, &mut None)).sum() };
    let records = count(&mut conn);
    let [mut whole, mut opening, mut reading] = [(); 3].map(|()| Vec::new());
    for _ in 0..options.times {
        let started = Instant::now();
        let app = App::new(Store::open(&url).expect("it opens"), Clock::still(census_day()), instruments());
        opening.push(milliseconds(started));
        app.warm().expect("the database answers");
        whole.push(milliseconds(started));
        // What is put away at the end is no part of a start.
        drop(app);
        let started = Instant::now();
        black_box(count(&mut conn));
        reading.push(milliseconds(started));
    }
    let [whole, opening, reading] = [whole, opening, reading].map(|mut took| median(&mut took));
    let a_second = |milliseconds: f64| records as f64 / milliseconds * 1000.0;
    println!("Facts at the start from SQLite, one core: {records} records of {} authorities", authorities.len());
    println!("  records a second {:.0}, reading alone {:.0}; at least 1,000,000", a_second(whole), a_second(reading));
    println!("  milliseconds {whole:.1}, of which opening {opening:.1}; reading again from memory {reading:.1}");
    for noun in Facts::NOUNS.iter().copied() {
        let records = read(&mut conn, noun, &authorities, &mut None);
        if records < 10_000 {
            continue;
        }
        let mut applied = url.connect().expect("the database opens");
        let [reading, both] = medians(
            options.times.div_ceil(3),
            1,
            [&mut || _ = black_box(read(&mut conn, noun, &authorities, &mut None)), &mut || {
                _ = black_box(read(&mut applied, noun, &authorities, &mut Some(Facts::default())));
            }],
        );
        let each = |milliseconds: f64| milliseconds * 1e6 / records as f64;
        println!(
            "  {:<22}{records:>9} records: {:>6.0} ns each to read, {:>6.0} to apply",
            noun.kind().plural,
            each(reading),
            each(both - reading)
        );
    }
}
