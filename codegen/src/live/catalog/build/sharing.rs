//! Who sees what: policies, grants, the publication; and what hangs on tables.

use std::collections::BTreeSet;

use super::{Building, Found};
use crate::diff::step::TableName;
use crate::live::catalog::rows::{AttachedRow, MemberRow, PolicyRow, PublicationRow};
use crate::live::catalog::{Policy, Publication, expression};

/// Adds policies and grants to their tables.
pub(super) fn add(building: &mut Building, found: &Found) {
    for row in &found.policies {
        if let Some(draft) = building.tables.get_mut(&row.table) {
            draft.facts.policies.push(policy(row));
        }
    }
    for row in &found.grants {
        if let Some(draft) = building.tables.get_mut(&row.table) {
            let rights = row.privileges.iter().cloned().collect();
            draft.facts.grants.insert(row.role.clone(), rights);
        }
    }
}

fn policy(row: &PolicyRow) -> Policy {
    Policy {
        name: row.name.clone(),
        command: match row.command.as_str() {
            "r" => "SELECT",
            "a" => "INSERT",
            "w" => "UPDATE",
            "d" => "DELETE",
            _ => "ALL",
        },
        permissive: row.permissive,
        roles: row.roles.clone(),
        using: row.using.as_deref().map(expression::condition),
        check: row.check.as_deref().map(expression::condition),
    }
}

/// Notes triggers, rules and statistics.
pub(super) fn attached(building: &mut Building, rows: &[AttachedRow]) {
    for row in rows {
        building.of_table(row.table, &row.kind, &row.name, "");
    }
}

/// The publication.
pub(super) fn publication(rows: &[PublicationRow], members: &[MemberRow]) -> Option<Publication> {
    let row = rows.first()?;
    let sent = [
        ("insert", row.inserts),
        ("update", row.updates),
        ("delete", row.deletes),
        ("truncate", row.truncates),
    ];
    Some(Publication {
        owner: row.owner.clone(),
        all_tables: row.all_tables,
        leaves_out: (sent.iter().filter(|(_, sent)| !sent))
            .map(|(name, _)| *name)
            .collect(),
        via_partition_root: row.via_root,
        partial: (members.iter().filter(|it| it.has_filter || it.has_columns))
            .map(name)
            .collect(),
    })
}

/// Its members.
pub(super) fn published(members: &[MemberRow]) -> BTreeSet<TableName> {
    members.iter().map(name).collect()
}

fn name(row: &MemberRow) -> TableName {
    TableName::new(Some(&row.schema), &row.name)
}
