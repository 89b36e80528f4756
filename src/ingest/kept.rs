//! Which cells of a rejected row are kept, and how they are written for a spreadsheet: no name and no number of a child,
//! not even by mistake, and no formula.

use std::borrow::Cow;

use super::columns::Column;
use crate::domain::field::{FieldType, Shape, is_only_word};
use crate::domain::identifier::{identifier_in, is_harmless};
use crate::domain::noun::{Kind, Noun};
use crate::domain::reference::{ChildRef, ExternalId};

/// What stands in the place of a cell that must not be kept.
pub const WITHHELD: &str = "(withheld)";

/// Longest cell kept, in bytes: longer than any value can be.
const CELL_BYTES_MAX: usize = 300;

/// A cell as text, cut to the length that is kept.
pub fn cut(cell: &[u8]) -> Cow<'_, str> {
    let Some(start) = cell.get(..CELL_BYTES_MAX + 1) else { return String::from_utf8_lossy(cell) };
    let text = String::from_utf8_lossy(start);
    let end = text.floor_char_boundary(CELL_BYTES_MAX);
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}

/// The cell of a rejected row as it is kept. `refused`: one of the row's faults is about it.
pub fn kept(kind: &Kind, column: Column, cell: &str, refused: bool) -> String {
    let text = unguarded(cell.trim());
    if text.is_empty() || may_be_kept(kind, column, text, refused) { guarded(cell) } else { WITHHELD.to_owned() }
}

fn may_be_kept(kind: &Kind, column: Column, text: &str, refused: bool) -> bool {
    if identifier_in(text).is_some() {
        return false;
    }
    let is_pseudonym = || ChildRef::parse(text).is_ok();
    match column {
        Column::Unknown | Column::Report => false,
        Column::SourceSystem | Column::ExternalId => is_pseudonym() || (!refused && ExternalId::parse(text).is_ok()),
        Column::Authority => !refused || is_harmless(text),
        Column::Field(place) => match kind.fields.get(place).map(|field| field.shape) {
            None => false,
            // What a row's links lead to is not asked if the row has other faults.
            Some(Shape::Reference(Noun::Child) | Shape::Link(_)) => is_pseudonym(),
            Some(Shape::Reference(_)) => is_pseudonym() || (!refused && ExternalId::parse(text).is_ok()),
            Some(Shape::Text(_)) => !refused || is_pseudonym(),
            Some(Shape::Date | Shape::Month) => {
                !refused || is_moment(text) || (is_harmless(text) && !is_only_word(text))
            }
            Some(Shape::Flag | Shape::Code(_) | Shape::Number(_)) => !refused || is_harmless(text),
        },
    }
}

/// A cell beyond the header's columns, of which nobody knows what it is: kept if it looks like a date or a pseudonym.
pub fn kept_surplus(cell: &str) -> String {
    let text = unguarded(cell.trim());
    let known = is_moment(text) || (is_harmless(text) && ChildRef::parse(text).is_ok());
    if text.is_empty() || known && identifier_in(text).is_none() { guarded(cell) } else { WITHHELD.to_owned() }
}

/// True for digits and what parts the digits of a date and a time, in whatever order.
fn is_moment(text: &str) -> bool {
    text.len() <= 32
        && text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | ':' | ' ' | 'T' | 'Z'))
}

/// True if the text by which a receipt calls a rejected row may be kept: its external id or its own reference.
pub fn may_name(kind: &Kind, text: &str, reference_refused: bool) -> bool {
    let is_child = kind.noun == Noun::Child && reference_refused;
    ExternalId::parse(text).is_ok() && (!is_child || ChildRef::parse(text).is_ok())
}

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it; a NUL, which PostgreSQL cannot keep,
/// becomes the replacement character.
pub fn guarded(cell: &str) -> String {
    let cell = cell.replace('\0', "\u{fffd}");
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell }
}

/// The cell without the apostrophe of [`guarded`], so that a corrected file means what it says.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).map_or(text, str::trim)
}
