//! Records as rows: every noun's table is read through the noun's own list of fields.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::row::{Field as _, NamedRow, Row};
use diesel::sql_types::{Nullable, Text};
use diesel::{Connection, RunQueryDsl};

use super::StoreError;
use super::engine::Conn;
use crate::domain::authority::Authority;
use crate::domain::fault::Refusal;
use crate::domain::field::{FieldType, Shape};
use crate::domain::noun::{Cells, External, Field, Kind, Noun, Record};
use crate::domain::number::Bounds;
use crate::domain::reference::{ExternalId, RecordId, SourceSystem};

/// A row whose columns were all selected as text.
pub struct TextRow(pub Vec<Option<String>>);

impl<DB: Backend> QueryableByName<DB> for TextRow
where
    Option<String>: FromSql<Nullable<Text>, DB>,
{
    fn build<'a>(row: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        let text = |place: usize| match Row::get(row, place) {
            Some(field) => Option::<String>::from_nullable_sql(field.value()),
            None => Ok(None),
        };
        (0..row.field_count()).map(text).collect::<Result<_, _>>().map(Self)
    }
}

/// One condition a listed record must fulfil.
#[derive(Clone, Debug)]
pub enum Condition {
    /// It belongs to one of these authorities.
    Authorities(Vec<Authority>),
    /// The field at that place has that value.
    Equals(usize, String),
    /// The date at that place is that day or later.
    From(usize, String),
    /// The date at that place is that day or earlier.
    To(usize, String),
    /// It comes from that system.
    Source(String),
    /// It is called that there.
    ExternalId(String),
}

/// Which part of a list: what follows a record, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The last record of the part before.
    pub after: Option<(Authority, i64)>,
    /// At most so many.
    pub limit: i64,
}

/// The select list of a noun: everything as text, in the order authority, id, seq, source, external id, fields.
fn select(kind: &Kind) -> String {
    let column = |field: &Field| match field.shape {
        Shape::Flag => format!("case when {0} then 'true' when not {0} then 'false' end as {0}", field.name),
        Shape::Date | Shape::Link(_) | Shape::Number(Bounds { places: 0, .. }) => {
            format!("cast({0} as text) as {0}", field.name)
        }
        Shape::Month | Shape::Code(_) | Shape::Number(_) | Shape::Text(_) | Shape::Reference(_) => {
            field.name.to_owned()
        }
    };
    let fields: Vec<_> = kind.fields.iter().map(column).collect();
    format!(
        "select authority, cast(id as text) as id_text, cast(seq as text) as seq_text, source_system, external_id, {}",
        fields.join(", ")
    )
}

/// Runs a query whose placeholders are `$1`, `$2` … in the order of `binds`, all text.
pub fn texts(conn: &mut Conn, text: String, binds: Vec<String>) -> Result<Vec<TextRow>, StoreError> {
    let mut query = diesel::sql_query(text).into_boxed::<<Conn as Connection>::Backend>();
    for bind in binds {
        query = query.bind::<Text, _>(bind);
    }
    Ok(query.load(conn)?)
}

fn rows(conn: &mut Conn, kind: &'static Kind, text: String, binds: Vec<String>) -> Result<Vec<Record>, StoreError> {
    texts(conn, text, binds)?.into_iter().map(|row| record(kind, row)).collect()
}

fn record(kind: &'static Kind, row: TextRow) -> Result<Record, StoreError> {
    let mut texts = row.0.into_iter();
    let mut next = || texts.next().flatten();
    let (authority, id, seq, source, external_id) = (next(), next(), next(), next(), next());
    let key = format!("{} {}", authority.as_deref().unwrap_or("?"), id.as_deref().unwrap_or("?"));
    let corrupt =
        |problem: &str| StoreError::Corrupt { table: kind.table, key: key.clone(), problem: problem.to_owned() };
    let number =
        |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok()).ok_or_else(|| corrupt("no number"));
    let external = match (source, external_id) {
        (Some(source), Some(id)) => {
            let read = |refusal: Refusal| corrupt(refusal.code);
            Some(External {
                source: SourceSystem::parse(&source).map_err(read)?,
                id: ExternalId::parse(&id).map_err(read)?,
            })
        }
        _ => None,
    };
    let authority = authority.as_deref().and_then(Authority::parse).ok_or_else(|| corrupt("no such authority"))?;
    Ok(Record {
        id: RecordId { noun: kind.noun, authority, number: number(id)? },
        external,
        seq: number(seq)?,
        cells: Cells(texts.map(|text| text.map(String::into_boxed_str)).collect()),
    })
}

