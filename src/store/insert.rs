//! Writing many rows at once: one statement a block on PostgreSQL, one prepared statement a row on SQLite.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::dsl::Eq;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use diesel::{ExpressionMethods, PgConnection, QueryResult, RunQueryDsl, SqliteConnection};

use super::StoreError;
use super::engine::Conn;
use super::schema::ledger_entries;
use crate::domain::authority::Authority;
use crate::domain::field::Shape;
use crate::domain::ledger::Entry;
use crate::domain::noun::{Kind, Record};
use crate::domain::number::Bounds;

/// The columns of a noun's table in order.
fn columns(kind: &Kind) -> String {
    let fields: Vec<_> = kind.fields.iter().map(|field| field.name).collect();
    format!("authority, id, seq, source_system, external_id, {}", fields.join(", "))
}

/// What to do with a row that is there already: nothing of the kind is expected, or it takes the new values.
fn on_conflict(kind: &Kind, replace: bool) -> String {
    if !replace {
        return String::new();
    }
    let names = ["seq", "source_system", "external_id"].into_iter().chain(kind.fields.iter().map(|field| field.name));
    let sets: Vec<_> = names.map(|name| format!("{name} = excluded.{name}")).collect();
    format!(" on conflict (authority, id) do update set {}", sets.join(", "))
}

/// Writes the present state of records of one noun and authority. With `replace`, rows that are there are changed.
pub fn write_rows(conn: &mut Conn, kind: &'static Kind, rows: &[&Record], replace: bool) -> Result<(), StoreError> {
    let Some(first) = rows.first() else { return Ok(()) };
    match conn {
        Conn::Sqlite(lite) => write_rows_sqlite(lite, kind, rows, replace)?,
        Conn::Postgres(server) => write_rows_postgres(server, kind, first.id.authority, rows, replace)?,
    }
    Ok(())
}

fn write_rows_postgres(
    server: &mut PgConnection,
    kind: &'static Kind,
    authority: Authority,
    rows: &[&Record],
    replace: bool,
) -> QueryResult<()> {
    let names: Vec<_> = kind.fields.iter().map(|field| field.name).collect();
    let values = kind.fields.iter().map(|field| match field.shape {
        Shape::Date => format!("cast(u.{} as date)", field.name),
        Shape::Flag => format!("cast(u.{} as boolean)", field.name),
        Shape::Link(_) | Shape::Number(Bounds { places: 0, .. }) => format!("cast(u.{} as bigint)", field.name),
        Shape::Month | Shape::Code(_) | Shape::Number(_) | Shape::Text(_) | Shape::Reference(_) => {
            format!("u.{}", field.name)
        }
    });
    let values: Vec<_> = values.collect();
    let places: Vec<_> = (2..names.len() + 6).map(|place| format!("${place}")).collect();
    let text = format!(
        "insert into {} ({}) select $1, u.id, u.seq, u.source_system, u.external_id, {} \
         from unnest({}) as u (id, seq, source_system, external_id, {}){}",
        kind.table,
        columns(kind),
        values.join(", "),
        places.join(", "),
        names.join(", "),
        on_conflict(kind, replace),
    );
    let mut query = diesel::sql_query(text).into_boxed::<Pg>().bind::<Text, _>(authority.code());
    query = query.bind::<Array<BigInt>, Vec<i64>>(rows.iter().map(|row| row.id.number).collect());
    query = query.bind::<Array<BigInt>, Vec<i64>>(rows.iter().map(|row| row.seq).collect());
    let sources = rows.iter().map(|row| row.external.as_ref().map(|external| external.source.as_str()));
    query = query.bind::<Array<Nullable<Text>>, Vec<Option<&str>>>(sources.collect());
    let external_ids = rows.iter().map(|row| row.external.as_ref().map(|external| external.id.as_str()));
    query = query.bind::<Array<Nullable<Text>>, Vec<Option<&str>>>(external_ids.collect());
    for place in 0..names.len() {
        query = query
            .bind::<Array<Nullable<Text>>, Vec<Option<&str>>>(rows.iter().map(|row| row.cells.at(place)).collect());
    }
    query.execute(server).map(drop)
}

fn write_rows_sqlite(
    lite: &mut SqliteConnection,
    kind: &'static Kind,
    rows: &[&Record],
    replace: bool,
) -> QueryResult<()> {
    let start = format!("insert into {} ({}) values (", kind.table, columns(kind));
    let rest = on_conflict(kind, replace);
    rows.iter().try_for_each(|row| InsertRow { start: &start, row, rest: &rest }.execute(lite).map(drop))
}

/// One row. A statement of many rows would be slower: SQLite notes every page it touches, lest a later row fail.
///
/// Kept prepared by its text, which depends on the noun only.
struct InsertRow<'a> {
    start: &'a str,
    row: &'a Record,
    rest: &'a str,
}

impl QueryId for InsertRow<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<SqliteConnection> for InsertRow<'_> {}

impl QueryFragment<Sqlite> for InsertRow<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(self.start);
        bind_row(self.row, &mut out)?;
        out.push_sql(")");
        out.push_sql(self.rest);
        Ok(())
    }
}

