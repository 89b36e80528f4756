//! The published contract, made from the same list as the routes and the same declarations as the readers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::openapi::path::{HttpMethod, Operation as OperationDoc, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, PathsBuilder, RefOr, Schema, Tag,
};

use super::operation::Operation;
use super::problem::Code;
use super::query::ParamKind;
use super::report::{Column, ColumnType};
use super::{all_operations, delays, record_operations, statistics};
use crate::domain::field::Shape;
use crate::domain::noun::{Field, Kind, Noun};

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
        ("records", "Children, providers, services, EHC requests, advice, exceptions, referrals."),
        ("imports", "Files in, receipts out."),
        ("changes", "The ledger."),
        ("statistics", "Counts as at any day."),
        ("delays", "Open and late EHC cases."),
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

fn schema_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
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
    if let (Some(doc), Some(scope)) = (doc.as_object_mut(), operation.scope) {
        doc.insert("security".to_owned(), json!([{ "api_key": [scope.code()] }, {}]));
    }
    doc
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = operation.path.split(['{', '}']).skip(1).step_by(2).map(|name| {
        json!({ "name": name, "in": "path", "required": true, "description": path_part(name), "schema": { "type": "string", "maxLength": 64 } })
    });
    let in_query = operation.params.iter().map(|param| {
        json!({ "name": param.name, "in": "query", "required": param.required, "description": param.about, "schema": param_schema(param.kind) })
    });
    let in_header = operation.headers.iter().map(|(name, about, required)| {
        json!({ "name": name, "in": "header", "required": required, "description": about, "schema": { "type": "string", "maxLength": 128 } })
    });
    in_path.chain(in_query).chain(in_header).collect()
}

fn path_part(name: &str) -> &'static str {
    match name {
        "id" => "The id, such as `ref_301_42` or `imp_301_7`.",
        "code" => "The code.",
        "source_system" => "The system that calls the record so.",
        "external_id" => "What it calls the record.",
        _ => "A part of the path.",
    }
}

fn param_schema(kind: ParamKind) -> Value {
    match kind {
        ParamKind::Date => json!({ "type": "string", "format": "date" }),
        ParamKind::Authority => json!({ "type": "string", "maxLength": 9 }),
        ParamKind::Authorities => json!({ "type": "string", "maxLength": 2000 }),
        ParamKind::Word(words) => json!({ "type": "string", "enum": words }),
        ParamKind::Words(words) => {
            let word = words.join("|");
            json!({ "type": "string", "pattern": format!("^({word})(,({word}))*$") })
        }
        ParamKind::Text(longest) => json!({ "type": "string", "minLength": 1, "maxLength": longest }),
        ParamKind::Whole(first, last) => json!({ "type": "integer", "minimum": first, "maximum": last }),
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
    let mut schemas = fixed_schemas();
    for noun in Noun::ALL {
        noun_schemas(noun.kind(), &mut schemas);
    }
    for (name, columns) in statistics::REPORTS.iter().chain(delays::REPORTS) {
        report_schemas(name, columns, &mut schemas);
    }
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "An API key made with `twentyweeks keys create`. Not needed while no key was ever made: the service then listens on loopback only.",
    ));
    let builder = ComponentsBuilder::new().security_scheme("api_key", SecurityScheme::Http(scheme.build()));
    let schemas = schemas.into_iter().filter_map(|(name, schema)| Some((name, read::<RefOr<Schema>>(schema)?)));
    schemas.fold(builder, |builder, (name, schema)| builder.schema(name, schema)).build()
}

fn object(properties: Value) -> Value {
    let required: Vec<_> = properties.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
    [("type", "object".into()), ("properties", properties), ("required", required.into())].into_iter().collect()
}

fn list_of(name: &str) -> Value {
    json!({ "type": "array", "items": schema_ref(name) })
}

fn text_or_null() -> Value {
    json!({ "type": ["string", "null"] })
}

fn date_or_null() -> Value {
    json!({ "type": ["string", "null"], "format": "date" })
}

fn page() -> Value {
    object(json!({ "next_cursor": text_or_null() }))
}

fn field_schema(field: &Field, nullable: bool) -> Value {
    let mut schema = match field.shape {
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Month => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Code(words) => json!({ "type": "string", "enum": words }),
        Shape::Text(longest) => json!({ "type": "string", "minLength": 1, "maxLength": longest }),
        Shape::Reference(_) | Shape::Link(_) => json!({ "type": "string", "minLength": 1, "maxLength": 64 }),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), field.about.trim().into());
        if nullable {
            let kind = schema.get("type").cloned().unwrap_or_default();
            schema.insert("type".to_owned(), json!([kind, "null"]));
            if let Some(Value::Array(words)) = schema.get_mut("enum") {
                words.push(Value::Null);
            }
        }
    }
    schema
}

