//! Constraints of a table, but for foreign keys.

use syncline_schema::Schema;
use syncline_schema::model::{Index, Key, Table};

use super::table::forget_usual_names;
use super::{Folded, contradiction, foreign_key, index, table_mut};
use crate::diff::Step;
use crate::sql::primary_key_name;

pub(super) fn apply(step: &Step, schema: &mut Schema) -> Folded {
    match step {
        Step::AddPrimaryKey {
            table,
            name,
            columns,
            using_index,
        } => add_key(
            table_mut(schema, table)?,
            name,
            columns,
            using_index.as_deref(),
        ),
        Step::AddUnique {
            table,
            index,
            using_index,
        } => add_unique(table_mut(schema, table)?, index, using_index.as_deref()),
        Step::AddCheck { table, check, .. } => {
            let table = table_mut(schema, table)?;
            free(table, &check.name)?;
            table.checks.push(check.clone());
            Ok(())
        }
        Step::Validate { table, name } => {
            let table = table_mut(schema, table)?;
            find(table, name).map(|_| ())
        }
        Step::DropConstraint { table, name } => remove(table_mut(schema, table)?, name),
        Step::RenameConstraint { table, from, to } => rename(table_mut(schema, table)?, from, to),
        _ => Ok(()),
    }
}

/// A constraint that a table has.
enum Found {
    Key,
    Check(usize),
    Unique(usize),
    /// Of the column at this place.
    ForeignKey(usize),
    /// Of the column at this place; PostgreSQL 18 names these.
    NotNull(usize),
}

fn search(table: &Table, name: &str) -> Option<Found> {
    if !table.key_columns().is_empty() && primary_key_name(table) == name {
        return Some(Found::Key);
    }
    if let Some(at) = table.checks.iter().position(|it| it.name == name) {
        return Some(Found::Check(at));
    }
    let unique = |it: &Index| it.name == name && it.constraint;
    if let Some(at) = table.indexes.iter().position(unique) {
        return Some(Found::Unique(at));
    }
    if let Some(at) = foreign_key::position(table, name) {
        return Some(Found::ForeignKey(at));
    }
    let not_null = table.columns.iter().position(|it| {
        !it.nullable
            && name.strip_suffix("_not_null") == Some(&format!("{}_{}", table.name, it.name))
    });
    not_null.map(Found::NotNull)
}

fn find(table: &Table, name: &str) -> Result<Found, super::Misfit> {
    search(table, name)
        .ok_or_else(|| contradiction(format!("{} has no constraint {name}", table.name)))
}

/// Is no constraint of this name there?
pub(super) fn free(table: &Table, name: &str) -> Folded {
    match search(table, name) {
        Some(_) => Err(contradiction(format!(
            "{} has a constraint {name} already",
            table.name
        ))),
        None => Ok(()),
    }
}

fn add_key(table: &mut Table, name: &str, columns: &[String], using: Option<&str>) -> Folded {
    if !table.key_columns().is_empty() {
        return Err(contradiction(format!(
            "{} has a primary key already",
            table.name
        )));
    }
    free(table, name)?;
    let columns = match using {
        Some(using) => take_index(table, using)?.1,
        None => columns.to_vec(),
    };
    for column in &columns {
        super::column::of(table, column)?.nullable = false;
    }
    table.key = Key::Columns(columns);
    table.key_name = Some(name.to_owned());
    forget_usual_names(table);
    Ok(())
}

/// Takes a unique index out of a table, to make a constraint of it.
fn take_index(table: &mut Table, name: &str) -> Result<(Index, Vec<String>), super::Misfit> {
    let at = index::position(table, name)
        .ok_or_else(|| contradiction(format!("{} has no index {name}", table.name)))?;
    let columns = index::plain_columns(&table.indexes[at])
        .ok_or_else(|| contradiction(format!("the index {name} is on more than columns")))?;
    Ok((table.indexes.remove(at), columns))
}

fn add_unique(table: &mut Table, rule: &Index, using: Option<&str>) -> Folded {
    free(table, &rule.name)?;
    let mut index = match using {
        Some(using) => take_index(table, using)?.0,
        None => rule.clone(),
    };
    index.name.clone_from(&rule.name);
    index.unique = true;
    index.constraint = true;
    index::create(table, index)
}

fn remove(table: &mut Table, name: &str) -> Folded {
    match find(table, name)? {
        Found::Key => {
            table.key = Key::Columns(Vec::new());
            table.key_name = None;
        }
        Found::Check(at) => {
            table.checks.remove(at);
        }
        Found::Unique(at) => {
            table.indexes.remove(at);
        }
        Found::ForeignKey(at) => table.columns[at].references = None,
        Found::NotNull(at) => table.columns[at].nullable = true,
    }
    Ok(())
}

fn rename(table: &mut Table, from: &str, to: &str) -> Folded {
    let found = find(table, from)?;
    free(table, to)?;
    let to = to.to_owned();
    match found {
        Found::Key => table.key_name = Some(to),
        Found::Check(at) => table.checks[at].name = to,
        Found::Unique(at) => table.indexes[at].name = to,
        Found::ForeignKey(at) => {
            if let Some(reference) = &mut table.columns[at].references {
                reference.name = Some(to);
            }
        }
        // Their names are not kept.
        Found::NotNull(_) => {}
    }
    forget_usual_names(table);
    Ok(())
}
