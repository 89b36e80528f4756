//! Every record of a noun as the texts of its fields, with no value made for each: what facts are read from at the start.

use std::slice;

use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::pg::PgValue;
use diesel::row::{Field as _, Row};
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteValue;

use super::StoreError;
use super::engine::{Conn, on_each};
use crate::domain::authority::Authority;
use crate::domain::field::Shape;
use crate::domain::noun::{Field, Noun};
use crate::domain::number::Bounds;

/// The texts of one record's fields, in their order.
#[derive(Clone, Debug)]
pub struct Texts<'a> {
    text: &'a str,
    start: usize,
    ends: slice::Iter<'a, Option<usize>>,
}

impl<'a> Iterator for Texts<'a> {
    type Item = Option<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(end) = *self.ends.next()? else { return Some(None) };
        let start = std::mem::replace(&mut self.start, end);
        Some(self.text.get(start..end))
    }
}

/// A value of either engine that was selected as text.
trait AsText {
    /// Writes it after `text`; false if it is none.
    fn append(self, text: &mut String) -> bool;
}

impl AsText for SqliteValue<'_, '_, '_> {
    fn append(mut self, text: &mut String) -> bool {
        text.push_str(self.read_text());
        true
    }
}

impl AsText for PgValue<'_> {
    fn append(self, text: &mut String) -> bool {
        str::from_utf8(self.as_bytes()).is_ok_and(|value| {
            text.push_str(value);
            true
        })
    }
}

/// Reads every record of one noun of one authority, in the order of their numbers.
///
/// # Errors
/// When the database fails or a row is corrupt, and whatever `each` fails with.
pub fn scan_texts<E: From<StoreError>>(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    mut each: impl FnMut(i64, Texts<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let kind = noun.kind();
    let fields: Vec<_> = kind.fields.iter().map(column).collect();
    let select = format!(
        "select cast(id as text), {} from {} where authority = $1 order by authority, id",
        fields.join(", "),
        kind.table
    );
    let (mut text, mut ends) = (String::new(), Vec::new());
    on_each!(conn, |inner| {
        let query = sql_query(select).bind::<Text, _>(authority.code());
        let rows = LoadConnection::<DefaultLoadingMode>::load(inner, query).map_err(StoreError::from)?;
        for row in rows {
            let row = row.map_err(StoreError::from)?;
            text.clear();
            ends.clear();
            for place in 0..row.field_count() {
                let field = row.get(place);
                let value = field.as_ref().and_then(|field| field.value());
                ends.push(value.is_some_and(|value| value.append(&mut text)).then_some(text.len()));
            }
            let mut texts = Texts { text: &text, start: 0, ends: ends.iter() };
            let id = texts.next().flatten();
            let number = id.and_then(|id| id.parse().ok()).ok_or_else(|| StoreError::Corrupt {
                table: kind.table,
                key: format!("{} {}", authority.code(), id.unwrap_or("?")),
                problem: "no number".to_owned(),
            })?;
            each(number, texts)?;
        }
    });
    Ok(())
}

fn column(field: &Field) -> String {
    match field.shape {
        Shape::Flag => format!("case when {0} then 'true' when not {0} then 'false' end", field.name),
        Shape::Date | Shape::Link(_) | Shape::Number(Bounds { places: 0, .. }) => {
            format!("cast({} as text)", field.name)
        }
        Shape::Month | Shape::Code(_) | Shape::Number(_) | Shape::Text(_) | Shape::Reference(_) => {
            field.name.to_owned()
        }
    }
}
