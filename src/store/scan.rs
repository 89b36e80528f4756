//! Every record of a noun as the texts of its fields, with no value made for each: what facts are read from at the start.

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
use crate::domain::noun::{Field, Kind, Noun};

/// Stands between the texts of a record: a control character, which no field may hold.
const BETWEEN: u8 = 0x1f;

/// The texts of one record's fields, in their order; none is empty, so that an empty one is no value.
#[derive(Clone, Debug)]
pub struct Texts<'a>(Option<&'a str>);

impl<'a> Iterator for Texts<'a> {
    type Item = Option<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0?;
        let end = rest.bytes().position(|byte| byte == BETWEEN);
        self.0 = end.and_then(|end| rest.get(end + 1..));
        Some(rest.get(..end.unwrap_or(rest.len())).filter(|text| !text.is_empty()))
    }
}

/// A value of either engine that was selected as text.
trait AsText {
    /// Writes it in the place of `text`; false if it is none.
    fn write(self, text: &mut String) -> bool;
}

impl AsText for SqliteValue<'_, '_, '_> {
    fn write(mut self, text: &mut String) -> bool {
        text.clear();
        text.push_str(self.read_text());
        true
    }
}

impl AsText for PgValue<'_> {
    fn write(self, text: &mut String) -> bool {
        text.clear();
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
    let select = select(kind);
    let mut text = String::new();
    on_each!(conn, |inner| {
        let query = sql_query(select).bind::<Text, _>(authority.code());
        let rows = LoadConnection::<DefaultLoadingMode>::load(inner, query).map_err(StoreError::from)?;
        for row in rows {
            let row = row.map_err(StoreError::from)?;
            let field = row.get(0);
            let value = field.as_ref().and_then(|field| field.value());
            let mut texts = Texts(value.is_some_and(|value| value.write(&mut text)).then_some(&text));
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

/// Number and fields as one text: a row of one value takes half as long to read as one of a dozen.
fn select(kind: &Kind) -> String {
    let between = char::from(BETWEEN);
    let fields: String = kind.fields.iter().map(|field| format!(", '{between}', {}", column(field))).collect();
    format!("select concat(id{fields}) from {} where authority = $1 order by authority, id", kind.table)
}

fn column(field: &Field) -> String {
    match field.shape {
        Shape::Flag => format!("case when {0} then 'true' when not {0} then 'false' end", field.name),
        Shape::Date
        | Shape::Link(_)
        | Shape::Month
        | Shape::Code(_)
        | Shape::Number(_)
        | Shape::Text(_)
        | Shape::Reference(_) => {
            field.name.to_owned()
        }
    }
}
