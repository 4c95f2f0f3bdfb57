//! Primary keys, checks and foreign keys. Unique constraints are indexes here.

use std::collections::BTreeSet;

use syncline_schema::model::{Check, Key, OnDelete, Reference, Role};
use syncline_schema::{Place, names};

use super::Building;
use crate::live::catalog::expression;
use crate::live::catalog::rows::ConstraintRow;

/// Adds keys and checks; gives the foreign keys, for when all keys are known.
pub(super) fn add<'a>(
    building: &mut Building,
    rows: &'a [ConstraintRow],
) -> Vec<&'a ConstraintRow> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    for row in &rows {
        properties(building, row);
        let Some(draft) = building.tables.get_mut(&row.table) else {
            continue;
        };
        match row.kind.as_str() {
            "p" => {
                let columns = draft.names(row.columns.as_deref().unwrap_or_default());
                draft.table.key = Key::Columns(columns.unwrap_or_default());
                let usual = names::fit(&format!("{}_pkey", draft.table.name));
                draft.table.key_name = (row.name != usual).then(|| row.name.clone());
            }
            "c" => draft.table.checks.push(Check {
                name: row.name.clone(),
                expression: expression::condition(row.expression.as_deref().unwrap_or_default()),
                place: Place::NOWHERE,
            }),
            _ => {}
        }
    }
    rows.retain(|row| row.kind == "f");
    rows
}

/// What the model cannot say of a constraint.
fn properties(building: &mut Building, row: &ConstraintRow) {
    let kind = match row.kind.as_str() {
        "p" => "primary key",
        "u" => "unique constraint",
        "x" => "exclusion constraint",
        "f" => "foreign key",
        "n" => "NOT NULL",
        _ => "check",
    };
    let mut note = |what: &str| building.of_table(row.table, kind, &row.name, what);
    if !row.validated && row.enforced {
        note("is NOT VALID: rows from before may break it");
    }
    if !row.enforced {
        note("is NOT ENFORCED");
    }
    match row.kind.as_str() {
        "x" => note(""),
        "p" | "u" if row.deferrable => note("is deferrable"),
        "f" => {
            if row.deferrable && !row.deferred {
                note("is deferrable, and judged at once unless a transaction says otherwise");
            }
            if row.on_update != "a" {
                note("does something ON UPDATE");
            }
            if row.matching == "f" {
                note("is MATCH FULL");
            }
            if row.on_delete == "d" {
                note("sets the default ON DELETE");
            }
        }
        "c" if row.no_inherit => note("is NO INHERIT"),
        _ => {}
    }
    if row.inherited {
        note("is inherited from a parent table");
    }
}

/// Adds the foreign keys to the columns that point.
pub(super) fn add_foreign_keys(building: &mut Building, rows: &[&ConstraintRow]) {
    for row in rows {
        if let Err(why) = add_foreign_key(building, row) {
            building.of_table(row.table, "foreign key", &row.name, why);
        }
    }
}

/// One key, or why the model cannot hold it.
fn add_foreign_key(building: &mut Building, row: &ConstraintRow) -> Result<(), String> {
    let draft = |oid: u32| building.tables.get(&oid);
    let Some(from) = draft(row.table) else {
        return Ok(());
    };
    let Some(to) = draft(row.target) else {
        return Err("points at a table that was not read".to_owned());
    };
    let columns = from.names(row.columns.as_deref().unwrap_or_default());
    let targets = to.names(row.target_columns.as_deref().unwrap_or_default());
    let (columns, targets) = (columns.unwrap_or_default(), targets.unwrap_or_default());
    if !row.enforced {
        return Ok(());
    }
    if building.names.get(&to.table.name) != Some(&1) {
        return Err(format!(
            "points at `{}`, and tables of that name are in several schemas",
            to.name
        ));
    }
    let on_delete = match row.on_delete.as_str() {
        "r" => OnDelete::Restrict,
        "c" => OnDelete::Cascade,
        "n" => OnDelete::SetNull,
        _ => OnDelete::NoAction,
    };
    let (column, target) = match (columns.as_slice(), targets.as_slice()) {
        ([column], [target]) => (column.clone(), target.clone()),
        ([own, column], [owner, target]) => {
            owner_form(building, row, [own, column], [owner, target], on_delete)?;
            (column.clone(), target.clone())
        }
        _ => return Err(format!("is of {} columns", columns.len())),
    };
    let to = building
        .tables
        .get(&row.target)
        .map(|to| to.table.name.clone());
    let Some(from) = building.tables.get_mut(&row.table) else {
        return Ok(());
    };
    let usual = names::foreign_key(&from.table.name, &column);
    let Some(it) = from.table.columns.iter_mut().find(|it| it.name == column) else {
        return Ok(());
    };
    if it.references.is_some() {
        return Err(format!("is a second one of the column `{column}`"));
    }
    it.references = Some(Reference {
        table: to.unwrap_or_default(),
        column: target,
        enforce: true,
        deferred: row.deferred,
        name: (row.name != usual).then(|| row.name.clone()),
        on_delete,
        place: Place::NOWHERE,
    });
    Ok(())
}

/// Two columns are those of our own form, where a key begins with the owner: (owner, column)
/// points at (owner, id). The model says it by the key and the roles of the two owner columns.
fn owner_form(
    building: &mut Building,
    row: &ConstraintRow,
    [own, column]: [&String; 2],
    [owner, target]: [&String; 2],
    on_delete: OnDelete,
) -> Result<(), String> {
    let two = || "is of 2 columns".to_owned();
    let to = building.tables.get(&row.target).ok_or_else(two)?;
    let begins = to.table.key == Key::Owner || to.table.key_columns() == [owner, "id"];
    if !begins || target != "id" || to.table.owner().is_some_and(|it| it.name != *owner) {
        return Err(two());
    }
    let from = building.tables.get(&row.table).ok_or_else(two)?;
    if from.table.owner().is_some_and(|it| it.name != *own) {
        return Err(two());
    }
    if on_delete == OnDelete::SetNull {
        let set = from.names(row.set_columns.as_deref().unwrap_or_default());
        if set.as_deref() != Some(std::slice::from_ref(column)) {
            return Err("sets both of its columns NULL".to_owned());
        }
    }
    for (table, owner) in [(row.target, owner.clone()), (row.table, own.clone())] {
        let Some(draft) = building.tables.get_mut(&table) else {
            continue;
        };
        let it = draft.table.columns.iter_mut().find(|it| it.name == owner);
        it.into_iter().for_each(|it| it.role = Role::Owner);
        if table == row.target {
            draft.table.key = Key::Owner;
        }
    }
    Ok(())
}

/// The indexes behind unique constraints, and those behind keys and exclusions.
pub(super) fn behind(rows: &[ConstraintRow], kinds: &str) -> BTreeSet<u32> {
    let of_kind = rows.iter().filter(|row| kinds.contains(&*row.kind));
    of_kind.map(|row| row.index).collect()
}
