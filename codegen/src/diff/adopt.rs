//! What PostgreSQL does not say of a schema, taken from one that does.

use std::collections::HashMap;

use syncline_schema::Schema;
use syncline_schema::model::{Column, Table};

use super::{TableName, tables};

/// Gives a schema that was read from SQL or a database what only a source can say: where tables
/// live and who sees them, what columns are for, the streams and the settings. Tables and columns
/// are found by their name, or by the one that they had before; those that nobody declares stay as
/// they were read. What PostgreSQL holds itself (types, keys, rules) is left alone.
pub fn adopt(read: &mut Schema, declared: &Schema) {
    read.settings.clone_from(&declared.settings);
    read.streams.clone_from(&declared.streams);
    read.removed_tables.clone_from(&declared.removed_tables);
    let by_name = tables(declared);
    let by_former: HashMap<TableName, &Table> = declared
        .on_server()
        .filter_map(|it| {
            let old = it.renamed_from.as_deref()?;
            Some((TableName::of(it).sibling(old), it))
        })
        .collect();
    for table in &mut read.tables {
        let name = TableName::of(table);
        if let Some(known) = by_name.get(&name).or_else(|| by_former.get(&name)) {
            adopt_table(table, known);
        }
    }
}

fn adopt_table(table: &mut Table, declared: &Table) {
    table.residence = declared.residence;
    table.access = declared.access;
    table.delete = declared.delete;
    table.sync_deleted_rows = declared.sync_deleted_rows;
    table.insert_only = declared.insert_only;
    table.track_previous.clone_from(&declared.track_previous);
    table.track_metadata = declared.track_metadata;
    table.ignore_empty_updates = declared.ignore_empty_updates;
    table.conflict = declared.conflict;
    table.removed_columns.clone_from(&declared.removed_columns);
    for column in &mut table.columns {
        let known = declared.column(&column.name);
        if let Some(known) = known.or_else(|| declared.renamed(&column.name)) {
            adopt_column(column, known);
        }
    }
}

fn adopt_column(column: &mut Column, declared: &Column) {
    column.role = declared.role;
    column.read_only = declared.read_only;
    column.immutable = declared.immutable;
    column.server_only = declared.server_only;
    column.unit = declared.unit;
    column.former.clone_from(&declared.former);
}

#[cfg(test)]
mod tests {
    use syncline_schema::model::{Residence, Role};
    use syncline_schema::source::load_str;

    use super::*;
    use crate::diff::{Pair, Scope};
    use crate::migrate::plan::plan;
    use crate::read::sql::replay;

    const SOURCE: &str = r#"
[project]
name = "app"
[tables.notes]
rls = true
unique = [["title"]]
[tables.notes.columns]
title = { type = "text", max_length = 9 }
secret = { type = "text?", server_only = true }
state = { type = "enum", values = ["a", "b"], default = "a" }
by = { type = "text", default = "device" }
[tables.drafts]
sync = "local"
[tables.drafts.columns]
body = "text"
"#;

    #[test]
    fn what_was_read_from_sql_equals_what_it_was_made_from() {
        let declared = load_str(SOURCE).schema;
        let all = Pair {
            previous: &Schema::default(),
            next: &declared,
        };
        let sql: String = plan(all, Scope::Declared)
            .files(&declared)
            .iter()
            .filter(|(name, _)| name != "down.sql")
            .map(|(_, text)| text.as_str())
            .collect();
        let mut read = replay([(syncline_schema::FileId(0), sql.as_str())]).schema;
        assert_eq!(read.tables[0].residence, Residence::Server);
        adopt(&mut read, &declared);
        let notes = read.table("notes").expect("read");
        assert_eq!(notes.residence, Residence::Synced);
        assert_eq!(notes.owner().map(|it| it.role), Some(Role::Owner));
        let back = Pair {
            previous: &read,
            next: &declared,
        };
        let plan = plan(back, Scope::Tables);
        let left: Vec<_> = plan.steps().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
