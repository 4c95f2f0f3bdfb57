//! What happens to columns and tables.

use syncline_schema::model::{Column, ColumnType};
use syncline_schema::names::quote_sql as quoted;
use syncline_schema::types;

use super::super::TableName;
use super::super::cast::{Cast, cast};
use super::world::World;
use super::{Found, Hazard};

pub(super) fn found(hazard: Hazard, why: String, rows: Option<String>) -> Found {
    Found { hazard, why, rows }
}

fn count(table: &TableName, rows: &str) -> Option<String> {
    Some(format!("SELECT count(*) FROM {table} WHERE {rows}"))
}

pub(super) fn drop_table(table: &TableName, world: &World<'_>) -> Vec<Found> {
    let all = Some(format!("SELECT count(*) FROM {table}"));
    let mut list = vec![found(
        Hazard::DeletesData,
        format!("every row of {table} goes"),
        all,
    )];
    if world.is_synced(table) {
        let why = format!("devices that are out there still upload to {table}");
        list.push(found(Hazard::BreaksClients, why, None));
    }
    list
}

pub(super) fn drop_column(table: &TableName, column: &str, world: &World<'_>) -> Vec<Found> {
    let what = format!("{table}.{}", quoted(column));
    let rows = count(table, &format!("{} IS NOT NULL", quoted(column)));
    let mut list = vec![found(
        Hazard::DeletesData,
        format!("every value of {what} goes"),
        rows,
    )];
    if world.on_devices(table, column) {
        let why = format!("devices that are out there still upload {what}");
        list.push(found(Hazard::BreaksClients, why, None));
    }
    list
}

pub(super) fn add(table: &TableName, column: &Column, world: &World<'_>) -> Vec<Found> {
    let what = format!("{table}.{}", quoted(&column.name));
    let default = syncline_schema::literal::default_of(column);
    let mut list = Vec::new();
    if !column.nullable && default.is_none() {
        let all = Some(format!("SELECT count(*) FROM {table}"));
        list.push(found(
            Hazard::MayFail,
            format!("rows that are there have no {what}"),
            all,
        ));
        list.extend(unknown_to_devices(table, &what, world));
    }
    let constant = matches!(
        column.default,
        Some(syncline_schema::model::DefaultValue::Literal(_))
    );
    let stable = default.as_deref() == Some("now()");
    if default.is_some() && !constant && !stable {
        list.push(found(
            Hazard::TableRewrite,
            format!("{what} has another default in every row"),
            None,
        ));
    }
    list
}

fn unknown_to_devices(table: &TableName, what: &str, world: &World<'_>) -> Option<Found> {
    let why = format!("devices that are out there do not know {what} and upload rows without it");
    world
        .is_synced(table)
        .then(|| found(Hazard::BreaksClients, why, None))
}

pub(super) fn not_null(table: &TableName, column: &str, world: &World<'_>) -> Vec<Found> {
    let what = format!("{table}.{}", quoted(column));
    let mut list = Vec::new();
    if !world.never_null(table, column) {
        let rows = count(table, &format!("{} IS NULL", quoted(column)));
        list.push(found(
            Hazard::MayFail,
            format!("rows without {what} stop it"),
            rows,
        ));
        let why = format!("{table} is scanned for rows without {}", quoted(column));
        list.push(found(Hazard::AccessExclusiveLock, why, None));
    }
    if world.on_devices(table, column) && !world.has_default(table, column) {
        let known = world.before(table).and_then(|it| it.column(column));
        if let Some(known) = known {
            // Devices always took it for required; only PostgreSQL did not, while it took another's place.
            if known.expanding {
                return list;
            }
            let why = format!("devices that are out there may upload rows without {what}");
            list.push(found(Hazard::BreaksClients, why, None));
        } else {
            list.extend(unknown_to_devices(table, &what, world));
        }
    }
    list
}

pub(super) fn retype(
    table: &TableName,
    column: &str,
    from: Option<&ColumnType>,
    to: &ColumnType,
    world: &World<'_>,
) -> Vec<Found> {
    let what = format!("{table}.{}", quoted(column));
    let to_name = types::postgres(to);
    let Some(from) = from else {
        let why = format!("{what} becomes {to_name}");
        return vec![found(Hazard::TableRewrite, why, None)];
    };
    let outcome = cast(from, to);
    let mut list = Vec::new();
    match outcome {
        Cast::Free => return list,
        Cast::Keeps => {}
        Cast::MayFail | Cast::None => {
            let why = format!("a value of {what} that does not fit {to_name} stops it");
            list.push(found(Hazard::MayFail, why, None));
        }
        Cast::Rounds => {
            let why = format!("values of {what} are rounded to {to_name}");
            list.push(found(Hazard::DeletesData, why, None));
        }
    }
    let all = Some(format!("SELECT count(*) FROM {table}"));
    let why = format!("{table} is written again, and nobody reads it meanwhile");
    list.push(found(Hazard::TableRewrite, why, all));
    let stored = types::storage(from) != types::storage(to);
    if world.on_devices(table, column) && (stored || outcome != Cast::Keeps) {
        let why = format!(
            "devices that are out there upload {what} as {}",
            types::postgres(from)
        );
        list.push(found(Hazard::BreaksClients, why, None));
    }
    list
}
