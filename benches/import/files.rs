//! The files that are imported: the same rows every time, shaped like what a council's therapy system exports.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::{Days, NaiveDate};

/// The day the service believes it is; nothing in the files is later.
pub const TODAY: &str = "2026-09-01";

const DISCIPLINES: [&str; 3] = ["speech_and_language_therapy", "occupational_therapy", "physiotherapy"];
const PRIORITIES: [&str; 4] = ["routine", "routine", "urgent", ""];
const SOURCES: [&str; 6] =
    ["general_practitioner", "health_visitor", "education", "ehc_team", "parent_or_young_person", ""];
const PURPOSES: [&str; 3] = ["core", "ehc_advice", ""];

/// A sequence that looks random and is the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let words_count = u64::try_from(words.len()).expect("a short list");
        words[usize::try_from(self.below(words_count)).expect("a place in it")]
    }
}

/// Children for so many referrals: two for every five.
pub fn children_for(rows: u64) -> u64 {
    (rows * 2).div_ceil(5)
}

/// Writes a file of children.
pub fn write_children(path: &Path, count: u64) {
    let mut dice = Dice(1);
    let mut file = BufWriter::new(File::create(path).expect("a writable folder"));
    writeln!(file, "child_ref,birth_month,sex,ethnicity_group,primary_need").expect("room on the disk");
    for child in 0..count {
        let (year, month) = (2008 + dice.below(15), 1 + dice.below(12));
        let sex = dice.one_of(&["female", "male", ""]);
        let ethnicity = dice.one_of(&["asian", "black", "mixed", "white", "white", "white", "other", ""]);
        let need = dice.one_of(&["SLCN", "ASD", "SEMH", "PD", ""]);
        writeln!(file, "KID-{child:07},{year}-{month:02},{sex},{ethnicity},{need}").expect("room on the disk");
    }
    file.flush().expect("room on the disk");
}

/// Writes a file of referrals of those children, oldest first as systems export them.
pub fn write_referrals(path: &Path, rows: u64) {
    let mut dice = Dice(2);
    let mut file = BufWriter::new(File::create(path).expect("a writable folder"));
    let header = "external_id,child_ref,discipline,received_on,priority,referral_source,purpose,accepted_on,\
                  first_contact_on,assessment_completed_on,discharged_on";
    writeln!(file, "{header}").expect("room on the disk");
    let today: NaiveDate = TODAY.parse().expect("a day");
    let first: NaiveDate = "2021-09-01".parse().expect("a day");
    let days = u64::try_from((today - first).num_days()).expect("later than the first");
    for row in 0..rows {
        let child = dice.below(children_for(rows));
        let received = first + Days::new(row * days / rows);
        write!(file, "R-{row:08},KID-{child:07},{},{received}", dice.one_of(&DISCIPLINES)).expect("room on the disk");
        for words in [&PRIORITIES[..], &SOURCES, &PURPOSES] {
            write!(file, ",{}", dice.one_of(words)).expect("room on the disk");
        }
        // Each step follows the one before after a while; most referrals have not come to the last one.
        let mut step = Some(received);
        for (wait, chance) in [(20, 95), (150, 75), (60, 80), (200, 60)] {
            let goes_on = dice.below(100) < chance;
            let later = Days::new(dice.below(wait));
            step = step.filter(|_| goes_on).map(|day| day + later).filter(|day| *day <= today);
            write!(file, ",{}", step.map(|day| day.to_string()).unwrap_or_default()).expect("room on the disk");
        }
        writeln!(file).expect("room on the disk");
    }
    file.flush().expect("room on the disk");
}
