//! References: what a sender calls a record, and what this service calls it.

use std::fmt;
use std::sync::Arc;

use super::authority::Authority;
use super::fault::Refusal;
use super::field::{FieldType, Shape, found};
use super::identifier::{identifier_in, looks_like_name};
use super::noun::Noun;

/// True for what nearly all references are: plain characters, at least one digit and fewer than ten, and letters of one
/// case. None of the checks below would refuse it, whatever they ask.
fn is_common(text: &str, longest: usize) -> bool {
    let (mut digits, mut upper, mut lower, mut other) = (0_u32, false, false, false);
    for byte in text.bytes() {
        digits += u32::from(byte.is_ascii_digit());
        upper |= byte.is_ascii_uppercase();
        lower |= byte.is_ascii_lowercase();
        other |= !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'.' | b':' | b'/');
    }
    (1..10).contains(&digits) && !(upper && lower) && !other && text.len() <= longest
}

/// Checks length and alphabet of a reference: 1 to `longest` of letters, digits and `-_.:/`.
fn plain(text: &str, longest: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    if !(1..=longest).contains(&length) {
        return Err(Refusal::new("wrong_length", format!("must have 1 to {longest} characters, but has {length}")));
    }
    let stranger = text.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.' | ':' | '/'));
    match stranger {
        Some(' ') => Err(Refusal::new("character_not_allowed", "must not contain blanks")),
        Some(_) => Err(Refusal::new(
            "character_not_allowed",
            "may hold only unaccented letters, digits and the characters - _ . : /",
        )),
        None => Ok(()),
    }
}

/// Refuses national identifiers: a reference that holds one would make every row a row about a known child.
fn no_identifier(text: &str) -> Result<(), Refusal> {
    let Some(what) = identifier_in(text) else { return Ok(()) };
    let message = format!(
        "holds a valid {what}, which this service must not hold; send a pseudonym of your own instead, such as R-0042"
    );
    Err(Refusal::new("identifier_refused", message))
}

/// Checks a reference. Identifiers come first: one that is written with blanks shall be refused for what it is.
fn reference(text: &str, longest: usize) -> Result<(), Refusal> {
    if is_common(text, longest) {
        return Ok(());
    }
    no_identifier(text).and_then(|()| plain(text, longest))
}

/// Checks the pseudonym of a person.
fn pseudonym(text: &str, such_as: &str) -> Result<(), Refusal> {
    if is_common(text, 64) {
        return Ok(());
    }
    no_identifier(text)?;
    if !text.is_empty() && looks_like_name(text) {
        let message = format!("looks like a name; send a pseudonym with a digit in it, such as {such_as}");
        return Err(Refusal::new("name_refused", message));
    }
    plain(text, 64)
}

