//! What the doctor says: a line for each thing that was looked at.

use std::fmt::Write as _;

use serde_json::{Value, json};
use syncline_schema::Code;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warning,
    /// Something does not work, or will not for long.
    Error,
}

impl Level {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How bad it is.
    pub level: Level,
    /// What was looked at; `syncline explain` tells more.
    pub code: Code,
    /// What was found.
    pub title: String,
    /// Why it matters; empty for good lines.
    pub meaning: String,
    /// The command or SQL that mends it; empty for good lines.
    pub mend: String,
}

impl Line {
    /// As it should be.
    pub fn ok(code: Code, title: String) -> Self {
        Self {
            level: Level::Ok,
            code,
            title,
            meaning: String::new(),
            mend: String::new(),
        }
    }

    /// It works, and somebody should look at it.
    pub fn warning(
        code: Code,
        title: impl Into<String>,
        meaning: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Warning,
            code,
            title: title.into(),
            meaning: meaning.into(),
            mend: mend.into(),
        }
    }

    /// Something does not work.
    pub fn error(
        code: Code,
        title: impl Into<String>,
        meaning: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Error,
            ..Self::warning(code, title, meaning, mend)
        }
    }
}

/// How many lines are of a level.
fn count(lines: &[Line], level: Level) -> usize {
    lines.iter().filter(|it| it.level == level).count()
}

/// The lines for people.
pub fn human(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let _ = writeln!(
            out,
            "{:<8} {}  {}",
            line.level.name(),
            line.code.name(),
            shown(&line.title)
        );
        for (label, text) in [("why", &line.meaning), ("mend", &line.mend)] {
            for (at, row) in text.lines().enumerate() {
                let label = if at == 0 { label } else { "" };
                let _ = writeln!(out, "           {label:<4}  {}", shown(row));
            }
        }
    }
    let [ok, warnings, errors] =
        [Level::Ok, Level::Warning, Level::Error].map(|level| count(lines, level));
    let _ = writeln!(out, "\n{ok} ok, {warnings} warnings, {errors} errors");
    out
}

/// The text without control characters: titles hold what other machines said.
fn shown(text: &str) -> String {
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(visible).collect()
}

/// The lines for programs.
pub fn json(lines: &[Line]) -> Value {
    let each: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "level": line.level.name(),
                "code": line.code.name(),
                "title": line.title,
                "meaning": line.meaning,
                "mend": line.mend,
            })
        })
        .collect();
    json!({
        "lines": each,
        "ok": count(lines, Level::Ok),
        "warnings": count(lines, Level::Warning),
        "errors": count(lines, Level::Error),
    })
}
