//! From typed values to what the device sees of them.
//!
//! In goes a [`Value`]; out comes what a SQLite column holds, and from that the JSON of an upload.
//! Decoding that JSON gives the same value again.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::civil;
use crate::value::Value;

/// What SQLite on the device holds: the column types are TEXT, INTEGER and REAL only.
#[derive(Debug, Clone, PartialEq)]
pub enum DeviceValue<'a> {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT.
    Text(Cow<'a, str>),
}

/// What the device sees of a value.
///
/// | value | device |
/// |---|---|
/// | boolean | INTEGER 1 or 0 |
/// | smallint, integer | INTEGER |
/// | real, double | REAL; NULL for NaN, which SQLite cannot hold |
/// | bigint, decimal | TEXT of the digits |
/// | text, enum | TEXT |
/// | timestamp | TEXT `YYYY-MM-DDTHH:MM:SS.mmmZ` |
/// | local_timestamp | TEXT `YYYY-MM-DDTHH:MM:SS.mmm` |
/// | date | TEXT `YYYY-MM-DD` |
/// | time | TEXT `HH:MM:SS.mmm` |
/// | uuid | TEXT, lower case with hyphens |
/// | json | TEXT of the document |
/// | bytes | TEXT, base64 with padding |
/// | arrays | TEXT of a JSON array; elements as above, bigint as a number |
///
/// ```
/// use syncline_runtime::{DeviceValue, Value, encode};
///
/// let at = Value::Timestamp(1_767_323_045_678_000);
/// assert_eq!(encode(&at), DeviceValue::Text("2026-01-02T03:04:05.678Z".into()));
/// assert_eq!(encode(&Value::BigInt(i64::MAX)).to_json(), "\"9223372036854775807\"");
/// ```
pub fn encode(value: &Value) -> DeviceValue<'_> {
    match value {
        Value::Null => DeviceValue::Null,
        Value::Boolean(value) => DeviceValue::Integer(i64::from(*value)),
        Value::SmallInt(value) => DeviceValue::Integer(i64::from(*value)),
        Value::Integer(value) => DeviceValue::Integer(i64::from(*value)),
        Value::Real(value) if value.is_nan() => DeviceValue::Null,
        Value::Real(value) => DeviceValue::Real(f64::from(*value)),
        Value::Double(value) if value.is_nan() => DeviceValue::Null,
        Value::Double(value) => DeviceValue::Real(*value),
        Value::Text(text) | Value::Decimal(text) | Value::Json(text) => {
            DeviceValue::Text(Cow::Borrowed(text))
        }
        _ => DeviceValue::Text(Cow::Owned(text(value))),
    }
}

/// The text of a value that the device keeps as text and that is not text already.
fn text(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::BigInt(value) => out = value.to_string(),
        Value::Timestamp(micros) => {
            civil::write_timestamp(&mut out, *micros);
            out.push('Z');
        }
        Value::LocalTimestamp(micros) => civil::write_timestamp(&mut out, *micros),
        Value::Date(days) => civil::write_date(&mut out, i64::from(*days)),
        Value::Time(micros) => civil::write_time(&mut out, *micros),
        Value::Uuid(bytes) => write_uuid(&mut out, bytes),
        Value::Bytes(bytes) => STANDARD.encode_string(bytes, &mut out),
        Value::Array(values) => write_array(&mut out, values),
        _ => {}
    }
    out
}

/// Appends 8-4-4-4-12 digits in lower case.
pub(crate) fn write_uuid(out: &mut String, bytes: &[u8; 16]) {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
}

fn write_array(out: &mut String, values: &[Value]) {
    out.push('[');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match value {
            // The service sends the elements of a bigint array as plain numbers.
            Value::BigInt(value) => DeviceValue::Integer(*value).write_json(out),
            value => encode(value).write_json(out),
        }
    }
    out.push(']');
}

impl DeviceValue<'_> {
    /// The same, borrowing nothing.
    pub fn into_owned(self) -> DeviceValue<'static> {
        match self {
            Self::Null => DeviceValue::Null,
            Self::Integer(value) => DeviceValue::Integer(value),
            Self::Real(value) => DeviceValue::Real(value),
            Self::Text(text) => DeviceValue::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// The JSON of it in an upload. Infinity is SQLite's own `9e999`.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Appends [`DeviceValue::to_json`].
    pub fn write_json(&self, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Null => out.write_str("null"),
            Self::Integer(value) => write!(out, "{value}"),
            Self::Real(value) if value.is_nan() => out.write_str("null"),
            Self::Real(f64::INFINITY) => out.write_str("9e999"),
            Self::Real(f64::NEG_INFINITY) => out.write_str("-9e999"),
            // The shortest digits that give the same double again, in a form that is also JSON.
            Self::Real(value) => write!(out, "{value:?}"),
            Self::Text(text) => {
                write_json_string(out, text);
                Ok(())
            }
        };
    }
}

fn write_json_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