/// Finds a record by its id.
///
/// # Errors
/// When the database fails or the row is corrupt; a record that is not there is `None`.
pub fn find(conn: &mut Conn, id: RecordId) -> Result<Option<Record>, StoreError> {
    let kind = id.noun.kind();
    let text = format!("{} from {} where authority = $1 and id = cast($2 as bigint)", select(kind), kind.table);
    let found = rows(conn, kind, text, vec![id.authority.code().to_owned(), id.number.to_string()])?;
    Ok(found.into_iter().next())
}

/// Finds the records a source system calls by `ids`.
///
/// # Errors
/// As [`find`].
pub fn find_by_external(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    source: &str,
    ids: &[&str],
) -> Result<Vec<Record>, StoreError> {
    let kind = noun.kind();
    let (text, bind) = by_texts(conn, kind, &select(kind), ("source_system = $2 and external_id", "$3"), ids);
    rows(conn, kind, text, vec![authority.code().to_owned(), source.to_owned(), bind])
}

/// Finds records by the sender's own references of them: children, providers, services.
///
/// # Errors
/// As [`find`].
pub fn find_by_reference(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    references: &[&str],
) -> Result<Vec<Record>, StoreError> {
    let kind = noun.kind();
    let Some(field) = kind.own_reference().and_then(|place| kind.fields.get(place)) else { return Ok(Vec::new()) };
    find_by_text(conn, noun, authority, field.name, references)
}

/// Finds the records of a noun that have one of `texts` in the field of that name. A text that no reference could be finds
/// nothing.
///
/// # Errors
/// As [`find`].
pub fn find_by_text(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    field: &'static str,
    texts: &[&str],
) -> Result<Vec<Record>, StoreError> {
    let kind = noun.kind();
    let (text, bind) = by_texts(conn, kind, &select(kind), (field, "$2"), texts);
    rows(conn, kind, text, vec![authority.code().to_owned(), bind])
}

/// Which of some references are those of records that stand.
///
/// # Errors
/// When the database fails.
pub fn known_references(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    references: &[&str],
) -> Result<Vec<Box<str>>, StoreError> {
    let kind = noun.kind();
    let Some(field) = kind.own_reference().and_then(|place| kind.fields.get(place)) else { return Ok(Vec::new()) };
    let (text, bind) = by_texts(conn, kind, &format!("select {}", field.name), (field.name, "$2"), references);
    let found = texts(conn, text, vec![authority.code().to_owned(), bind])?;
    Ok(found.into_iter().filter_map(|row| row.0.into_iter().next().flatten().map(String::into_boxed_str)).collect())
}

/// Finds the records of a noun that are linked to one of `numbers` by the field of that name.
///
/// # Errors
/// As [`find`].
pub fn find_by_link(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    field: &'static str,
    numbers: &[i64],
) -> Result<Vec<Record>, StoreError> {
    let kind = noun.kind();
    // Numbers, written by us: safe to stand in the text.
    let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    let text = format!(
        "{} from {} where authority = $1 and {field} in ({}) order by id",
        select(kind),
        kind.table,
        numbers.join(", ")
    );
    rows(conn, kind, text, vec![authority.code().to_owned()])
}

