//! Tables and columns of Drizzle files against the schema's.

use std::collections::{HashMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::model::{Column, Residence, Table};
use syncline_schema::{Diagnostic, Place, Schema, names};

use super::finding::Findings;
use super::{advice, device, server};
use crate::read::{ReadColumn, ReadTable, ReadType, Reading};

/// Which side a subject declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// SQLite.
    Device,
    /// PostgreSQL.
    Server,
}

impl Side {
    fn holds(self, table: &Table) -> bool {
        match self {
            Self::Device => table.residence != Residence::Server,
            Self::Server => table.residence != Residence::Local,
        }
    }

    fn columns(self, table: &Table) -> impl Iterator<Item = &Column> {
        let all = self == Self::Server;
        table
            .columns
            .iter()
            .filter(move |column| all || !column.server_only)
    }

    fn place(self) -> &'static str {
        match self {
            Self::Device => "the Drizzle schema for SQLite",
            Self::Server => "the Drizzle schema for PostgreSQL",
        }
    }
}

/// Compares what was read with the schema.
pub(super) fn compare(schema: &Schema, side: Side, reading: Reading, findings: &mut Findings) {
    let unreadable = reading.diagnostics.iter().any(|it| it.code == Code::C001);
    reading
        .diagnostics
        .into_iter()
        .for_each(|problem| findings.plain(problem));
    if unreadable {
        return;
    }
    let declared: HashMap<_, _> = schema
        .tables
        .iter()
        .map(|it| (it.name.as_str(), it))
        .collect();
    let mut seen = HashSet::new();
    let mut unknown = Vec::new();
    for found in &reading.tables {
        match declared.get(found.name.as_str()) {
            Some(table) if side.holds(table) && same_schema(side, table, found) => {
                seen.insert(table.name.as_str());
                columns(side, table, found, findings);
            }
            _ => unknown.push(found),
        }
    }
    for table in schema.tables.iter().filter(|table| side.holds(table)) {
        if seen.contains(table.name.as_str()) {
            continue;
        }
        let names: Vec<_> = unknown.iter().map(|found| found.name.as_str()).collect();
        let meant = advice::meant(&table.name, table.renamed_from.as_deref(), &names);
        let meant = meant.map(|at| unknown.remove(at));
        let finding = missing_table(side, table, meant, (reading.anchor, reading.gaps));
        findings.about(&table.name, finding);
    }
    for found in unknown {
        if let Some(finding) = extra_table(schema, side, declared.get(found.name.as_str()), found) {
            findings.about(&found.name, finding);
        }
    }
}

fn same_schema(side: Side, table: &Table, found: &ReadTable) -> bool {
    let of = |schema: &Option<String>| schema.as_deref().unwrap_or("public").to_owned();
    side == Side::Device || of(&table.schema) == of(&found.schema)
}

fn missing_table(
    side: Side,
    table: &Table,
    meant: Option<&ReadTable>,
    (anchor, gaps): (Place, bool),
) -> Diagnostic {
    let name = &table.name;
    let mut finding = Diagnostic::new(
        Code::C002,
        format!("table `{name}` is missing in {}", side.place()),
    );
    finding = match meant {
        Some(found) if found.name == *name => {
            let schema = found.schema.as_deref().unwrap_or("public");
            finding.at(
                found.place,
                format!("this one is in PostgreSQL's schema `{schema}`"),
            )
        }
        Some(found) => finding.at(found.place, format!("the schema has no `{}`", found.name)),
        None => finding.at(anchor, "no such table here"),
    };
    finding = finding.at(table.place, "declared here");
    finding = finding.note(match (side, table.residence) {
        (Side::Device, Residence::Local) => "the app cannot keep its rows",
        (Side::Device, _) => "its rows are sent, and no app can read or write them",
        (Side::Server, Residence::Server) => "the server's code cannot read or write it",
        (Side::Server, _) => "what devices write to it has no table to go to",
    });
    if gaps {
        finding = finding.note("a part of these files could not be followed: it may be there");
    }
    match meant {
        Some(found) if found.name == *name => finding.help(format!(
            "put it into the schema `{}`, or say `schema = \"…\"` in the source",
            table.schema.as_deref().unwrap_or("public")
        )),
        Some(found) => finding.help(format!(
            "did you mean `{name}` where it says `{}`?",
            found.name
        )),
        None => finding.help(format!(
            "declare `{name}`, as `syncline generate` prints it"
        )),
    }
}

/// A table that the side has and the schema has not, or not there.
fn extra_table(
    schema: &Schema,
    side: Side,
    declared: Option<&&Table>,
    found: &ReadTable,
) -> Option<Diagnostic> {
    let name = &found.name;
    if let Some(table) = declared {
        let (label, note) = match table.residence {
            Residence::Server => (
                "`sync = \"server\"`",
                "its rows never reach a device, and what the app writes to it is refused",
            ),
            Residence::Local => ("`sync = \"local\"`", "no device ever uploads to it"),
            Residence::Synced => return None,
        };
        let code = if side == Side::Device {
            Code::C002
        } else {
            Code::C006
        };
        let where_ = if side == Side::Device {
            "in PostgreSQL"
        } else {
            "on the device"
        };
        return Some(
            Diagnostic::new(code, format!("table `{name}` exists {where_} only"))
                .at(found.place, "declared for the other side as well")
                .at(table.place, label)
                .note(note)
                .help(format!(
                    "take it out of {}, or change `sync` in the source",
                    side.place()
                )),
        );
    }
    let removed = schema
        .removed_tables
        .iter()
        .find(|removed| removed.name == *name);
    match (side, removed) {
        (Side::Server, Some(_)) => None,
        (Side::Device, Some(removed)) => Some(
            Diagnostic::new(Code::C002, format!("table `{name}` is gone"))
                .at(found.place, "still declared here")
                .at(removed.place, format!("removed on {}", removed.date))
                .note("what the app writes to it is accepted and dropped")
                .help("take it out of the app"),
        ),
        (Side::Device, None) => Some(
            Diagnostic::new(Code::C002, format!("table `{name}` is missing in the schema"))
                .at(found.place, "only the device has it")
                .note("nothing is ever sent to it, and every upload of its rows is refused")
                .help(format!(
                    "declare `[tables.{name}]` in the source, with `sync = \"local\"` if it stays on the device"
                )),
        ),
        (Side::Server, None) => Some(
            Diagnostic::new(Code::C006, format!("table `{name}` is not in the schema"))
                .at(found.place, "only PostgreSQL has it")
                .help(format!("`sync = \"server\"` under `[tables.{name}]` makes it part of the schema")),
        ),
    }
}

fn columns(side: Side, table: &Table, found: &ReadTable, findings: &mut Findings) {
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
                if let Some(finding) = types(side, table, wanted, column) {
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
            Side::Server => "an upload that sets it has no column to go to",
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
        let finding = if let Some(hidden) = table.column(&found.name) {
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
