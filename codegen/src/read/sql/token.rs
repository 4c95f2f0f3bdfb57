//! PostgreSQL's tokens, each with its bytes. Nothing is lost: what lies between two tokens is
//! white space. The lexer never fails and never recurses; what has no end runs to the end of the
//! text and says so.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A string: `'…'`, `E'…'`, `U&'…'`, `B'…'`, `X'…'`, `$tag$…$tag$`.
    Text,
    /// A number.
    Number,
    /// `$1`
    Parameter,
    /// An operator, `::` among them.
    Operator,
    /// One of `( ) [ ] , ; . :`
    Mark,
    /// `-- …` or `/* … */`
    Comment,
    /// From a backslash to the end of its line: a command of psql.
    Backslash,
    /// A string, quoted name or comment that is not closed.
    Unclosed,
    /// A character that no SQL has.
    Stray,
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Token {
    /// Its text.
    pub(crate) fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// The tokens of a text, comments among them.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// From the start of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes on from this byte, which begins a character.
    pub(super) fn jump(&mut self, at: usize) {
        self.at = at;
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The end of the bytes from `at` on that `holds` is true of.
    fn run(&self, at: usize, holds: impl Fn(u8) -> bool) -> usize {
        let rest = &self.text.as_bytes()[at.min(self.text.len())..];
        let len = rest.iter().position(|&byte| !holds(byte));
        at + len.unwrap_or(rest.len())
    }

    fn find(&self, at: usize, what: &str) -> Option<usize> {
        self.text.get(at..)?.find(what).map(|found| at + found)
    }

    /// The end of a string or name whose inside begins at `at`.
    fn quoted(&self, mut at: usize, quote: u8, escapes: bool) -> Option<usize> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            if byte == b'\\' && escapes {
                at += 1;
            } else if byte == quote {
                if bytes.get(at) != Some(&quote) {
                    return Some(at);
                }
                at += 1;
            }
        }
        None
    }

    /// The end of a comment whose inside begins at `at`; comments nest.
    fn block_comment(&self, mut at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut depth = 1_u32;
        while at + 1 < bytes.len() {
            match (bytes[at], bytes[at + 1]) {
                (b'*', b'/') => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                (b'/', b'*') => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
        None
    }

    /// The end of a `$tag$…$tag$` at `at`; none where it is no such thing.
    fn dollar(&self, at: usize) -> Option<Option<usize>> {
        let tag = self.run(at + 1, is_word);
        if self.byte(tag) != b'$' || self.byte(at + 1).is_ascii_digit() {
            return None;
        }
        let tag = &self.text[at..=tag];
        Some(self.find(at + tag.len(), tag).map(|end| end + tag.len()))
    }

    fn number(&self, start: usize) -> usize {
        let mut at = self.run(start, is_word);
        // `1.` and `1.5`, but not the `..` of a range.
        if self.byte(at) == b'.' && self.byte(at + 1) != b'.' {
            at = self.run(at + 1, is_word);
        }
        let exponent = matches!(self.byte(at - 1), b'e' | b'E');
        if exponent && matches!(self.byte(at), b'+' | b'-') && self.byte(at + 1).is_ascii_digit() {
            at = self.run(at + 1, is_word);
        }
        at
    }

    /// The end of an operator. It stops before a comment, and ends in `+` or `-` only where
    /// another character of it allows that, as PostgreSQL reads `a=-1`.
    fn operator(&self, start: usize) -> usize {
        let mut end = self.run(start, is_operator);
        for at in start + 1..end {
            if matches!(
                (self.byte(at), self.byte(at + 1)),
                (b'-', b'-') | (b'/', b'*')
            ) {
                end = at;
                break;
            }
        }
        let bytes = &self.text.as_bytes()[start..end];
        if !bytes.iter().any(|byte| b"~!@#%^&|`?".contains(byte)) {
            while end - start > 1 && matches!(self.byte(end - 1), b'+' | b'-') {
                end -= 1;
            }
        }
        end
    }

    fn end_or(&self, kind: Kind, end: Option<usize>) -> (Kind, usize) {
        match end {
            Some(end) if end <= self.text.len() => (kind, end),
            _ => (Kind::Unclosed, self.text.len()),
        }
    }

    fn read(&self, start: usize) -> (Kind, usize) {
        let (byte, next) = (self.byte(start), self.byte(start + 1));
        match byte {
            b'\'' => self.end_or(Kind::Text, self.quoted(start + 1, b'\'', false)),
            b'"' => self.end_or(Kind::Quoted, self.quoted(start + 1, b'"', false)),
            b'e' | b'E' if next == b'\'' => {
                self.end_or(Kind::Text, self.quoted(start + 2, b'\'', true))
            }
            b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if next == b'\'' => {
                self.end_or(Kind::Text, self.quoted(start + 2, b'\'', false))
            }
            b'u' | b'U' if next == b'&' && self.byte(start + 2) == b'\'' => {
                self.end_or(Kind::Text, self.quoted(start + 3, b'\'', false))
            }
            b'u' | b'U' if next == b'&' && self.byte(start + 2) == b'"' => {
                self.end_or(Kind::Quoted, self.quoted(start + 3, b'"', false))
            }
            b'-' if next == b'-' => (Kind::Comment, self.run(start, |byte| byte != b'\n')),
            b'/' if next == b'*' => self.end_or(Kind::Comment, self.block_comment(start + 2)),
            b'\\' => (Kind::Backslash, self.run(start, |byte| byte != b'\n')),
            b'$' => match self.dollar(start) {
                Some(end) => self.end_or(Kind::Text, end),
                None if next.is_ascii_digit() => (Kind::Parameter, self.run(start + 1, is_word)),
                None => (Kind::Stray, start + 1),
            },
            b'.' if next.is_ascii_digit() => (Kind::Number, self.number(start)),
            b'0'..=b'9' => (Kind::Number, self.number(start)),
            b':' if next == b':' => (Kind::Operator, start + 2),
            b'(' | b')' | b'[' | b']' | b',' | b';' | b'.' | b':' => (Kind::Mark, start + 1),
            _ if is_operator(byte) => (Kind::Operator, self.operator(start)),
            _ if is_word(byte) => (Kind::Word, self.run(start, |it| is_word(it) || it == b'$')),
            _ => (Kind::Stray, start + 1),
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.run(self.at, |byte| {
            matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x0b | 0x0c)
        });
        if start >= self.text.len() {
            return None;
        }
        let (kind, end) = self.read(start);
        self.at = end;
        Some(Token { kind, start, end })
    }
}

/// A letter, digit or underscore. Every character beyond ASCII is a letter to PostgreSQL.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

/// The tokens of a text without comments.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    Lexer::new(text)
        .filter(|token| token.kind != Kind::Comment)
        .collect()
}

