//! The columns with a part to play: id, owner, timestamps.

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Access, Column, DefaultValue, Residence, Role, Scalar, Table};

fn is_text(column: &Column) -> bool {
    column.ty.is_unread()
        || !column.ty.array
            && matches!(
                column.ty.scalar,
                Scalar::Text | Scalar::Varchar(_) | Scalar::Uuid
            )
}

/// How many characters a UUID has.
const UUID_LENGTH: u32 = 36;

/// The id of a table that a device has: PowerSync identifies rows by it.
pub(super) fn id(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for column in &table.columns {
        if column.renamed_from.as_deref() == Some("id") && table.residence != Residence::Server {
            out.push(
                Diagnostic::new(
                    Code::S010,
                    format!("the id of `{}` cannot be renamed", table.name),
                )
                .at(column.place, "said to have been `id`")
                .note("PowerSync identifies rows by a column that is called `id`"),
            );
        }
    }
    let Some(column) = table.with_role(Role::Id) else {
        return;
    };
    let mut problem = |what: &str, help: &str| {
        out.push(
            Diagnostic::new(Code::S010, format!("the id of `{}` {what}", table.name))
                .at(column.place.or(table.place), "")
                .note("every synced row needs a text id that the device makes: rows without one fold into one")
                .help(help),
        );
    };
    if !is_text(column) && table.residence != Residence::Server {
        problem(
            &format!("is `{}`", column.ty),
            "declare it as \"text\" or \"uuid\", or leave it out",
        );
    }
    let longest = match column.ty.scalar {
        Scalar::Varchar(n) => Some(n),
        _ => column.max_length,
    };
    if longest.is_some_and(|n| n < UUID_LENGTH) && table.residence != Residence::Server {
        problem(
            "is too short for a UUID",
            "declare it as \"text\" or \"uuid\", or leave it out",
        );
    }
    if column.nullable {
        problem("is nullable", "take the `?` away");
    }
    if column.renamed_from.is_some() || column.replaces.is_some() {
        problem(
            "is said to have had another name",
            "take renamed_from or replaces away",
        );
    }
    if column.server_only || column.read_only {
        problem(
            "is kept from the device",
            "take server_only or read_only away",
        );
    }
    if table.residence != Residence::Server && column.default != Some(DefaultValue::Uuid) {
        problem(
            "has a default of its own",
            "leave the default out: the device makes a UUID",
        );
    }
}

/// The owner: text from the token, in every row.
pub(super) fn owner(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let Some(column) = table.owner() else { return };
    let mut problem = |what: &str, help: &str| {
        out.push(
            Diagnostic::new(Code::S021, format!("the owner of `{}` {what}", table.name))
                .at(column.place.or(table.place), "")
                .help(help),
        );
    };
    let of_its_name = table.columns.iter().filter(|it| it.name == column.name);
    if of_its_name.count() > 1 {
        problem(
            &format!(
                "is called `{}`, as another column of the table",
                column.name
            ),
            "name a column of its own: owner = \"owner_id\"",
        );
    }
    if !is_text(column) {
        problem(
            &format!("is `{}`", column.ty),
            "declare it as \"text\" or \"uuid\", or leave it out",
        );
    }
    if column.nullable {
        problem(
            "is nullable",
            "take the `?` away: it is nullable on the device anyway, and never in PostgreSQL",
        );
    }
    if column.default.is_some() {
        problem(
            "has a default",
            "take it away: the owner comes from the token only",
        );
    }
    if column.server_only || column.read_only || column.immutable {
        problem(
            "has an option",
            "take it away: the owner is always set by the server, and never changes",
        );
    }
}

/// created_at, updated_at and deleted_at, where the user declares them.
pub(super) fn timestamps(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for column in &table.columns {
        let nullable = match column.role {
            Role::CreatedAt | Role::UpdatedAt => false,
            Role::DeletedAt => true,
            _ => continue,
        };
        if column.ty.is_unread() {
            continue;
        }
        if column.ty.array || column.ty.scalar != Scalar::Timestamp {
            out.push(
                Diagnostic::new(Code::S028, format!("`{}` is `{}`", column.name, column.ty))
                    .at(column.place, "")
                    .help("declare it as \"timestamp\", or leave it out and it is injected"),
            );
        } else if column.nullable != nullable {
            let (is, help) = if nullable {
                (
                    "cannot be null",
                    "mark it with `?`: a row that lives has none",
                )
            } else {
                ("is nullable", "take the `?` away")
            };
            out.push(
                Diagnostic::new(Code::S028, format!("`{}` {is}", column.name))
                    .at(column.place, "")
                    .help(help),
            );
        } else if column.server_only && table.access == Access::Owner && nullable {
            out.push(
                Diagnostic::new(
                    Code::S028,
                    format!("`{}` never leaves PostgreSQL", column.name),
                )
                .at(column.place, "")
                .note("a device could not delete a row")
                .help("take server_only away"),
            );
        }
    }
}
