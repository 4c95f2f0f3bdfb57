//! What `sqlite.ts` prints.

use std::collections::BTreeSet;

use syncline_schema::Schema;
use syncline_schema::model::{Access, Residence, Table};
use syncline_schema::names;

use super::column;
use super::index::{self, IndexView};
use crate::targets::typescript::{self, RelationsView, Side};
use crate::targets::{BANNER, Emission};

/// The file.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    extension: &'static str,
    /// What is imported from `drizzle-orm`, from `drizzle-orm/sqlite-core` and from `./defaults`.
    orm: String,
    core: String,
    defaults: String,
    /// Are there arrays that need a type of their own?
    booleans: bool,
    bigints: bool,
    tables: Vec<TableView>,
    relations: Vec<RelationsView>,
}

#[derive(Debug, serde::Serialize)]
struct TableView {
    doc: String,
    constant: String,
    /// The table's name as a string.
    name: String,
    /// A line each, with its comment.
    columns: Vec<String>,
    indexes: Vec<IndexView>,
    row_type: String,
    /// The type of a new row and what it stands for; empty where the device writes none.
    new_row_type: String,
    insert: String,
}

/// What the file imports, sorted.
#[derive(Debug, Default)]
pub(super) struct Imports {
    pub(super) orm: BTreeSet<&'static str>,
    pub(super) core: BTreeSet<&'static str>,
    pub(super) defaults: BTreeSet<&'static str>,
}

/// Lowers the device's tables; what the device cannot have goes to `out` as notes.
pub(super) fn lower(schema: &Schema, side: &Side<'_>, out: &mut Emission<'_>) -> View {
    let mut imports = Imports::default();
    let relations = typescript::lower_relations(side);
    if !relations.is_empty() {
        imports.orm.insert("relations");
    }
    let tables = side.tables.iter().zip(&side.constants);
    let tables = tables
        .map(|(table, constant)| self::table(table, constant, &mut imports, out))
        .collect();
    let list =
        |names: &BTreeSet<&'static str>| names.iter().copied().collect::<Vec<_>>().join(", ");
    let booleans = imports.core.remove("booleans");
    let bigints = imports.core.remove("bigints");
    if booleans || bigints {
        imports.core.insert("customType");
    }
    View {
        banner: BANNER,
        extension: typescript::extension(schema),
        orm: list(&imports.orm),
        core: list(&imports.core),
        defaults: list(&imports.defaults),
        booleans,
        bigints,
        tables,
        relations,
    }
}

fn table(
    table: &Table,
    constant: &str,
    imports: &mut Imports,
    out: &mut Emission<'_>,
) -> TableView {
    imports.core.insert("sqliteTable");
    let columns = table
        .device_columns()
        .map(|it| column::lower(table, it, imports))
        .collect();
    let indexes: Vec<_> = table
        .indexes
        .iter()
        .map(|it| index::lower(table, it, out))
        .collect();
    if indexes.iter().any(IndexView::is_built) {
        imports.core.insert("index");
    }
    let writes = table.residence == Residence::Local || table.writable();
    TableView {
        doc: typescript::doc_comment(&doc(table), ""),
        constant: constant.to_owned(),
        name: typescript::string(&table.name),
        columns,
        indexes,
        row_type: typescript::row_type(&table.name),
        new_row_type: if writes {
            typescript::new_row_type(&table.name)
        } else {
            String::new()
        },
        insert: if writes {
            insert(table, constant)
        } else {
            String::new()
        },
    }
}

/// What the user says of the table, and what the device makes of it.
fn doc(table: &Table) -> String {
    let fact = match (table.residence, table.access) {
        (Residence::Local, _) => "On this device only.",
        (_, Access::Public | Access::Streams) => "The server writes it; the device reads it.",
        _ if table.insert_only => "Written here, never read back.",
        _ => "",
    };
    join(table.doc.as_deref().unwrap_or_default(), fact)
}

/// Two texts, as sentences of one paragraph.
pub(super) fn join(text: &str, fact: &str) -> String {
    let text = text.trim();
    match (text.is_empty(), fact.is_empty()) {
        (true, _) => fact.to_owned(),
        (_, true) => text.to_owned(),
        _ if text.ends_with(['.', '!', '?', ':', '…']) => format!("{text} {fact}"),
        _ => format!("{text}. {fact}"),
    }
}

/// The type of a new row: what the server writes cannot be given.
fn insert(table: &Table, constant: &str) -> String {
    let read_only = table.device_columns().filter(|column| column.read_only);
    let left_out: Vec<_> = read_only
        .map(|column| typescript::string(&names::camel(&column.name)))
        .collect();
    if left_out.is_empty() {
        format!("typeof {constant}.$inferInsert")
    } else {
        format!(
            "Omit<typeof {constant}.$inferInsert, {}>",
            left_out.join(" | ")
        )
    }
}
