//! The writes of a hand-written upload handler against the schema: every row of an owner's table is
//! found by its owner, and no device sets one.

use std::collections::HashSet;

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::did_you_mean;
use syncline_schema::model::{Residence, Table};
use syncline_schema::{Diagnostic, Place, Schema};

use super::finding::Findings;
use crate::read::handler::{Assigned, Handler, Part, Rows, Write, WriteKind};

/// What is said of a table that no upload handler writes.
pub(super) const NO_UPLOAD: &str = "is missing in the upload handler";

/// Compares what was read with the schema.
pub(super) fn compare(schema: &Schema, handlers: Vec<Handler>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    let mut gaps = false;
    let mut anchor = Place::NOWHERE;
    let mut writes = false;
    for handler in handlers {
        gaps |= handler.gaps || handler.diagnostics.iter().any(|it| it.code == Code::C001);
        anchor = anchor.or(handler.anchor);
        handler
            .diagnostics
            .into_iter()
            .for_each(|problem| findings.plain(problem));
        for place in handler.completes {
            findings.plain(
                Diagnostic::new(
                    Code::C016,
                    "an upload is completed although there was an error",
                )
                .at(place, "where an error was caught")
                .note("its writes leave the device, and PostgreSQL never had them")
                .help("throw the error: PowerSync tries again later"),
            );
        }
        for write in handler.writes {
            writes = true;
            seen.insert(write.table.clone());
            one(schema, &write, findings);
        }
    }
    // A connector writes nothing itself.
    if gaps || !writes {
        return;
    }
    for table in schema.tables.iter().filter(|it| it.writable()) {
        if !seen.contains(&table.name) {
            findings.about(
                &table.name,
                Diagnostic::new(Code::C002, format!("table `{}` {NO_UPLOAD}", table.name))
                    .at(anchor, "no write to it in this file")
                    .at(table.place, "declared here")
                    .note("what devices write to it never reaches PostgreSQL")
                    .help("write it, or make it `access = \"public\"` if devices only read it"),
            );
        }
    }
}

fn one(schema: &Schema, write: &Write, findings: &mut Findings) {
    let Some(table) = schema.table(&write.table) else {
        let known = || schema.tables.iter().map(|it| it.name.as_str());
        if let Some(help) = did_you_mean(&write.table, known()) {
            findings.about(
                &write.table,
                Diagnostic::new(
                    Code::C002,
                    format!(
                        "the upload handler writes to `{}`, which the schema has not",
                        write.table
                    ),
                )
                .at(write.place, "no such table")
                .note("what devices write to it has no table to go to")
                .help(help),
            );
        }
        return;
    };
    let mut list = Vec::new();
    if write.as_sql {
        list.extend(unknown_columns(table, write));
    }
    if table.residence == Residence::Synced
        && let Some(owner) = table.owner().map(|it| it.name.as_str())
    {
        list.extend(unowned(table, owner, write));
        let given = given_owner(table, owner, write);
        // One mistake is one finding.
        if given.is_empty() {
            list.extend(sent_owner(table, owner, write));
        }
        list.extend(given);
    }
    for finding in list {
        findings.about(&table.name, finding);
    }
}

fn unknown_columns(table: &Table, write: &Write) -> Vec<Diagnostic> {
    let known = || table.columns.iter().map(|it| it.name.as_str());
    let parts = write.set.parts.iter();
    let conflict = write.conflict.iter().flat_map(|it| &it.set.parts);
    let mut said = HashSet::new();
    parts
        .chain(conflict)
        .filter_map(|(part, place)| match part {
            Part::Column(name) if table.column(name).is_none() && said.insert(name) => {
                Some((name, *place))
            }
            _ => None,
        })
        .map(|(name, place)| {
            Diagnostic::new(
                Code::C003,
                format!("column `{}.{name}` is missing in the schema", table.name),
            )
            .at(place, "set here")
            .at(table.place, format!("`{}` is declared here", table.name))
            .note("PostgreSQL refuses the statement, and with it the upload")
            .help_opt(did_you_mean(name, known()))
        })
        .collect()
}

/// Is a row found by its owner?
fn is_owned(rows: &Rows, owner: &str) -> Option<bool> {
    match rows {
        Rows::All => Some(false),
        Rows::Columns(names) => Some(names.contains(owner)),
        Rows::Unknown => None,
    }
}

