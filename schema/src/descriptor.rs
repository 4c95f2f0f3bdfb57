//! The runtime crate's descriptors, as Rust source: for generated mappers and for the derive.

use std::fmt::Write;

use crate::literal::default_of;
use crate::model::{
    Access, Column, Conflict, Delete, Key, Residence, Role, Scalar, Table, TrackPrevious, Unit,
};
use crate::names;
use crate::rust_text::push_string;

/// How the source names things.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style<'a> {
    /// What stands before every name of the runtime crate: its path with `::`, or nothing where
    /// all of it is imported.
    pub path: &'a str,
    /// An expression for the words of an enum, where only the compiler knows them.
    pub words: Option<&'a str>,
}

/// `Column::new(…)` with what is said of the column.
pub fn column(column: &Column, style: Style<'_>) -> String {
    let path = style.path;
    let mut out = String::with_capacity(96);
    push(&mut out, format_args!("{path}Column::new("));
    push_string(&mut out, &column.name);
    out.push_str(", ");
    push_string(&mut out, &names::camel(&column.name));
    push(&mut out, format_args!(", {path}Scalar::"));
    push_scalar(&mut out, &column.ty.scalar, style.words);
    out.push(')');
    if column.ty.array {
        out.push_str(".array()");
    }
    if column.nullable {
        out.push_str(".nullable()");
    }
    let role = match column.role {
        Role::Data => None,
        Role::Id => Some("Id"),
        Role::Owner => Some("Owner"),
        Role::CreatedAt => Some("CreatedAt"),
        Role::UpdatedAt => Some("UpdatedAt"),
        Role::DeletedAt => Some("DeletedAt"),
    };
    if let Some(role) = role {
        push(&mut out, format_args!(".role({path}Role::{role})"));
    }
    if let Some(characters) = column.max_length {
        push(&mut out, format_args!(".max_length({characters})"));
    }
    let flags = [
        (column.read_only, ".read_only()"),
        (column.immutable, ".immutable()"),
        (column.server_only, ".server_only()"),
    ];
    out.extend(flags.iter().filter(|(on, _)| *on).map(|(_, call)| *call));
    if column.former.is_some() {
        out.push_str(".former()");
    }
    let old = column.renamed_from.as_deref();
    if let Some(old) = old.filter(|_| !column.server_only) {
        out.push_str(".formerly(");
        push_removed(&mut out, old, path);
        out.push(')');
    }
    if let Scalar::Enum(it) = &column.ty.scalar
        && !it.renamed.is_empty()
    {
        let renamed = it.renamed.iter().map(|(old, new)| {
            let mut out = String::from("(");
            push_string(&mut out, old);
            out.push_str(", ");
            push_string(&mut out, new);
            out.push(')');
            out
        });
        let renamed: Vec<_> = renamed.collect();
        push(
            &mut out,
            format_args!(".renamed_words(&[{}])", renamed.join(", ")),
        );
    }
    let unit = column.unit.map(|unit| match unit {
        Unit::Milliseconds => "Milliseconds",
        Unit::Seconds => "Seconds",
    });
    if let Some(unit) = unit {
        push(&mut out, format_args!(".unit({path}Unit::{unit})"));
    }
    if let Some(default) = default_of(column) {
        push_call(&mut out, "default_sql", &default);
    }
    if let Some(reference) = &column.references {
        push_call(&mut out, "references", &reference.table);
    }
    out
}

