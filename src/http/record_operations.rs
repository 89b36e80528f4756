//! The operations of each noun: the same six, made from its declaration.

use actix_web::http::Method;

use super::operation::{BodyDoc, Operation, handler};
use super::problem::Code;
use super::query::{Param, ParamKind};
use super::records;
use crate::domain::caller::Scope;
use crate::domain::field::Shape;
use crate::domain::noun::{Kind, Noun};

/// The operations of one noun.
pub fn operations(noun: Noun) -> Vec<Operation> {
    let named = Named::of(noun.kind());
    let mut operations =
        vec![named.list(), named.create(), named.get(), named.change(), named.upsert(), named.history()];
    for operation in &mut operations {
        operation.noun = Some(noun);
    }
    operations
}

const READ: Option<Scope> = Some(Scope::RecordsRead);
const WRITE: Option<Scope> = Some(Scope::RecordsWrite);
const IF_MATCH: (&str, &str) = ("If-Match", "The ETag of the version the change is based on; `*` for any version.");

/// A noun, and what its operations call it.
struct Named {
    kind: &'static Kind,
    many: &'static str,
    one: String,
    word: String,
    schema: String,
    path: String,
}

impl Named {
    fn of(kind: &'static Kind) -> Self {
        let many = kind.plural;
        Self {
            kind,
            many,
            one: kind.one(),
            word: many.replace('-', "_"),
            schema: schema_name(kind),
            path: format!("/v1/{many}"),
        }
    }

    fn body(&self, form: &str, about: &'static str) -> BodyDoc {
        BodyDoc { content: vec![("application/json", format!("{}{form}", self.schema))], about }
    }

    fn list(&self) -> Operation {
        let Self { kind, many, word, schema, path, .. } = self;
        Operation::new(Method::GET, path, format!("list_{word}"), READ, handler!(records::list))
            .says(
                "records",
                format!("List {many}"),
                format!("{} Filters are combined with *and*; the order is by authority and id.", kind.about.trim()),
            )
            .takes(list_params(kind))
            .answers(200, "One page. `page.next_cursor` is null on the last.", format!("{schema}List"))
    }

    fn create(&self) -> Operation {
        let Self { kind, one, word, schema, path, .. } = self;
        let mut create = Operation::new(Method::POST, path, format!("create_{word}"), WRITE, handler!(records::create))
            .says(
                "records",
                format!("Create {one}"),
                format!("{} With an `Idempotency-Key` the request can be repeated safely.", kind.about.trim()),
            )
            .answers(201, "Created. `Location` says where, `ETag` is its version.", schema)
            .fails(&[
                Code::InvalidRecord,
                Code::AlreadyExists,
                Code::IdempotencyKeyReused,
                Code::InvalidHeader,
                Code::CutOff,
            ]);
        create.body = Some(self.body("Body", "The record. Fields that are left out have no value."));
        create.headers = vec![(
            "Idempotency-Key",
            "A key of your own, 1 to 128 characters, for this request and its repeats.",
            false,
        )];
        create
    }

    fn get(&self) -> Operation {
        let Self { one, word, schema, path, .. } = self;
        Operation::new(Method::GET, format!("{path}/{{id}}"), format!("get_{word}"), READ, handler!(records::get))
            .says("records", format!("Read {one}"), "Another authority's record is answered 404.")
            .answers(200, "The record; `ETag` is its version.", schema)
    }

    fn change(&self) -> Operation {
        let Self { one, word, schema, path, .. } = self;
        let path = format!("{path}/{{id}}");
        let mut change =
            Operation::new(Method::PATCH, path, format!("change_{word}"), WRITE, handler!(records::change))
                .says(
                    "records",
                    format!("Change {one}"),
                    "Changes the fields that are given; `null` clears one. Needs `If-Match`.",
                )
                .answers(200, "The record in its new version, or in the present one if nothing differs.", schema)
                .fails(&[
                    Code::InvalidRecord,
                    Code::StaleVersion,
                    Code::PreconditionRequired,
                    Code::InvalidHeader,
                    Code::CutOff,
                ]);
        change.body = Some(self.body("Change", "The fields to change."));
        change.headers = vec![(IF_MATCH.0, IF_MATCH.1, true)];
        change
    }

