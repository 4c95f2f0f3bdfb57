//! Primary keys, unique rules and references of a table in a subject against the schema's.

use std::collections::BTreeSet;

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::Severity;
use syncline_schema::model::{Index, OnDelete, Reference, Residence, Role, Table};
use syncline_schema::{Diagnostic, Schema, names};

use super::finding::Findings;
use super::postgres;
use super::tables::{Form, Side};
use crate::read::{ReadIndex, ReadReference, ReadTable};

/// Compares the rules over the rows of a table that both sides have.
pub(super) fn compare(
    schema: &Schema,
    side: Side,
    table: &Table,
    found: &ReadTable,
    findings: &mut Findings,
) {
    let mut list = Vec::new();
    match side {
        Side::Device => list.extend(device_key(table, found)),
        Side::Server(_) => {
            list.extend(server_key(table, found));
            if table.residence == Residence::Synced {
                list.extend(
                    found
                        .indexes
                        .iter()
                        .filter_map(|it| unique(table, found, it)),
                );
                list.extend(lost_rules(table, found));
            }
            if side == Side::Server(Form::Drizzle) {
                let checks = (found.checks.iter()).map(|(name, sql)| (name.as_str(), sql.as_str()));
                list.extend(postgres::strange_checks(table, checks, &|_| found.place));
            }
            list.extend(lost_indexes(table, found));
        }
    }
    for reference in &found.references {
        list.extend(pointer(schema, side, table, reference));
    }
    if side.is_server() {
        list.extend(lost_references(table, found));
    }
    for finding in list {
        findings.about(&table.name, finding);
    }
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    format!("`({})`", names.join(", "))
}

fn server_key(table: &Table, found: &ReadTable) -> Option<Diagnostic> {
    let wanted = table.key_columns();
    let has: BTreeSet<_> = found.primary_key.iter().map(String::as_str).collect();
    if (has.is_empty() && (found.rule_gaps || found.gaps))
        || has == wanted.iter().copied().collect()
    {
        return None;
    }
    let name = &table.name;
    let finding = if has.is_empty() {
        Diagnostic::new(Code::C010, format!("`{name}` has no primary key in PostgreSQL"))
            .at(found.place, "no `.primaryKey()` and no `primaryKey(…)`")
            .note("updates and deletes cannot be replicated without one, and an upload finds no row to replace")
    } else {
        let theirs = quoted(found.primary_key.iter().map(String::as_str));
        Diagnostic::new(
            Code::C010,
            format!("`{name}` has another primary key in PostgreSQL"),
        )
        .at(found.place, format!("here it is {theirs}"))
        .note("an upload looks for its row by the key that the schema has")
    };
    let ours = quoted(wanted.iter().copied());
    if wanted.is_empty() {
        return None;
    }
    Some(
        finding
            .at(table.place, format!("the schema has {ours}"))
            .help(match wanted.as_slice() {
                ["id"] => {
                    "write `.primaryKey()` behind the column `id`, and behind no other".to_owned()
                }
                several => {
                    let columns: Vec<_> = several
                        .iter()
                        .map(|name| format!("table.{}", names::camel(name)))
                        .collect();
                    format!(
                        "write `primaryKey({{ columns: [{}] }})`",
                        columns.join(", ")
                    )
                }
            }),
    )
}

fn device_key(table: &Table, found: &ReadTable) -> Option<Diagnostic> {
    match found.primary_key.as_slice() {
        [] => None,
        [id] if id == "id" => None,
        others => Some(
            Diagnostic::new(
                Code::C010,
                format!("`{}` has another primary key on the device", table.name),
            )
            .at(
                found.place,
                format!("here it is {}", quoted(others.iter().map(String::as_str))),
            )
            .at(table.place, "declared here")
            .note("PowerSync knows a row by its `id` alone: two rows with one id are one row")
            .help("write `id: text(\"id\").primaryKey()`, and no other key"),
        ),
    }
}

/// The columns of an index; none where a part is an expression.
fn columns(index: &ReadIndex) -> Option<BTreeSet<&str>> {
    index.parts.iter().map(|it| it.column.as_deref()).collect()
}

fn same_columns(index: &Index, columns: &BTreeSet<&str>) -> bool {
    let own: Option<BTreeSet<_>> = index.columns.iter().map(|it| it.name()).collect();
    own.as_ref() == Some(columns)
}

