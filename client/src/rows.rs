//! Rows between their structs and SQLite: what the server would refuse, and how values are bound and read.

use rusqlite::types::{Value as Sql, ValueRef};
use syncline_runtime::{
    Access, Column, DeviceValue, Invalid, Residence, Role, Row, Table, check_id, decode,
    from_device,
};

use crate::error::WriteError;

/// A column and what SQLite holds of it.
pub(crate) type Held = (&'static Column, DeviceValue<'static>);

/// `SELECT` of the columns that the device has, in the table's order.
pub(crate) fn select_sql(table: &Table, rest: &str) -> String {
    let names: Vec<_> = on_device(table).map(|it| quoted(it.name)).collect();
    format!(
        "SELECT {} FROM {} {rest}",
        names.join(", "),
        quoted(table.name)
    )
}

/// A row of [`select_sql`].
pub(crate) fn read_row<R: Row>(row: &rusqlite::Row<'_>) -> Result<R, WriteError> {
    let places: Vec<_> = on_device(R::TABLE).map(|column| column.name).collect();
    let mut failed = None;
    let read = from_device(|column| {
        let place = places.iter().position(|name| *name == column.name);
        let value = place.map(|place| row.get_ref(place)).transpose();
        match value.unwrap_or_else(|why| {
            failed = Some(why);
            None
        }) {
            Some(ValueRef::Integer(value)) => DeviceValue::Integer(value),
            Some(ValueRef::Real(value)) => DeviceValue::Real(value),
            Some(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => {
                DeviceValue::Text(String::from_utf8_lossy(bytes).into_owned().into())
            }
            Some(ValueRef::Null) | None => DeviceValue::Null,
        }
    });
    if let Some(why) = failed {
        return Err(why.into());
    }
    let table = R::TABLE.name;
    read.map_err(|why| WriteError::Unreadable { table, why })
}

fn on_device(table: &Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| column.on_device())
}

/// A table that devices write, or keep for themselves.
pub(crate) fn writable(table: &'static Table) -> Result<&'static Table, WriteError> {
    let own = table.residence == Residence::Local;
    let written = table.residence == Residence::Synced && table.access == Access::Owner;
    if own || written {
        return Ok(table);
    }
    Err(WriteError::NotWritable { table: table.name })
}

pub(crate) fn required(column: &Column) -> bool {
    !column.nullable_on_device()
}

pub(crate) fn changeable(column: &Column) -> bool {
    column.writable() && !column.immutable && !matches!(column.role, Role::Id | Role::Owner)
}

/// All that the server would refuse.
pub(crate) fn check(table: &'static Table, held: &[Held]) -> Result<(), WriteError> {
    let problems: Vec<Invalid> = held
        .iter()
        .filter_map(|(column, value)| problem(column, value))
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    let table = table.name;
    Err(WriteError::Invalid { table, problems })
}

fn problem(column: &'static Column, value: &DeviceValue<'_>) -> Option<Invalid> {
    match value {
        DeviceValue::Null if !required(column) => None,
        DeviceValue::Text(id) if column.role == Role::Id => check_id(id)
            .and_then(|()| decode(column, &value.to_json()).map(drop))
            .err(),
        _ => decode(column, &value.to_json()).err(),
    }
}

/// PowerSync's crate cannot read an infinite number back from its queue: it is text, of which the view gives the
/// number.
pub(crate) fn to_sql(value: &DeviceValue<'_>) -> Sql {
    match value {
        DeviceValue::Null => Sql::Null,
        DeviceValue::Integer(value) => Sql::Integer(*value),
        DeviceValue::Real(number) if number.is_infinite() => text(&value.to_json()),
        DeviceValue::Real(number) => Sql::Real(*number),
        DeviceValue::Text(value) => text(value),
    }
}

pub(crate) fn text(value: &str) -> Sql {
    Sql::Text(value.to_owned())
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
