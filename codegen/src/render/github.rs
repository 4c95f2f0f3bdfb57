//! Diagnostics as workflow commands, which GitHub shows beside the lines of a pull request.

use syncline_schema::{Diagnostic, Severity};

use super::Run;
use super::region::{Columns, region, shown};

/// One command a finding, at its main place; the other places are in its text.
pub fn github(run: &Run<'_>) -> String {
    run.found.iter().map(|found| command(run, found)).collect()
}

fn command(run: &Run<'_>, found: &Diagnostic) -> String {
    let word = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut places = found.labels.iter().filter_map(|label| {
        Some((
            region(run.sources, label.place, Columns::Characters)?,
            label,
        ))
    });
    let mut properties = String::new();
    if let Some((at, _)) = places.next() {
        properties = format!(
            "file={},line={},endLine={},",
            property(&shown(at.path)),
            at.line,
            at.end_line
        );
        // Columns of a range over several lines are refused.
        if at.line == at.end_line {
            properties += &format!("col={},endColumn={},", at.column, at.end_column);
        }
    }
    let title = property(&format!("{}: {}", found.code.name(), found.code.title()));
    let mut text = vec![found.message.clone()];
    for (at, label) in places {
        let path = shown(at.path);
        text.push(format!("{path}:{}:{}: {}", at.line, at.column, label.text));
    }
    text.extend(found.notes.iter().cloned());
    text.extend(found.help.iter().map(|help| format!("help: {help}")));
    format!(
        "::{word} {properties}title={title}::{}\n",
        data(&text.join("\n"))
    )
}

/// A text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value between `=` and `,`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
