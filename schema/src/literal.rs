//! Constants and defaults as SQL.

use std::borrow::Cow;
use std::fmt::Write;

use crate::model::{Column, DefaultValue, Literal, Role, Scalar};

use crate::names;

/// What PostgreSQL fills in where a write leaves the column out; none where it knows nothing to
/// fill in: without a default, for the id, and for what only a device can give.
pub fn default_of(column: &Column) -> Option<Cow<'_, str>> {
    if column.role == Role::Id {
        return None;
    }
    let text = |text: &'static str| Some(Cow::Borrowed(text));
    match column.default.as_ref()? {
        DefaultValue::Literal(value) => Some(Cow::Owned(literal(value, &column.ty.scalar))),
        DefaultValue::Now => text("now()"),
        DefaultValue::Uuid => text("gen_random_uuid()"),
        DefaultValue::Device => None,
        DefaultValue::Raw(sql) => Some(Cow::Borrowed(sql)),
    }
}

/// A constant of a column's type (or of the elements of its arrays).
pub fn literal(value: &Literal, scalar: &Scalar) -> String {
    let mut out = String::new();
    match value {
        Literal::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Literal::Integer(value) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{value}");
        }
        Literal::Number(text) => out.push_str(text),
        Literal::Text(_) | Literal::Json(_) => {
            out.push_str(&names::quote_text(&text_of(value, scalar)));
        }
        Literal::Array(values) => {
            let mut array = String::from("{");
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    array.push(',');
                }
                push_element(&mut array, &text_of(value, scalar));
            }
            array.push('}');
            out.push_str(&names::quote_text(&array));
        }
    }
    out
}

/// The text that PostgreSQL's input function for the type reads.
fn text_of<'a>(value: &'a Literal, scalar: &Scalar) -> Cow<'a, str> {
    match value {
        Literal::Text(base64) if *scalar == Scalar::Bytes => Cow::Owned(hex_of(base64)),
        Literal::Text(text) | Literal::Json(text) | Literal::Number(text) => Cow::Borrowed(text),
        other => Cow::Owned(literal(other, scalar)),
    }
}

/// Every element is quoted, so that no text can be taken for `NULL` or a brace.
fn push_element(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

/// PostgreSQL's hexadecimal form of base64 text, which the front end has checked.
fn hex_of(base64: &str) -> String {
    let mut out = String::from("\\x");
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in base64.bytes().filter_map(sextet) {
        bits = bits << 6 | digit;
        held += 6;
        if held >= 8 {
            held -= 8;
            let _ = write!(out, "{:02x}", bits >> held & 0xff);
            bits &= (1 << held) - 1;
        }
    }
    out
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_what_postgresql_reads() {
        let text = |text: &str| Literal::Text(text.to_owned());
        assert_eq!(
            literal(&text("it's \\ \"so\""), &Scalar::Text),
            "'it''s \\ \"so\"'"
        );
        assert_eq!(literal(&text("/+8AAQ=="), &Scalar::Bytes), "'\\xffef0001'");
        assert_eq!(literal(&text(""), &Scalar::Bytes), "'\\x'");
        let array = Literal::Array(vec![text("a,b"), text("it's \"\\")]);
        assert_eq!(
            literal(&array, &Scalar::Text),
            "'{\"a,b\",\"it''s \\\"\\\\\"}'"
        );
        let array = Literal::Array(vec![Literal::Bool(true), Literal::Bool(false)]);
        assert_eq!(literal(&array, &Scalar::Boolean), "'{\"true\",\"false\"}'");
    }
}
