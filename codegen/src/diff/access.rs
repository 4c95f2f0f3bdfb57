//! Rights and the publication, which follow from a schema source.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::Schema;

use super::{Pair, Privileges, Renames, Step, TableName};
use crate::sql::roles;
use crate::targets::streams::tables_read;

pub(super) fn diff(schemas: Pair<&Schema>, renames: &Renames, steps: &mut Vec<Step>) {
    let granted = Pair {
        previous: grants(schemas.previous),
        next: grants(schemas.next),
    };
    for ((table, role), privileges) in &granted.next {
        let before = (renames.table_before(table).clone(), role.clone());
        // Rights go with a table into another schema, but not into the schema itself.
        let moved = before.0.schema != table.schema;
        if moved || granted.previous.get(&before) != Some(privileges) {
            steps.push(Step::Grant {
                table: table.clone(),
                privileges: *privileges,
                role: role.clone(),
            });
        }
    }
    let published = Pair {
        previous: published(schemas.previous),
        next: published(schemas.next),
    };
    let stays = |table: &TableName| published.previous.contains(renames.table_before(table));
    let added = published.next.iter().filter(|it| !stays(it));
    steps.extend(added.map(|it| Step::Publish(it.clone())));
    // A table that is dropped takes its rights and its place in the publication with it.
    for next in schemas.next.on_server() {
        let name = TableName::of(next);
        let before = renames.table_before(&name);
        if published.previous.contains(before) && !published.next.contains(&name) {
            steps.push(Step::Unpublish(name.clone()));
        }
        for role in roles_of(schemas.previous) {
            let had = granted
                .previous
                .contains_key(&(before.clone(), role.clone()));
            if had && !granted.next.contains_key(&(name.clone(), role.clone())) {
                steps.push(Step::Revoke {
                    table: name.clone(),
                    role,
                });
            }
        }
    }
}

fn roles_of(schema: &Schema) -> [String; 2] {
    let project = &schema.settings.project;
    [roles::app(project), roles::replication(project)]
}

/// Who may do what: the app's server writes every table, the service reads what streams read.
fn grants(schema: &Schema) -> BTreeMap<(TableName, String), Privileges> {
    let [app, replication] = roles_of(schema);
    let written = schema.on_server();
    let written = written.map(|it| ((TableName::of(it), app.clone()), Privileges::Write));
    let read = tables_read(schema).into_iter();
    let read = read.map(|it| ((TableName::of(it), replication.clone()), Privileges::Read));
    written.chain(read).collect()
}

fn published(schema: &Schema) -> BTreeSet<TableName> {
    tables_read(schema).into_iter().map(TableName::of).collect()
}
