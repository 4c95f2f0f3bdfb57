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
        Literal::Text(value) => match scalar {
            Scalar::Timestamp | Scalar::LocalTimestamp | Scalar::Time => string(&arriving(value)),
            _ => string(value),
        },
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

/// A time as PowerSync sends it, to the millisecond: else it would change its text by going to the
/// server and back. `HH:MM` is the least that a source may say.
fn arriving(time: &str) -> String {
    let (time, zone) = time.strip_suffix('Z').map_or((time, ""), |it| (it, "Z"));
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let seconds = match clock.matches(':').count() {
        1 => ":00",
        _ => "",
    };
    // PostgreSQL rounds what is below the millisecond.
    match fraction.len() {
        0..=3 => format!("{clock}{seconds}.{fraction:0<3}{zone}"),
        _ => format!("{time}{zone}"),
    }
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
