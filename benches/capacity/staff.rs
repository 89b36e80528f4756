//! Synthetic staff, taken in like any record: of all England, 200 posts and 240 post-holdings for each authority, and of one
//! service.

use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::Facts;
use twentyweeks::domain::noun::{Cells, Noun};

const POSTS: u32 = 200;
const HOLDINGS: u32 = 240;
const DISCIPLINES: [&str; 3] = ["speech_and_language_therapy", "occupational_therapy", "physiotherapy"];
const BANDS: [&str; 5] = ["4", "5", "6", "7", "8a"];
const TERMS: [&str; 10] = [
    "permanent",
    "permanent",
    "permanent",
    "permanent",
    "permanent",
    "permanent",
    "fixed_term",
    "agency",
    "bank",
    "trainee",
];

const KINDS: [&str; 4] = ["booked_leave", "sickness", "maternity", "study"];

/// Whole numbers that look like chance, the same every time.
pub struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    pub fn below(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(u32::try_from(words.len()).unwrap())).unwrap()]
    }

    fn day(&mut self, first_year: u32, years: u32) -> String {
        format!("{}-{:02}-{:02}", first_year + self.below(years), 1 + self.below(12), 1 + self.below(28))
    }
}

/// The facts of every authority.
pub fn england() -> Vec<(Authority, Facts)> {
    Authority::all().zip(1..).map(|(authority, seed)| (authority, facts(&mut Dice(seed)))).collect()
}

/// Facts that take in one record after the other.
#[derive(Default)]
struct Taker {
    facts: Facts,
    number: i64,
}

impl Taker {
    fn take(&mut self, noun: Noun, given: &[(&str, String)]) {
        self.number += 1;
        let value = |name: &str| given.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str().into());
        let cells = noun.kind().fields.iter().map(|field| value(field.name)).collect();
        self.facts.apply(noun, self.number, &Cells(cells)).unwrap();
    }

    fn absence(&mut self, worker: String, kind: &str, first: String, last: String) {
        let kind = kind.to_owned();
        self.take(Noun::Absence, &[("worker_ref", worker), ("kind", kind), ("starts_on", first), ("ends_on", last)]);
    }
}

fn facts(dice: &mut Dice) -> Facts {
    let mut taker = Taker::default();
    for post in 0..POSTS {
        let mut given = vec![
            ("post_ref", format!("P-{post}")),
            ("discipline", dice.one_of(&DISCIPLINES).to_owned()),
            ("band", dice.one_of(&BANDS).to_owned()),
            ("funded_wte", dice.one_of(&["1", "0.8", "2"]).to_owned()),
            ("starts_on", dice.day(2015, 9)),
        ];
        if dice.below(10) == 0 {
            given.push(("ends_on", dice.day(2024, 3)));
        }
        taker.take(Noun::Post, &given);
    }
    for holding in 0..HOLDINGS {
        let mut given = vec![
            ("post_ref", format!("P-{}", dice.below(POSTS))),
            // One in eight holds two posts.
            ("worker_ref", format!("W-{}", holding % 210)),
            ("wte", dice.one_of(&["0.5", "0.4", "0.25"]).to_owned()),
            ("engagement", dice.one_of(&TERMS).to_owned()),
            ("starts_on", dice.day(2016, 9)),
        ];
        if dice.below(4) == 0 {
            given.push(("ends_on", dice.day(2025, 2)));
        }
        if dice.below(12) == 0 {
            given.push(("newly_qualified", "true".to_owned()));
        }
        taker.take(Noun::PostHolding, &given);
    }
    for _ in 0..HOLDINGS {
        let first = dice.day(2024, 2);
        let last = format!("{}-28", first.rsplit_once('-').unwrap().0);
        taker.absence(format!("W-{}", dice.below(210)), dice.one_of(&KINDS), first, last);
    }
    taker.facts
}

/// One service of speech and language therapists: so many people in post all the time, of whom one in six starts on the way,
/// with five absences a year each, terms of schools, and rules that change once.
pub fn service(people: u32) -> Facts {
    let (mut taker, mut dice) = (Taker::default(), Dice(people.into()));
    for person in 0..people {
        let starts = if person % 6 == 0 { dice.day(2024, 3) } else { dice.day(2016, 7) };
        let discipline = DISCIPLINES[0].to_owned();
        let band = dice.one_of(&BANDS).to_owned();
        taker.take(
            Noun::Post,
            &[
                ("post_ref", format!("P-{person}")),
                ("discipline", discipline),
                ("band", band),
                ("funded_wte", "1".to_owned()),
                ("starts_on", "2015-04-01".to_owned()),
            ],
        );
        let mut given = vec![
            ("post_ref", format!("P-{person}")),
            ("worker_ref", format!("W-{person}")),
            ("wte", dice.one_of(&["1", "0.8", "0.6"]).to_owned()),
            ("engagement", dice.one_of(&TERMS).to_owned()),
            ("starts_on", starts),
        ];
        match person % 8 {
            0 => given.push(("newly_qualified", "true".to_owned())),
            1 => given.push(("term_time_only", "true".to_owned())),
            _ => {}
        }
        taker.take(Noun::PostHolding, &given);
        for year in 2023..=2027 {
            for (month, kind) in
                [(2, "sickness"), (5, "booked_leave"), (8, "booked_leave"), (10, "study"), (12, "sickness")]
            {
                let first = 1 + dice.below(20);
                let on = |day| format!("{year}-{month:02}-{day:02}");
                taker.absence(format!("W-{person}"), kind, on(first), on(first + dice.below(8)));
            }
        }
    }
    calendar_and_rules(&mut taker);
    taker.facts
}

fn calendar_and_rules(taker: &mut Taker) {
    for year in 2022..=2028 {
        for (first, last) in [
            ("01-06", "02-14"),
            ("02-24", "04-04"),
            ("04-22", "05-23"),
            ("06-02", "07-22"),
            ("09-02", "10-24"),
            ("11-03", "12-19"),
        ] {
            let day = |day| format!("{year}-{day}");
            taker.take(
                Noun::CalendarEntry,
                &[("kind", "school_term".to_owned()), ("starts_on", day(first)), ("ends_on", day(last))],
            );
        }
    }
    let mut rule = |setting: &str, week: Option<u32>, value: &str, starts: &str| {
        let mut given = vec![
            ("discipline", DISCIPLINES[0].to_owned()),
            ("setting", setting.to_owned()),
            ("value", value.to_owned()),
            ("starts_on", starts.to_owned()),
        ];
        given.extend(week.map(|week| ("week", week.to_string())));
        taker.take(Noun::CapacityRule, &given);
    };
    for week in [1, 2, 4, 6, 8, 12] {
        rule("follow_ups_per_start", Some(week), "0.5", "2020-01-01");
    }
    rule("non_clinical_share", None, "0.25", "2025-09-01");
}
