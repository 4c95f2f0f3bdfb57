//! `PATCH`: change some columns.

use syncline_schema::model::{Role, Table};

use super::{
    Statement, Written, owner_and_id, param, push, push_returning, push_unnest, put, quoted,
    written,
};
use crate::sql::name;

/// Changes the columns of which each row's mask has the bit (`$2`, `bytea[]`). None where a
/// device may change nothing.
///
/// Gives the ids of the rows changed.
pub fn patch(table: &Table) -> Option<Statement> {
    let (owner, id) = owner_and_id(table)?;
    let changed = written(table, |column| !column.immutable);
    if table.insert_only || changed.len() < 2 {
        return None;
    }
    let mut out = String::with_capacity(192 + 110 * changed.len());
    out.push_str("UPDATE ");
    name::push_table(&mut out, table);
    out.push_str(" AS t SET");
    let mut comma = "";
    for it in changed.iter().skip(1) {
        for name in it.names() {
            push(
                &mut out,
                format_args!(
                    "{comma}\n  {name} = CASE WHEN get_bit(u.m, {}) = 1 THEN ",
                    it.at
                ),
            );
            param::push_value(&mut out, it);
            push_from_other(&mut out, it);
            // A change is a change, whether or not the device's clock saw it.
            if it.is(Role::UpdatedAt) {
                out.push_str(" ELSE now() END");
            } else {
                push(&mut out, format_args!(" ELSE t.{name} END"));
            }
            comma = ",";
        }
    }
    push_unnest(&mut out, &changed, Some("$2::bytea[]"));
    let (id_name, owner_name) = (quoted(&id.name), quoted(&owner.name));
    push(
        &mut out,
        format_args!(
            "\nWHERE t.{id_name} = u.c{} AND t.{owner_name} = ",
            changed[0].at
        ),
    );
    param::push_owner(&mut out, owner);
    push_returning(&mut out, id);
    Some(Statement::new(out, &changed))
}

/// What a change of the other column is for this one. A value that this one cannot hold leaves no
/// older value standing as if it were still so.
fn push_from_other(out: &mut String, it: &Written<'_>) {
    let (Some((at, _)), Some(converted)) = (it.other, it.converted()) else {
        return;
    };
    push(out, format_args!(" WHEN get_bit(u.m, {at}) = 1 THEN "));
    match put::default(it.column).filter(|_| !it.column.nullable) {
        Some(default) => push(out, format_args!("coalesce({converted}, {default})")),
        None => out.push_str(&converted),
    }
}
