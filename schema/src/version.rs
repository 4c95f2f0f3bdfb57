//! The schema's version: what a device's app was built with.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::{Schema, Table};

/// 16 hex digits of the hash of the synced part of a schema.
///
/// Apps send it with every upload; the server and the migrations' snapshots compute the same. It
/// changes with what an upload may hold: tables, columns, types, and who may write them. It does
/// not change with docs, order, indexes, local and server tables, or what never leaves PostgreSQL.
pub fn version(schema: &Schema) -> String {
    let mut tables: Vec<&Table> = schema.synced().collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let mut text = String::with_capacity(tables.len() * 512);
    for table in tables {
        describe(table, &mut text);
    }
    let digest = Sha256::digest(text.as_bytes());
    let mut version = String::with_capacity(16);
    for byte in digest.iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(version, "{byte:02x}");
    }
    version
}

/// Debug forms quote and escape names, so that no two descriptions can run together.
fn describe(table: &Table, out: &mut String) {
    let _ = writeln!(
        out,
        "{:?} {:?} {:?} {:?} {}",
        table.name, table.access, table.delete, table.conflict, table.insert_only
    );
    let mut columns: Vec<_> = table.device_columns().collect();
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    for column in columns {
        let _ = write!(out, "  {:?} {}", column.name, column.ty);
        if let crate::model::Scalar::Enum(it) = &column.ty.scalar {
            let _ = write!(out, " {:?}", it.values);
        }
        let _ = writeln!(
            out,
            " {} {} {} {:?}",
            column.nullable, column.read_only, column.immutable, column.unit
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::load_str;

    const NOTES: &str = r#"
[project]
name = "notes"
[tables.notes.columns]
title = "text"
secret = { type = "text?", server_only = true }
[tables.tags.columns]
name = "text"
"#;

    fn of(source: &str) -> String {
        version(&load_str(source).schema)
    }

    #[test]
    fn it_follows_what_devices_see() {
        let before = of(NOTES);
        assert_eq!(before.len(), 16);
        for same in [
            NOTES.replace("server_only = true", "server_only = true, doc = \"Kept.\""),
            NOTES.replace(
                "secret = { type = \"text?\"",
                "secret = { type = \"integer?\"",
            ),
            format!(
                "{NOTES}[tables.drafts]\nsync = \"local\"\n[tables.drafts.columns]\nbody = \"text\"\n"
            ),
        ] {
            assert_eq!(of(&same), before, "{same}");
        }
        for other in [
            NOTES.replace("title = \"text\"", "title = \"text?\""),
            NOTES.replace("title", "heading"),
            NOTES.replace(
                "title = \"text\"",
                "title = { type = \"text\", immutable = true }",
            ),
            NOTES.replace(
                "[tables.tags.",
                "[tables.tags]\ninsert_only = true\n[tables.tags.",
            ),
        ] {
            assert_ne!(of(&other), before, "{other}");
        }
    }
}