/// `Table::new(…)`, and what is not as in a new table of the runtime; a line each. `columns` is
/// the expression for its columns.
pub fn table(table: &Table, columns: &str, style: Style<'_>) -> Vec<String> {
    let path = style.path;
    let mut first = format!("{path}Table::new(");
    push_string(&mut first, &table.name);
    push(&mut first, format_args!(", {columns})"));
    let mut lines = vec![first];
    if let Some(schema) = &table.schema {
        let mut line = String::new();
        push_call(&mut line, "schema", schema);
        lines.push(line);
    }
    if let Some(old) = table.former_name() {
        let mut line = String::new();
        push_call(&mut line, "formerly", old);
        lines.push(line);
    }
    let setters = [
        match table.residence {
            Residence::Synced => None,
            Residence::Local => Some("residence(Residence::Local)"),
            Residence::Server => Some("residence(Residence::Server)"),
        },
        match table.access {
            Access::Owner => None,
            Access::Public => Some("access(Access::Public)"),
            Access::Streams => Some("access(Access::Streams)"),
        },
        (table.key == Key::Owner).then_some("key(Key::Owner)"),
        (table.delete == Delete::Hard).then_some("delete(Delete::Hard)"),
        (table.conflict == Conflict::RejectStale).then_some("conflict(Conflict::RejectStale)"),
        table.insert_only.then_some("insert_only()"),
        (table.track_previous == Some(TrackPrevious::All))
            .then_some("track_previous(TrackPrevious::All)"),
        table.track_metadata.then_some("track_metadata()"),
        (!table.ignore_empty_updates).then_some("keep_empty_updates()"),
    ];
    lines.extend(setters.into_iter().flatten().map(|setter| {
        let (call, argument) = setter.split_once('(').unwrap_or((setter, ")"));
        let path = if argument == ")" { "" } else { path };
        format!(".{call}({path}{argument}")
    }));
    if let Key::Columns(key) = &table.key {
        lines.push(format!(".key({path}Key::Columns(&[{}]))", strings(key)));
    }
    if let Some(TrackPrevious::Columns(tracked)) = &table.track_previous {
        let tracked = strings(tracked);
        lines.push(format!(
            ".track_previous({path}TrackPrevious::Columns(&[{tracked}]))"
        ));
    }
    if !table.removed_columns.is_empty() {
        let removed = table.removed_columns.iter().map(|it| {
            let mut out = String::new();
            push_removed(&mut out, &it.name, path);
            out
        });
        let removed: Vec<_> = removed.collect();
        lines.push(format!(".removed(&[{}])", removed.join(", ")));
    }
    lines
}

/// A name that old devices use, in both spellings.
fn push_removed(out: &mut String, name: &str, path: &str) {
    push(out, format_args!("{path}Removed {{ name: "));
    push_string(out, name);
    out.push_str(", camel: ");
    push_string(out, &names::camel(name));
    out.push_str(" }");
}

/// String literals in a row.
fn strings(texts: &[String]) -> String {
    let mut out = String::new();
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        push_string(&mut out, text);
    }
    out
}

fn push_scalar(out: &mut String, scalar: &Scalar, words: Option<&str>) {
    let name = match scalar {
        Scalar::Varchar(n) => return push(out, format_args!("Varchar({n})")),
        Scalar::Decimal { precision, scale } => {
            let (p, s) = (precision, scale);
            return push(
                out,
                format_args!("Decimal {{ precision: {p}, scale: {s} }}"),
            );
        }
        Scalar::Enum(it) => {
            return match words {
                Some(words) => push(out, format_args!("Enum({words})")),
                None => push(out, format_args!("Enum(&[{}])", strings(&it.values))),
            };
        }
        // Raw types are for server tables, which no device writes.
        Scalar::Text | Scalar::Raw(_) => "Text",
        Scalar::Boolean => "Boolean",
        Scalar::SmallInt => "SmallInt",
        Scalar::Integer => "Integer",
        Scalar::BigInt => "BigInt",
        Scalar::Real => "Real",
        Scalar::Double => "Double",
        Scalar::Timestamp => "Timestamp",
        Scalar::LocalTimestamp => "LocalTimestamp",
        Scalar::Date => "Date",
        Scalar::Time => "Time",
        Scalar::Uuid => "Uuid",
        Scalar::Json => "Json",
        Scalar::Bytes => "Bytes",
    };
    out.push_str(name);
}

fn push_call(out: &mut String, setter: &str, text: &str) {
    push(out, format_args!(".{setter}("));
    push_string(out, text);
    out.push(')');
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
