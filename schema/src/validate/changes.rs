//! Renames, and columns that take the place of others: what expand and contract can be made of.

use super::{Scope, names};
use crate::codes::Code;
use crate::convert::convert;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Column, DefaultValue, IndexPart, Key, Removed, Residence, Role, Table, TrackPrevious,
};

/// Renames of columns.
pub(super) fn renamed_columns(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for (at, column) in table.columns.iter().enumerate() {
        let Some(old) = column.renamed_from.as_deref() else {
            continue;
        };
        // That the id stays what it is has a rule of its own.
        if old == "id" || column.role == Role::Id {
            continue;
        }
        if let Some(still) = table.column(old) {
            out.push(
                Diagnostic::new(
                    Code::S023,
                    format!("column `{}` cannot have been `{old}`", column.name),
                )
                .at(column.place, "said to be the old one, renamed")
                .at(still.place, "but the old one still exists")
                .help("take renamed_from away, or the old column"),
            );
            continue;
        }
        let before = table.columns.iter().take(at);
        if let Some(other) = before
            .into_iter()
            .find(|it| it.renamed_from.as_deref() == Some(old))
        {
            out.push(two_from_one(column, other, old));
        }
        if table.residence == Residence::Synced {
            names::former("column", old, column.place, out);
        }
        if column.replaces.is_some() {
            out.push(
                Diagnostic::new(
                    Code::S015,
                    format!("column `{}` is renamed and replaces one", column.name),
                )
                .at(column.place, "")
                .help("renamed_from keeps the type, replaces changes it: take one away"),
            );
        }
        removed_before(&table.removed_columns, "column", column, old, out);
    }
}

/// Columns that take the place of one of another type. Both live until the change is contracted.
pub(super) fn replaced_columns(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    if table.residence != Residence::Synced {
        return;
    }
    for (at, column) in table.columns.iter().enumerate() {
        let Some(old) = column.replaces.as_deref() else {
            continue;
        };
        // The id's rule says it.
        if column.role == Role::Id {
            continue;
        }
        let cannot = |message: String, why: &str, help: &str| {
            Diagnostic::new(Code::S023, message)
                .at(column.place, why)
                .help(help)
        };
        if old == column.name {
            out.push(cannot(
                format!("column `{}` cannot replace itself", column.name),
                "",
                "a column of another type has another name, and `replaces` names the old one",
            ));
            continue;
        }
        let before = table.columns.iter().take(at);
        if let Some(other) = before
            .into_iter()
            .find(|it| it.replaces.as_deref() == Some(old))
        {
            out.push(two_from_one(column, other, old));
            continue;
        }
        if removed_before(&table.removed_columns, "column", column, old, out) {
            continue;
        }
        let Some(replaced) = table.column(old) else {
            out.push(
                Diagnostic::new(
                    Code::S011,
                    format!("`{}` replaces `{old}`, which is not declared", column.name),
                )
                .at(column.place, "")
                .note("old devices still upload and read it: PostgreSQL holds both until then")
                .help(format!(
                    "keep `{old}` declared, with the type it has; once no device needs it, `syncline migrate new --contract` takes it out"
                )),
            );
            continue;
        };
        if column.role != Role::Data || replaced.role != Role::Data {
            out.push(cannot(
                format!("`{}` cannot replace `{old}`", column.name),
                "one of them is the id, the owner or a timestamp that is kept by itself",
                "take replaces away",
            ));
        } else if replaced.replaces.is_some() || replaced.renamed_from.is_some() {
            out.push(cannot(
                format!(
                    "`{}` cannot replace `{old}`, which is changing itself",
                    column.name
                ),
                "a second change on top of the first",
                "end the first one before: syncline migrate new --contract",
            ));
        } else {
            fits(table, column, replaced, out);
        }
    }
}

/// What the two columns have to have in common, and what stands in where a value cannot be
/// converted.
fn fits(table: &Table, column: &Column, replaced: &Column, out: &mut Diagnostics) {
    let written = |it: &Column| (it.read_only, it.immutable, it.server_only);
    if written(column) != written(replaced) {
        out.push(
            Diagnostic::new(
                Code::S015,
                format!(
                    "`{}` and `{}`, which it replaces, are not written by the same",
                    column.name, replaced.name
                ),
            )
            .at(column.place, "the new one")
            .at(replaced.place, "the old one")
            .help("say read_only, immutable and server_only alike for both"),
        );
    }
    if column.ty.is_unread() || replaced.ty.is_unread() {
        return;
    }
    let converts = |from: &Column, to: &Column| convert(from, to, "x").is_some();
    if !(converts(replaced, column) && converts(column, replaced)) {
        out.push(
            Diagnostic::new(
                Code::S023,
                format!(
                    "`{}` ({}) cannot replace `{}` ({})",
                    column.name, column.ty, replaced.name, replaced.ty
                ),
            )
            .at(column.place, "")
            .note("the values of the two types are not known as each other's")
            .help(
                "take replaces away, and let both columns live until the app has moved the values",
            ),
        );
        return;
    }
    let filled = column.nullable
        || column
            .default
            .as_ref()
            .is_some_and(DefaultValue::is_servers);
    let rules = [
        (
            filled,
            column,
            replaced,
            "give it a default, or mark its type with `?`",
        ),
        (
            replaced.nullable,
            replaced,
            column,
            "mark its type with `?`",
        ),
    ];
    for (_, one, other, help) in rules.into_iter().filter(|(holds, ..)| !holds) {
        out.push(
            Diagnostic::new(
                Code::S031,
                format!(
                    "nothing fills `{}.{}` where `{}` has no value that fits",
                    table.name, one.name, other.name
                ),
            )
            .at(one.place, "required")
            .note("each of the two is filled from the other, for devices that know only that one")
            .help(help),
        );
    }
}

