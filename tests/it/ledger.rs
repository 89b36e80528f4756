//! The ledger: in order, whole, and impossible to alter unseen.

use diesel::connection::SimpleConnection;
use serde_json::json;
use twentyweeks::store::Conn;

use super::support::TestApp;

fn run(app: &TestApp, sql: &str) {
    match app.database.url.connect().unwrap() {
        Conn::Sqlite(mut conn) => conn.batch_execute(sql).unwrap(),
        Conn::Postgres(mut conn) => conn.batch_execute(sql).unwrap(),
    }
}

async fn filled(app: &TestApp) {
    let file = "external_id,child_ref,discipline,received_on\nR-1,KID-1,physiotherapy,2025-01-06\nR-2,KID-2,physiotherapy,2025-01-07\n";
    app.csv("/v1/imports?type=referrals&authority=301", file).await;
    let change = json!({ "priority": "urgent" });
    app.patch("/v1/referrals/ref_301_2", "\"2\"", &change).await;
}

/// What the check says after `sql` was run behind the service's back.
fn flaws_after(app: &TestApp, sql: &str) -> Vec<(i64, String)> {
    run(app, sql);
    let checks = app.app.verify_ledger(None).unwrap();
    checks.into_iter().flat_map(|check| check.flaws).map(|flaw| (flaw.seq, flaw.problem)).collect()
}

#[actix_web::test]
async fn a_single_altered_byte_is_found_and_named() {
    let alterations = [
        ("update ledger_entries set state = replace(state, '2025-01-07', '2025-01-08') where seq = 4", 4),
        ("update ledger_entries set written_by = 'locaL/imp_301_1' where seq = 3", 3),
        ("update ledger_entries set number = 9 where seq = 1", 1),
        ("update referrals set received_on = '2025-01-08' where id = 4", 4),
        ("update ledger_heads set seq = 4 where authority = '301'", 5),
    ];
    for (sql, seq) in alterations {
        for app in TestApp::each("2025-03-31") {
            filled(&app).await;
            assert!(flaws_after(&app, "select 1").is_empty(), "{} is sound at first", app.database.name);
            let flaws = flaws_after(&app, sql);
            assert!(flaws.iter().any(|(flaw, _)| *flaw == seq), "{}: {sql}: {flaws:?}", app.database.name);
        }
    }
}

#[actix_web::test]
async fn a_missing_entry_or_row_is_found() {
    for app in TestApp::each("2025-03-31") {
        filled(&app).await;
        let flaws = flaws_after(&app, "delete from ledger_entries where seq = 5");
        assert!(flaws.iter().any(|(seq, problem)| *seq == 4 && problem.contains("head says 5")), "{flaws:?}");
    }
    for app in TestApp::each("2025-03-31") {
        filled(&app).await;
        let flaws = flaws_after(&app, "delete from referrals where id = 4");
        assert!(
            flaws.iter().any(|(_, problem)| problem.contains("referrals holds 1 rows, but the ledger created 2")),
            "{flaws:?}"
        );
    }
}

#[actix_web::test]
async fn a_row_set_back_to_an_older_version_is_found() {
    for app in TestApp::each("2025-03-31") {
        for name in ["Old", "New"] {
            let body = json!({ "authority": "301", "provider_ref": "RAT", "name": name });
            app.put("/v1/providers/by-external-id/t/P-1", &body).await;
        }
        assert_eq!(flaws_after(&app, "select 1"), []);
        let flaws = flaws_after(&app, "update providers set name = 'Old', seq = 1 where id = 1");
        let problem = "was replaced by a newer entry, but prv_301_1 stands as it was before".to_owned();
        assert_eq!(flaws, [(1, problem)], "{}", app.database.name);
    }
}

#[actix_web::test]
async fn a_row_that_borrows_another_records_entry_is_found() {
    for app in TestApp::each("2025-03-31") {
        filled(&app).await;
        let flaws = flaws_after(&app, "update referrals set id = 3 where id = 4");
        assert_eq!(flaws, [(4, "is said to have made ref_301_3, but is about ref 4".to_owned())]);
    }
}

#[actix_web::test]
async fn a_lost_head_or_a_lost_ledger_is_found() {
    let losses = [
        ("delete from ledger_heads", 5, "is the last entry, but the ledger has no head"),
        ("delete from ledger_entries", 0, "the ledger has no entries, but its head says 5"),
        ("delete from ledger_entries; delete from ledger_heads", 5, "made ref_301_2, but is missing"),
        (
            "update ledger_heads set authority = '999'",
            0,
            "is the code of no authority, but an entry, a head or a record stands under it",
        ),
    ];
    for (sql, seq, problem) in losses {
        for app in TestApp::each("2025-03-31") {
            filled(&app).await;
            let flaws = flaws_after(&app, sql);
            assert!(flaws.contains(&(seq, problem.to_owned())), "{}: {sql}: {flaws:?}", app.database.name);
        }
    }
}

#[actix_web::test]
async fn the_command_says_when_there_was_nothing_to_check() {
    for app in TestApp::each("2025-03-31") {
        let verify = |arguments: &[&str]| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_twentyweeks"));
            command.args(["ledger", "verify", "--database", &app.database.text()]).args(arguments);
            let output = command.output().unwrap();
            (output.status.success(), String::from_utf8(output.stdout).unwrap())
        };
        let (good, said) = verify(&[]);
        assert!(good && said.contains("There was nothing to check"), "{said}");
        filled(&app).await;
        let (good, said) = verify(&["--authority", "301"]);
        assert!(good && said.contains("5 entries of 1 ledger(s) are as they were written"), "{said}");
        let (good, said) = verify(&["--authority", "306"]);
        assert!(!good && said.contains("no head, no entry and no record of authority 306"), "{said}");
        run(&app, "delete from ledger_heads");
        let (good, said) = verify(&[]);
        assert!(!good && said.contains("301: entry 5 is the last entry, but the ledger has no head"), "{said}");
    }
}

#[actix_web::test]
async fn the_change_feed_is_in_order_without_gaps() {
    for app in TestApp::each("2025-03-31") {
        filled(&app).await;
        let mut seqs = Vec::new();
        let mut after = 0;
        loop {
            let page = app.get(&format!("/v1/changes?authority=301&after={after}&limit=2")).await.json();
            let entries = page["data"].as_array().unwrap();
            seqs.extend(entries.iter().map(|entry| entry["seq"].as_i64().unwrap()));
            after = page["page"]["next_cursor"].as_str().unwrap().parse::<i64>().unwrap();
            if page["page"]["up_to_date"] == true {
                break;
            }
        }
        assert_eq!(seqs, [1, 2, 3, 4, 5]);
        let last = app.get("/v1/changes?authority=301&after=4").await.json();
        assert_eq!(
            (last["data"][0]["change"].as_str(), last["data"][0]["replaces"].as_i64()),
            (Some("changed"), Some(2))
        );
        assert_eq!(last["data"][0]["by"], "local");
    }
}
