//! What the database remembers: the tables `syncline.migrations` and `syncline.migration_files`.

use std::collections::BTreeMap;

use tokio_postgres::{Client, GenericClient};

use super::error::RunError;
use crate::migrate::folder::{Migration, SqlFile};

/// The form of the tables that this version writes. A newer one is left alone.
const FORMAT: i32 = 1;

/// Made once, below the lock. They hold nothing that a device may see, and no publication names them.
const TABLES: &str = "
CREATE SCHEMA IF NOT EXISTS syncline;
CREATE TABLE IF NOT EXISTS syncline.migration_format (
  version integer NOT NULL,
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
);
INSERT INTO syncline.migration_format (version) VALUES (1) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS syncline.migrations (
  id text PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY,
  state text NOT NULL CHECK (state IN ('running', 'applied', 'failed', 'down')),
  baseline boolean NOT NULL DEFAULT false,
  checksum text NOT NULL,
  snapshot text,
  sync_version text,
  error text,
  applied_by text NOT NULL DEFAULT session_user,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz
);
CREATE TABLE IF NOT EXISTS syncline.migration_files (
  migration text NOT NULL REFERENCES syncline.migrations ON DELETE CASCADE,
  file text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'applied', 'failed')),
  checksum text NOT NULL,
  statements integer NOT NULL,
  done integer NOT NULL DEFAULT 0,
  decided boolean NOT NULL DEFAULT false,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (migration, file)
);
COMMENT ON SCHEMA syncline IS 'Bookkeeping of Syncline; never published.';
COMMENT ON TABLE syncline.migrations IS 'Migrations that were begun on this database.';
COMMENT ON TABLE syncline.migration_files IS 'Their SQL files: those outside a transaction are recorded statement by statement.';
";

/// Everything the database remembers, by the ids of migrations.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) rows: BTreeMap<String, Row>,
}

/// How far a migration or file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Begun; where nobody holds the lock, the run was killed.
    Running,
    Applied,
    Failed,
    /// Undone.
    Down,
}

/// A migration.
#[derive(Debug)]
pub(super) struct Row {
    /// The order in which migrations were begun.
    pub(super) position: i64,
    pub(super) stage: Stage,
    pub(super) baseline: bool,
    pub(super) checksum: String,
    pub(super) error: Option<String>,
    /// In UTC.
    pub(super) started: String,
    pub(super) finished: Option<String>,
    pub(super) milliseconds: Option<i64>,
    pub(super) files: BTreeMap<String, FileRow>,
}

/// A file of it.
#[derive(Debug)]
pub(super) struct FileRow {
    pub(super) stage: Stage,
    pub(super) checksum: String,
    /// How many statements are known to have run.
    pub(super) done: usize,
    /// Has somebody said that the next one has not run?
    pub(super) decided: bool,
    pub(super) finished: Option<String>,
    pub(super) milliseconds: Option<i64>,
}

impl Stage {
    fn read(text: &str) -> Self {
        match text {
            "applied" => Self::Applied,
            "failed" => Self::Failed,
            "down" => Self::Down,
            _ => Self::Running,
        }
    }
}

const MIGRATIONS: &str = "
SELECT id, position, state, baseline, checksum, error,
  to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
  to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
  (extract(epoch FROM finished_at - started_at) * 1000)::bigint
FROM syncline.migrations";

const FILES: &str = "
SELECT migration, file, state, checksum, done,
  to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
  (extract(epoch FROM finished_at - started_at) * 1000)::bigint, decided
FROM syncline.migration_files";

