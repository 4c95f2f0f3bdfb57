//! Subjects against each other, with no schema source: the files for PostgreSQL play the server, and
//! what they say is the schema that the others are held against. Without any, the device's files do.
//!
//! What no file says is read off the names that PowerSync apps use: `id`, `owner_id` or `user_id`,
//! `created_at`, `updated_at`, `deleted_at`.

use std::collections::HashSet;

use syncline_schema::codes::Code;
use syncline_schema::model::{
    Access, Column, ColumnType, DefaultValue, Delete, EnumType, Key, Literal, Reference, Residence,
    Role, Scalar, Table,
};
use syncline_schema::suppress::{self, Judged};
use syncline_schema::types::Storage;
use syncline_schema::{Diagnostic, Files, Schema, Sources};

use super::finding::Findings;
use super::tables::{Form, Side};
use super::{Subject, SubjectKind, add_all, compare_all, keys};
use crate::read::{
    self, DeviceStorage, Library, Mode, PgType, ReadColumn, ReadDefault, ReadTable, ReadType,
    Reading, drizzle, sync_config, text,
};

/// Columns that say whose row it is, the first that is there.
const OWNERS: &[&str] = &["owner_id", "user_id"];

/// Compares the subjects with each other.
pub fn judge_alone(sources: &mut Sources, mut subjects: Vec<Subject>, files: &dyn Files) -> Judged {
    let mut findings = Findings::default();
    let base = if subjects.iter().any(|it| it.kind == SubjectKind::DrizzlePg) {
        SubjectKind::DrizzlePg
    } else {
        SubjectKind::DrizzleSqlite
    };
    let (given, others): (Vec<_>, Vec<_>) = subjects.drain(..).partition(|it| it.kind == base);
    if given.is_empty() {
        findings.plain(
            Diagnostic::new(Code::C001, "there is nothing to compare with").help(
                "name the Drizzle files as well, `--drizzle-pg` or `--drizzle-sqlite`, or write a \
                 syncline.toml",
            ),
        );
        return finish(findings, &Schema::default(), sources);
    }
    let Some(group) = add_all(sources, &given, &mut findings) else {
        return finish(findings, &Schema::default(), sources);
    };
    let dialect = match base {
        SubjectKind::DrizzlePg => drizzle::Dialect::Pg,
        _ => drizzle::Dialect::Sqlite,
    };
    let mut reading = drizzle::read_with(dialect, &group, Library { files, sources });
    let unreadable = reading.diagnostics.iter().any(|it| it.code == Code::C001);
    for problem in std::mem::take(&mut reading.diagnostics) {
        findings.plain(problem);
    }
    if unreadable {
        return finish(findings, &Schema::default(), sources);
    }
    let apart = Apart::of(&others, files);
    let schema = schema_of(&reading, base, &apart);
    if base == SubjectKind::DrizzlePg {
        for table in &schema.tables {
            let found = reading.tables.iter().find(|it| it.name == table.name);
            if let Some(found) = found.filter(|_| table.residence == Residence::Synced) {
                keys::compare(
                    &schema,
                    Side::Server(Form::Drizzle),
                    table,
                    found,
                    &mut findings,
                );
            }
        }
    }
    let (others, refused): (Vec<_>, Vec<_>) = others.into_iter().partition(|it| {
        matches!(
            it.kind,
            SubjectKind::DrizzleSqlite
                | SubjectKind::SyncConfig
                | SubjectKind::AppSchema
                | SubjectKind::Handler
                | SubjectKind::Sqlite
        )
    });
    for subject in refused {
        let path = subject.path.display();
        findings.plain(
            Diagnostic::new(
                Code::C008,
                format!("{path} is compared with a schema source only"),
            )
            .help("write a syncline.toml: `syncline init`"),
        );
    }
    compare_all(&schema, sources, others, files, &mut findings);
    for finding in &mut findings.list {
        reword(&mut finding.diagnostic);
    }
    finish(findings, &schema, sources)
}

fn finish(findings: Findings, schema: &Schema, sources: &Sources) -> Judged {
    suppress::apply_to_findings(findings.list, schema, sources, false)
}

/// What the other subjects say of which tables live where.
#[derive(Debug, Default)]
struct Apart {
    /// Tables that the device has or that are sent.
    synced: HashSet<String>,
    /// Tables that stay on the device.
    local: HashSet<String>,
    /// Was anything read that says it?
    any: bool,
}

impl Apart {
    /// Reads the subjects once for their names alone.
    fn of(subjects: &[Subject], files: &dyn Files) -> Self {
        let mut found = Self::default();
        let sources = &mut Sources::default();
        let mut device = Vec::new();
        for subject in subjects {
            let Ok(source) = text::add(sources, &subject.path, &subject.bytes) else {
                continue;
            };
            match subject.kind {
                SubjectKind::DrizzleSqlite => device.push(source),
                SubjectKind::SyncConfig => {
                    let config = sync_config::read(&source);
                    let sent = config.queries.iter().map(|it| it.sent.table.text.clone());
                    found.synced.extend(sent);
                    found.any = true;
                }
                SubjectKind::AppSchema => {
                    let read = read::app_schema::read(&source, Library { files, sources });
                    for table in read.tables {
                        let options = table.options.iter().flatten();
                        let local = options.into_iter().any(|(key, value)| {
                            key == "localOnly" && *value == serde_json::Value::Bool(true)
                        });
                        let list = if local {
                            &mut found.local
                        } else {
                            &mut found.synced
                        };
                        list.insert(table.name);
                    }
                    found.any = true;
                }
                _ => {}
            }
        }
        if !device.is_empty() {
            let library = Library { files, sources };
            let reading = drizzle::read_with(drizzle::Dialect::Sqlite, &device, library);
            found
                .synced
                .extend(reading.tables.into_iter().map(|it| it.name));
            found.any = true;
        }
        found
    }
}

/// The schema that the base's files stand for.
fn schema_of(reading: &Reading, base: SubjectKind, apart: &Apart) -> Schema {
    let mut schema = Schema::default();
    for found in &reading.tables {
        let residence = if apart.local.contains(&found.name) {
            Residence::Local
        } else if base == SubjectKind::DrizzleSqlite
            || !apart.any
            || apart.synced.contains(&found.name)
        {
            Residence::Synced
        } else {
            Residence::Server
        };
        schema.tables.push(table_of(found, residence));
    }
    schema
}

fn table_of(found: &ReadTable, residence: Residence) -> Table {
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
        on_delete: syncline_schema::model::OnDelete::default(),
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

/// Says of the server what is otherwise said of the source, and leaves out help that would have it
/// changed.
fn reword(diagnostic: &mut Diagnostic) {
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
}
