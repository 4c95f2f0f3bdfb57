//! A step into a schema: what PostgreSQL would hold after it.
//!
//! Only what PostgreSQL holds is folded: a table that a step made has its checks in `checks`, its
//! key by its columns, and no roles but the owner's, where a foreign key of two columns or our own
//! policy says it. Other policies, grants and the publication have no place in a table;
//! [`crate::read::sql::Replay`] keeps the publication's.

mod column;
mod constraint;
mod foreign_key;
mod index;
mod mention;
mod table;

use std::fmt;

use syncline_schema::Schema;
use syncline_schema::model::{Literal, Scalar, Table};

use super::{Step, TableName};

pub use table::facts;
#[cfg(feature = "live")]
pub(crate) use table::set_policy;

/// Why a step cannot be folded. The schema is as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The schema is not what the step takes it for: a table that is not there, a name that is
    /// taken. PostgreSQL would refuse the step as well.
    Contradiction(String),
    /// PostgreSQL would do it; a schema has no place for it.
    Beyond(String),
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contradiction(why) | Self::Beyond(why) => f.write_str(why),
        }
    }
}

/// What folding gives.
pub type Folded = Result<(), Misfit>;

fn contradiction(why: impl Into<String>) -> Misfit {
    Misfit::Contradiction(why.into())
}

/// Folds one step into a schema.
///
/// # Errors
/// [`Misfit`], where the step does not fit the schema, or a schema cannot hold what it makes.
pub fn apply(step: &Step, schema: &mut Schema) -> Folded {
    match step {
        Step::CreateTable(table) => table::create(table, schema),
        Step::DropTable(name) => table::drop(name, schema),
        Step::RenameTable { table, to } => table::rename(table, to, schema),
        Step::SetSchema { table, to } => table::move_to(table, to.as_deref(), schema),
        Step::AddColumn { table, column } => column::add(table_mut(schema, table)?, column),
        Step::DropColumn { table, column } => column::drop(table, column, schema),
        Step::RenameColumn { table, from, to } => column::rename(table, from, to, schema),
        Step::SetType {
            table, column, to, ..
        } => column::set_type(table_mut(schema, table)?, column, to),
        Step::SetDefault {
            table,
            column,
            default,
        } => {
            column::of(table_mut(schema, table)?, &column.name)?.default = default.clone();
            Ok(())
        }
        Step::SetNotNull { table, column } => {
            column::of(table_mut(schema, table)?, column)?.nullable = false;
            Ok(())
        }
        Step::DropNotNull { table, column } => {
            column::drop_not_null(table_mut(schema, table)?, column)
        }
        Step::AddPrimaryKey { .. }
        | Step::AddUnique { .. }
        | Step::AddCheck { .. }
        | Step::Validate { .. }
        | Step::DropConstraint { .. }
        | Step::RenameConstraint { .. } => constraint::apply(step, schema),
        Step::AddForeignKey { table, key, .. } => foreign_key::add(table, key, schema),
        Step::CreateIndex { table, index, .. } => {
            index::create(table_mut(schema, table)?, index.as_ref().clone())
        }
        Step::DropIndex { table, name, .. } => index::drop(table_mut(schema, table)?, name),
        Step::RenameIndex { table, from, to } => index::rename(table_mut(schema, table)?, from, to),
        Step::RowSecurity { table, on } => {
            table_mut(schema, table)?.rls = *on;
            Ok(())
        }
        Step::CreatePolicy { table, name, using } => {
            table::set_policy(table_mut(schema, table)?, name, using);
            Ok(())
        }
        Step::Comment {
            table,
            column,
            text,
        } => comment(table_mut(schema, table)?, column.as_deref(), text.clone()),
        Step::AddEnumValue {
            name,
            value,
            before,
        } => {
            for_enum(schema, name, |words| {
                add_word(words, value, before.as_deref())
            });
            Ok(())
        }
        Step::RenameEnumValue { name, from, to } => {
            rename_enum_value(schema, name, from, to);
            Ok(())
        }
        Step::DropEnum(name) => drop_enum(schema, name),
        Step::DropSchema(name) => drop_schema(schema, name),
        // A schema and an enum type are where a table or column says so. The rest changes rows,
        // or what is not in a table.
        Step::CreateSchema(_)
        | Step::CreateEnum(_)
        | Step::Fill { .. }
        | Step::DropPolicy { .. }
        | Step::Grant { .. }
        | Step::Revoke { .. }
        | Step::Publish(_)
        | Step::Unpublish(_)
        | Step::Other { .. } => Ok(()),
    }
}

