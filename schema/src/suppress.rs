//! Suppressions: `# syncline-ignore S014: reason` on the line of a finding or the one above it,
//! and `[check.ignore]` for a whole code or a code in one table.
//!
//! [`apply`] is for what loading finds in the source, [`apply_to_findings`] for what `check` finds
//! in subjects, whose comments have other signs.

mod findings;

pub use findings::{Finding, Judged, Waiver, apply_to_findings};

use std::collections::BTreeMap;
use std::path::Path;

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::Schema;
use crate::place::{FileId, Place, Sources, Spanned};

/// The word that begins a suppression in a comment.
pub(crate) const MARK: &str = "syncline-ignore";

/// One suppression: in a comment, or a line of `[check.ignore]`.
struct Suppression {
    code: Result<Code, String>,
    /// Why it is sound here; without one it suppresses nothing.
    reason: String,
    place: Place,
    used: bool,
}

impl Suppression {
    fn has_reason(&self) -> bool {
        !self.reason.is_empty()
    }
}

/// Takes suppressed findings out. Errors cannot be suppressed: they would come out as wrong files.
pub(crate) fn apply(out: &mut Diagnostics, schema: &Schema, sources: &Sources) {
    let mut comments = BTreeMap::new();
    for (at, file) in sources.iter().enumerate().filter(|(_, it)| !it.made) {
        let id = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let sign = comment_sign(&file.path);
        comments
            .extend(in_comments(&file.text, id, sign).map(|(line, comment)| ((id, line), comment)));
    }
    let mut listed: Vec<Listed> = schema
        .settings
        .check
        .ignore
        .iter()
        .map(Listed::read)
        .collect();
    let blocks = Blocks::new(schema);
    out.retain(|found| {
        if found.severity == Severity::Error {
            return true;
        }
        let block = blocks.around(found.place());
        let by_list = listed.iter_mut().find(|it| it.takes(found.code, block));
        if let Some(listed) = by_list {
            listed.suppression.used = true;
            return false;
        }
        // A comment cannot stand within a string, so one above a long query is for all of it.
        let lines = [found.place(), blocks.query_around(found.place())]
            .into_iter()
            .filter_map(|place| Some((place.file()?, sources.locate(place)?.line)));
        for (file, line) in lines {
            for line in [line, line.saturating_sub(1)] {
                if let Some(comment) = comments.get_mut(&(file, line))
                    && comment.code == Ok(found.code)
                    && comment.has_reason()
                {
                    comment.used = true;
                    return false;
                }
            }
        }
        true
    });
    let listed = listed.into_iter().map(|it| it.suppression);
    let all = comments.into_values().chain(listed);
    for suppression in all.filter(|suppression| !suppression.used) {
        out.extend(unused(&suppression));
    }
}

/// How a source file's comments begin.
fn comment_sign(path: &Path) -> &'static str {
    if path.extension().is_some_and(|it| it == "rs") {
        "//"
    } else {
        "#"
    }
}

/// A line of `[check.ignore]`: a code, or a code in one table or stream.
struct Listed<'a> {
    suppression: Suppression,
    block: Option<&'a str>,
}

impl<'a> Listed<'a> {
    fn read((key, reason): &'a (Spanned<String>, String)) -> Self {
        let (code, block) = match key.value.split_once('.') {
            Some((code, block)) => (code, Some(block)),
            None => (key.value.as_str(), None),
        };
        Self {
            suppression: Suppression {
                code: Code::parse(code).ok_or_else(|| code.to_owned()),
                reason: reason.trim().to_owned(),
                place: key.place,
                used: false,
            },
            block,
        }
    }

    fn takes(&self, code: Code, block: Option<&str>) -> bool {
        self.suppression.code == Ok(code)
            && self.suppression.has_reason()
            && (self.block.is_none() || self.block == block)
    }
}

/// Where tables, streams and their queries stand, in the order of the source.
struct Blocks<'a> {
    starts: BTreeMap<(FileId, usize), &'a str>,
    queries: BTreeMap<(FileId, usize), Place>,
}

