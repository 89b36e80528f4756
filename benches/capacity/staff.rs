//! Synthetic staff of all England: some 200 posts and 240 post-holdings for each authority, taken in like any record.

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

fn facts(dice: &mut Dice) -> Facts {
    let (mut facts, mut number) = (Facts::default(), 0);
    let mut apply = |noun: Noun, given: &[(&str, String)]| {
        number += 1;
        let value = |name: &str| given.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str().into());
        let cells = noun.kind().fields.iter().map(|field| value(field.name)).collect();
        facts.apply(noun, number, &Cells(cells)).unwrap();
    };
    for post in 0..POSTS {
        let mut given = vec![
            ("post_ref", format!("P-{post}")),
            ("discipline", dice.one_of(&DISCIPLINES).to_owned()),
            ("band", dice.one_of(&BANDS).to_owned()),
            ("funded_wte", ["1", "0.8", "2"][usize::try_from(dice.below(3)).unwrap()].to_owned()),
            ("starts_on", dice.day(2015, 9)),
        ];
        if dice.below(10) == 0 {
            given.push(("ends_on", dice.day(2024, 3)));
        }
        apply(Noun::Post, &given);
    }
    for holding in 0..HOLDINGS {
        let mut given = vec![
            ("post_ref", format!("P-{}", dice.below(POSTS))),
            // One in eight holds two posts.
            ("worker_ref", format!("W-{}", holding % 210)),
            ("wte", ["0.5", "0.4", "0.25"][usize::try_from(dice.below(3)).unwrap()].to_owned()),
            ("engagement", dice.one_of(&TERMS).to_owned()),
            ("starts_on", dice.day(2016, 9)),
        ];
        if dice.below(4) == 0 {
            given.push(("ends_on", dice.day(2025, 2)));
        }
        if dice.below(12) == 0 {
            given.push(("newly_qualified", "true".to_owned()));
        }
        apply(Noun::PostHolding, &given);
    }
    for _ in 0..HOLDINGS {
        let first = dice.day(2024, 2);
        let last = format!("{}-{}", &first[..7], 28);
        let worker = format!("W-{}", dice.below(210));
        let kind = dice.one_of(&["booked_leave", "sickness", "maternity", "study"]).to_owned();
        apply(Noun::Absence, &[("worker_ref", worker), ("kind", kind), ("starts_on", first), ("ends_on", last)]);
    }
    facts
}
