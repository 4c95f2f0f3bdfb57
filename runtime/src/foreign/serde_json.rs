//! `serde_json::Value` as `json`.

use serde_json::Value as Json;

use crate::row::Field;
use crate::typed_array::Mismatch;
use crate::value::Value;

impl Field for Json {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Json(text) => serde_json::from_str(&text).map_err(|_| Mismatch),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::Json(self.to_string())
    }
}
