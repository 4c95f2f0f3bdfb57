//! Diagnostics for people: the source line drawn, why it matters, how to mend it.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use syncline_schema::{Diagnostic, Diagnostics, FileId, Place, Severity, Sources};

/// How many notes are printed: a schema of a thousand tables may have thousands.
const NOTES_SHOWN: usize = 20;

/// All findings, each drawn with its source lines. Notes take one line each: there may be many,
/// and none of them asks for anything.
pub fn human(found: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    let mut notes = 0;
    let mut list = found.iter().peekable();
    while let Some(diagnostic) = list.next() {
        if diagnostic.severity == Severity::Note {
            notes += 1;
            if notes <= NOTES_SHOWN {
                out.push_str(&one_line(diagnostic, sources));
            }
        } else if diagnostic.labels.is_empty() {
            let again = list
                .peek()
                .is_some_and(|next| next.labels.is_empty() && next.help == diagnostic.help);
            out.push_str(&renderer.render(&[bare(diagnostic)]));
            out.push('\n');
            out.extend(diagnostic.notes.iter().map(|it| aside("note", it)));
            if !again {
                out.extend(diagnostic.help.iter().map(|it| aside("help", it)));
                out.push('\n');
            }
        } else {
            out.push_str(&renderer.render(&[drawn(diagnostic, sources)]));
            out.push_str("\n\n");
        }
    }
    if notes > NOTES_SHOWN {
        let more = notes - NOTES_SHOWN;
        out.push_str(&format!(
            "and {more} more notes; --format json lists them all\n"
        ));
    }
    out
}

fn one_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let code = diagnostic.code.name();
    let place = match sources.locate(diagnostic.place()) {
        Some(at) => format!("{}:{}:{}: ", at.path.display(), at.line, at.column),
        None => String::new(),
    };
    let help: String = diagnostic
        .help
        .iter()
        .map(|help| format!("; {help}"))
        .collect();
    format!("{place}note[{code}]: {}{help}\n", diagnostic.message)
}

/// The title of a finding without a place. The help of several in a row is said once.
fn bare(diagnostic: &Diagnostic) -> Group<'_> {
    let title = level(diagnostic)
        .primary_title(&diagnostic.message)
        .id(diagnostic.code.name());
    Group::with_title(title)
}

/// What goes below a title that has no source lines to stand under.
fn aside(what: &str, text: &str) -> String {
    format!("  = {what}: {}\n", text.replace('\n', "\n          "))
}

fn level(diagnostic: &Diagnostic) -> Level<'static> {
    match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn drawn<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let title = level(diagnostic)
        .primary_title(&diagnostic.message)
        .id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    let mut files: Vec<FileId> = Vec::new();
    for label in &diagnostic.labels {
        if let Some(file) = label.place.file().filter(|file| !files.contains(file)) {
            files.push(file);
        }
    }
    for file in files {
        group = group.element(snippet(diagnostic, sources, file));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// How many bytes of a line are drawn: a generated file may have a line of megabytes.
const MAX_LINE: usize = 400;

/// The labels of one file on the lines around them.
fn snippet<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, file: FileId) -> Element<'a> {
    let Some(source) = sources.get(file) else {
        return Level::NOTE.message("").into();
    };
    let path = source.path.to_string_lossy();
    let labels = || {
        diagnostic
            .labels
            .iter()
            .filter(move |label| label.place.file() == Some(file))
    };
    let ranges: Vec<_> = labels()
        .filter_map(|label| clamp(label.place, &source.text))
        .collect();
    let start = ranges.iter().map(|range| range.start).min().unwrap_or(0);
    let end = ranges.iter().map(|range| range.end).max().unwrap_or(0);
    // Only the lines from the first label to the last: drawing must not cost the whole file.
    let from = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = source.text[end..]
        .find('\n')
        .map_or(source.text.len(), |at| end + at);
    let first = Place::new(file, from..from);
    let line = sources.locate(first).map_or(1, |at| at.line);
    if source.text[from..to]
        .lines()
        .any(|line| line.len() > MAX_LINE)
    {
        let column = source.text[from..start].chars().count() + 1;
        return Origin::path(path).line(line).char_column(column).into();
    }
    let mut snippet = Snippet::source(&source.text[from..to])
        .line_start(line)
        .path(path);
    for (at, (label, range)) in labels().zip(ranges).enumerate() {
        let kind = if at == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let text = (!label.text.is_empty()).then_some(label.text.as_str());
        snippet = snippet.annotation(kind.span(range.start - from..range.end - from).label(text));
    }
    snippet.into()
}

/// The bytes of a place, within the text and between characters.
fn clamp(place: Place, text: &str) -> Option<std::ops::Range<usize>> {
    let range = place.range()?;
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (floor(range.start), floor(range.end));
    // A table's header would be drawn over all its lines: the first one says where.
    let first_line = text[start..end.max(start)]
        .find('\n')
        .map_or(end, |at| start + at);
    Some(start..first_line.max(start))
}
