//! The table `syncline.schema_versions`: what the devices of each version of the schema know.
//!
//! The upload server reads it: a device's PUT replaces what that device knows of a row, and an
//! unknown column from a version that is not here means that the server is the older one.

use syncline_schema::Schema;
use syncline_schema::known::known_columns;
use tokio_postgres::Client;

use super::error::RunError;
use super::history::History;
use crate::migrate::folder::Folder;

/// As the server's bookkeeping makes it, whichever comes first.
const TABLE: &str = "
CREATE SCHEMA IF NOT EXISTS syncline;
CREATE TABLE IF NOT EXISTS syncline.schema_versions (
  version text PRIMARY KEY,
  tables jsonb NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now()
);";

/// Notes the versions of all applied migrations that are not noted yet.
///
/// # Errors
/// The database refuses it, or a snapshot that was there cannot be read any more.
pub(super) async fn note(client: &Client, folder: &Folder) -> Result<(), RunError> {
    let history = History::read(client).await?;
    let there = client
        .query_one(
            "SELECT to_regclass('syncline.schema_versions') IS NOT NULL",
            &[],
        )
        .await?;
    if !there.get::<_, bool>(0) {
        client.batch_execute(TABLE).await?;
    }
    let rows = client
        .query("SELECT version FROM syncline.schema_versions", &[])
        .await?;
    let noted: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    for migration in &folder.migrations {
        let head = migration.snapshot.as_ref();
        let new = head.is_some_and(|head| !noted.contains(&head.sync_version));
        if !new || !history.is_applied(&migration.id) {
            continue;
        }
        let snapshot = folder
            .snapshot(migration)
            .map_err(|why| RunError::Database {
                message: format!("the versions of devices cannot be noted: {why}"),
                help: "the schema itself is applied; mend the file and apply again".to_owned(),
            })?;
        insert(client, &snapshot.schema).await?;
    }
    Ok(())
}

async fn insert(client: &Client, schema: &Schema) -> Result<(), RunError> {
    for known in known_columns([schema]) {
        // Strings only: it always can be written.
        let tables = serde_json::to_string(&known.tables).unwrap_or_default();
        client
            .execute(
                "INSERT INTO syncline.schema_versions (version, tables) VALUES ($1, $2::text::jsonb) \
                 ON CONFLICT DO NOTHING",
                &[&known.version, &tables],
            )
            .await?;
    }
    Ok(())
}