/// A unique rule that only PostgreSQL has, or has in another form.
fn unique(table: &Table, found: &ReadTable, index: &ReadIndex) -> Option<Diagnostic> {
    let columns = columns(index).filter(|_| index.unique)?;
    if columns.contains("id") || !table.writable() {
        return None;
    }
    let owner = table.owner().map(|it| it.name.as_str());
    let soft = table.hides_deleted_rows();
    let known = table
        .indexes
        .iter()
        .find(|it| it.unique && same_columns(it, &columns));
    let listed = quoted(index.parts.iter().filter_map(|it| it.column.as_deref()));
    let (severity, note) = match known {
        Some(rule) if rule.predicate.is_some() && index.predicate.is_none() => (
            Severity::Error,
            "deleted rows count here: a device that deletes a row and makes it anew is refused for good",
        ),
        Some(_) => return None,
        None if owner.is_some_and(|owner| !columns.contains(owner)) => (
            Severity::Error,
            "two users who are offline can both use a value: the upload of the second is refused for good",
        ),
        None if soft && index.predicate.is_none() => (
            Severity::Error,
            "deleted rows count here: a device that deletes a row and makes it anew is refused for good",
        ),
        None => (
            Severity::Warning,
            "two devices of a user can break it while they are offline, and the schema does not know it",
        ),
    };
    let rule: Vec<_> = index
        .parts
        .iter()
        .filter_map(|it| it.column.as_deref())
        .filter(|name| Some(*name) != owner)
        .map(|name| format!("\"{name}\""))
        .collect();
    let mut finding = Diagnostic::new(
        Code::C011,
        format!(
            "the unique rule {listed} of `{}` refuses what a device may write",
            found.name
        ),
    )
    .at(index.place, "declared here")
    .at(
        known.map_or(table.place, |it| it.place.or(table.place)),
        match known {
            Some(_) => "the schema leaves deleted rows out",
            None => "the schema has no such rule",
        },
    )
    .note(note)
    .help(format!(
        "say `unique = [[{}]]` in the source, which means {}{}, and write it so here",
        rule.join(", "),
        owner.map_or(String::new(), |_| "for each owner".to_owned()),
        if soft { ", where not deleted" } else { "" },
    ));
    finding.severity = severity;
    Some(finding)
}

/// Unique rules of the schema that PostgreSQL does not hold.
fn lost_rules(table: &Table, found: &ReadTable) -> Vec<Diagnostic> {
    if found.rule_gaps || found.gaps {
        return Vec::new();
    }
    let held = |rule: &Index| {
        found
            .indexes
            .iter()
            .any(|it| it.unique && columns(it).is_some_and(|columns| same_columns(rule, &columns)))
    };
    let lost = table.indexes.iter().filter(|it| it.unique && !held(it));
    lost.filter(|it| it.columns.iter().all(|part| part.name().is_some()))
        .map(|rule| {
            let listed = quoted(rule.columns.iter().filter_map(|it| it.name()));
            let mut finding = Diagnostic::new(
                Code::C011,
                format!(
                    "the unique rule {listed} of `{}` is missing in PostgreSQL",
                    table.name
                ),
            )
            .at(found.place, "no such rule here")
            .at(rule.place.or(table.place), "declared here")
            .note("nothing keeps equal rows apart: devices only have a plain index")
            .help(format!(
                "write it as `syncline generate` prints it, `uniqueIndex(\"{}\")`",
                rule.name
            ));
            finding.severity = Severity::Warning;
            finding
        })
        .collect()
}

/// Indexes of the schema that PostgreSQL lacks: one that begins with the same columns will do.
fn lost_indexes(table: &Table, found: &ReadTable) -> Vec<Diagnostic> {
    if found.rule_gaps || found.gaps {
        return Vec::new();
    }
    let held = |wanted: &[&str]| {
        let starts = |has: &mut dyn Iterator<Item = Option<&str>>| {
            wanted.iter().all(|name| has.next() == Some(Some(name)))
        };
        let mut indexes = found.indexes.iter();
        starts(&mut found.primary_key.iter().map(|it| Some(it.as_str())))
            || indexes.any(|it| starts(&mut it.parts.iter().map(|part| part.column.as_deref())))
    };
    let plain = table.indexes.iter().filter(|it| !it.unique);
    plain
        .filter_map(|index| {
            let columns: Option<Vec<_>> = index.columns.iter().map(|it| it.name()).collect();
            let columns = columns.filter(|it| !held(it))?;
            let listed = quoted(columns.iter().copied());
            Some(
                Diagnostic::new(
                    Code::C063,
                    format!(
                        "the index {listed} of `{}` is missing in PostgreSQL",
                        table.name
                    ),
                )
                .at(found.place, "no such index here")
                .at(index.place.or(table.place), "declared here")
                .note("queries and streams that filter by it read the whole table")
                .help(format!(
                    "write it as `syncline generate` prints it, `{}`",
                    index.name
                )),
            )
        })
        .collect()
}

/// The column of a reference that points: the owner beside it only says whose row it is.
fn pointing<'a>(table: &Table, found: &'a ReadReference) -> Option<&'a str> {
    let is_owner = |name: &str| table.owner().is_some_and(|it| it.name == name);
    match found.columns.as_slice() {
        [one] => Some(one),
        [first, second] if is_owner(first) => Some(second),
        [first, second] if is_owner(second) => Some(first),
        _ => None,
    }
}

/// A reference of several columns, which the schema cannot have said.
fn strange_key(
    schema: &Schema,
    side: Side,
    table: &Table,
    found: &ReadReference,
) -> Option<Diagnostic> {
    let synced = (schema.table(&found.table)).is_some_and(|it| it.residence == Residence::Synced);
    if !side.is_server() || !synced || !table.writable() {
        return None;
    }
    let listed = quoted(found.columns.iter().map(String::as_str));
    let finding = Diagnostic::new(
        Code::C012,
        format!(
            "the foreign key {listed} of `{}` is not in the schema",
            table.name
        ),
    )
    .at(found.place, format!("points at `{}`", found.table))
    .at(table.place, "declared here, without it");
    let mut finding = refused(finding, &found.table);
    finding.help = vec![
        "drop the foreign key: the schema says references of one column, with the owner beside it"
            .to_owned(),
    ];
    Some(finding)
}

