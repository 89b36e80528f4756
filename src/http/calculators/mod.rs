//! The calculators of deadlines and of capacity: what is known in, dates or quantities with their working out. Nothing is kept.

mod available_minutes;
mod deadline;
mod deadline_line;
mod list_projection;
mod list_record;
mod queue;
mod queue_classes;
mod queue_params;
mod staff_capacity;
mod staff_params;
mod vacancy;
mod waiting_list;

use serde_json::{Map, Value, json};

use self::staff_params::GIVEN;
use super::operation::Operation;
use super::query::Query;
use super::schema::{column_schema, object, schema_ref};
use crate::domain::capacity::parameters::ASSUMED_SOURCE;
use crate::http::statistics::capacity::OFFER;

/// The operations of this folder.
pub fn operations() -> Vec<Operation> {
    [
        deadline::operations(),
        waiting_list::operations(),
        queue::operations(),
        list_projection::operations(),
        vacancy::operations(),
        available_minutes::operations(),
        list_record::operations(),
        staff_capacity::operations(),
    ]
    .concat()
}

/// A quantity: null where there is none, and never an infinite number.
fn quantity(name: &str, value: Option<f64>, unit: &str, formula: &str) -> Value {
    let value = value.filter(|value| value.is_finite());
    json!({ "name": name, "value": value, "unit": unit, "formula": formula })
}

/// What was given, and what was taken for what was left out.
fn inputs(query: &Query, taken: &[(&str, Value)]) -> Map<String, Value> {
    let mut inputs = query.shown();
    for (name, value) in taken {
        inputs.entry((*name).to_owned()).or_insert_with(|| value.clone());
    }
    inputs
}

/// The schemas of what is answered here.
pub fn schemas() -> Vec<(String, Value)> {
    let text = || json!({ "type": "string" });
    let number_or_null = || json!({ "type": ["number", "null"] });
    let date = || json!({ "type": "string", "format": "date" });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let quantity = object(json!({ "name": text(), "value": number_or_null(), "unit": text(), "formula": text() }));
    let shared = || {
        json!({
            "inputs": { "type": "object", "description": "What was given, and what was taken for what was left out." },
            "quantities": list(schema_ref("CapacityQuantity")), "assumptions": list(text()), "version": { "type": "integer" },
        })
    };
    let with = |more: Value| {
        let mut all = shared();
        if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        object(all)
    };
    let status = |words: &[&str], about: &str| json!({ "type": "string", "enum": words, "description": about });
    let class = json!({
        "class": { "type": "integer", "minimum": 1, "description": "1 is seen first." },
        "status": status(&["stable", "unstable"], "unstable: nothing is left for this class, and its list grows without end."),
        "quantities": list(schema_ref("CapacityQuantity")),
    });
    let queue = with(json!({
        "model": text(),
        "status": status(&["stable", "unstable"], "unstable: as many come as can be seen, or more; the list grows without end, and waits are null."),
        "classes": list(object(class)),
    }));
    let reach =
        status(&["already_there", "reached", "never_at_these_rates"], "Whether the list comes down to its target.");
    let day = object(json!({ "on": date(), "waiting": { "type": "integer" } }));
    let row = json!({
        "type": "object", "required": ["referred_on"], "additionalProperties": false,
        "properties": { "referred_on": date(), "removed_on": { "type": ["string", "null"], "format": "date", "description": "The day the child was seen or left the list otherwise; null while it waits." } },
    });
    let body = json!({
        "type": "object", "required": ["rows", "start_on", "end_on"], "additionalProperties": false,
        "properties": {
            "rows": { "type": "array", "minItems": 1, "maxItems": list_record::ROWS_MAX, "items": row },
            "start_on": date(), "end_on": date(),
            "target_weeks": { "type": "number", "minimum": 0.1, "maximum": 520.0, "description": "The longest wait wanted; without it, no pressure and nothing that would have to be offered is answered." },
            "pc_in_time": { "type": "number", "minimum": 1.0, "maximum": 99.99, "description": "The share to be seen within the target, in per cent; 92 if left out." },
        },
    });
    let named = [
        ("StaffCapacity", with(staff_capacity())),
        ("CapacityQuantity", quantity),
        ("CapacityCalculation", with(json!({}))),
        ("QueueCalculation", queue),
        ("ListProjection", with(json!({ "status": reach }))),
        ("WaitingListRows", body),
        ("WaitingListRecord", with(json!({ "waiting_by_day": list(day) }))),
    ];
    named.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// What the calculator of one member of staff answers beside what all do.
fn staff_capacity() -> Value {
    let text = || json!({ "type": "string" });
    let mut week: Map<_, _> = OFFER.iter().map(|column| (column.name.to_owned(), column_schema(column))).collect();
    week.insert("week_starts_on".to_owned(), json!({ "type": "string", "format": "date" }));
    let parameter = object(json!({
        "setting": text(), "appointment_type": { "type": ["string", "null"] }, "week": { "type": ["integer", "null"] },
        "value": { "type": "number" },
        "source": { "type": "string", "enum": [GIVEN, ASSUMED_SOURCE], "description": "Whether it was given." },
    }));
    let list = |items: Value| json!({ "type": "array", "items": items });
    json!({ "weeks": list(object(Value::Object(week))), "parameters": list(parameter) })
}