/// A noun's schemas: the record, the body that makes it, a page of it, and its history.
fn noun_schemas(kind: &'static Kind, schemas: &mut BTreeMap<String, Value>) {
    let name = record_operations::schema_name(kind);
    let mut view = Map::new();
    let mut body = Map::new();
    view.insert(
        "id".to_owned(),
        json!({ "type": "string", "description": format!("Such as {}_301_42.", kind.prefix) }),
    );
    view.insert("version".to_owned(), json!({ "type": "integer", "description": "The ledger entry that made it so." }));
    view.insert("authority".to_owned(), json!({ "type": "string", "description": "DfE code." }));
    body.insert("authority".to_owned(), json!({ "type": "string", "maxLength": 9, "description": "DfE or GSS code; may be left out by a key that reaches one authority only." }));
    for (field, longest) in [("source_system", 32), ("external_id", 64)] {
        view.insert(field.to_owned(), text_or_null());
        body.insert(field.to_owned(), json!({ "type": ["string", "null"], "maxLength": longest }));
    }
    for field in kind.fields {
        view.insert(field.name.to_owned(), field_schema(field, !field.required));
        body.insert(field.name.to_owned(), field_schema(field, !field.required));
    }
    if kind.noun == Noun::EhcRequest {
        view.insert("clocks".to_owned(), list_of("Clock"));
    }
    let about = kind.about.trim();
    let mut record = object(Value::Object(view));
    if let Some(record) = record.as_object_mut() {
        record.insert("description".to_owned(), about.into());
    }
    schemas.insert(format!("{name}List"), object(json!({ "data": list_of(&name), "page": page() })));
    schemas.insert(format!("{name}History"), object(json!({ "data": list_of("Version") })));
    let required: Vec<_> = kind.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let mut change =
        json!({ "type": "object", "description": about, "properties": body, "additionalProperties": false });
    schemas.insert(format!("{name}Change"), change.clone());
    change["required"] = json!(required);
    schemas.insert(format!("{name}Body"), change);
    schemas.insert(name, record);
}

fn report_schemas(name: &str, columns: &[&[Column]], schemas: &mut BTreeMap<String, Value>) {
    let row: Map<_, _> =
        columns.iter().copied().flatten().map(|column| (column.name.to_owned(), column_schema(column))).collect();
    schemas.insert(name.to_owned(), object(Value::Object(row)));
    let mut report = json!({ "data": list_of(name), "meta": schema_ref("Meta") });
    if name == "EhcPlanDelay"
        && let Some(report) = report.as_object_mut()
    {
        report.insert("page".to_owned(), page());
    }
    schemas.insert(format!("{name}Report"), object(report));
}

fn column_schema(column: &Column) -> Value {
    let kind = match column.holds {
        ColumnType::Count => json!({ "type": ["integer", "null"] }),
        ColumnType::Percentage => json!({ "type": ["number", "null"] }),
        ColumnType::Text => text_or_null(),
        ColumnType::Date => date_or_null(),
        ColumnType::List => json!({ "type": "array", "items": { "type": "string" } }),
    };
    let mut schema = kind;
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), column.about.into());
    }
    schema
}

fn fixed_schemas() -> BTreeMap<String, Value> {
    let text = || json!({ "type": "string" });
    let whole = || json!({ "type": "integer" });
    let whole_or_null = || json!({ "type": ["integer", "null"] });
    let error = object(json!({ "pointer": text(), "code": text(), "message": text() }));
    let mut problem = object(
        json!({ "type": text(), "title": text(), "status": whole(), "detail": text(), "code": text(), "request_id": text() }),
    );
    if let Some(Value::Object(properties)) = problem.get_mut("properties") {
        properties.insert("errors".to_owned(), json!({ "type": "array", "items": error }));
    }
    let clock = json!({
        "clock": text(), "state": text(), "due_on": date_or_null(), "done_on": date_or_null(), "days_left": whole_or_null(),
        "days_late": whole_or_null(), "days_past_nominal_due": whole_or_null(), "exception": text_or_null(), "must": text(),
        "regulation": text(), "rule": text(), "certainty": text(),
    });
    let change = json!({
        "authority": text(), "seq": whole(), "recorded_at": text(), "change": text(), "replaces": whole_or_null(), "type": text(),
        "by": text(), "hash": text(), "record": { "type": "object" },
    });
    let import = json!({
        "id": text_or_null(), "authority": text(), "type": text(), "state": text(), "dry_run": { "type": "boolean" }, "rows": whole(),
        "created": whole(), "updated": whole(), "unchanged": whole(), "rejected": whole(), "unknown_columns": { "type": "array", "items": text() },
        "started_at": text(), "last_block_at": text(), "finished_at": text_or_null(), "problem": text_or_null(), "by": text(),
        "receipts": text_or_null(), "rejected_rows": text_or_null(),
    });
    let authority = json!({
        "code": text(), "gss_code": text(), "former_gss_codes": { "type": "array", "items": text() }, "name": text(),
        "region_code": text(), "region_name": text(),
    });
    let meta = json!({
        "as_at": { "type": "string", "format": "date" }, "known_at": text_or_null(), "definition": text(), "formula_version": whole(),
        "ledger_seq": whole(), "authorities_asked": whole(), "authorities_with_records": whole(), "suppression": text(), "pinned_today": date_or_null(),
    });
    let changes_page = object(json!({ "next_cursor": text(), "up_to_date": { "type": "boolean" } }));
    [
        ("Problem", problem),
        ("Clock", object(clock)),
        ("Version", object(change)),
        ("ChangeList", object(json!({ "data": list_of("Version"), "page": changes_page }))),
        ("Import", object(import)),
        ("ImportList", object(json!({ "data": list_of("Import") }))),
        ("Authority", object(authority)),
        ("AuthorityList", object(json!({ "data": list_of("Authority"), "page": page() }))),
        ("Meta", object(meta)),
        ("Health", object(json!({ "status": text() }))),
        ("OpenApi", json!({ "type": "object" })),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