/// Binds one row in the order of [`columns`]. A link is bound as text: its column makes it a number.
fn bind_row<'b>(row: &'b Record, out: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
    out.push_bind_param::<Text, str>(row.id.authority.code())?;
    out.push_sql(", ");
    out.push_bind_param::<BigInt, i64>(&row.id.number)?;
    out.push_sql(", ");
    out.push_bind_param::<BigInt, i64>(&row.seq)?;
    bind_text(row.external.as_ref().map(|external| external.source.as_str()), out)?;
    bind_text(row.external.as_ref().map(|external| external.id.as_str()), out)?;
    for (field, cell) in row.id.noun.kind().fields.iter().zip(row.cells.0.iter()) {
        match (field.shape, cell.as_deref()) {
            (Shape::Flag, Some(flag)) => {
                out.push_sql(", ");
                out.push_bind_param::<Bool, bool>(if flag == "true" { &true } else { &false })?;
            }
            (_, text) => bind_text(text, out)?,
        }
    }
    Ok(())
}

fn bind_text<'b>(text: Option<&'b str>, out: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
    out.push_sql(", ");
    match text {
        Some(text) => out.push_bind_param::<Text, str>(text),
        None => out.push_bind_param::<Nullable<Text>, Option<&'static str>>(&None),
    }
}

/// Tells PostgreSQL how large a table has become. Its plans of foreign keys were made when the table was all but empty,
/// and would read a whole authority for every row of the first minute, until the server looks by itself.
pub fn measure(conn: &mut Conn, kind: &Kind) -> Result<(), StoreError> {
    if let Conn::Postgres(server) = conn {
        server.batch_execute(&format!("analyze {}", kind.table))?;
    }
    Ok(())
}

/// Writes entries of one authority, in order.
pub fn write_entries(conn: &mut Conn, entries: &[Entry]) -> Result<(), StoreError> {
    let Some(first) = entries.first() else { return Ok(()) };
    match conn {
        Conn::Sqlite(lite) => {
            for entry in entries {
                diesel::insert_into(ledger_entries::table).values(entry_values(entry)).execute(lite)?;
            }
        }
        Conn::Postgres(server) => write_entries_postgres(server, first, entries)?,
    }
    Ok(())
}

/// The values of one entry, column by column.
type EntryValues<'a> = (
    Eq<ledger_entries::authority, &'static str>,
    Eq<ledger_entries::seq, i64>,
    Eq<ledger_entries::recorded_at, NaiveDateTime>,
    Eq<ledger_entries::noun, &'static str>,
    Eq<ledger_entries::number, i64>,
    Eq<ledger_entries::replaces, Option<i64>>,
    Eq<ledger_entries::written_by, &'a str>,
    Eq<ledger_entries::state, &'a str>,
    Eq<ledger_entries::hash, &'a [u8]>,
);

fn entry_values(entry: &Entry) -> EntryValues<'_> {
    (
        ledger_entries::authority.eq(entry.authority.code()),
        ledger_entries::seq.eq(entry.seq),
        ledger_entries::recorded_at.eq(entry.recorded_at.naive_utc()),
        ledger_entries::noun.eq(entry.noun.kind().prefix),
        ledger_entries::number.eq(entry.number),
        ledger_entries::replaces.eq(entry.replaces),
        ledger_entries::written_by.eq(entry.by.as_str()),
        ledger_entries::state.eq(entry.state.as_str()),
        ledger_entries::hash.eq(entry.hash.as_slice()),
    )
}

/// Entries written together share their authority, their instant and their writer.
fn write_entries_postgres(server: &mut PgConnection, first: &Entry, entries: &[Entry]) -> QueryResult<()> {
    let text = "insert into ledger_entries (authority, seq, recorded_at, noun, number, replaces, written_by, state, hash) \
                select $1, u.seq, $2, u.noun, u.number, u.replaces, $3, u.state, u.hash \
                from unnest($4, $5, $6, $7, $8, $9) as u (seq, noun, number, replaces, state, hash)";
    diesel::sql_query(text)
        .bind::<Text, _>(first.authority.code())
        .bind::<Timestamp, _>(first.recorded_at.naive_utc())
        .bind::<Text, _>(&first.by)
        .bind::<Array<BigInt>, Vec<i64>>(entries.iter().map(|entry| entry.seq).collect())
        .bind::<Array<Text>, Vec<&str>>(entries.iter().map(|entry| entry.noun.kind().prefix).collect())
        .bind::<Array<BigInt>, Vec<i64>>(entries.iter().map(|entry| entry.number).collect())
        .bind::<Array<Nullable<BigInt>>, Vec<Option<i64>>>(entries.iter().map(|entry| entry.replaces).collect())
        .bind::<Array<Text>, Vec<&str>>(entries.iter().map(|entry| entry.state.as_str()).collect())
        .bind::<Array<Binary>, Vec<&[u8]>>(entries.iter().map(|entry| entry.hash.as_slice()).collect())
        .execute(server)
        .map(drop)
}
