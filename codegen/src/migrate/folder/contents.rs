//! Statements that a migration's file cannot hold.

use syncline_schema::{Code, Diagnostic, FileId, Place};

use crate::read::sql::{Statement, StatementKind, statements};

/// What of a file would not run as it is meant to.
pub(super) fn check(text: &str, file: FileId) -> Vec<Diagnostic> {
    statements(text, file).iter().filter_map(wrong).collect()
}

fn wrong(statement: &Statement<'_>) -> Option<Diagnostic> {
    let (what, why, help) = match statement.kind {
        StatementKind::Sql if copies(statement.sql) => (
            "COPY from standard input".to_owned(),
            "its rows would have to come from beside the file",
            "write INSERT statements",
        ),
        StatementKind::Sql => return None,
        StatementKind::Begin | StatementKind::Commit | StatementKind::Rollback => (
            format!("`{}`", first_words(statement.sql)),
            "Syncline begins and ends transactions itself, with the record of what was run in the same one",
            "take it out; a file runs in one transaction unless it begins with `-- syncline:no-transaction`",
        ),
        StatementKind::Psql => (
            format!("`{}`", first_words(statement.sql)),
            "it is a command of psql, which PostgreSQL does not know",
            "write SQL in its place",
        ),
        StatementKind::TooMuch => (
            "the rest of this file".to_owned(),
            "it is more than Syncline reads of one file",
            "split the file, or load bulk data by other means",
        ),
    };
    let start = statement.range.start;
    let place = Place::new(
        statement.file,
        start..start + first_words(statement.sql).len(),
    );
    Some(
        Diagnostic::new(Code::M027, format!("a migration cannot hold {what}"))
            .at(place, "")
            .note(why)
            .help(help),
    )
}

fn copies(sql: &str) -> bool {
    let lower = sql.to_ascii_lowercase();
    let mut words = lower.split_whitespace();
    words.next() == Some("copy") && lower.contains("from stdin")
}

/// Enough of a statement to know it by.
fn first_words(sql: &str) -> &str {
    let line = sql.lines().next().unwrap_or_default();
    line.char_indices()
        .nth(40)
        .map_or(line, |(at, _)| &line[..at])
}
