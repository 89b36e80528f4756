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
use crate::domain::noun::{Field, Kind, Noun};

/// Stands between the texts of a record: a control character, which no field may hold.
const BETWEEN: u8 = 0x1f;

/// Stands between records: another.
const NEXT: u8 = 0x1e;

/// The texts of one record's fields, in their order; none is empty, so that an empty one is no value.
#[derive(Clone, Debug)]
pub struct Texts<'a>(Option<&'a str>);

impl<'a> Iterator for Texts<'a> {
    type Item = Option<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0?;
        let end = end_of_first(rest.as_bytes());
        self.0 = end.and_then(|end| rest.get(end + 1..));
        Some(rest.get(..end.unwrap_or(rest.len())).filter(|text| !text.is_empty()))
    }
}

/// Where the first text ends, if another follows. The end of a day or a word is found at once: sixteen bytes are compared
/// as one number.
fn end_of_first(texts: &[u8]) -> Option<usize> {
    const EACH: u128 = u128::MAX / 0xff;
    let differs = texts.first_chunk().map(|bytes| u128::from_le_bytes(*bytes) ^ (EACH * u128::from(BETWEEN)));
    // The lowest byte that is nought is the first to borrow, so that no byte below it is marked.
    let marked = differs.map_or(0, |differs| differs.wrapping_sub(EACH) & !differs & (EACH << 7));
    match marked {
        0 => texts.iter().position(|byte| *byte == BETWEEN),
        marked => usize::try_from(marked.trailing_zeros() / 8).ok(),
    }
}

/// A value of either engine that was selected as text.
trait AsText {
    /// Hands on the text where it lies.
    fn with<T>(self, each: impl FnOnce(&str) -> T) -> T;
}

impl AsText for SqliteValue<'_, '_, '_> {
    fn with<T>(mut self, each: impl FnOnce(&str) -> T) -> T {
        each(self.read_text())
    }
}

impl AsText for PgValue<'_> {
    fn with<T>(self, each: impl FnOnce(&str) -> T) -> T {
        each(str::from_utf8(self.as_bytes()).unwrap_or_default())
    }
}

/// The records of one noun of one authority, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    noun: Noun,
    authority: Authority,
    left: Option<&'a str>,
}

impl Records<'_> {
    /// How many are still to come.
    pub fn count_left(&self) -> usize {
        self.left.map_or(0, |left| 1 + left.bytes().filter(|byte| *byte == NEXT).count())
    }
}

impl<'a> Iterator for Records<'a> {
    /// A record's number and the texts of its fields; an error if the row is corrupt.
    type Item = Result<(i64, Texts<'a>), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let left = self.left?;
        let (record, others) =
            left.split_once(char::from(NEXT)).map_or((left, None), |(one, others)| (one, Some(others)));
        self.left = others;
        let mut texts = Texts(Some(record));
        let id = texts.next().flatten();
        let number = id.and_then(|id| id.parse().ok()).ok_or_else(|| StoreError::Corrupt {
            table: self.noun.kind().table,
            key: format!("{} {}", self.authority.code(), id.unwrap_or("?")),
            problem: "no number".to_owned(),
        });
        Some(number.map(|number| (number, texts)))
    }
}

/// Hands on every record of one noun of one authority; the text of a field that is not wanted is empty. Those a record must
/// have are always wanted.
///
/// # Errors
/// When the database fails, and whatever `take` fails with.
pub fn with_records<T, E: From<StoreError>>(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    is_wanted: impl Fn(&Field) -> bool,
    take: impl FnOnce(Records<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let select = select(noun.kind(), conn, is_wanted);
    on_each!(conn, |inner| {
        let query = sql_query(select).bind::<Text, _>(authority.code());
        let mut rows = LoadConnection::<DefaultLoadingMode>::load(inner, query).map_err(StoreError::from)?;
        let row = rows.next().transpose().map_err(StoreError::from)?;
        let field = row.as_ref().and_then(|row| row.get(0));
        // No value is no record.
        match field.as_ref().and_then(|field| field.value()) {
            Some(value) => value.with(|text| take(Records { noun, authority, left: Some(text) })),
            None => take(Records { noun, authority, left: None }),
        }
    })
}

/// Number and fields of all records as one text: a row costs more to fetch than a record to read. The empty text stands for
/// no value, which would be left out; only PostgreSQL asks that it be a text instead of one.
fn select(kind: &Kind, conn: &Conn, is_wanted: impl Fn(&Field) -> bool) -> String {
    let text = |field: &Field| {
        let value = match conn {
            Conn::Sqlite(_) => field.name.to_owned(),
            Conn::Postgres(_) => format!("cast({} as text)", field.name),
        };
        match field.required {
            true => format!(", {value}"),
            false if is_wanted(field) => format!(", coalesce({value}, '')"),
            false => ", ''".to_owned(),
        }
    };
    let fields: String = kind.fields.iter().map(text).collect();
    let [between, next] = [BETWEEN, NEXT].map(char::from);
    let records = format!(
        "select concat_ws('{between}', id{fields}) as record from {} where authority = $1 order by authority, id",
        kind.table
    );
    format!("select string_agg(record, '{next}') from ({records}) as records")
}
