//! Undoes what was applied last.

use std::time::{Duration, Instant};

use syncline_schema::{Code, Diagnostic, Place};

use super::error::{self, RunError, Spot, failure};
use super::history::History;
use super::{Event, Progress, Session, apply, history, lock};
use crate::migrate::folder::{DOWN, Folder, Migration};
use crate::read::sql::{StatementKind, statements};

/// How far to go back.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// The migration that was applied last.
    Last,
    /// All that were applied after this one, which stays.
    After(&'a str),
}

/// Undoes migrations by their `down.sql`, the last applied one first, each in a transaction.
/// Gives their ids.
///
/// # Errors
/// See [`RunError`]. Refuses before anything is done where one of them cannot be undone.
pub async fn down(
    session: &mut Session,
    folder: &Folder,
    target: Target<'_>,
    progress: &dyn Progress,
) -> Result<Vec<(String, Duration)>, RunError> {
    apply::sound(folder)?;
    session.writable().await?;
    lock::take(session, progress).await?;
    let done = locked(session, folder, target, progress).await;
    apply::release(session, done).await
}

async fn locked(
    session: &mut Session,
    folder: &Folder,
    target: Target<'_>,
    progress: &dyn Progress,
) -> Result<Vec<(String, Duration)>, RunError> {
    let history = History::read(&session.client).await?;
    let chosen = chosen(folder, &history, target)?;
    let mut undone = Vec::new();
    for migration in chosen {
        let started = Instant::now();
        lock::held(session).await?;
        one(session, migration, progress).await?;
        progress.tell(Event::Undone(&migration.id, started.elapsed()));
        undone.push((migration.id.clone(), started.elapsed()));
    }
    Ok(undone)
}

/// What would be undone, the last one first.
fn chosen<'a>(
    folder: &'a Folder,
    history: &History,
    target: Target<'_>,
) -> Result<Vec<&'a Migration>, RunError> {
    let applied = history.applied();
    let ids: Vec<&str> = match target {
        Target::Last => applied.into_iter().take(1).collect(),
        Target::After(id) if history.is_applied(id) => {
            applied.into_iter().take_while(|it| *it != id).collect()
        }
        Target::After(id) => {
            return Err(RunError::Database {
                message: format!("`{id}` is not applied here, so there is no way back to it"),
                help: "`syncline migrate status` lists what is".to_owned(),
            });
        }
    };
    let mut found = syncline_schema::Diagnostics::default();
    let unfinished = history
        .rows
        .iter()
        .filter(|(_, row)| matches!(row.stage, history::Stage::Running | history::Stage::Failed));
    for (id, _) in unfinished {
        found.push(
            Diagnostic::new(Code::M025, format!("`{id}` stopped half-way"))
                .note("what it left would stand on what is undone")
                .help("let `syncline migrate apply` end it, or say what is true with `syncline migrate repair`"),
        );
    }
    let mut chosen = Vec::new();
    for id in ids {
        let migration = folder.migrations.iter().find(|it| it.id == id);
        found.extend(obstacle(folder, id, migration));
        chosen.extend(migration);
    }
    if found.has_errors() {
        return Err(RunError::Refused(found));
    }
    Ok(chosen)
}

/// Why a migration cannot be undone.
fn obstacle(folder: &Folder, id: &str, migration: Option<&Migration>) -> Option<Diagnostic> {
    let finding =
        |why: String| Diagnostic::new(Code::M029, format!("`{id}` cannot be undone: {why}"));
    let Some(migration) = migration else {
        return Some(
            finding("it is not in the folder".to_owned()).help("bring the folder up to date"),
        );
    };
    let place = folder.place(migration);
    let Some(down) = &migration.down else {
        return Some(
            finding(format!("it has no {DOWN}"))
                .at(place, "")
                .help("write a migration that goes forward to where you want to be"),
        );
    };
    let place = Place::new(down.file, 0..0);
    if let Some(reason) = &down.irreversible {
        return Some(
            finding(reason.clone())
                .at(place, "")
                .help("write a migration that goes forward, or bring back a backup"),
        );
    }
    None
}

async fn one(
    session: &mut Session,
    migration: &Migration,
    progress: &dyn Progress,
) -> Result<(), RunError> {
    let Some(down) = &migration.down else {
        return Ok(());
    };
    let all: Vec<_> = statements(&down.text, down.file)
        .into_iter()
        .filter(|it| it.kind == StatementKind::Sql)
        .collect();
    progress.tell(Event::File(DOWN, all.len()));
    let mut spot = Spot {
        migration: &migration.id,
        file: DOWN,
        statement: None,
        place: Place::new(down.file, 0..0),
    };
    let mut failed = None;
    session.client.batch_execute("BEGIN").await?;
    for (at, statement) in all.iter().enumerate() {
        progress.tell(Event::Statement(at + 1, all.len(), statement.sql));
        if let Err(error) = session.run(statement.sql, progress).await {
            spot.statement = Some((at + 1, all.len()));
            spot.place = Place::new(down.file, statement.range.clone());
            failed = Some((error, statement.sql));
            break;
        }
    }
    let failed = match failed {
        Some(failed) => Some(failed),
        None => {
            let record = async {
                session
                    .client
                    .batch_execute("RESET SESSION AUTHORIZATION; RESET ROLE")
                    .await?;
                session
                    .client
                    .execute(
                        "UPDATE syncline.migrations SET state = 'down', finished_at = clock_timestamp() WHERE id = $1",
                        &[&migration.id],
                    )
                    .await?;
                session
                    .client
                    .execute(
                        "DELETE FROM syncline.migration_files WHERE migration = $1",
                        &[&migration.id],
                    )
                    .await?;
                session.client.batch_execute("COMMIT").await
            };
            record.await.err().map(|error| (error, ""))
        }
    };
    let Some((error, sql)) = failed else {
        return session.reset().await;
    };
    let Some(said) = error.as_db_error().filter(|said| !error::gone(said)) else {
        return Err(RunError::of(&error));
    };
    session.client.batch_execute("ROLLBACK").await?;
    session.reset().await?;
    let after = "nothing was undone of this migration";
    Err(RunError::Statement(Box::new(failure(
        spot, said, sql, after,
    ))))
}
