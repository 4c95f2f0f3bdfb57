//! What `[defaults]` says, under what a table says.

use super::node::Fields;
use crate::model::{Access, Conflict, Defaults, Delete, IdType, Key, Residence};

/// What `[defaults]` says, where it has a meaning for this table, under what the table says.
///
/// Access and soft delete are about sync: a table of one side has neither unless it asks for it.
pub(super) fn rules_for(residence: Residence, fields: Fields<'_>, defaults: &Defaults) -> Defaults {
    let mut rules = defaults.clone();
    if residence != Residence::Synced {
        rules.access = Access::Streams;
        rules.delete = Delete::Hard;
        rules.key = Key::Id;
        rules.conflict = Conflict::LastWrite;
        rules.rls = false;
        rules.sync_deleted_rows = false;
        rules.ignore_empty_updates = true;
    } else if fields
        .text("access")
        .is_some_and(|access| access != "owner")
        || (fields.text("access").is_none() && defaults.access != Access::Owner)
    {
        rules.key = Key::Id;
        rules.rls = false;
        rules.conflict = Conflict::LastWrite;
    }
    overlay(fields, &mut rules);
    // What [defaults] says and this table cannot have is not this table's mistake.
    if fields.get("deleted_rows").is_none() && rules.delete == Delete::Hard {
        rules.sync_deleted_rows = false;
    }
    if fields.get("conflict").is_none() && fields.bool("insert_only") == Some(true) {
        rules.conflict = Conflict::LastWrite;
    }
    rules
}

/// What `[defaults]` and a table share, laid over `defaults`.
pub(super) fn overlay(fields: Fields<'_>, defaults: &mut Defaults) {
    match fields.text("access") {
        Some("owner") => defaults.access = Access::Owner,
        Some("public") => defaults.access = Access::Public,
        Some("streams") => defaults.access = Access::Streams,
        _ => {}
    }
    match fields.text("delete") {
        Some("soft") => defaults.delete = Delete::Soft,
        Some("hard") => defaults.delete = Delete::Hard,
        _ => {}
    }
    match fields.text("key") {
        Some("id") => defaults.key = Key::Id,
        Some("owner") => defaults.key = Key::Owner,
        _ => {}
    }
    match fields.text("id") {
        Some("text") => defaults.id = IdType::Text,
        Some("uuid") => defaults.id = IdType::Uuid,
        _ => {}
    }
    match fields.text("conflict") {
        Some("last_write") => defaults.conflict = Conflict::LastWrite,
        Some("reject_stale") => defaults.conflict = Conflict::RejectStale,
        _ => {}
    }
    if let Some(owner) = fields.owned("owner") {
        defaults.owner = owner;
    }
    let set = |slot: &mut bool, key| *slot = fields.bool(key).unwrap_or(*slot);
    set(&mut defaults.timestamps, "timestamps");
    set(&mut defaults.ignore_empty_updates, "ignore_empty_updates");
    set(&mut defaults.rls, "rls");
    if let Some(word) = fields.text("deleted_rows") {
        defaults.sync_deleted_rows = word == "sync";
    }
}
