//! JSON objects as submissions.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::columns::presentable;
use crate::domain::authority::Authority;
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::{FieldType, Given, Shape};
use crate::domain::noun::{External, Kind, Noun};
use crate::domain::reference::{ExternalId, SourceSystem};

/// What a JSON object says about a record.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whose record, if it says so.
    pub authority: Option<Authority>,
    /// Its id elsewhere, if it says so.
    pub external: Option<External>,
    /// One for each field of the noun, in its order.
    pub given: Vec<Given<'static>>,
    /// Fields the noun does not have, and faults of the fields all nouns have.
    pub faults: Faults,
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn wrong_type(must: &str, value: &Value) -> Refusal {
    Refusal::new("wrong_type", format!("must be {must}, but is {}", kind_of(value)))
}

fn given(shape: Shape, value: Value) -> Given<'static> {
    match (shape, value) {
        (_, Value::Null) => Given::Clear,
        (Shape::Flag, Value::Bool(flag)) => Given::Text(Cow::Borrowed(if flag { "true" } else { "false" })),
        (Shape::Flag, other) => Given::Wrong(wrong_type("true or false", &other)),
        (Shape::Number(_), Value::Number(number)) => Given::Text(Cow::Owned(number.to_string())),
        (Shape::Number(_), other) => Given::Wrong(wrong_type("a number", &other)),
        (_, Value::String(text)) => Given::Text(Cow::Owned(text)),
        (_, other) => Given::Wrong(wrong_type("a string", &other)),
    }
}

/// A JSON object, and the names that stand in it more than once: a plain map would keep the last value in silence.
#[derive(Clone, Debug, Default)]
pub struct JsonObject {
    /// Its fields, each as it stands last.
    pub fields: Map<String, Value>,
    /// The names at fault.
    pub repeated: Vec<String>,
}

impl JsonObject {
    /// Notes every name that stands more than once.
    pub fn note_repeated(&self, faults: &mut Faults) {
        for name in &self.repeated {
            faults.add(
                presentable(name),
                "repeated_field",
                "must be given once, but stands more than once in the object",
            );
        }
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectReader)
    }
}

struct ObjectReader;

impl<'de> Visitor<'de> for ObjectReader {
    type Value = JsonObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<JsonObject, A::Error> {
        let mut object = JsonObject::default();
        while let Some((name, value)) = entries.next_entry::<String, Value>()? {
            if object.fields.contains_key(&name) {
                object.repeated.push(name.clone());
            }
            object.fields.insert(name, value);
        }
        Ok(object)
    }
}

/// Reads the text of a JSON object.
///
/// # Errors
/// A sentence that says where the text stops being JSON, or that it is no object.
pub fn read_object(text: &str) -> Result<JsonObject, String> {
    serde_json::from_str(text).map_err(|_no_object: serde_json::Error| match serde_json::from_str::<Value>(text) {
        Ok(other) => format!("must be a JSON object, but is {}", kind_of(&other)),
        Err(error) => format!("is not JSON: {error}"),
    })
}

/// Reads an object as a record of `noun`. What is wrong with it stands in its `faults`.
pub fn read_body(noun: Noun, object: JsonObject) -> Body {
    let kind = noun.kind();
    let mut faults = Faults::default();
    object.note_repeated(&mut faults);
    let mut given_fields = vec![Given::Absent; kind.fields.len()];
    let (mut authority, mut source, mut external_id) = (None, None, None);
    for (name, value) in object.fields {
        match name.as_str() {
            "authority" => authority = text(&mut faults, "authority", value),
            "source_system" => source = text(&mut faults, "source_system", value),
            "external_id" => external_id = text(&mut faults, "external_id", value),
            _ => {
                match kind.place(&name).and_then(|place| Some((kind.fields.get(place)?, given_fields.get_mut(place)?)))
                {
                    Some((field, slot)) => *slot = given(field.shape, value),
                    None => faults.refuse(presentable(&name), unknown_field(kind)),
                }
            }
        }
    }
    let authority = authority.and_then(|text| faults.note("authority", read_authority(&text)));
    let external = read_external(&mut faults, source.as_deref(), external_id.as_deref());
    Body { authority, external, given: given_fields, faults }
}

fn text(faults: &mut Faults, name: &'static str, value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => {
            faults.refuse(name, wrong_type("a string", &other));
            None
        }
    }
}

/// Reads an authority by its DfE or GSS code.
///
/// # Errors
/// That there is no such authority.
pub fn read_authority(text: &str) -> Result<Authority, Refusal> {
    Authority::parse(text).ok_or_else(|| {
        Refusal::new(
            "unknown_authority",
            "must be the DfE code (301) or GSS code (E09000002) of an English authority; see /v1/authorities",
        )
    })
}

/// Reads an external id with its source; both or neither.
pub fn read_external(faults: &mut Faults, source: Option<&str>, id: Option<&str>) -> Option<External> {
    match (source, id) {
        (Some(source), Some(id)) => {
            let source = faults.note("source_system", SourceSystem::parse(source));
            let id = faults.note("external_id", ExternalId::parse(id));
            Some(External { source: source?, id: id? })
        }
        (None, Some(_)) => {
            faults.add("source_system", "required", "is required when external_id is given");
            None
        }
        (Some(_), None) => {
            faults.add("external_id", "required", "is required when source_system is given");
            None
        }
        (None, None) => None,
    }
}

fn unknown_field(kind: &Kind) -> Refusal {
    let names: Vec<_> = kind.fields.iter().map(|field| field.name).collect();
    let message = format!(
        "is not a field of {}; its fields are authority, source_system, external_id, {}",
        kind.plural,
        names.join(", ")
    );
    Refusal::new("unknown_field", message)
}
