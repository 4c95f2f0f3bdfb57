//! One column of many rows, as the typed array that `unnest` takes.

use std::fmt;

use crate::column::{Column, Scalar};
use crate::pg_text::pg_text;
use crate::value::Value;

/// Defines the enum and what is the same for each of its variants.
macro_rules! typed_arrays {
    ($($(#[$doc:meta])* $variant:ident($element:ty) = $pg:literal,)*) => {
        /// A column of many rows, in PostgreSQL's order of rows; none is NULL.
        ///
        /// Each variant is the PostgreSQL array type of one parameter. What has no binary form
        /// of its own here travels as text, and the statement casts it.
        ///
        /// ```
        /// use syncline_runtime::{Column, Scalar, TypedArray, Value};
        ///
        /// let mut array = TypedArray::for_column(&Column::new("n", "n", Scalar::Integer));
        /// array.push(Value::Integer(7))?;
        /// array.push(Value::Null)?;
        /// assert_eq!(array, TypedArray::Int4(vec![Some(7), None]));
        /// assert_eq!(array.pg_type(), "int4");
        /// assert!(array.push(Value::Boolean(true)).is_err());
        /// # Ok::<(), syncline_runtime::Mismatch>(())
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        pub enum TypedArray {
            $($(#[$doc])* $variant(Vec<Option<$element>>),)*
        }

        impl TypedArray {
            /// The type of its elements, by the name in `pg_type`.
            pub fn pg_type(&self) -> &'static str {
                match self { $(Self::$variant(_) => $pg,)* }
            }

            /// The number of rows.
            pub fn len(&self) -> usize {
                match self { $(Self::$variant(rows) => rows.len(),)* }
            }

            /// Has it no rows?
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// Makes room for so many more rows.
            pub fn reserve(&mut self, rows: usize) {
                match self { $(Self::$variant(own) => own.reserve(rows),)* }
            }

            /// Removes all rows and keeps the memory.
            pub fn clear(&mut self) {
                match self { $(Self::$variant(rows) => rows.clear(),)* }
            }

            /// Appends NULL.
            pub fn push_null(&mut self) {
                match self { $(Self::$variant(rows) => rows.push(None),)* }
            }
        }
    };
}

typed_arrays! {
    /// `boolean`.
    Bool(bool) = "bool",
    /// `smallint`.
    Int2(i16) = "int2",
    /// `integer`.
    Int4(i32) = "int4",
    /// `bigint`.
    Int8(i64) = "int8",
    /// `real`.
    Float4(f32) = "float4",
    /// `double`.
    Float8(f64) = "float8",
    /// `timestamp`: microseconds since 1970 (PostgreSQL's binary form counts from
    /// [`PG_EPOCH_MICROS`](crate::PG_EPOCH_MICROS)).
    Timestamptz(i64) = "timestamptz",
    /// `local_timestamp`: microseconds since 1970.
    Timestamp(i64) = "timestamp",
    /// `date`: days since 1970 (PostgreSQL's binary form counts from
    /// [`PG_EPOCH_DAYS`](crate::PG_EPOCH_DAYS)).
    Date(i32) = "date",
    /// `time`: microseconds since midnight.
    Time(i64) = "time",
    /// `uuid`.
    Uuid([u8; 16]) = "uuid",
    /// `bytes`.
    Bytea(Vec<u8>) = "bytea",
    /// `text` and `varchar` as they are; enum, `decimal`, `json` and all arrays to be cast.
    Text(String) = "text",
}

impl TypedArray {
    /// An empty array for the values of this column.
    pub fn for_column(column: &Column) -> Self {
        if column.array {
            return Self::Text(Vec::new());
        }
        match column.scalar {
            Scalar::Boolean => Self::Bool(Vec::new()),
            Scalar::SmallInt => Self::Int2(Vec::new()),
            Scalar::Integer => Self::Int4(Vec::new()),
            Scalar::BigInt => Self::Int8(Vec::new()),
            Scalar::Real => Self::Float4(Vec::new()),
            Scalar::Double => Self::Float8(Vec::new()),
            Scalar::Timestamp => Self::Timestamptz(Vec::new()),
            Scalar::LocalTimestamp => Self::Timestamp(Vec::new()),
            Scalar::Date => Self::Date(Vec::new()),
            Scalar::Time => Self::Time(Vec::new()),
            Scalar::Uuid => Self::Uuid(Vec::new()),
            Scalar::Bytes => Self::Bytea(Vec::new()),
            Scalar::Text
            | Scalar::Varchar(_)
            | Scalar::Enum(_)
            | Scalar::Decimal { .. }
            | Scalar::Json => Self::Text(Vec::new()),
        }
    }

    /// Appends a row's value.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where the value was decoded for a column of another type; nothing is appended.
    pub fn push(&mut self, value: Value) -> Result<(), Mismatch> {
        match (self, value) {
            (rows, Value::Null) => rows.push_null(),
            (Self::Bool(rows), Value::Boolean(value)) => rows.push(Some(value)),
            (Self::Int2(rows), Value::SmallInt(value)) => rows.push(Some(value)),
            (Self::Int4(rows), Value::Integer(value)) => rows.push(Some(value)),
            (Self::Int8(rows), Value::BigInt(value)) => rows.push(Some(value)),
            (Self::Float4(rows), Value::Real(value)) => rows.push(Some(value)),
            (Self::Float8(rows), Value::Double(value)) => rows.push(Some(value)),
            (Self::Timestamptz(rows), Value::Timestamp(value)) => rows.push(Some(value)),
            (Self::Timestamp(rows), Value::LocalTimestamp(value)) => rows.push(Some(value)),
            (Self::Date(rows), Value::Date(value)) => rows.push(Some(value)),
            (Self::Time(rows), Value::Time(value)) => rows.push(Some(value)),
            (Self::Uuid(rows), Value::Uuid(value)) => rows.push(Some(value)),
            (Self::Bytea(rows), Value::Bytes(value)) => rows.push(Some(value)),
            (Self::Text(rows), Value::Text(text) | Value::Decimal(text) | Value::Json(text)) => {
                rows.push(Some(text));
            }
            (Self::Text(rows), value @ Value::Array(_)) => rows.push(pg_text(&value)),
            _ => return Err(Mismatch),
        }
        Ok(())
    }
}

/// A value of another type than the array's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is of another type than the array")
    }
}

impl std::error::Error for Mismatch {}
