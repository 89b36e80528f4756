//! The database: whatever it has been set to, the same answers; whatever its URL, no password shown.

use std::process::Command;

use diesel::connection::SimpleConnection;
use serde_json::json;
use twentyweeks::store::{Conn, DatabaseUrl};

use super::support::{Database, TestApp};

#[actix_web::test]
async fn the_settings_of_a_postgresql_database_change_no_answer() {
    let Some(database) = Database::postgres() else { return };
    let settings = [
        "datestyle = 'SQL, DMY'",
        "timezone = 'Asia/Tokyo'",
        "standard_conforming_strings = off",
        "default_transaction_isolation = 'serializable'",
        "intervalstyle = 'sql_standard'",
        "bytea_output = 'escape'",
        "client_encoding = 'LATIN1'",
    ];
    let Conn::Postgres(mut conn) = database.url.connect().unwrap() else { panic!("not PostgreSQL") };
    for setting in settings {
        let sql = format!(
            "do $$ begin execute format('alter database %I set {}', current_database()); end $$",
            setting.replace('\'', "''")
        );
        conn.batch_execute(&sql).unwrap();
    }
    let body = json!({ "authority": "301", "source_system": "t", "external_id": "E-1", "child_ref": "KID-1", "received_on": "2025-02-03" });
    let mut answers = Vec::new();
    for app in [TestApp::sqlite("2025-03-31"), TestApp::on(database, "2025-03-31")] {
        assert_eq!(app.post("/v1/ehc-requests", &body).await.status, 201);
        let paths = [
            "/v1/ehc-requests/ehc_301_2",
            "/v1/ehc-requests?received_from=2025-02-03&received_to=2025-02-03",
            "/v1/ehc-plan-delays",
            "/v1/changes?authority=301",
        ];
        let mut texts = Vec::new();
        for path in paths {
            texts.push(app.get(path).await.text);
        }
        answers.push(texts);
        assert!(app.app.verify_ledger(None).unwrap().iter().all(|check| check.flaws.is_empty()));
    }
    assert!(answers[1][0].contains("\"received_on\":\"2025-02-03\""), "{answers:?}");
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn a_url_is_shown_without_user_password_and_parameters() {
    let shown = |text: &str| text.parse::<DatabaseUrl>().unwrap().to_string();
    for (url, wanted) in [
        ("postgres://host/db", "postgres://host/db"),
        ("postgres://u:hunter2@host:5433/db", "postgres://host:5433/db"),
        ("postgres://host/db?user=u&password=hunter2", "postgres://host/db"),
        ("postgresql://u:hunter2@host/db?password=hunter2&sslmode=disable", "postgres://host/db"),
        ("postgres://u:hun@ter2@host/db", "postgres://host/db"),
        ("postgres://u:hun?ter2@host/db", "postgres://…"),
        ("postgres://u:hun/ter2@host/db", "postgres://…"),
        ("postgres://host/db?user=u@x&password=hunter2", "postgres://…"),
        ("sqlite://a.db", "sqlite://a.db"),
    ] {
        assert_eq!(shown(url), wanted, "{url}");
        assert_eq!(format!("{:?}", url.parse::<DatabaseUrl>().unwrap()), wanted, "{url}");
    }
}

#[test]
fn no_error_of_the_program_shows_a_password() {
    for (url, wanted) in [
        ("postgres://127.0.0.1:1/db?user=u&password=hunter2", "the database is not available"),
        ("postgres://u:hunter2@127.0.0.1:1/db", "the database is not available"),
        ("postgre://u:hunter2@127.0.0.1:1/db", "must start with sqlite:// or postgres://"),
        ("postgres://u:hunter2%@127.0.0.1:1/db", "write %25 for the sign itself"),
    ] {
        for command in ["migrate", "serve"] {
            let output =
                Command::new(env!("CARGO_BIN_EXE_twentyweeks")).args([command, "--database", url]).output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!output.status.success() && said.contains(wanted), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
    let mut help = Command::new(env!("CARGO_BIN_EXE_twentyweeks"));
    help.args(["migrate", "--help"]);
    let output = help.env("TWENTYWEEKS_DATABASE", "postgres://u:hunter2@host/db").output().unwrap();
    assert!(output.status.success() && !String::from_utf8(output.stdout).unwrap().contains("hunter2"));
}
