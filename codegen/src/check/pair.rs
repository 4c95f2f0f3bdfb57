//! Subjects against each other, with no schema source: the files for PostgreSQL, or a database, play
//! the server, and what they say is the schema that the others are held against. Without any, the
//! device's files do; without those too, the rest is judged by itself.
//!
//! What no file says is read off the names that PowerSync apps use: `id`, `owner_id` or `user_id`,
//! `created_at`, `updated_at`, `deleted_at`.

use std::collections::HashSet;

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::Severity;
use syncline_schema::model::{
    Access, Column, ColumnType, DefaultValue, Delete, EnumType, Key, Literal, OnDelete, Reference,
    Residence, Role, Scalar, Table,
};
use syncline_schema::suppress::{self, Judged};
use syncline_schema::types::Storage;
use syncline_schema::{Diagnostic, Files, Place, Schema, Sources};

use super::apart::Apart;
use super::finding::Findings;
use super::handler::NO_UPLOAD;
use super::picture::Picture;
use super::tables::{Form, Side};
use super::{
    Base, Database, Subject, SubjectKind, add_all, compare_all, keys, migrations, named, postgres,
};
use crate::read::{
    self, DeviceStorage, Library, Mode, PgType, ReadColumn, ReadDefault, ReadTable, ReadType,
    Reading, drizzle,
};

/// Columns that say whose row it is, the first that is there.
pub(super) const OWNERS: &[&str] = &["owner_id", "user_id"];

/// Compares the subjects with each other.
pub fn judge_alone(sources: &mut Sources, subjects: Vec<Subject>, files: &dyn Files) -> Judged {
    judge_alone_with(sources, subjects, files, None)
}

/// [`judge_alone`], with a live database beside the files.
pub fn judge_alone_with(
    sources: &mut Sources,
    subjects: Vec<Subject>,
    files: &dyn Files,
    database: Option<Database>,
) -> Judged {
    let mut findings = Findings::default();
    let is = |kind| subjects.iter().any(|it| it.kind == kind);
    let file = BASES.iter().copied().find(|kind| is(*kind));
    // PostgreSQL's own files first, then PostgreSQL itself, then what devices have.
    let base = match file {
        Some(SubjectKind::DrizzleSqlite) | None if database.is_some() => None,
        file => file,
    };
    let (given, others): (Vec<_>, Vec<_>) =
        subjects.into_iter().partition(|it| Some(it.kind) == base);
    let reading = match (base, &database) {
        (Some(kind), _) => reading_of(kind, sources, &given, files, &mut findings),
        (None, Some(database)) => Some(database_reading(database, sources)),
        (None, None) => return without_base(sources, others, files, findings),
    };
    let Some(reading) = reading else {
        return finish(findings, &Schema::default(), sources);
    };
    let apart = Apart::of(&others, files);
    let mut reading = reading;
    let cased = apart.take_casing(&mut reading);
    let mut schema = schema_of(&reading, base != Some(SubjectKind::DrizzleSqlite), &apart);
    schema.tables.extend(apart.only_local(&reading));
    if base != Some(SubjectKind::DrizzleSqlite) {
        let form = match base {
            Some(SubjectKind::DrizzlePg) => Form::Drizzle,
            Some(_) => Form::Migrations,
            None => Form::Database,
        };
        for table in &schema.tables {
            let found = reading.tables.iter().find(|it| it.name == table.name);
            if let Some(found) = found.filter(|_| table.residence == Residence::Synced) {
                keys::compare(&schema, Side::Server(form), table, found, &mut findings);
            }
        }
        findings
            .list
            .retain(|it| !is_sound_rule(&schema, &it.diagnostic, it.table.as_deref()));
    }
    let against = Base {
        schema: &schema,
        is_source: false,
    };
    compare_all(against, sources, others, files, &mut findings);
    if let (Some(database), Some(_)) = (database, base) {
        postgres::live(&schema, sources, database, &mut findings);
    }
    // Which names `casing` makes is known: those that the sync config uses.
    findings
        .list
        .retain(|it| !(cased && is_about_casing(&it.diagnostic)));
    for finding in &mut findings.list {
        let found = &mut finding.diagnostic;
        // What hangs on something that could not be followed is no error.
        if apart.gaps && found.code == Code::C002 && found.message.ends_with(" in the schema") {
            found.severity = Severity::Warning;
            found.notes = vec![
                "unless it is `localOnly`, where the app schema could not be followed, every upload of its rows is refused".to_owned(),
            ];
        }
        reword(found);
    }
    finish(findings, &schema, sources)
}

