//! Whole rows on PostgreSQL's side, as text: what a driver without types of its own gives and
//! takes.
//!
//! Where a driver gives typed values, [`Row::from_values`] and [`Row::into_values`] do.

use crate::column::Column;
use crate::decode::{decode, pg_value};
use crate::device::Unreadable;
use crate::pg_text::pg_text;
use crate::row::Row;
use crate::value::Value;

/// The row of what `column::text` gives in PostgreSQL: `get` gives the text of each column, or
/// none for NULL and for a column that was not selected. The session's `TimeZone` may be any.
///
/// # Errors
///
/// [`Unreadable`] where a text is none of its column's type (see [`pg_value`]), or where the
/// struct cannot hold it: NULL where the field is no `Option`.
///
/// ```
/// use syncline_runtime::{Column, Role, Scalar, Table, from_postgres, row, to_postgres};
///
/// static TABLE: Table = Table::new("notes", &[
///     Column::new("id", "id", Scalar::Text).role(Role::Id),
///     Column::new("done", "done", Scalar::Boolean),
///     Column::new("stars", "stars", Scalar::Integer).nullable(),
/// ]);
///
/// struct Note {
///     id: String,
///     done: bool,
///     stars: Option<i32>,
/// }
///
/// row! { Note, TABLE, id, done, stars }
///
/// // With a driver: `|column| row.get(column.name)`.
/// let note: Note = from_postgres(|column| match column.name {
///     "id" => Some("a"),
///     "done" => Some("t"),
///     _ => None,
/// })?;
/// assert_eq!((note.id.as_str(), note.done, note.stars), ("a", true, None));
/// let texts: Vec<_> = to_postgres(note).into_iter().map(|(_, text)| text).collect();
/// assert_eq!(texts, [Some("a".to_owned()), Some("t".to_owned()), None]);
/// # Ok::<(), syncline_runtime::Unreadable>(())
/// ```
pub fn from_postgres<'a, R: Row>(
    mut get: impl FnMut(&'static Column) -> Option<&'a str>,
) -> Result<R, Unreadable> {
    let mut values = Vec::with_capacity(R::TABLE.columns.len());
    for column in R::TABLE.columns {
        values.push(match get(column) {
            Some(text) => pg_value(column, text)?,
            None if column.nullable_on_device() || column.server_only => Value::Null,
            None => decode(column, "null")?,
        });
    }
    Ok(R::from_values(values)?)
}

/// The text of each column, to be sent as text and cast to the column's type (see [`pg_text`]);
/// none for NULL, and for a column without a field in the struct.
pub fn to_postgres<R: Row>(row: R) -> Vec<(&'static Column, Option<String>)> {
    let values = row.into_values();
    let texts = values.iter().map(pg_text);
    R::TABLE.columns.iter().zip(texts).collect()
}
