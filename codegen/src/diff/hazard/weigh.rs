//! The hazards of every kind of step.

use syncline_schema::names::{quote_sql as quoted, quote_text};

use super::super::Step;
use super::world::World;
use super::{Found, Hazard, column, rule};

/// The hazards of a step, before it is taken.
pub fn weigh(step: &Step, world: &World<'_>) -> Vec<Found> {
    if step.about().is_some_and(|it| world.is_new(&it)) {
        return Vec::new();
    }
    let breaks = |does: bool, why: String| match does {
        true => vec![column::found(Hazard::BreaksClients, why, None)],
        false => Vec::new(),
    };
    match step {
        Step::DropTable(table) => column::drop_table(table, world),
        Step::DropColumn { table, column } => column::drop_column(table, column, world),
        Step::AddColumn { table, column } => column::add(table, column, world),
        Step::SetNotNull { table, column } => column::not_null(table, column, world),
        Step::SetType {
            table,
            column,
            from,
            to,
            ..
        } => {
            let known = world.column(table, column).map(|it| it.ty.clone());
            column::retype(table, column, from.clone().or(known).as_ref(), to, world)
        }
        Step::RenameTable { table, to } => breaks(
            world.is_synced(table) && !world.answers_to(table, to),
            format!("devices that are out there upload to {table}"),
        ),
        Step::SetSchema { table, .. } => breaks(
            world.is_synced(table),
            format!("devices that are out there upload to {table}"),
        ),
        Step::RenameColumn { table, from, .. } => breaks(
            world.on_devices(table, from),
            format!(
                "devices that are out there upload and read {table}.{}",
                quoted(from)
            ),
        ),
        Step::RenameEnumValue { name, from, .. } => breaks(
            world.on_devices_as_type(name),
            format!(
                "devices that are out there upload the word {}",
                quote_text(from)
            ),
        ),
        Step::AddCheck {
            table,
            check,
            not_valid,
        } => rule::add_check(table, check, *not_valid, world),
        Step::Validate { table, name } => rule::validate(table, name, world),
        Step::AddForeignKey {
            table,
            key,
            not_valid,
        } => rule::foreign_key(table, key, *not_valid, world),
        Step::AddPrimaryKey {
            table,
            columns,
            using_index,
            ..
        } => rule::primary_key(table, columns, using_index.is_some(), world),
        Step::AddUnique {
            table,
            index,
            using_index,
        } => match using_index {
            Some(_) => Vec::new(),
            None => rule::index(table, index, false, world),
        },
        Step::CreateIndex {
            table,
            index,
            concurrently,
        } => rule::index(table, index, *concurrently, world),
        Step::DropIndex { table, name, .. } => rule::drop_index(table, name, world),
        Step::DropConstraint { table, name } => rule::drop_constraint(table, name, world),
        Step::Other { sql } => other(sql),
        Step::CreateSchema(_)
        | Step::DropSchema(_)
        | Step::CreateEnum(_)
        | Step::DropEnum(_)
        | Step::AddEnumValue { .. }
        | Step::CreateTable(_)
        | Step::SetDefault { .. }
        | Step::DropNotNull { .. }
        | Step::Fill { .. }
        | Step::RenameConstraint { .. }
        | Step::RenameIndex { .. }
        | Step::RowSecurity { .. }
        | Step::CreatePolicy { .. }
        | Step::DropPolicy { .. }
        | Step::Grant { .. }
        | Step::Revoke { .. }
        | Step::Publish(_)
        | Step::Unpublish(_)
        | Step::Comment { .. } => Vec::new(),
    }
}

/// Statements that no step stands for, by their first words.
fn other(sql: &str) -> Vec<Found> {
    let mut words = sql.split_whitespace().map(str::to_uppercase);
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let hazard = match (first.as_str(), second.as_str()) {
        ("DELETE" | "TRUNCATE", _) => Some((Hazard::DeletesData, "it deletes rows")),
        ("DROP", "TABLE" | "SCHEMA" | "DATABASE" | "OWNED") => {
            Some((Hazard::DeletesData, "it drops what holds rows"))
        }
        ("VACUUM", "FULL" | "(FULL" | "(FULL)") | ("CLUSTER", _) => Some((
            Hazard::TableRewrite,
            "it writes tables again, and nobody reads them meanwhile",
        )),
        ("LOCK", _) => Some((Hazard::AccessExclusiveLock, "it holds a lock by itself")),
        ("REINDEX", _) if !sql.to_uppercase().contains("CONCURRENTLY") => {
            Some((Hazard::IndexBuild, "nobody writes until the index is built"))
        }
        _ => None,
    };
    let hazard = hazard.map(|(hazard, why)| column::found(hazard, why.to_owned(), None));
    hazard.into_iter().collect()
}
