//! What happens to rules and indexes.

use syncline_schema::model::{Check, Index};
use syncline_schema::names::{self, quote_sql as quoted};

use super::super::{ForeignKeyDef, TableName};
use super::column::found;
use super::world::World;
use super::{Found, Hazard};
use crate::read::expression::same;
use crate::sql;

pub(super) fn add_check(
    table: &TableName,
    check: &Check,
    not_valid: bool,
    world: &World<'_>,
) -> Vec<Found> {
    let mut list = Vec::new();
    if !not_valid {
        list.extend(broken(table, check));
        let why = format!("{table} is scanned for the check {}", quoted(&check.name));
        list.push(found(Hazard::AccessExclusiveLock, why, None));
    }
    let helper = check.expression.ends_with(" IS NOT NULL");
    if world.is_synced(table) && !helper && narrows(table, check, world) {
        let why = format!(
            "devices that are out there may upload what {} refuses",
            quoted(&check.name)
        );
        list.push(found(Hazard::BreaksClients, why, None));
    }
    list
}

pub(super) fn validate(table: &TableName, name: &str, world: &World<'_>) -> Vec<Found> {
    let Some(before) = world.table(table) else {
        return Vec::new();
    };
    match before.all_checks().into_iter().find(|it| it.name == name) {
        Some(check) => {
            let column = check.expression.strip_suffix(" IS NOT NULL");
            let filled = column.is_some_and(|it| {
                let mut columns = before.columns.iter();
                columns.any(|c| quoted(&c.name) == it && world.is_filled(table, &c.name))
            });
            if filled || !narrows(table, &check, world) {
                return Vec::new();
            }
            broken(table, &check).into_iter().collect()
        }
        None => {
            let why = format!("rows of {table} that {} refuses stop it", quoted(name));
            vec![found(Hazard::MayFail, why, None)]
        }
    }
}

fn broken(table: &TableName, check: &Check) -> Option<Found> {
    let rows = format!(
        "SELECT count(*) FROM {table} WHERE NOT ({})",
        check.expression
    );
    let why = format!(
        "rows of {table} that {} refuses stop it",
        quoted(&check.name)
    );
    Some(found(Hazard::MayFail, why, Some(rows)))
}

/// Does the check refuse something that was allowed before? A list of words that grew and a
/// length that grew do not.
fn narrows(table: &TableName, check: &Check, world: &World<'_>) -> bool {
    let Some(before) = world.before(table) else {
        return true;
    };
    let Some(was) = before
        .all_checks()
        .into_iter()
        .find(|it| it.name == check.name)
    else {
        return true;
    };
    if same(&was.expression, &check.expression) {
        return false;
    }
    match (words(&was.expression), words(&check.expression)) {
        (Some(was), Some(is)) => !(was.0 == is.0 && was.1.iter().all(|it| is.1.contains(it))),
        _ => match (length(&was.expression), length(&check.expression)) {
            (Some(was), Some(is)) => !(was.0 == is.0 && was.1 <= is.1),
            _ => true,
        },
    }
}

/// `column IN ('a', 'b')`, as our own checks say it.
fn words(expression: &str) -> Option<(&str, Vec<&str>)> {
    let (column, list) = expression.split_once(" IN (")?;
    let list = list.strip_suffix(')')?;
    Some((column, list.split(", ").collect()))
}

/// `char_length(column) <= n`, as our own checks say it.
fn length(expression: &str) -> Option<(&str, u32)> {
    let (call, n) = expression.split_once(" <= ")?;
    Some((call.strip_prefix("char_length(")?, n.parse().ok()?))
}

pub(super) fn foreign_key(
    table: &TableName,
    key: &ForeignKeyDef,
    not_valid: bool,
    world: &World<'_>,
) -> Vec<Found> {
    let mut list = Vec::new();
    if !not_valid {
        let pairs = key.columns.iter().zip(&key.target_columns);
        let joined: Vec<_> = pairs
            .map(|(a, b)| format!("t.{} = s.{}", quoted(b), quoted(a)))
            .collect();
        let set: Vec<_> = key
            .columns
            .iter()
            .map(|it| format!("s.{} IS NOT NULL", quoted(it)))
            .collect();
        let rows = format!(
            "SELECT count(*) FROM {table} s WHERE {} AND NOT EXISTS (SELECT FROM {} t WHERE {})",
            set.join(" AND "),
            key.target,
            joined.join(" AND ")
        );
        let why = format!(
            "rows of {table} that point at no row of {} stop it",
            key.target
        );
        list.push(found(Hazard::MayFail, why, Some(rows)));
        let why = format!(
            "{table} is scanned for the foreign key {}",
            quoted(&key.name)
        );
        list.push(found(Hazard::AccessExclusiveLock, why, None));
    }
    if world.is_synced(table) {
        let why = format!(
            "devices that are out there may upload rows of {table} that point at no row of {}",
            key.target
        );
        list.push(found(Hazard::BreaksClients, why, None));
    }
    list
}

