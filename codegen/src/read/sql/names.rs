//! The names that PostgreSQL gives to constraints and indexes that have none.

use std::collections::HashSet;

use syncline_schema::model::Table;
use syncline_schema::names::MAX_IDENTIFIER;

use super::constraint::columns_in;
use crate::sql::primary_key_name;

/// Names that are taken in the statement at hand; those that the table has are looked up.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// Of a table's names.
    pub(super) fn of(table: &Table) -> Self {
        let mut taken: HashSet<String> = HashSet::new();
        taken.extend(table.checks.iter().map(|it| it.name.clone()));
        taken.extend(table.indexes.iter().map(|it| it.name.clone()));
        if !table.key_columns().is_empty() {
            taken.insert(primary_key_name(table));
        }
        for column in &table.columns {
            if let Some(reference) = &column.references {
                let usual = || syncline_schema::names::foreign_key(&table.name, &column.name);
                taken.insert(reference.name.clone().unwrap_or_else(usual));
            }
        }
        Self { taken }
    }

    /// Notes a name that is given.
    pub(super) fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    fn free(&mut self, table: &str, column: &str, label: &str) -> String {
        let mut number = 0_u32;
        loop {
            let label = match number {
                0 => label.to_owned(),
                n => format!("{label}{n}"),
            };
            let name = made(table, column, &label);
            if self.taken.insert(name.clone()) {
                return name;
            }
            number += 1;
        }
    }

    pub(super) fn key(&mut self, table: &Table) -> String {
        self.free(&table.name, "", "pkey")
    }

    pub(super) fn unique(&mut self, table: &Table, columns: &[String]) -> String {
        self.free(&table.name, &joined(columns), "key")
    }

    pub(super) fn foreign_key(&mut self, table: &Table, columns: &[String]) -> String {
        self.free(&table.name, &joined(columns), "fkey")
    }

    /// After the column, where there is just one in the condition.
    pub(super) fn check(&mut self, table: &Table, expression: &str) -> String {
        let column = match columns_in(table, expression).as_slice() {
            [one] => (*one).to_owned(),
            _ => String::new(),
        };
        self.free(&table.name, &column, "check")
    }

    /// After the columns, and after what PostgreSQL calls its expressions.
    pub(super) fn index(&mut self, table: &Table, parts: &[String]) -> String {
        let mut called: Vec<String> = Vec::with_capacity(parts.len());
        for part in parts {
            let mut name = part.clone();
            for number in 1_usize.. {
                if !called.contains(&name) {
                    break;
                }
                name = format!("{part}{number}");
            }
            called.push(name);
        }
        self.free(&table.name, &joined(&called), "idx")
    }
}

fn joined(columns: &[String]) -> String {
    let mut out = String::new();
    for column in columns {
        if !out.is_empty() {
            out.push('_');
        }
        // No more is looked at than fits.
        if out.len() >= MAX_IDENTIFIER {
            break;
        }
        out.push_str(column);
    }
    out
}

/// `table_column_label`, where the longer of table and column is cut until it fits.
fn made(table: &str, column: &str, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(!column.is_empty());
    let room = MAX_IDENTIFIER.saturating_sub(overhead);
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let cut = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text[..at].to_owned()
    };
    let mut out = cut(table, first);
    if !column.is_empty() {
        out.push('_');
        out.push_str(&cut(column, second));
    }
    out.push('_');
    out.push_str(label);
    out
}