macro_rules! reference {
    ($(#[$doc:meta])* $name:ident, $shape:expr, |$text:ident| $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text as the sender wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FieldType for $name {
            const SHAPE: Shape = $shape;

            fn parse($text: &str) -> Result<Self, Refusal> {
                $check?;
                Ok(Self($text.into()))
            }

            fn cell(&self) -> Box<str> {
                Box::from(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

reference! {
    /// The sender's pseudonym of a child. `Debug` hides the text, so that no log line can name a child.
    ///
    /// Refused: what holds a valid NHS number or UPN, and what looks like a name.
    ChildRef, Shape::Reference(Noun::Child), |text| pseudonym(text, "KID-0042")
}

reference! {
    /// The sender's reference of a provider: an ODS code, or any short code of the council's own.
    ProviderRef, Shape::Reference(Noun::Provider), |text| reference(text, 64)
}

reference! {
    /// The sender's reference of a service.
    ServiceRef, Shape::Reference(Noun::Service), |text| reference(text, 64)
}

reference! {
    /// The sender's reference of a post.
    PostRef, Shape::Reference(Noun::Post), |text| reference(text, 64)
}

reference! {
    /// The sender's pseudonym of a worker: the same in all their posts. What looks like a name is refused.
    WorkerRef, Shape::Text(64), |text| pseudonym(text, "W-017")
}

reference! {
    /// The sender's pseudonym of a trainee. What looks like a name is refused.
    TraineeRef, Shape::Reference(Noun::Trainee), |text| pseudonym(text, "T-004")
}

reference! {
    /// What the source system calls a record. Unique with its source system and noun within an authority.
    ExternalId, Shape::Text(64), |text| reference(text, 64)
}

reference! {
    /// The system a record comes from, such as `ehc-casework`.
    SourceSystem, Shape::Text(32), |text| reference(text, 32)
}

reference! {
    /// Where the evidence of an exception is kept: a file reference, never the evidence.
    EvidenceRef, Shape::Text(64), |text| reference(text, 64)
}

/// The name of an organisation or service; at most 120 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationName(Box<str>);

impl FieldType for OrganisationName {
    const SHAPE: Shape = Shape::Text(120);

    fn parse(text: &str) -> Result<Self, Refusal> {
        let length = text.chars().count();
        if length == 0 || length > 120 {
            return Err(Refusal::new("wrong_length", format!("must have 1 to 120 characters, but has {length}")));
        }
        if text.trim().is_empty() {
            return Err(Refusal::new("wrong_length", "must have 1 to 120 characters, but has only blanks"));
        }
        if text.chars().any(char::is_control) {
            return Err(Refusal::new("character_not_allowed", "must not contain control characters"));
        }
        Ok(Self(text.into()))
    }

    fn cell(&self) -> Box<str> {
        self.0.clone()
    }
}

/// The id of a record, such as `ref_301_42`: its noun, its authority, and the ledger entry that created it.
///
/// So an id is unique by construction, says where its record lives, and needs no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    /// What kind of record.
    pub noun: Noun,
    /// Whose record.
    pub authority: Authority,
    /// Sequence number of the ledger entry that created it; 1 or more.
    pub number: i64,
}

impl RecordId {
    /// Reads an id of the given noun.
    ///
    /// # Errors
    /// What such an id looks like.
    pub fn parse(noun: Noun, text: &str) -> Result<Self, Refusal> {
        Self::read(noun, text).ok_or_else(|| {
            let kind = noun.kind();
            let message =
                format!("must be the id of {}, such as {}_301_42, but {}", kind.one(), kind.prefix, found(text));
            Refusal::new("not_an_id", message)
        })
    }

    fn read(noun: Noun, text: &str) -> Option<Self> {
        let rest = text.strip_prefix(noun.kind().prefix)?.strip_prefix('_')?;
        let (code, number) = rest.split_once('_')?;
        let authority = Authority::parse(code).filter(|_| code.len() == 3)?;
        let canonical = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
        let number = number.parse().ok().filter(|_| canonical)?;
        Some(Self { noun, authority, number })
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.noun.kind().prefix, self.authority.code(), self.number)
    }
}

/// The id of an import, such as `imp_301_7`: its authority, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportId {
    /// Whose import.
    pub authority: Authority,
    /// 1, 2, 3 ... within the authority.
    pub number: i64,
}

impl ImportId {
    /// Reads an import's id; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (code, number) = text.strip_prefix("imp_")?.split_once('_')?;
        let authority = Authority::parse(code).filter(|_| code.len() == 3)?;
        let id = Self { authority, number: number.parse().ok()? };
        (id.number > 0 && id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "imp_{}_{}", self.authority.code(), self.number)
    }
}

/// What a link names: a number written the one way numbers are, or any other text.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Linked {
    Number(i64),
    Text(Box<str>),
}

impl Linked {
    fn parse(text: &str) -> Result<Self, Refusal> {
        let number: Option<i64> = text.parse().ok();
        match number {
            // The number of a found record is kept, however many digits it has: it names no child.
            Some(number) if number > 0 && text.starts_with(|first| matches!(first, '1'..='9')) => {
                return Ok(Self::Number(number));
            }
            Some(_) => plain(text, 64)?,
            None => reference(text, 64)?,
        }
        Ok(Self::Text(text.into()))
    }

    fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
        }
    }

    fn cell(&self) -> Box<str> {
        match self {
            Self::Number(number) => number.to_string().into(),
            Self::Text(text) => text.clone(),
        }
    }
}

macro_rules! link {
    ($(#[$doc:meta])* $name:ident, $noun:expr) => {
        $(#[$doc])*
        ///
        /// As text: the id itself, or the external id of the record in the same source system; kept as the number of
        /// the record once it is found.
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Linked);

        impl $name {
            /// The number of the record, once the link is resolved.
            pub fn number(&self) -> Option<i64> {
                self.0.number()
            }
        }

        impl FieldType for $name {
            const SHAPE: Shape = Shape::Link($noun);

            fn parse(text: &str) -> Result<Self, Refusal> {
                Linked::parse(text).map(Self)
            }

            fn cell(&self) -> Box<str> {
                self.0.cell()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

link! {
    /// A link to an EHC request.
    EhcRequestLink, Noun::EhcRequest
}

link! {
    /// A link to an EHC plan.
    EhcPlanLink, Noun::EhcPlan
}

link! {
    /// A link to a re-assessment.
    ReassessmentLink, Noun::Reassessment
}

/// The number of the EHC request or re-assessment a record belongs to; 0 for neither. Within an authority no two records
/// share a number.
pub fn assessment(request: Option<&EhcRequestLink>, reassessment: Option<&ReassessmentLink>) -> i64 {
    request.and_then(EhcRequestLink::number).or_else(|| reassessment?.number()).unwrap_or(0)
}
