//! JSON documents.

use super::json::{self, Raw};
use crate::invalid::Problem;
use crate::value::Value;

/// The device keeps a document as text, so a string holds one; any other value is one.
pub(super) fn json(raw: Raw<'_>) -> Result<Value, Problem> {
    let document = match &raw {
        Raw::String(text) => json::document(text)?,
        Raw::Number(text) | Raw::Array(text) | Raw::Object(text) => json::document(text)?,
        Raw::Boolean(true) => "true",
        Raw::Boolean(false) => "false",
        Raw::Null => "null",
    };
    Ok(Value::Json(document.to_owned()))
}
