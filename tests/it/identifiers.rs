//! National identifiers: every published vector, and their refusal as pseudonyms.

use serde_json::json;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::field::FieldType;
use twentyweeks::domain::identifier::{is_nhs_number, is_upn};
use twentyweeks::domain::reference::ChildRef;

use super::support::{TestApp, vectors};

#[test]
fn every_vector_of_identifiers_holds() {
    let lines = vectors("identifiers.jsonl");
    assert_eq!(lines.len(), 15, "the file has changed: look at what is new");
    for line in lines {
        let (value, valid) = (line["value"].as_str().unwrap(), line["valid"].as_bool().unwrap());
        let found = match line["kind"].as_str().unwrap() {
            "nhs_number" => is_nhs_number(value),
            "upn" => is_upn(value),
            "gss_la" => Authority::parse(value).is_some(),
            other => panic!("no reader for {other}"),
        };
        assert_eq!(found, valid, "{line}");
        if let Some(code) = line["old_la_code"].as_str() {
            assert_eq!(Authority::parse(value).unwrap().code(), code);
        }
        if valid && line["kind"] != "gss_la" {
            assert!(ChildRef::parse(&value.replace(' ', "")).is_err(), "{value} must not be a pseudonym");
        }
    }
}

#[test]
fn a_pseudonym_is_not_a_name() {
    for name in ["Jane", "Jane-Smith", "Smith.Jane2015", "jane", "O-Brien"] {
        assert!(ChildRef::parse(name).is_err(), "{name}");
    }
    for pseudonym in ["KID-0042", "c8f0a1b2d3e4", "child-12", "P123456", "aGVsbG8x_0b4-Zz91"] {
        assert!(ChildRef::parse(pseudonym).is_ok(), "{pseudonym}");
    }
}

#[actix_web::test]
async fn a_refused_identifier_is_not_repeated() {
    let app = TestApp::sqlite("2025-03-31");
    for child in ["9434765870", "G301400019012", "Jane-Smith"] {
        let body = json!({ "authority": "301", "child_ref": child });
        let answer = app.post("/v1/children", &body).await;
        assert_eq!(answer.status, 422);
        assert!(!answer.text.contains(child), "{}", answer.text);
    }
}

#[test]
fn former_gss_codes_lead_to_the_same_authority() {
    for (former, present, code) in
        [("E10000002", "E06000060", "825"), ("E10000023", "E06000065", "815"), ("E10000027", "E06000066", "933")]
    {
        let authority = Authority::parse(former).unwrap();
        assert_eq!((authority.gss_code(), authority.code()), (present, code));
    }
    assert_eq!(Authority::all().count(), 153);
}
