//! The tables: each noun's columns are its fields, on both engines, and each column has its sensitivity.

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use twentyweeks::domain::noun::Noun;
use twentyweeks::store::{Conn, migrate};

use super::support::{Database, project};

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn columns(conn: &mut Conn, table: &str) -> Vec<String> {
    let rows: Vec<Name> = match conn {
        Conn::Sqlite(lite) => diesel::sql_query(format!("select name from pragma_table_info('{table}')")).load(lite).unwrap(),
        Conn::Postgres(server) => diesel::sql_query(format!(
            "select column_name::text as name from information_schema.columns where table_name = '{table}' order by ordinal_position"
        ))
        .load(server)
        .unwrap(),
    };
    rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn a_nouns_table_has_its_fields_and_nothing_else() {
    for database in Database::each() {
        migrate(&database.url).unwrap();
        let mut conn = database.url.connect().unwrap();
        for noun in Noun::ALL {
            let kind = noun.kind();
            let fields = kind.fields.iter().map(|field| field.name);
            let expected: Vec<_> =
                ["authority", "id", "seq", "source_system", "external_id"].into_iter().chain(fields).collect();
            assert_eq!(columns(&mut conn, kind.table), expected, "{} on {}", kind.table, database.name);
        }
    }
}

#[test]
fn every_column_says_how_sensitive_it_is() {
    let database = Database::sqlite();
    migrate(&database.url).unwrap();
    let mut conn = database.url.connect().unwrap();
    let text = std::fs::read_to_string(project("migrations/columns.toml")).unwrap();
    let mut tables = 0;
    for part in text.split("\n[").skip(1) {
        let (table, rest) = part.split_once(']').unwrap();
        let listed: Vec<_> = rest
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(name, word)| (name, word.trim_matches('"')))
            .collect();
        assert!(listed.iter().all(|(_, word)| ["plain", "pseudonym", "sensitive"].contains(word)), "{table}");
        let names: Vec<_> = listed.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(columns(&mut conn, table), names, "migrations/columns.toml, [{table}]");
        tables += 1;
    }
    assert_eq!(tables, 27, "a table is missing from migrations/columns.toml");
}
