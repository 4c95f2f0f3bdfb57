//! Arrays of scalars.

use super::json::{self, Raw};
use crate::column::Column;
use crate::invalid::{Invalid, Problem};
use crate::value::Value;

/// The device keeps an array as JSON text, so a string holds one; an array is taken as it is.
pub(super) fn decode(column: &Column, raw: Raw<'_>) -> Result<Value, Invalid> {
    let refuse = |problem| Invalid::new(column.name, problem);
    let text = match &raw {
        Raw::String(text) if text.trim_ascii_start().starts_with('[') => text,
        Raw::Array(text) => *text,
        _ => {
            return Err(refuse(Problem::Expected(
                "an array, or the JSON text of one",
            )));
        }
    };
    let mut values = Vec::new();
    json::elements(text, refuse, |index, raw| {
        values.push(match raw {
            Raw::Null => Value::Null,
            raw => super::scalar(column, raw)
                .map_err(|problem| Invalid::in_element(column.name, index, problem))?,
        });
        Ok(())
    })?;
    Ok(Value::Array(values))
}
