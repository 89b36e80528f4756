//! The published contract, made from the same list as the routes and the same declarations as the readers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::openapi::path::{HttpMethod, Operation as OperationDoc, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, PathsBuilder, RefOr, Schema, Tag,
};

use super::all_operations;
use super::operation::Operation;
use super::problem::Code;
use super::query::ParamKind;
use super::schema::{schema_ref, schemas};

static TEXT: LazyLock<String> =
    LazyLock::new(|| document().to_pretty_json().map(|text| text + "\n").unwrap_or_default());

/// The contract as pretty JSON, the way it is committed; made once, when first asked for.
pub fn text() -> &'static str {
    &TEXT
}

/// The contract.
pub fn document() -> OpenApi {
    let mut items = BTreeMap::<&str, PathItem>::new();
    for operation in all_operations() {
        let method = match operation.method.as_str() {
            "POST" => HttpMethod::Post,
            "PUT" => HttpMethod::Put,
            "PATCH" => HttpMethod::Patch,
            _ => HttpMethod::Get,
        };
        let Some(doc) = read::<OperationDoc>(operation_doc(operation)) else { continue };
        items.entry(&operation.path).or_default().merge_operations(PathItem::new(method, doc));
    }
    let paths = items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| paths.path(path, item));
    let info = InfoBuilder::new()
        .title("TwentyWeeks")
        .version("1")
        .description(Some("Joins therapy waiting lists, the staff who could clear them, and the statutory clocks of EHC plans. Dates, codes and durations only: never names, plan text or clinical notes."))
        .license(Some(License::new("Apache-2.0")));
    let tags = [
        (
            "records",
            "Children, providers, services, EHC requests, advice, exceptions, referrals, EHC plans with their re-assessments, reviews and amendments, consultations, disputes, orders, calendars.",
        ),
        ("imports", "Files in, receipts out."),
        ("changes", "The ledger."),
        ("statistics", "Counts as at any day."),
        ("delays", "Open and late EHC cases."),
        ("law", "The clocks of the law, and a calculator."),
        ("capacity", "What services can offer, set against what is asked of them."),
        ("open data", "Published figures, for everyone: disclosure control is always on."),
        ("authorities", "The local authorities of England."),
        ("system", "Health, metrics, the contract."),
    ];
    let tags = tags.map(|(name, about)| {
        let mut tag = Tag::new(name);
        tag.description = Some(about.to_owned());
        tag
    });
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components()))
        .tags(Some(tags))
        .build()
}

/// Reads a piece of the document from JSON: shorter to write and to read than its builders.
fn read<T: serde::de::DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

