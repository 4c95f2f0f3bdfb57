//! The connection of a verb, and what its errors mean for the exit code.

use std::time::Duration;

use serde_json::json;
use syncline_codegen::live::runner::{Limits, RunError, Session};
use syncline_codegen::render;
use syncline_schema::Diagnostics;

use super::place::Place;
use crate::Exit;
use crate::args::Database;
use crate::commands::live;
use crate::ui::Ui;

/// Runs a verb over a connection. Gives what it gave, or the exit code of its error.
pub(super) fn with<T>(
    ui: &Ui,
    place: &Place,
    database: &Database,
    lock_wait: u64,
    work: impl AsyncFnOnce(&mut Session) -> Result<T, RunError>,
) -> Result<T, Exit> {
    let Some(url) = live::url(database.database_url.as_deref()) else {
        ui.fail("which database? give --database-url or set DATABASE_URL, such as postgres://user@localhost:5432/app");
        return Err(Exit::Failed);
    };
    let limits = Limits {
        lock_timeout: place.settings.lock_timeout,
        statement_timeout: place.settings.statement_timeout,
        lock_wait: Duration::from_secs(lock_wait),
    };
    let done = syncline_codegen::live::block_on(async {
        let mut session = Session::open(&url, limits).await?;
        work(&mut session).await
    });
    match done {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(failed(ui, place, &error)),
        Err(error) => Err(live::failed(ui)(live::no_sockets(&error))),
    }
}

/// Says why a run stopped.
fn failed(ui: &Ui, place: &Place, error: &RunError) -> Exit {
    let (found, exit) = match error {
        RunError::Refused(found) => (found.clone(), Exit::Findings),
        RunError::Statement(failure) => {
            let exit = if failure.circumstances {
                Exit::Failed
            } else {
                Exit::Findings
            };
            (Diagnostics::from(failure.finding.clone()), exit)
        }
        RunError::Connect(_)
        | RunError::Locked { .. }
        | RunError::Lost(_)
        | RunError::Database { .. } => (Diagnostics::default(), Exit::Failed),
    };
    ui.passing("");
    if found.is_empty() {
        ui.fail(&error.to_string());
    } else {
        place.draw(ui, &found);
        // Its own line tells why a statement stopped; of several findings, that nothing began.
        if let (RunError::Refused(_), true, Some(summary)) =
            (error, place.human, render::summary(&found))
        {
            ui.say(&format!("{summary}: nothing was run"));
        }
    }
    if !place.human {
        let report = json!({ "error": error.to_string(), "diagnostics": place.json(&found) });
        ui.out(&format!("{report:#}\n"));
    }
    exit
}