    fn upsert(&self) -> Operation {
        let Self { one, word, schema, path, .. } = self;
        let path = format!("{path}/by-external-id/{{source_system}}/{{external_id}}");
        let id = format!("put_{word}_by_external_id");
        let mut upsert = Operation::new(Method::PUT, path, id, WRITE, handler!(records::upsert))
            .says("records", format!("Put {one} by external id"), "Makes the record that a source system calls so what the body says, whole: fields that are left out are cleared. Repeating it changes nothing. `If-None-Match: *` only creates, `If-Match` only changes.")
            .answers(200, "It stood already; now it says what was sent.", schema)
            .answers(201, "Created.", schema)
            .fails(&[Code::InvalidRecord, Code::AlreadyExists, Code::StaleVersion, Code::InvalidHeader, Code::CutOff]);
        upsert.body = Some(self.body("Body", "The whole record."));
        upsert.headers = vec![(IF_MATCH.0, IF_MATCH.1, false), ("If-None-Match", "`*` to create only.", false)];
        upsert
    }

    fn history(&self) -> Operation {
        let Self { one, word, schema, path, .. } = self;
        let path = format!("{path}/{{id}}/history");
        Operation::new(Method::GET, path, format!("history_of_{word}"), READ, handler!(records::history))
            .says(
                "records",
                format!("Read the history of {one}"),
                "The versions, newest first: who recorded each, when, and which fields changed.",
            )
            .takes(vec![
                Param::new("limit", "How many at most.", ParamKind::Whole(1, records::LIMIT.1)),
                Param::new("cursor", "`page.next_cursor` of the page before.", ParamKind::Whole(1, i64::MAX)),
            ])
            .answers(200, "One page. `page.next_cursor` is null on the last.", format!("{schema}History"))
    }
}

/// The name of a noun's schema.
pub fn schema_name(kind: &Kind) -> String {
    let parts = kind.table.trim_end_matches('s').split('_').map(|part| match part {
        "ehc" => "Ehc".to_owned(),
        "children" => "Child".to_owned(),
        other => {
            other.chars().enumerate().map(|(place, c)| if place == 0 { c.to_ascii_uppercase() } else { c }).collect()
        }
    });
    parts.collect()
}

fn list_params(kind: &Kind) -> Vec<Param> {
    let mut params = vec![
        Param::new(
            "authority",
            "Only records of these authorities: DfE or GSS codes, separated by commas.",
            ParamKind::Authorities,
        ),
        Param::new("source_system", "Only records from this source system.", ParamKind::Text(32)),
        Param::new("external_id", "Only the record of this external id.", ParamKind::Text(64)),
    ];
    for field in kind.fields {
        let name = field.name;
        match field.shape {
            Shape::Date => {
                let stem = name.strip_suffix("_on").unwrap_or(name);
                params.push(Param::new(
                    &format!("{stem}_from"),
                    &format!("Only where {name} is this day or later."),
                    ParamKind::Date,
                ));
                params.push(Param::new(
                    &format!("{stem}_to"),
                    &format!("Only where {name} is this day or earlier."),
                    ParamKind::Date,
                ));
            }
            Shape::Code(words) => params.push(Param::new(name, &format!("Only this {name}."), ParamKind::Word(words))),
            Shape::Flag => params.push(Param::new(
                name,
                &format!("Only where {name} is so; no value counts as false."),
                ParamKind::Flag,
            )),
            // Nobody looks for a record by how much it says.
            Shape::Number(_) => {}
            Shape::Month | Shape::Text(_) | Shape::Reference(_) | Shape::Link(_) => {
                params.push(Param::new(name, &format!("Only this {name}."), ParamKind::Text(120)));
            }
        }
    }
    params.push(Param::new("limit", "How many at most.", ParamKind::Whole(1, records::LIMIT.1)));
    params.push(Param::new("cursor", "`page.next_cursor` of the page before.", ParamKind::Text(64)));
    params
}
