//! One SQL file: in a transaction with its record, or statement by statement.

use std::time::{Duration, Instant};

use syncline_schema::Place;
use tokio_postgres::Error;

use super::error::{self, RunError, Spot, failure};
use super::history::{self, FileRow, Stage};
use super::{Event, Progress, Session, index, repeat};
use crate::migrate::folder::{Migration, SqlFile};
use crate::read::sql::{Statement, statements};

/// How often a lock that is not given is asked for, and how long to wait before the next time.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// Runs a file from where an earlier run left it.
pub(super) async fn run(
    session: &mut Session,
    migration: &Migration,
    file: &SqlFile,
    before: Option<&FileRow>,
    progress: &dyn Progress,
) -> Result<(), RunError> {
    let started = Instant::now();
    let all = statements(&file.text, file.file);
    progress.tell(Event::File(&file.name, all.len()));
    history::begin_file(&session.client, &migration.id, file, all.len()).await?;
    let done = if file.transactional {
        in_transaction(session, migration, file, &all, progress).await
    } else {
        let done = before.map_or(0, |row| row.done);
        one_by_one(session, migration, file, &all, done, progress).await
    };
    if let Err(RunError::Statement(failure)) = &done {
        let message = failure.finding.message.clone();
        history::failed(&session.client, &migration.id, Some(&file.name), &message).await?;
    }
    done?;
    session.reset().await?;
    progress.tell(Event::FileDone(&file.name, started.elapsed()));
    Ok(())
}

/// The whole file or nothing of it, and the record of it in the same transaction.
async fn in_transaction(
    session: &mut Session,
    migration: &Migration,
    file: &SqlFile,
    all: &[Statement<'_>],
    progress: &dyn Progress,
) -> Result<(), RunError> {
    let after = "nothing of this file was kept; `syncline migrate apply` runs it again";
    let mut pauses = PAUSES.iter();
    loop {
        session.client.batch_execute("BEGIN").await?;
        let Err((at, error)) = transaction(session, migration, file, all, progress).await else {
            return Ok(());
        };
        let Some(said) = error.as_db_error().filter(|said| !error::gone(said)) else {
            return Err(RunError::of(&error));
        };
        session.client.batch_execute("ROLLBACK").await?;
        session.reset().await?;
        if error::passing(said)
            && let Some(pause) = pauses.next()
        {
            progress.tell(Event::Again(said.message(), *pause));
            tokio::time::sleep(*pause).await;
            continue;
        }
        let spot = spot(migration, file, all, at);
        let sql = at.and_then(|at| all.get(at)).map_or("", |it| it.sql);
        return Err(RunError::Statement(Box::new(failure(
            spot, said, sql, after,
        ))));
    }
}

/// Up to the COMMIT; an error comes with the statement that it is of.
async fn transaction(
    session: &mut Session,
    migration: &Migration,
    file: &SqlFile,
    all: &[Statement<'_>],
    progress: &dyn Progress,
) -> Result<(), (Option<usize>, Error)> {
    for (at, statement) in all.iter().enumerate() {
        progress.tell(Event::Statement(at + 1, all.len(), statement.sql));
        session
            .run(statement.sql, progress)
            .await
            .map_err(|error| (Some(at), error))?;
    }
    let record = async {
        // A file may have become another role, which may not write the history.
        session
            .client
            .batch_execute("RESET SESSION AUTHORIZATION; RESET ROLE")
            .await?;
        history::file_applied(&session.client, &migration.id, &file.name).await?;
        session.client.batch_execute("COMMIT").await
    };
    record.await.map_err(|error| (None, error))
}

/// Each statement by itself, each recorded when it has run.
async fn one_by_one(
    session: &mut Session,
    migration: &Migration,
    file: &SqlFile,
    all: &[Statement<'_>],
    done: usize,
    progress: &dyn Progress,
) -> Result<(), RunError> {
    // Slow work outside a transaction holds no strong lock, so it may take its time.
    session
        .client
        .batch_execute("SET statement_timeout = 0")
        .await?;
    for (at, statement) in all.iter().enumerate() {
        // A new session has none of the settings that statements before set.
        if at < done && !repeat::is_setting(statement.sql) {
            continue;
        }
        if at >= done {
            progress.tell(Event::Statement(at + 1, all.len(), statement.sql));
        }
        if let Err(error) = patiently(session, statement.sql, file.repeatable, progress).await {
            let Some(said) = error.as_db_error().filter(|said| !error::gone(said)) else {
                return Err(RunError::of(&error));
            };
            let ran = match at {
                0 => "nothing of this file has run".to_owned(),
                1 => "the statement before it has run".to_owned(),
                _ => format!("the {at} statements before it have run"),
            };
            let after = format!("{ran}; `syncline migrate apply` goes on with this one");
            let spot = spot(migration, file, all, Some(at));
            session.reset().await?;
            let failure = failure(spot, said, statement.sql, &after);
            return Err(RunError::Statement(Box::new(failure)));
        }
        if at >= done {
            session
                .client
                .batch_execute("RESET SESSION AUTHORIZATION; RESET ROLE")
                .await?;
            history::file_done(&session.client, &migration.id, &file.name, at + 1).await?;
        }
    }
    history::file_applied(&session.client, &migration.id, &file.name).await?;
    Ok(())
}

/// Runs a statement, again where a lock was not to be had.
async fn patiently(
    session: &mut Session,
    sql: &str,
    repeatable: bool,
    progress: &dyn Progress,
) -> Result<u64, Error> {
    let mut pauses = PAUSES.iter();
    loop {
        // Dropping a half-built index waits for others as building it does.
        let done = match index::clear(session, sql, progress).await {
            Ok(()) => session.run(sql, progress).await,
            Err(error) => Err(error),
        };
        let error = match done {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        let passing = error.as_db_error().is_some_and(error::passing)
            && (repeatable || !repeat::in_parts(sql));
        let Some(pause) = pauses.next().filter(|_| passing) else {
            return Err(error);
        };
        let why = error.as_db_error().map_or("", |said| said.message());
        progress.tell(Event::Again(why, *pause));
        tokio::time::sleep(*pause).await;
    }
}

fn spot<'a>(
    migration: &'a Migration,
    file: &'a SqlFile,
    all: &[Statement<'_>],
    at: Option<usize>,
) -> Spot<'a> {
    let place = match at.and_then(|at| all.get(at)) {
        Some(statement) => Place::new(file.file, statement.range.clone()),
        None => Place::new(file.file, 0..0),
    };
    Spot {
        migration: &migration.id,
        file: &file.name,
        statement: at.map(|at| (at + 1, all.len())),
        place,
    }
}

/// Is the file done?
pub(super) fn is_done(row: Option<&FileRow>) -> bool {
    row.is_some_and(|row| row.stage == Stage::Applied)
}
