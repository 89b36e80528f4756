//! A record's whole state as JSON text, the way the ledger keeps it: its source first, then each field that has a value.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use crate::domain::fault::Refusal;
use crate::domain::field::{FieldType, Shape};
use crate::domain::noun::{Cells, External, Kind, Noun};
use crate::domain::reference::{ExternalId, SourceSystem};

/// What a state says: the record's id elsewhere, and its fields.
pub type Stated = (Option<External>, Cells);

struct State<'a> {
    kind: &'static Kind,
    external: Option<&'a External>,
    cells: &'a Cells,
}

impl Serialize for State<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(external) = self.external {
            map.serialize_entry("source_system", external.source.as_str())?;
            map.serialize_entry("external_id", external.id.as_str())?;
        }
        for (field, cell) in self.kind.fields.iter().zip(self.cells.0.iter()) {
            let Some(cell) = cell.as_deref() else { continue };
            match field.shape {
                Shape::Flag => map.serialize_entry(field.name, &(cell == "true"))?,
                Shape::Date
                | Shape::Month
                | Shape::Code(_)
                | Shape::Number(_)
                | Shape::Text(_)
                | Shape::Reference(_)
                | Shape::Link(_) => {
                    map.serialize_entry(field.name, cell)?;
                }
            }
        }
        map.end()
    }
}

/// Writes a state down.
pub fn write_state(noun: Noun, external: Option<&External>, cells: &Cells) -> String {
    // Text keys and text values: there is nothing in it that JSON could refuse.
    serde_json::to_string(&State { kind: noun.kind(), external, cells }).unwrap_or_default()
}

/// Reads a state back.
///
/// # Errors
/// When the text is not the state of such a record.
pub fn read_state(noun: Noun, text: &str) -> Result<Stated, Refusal> {
    let corrupt = |problem: String| Refusal::new("corrupt", problem);
    let mut map: Map<String, Value> = serde_json::from_str(text).map_err(|error| corrupt(error.to_string()))?;
    let mut take = |name: &str| match map.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.into_boxed_str())),
        Some(Value::Bool(flag)) => Ok(Some(flag.cell())),
        Some(_) => Err(corrupt(format!("{name} is neither text nor a flag"))),
    };
    let external = match (take("source_system")?, take("external_id")?) {
        (Some(source), Some(id)) => {
            Some(External { source: SourceSystem::parse(&source)?, id: ExternalId::parse(&id)? })
        }
        _ => None,
    };
    let cells = noun.kind().fields.iter().map(|field| take(field.name)).collect::<Result<_, _>>()?;
    Ok((external, Cells(cells)))
}
