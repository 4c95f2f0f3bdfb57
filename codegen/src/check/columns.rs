//! The columns of one table against the schema's.

use std::collections::{HashMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::model::{Column, Residence, Table};
use syncline_schema::{Diagnostic, names};

use super::finding::Findings;
use super::tables::Side;
use super::{advice, device, nulls, server};
use crate::read::{Mode, ReadColumn, ReadTable, ReadType};

/// Compares the columns of a table that both sides have.
pub(super) fn compare(side: Side, table: &Table, found: &ReadTable, findings: &mut Findings) {
    let declared: HashMap<_, _> = side
        .columns(table)
        .map(|column| (column.name.as_str(), column))
        .collect();
    let mut seen = HashSet::new();
    let mut unknown = Vec::new();
    for column in &found.columns {
        let names = std::iter::once(column.name.as_str()).chain(column.snake_name.as_deref());
        match names.into_iter().find_map(|name| declared.get(name)) {
            Some(wanted) => {
                seen.insert(wanted.name.as_str());
                let found = types(side, table, wanted, column)
                    .or_else(|| nulls::compare(side, table, wanted, column));
                if let Some(finding) = found {
                    findings.about(&table.name, finding);
                }
            }
            None => unknown.push(column),
        }
    }
    for wanted in side
        .columns(table)
        .filter(|it| !seen.contains(it.name.as_str()))
    {
        let names: Vec<_> = unknown.iter().map(|column| column.name.as_str()).collect();
        let property = names::camel(&wanted.name);
        let meant = advice::meant(&wanted.name, wanted.renamed_from.as_deref(), &names)
            .or_else(|| unknown.iter().position(|column| column.key == property));
        if meant.is_none() && found.gaps {
            continue;
        }
        let meant = meant.map(|at| unknown.remove(at));
        findings.about(
            &table.name,
            missing_column(side, table, wanted, found, meant),
        );
    }
    for column in unknown {
        if let Some(finding) = extra_column(side, table, column) {
            findings.about(&table.name, finding);
        }
    }
}

fn types(side: Side, table: &Table, wanted: &Column, found: &ReadColumn) -> Option<Diagnostic> {
    let misfit = match &found.kind {
        // No device sees it: how the server's code holds a number is its own affair.
        ReadType::Postgres(ty, Mode::Number) if table.residence == Residence::Server => {
            server::misfit(wanted, ty, &Mode::Plain)
        }
        ReadType::Device(storage, mode) => device::misfit(&wanted.ty, storage, mode),
        ReadType::Postgres(ty, mode) => server::misfit(wanted, ty, mode),
        ReadType::Unknown => None,
    }?;
    let name = format!("{}.{}", table.name, wanted.name);
    let declared = (
        advice::place_of(table, wanted),
        advice::label_of(wanted, side),
    );
    let finding = misfit.diagnostic(&name, (found.place, &found.written), declared);
    Some(advice::write_property(finding, wanted, side))
}

fn missing_column(
    side: Side,
    table: &Table,
    wanted: &Column,
    found: &ReadTable,
    meant: Option<&ReadColumn>,
) -> Diagnostic {
    let name = format!("{}.{}", table.name, wanted.name);
    let finding = Diagnostic::new(
        Code::C003,
        format!("column `{name}` is missing in {}", side.place()),
    );
    let finding = match meant {
        Some(column) => finding.at(column.place, format!("the schema has no `{}`", column.name)),
        None => finding.at(found.place, format!("this table has no `{}`", wanted.name)),
    };
    let finding = finding
        .at(
            advice::place_of(table, wanted),
            advice::label_of(wanted, side),
        )
        .note(match side {
            Side::Device => "its values are sent, and no app can read or write them",
            Side::Server(_) if !table.writable() || wanted.server_only || wanted.read_only => {
                "the server's code cannot read or write it"
            }
            Side::Server(_) => "an upload that sets it has no column to go to",
        });
    match meant {
        Some(column) => finding.help(format!(
            "did you mean `{}` where it says `{}`?",
            wanted.name, column.name
        )),
        None => advice::write_property(finding, wanted, side),
    }
}

fn extra_column(side: Side, table: &Table, found: &ReadColumn) -> Option<Diagnostic> {
    let name = format!("{}.{}", table.name, found.name);
    let removed = table
        .removed_columns
        .iter()
        .find(|removed| removed.name == found.name);
    if side == Side::Device {
        let known = table.column(&found.name);
        let finding =
            if let Some((old, former)) =
                known.and_then(|column| Some((column, column.former.as_ref()?)))
            {
                let now = former.successor();
                Diagnostic::new(Code::C003, format!("column `{name}` is `{now}` now"))
                .at(found.place, "still declared here")
                .at(old.place.or(table.place), format!("`{now}` takes its place"))
                .note("it is kept for devices that know it, and goes when the change is contracted")
                .help(format!("use `{now}` in the app"))
            } else if let Some(hidden) = known {
                Diagnostic::new(
                    Code::C003,
                    format!("column `{name}` never leaves PostgreSQL"),
                )
                .at(found.place, "always null here")
                .at(hidden.place.or(table.place), "`server_only`")
                .note("no value of it arrives, and an upload that sets it is refused")
                .help("take it out of the app, or take `server_only` out of the source")
            } else if let Some(removed) = removed {
                Diagnostic::new(Code::C003, format!("column `{name}` is gone"))
                    .at(found.place, "still declared here")
                    .at(removed.place, format!("removed on {}", removed.date))
                    .note("what the app writes to it is accepted and dropped")
                    .help("take it out of the app")
            } else {
                Diagnostic::new(
                    Code::C003,
                    format!("column `{name}` is missing in the schema"),
                )
                .at(found.place, "only the device has it")
                .at(table.place, format!("`{}` is declared here", table.name))
                .note("nothing is ever sent to it, and an upload that sets it is refused")
                .help(format!(
                    "declare it under `[tables.{}.columns]`, or take it out of the app",
                    table.name
                ))
            };
        return Some(finding);
    }
    let fills_itself = !found.not_null || found.has_default;
    if fills_itself {
        return removed.is_none().then(|| {
            Diagnostic::new(Code::C006, format!("column `{name}` is not in the schema"))
                .at(found.place, "only PostgreSQL has it")
                .at(table.place, format!("`{}` is declared here", table.name))
                .help(format!("declare it under `[tables.{}.columns]`, with `server_only = true` if no device should see it", table.name))
        });
    }
    Some(
        Diagnostic::new(
            Code::C003,
            format!("column `{name}` is missing in the schema"),
        )
        .at(found.place, "required, and nothing fills it")
        .at(table.place, format!("`{}` is declared here", table.name))
        .note("every row that a device inserts is refused: it cannot set this column")
        .help(format!(
            "declare it under `[tables.{}.columns]`, give it a default, or drop its `.notNull()`",
            table.name
        )),
    )
}
