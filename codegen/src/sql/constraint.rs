//! Constraints: checks and foreign keys. Primary keys stand in `CREATE TABLE`.

use std::collections::HashMap;

use syncline_schema::Schema;
use syncline_schema::model::{Check, Key, OnDelete, Table};
use syncline_schema::names;

use super::name;

/// The tables of a schema by name, so that references are looked up in no time.
pub type Tables<'a> = HashMap<&'a str, &'a Table>;

/// The name of a table's primary key, as PostgreSQL itself would choose it.
pub fn primary_key_name(table: &Table) -> String {
    let given = table.key_name.clone();
    given.unwrap_or_else(|| names::fit(&format!("{}_pkey", table.name)))
}

/// A reference that PostgreSQL enforces.
#[derive(Clone, Debug)]
pub struct ForeignKey<'a> {
    /// The constraint's name.
    pub name: String,
    /// The table that has the column.
    pub table: &'a Table,
    /// What points; the owner first where the key pointed at has the owner in it.
    pub columns: Vec<&'a str>,
    /// The table pointed at.
    pub target: &'a Table,
    /// What is pointed at, column by column.
    pub target_columns: Vec<&'a str>,
    /// What a delete of the row pointed at does.
    pub on_delete: OnDelete,
    /// Is it judged when the transaction ends?
    pub deferred: bool,
}

/// The enforced references of a table.
///
/// One to a table with `key = "owner"` points at (owner, id) by its own owner: no row can point
/// at another owner's.
pub fn foreign_keys<'a>(
    table: &'a Table,
    tables: &'a Tables<'a>,
) -> impl Iterator<Item = ForeignKey<'a>> {
    // A former column follows another, and may hold nothing up.
    let columns = table.columns.iter().filter(|it| it.former.is_none());
    columns.filter_map(move |column| {
        let reference = column.references.as_ref().filter(|it| it.enforce)?;
        let target = *tables.get(reference.table.as_str())?;
        let mut key = ForeignKey {
            name: (reference.name.clone())
                .unwrap_or_else(|| names::foreign_key(&table.name, &column.name)),
            table,
            columns: vec![&column.name],
            target,
            target_columns: vec![&reference.column],
            on_delete: reference.on_delete,
            deferred: reference.deferred,
        };
        if target.key == Key::Owner
            && let (Some(own), Some(other)) = (table.owner(), target.owner())
        {
            key.columns.insert(0, &own.name);
            key.target_columns.insert(0, &other.name);
        }
        Some(key)
    })
}

/// `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY …`, for a key that cannot stand in its table's
/// own statement.
pub fn add_foreign_key(key: &ForeignKey<'_>) -> String {
    let mut out = String::from("ALTER TABLE ");
    name::push_table(&mut out, key.table);
    out.push_str(" ADD ");
    push_foreign_key(&mut out, key);
    out.push(';');
    out
}

pub(super) fn push_foreign_key(out: &mut String, key: &ForeignKey<'_>) {
    out.push_str("CONSTRAINT ");
    name::push(out, &key.name);
    out.push_str(" FOREIGN KEY (");
    name::push_list(out, key.columns.iter().copied());
    out.push_str(") REFERENCES ");
    name::push_table(out, key.target);
    out.push_str(" (");
    name::push_list(out, key.target_columns.iter().copied());
    out.push(')');
    match key.on_delete {
        OnDelete::NoAction => {}
        OnDelete::Restrict => out.push_str(" ON DELETE RESTRICT"),
        OnDelete::Cascade => out.push_str(" ON DELETE CASCADE"),
        OnDelete::SetNull => {
            out.push_str(" ON DELETE SET NULL");
            // The owner must stay.
            if let [_, column] = key.columns.as_slice() {
                out.push_str(" (");
                name::push(out, column);
                out.push(')');
            }
        }
    }
    if key.deferred {
        out.push_str(" DEFERRABLE INITIALLY DEFERRED");
    }
}

/// `ALTER TABLE … ADD CONSTRAINT … CHECK …`.
pub fn add_check(table: &Table, check: &Check) -> String {
    let mut out = String::from("ALTER TABLE ");
    name::push_table(&mut out, table);
    out.push_str(" ADD ");
    push_check(&mut out, check);
    out.push(';');
    out
}

pub(super) fn push_check(out: &mut String, check: &Check) {
    out.push_str("CONSTRAINT ");
    name::push(out, &check.name);
    out.push_str(" CHECK (");
    out.push_str(&check.expression);
    out.push(')');
}

/// The tables of PostgreSQL's side by name.
pub fn by_name(schema: &Schema) -> Tables<'_> {
    schema
        .on_server()
        .map(|table| (table.name.as_str(), table))
        .collect()
}
