//! Indexes and unique rules of a table that stays.

use syncline_schema::model::{Index, IndexColumn, IndexPart, Nulls, Table};

use super::{Pair, Renames, Step, TableName};
use crate::read::expression::same;

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
            .all(|(one, other)| same_part(one, method(a), other, method(b)))
}

fn method(index: &Index) -> &str {
    index.method.as_deref().unwrap_or("btree")
}

fn same_part(a: &IndexColumn, method: &str, b: &IndexColumn, other: &str) -> bool {
    let parts = match (&a.part, &b.part) {
        (IndexPart::Column(a), IndexPart::Column(b)) => a == b,
        (IndexPart::Expression(a), IndexPart::Expression(b)) => same(a, b),
        _ => false,
    };
    parts && a.desc == b.desc && nulls(a) == nulls(b) && opclass(a, method) == opclass(b, other)
}

/// The operator class, where it is not the one that PostgreSQL takes by itself.
fn opclass<'a>(part: &'a IndexColumn, method: &str) -> Option<&'a str> {
    let usual = match method {
        "btree" | "hash" => USUAL,
        "gin" => &["array_ops", "jsonb_ops", "tsvector_ops"],
        "gist" => &[
            "box_ops",
            "circle_ops",
            "multirange_ops",
            "point_ops",
            "poly_ops",
            "range_ops",
            "tsquery_ops",
            "tsvector_ops",
        ],
        _ => &[],
    };
    part.opclass.as_deref().filter(|it| !usual.contains(it))
}

/// The classes of b-trees and hashes that are their types' own.
const USUAL: &[&str] = &[
    "array_ops",
    "bit_ops",
    "bool_ops",
    "bpchar_ops",
    "bytea_ops",
    "char_ops",
    "date_ops",
    "enum_ops",
    "float4_ops",
    "float8_ops",
    "inet_ops",
    "int2_ops",
    "int4_ops",
    "int8_ops",
    "interval_ops",
    "jsonb_ops",
    "macaddr8_ops",
    "macaddr_ops",
    "multirange_ops",
    "name_ops",
    "numeric_ops",
    "oid_ops",
    "pg_lsn_ops",
    "range_ops",
    "record_ops",
    "text_ops",
    "time_ops",
    "timestamp_ops",
    "timestamptz_ops",
    "timetz_ops",
    "uuid_ops",
    "varbit_ops",
];

/// PostgreSQL puts NULLs last, and first in descending order.
fn nulls(part: &IndexColumn) -> Nulls {
    let usual = if part.desc { Nulls::First } else { Nulls::Last };
    part.nulls.unwrap_or(usual)
}
