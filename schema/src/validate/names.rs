//! Names that some side refuses, and names that become one.

use std::collections::BTreeMap;

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Column, EnumType, Residence, Role, Scalar, Table};
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

/// PostgreSQL schemas that are not the app's.
const RESERVED_SCHEMAS: &[&str] = &["information_schema", "syncline", "public"];

/// The name of a table, its schema, its checks.
pub(super) fn table(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let on_device = table.residence != Residence::Server;
    let on_server = table.residence != Residence::Local;
    Named::new("table", &table.name, table.place).check(on_device, on_server, out);
    if let Some(schema) = &table.schema {
        Named::new("PostgreSQL schema", schema, table.place).check(false, true, out);
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
        Named::new("check", &check.name, check.place).check(false, true, out);
    }
}

/// The names of a table's columns.
pub(super) fn columns(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let on_server = table.residence != Residence::Local;
    for column in &table.columns {
        let place = column.place.or(table.place);
        let on_device = table.residence != Residence::Server && !column.server_only;
        if !Named::new("column", &column.name, place).check(on_device, on_server, out) {
            continue;
        }
        let camel = names::camel(&column.name);
        let taken = [camel.as_str(), column.name.as_str()];
        let why = if on_server && SYSTEM_COLUMNS.contains(&column.name.as_str()) {
            "every PostgreSQL table has a system column of this name"
        } else if DRIZZLE_MEMBERS.iter().any(|member| taken.contains(member)) {
            "Drizzle's table objects have a member of this name"
        } else {
            continue;
        };
        let message = format!("a column cannot be called `{}`", column.name);
        out.push(
            Diagnostic::new(Code::S009, message)
                .at(place, "")
                .note(why)
                .help("choose another name"),
        );
    }
}

/// The name that a synced table or column had before: PostgreSQL and old devices still have it.
pub(super) fn former(kind: &str, name: &str, place: Place, out: &mut Diagnostics) {
    Named::new(kind, name, place).check(true, true, out);
}

/// A name, of what, and where.
struct Named<'a> {
    kind: &'a str,
    name: &'a str,
    place: Place,
}

impl<'a> Named<'a> {
    fn new(kind: &'a str, name: &'a str, place: Place) -> Self {
        Self { kind, name, place }
    }

    /// Reports what a side refuses; true where the name is sound.
    fn check(&self, on_device: bool, on_server: bool, out: &mut Diagnostics) -> bool {
        let Self { kind, name, place } = self;
        if !name.chars().any(names::is_word) || name.chars().any(char::is_control) {
            let message = format!("a {kind} cannot be called {name:?}");
            let takes = "takes at least one letter or digit, and no control characters";
            out.push(Diagnostic::new(Code::S009, message).at(*place, takes));
            return false;
        }
        let mut sound = true;
        if let Some(why) = on_device.then(|| names::powersync_refusal(name)).flatten() {
            sound = false;
            let message = format!("a {kind} cannot be called `{name}`");
            out.push(
                Diagnostic::new(Code::S006, message)
                    .at(*place, why)
                    .help("choose another name, of letters, digits and `_`"),
            );
        }
        if on_server && name.len() > MAX_IDENTIFIER {
            sound = false;
            let message = format!("the {kind} name `{name}` has {} bytes", name.len());
            let limit =
                format!("PostgreSQL cuts names after {MAX_IDENTIFIER} bytes, without an error");
            out.push(
                Diagnostic::new(Code::S008, message)
                    .at(*place, "")
                    .note(limit)
                    .help("choose a shorter name"),
            );
        }
        sound
    }
}

/// Columns that become one on some side.
pub(super) fn columns_collide(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let columns = table
        .columns
        .iter()
        .map(|it| (it.name.as_str(), it.place.or(table.place)));
    // Old names are columns as well, while the rename lasts.
    let former = table.columns.iter().filter_map(|it| {
        let lasts = table.residence == Residence::Synced && it.role != Role::Id;
        let old = it.renamed_from.as_deref().filter(|_| lasts)?;
        Some((old, it.place))
    });
    collide("columns", columns.chain(former), out);
}

/// Tables that become one on some side.
pub(super) fn tables_collide(schema: &Scope<'_>, out: &mut Diagnostics) {
    collide(
        "tables",
        schema.tables.iter().map(|it| (it.name.as_str(), it.place)),
        out,
    );
}

/// How a side writes a name, and what that is called.
type Spelling = (fn(&str) -> String, &'static str);

/// Two names collide where TypeScript's or Rust's spelling of them is one, or where they differ
/// only in case: SQLite and unquoted SQL do not tell those apart.
const SPELLINGS: &[Spelling] = &[
    (names::camel, "in TypeScript"),
    (names::snake, "in Rust"),
    (str::to_lowercase, "in SQLite, which ignores case"),
];

fn collide<'a>(kind: &str, list: impl Iterator<Item = (&'a str, Place)>, out: &mut Diagnostics) {
    let list: Vec<_> = list.collect();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let all_plain = list.iter().all(|(name, _)| name.bytes().all(plain));
    // Names of plain snake_case that stay two in TypeScript stay two everywhere.
    let spellings = if all_plain {
        &SPELLINGS[..1]
    } else {
        SPELLINGS
    };
    let mut seen: BTreeMap<(usize, String), (&str, Place)> = BTreeMap::new();
    for (name, place) in list {
        let mut told = false;
        for (at, (spell, side)) in spellings.iter().enumerate() {
            let spelt = spell(name);
            let Some((first, first_place)) = seen.get(&(at, spelt.clone())) else {
                seen.insert((at, spelt), (name, place));
                continue;
            };
            // The same name twice is an owner that is called as a column of every table.
            if told || *first == name {
                continue;
            }
            told = true;
            out.push(
                Diagnostic::new(
                    Code::S007,
                    format!("the {kind} `{first}` and `{name}` collide"),
                )
                .at(place, format!("`{spelt}` {side}"))
                .at(*first_place, format!("`{spelt}` as well"))
                .help("rename one of them"),
            );
        }
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
            Named::new("index", &index.name, index.place).check(false, true, out);
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

/// PostgreSQL's own enum types: their names, which share a space with tables, and their words.
pub(super) fn native_enums(schema: &Scope<'_>, out: &mut Diagnostics) {
    let space = |table: &Table| table.schema.clone().unwrap_or_else(|| "public".to_owned());
    let tables = schema
        .on_server()
        .map(|table| ((space(table), table.name.as_str()), table.place));
    let tables: BTreeMap<_, _> = tables.collect();
    let mut seen: BTreeMap<(String, &str), &Column> = BTreeMap::new();
    for table in schema.on_server() {
        for column in &table.columns {
            let Scalar::Enum(EnumType {
                native: Some(name),
                values,
                ..
            }) = &column.ty.scalar
            else {
                continue;
            };
            Named::new("PostgreSQL type", name, column.place).check(false, true, out);
            let key = (space(table), name.as_str());
            let taken = |first: Place, by: &str| {
                Diagnostic::new(Code::S007, format!("the type name `{name}` is taken"))
                    .at(column.place, "this enum's own type")
                    .at(first, by)
                    .help("give the type another name: native = \"…\"")
            };
            if let Some(first) = tables.get(&key) {
                out.push(taken(*first, "PostgreSQL makes a type for each table"));
            }
            match seen.get(&key) {
                Some(first) if !matches!(&first.ty.scalar, Scalar::Enum(it) if it.values == *values) =>
                {
                    out.push(taken(first.place, "has other words"));
                }
                Some(_) => {}
                None => {
                    seen.insert(key, column);
                }
            }
        }
    }
}
