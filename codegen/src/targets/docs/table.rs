//! A table as a section of the page.

use syncline_schema::model::{
    Access, Column, Conflict, DefaultValue, Delete, Index, IndexPart, Key, OnDelete, Reference,
    Residence, Role, Table, Unit,
};
use syncline_schema::types;

use super::markdown::{code, lines, push_code, text};
use crate::sql;

/// The section. Texts are Markdown.
#[derive(Debug, serde::Serialize)]
pub(super) struct TableView {
    name: String,
    /// What the source says of it, line by line.
    doc: Vec<String>,
    /// Where its rows live and who sees them, in sentences.
    facts: String,
    /// A row a column: name, what PowerSync stores, the type in the app's TypeScript, PostgreSQL's,
    /// notes. One text each, for there are many.
    columns: Vec<String>,
    /// Unique rules, indexes and checks.
    rules: Vec<String>,
}

/// Lowers a table.
pub(super) fn lower(table: &Table) -> TableView {
    let checks = table
        .checks
        .iter()
        .map(|check| format!("check: {}", code(&check.expression)));
    TableView {
        name: code(&table.name),
        doc: table.doc.as_deref().map(lines).unwrap_or_default(),
        facts: facts(table).join(" "),
        columns: table
            .columns
            .iter()
            .map(|column| lower_column(table, column))
            .collect(),
        rules: table
            .indexes
            .iter()
            .map(lower_index)
            .chain(checks)
            .collect(),
    }
}

fn facts(table: &Table) -> Vec<String> {
    let mut facts = Vec::new();
    match table.residence {
        Residence::Local => facts.push("On the device only.".to_owned()),
        Residence::Server => facts.push(match &table.schema {
            Some(schema) => format!("In PostgreSQL only, in the schema {}.", code(schema)),
            None => "In PostgreSQL only.".to_owned(),
        }),
        Residence::Synced => facts.extend(synced(table)),
    }
    match &table.key {
        Key::Id => {}
        Key::Owner => facts.push("Ids are unique for each owner.".to_owned()),
        Key::Columns(columns) if columns.is_empty() => {
            facts.push("It has no primary key.".to_owned())
        }
        Key::Columns(columns) => {
            let columns: Vec<_> = columns.iter().map(|name| code(name)).collect();
            facts.push(format!("Its primary key is {}.", columns.join(", ")));
        }
    }
    facts
}

fn synced(table: &Table) -> Vec<String> {
    let mut facts = vec!["On both sides.".to_owned()];
    if let Some(old) = table.former_name() {
        facts.push(format!("Old devices call it {}.", code(old)));
    }
    let owner = table
        .owner()
        .map(|owner| code(&owner.name))
        .unwrap_or_default();
    facts.push(match table.access {
        Access::Owner if table.insert_only => {
            format!("Devices insert rows, and never see them again; their owner is in {owner}.")
        }
        Access::Owner => format!("Each user reads and writes the rows that they own, by {owner}."),
        Access::Public => "Everyone reads every row, the server writes them.".to_owned(),
        Access::Streams => "Streams of its own send it, the server writes it.".to_owned(),
    });
    if let (Delete::Soft, Some(deleted_at)) = (table.delete, table.deleted_at()) {
        let then = if table.sync_deleted_rows {
            "stay on"
        } else {
            "leave"
        };
        facts.push(format!(
            "A delete sets {}; deleted rows {then} the device.",
            code(&deleted_at.name)
        ));
    }
    if table.conflict == Conflict::RejectStale {
        facts.push("An upload that was made on stale data is rejected.".to_owned());
    }
    if table.rls {
        facts.push("Row security is on.".to_owned());
    }
    facts
}

fn lower_column(table: &Table, column: &Column) -> String {
    let on_device = table.residence != Residence::Server && column.on_device();
    let on_server = table.residence != Residence::Local;
    let mut row = String::with_capacity(80);
    row.push_str("| ");
    push_code(&mut row, &column.name);
    row.push_str(" | ");
    if on_device {
        let null = if column.nullable_on_device() {
            " | null"
        } else {
            ""
        };
        push_code(&mut row, types::storage(&column.ty).name());
        row.push_str(" | ");
        push_code(&mut row, &(types::ts_device(&column.ty) + null));
    } else {
        row.push_str("– | –");
    }
    row.push_str(" | ");
    if on_server {
        let not_null = if column.nullable { "" } else { " NOT NULL" };
        push_code(&mut row, &(types::postgres(&column.ty) + not_null));
    } else {
        row.push('–');
    }
    row.push_str(" | ");
    row.push_str(&notes(table, column).join("; "));
    row.push_str(" |");
    row
}

fn notes(table: &Table, column: &Column) -> Vec<String> {
    let devices_write = table.writable() || table.residence == Residence::Local;
    let mut notes = Vec::new();
    if let Some(former) = &column.former {
        let now = code(former.successor());
        return vec![format!(
            "for old devices only, which have it in place of {now}"
        )];
    }
    notes.extend(column.doc.as_deref().map(text));
    notes.extend(column.references.as_ref().map(points_at));
    match (&column.default, sql::default_of(column)) {
        (Some(DefaultValue::Device), _) => notes.push("filled with the device's id".to_owned()),
        (_, Some(default)) => notes.push(format!("default {}", code(&default))),
        _ => {}
    }
    let said = [
        (
            column.role == Role::Id && devices_write,
            "made by the device",
        ),
        (column.read_only, "the server writes it"),
        (column.immutable, "set once"),
        (column.server_only, "never leaves PostgreSQL"),
        (
            column.unit == Some(Unit::Milliseconds),
            "uploads may give milliseconds since 1970",
        ),
        (
            column.unit == Some(Unit::Seconds),
            "uploads may give seconds since 1970",
        ),
    ];
    notes.extend(
        said.into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, words)| words.to_owned()),
    );
    notes.extend(
        column
            .condition()
            .map(|sql| format!("check {}", code(&sql))),
    );
    notes
}

fn points_at(reference: &Reference) -> String {
    let mut note = format!("points at {}", code(&reference.table));
    if reference.enforce {
        note.push_str(", enforced");
    }
    note.push_str(match reference.on_delete {
        OnDelete::NoAction => "",
        OnDelete::Restrict => ", which cannot be deleted then",
        OnDelete::Cascade => ", is deleted with it",
        OnDelete::SetNull => ", is emptied with it",
    });
    note
}

fn lower_index(index: &Index) -> String {
    let columns: Vec<_> = index
        .columns
        .iter()
        .map(|column| {
            let name = match &column.part {
                IndexPart::Column(name) => code(name),
                IndexPart::Expression(sql) => code(&format!("({sql})")),
            };
            if column.desc {
                format!("{name} descending")
            } else {
                name
            }
        })
        .collect();
    let kind = if index.unique { "unique" } else { "index" };
    let rows = index.predicate.as_deref();
    let rows = rows
        .map(|sql| format!(" where {}", code(sql)))
        .unwrap_or_default();
    format!("{kind}: {}{rows}", columns.join(", "))
}
