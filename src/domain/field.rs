//! What one field of a record may hold: its shape, how text becomes a value, and how a value is written down.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};

use super::fault::Refusal;
use super::identifier::is_harmless;
use super::noun::Noun;
use super::number::Bounds;

/// The form of a field, for readers, tables and the published contract alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A calendar day, `2025-03-31`.
    Date,
    /// A calendar month, `2017-03`.
    Month,
    /// True or false.
    Flag,
    /// One word of a closed list.
    Code(&'static [&'static str]),
    /// A number with so many digits after the point, within bounds.
    Number(Bounds),
    /// Free text of at most so many characters. Never a child's name or a clinical note.
    Text(usize),
    /// The sender's own reference of a record of that noun, unique within the authority.
    Reference(Noun),
    /// The id of a record of that noun, or its external id in the same source system.
    Link(Noun),
}

/// A type that can be a field.
pub trait FieldType: Sized {
    /// The form of its values.
    const SHAPE: Shape;

    /// Reads a value from text without surrounding blanks.
    ///
    /// # Errors
    /// What the text must be and what was found; the text itself only where it cannot name a child.
    fn parse(text: &str) -> Result<Self, Refusal>;

    /// Writes the value the one way it is kept: `parse` reads it back.
    fn cell(&self) -> Box<str>;
}

/// What a sender says about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given<'a> {
    /// Nothing: the field stays as it is.
    Absent,
    /// That it has no value: JSON `null`, an empty cell.
    Clear,
    /// A value as text.
    Text(Cow<'a, str>),
    /// Something that cannot be read as text, with the reason.
    Wrong(Refusal),
}

/// Says what was found, repeating it only if it cannot name a child.
pub fn found(text: &str) -> String {
    if is_harmless(text) { format!("is `{text}`") } else { format!("is text of {} characters", text.chars().count()) }
}

/// The same for what should have been a day or a month: a word without a digit is no date but could be a name.
pub fn found_day(text: &str) -> String {
    if is_only_word(text) { format!("is text of {} characters", text.chars().count()) } else { found(text) }
}

/// True for letters without a digit.
pub fn is_only_word(text: &str) -> bool {
    text.contains(char::is_alphabetic) && !text.contains(|c: char| c.is_ascii_digit())
}

/// First and last year a date may lie in. Wide enough for every living child and every plan to come.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// The number that some digits write; `None` where there is anything else.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// A day in the years allowed whose year, month and day of the month are written with so many digits.
fn plain_date(year: [u8; 4], month: [u8; 2], day: [u8; 2]) -> Option<NaiveDate> {
    let year = i32::try_from(number(&year)?).ok().filter(|year| YEARS.contains(year))?;
    NaiveDate::from_ymd_opt(year, number(&month)?, number(&day)?)
}

impl FieldType for NaiveDate {
    const SHAPE: Shape = Shape::Date;

    fn parse(text: &str) -> Result<Self, Refusal> {
        // As nearly all days are written.
        if let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes()
            && let Some(date) = plain_date([y0, y1, y2, y3], [m0, m1], [d0, d1])
        {
            return Ok(date);
        }
        let shaped = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let date = shaped.then(|| text.parse::<Self>().ok()).flatten();
        match date {
            Some(date) if YEARS.contains(&date.year()) => Ok(date),
            Some(_) => Err(Refusal::new(
                "date_out_of_range",
                format!("must lie between 1990-01-01 and 2099-12-31, but {}", found_day(text)),
            )),
            None => Err(Refusal::new(
                "not_a_date",
                format!("must be a day of the calendar written as 2025-03-31, but {}", found_day(text)),
            )),
        }
    }

    fn cell(&self) -> Box<str> {
        self.to_string().into()
    }
}

impl FieldType for bool {
    const SHAPE: Shape = Shape::Flag;

    fn parse(text: &str) -> Result<Self, Refusal> {
        let is_one_of = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match () {
            () if is_one_of(["true", "yes", "y", "1"]) => Ok(true),
            () if is_one_of(["false", "no", "n", "0"]) => Ok(false),
            () => Err(Refusal::new("not_a_flag", format!("must be true or false, but {}", found(text)))),
        }
    }

    fn cell(&self) -> Box<str> {
        if *self { "true".into() } else { "false".into() }
    }
}

/// A calendar month: a child's date of birth is kept no finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The first day of the month.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }
}

impl FieldType for Month {
    const SHAPE: Shape = Shape::Month;

    fn parse(text: &str) -> Result<Self, Refusal> {
        let date = match *text.as_bytes() {
            [y0, y1, y2, y3, b'-', m0, m1] => plain_date([y0, y1, y2, y3], [m0, m1], [b'0', b'1']),
            _ => None,
        };
        date.map(Self).ok_or_else(|| {
            Refusal::new(
                "not_a_month",
                format!("must be a month written as 2017-03, without the day, but {}", found_day(text)),
            )
        })
    }

    fn cell(&self) -> Box<str> {
        self.0.format("%Y-%m").to_string().into()
    }
}

/// Reads one word of a closed list, in any case, and answers with the member it stands for.
///
/// # Errors
/// The words allowed.
pub fn parse_code<T: Copy>(members: &[T], words: &[&str], text: &str) -> Result<T, Refusal> {
    let named = members.iter().zip(words).find(|(_, word)| word.eq_ignore_ascii_case(text));
    named
        .map(|(member, _)| *member)
        .ok_or_else(|| Refusal::new("not_allowed", format!("must be one of {}, but {}", words.join(", "), found(text))))
}

/// Declares a closed list: an enum, its words, and its being a field.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every member, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// Every member's word.
            pub const CODES: &'static [&'static str] = &[$($word,)+];

            /// The word the wire and the tables use.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Its place in the order of the contract, the first being 1; 0 for none. As facts keep it.
            #[allow(dead_code, clippy::allow_attributes, clippy::cast_possible_truncation, clippy::as_conversions, reason = "not every word is kept in facts; no list of words is longer than a byte")]
            pub const fn byte(value: Option<Self>) -> u8 {
                match value {
                    Some(value) => value as u8 + 1,
                    None => 0,
                }
            }
        }

        impl $crate::domain::field::FieldType for $name {
            const SHAPE: $crate::domain::field::Shape = $crate::domain::field::Shape::Code(Self::CODES);

            fn parse(text: &str) -> Result<Self, $crate::domain::fault::Refusal> {
                $crate::domain::field::parse_code(Self::ALL, Self::CODES, text)
            }

            fn cell(&self) -> Box<str> {
                self.code().into()
            }
        }
    };
}
pub(crate) use codes;