fn content(content: &[(&'static str, String)]) -> Value {
    let types = content.iter().map(|(media_type, schema)| {
        let schema = match schema.split('|').collect::<Vec<_>>().as_slice() {
            [""] => json!({ "type": "string" }),
            [one] => schema_ref(one),
            several => json!({ "anyOf": several.iter().map(|one| schema_ref(one)).collect::<Vec<_>>() }),
        };
        ((*media_type).to_owned(), json!({ "schema": schema }))
    });
    Value::Object(types.collect())
}

fn operation_doc(operation: &Operation) -> Value {
    let mut doc = json!({
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.about,
        "operationId": operation.id,
        "parameters": parameters(operation),
        "responses": responses(operation),
    });
    if let (Some(doc), Some(body)) = (doc.as_object_mut(), &operation.body) {
        let body = json!({ "description": body.about, "required": true, "content": content(&body.content) });
        doc.insert("requestBody".to_owned(), body);
    }
    if let (Some(doc), false) = (doc.as_object_mut(), operation.scopes.is_empty()) {
        let keys = operation.scopes.iter().map(|scope| json!({ "api_key": [scope.code()] }));
        doc.insert("security".to_owned(), keys.chain([json!({})]).collect());
    }
    doc
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = operation.path.split(['{', '}']).skip(1).step_by(2).map(|name| {
        json!({ "name": name, "in": "path", "required": true, "description": path_part(name), "schema": { "type": "string", "maxLength": 64 } })
    });
    let in_query = operation.params.iter().map(|param| {
        let mut doc = json!({ "name": param.name, "in": "query", "required": param.required, "description": param.about, "schema": param_schema(param.kind) });
        if let (Some(doc), Some(example)) = (doc.as_object_mut(), param.example) {
            // Numbers and flags are read as such; whatever else it is stands as text.
            let example = serde_json::from_str(example).unwrap_or_else(|_| example.into());
            doc.insert("example".to_owned(), example);
        }
        doc
    });
    let in_header = operation.headers.iter().map(|(name, about, required)| {
        json!({ "name": name, "in": "header", "required": required, "description": about, "schema": { "type": "string", "maxLength": 128 } })
    });
    in_path.chain(in_query).chain(in_header).collect()
}

fn path_part(name: &str) -> &'static str {
    match name {
        "id" => "The id, such as `ref_301_42` or `imp_301_7`.",
        "definition_id" => "The id of a definition, such as `waiting-list`.",
        "code" => "The code.",
        "source_system" => "The system that calls the record so.",
        "external_id" => "What it calls the record.",
        _ => "A part of the path.",
    }
}

fn param_schema(kind: ParamKind) -> Value {
    match kind {
        ParamKind::Date => json!({ "type": "string", "format": "date" }),
        ParamKind::Dates(most) => {
            let pattern = format!("^\\d{{4}}-\\d{{2}}-\\d{{2}}(,\\d{{4}}-\\d{{2}}-\\d{{2}}){{0,{}}}$", most - 1);
            json!({ "type": "string", "pattern": pattern })
        }
        ParamKind::Instant => json!({ "type": "string", "format": "date-time" }),
        ParamKind::Instants(most) => json!({ "type": "string", "maxLength": 36 * most }),
        ParamKind::Authority => json!({ "type": "string", "maxLength": 9 }),
        ParamKind::Authorities => json!({ "type": "string", "maxLength": 2000 }),
        ParamKind::Word(words) => json!({ "type": "string", "enum": words }),
        ParamKind::Words(words) => {
            let word = words.join("|");
            json!({ "type": "string", "pattern": format!("^({word})(,({word}))*$") })
        }
        ParamKind::Text(longest) => json!({ "type": "string", "minLength": 1, "maxLength": longest }),
        ParamKind::Whole(first, last) => json!({ "type": "integer", "minimum": first, "maximum": last }),
        ParamKind::Number(first, last) => json!({ "type": "number", "minimum": first, "maximum": last }),
        ParamKind::Numbers(most, first, last) => json!({
            "type": "string", "maxLength": 32 * most, "description": format!("At most {most} numbers from {first} to {last}."),
        }),
        ParamKind::Flag => json!({ "type": "boolean" }),
    }
}

fn responses(operation: &Operation) -> Value {
    let mut responses = Map::new();
    for answer in &operation.answers {
        let response = json!({ "description": answer.about, "content": content(&answer.content) });
        responses.insert(answer.status.to_string(), response);
    }
    let mut codes = BTreeMap::<u16, Vec<Code>>::new();
    for code in operation.all_problems() {
        codes.entry(code.status().as_u16()).or_default().push(code);
    }
    for (status, codes) in codes {
        let words: Vec<_> = codes.iter().map(|code| format!("`{}`: {}", code.word(), code.title())).collect();
        let content = json!({ "application/problem+json": { "schema": schema_ref("Problem") } });
        responses.insert(status.to_string(), json!({ "description": words.join(". ") + ".", "content": content }));
    }
    Value::Object(responses)
}

fn components() -> Components {
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "An API key made with `twentyweeks keys create`. Not needed while no key was ever made: the service then listens on loopback only.",
    ));
    let builder = ComponentsBuilder::new().security_scheme("api_key", SecurityScheme::Http(scheme.build()));
    let schemas = schemas().into_iter().filter_map(|(name, schema)| Some((name, read::<RefOr<Schema>>(schema)?)));
    schemas.fold(builder, |builder, (name, schema)| builder.schema(name, schema)).build()
}
