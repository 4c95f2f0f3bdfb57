//! What is known before a step is taken.

use std::collections::BTreeSet;

use syncline_schema::model::{Column, DefaultValue, Residence, Scalar, Table};
use syncline_schema::{Schema, names};

use super::super::{Step, TableName};
use crate::read::expression::same;
use crate::sql;

/// The schema as a migration goes on.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// The schema before the migration: what devices that are out there may know.
    pub start: &'a Schema,
    /// The schema after the migration, where it is known: what the server will take from devices.
    pub end: Option<&'a Schema>,
    /// The schema as it is now.
    pub now: Schema,
    /// Tables that this migration made: empty, and nobody uses them yet.
    created: BTreeSet<TableName>,
    /// Columns whose rows without a value were all given one.
    filled: BTreeSet<(String, String)>,
}

impl<'a> World<'a> {
    /// Before the first step.
    pub fn new(start: &'a Schema, end: Option<&'a Schema>) -> Self {
        let mut now = start.clone();
        for column in now.tables.iter_mut().flat_map(|it| &mut it.columns) {
            if column.expanding {
                *column = column.in_postgres().into_owned();
            }
        }
        Self {
            start,
            end,
            now,
            created: BTreeSet::new(),
            filled: BTreeSet::new(),
        }
    }

    /// After this step. One that does not fit the schema leaves it as it is: reading says so.
    pub fn take(&mut self, step: &Step) {
        match step {
            Step::CreateTable(table) => {
                self.created.insert(TableName::of(table));
            }
            Step::Fill { .. } => self.filled.extend(fills(&sql::step(step))),
            Step::Other { sql } => self.filled.extend(fills(sql)),
            _ => {}
        }
        let _ = super::super::fold::apply(step, &mut self.now);
    }

    pub(super) fn is_new(&self, table: &TableName) -> bool {
        self.created.contains(table)
    }

    pub(super) fn is_filled(&self, table: &TableName, column: &str) -> bool {
        let key = (table.to_string(), names::quote_sql(column));
        self.filled.contains(&key)
    }

    pub(super) fn table(&self, name: &TableName) -> Option<&Table> {
        find(&self.now, name)
    }

    /// The table as it was before the migration, by the name that it has now.
    pub(super) fn before(&self, name: &TableName) -> Option<&Table> {
        find(self.start, name)
    }

    /// Will the server take uploads under this name of a table as well?
    pub(super) fn answers_to(&self, table: &TableName, to: &str) -> bool {
        let renamed = self.end.and_then(|end| find(end, &table.sibling(to)));
        renamed.and_then(Table::former_name) == Some(&table.name)
    }

    pub(super) fn column(&self, table: &TableName, column: &str) -> Option<&Column> {
        self.table(table)?.column(column)
    }

    pub(super) fn is_synced(&self, table: &TableName) -> bool {
        self.table(table)
            .is_some_and(|it| it.residence == Residence::Synced)
    }

    /// Do devices know the column?
    pub(super) fn on_devices(&self, table: &TableName, column: &str) -> bool {
        self.is_synced(table) && self.column(table, column).is_some_and(|it| !it.server_only)
    }

    /// Does a synced table use the native enum type?
    pub(super) fn on_devices_as_type(&self, name: &str) -> bool {
        let is_it = |it: &Column| matches!(&it.ty.scalar, Scalar::Enum(it) if it.native.as_deref() == Some(name));
        self.now
            .synced()
            .any(|table| table.columns.iter().any(is_it))
    }

    /// Does a rule already say that the column is never NULL?
    pub(super) fn never_null(&self, table: &TableName, column: &str) -> bool {
        let condition = format!("{} IS NOT NULL", names::quote_sql(column));
        self.table(table).is_some_and(|it| {
            it.checks
                .iter()
                .any(|check| same(&check.expression, &condition))
        })
    }

    /// Does PostgreSQL fill the column where an upload leaves it out?
    pub(super) fn has_default(&self, table: &TableName, column: &str) -> bool {
        let column = self.column(table, column);
        column.is_some_and(|it| !matches!(it.default, None | Some(DefaultValue::Device)))
    }
}

/// The table and column of each `UPDATE table SET column = … WHERE column IS NULL` in a statement,
/// as SQL writes them: also of the ones in a block, which is how batches are written.
fn fills(sql: &str) -> Vec<(String, String)> {
    let updates = sql.match_indices("UPDATE ").filter_map(|(at, word)| {
        let update = &sql[at + word.len()..];
        let update = update.split(';').next()?;
        let (table, rest) = update.split_once(" SET ")?;
        let (column, rest) = rest.split_once(" = ")?;
        let (_, condition) = rest.rsplit_once("WHERE ")?;
        (condition.trim() == format!("{column} IS NULL"))
            .then(|| (table.trim().to_owned(), column.to_owned()))
    });
    updates.collect()
}

fn find<'a>(schema: &'a Schema, name: &TableName) -> Option<&'a Table> {
    let mut tables = schema.tables.iter();
    tables.find(|it| it.name == name.name && TableName::of(it) == *name)
}
