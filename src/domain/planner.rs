//! The planner's set: the sheets a therapy lead fills in, in which order they are read, and what tells one row from
//! another where nobody has given it a number.

use sha2::{Digest, Sha256};

use super::field::{FieldType, Shape};
use super::noun::{External, Kind, Noun};
use super::reference::{ExternalId, SourceSystem};

/// The sheets of a set, each before those that refer to it.
pub const SHEETS: [Noun; 9] = [
    Noun::Provider,
    Noun::Service,
    Noun::CalendarEntry,
    Noun::Post,
    Noun::PostHolding,
    Noun::Absence,
    Noun::Recruitment,
    Noun::Trainee,
    Noun::CapacityRule,
];

/// The nouns of staff.
pub const STAFF: [Noun; 6] =
    [Noun::Post, Noun::PostHolding, Noun::Absence, Noun::Recruitment, Noun::Trainee, Noun::CapacityRule];

/// The source system of rows that are told apart by what they say.
pub const SOURCE: &str = "planner";

/// What parts the fields of an external id that is made of them.
const BETWEEN: char = ':';

impl Noun {
    /// The fields that tell one row from another where it has no external id; none for nouns that must have one, or have
    /// a reference of their own.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are sent by systems that have ids")]
    pub fn told_apart_by(self) -> &'static [&'static str] {
        match self {
            Self::CalendarEntry => &["kind", "starts_on"],
            Self::PostHolding => &["post_ref", "worker_ref", "starts_on"],
            Self::Absence => &["worker_ref", "kind", "starts_on"],
            Self::Recruitment => &["post_ref", "round", "approved_on"],
            Self::CapacityRule => &["discipline", "setting", "appointment_type", "week", "starts_on"],
            _ => &[],
        }
    }
}

/// The external id that a row has by what it says: the fields that tell it apart, joined by colons. Where that is too
/// long, is ambiguous, or could be taken for a child's number, it is the beginning of their SHA-256 digest.
///
/// `None` if a field is missing that the noun cannot be without, or if rows of the noun are not told apart so.
pub fn external<'a>(kind: &Kind, text_at: impl Fn(usize) -> Option<&'a str>) -> Option<External> {
    let mut parts = Vec::new();
    for name in kind.noun.told_apart_by() {
        let place = kind.place(name)?;
        let field = kind.fields.get(place)?;
        match text_at(place) {
            Some(text) => parts.push(canonical(field.shape, text)),
            None if field.required => return None,
            None => parts.push(String::new()),
        }
    }
    if parts.is_empty() {
        return None;
    }
    let joined = parts.join(&BETWEEN.to_string());
    let ambiguous = parts.iter().any(|part| part.contains(BETWEEN));
    let id = if ambiguous { None } else { ExternalId::parse(&joined).ok() };
    let id = id.or_else(|| ExternalId::parse(&digest(&parts)).ok())?;
    Some(External { source: SourceSystem::parse(SOURCE).ok()?, id })
}

/// A number as it is kept, so that `08` and `8` are the same week; other texts as they stand.
fn canonical(shape: Shape, text: &str) -> String {
    let number = if let Shape::Number(bounds) = shape { bounds.kept(text) } else { None };
    number.unwrap_or_else(|| text.to_owned())
}

/// Forty hexadecimal digits.
fn digest(parts: &[String]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digits = hash.finalize().into_iter().take(20).flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
