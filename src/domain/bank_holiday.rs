//! Bank holidays in England: computed, and those proclaimed for once.
//!
//! Source: Banking and Financial Dealings Act 1971, and the proclamations under it known in November 2026. A day proclaimed later
//! is a new line of the list; until then an authority records it in its calendar.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// What a bank holiday is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankHoliday {
    /// Its title, as the government's list has it.
    pub title: &'static str,
    /// True if it stands for a day that falls on a weekend.
    pub is_substitute: bool,
}

impl BankHoliday {
    /// True if flags are flown: on all but Good Friday and days of mourning.
    pub fn has_bunting(&self) -> bool {
        ![GOOD_FRIDAY, STATE_FUNERAL].contains(&self.title)
    }
}

const GOOD_FRIDAY: &str = "Good Friday";
const STATE_FUNERAL: &str = "Bank holiday for the State Funeral of Queen Elizabeth II";
const SPRING: &str = "Spring bank holiday";
const EARLY_MAY: &str = "Early May bank holiday";

/// Days proclaimed once, or moved; the moved day is no holiday then.
const PROCLAIMED: [((i32, u32, u32), &str); 10] = [
    ((2002, 6, 3), "Golden Jubilee bank holiday"),
    ((2002, 6, 4), SPRING),
    ((2011, 4, 29), "Royal wedding bank holiday"),
    ((2012, 6, 4), SPRING),
    ((2012, 6, 5), "Diamond Jubilee bank holiday"),
    ((2020, 5, 8), EARLY_MAY),
    ((2022, 6, 2), SPRING),
    ((2022, 6, 3), "Platinum Jubilee bank holiday"),
    ((2022, 9, 19), STATE_FUNERAL),
    ((2023, 5, 8), "Bank holiday for the coronation of King Charles III"),
];

/// Days on which the usual holiday did not fall, because it was moved.
const MOVED_AWAY: [(i32, u32, u32); 4] = [(2002, 5, 27), (2012, 5, 28), (2020, 5, 4), (2022, 5, 30)];

/// The bank holiday in England on that day, with substitute days for those that fall on a weekend; the days themselves
/// are holidays too.
pub fn bank_holiday(date: NaiveDate) -> Option<BankHoliday> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let monday = date.weekday() == Weekday::Mon;
    let named = |title| Some(BankHoliday { title, is_substitute: false });
    let stands_for = |title| Some(BankHoliday { title, is_substitute: true });
    if let Some((_, title)) = PROCLAIMED.iter().find(|(known, _)| *known == (year, month, day)) {
        return named(title);
    }
    if MOVED_AWAY.contains(&(year, month, day)) {
        return None;
    }
    match (month, day) {
        (1, 1) => named("New Year’s Day"),
        (1, 2 | 3) if monday => stands_for("New Year’s Day"),
        (3 | 4, _) => {
            let sunday = easter(year)?;
            if sunday.checked_sub_days(Days::new(2)) == Some(date) {
                named(GOOD_FRIDAY)
            } else if easter_monday(year) == Some(date) {
                named("Easter Monday")
            } else {
                None
            }
        }
        (5, 1..=7) if monday => named(EARLY_MAY),
        (5, 25..) if monday => named(SPRING),
        (8, 25..) if monday => named("Summer bank holiday"),
        (12, 25) => named("Christmas Day"),
        (12, 26) => named("Boxing Day"),
        // A holiday on a Saturday or Sunday is kept on the next days that are free: a Monday, and a Tuesday after it.
        (12, 27) if monday || date.weekday() == Weekday::Tue => stands_for("Christmas Day"),
        (12, 28) if monday || date.weekday() == Weekday::Tue => stands_for("Boxing Day"),
        _ => None,
    }
}

/// True on a bank holiday in England.
pub fn is_bank_holiday(date: NaiveDate) -> bool {
    bank_holiday(date).is_some()
}

/// The bank holidays from a day to another, both inclusive, that fall on Monday to Friday: the days on which work stops.
pub fn bank_holidays(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = (NaiveDate, BankHoliday)> {
    let weekdays = from.iter_days().take_while(move |date| *date <= to).filter(|date| !is_weekend(*date));
    weekdays.filter_map(|date| Some((date, bank_holiday(date)?)))
}

/// True on Saturday and Sunday.
pub fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Easter Monday.
pub fn easter_monday(year: i32) -> Option<NaiveDate> {
    easter(year)?.succ_opt()
}

/// Easter Sunday, by the Gregorian rule.
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century) = (year.rem_euclid(19), year.div_euclid(100));
    let leaps = century - century / 4;
    let epact = (leaps - (8 * century + 13) / 25 + 19 * golden + 15).rem_euclid(30);
    let moon = epact - epact / 28 * (1 - 29 / (epact + 1) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + moon + 2 - leaps).rem_euclid(7);
    let past_march = moon - weekday;
    let month = 3 + (past_march + 40) / 44;
    let day = past_march + 28 - 31 * (month / 4);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}
