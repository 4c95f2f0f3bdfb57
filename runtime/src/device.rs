//! Whole rows on the device's side: as its SQLite holds them, and as uploads carry them.
//!
//! PostgreSQL's side is [`from_postgres`](crate::from_postgres) as text, and as typed values
//! [`Row::from_values`] and [`Row::into_values`].

use std::fmt;

use crate::column::Column;
use crate::decode::decode;
use crate::encode::{DeviceValue, encode};
use crate::invalid::Invalid;
use crate::row::Row;
use crate::typed_array::Mismatch;
use crate::value::Value;

/// Why a row could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A value that its column does not take.
    Invalid(Invalid),
    /// A value that the struct's field does not take: NULL where the field is no `Option`.
    Mismatch(Mismatch),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(why) => why.fmt(f),
            Self::Mismatch(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for Unreadable {}

impl From<Invalid> for Unreadable {
    fn from(why: Invalid) -> Self {
        Self::Invalid(why)
    }
}

impl From<Mismatch> for Unreadable {
    fn from(why: Mismatch) -> Self {
        Self::Mismatch(why)
    }
}

/// The row of what SQLite holds: `get` gives the value of each column that the device has.
///
/// # Errors
///
/// [`Unreadable`] where a value is none of its column's type, or where the struct cannot hold it.
/// Columns that only the server fills may be NULL before it has: their fields are `Option`s.
///
/// ```
/// use syncline_runtime::{Column, DeviceValue, Role, Scalar, Table, from_device, row, to_device};
///
/// static TABLE: Table = Table::new("notes", &[
///     Column::new("id", "id", Scalar::Text).role(Role::Id),
///     Column::new("owner_id", "ownerId", Scalar::Text).role(Role::Owner),
///     Column::new("big", "big", Scalar::BigInt),
/// ]);
///
/// struct Note {
///     id: String,
///     owner_id: Option<String>,
///     big: i64,
/// }
///
/// row! { Note, TABLE, id, owner_id, big }
///
/// let note: Note = from_device(|column| match column.name {
///     "id" => DeviceValue::Text("a".into()),
///     "big" => DeviceValue::Text("9007199254740993".into()),
///     _ => DeviceValue::Null,
/// })?;
/// assert_eq!((note.owner_id.as_deref(), note.big), (None, 9_007_199_254_740_993));
/// assert_eq!(to_device(note)[2].1, DeviceValue::Text("9007199254740993".into()));
/// # Ok::<(), syncline_runtime::Unreadable>(())
/// ```
pub fn from_device<'a, R: Row>(
    mut get: impl FnMut(&'static Column) -> DeviceValue<'a>,
) -> Result<R, Unreadable> {
    read(|column| {
        if column.former {
            return None;
        }
        match get(column) {
            DeviceValue::Null => None,
            value => Some(value.to_json()),
        }
    })
}

/// The row of an upload's values: `get` gives the JSON of each column that it has.
///
/// # Errors
///
/// As [`from_device`].
pub fn from_upload<'a, R: Row>(
    mut get: impl FnMut(&'static Column) -> Option<&'a str>,
) -> Result<R, Unreadable> {
    read(|column| get(column).map(str::to_owned))
}

fn read<R: Row>(mut json: impl FnMut(&'static Column) -> Option<String>) -> Result<R, Unreadable> {
    let mut values = Vec::with_capacity(R::TABLE.columns.len());
    for column in R::TABLE.columns {
        let given = if column.server_only {
            None
        } else {
            json(column)
        };
        let given = given.filter(|json| json.trim() != "null" || !column.nullable_on_device());
        values.push(match given {
            Some(json) => decode(column, &json)?,
            None if column.nullable_on_device() || column.server_only => Value::Null,
            None => decode(column, "null")?,
        });
    }
    Ok(R::from_values(values)?)
}

/// What SQLite holds of a row, for each column that the device has. A column without a field
/// in the struct is NULL.
pub fn to_device<R: Row>(row: R) -> Vec<(&'static Column, DeviceValue<'static>)> {
    let columns = R::TABLE.columns.iter();
    columns
        .zip(row.into_values())
        .filter(|(column, _)| column.on_device())
        .map(|(column, value)| (column, encode(&value).into_owned()))
        .collect()
}