/// A unique rule in which the owner stands, over rows that are not deleted, is as sound as one can
/// be: no other user breaks it. Without a source there is nobody who should know it as well.
fn is_sound_rule(schema: &Schema, found: &Diagnostic, table: Option<&str>) -> bool {
    found.code == Code::C011
        && found.severity == Severity::Warning
        && table.is_some_and(|it| schema.table(it).is_some_and(|it| it.owner().is_some()))
}

/// Says that nothing tells which name `casing` makes.
fn is_about_casing(found: &Diagnostic) -> bool {
    found.code == Code::C005 && found.message.contains("`casing` decides")
}

/// What the others are held against, the first that is there.
const BASES: &[SubjectKind] = &[
    SubjectKind::DrizzlePg,
    SubjectKind::Migrations,
    SubjectKind::DrizzleSqlite,
];

/// Reads the files that the others are held against; none where they cannot be read.
fn reading_of(
    kind: SubjectKind,
    sources: &mut Sources,
    given: &[Subject],
    files: &dyn Files,
    findings: &mut Findings,
) -> Option<Reading> {
    let group = add_all(sources, given, findings)?;
    let mut reading = match kind {
        SubjectKind::Migrations => {
            let (found, place) = migrations::read(&group);
            found.said.iter().for_each(|it| findings.plain(it.clone()));
            read::schema::reading(&found.schema, place)
        }
        _ => {
            let dialect = match kind {
                SubjectKind::DrizzlePg => drizzle::Dialect::Pg,
                _ => drizzle::Dialect::Sqlite,
            };
            drizzle::read_with(dialect, &group, Library { files, sources })
        }
    };
    let unreadable = reading.diagnostics.iter().any(|it| it.code == Code::C001);
    for problem in std::mem::take(&mut reading.diagnostics) {
        findings.plain(problem);
    }
    (!unreadable).then_some(reading)
}

fn database_reading(database: &Database, sources: &mut Sources) -> Reading {
    let mut reading = read::schema::reading(&database.schema, |_| Place::NOWHERE);
    Picture::draw(&database.schema, &mut reading, sources);
    reading
}

/// No subject says what tables there are: what can be said of the others by themselves, and of
/// those that sign tokens against those that take them.
fn without_base(
    sources: &mut Sources,
    subjects: Vec<Subject>,
    files: &dyn Files,
    mut findings: Findings,
) -> Judged {
    let needs_tables = |kind| {
        matches!(
            kind,
            SubjectKind::AppSchema | SubjectKind::Handler | SubjectKind::Sqlite
        )
    };
    let (lost, others): (Vec<_>, Vec<_>) =
        subjects.into_iter().partition(|it| needs_tables(it.kind));
    for subject in lost {
        findings.plain(
            Diagnostic::new(
                Code::C008,
                format!(
                    "there is nothing to compare {} with",
                    subject.path.display()
                ),
            )
            .note("its tables and columns are compared with those of another file")
            .help(
                "name what has the tables as well, `--drizzle-pg`, `--migrations` or \
                 `--drizzle-sqlite`, or write a syncline.toml",
            ),
        );
    }
    let schema = named::tables(&others);
    let base = Base {
        schema: &schema,
        is_source: false,
    };
    compare_all(base, sources, others, files, &mut findings);
    // Of its tables nothing is known but what the queries say themselves.
    let of_tables = |code| {
        matches!(
            code,
            Code::C002
                | Code::C003
                | Code::C013
                | Code::L005
                | Code::L006
                | Code::L007
                | Code::L011
        )
    };
    findings.list.retain(|it| !of_tables(it.diagnostic.code));
    for finding in &mut findings.list {
        reword(&mut finding.diagnostic);
    }
    finish(findings, &schema, sources)
}

fn finish(findings: Findings, schema: &Schema, sources: &Sources) -> Judged {
    suppress::apply_to_findings(findings.list, schema, sources, false)
}

