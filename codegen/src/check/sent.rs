//! The tables that a sync config sends against the schema.

use std::collections::{BTreeMap, HashMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::{closest, did_you_mean};
use syncline_schema::model::{Access, Residence, Table};
use syncline_schema::names::quote_sql;
use syncline_schema::{Diagnostic, Schema, sql};

use super::finding::Findings;
use super::sent_columns::{self, Arrival, folded};
use crate::read::sync_config::{Name, Query, SyncConfig, read_query};

/// Compares what was read with the schema.
pub(super) fn compare(schema: &Schema, config: &SyncConfig, findings: &mut Findings) {
    let unreadable = config.diagnostics.iter().any(|it| it.code == Code::C001);
    config
        .diagnostics
        .iter()
        .for_each(|problem| findings.plain(problem.clone()));
    if unreadable {
        return;
    }
    // Old devices know a renamed table by the name that it had.
    let former = schema
        .tables
        .iter()
        .filter_map(|it| Some((it.former_name()?, it)));
    let named = schema.tables.iter().map(|it| (it.name.as_str(), it));
    let declared: HashMap<_, _> = former.chain(named).collect();
    // Tables whose rows arrive under another name: one finding says it.
    let mut meant_tables = HashSet::new();
    let mut arrivals: BTreeMap<&str, Arrival> = BTreeMap::new();
    for query in &config.queries {
        let sent = &query.sent;
        let arrives_as = sent.alias.as_ref().unwrap_or(&sent.table);
        let source = declared.get(sent.table.text.as_str());
        match declared.get_key_value(arrives_as.text.as_str()) {
            Some((name, table)) if table.residence == Residence::Synced => {
                let arrival = arrivals.entry(name).or_default();
                arrival.place = arrival.place.or(query.place(&arrives_as.range));
                sent_columns::take_in(table, source.copied(), query, arrival, findings);
            }
            other => {
                let other = other.map(|(_, table)| table);
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
            Some(arrival) => sent_columns::missing(table, arrival, config.gaps, findings),
            None if table.insert_only || meant_tables.contains(&table.name) => {}
            None if table.access == Access::Streams && !own.contains(&table.name) => {}
            None => findings.about(&table.name, missing_table(table, config)),
        }
        let sent = arrivals.contains_key(table.name.as_str());
        match table.former_name().map(|old| (old, arrivals.get(old))) {
            Some((_, Some(arrival))) => {
                sent_columns::missing(table, arrival, config.gaps, findings);
            }
            Some((old, None)) if sent => {
                findings.about(&table.name, missing_former(table, old, config));
            }
            _ => {}
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

fn missing_former(table: &Table, old: &str, config: &SyncConfig) -> Diagnostic {
    let name = &table.name;
    Diagnostic::new(
        Code::C002,
        format!("table `{old}`, as old devices call `{name}`, is missing in the sync config"),
    )
    .at(config.anchor, "no query here sends it")
    .at(table.place, "renamed_from, until it is contracted")
    .note("the apps that are out there would lose its rows")
    .help(format!(
        "send `{name}` a second time, FROM {} AS {}",
        quote_sql(name),
        quote_sql(old)
    ))
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
