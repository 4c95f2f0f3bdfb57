//! Runs what has not run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use syncline_schema::{Code, Diagnostic, Diagnostics, Severity};

use super::error::RunError;
use super::history::{self, History};
use super::status::{self, Status};
use super::{Event, Progress, Session, gate, lock, phase, versions};
use crate::diff::hazard::Hazard;
use crate::migrate::folder::{Folder, Migration};

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The ids of the migrations that it ran or ended, in order, and how long each took.
    pub migrations: Vec<(String, Duration)>,
    /// What the user should know: warnings and notes.
    pub findings: Diagnostics,
}

/// Runs every migration of the folder that this database has not run, in order, up to and with
/// `to` where that is given. Hazards of theirs that neither the files nor `allowed` allow stop it
/// before anything is run.
///
/// # Errors
/// See [`RunError`]. What was done before is recorded.
pub async fn apply(
    session: &mut Session,
    folder: &Folder,
    to: Option<&str>,
    allowed: &BTreeSet<Hazard>,
    progress: &dyn Progress,
) -> Result<Applied, RunError> {
    let found = sound(folder)?;
    session.writable().await?;
    lock::take(session, progress).await?;
    let done = locked(session, folder, to, allowed, progress, found).await;
    release(session, done).await
}

/// Gives the lock back, whatever came of the run.
pub(super) async fn release<T>(
    session: &Session,
    done: Result<T, RunError>,
) -> Result<T, RunError> {
    match done {
        Ok(done) => lock::release(session).await.map(|()| done),
        Err(error) => {
            // The first error says more than that this failed too; the lock goes with the session.
            let _ = lock::release(session).await;
            Err(error)
        }
    }
}

async fn locked(
    session: &mut Session,
    folder: &Folder,
    to: Option<&str>,
    allowed: &BTreeSet<Hazard>,
    progress: &dyn Progress,
    mut found: Diagnostics,
) -> Result<Applied, RunError> {
    history::create(&session.client).await?;
    let before = History::read(&session.client).await?;
    let status = status::of(folder, &before);
    let open = open(folder, &status, to);
    found.extend(status.findings);
    found.extend(gate::weigh(session, folder, &open, allowed).await?);
    if found.has_errors() {
        return Err(RunError::Refused(found));
    }
    let mut applied = Applied {
        migrations: Vec::new(),
        findings: found,
    };
    for (at, migration) in open.iter().enumerate() {
        let started = Instant::now();
        progress.tell(Event::Migration(&migration.id, at + 1, open.len()));
        one(session, migration, &before, progress).await?;
        progress.tell(Event::Done(&migration.id, started.elapsed()));
        applied
            .migrations
            .push((migration.id.clone(), started.elapsed()));
    }
    versions::note(&session.client, folder).await?;
    Ok(applied)
}

/// What would run, in order.
fn open<'a>(folder: &'a Folder, status: &Status, to: Option<&str>) -> Vec<&'a Migration> {
    let open: Vec<&str> = status.open().collect();
    folder
        .migrations
        .iter()
        .filter(|it| open.contains(&it.id.as_str()))
        .filter(|it| to.is_none_or(|to| it.id.as_str() <= to))
        .collect()
}

async fn one(
    session: &mut Session,
    migration: &Migration,
    before: &History,
    progress: &dyn Progress,
) -> Result<(), RunError> {
    let row = before
        .rows
        .get(&migration.id)
        .filter(|row| row.stage != history::Stage::Down);
    history::begin(&session.client, migration).await?;
    for file in &migration.files {
        let file_row = row.and_then(|row| row.files.get(&file.name));
        if phase::is_done(file_row) {
            continue;
        }
        if row.is_some() {
            let statement = file_row
                .filter(|_| !file.transactional)
                .map_or(0, |it| it.done)
                + 1;
            progress.tell(Event::Resumed(&file.name, statement));
        }
        lock::held(session).await?;
        phase::run(session, migration, file, file_row, progress).await?;
    }
    history::applied(&session.client, &migration.id).await?;
    Ok(())
}

/// What is wrong with the folder that keeps it from being run. Two migrations with one parent are
/// a matter of planning: both are run.
pub(super) fn sound(folder: &Folder) -> Result<Diagnostics, RunError> {
    let mut found = folder.diagnostics.clone();
    for finding in planning(&mut found) {
        found.push(finding);
    }
    if found.has_errors() {
        return Err(RunError::Refused(found));
    }
    Ok(found)
}

/// Takes the findings about planning out, as warnings.
fn planning(found: &mut Diagnostics) -> Vec<Diagnostic> {
    let about_planning = |it: &Diagnostic| matches!(it.code, Code::M016 | Code::M017);
    let mut out: Vec<Diagnostic> = found
        .iter()
        .filter(|it| about_planning(it))
        .cloned()
        .collect();
    for finding in &mut out {
        finding.severity = Severity::Warning;
    }
    // Nothing follows from a missing snapshot for those that run what is there.
    found.retain(|it| !about_planning(it) && it.code != Code::M014);
    out
}