/// The schema that the base's files stand for.
fn schema_of(reading: &Reading, is_server: bool, apart: &Apart) -> Schema {
    let mut schema = Schema::default();
    for found in &reading.tables {
        let residence = if apart.local.contains(&found.name) {
            Residence::Local
        } else if !is_server || !apart.any || apart.synced.contains(&found.name) {
            Residence::Synced
        } else {
            Residence::Server
        };
        schema.tables.push(table_of(found, residence));
    }
    schema
}

pub(super) fn table_of(found: &ReadTable, residence: Residence) -> Table {
    let mut table = Table::new(found.name.clone(), residence);
    table.place = found.place;
    table.schema = found.schema.clone().filter(|it| it != "public");
    table.columns = found
        .columns
        .iter()
        .map(|it| column_of(it, found))
        .collect();
    let owner = OWNERS
        .iter()
        .find_map(|name| table.columns.iter().position(|it| it.name == *name));
    match owner.and_then(|at| table.columns.get_mut(at)) {
        Some(owner) => owner.role = Role::Owner,
        None => table.access = Access::Public,
    }
    if table.deleted_at().is_none() {
        table.delete = Delete::Hard;
    }
    let key: HashSet<_> = found.primary_key.iter().map(String::as_str).collect();
    let owner = table.owner().map(|it| it.name.as_str());
    table.key = match residence {
        Residence::Synced if key.len() == 2 && owner.is_some_and(|it| key.contains(it)) => {
            Key::Owner
        }
        Residence::Synced | Residence::Local => Key::Id,
        Residence::Server => Key::Columns(found.primary_key.clone()),
    };
    table
}

fn column_of(found: &ReadColumn, table: &ReadTable) -> Column {
    let (scalar, array) = match &found.kind {
        ReadType::Postgres(ty, mode) => (of_postgres(ty, mode), ty.array),
        ReadType::Device(storage, mode) => (of_device(storage, mode), false),
        ReadType::Unknown => (Scalar::Raw("unknown".to_owned()), false),
    };
    let role = match (found.name.as_str(), &scalar) {
        ("id", _) => Role::Id,
        ("created_at", Scalar::Timestamp) => Role::CreatedAt,
        ("updated_at", Scalar::Timestamp) => Role::UpdatedAt,
        ("deleted_at", _) => Role::DeletedAt,
        _ => Role::Data,
    };
    let nullable = !found.not_null && !found.primary_key;
    let mut column = Column::new(found.name.clone(), scalar, nullable, role);
    column.ty = ColumnType { array, ..column.ty };
    column.place = found.place;
    column.default = match &found.default {
        ReadDefault::None | ReadDefault::App => None,
        ReadDefault::Value(serde_json::Value::Bool(value)) => {
            Some(DefaultValue::Literal(Literal::Bool(*value)))
        }
        ReadDefault::Value(value) => Some(DefaultValue::Raw(value.to_string())),
        ReadDefault::Sql(sql) => Some(DefaultValue::Raw(sql.clone())),
        ReadDefault::Generated | ReadDefault::Unknown => Some(DefaultValue::Raw(String::new())),
    };
    let own = |it: &&read::ReadReference| it.columns == [found.name.clone()];
    column.references = table.references.iter().find(own).map(|it| Reference {
        table: it.table.clone(),
        column: it.targets.first().cloned().unwrap_or_default(),
        enforce: true,
        deferred: false,
        name: None,
        on_delete: match it.on_delete.as_str() {
            "restrict" => OnDelete::Restrict,
            "cascade" => OnDelete::Cascade,
            "set null" => OnDelete::SetNull,
            _ => OnDelete::NoAction,
        },
        place: it.place,
    });
    column
}

