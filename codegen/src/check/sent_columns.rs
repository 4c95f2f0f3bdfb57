//! The columns that a sync config sends against the schema's.

use std::collections::HashSet;

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::{closest, did_you_mean};
use syncline_schema::model::{Column, Scalar, Table};
use syncline_schema::names::quote_sql;
use syncline_schema::{Diagnostic, Place};

use super::advice;
use super::finding::Findings;
use super::tables::Side;
use crate::read::sync_config::{Name, Query, SentColumn};

/// What all queries of a config together send of one table.
#[derive(Default)]
pub(super) struct Arrival {
    columns: HashSet<String>,
    /// Columns that a misspelt one is taken for: one finding says it.
    meant: HashSet<String>,
    star: bool,
    /// The place of the table in the first query.
    pub(super) place: Place,
}

/// Takes in what one query sends of a table.
pub(super) fn take_in(
    table: &Table,
    source: Option<&Table>,
    query: &Query,
    arrival: &mut Arrival,
    findings: &mut Findings,
) {
    let listed: HashSet<_> = query
        .sent
        .columns
        .iter()
        .map(|it| it.name.text.as_str())
        .collect();
    if let Some(star) = &query.sent.star {
        arrival.star = true;
        let place = query.place(star);
        let of = source.unwrap_or(table);
        for column in of
            .columns
            .iter()
            .filter(|it| !listed.contains(it.name.as_str()))
        {
            if column.server_only {
                findings.about(&table.name, private_column(of, column, place, query));
            } else if is_bytes(column) {
                findings.about(&table.name, bytes(of, column, place, "`*` leaves it out"));
            }
        }
    }
    for sent in &query.sent.columns {
        arrival.columns.insert(sent.name.text.clone());
        arrival.meant.extend(meant(table, sent));
        if let Some(finding) = listed_column(table, source, query, sent) {
            findings.about(&table.name, finding);
        }
    }
}

fn listed_column(
    table: &Table,
    source: Option<&Table>,
    query: &Query,
    sent: &SentColumn,
) -> Option<Diagnostic> {
    if let (Some(read), Some(of)) = (&sent.source, source) {
        let place = query.place(&read.range);
        match of.column(&read.text) {
            None => {
                return Some(unknown_column(
                    of,
                    read,
                    place,
                    "PostgreSQL has no such column",
                    "no value of it will arrive at any client",
                ));
            }
            Some(column) if column.server_only => {
                return Some(private_column(of, column, place, query));
            }
            Some(column) if is_bytes(column) => {
                return Some(bytes(of, column, place, "a `bytea` value is not sent"));
            }
            Some(_) => {}
        }
    }
    let arrives = table
        .sent_columns()
        .any(|column| column.name == sent.name.text);
    (!arrives).then(|| {
        let place = query.place(&sent.name.range);
        let finding = unknown_column(
            table,
            &sent.name,
            place,
            "no device has such a column",
            "its values are sent and no app can read them",
        );
        match &sent.source {
            Some(read) if read.text != sent.name.text => {
                finding.help(format!("send `{}` under its own name", read.text))
            }
            _ => finding,
        }
    })
}

fn unknown_column(table: &Table, name: &Name, place: Place, label: &str, why: &str) -> Diagnostic {
    let known = || table.sent_columns().map(|column| column.name.as_str());
    let removed = table
        .removed_columns
        .iter()
        .find(|removed| removed.name == name.text);
    let finding = Diagnostic::new(
        Code::C003,
        format!(
            "column `{}.{}` is missing in the schema",
            table.name, name.text
        ),
    )
    .at(place, label);
    let finding = match removed {
        Some(removed) => finding.at(removed.place, format!("removed on {}", removed.date)),
        None => finding.at(table.place, format!("`{}` is declared here", table.name)),
    };
    finding
        .note(why)
        .help_opt(folded(name, known()).or_else(|| did_you_mean(&name.text, known())))
}

/// The column of the table that an unknown name stands for, or is close to.
fn meant(table: &Table, sent: &SentColumn) -> Option<String> {
    let known = || table.sent_columns().map(|column| column.name.as_str());
    let is_known = |name: &str| known().any(|it| it == name);
    if is_known(&sent.name.text) {
        return None;
    }
    let source = sent
        .source
        .as_ref()
        .map(|it| it.text.as_str())
        .filter(|it| is_known(it));
    source
        .or_else(|| closest(&sent.name.text, known()))
        .map(str::to_owned)
}

/// What no query of the table sends.
pub(super) fn missing(table: &Table, arrival: &Arrival, gaps: bool, findings: &mut Findings) {
    let missing: Vec<_> = table
        .sent_columns()
        .filter(|it| !arrival.columns.contains(&it.name) && !arrival.meant.contains(&it.name))
        .collect();
    if arrival.star || missing.is_empty() {
        return;
    }
    let names: Vec<_> = missing
        .iter()
        .map(|it| format!("`{}.{}`", table.name, it.name))
        .collect();
    let plural = if names.len() == 1 {
        ("column", "is")
    } else {
        ("columns", "are")
    };
    let message = format!(
        "{} {} {} missing in the sync config",
        plural.0,
        names.join(", "),
        plural.1
    );
    let mut finding = Diagnostic::new(Code::C003, message)
        .at(arrival.place, "no query of this table sends them all");
    for column in &missing {
        let place = advice::place_of(table, column);
        finding = finding.at(place, advice::label_of(column, Side::Device));
    }
    let note = if missing.iter().any(|it| it.name == "id") {
        "without `id`, all rows become one row whose id is empty"
    } else {
        "these values arrive at no client: there they are always null"
    };
    if gaps {
        finding = finding.note("a part of this file could not be followed: they may be there");
    }
    let written: Vec<_> = missing.iter().map(|column| as_sent(column)).collect();
    let help = format!("add `{}` to the query", written.join(", "));
    findings.about(&table.name, finding.note(note).help(help));
}

/// A column as a query has to list it.
fn as_sent(column: &Column) -> String {
    let name = quote_sql(&column.name);
    if is_bytes(column) {
        format!("base64({name}) AS {name}")
    } else {
        name
    }
}

fn is_bytes(column: &Column) -> bool {
    column.ty.scalar == Scalar::Bytes && !column.ty.array
}

fn bytes(table: &Table, column: &Column, place: Place, label: &str) -> Diagnostic {
    Diagnostic::new(
        Code::C004,
        format!(
            "the bytes of `{}.{}` are not sent as text",
            table.name, column.name
        ),
    )
    .at(place, label)
    .at(
        advice::place_of(table, column),
        advice::label_of(column, Side::Device),
    )
    .note("PowerSync has no bytes: without base64 the column is always null on the device")
    .help(format!("send `{}`", as_sent(column)))
}

fn private_column(table: &Table, column: &Column, place: Place, query: &Query) -> Diagnostic {
    Diagnostic::new(
        Code::C007,
        format!(
            "`{}` sends the server-only column `{}.{}`",
            query.stream, table.name, column.name
        ),
    )
    .at(place, "sent to devices by this")
    .at(
        column.place.or(table.place),
        "`server_only`: it never leaves PostgreSQL",
    )
    .note("whoever holds a token can read what is sent")
    .help("list the columns by name, without this one")
}

/// Says to quote a name that only folding keeps from being a known one.
pub(super) fn folded<'a>(name: &Name, mut known: impl Iterator<Item = &'a str>) -> Option<String> {
    let meant = !name.quoted && name.written != name.text && known.any(|it| it == name.written);
    meant.then(|| {
        format!(
            "unquoted names fold to lower case: write `{}`",
            quote_sql(&name.written)
        )
    })
}
