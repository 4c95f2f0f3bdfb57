//! SQL text into what it does to a schema. In: scripts of DDL: ours, `pg_dump`'s, drizzle-kit's,
//! hand-written. Out: [`Step`]s, statement by statement, and folded together: [`replay`].
//!
//! [`statements`] splits a script without judging it, so that one broken statement hides no
//! other. [`steps`] reads one of them from its tokens. Expressions are never taken apart here:
//! they stay the text that was written, on one line.
//!
//! What is no change of a table (`INSERT`, `SET`, a function) is [`Step::Other`]. What changes
//! one in a way that a schema cannot hold is reported as well (M003), never dropped in silence.

mod access;
mod alter_table;
mod column;
mod constraint;
mod create_table;
mod cursor;
pub(crate) mod default;
mod enums;
mod folder;
mod index;
mod names;
mod objects;
mod reading;
mod replay;
mod split;
pub(crate) mod token;
mod types;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place, Schema};

pub use default::read as default;
pub use folder::{JOURNAL, Order, in_order, upward};
pub use replay::{Done, Replay, replay};
pub use split::{MAX_BYTES, MAX_STATEMENTS, Statement, StatementKind, statements};
pub use types::column_type;

use crate::diff::Step;
pub(crate) use cursor::Cursor;
use cursor::Misread;
use reading::{Known, Reading};
use token::Kind;
pub(crate) use types::written_type;

/// What a statement does to `before`, and what there is to say of it.
///
/// Names that are not there are not reported here: folding the steps finds those.
pub fn steps(statement: &Statement<'_>, before: &Schema) -> (Vec<Step>, Vec<Diagnostic>) {
    let enums = reading::enums_of(before);
    let known = Known {
        schema: before,
        enums: &enums,
    };
    let reading = read(statement, known);
    let missing = reading.missing.into_iter().map(|(_, found)| found);
    (
        reading.steps,
        reading.findings.into_iter().chain(missing).collect(),
    )
}

fn read<'a>(statement: &Statement<'_>, known: Known<'a>) -> Reading<'a> {
    let mut reading = Reading::new(known, statement.file, statement.range.start);
    match statement.kind {
        StatementKind::Begin | StatementKind::Commit | StatementKind::Rollback => {}
        StatementKind::Psql => reading.findings.push(psql(statement)),
        StatementKind::TooMuch => reading.findings.push(too_much(statement)),
        StatementKind::Sql => sql(statement.sql, &mut reading),
    }
    reading
}

fn sql(text: &str, reading: &mut Reading<'_>) {
    let tokens = token::tokens(text);
    let broken = tokens.iter().find(|token| {
        matches!(token.kind, Kind::Unclosed | Kind::Stray) || text[token.start..].starts_with('\\')
    });
    if let Some(token) = broken {
        let message = match token.kind {
            Kind::Unclosed => "a quote or comment is not closed".to_owned(),
            _ => format!(
                "{:?} is no SQL",
                token.of(text).chars().next().unwrap_or(' ')
            ),
        };
        let start = token.start;
        let range = start..start + text[start..].chars().next().map_or(1, char::len_utf8);
        reading.misread(Misread { message, range });
        reading.other(text);
        return;
    }
    let mut cursor = Cursor::new(text, &tokens);
    let found = objects::statement(&mut cursor, reading).and_then(|()| cursor.done());
    if let Err(misread) = found {
        // All or nothing: half a statement would be a wrong one.
        reading.steps.clear();
        reading.findings.clear();
        reading.asides.clear();
        reading.misread(misread);
        reading.other(text);
    }
}

fn place(statement: &Statement<'_>) -> Place {
    Place::new(statement.file, statement.range.clone())
}

fn psql(statement: &Statement<'_>) -> Diagnostic {
    let word = statement.sql.split_whitespace().next().unwrap_or_default();
    Diagnostic::new(
        Code::M004,
        format!("`{word}` is a command of psql, not SQL"),
    )
    .at(place(statement), "")
    .note("it is not followed: what it reads or sets is not known here")
    .help("nothing to do for what pg_dump writes; write SQL in the place of others")
}

fn too_much(statement: &Statement<'_>) -> Diagnostic {
    let start = statement.range.start;
    Diagnostic::new(Code::M001, "this script is too long to read")
        .at(Place::new(statement.file, start..start), "")
        .note(format!(
            "a script may have {} MiB and {MAX_STATEMENTS} statements; what follows is not known",
            MAX_BYTES >> 20
        ))
        .help("keep rows out of it, or split it")
}
