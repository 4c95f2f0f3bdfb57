//! The JSON Schema of the source (draft-07), so that an editor completes and validates it. Made
//! from the rows of [`super::grammar`].

use serde_json::{Map, Value, json};

use super::grammar::{self, Record, Shape};

/// The whole document. Taplo reads it by the first line of the source: `#:schema <path>`.
pub fn schema() -> Value {
    let mut root = record(&grammar::ROOT);
    if let Value::Object(fields) = &mut root {
        fields.insert(
            "$schema".to_owned(),
            json!("http://json-schema.org/draft-07/schema#"),
        );
        fields.insert("title".to_owned(), json!("Syncline schema source"));
        fields.insert("required".to_owned(), json!(["project"]));
        fields.sort_keys();
    }
    root
}

fn record(record: &Record) -> Value {
    let mut properties = Map::new();
    for key in record.keys {
        let mut property = shape(&key.shape);
        if let Value::Object(fields) = &mut property {
            fields.insert("description".to_owned(), json!(key.doc));
        }
        properties.insert(key.name.to_owned(), property);
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn shape(of: &Shape) -> Value {
    match of {
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Integer(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Choice(words) => json!({ "type": "string", "enum": words }),
        Shape::List(inner) => json!({ "type": "array", "items": shape(inner) }),
        Shape::Map(inner) => json!({ "type": "object", "additionalProperties": shape(inner) }),
        Shape::Record(inner) => record(inner),
        Shape::Either(shapes) => json!({ "anyOf": shapes.iter().map(shape).collect::<Vec<_>>() }),
        Shape::Any => json!({}),
    }
}
