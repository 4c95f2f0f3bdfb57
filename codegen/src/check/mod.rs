//! `check`: subjects compared with the schema. In: a [`Schema`] and the bytes of subjects. Out:
//! findings, each with its place in both files, why it matters, and how to mend it.
//!
//! [`crate::read`] reads each subject, [`device`] and [`server`] hold the rules for types,
//! [`tables`] and [`sent`] compare. A new kind of subject is a variant of [`SubjectKind`], a reader,
//! and an arm of [`run`].

mod access;
mod advice;
mod apart;
mod app_schema;
mod auth;
mod buckets;
mod columns;
mod deploy;
mod device;
mod finding;
mod handler;
mod keys;
mod migrations;
mod named;
mod nulls;
mod pair;
mod picture;
mod postgres;
mod sent;
mod sent_columns;
mod server;
mod signing;
mod sqlite;
mod tables;

use std::path::PathBuf;

use syncline_schema::suppress::{self, Judged};
use syncline_schema::{Diagnostics, Files, Schema, Sources};

use self::finding::Findings;
pub use self::pair::{judge_alone, judge_alone_with};
pub use self::postgres::Database;
use self::signing::Signing;
use self::tables::{Form, Side};
use crate::read::{self, Library, drizzle, sync_config, text};

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A Drizzle file for SQLite. All of a run belong together.
    DrizzleSqlite,
    /// A Drizzle file for PostgreSQL. All of a run belong together.
    DrizzlePg,
    /// A sync config: Sync Streams or sync rules. Each stands for itself.
    SyncConfig,
    /// The configuration of the PowerSync Service.
    Service,
    /// A compose file.
    Compose,
    /// A client database: a SQLite file.
    Sqlite,
    /// The file that makes the app schema. Each stands for itself.
    AppSchema,
    /// A hand-written upload handler, or a connector. All of a run belong together.
    Handler,
    /// Options of Better Auth. Each stands for itself.
    Auth,
    /// A file of a folder of SQL migrations. All of a run belong together.
    Migrations,
}

/// One artefact that is compared with the schema.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its path, as it is shown.
    pub path: PathBuf,
    /// Its content, as it was read.
    pub bytes: Vec<u8>,
}

/// What there is to say of the subjects, suppressions applied: [`judge`] without what they took out.
pub fn run(
    schema: &Schema,
    sources: &mut Sources,
    subjects: Vec<Subject>,
    files: &dyn Files,
) -> Diagnostics {
    judge(schema, sources, subjects, files).found
}

/// Compares the subjects with the schema. Their texts go into `sources`, for drawing places;
/// what they import comes from `files`.
///
/// Suppressions are applied: comments in the subjects and in the source, and `[check.ignore]`.
pub fn judge(
    schema: &Schema,
    sources: &mut Sources,
    subjects: Vec<Subject>,
    files: &dyn Files,
) -> Judged {
    judge_with(schema, sources, subjects, files, None)
}

/// [`judge`], with a live database beside the files.
pub fn judge_with(
    schema: &Schema,
    sources: &mut Sources,
    subjects: Vec<Subject>,
    files: &dyn Files,
    database: Option<Database>,
) -> Judged {
    let whole = is_whole(schema, &subjects);
    let mut findings = Findings::default();
    let base = Base {
        schema,
        is_source: true,
    };
    compare_all(base, sources, subjects, files, &mut findings);
    if let Some(database) = database {
        postgres::live(schema, sources, database, &mut findings);
    }
    suppress::apply_to_findings(findings.list, schema, sources, whole)
}

/// What subjects are held against.
#[derive(Clone, Copy)]
struct Base<'a> {
    schema: &'a Schema,
    /// Is it a schema source, or one subject that the others are held against?
    is_source: bool,
}

