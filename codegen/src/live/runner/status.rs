//! The folder beside what the database remembers.

use std::collections::BTreeSet;

use syncline_schema::{Code, Diagnostic, Diagnostics, Place};
use tokio_postgres::Client;

use super::error::RunError;
use super::history::{History, Row, Stage};
use super::repeat;
use crate::migrate::folder::{Folder, Migration, SqlFile};
use crate::read::sql::statements;

/// How a migration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It has run, as it is in the folder.
    Applied,
    /// It was recorded without running.
    Baseline,
    /// It has not run. `true`: others behind it have, so it was merged later.
    Pending(bool),
    /// It has run, and these files are other ones now.
    Edited(Vec<String>),
    /// It stopped, and the next run goes on there by itself.
    Stopped(Stop),
    /// It stopped, and somebody has to say what is true; a sentence says why.
    Undecided(Stop, String),
    /// It has run, and is not in the folder.
    Unknown,
}

/// Where a migration stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The file; none between two files.
    pub file: Option<String>,
    /// The statement of it, from 1.
    pub statement: usize,
    /// What PostgreSQL said; none where the run was killed or lost its connection.
    pub error: Option<String>,
}

/// A migration and how it stands.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub state: State,
    /// When it was begun, in UTC.
    pub started: Option<String>,
    /// When it was done, in UTC.
    pub finished: Option<String>,
    /// How long it took, in milliseconds.
    pub milliseconds: Option<i64>,
    /// Its files, in order.
    pub files: Vec<Phase>,
}

/// A file of a migration and how it stands.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Its name.
    pub file: String,
    /// `pending`, `running`, `applied` or `failed`.
    pub state: &'static str,
    /// How many of its statements are known to have run.
    pub done: usize,
    /// When it was done, in UTC.
    pub finished: Option<String>,
    /// How long it took, in milliseconds.
    pub milliseconds: Option<i64>,
}

/// Every migration, in the order of their ids.
#[derive(Clone, Debug)]
pub struct Status {
    /// Those of the folder and those that only the database knows.
    pub entries: Vec<Entry>,
    /// What the user should know or decide, beside what is wrong with the folder itself.
    pub findings: Diagnostics,
}

/// Compares the folder with the database. Changes nothing.
///
/// # Errors
/// The database does not answer, or its history is of a newer format.
pub async fn status(client: &Client, folder: &Folder) -> Result<Status, RunError> {
    let history = History::read(client).await?;
    Ok(of(folder, &history))
}

impl Status {
    /// The ids of migrations that have yet to run, in order.
    pub fn open(&self) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .filter(|it| matches!(it.state, State::Pending(_) | State::Stopped(_)))
            .map(|it| it.id.as_str())
    }
}

pub(super) fn of(folder: &Folder, history: &History) -> Status {
    let newest_applied = history
        .rows
        .iter()
        .filter(|(_, row)| row.stage == Stage::Applied)
        .map(|(id, _)| id.as_str())
        .max();
    let mut entries = Vec::new();
    let mut findings = Diagnostics::default();
    for migration in &folder.migrations {
        let row = history
            .rows
            .get(&migration.id)
            .filter(|row| row.stage != Stage::Down);
        let behind = newest_applied.is_some_and(|newest| newest > migration.id.as_str());
        let state = row.map_or(State::Pending(behind), |row| known(migration, row));
        let place = stopped_at(migration, &state).unwrap_or(folder.place(migration));
        findings.extend(finding(&migration.id, &state, place));
        entries.push(entry(migration, row, state));
    }
    let here: BTreeSet<&str> = folder.migrations.iter().map(|it| it.id.as_str()).collect();
    for (id, row) in &history.rows {
        if !here.contains(id.as_str()) && row.stage != Stage::Down {
            findings.extend(finding(id, &State::Unknown, Place::NOWHERE));
            entries.push(Entry {
                id: id.clone(),
                state: State::Unknown,
                started: Some(row.started.clone()),
                finished: row.finished.clone(),
                milliseconds: row.milliseconds,
                files: Vec::new(),
            });
        }
    }
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    Status { entries, findings }
}

fn entry(migration: &Migration, row: Option<&Row>, state: State) -> Entry {
    let phase = |file: &SqlFile| {
        let row = row.and_then(|row| row.files.get(&file.name));
        Phase {
            file: file.name.clone(),
            state: row.map_or("pending", |row| match row.stage {
                Stage::Running => "running",
                Stage::Applied => "applied",
                Stage::Failed | Stage::Down => "failed",
            }),
            done: row.map_or(0, |row| row.done),
            finished: row.and_then(|row| row.finished.clone()),
            milliseconds: row.and_then(|row| row.milliseconds),
        }
    };
    Entry {
        id: migration.id.clone(),
        state,
        started: row.map(|row| row.started.clone()),
        finished: row.and_then(|row| row.finished.clone()),
        milliseconds: row.and_then(|row| row.milliseconds),
        files: migration.files.iter().map(phase).collect(),
    }
}