pub(super) fn primary_key(
    table: &TableName,
    columns: &[String],
    using_index: bool,
    world: &World<'_>,
) -> Vec<Found> {
    let mut list = Vec::new();
    if !using_index {
        list.push(twins(table, columns));
        list.push(build(table));
    }
    if world.is_synced(table) {
        let why = format!(
            "{table} gets another primary key, so PowerSync copies its rows to every device again"
        );
        list.push(found(
            Hazard::CopiedAgain,
            why,
            Some(format!("SELECT count(*) FROM {table}")),
        ));
    }
    list
}

pub(super) fn index(
    table: &TableName,
    index: &Index,
    concurrently: bool,
    world: &World<'_>,
) -> Vec<Found> {
    let mut list = Vec::new();
    if !concurrently {
        list.push(build(table));
    }
    if index.unique && !follows(table, index, world) {
        let columns: Vec<_> = index
            .columns
            .iter()
            .filter_map(|it| it.name().map(str::to_owned))
            .collect();
        let mut twins = twins(table, &columns);
        if index.columns.len() != columns.len() || index.predicate.is_some() || columns.is_empty() {
            twins.rows = None;
        }
        list.push(twins);
        if world.is_synced(table) {
            let what = match columns.as_slice() {
                [] => format!("that {} refuses", quoted(&index.name)),
                _ => format!(
                    "with the same ({})",
                    sql::list(columns.iter().map(String::as_str))
                ),
            };
            let why = format!("devices that are out there may upload rows of {table} {what}");
            list.push(found(Hazard::BreaksClients, why, None));
        }
    }
    list
}

/// Do rows that another rule keeps apart make this one true by itself? A rule of fewer columns
/// does. The rules at the start count: a step before this one may have dropped the key.
fn follows(table: &TableName, index: &Index, world: &World<'_>) -> bool {
    let Some(named) = names_of(index) else {
        return false;
    };
    let covers = |key: &[&str]| !key.is_empty() && key.iter().all(|it| named.contains(it));
    let known = [world.table(table), world.before(table)];
    known.into_iter().flatten().any(|it| {
        let rules = it
            .indexes
            .iter()
            .filter(|rule| rule.unique && rule.predicate.is_none() && rule.name != index.name);
        covers(&it.key_columns()) || rules.filter_map(names_of).any(|rule| covers(&rule))
    })
}

/// The columns, where it has nothing else.
fn names_of(index: &Index) -> Option<Vec<&str>> {
    index.columns.iter().map(|it| it.name()).collect()
}

fn twins(table: &TableName, columns: &[String]) -> Found {
    let list = sql::list(columns.iter().map(String::as_str));
    let set: Vec<_> = columns
        .iter()
        .map(|it| format!("{} IS NOT NULL", quoted(it)))
        .collect();
    let rows = format!(
        "SELECT coalesce(sum(n), 0)::bigint FROM (SELECT count(*) AS n FROM {table} WHERE {} GROUP BY {list} HAVING count(*) > 1) twins",
        set.join(" AND ")
    );
    found(
        Hazard::MayFail,
        format!("rows of {table} with the same ({list}) stop it"),
        Some(rows),
    )
}

pub(super) fn build(table: &TableName) -> Found {
    let why = format!("nobody writes to {table} until the index is built");
    found(
        Hazard::IndexBuild,
        why,
        Some(format!("SELECT count(*) FROM {table}")),
    )
}

pub(super) fn drop_index(table: &TableName, name: &str, world: &World<'_>) -> Vec<Found> {
    let known = world
        .table(table)
        .and_then(|it| it.indexes.iter().find(|it| it.name == name));
    let stand_in = names::fit(&format!("{name}_new"));
    let replaced = world
        .table(table)
        .is_some_and(|it| it.indexes.iter().any(|it| it.name == stand_in));
    if replaced {
        return Vec::new();
    }
    let why = match known {
        Some(index) if index.unique => {
            format!("rows of {table} may then have the same {}", quoted(name))
        }
        _ => format!("queries on {table} that used {} get slow", quoted(name)),
    };
    vec![found(Hazard::IndexDropped, why, None)]
}

pub(super) fn drop_constraint(table: &TableName, name: &str, world: &World<'_>) -> Vec<Found> {
    let Some(it) = world.table(table) else {
        return Vec::new();
    };
    let stand_in = names::fit(&format!("{name}_new"));
    let replaced = it.indexes.iter().any(|it| it.name == stand_in);
    let is_key = !it.key_columns().is_empty() && sql::primary_key_name(it) == name;
    // The key that takes its place says the same.
    if is_key && replaced {
        return Vec::new();
    }
    if is_key && world.is_synced(table) {
        let why = format!(
            "{table} loses its primary key: PowerSync copies its rows again, and without a key updates fail"
        );
        return vec![found(Hazard::CopiedAgain, why, None)];
    }
    if it.indexes.iter().any(|it| it.constraint && it.name == name) {
        return drop_index(table, name, world);
    }
    Vec::new()
}