/// The query that selects the rows of an authority (`$1`) whose `column` is one of `texts`, which are one bind at
/// `place`. A text that no reference could be is left out: nothing is called that, and the quotes around it could break.
///
/// On PostgreSQL each text is looked up by itself: a plain `= any(…)` over a table that has just grown is planned from
/// old statistics as a scan of the authority, which made a block of 5,000 rows take seven seconds.
fn by_texts(conn: &Conn, kind: &Kind, select: &str, (column, place): (&str, &str), texts: &[&str]) -> (String, String) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
    let mut quoted = String::new();
    for text in texts.iter().filter(|text| text.len() <= 64 && text.bytes().all(plain)) {
        quoted.push_str(if quoted.is_empty() { "\"" } else { ",\"" });
        quoted.push_str(text);
        quoted.push('"');
    }
    let table = kind.table;
    match conn {
        Conn::Sqlite(_) => (
            format!(
                "{select} from {table} where authority = $1 and {column} in (select value from json_each({place}))"
            ),
            format!("[{quoted}]"),
        ),
        Conn::Postgres(_) => (
            format!(
                "{select} from unnest(cast({place} as text[])) as wanted (word) cross join lateral \
                 (select * from {table} where authority = $1 and {column} = wanted.word offset 0) as found"
            ),
            format!("{{{quoted}}}"),
        ),
    }
}

/// Lists records that fulfil every condition, in the order of authority and id.
///
/// # Errors
/// As [`find`].
pub fn list(conn: &mut Conn, noun: Noun, conditions: &[Condition], page: Page) -> Result<Vec<Record>, StoreError> {
    let kind = noun.kind();
    let mut clauses = Vec::new();
    let mut binds = Vec::new();
    for condition in conditions {
        clauses.push(clause(conn, kind, condition, &mut binds));
    }
    if let Some((authority, number)) = page.after {
        binds.push(authority.code().to_owned());
        binds.push(number.to_string());
        clauses.push(format!("(authority, id) > (${}, cast(${} as bigint))", binds.len() - 1, binds.len()));
    }
    let filter = if clauses.is_empty() { String::new() } else { format!(" where {}", clauses.join(" and ")) };
    let text = format!("{} from {}{filter} order by authority, id limit {}", select(kind), kind.table, page.limit);
    rows(conn, kind, text, binds)
}

fn clause(conn: &Conn, kind: &Kind, condition: &Condition, binds: &mut Vec<String>) -> String {
    let mut compare = |column: &str, operator: &str, place: Option<usize>, value: &str| {
        binds.push(value.to_owned());
        let bind = format!("${}", binds.len());
        match place.and_then(|place| kind.fields.get(place)).map(|field| field.shape) {
            Some(Shape::Flag) => format!("case when {column} then 'true' else 'false' end {operator} {bind}"),
            Some(Shape::Link(_)) => format!("{column} {operator} cast({bind} as bigint)"),
            Some(Shape::Date) if matches!(conn, Conn::Postgres(_)) => {
                format!("{column} {operator} cast({bind} as date)")
            }
            _ => format!("{column} {operator} {bind}"),
        }
    };
    let name = |place: &usize| kind.fields.get(*place).map_or("id", |field| field.name);
    match condition {
        Condition::Authorities(list) => {
            let codes: Vec<_> = list.iter().map(|authority| format!("'{}'", authority.code())).collect();
            format!("authority in ({})", if codes.is_empty() { "''".to_owned() } else { codes.join(", ") })
        }
        Condition::Equals(place, value) => compare(name(place), "=", Some(*place), value),
        Condition::From(place, value) => compare(name(place), ">=", Some(*place), value),
        Condition::To(place, value) => compare(name(place), "<=", Some(*place), value),
        Condition::Source(value) => compare("source_system", "=", None, value),
        Condition::ExternalId(value) => compare("external_id", "=", None, value),
    }
}

/// Reads every record of one noun of one authority, a thousand at a time.
///
/// # Errors
/// As [`find`], and whatever `each` fails with.
pub fn scan<E: From<StoreError>>(
    conn: &mut Conn,
    noun: Noun,
    authority: Authority,
    mut each: impl FnMut(&mut Conn, Vec<Record>) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = None;
    loop {
        let page = Page { after: after.map(|number| (authority, number)), limit: 5_000 };
        let part = list(conn, noun, &[Condition::Authorities(vec![authority])], page)?;
        let Some(last) = part.last() else { return Ok(()) };
        after = Some(last.id.number);
        each(conn, part)?;
    }
}
