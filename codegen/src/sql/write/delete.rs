//! `DELETE`: mark rows as deleted, or remove them.

use syncline_schema::model::{Delete, Role, Table};

use super::{former_name, owner_and_id, param, push, push_returning, quoted};
use crate::sql::name;

/// Deletes the rows of the ids in `$2`, in the way of the table. None where devices only insert.
///
/// Gives the ids of the rows deleted by it.
pub fn delete(table: &Table) -> Option<String> {
    let (owner, id) = owner_and_id(table)?;
    if table.insert_only {
        return None;
    }
    let mark = table.deleted_at();
    let mark = mark.filter(|_| table.delete == Delete::Soft);
    let marked = mark.map(|column| quoted(&column.name));
    let mut out = String::with_capacity(160);
    if let Some(deleted_at) = &marked {
        out.push_str("UPDATE ");
        name::push_table(&mut out, table);
        push(&mut out, format_args!(" AS t SET\n  {deleted_at} = now()"));
        let updated_at = table.with_role(Role::UpdatedAt);
        let formers = [mark, updated_at].into_iter().flatten();
        let formers = formers.filter_map(|column| former_name(table, column));
        for name in updated_at
            .map(|it| quoted(&it.name))
            .into_iter()
            .chain(formers)
        {
            push(&mut out, format_args!(",\n  {name} = now()"));
        }
    } else {
        out.push_str("DELETE FROM ");
        name::push_table(&mut out, table);
        out.push_str(" AS t");
    }
    let (id_name, owner_name) = (quoted(&id.name), quoted(&owner.name));
    push(&mut out, format_args!("\nWHERE t.{owner_name} = "));
    param::push_owner(&mut out, owner);
    let ids = param::array_of(&id.ty);
    push(
        &mut out,
        format_args!(" AND t.{id_name} = ANY ($2::{ids}[])"),
    );
    if let Some(deleted_at) = &marked {
        push(&mut out, format_args!(" AND t.{deleted_at} IS NULL"));
    }
    push_returning(&mut out, id);
    Some(out)
}