/// Rows that are changed or removed whoever's they are.
fn unowned(table: &Table, owner: &str, write: &Write) -> Vec<Diagnostic> {
    let (rows, place, does) = match (write.kind, &write.conflict) {
        (WriteKind::Update, _) => (&write.rows, write.place, "changes"),
        (WriteKind::Delete, _) => (&write.rows, write.place, "deletes"),
        (WriteKind::Insert, Some(conflict)) => (&conflict.rows, conflict.place, "replaces"),
        (WriteKind::Insert, None) => return Vec::new(),
    };
    let name = &table.name;
    let condition = table.place;
    match is_owned(rows, owner) {
        Some(true) => Vec::new(),
        None => vec![
            Diagnostic::new(
                Code::C005,
                format!("by what this {does} rows of `{name}` could not be followed"),
            )
            .at(place, format!("is `{owner}` among it?"))
            .help("write the condition in place"),
        ],
        Some(false) => {
            let label = match rows {
                Rows::All if write.kind != WriteKind::Insert => "no condition at all".to_owned(),
                _ => format!("`{owner}` is not in the condition"),
            };
            let help = match (write.kind, write.as_sql) {
                (WriteKind::Insert, false) => {
                    format!(
                        "add `setWhere`, with the owner from the token: `eq(table.{}, userId)`",
                        syncline_schema::names::camel(owner)
                    )
                }
                (WriteKind::Insert, true) => {
                    format!("end it in `WHERE {name}.{owner} = …`, with the owner from the token")
                }
                (_, false) => {
                    format!(
                        "write `and(…, eq(table.{}, userId))`, with the owner from the token",
                        syncline_schema::names::camel(owner)
                    )
                }
                (_, true) => format!("add `AND {owner} = …`, with the owner from the token"),
            };
            vec![
                Diagnostic::new(
                    Code::C014,
                    format!("this {does} rows of `{name}` whoever owns them"),
                )
                .at(place, label)
                .at(condition, format!("its rows belong to `{owner}`"))
                .note("whoever knows the id of another user's row can write it")
                .help(help),
            ]
        }
    }
}

/// An owner that is a part of what was uploaded, rather than of the token.
fn sent_owner(table: &Table, owner: &str, write: &Write) -> Option<Diagnostic> {
    let (_, place) = write.sent.iter().find(|(column, _)| column == owner)?;
    Some(
        Diagnostic::new(
            Code::C015,
            format!("what the device sends decides `{}.{owner}`", table.name),
        )
        .at(*place, "a part of the upload, not of the token")
        .at(table.place, "declared here")
        .note(match write.kind {
            WriteKind::Insert => "a user can write rows under another one's name",
            _ => "whoever sends another user's id can write that user's rows",
        })
        .help("take it from the token that the request came with"),
    )
}

/// Writes that take the owner from what was uploaded, or that give rows away.
fn given_owner(table: &Table, owner: &str, write: &Write) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let name = format!("{}.{owner}", table.name);
    let is_owner = |part: &Part| matches!(part, Part::Column(column) if column == owner);
    let at = |set: &Assigned| set.parts.iter().position(|it| is_owner(&it.0));
    if write.kind == WriteKind::Insert {
        let spread = write.set.parts.iter().rposition(|it| it.0 == Part::Spread);
        if let Some(spread) = spread
            && at(&write.set).is_none_or(|own| own < spread)
        {
            let place = write.set.parts.get(spread).map_or(write.place, |it| it.1);
            found.push(
                Diagnostic::new(
                    Code::C015,
                    format!("what the device sends decides `{name}`"),
                )
                .at(
                    place,
                    "spread as it came, and nothing behind it sets the owner",
                )
                .at(table.place, "declared here")
                .note("a user can write rows under another one's name")
                .help(format!(
                    "write `{}: userId` behind it, from the token",
                    syncline_schema::names::camel(owner)
                )),
            );
        }
    }
    let set = match (write.kind, &write.conflict) {
        (WriteKind::Update, _) => &write.set,
        (WriteKind::Insert, Some(conflict)) => &conflict.set,
        _ => return found,
    };
    if let Some((_, place)) = at(set).and_then(|at| set.parts.get(at)) {
        found.push(
            Diagnostic::new(Code::C015, format!("`{name}` is among what is set"))
                .at(*place, "the owner of a row that is there already")
                .at(table.place, "declared here")
                .note("the row changes hands: a user can take over any row whose id is known")
                .help("leave the owner out of `set`: a row keeps the one that it was made with"),
        );
    }
    found
}
