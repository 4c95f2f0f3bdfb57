//! Constants as TypeScript expressions.

use syncline_schema::model::{Literal, Scalar};
use syncline_schema::types::{self, Storage};

use super::text::string;

/// A default as the device's builders take it: 64-bit integers and decimals are text there.
///
/// None for JSON's `null`, which Drizzle takes for "no default".
pub(in crate::targets) fn device_literal(literal: &Literal, scalar: &Scalar) -> Option<String> {
    let as_text = types::row_of(scalar).storage == Storage::Text;
    Some(match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) if as_text => format!("\"{value}\""),
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) if as_text => string(value),
        Literal::Number(value) => value.clone(),
        Literal::Text(value) => string(value),
        Literal::Json(value) => return json(value),
        Literal::Array(items) => {
            let items: Option<Vec<_>> = items
                .iter()
                .map(|item| device_literal(item, scalar))
                .collect();
            format!("[{}]", items?.join(", "))
        }
    })
}

/// JSON is TypeScript, but for a key that would set the prototype.
fn json(text: &str) -> Option<String> {
    match text {
        "null" => None,
        _ if text.contains("__proto__") => Some(format!("JSON.parse({})", string(text))),
        _ => Some(
            text.replace('\u{2028}', "\\u2028")
                .replace('\u{2029}', "\\u2029"),
        ),
    }
}
