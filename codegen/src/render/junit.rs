//! Diagnostics as JUnit's XML: a testcase for each table, and one for each file that has findings
//! about no table.

use std::collections::BTreeMap;
use std::fmt::Write;

use syncline_schema::{Diagnostic, Diagnostics, Severity};

use super::region::shown;
use super::{Run, human, summary};

/// The report. A testcase fails where it has errors, or warnings under `--deny warnings`; what
/// else there is to say stands in its `system-out`.
pub fn junit(run: &Run<'_>) -> String {
    let mut cases: BTreeMap<(&str, String), Vec<&Diagnostic>> = BTreeMap::new();
    for table in run.tables {
        cases.insert(("syncline.table", table.clone()), Vec::new());
    }
    for found in run.found.iter() {
        let case = match &found.about {
            Some(table) => ("syncline.table", table.to_string()),
            None => ("syncline.file", file_of(run, found)),
        };
        cases.entry(case).or_default().push(found);
    }
    let fails = |it: &&&Diagnostic| {
        it.severity == Severity::Error || (run.deny_warnings && it.severity == Severity::Warning)
    };
    let failed = cases
        .values()
        .filter(|list| list.iter().any(|it| fails(&it)))
        .count();
    let counts = format!(
        "tests=\"{}\" failures=\"{failed}\" errors=\"0\"",
        cases.len()
    );
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"syncline\" {counts}>");
    let _ = writeln!(out, "  <testsuite name=\"syncline\" {counts}>");
    for ((class, name), list) in &cases {
        let (loud, quiet): (Vec<_>, Vec<_>) = list.iter().partition(|it| fails(it));
        let head = format!(
            "    <testcase classname=\"{class}\" name=\"{}\"",
            escape(name)
        );
        if list.is_empty() {
            let _ = writeln!(out, "{head}/>");
            continue;
        }
        let _ = writeln!(out, "{head}>");
        if let Some(first) = loud.first() {
            let text = drawn(run, &loud);
            let _ = writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{}</failure>",
                first.code.name(),
                escape(&titles(&loud)),
                escape(&text)
            );
        }
        if !quiet.is_empty() {
            let text = drawn(run, &quiet);
            let _ = writeln!(out, "      <system-out>{}</system-out>", escape(&text));
        }
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn file_of(run: &Run<'_>, found: &Diagnostic) -> String {
    match run.sources.locate(found.place()) {
        Some(at) => shown(at.path),
        None => found.code.title().to_owned(),
    }
}

/// The first message, and how many there are.
fn titles(list: &[&&Diagnostic]) -> String {
    let first = list.first().map_or("", |it| it.message.as_str());
    match list.len() {
        1 => first.to_owned(),
        count => format!("{first}, and {} more", count - 1),
    }
}

fn drawn(run: &Run<'_>, list: &[&&Diagnostic]) -> String {
    let mut found = Diagnostics::default();
    found.extend(list.iter().map(|it| (**it).clone()));
    let summary = summary(&found).unwrap_or_default();
    format!("{summary}\n{}", human(&found, run.sources, false))
}

/// A text in XML: of the control characters, only white space can be in it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
