//! Names that some side refuses, and names that become one.

use std::collections::BTreeMap;

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Residence, Table};
use crate::names::{self, MAX_IDENTIFIER};
use crate::place::Place;

/// Columns that every PostgreSQL table has already.
const SYSTEM_COLUMNS: &[&str] = &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Members that Drizzle's table objects have already, beside the columns.
const DRIZZLE_MEMBERS: &[&str] = &[
    "_",
    "$inferSelect",
    "$inferInsert",
    "getSQL",
    "shouldOmitSQLParens",
    "enableRLS",
];

/// Tables that PowerSync, Better Auth or Syncline keep in the same place.
const RESERVED_SCHEMAS: &[&str] = &["information_schema", "syncline", "public"];

/// The name of a table, its schema, its checks.
pub(super) fn table(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    identifier("table", &table.name, table.place, out);
    if table.residence != Residence::Server {
        on_device("table", &table.name, table.place, out);
    }
    if let Some(schema) = &table.schema {
        identifier("PostgreSQL schema", schema, table.place, out);
        if schema.starts_with("pg_") || RESERVED_SCHEMAS.contains(&schema.as_str()) {
            out.push(
                Diagnostic::new(
                    Code::S009,
                    format!("a table cannot be put into the schema `{schema}`"),
                )
                .at(table.place, "of this table")
                .help(
                    "tables without `schema` are in `public`; the others need a schema of your own",
                ),
            );
        }
    }
    for check in &table.checks {
        identifier("check", &check.name, check.place, out);
    }
}

/// The names of a table's columns.
pub(super) fn columns(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for column in &table.columns {
        let place = column.place.or(table.place);
        identifier("column", &column.name, place, out);
        if table.residence != Residence::Server && !column.server_only {
            on_device("column", &column.name, place, out);
        }
        let camel = names::camel(&column.name);
        let taken = [camel.as_str(), column.name.as_str()];
        if SYSTEM_COLUMNS.contains(&column.name.as_str()) {
            out.push(
                Diagnostic::new(
                    Code::S009,
                    format!("a column cannot be called `{}`", column.name),
                )
                .at(place, "")
                .note("every PostgreSQL table has a system column of this name"),
            );
        } else if DRIZZLE_MEMBERS.iter().any(|member| taken.contains(member)) {
            out.push(
                Diagnostic::new(
                    Code::S009,
                    format!("a column cannot be called `{}`", column.name),
                )
                .at(place, "")
                .note("Drizzle's table objects have a member of this name"),
            );
        }
    }
}

fn identifier(kind: &str, name: &str, place: Place, out: &mut Diagnostics) {
    if name.len() > MAX_IDENTIFIER {
        out.push(
            Diagnostic::new(
                Code::S008,
                format!("the {kind} name `{name}` has {} bytes", name.len()),
            )
            .at(place, "")
            .note(format!(
                "PostgreSQL cuts names after {MAX_IDENTIFIER} bytes, without an error"
            ))
            .help("choose a shorter name"),
        );
    }
    if !name.chars().any(char::is_alphanumeric) || name.chars().any(char::is_control) {
        out.push(
            Diagnostic::new(Code::S009, format!("a {kind} cannot be called {name:?}")).at(
                place,
                "takes at least one letter or digit, and no control characters",
            ),
        );
    }
}

fn on_device(kind: &str, name: &str, place: Place, out: &mut Diagnostics) {
    if let Some(why) = names::powersync_refusal(name) {
        out.push(
            Diagnostic::new(Code::S006, format!("a {kind} cannot be called `{name}`"))
                .at(place, why)
                .help("use letters, digits and `_`"),
        );
    }
}

/// Columns that become one on some side.
pub(super) fn columns_collide(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let columns = table
        .columns
        .iter()
        .map(|it| (it.name.as_str(), it.place.or(table.place)));
    collide("columns", columns, out);
}

/// Tables that become one on some side.
pub(super) fn tables_collide(schema: &Scope<'_>, out: &mut Diagnostics) {
    collide(
        "tables",
        schema.tables.iter().map(|it| (it.name.as_str(), it.place)),
        out,
    );
}

/// Two names collide where TypeScript's or Rust's spelling of them is one, or where they differ
/// only in case: SQLite and unquoted SQL do not tell those apart.
fn collide<'a>(kind: &str, list: impl Iterator<Item = (&'a str, Place)>, out: &mut Diagnostics) {
    let mut seen: BTreeMap<String, (&str, Place)> = BTreeMap::new();
    for (name, place) in list {
        let key = names::camel(name).to_lowercase();
        let Some((first, first_place)) = seen.get(&key) else {
            seen.insert(key, (name, place));
            continue;
        };
        let message = format!("the {kind} `{first}` and `{name}` collide");
        out.push(
            Diagnostic::new(Code::S007, message)
                .at(place, format!("`{}` in TypeScript", names::camel(name)))
                .at(
                    *first_place,
                    format!("`{}` in TypeScript", names::camel(first)),
                )
                .help("rename one of them"),
        );
    }
}

/// PostgreSQL keeps tables and indexes of a schema under one set of names.
pub(super) fn indexes_collide(schema: &Scope<'_>, out: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, &str), Place> = BTreeMap::new();
    for table in schema.on_server() {
        seen.insert(
            (table.schema.as_deref().unwrap_or("public"), &table.name),
            table.place,
        );
    }
    for table in schema.on_server() {
        let space = table.schema.as_deref().unwrap_or("public");
        for index in &table.indexes {
            identifier("index", &index.name, index.place, out);
            if let Some(first) = seen.insert((space, &index.name), index.place) {
                out.push(
                    Diagnostic::new(
                        Code::S007,
                        format!("the index name `{}` is taken", index.name),
                    )
                    .at(index.place, "this index")
                    .at(first, "is called as this")
                    .help("give it a name of its own: name = \"…\""),
                );
            }
        }
    }
    for table in schema.on_server() {
        let mut checks = BTreeMap::new();
        for check in table.all_checks() {
            if let Some(first) = checks.insert(check.name.clone(), check.place) {
                out.push(
                    Diagnostic::new(
                        Code::S007,
                        format!("the check name `{}` is taken", check.name),
                    )
                    .at(check.place, "this check")
                    .at(first, "is called as this")
                    .help("rename it"),
                );
            }
        }
    }
}
