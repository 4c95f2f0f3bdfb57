//! The publication `powersync`: its options, its members, and what identifies their rows.

use std::collections::BTreeSet;

use syncline_schema::Code;
use syncline_schema::model::Table;

use super::{Database, Line};
use crate::diff::TableName;
use crate::live::catalog::{Publication, ReplicaIdentity};
use crate::sql;
use crate::targets::streams::tables_read;

pub(super) fn check(facts: &Database<'_>, lines: &mut Vec<Line>) {
    let wanted = facts.read();
    missing_tables(facts, lines);
    match &facts.catalog.publication {
        None => lines.push(Line::error(
            Code::U003,
            "there is no publication `powersync`",
            "PSYNC_S1141: the service reads changes by this name only. It stays up; before the first copy every stream answers 500 PSYNC_S2302, after it devices get no changes",
            made(facts),
        )),
        Some(publication) => {
            options(publication, facts, lines);
            members(publication, facts, &wanted, lines);
        }
    }
    identities(facts, &wanted, lines);
}

/// The statement that makes the publication.
fn made(facts: &Database<'_>) -> String {
    let there: Vec<&Table> = tables_there(facts);
    match sql::set_publication_tables(&there) {
        Some(set) => format!("CREATE PUBLICATION powersync;\n{set}"),
        None => "CREATE PUBLICATION powersync;".to_owned(),
    }
}

/// The tables to publish that the database has.
fn tables_there<'a>(facts: &Database<'a>) -> Vec<&'a Table> {
    let read = tables_read(facts.schema);
    let there = |it: &&Table| facts.catalog.tables.contains_key(&TableName::of(it));
    read.into_iter().filter(there).collect()
}

fn missing_tables(facts: &Database<'_>, lines: &mut Vec<Line>) {
    let missing: Vec<String> = facts
        .schema
        .on_server()
        .map(TableName::of)
        .filter(|it| !facts.catalog.tables.contains_key(it))
        .map(|it| it.to_string())
        .collect();
    if !missing.is_empty() {
        lines.push(Line::error(
            Code::U004,
            format!("the database has no table {}", missing.join(", ")),
            "devices that were built from the schema upload to it, and nothing can take the rows",
            "syncline migrate apply",
        ));
    }
}

fn options(publication: &Publication, facts: &Database<'_>, lines: &mut Vec<Line>) {
    let before = lines.len();
    if publication.all_tables {
        lines.push(Line::error(
            Code::U003,
            "the publication is FOR ALL TABLES",
            "it sends the tables of sign-in and bookkeeping to the service, and UPDATE and DELETE fail on every table without a primary key",
            format!("DROP PUBLICATION powersync;\n{}", made(facts)),
        ));
    }
    if !publication.leaves_out.is_empty() {
        lines.push(Line::error(
            Code::U003,
            format!(
                "the publication leaves out {}",
                publication.leaves_out.join(", ")
            ),
            "PSYNC_S1142: the service refuses it when it starts; one that runs goes on, and devices keep rows that are gone or old on the server",
            "ALTER PUBLICATION powersync SET (publish = 'insert, update, delete, truncate');",
        ));
    }
    if publication.via_partition_root {
        lines.push(Line::error(
            Code::U003,
            "the publication has publish_via_partition_root",
            "PSYNC_S1143: the service refuses it, since changes of partitions would come under a name that no stream has",
            "ALTER PUBLICATION powersync SET (publish_via_partition_root = false);",
        ));
    }
    if !publication.partial.is_empty() {
        lines.push(Line::error(
            Code::U003,
            format!(
                "the publication sends only some rows or columns of {}",
                list(&publication.partial)
            ),
            "the first copy has all of them, and each later change comes without, or not at all; nobody complains",
            set(facts),
        ));
    }
    if lines.len() == before {
        lines.push(Line::ok(
            Code::U003,
            "the publication `powersync` is there and sends every kind of change".to_owned(),
        ));
    }
}

/// The statement that makes the publication list what the streams read.
fn set(facts: &Database<'_>) -> String {
    sql::set_publication_tables(&tables_there(facts)).unwrap_or_default()
}

fn members(
    publication: &Publication,
    facts: &Database<'_>,
    wanted: &BTreeSet<TableName>,
    lines: &mut Vec<Line>,
) {
    if publication.all_tables {
        return;
    }
    let published = &facts.catalog.published;
    let absent: BTreeSet<TableName> = wanted
        .difference(published)
        .filter(|it| facts.catalog.tables.contains_key(*it))
        .cloned()
        .collect();
    let extra: BTreeSet<TableName> = published.difference(wanted).cloned().collect();
    if !absent.is_empty() {
        lines.push(Line::error(
            Code::U004,
            format!("{} is not in the publication", list(&absent)),
            "streams read it: its rows arrive at no device, and only the service's diagnostics complain",
            format!("ALTER PUBLICATION powersync ADD TABLE {};", list(&absent)),
        ));
    }
    if !extra.is_empty() {
        lines.push(Line::warning(
            Code::U004,
            format!("{} is in the publication, and no stream reads it", list(&extra)),
            "every change of it goes to the service for nothing, and its UPDATE and DELETE depend on its replica identity",
            format!("ALTER PUBLICATION powersync DROP TABLE {};", list(&extra)),
        ));
    }
    if absent.is_empty() && extra.is_empty() {
        lines.push(Line::ok(
            Code::U004,
            format!(
                "the publication has the {} tables that streams read",
                wanted.len()
            ),
        ));
    }
}

/// What tells the rows of published tables apart.
fn identities(facts: &Database<'_>, wanted: &BTreeSet<TableName>, lines: &mut Vec<Line>) {
    let before = lines.len();
    for name in facts.catalog.published.union(wanted) {
        let Some(table) = facts.catalog.tables.get(name) else {
            continue;
        };
        let keyless = || {
            let it = facts.catalog.schema.tables.iter();
            let mut it = it.filter(|it| TableName::of(it) == *name);
            it.next().is_some_and(|it| it.key_columns().is_empty())
        };
        match &table.replica_identity {
            ReplicaIdentity::Nothing => lines.push(Line::error(
                Code::U005,
                format!("{name} has REPLICA IDENTITY NOTHING"),
                "once it is published, every UPDATE and DELETE of it fails",
                format!("ALTER TABLE {name} REPLICA IDENTITY DEFAULT;"),
            )),
            ReplicaIdentity::Default if keyless() => lines.push(Line::error(
                Code::U005,
                format!("{name} has no primary key"),
                "nothing identifies its rows: once it is published, every UPDATE and DELETE of it fails",
                format!("ALTER TABLE {name} ADD PRIMARY KEY (id);"),
            )),
            ReplicaIdentity::Full => lines.push(Line::warning(
                Code::U005,
                format!("{name} has REPLICA IDENTITY FULL"),
                "the whole old row is written to the WAL with each change; the primary key is enough",
                format!("ALTER TABLE {name} REPLICA IDENTITY DEFAULT; (the service copies the table again)"),
            )),
            ReplicaIdentity::Default | ReplicaIdentity::Index(_) => {}
        }
    }
    if lines.len() == before && !facts.catalog.published.is_empty() {
        lines.push(Line::ok(
            Code::U005,
            "every table of the publication has a replica identity".to_owned(),
        ));
    }
}

fn list(names: &BTreeSet<TableName>) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.join(", ")
}
