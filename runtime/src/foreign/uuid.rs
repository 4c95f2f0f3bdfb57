//! `uuid::Uuid` as `uuid`.

use uuid::Uuid;

use crate::row::Field;
use crate::typed_array::Mismatch;
use crate::value::Value;

impl Field for Uuid {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Uuid(bytes) => Ok(Self::from_bytes(bytes)),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::Uuid(self.into_bytes())
    }
}
