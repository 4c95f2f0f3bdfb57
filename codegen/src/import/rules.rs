//! Indexes and unique rules: back into the language's `unique` where it says just that.

use syncline_schema::model::{Access, Delete, Index, Table};
use syncline_schema::names;

use super::{Remark, checks};
use crate::read::expression::same;

/// Keeps what the language holds of a table's indexes.
pub(super) fn fold(table: &mut Table, remarks: &mut Vec<Remark>) {
    let indexes = std::mem::take(&mut table.indexes);
    for mut index in indexes {
        if index.unique {
            if let Some(why) = unheld(&index) {
                let text = format!("the unique rule `{}` {why}, and is left out", index.name);
                remarks.push(Remark::table(&table.name, text));
                continue;
            }
            settle(table, &mut index);
        }
        table.indexes.push(index);
    }
}

fn unheld(index: &Index) -> Option<&'static str> {
    let odd = |it: &syncline_schema::model::IndexColumn| {
        it.desc || it.nulls.is_some() || it.opclass.is_some()
    };
    if index.columns.iter().any(|it| it.name().is_none()) {
        Some("is on an expression")
    } else if index.columns.iter().any(odd) {
        Some("orders its columns")
    } else if !index.include.is_empty() {
        Some("carries columns along")
    } else if index.method.is_some() {
        Some("is of a method of its own")
    } else {
        None
    }
}

/// Is it what the language makes of `unique`? Else it is global: just what it says.
fn settle(table: &Table, index: &mut Index) {
    let owner = table
        .owner()
        .filter(|_| table.access == Access::Owner)
        .map(|it| it.name.as_str());
    let names: Vec<_> = index.columns.iter().filter_map(|it| it.name()).collect();
    let owned = owner.is_none_or(|owner| names.first() == Some(&owner) && names.len() > 1);
    let alive = table
        .deleted_at()
        .filter(|_| table.delete == Delete::Soft)
        .map(|it| format!("{} IS NULL", names::quote_sql(&it.name)));
    let predicate = match (&alive, &index.predicate) {
        (None, predicate) => Some(predicate.clone()),
        (Some(_), None) => None,
        (Some(alive), Some(predicate)) => {
            let parts = checks::conjuncts(predicate);
            let (marks, own): (Vec<_>, Vec<_>) = parts.into_iter().partition(|it| same(it, alive));
            match (marks.is_empty(), own.as_slice()) {
                (true, _) => None,
                (false, []) => Some(Some(alive.clone())),
                (false, [one]) => Some(Some(format!("({one}) AND {alive}"))),
                (false, several) => {
                    Some(Some(format!("(({})) AND {alive}", several.join(") AND ("))))
                }
            }
        }
    };
    match predicate {
        Some(predicate) if owned => index.predicate = predicate,
        _ => index.global = true,
    }
}

/// Does the rule need a word of consent: S014?
pub(super) fn crosses_owners(table: &Table, index: &Index) -> bool {
    let owner = table.owner().filter(|_| table.access == Access::Owner);
    owner.is_some_and(|owner| {
        let names_owner = index
            .columns
            .iter()
            .any(|it| it.name() == Some(&owner.name));
        index.unique && index.global && !names_owner
    })
}
