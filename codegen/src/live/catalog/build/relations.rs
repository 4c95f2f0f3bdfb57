//! Tables, and what has no columns to speak of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use syncline_schema::model::{Key, Residence, Table};

use super::{Building, Draft};
use crate::diff::step::TableName;
use crate::live::catalog::rows::RelationRow;
use crate::live::catalog::{ReplicaIdentity, TableFacts};

/// The kinds of relations that are no tables of ours, for people.
const KINDS: &[(&str, &str)] = &[
    ("S", "sequence"),
    ("f", "foreign table"),
    ("m", "materialized view"),
    ("v", "view"),
];

/// Tables without columns, and the others noted.
pub(super) fn tables(rows: &[RelationRow]) -> Building {
    let mut building = Building {
        tables: HashMap::new(),
        names: BTreeMap::new(),
        unheld: Vec::new(),
    };
    let by_oid: HashMap<u32, &RelationRow> = rows.iter().map(|row| (row.oid, row)).collect();
    for row in rows {
        if let Some((_, kind)) = KINDS.iter().find(|(it, _)| *it == row.kind) {
            if !row.owned {
                building.loose(kind, Some(&row.schema), &row.name);
            }
        } else if !row.is_partition {
            *building.names.entry(row.name.clone()).or_default() += 1;
            building.tables.insert(row.oid, draft(row));
        }
    }
    for row in rows {
        if !row.is_partition {
            properties(&mut building, row, &by_oid);
        }
    }
    partitions(&mut building, rows);
    building
}

fn draft(row: &RelationRow) -> Draft {
    let name = TableName::new(Some(&row.schema), &row.name);
    let mut table = Table::new(&*row.name, Residence::Server);
    table.schema.clone_from(&name.schema);
    table.doc.clone_from(&row.comment);
    table.rls = row.row_security;
    table.key = Key::Columns(Vec::new());
    Draft {
        name,
        table,
        facts: TableFacts {
            owner: row.owner.clone(),
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            rows: (row.rows >= 0.0).then_some(row.rows as u64),
            bytes: row.bytes.unsigned_abs(),
            replica_identity: match row.replica_identity.as_str() {
                "n" => ReplicaIdentity::Nothing,
                "f" => ReplicaIdentity::Full,
                "i" => ReplicaIdentity::Index(String::new()),
                _ => ReplicaIdentity::Default,
            },
            policies: Vec::new(),
            grants: BTreeMap::new(),
        },
        columns: HashMap::new(),
    }
}

/// What the model cannot say of a table as a whole.
fn properties(building: &mut Building, row: &RelationRow, by_oid: &HashMap<u32, &RelationRow>) {
    let mut note = |what: String| building.of_table(row.oid, "table", &row.name, what);
    if row.persistence == "u" {
        note("is unlogged: a crash empties it, and it cannot be published".to_owned());
    }
    if row.force_row_security {
        note("forces row security on its owner too".to_owned());
    }
    if !row.parents.is_empty() {
        let parents: BTreeSet<_> = (row.parents.iter())
            .filter_map(|it| by_oid.get(it))
            .map(|it| TableName::new(Some(&it.schema), &it.name).to_string())
            .collect();
        let parents: Vec<_> = parents.into_iter().collect();
        note(format!("inherits from `{}`", parents.join("`, `")));
    }
    if row.of_type {
        note("is made of a composite type".to_owned());
    }
    if let Some(options) = &row.options {
        note(format!("has storage parameters: {}", options.join(", ")));
    }
    if let Some(space) = &row.tablespace {
        note(format!("stands in the tablespace `{space}`"));
    }
    if let Some(method) = &row.method {
        note(format!("is kept by the access method `{method}`"));
    }
}

fn partitions(building: &mut Building, rows: &[RelationRow]) {
    let mut children: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_partition) {
        let name = TableName::new(Some(&row.schema), &row.name).to_string();
        for parent in &row.parents {
            children.entry(*parent).or_default().push(name.clone());
        }
    }
    for row in rows.iter().filter(|row| row.kind == "p") {
        let mut names = children.remove(&row.oid).unwrap_or_default();
        names.sort();
        let what = if names.is_empty() {
            "is partitioned".to_owned()
        } else {
            format!("is partitioned into `{}`", names.join("`, `"))
        };
        if row.is_partition {
            // One of a partition: noted with the table that it is a part of.
            building.loose("partitioned partition", Some(&row.schema), &row.name);
        } else {
            building.of_table(row.oid, "table", &row.name, what);
        }
    }
}
