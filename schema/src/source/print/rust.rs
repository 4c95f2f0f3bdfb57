//! Tables as Rust structs.

use std::collections::BTreeSet;

use super::{column, rust_enum, say, table, text};
use crate::model::{Column, Defaults, Role, Scalar, Table};
use crate::names;
pub(super) use crate::rust_text::push_string;
use crate::source::tree::{Entries, Value};
use crate::types;

/// The tables as one Rust file. Every column has its field, injected ones too.
pub fn rust<'a>(tables: impl IntoIterator<Item = &'a Table>) -> String {
    let mut printer = Printer::default();
    for table in tables {
        printer.table(table);
    }
    let mut out = String::from("//! The tables of the app.\n\n");
    out.push_str(if printer.enums {
        "use syncline_macros::{SyncEnum, SyncTable};\n"
    } else {
        "use syncline_macros::SyncTable;\n"
    });
    let imports: Vec<_> = printer.imports.iter().copied().collect();
    match imports.as_slice() {
        [] => {}
        [one] => out.push_str(&format!("use syncline_runtime::{one};\n")),
        several => out.push_str(&format!(
            "use syncline_runtime::{{{}}};\n",
            several.join(", ")
        )),
    }
    out.push_str(&printer.out);
    out
}

#[derive(Default)]
struct Printer {
    out: String,
    /// Names of the runtime crate that are used.
    imports: BTreeSet<&'static str>,
    /// Names of structs and enums that are taken.
    taken: BTreeSet<String>,
    enums: bool,
}

impl Printer {
    fn table(&mut self, it: &Table) {
        let name = self.free(&names::pascal(&plain(&it.name)));
        let said = table::said(it, &Defaults::default(), true);
        let mut keys = Entries::default();
        if names::snake(&name) != it.name {
            say(&mut keys, "name", text(it.name.clone()));
        }
        let doc = doc_lines(it.doc.as_deref(), "", &mut keys);
        for entry in said.keys.iter() {
            keys.push(entry.key.clone(), entry.place, entry.item.clone());
        }
        let mut enums = String::new();
        let mut fields = String::new();
        let mut taken = BTreeSet::new();
        for column in said.columns {
            self.field(&name, column, &mut taken, &mut fields, &mut enums);
        }
        self.out.push('\n');
        self.out.push_str(&doc);
        self.out
            .push_str("#[derive(Debug, Clone, PartialEq, SyncTable)]\n");
        push_attribute(&mut self.out, "", &keys);
        if fields.is_empty() {
            self.out.push_str(&format!("pub struct {name} {{}}\n"));
        } else {
            self.out
                .push_str(&format!("pub struct {name} {{\n{fields}}}\n"));
        }
        self.out.push_str(&enums);
    }

    fn field(
        &mut self,
        table: &str,
        column: &Column,
        taken: &mut BTreeSet<String>,
        out: &mut String,
        enums: &mut String,
    ) {
        let ident = free_of(&names::rust_ident(&names::fit(&plain(&column.name))), taken);
        let mut keys = Entries::default();
        if ident.trim_start_matches("r#") != column.name {
            say(&mut keys, "name", text(column.name.clone()));
        }
        let own = self.words(table, column, enums);
        let row = types::row_of(&column.ty.scalar);
        let scalar = own.as_deref().unwrap_or(row.rust);
        let said_by_field = own.is_some()
            || !matches!(
                column.ty.scalar,
                Scalar::Varchar(_) | Scalar::Decimal { .. } | Scalar::Enum(_) | Scalar::Raw(_)
            );
        if !said_by_field {
            say(&mut keys, "type", text(column::type_text(column)));
        }
        if own.is_none()
            && scalar.starts_with(char::is_uppercase)
            && !["String", "Vec<u8>"].contains(&scalar)
        {
            self.imports.insert(row.rust);
        }
        let doc = doc_lines(column.doc.as_deref(), "    ", &mut keys);
        for entry in column::options(column, own.is_none()).iter() {
            keys.push(entry.key.clone(), entry.place, entry.item.clone());
        }
        out.push_str(&doc);
        push_attribute(out, "    ", &keys);
        let array = if column.ty.array {
            format!("Vec<{scalar}>")
        } else {
            scalar.to_owned()
        };
        // On the device a row has no owner until the server has it.
        let nullable = column.nullable || column.role == Role::Owner;
        let ty = if nullable {
            format!("Option<{array}>")
        } else {
            array
        };
        out.push_str(&format!("    pub {ident}: {ty},\n"));
    }

