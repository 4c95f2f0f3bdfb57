//! Tables as TOML.

use std::fmt::Write;

use super::{column, say, table, text};
use crate::model::{Column, Defaults, Table};
use crate::source::tree::{Entries, Value};

/// The tables as a part of a source whose `[defaults]` are these.
pub fn toml<'a>(tables: impl IntoIterator<Item = &'a Table>, defaults: &Defaults) -> String {
    let mut out = String::new();
    for it in tables {
        if !out.is_empty() {
            out.push('\n');
        }
        let said = table::said(it, defaults, false);
        let mut name = String::from("tables.");
        push_key(&mut name, &it.name);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "[{name}]");
        if let Some(doc) = &it.doc {
            push_line(&mut out, "doc", &text(doc.clone()));
        }
        for entry in said.keys.iter() {
            push_line(&mut out, &entry.key, &entry.item.value);
        }
        let _ = writeln!(out, "\n[{name}.columns]");
        for column in said.columns {
            push_line(&mut out, &column.name, &declaration(column));
        }
    }
    out
}

/// A column, in the short form where its type says it all.
fn declaration(column: &Column) -> Value<'static> {
    let mark = if column.nullable { "?" } else { "" };
    let ty = text(format!("{}{mark}", column::type_text(column)));
    let options = column::options(column, true);
    if options.iter().len() == 0 && column.doc.is_none() {
        return ty;
    }
    let mut entries = Entries::default();
    say(&mut entries, "type", ty);
    if let Some(doc) = &column.doc {
        say(&mut entries, "doc", text(doc.clone()));
    }
    for entry in options.iter() {
        entries.push(entry.key.clone(), entry.place, entry.item.clone());
    }
    Value::Table(entries)
}

fn push_line(out: &mut String, key: &str, value: &Value<'_>) {
    push_key(out, key);
    out.push_str(" = ");
    push(out, value);
    out.push('\n');
}

fn push(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Text(text) => push_text(out, text),
        Value::Integer(text, _) | Value::Float(text) => out.push_str(text),
        Value::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Date(text) => out.push_str(text),
        Value::Unread => push_text(out, ""),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                push(out, &item.value);
            }
            out.push(']');
        }
        Value::Table(entries) => {
            out.push_str("{ ");
            for (at, entry) in entries.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                push_key(out, &entry.key);
                out.push_str(" = ");
                push(out, &entry.item.value);
            }
            out.push_str(" }");
        }
    }
}

fn push_key(out: &mut String, key: &str) {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !key.is_empty() && key.bytes().all(bare) {
        out.push_str(key);
    } else {
        push_text(out, key);
    }
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