/// Where a table of this name stands.
pub(crate) fn position(schema: &Schema, name: &TableName) -> Option<usize> {
    // Scripts mostly speak of the table that they made last.
    schema
        .tables
        .iter()
        .rposition(|it| it.name == name.name && it.schema == name.schema)
}

/// The table of this name.
pub(crate) fn table_of<'a>(schema: &'a Schema, name: &TableName) -> Option<&'a Table> {
    position(schema, name).map(|at| &schema.tables[at])
}

fn table_mut<'a>(schema: &'a mut Schema, name: &TableName) -> Result<&'a mut Table, Misfit> {
    let at =
        position(schema, name).ok_or_else(|| contradiction(format!("there is no table {name}")))?;
    let table = &mut schema.tables[at];
    table::lower_conditions(table);
    Ok(table)
}

fn comment(table: &mut Table, column: Option<&str>, text: Option<String>) -> Folded {
    match column {
        None => table.doc = text,
        Some(name) => column::of(table, name)?.doc = text,
    }
    Ok(())
}

/// Puts a word into an enum's list, where it is not there yet.
pub(crate) fn add_word(words: &mut Vec<String>, value: &str, before: Option<&str>) {
    if words.iter().any(|word| word == value) {
        return;
    }
    let at = before.and_then(|before| words.iter().position(|word| word == before));
    words.insert(at.unwrap_or(words.len()), value.to_owned());
}

fn for_enum(schema: &mut Schema, name: &str, change: impl Fn(&mut Vec<String>)) {
    for column in schema.tables.iter_mut().flat_map(|it| &mut it.columns) {
        if let Scalar::Enum(it) = &mut column.ty.scalar
            && it.native.as_deref() == Some(name)
        {
            change(&mut it.values);
        }
    }
}

fn rename_enum_value(schema: &mut Schema, name: &str, from: &str, to: &str) {
    use syncline_schema::model::DefaultValue;
    for column in schema.tables.iter_mut().flat_map(|it| &mut it.columns) {
        let Scalar::Enum(it) = &mut column.ty.scalar else {
            continue;
        };
        if it.native.as_deref() != Some(name) {
            continue;
        }
        rename_word(&mut it.values, from, to);
        match &mut column.default {
            Some(DefaultValue::Literal(Literal::Text(word))) if word == from => {
                to.clone_into(word);
            }
            Some(DefaultValue::Literal(Literal::Array(words))) => {
                for word in words {
                    if *word == Literal::Text(from.to_owned()) {
                        *word = Literal::Text(to.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
}

/// Spells a word of an enum's list anew.
pub(crate) fn rename_word(words: &mut [String], from: &str, to: &str) {
    for word in words.iter_mut().filter(|word| *word == from) {
        to.clone_into(word);
    }
}

fn drop_enum(schema: &Schema, name: &str) -> Folded {
    for table in &schema.tables {
        for column in &table.columns {
            if matches!(&column.ty.scalar, Scalar::Enum(it) if it.native.as_deref() == Some(name)) {
                return Err(contradiction(format!(
                    "{}.{} still is of the type {name}",
                    table.name, column.name
                )));
            }
        }
    }
    Ok(())
}

fn drop_schema(schema: &Schema, name: &str) -> Folded {
    match schema
        .tables
        .iter()
        .find(|it| it.schema.as_deref() == Some(name))
    {
        Some(table) => Err(contradiction(format!(
            "the schema {name} still holds the table {}",
            table.name
        ))),
        None => Ok(()),
    }
}
