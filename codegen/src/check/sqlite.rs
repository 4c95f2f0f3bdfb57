//! A client database against the device's side of the schema.

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::{closest, did_you_mean};
use syncline_schema::model::{Residence, Table};
use syncline_schema::types;
use syncline_schema::{Diagnostic, Schema};

use super::finding::Findings;
use super::tables::Side;
use super::{advice, device};
use crate::read::sqlite::{self, Column, Database};
use crate::read::{DeviceStorage, Mode};

/// Columns that PowerSync adds by itself.
const OWN: &[&str] = &["id", "_metadata", "_deleted"];

/// Compares what was read with the schema.
pub(super) fn compare(schema: &Schema, database: &Database, findings: &mut Findings) {
    if !database.is_powersync && !database.tables.is_empty() {
        findings.plain(
            Diagnostic::new(Code::C059, "this is no database of PowerSync's")
                .at(database.top, "plain tables, and none of PowerSync's own")
                .note("what the app writes here never leaves the device")
                .help("open it by PowerSyncDatabase, which makes its views itself"),
        );
    }
    let on_device = || {
        schema
            .tables
            .iter()
            .filter(|it| it.residence != Residence::Server)
    };
    let found = |name: &str| database.tables.iter().find(|it| it.name == name);
    let mut meant = Vec::new();
    for table in on_device() {
        if let Some(found) = found(&table.name) {
            side(table, found, database.is_powersync, findings);
            columns(table, found, findings);
            continue;
        }
        let unknown = || {
            let names = database.tables.iter().map(|it| it.name.as_str());
            names.filter(|name| schema.table(name).is_none())
        };
        let near = closest(&table.name, unknown());
        let place = near.and_then(found).map_or(database.top, |it| it.place);
        meant.extend(near);
        let name = &table.name;
        findings.about(
            name,
            Diagnostic::new(
                Code::C002,
                format!("table `{name}` is missing in the client database"),
            )
            .at(
                place,
                near.map_or("no such table here", |_| "the schema has no such table"),
            )
            .at(table.place, "declared here")
            .note("its rows are sent and kept aside, and no app can read or write them")
            .help(near.map_or_else(
                || format!("add `{name}` to the app's schema, as `syncline generate` prints it"),
                |near| format!("did you mean `{name}` where the app says `{near}`?"),
            )),
        );
    }
    for found in &database.tables {
        let known = on_device().any(|it| it.name == found.name);
        if !known && !meant.contains(&found.name.as_str()) {
            findings.about(&found.name, extra(schema, found));
        }
    }
    for (name, place) in &database.hidden {
        let removed = schema.removed_tables.iter().find(|it| it.name == *name);
        let mut note = Diagnostic::new(
            Code::C058,
            format!("rows of `{name}` are kept, and no table of the app shows them"),
        )
        .at(*place, "");
        if let Some(removed) = removed {
            note = note.at(removed.place, format!("removed on {}", removed.date));
        }
        // A table that is missing has been said.
        if !on_device().any(|it| it.name == *name) {
            findings.about(name, note);
        }
    }
}

/// Synced or local, on both sides.
fn side(table: &Table, found: &sqlite::Table, is_powersync: bool, findings: &mut Findings) {
    let local = table.residence == Residence::Local;
    if !is_powersync || local == found.is_local {
        return;
    }
    let name = &table.name;
    let (message, here, there, why, help) = if local {
        (
            format!("`{name}` is synced here and local in the schema"),
            "its writes are uploaded",
            "`sync = \"local\"`",
            "the server has no such table and refuses each write",
            "set `localOnly: true` in the app's schema",
        )
    } else {
        (
            format!("`{name}` is local here and synced in the schema"),
            "`localOnly`: nothing is uploaded",
            "a synced table",
            "what the app writes stays on this device, and rows that are sent do not arrive",
            "take `localOnly` out of the app's schema",
        )
    };
    findings.about(
        name,
        Diagnostic::new(Code::C057, message)
            .at(found.place, here)
            .at(table.place, there)
            .note(why)
            .help(help),
    );
}

