//! Suppressions: `# syncline-ignore S014: reason` on the line of a finding or the one above it,
//! and `[check.ignore]` for a whole code or a code in one table.

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::Schema;
use crate::place::{FileId, Place, Sources};

/// The word that begins a suppression in a comment.
pub(crate) const MARK: &str = "syncline-ignore";

/// One suppression in a comment.
struct Comment {
    code: Result<Code, String>,
    has_reason: bool,
    line: usize,
    place: Place,
    used: bool,
}

/// Takes suppressed findings out. Errors cannot be suppressed: they would come out as wrong files.
pub(crate) fn apply(out: &mut Diagnostics, schema: &Schema, sources: &Sources) {
    let mut comments = Vec::new();
    for (at, file) in sources.iter().enumerate() {
        let id = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        comments.extend(in_comments(&file.text, id, "#"));
    }
    out.retain(|found| {
        if found.severity == Severity::Error {
            return true;
        }
        let listed = schema.settings.check.ignore.iter();
        let mut listed = listed.filter(|(code, reason)| {
            !reason.trim().is_empty() && code.value.eq_ignore_ascii_case(found.code.name())
        });
        if listed.next().is_some() {
            return false;
        }
        let Some(line) = sources.locate(found.place()).map(|it| it.line) else {
            return true;
        };
        let hit = comments.iter_mut().find(|comment| {
            comment.place.file() == found.place().file()
                && comment.code == Ok(found.code)
                && comment.has_reason
                && (comment.line == line || comment.line + 1 == line)
        });
        match hit {
            Some(comment) => {
                comment.used = true;
                false
            }
            None => true,
        }
    });
    for comment in comments.into_iter().filter(|comment| !comment.used) {
        out.extend(unused(&comment));
    }
}

/// What is wrong with a suppression that took nothing out. Codes of `check` are judged there.
fn unused(comment: &Comment) -> Option<Diagnostic> {
    let message = match &comment.code {
        Err(word) => format!("`{word}` is no code"),
        Ok(code) if !comment.has_reason => {
            format!("the suppression of {} gives no reason", code.name())
        }
        Ok(code) if code.name().starts_with(['S', 'L', 'T']) => {
            format!("{} is not found here", code.name())
        }
        Ok(_) => return None,
    };
    Some(
        Diagnostic::new(Code::S026, message)
            .at(comment.place, "suppresses nothing")
            .help(format!("write `{MARK} CODE: reason` on the line of the finding or the one above it, or take it out")),
    )
}

fn in_comments<'a>(
    text: &'a str,
    file: FileId,
    sign: &'a str,
) -> impl Iterator<Item = Comment> + 'a {
    text.match_indices(MARK).filter_map(move |(at, _)| {
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = text[line_start..at].trim_end();
        if !before.ends_with(sign) {
            return None;
        }
        let line_end = text[at..]
            .find('\n')
            .map_or(text.len(), |newline| at + newline);
        let rest = text[at + MARK.len()..line_end].trim();
        let (word, reason) = rest.split_once(':').unwrap_or((rest, ""));
        Some(Comment {
            code: Code::parse(word.trim()).ok_or_else(|| word.trim().to_owned()),
            has_reason: !reason.trim().is_empty(),
            line: text[..at].bytes().filter(|&byte| byte == b'\n').count() + 1,
            place: Place::new(file, at..line_end),
            used: false,
        })
    })
}
