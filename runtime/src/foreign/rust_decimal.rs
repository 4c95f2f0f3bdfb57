//! `rust_decimal::Decimal` as `decimal(p,s)`. It holds 28 digits: a number of more is a
//! [`Mismatch`], never rounded.

use rust_decimal::Decimal;

use crate::row::Field;
use crate::typed_array::Mismatch;
use crate::value::Value;

impl Field for Decimal {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Decimal(digits) => Self::from_str_exact(&digits).map_err(|_| Mismatch),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::Decimal(self.to_string())
    }
}