impl History {
    /// Reads it; empty where nothing was ever run. Changes nothing.
    pub(super) async fn read(client: &Client) -> Result<Self, RunError> {
        if !exists(client).await? {
            return Ok(Self::default());
        }
        let format = client
            .query_one("SELECT version FROM syncline.migration_format", &[])
            .await?
            .get::<_, i32>(0);
        if format > FORMAT {
            return Err(RunError::Database {
                message: format!(
                    "the history in this database is of format {format}, and this Syncline knows {FORMAT}"
                ),
                help: "use the newer Syncline that wrote it".to_owned(),
            });
        }
        let mut rows = BTreeMap::new();
        for row in client.query(MIGRATIONS, &[]).await? {
            let entry = Row {
                position: row.get(1),
                stage: Stage::read(row.get(2)),
                baseline: row.get(3),
                checksum: row.get(4),
                error: row.get(5),
                started: row.get(6),
                finished: row.get(7),
                milliseconds: row.get(8),
                files: BTreeMap::new(),
            };
            rows.insert(row.get(0), entry);
        }
        for row in client.query(FILES, &[]).await? {
            let file = FileRow {
                stage: Stage::read(row.get(2)),
                checksum: row.get(3),
                done: usize::try_from(row.get::<_, i32>(4)).unwrap_or(0),
                decided: row.get(7),
                finished: row.get(5),
                milliseconds: row.get(6),
            };
            if let Some(migration) = rows.get_mut(row.get::<_, &str>(0)) {
                migration.files.insert(row.get(1), file);
            }
        }
        Ok(Self { rows })
    }

    /// The applied ones, the last one first.
    pub(super) fn applied(&self) -> Vec<&str> {
        let mut applied: Vec<(i64, &str)> = self
            .rows
            .iter()
            .filter(|(_, row)| row.stage == Stage::Applied)
            .map(|(id, row)| (row.position, id.as_str()))
            .collect();
        applied.sort_unstable();
        applied.into_iter().rev().map(|(_, id)| id).collect()
    }

    /// Is this migration applied?
    pub(super) fn is_applied(&self, id: &str) -> bool {
        self.rows
            .get(id)
            .is_some_and(|row| row.stage == Stage::Applied)
    }
}

async fn exists(client: &Client) -> Result<bool, RunError> {
    let row = client
        .query_one(
            "SELECT to_regclass('syncline.migration_format') IS NOT NULL \
             AND to_regclass('syncline.migrations') IS NOT NULL \
             AND to_regclass('syncline.migration_files') IS NOT NULL",
            &[],
        )
        .await?;
    Ok(row.get(0))
}

/// Makes the tables where they are not there. Asks first: a role may keep a history without the
/// right to make one.
pub(super) async fn create(client: &Client) -> Result<(), RunError> {
    if !exists(client).await? {
        client
            .batch_execute(&format!("BEGIN; {TABLES} COMMIT"))
            .await?;
    }
    Ok(())
}

/// A migration begins, or goes on.
pub(super) async fn begin(client: &Client, migration: &Migration) -> Result<(), RunError> {
    let head = migration.snapshot.as_ref();
    let (snapshot, version) = (head.map(|it| &it.sha256), head.map(|it| &it.sync_version));
    // One that was undone begins anew, at the end.
    client
        .execute(
            "DELETE FROM syncline.migrations WHERE id = $1 AND state = 'down'",
            &[&migration.id],
        )
        .await?;
    client
        .execute(
            "INSERT INTO syncline.migrations (id, state, checksum, snapshot, sync_version) \
             VALUES ($1, 'running', $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET state = 'running', checksum = excluded.checksum, \
             snapshot = excluded.snapshot, sync_version = excluded.sync_version, error = NULL, finished_at = NULL",
            &[&migration.id, &migration.checksum(), &snapshot, &version],
        )
        .await?;
    Ok(())
}

/// A migration is done. `client` is the connection, or a transaction on it.
pub(super) async fn applied(
    client: &impl GenericClient,
    id: &str,
) -> Result<(), tokio_postgres::Error> {
    client
        .execute(
            "UPDATE syncline.migrations SET state = 'applied', error = NULL, finished_at = clock_timestamp() WHERE id = $1",
            &[&id],
        )
        .await?;
    Ok(())
}

