//! Callers at the same time: one row, no gap, nobody's failure spoils another's.

use std::collections::BTreeSet;

use serde_json::json;
use twentyweeks::app::{App, Clock, Expect, Outcome};
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::caller::Caller;
use twentyweeks::domain::noun::{Noun, Submission};
use twentyweeks::ingest::{read_body, read_object};
use twentyweeks::metrics::Metrics;
use twentyweeks::store::{Store, StoreError, entries_after, migrate};

use super::support::{Database, TestApp, date};

fn referral(external_id: &str) -> Submission<'static> {
    let text = json!({
        "authority": "301", "source_system": "t", "external_id": external_id, "child_ref": "KID-1",
        "discipline": "physiotherapy", "received_on": "2025-01-06",
    });
    let body = read_body(Noun::Referral, read_object(&text.to_string()).unwrap());
    Submission { authority: body.authority.unwrap(), external: body.external, given: body.given, faults: body.faults }
}

fn replica(database: &Database) -> App {
    App::new(Store::open(&database.url).unwrap(), Clock::still(date("2025-03-31")), Metrics::new().unwrap())
}

#[test]
fn sixty_four_identical_upserts_make_one_row() {
    for database in Database::each() {
        // Two replicas over one database: nothing may rely on being the only process.
        let replicas = [replica(&database), replica(&database)];
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let upsert = |app: App| {
                scope.spawn(move || {
                    app.upsert(&Caller::local("t"), Noun::Referral, referral("R-1"), Expect::Any).unwrap()
                })
            };
            let threads: Vec<_> = (0..64).map(|place| upsert(replicas[place % 2].clone())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let created = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Created(_))).count();
        let unchanged = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Unchanged(_))).count();
        assert_eq!((created, unchanged), (1, 63), "{}", database.name);
        let versions = replicas[0].changes(Authority::parse("301").unwrap(), 0, 100).unwrap();
        assert_eq!(versions.len(), 2, "one child, one referral");
    }
}

#[test]
fn entries_are_gap_free_and_chained_whoever_writes() {
    for database in Database::each() {
        let replicas = [replica(&database), replica(&database)];
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let app = replicas[writer % 2].clone();
                scope.spawn(move || {
                    for row in 0..25 {
                        app.upsert(
                            &Caller::local("t"),
                            Noun::Referral,
                            referral(&format!("R-{writer}-{row}")),
                            Expect::Any,
                        )
                        .unwrap();
                    }
                });
            }
        });
        let authority = Authority::parse("301").unwrap();
        let store = Store::open(&database.url).unwrap();
        let entries =
            store.read(|conn| entries_after(conn, authority, 0, 1_000)).map_err(|error: StoreError| error).unwrap();
        assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=201).collect::<Vec<_>>());
        let checks = replicas[1].verify_ledger(None).unwrap();
        assert!(checks.iter().all(|check| check.flaws.is_empty()), "{checks:?}");
    }
}

#[test]
fn work_that_panics_or_fails_leaves_nothing_and_spoils_nobody() {
    for database in Database::each() {
        let (app, store) = (replica(&database), Store::open(&database.url).unwrap());
        let authority = Authority::parse("301").unwrap();
        for _ in 0..6 {
            let panicked: Result<(), StoreError> = store.write(vec![authority], |_| panic!("on purpose"));
            assert!(matches!(panicked, Err(StoreError::Panicked)));
        }
        app.upsert(&Caller::local("t"), Noun::Referral, referral("R-1"), Expect::Any).unwrap();
        let seqs: Vec<_> = app.changes(authority, 0, 10).unwrap().iter().map(|version| version.entry.seq).collect();
        assert_eq!(seqs, [1, 2], "{}", database.name);
    }
}

#[test]
fn many_replicas_may_start_at_once() {
    for database in Database::each() {
        let applied: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| migrate(&database.url).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        // PostgreSQL's template is migrated already; SQLite's file is migrated by exactly one of the eight.
        assert!(applied.iter().filter(|count| **count > 0).count() <= 1, "{applied:?}");
    }
}

#[actix_web::test]
async fn an_idempotency_key_makes_a_post_safe_to_repeat() {
    for app in TestApp::each("2025-03-31") {
        let body = json!({ "authority": "301", "child_ref": "KID-1", "discipline": "physiotherapy", "received_on": "2025-01-06" });
        let send = |body: &serde_json::Value| {
            let request =
                actix_web::test::TestRequest::post().uri("/v1/referrals").insert_header(("Idempotency-Key", "k-1"));
            app.send(request.set_json(body))
        };
        let (first, again) = (send(&body).await, send(&body).await);
        assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
        assert_eq!(first.text, again.text);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        let other = json!({ "authority": "301", "child_ref": "KID-2", "discipline": "physiotherapy", "received_on": "2025-01-06" });
        assert_eq!(send(&other).await.json()["code"], "idempotency_key_reused");
        let ids: BTreeSet<_> = app.get("/v1/referrals").await.json()["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].to_string())
            .collect();
        assert_eq!(ids.len(), 1);
    }
}
