//! The end of what a rename or a new type keeps alive for old devices.

use syncline_schema::Schema;
use syncline_schema::model::{Column, Table};
use syncline_schema::source::edit::Edit;

use crate::diff::{Pair, TableName, tables};

/// What can be ended, and what cannot yet.
#[derive(Clone, Debug, Default)]
pub struct Contract {
    /// The lines that go. What they leave behind, [`super::forgotten`] lists.
    pub edits: Vec<Edit>,
    /// Tables and columns whose change no migration has made yet: the old one is all there is.
    pub early: Vec<String>,
}

/// Ends the changes of the source. `wanted` names a table, or a column as `table.column` by its
/// new or its old name; all where none.
pub fn contract(schemas: Pair<&Schema>, wanted: Option<&str>) -> Contract {
    let mut out = Contract::default();
    let previous = tables(schemas.previous);
    for next in schemas.next.on_server() {
        let before = previous.get(&TableName::of(next)).copied();
        if let Some(old) = next.renamed_from.as_deref()
            && is_wanted(wanted, &next.name, old)
        {
            out.take(before.is_some(), next.name.clone(), || {
                Edit::EndTableRename {
                    table: next.name.clone(),
                }
            });
        }
        for column in &next.columns {
            of_column(next, before, column, wanted, &mut out);
        }
    }
    out
}

fn of_column(
    table: &Table,
    before: Option<&Table>,
    column: &Column,
    wanted: Option<&str>,
    out: &mut Contract,
) {
    // A former name is not declared; the column that has it now says what ends.
    if column.is_former_name() {
        return;
    }
    let old = column
        .renamed_from
        .as_deref()
        .or(column.replaces.as_deref());
    let Some(old) = old else { return };
    let full = |name: &str| format!("{}.{name}", table.name);
    let of_table = wanted == Some(&table.name);
    if !of_table && !is_wanted(wanted, &full(&column.name), &full(old)) {
        return;
    }
    let made = before.is_some_and(|it| it.column(&column.name).is_some());
    let (table, name) = (table.name.clone(), column.name.clone());
    out.take(made, full(&column.name), || match &column.replaces {
        Some(replaced) => Edit::EndReplacement {
            table,
            column: name,
            replaced: replaced.clone(),
        },
        None => Edit::EndColumnRename {
            table,
            column: name,
        },
    });
}

impl Contract {
    fn take(&mut self, made: bool, name: String, edit: impl FnOnce() -> Edit) {
        if made {
            self.edits.push(edit());
        } else {
            self.early.push(name);
        }
    }
}

fn is_wanted(wanted: Option<&str>, new: &str, old: &str) -> bool {
    wanted.is_none_or(|it| it == new || it == old)
}
