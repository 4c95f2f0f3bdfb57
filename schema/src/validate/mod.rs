//! The rules of a sound schema, as one flat list: one function a rule, one file a noun.

mod columns;
mod indexes;
mod names;
mod references;
mod roles;
mod streams;
mod tables;

use crate::diagnostic::Diagnostics;
use crate::model::{Schema, Table};

/// Rules that look at one table in its schema.
const TABLE_RULES: &[fn(&Schema, &Table, &mut Diagnostics)] = &[
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
    columns::renames,
    references::targets,
    references::enforced,
    indexes::known_columns,
    indexes::global,
];

/// Rules that look at the whole schema.
const SCHEMA_RULES: &[fn(&Schema, &mut Diagnostics)] = &[
    names::tables_collide,
    names::indexes_collide,
    tables::renames,
    tables::removed_tables_in_use,
    streams::names,
    streams::queries,
];

/// Runs every rule.
pub(crate) fn validate(schema: &Schema, out: &mut Diagnostics) {
    for table in &schema.tables {
        for rule in TABLE_RULES {
            rule(schema, table, out);
        }
    }
    for rule in SCHEMA_RULES {
        rule(schema, out);
    }
}