    /// The enum for a column's words, added to `enums`; none where the words make none.
    fn words(&mut self, table: &str, column: &Column, enums: &mut String) -> Option<String> {
        let Scalar::Enum(it) = &column.ty.scalar else {
            return None;
        };
        let name = format!("{table}{}", names::pascal(&plain(&column.name)));
        let text = rust_enum::of(&name, &it.values)?;
        if !self.taken.insert(name.clone()) {
            return None;
        }
        enums.push('\n');
        enums.push_str(&text);
        self.enums = true;
        Some(name)
    }

    fn free(&mut self, name: &str) -> String {
        // Names that the file imports, or that the prelude has.
        const USED: &[&str] = &[
            "Date",
            "Decimal",
            "Json",
            "LocalTimestamp",
            "Option",
            "Self",
            "String",
            "SyncEnum",
            "SyncTable",
            "Time",
            "Timestamp",
            "Uuid",
            "Vec",
        ];
        let wanted = if USED.contains(&name) {
            format!("{name}Row")
        } else {
            name.to_owned()
        };
        free_of(&wanted, &mut self.taken)
    }
}

/// `wanted`, or with a number behind it where it is taken.
fn free_of(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

/// A name in ASCII: what Rust may not take is left to `name = "…"`.
fn plain(name: &str) -> String {
    let ascii = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().map(ascii).collect()
}

/// Can it be the name of a variant?
pub(super) fn is_ident(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
        && name != "Self"
}

/// The doc as comment lines, or as a key where a comment would not keep it as it is.
fn doc_lines(doc: Option<&str>, indent: &str, keys: &mut Entries<'static>) -> String {
    let Some(doc) = doc else { return String::new() };
    let lines = crate::rust_text::doc(doc);
    let read: Vec<_> = lines
        .iter()
        .map(|line| line.trim_start_matches('/').strip_prefix(' ').unwrap_or(""))
        .collect();
    if lines.is_empty() || read.join("\n") != doc || doc.trim() != doc {
        say(keys, "doc", text(doc.to_owned()));
        return String::new();
    }
    lines
        .iter()
        .map(|line| format!("{indent}{line}\n"))
        .collect()
}

/// The width that an attribute may have before each key stands on its own line.
const WIDTH: usize = 96;

fn push_attribute(out: &mut String, indent: &str, keys: &Entries<'_>) {
    if keys.iter().len() == 0 {
        return;
    }
    let parts: Vec<_> = keys
        .iter()
        .map(|entry| {
            let mut part = String::new();
            push_entry(&mut part, &entry.key, &entry.item.value);
            part
        })
        .collect();
    let line = parts.join(", ");
    if indent.len() + line.len() + "#[sync()]".len() <= WIDTH {
        out.push_str(&format!("{indent}#[sync({line})]\n"));
        return;
    }
    out.push_str(&format!("{indent}#[sync(\n"));
    for part in parts {
        out.push_str(&format!("{indent}    {part},\n"));
    }
    out.push_str(&format!("{indent})]\n"));
}

fn push_entry(out: &mut String, key: &str, value: &Value<'_>) {
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if is_name {
        out.push_str(key);
    } else {
        push_string(out, key);
    }
    // A key alone is true, but a default alone would not look like one.
    if *value != Value::Bool(true) || key == "default" {
        out.push_str(" = ");
        push(out, value);
    }
}

fn push(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Text(text) => push_string(out, text),
        Value::Date(text) => push_string(out, text),
        Value::Integer(text, _) | Value::Float(text) => out.push_str(text),
        Value::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Unread => push_string(out, ""),
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
                push_entry(out, &entry.key, &entry.item.value);
            }
            out.push_str(" }");
        }
    }
}
