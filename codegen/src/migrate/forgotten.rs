//! What devices that are out there still upload, and the source no longer speaks of.
//!
//! In: the schema of the newest snapshot, and the source's. Out: the lines that keep the names
//! known, so that uploads of them are accepted and dropped, and old queues drain. The rule looks
//! at names only, so that a run that was cut short after it edited the source is finished by the
//! next one.

use std::collections::BTreeSet;

use syncline_schema::Schema;
use syncline_schema::model::{Residence, Table};
use syncline_schema::source::edit::Edit;

use crate::diff::{Pair, Renames, TableName, tables};

/// The lines that the source owes, tables last. `date` is `YYYY-MM-DD`.
pub fn forgotten(schemas: Pair<&Schema>, renames: &Renames, date: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let previous = tables(schemas.previous);
    for next in schemas.next.synced() {
        let before = previous.get(renames.table_before(&TableName::of(next)));
        let Some(before) = before.filter(|it| it.residence == Residence::Synced) else {
            continue;
        };
        let known = columns(next);
        let gone = before
            .sent_columns()
            .filter(|it| !known.contains(it.name.as_str()));
        edits.extend(gone.map(|column| Edit::RemovedColumn {
            table: next.name.clone(),
            column: column.name.clone(),
            date: date.to_owned(),
        }));
    }
    let known: BTreeSet<&str> = schemas
        .next
        .tables
        .iter()
        .flat_map(|it| [Some(it.name.as_str()), it.former_name()])
        .flatten()
        .chain(
            schemas
                .next
                .removed_tables
                .iter()
                .map(|it| it.name.as_str()),
        )
        .collect();
    let names = schemas.previous.synced();
    let names = names.flat_map(|it| [Some(it.name.as_str()), it.former_name()]);
    let gone = names.flatten().filter(|name| !known.contains(name));
    edits.extend(gone.map(|table| Edit::RemovedTable {
        table: table.to_owned(),
        date: date.to_owned(),
    }));
    edits
}

/// Every name that an upload to the table may use.
fn columns(table: &Table) -> BTreeSet<&str> {
    let declared = table.columns.iter().map(|it| it.name.as_str());
    let former = table
        .columns
        .iter()
        .filter_map(|it| it.renamed_from.as_deref());
    let removed = table.removed_columns.iter().map(|it| it.name.as_str());
    declared.chain(former).chain(removed).collect()
}
