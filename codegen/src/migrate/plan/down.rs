//! The way back, in one transaction: what can be undone, and in words what cannot.

use syncline_schema::literal::default_of;
use syncline_schema::model::{ColumnType, DefaultValue, Scalar};
use syncline_schema::{Schema, names};

use crate::diff::{self, Cast, Pair, Renames, Scope, Step, cast};

/// A step of the way back.
#[derive(Clone, Debug)]
pub struct Undo {
    /// What it does not bring back, in a sentence.
    pub lost: Option<String>,
    /// The step; none where there is no way back.
    pub step: Option<Step>,
}

/// The steps from the next schema back to the one before.
pub(super) fn undo(schemas: Pair<&Schema>, renames: &Renames, scope: Scope) -> Vec<Undo> {
    let back = Pair {
        previous: schemas.next,
        next: schemas.previous,
    };
    let steps = diff::diff(back, &renames.reversed(), scope);
    let mut ranked: Vec<_> = steps
        .into_iter()
        .flat_map(one)
        .map(|undo| (undo.step.as_ref().map_or(0, rank), undo))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut undone: Vec<_> = ranked.into_iter().map(|(_, undo)| undo).collect();
    // The reverse of a new word is nothing at all, so the comparison back does not show it.
    let forward = diff::diff(schemas, renames, scope);
    undone.extend(forward.into_iter().filter_map(|step| match step {
        Step::AddEnumValue { name, value, .. } => Some(Undo {
            lost: Some(format!(
                "the word {} stays in the type {}: PostgreSQL takes none out",
                names::quote_text(&value),
                names::quote_sql(&name)
            )),
            step: None,
        }),
        _ => None,
    }));
    undone
}

fn one(step: Step) -> Vec<Undo> {
    let plain = |step| Undo {
        lost: None,
        step: Some(step),
    };
    match step {
        Step::CreateTable(ref table) => {
            let lost = format!(
                "the rows of {} are gone: it comes back empty",
                names::quote_sql(&table.name)
            );
            vec![Undo {
                lost: Some(lost),
                step: Some(step),
            }]
        }
        Step::AddColumn { table, column } => {
            let what = format!("{table}.{}", names::quote_sql(&column.name));
            let required = !column.nullable && default_of(&column).is_none();
            let neutral = neutral(&column.ty).filter(|_| required);
            let lost = match (&neutral, required) {
                (Some(value), _) => {
                    format!("the values of {what} are gone: every row gets {value}")
                }
                (None, true) => {
                    format!("the values of {what} are gone: this fails while there are rows")
                }
                (None, false) => format!("the values of {what} are gone"),
            };
            let mut filled = column.clone();
            let drop_default = neutral.map(|value| {
                filled.default = Some(DefaultValue::Raw(value));
                plain(Step::SetDefault {
                    table: table.clone(),
                    column,
                    default: None,
                })
            });
            let add = Undo {
                lost: Some(lost),
                step: Some(Step::AddColumn {
                    table,
                    column: filled,
                }),
            };
            std::iter::once(add).chain(drop_default).collect()
        }
        Step::SetNotNull {
            ref table,
            ref column,
        } => vec![Undo {
            lost: Some(format!(
                "this fails while a row has no {table}.{}",
                names::quote_sql(column)
            )),
            step: Some(step),
        }],
        Step::SetType {
            ref table,
            ref column,
            from: Some(ref from),
            ref to,
            ..
        } => {
            let what = format!("{table}.{}", names::quote_sql(column));
            let (lost, possible) = match cast(from, to) {
                Cast::Free | Cast::Keeps => (None, true),
                Cast::MayFail => (
                    Some(format!("this fails while a value of {what} does not fit")),
                    true,
                ),
                Cast::Rounds => (Some(format!("values of {what} are rounded")), true),
                Cast::None => (
                    Some(format!("the type of {what} stays: there is no way back")),
                    false,
                ),
            };
            vec![Undo {
                lost,
                step: possible.then_some(step),
            }]
        }
        Step::Fill {
            table,
            column,
            value,
            rows,
            ..
        } => vec![plain(Step::Other {
            sql: format!(
                "UPDATE {table} SET {} = {value} WHERE {rows};",
                names::quote_sql(&column)
            ),
        })],
        step => {
            let rule = match &step {
                Step::AddCheck { check, .. } => Some(&check.name),
                Step::AddForeignKey { key, .. } => Some(&key.name),
                Step::AddPrimaryKey { name, .. } => Some(name),
                Step::AddUnique { index, .. } => Some(&index.name),
                Step::CreateIndex { index, .. } if index.unique => Some(&index.name),
                _ => None,
            };
            let lost =
                rule.map(|it| format!("this fails while rows break {}", names::quote_sql(it)));
            vec![Undo {
                lost,
                step: Some(step),
            }]
        }
    }
}

/// A value of the type that says nothing, as SQL.
fn neutral(ty: &ColumnType) -> Option<String> {
    if ty.array {
        return Some("'{}'".to_owned());
    }
    Some(match &ty.scalar {
        Scalar::Text | Scalar::Varchar(_) | Scalar::Bytes => "''".to_owned(),
        Scalar::Boolean => "false".to_owned(),
        Scalar::SmallInt | Scalar::Integer | Scalar::BigInt | Scalar::Real | Scalar::Double => {
            "0".to_owned()
        }
        Scalar::Decimal { .. } => "0".to_owned(),
        Scalar::Timestamp | Scalar::LocalTimestamp | Scalar::Date => "'epoch'".to_owned(),
        Scalar::Time => "'00:00'".to_owned(),
        Scalar::Uuid => "'00000000-0000-0000-0000-000000000000'".to_owned(),
        Scalar::Json => "'null'".to_owned(),
        Scalar::Enum(it) => names::quote_text(it.values.first()?),
        Scalar::Raw(_) => return None,
    })
}

/// The order in one transaction.
fn rank(step: &Step) -> u8 {
    match step {
        Step::CreateSchema(_) => 0,
        Step::CreateEnum(_) | Step::AddEnumValue { .. } => 1,
        Step::RenameTable { .. } | Step::SetSchema { .. } => 2,
        Step::DropPolicy { .. } | Step::DropConstraint { .. } | Step::DropIndex { .. } => 3,
        Step::RenameEnumValue { .. }
        | Step::RenameColumn { .. }
        | Step::RenameConstraint { .. }
        | Step::RenameIndex { .. } => 4,
        Step::CreateTable(_) => 5,
        Step::AddColumn { .. } => 6,
        Step::SetDefault { .. } | Step::SetType { .. } | Step::DropNotNull { .. } => 7,
        Step::Fill { .. } | Step::Other { .. } => 8,
        Step::SetNotNull { .. } => 9,
        Step::AddPrimaryKey { .. } | Step::AddUnique { .. } | Step::AddCheck { .. } => 10,
        Step::CreateIndex { .. } => 11,
        Step::AddForeignKey { .. } | Step::Validate { .. } => 12,
        Step::RowSecurity { .. } => 13,
        Step::CreatePolicy { .. } => 14,
        Step::Comment { .. } => 15,
        Step::Grant { .. } => 16,
        Step::Publish(_) => 17,
        Step::Unpublish(_) => 18,
        Step::Revoke { .. } => 19,
        Step::DropColumn { .. } => 20,
        Step::DropTable(_) => 21,
        Step::DropEnum(_) => 22,
        Step::DropSchema(_) => 23,
    }
}
