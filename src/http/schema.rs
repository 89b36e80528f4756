//! The schemas of the published contract: records and reports from their declarations, the rest by hand.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::record_operations::schema_name;
use super::{bank_holidays, calculators, deadlines, publication, statistics};
use crate::domain::field::Shape;
use crate::domain::noun::{Field, Kind, Noun};
use crate::domain::number::Bounds;
use crate::domain::planner::SHEETS;
use crate::domain::statistics::dimension::Dimension;
use crate::http::statistics::breakdown::dimension_column;
use crate::http::statistics::compare::FIGURES_OF;
use crate::http::statistics::report::{Column, ColumnType};

/// Every schema by its name.
pub fn schemas() -> BTreeMap<String, Value> {
    let mut schemas = fixed_schemas();
    schemas.extend(law_schemas());
    schemas.extend(book_schemas());
    schemas.extend(calculators::schemas());
    schemas.insert("BankHolidays".to_owned(), bank_holidays::schema());
    for noun in Noun::ALL {
        noun_schemas(noun.kind(), &mut schemas);
    }
    for (name, columns) in reports() {
        report_schemas(name, columns, &mut schemas);
    }
    schemas
}

/// Every report: its name, and its columns in groups.
pub fn reports() -> impl Iterator<Item = (&'static str, &'static [&'static [Column]])> {
    let others = [publication::published::REPORTS, deadlines::REPORTS];
    statistics::reports().chain(others.into_iter().flatten().copied())
}

/// A reference to a schema.
pub fn schema_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object all of whose properties are there.
pub fn object(properties: Value) -> Value {
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

/// The bounds of a number as JSON writes them.
fn number_schema(bounds: Bounds) -> Value {
    let kind = if bounds.places == 0 { "integer" } else { "number" };
    let limit = |units| serde_json::from_str::<Value>(&bounds.text(units)).unwrap_or_default();
    json!({ "type": kind, "minimum": limit(bounds.least), "maximum": limit(bounds.most) })
}

fn field_schema(field: &Field, nullable: bool) -> Value {
    let mut schema = match field.shape {
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Month => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Code(words) => json!({ "type": "string", "enum": words }),
        Shape::Number(bounds) => number_schema(bounds),
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
    let name = schema_name(kind);
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
    schemas.insert(format!("{name}History"), object(json!({ "data": list_of("Version"), "page": page() })));
    let required: Vec<_> = kind.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    schemas.insert(
        format!("{name}Change"),
        json!({ "type": "object", "description": about, "properties": &body, "additionalProperties": false }),
    );
    schemas.insert(
        format!("{name}Body"),
        json!({ "type": "object", "description": about, "properties": body, "required": required, "additionalProperties": false }),
    );
    schemas.insert(name, record);
}

fn report_schemas(name: &str, columns: &[&[Column]], schemas: &mut BTreeMap<String, Value>) {
    let row: Map<_, _> =
        columns.iter().copied().flatten().map(|column| (column.name.to_owned(), column_schema(column))).collect();
    let mut row = object(Value::Object(row));
    // Told when a question compares with what is published.
    let is_compared = ["EhcTimeliness", "DecisionTimeliness", "RefusalTimeliness", "AnnualReviews"].contains(&name);
    if let (true, Some(Value::Object(properties))) = (is_compared, row.get_mut("properties")) {
        properties.insert(FIGURES_OF.name.to_owned(), column_schema(&FIGURES_OF));
    }
    // The columns of dimensions are there when a question names them.
    if let Some(Value::Object(properties)) = row.get_mut("properties") {
        for dimension in Dimension::ALL {
            let column = dimension_column(*dimension);
            properties.entry(column.name).or_insert_with(|| column_schema(&column));
        }
    }
    if let (true, Some(Value::Object(properties))) = (name.starts_with("Published"), row.get_mut("properties")) {
        let about =
            "Columns that are null because they are not shown, each with the reason: small_numbers, too_few or rate.";
        let reasons = json!({ "type": "object", "additionalProperties": text_or_null(), "description": about });
        properties.insert("suppressed".to_owned(), reasons);
    }
    schemas.insert(name.to_owned(), row);
    let mut report = json!({ "data": list_of(name), "meta": schema_ref("Meta") });
    if ["EhcPlanDelay", "Deadline", "CaseAttribution"].contains(&name)
        && let Some(report) = report.as_object_mut()
    {
        report.insert("page".to_owned(), page());
    }
    schemas.insert(format!("{name}Report"), object(report));
}

/// What a column of a report may hold.
pub fn column_schema(column: &Column) -> Value {
    let kind = match column.holds {
        ColumnType::Count | ColumnType::Signed => json!({ "type": ["integer", "null"] }),
        ColumnType::Percentage | ColumnType::Days | ColumnType::Shares | ColumnType::Decimal | ColumnType::Number => {
            json!({ "type": ["number", "null"] })
        }
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
        "regulation": text(), "force": text(), "rule": text(), "certainty": text(), "ambiguity": text_or_null(),
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
        "as_at": { "type": "string", "format": "date" }, "known_at": text_or_null(), "definition": text(), "definition_url": text(), "formula_version": whole(),
        "ledger_seq": whole_or_null(), "authorities_asked": whole(), "authorities_with_records": whole(), "suppression": text(), "pinned_today": date_or_null(),
        "assumptions": { "type": ["array", "null"], "items": schema_ref("Assumption"), "description": "The parameters the answer rests on, and where each comes from: `assumed`, or the source its rule names. Null of what rests on none." },
    });
    let assumption = json!({
        "discipline": text(), "setting": text(), "appointment_type": text_or_null(), "week": whole_or_null(),
        "value": { "type": "number" }, "starts_on": date_or_null(), "ends_on": date_or_null(), "source": text(), "authorities": whole(),
    });
    let changes_page = object(json!({ "next_cursor": text(), "up_to_date": { "type": "boolean" } }));
    [
        ("Problem", problem),
        ("Clock", object(clock)),
        ("Version", object(change)),
        ("ChangeList", object(json!({ "data": list_of("Version"), "page": changes_page }))),
        ("Import", object(import)),
        ("ImportSet", import_set()),
        ("ImportSetForm", import_set_form()),
        ("ImportList", object(json!({ "data": list_of("Import") }))),
        ("Authority", object(authority)),
        ("AuthorityList", object(json!({ "data": list_of("Authority"), "page": page() }))),
        ("Meta", object(meta)),
        ("Assumption", object(assumption)),
        ("Health", object(json!({ "status": text() }))),
        ("OpenApi", json!({ "type": "object" })),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

/// What becomes of a set of sheets.
fn import_set() -> Value {
    let text = || json!({ "type": "string" });
    let whole = || json!({ "type": "integer" });
    let answer = object(json!({ "line": whole(), "external_id": text_or_null(), "outcome": text() }));
    let mut sheet = object(json!({
        "sheet": text(), "import": text_or_null(), "rows": whole(), "created": whole(), "updated": whole(), "unchanged": whole(),
        "rejected": whole(), "unknown_columns": { "type": "array", "items": text() }, "receipts": text_or_null(), "rejected_rows": text_or_null(),
    }));
    // Only a dry run carries them: of an import they are its receipts.
    if let Some(Value::Object(properties)) = sheet.get_mut("properties") {
        properties.insert("answers".to_owned(), json!({ "type": "array", "items": answer }));
    }
    let fault = object(json!({
        "sheet": text(), "line": whole(), "external_id": text_or_null(), "field": text(), "code": text(), "message": text(),
    }));
    object(json!({
        "authority": text(), "dry_run": { "type": "boolean" }, "rows": whole(), "created": whole(), "updated": whole(), "unchanged": whole(),
        "rejected": whole(), "sheets": { "type": "array", "items": sheet }, "faults": { "type": "array", "items": fault },
    }))
}

/// The form in which a set is sent: a part for each sheet.
fn import_set_form() -> Value {
    let sheet = |noun: &Noun| {
        let kind = noun.kind();
        (
            kind.plural.to_owned(),
            json!({ "type": "string", "contentMediaType": "text/csv", "description": kind.about.trim() }),
        )
    };
    json!({ "type": "object", "properties": SHEETS.iter().map(sheet).collect::<Map<_, _>>(), "additionalProperties": false })
}

/// The schemas of the definitions and of the book of questions.
fn book_schemas() -> BTreeMap<String, Value> {
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": text() });
    let column = object(json!({ "name": text(), "about": text() }));
    let shown =
        object(json!({ "endpoint": text(), "report": text(), "columns": { "type": "array", "items": column } }));
    let definition = json!({
        "id": text(), "title": text(), "counted": text(), "formula": text(), "includes": text(), "excludes": text(), "source": text(),
        "formula_version": { "type": "integer" }, "shown": { "type": "array", "items": shown },
    });
    let question = json!({
        "number": { "type": "integer" }, "question": text(), "asked_by": text(), "answered": { "type": "boolean" }, "call": text_or_null(),
        "columns": texts(), "also": texts(), "note": text_or_null(), "reason": text_or_null(),
    });
    [
        ("Definition", object(definition)),
        ("DefinitionList", object(json!({ "data": list_of("Definition") }))),
        ("Question", object(question)),
        ("QuestionList", object(json!({ "data": list_of("Question") }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

/// The schemas of the calculator and of the law as data.
fn law_schemas() -> BTreeMap<String, Value> {
    let text = || json!({ "type": "string" });
    let whole = || json!({ "type": "integer" });
    let clock_rule = json!({
        "id": text(), "clock": text(), "triggers": { "type": "array", "items": text() }, "must": text(), "binds": text(), "limit": text(),
        "bound": { "type": ["object", "null"] }, "regulation": text(), "force": text(),
        "exceptions": { "type": "array", "items": object(json!({ "ground": text(), "provision": text() })) },
        "in_force_from": { "type": "string", "format": "date" }, "in_force_to": date_or_null(), "certainty": text(),
        "certainty_in_words": text(), "ambiguity": text_or_null(),
    });
    let calculation = json!({
        "clock": text(), "due": date_or_null(), "status": text(), "days_late": whole(), "days_left": whole(), "days_past_nominal_due": whole(),
        "ambiguous": { "type": "boolean" }, "rule": schema_ref("ClockRule"), "working": { "type": "array", "items": text() },
    });
    [
        ("Timeline", object(json!({ "ehc_request_id": text(), "as_at": { "type": "string", "format": "date" }, "clocks": list_of("TimelineClock"), "possible_exceptions": { "type": "array", "maxItems": 1000, "items": { "type": "object" }, "description": "Closures in the calendar of the authority that fulfil the words of an exception of the request or of a re-assessment, and of which no recorded exception excuses: record_id, ground, provision, starts_on, ends_on, advice_requested_on, about." }, "milestones": { "type": ["object", "null"], "description": "days (name, on, about), advice_slack_days, earliest_lawful_final_on, forced_breach_days, breach_unavoidable_from, breach_unavoidable_by (advice types, or council), assumptions." } }))),
        ("TimelineClock", json!({ "allOf": [schema_ref("Clock"), object(json!({ "record_id": text(), "started_on": date_or_null(), "working": text() }))] })),
        ("CalculationBody", calculation_body()),
        ("Calculation", json!({ "type": "object", "required": ["clock"], "properties": calculation })),
        ("ClockRule", object(clock_rule)),
        ("WaitingListCalculation", object(json!({
            "inputs": { "type": "object", "description": "What was given, and what was taken for what was left out." },
            "quantities": { "type": "array", "items": object(json!({ "name": text(), "value": { "type": ["number", "null"] }, "unit": text(), "formula": text() })) },
            "assumptions": { "type": "array", "items": text() }, "version": whole(),
        }))),
        ("ClockRuleList", object(json!({ "data": list_of("ClockRule") }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

fn calculation_body() -> Value {
    let date = json!({ "type": "string", "format": "date" });
    json!({
        "type": "object",
        "required": ["clock", "in"],
        "properties": {
            "clock": { "type": "string", "maxLength": 64, "description": "A clock of /v1/clock-rules, or sen2_band, sen2_rate or chs_band." },
            "in": { "type": "object", "description": "What is known, by name: the events of /v1/clock-rules, school_closed_from, school_reopens and head_advice_requested, the same of early_years, absent_from_area, exceptional_personal_circumstances, missed_appointment, transfer and transfer_year, detained." },
            "done": date,
            "as_of": date,
        },
    })
}
