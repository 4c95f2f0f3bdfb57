//! Columns of a table.

use syncline_schema::Schema;
use syncline_schema::literal::default_of;
use syncline_schema::model::{Column, ColumnType, Index, IndexPart, Key, Table};

use super::table::{column_facts, forget_usual_names, keep_names};
use super::{Folded, Misfit, contradiction, mention, table_mut};
use crate::diff::TableName;
use crate::read::sql::default;

/// The column of this name.
pub(super) fn of<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Column, Misfit> {
    let table_name = &table.name;
    table
        .columns
        .iter_mut()
        .find(|it| it.name == name)
        .ok_or_else(|| contradiction(format!("{table_name} has no column {name}")))
}

pub(super) fn add(table: &mut Table, column: &Column) -> Folded {
    if table.column(&column.name).is_some() {
        return Err(contradiction(format!(
            "{} has a column {} already",
            table.name, column.name
        )));
    }
    table.columns.push(column_facts(column));
    Ok(())
}

/// Drops a column with what belongs to it: indexes and checks that mention it, its foreign keys,
/// the key that it is a part of, and foreign keys that point at it.
pub(super) fn drop(name: &TableName, column: &str, schema: &mut Schema) -> Folded {
    let table = table_mut(schema, name)?;
    of(table, column)?;
    if table.owner().is_some_and(|owner| owner.name == column) {
        // The foreign keys of two columns began with it.
        for column in &mut table.columns {
            column.references = None;
        }
    }
    table.columns.retain(|it| it.name != column);
    table.indexes.retain(|it| !index_mentions(it, column));
    table
        .checks
        .retain(|it| !mention::mentions(&it.expression, column));
    if table.key_columns().contains(&column) {
        table.key = Key::Columns(Vec::new());
        table.key_name = None;
    }
    for other in schema.tables.iter_mut().flat_map(|it| &mut it.columns) {
        if other
            .references
            .as_ref()
            .is_some_and(|it| it.table == name.name && it.column == column)
        {
            other.references = None;
        }
    }
    Ok(())
}

fn index_mentions(index: &Index, column: &str) -> bool {
    let in_part = |part: &IndexPart| match part {
        IndexPart::Column(name) => name == column,
        IndexPart::Expression(sql) => mention::mentions(sql, column),
    };
    index.columns.iter().any(|it| in_part(&it.part))
        || index.include.iter().any(|it| it == column)
        || index
            .predicate
            .as_deref()
            .is_some_and(|sql| mention::mentions(sql, column))
}

/// Renames a column wherever the schema names it. Names of constraints and indexes stay.
pub(super) fn rename(name: &TableName, from: &str, to: &str, schema: &mut Schema) -> Folded {
    let table = table_mut(schema, name)?;
    if table.column(to).is_some() {
        return Err(contradiction(format!(
            "{} has a column {to} already",
            table.name
        )));
    }
    of(table, from)?;
    keep_names(table);
    let mut key: Vec<String> = table.key_columns().into_iter().map(str::to_owned).collect();
    super::rename_word(&mut key, from, to);
    to.clone_into(&mut of(table, from)?.name);
    if matches!(table.key, Key::Columns(_)) || !table.key_columns().iter().eq(key.iter()) {
        table.key = Key::Columns(key);
    }
    for index in &mut table.indexes {
        for part in &mut index.columns {
            match &mut part.part {
                IndexPart::Column(name) if name == from => to.clone_into(name),
                IndexPart::Column(_) => {}
                IndexPart::Expression(sql) => *sql = mention::renamed(sql, from, to),
            }
        }
        super::rename_word(&mut index.include, from, to);
        if let Some(sql) = &mut index.predicate {
            *sql = mention::renamed(sql, from, to);
        }
    }
    for check in &mut table.checks {
        check.expression = mention::renamed(&check.expression, from, to);
    }
    forget_usual_names(table);
    for other in schema.tables.iter_mut().flat_map(|it| &mut it.columns) {
        if let Some(reference) = &mut other.references
            && reference.table == name.name
            && reference.column == from
        {
            to.clone_into(&mut reference.column);
        }
    }
    Ok(())
}

pub(super) fn set_type(table: &mut Table, column: &str, to: &ColumnType) -> Folded {
    let column = of(table, column)?;
    // The default is written anew for the new type.
    let default = default_of(column).map(|sql| sql.into_owned());
    column.ty = to.clone();
    if let Some(sql) = default {
        column.default = default::read(&sql, to);
    }
    Ok(())
}

pub(super) fn drop_not_null(table: &mut Table, column: &str) -> Folded {
    if table.key_columns().contains(&column) {
        return Err(contradiction(format!(
            "{column} is in the primary key of {}",
            table.name
        )));
    }
    of(table, column)?.nullable = true;
    Ok(())
}
