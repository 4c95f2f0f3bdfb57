//! Columns of a table that stays.

use std::collections::HashMap;

use syncline_schema::convert::convert;
use syncline_schema::literal::default_of;
use syncline_schema::model::{Column, Scalar, Table};
use syncline_schema::{names, types};

use super::facts::{comment_of, same_default, same_type};
use super::table::policy;
use super::{Pair, Renames, Step, TableName};

pub(super) fn diff(
    name: &TableName,
    tables: Pair<&Table>,
    renames: &Renames,
    batch: u32,
    steps: &mut Vec<Step>,
) {
    let known: HashMap<_, _> = (tables.previous.columns.iter())
        .map(|column| (column.name.as_str(), column))
        .collect();
    for next in &tables.next.columns {
        let declared = next;
        let next = &*next.in_postgres();
        match known.get(next.name.as_str()) {
            Some(previous) => {
                let former = tables
                    .previous
                    .former_of(previous)
                    .filter(|it| tables.next.column(&it.name).is_none());
                let previous = &*previous.in_postgres();
                if let Some(former) = former {
                    steps.push(fill_from(name, former, next, batch));
                }
                alter(name, Pair { previous, next }, batch, steps);
            }
            None => {
                add(name, tables, next, batch, steps);
                // Devices take it for filled; PostgreSQL comes to know the default later.
                let default = default_of(declared).filter(|_| declared.expanding);
                steps.extend(default.map(|value| fill(name, next, &value, batch)));
            }
        }
        let words = renames.words(name, &next.name);
        steps.extend(
            words
                .filter(|_| !is_native(next))
                .map(|(from, to)| Step::Fill {
                    table: name.clone(),
                    column: next.name.clone(),
                    value: names::quote_text(to),
                    rows: format!(
                        "{} = {}",
                        names::quote_sql(&next.name),
                        names::quote_text(from)
                    ),
                    batch,
                }),
        );
    }
    security(name, tables, steps);
    if comment_of(&tables.previous.doc) != comment_of(&tables.next.doc) {
        steps.push(Step::Comment {
            table: name.clone(),
            column: None,
            text: comment_of(&tables.next.doc),
        });
    }
    for previous in &tables.previous.columns {
        if tables.next.column(&previous.name).is_none() {
            steps.push(Step::DropColumn {
                table: name.clone(),
                column: previous.name.clone(),
            });
        }
    }
}

/// A column that comes. One that takes the place of another is filled from it.
fn add(name: &TableName, tables: Pair<&Table>, column: &Column, batch: u32, steps: &mut Vec<Step>) {
    steps.push(Step::AddColumn {
        table: name.clone(),
        column: Box::new(column.clone()),
    });
    let former = column
        .renamed_from
        .as_deref()
        .or(column.replaces.as_deref());
    if let Some(former) = former.and_then(|it| tables.previous.column(it)) {
        // One that stays for old devices has its new type by then.
        let former = tables.next.column(&former.name).unwrap_or(former);
        steps.push(fill_from(name, former, column, batch));
    }
    if comment_of(&column.doc).is_some() {
        steps.push(comment(name, column));
    }
}

/// Gives rows without a value the one of the column that this one takes the place of.
fn fill_from(name: &TableName, former: &Column, column: &Column, batch: u32) -> Step {
    let from = names::quote_sql(&former.name);
    let same_type = types::postgres(&former.ty) == types::postgres(&column.ty);
    // As uploads are converted, which never fails: a value that the new type does not have is
    // left out, or gets the column's default.
    let converted = convert(former, column, &from).filter(|_| !same_type);
    let value = converted.unwrap_or_else(|| {
        if same_type {
            from.clone()
        } else {
            format!("{from}::{}", types::postgres(&column.ty))
        }
    });
    Step::Fill {
        table: name.clone(),
        column: column.name.clone(),
        value,
        rows: format!(
            "{} IS NULL AND {from} IS NOT NULL",
            names::quote_sql(&column.name)
        ),
        batch,
    }
}

fn alter(name: &TableName, columns: Pair<&Column>, batch: u32, steps: &mut Vec<Step>) {
    let Pair { previous, next } = columns;
    let retyped = !same_type(&previous.ty, &next.ty);
    let defaults = Pair {
        previous: default_of(previous),
        next: default_of(next),
    };
    let redefault = match (&defaults.previous, &defaults.next) {
        (Some(was), Some(is)) => !same_default(was, is, &next.ty),
        (was, is) => was.is_some() != is.is_some(),
    };
    let set_default = |default| Step::SetDefault {
        table: name.clone(),
        column: Box::new(next.clone()),
        default,
    };
    if retyped {
        // A default does not follow its column into every type.
        if defaults.previous.is_some() {
            steps.push(set_default(None));
        }
        steps.push(Step::SetType {
            table: name.clone(),
            column: next.name.clone(),
            from: Some(previous.ty.clone()),
            to: next.ty.clone(),
            using: super::cast::using(&previous.ty, &next.ty, &next.name),
        });
    }
    if redefault || (retyped && defaults.next.is_some()) {
        steps.push(set_default(
            next.default.clone().filter(|_| defaults.next.is_some()),
        ));
    }
    match (previous.nullable, next.nullable) {
        (true, false) => {
            // A default says what rows without a value were meant to have.
            steps.extend(defaults.next.map(|value| fill(name, next, &value, batch)));
            steps.push(Step::SetNotNull {
                table: name.clone(),
                column: next.name.clone(),
            });
        }
        (false, true) => steps.push(Step::DropNotNull {
            table: name.clone(),
            column: next.name.clone(),
        }),
        _ => {}
    }
    if comment_of(&previous.doc) != comment_of(&next.doc) {
        steps.push(comment(name, next));
    }
}

/// Gives rows without a value this one.
pub(crate) fn fill(name: &TableName, column: &Column, value: &str, batch: u32) -> Step {
    Step::Fill {
        table: name.clone(),
        column: column.name.clone(),
        value: value.to_owned(),
        rows: format!("{} IS NULL", names::quote_sql(&column.name)),
        batch,
    }
}

/// Row security follows the owner's column: its name and its type stand in the policy.
fn security(name: &TableName, tables: Pair<&Table>, steps: &mut Vec<Step>) {
    let Pair { previous, next } = tables;
    let policies = Pair {
        previous: policy(name, previous).filter(|_| previous.rls),
        next: policy(name, next).filter(|_| next.rls),
    };
    // What was read from a database has no owner, and may well have the policy.
    let unknown = previous.rls && policies.previous.is_none();
    if policies.previous != policies.next && !unknown {
        if let Some(Step::CreatePolicy { name: policy, .. }) = policies.previous {
            steps.push(Step::DropPolicy {
                table: name.clone(),
                name: policy,
            });
        }
        steps.extend(policies.next);
    }
    if previous.rls != next.rls {
        steps.push(Step::RowSecurity {
            table: name.clone(),
            on: next.rls,
        });
    }
}

fn comment(name: &TableName, column: &Column) -> Step {
    Step::Comment {
        table: name.clone(),
        column: Some(column.name.clone()),
        text: comment_of(&column.doc),
    }
}

fn is_native(column: &Column) -> bool {
    matches!(&column.ty.scalar, Scalar::Enum(it) if it.native.is_some())
}
