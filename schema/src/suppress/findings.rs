//! Suppressions of what `check` finds. Unlike errors in the source, drift can be sound: all codes
//! but C001 can be suppressed, in the subject, in the source, or under `[check.ignore]`.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Listed, MARK, Suppression, in_comments, unused};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Schema;
use crate::place::{FileId, Sources};

/// What `check` found, and the table that it is about.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The table, where it is about one.
    pub table: Option<String>,
    /// What was found.
    pub diagnostic: Diagnostic,
}

/// Why a finding is suppressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// As the user gives it.
    pub reason: String,
    /// In a comment beside it, not under `[check.ignore]`?
    pub in_source: bool,
}

/// What suppressions leave of the findings.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// What there is to say.
    pub found: Diagnostics,
    /// What is suppressed, and why.
    pub suppressed: Vec<(Diagnostic, Waiver)>,
}

/// Takes out what is suppressed, and adds the suppressions that suppressed nothing (S026).
///
/// Suppressions in the source are judged only where `whole` says that all its subjects were
/// compared: another subject may need them. None is judged where a subject could not be read.
pub fn apply_to_findings(
    findings: Vec<Finding>,
    schema: &Schema,
    sources: &Sources,
    whole: bool,
) -> Judged {
    let mut comments = BTreeMap::new();
    for (at, file) in sources.iter().enumerate() {
        let id = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let found = in_comments(&file.text, id, sign_of(&file.path));
        comments.extend(found.map(|(line, comment)| ((id, line), comment)));
    }
    let mut listed: Vec<Listed<'_>> = schema
        .settings
        .check
        .ignore
        .iter()
        .map(Listed::read)
        .collect();
    let readable = findings.iter().all(|it| it.diagnostic.code != Code::C001);
    let mut out = Diagnostics::default();
    let mut suppressed = Vec::new();
    for Finding {
        table,
        mut diagnostic,
    } in findings
    {
        let code = diagnostic.code;
        diagnostic.about = table.as_deref().map(Into::into);
        let by_list = listed
            .iter_mut()
            .find(|it| it.takes(code, table.as_deref()));
        if code == Code::C001 {
            out.push(diagnostic);
        } else if let Some(listed) = by_list {
            listed.suppression.used = true;
            let reason = listed.suppression.reason.clone();
            let in_source = false;
            suppressed.push((diagnostic, Waiver { reason, in_source }));
        } else if let Some(reason) = by_comment(&mut comments, &diagnostic, sources) {
            let in_source = true;
            suppressed.push((diagnostic, Waiver { reason, in_source }));
        } else {
            out.push(diagnostic);
        }
    }
    if readable {
        let in_subjects = |file: FileId| sources.get(file).is_some_and(|it| !is_source(&it.path));
        let comments = comments
            .into_iter()
            .map(|((file, _), it)| (in_subjects(file), it));
        let listed = listed.into_iter().map(|it| (false, it.suppression));
        for (in_subject, it) in comments.chain(listed).filter(|(_, it)| !it.used) {
            // What else is wrong with those of the source, loading has said.
            let of_check = it.code.as_ref().is_ok_and(|code| is_check(*code)) && it.has_reason();
            if in_subject || (whole && of_check) {
                // In a subject, errors can be suppressed, too: there they are drift.
                let spare = it.code.is_err() || !it.has_reason();
                let problem = unused(&it).filter(|_| spare);
                out.push(problem.unwrap_or_else(|| found_nothing(&it)));
            }
        }
    }
    out.sort();
    suppressed.sort_by_key(|(it, _)| (it.place().order(), it.code));
    Judged {
        found: out,
        suppressed,
    }
}

/// Is it one of `check`'s?
pub(super) fn is_check(code: Code) -> bool {
    code.name().starts_with('C')
}

/// Uses the comment that suppresses a finding at any of its places, if there is one.
fn by_comment(
    comments: &mut BTreeMap<(FileId, usize), Suppression>,
    found: &Diagnostic,
    sources: &Sources,
) -> Option<String> {
    if comments.is_empty() {
        return None;
    }
    for label in &found.labels {
        let Some((file, at)) = label.place.file().zip(sources.locate(label.place)) else {
            continue;
        };
        let yaml = sources.get(file).filter(|_| sign_of(at.path) == "#");
        let header = yaml.and_then(|it| block_header(&it.text, at.line));
        let lines = [Some(at.line), header].into_iter().flatten();
        for line in lines.flat_map(|line| [line, line.saturating_sub(1)]) {
            if let Some(comment) = comments.get_mut(&(file, line))
                && comment.code == Ok(found.code)
                && comment.has_reason()
            {
                comment.used = true;
                return Some(comment.reason.clone());
            }
        }
    }
    None
}

/// The line of the key whose text, in YAML, this line is a part of: no comment can stand in that
/// text, so one above the key is for all of it.
fn block_header(text: &str, line: usize) -> Option<usize> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines.last()?);
    let above = lines
        .iter()
        .rposition(|it| !it.trim().is_empty() && indent(it) < own)?;
    let opens = lines[above].trim_end().trim_end_matches(['-', '+']);
    opens.ends_with(['|', '>']).then_some(above + 1)
}

fn found_nothing(it: &Suppression) -> Diagnostic {
    let name = it.code.as_ref().map_or("it", |code| code.name());
    Diagnostic::new(Code::S026, format!("{name} is not found here"))
        .at(it.place, "suppresses nothing")
        .help(format!(
            "write `{MARK} CODE: reason` on the line of the finding or the one above it, or take it out"
        ))
}

/// The sign that begins a comment in a file of this name.
fn sign_of(path: &Path) -> &'static str {
    match extension(path).as_str() {
        "toml" | "yaml" | "yml" => "#",
        "sql" => "--",
        _ => "//",
    }
}

fn is_source(path: &Path) -> bool {
    extension(path) == "toml"
}

fn extension(path: &Path) -> String {
    let extension = path.extension().and_then(|it| it.to_str());
    extension.unwrap_or_default().to_ascii_lowercase()
}
