//! Diagnostics for programs: one JSON array, stable keys.

use serde_json::{Value, json};
use syncline_schema::{Diagnostic, Diagnostics, Place, Sources};

/// All findings: `[{code, severity, title, message, labels: [{path, line, column, end_line,
/// end_column, text}], notes, help}]`, in reading order. Lines and columns count from 1.
pub fn json(found: &Diagnostics, sources: &Sources) -> Value {
    found
        .iter()
        .map(|diagnostic| one(diagnostic, sources))
        .collect()
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels: Vec<_> = diagnostic
        .labels
        .iter()
        .filter_map(|label| {
            let start = sources.locate(label.place)?;
            let end = label
                .place
                .range()
                .zip(label.place.file())
                .and_then(|(range, file)| sources.locate(Place::new(file, range.end..range.end)))?;
            Some(json!({
                "path": start.path,
                "line": start.line,
                "column": start.column,
                "end_line": end.line,
                "end_column": end.column,
                "text": label.text,
            }))
        })
        .collect();
    json!({
        "code": diagnostic.code.name(),
        "severity": diagnostic.severity,
        "title": diagnostic.code.title(),
        "message": diagnostic.message,
        "labels": labels,
        "notes": diagnostic.notes,
        "help": diagnostic.help,
    })
}
