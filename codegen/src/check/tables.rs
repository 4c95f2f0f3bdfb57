//! Tables of Drizzle files against the schema's.

use std::collections::{HashMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::model::{Column, Residence, Table};
use syncline_schema::{Diagnostic, Place, Schema};

use super::finding::Findings;
use super::{advice, columns, keys};
use crate::read::{ReadTable, Reading};

/// Which side a subject declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// SQLite.
    Device,
    /// PostgreSQL, in one of its forms.
    Server(Form),
}

/// What tells of PostgreSQL's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Drizzle files.
    Drizzle,
    /// SQL migrations.
    Migrations,
    /// A live database.
    Database,
}

impl Side {
    pub(super) fn is_server(self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// Is it mended by SQL, rather than by editing a file?
    pub(super) fn is_sql(self) -> bool {
        matches!(self, Self::Server(Form::Migrations | Form::Database))
    }

    fn holds(self, table: &Table) -> bool {
        match self {
            Self::Device => table.residence != Residence::Server,
            Self::Server(_) => table.residence != Residence::Local,
        }
    }

    /// The columns of a table that it has.
    pub(super) fn columns(self, table: &Table) -> impl Iterator<Item = &Column> {
        let all = self.is_server();
        table
            .columns
            .iter()
            .filter(move |column| all || column.on_device())
    }

    /// As messages name it.
    pub(super) fn place(self) -> &'static str {
        match self {
            Self::Device => "the Drizzle schema for SQLite",
            Self::Server(Form::Drizzle) => "the Drizzle schema for PostgreSQL",
            Self::Server(Form::Migrations) => "what the migrations add up to",
            Self::Server(Form::Database) => "the database",
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
    // A name that stands in the schema as it is needs no `casing`, and is what Drizzle takes it for.
    let plain = |found: &ReadTable| {
        let table = declared.get(found.name.as_str());
        let mut unnamed = found.columns.iter().filter(|it| it.snake_name.is_some());
        unnamed.all(|it| table.is_some_and(|table| table.column(&it.name).is_some()))
    };
    if !reading.tables.iter().all(plain) {
        let casing = reading.casing.into_iter();
        casing.for_each(|problem| findings.plain(problem));
    }
    let mut seen = HashSet::new();
    let mut unknown = Vec::new();
    for found in &reading.tables {
        match declared.get(found.name.as_str()) {
            Some(table) if side.holds(table) && same_schema(side, table, found) => {
                seen.insert(table.name.as_str());
                columns::compare(side, table, found, findings);
                keys::compare(schema, side, table, found, findings);
            }
            _ => unknown.push(found),
        }
    }
    let mut missing = Vec::new();
    for table in schema.tables.iter().filter(|table| side.holds(table)) {
        if seen.contains(table.name.as_str()) {
            continue;
        }
        let names: Vec<_> = unknown.iter().map(|found| found.name.as_str()).collect();
        let meant = advice::meant(&table.name, table.renamed_from.as_deref(), &names);
        match meant.map(|at| unknown.remove(at)) {
            None if !ignored(schema, &table.name) => missing.push(table),
            meant => {
                let finding = missing_table(side, table, meant, (reading.anchor, reading.gaps));
                findings.about(&table.name, finding);
            }
        }
    }
    if missing.len() >= GROUP {
        let finding = missing_tables(side, &missing, (reading.anchor, reading.gaps));
        findings.plain(finding);
        missing.clear();
    }
    for table in missing {
        let finding = missing_table(side, table, None, (reading.anchor, reading.gaps));
        findings.about(&table.name, finding);
    }
    for found in unknown {
        if let Some(finding) = extra_table(schema, side, declared.get(found.name.as_str()), found) {
            findings.about(&found.name, finding);
        }
    }
}

/// So many missing tables are one finding.
const GROUP: usize = 4;

/// Does `[check.ignore]` name this table? Its finding must then stand alone.
fn ignored(schema: &Schema, table: &str) -> bool {
    let named = format!("C002.{table}");
    let mut keys = schema.settings.check.ignore.iter();
    keys.any(|(key, _)| key.value == named)
}

/// One finding for a whole group of tables that are missing.
fn missing_tables(side: Side, tables: &[&Table], (anchor, gaps): (Place, bool)) -> Diagnostic {
    const SHOWN: usize = 12;
    let names: Vec<_> = tables
        .iter()
        .take(SHOWN)
        .map(|it| format!("`{}`", it.name))
        .collect();
    let more = match tables.len().saturating_sub(SHOWN) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let count = tables.len();
    let message = format!(
        "{count} tables are missing in {}: {}{more}",
        side.place(),
        names.join(", ")
    );
    let first = tables.first().map_or(Place::NOWHERE, |it| it.place);
    let mut finding = Diagnostic::new(Code::C002, message)
        .at(anchor, "no such tables here")
        .at(first, "the first of them is declared here")
        .note(match side {
            Side::Device => "their rows are sent or kept, and no app can read or write them",
            Side::Server(_) => "what devices write to them has no table to go to",
        });
    if gaps {
        finding = finding.note("a part of these files could not be followed: they may be there");
    }
    finding.help("name the files that declare them as well, or declare them, as `syncline generate` prints them")
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
        (Side::Server(_), _) if !table.writable() => "the server's code cannot read or write it",
        (Side::Server(_), _) => "what devices write to it has no table to go to",
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
        None if side.is_sql() => finding.help(advice::MIGRATE),
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
        (Side::Server(_), Some(_)) => None,
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
        (Side::Server(_), None) => Some(
            Diagnostic::new(Code::C006, format!("table `{name}` is not in the schema"))
                .at(found.place, "only PostgreSQL has it")
                .help(format!("`sync = \"server\"` under `[tables.{name}]` makes it part of the schema")),
        ),
    }
}
