//! Primary keys, checks and foreign keys of tables that stay.

use std::collections::HashSet;

use syncline_schema::Schema;
use syncline_schema::model::{Check, Table};

use super::table::Keys;
use super::{ForeignKeyDef, Pair, Renames, Step, TableName};
use crate::read::expression::same;
use crate::sql;

/// The primary key and the checks.
pub(super) fn diff(name: &TableName, tables: Pair<&Table>, _: &Renames, steps: &mut Vec<Step>) {
    primary_key(name, tables, steps);
    let checks = Pair {
        previous: tables.previous.all_checks(),
        next: tables.next.all_checks(),
    };
    let named = |list: &[Check], name: &str| list.iter().position(|it| it.name == name);
    let mut left: Vec<&Check> = (checks.previous.iter())
        .filter(|it| named(&checks.next, &it.name).is_none())
        .collect();
    for next in &checks.next {
        match named(&checks.previous, &next.name).map(|at| &checks.previous[at]) {
            Some(previous) if same(&previous.expression, &next.expression) => {}
            Some(previous) => {
                steps.push(drop(name, &previous.name));
                steps.push(add_check(name, next));
            }
            None => match (left.iter()).position(|it| same(&it.expression, &next.expression)) {
                Some(at) => steps.push(rename(name, &left.remove(at).name, &next.name)),
                None => steps.push(add_check(name, next)),
            },
        }
    }
    steps.extend(left.iter().map(|it| drop(name, &it.name)));
}

fn primary_key(name: &TableName, tables: Pair<&Table>, steps: &mut Vec<Step>) {
    let keys = Pair {
        previous: tables.previous.key_columns(),
        next: tables.next.key_columns(),
    };
    let names = Pair {
        previous: sql::primary_key_name(tables.previous),
        next: sql::primary_key_name(tables.next),
    };
    if keys.previous == keys.next {
        if names.previous != names.next && !keys.next.is_empty() {
            steps.push(rename(name, &names.previous, &names.next));
        }
        return;
    }
    if !keys.previous.is_empty() {
        steps.push(drop(name, &names.previous));
    }
    if !keys.next.is_empty() {
        steps.push(Step::AddPrimaryKey {
            table: name.clone(),
            name: names.next,
            columns: keys.next.into_iter().map(str::to_owned).collect(),
            using_index: None,
        });
    }
}

/// The foreign keys of all tables: those that go, those that come. One that points at a table
/// whose primary key changes is made again: PostgreSQL holds the key for it.
pub(super) fn foreign_keys(
    schemas: Pair<&Schema>,
    keys: &Pair<Keys>,
    renames: &Renames,
    rekeyed: &HashSet<TableName>,
) -> (Vec<Step>, Vec<Step>) {
    let (mut dropped, mut steps) = (Vec::new(), Vec::new());
    let none = Vec::new();
    for table in schemas.next.on_server() {
        let name = TableName::of(table);
        let next = keys.next.get(&name).unwrap_or(&none);
        let was = keys.previous.get(renames.table_before(&name));
        let was = was.unwrap_or(&none);
        if was.is_empty() && next.is_empty() {
            continue;
        }
        let mut left: Vec<&ForeignKeyDef> = was.iter().collect();
        for key in next {
            let before = as_before(&name, key, renames);
            let stays = |it: &&ForeignKeyDef| alike(it, &before) && !rekeyed.contains(&key.target);
            match left.iter().position(stays) {
                Some(at) => {
                    let was = left.remove(at);
                    if was.name != key.name {
                        steps.push(rename(&name, &was.name, &key.name));
                    }
                }
                None => {
                    let one = left
                        .iter()
                        .position(|it| it.columns == before.columns || it.name == key.name);
                    if let Some(at) = one {
                        dropped.push(drop(&name, &left.remove(at).name));
                    }
                    steps.push(Step::AddForeignKey {
                        table: name.clone(),
                        key: key.clone(),
                        not_valid: false,
                    });
                }
            }
        }
        dropped.extend(left.into_iter().map(|it| drop(&name, &it.name)));
    }
    (dropped, steps)
}

/// The key with the names that its table, its target and their columns had.
fn as_before(table: &TableName, key: &ForeignKeyDef, renames: &Renames) -> ForeignKeyDef {
    let before = |table, columns: &[String]| {
        let columns = columns.iter();
        columns
            .map(|it| renames.column_before(table, it).to_owned())
            .collect()
    };
    ForeignKeyDef {
        columns: before(table, &key.columns),
        target_columns: before(&key.target, &key.target_columns),
        target: renames.table_before(&key.target).clone(),
        ..key.clone()
    }
}

fn alike(a: &ForeignKeyDef, b: &ForeignKeyDef) -> bool {
    a.columns == b.columns
        && a.target == b.target
        && a.target_columns == b.target_columns
        && a.on_delete == b.on_delete
        && a.deferred == b.deferred
}

fn add_check(table: &TableName, check: &Check) -> Step {
    Step::AddCheck {
        table: table.clone(),
        check: check.clone(),
        not_valid: false,
    }
}

pub(super) fn drop(table: &TableName, name: &str) -> Step {
    Step::DropConstraint {
        table: table.clone(),
        name: name.to_owned(),
    }
}

fn rename(table: &TableName, from: &str, to: &str) -> Step {
    Step::RenameConstraint {
        table: table.clone(),
        from: from.to_owned(),
        to: to.to_owned(),
    }
}
