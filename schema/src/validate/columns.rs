//! Options of a column that have no meaning for it or exclude each other.

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Column, DefaultValue, Residence, Role, Scalar, Table};

fn meaningless(table: &Table, column: &Column, option: &str, why: &str) -> Diagnostic {
    let name = format!("{}.{}", table.name, column.name);
    Diagnostic::new(
        Code::S025,
        format!("`{option}` has no meaning for `{name}`"),
    )
    .at(column.place, why)
    .help(format!("take `{option}` away"))
}

/// Options against the column's type, and against each other.
pub(super) fn options(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for column in &table.columns {
        if column.ty.is_unread() {
            continue;
        }
        let is_text = column.ty.scalar == Scalar::Text && !column.ty.array;
        if column.max_length.is_some() && !is_text {
            let why = match column.ty.scalar {
                Scalar::Varchar(_) => "varchar has a length already",
                _ => "only text has a length",
            };
            out.push(meaningless(table, column, "max_length", why));
        }
        if column.unit.is_some() && (column.ty.scalar != Scalar::Timestamp || column.ty.array) {
            out.push(meaningless(
                table,
                column,
                "unit",
                "only timestamps have a unit",
            ));
        }
        if matches!(column.ty.scalar, Scalar::Raw(_)) && table.residence != Residence::Server {
            out.push(
                Diagnostic::new(
                    Code::S025,
                    format!("`{}` is of a type that only PostgreSQL knows", column.name),
                )
                .at(column.place, "a device cannot hold it")
                .help("raw types are for tables with sync = \"server\""),
            );
        }
        let too_long = |literal: &str| {
            column
                .max_length
                .is_some_and(|n| literal.chars().count() > n as usize)
        };
        if let Some(DefaultValue::Literal(crate::model::Literal::Text(text))) = &column.default
            && too_long(text)
        {
            out.push(
                Diagnostic::new(
                    Code::S005,
                    format!(
                        "the default of `{}` is longer than its max_length",
                        column.name
                    ),
                )
                .at(column.place, ""),
            );
        }
        let pairs = [
            (
                column.read_only && column.immutable,
                "read_only",
                "immutable",
                "devices do not write it at all",
            ),
            (
                column.server_only && column.read_only,
                "server_only",
                "read_only",
                "devices do not even read it",
            ),
            (
                column.server_only && column.immutable,
                "server_only",
                "immutable",
                "devices do not write it at all",
            ),
        ];
        for (_, one, other, why) in pairs.into_iter().filter(|(both, ..)| *both) {
            out.push(
                Diagnostic::new(
                    Code::S015,
                    format!("`{}` is {one} and {other}", column.name),
                )
                .at(column.place, why)
                .help(format!("take `{other}` away")),
            );
        }
        let kept = column.read_only || column.server_only;
        let synced = table.residence == Residence::Synced;
        if synced && column.default == Some(DefaultValue::Device) && kept {
            out.push(
                Diagnostic::new(
                    Code::S015,
                    format!(
                        "`{}` is filled by the device, which may not write it",
                        column.name
                    ),
                )
                .at(column.place, "")
                .help("take the default or the option away"),
            );
        }
    }
}

/// Options of the side that the table is not on.
pub(super) fn of_one_side(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    if table.residence == Residence::Synced {
        return;
    }
    let local = table.residence == Residence::Local;
    let why = if local {
        "the table is on the device only"
    } else {
        "the table is in PostgreSQL only"
    };
    for column in &table.columns {
        let options = [
            ("read_only", column.read_only),
            ("immutable", column.immutable),
            ("server_only", column.server_only),
            ("unit", column.unit.is_some()),
            ("check", local && column.check.is_some()),
            ("replaces", column.replaces.is_some()),
            ("renamed_from", local && column.renamed_from.is_some()),
            (
                "default = \"device\"",
                !local && column.default == Some(DefaultValue::Device),
            ),
            (
                "default = { raw = … }",
                local && matches!(column.default, Some(DefaultValue::Raw(_))),
            ),
        ];
        for (option, _) in options.into_iter().filter(|(_, said)| *said) {
            out.push(meaningless(table, column, option, why));
        }
    }
}

/// A column that nothing can fill rejects every row that a device makes.
pub(super) fn fillable(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let kept = |column: &Column| column.read_only || column.server_only;
    let devices_write = table
        .columns
        .iter()
        .any(|it| it.role == Role::Data && !kept(it));
    if !table.writable() || !devices_write {
        return;
    }
    for column in table
        .columns
        .iter()
        .filter(|it| kept(it) && it.role == Role::Data)
    {
        if !column.nullable && column.default.is_none() {
            out.push(
                Diagnostic::new(
                    Code::S031,
                    format!("nothing fills `{}.{}`", table.name, column.name),
                )
                .at(
                    column.place,
                    "not nullable, without default, and not for the device to write",
                )
                .note("every row that a device makes would be rejected (23502)")
                .help("give it a default, or mark its type with `?`"),
            );
        }
    }
}
