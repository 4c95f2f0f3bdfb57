//! What tables that reject stale writes are compared with.

use syncline_schema::model::{Conflict, Table};

use super::{owner_and_id, param, push, quoted};
use crate::sql::name;

/// Locks the rows of the ids in `$2` and gives each column as text. None where the last write
/// wins, or where nothing is ever changed.
pub fn current(table: &Table) -> Option<String> {
    let (owner, id) = owner_and_id(table)?;
    if table.conflict != Conflict::RejectStale || table.insert_only {
        return None;
    }
    let mut out = String::from("SELECT");
    let mut comma = "";
    for column in table.declared_columns() {
        let name = quoted(&column.name);
        push(
            &mut out,
            format_args!("{comma}\n  t.{name}::text AS {name}"),
        );
        comma = ",";
    }
    out.push_str("\nFROM ");
    name::push_table(&mut out, table);
    out.push_str(" AS t\nWHERE t.");
    out.push_str(&quoted(&owner.name));
    out.push_str(" = ");
    param::push_owner(&mut out, owner);
    let ids = param::array_of(&id.ty);
    let id = quoted(&id.name);
    push(
        &mut out,
        format_args!(" AND t.{id} = ANY ($2::{ids}[])\nORDER BY t.{id}\nFOR UPDATE"),
    );
    Some(out)
}
