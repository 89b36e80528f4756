//! National identifiers: every published vector, and their refusal as pseudonyms.

use serde_json::json;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::field::FieldType;
use twentyweeks::domain::identifier::{is_nhs_number, is_upn};
use twentyweeks::domain::reference::{
    ChildRef, EhcRequestLink, EvidenceRef, ExternalId, ProviderRef, ServiceRef, SourceSystem,
};

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
            for text in [value.to_owned(), value.replace(' ', ""), value.replace(' ', "."), format!("KID/{value}")] {
                assert!(ChildRef::parse(&text).is_err(), "{text} must not be a pseudonym");
            }
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

fn refused_by(text: &str) -> [Option<&'static str>; 7] {
    fn code<T: FieldType>(text: &str) -> Option<&'static str> {
        T::parse(text).err().map(|refusal| {
            assert!(!refusal.message.contains(text), "{}", refusal.message);
            refusal.code
        })
    }
    [
        code::<ChildRef>(text),
        code::<ProviderRef>(text),
        code::<ServiceRef>(text),
        code::<ExternalId>(text),
        code::<SourceSystem>(text),
        code::<EvidenceRef>(text),
        code::<EhcRequestLink>(text),
    ]
}

#[test]
fn no_reference_hides_an_identifier_however_it_is_written() {
    let mut written = vec!["NHS9434765870".to_owned(), "kid9434765870x".to_owned(), "94347-65870".to_owned()];
    written.extend(["UPNG301400019012", "g301400019012", "UPN-D30140001901A/2025"].map(str::to_owned));
    for gap in [" ", "-", "_", ".", ":", "/", ""] {
        let (nhs, upn) = (["943", "476", "5870"].join(gap), ["G301", "4000", "19012"].join(gap));
        written.extend([format!("NHS{gap}{nhs}"), format!("EHC-301-{nhs}"), upn.clone(), format!("UPN:{upn}")]);
        written.extend([format!("UPN {}", ["d", "301", "4000", "1901a"].join(gap))]);
        written.push(nhs + "-1");
    }
    for text in written {
        assert_eq!(refused_by(&text), [Some("identifier_refused"); 7], "{text}");
    }
}

#[test]
fn ordinary_references_are_not_refused() {
    let digest = "9434765870abcdef9434765870abcdef";
    let ordinary = [
        "EHC-301-00013",
        "KID-301-00042",
        "EHC-301-2024-00013",
        "CASE-2024-000123",
        "2024/000123",
        "R-2024-03-000123",
        "9434765871",
        "NHS94347658701",
        "550e8400-e29b-41d4-a716-446655440000",
        digest,
    ];
    for text in ordinary {
        let [child, provider, service, external, source, evidence, link] = refused_by(text);
        assert_eq!([child, provider, service, external, evidence, link], [None; 6], "{text}");
        assert!(matches!(source, None | Some("wrong_length")), "{text}");
    }
    // One in eleven of them has a valid check digit.
    assert!((0..100_000).all(|number| ExternalId::parse(&format!("2024-{number:06}")).is_ok()));
}

#[actix_web::test]
async fn a_refused_identifier_is_not_repeated() {
    let app = TestApp::sqlite("2025-03-31");
    for child in ["9434765870", "943 476 5870", "NHS:943.476.5870", "G301400019012", "Jane-Smith", "Jane Smith"] {
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
