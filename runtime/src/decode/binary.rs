//! UUIDs and bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::json::Raw;
use crate::invalid::Problem;
use crate::value::Value;

/// Where the hyphens stand in a UUID of 36 characters.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

pub(super) fn uuid(raw: Raw<'_>) -> Result<Value, Problem> {
    match &raw {
        Raw::String(text) => parse_uuid(text.as_bytes()).map(Value::Uuid),
        _ => None,
    }
    .ok_or(Problem::Expected("a UUID"))
}

fn parse_uuid(text: &[u8]) -> Option<[u8; 16]> {
    let hyphenated = match text.len() {
        36 => true,
        32 => false,
        _ => return None,
    };
    let mut uuid = 0_u128;
    for (at, &byte) in text.iter().enumerate() {
        if hyphenated && HYPHENS.contains(&at) {
            if byte != b'-' {
                return None;
            }
        } else {
            uuid = uuid << 4 | u128::from(char::from(byte).to_digit(16)?);
        }
    }
    Some(uuid.to_be_bytes())
}

pub(super) fn bytes(raw: Raw<'_>) -> Result<Value, Problem> {
    match &raw {
        Raw::String(text) => STANDARD.decode(text.as_bytes()).ok().map(Value::Bytes),
        _ => None,
    }
    .ok_or(Problem::Expected("base64 with padding"))
}