/// [`judge`], before suppressions.
fn compare_all(
    Base { schema, is_source }: Base<'_>,
    sources: &mut Sources,
    subjects: Vec<Subject>,
    files: &dyn Files,
    findings: &mut Findings,
) {
    let (deployed, subjects): (Vec<_>, Vec<_>) = subjects
        .into_iter()
        .partition(|it| matches!(it.kind, SubjectKind::Service | SubjectKind::Compose));
    let (databases, subjects): (Vec<_>, Vec<_>) = subjects
        .into_iter()
        .partition(|it| it.kind == SubjectKind::Sqlite);
    let (migrations, subjects): (Vec<_>, Vec<_>) = subjects
        .into_iter()
        .partition(|it| it.kind == SubjectKind::Migrations);
    if let Some(given) = add_all(sources, &migrations, findings) {
        migrations::compare(schema, &given, findings);
    }
    let is_drizzle = |kind| matches!(kind, SubjectKind::DrizzleSqlite | SubjectKind::DrizzlePg);
    let (drizzle, others): (Vec<_>, Vec<_>) =
        subjects.into_iter().partition(|it| is_drizzle(it.kind));
    let configs: Vec<_> = others
        .iter()
        .filter(|it| it.kind == SubjectKind::SyncConfig)
        .map(|it| it.path.clone())
        .collect();
    let (device, server): (Vec<_>, Vec<_>) = drizzle
        .into_iter()
        .partition(|it| it.kind == SubjectKind::DrizzleSqlite);
    for (group, dialect, side) in [
        (device, drizzle::Dialect::Sqlite, Side::Device),
        (server, drizzle::Dialect::Pg, Side::Server(Form::Drizzle)),
    ] {
        let Some(given) = add_all(sources, &group, findings) else {
            continue;
        };
        let reading = drizzle::read_with(dialect, &given, Library { files, sources });
        tables::compare(schema, side, reading, findings);
    }
    let mut handlers = Vec::new();
    let mut signing = is_source.then(|| Signing::of_source(&schema.settings.auth));
    for subject in others {
        let source = match text::add(sources, &subject.path, &subject.bytes) {
            Ok(source) => source,
            Err(problem) => {
                findings.plain(problem);
                continue;
            }
        };
        let library = Library { files, sources };
        match subject.kind {
            SubjectKind::AppSchema => {
                let read = read::app_schema::read(&source, library);
                app_schema::compare(schema, read, findings);
            }
            SubjectKind::Handler => handlers.push(read::handler::read(&source, library)),
            SubjectKind::Auth => {
                let read = read::auth::read(&source, library);
                if is_source {
                    auth::compare(schema, read, findings);
                } else {
                    signing = Some(auth::alone(read, findings));
                }
            }
            // Those of other kinds are gone already.
            _ => {
                let config = sync_config::read(&source);
                let since = findings.list.len();
                sent::compare(schema, &config, findings);
                access::check(schema, &config, since, findings);
            }
        }
    }
    for subject in databases {
        match read::sqlite::read(sources, &subject.path, &subject.bytes) {
            Ok(database) => sqlite::compare(schema, &database, findings),
            Err(problem) => findings.plain(problem),
        }
    }
    let signing = signing.unwrap_or_default();
    deploy::check(schema, &signing, sources, &deployed, &configs, findings);
    handler::compare(schema, handlers, findings);
}

/// Is every kind of subject that the source names among these?
fn is_whole(schema: &Schema, subjects: &[Subject]) -> bool {
    let named = &schema.settings.check;
    [
        (SubjectKind::DrizzleSqlite, named.drizzle_sqlite.is_empty()),
        (SubjectKind::DrizzlePg, named.drizzle_pg.is_empty()),
        (SubjectKind::SyncConfig, named.sync_config.is_empty()),
        (SubjectKind::Service, named.service.is_empty()),
        (SubjectKind::Compose, named.compose.is_empty()),
        (SubjectKind::Sqlite, named.sqlite.is_empty()),
        (SubjectKind::AppSchema, named.app_schema.is_empty()),
        (SubjectKind::Handler, named.handler.is_empty()),
        (SubjectKind::Auth, named.auth.is_empty()),
        (SubjectKind::Migrations, named.migrations.is_empty()),
    ]
    .iter()
    .all(|(kind, none)| *none || subjects.iter().any(|it| it.kind == *kind))
        && !subjects.is_empty()
}

/// Adds the files of a group. None where there are none, or where one of them is no text: half a
/// group would look like drift.
fn add_all(
    sources: &mut Sources,
    group: &[Subject],
    findings: &mut Findings,
) -> Option<Vec<text::Source>> {
    let mut files = Vec::new();
    for subject in group {
        match text::add(sources, &subject.path, &subject.bytes) {
            Ok(source) => files.push(source),
            Err(problem) => findings.plain(problem),
        }
    }
    (!files.is_empty() && files.len() == group.len()).then_some(files)
}