/// Indexes, keys and tracked columns that name a column which is being replaced.
pub(super) fn uses_of_replaced(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    if table.residence != Residence::Synced {
        return;
    }
    for (at, column) in table.columns.iter().enumerate() {
        let Some(old) = column.replaces.as_deref() else {
            continue;
        };
        let mut before = table.columns.iter().take(at);
        if before.any(|it| it.replaces.as_deref() == Some(old)) {
            continue;
        }
        let names = |name: &str| name == old && old != column.name;
        let mut refuse = |what: String, place| {
            out.push(
                Diagnostic::new(Code::S015, format!("{what} `{old}`, which is replaced"))
                    .at(place, "devices no longer have this column")
                    .at(column.place, format!("`{}` takes its place", column.name))
                    .help(format!("name `{}` here", column.name)),
            );
        };
        for index in &table.indexes {
            let parts = index.columns.iter().any(|it| match &it.part {
                IndexPart::Column(name) => names(name),
                IndexPart::Expression(_) => false,
            });
            if parts || index.include.iter().any(|it| names(it)) {
                refuse(format!("index `{}` is on", index.name), index.place);
            }
        }
        if matches!(&table.key, Key::Columns(key) if key.iter().any(|it| names(it))) {
            refuse(format!("the key of `{}` has", table.name), table.place);
        }
        if let Some(TrackPrevious::Columns(tracked)) = &table.track_previous
            && tracked.iter().any(|it| names(it))
        {
            refuse("track_previous names".to_owned(), table.place);
        }
    }
}

/// Renames of tables.
pub(super) fn renamed_tables(schema: &Scope<'_>, out: &mut Diagnostics) {
    for (at, table) in schema.tables.iter().enumerate() {
        let Some(old) = table.renamed_from.as_deref() else {
            continue;
        };
        if table.residence == Residence::Local {
            out.push(
                Diagnostic::new(
                    Code::S025,
                    format!("`renamed_from` has no meaning on table `{}`", table.name),
                )
                .at(table.place, "the table is on the device only")
                .note("PowerSync would make an empty table beside the old one, and leave the rows there")
                .help("declare both tables, let the app copy the rows, and take the old one out in a later version"),
            );
            continue;
        }
        if let Some(still) = schema.table(old) {
            out.push(
                Diagnostic::new(
                    Code::S023,
                    format!("table `{}` cannot have been `{old}`", table.name),
                )
                .at(table.place, "said to be the old one, renamed")
                .at(still.place, "but the old one still exists")
                .help("take renamed_from away, or the old table"),
            );
            continue;
        }
        let mut before = schema.tables.iter().take(at);
        if let Some(other) = before.find(|it| it.renamed_from.as_deref() == Some(old)) {
            out.push(
                Diagnostic::new(Code::S023, format!("two tables cannot have been `{old}`"))
                    .at(table.place, "this one")
                    .at(other.place, "and this one")
                    .help("take one renamed_from away"),
            );
        }
        if table.residence == Residence::Synced {
            names::former("table", old, table.place, out);
        }
        let removed = schema.removed_tables.iter().find(|it| it.name == old);
        if let Some(removed) = removed {
            out.push(both("table", &table.name, old, table.place, removed));
        }
    }
}

fn two_from_one(column: &Column, other: &Column, old: &str) -> Diagnostic {
    Diagnostic::new(Code::S023, format!("two columns cannot have been `{old}`"))
        .at(column.place, "this one")
        .at(other.place, "and this one")
        .help("a value goes to one place: take one of the two lines away")
}

/// Says that the old name is removed already; true where it is.
fn removed_before(
    removed: &[Removed],
    kind: &str,
    column: &Column,
    old: &str,
    out: &mut Diagnostics,
) -> bool {
    let removed = removed.iter().find(|it| it.name == old);
    if let Some(removed) = removed {
        out.push(both(kind, &column.name, old, column.place, removed));
    }
    removed.is_some()
}

fn both(
    kind: &str,
    name: &str,
    old: &str,
    place: crate::place::Place,
    gone: &Removed,
) -> Diagnostic {
    Diagnostic::new(
        Code::S022,
        format!("{kind} `{old}` has become `{name}`, and is removed"),
    )
    .at(place, "uploads of the old name go here")
    .at(gone.place, "and are dropped by this")
    .help("the first line holds while old devices are out there, the second one after that: take one away")
}
