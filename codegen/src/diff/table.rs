//! Tables: those that come, go, are renamed, and what changes inside the others.

use std::collections::{HashMap, HashSet};

use syncline_schema::Schema;
use syncline_schema::model::Table;

use super::facts::comment_of;
use super::renamed::{self, NewNames};
use super::{
    ForeignKeyDef, Pair, Renames, Step, TableName, Tables, column, constraint, facts, index,
};
use crate::sql;

/// The foreign keys of all tables.
pub(super) type Keys = HashMap<TableName, Vec<ForeignKeyDef>>;

pub(super) fn diff(
    schemas: Pair<&Schema>,
    tables: &Pair<Tables<'_>>,
    renames: &Renames,
    steps: &mut Vec<Step>,
) {
    let keys = Pair {
        previous: facts::foreign_keys(schemas.previous),
        next: facts::foreign_keys(schemas.next),
    };
    let mut kept = HashSet::with_capacity(tables.previous.len());
    let mut rekeyed = HashSet::new();
    let mut pairs = Vec::new();
    for next in schemas.next.on_server() {
        let name = TableName::of(next);
        let before = renames.table_before(&name).clone();
        match tables.previous.get(&before) {
            Some(previous) => {
                kept.insert(before.clone());
                let new_names: NewNames<'_> = renames.columns(&name).collect();
                let was = renamed::table(previous, &new_names);
                if was.key_columns() != next.key_columns() {
                    rekeyed.insert(name.clone());
                }
                pairs.push((name, before, next, was));
            }
            None => create(next, steps),
        }
    }
    // What points at a table goes before its keys can.
    let (unbound, bound) = constraint::foreign_keys(schemas, &keys, renames, &rekeyed);
    steps.extend(unbound);
    let gone = schemas.previous.on_server().map(TableName::of);
    let gone: Vec<_> = gone.filter(|it| !kept.contains(it)).collect();
    for name in &gone {
        // Tables that point at each other can then go in any order.
        let held = keys.previous.get(name).into_iter().flatten();
        steps.extend(held.map(|key| constraint::drop(name, &key.name)));
    }
    for (name, before, next, was) in &pairs {
        if name.name != before.name {
            steps.push(Step::RenameTable {
                table: before.clone(),
                to: name.name.clone(),
            });
        }
        if name.schema != before.schema {
            steps.push(Step::SetSchema {
                table: before.sibling(&name.name),
                to: name.schema.clone(),
            });
        }
        let renamed = renames.columns(name);
        steps.extend(renamed.map(|(from, to)| Step::RenameColumn {
            table: name.clone(),
            from: from.to_owned(),
            to: to.to_owned(),
        }));
        let tables = Pair {
            previous: was.as_ref(),
            next: *next,
        };
        column::diff(
            name,
            tables,
            renames,
            schemas.next.settings.migrations.batch_size,
            steps,
        );
        constraint::diff(name, tables, renames, steps);
        index::diff(name, tables, renames, steps);
    }
    steps.extend(bound);
    steps.extend(gone.into_iter().map(Step::DropTable));
}

/// A table that comes: it, its indexes, row security and comments. Foreign keys follow for all.
fn create(table: &Table, steps: &mut Vec<Step>) {
    let name = TableName::of(table);
    steps.push(Step::CreateTable(Box::new(table.clone())));
    steps.extend(table.indexes.iter().map(|it| index::create(&name, it)));
    if table.rls {
        steps.push(Step::RowSecurity {
            table: name.clone(),
            on: true,
        });
        steps.extend(policy(&name, table));
    }
    let own = (None, comment_of(&table.doc));
    let of_columns = table.columns.iter();
    let of_columns = of_columns.map(|it| (Some(it.name.clone()), comment_of(&it.doc)));
    let comments = std::iter::once(own).chain(of_columns);
    steps.extend(
        comments
            .filter(|(_, text)| text.is_some())
            .map(|(column, text)| Step::Comment {
                table: name.clone(),
                column,
                text,
            }),
    );
}

/// The policy that lets a user's statements see the user's rows.
pub(super) fn policy(name: &TableName, table: &Table) -> Option<Step> {
    Some(Step::CreatePolicy {
        table: name.clone(),
        name: sql::owner_policy(table),
        using: sql::owner_condition(table)?,
    })
}
