//! The rules of a sound schema, as one flat list: one function a rule, one file a noun.

mod changes;
mod columns;
mod indexes;
mod names;
mod references;
mod roles;
#[cfg(feature = "streams")]
mod streams;
mod tables;

#[cfg(feature = "streams")]
pub use streams::lint_stream;

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::diagnostic::Diagnostics;
use crate::model::{Schema, Table};

/// The schema, with its tables by name: every reference looks one up.
struct Scope<'a> {
    schema: &'a Schema,
    by_name: BTreeMap<&'a str, &'a Table>,
}

impl<'a> Scope<'a> {
    /// The table of this name.
    fn table(&self, name: &str) -> Option<&'a Table> {
        self.by_name.get(name).copied()
    }
}

impl Deref for Scope<'_> {
    type Target = Schema;

    fn deref(&self) -> &Schema {
        self.schema
    }
}

/// Rules that look at one table in its schema.
const TABLE_RULES: &[fn(&Scope<'_>, &Table, &mut Diagnostics)] = &[
    names::table,
    names::columns,
    names::columns_collide,
    roles::id,
    roles::owner,
    roles::timestamps,
    tables::options,
    tables::key,
    tables::too_many_columns,
    tables::removed_in_use,
    tables::track_previous,
    columns::options,
    columns::of_one_side,
    columns::fillable,
    changes::renamed_columns,
    changes::replaced_columns,
    changes::uses_of_replaced,
    indexes::known_columns,
    indexes::global,
];

/// Rules that look at one table and those that it points at.
const REFERENCE_RULES: &[fn(&Scope<'_>, &Table, &mut Diagnostics)] =
    &[references::targets, references::enforced];

/// Rules that look at the whole schema.
const SCHEMA_RULES: &[fn(&Scope<'_>, &mut Diagnostics)] = &[
    names::tables_collide,
    names::indexes_collide,
    names::native_enums,
    changes::renamed_tables,
    tables::removed_tables_in_use,
    #[cfg(feature = "streams")]
    streams::names,
    #[cfg(feature = "streams")]
    streams::queries,
];

/// Runs every rule.
pub(crate) fn validate(schema: &Schema, out: &mut Diagnostics) {
    let scope = scope(schema);
    run(&scope, TABLE_RULES, out);
    run(&scope, REFERENCE_RULES, out);
    for rule in SCHEMA_RULES {
        rule(&scope, out);
    }
}

/// Runs the rules that need no other tables than those that are there.
#[cfg(feature = "rust")]
pub(crate) fn alone(schema: &Schema, out: &mut Diagnostics) {
    run(&scope(schema), TABLE_RULES, out);
}

fn scope(schema: &Schema) -> Scope<'_> {
    let tables = schema.tables.iter();
    Scope {
        schema,
        by_name: tables.map(|table| (table.name.as_str(), table)).collect(),
    }
}

fn run(
    scope: &Scope<'_>,
    rules: &[fn(&Scope<'_>, &Table, &mut Diagnostics)],
    out: &mut Diagnostics,
) {
    for table in &scope.schema.tables {
        for rule in rules {
            rule(scope, table, out);
        }
    }
}
