//! Indexes and unique rules.

use syncline_schema::model::{Index, IndexColumn, IndexPart, Nulls};

use super::Building;
use super::constraints::behind;
use crate::live::catalog::rows::{ConstraintRow, IndexRow};
use crate::live::catalog::{ReplicaIdentity, expression};

/// Bits of `pg_index.indoption`.
const DESC: i16 = 1;
const NULLS_FIRST: i16 = 2;

/// Adds the indexes, by name.
pub(super) fn add(building: &mut Building, rows: &[IndexRow], constraints: &[ConstraintRow]) {
    let uniques = behind(constraints, "u");
    let exclusions = behind(constraints, "x");
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    for row in rows {
        let Some(draft) = building.tables.get_mut(&row.table) else {
            continue;
        };
        if row.replica_identity {
            draft.facts.replica_identity = ReplicaIdentity::Index(row.name.clone());
        }
        // An exclusion is noted as the constraint that it is.
        if row.exclusion || exclusions.contains(&row.oid) {
            continue;
        }
        if !row.primary {
            match index(row, |numbers| draft.names(numbers)) {
                Some(mut index) => {
                    index.constraint = uniques.contains(&row.oid);
                    draft.table.indexes.push(index);
                }
                None => building.of_table(row.table, "index", &row.name, "is of system columns"),
            }
        }
        properties(building, row);
    }
}

fn index(row: &IndexRow, names: impl Fn(&[i16]) -> Option<Vec<String>>) -> Option<Index> {
    let keys = usize::try_from(row.keys).ok()?.min(row.columns.len());
    let (keyed, carried) = row.columns.split_at(keys);
    let mut parts = Vec::with_capacity(keys);
    for (at, number) in keyed.iter().enumerate() {
        let part = match row.expressions.get(at).and_then(Option::as_deref) {
            Some(sql) => IndexPart::Expression(expression::condition(sql)),
            None => IndexPart::Column(names(&[*number])?.pop()?),
        };
        let order = row.order.get(at).copied().unwrap_or_default();
        let (desc, first) = (order & DESC != 0, order & NULLS_FIRST != 0);
        parts.push(IndexColumn {
            part,
            desc,
            nulls: match (desc, first) {
                (false, true) => Some(Nulls::First),
                (true, false) => Some(Nulls::Last),
                _ => None,
            },
            opclass: row.opclasses.get(at).cloned().flatten(),
        });
    }
    let mut index = Index::new(&*row.name, parts);
    index.unique = row.unique;
    index.method = (row.method != "btree").then(|| row.method.clone());
    index.predicate = row.predicate.as_deref().map(expression::condition);
    index.include = names(carried)?;
    index.nulls_not_distinct = row.nulls_not_distinct;
    Some(index)
}

/// What the model cannot say of an index.
fn properties(building: &mut Building, row: &IndexRow) {
    let kind = if row.primary { "primary key" } else { "index" };
    let mut note = |what: String| building.of_table(row.table, kind, &row.name, what);
    if !row.valid {
        note("is invalid, as an interrupted CREATE INDEX CONCURRENTLY leaves it".to_owned());
    }
    if row.primary && row.columns.len() > usize::try_from(row.keys).unwrap_or_default() {
        note("carries columns along".to_owned());
    }
    for collation in row.collations.iter().flatten() {
        note(format!("has the collation {collation}"));
    }
    if let Some(options) = &row.options {
        note(format!("has storage parameters: {}", options.join(", ")));
    }
    if let Some(space) = &row.tablespace {
        note(format!("stands in the tablespace `{space}`"));
    }
}
