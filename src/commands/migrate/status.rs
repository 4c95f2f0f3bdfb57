//! `syncline migrate status`.

use std::time::Duration;

use serde_json::{Value, json};
use syncline_codegen::live::runner::{self, Entry, State, Status};

use super::database;
use super::drawn::duration;
use super::place::Place;
use crate::Exit;
use crate::args::MigrateStatus;
use crate::ui::{Ui, count};

pub(super) fn run(ui: &Ui, args: &MigrateStatus) -> Exit {
    let place = match Place::find(ui, &args.migrations) {
        Ok(place) => place,
        Err(exit) => return exit,
    };
    let done = database::with(ui, &place, &args.database, 0, async |session| {
        let status = runner::status(session.client(), &place.folder).await?;
        Ok((status, session.shown().to_owned()))
    });
    let (status, shown) = match done {
        Ok(done) => done,
        Err(exit) => return exit,
    };
    let mut found = place.folder.diagnostics.clone();
    found.extend(status.findings.clone());
    found.sort();
    if place.human {
        ui.out(&table(&status, &shown, &place));
        place.draw(ui, &found);
    } else {
        let migrations: Vec<Value> = status.entries.iter().map(entry).collect();
        let report = json!({
            "database": shown,
            "migrations": migrations,
            "diagnostics": place.json(&found),
        });
        ui.out(&format!("{report:#}\n"));
    }
    let stopped = status
        .entries
        .iter()
        .any(|it| matches!(it.state, State::Stopped(_)));
    if found.has_errors() || stopped {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// The word for a state, for people and programs.
fn word(state: &State) -> &'static str {
    match state {
        State::Applied => "applied",
        State::Baseline => "baseline",
        State::Pending(_) => "pending",
        State::Edited(_) => "edited",
        State::Stopped(stop) | State::Undecided(stop, _) if stop.error.is_some() => "failed",
        State::Stopped(_) | State::Undecided(..) => "interrupted",
        State::Unknown => "unknown",
    }
}

fn table(status: &Status, shown: &str, place: &Place) -> String {
    let dir = place.folder.dir.display();
    if status.entries.is_empty() {
        return format!("{shown}: no migration in {dir}, and none was applied\n");
    }
    let width = status
        .entries
        .iter()
        .map(|it| it.id.len())
        .max()
        .unwrap_or(0);
    let mut out = format!("{shown}, folder {dir}\n\n");
    for entry in &status.entries {
        let line = format!(
            "  {:<width$}  {:<11}  {}",
            entry.id,
            word(&entry.state),
            detail(entry)
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.push('\n');
    let words = [
        "applied",
        "baseline",
        "failed",
        "interrupted",
        "edited",
        "unknown",
        "pending",
    ];
    let counts: Vec<String> = words
        .iter()
        .map(|wanted| {
            (
                wanted,
                status
                    .entries
                    .iter()
                    .filter(|it| word(&it.state) == *wanted)
                    .count(),
            )
        })
        .filter(|(_, number)| *number > 0)
        .map(|(word, number)| format!("{number} {word}"))
        .collect();
    out.push_str(&format!("{}\n{}\n", counts.join(", "), next(status)));
    out
}

/// What there is to say beside the word.
fn detail(entry: &Entry) -> String {
    match &entry.state {
        State::Applied => {
            let took = entry.milliseconds.and_then(|it| u64::try_from(it).ok());
            let took = took.map_or_else(String::new, |it| duration(Duration::from_millis(it)));
            format!(
                "{} UTC  {took}",
                entry.finished.as_deref().unwrap_or_default()
            )
        }
        State::Baseline => format!(
            "{} UTC  recorded, not run",
            entry.finished.as_deref().unwrap_or_default()
        ),
        State::Pending(behind) => {
            let behind = if *behind {
                ", merged behind applied ones"
            } else {
                ""
            };
            format!("{}{behind}", count(entry.files.len(), "file"))
        }
        State::Edited(files) => files.join(", "),
        State::Stopped(stop) | State::Undecided(stop, _) => match &stop.file {
            Some(file) => format!("at statement {} of {file}", stop.statement),
            None => "between two files".to_owned(),
        },
        State::Unknown => "not in the folder".to_owned(),
    }
}

/// What to do next.
fn next(status: &Status) -> &'static str {
    let any = |wanted: fn(&State) -> bool| status.entries.iter().any(|it| wanted(&it.state));
    if any(|it| matches!(it, State::Undecided(..) | State::Edited(_))) {
        "next: see below"
    } else if any(|it| matches!(it, State::Stopped(_))) {
        "next: `syncline migrate apply` goes on where it stopped"
    } else if any(|it| matches!(it, State::Pending(_))) {
        "next: `syncline migrate apply`"
    } else {
        "nothing is pending"
    }
}

fn entry(entry: &Entry) -> Value {
    let (behind, stop) = match &entry.state {
        State::Pending(behind) => (*behind, None),
        State::Stopped(stop) => (false, Some((stop, None))),
        State::Undecided(stop, why) => (false, Some((stop, Some(why)))),
        _ => (false, None),
    };
    let stopped = stop.map(|(stop, why)| {
        json!({
            "file": stop.file,
            "statement": stop.statement,
            "error": stop.error,
            "wantsRepair": why,
        })
    });
    let edited = match &entry.state {
        State::Edited(files) => files.clone(),
        _ => Vec::new(),
    };
    let files: Vec<Value> = entry
        .files
        .iter()
        .map(|it| {
            json!({
                "file": it.file,
                "state": it.state,
                "done": it.done,
                "finishedAt": it.finished.as_deref().map(iso),
                "milliseconds": it.milliseconds,
            })
        })
        .collect();
    json!({
        "id": entry.id,
        "state": word(&entry.state),
        "mergedBehind": behind,
        "stopped": stopped,
        "edited": edited,
        "startedAt": entry.started.as_deref().map(iso),
        "finishedAt": entry.finished.as_deref().map(iso),
        "milliseconds": entry.milliseconds,
        "files": files,
    })
}

/// `2026-11-22 16:32:00` as ISO 8601.
fn iso(utc: &str) -> String {
    format!("{}Z", utc.replace(' ', "T"))
}
