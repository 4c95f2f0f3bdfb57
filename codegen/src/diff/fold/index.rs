//! Indexes of a table.

use syncline_schema::model::{Index, IndexPart, Table};

use super::table::forget_usual_names;
use super::{Folded, contradiction};
use crate::sql::primary_key_name;

pub(super) fn create(table: &mut Table, index: Index) -> Folded {
    free(table, &index.name)?;
    let named = index.columns.iter().filter_map(|it| it.name());
    for column in named.chain(index.include.iter().map(String::as_str)) {
        if table.column(column).is_none() {
            return Err(contradiction(format!(
                "{} has no column {column}",
                table.name
            )));
        }
    }
    table.indexes.push(index);
    Ok(())
}

/// Is no index of this name there?
pub(super) fn free(table: &Table, name: &str) -> Folded {
    if table.indexes.iter().any(|it| it.name == name) {
        return Err(contradiction(format!("the index {name} is there already")));
    }
    Ok(())
}

pub(super) fn position(table: &Table, name: &str) -> Option<usize> {
    table.indexes.iter().position(|it| it.name == name)
}

pub(super) fn drop(table: &mut Table, name: &str) -> Folded {
    let at = position(table, name)
        .ok_or_else(|| contradiction(format!("{} has no index {name}", table.name)))?;
    if table.indexes[at].constraint {
        return Err(contradiction(format!(
            "{name} belongs to a constraint: drop that"
        )));
    }
    table.indexes.remove(at);
    Ok(())
}

/// The index of a constraint is renamed with it.
pub(super) fn rename(table: &mut Table, from: &str, to: &str) -> Folded {
    free(table, to)?;
    if let Some(at) = position(table, from) {
        to.clone_into(&mut table.indexes[at].name);
    } else if !table.key_columns().is_empty() && primary_key_name(table) == from {
        table.key_name = Some(to.to_owned());
        forget_usual_names(table);
    } else {
        return Err(contradiction(format!("{} has no index {from}", table.name)));
    }
    Ok(())
}

/// The columns of an index, where it has nothing else: what a constraint can be made of.
pub(super) fn plain_columns(index: &Index) -> Option<Vec<String>> {
    let name = |it: &syncline_schema::model::IndexColumn| match &it.part {
        IndexPart::Column(name) => Some(name.clone()),
        IndexPart::Expression(_) => None,
    };
    index.columns.iter().map(name).collect()
}
