//! Tables, whole.

use std::borrow::Cow;

use syncline_schema::Schema;
use syncline_schema::literal::default_of;
use syncline_schema::model::{Access, Column, DefaultValue, Key, Role, Scalar, Table};
use syncline_schema::names;

use super::{Folded, contradiction, position, table_mut};
use crate::diff::TableName;
use crate::read::expression::same;
use crate::sql::{owner_condition, primary_key_name};

/// What PostgreSQL holds of a table when `CREATE TABLE` has run: columns, key and checks.
pub fn facts(table: &Table) -> Table {
    let mut out = Table::new(&table.name, table.residence);
    out.schema.clone_from(&table.schema);
    out.access = Access::Streams;
    out.key = Key::Columns(table.key_columns().into_iter().map(str::to_owned).collect());
    out.key_name.clone_from(&table.key_name);
    out.checks = table.all_checks();
    out.columns = table.columns.iter().map(column_facts).collect();
    out.place = table.place;
    if let Key::Columns(key) = &out.key {
        for column in &mut out.columns {
            column.nullable &= !key.contains(&column.name);
        }
    }
    out
}

/// What PostgreSQL holds of a column when `ADD COLUMN` has run: type, NULL and default.
pub(super) fn column_facts(column: &Column) -> Column {
    let mut out = Column::new(
        &column.name,
        column.ty.scalar.clone(),
        column.nullable,
        Role::Data,
    );
    out.ty.array = column.ty.array;
    out.place = column.place;
    out.default.clone_from(&column.default);
    if default_of(column).is_none() || out.default == Some(DefaultValue::Device) {
        out.default = None;
    }
    forget_words(&mut out);
    out
}

/// An enum without a type of its own is text with a check.
fn forget_words(column: &mut Column) {
    if matches!(&column.ty.scalar, Scalar::Enum(it) if it.native.is_none()) {
        column.ty.scalar = Scalar::Text;
    }
}

/// Turns the conditions that columns have by themselves into the table's checks, which they are
/// to PostgreSQL.
pub(super) fn lower_conditions(table: &mut Table) {
    if table.columns.iter().all(|it| it.condition().is_none()) {
        return;
    }
    table.checks = table.all_checks();
    for column in &mut table.columns {
        column.check = None;
        column.max_length = None;
        forget_words(column);
    }
}

pub(super) fn create(table: &Table, schema: &mut Schema) -> Folded {
    let name = TableName::of(table);
    if position(schema, &name).is_some() {
        return Err(contradiction(format!("the table {name} is there already")));
    }
    schema.tables.push(facts(table));
    Ok(())
}

pub(super) fn drop(name: &TableName, schema: &mut Schema) -> Folded {
    let at =
        position(schema, name).ok_or_else(|| contradiction(format!("there is no table {name}")))?;
    schema.tables.remove(at);
    if is_only(schema, &name.name) {
        return Ok(());
    }
    for column in schema.tables.iter_mut().flat_map(|it| &mut it.columns) {
        if column
            .references
            .as_ref()
            .is_some_and(|it| it.table == name.name)
        {
            column.references = None;
        }
    }
    Ok(())
}

/// Is there still a table of this bare name, so that references mean it?
fn is_only(schema: &Schema, name: &str) -> bool {
    schema.tables.iter().any(|it| it.name == name)
}

pub(super) fn rename(name: &TableName, to: &str, schema: &mut Schema) -> Folded {
    if position(schema, &name.sibling(to)).is_some() {
        return Err(contradiction(format!("the table {to} is there already")));
    }
    let table = table_mut(schema, name)?;
    keep_names(table);
    to.clone_into(&mut table.name);
    forget_usual_names(table);
    for column in schema.tables.iter_mut().flat_map(|it| &mut it.columns) {
        if let Some(reference) = &mut column.references
            && reference.table == name.name
        {
            to.clone_into(&mut reference.table);
        }
    }
    Ok(())
}

pub(super) fn move_to(name: &TableName, to: Option<&str>, schema: &mut Schema) -> Folded {
    let new = TableName::new(to, &name.name);
    if new != *name && position(schema, &new).is_some() {
        return Err(contradiction(format!("the table {new} is there already")));
    }
    table_mut(schema, name)?.schema = new.schema;
    Ok(())
}

/// Our own policy names the owner; any other is nothing to a schema. Is it our own?
pub(crate) fn set_policy(table: &mut Table, name: &str, using: &str) -> bool {
    let ours = name == names::fit(&format!("{}_owner_policy", table.name));
    let of_owner = |column: &Column| {
        let mut alone = Table::new(&table.name, table.residence);
        let mut column = column.clone();
        column.role = Role::Owner;
        alone.columns.push(column);
        owner_condition(&alone).is_some_and(|condition| same(&condition, using))
    };
    let found = table.columns.iter().position(of_owner).filter(|_| ours);
    if let Some(at) = found.filter(|_| table.key != Key::Owner) {
        for column in table.columns.iter_mut().filter(|it| it.role == Role::Owner) {
            column.role = Role::Data;
        }
        table.columns[at].role = Role::Owner;
    }
    found.is_some()
}

/// Says the names that follow from other names, which are about to change: PostgreSQL renames no
/// constraint along.
pub(super) fn keep_names(table: &mut Table) {
    table.key_name = Some(primary_key_name(table));
    let name = table.name.clone();
    for column in &mut table.columns {
        if let Some(reference) = &mut column.references
            && reference.name.is_none()
        {
            reference.name = Some(names::foreign_key(&name, &column.name));
        }
    }
}

/// Leaves out the names that follow from other names, as [`keep_names`] is needed no more.
pub(super) fn forget_usual_names(table: &mut Table) {
    let usual = |given: &Option<String>, usual: Cow<'_, str>| given.as_deref() == Some(&usual);
    let key = names::fit(&format!("{}_pkey", table.name));
    if usual(&table.key_name, key.into()) || table.key_columns().is_empty() {
        table.key_name = None;
    }
    let name = table.name.clone();
    for column in &mut table.columns {
        if let Some(reference) = &mut column.references
            && usual(
                &reference.name,
                names::foreign_key(&name, &column.name).into(),
            )
        {
            reference.name = None;
        }
    }
}
