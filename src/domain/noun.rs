//! The nouns of the service, each declared once: from the declaration come its reader, its table, its wire form and its
//! place in the published contract.

use std::sync::Arc;

use chrono::NaiveDate;

use super::authority::Authority;
use super::fault::{Faults, Refusal};
use super::field::{FieldType, Given, Shape};
use super::reference::{ExternalId, RecordId, SourceSystem};

/// One field of a noun.
#[derive(Debug)]
pub struct Field {
    /// Name on the wire, in files and in the table.
    pub name: &'static str,
    /// What it means, from its declaration.
    pub about: &'static str,
    /// What it may hold.
    pub shape: Shape,
    /// True if no record is without it.
    pub required: bool,
}

/// The values of one record's fields, each written the one way it is kept; `None` is no value. Copies share them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells(pub Arc<[Option<Box<str>>]>);

impl Cells {
    /// The value of the field at `place`.
    pub fn at(&self, place: usize) -> Option<&str> {
        self.0.get(place)?.as_deref()
    }
}

/// What the rest of the house needs to know of a noun.
#[derive(Debug)]
pub struct Kind {
    /// Which noun.
    pub noun: Noun,
    /// First part of its ids.
    pub prefix: &'static str,
    /// One of it, in words.
    pub singular: &'static str,
    /// Many of it: the path under `/v1` and the import type.
    pub plural: &'static str,
    /// Its table.
    pub table: &'static str,
    /// What it is, from its declaration.
    pub about: &'static str,
    /// Its fields in order.
    pub fields: &'static [Field],
    /// Reads what a sender gave, on top of the state before; `None` when `faults` got any.
    pub read: fn(&[Given<'_>], Option<&Cells>, NaiveDate, &mut Faults) -> Option<Cells>,
}

impl Kind {
    /// The place of the field of that name.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// One of it with its article: `an EHC request`.
    pub fn one(&self) -> String {
        let article = if self.singular.starts_with(['a', 'e', 'E', 'i', 'o']) { "an" } else { "a" };
        format!("{article} {}", self.singular)
    }

    /// The place of the sender's reference of the record itself, for nouns that have one.
    pub fn own_reference(&self) -> Option<usize> {
        self.fields.iter().position(|field| field.shape == Shape::Reference(self.noun) && field.required)
    }
}

/// Who else calls a record what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct External {
    /// The system that sent it.
    pub source: SourceSystem,
    /// Its id there.
    pub id: ExternalId,
}

/// One record as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id here.
    pub id: RecordId,
    /// Its id elsewhere.
    pub external: Option<External>,
    /// The ledger entry that made it what it is; its version.
    pub seq: i64,
    /// Its fields.
    pub cells: Cells,
}

/// Reads the fields of a noun in order, noting faults.
pub struct Reader<'a> {
    kind: &'static Kind,
    given: &'a [Given<'a>],
    before: Option<&'a Cells>,
    place: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first field.
    pub fn new(kind: &'static Kind, given: &'a [Given<'a>], before: Option<&'a Cells>) -> Self {
        Self { kind, given, before, place: 0 }
    }

    /// Reads the next field, which a record must have.
    pub fn required<T: FieldType>(&mut self, faults: &mut Faults) -> Option<T> {
        let name = self.name();
        let before = faults.iter().count();
        let value = self.optional(faults);
        if value.is_none() && faults.iter().count() == before {
            faults.add(name, "required", "is required, but is missing or empty");
        }
        value
    }

    /// Reads the next field, which a record may be without.
    pub fn optional<T: FieldType>(&mut self, faults: &mut Faults) -> Option<T> {
        let name = self.name();
        let place = self.place;
        self.place += 1;
        match self.given.get(place).unwrap_or(&Given::Absent) {
            Given::Clear => None,
            Given::Absent => {
                let cell = self.before?.at(place)?;
                faults.note(name, T::parse(cell))
            }
            Given::Text(text) => faults.note(name, T::parse(text)),
            Given::Wrong(refusal) => {
                faults.refuse(name, refusal.clone());
                None
            }
        }
    }

    fn name(&self) -> &'static str {
        self.kind.fields.get(self.place).map_or("", |field| field.name)
    }
}

/// Reads one field back from the cells of a record.
///
/// # Errors
/// The field's name, when the cell does not hold what the field may hold.
pub fn from_cell<T: FieldType>(kind: &Kind, cells: &Cells, name: &'static str) -> Result<Option<T>, Refusal> {
    let cell = kind.place(name).and_then(|place| cells.at(place));
    cell.map(T::parse).transpose()
}

