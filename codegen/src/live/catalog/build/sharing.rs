//! Who sees what: policies, grants, the publication; and what hangs on tables.

use std::collections::BTreeSet;

use super::Building;
use crate::diff::fold::set_policy;
use crate::diff::step::TableName;
use crate::live::catalog::rows::{AttachedRow, GrantRow, MemberRow, PolicyRow, PublicationRow};
use crate::live::catalog::{Policy, Publication, expression};

/// Adds the grants to their tables.
pub(super) fn add_grants(building: &mut Building, rows: &[GrantRow]) {
    for row in rows {
        if let Some(draft) = building.tables.get_mut(&row.table) {
            let rights = row.privileges.iter().cloned().collect();
            draft.facts.grants.insert(row.role.clone(), rights);
        }
    }
}

/// Adds the policies. Ours names the owner of its table; the model has no other.
pub(super) fn add_policies(building: &mut Building, rows: &[PolicyRow]) {
    for row in rows {
        let Some(draft) = building.tables.get_mut(&row.table) else {
            continue;
        };
        let policy = policy(row);
        let whole = policy.command == "ALL"
            && policy.permissive
            && policy.check.is_none()
            && policy.roles == ["public"];
        let ours = whole
            && (policy.using.as_deref())
                .is_some_and(|using| set_policy(&mut draft.table, &row.name, using));
        draft.facts.policies.push(policy);
        if !ours {
            building.of_table(row.table, "policy", &row.name, "");
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