fn columns(table: &Table, found: &sqlite::Table, findings: &mut Findings) {
    let known = || table.device_columns().map(|it| it.name.as_str());
    let extra: Vec<&Column> = found
        .columns
        .iter()
        .filter(|it| !OWN.contains(&it.name.as_str()) && !known().any(|name| name == it.name))
        .collect();
    let mut meant = Vec::new();
    for column in table.device_columns() {
        let full = format!("{}.{}", table.name, column.name);
        let declared = (
            advice::place_of(table, column),
            advice::label_of(column, Side::Device),
        );
        if let Some(found) = found.columns.iter().find(|it| it.name == column.name) {
            let same = matches!(&found.storage, DeviceStorage::PowerSync(it) if *it == types::storage(&column.ty));
            let misfit = device::misfit(&column.ty, &found.storage, &Mode::Plain)
                .filter(|_| !same && column.name != "id");
            if let Some(misfit) = misfit {
                let wanted = types::storage(&column.ty).name();
                let written = match &found.storage {
                    DeviceStorage::PowerSync(it) => it.name(),
                    DeviceStorage::Refused(name) => name,
                };
                let help = format!("declare it as `column.{wanted}` in the app's schema");
                findings.about(
                    &table.name,
                    misfit
                        .diagnostic(&full, (found.place, written), declared)
                        .help(help),
                );
            }
            continue;
        }
        let near = closest(&column.name, extra.iter().map(|it| it.name.as_str()));
        let at = near.and_then(|name| extra.iter().find(|it| it.name == name));
        meant.extend(near);
        findings.about(
            &table.name,
            Diagnostic::new(
                Code::C003,
                format!("column `{full}` is missing in the client database"),
            )
            .at(at.map_or(found.place, |it| it.place), "no such column here")
            .at(declared.0, declared.1)
            .note("its values are sent and no app can read them")
            .help(near.map_or_else(
                || format!("add `{}` to the app's schema", column.name),
                |near| {
                    format!(
                        "did you mean `{}` where the app says `{near}`?",
                        column.name
                    )
                },
            )),
        );
    }
    for column in extra.iter().filter(|it| !meant.contains(&it.name.as_str())) {
        let removed = table
            .removed_columns
            .iter()
            .find(|it| it.name == column.name);
        let finding = Diagnostic::new(
            Code::C003,
            format!(
                "column `{}.{}` is missing in the schema",
                table.name, column.name
            ),
        )
        .at(column.place, "only the device has it");
        let finding = match removed {
            Some(removed) => finding.at(removed.place, format!("removed on {}", removed.date)),
            None => finding.at(table.place, format!("`{}` is declared here", table.name)),
        };
        findings.about(
            &table.name,
            finding
                .note("no value is ever sent to it, and uploads that name it are refused")
                .help(
                    did_you_mean(&column.name, known())
                        .unwrap_or_else(|| "take it out of the app's schema".to_owned()),
                ),
        );
    }
}

/// A table that only the device has.
fn extra(schema: &Schema, found: &sqlite::Table) -> Diagnostic {
    let name = &found.name;
    let finding = Diagnostic::new(
        Code::C002,
        format!("table `{name}` is missing in the schema"),
    )
    .at(found.place, "only the device has it");
    let removed = schema.removed_tables.iter().find(|it| it.name == *name);
    if let Some(table) = schema.table(name) {
        return finding
            .at(table.place, "`sync = \"server\"`")
            .note("its rows never reach a device, and what the app writes to it is refused")
            .help("take it out of the app's schema");
    }
    if let Some(removed) = removed {
        return finding
            .at(removed.place, format!("removed on {}", removed.date))
            .note("what the app writes to it is accepted and dropped")
            .help("take it out of the app's schema");
    }
    finding
        .note("nothing is ever sent to it, and every upload of its rows is refused")
        .help(format!("declare `[tables.{name}]` in the source, with `sync = \"local\"` if it stays on the device"))
}