/// How a migration stands that the database knows.
fn known(migration: &Migration, row: &Row) -> State {
    if row.stage == Stage::Applied {
        return match (row.checksum == migration.checksum(), row.baseline) {
            (true, false) => State::Applied,
            (true, true) => State::Baseline,
            (false, _) => State::Edited(edited(migration, row)),
        };
    }
    let ran = |file: &&SqlFile| {
        row.files
            .get(&file.name)
            .is_some_and(|it| it.stage == Stage::Applied)
    };
    let gone = row
        .files
        .keys()
        .any(|name| !migration.files.iter().any(|it| it.name == *name));
    let changed: Vec<&SqlFile> = migration
        .files
        .iter()
        .filter(ran)
        .filter(|file| {
            row.files
                .get(&file.name)
                .is_some_and(|it| it.checksum != file.sha256)
        })
        .collect();
    let open = migration.files.iter().find(|file| !ran(file));
    let partly = open.and_then(|file| row.files.get(&file.name));
    let stop = Stop {
        file: open
            .filter(|_| partly.is_some())
            .map(|file| file.name.clone()),
        statement: partly.map_or(0, |it| it.done) + 1,
        error: row.error.clone(),
    };
    if gone || !changed.is_empty() {
        return State::Undecided(
            stop,
            "files of it that have run are not what they were".to_owned(),
        );
    }
    match (open, partly) {
        (Some(file), Some(partly)) if !file.transactional => match in_doubt(file, partly) {
            Some(why) => State::Undecided(stop, why),
            None => State::Stopped(stop),
        },
        _ => State::Stopped(stop),
    }
}

/// The statement at which a migration stopped.
fn stopped_at(migration: &Migration, state: &State) -> Option<Place> {
    let State::Undecided(stop, _) = state else {
        return None;
    };
    let name = stop.file.as_ref()?;
    let file = migration.files.iter().find(|it| it.name == *name)?;
    let all = statements(&file.text, file.file);
    let statement = all.get(stop.statement - 1)?;
    Some(Place::new(file.file, statement.range.clone()))
}

/// Why it is not known where a file outside a transaction goes on.
fn in_doubt(file: &SqlFile, row: &super::history::FileRow) -> Option<String> {
    if row.decided {
        return None;
    }
    if row.done > 0 && row.checksum != file.sha256 {
        return Some("the file was edited after a part of it had run".to_owned());
    }
    let all = statements(&file.text, file.file);
    let next = all.get(row.done)?.sql;
    if file.repeatable || repeat::repeatable(next) {
        return None;
    }
    match row.stage {
        Stage::Running => Some(
            "the run ended while the statement was under way: it may have run or not".to_owned(),
        ),
        Stage::Failed if repeat::in_parts(next) => {
            Some("the statement commits inside: a part of it may have run".to_owned())
        }
        _ => None,
    }
}

/// The files that are not what was run.
fn edited(migration: &Migration, row: &Row) -> Vec<String> {
    let mut names: BTreeSet<&str> = row.files.keys().map(String::as_str).collect();
    names.extend(migration.files.iter().map(|it| it.name.as_str()));
    let same = |name: &&str| {
        let now = migration
            .files
            .iter()
            .find(|it| it.name == **name)
            .map(|it| &it.sha256);
        now == row.files.get(*name).map(|it| &it.checksum)
    };
    names
        .into_iter()
        .filter(|name| !same(name))
        .map(str::to_owned)
        .collect()
}

fn finding(id: &str, state: &State, place: Place) -> Option<Diagnostic> {
    Some(match state {
        State::Edited(files) => Diagnostic::new(
            Code::M023,
            format!("`{id}` was applied and is not the same any more: {}", files.join(", ")),
        )
        .at(place, "")
        .note("this database has what the old files made, a new one would get what the new ones make")
        .help("bring the files back, and put the change into a migration of its own: `syncline migrate new`")
        .help(format!("or, where the difference does not matter, `syncline migrate repair {id} --applied`")),
        State::Unknown => Diagnostic::new(
            Code::M024,
            format!("this database has run `{id}`, which is not in the folder"),
        )
        .note("another branch or a newer release was here")
        .help(format!("bring the folder up to date; if it is gone for good, `syncline migrate repair {id} --forget`")),
        State::Undecided(stop, why) => Diagnostic::new(Code::M025, format!("`{id}` stopped {}", at(stop)))
            .at(place, "")
            .note(why.clone())
            .help(format!("look at the database, then say what is true: `syncline migrate repair {id} --retry` runs that statement, `--skip` takes it as run, `--applied` the whole migration, `--forget` nothing of it")),
        State::Pending(true) => Diagnostic::new(
            Code::M026,
            format!("`{id}` is older than migrations that have run here"),
        )
        .at(place, "")
        .note("it was merged behind them; `syncline migrate apply` runs it all the same"),
        State::Stopped(_) | State::Pending(false) | State::Applied | State::Baseline => return None,
    })
}

/// Where it stopped and what was said, behind "stopped".
pub(super) fn at(stop: &Stop) -> String {
    let place = match &stop.file {
        Some(file) => format!("at statement {} of {file}", stop.statement),
        None => "between two files".to_owned(),
    };
    match &stop.error {
        Some(error) => format!("{place}: {error}"),
        None => format!("{place}: the run was killed or lost its connection"),
    }
}
