//! References: their targets, their types, and what PostgreSQL can enforce.

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Key, OnDelete, Reference, Residence, Role, Scalar, Table};

/// The table and column pointed at exist, on a side where they can be found, with the same type.
pub(super) fn targets(schema: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for column in &table.columns {
        let Some(reference) = &column.references else {
            continue;
        };
        let Some(target) = schema.table(&reference.table) else {
            let known = schema.tables.iter().map(|it| it.name.as_str());
            out.push(
                Diagnostic::new(
                    Code::S011,
                    format!("there is no table `{}`", reference.table),
                )
                .at(reference.place, "unknown table")
                .help_opt(did_you_mean(&reference.table, known)),
            );
            continue;
        };
        let Some(target_column) = target.column(&reference.column) else {
            let known = target.columns.iter().map(|it| it.name.as_str());
            out.push(
                Diagnostic::new(
                    Code::S011,
                    format!(
                        "table `{}` has no column `{}`",
                        target.name, reference.column
                    ),
                )
                .at(reference.place, "unknown column")
                .help_opt(did_you_mean(&reference.column, known)),
            );
            continue;
        };
        let hidden = match (table.residence, target.residence) {
            (Residence::Synced | Residence::Server, Residence::Local) => {
                Some("is on the device only")
            }
            (Residence::Local, Residence::Server) => Some("is in PostgreSQL only"),
            _ => None,
        };
        if let Some(side) = hidden {
            out.push(
                Diagnostic::new(
                    Code::S012,
                    format!("`{}` points at a table of the other side", column.name),
                )
                .at(reference.place, format!("`{}` {side}", target.name))
                .at(target.place, "declared here")
                .help("point at a synced table, or leave `references` out"),
            );
        }
        let base = |scalar: &Scalar| match scalar {
            Scalar::Varchar(_) => Scalar::Text,
            other => other.clone(),
        };
        let said_before = target_column.role == Role::Id
            && target.residence != Residence::Server
            && !matches!(base(&target_column.ty.scalar), Scalar::Text | Scalar::Uuid);
        if column.ty.is_unread() || target_column.ty.is_unread() || said_before {
            continue;
        }
        if column.ty.array || base(&column.ty.scalar) != base(&target_column.ty.scalar) {
            out.push(
                Diagnostic::new(
                    Code::S030,
                    format!(
                        "`{}` is `{}` and points at `{}`",
                        column.name, column.ty, target_column.ty
                    ),
                )
                .at(
                    reference.place,
                    format!(
                        "{}.{} is `{}`",
                        target.name, target_column.name, target_column.ty
                    ),
                )
                .at(column.place, format!("this is `{}`", column.ty))
                .help(format!("declare the column as \"{}\"", target_column.ty)),
            );
        }
    }
}

/// What `enforce` needs.
pub(super) fn enforced(schema: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for column in &table.columns {
        let Some(reference) = &column.references else {
            continue;
        };
        let Some(target) = schema.table(&reference.table) else {
            continue;
        };
        if !reference.enforce {
            if reference.on_delete != OnDelete::NoAction {
                out.push(
                    Diagnostic::new(Code::S025, "`on_delete` has no meaning without `enforce`")
                        .at(reference.place, "PostgreSQL does not know this reference")
                        .help("add enforce = true, or take on_delete away"),
                );
            }
            continue;
        }
        if table.residence == Residence::Local {
            out.push(
                Diagnostic::new(Code::S025, "`enforce` has no meaning on a local table")
                    .at(reference.place, "PostgreSQL does not have the table")
                    .help("take enforce away"),
            );
        }
        if crosses_owners(table, target) && reference.column == "id" {
            out.push(
                Diagnostic::new(
                    Code::S032,
                    format!(
                        "`{}` may point at a row of `{}` that another user owns",
                        column.name, target.name
                    ),
                )
                .at(reference.place, "PostgreSQL looks at the id alone")
                .at(target.place, "rows of all users, by id")
                .help(format!(
                    "set key = \"owner\" on `{}`: the foreign key is then (owner, id)",
                    target.name
                )),
            );
        }
        let Some(why) = unenforceable(table, target, reference) else {
            continue;
        };
        let message = format!(
            "PostgreSQL cannot enforce that `{}` points at `{}`",
            column.name, target.name
        );
        out.push(
            Diagnostic::new(Code::S015, message)
                .at(reference.place, why)
                .at(target.place, "the table pointed at")
                .help("point at its id, or take enforce away"),
        );
    }
}

/// Can a user's row keep another user from deleting one, or go with it? Whoever knows an id can
/// point at it.
fn crosses_owners(table: &Table, target: &Table) -> bool {
    table.writable() && target.writable() && target.key == Key::Id
}

/// Why no foreign key can be made: it needs a key, or a unique rule for all rows, of just the
/// columns pointed at.
fn unenforceable(table: &Table, target: &Table, reference: &Reference) -> Option<String> {
    let pointed_at = reference.column.as_str();
    if target.column(pointed_at).is_none() || target.residence == Residence::Local {
        return None;
    }
    let by_rule = target.indexes.iter().any(|index| {
        let columns = index.columns.as_slice();
        let just_it = matches!(columns, [one] if one.name() == Some(pointed_at));
        index.unique && index.predicate.is_none() && just_it
    });
    let by_key = match &target.key {
        Key::Id => pointed_at == "id",
        Key::Columns(columns) => matches!(columns.as_slice(), [one] if one == pointed_at),
        Key::Owner if pointed_at == "id" && table.owner().is_none() => {
            return Some("its key is (owner, id), and this table has no owner".to_owned());
        }
        Key::Owner if table.owner().map(|it| &it.ty) != target.owner().map(|it| &it.ty) => {
            return Some("its key is (owner, id), and the owners are of two types".to_owned());
        }
        Key::Owner => pointed_at == "id",
    };
    (!by_rule && !by_key)
        .then(|| format!("`{pointed_at}` alone is not unique in `{}`", target.name))
}