/// Declares a noun: its struct, its [`Kind`], and its way to and from [`Cells`].
///
/// The declaration names each field once, with `required` or `optional` before it and its meaning above it. Beside the
/// struct stands a `Draft` of it in which every field may be missing, so that one missing field hides no other fault; it
/// must have a method `check(&self, today, &mut Faults)` that notes what cannot be true.
macro_rules! noun {
    (
        #[doc = $about:literal]
        $name:ident: $prefix:literal, $singular:literal, $plural:literal, $table:literal {
            $(#[doc = $field_about:literal] $need:ident $field:ident: $type:ty,)+
        }
    ) => {
        #[doc = $about]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $(#[doc = $field_about] pub $field: $crate::domain::noun::slot!($need $type),)+ }

        /// What is given of one, while what must not be missing may still be.
        struct Draft { $($field: Option<$type>,)+ }

        impl $name {
            /// The noun as the rest of the house knows it.
            pub const KIND: &'static $crate::domain::noun::Kind = &$crate::domain::noun::Kind {
                noun: $crate::domain::noun::Noun::$name,
                prefix: $prefix,
                singular: $singular,
                plural: $plural,
                table: $table,
                about: $about,
                fields: &[$($crate::domain::noun::Field {
                    name: stringify!($field),
                    about: $field_about,
                    shape: <$type as $crate::domain::field::FieldType>::SHAPE,
                    required: $crate::domain::noun::is_required!($need),
                },)+],
                read: Self::read,
            };

            fn read(
                given: &[$crate::domain::field::Given<'_>],
                before: Option<&$crate::domain::noun::Cells>,
                today: chrono::NaiveDate,
                faults: &mut $crate::domain::fault::Faults,
            ) -> Option<$crate::domain::noun::Cells> {
                let mut reader = $crate::domain::noun::Reader::new(Self::KIND, given, before);
                let draft = Draft { $($field: reader.$need::<$type>(faults),)+ };
                draft.check(today, faults);
                if !faults.is_empty() {
                    return None;
                }
                Some(Self { $($field: $crate::domain::noun::filled!($need draft.$field),)+ }.to_cells())
            }

            /// Writes the record down.
            pub fn to_cells(&self) -> $crate::domain::noun::Cells {
                use $crate::domain::field::FieldType;
                $crate::domain::noun::Cells(std::sync::Arc::new([
                    $($crate::domain::noun::written!($need self.$field),)+
                ]))
            }

            /// Reads the record back.
            ///
            /// # Errors
            /// What one of the cells must be and is not: the memory is corrupt.
            pub fn from_cells(
                cells: &$crate::domain::noun::Cells,
            ) -> Result<Self, $crate::domain::fault::Refusal> {
                Self::from_texts(cells.0.iter().map(Option::as_deref))
            }

            /// Reads the record back from the texts of its fields, in their order.
            ///
            /// # Errors
            /// As [`Self::from_cells`].
            pub fn from_texts<'a>(
                mut texts: impl Iterator<Item = Option<&'a str>>,
            ) -> Result<Self, $crate::domain::fault::Refusal> {
                $(let $field = $crate::domain::noun::next_cell::<$type>(&mut texts)?;)+
                Ok(Self { $($field: $crate::domain::noun::kept!($need $field, stringify!($field)),)+ })
            }
        }
    };
}

macro_rules! slot {
    (required $type:ty) => { $type };
    (optional $type:ty) => { Option<$type> };
}

macro_rules! is_required {
    (required) => {
        true
    };
    (optional) => {
        false
    };
}

macro_rules! filled {
    (required $field:expr) => {
        $field?
    };
    (optional $field:expr) => {
        $field
    };
}

macro_rules! written {
    (required $field:expr) => {
        Some(FieldType::cell(&$field))
    };
    (optional $field:expr) => {
        $field.as_ref().map(FieldType::cell)
    };
}

macro_rules! kept {
    (required $field:ident, $name:expr) => {
        $field.ok_or_else(|| $crate::domain::fault::Refusal::new("required", concat!($name, " is missing")))?
    };
    (optional $field:ident, $name:expr) => {
        $field
    };
}

pub(crate) use {filled, is_required, kept, noun, slot, written};

/// Reads the next cell back; a row that is too short reads as no value.
pub(crate) fn next_cell<'a, T: FieldType>(
    texts: &mut impl Iterator<Item = Option<&'a str>>,
) -> Result<Option<T>, Refusal> {
    texts.next().flatten().map(T::parse).transpose()
}

/// Declares which nouns there are.
macro_rules! nouns {
    ($($module:ident::$name:ident,)+) => {
        /// The nouns that are kept as records with a history.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each is described where it is declared")]
        pub enum Noun { $($name,)+ }

        impl Noun {
            /// Every noun; one that others refer to stands before them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word of each for paths and imports, in the same order.
            pub const PLURALS: &'static [&'static str] = &[$(super::$module::$name::KIND.plural,)+];

            /// What the rest of the house needs to know of it.
            pub const fn kind(self) -> &'static Kind {
                match self { $(Self::$name => super::$module::$name::KIND,)+ }
            }
        }
    };
}

nouns! {
    child::Child,
    provider::Provider,
    service::Service,
    ehc_request::EhcRequest,
    ehc_plan::EhcPlan,
    reassessment::Reassessment,
    advice_request::AdviceRequest,
    timescale_exception::TimescaleException,
    referral::Referral,
    annual_review::AnnualReview,
    plan_amendment::PlanAmendment,
    consultation::Consultation,
    dispute::Dispute,
    order::Order,
    calendar_entry::CalendarEntry,
    post::Post,
    post_holding::PostHolding,
    absence::Absence,
    recruitment::Recruitment,
    trainee::Trainee,
    capacity_rule::CapacityRule,
}

impl Noun {
    /// Finds a noun by the word its paths and imports use.
    pub fn from_plural(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|noun| noun.kind().plural == word)
    }

    /// Finds a noun by the first part of its ids.
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|noun| noun.kind().prefix == prefix)
    }

    /// True if a record of it comes into being by being named: a child or a provider.
    pub fn is_created_by_reference(self) -> bool {
        matches!(self, Self::Child | Self::Provider)
    }
}

/// What a sender wants a record to be.
#[derive(Clone, Debug)]
pub struct Submission<'a> {
    /// Whose record.
    pub authority: Authority,
    /// Its id elsewhere, if it has one.
    pub external: Option<External>,
    /// One for each field of the noun, in its order.
    pub given: Vec<Given<'a>>,
    /// What is wrong with it already, before its fields are read.
    pub faults: Faults,
}
