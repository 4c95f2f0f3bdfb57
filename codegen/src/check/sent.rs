//! What a sync config sends against the schema.

use std::collections::{BTreeMap, HashMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::{closest, did_you_mean};
use syncline_schema::model::{Access, Column, Residence, Scalar, Table};
use syncline_schema::names::quote_sql;
use syncline_schema::{Diagnostic, Place, Schema, sql};

use super::advice;
use super::finding::Findings;
use super::tables::Side;
use crate::read::sync_config::{Name, Query, SentColumn, SyncConfig, read_query};

/// What all queries of a config together send of one table.
#[derive(Default)]
struct Arrival {
    columns: HashSet<String>,
    /// Columns that a misspelt one is taken for: one finding says it.
    meant: HashSet<String>,
    star: bool,
    /// The place of the table in the first query.
    place: Place,
}

/// Compares what was read with the schema.
pub(super) fn compare(schema: &Schema, config: SyncConfig, findings: &mut Findings) {
    let unreadable = config.diagnostics.iter().any(|it| it.code == Code::C001);
    config
        .diagnostics
        .iter()
        .for_each(|problem| findings.plain(problem.clone()));
    if unreadable {
        return;
    }
    let declared: HashMap<_, _> = schema
        .tables
        .iter()
        .map(|it| (it.name.as_str(), it))
        .collect();
    // Tables whose rows arrive under another name: one finding says it.
    let mut meant_tables = HashSet::new();
    let mut arrivals: BTreeMap<&str, Arrival> = BTreeMap::new();
    for query in &config.queries {
        let sent = &query.sent;
        let arrives_as = sent.alias.as_ref().unwrap_or(&sent.table);
        let source = declared.get(sent.table.text.as_str());
        match declared.get(arrives_as.text.as_str()) {
            Some(table) if table.residence == Residence::Synced => {
                let arrival = arrivals.entry(table.name.as_str()).or_default();
                arrival.place = arrival.place.or(query.place(&arrives_as.range));
                query_columns(table, source.copied(), query, arrival, findings);
            }
            other => {
                let synced = || schema.synced().map(|table| table.name.as_str());
                let meant = source.map(|it| it.name.as_str());
                meant_tables.extend(
                    meant
                        .or_else(|| closest(&arrives_as.text, synced()))
                        .map(str::to_owned),
                );
                let finding =
                    unknown_table(schema, other.copied(), source.copied(), query, arrives_as);
                findings.about(&arrives_as.text, finding);
            }
        }
    }
    let own = sent_by_the_source(schema, config.streams);
    for table in schema.synced() {
        match arrivals.get(table.name.as_str()) {
            Some(arrival) => missing_columns(table, arrival, config.gaps, findings),
            None if table.insert_only || meant_tables.contains(&table.name) => {}
            None if table.access == Access::Streams && !own.contains(&table.name) => {}
            None => findings.about(&table.name, missing_table(table, &config)),
        }
    }
}

/// The tables that the source's own streams send; sync rules cannot say those.
fn sent_by_the_source(schema: &Schema, streams: bool) -> HashSet<String> {
    let queries = schema.streams.iter().flat_map(|stream| &stream.queries);
    sql::with_room(|| {
        let queries = queries.clone().filter(|_| streams);
        queries
            .filter_map(|query| Some(read_query(&query.sql).ok()?.table.text))
            .collect()
    })
}

fn missing_table(table: &Table, config: &SyncConfig) -> Diagnostic {
    let name = &table.name;
    let mut finding = Diagnostic::new(
        Code::C002,
        format!("table `{name}` is missing in the sync config"),
    )
    .at(config.anchor, "no query here sends it")
    .at(table.place, "declared here")
    .note("rows will arrive at no client");
    if config.gaps {
        finding = finding.note("a part of this file could not be followed: it may be there");
    }
    let query = match (table.access, table.owner()) {
        (Access::Owner, Some(owner)) if config.streams => format!(
            "SELECT * FROM {} WHERE ({} = auth.user_id())",
            quote_sql(name),
            quote_sql(&owner.name)
        ),
        _ => format!("SELECT * FROM {}", quote_sql(name)),
    };
    finding.help(format!("add a query such as `{query}`"))
}

/// A query whose rows no device has a table for.
fn unknown_table(
    schema: &Schema,
    declared: Option<&Table>,
    source: Option<&Table>,
    query: &Query,
    arrives_as: &Name,
) -> Diagnostic {
    let place = query.place(&arrives_as.range);
    let name = &arrives_as.text;
    let private = [declared, source]
        .into_iter()
        .flatten()
        .find(|it| it.residence == Residence::Server);
    if let Some(table) = private {
        return Diagnostic::new(
            Code::C007,
            format!("`{}` sends the server table `{}`", query.stream, table.name),
        )
        .at(
            query.place(&query.sent.table.range),
            "its rows go to devices",
        )
        .at(table.place, "`sync = \"server\"`: it stays in PostgreSQL")
        .note("whoever holds a token can read what is sent")
        .help("take the query out, or make it a synced table in the source");
    }
    if let Some(table) = declared {
        return Diagnostic::new(Code::C002, format!("table `{name}` is on the device only"))
            .at(place, "PostgreSQL has no such table")
            .at(table.place, "`sync = \"local\"`")
            .note("the query never finds a row")
            .help("take the query out, or make it a synced table in the source");
    }
    let finding = Diagnostic::new(Code::C002, format!("no device has a table `{name}`"));
    if let Some(table) = source {
        return finding
            .at(
                place,
                format!("rows of `{}` arrive under this alias", table.name),
            )
            .at(table.place, "declared here")
            .note("they arrive at every client, and no app can read them")
            .help(format!(
                "take the alias out: `FROM {}`",
                quote_sql(&table.name)
            ));
    }
    if let Some(removed) = schema.removed_tables.iter().find(|it| it.name == *name) {
        return finding
            .at(place, "still sent here")
            .at(removed.place, format!("removed on {}", removed.date))
            .note("its rows are sent and no app reads them")
            .help("take the query out");
    }
    let known = || schema.synced().map(|table| table.name.as_str());
    let finding = finding
        .at(place, "the schema has no such table")
        .note("the service reads over it: rows will arrive at no client");
    match folded(arrives_as, known()) {
        Some(help) => finding.help(help),
        None => finding.help_opt(did_you_mean(name, known()).or_else(|| {
            Some(format!(
                "declare `[tables.{name}]` in the source, or take the query out"
            ))
        })),
    }
}

/// Says to quote a name that only folding keeps from being a known one.
fn folded<'a>(name: &Name, mut known: impl Iterator<Item = &'a str>) -> Option<String> {
    let meant = !name.quoted && name.written != name.text && known.any(|it| it == name.written);
    meant.then(|| {
        format!(
            "unquoted names fold to lower case: write `{}`",
            quote_sql(&name.written)
        )
    })
}

fn query_columns(
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
        .device_columns()
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
    let known = || table.device_columns().map(|column| column.name.as_str());
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
    let known = || table.device_columns().map(|column| column.name.as_str());
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

fn missing_columns(table: &Table, arrival: &Arrival, gaps: bool, findings: &mut Findings) {
    let missing: Vec<_> = table
        .device_columns()
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