fn of_postgres(ty: &PgType, mode: &Mode) -> Scalar {
    let size = |at: usize| ty.args.get(at).copied();
    let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    if let Mode::Words(values) = mode {
        let native = !matches!(ty.name.as_str(), "text" | "varchar" | "char");
        return Scalar::Enum(EnumType {
            values: values.clone(),
            native: native.then(|| ty.name.clone()),
            renamed: Vec::new(),
        });
    }
    match ty.name.as_str() {
        "text" | "char" | "citext" => Scalar::Text,
        "varchar" => size(0).map_or(Scalar::Text, Scalar::Varchar),
        "boolean" => Scalar::Boolean,
        "smallint" => Scalar::SmallInt,
        "integer" => Scalar::Integer,
        "bigint" => Scalar::BigInt,
        "real" => Scalar::Real,
        "double precision" => Scalar::Double,
        "numeric" => Scalar::Decimal {
            precision: small(size(0).unwrap_or(38)),
            scale: small(size(1).unwrap_or(0)),
        },
        "timestamptz" => Scalar::Timestamp,
        "timestamp" => Scalar::LocalTimestamp,
        "date" => Scalar::Date,
        "time" | "timetz" => Scalar::Time,
        "uuid" => Scalar::Uuid,
        "json" | "jsonb" => Scalar::Json,
        "bytea" => Scalar::Bytes,
        _ => Scalar::Raw(ty.written()),
    }
}

fn of_device(storage: &DeviceStorage, mode: &Mode) -> Scalar {
    match (storage, mode) {
        (DeviceStorage::PowerSync(Storage::Text), Mode::Json) => Scalar::Json,
        (DeviceStorage::PowerSync(Storage::Text), Mode::Words(values)) => Scalar::Enum(EnumType {
            values: values.clone(),
            native: None,
            renamed: Vec::new(),
        }),
        (DeviceStorage::PowerSync(Storage::Integer), Mode::Boolean) => Scalar::Boolean,
        (DeviceStorage::PowerSync(Storage::Integer), _) => Scalar::Integer,
        (DeviceStorage::PowerSync(Storage::Real), _) => Scalar::Double,
        _ => Scalar::Text,
    }
}

/// Words that speak of the source, and what they are here.
const WORDS: &[(&str, &str)] = &[
    ("the schema has no such rule", "no device knows such a rule"),
    (", and the schema does not know it", ""),
    (
        "a check that the schema does not know",
        "a check that no device knows",
    ),
    (
        " is missing in the schema",
        " is missing in the server's files",
    ),
    ("does not meet the schema's", "does not meet the server's"),
    ("is not quite the schema's", "is not quite the server's"),
    ("the schema has no", "the server has no"),
    ("may be null in the schema", "may be null on the server"),
    (", and the schema syncs it", ", and is synced"),
    (", and the schema sends it", ", and is sent"),
    ("which the schema has not", "which the server has not"),
    ("in the schema", "on the server"),
];

/// What mends a finding where there is no source to change.
const HELP: &[(Code, &str)] = &[
    (
        Code::C002,
        "add the table on the other side as well, or take it out here",
    ),
    (
        Code::C003,
        "add the column on the other side as well, or take it out here",
    ),
    (Code::C004, "write the same type on both sides"),
    (
        Code::C009,
        "let both sides agree on whether it may be null, or give it a default in PostgreSQL",
    ),
    (
        Code::C011,
        "begin the rule with the owner's column and leave deleted rows out, or drop it",
    ),
    (
        Code::C012,
        "drop the foreign key, or make it DEFERRABLE and send both rows in one transaction",
    ),
    (
        Code::C061,
        "have the app check it as well before it writes, or drop it",
    ),
];

/// Says of the server what is otherwise said of the source, and leaves out help that would have it
/// changed.
fn reword(diagnostic: &mut Diagnostic) {
    // Only a source could say that devices just read a table.
    if diagnostic.message.ends_with(NO_UPLOAD) {
        diagnostic.severity = Severity::Note;
        diagnostic.help = vec!["write it, unless devices only read it".to_owned()];
    }
    let say = |text: &mut String| {
        for (from, to) in WORDS {
            if text.contains(from) {
                *text = text.replace(from, to);
            }
        }
    };
    say(&mut diagnostic.message);
    diagnostic
        .labels
        .iter_mut()
        .for_each(|it| say(&mut it.text));
    diagnostic.notes.iter_mut().for_each(say);
    let of_source = |text: &String| {
        [
            "source",
            "[tables.",
            "`sync = ",
            "[auth]",
            "syncline generate",
        ]
        .iter()
        .any(|it| text.contains(it))
    };
    diagnostic.help.retain(|it| !of_source(it));
    if diagnostic.help.is_empty()
        && let Some((_, help)) = HELP.iter().find(|(code, _)| *code == diagnostic.code)
    {
        diagnostic.help.push((*help).to_owned());
    }
}
