//! Definitions: every statistic has one, every column they name is one of the contract, and every report is explained.

use std::collections::BTreeSet;

use serde_json::Value;
use twentyweeks::http::{all_definitions, all_operations, openapi};

use super::support::TestApp;

fn contract() -> Value {
    serde_json::from_str(openapi::text()).unwrap()
}

#[test]
fn every_statistic_is_defined() {
    let shown: BTreeSet<_> = all_definitions()
        .iter()
        .flat_map(|definition| definition.shown)
        .map(|shown| shown.endpoint.split('?').next().unwrap())
        .collect();
    let operations = all_operations().iter();
    let statistics = operations.filter(|one| one.path.starts_with("/v1/stats/") || one.path.contains("plan-delays"));
    let missing: Vec<_> = statistics.map(|one| one.path.as_str()).filter(|path| !shown.contains(path)).collect();
    assert!(missing.is_empty(), "no definition shows {missing:?}: add one to src/http/definitions");
    let paths: BTreeSet<_> = all_operations().iter().map(|one| one.path.as_str()).collect();
    assert!(shown.is_subset(&paths), "a definition names an endpoint that is not there");
}

#[test]
fn every_column_a_definition_names_is_in_the_contract() {
    let document = contract();
    let mut ids = BTreeSet::new();
    for definition in all_definitions() {
        assert!(ids.insert(definition.id), "two definitions have the id {}", definition.id);
        for shown in definition.shown {
            let schema = &document["components"]["schemas"][shown.report]["properties"];
            assert!(schema.is_object(), "{}: there is no report {}", definition.id, shown.report);
            let columns = shown.columns();
            assert!(!columns.is_empty(), "{} shows nothing of {}", definition.id, shown.report);
            if let Some(named) = shown.named() {
                assert_eq!(columns.len(), named, "{} names a column that {} has not", definition.id, shown.report);
            }
            for column in columns {
                assert!(
                    schema.get(column.name).is_some(),
                    "{}: {} has no {}",
                    definition.id,
                    shown.report,
                    column.name
                );
            }
        }
    }
}

#[test]
fn every_column_of_a_report_is_shown_by_a_definition() {
    let shown: BTreeSet<_> =
        all_definitions().iter().flat_map(|definition| definition.shown).map(|one| one.report).collect();
    let document = contract();
    let reports = document["components"]["schemas"].as_object().unwrap().iter();
    let with_meta = reports.filter(|(_, schema)| schema["properties"]["meta"].is_object());
    for (name, _) in with_meta {
        let report = name.strip_suffix("Report").unwrap();
        assert!(shown.contains(report), "no definition shows {report}");
    }
}

#[actix_web::test]
async fn definitions_are_read_without_a_key_and_by_their_id() {
    let app = TestApp::sqlite("2025-01-16");
    let list = app.get("/v1/definitions").await;
    assert_eq!(list.status, 200);
    let list = list.json();
    let data = list["data"].as_array().unwrap();
    assert_eq!(data.len(), all_definitions().len());
    for definition in data {
        let id = definition["id"].as_str().unwrap();
        assert_eq!(&app.get(&format!("/v1/definitions/{id}")).await.json(), definition);
        for part in ["title", "counted", "formula", "includes", "excludes", "source"] {
            assert!(definition[part].as_str().is_some_and(|text| !text.is_empty()), "{id} has no {part}");
        }
        assert!(definition["formula_version"].is_u64());
        for column in
            definition["shown"].as_array().unwrap().iter().flat_map(|shown| shown["columns"].as_array().unwrap())
        {
            assert!(column["about"].as_str().is_some_and(|about| !about.is_empty()), "{id}: {column}");
        }
    }
    assert_eq!(app.get("/v1/definitions/happiness").await.status, 404);
    let answer = app.get("/v1/stats/delay-attribution?rule=critical_path").await.json();
    assert_eq!(answer["meta"]["definition_url"], "/v1/definitions/delay-attribution-critical-path");
}