/// What a deletion does to the rows that point at the deleted one.
fn on_delete(
    side: Side,
    name: &str,
    wanted: &Reference,
    found: &ReadReference,
) -> Option<Diagnostic> {
    let ours = match wanted.on_delete {
        OnDelete::NoAction => "no action",
        OnDelete::Restrict => "restrict",
        OnDelete::Cascade => "cascade",
        OnDelete::SetNull => "set null",
    };
    // To no action and restrict the same deletions are refused, the one later.
    let refuses = |it: &str| matches!(it, "no action" | "restrict");
    let same = found.on_delete == ours || (refuses(ours) && refuses(&found.on_delete));
    if !side.is_server() || !wanted.enforce || same {
        return None;
    }
    Some(
        Diagnostic::new(
            Code::C012,
            format!("deleting what `{name}` points at does something else in PostgreSQL"),
        )
        .at(found.place, format!("`{}` here", found.on_delete))
        .at(wanted.place, format!("`{ours}` in the schema"))
        .note(if refuses(&found.on_delete) {
            "an upload that deletes the row is refused for good while others point at it"
        } else {
            "rows are removed or changed that the app counts on"
        })
        .help(format!(
            "write `{{ onDelete: \"{ours}\" }}`, or `on_delete = \"{}\"` in the source",
            found.on_delete.replace(' ', "_")
        )),
    )
}

/// A reference of a subject.
fn pointer(
    schema: &Schema,
    side: Side,
    table: &Table,
    found: &ReadReference,
) -> Option<Diagnostic> {
    let Some(column) = pointing(table, found) else {
        return strange_key(schema, side, table, found);
    };
    let declared = table.column(column)?;
    // The owner may well point at the users of whoever signs tokens.
    if declared.role == Role::Owner || table.residence != Residence::Synced {
        return None;
    }
    let name = format!("{}.{column}", table.name);
    let Some(wanted) = &declared.references else {
        let synced = schema.table(&found.table);
        let risky = side.is_server() && synced.is_some_and(|it| it.residence == Residence::Synced);
        return risky.then(|| {
            let finding = Diagnostic::new(
                Code::C012,
                format!("the foreign key of `{name}` is not in the schema"),
            )
            .at(found.place, format!("points at `{}`", found.table))
            .at(
                declared.place.or(table.place),
                "declared here, without `references`",
            );
            refused(finding, &found.table)
        });
    };
    if wanted.table != found.table {
        return Some(
            Diagnostic::new(Code::C012, format!("`{name}` points at another table"))
                .at(found.place, format!("at `{}` here", found.table))
                .at(wanted.place.or(declared.place), format!("at `{}` in the schema", wanted.table))
                .note("what one side takes for a row of one table, the other takes for a row of another")
                .help(format!("point it at `{}`, or change the source", wanted.table)),
        )
        .map(|mut it| {
            it.severity = Severity::Error;
            it
        });
    }
    let other = on_delete(side, &name, wanted, found);
    if other.is_some() {
        return other;
    }
    (side.is_server() && !wanted.enforce && table.writable()).then(|| {
        let finding = Diagnostic::new(
            Code::C012,
            format!("PostgreSQL enforces that `{name}` points at a row"),
        )
        .at(found.place, "a foreign key")
        .at(
            wanted.place.or(declared.place),
            "not enforced in the schema",
        );
        refused(finding, &found.table)
    })
}

fn refused(finding: Diagnostic, to: &str) -> Diagnostic {
    finding
        .note(format!(
            "an upload that arrives before its row of `{to}`, or after that was deleted, is refused for good"
        ))
        .help("drop the foreign key, or say `enforce = true` in the source: its keys are judged when a transaction ends")
}

/// References that the schema enforces and PostgreSQL does not.
fn lost_references(table: &Table, found: &ReadTable) -> Vec<Diagnostic> {
    if found.rule_gaps || found.gaps {
        return Vec::new();
    }
    let held = |column: &str| {
        let mut all = found.references.iter();
        all.any(|it| it.columns.iter().any(|it| it == column))
    };
    let columns = table.columns.iter().filter_map(|column| {
        let reference = column.references.as_ref().filter(|it| it.enforce)?;
        (!held(&column.name)).then_some((column, reference))
    });
    columns
        .map(|(column, reference)| {
            Diagnostic::new(
                Code::C012,
                format!(
                    "the foreign key of `{}.{}` is missing in PostgreSQL",
                    table.name, column.name
                ),
            )
            .at(found.place, "no such key here")
            .at(reference.place.or(column.place), "`enforce = true`")
            .note("nothing keeps a row from pointing at none")
            .help("write it as `syncline generate` prints it, or take `enforce` out of the source")
        })
        .collect()
}
