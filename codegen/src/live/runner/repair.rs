//! Says what is true of a migration where the record cannot know it.

use super::error::RunError;
use super::history::{self, History, Stage};
use super::{Progress, Session, apply, lock};
use crate::migrate::folder::Folder;

/// What is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The whole migration has run, as it is in the folder.
    Applied,
    /// The statement at which it stopped has not run: the next run begins with it.
    Retry,
    /// The statement at which it stopped has run: the next run begins behind it.
    Skip,
    /// Nothing of it has run, or it is gone for good: the record is removed.
    Forget,
}

/// Corrects the record of one migration. Runs nothing of it.
///
/// # Errors
/// See [`RunError`]; refuses where the record holds nothing to correct.
pub async fn repair(
    session: &mut Session,
    folder: &Folder,
    id: &str,
    repair: Repair,
    progress: &dyn Progress,
) -> Result<(), RunError> {
    session.writable().await?;
    lock::take(session, progress).await?;
    let done = locked(session, folder, id, repair).await;
    apply::release(session, done).await
}

async fn locked(
    session: &mut Session,
    folder: &Folder,
    id: &str,
    repair: Repair,
) -> Result<(), RunError> {
    let history = History::read(&session.client).await?;
    let row = history.rows.get(id).filter(|row| row.stage != Stage::Down);
    let Some(row) = row else {
        return Err(nothing(
            format!("this database has no record of `{id}`"),
            "`syncline migrate baseline` records what ran without a record",
        ));
    };
    let migration = folder.migrations.iter().find(|it| it.id == id);
    let stopped = row.stage != Stage::Applied;
    match (repair, migration) {
        (Repair::Forget, _) => {
            session
                .client
                .execute("DELETE FROM syncline.migrations WHERE id = $1", &[&id])
                .await?;
            Ok(())
        }
        (_, None) => Err(nothing(
            format!("`{id}` is not in the folder"),
            "bring the folder up to date, or `--forget` it",
        )),
        (Repair::Applied, Some(migration)) => {
            history::record(&mut session.client, migration, row.baseline).await?;
            // What the record holds of files that are gone would count as edited for ever.
            let names: Vec<&str> = migration.files.iter().map(|it| it.name.as_str()).collect();
            session
                .client
                .execute(
                    "DELETE FROM syncline.migration_files WHERE migration = $1 AND NOT file = ANY ($2)",
                    &[&id, &names],
                )
                .await?;
            Ok(())
        }
        (Repair::Retry | Repair::Skip, Some(_)) if !stopped => Err(nothing(
            format!("`{id}` is applied: there is no statement at which it stopped"),
            "`syncline migrate status` says how each stands",
        )),
        (Repair::Retry | Repair::Skip, Some(migration)) => {
            let more = i32::from(repair == Repair::Skip);
            for file in &migration.files {
                // In doubt is what was under way; `failed` says that it is known not to have run.
                session
                    .client
                    .execute(
                        "UPDATE syncline.migration_files SET state = 'failed', checksum = $3, done = done + $4, \
                         decided = true WHERE migration = $1 AND file = $2 AND state <> 'applied'",
                        &[&id, &file.name, &file.sha256, &more],
                    )
                    .await?;
            }
            Ok(())
        }
    }
}

fn nothing(message: String, help: &str) -> RunError {
    RunError::Database {
        message,
        help: help.to_owned(),
    }
}