/// A file begins, or goes on.
pub(super) async fn begin_file(
    client: &Client,
    migration: &str,
    file: &SqlFile,
    statements: usize,
) -> Result<(), RunError> {
    client
        .execute(
            "INSERT INTO syncline.migration_files (migration, file, state, checksum, statements) \
             VALUES ($1, $2, 'running', $3, $4) \
             ON CONFLICT (migration, file) DO UPDATE SET state = 'running', \
             checksum = excluded.checksum, statements = excluded.statements, decided = false, finished_at = NULL",
            &[&migration, &file.name, &file.sha256, &number(statements)],
        )
        .await?;
    Ok(())
}

/// So many statements of a file have run.
pub(super) async fn file_done(
    client: &Client,
    migration: &str,
    file: &str,
    done: usize,
) -> Result<(), tokio_postgres::Error> {
    client
        .execute(
            "UPDATE syncline.migration_files SET done = $3 WHERE migration = $1 AND file = $2",
            &[&migration, &file, &number(done)],
        )
        .await?;
    Ok(())
}

/// A whole file has run.
pub(super) async fn file_applied(
    client: &impl GenericClient,
    migration: &str,
    file: &str,
) -> Result<(), tokio_postgres::Error> {
    client
        .execute(
            "UPDATE syncline.migration_files SET state = 'applied', done = statements, \
             finished_at = clock_timestamp() WHERE migration = $1 AND file = $2",
            &[&migration, &file],
        )
        .await?;
    Ok(())
}

/// A statement of a file failed, and PostgreSQL said so: it is known not to have run.
pub(super) async fn failed(
    client: &Client,
    migration: &str,
    file: Option<&str>,
    error: &str,
) -> Result<(), RunError> {
    client
        .execute(
            "UPDATE syncline.migrations SET state = 'failed', error = $2 WHERE id = $1",
            &[&migration, &error],
        )
        .await?;
    if let Some(file) = file {
        client
            .execute(
                "UPDATE syncline.migration_files SET state = 'failed' WHERE migration = $1 AND file = $2",
                &[&migration, &file],
            )
            .await?;
    }
    Ok(())
}

/// Records a migration as applied without running it: all its files, as they are now.
pub(super) async fn record(
    client: &mut Client,
    migration: &Migration,
    baseline: bool,
) -> Result<(), RunError> {
    let head = migration.snapshot.as_ref();
    let (snapshot, version) = (head.map(|it| &it.sha256), head.map(|it| &it.sync_version));
    let whole = client.transaction().await?;
    whole
        .execute(
            "INSERT INTO syncline.migrations (id, state, baseline, checksum, snapshot, sync_version, finished_at) \
             VALUES ($1, 'applied', $2, $3, $4, $5, clock_timestamp()) \
             ON CONFLICT (id) DO UPDATE SET state = 'applied', checksum = excluded.checksum, \
             snapshot = excluded.snapshot, sync_version = excluded.sync_version, error = NULL, \
             finished_at = coalesce(migrations.finished_at, excluded.finished_at)",
            &[&migration.id, &baseline, &migration.checksum(), &snapshot, &version],
        )
        .await?;
    whole
        .execute(
            "DELETE FROM syncline.migration_files WHERE migration = $1 AND state <> 'applied'",
            &[&migration.id],
        )
        .await?;
    for file in &migration.files {
        whole
            .execute(
                "INSERT INTO syncline.migration_files (migration, file, state, checksum, statements, done, finished_at) \
                 VALUES ($1, $2, 'applied', $3, 0, 0, clock_timestamp()) \
                 ON CONFLICT (migration, file) DO UPDATE SET checksum = excluded.checksum",
                &[&migration.id, &file.name, &file.sha256],
            )
            .await?;
    }
    whole.commit().await?;
    Ok(())
}

/// Statements are counted in PostgreSQL's integers; nobody writes more into a file.
pub(super) fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
