//! The formatter of `syncline fmt`: white space only. Keys, values and comments keep their text
//! and their order, so that the formatted source means what it meant.

use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

/// Spaces for each level of a list or table that spans lines.
const INDENT: usize = 2;

/// Comments behind code line up, but for those behind a line longer than this.
const ALIGN_UP_TO: usize = 60;

/// One line of the result, before its comment is placed.
#[derive(Debug, Default)]
struct Line {
    code: String,
    comment: Option<String>,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.code.is_empty() && self.comment.is_none()
    }

    fn is_comment(&self) -> bool {
        self.code.is_empty() && self.comment.is_some()
    }

    /// The path of a table's header, where it is one.
    fn header(&self) -> Option<&str> {
        let inner = self.code.strip_prefix('[')?.strip_suffix(']')?;
        Some(inner.trim_start_matches('[').trim_end_matches(']'))
    }
}

/// Formats a source that is valid TOML. Formatting twice is formatting once.
pub fn format(text: &str) -> String {
    let lines = spaced(lines(text));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < lines.len() {
        let block = lines[at..]
            .iter()
            .take_while(|line| is_entry(line))
            .count()
            .max(1);
        let block = &lines[at..at + block];
        let aligned = block.iter().filter(|line| is_aligned(line));
        let column = aligned.map(|line| width(&line.code)).max();
        for line in block {
            write(line, column.filter(|_| is_aligned(line)), &mut out);
        }
        at += block.len();
    }
    out
}

fn width(code: &str) -> usize {
    code.lines().last().unwrap_or("").chars().count()
}

/// A line of a block whose comments line up: blank lines, comments and headers part blocks.
fn is_entry(line: &Line) -> bool {
    !line.code.is_empty() && line.header().is_none()
}

fn is_aligned(line: &Line) -> bool {
    is_entry(line) && line.comment.is_some() && width(&line.code) <= ALIGN_UP_TO
}

fn write(line: &Line, column: Option<usize>, out: &mut String) {
    out.push_str(&line.code);
    if let Some(comment) = &line.comment {
        if !line.is_comment() {
            let pad = column.map_or(0, |column| column - width(&line.code));
            out.extend(std::iter::repeat_n(' ', pad + 2));
        }
        out.push_str(comment);
    }
    out.push('\n');
}

/// Cuts the text into lines and settles the spaces within each.
fn lines(text: &str) -> Vec<Line> {
    let source = Source::new(text);
    let mut lines = vec![Line::default()];
    let mut depth = 0_usize;
    let mut before: Option<TokenKind> = None;
    for token in source.lex() {
        let Some(line) = lines.last_mut() else { break };
        let raw = &text[token.span().start()..token.span().end()];
        match token.kind() {
            TokenKind::Eof => break,
            TokenKind::Whitespace => continue,
            TokenKind::Newline => {
                lines.push(Line::default());
                before = None;
                continue;
            }
            TokenKind::Comment => {
                let indent = if line.code.is_empty() {
                    depth * INDENT
                } else {
                    0
                };
                line.comment = Some(format!("{}{}", " ".repeat(indent), raw.trim_end()));
                continue;
            }
            _ => {}
        }
        if closes(&token) {
            depth = depth.saturating_sub(1);
        }
        if line.code.is_empty() {
            line.code.push_str(&" ".repeat(depth * INDENT));
        } else if let Some(before) = before
            && space_between(before, token.kind())
        {
            line.code.push(' ');
        }
        if opens(&token) {
            depth += 1;
        }
        line.code.push_str(&raw.replace("\r\n", "\n"));
        before = Some(token.kind());
    }
    lines
}

fn opens(token: &Token) -> bool {
    matches!(
        token.kind(),
        TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket
    )
}

fn closes(token: &Token) -> bool {
    matches!(
        token.kind(),
        TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket
    )
}

fn space_between(before: TokenKind, now: TokenKind) -> bool {
    use TokenKind::{Comma, Equals, LeftCurlyBracket, RightCurlyBracket};
    match (before, now) {
        (LeftCurlyBracket, RightCurlyBracket) => false,
        (_, Comma) => false,
        (Equals | Comma | LeftCurlyBracket, _) | (_, Equals | RightCurlyBracket) => true,
        _ => false,
    }
}

/// Settles blank lines: at most one, none at the ends, one before a table that does not belong
/// to the one above it.
fn spaced(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut last_header: Option<String> = None;
    for line in lines {
        if line.is_blank() && out.last().is_none_or(Line::is_blank) {
            continue;
        }
        if let Some(header) = line.header() {
            let belongs = last_header.as_deref().is_some_and(|last| {
                header
                    .strip_prefix(last)
                    .is_some_and(|rest| rest.starts_with('.'))
            });
            // Comments right above a header are the header's.
            let comments = out
                .iter()
                .rev()
                .take_while(|line| line.is_comment())
                .count();
            let at = out.len() - comments;
            if !belongs && at > 0 && !out[at - 1].is_blank() {
                out.insert(at, Line::default());
            }
            last_header = Some(header.to_owned());
        }
        out.push(line);
    }
    while out.last().is_some_and(Line::is_blank) {
        out.pop();
    }
    out
}
