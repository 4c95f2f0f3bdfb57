//! PostgreSQL itself against the schema: what migrations add up to, or a live database.
//!
//! Tables and columns are compared as those of Drizzle files are; rules that only PostgreSQL has,
//! row security and the publication are compared here.

use std::collections::BTreeSet;

use syncline_schema::codes::Code;
use syncline_schema::model::Table;
use syncline_schema::{Diagnostic, Place, Schema, Severity, Sources};

use super::finding::Findings;
use super::picture::Picture;
use super::tables::{self, Form, Side};
use crate::diff::TableName;
use crate::read::{Reading, expression, schema as read};
use crate::sql::PUBLICATION;
use crate::targets::streams::tables_read;

/// PostgreSQL as it was read.
#[derive(Clone, Debug, Default)]
pub struct Database {
    /// Its tables.
    pub schema: Schema,
    /// The members of the publication that the service reads; none where it is not there.
    pub published: Option<BTreeSet<TableName>>,
    /// What was read beside it, to be told as well.
    pub said: Vec<Diagnostic>,
}

/// Compares. `place` tells where a table comes from.
pub(super) fn compare(
    schema: &Schema,
    form: Form,
    found: Database,
    place: &dyn Fn(&TableName) -> Place,
    findings: &mut Findings,
) {
    let mut reading = read::reading(&found.schema, place);
    reading.anchor = place(&TableName::new(None, ""));
    let part = |_: &TableName, _: &str| None;
    all(schema, form, found, reading, (place, &part), findings);
}

/// Compares a live database, whose places are lines of a text that is made of it.
pub(super) fn live(
    schema: &Schema,
    sources: &mut Sources,
    found: Database,
    findings: &mut Findings,
) {
    let mut reading = read::reading(&found.schema, |_| Place::NOWHERE);
    let picture = Picture::draw(&found.schema, &mut reading, sources);
    let place = |name: &TableName| picture.table(name);
    let part = |name: &TableName, part: &str| picture.part(name, part);
    let places: Places<'_> = (&place, &part);
    all(schema, Form::Database, found, reading, places, findings);
}

/// Where a table comes from, and where a part of it that has a place of its own.
type Places<'a> = (
    &'a dyn Fn(&TableName) -> Place,
    &'a dyn Fn(&TableName, &str) -> Option<Place>,
);

fn all(
    schema: &Schema,
    form: Form,
    found: Database,
    reading: Reading,
    (place, part): Places<'_>,
    findings: &mut Findings,
) {
    tables::compare(schema, Side::Server(form), reading, findings);
    for declared in schema.on_server() {
        let name = TableName::of(declared);
        let mut there = found.schema.tables.iter();
        let Some(there) = there.find(|it| TableName::of(it) == name) else {
            continue;
        };
        let at = |it: &str| part(&name, it).unwrap_or_else(|| place(&name));
        for finding in rules(declared, there, &at) {
            findings.about(&declared.name, finding);
        }
    }
    // Migrations may leave the publication to setup.sql.
    if form == Form::Database || found.published.is_some() {
        publication(schema, &found, place, findings);
    }
    found.said.into_iter().for_each(|it| findings.plain(it));
}

fn rules(declared: &Table, there: &Table, place: &dyn Fn(&str) -> Place) -> Vec<Diagnostic> {
    let mut list = Vec::new();
    let checks = there.all_checks();
    let checks = checks
        .iter()
        .map(|it| (it.name.as_str(), it.expression.as_str()));
    let at = |name: &str| place(&format!("check {name}"));
    list.extend(strange_checks(declared, checks, &at));
    if declared.rls != there.rls {
        let (what, note, severity) = if declared.rls {
            (
                "is off",
                "the second line that keeps users apart is not there",
                Severity::Error,
            )
        } else {
            (
                "is on, and the schema does not say so",
                "a role that it concerns sees no row that no policy gives it",
                Severity::Warning,
            )
        };
        let mut finding = Diagnostic::new(
            Code::C062,
            format!("row security of `{}` {what}", declared.name),
        )
        .at(place("row security"), "here")
        .at(declared.place, "declared here")
        .note(note)
        .help("`syncline migrate plan` prints the steps that mend it; or set `rls` in the source");
        finding.severity = severity;
        list.push(finding);
    }
    list
}

/// Conditions on rows that the schema does not have: their names and SQL.
pub(super) fn strange_checks<'a>(
    declared: &Table,
    there: impl Iterator<Item = (&'a str, &'a str)>,
    place: &dyn Fn(&str) -> Place,
) -> Vec<Diagnostic> {
    if !declared.writable() {
        return Vec::new();
    }
    let known = declared.all_checks();
    let strange = there.filter(|(_, sql)| {
        let mut known = known.iter();
        !known.any(|known| expression::same(&known.expression, sql))
    });
    strange
        .map(|(name, sql)| {
            let at = place(name);
            let finding = Diagnostic::new(
                Code::C061,
                format!(
                    "`{}` has a check that the schema does not know: {sql}",
                    declared.name
                ),
            )
            .at(at, format!("the check `{name}`"));
            let finding = if at.order() == declared.place.order() {
                finding
            } else {
                finding.at(declared.place, "declared here, without it")
            };
            finding
            .note("a device can write what it refuses, and the upload is rejected for good")
            .help(format!(
                "say `checks = [{{ name = \"{name}\", check = … }}]` in the source, so that the app knows, or drop it"
            ))
        })
        .collect()
}

fn publication(
    schema: &Schema,
    found: &Database,
    place: &dyn Fn(&TableName) -> Place,
    findings: &mut Findings,
) {
    let wanted = tables_read(schema);
    let Some(members) = &found.published else {
        if !wanted.is_empty() {
            findings.plain(
                Diagnostic::new(
                    Code::C060,
                    format!("there is no publication `{PUBLICATION}`"),
                )
                .at(place(&TableName::new(None, "")), "none of this name")
                .note("the sync service reads through it: no row reaches any device")
                .help("run generated/postgres/setup.sql"),
            );
        }
        return;
    };
    for table in &wanted {
        let name = TableName::of(table);
        if members.contains(&name)
            || !found
                .schema
                .tables
                .iter()
                .any(|it| TableName::of(it) == name)
        {
            continue;
        }
        let finding = Diagnostic::new(Code::C060, format!("`{}` is not in the publication `{PUBLICATION}`", table.name))
            .at(place(&name), "not a member")
            .at(table.place, "streams read it")
            .note("its changes arrive at no client")
            .help(format!("ALTER PUBLICATION {PUBLICATION} ADD TABLE {name}; or run generated/postgres/setup.sql again"));
        findings.about(&table.name, finding);
    }
    for name in members {
        if wanted.iter().any(|it| TableName::of(it) == *name) {
            continue;
        }
        let mut finding = Diagnostic::new(
            Code::C060,
            format!("the publication `{PUBLICATION}` sends {name}, which no stream reads"),
        )
        .at(place(name), "a member")
        .note("the service receives every change of it, and keeps none")
        .help(format!(
            "ALTER PUBLICATION {PUBLICATION} DROP TABLE {name};"
        ));
        finding.severity = Severity::Warning;
        findings.about(&name.name, finding);
    }
}
