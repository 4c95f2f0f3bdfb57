//! The table of `[sync] sync_rejections = true`.

use super::table::inject;
use crate::model::{
    Access, Column, Conflict, Defaults, Delete, Index, IndexColumn, Key, Residence, Role, Scalar,
    Table,
};
use crate::names;

/// The table of `[sync] sync_rejections = true`: the server writes what it refused, its owner reads it.
pub(super) fn table(defaults: &Defaults) -> Table {
    let mut rules = defaults.clone();
    rules.access = Access::Owner;
    rules.delete = Delete::Hard;
    rules.key = Key::Id;
    rules.timestamps = false;
    let mut table = Table {
        doc: Some("What the server refused of this user's uploads, and why.".to_owned()),
        access: Access::Owner,
        key: Key::Id,
        delete: Delete::Hard,
        conflict: Conflict::LastWrite,
        rls: defaults.rls,
        ..Table::new("sync_rejections", Residence::Synced)
    };
    let columns = [
        ("client_id", Scalar::Text, true, "The device that sent it."),
        (
            "op_id",
            Scalar::Text,
            true,
            "The transaction's number on that device.",
        ),
        (
            "table_name",
            Scalar::Text,
            true,
            "The table that was written.",
        ),
        ("row_id", Scalar::Text, true, "The row that was written."),
        (
            "column_name",
            Scalar::Text,
            true,
            "The column at fault, if it is one.",
        ),
        (
            "code",
            Scalar::Text,
            false,
            "The verdict's code, such as `invalid_value`.",
        ),
        (
            "message",
            Scalar::Text,
            false,
            "What was wrong, without the value.",
        ),
        (
            "rejected_at",
            Scalar::Timestamp,
            false,
            "When the server refused it.",
        ),
    ]
    .map(|(name, scalar, nullable, doc)| {
        let mut column = Column::new(name, scalar, nullable, Role::Data);
        column.doc = Some(doc.to_owned());
        column.read_only = true;
        column
    });
    table.columns = inject(&table, columns.into(), &rules);
    let owner_column = rules.owner.as_str();
    table.indexes.push(Index::new(
        names::index(&table.name, [owner_column]),
        vec![IndexColumn::column(owner_column)],
    ));
    table
}