impl<'a> Blocks<'a> {
    fn new(schema: &'a Schema) -> Self {
        let start = |place: Place| Some((place.file()?, place.range()?.start));
        let tables = schema.tables.iter().map(|it| (it.place, it.name.as_str()));
        let streams = schema.streams.iter().map(|it| (it.place, it.name.as_str()));
        let queries = schema.streams.iter().flat_map(|stream| {
            stream
                .queries
                .iter()
                .chain(stream.with.iter().map(|(_, query)| query))
        });
        Self {
            starts: tables
                .chain(streams)
                .filter_map(|(at, name)| Some((start(at)?, name)))
                .collect(),
            queries: queries
                .filter_map(|it| Some((start(it.place)?, it.place)))
                .collect(),
        }
    }

    /// The table or stream under whose header a place stands.
    fn around(&self, place: Place) -> Option<&'a str> {
        let (file, at) = (place.file()?, place.range()?.start);
        let ((found, _), name) = self.starts.range(..=(file, at)).next_back()?;
        (*found == file).then_some(*name)
    }

    /// The query in which a place stands; nowhere where there is none.
    fn query_around(&self, place: Place) -> Place {
        let (Some(file), Some(range)) = (place.file(), place.range()) else {
            return Place::NOWHERE;
        };
        let last = self.queries.range(..=(file, range.start)).next_back();
        match last {
            Some(((found, _), query))
                if *found == file && query.range().is_some_and(|it| it.end >= range.start) =>
            {
                *query
            }
            _ => Place::NOWHERE,
        }
    }
}

/// What is wrong with a suppression that took nothing out. Codes of `check` are judged there.
fn unused(it: &Suppression) -> Option<Diagnostic> {
    let message = match &it.code {
        Err(word) => format!("`{word}` is no code"),
        Ok(code) if !it.has_reason() => {
            format!("the suppression of {} gives no reason", code.name())
        }
        Ok(code) if code.severity() == Severity::Error && !findings::is_check(*code) => {
            format!("{} is an error, which cannot be suppressed", code.name())
        }
        Ok(code) if code.name().starts_with(['S', 'L']) => {
            format!("{} is not found here", code.name())
        }
        Ok(_) => return None,
    };
    Some(
        Diagnostic::new(Code::S026, message)
            .at(it.place, "suppresses nothing")
            .help(format!(
                "write `# {MARK} CODE: reason` on the line of the finding or the one above it, or `CODE = \"reason\"` under [check.ignore]"
            )),
    )
}

/// The suppressions in the comments of a text, each with its line, from 1.
fn in_comments<'a>(
    text: &'a str,
    file: FileId,
    sign: &'a str,
) -> impl Iterator<Item = (usize, Suppression)> + 'a {
    let (mut line, mut counted) = (1, 0);
    text.match_indices(MARK).filter_map(move |(at, _)| {
        line += text[counted..at]
            .bytes()
            .filter(|&byte| byte == b'\n')
            .count();
        counted = at;
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = text[line_start..at].trim_end().strip_suffix(sign)?;
        if ends_in_string(before) {
            return None;
        }
        let line_end = text[at..]
            .find('\n')
            .map_or(text.len(), |newline| at + newline);
        let rest = text[at + MARK.len()..line_end].trim();
        let (word, reason) = rest.split_once(':').unwrap_or((rest, ""));
        let suppression = Suppression {
            code: Code::parse(word.trim()).ok_or_else(|| word.trim().to_owned()),
            reason: reason.trim().to_owned(),
            place: Place::new(file, at..line_end),
            used: false,
        };
        Some((line, suppression))
    })
}

/// Within a string there is no comment. A line that begins in one is not worth a lexer.
fn ends_in_string(line: &str) -> bool {
    let (mut open, mut escaped) = (None, false);
    for c in line.chars() {
        match open {
            None if c == '"' || c == '\'' => open = Some(c),
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(quote) if c == quote => open = None,
            _ => {}
        }
    }
    open.is_some()
}
