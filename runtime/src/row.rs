//! Rows as Rust values: what hooks read and write.

use crate::scalars::{Date, Decimal, Json, LocalTimestamp, Time, Timestamp, Uuid};
use crate::sync_table::SyncTable;
use crate::typed_array::Mismatch;
use crate::value::Value;

/// A struct with fields for the columns of its table. [`row!`](crate::row) and
/// `#[derive(SyncTable)]` implement it; [`from_postgres`](crate::from_postgres),
/// [`from_device`](crate::from_device) and [`from_upload`](crate::from_upload) read it.
pub trait Row: SyncTable {
    /// The row of these values, one a column.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where a value is not of its column's type, or where there are too few.
    fn from_values(values: impl IntoIterator<Item = Value>) -> Result<Self, Mismatch>;

    /// The values of the row, one a column.
    fn into_values(self) -> Vec<Value>;
}

/// A type of a row's field.
pub trait Field: Sized {
    /// The field of this value.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where the value is of another type, or NULL in a field that cannot hold it.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// The value of this field.
    fn into_value(self) -> Value;
}

/// The next value, as a field.
///
/// # Errors
///
/// [`Mismatch`] where the field does not take it, or where there is none.
pub fn take_field<F: Field>(values: &mut impl Iterator<Item = Value>) -> Result<F, Mismatch> {
    F::from_value(values.next().ok_or(Mismatch)?)
}

/// Passes over the next value, for which a struct has no field.
///
/// # Errors
///
/// [`Mismatch`] where there is none.
pub fn pass_column(values: &mut impl Iterator<Item = Value>) -> Result<(), Mismatch> {
    values.next().map(drop).ok_or(Mismatch)
}

/// Implements [`SyncTable`] and [`Row`] for a struct, from its table and its fields in order.
///
/// ```
/// use syncline_runtime::{Column, Role, Row, Scalar, Table, Value, row};
///
/// static TABLE: Table = Table::new("notes", &[
///     Column::new("id", "id", Scalar::Text).role(Role::Id),
///     Column::new("stars", "stars", Scalar::Integer).nullable(),
/// ]);
///
/// struct NotesRow {
///     id: String,
///     stars: Option<i32>,
/// }
///
/// row! { NotesRow, TABLE, id, stars }
///
/// let row = NotesRow::from_values([Value::Text("a".into()), Value::Null])?;
/// assert_eq!((row.id.as_str(), row.stars), ("a", None));
/// assert_eq!(row.into_values()[1], Value::Null);
/// # Ok::<(), syncline_runtime::Mismatch>(())
/// ```
#[macro_export]
macro_rules! row {
    ($row:ident, $table:path, $($field:ident),* $(,)?) => {
        impl $crate::SyncTable for $row {
            const TABLE: &'static $crate::Table = &$table;
        }

        impl $crate::Row for $row {
            fn from_values(
                values: impl IntoIterator<Item = $crate::Value>,
            ) -> Result<Self, $crate::Mismatch> {
                let mut values = values.into_iter();
                Ok(Self {
                    $($field: $crate::Field::from_value(values.next().ok_or($crate::Mismatch)?)?,)*
                })
            }

            fn into_values(self) -> Vec<$crate::Value> {
                vec![$($crate::Field::into_value(self.$field)),*]
            }
        }
    };
}

/// A field that is one variant of [`Value`].
macro_rules! fields {
    ($($field:ty, $variant:ident, |$value:ident| $inside:expr, |$own:ident| $outside:expr;)*) => {
        $(
            impl Field for $field {
                fn from_value(value: Value) -> Result<Self, Mismatch> {
                    match value {
                        Value::$variant($value) => Ok($inside),
                        _ => Err(Mismatch),
                    }
                }

                fn into_value(self) -> Value {
                    let $own = self;
                    Value::$variant($outside)
                }
            }
        )*
    };
}

fields! {
    String, Text, |value| value, |own| own;
    bool, Boolean, |value| value, |own| own;
    i16, SmallInt, |value| value, |own| own;
    i32, Integer, |value| value, |own| own;
    i64, BigInt, |value| value, |own| own;
    f32, Real, |value| value, |own| own;
    f64, Double, |value| value, |own| own;
    Decimal, Decimal, |value| Decimal(value), |own| own.0;
    Timestamp, Timestamp, |value| Timestamp(value), |own| own.0;
    LocalTimestamp, LocalTimestamp, |value| LocalTimestamp(value), |own| own.0;
    Date, Date, |value| Date(value), |own| own.0;
    Time, Time, |value| Time(value), |own| own.0;
    Uuid, Uuid, |value| Uuid(value), |own| own.0;
    Json, Json, |value| Json(value), |own| own.0;
    Vec<u8>, Bytes, |value| value, |own| own;
}

impl<T: Field> Field for Option<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

/// An array. PostgreSQL's may hold NULLs, which only a `Vec<Option<T>>` takes.
impl<T: Field> Field for Vec<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Array(values) => values.into_iter().map(T::from_value).collect(),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::Array(self.into_iter().map(Field::into_value).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_strict() {
        let array = Value::Array(vec![Value::Integer(1), Value::Null]);
        let field = Vec::<Option<i32>>::from_value(array.clone());
        assert_eq!(field, Ok(vec![Some(1), None]));
        assert_eq!(vec![Some(1), None].into_value(), array);
        assert_eq!(i32::from_value(Value::Null), Err(Mismatch));
        assert_eq!(i32::from_value(Value::BigInt(1)), Err(Mismatch));
        assert_eq!(Option::<i32>::from_value(Value::Null), Ok(None));
        assert_eq!(
            String::from_value(Value::Decimal("1".into())),
            Err(Mismatch)
        );
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000Z");
    }
}
