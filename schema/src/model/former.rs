//! Expand: what a synced table holds for devices that know an earlier schema.
//!
//! A device reads and uploads what its app was built with, for as long as it is out there. So a
//! column that is renamed or changes its type is two in PostgreSQL, and a table that is renamed
//! answers to two names, from the migration that brings the new one (expand) until the one that
//! takes the old one away (contract). The source says when: `renamed_from` and `replaces` stand
//! there for just as long.

use super::{Column, Former, Residence, Role, Schema, Table};

impl Schema {
    /// Adds the former names of every synced table's columns, and marks those that are replaced.
    /// Done once, when the source has been read and judged.
    pub(crate) fn expand(&mut self) {
        self.tables.iter_mut().for_each(Table::expand);
    }
}

impl Table {
    pub(crate) fn expand(&mut self) {
        if self.residence != Residence::Synced {
            return;
        }
        let key: Vec<String> = self.key_columns().into_iter().map(str::to_owned).collect();
        for column in &mut self.columns {
            let takes_a_place = column.renamed_from.is_some() || column.replaces.is_some();
            // A key's columns are never NULL.
            column.expanding = takes_a_place && !column.server_only && !key.contains(&column.name);
        }
        let replaced: Vec<(String, String)> = self
            .columns
            .iter()
            .filter_map(|new| Some((new.replaces.clone()?, new.name.clone())))
            .collect();
        for (old, new) in replaced {
            if let Some(old) = self.columns.iter_mut().find(|it| it.name == old) {
                old.former = Some(Former::ReplacedBy(new));
            }
        }
        let is_renamed = |it: &Column| it.renamed_from.is_some() && !it.server_only;
        if !self.columns.iter().any(is_renamed) {
            return;
        }
        let mut columns = Vec::with_capacity(self.columns.len() + 1);
        for column in self.columns.drain(..) {
            let old = column.renamed_from.clone().filter(|_| !column.server_only);
            // Nothing may fail for want of a value that only old devices read, so it is nullable.
            let former = old.map(|name| Column {
                name,
                role: Role::Data,
                default: None,
                nullable: true,
                references: None,
                renamed_from: None,
                former: Some(Former::RenamedTo(column.name.clone())),
                expanding: false,
                ..column.clone()
            });
            columns.push(column);
            columns.extend(former);
        }
        self.columns = columns;
    }

    /// The column that old devices know in place of this one.
    pub fn former_of(&self, column: &Column) -> Option<&Column> {
        self.columns.iter().find(|it| {
            let former = it.former.as_ref();
            former.is_some_and(|former| former.successor() == column.name)
        })
    }

    /// The column that devices of this schema have in place of this one.
    pub fn successor_of(&self, column: &Column) -> Option<&Column> {
        self.column(column.former.as_ref()?.successor())
    }

    /// The name under which old devices upload and read its rows.
    pub fn former_name(&self) -> Option<&str> {
        let old = self.renamed_from.as_deref();
        old.filter(|_| self.residence == Residence::Synced)
    }

    /// The column that had this name before.
    pub fn renamed(&self, old: &str) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.renamed_from.as_deref() == Some(old))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::load_str;

    const SOURCE: &str = r#"
[project]
name = "app"
[tables.notes]
renamed_from = "memos"
[tables.notes.columns]
title = { type = "text", default = "x", max_length = 9, renamed_from = "name" }
length = "integer?"
size = { type = "bigint?", replaces = "length" }
secret = { type = "text?", server_only = true, renamed_from = "hidden" }
[tables.jobs]
sync = "server"
[tables.jobs.columns]
state = { type = "text", renamed_from = "status" }
"#;

    #[test]
    fn synced_tables_hold_both_columns() {
        let schema = load_str(SOURCE).schema;
        let names = |columns: &mut dyn Iterator<Item = &Column>| {
            let names: Vec<_> = columns.map(|it| it.name.as_str()).collect();
            names.join(" ")
        };
        let notes = schema.table("notes").expect("declared");
        let stamps = "created_at updated_at deleted_at";
        assert_eq!(
            names(&mut notes.columns.iter()),
            format!("id owner_id title name length size secret {stamps}")
        );
        assert_eq!(
            names(&mut notes.device_columns()),
            format!("id owner_id title size {stamps}")
        );
        assert_eq!(
            names(&mut notes.sent_columns()),
            format!("id owner_id title name length size {stamps}")
        );
        assert_eq!(
            names(&mut notes.declared_columns()),
            format!("id owner_id title length size secret {stamps}")
        );
        let (title, name) = (notes.column("title"), notes.column("name"));
        assert_eq!(notes.former_of(title.expect("declared")), name);
        assert_eq!(notes.successor_of(name.expect("injected")), title);
        for former in ["name", "length"].map(|it| notes.column(it).expect("there")) {
            assert!(former.nullable && former.condition().is_none());
        }
        assert_eq!(notes.former_name(), Some("memos"));
    }

    #[test]
    fn server_tables_change_at_once() {
        let schema = load_str(SOURCE).schema;
        let jobs = schema.table("jobs").expect("declared");
        assert!(jobs.column("status").is_none());
        assert!(jobs.columns.iter().all(|it| it.former.is_none()));
    }
}
