//! Indexes and unique rules of a table that stays.

use syncline_schema::model::{Index, IndexColumn, IndexPart, Nulls, Table};

use super::facts::same;
use super::{Pair, Renames, Step, TableName};

/// An index by itself, or a unique rule that PostgreSQL holds as a constraint.
pub(super) fn create(table: &TableName, index: &Index) -> Step {
    if index.constraint {
        Step::AddUnique {
            table: table.clone(),
            index: Box::new(index.clone()),
            using_index: None,
        }
    } else {
        Step::CreateIndex {
            table: table.clone(),
            index: Box::new(index.clone()),
            concurrently: false,
        }
    }
}

pub(super) fn diff(
    name: &TableName,
    tables: Pair<&Table>,
    renames: &Renames,
    steps: &mut Vec<Step>,
) {
    let mut left: Vec<&Index> = tables.previous.indexes.iter().collect();
    let mut new = Vec::new();
    for next in &tables.next.indexes {
        let before = renames.index_before(name, &next.name);
        let Some(at) = left.iter().position(|it| it.name == before) else {
            new.push(next);
            continue;
        };
        let previous = left.remove(at);
        if alike(previous, next) {
            rename(name, previous, next, steps);
        } else {
            steps.push(drop(name, previous));
            steps.push(create(name, next));
        }
    }
    // What is the same but for its name is the same: nothing is built again.
    for next in new {
        match left.iter().position(|it| alike(it, next)) {
            Some(at) => rename(name, left.remove(at), next, steps),
            None => steps.push(create(name, next)),
        }
    }
    steps.extend(left.into_iter().map(|it| drop(name, it)));
}

fn rename(table: &TableName, previous: &Index, next: &Index, steps: &mut Vec<Step>) {
    if previous.name == next.name {
        return;
    }
    let (table, from, to) = (table.clone(), previous.name.clone(), next.name.clone());
    steps.push(if previous.constraint {
        Step::RenameConstraint { table, from, to }
    } else {
        Step::RenameIndex { table, from, to }
    });
}

fn drop(table: &TableName, index: &Index) -> Step {
    let (table, name) = (table.clone(), index.name.clone());
    if index.constraint {
        Step::DropConstraint { table, name }
    } else {
        Step::DropIndex {
            table,
            name,
            concurrently: false,
        }
    }
}

/// The same but for the name. A constraint does what a unique index does.
fn alike(a: &Index, b: &Index) -> bool {
    let predicates = match (&a.predicate, &b.predicate) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    a.unique == b.unique
        && method(a) == method(b)
        && a.include == b.include
        && a.nulls_not_distinct == b.nulls_not_distinct
        && predicates
        && a.columns.len() == b.columns.len()
        && a.columns
            .iter()
            .zip(&b.columns)
            .all(|(a, b)| same_part(a, b))
}

fn method(index: &Index) -> &str {
    index.method.as_deref().unwrap_or("btree")
}

fn same_part(a: &IndexColumn, b: &IndexColumn) -> bool {
    let parts = match (&a.part, &b.part) {
        (IndexPart::Column(a), IndexPart::Column(b)) => a == b,
        (IndexPart::Expression(a), IndexPart::Expression(b)) => same(a, b),
        _ => false,
    };
    parts && a.desc == b.desc && nulls(a) == nulls(b) && a.opclass == b.opclass
}

/// PostgreSQL puts NULLs last, and first in descending order.
fn nulls(part: &IndexColumn) -> Nulls {
    let usual = if part.desc { Nulls::First } else { Nulls::Last };
    part.nulls.unwrap_or(usual)
}
