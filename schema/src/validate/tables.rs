//! Options of a table that exclude each other, its key, its size.

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Access, Column, Conflict, Delete, Key, Residence, Table, TrackPrevious};

/// The most columns that PostgreSQL gives a table.
const MAX_POSTGRES_COLUMNS: usize = 1_600;

/// The most columns that PowerSync gives a table (FACTS: limits of the service).
const MAX_DEVICE_COLUMNS: usize = 1_999;

/// Options that need something which the table does not have.
pub(super) fn options(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    if table.residence == Residence::Local {
        return;
    }
    let mut exclude = |what: &str, why: &str, help: &str| {
        out.push(
            Diagnostic::new(Code::S015, format!("table `{}`: {what}", table.name))
                .at(table.place, why)
                .help(help),
        );
    };
    let owned = table.access == Access::Owner;
    if table.key == Key::Owner && !owned {
        exclude(
            "key = \"owner\" needs an owner",
            "has no owner",
            "set access = \"owner\", or key = \"id\"",
        );
    }
    if table.rls && !owned {
        exclude(
            "rls needs an owner",
            "has no owner",
            "set access = \"owner\", or take rls away",
        );
    }
    let synced = table.residence == Residence::Synced;
    let stale = synced && table.conflict == Conflict::RejectStale;
    if stale && !table.writable() {
        exclude(
            "conflict = \"reject_stale\" needs a table that devices write",
            "devices do not write it",
            "take conflict away",
        );
    }
    if stale && table.writable() && table.insert_only {
        exclude(
            "conflict = \"reject_stale\" and insert_only exclude each other",
            "rows that are only inserted are never stale",
            "take one of them away",
        );
    }
    if stale && matches!(table.track_previous, Some(TrackPrevious::Columns(_))) {
        exclude(
            "conflict = \"reject_stale\" needs the previous values of all columns",
            "track_previous names some",
            "take track_previous away",
        );
    }
    if synced && table.insert_only && !table.writable() {
        exclude(
            "insert_only needs a table that devices write",
            "devices do not write it",
            "set access = \"owner\", or take insert_only away",
        );
    }
    if table.sync_deleted_rows
        && table.delete == Delete::Hard
        && table.residence == Residence::Synced
    {
        exclude(
            "deleted_rows = \"sync\" and delete = \"hard\" exclude each other",
            "deleted rows are gone",
            "set delete = \"soft\", or take deleted_rows away",
        );
    }
}

/// Columns of a key of its own.
pub(super) fn key(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let Key::Columns(columns) = &table.key else {
        return;
    };
    for name in columns {
        match table.column(name) {
            None => out.push(
                Diagnostic::new(
                    Code::S011,
                    format!("the key of `{}` has no column `{name}`", table.name),
                )
                .at(table.place, "")
                .help_opt(did_you_mean(
                    name,
                    table.columns.iter().map(|it| it.name.as_str()),
                )),
            ),
            Some(column) if column.nullable => out.push(
                Diagnostic::new(
                    Code::S015,
                    format!("`{name}` is nullable and part of the key"),
                )
                .at(column.place, "nullable")
                .help("take the `?` away"),
            ),
            Some(_) => {}
        }
    }
}

/// Tables over a limit.
pub(super) fn too_many_columns(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let (most, whose) = match table.residence {
        Residence::Local => (MAX_DEVICE_COLUMNS, "PowerSync"),
        Residence::Synced | Residence::Server => (MAX_POSTGRES_COLUMNS, "PostgreSQL"),
    };
    // A renamed column is two while old devices know the other name.
    let is_two = |it: &&Column| it.renamed_from.is_some() && table.residence == Residence::Synced;
    let count = table.columns.len() + table.columns.iter().filter(is_two).count();
    if count > most {
        out.push(
            Diagnostic::new(
                Code::S016,
                format!("table `{}` has {count} columns", table.name),
            )
            .at(table.place, format!("{whose} takes {most}"))
            .help("split the table, or put rarely used values into one json column"),
        );
    }
}

/// Removed columns that are back.
pub(super) fn removed_in_use(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for removed in &table.removed_columns {
        if let Some(column) = table.column(&removed.name) {
            out.push(
                Diagnostic::new(
                    Code::S022,
                    format!("column `{}` is declared and removed", removed.name),
                )
                .at(removed.place, "removed here")
                .at(column.place, "declared here")
                .help("take it out of removed_columns, or choose another name for the new column"),
            );
        }
    }
}

/// Removed tables that are back.
pub(super) fn removed_tables_in_use(schema: &Scope<'_>, out: &mut Diagnostics) {
    for removed in &schema.removed_tables {
        if let Some(table) = schema.table(&removed.name) {
            out.push(
                Diagnostic::new(
                    Code::S022,
                    format!("table `{}` is declared and removed", removed.name),
                )
                .at(removed.place, "removed here")
                .at(table.place, "declared here")
                .help("take it out of [removed_tables], or choose another name for the new table"),
            );
        }
    }
}

/// Columns whose previous values are asked for.
pub(super) fn track_previous(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let Some(TrackPrevious::Columns(columns)) = &table.track_previous else {
        return;
    };
    let known = || table.device_columns().map(|it| it.name.as_str());
    for name in columns
        .iter()
        .filter(|name| !known().any(|known| known == name.as_str()))
    {
        out.push(
            Diagnostic::new(
                Code::S011,
                format!("track_previous: the device has no column `{name}`"),
            )
            .at(table.place, "")
            .help_opt(did_you_mean(name, known())),
        );
    }
}
