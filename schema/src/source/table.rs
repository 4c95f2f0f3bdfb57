//! One table: what it says, what `[defaults]` says for it, and the columns that follow from both.

use super::column::{self, Declared};
use super::node::{Fields, Node};
use super::rules::rules_for;
use super::{constraints, removed};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Access, Column, Conflict, DefaultValue, Defaults, Delete, IdType, Key, Residence, Role, Scalar,
    Table, TrackPrevious,
};
use crate::place::Place;

/// Reads a table.
pub(super) fn read(
    name: &str,
    place: Place,
    fields: Fields<'_>,
    defaults: &Defaults,
    out: &mut Diagnostics,
) -> Table {
    let residence = match fields.text("sync") {
        Some("local") => Residence::Local,
        Some("server") => Residence::Server,
        _ => Residence::Synced,
    };
    let rules = rules_for(residence, fields, defaults);
    let declared: Vec<Declared> = fields
        .table("columns")
        .into_iter()
        .flat_map(Fields::entries)
        .map(|(name, place, node)| column::read(name, place, node, out))
        .collect();
    let mut table = Table {
        doc: fields.owned("doc"),
        schema: fields.owned("schema"),
        access: rules.access,
        key: key(fields, &rules),
        delete: rules.delete,
        sync_deleted_rows: rules.sync_deleted_rows,
        insert_only: fields.bool("insert_only").unwrap_or(false),
        track_previous: track_previous(fields, &rules),
        track_metadata: fields.bool("track_metadata").unwrap_or(false),
        ignore_empty_updates: rules.ignore_empty_updates,
        conflict: rules.conflict,
        rls: rules.rls,
        columns: Vec::with_capacity(declared.len() + 5),
        removed_columns: fields
            .table("removed_columns")
            .map(|it| removed::read(it, out))
            .unwrap_or_default(),
        renamed_from: fields.owned("renamed_from"),
        place,
        ..Table::new(name, residence)
    };
    let unique: Vec<_> = declared
        .iter()
        .filter_map(|it| Some((it.column.name.clone(), it.unique?)))
        .collect();
    table.columns = inject(
        &table,
        declared.into_iter().map(|it| it.column).collect(),
        &rules,
    );
    constraints::read(&mut table, fields, unique, out);
    refuse_meaningless(&table, fields, out);
    table
}

fn key(fields: Fields<'_>, rules: &Defaults) -> Key {
    match fields.get("key") {
        Some(node) if node.text().is_none() => {
            Key::Columns(node.texts().into_iter().map(|it| it.value).collect())
        }
        _ => rules.key.clone(),
    }
}

fn track_previous(fields: Fields<'_>, rules: &Defaults) -> Option<TrackPrevious> {
    let said = fields.get("track_previous");
    match said {
        Some(node) if node.is_list() => Some(TrackPrevious::Columns(
            node.texts().into_iter().map(|it| it.value).collect(),
        )),
        Some(node) if node.bool() == Some(true) => Some(TrackPrevious::All),
        // A stale upload is told by its previous values.
        _ => (rules.conflict == Conflict::RejectStale).then_some(TrackPrevious::All),
    }
}

/// Puts the columns in order: id, owner, as declared, timestamps; and adds those that are missing.
pub(super) fn inject(table: &Table, declared: Vec<Column>, rules: &Defaults) -> Vec<Column> {
    let mut rest = declared;
    let mut columns = Vec::with_capacity(rest.len() + 5);
    let wants_id = !matches!(table.key, Key::Columns(_));
    take(&mut rest, "id")
        .or_else(|| wants_id.then(|| id(rules)))
        .into_iter()
        .for_each(|mut column| {
            if wants_id {
                column.role = Role::Id;
                column.default.get_or_insert(DefaultValue::Uuid);
            }
            columns.push(column);
        });
    if table.access == Access::Owner {
        let mut owner = take(&mut rest, &rules.owner)
            .unwrap_or_else(|| Column::new(&rules.owner, Scalar::Text, false, Role::Owner));
        owner.role = Role::Owner;
        columns.push(owner);
    }
    let mut last = Vec::new();
    let mut stamp =
        |name: &str, role, nullable: bool| match rest.iter_mut().find(|it| it.name == name) {
            Some(own) => own.role = role,
            None => {
                let mut column = Column::new(name, Scalar::Timestamp, nullable, role);
                column.default = (!nullable).then_some(DefaultValue::Now);
                last.push(column);
            }
        };
    if rules.timestamps {
        stamp("created_at", Role::CreatedAt, false);
        stamp("updated_at", Role::UpdatedAt, false);
    }
    if rules.delete == Delete::Soft {
        stamp("deleted_at", Role::DeletedAt, true);
    }
    columns.append(&mut rest);
    columns.append(&mut last);
    columns
}

fn take(columns: &mut Vec<Column>, name: &str) -> Option<Column> {
    let at = columns.iter().position(|column| column.name == name)?;
    Some(columns.remove(at))
}

fn id(rules: &Defaults) -> Column {
    let scalar = match rules.id {
        IdType::Text => Scalar::Text,
        IdType::Uuid => Scalar::Uuid,
    };
    Column::new("id", scalar, false, Role::Id)
}

/// Options of the other kind of table, which would otherwise be read and forgotten.
fn refuse_meaningless(table: &Table, fields: Fields<'_>, out: &mut Diagnostics) {
    const SYNC_ONLY: &[&str] = &[
        "insert_only",
        "track_previous",
        "track_metadata",
        "ignore_empty_updates",
        "conflict",
        "deleted_rows",
    ];
    const SERVER_ONLY: &[&str] = &["schema"];
    const NOT_LOCAL: &[&str] = &["access", "owner", "key", "delete", "rls", "checks", "id"];
    let mut refuse = |keys: &[&str], why: &str| {
        for (key, node) in keys.iter().filter_map(|key| Some((*key, fields.get(key)?))) {
            out.push(
                Diagnostic::new(
                    Code::S025,
                    format!("`{key}` has no meaning on table `{}`", table.name),
                )
                .at(node.place, why),
            );
        }
    };
    match table.residence {
        Residence::Synced => refuse(SERVER_ONLY, "only tables with sync = \"server\" have it"),
        Residence::Local => {
            // PowerSync takes insert_only on any table, the upload options on synced ones alone.
            refuse(SYNC_ONLY, "the table is never uploaded");
            refuse(NOT_LOCAL, "the table is on the device only");
            refuse(SERVER_ONLY, "the table is on the device only");
        }
        Residence::Server => refuse(SYNC_ONLY, "the table is never on a device"),
    }
    let list_key = fields
        .get("key")
        .filter(|node: &Node<'_>| node.text().is_none());
    if let (Some(node), true) = (list_key, table.residence == Residence::Synced) {
        out.push(
            Diagnostic::new(
                Code::S015,
                format!("table `{}` is synced and chooses its own key", table.name),
            )
            .at(node.place, "takes \"id\" or \"owner\"")
            .note("PowerSync identifies rows by `id`")
            .help("a table with sync = \"server\" may have any key"),
        );
    }
}