/// The text of `range` on one line: without comments, one space where any white space stands.
pub(crate) fn one_line(text: &str, tokens: &[Token], range: Range<usize>) -> String {
    let mut out = String::new();
    let mut end = None;
    for token in tokens.get(range).unwrap_or_default() {
        if end.is_some_and(|end| end < token.start) {
            out.push(' ');
        }
        out.push_str(token.of(text));
        end = Some(token.end);
    }
    out
}

/// What a string literal means; none where it is no plain text (`B'…'`) or its escapes are wrong.
pub(crate) fn text_value(written: &str) -> Option<String> {
    let inside = |from: usize| written.get(from..written.len().checked_sub(1)?);
    match written.as_bytes().first()? {
        b'\'' => Some(inside(1)?.replace("''", "'")),
        b'$' => {
            let tag = written[1..].find('$')? + 2;
            Some(
                written
                    .get(tag..written.len().checked_sub(tag)?)?
                    .to_owned(),
            )
        }
        b'e' | b'E' => unescape(&inside(2)?.replace("''", "'")),
        b'n' | b'N' => Some(inside(2)?.replace("''", "'")),
        _ => None,
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escaped = chars.next()?;
        let (radix, most, mut digits) = match escaped {
            'x' => (16, 2, String::new()),
            'u' => (16, 4, String::new()),
            'U' => (16, 8, String::new()),
            '0'..='7' => (8, 3, String::from(escaped)),
            'b' => {
                out.push('\u{8}');
                continue;
            }
            'f' => {
                out.push('\u{c}');
                continue;
            }
            'n' => {
                out.push('\n');
                continue;
            }
            'r' => {
                out.push('\r');
                continue;
            }
            't' => {
                out.push('\t');
                continue;
            }
            other => {
                out.push(other);
                continue;
            }
        };
        while digits.len() < most
            && let Some(digit) = chars.next_if(|c| c.is_digit(radix))
        {
            digits.push(digit);
        }
        out.push(char::from_u32(u32::from_str_radix(&digits, radix).ok()?)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        Lexer::new(text)
            .map(|token| (token.kind, token.of(text)))
            .collect()
    }

    #[test]
    fn strings_of_every_kind() {
        use Kind::{Mark, Operator, Text, Word};
        assert_eq!(
            kinds(r"a 'it''s' E'\'' $$x;$$ $q$ $$ $q$ U&'d' :: ;"),
            [
                (Word, "a"),
                (Text, "'it''s'"),
                (Text, r"E'\''"),
                (Text, "$$x;$$"),
                (Text, "$q$ $$ $q$"),
                (Text, "U&'d'"),
                (Operator, "::"),
                (Mark, ";"),
            ]
        );
        assert_eq!(
            text_value(r"E'a\n\u00e9\\''x'").as_deref(),
            Some("a\né\\'x")
        );
        assert_eq!(text_value("$q$a$$b$q$").as_deref(), Some("a$$b"));
        assert_eq!(text_value("'it''s \\n'").as_deref(), Some("it's \\n"));
        assert_eq!(text_value("B'01'"), None);
    }

    #[test]
    fn operators_end_where_postgresql_ends_them() {
        let of = |text| kinds(text).into_iter().map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(of("a=-1"), ["a", "=", "-", "1"]);
        assert_eq!(of("a->>'b'"), ["a", "->>", "'b'"]);
        assert_eq!(of("a@-1"), ["a", "@-", "1"]);
        assert_eq!(of("1+--x\n2"), ["1", "+", "--x", "2"]);
        assert_eq!(of("1.5e-3*.5"), ["1.5e-3", "*", ".5"]);
        assert_eq!(of("a.b[1:2]"), ["a", ".", "b", "[", "1", ":", "2", "]"]);
    }

    #[test]
    fn what_is_not_closed_says_so() {
        for text in [
            "'abc", "\"abc", "$$abc", "/* /* */", "E'\\'", "E'\\", "$x$ $y$",
        ] {
            assert_eq!(
                kinds(text).last().map(|it| it.0),
                Some(Kind::Unclosed),
                "{text}"
            );
        }
    }
}
