//! A plan as files.

use std::fmt::Write;

use syncline_schema::model::Migrations;

use super::down::Undo;
use super::{Phase, Plan};
use crate::diff::Step;
use crate::diff::hazard::Found;
use crate::sql;

/// The file that undoes a migration.
const DOWN: &str = "down.sql";

/// The lines of a file that must not be run in a transaction. What we print there may run twice,
/// so that a run that was killed can go on by itself.
const NO_TRANSACTION: &str = "-- syncline:no-transaction\n-- syncline:repeatable";

/// The files in the order in which they run, then `down.sql`.
pub(super) fn files(plan: &Plan, settings: &Migrations) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut done = 0;
    for (at, planned) in plan.phases.iter().enumerate() {
        let phase = planned.phase;
        let mut out = format!(
            "-- Phase {} of {}: {}.\n",
            at + 1,
            plan.phases.len(),
            phase.about()
        );
        if !phase.in_transaction() {
            out.push_str(NO_TRANSACTION);
            out.push('\n');
        }
        let limit = match phase {
            // Judging rows takes as long as there are rows, and keeps nobody from them.
            Phase::Validate => 0,
            _ => settings.statement_timeout,
        };
        timeouts(&mut out, settings, phase.in_transaction(), limit);
        push_steps(&mut out, &planned.steps, |at| {
            let here = plan
                .hazards
                .iter()
                .filter(move |(step, _)| *step == done + at);
            here.map(|(_, found)| found)
        });
        done += planned.steps.len();
        files.push((format!("{}_{}.sql", at + 1, phase.name()), out));
    }
    files.push((DOWN.to_owned(), down(&plan.down, settings)));
    files
}

fn down(steps: &[Undo], settings: &Migrations) -> String {
    let mut out = String::from("-- Undoes what can be undone.\n");
    timeouts(&mut out, settings, true, settings.statement_timeout);
    for undo in steps {
        out.push('\n');
        if let Some(lost) = &undo.lost {
            let _ = writeln!(out, "-- {}.", one_line(lost));
        }
        if let Some(step) = &undo.step {
            out.push_str(&sql::step(step));
            out.push('\n');
        }
    }
    out
}

/// A lock that is not given soon is not waited for: everybody else would wait behind. Slow work
/// outside transactions has no limit of its own.
fn timeouts(out: &mut String, settings: &Migrations, in_transaction: bool, limit: u32) {
    let (set, statement) = if in_transaction {
        ("SET LOCAL", limit)
    } else {
        ("SET", 0)
    };
    let _ = writeln!(
        out,
        "{set} lock_timeout = '{}ms';\n{set} statement_timeout = '{statement}ms';",
        settings.lock_timeout
    );
}

/// Statements of one table stand together.
fn push_steps<'a, I: Iterator<Item = &'a Found>>(
    out: &mut String,
    steps: &[Step],
    hazards: impl Fn(usize) -> I,
) {
    let mut last = None;
    for (at, step) in steps.iter().enumerate() {
        let about = step.about();
        if last.as_ref() != Some(&about) || about.is_none() {
            out.push('\n');
        }
        last = Some(about);
        for found in hazards(at) {
            let _ = writeln!(
                out,
                "-- Hazard {}: {}.",
                found.hazard.name(),
                one_line(&found.why)
            );
        }
        out.push_str(&sql::step(step));
        out.push('\n');
    }
}

/// Names may hold line breaks; a comment ends at one.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
