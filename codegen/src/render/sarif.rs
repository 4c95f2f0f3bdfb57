//! Diagnostics as SARIF 2.1.0, for code scanning.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use syncline_schema::suppress::Waiver;
use syncline_schema::{Code, Diagnostic, FileId, Label, Place, Severity};

use super::Run;
use super::region::{Columns, region, shown};

/// The log of a run: the rules that spoke, and each finding with its places. What was suppressed
/// is there too, and says so. Columns count UTF-16 units from 1; paths are relative to the
/// folder of the run.
pub fn sarif(run: &Run<'_>) -> Value {
    let suppressed = run.suppressed.iter();
    let all = || {
        let open = run.found.iter().map(|it| (it, None));
        open.chain(suppressed.clone().map(|(it, why)| (it, Some(why))))
    };
    let codes: BTreeSet<Code> = all().map(|(it, _)| it.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let results: Vec<_> = all()
        .map(|(found, waiver)| result(run, &codes, found, waiver))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Syncline",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.name(),
        "shortDescription": { "text": code.title() },
        "help": { "text": code.page(), "markdown": code.page() },
        "defaultConfiguration": { "level": code.severity().name() },
    })
}

fn result(run: &Run<'_>, codes: &[Code], found: &Diagnostic, waiver: Option<&Waiver>) -> Value {
    let mut text = found.message.clone();
    for line in found.notes.iter().chain(&found.help) {
        text.push('\n');
        text.push_str(line);
    }
    let mut labels = found.labels.iter();
    let main = labels.find_map(|label| location(run, label));
    let main = main.or_else(|| whole_file(run));
    let related: Vec<_> = labels
        .filter_map(|label| location(run, label))
        .enumerate()
        .map(|(at, mut location)| {
            location["id"] = json!(at);
            location
        })
        .collect();
    let mut result = json!({
        "ruleId": found.code.name(),
        "ruleIndex": codes.binary_search(&found.code).unwrap_or_default(),
        "level": level(found.severity),
        "message": { "text": text },
        "locations": main.into_iter().collect::<Vec<_>>(),
    });
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(table) = &found.about {
        result["properties"] = json!({ "table": table });
    }
    if let Some(waiver) = waiver {
        // A line of [check.ignore] is in no comment of the file that it is about.
        let kind = if waiver.in_source {
            "inSource"
        } else {
            "external"
        };
        result["suppressions"] = json!([{ "kind": kind, "justification": waiver.reason }]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    severity.name()
}

fn location(run: &Run<'_>, label: &Label) -> Option<Value> {
    let at = region(run.sources, label.place, Columns::Utf16)?;
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(at.path) },
            "region": {
                "startLine": at.line,
                "startColumn": at.column,
                "endLine": at.end_line,
                "endColumn": at.end_column,
            },
        },
    });
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    Some(location)
}

/// Code scanning shows nothing that has no place: what stands nowhere is shown at the source.
fn whole_file(run: &Run<'_>) -> Option<Value> {
    let place = Place::new(FileId(0), 0..0);
    let label = Label {
        place,
        text: String::new(),
    };
    location(run, &label)
}

/// A relative path as a relative URI, an absolute one as `file:`.
fn uri(path: &Path) -> String {
    let shown = shown(path);
    let escaped = escape(&shown);
    if shown.starts_with('/') {
        format!("file://{escaped}")
    } else if path.is_absolute() {
        format!("file:///{escaped}")
    } else {
        escaped
    }
}

fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
