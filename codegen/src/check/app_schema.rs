//! The app schema of the device against the schema's tables.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;
use syncline_schema::codes::Code;
use syncline_schema::diagnostic::{Severity, did_you_mean};
use syncline_schema::model::{Conflict, Residence, Table, TrackPrevious};
use syncline_schema::{Diagnostic, Schema};

use super::finding::Findings;
use crate::read::app_schema::{AppSchema, AppTable};

/// Compares what was read with the schema.
pub(super) fn compare(schema: &Schema, read: AppSchema, findings: &mut Findings) {
    let unreadable = read.diagnostics.iter().any(|it| it.code == Code::C001);
    let (tables, anchor, gaps) = (read.tables, read.anchor, read.gaps);
    read.diagnostics
        .into_iter()
        .for_each(|problem| findings.plain(problem));
    if unreadable {
        return;
    }
    let declared: HashMap<_, _> = schema
        .on_device()
        .map(|it| (it.name.as_str(), it))
        .collect();
    let mut seen = HashSet::new();
    for found in &tables {
        let Some(table) = declared.get(found.name.as_str()) else {
            findings.about(&found.name, unknown(schema, found));
            continue;
        };
        seen.insert(table.name.as_str());
        options(table, found, findings);
    }
    if gaps {
        return;
    }
    for table in schema
        .on_device()
        .filter(|it| !seen.contains(it.name.as_str()))
    {
        findings.about(
            &table.name,
            Diagnostic::new(
                Code::C013,
                format!("table `{}` is missing in the app schema", table.name),
            )
            .at(anchor, "it is not among these tables")
            .at(table.place, "declared here")
            .note("the device has no such table: every query of it fails")
            .help("add it to the call, as `syncline generate` prints it into `app-schema.ts`"),
        );
    }
}

fn unknown(schema: &Schema, found: &AppTable) -> Diagnostic {
    let name = &found.name;
    let finding = match schema.table(name) {
        Some(table) => Diagnostic::new(
            Code::C013,
            format!("table `{name}` exists in PostgreSQL only"),
        )
        .at(found.place, "in the app schema")
        .at(table.place, "`sync = \"server\"`")
        .note("its rows never reach a device, and what the app writes to it is refused"),
        None => Diagnostic::new(
            Code::C013,
            format!("table `{name}` of the app schema is missing in the schema"),
        )
        .at(found.place, "only the device has it")
        .note("nothing is ever sent to it, and every upload of its rows is refused"),
    };
    let known = || schema.on_device().map(|it| it.name.as_str());
    finding.help(
        did_you_mean(name, known())
            .unwrap_or_else(|| "take it out of the call, or declare it in the source".to_owned()),
    )
}

/// One option that differs: what is wrong, why it matters, what to write.
struct Misfit {
    severity: Severity,
    what: String,
    why: &'static str,
    write: String,
}

fn options(table: &Table, found: &AppTable, findings: &mut Findings) {
    let Some(given) = &found.options else { return };
    let value = |name: &str| given.iter().find(|(key, _)| key == name).map(|it| &it.1);
    let on =
        |name: &str| value(name).is_some_and(|it| !matches!(it, Json::Bool(false) | Json::Null));
    let local = table.residence == Residence::Local;
    let mut misfits = Vec::new();
    let mut say = |severity, what: &str, why, write: &str| {
        misfits.push(Misfit {
            severity,
            what: what.to_owned(),
            why,
            write: write.to_owned(),
        });
    };
    let (error, warning) = (Severity::Error, Severity::Warning);
    match (on("localOnly"), local) {
        (true, false) => say(
            error,
            "is `localOnly`, and the schema syncs it",
            "the service sends its rows to a table that never takes them, and nothing of it is uploaded",
            "take `localOnly` out, or say `sync = \"local\"` in the source",
        ),
        (false, true) => say(
            error,
            "is not `localOnly`, and the schema keeps it on the device",
            "every row of it is uploaded, and the server refuses it",
            "write `localOnly: true`",
        ),
        _ => {}
    }
    for name in ["trackPrevious", "trackMetadata"] {
        if on("localOnly") && on(name) {
            say(
                error,
                &format!("is `localOnly` and has `{name}`"),
                "PowerSync throws when the schema is made: nothing of it is ever uploaded",
                &format!("take `{name}` out"),
            );
        }
    }
    if !local && !on("localOnly") {
        match (on("insertOnly"), table.insert_only) {
            (true, false) => say(
                error,
                "is `insertOnly`, and the schema sends it",
                "what is written to it is uploaded and is gone from the device: no app can read it",
                "take `insertOnly` out, or say `insert_only = true` in the source",
            ),
            (false, true) => say(
                warning,
                "is not `insertOnly`, as the schema says",
                "its rows stay on the device for ever, since no stream sends them",
                "write `insertOnly: true`",
            ),
            _ => {}
        }
        tracked(table, value("trackPrevious"), &mut say);
        if table.track_metadata && !on("trackMetadata") {
            say(
                warning,
                "has no `trackMetadata`, as the schema says",
                "uploads carry no metadata of the app",
                "write `trackMetadata: true`",
            );
        }
    }
    if let Some(Json::String(view)) = value("viewName")
        && *view != table.name
        && found.drizzle
    {
        say(
            error,
            &format!("goes by the view `{view}` on the device"),
            "Drizzle asks for the table by its own name, which is not there",
            "take `viewName` out",
        );
    }
    for misfit in misfits {
        let message = format!("`{}` {}", table.name, misfit.what);
        let mut finding = Diagnostic::new(Code::C013, message)
            .at(found.place, "in the app schema")
            .at(table.place, "declared here")
            .note(misfit.why)
            .help(misfit.write);
        finding.severity = misfit.severity;
        findings.about(&table.name, finding);
    }
}

fn tracked(
    table: &Table,
    given: Option<&Json>,
    say: &mut impl FnMut(Severity, &str, &'static str, &str),
) {
    let columns: Option<HashSet<&str>> = match given {
        Some(Json::Bool(true)) => None,
        Some(Json::Object(object)) => object
            .get("columns")
            .and_then(Json::as_array)
            .map(|list| list.iter().filter_map(Json::as_str).collect()),
        _ => Some(HashSet::new()),
    };
    let covers = |name: &str| columns.as_ref().is_none_or(|it| it.contains(name));
    let lost = match &table.track_previous {
        None => false,
        Some(TrackPrevious::All) => columns.is_some(),
        Some(TrackPrevious::Columns(wanted)) => !wanted.iter().all(|name| covers(name)),
    };
    if lost {
        let stale = table.conflict == Conflict::RejectStale;
        say(
            if stale {
                Severity::Error
            } else {
                Severity::Warning
            },
            "does not track the previous values that the schema asks for",
            if stale {
                "the server cannot tell stale uploads from others, and refuses them"
            } else {
                "uploads carry no values from before the change"
            },
            "write `trackPrevious` as `syncline generate` prints it",
        );
    }
}
