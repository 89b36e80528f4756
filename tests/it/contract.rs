//! The contract: committed as it is served, valid 3.1, and fit to publish.

use serde_json::Value;
use twentyweeks::http::{all_operations, openapi};

use super::support::{TestApp, project};

#[actix_web::test]
async fn the_committed_contract_is_the_one_that_is_served() {
    let path = project("openapi/v1.json");
    let served = TestApp::sqlite("2025-03-31").get("/openapi.json").await.text;
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == served,
        "the contract has changed: run `UPDATE=1 cargo test contract`, read the diff, and note it in openapi/CHANGELOG.md"
    );
}

/// The schema is the OpenAPI Initiative's, of 2022-10-07 (Apache-2.0), as published.
#[test]
fn the_contract_is_valid_openapi_3_1() {
    let schema = std::fs::read_to_string(project("tests/it/vectors/openapi-3.1-schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let document: Value = serde_json::from_str(openapi::text()).unwrap();
    let faults: Vec<_> =
        validator.iter_errors(&document).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let broken = serde_json::json!({ "openapi": "3.1.0", "info": { "title": "without a version" }, "paths": {} });
    assert!(!validator.is_valid(&broken), "the schema would pass anything");
}

#[test]
fn every_operation_is_documented_and_every_schema_is_there() {
    let document: Value = serde_json::from_str(openapi::text()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut documented = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            documented += 1;
            let known = all_operations()
                .iter()
                .any(|known| known.path == *path && known.method.as_str().eq_ignore_ascii_case(method));
            assert!(known, "{method} {path} is documented, but not served");
            for part in ["summary", "description", "operationId"] {
                assert!(operation[part].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no {part}");
            }
            assert!(
                operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2')),
                "{method} {path}"
            );
        }
    }
    assert_eq!(documented, all_operations().len(), "an operation is served, but not documented");
    let text = document.to_string();
    assert!(!text.contains("\"nullable\""), "3.1 has no nullable");
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "there is no schema {name}");
    }
    let mut ids: Vec<_> = all_operations().iter().map(|operation| &operation.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all_operations().len(), "two operations have one id");
}
