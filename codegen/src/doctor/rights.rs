//! The three roles, and what they may do.

use std::collections::BTreeSet;

use syncline_schema::Code;
use syncline_schema::model::Table;

use super::{Database, Level, Line};
use crate::diff::TableName;
use crate::live::server::{Rights, Role};
use crate::sql::{self, Privileges, roles};
use crate::targets::streams::tables_read;

/// Makes the roles, and gives them their rights.
fn setup(facts: &Database<'_>) -> String {
    let output = &facts.schema.settings.output;
    format!("psql --set=ON_ERROR_STOP=1 --file={output}/postgres/setup.sql \"$DATABASE_URL\"")
}

pub(super) fn check(facts: &Database<'_>, lines: &mut Vec<Line>) {
    let project = &facts.schema.settings.project;
    let before = lines.len();
    let there = |it: &&Table| facts.catalog.tables.contains_key(&TableName::of(it));
    let kept: Vec<&Table> = facts.schema.on_server().filter(there).collect();
    let read: Vec<&Table> = tables_read(facts.schema)
        .into_iter()
        .filter(there)
        .collect();
    let app = roles::app(project);
    if let Some(role) = found(facts, &app, "the app's server connects as it", lines) {
        tables(&app, role, Privileges::Write, &kept, lines);
        if role.superuser || role.bypass_rls {
            lines.push(Line::warning(
                Code::U006,
                format!("row security does not concern the role {app}"),
                "a defect of the app's server then reaches the rows of every user",
                format!(
                    "ALTER ROLE {} NOSUPERUSER NOBYPASSRLS;",
                    sql::list([app.as_str()])
                ),
            ));
        }
    }
    let reader = &facts.configuration.reader;
    let use_of_it =
        "the service reads the tables as it: it stays up, and every stream answers 500 PSYNC_S2302";
    if let Some(role) = found(facts, reader, use_of_it, lines) {
        tables(reader, role, Privileges::Read, &read, lines);
        reader_flags(reader, role, &read, facts, lines);
    }
    storage(facts, lines);
    if lines.len() == before {
        let storage = facts.configuration.storage.iter();
        let names: Vec<&str> = [&app, reader]
            .into_iter()
            .chain(storage)
            .map(String::as_str)
            .collect();
        lines.push(Line::ok(
            Code::U006,
            format!("the roles {} may do what they need", names.join(", ")),
        ));
    }
}

/// The role that keeps the service's buckets. They may be in another database, or on another
/// server: then its schema is not here.
fn storage(facts: &Database<'_>, lines: &mut Vec<Line>) {
    let Some(storage) = &facts.configuration.storage else {
        return;
    };
    let use_of_it = "the service keeps its buckets as it, and does not start without it";
    let Some(role) = found(facts, storage, use_of_it, lines) else {
        return;
    };
    let space = &facts.configuration.storage_schema;
    let may = match (
        role.schemas.contains(space),
        role.creates_in.contains(space),
    ) {
        _ if role.superuser => return,
        (true, true) => return,
        (true, false) => "make tables in",
        (false, _) => "use",
    };
    lines.push(Line::error(
        Code::U006,
        format!("the role {storage} may not {may} the schema {space}"),
        "the service keeps its buckets there, and ends with exit code 150 at its start without it",
        setup(facts),
    ));
}

/// The role, if it is there; else, or if it cannot log in, a line.
fn found<'a>(
    facts: &Database<'a>,
    name: &str,
    use_of_it: &str,
    lines: &mut Vec<Line>,
) -> Option<&'a Role> {
    let Some(role) = facts.server.roles.get(name) else {
        lines.push(Line::error(
            Code::U006,
            format!("there is no role {name}"),
            use_of_it,
            setup(facts),
        ));
        return None;
    };
    if !role.login {
        lines.push(Line::error(
            Code::U006,
            format!("the role {name} may not log in"),
            use_of_it,
            format!("ALTER ROLE {} LOGIN;", sql::list([name])),
        ));
    }
    Some(role)
}

fn reader_flags(
    name: &str,
    role: &Role,
    read: &[&Table],
    facts: &Database<'_>,
    lines: &mut Vec<Line>,
) {
    let quoted = sql::list([name]);
    if !role.replication && !role.superuser {
        lines.push(Line::error(
            Code::U006,
            format!("the role {name} may not read the replication stream"),
            "the service cannot make its slot: it stays up, and every stream answers 500 PSYNC_S2302",
            format!("ALTER ROLE {quoted} REPLICATION; (on Amazon RDS: GRANT rds_replication TO {quoted};)"),
        ));
    }
    if !role.bypass_rls && !role.superuser {
        let names: BTreeSet<TableName> = read.iter().map(|it| TableName::of(it)).collect();
        let mut there = facts.catalog.schema.tables.iter();
        let hidden = there.any(|it| it.rls && names.contains(&TableName::of(it)));
        lines.push(Line {
            level: if hidden { Level::Error } else { Level::Warning },
            ..Line::error(
                Code::U006,
                format!("row security holds for the role {name}"),
                "without a policy that lets it read every row, the first copy of each table with row security is empty; the service only warns (PSYNC_S1145)",
                format!("ALTER ROLE {quoted} BYPASSRLS;"),
            )
        });
    }
}

fn tables(
    name: &str,
    role: &Role,
    privileges: Privileges,
    wanted: &[&Table],
    lines: &mut Vec<Line>,
) {
    let schema_of = |it: &&Table| it.schema.clone().unwrap_or_else(|| "public".to_owned());
    let closed: BTreeSet<String> = wanted
        .iter()
        .map(schema_of)
        .filter(|it| !role.schemas.contains(it))
        .collect();
    for schema in closed {
        lines.push(Line::error(
            Code::U006,
            format!("the role {name} may not use the schema {schema}"),
            "it sees none of the tables in it, whatever rights it has on them; the service cannot copy them (PSYNC_S1120)",
            sql::grant_on_schema(&schema, name),
        ));
    }
    let enough = |rights: Option<&Rights>| {
        rights.is_some_and(|it| match privileges {
            Privileges::Read => it.select,
            Privileges::Write => it.select && it.insert && it.update && it.delete,
        })
    };
    let lacking: Vec<&Table> = wanted
        .iter()
        .copied()
        .filter(|it| !enough(role.rights.get(&TableName::of(it))))
        .collect();
    if let Some(grant) = sql::grant_on_tables(privileges, &lacking, name) {
        let names: Vec<String> = lacking.iter().map(|it| sql::qualified(it)).collect();
        let (verb, why) = match privileges {
            Privileges::Read => (
                "read",
                "the service cannot copy it (PSYNC_S1120): no first copy ends, and until then every stream answers 500 PSYNC_S2302",
            ),
            Privileges::Write => ("read and write", "every upload to it is refused"),
        };
        lines.push(Line::error(
            Code::U006,
            format!("the role {name} may not {verb} {}", names.join(", ")),
            why,
            grant,
        ));
    }
}
