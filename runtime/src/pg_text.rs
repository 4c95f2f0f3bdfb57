//! Values as PostgreSQL's text input reads them: for array literals, and wherever a value is sent
//! as text and cast.

use std::fmt::Write;

use crate::civil;
use crate::encode::write_uuid;
use crate::value::Value;

/// The text that PostgreSQL's input function for the value's type reads; none for NULL.
///
/// Arrays become array literals (`{"a",NULL}`), since `unnest` would flatten an array of arrays:
/// send them as `text[]` and cast each, `u.tags::integer[]`.
///
/// ```
/// use syncline_runtime::{Value, pg_text};
///
/// let tags = Value::Array(vec![Value::Text("a \"b\"".into()), Value::Null]);
/// assert_eq!(pg_text(&tags).as_deref(), Some(r#"{"a \"b\"",NULL}"#));
/// assert_eq!(pg_text(&Value::Bytes(vec![1, 255])).as_deref(), Some(r"\x01ff"));
/// assert_eq!(pg_text(&Value::Null), None);
/// ```
pub fn pg_text(value: &Value) -> Option<String> {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = match value {
        Value::Null => return None,
        Value::Text(text) | Value::Decimal(text) | Value::Json(text) => out.write_str(text),
        Value::Boolean(value) => out.write_str(if *value { "t" } else { "f" }),
        Value::SmallInt(value) => write!(out, "{value}"),
        Value::Integer(value) => write!(out, "{value}"),
        Value::BigInt(value) => write!(out, "{value}"),
        // Rust's `inf` and `NaN` are words that PostgreSQL knows, too.
        Value::Real(value) => write!(out, "{value:?}"),
        Value::Double(value) => write!(out, "{value:?}"),
        Value::Timestamp(micros) => {
            civil::write_timestamp(&mut out, *micros);
            out.write_char('Z')
        }
        Value::LocalTimestamp(micros) => {
            civil::write_timestamp(&mut out, *micros);
            Ok(())
        }
        Value::Date(days) => {
            civil::write_date(&mut out, i64::from(*days));
            Ok(())
        }
        Value::Time(micros) => {
            civil::write_time(&mut out, *micros);
            Ok(())
        }
        Value::Uuid(bytes) => {
            write_uuid(&mut out, bytes);
            Ok(())
        }
        Value::Bytes(bytes) => {
            out.push_str("\\x");
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
        Value::Array(values) => {
            write_array(&mut out, values);
            Ok(())
        }
    };
    Some(out)
}

/// Every element is quoted, so that no text can be taken for `NULL` or a brace.
fn write_array(out: &mut String, values: &[Value]) {
    out.push('{');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let Some(text) = pg_text(value) else {
            out.push_str("NULL");
            continue;
        };
        out.push('"');
        for c in text.chars() {
            if matches!(c, '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        out.push('"');
    }
    out.push('}');
}
