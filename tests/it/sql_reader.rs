//! The reader of SQL, judged by what PostgreSQL itself makes of the same text.

mod expressions;
mod generated;
mod hostile;
mod judged;
mod styles;

use syncline_codegen::read::sql::{Replay, replay};
use syncline_schema::FileId;

/// What one script adds up to.
fn read(text: &str) -> Replay {
    replay([(FileId(0), text)])
}

/// What is said of it, one line each.
fn said(replay: &Replay) -> Vec<String> {
    replay
        .diagnostics
        .iter()
        .map(|it| format!("{} {}", it.code.name(), it.message))
        .collect()
}
