//! Foreign keys. A schema holds them as references of one column; one of two columns is the form
//! that tables with the owner in their key ask for.

use syncline_schema::Schema;
use syncline_schema::model::{Key, Reference, Role, Table};
use syncline_schema::names;
use syncline_schema::place::Place;

use super::{Folded, Misfit, constraint, contradiction};
use crate::diff::{ForeignKeyDef, TableName};

/// The column that holds the foreign key of this name.
pub(super) fn position(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| {
        column
            .references
            .as_ref()
            .filter(|it| it.enforce)
            .is_some_and(|it| match &it.name {
                Some(given) => given == name,
                None => names::foreign_key(&table.name, &column.name) == name,
            })
    })
}

pub(super) fn add(name: &TableName, key: &ForeignKeyDef, schema: &mut Schema) -> Folded {
    let beyond = |why: &str| {
        Err(Misfit::Beyond(format!(
            "the foreign key {} of {name} {why}",
            key.name
        )))
    };
    let at = super::position(schema, name)
        .ok_or_else(|| contradiction(format!("there is no table {name}")))?;
    super::table_mut(schema, name)?;
    let Some(target) = super::position(schema, &key.target) else {
        return beyond(&format!("points at {}, which is not here", key.target));
    };
    let same_name = schema.tables.iter().filter(|it| it.name == key.target.name);
    if same_name.count() > 1 {
        return beyond("points at a table whose name two schemas have");
    }
    let (table, to) = (&schema.tables[at], &schema.tables[target]);
    constraint::free(table, &key.name)?;
    for column in &key.columns {
        if table.column(column).is_none() {
            return Err(contradiction(format!("{name} has no column {column}")));
        }
    }
    for column in &key.target_columns {
        if to.column(column).is_none() {
            return Err(contradiction(format!(
                "{} has no column {column}",
                key.target
            )));
        }
    }
    let (column, owner) = match (key.columns.as_slice(), key.target_columns.as_slice()) {
        ([column], [target_column]) => {
            if to.key == Key::Owner && table.owner().is_some() {
                return beyond("points past the owner in the key of its target");
            }
            (column, (target_column, None))
        }
        ([own, column], [other, target_column]) => {
            if !can_own(table, own) || !can_be_owned(schema, at, target, other, target_column) {
                return beyond("has two columns that are not the owner and the id");
            }
            (column, (target_column, Some((own, other))))
        }
        _ => return beyond("has several columns"),
    };
    let (target_column, owners) = owner;
    if table
        .column(column)
        .is_some_and(|it| it.references.is_some())
    {
        return beyond(&format!("is the second of {column}"));
    }
    let usual = names::foreign_key(&name.name, column) == key.name;
    let reference = Reference {
        table: key.target.name.clone(),
        column: target_column.clone(),
        enforce: true,
        deferred: key.deferred,
        name: (!usual).then(|| key.name.clone()),
        on_delete: key.on_delete,
        place: Place::NOWHERE,
    };
    if let Some((own, other)) = owners {
        schema.tables[target].key = Key::Owner;
        set_owner(&mut schema.tables[target], other);
        set_owner(&mut schema.tables[at], own);
    }
    super::column::of(&mut schema.tables[at], column)?.references = Some(reference);
    Ok(())
}

fn set_owner(table: &mut Table, column: &str) {
    for it in table.columns.iter_mut().filter(|it| it.name == column) {
        it.role = Role::Owner;
    }
}

/// Is this column the table's owner, or can it become so?
fn can_own(table: &Table, column: &str) -> bool {
    table.owner().is_none_or(|owner| owner.name == column)
}

/// Is the key of the table at `target` of its owner and id, so that nothing else that points at
/// it changes its meaning when it is said so?
fn can_be_owned(schema: &Schema, from: usize, target: usize, owner: &str, id: &str) -> bool {
    let to = &schema.tables[target];
    if to.key == Key::Owner {
        return can_own(to, owner) && id == "id";
    }
    let points_here = |table: &Table| {
        table.columns.iter().any(|column| {
            let reference = column.references.as_ref();
            reference.is_some_and(|it| it.enforce && it.table == to.name)
        })
    };
    id == "id"
        && to.key_columns() == [owner, id]
        && can_own(to, owner)
        && (from == target || !points_here(&schema.tables[from]))
        && !schema.tables.iter().any(points_here)
}
