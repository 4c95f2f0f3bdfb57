//! What `write.ts` prints: the tables that a device writes, and what each column takes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use syncline_schema::Schema;
use syncline_schema::model::{Column, DefaultValue, Residence, Role, Scalar, Table};

use crate::targets::typescript::{self, string};
use crate::targets::{BANNER, typescript::extension};

/// The file.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    extension: &'static str,
    /// What is imported from `./writer`.
    imports: String,
    tables: Vec<TableView>,
}

#[derive(Debug, serde::Serialize)]
struct TableView {
    constant: String,
    /// The call that makes its writes.
    build: String,
    /// A column each: `name: { … }`.
    rules: Vec<String>,
}

impl View {
    pub(super) fn lower(schema: &Schema) -> Self {
        let written = schema
            .on_device()
            .filter(|table| table.residence == Residence::Local || table.writable());
        let mut imports = BTreeSet::new();
        let tables = written.map(|table| lower(table, &mut imports)).collect();
        let imports = imports
            .into_iter()
            .fold("type WriteDb".to_owned(), |list, name| {
                format!("{list}, {name}")
            });
        Self {
            banner: BANNER,
            extension: extension(schema),
            imports,
            tables,
        }
    }
}

fn lower(table: &Table, imports: &mut BTreeSet<&'static str>) -> TableView {
    let constant = typescript::constant(&table.name);
    let new = format!("tables.{}", typescript::new_row_type(&table.name));
    let (function, types, mark) = match table.deleted_at() {
        _ if table.insert_only => ("appends", new, String::new()),
        None => ("removing", with_change(table, new), String::new()),
        Some(column) => {
            let mark = string(&typescript::property(&column.name));
            ("marking", with_change(table, new), format!(", {mark}"))
        }
    };
    imports.insert(function);
    TableView {
        build: format!(
            "{function}<{types}>(db, {{ name: {}, table: tables.{constant}, rules: rules.{constant} }}{mark})",
            string(&table.name)
        ),
        constant,
        rules: table.device_columns().map(rule).collect(),
    }
}

/// The types of a new row and of a change, which leaves out what a row keeps from its first day.
fn with_change(table: &Table, new: String) -> String {
    let kept: Vec<_> = table
        .device_columns()
        .filter(|column| !column.read_only && is_kept(column))
        .map(|column| string(&typescript::property(&column.name)))
        .collect();
    format!("{new}, Partial<Omit<{new}, {}>>", kept.join(" | "))
}

fn is_kept(column: &Column) -> bool {
    let touched = matches!(
        column.role,
        Role::Id | Role::Owner | Role::CreatedAt | Role::UpdatedAt
    );
    touched || column.immutable
}

/// One text and not a view of several: there are more columns than of anything else.
fn rule(column: &Column) -> String {
    let mut out = typescript::property(&column.name);
    out.push_str(": { type: \"");
    let scalar = &column.ty.scalar;
    // Writing to a String cannot fail.
    let _ = match scalar {
        Scalar::Text if column.role == Role::Id => write!(out, "id\""),
        Scalar::Text | Scalar::Raw(_) => write!(out, "text\""),
        Scalar::Varchar(n) => write!(
            out,
            "text\", max: {}",
            column.max_length.unwrap_or(*n).min(*n)
        ),
        Scalar::Boolean => write!(out, "boolean\""),
        Scalar::SmallInt => write!(out, "smallint\""),
        Scalar::Integer => write!(out, "integer\""),
        Scalar::BigInt => write!(out, "bigint\""),
        Scalar::Real => write!(out, "real\""),
        Scalar::Double => write!(out, "double\""),
        Scalar::Decimal { precision, scale } => {
            write!(out, "decimal\", precision: {precision}, scale: {scale}")
        }
        Scalar::Timestamp => write!(out, "timestamp\""),
        Scalar::LocalTimestamp => write!(out, "local_timestamp\""),
        Scalar::Date => write!(out, "date\""),
        Scalar::Time => write!(out, "time\""),
        Scalar::Uuid => write!(out, "uuid\""),
        Scalar::Json => write!(out, "json\""),
        Scalar::Bytes => write!(out, "bytes\""),
        Scalar::Enum(it) => {
            let words: Vec<_> = it.values.iter().map(|word| string(word)).collect();
            write!(out, "enum\", words: [{}]", words.join(", "))
        }
    };
    if let (Scalar::Text, Some(max)) = (scalar, column.max_length) {
        let _ = write!(out, ", max: {max}");
    }
    let required = column.role != Role::Id && !column.nullable_on_device();
    for (word, said) in [
        ("array", column.ty.array),
        ("required", required),
        ("filled", required && is_filled(column)),
        ("immutable", column.immutable),
        ("readOnly", column.read_only),
    ] {
        if said {
            let _ = write!(out, ", {word}: true");
        }
    }
    out.push_str(" }");
    out
}

/// Does the device fill it in?
fn is_filled(column: &Column) -> bool {
    !matches!(column.default, None | Some(DefaultValue::Raw(_)))
}
