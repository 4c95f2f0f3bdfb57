//! The tokens of one statement, read from left to right.

use std::ops::Range;

use super::token::{self, Kind, Token};

/// Why a statement could not be read: what was expected, and the bytes that stand there instead,
/// counted from the statement's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misread {
    pub(crate) message: String,
    pub(crate) range: Range<usize>,
}

/// What reading a part gives.
pub(crate) type Result<T> = std::result::Result<T, Misread>;

/// A place in a statement.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a str,
    tokens: &'a [Token],
    at: usize,
    end: usize,
}

/// A name with its schema, `public` being the same as none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            end: tokens.len(),
        }
    }

    /// The tokens of `range` alone.
    pub(crate) fn within(&self, range: Range<usize>) -> Self {
        Self {
            at: range.start,
            end: range.end,
            ..self.clone()
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> Range<usize> {
        self.at..self.end
    }

    pub(crate) fn skip_all(&mut self) {
        self.at = self.end;
    }

    pub(crate) fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// The token `ahead` of the next.
    pub(crate) fn ahead(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens[..self.end].get(self.at + ahead)
    }

    pub(crate) fn peek(&self) -> Option<&'a Token> {
        self.ahead(0)
    }

    /// The next token's text; empty at the end.
    pub(crate) fn peek_text(&self) -> &'a str {
        self.peek().map_or("", |token| token.of(self.text))
    }

    pub(crate) fn next(&mut self) -> Option<&'a Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// Is the token `ahead` of the next this keyword?
    pub(crate) fn word_at(&self, ahead: usize, word: &str) -> bool {
        self.ahead(ahead).is_some_and(|token| {
            token.kind == Kind::Word && token.of(self.text).eq_ignore_ascii_case(word)
        })
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        self.word_at(0, word)
    }

    /// Do these keywords come next?
    pub(crate) fn are(&self, words: &str) -> bool {
        words
            .split(' ')
            .enumerate()
            .all(|(ahead, word)| self.word_at(ahead, word))
    }

    /// Takes these keywords, where they come next.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let found = self.are(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    /// Is this mark or operator next?
    pub(crate) fn is_mark(&self, mark: &str) -> bool {
        self.peek().is_some_and(|token| {
            matches!(token.kind, Kind::Mark | Kind::Operator) && token.of(self.text) == mark
        })
    }

    pub(crate) fn eat_mark(&mut self, mark: &str) -> bool {
        let found = self.is_mark(mark);
        self.at += usize::from(found);
        found
    }

    /// # Errors
    /// Where these keywords do not come next.
    pub(crate) fn expect(&mut self, words: &str) -> Result<()> {
        if self.eat(words) {
            Ok(())
        } else {
            Err(self.expected(&words.to_ascii_uppercase()))
        }
    }

    /// What was expected in the next token's place.
    pub(crate) fn expected(&self, what: &str) -> Misread {
        let found = match self.peek() {
            Some(token) if token.kind == Kind::Unclosed => {
                "something that is not closed".to_owned()
            }
            Some(token) => format!("`{}`", short(token.of(self.text))),
            None => "the end of the statement".to_owned(),
        };
        Misread {
            message: format!("expected {what}, found {found}"),
            range: self.here(),
        }
    }

    /// The bytes of the next token.
    pub(crate) fn here(&self) -> Range<usize> {
        match self.peek() {
            Some(token) => token.start..token.end,
            None => {
                let last = self.tokens[..self.end].last();
                last.map_or(0..0, |token| token.start..token.end)
            }
        }
    }

    /// A name: quoted, or folded to lower case.
    pub(crate) fn name(&mut self) -> Result<String> {
        let token = self.peek().ok_or_else(|| self.expected("a name"))?;
        let written = token.of(self.text);
        let name = match token.kind {
            Kind::Word => written.to_lowercase(),
            Kind::Quoted if written.starts_with('"') => {
                written[1..written.len() - 1].replace("\"\"", "\"")
            }
            _ => return Err(self.expected("a name")),
        };
        self.at += 1;
        Ok(name)
    }

    /// `[schema.]name`; a database's name before it is left out, since there is only one.
    pub(crate) fn qualified(&mut self) -> Result<Name> {
        let mut parts = vec![self.name()?];
        while self.eat_mark(".") {
            parts.push(self.name()?);
        }
        let name = parts.pop().unwrap_or_default();
        let schema = parts.pop().filter(|it| it != "public");
        Ok(Name { schema, name })
    }

    /// The value of a string literal.
    pub(crate) fn string(&mut self) -> Result<String> {
        let value = self
            .peek()
            .filter(|token| token.kind == Kind::Text)
            .and_then(|token| token::text_value(token.of(self.text)));
        let value = value.ok_or_else(|| self.expected("a text in quotes"))?;
        self.at += 1;
        Ok(value)
    }

    /// The tokens inside the parentheses that come next, which are taken.
    pub(crate) fn parens(&mut self) -> Result<Range<usize>> {
        if !self.is_mark("(") {
            return Err(self.expected("`(`"));
        }
        let open = self.here();
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(token) = self.next() {
            if token.kind == Kind::Unclosed {
                self.at -= 1;
                return Err(self.expected("`)`"));
            }
            if token.kind != Kind::Mark {
                continue;
            }
            match token.of(self.text) {
                "(" => depth += 1,
                ")" => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(start..self.at - 1);
                    }
                }
                _ => {}
            }
        }
        Err(Misread {
            message: "this parenthesis is not closed".to_owned(),
            range: open,
        })
    }

    /// Takes one token, or everything in the parentheses that come next.
    pub(crate) fn skip(&mut self) -> Result<()> {
        if self.is_mark("(") {
            self.parens()?;
        } else {
            self.next();
        }
        Ok(())
    }

    /// The parts of `range` that commas outside parentheses and brackets separate.
    pub(crate) fn split(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let (mut start, mut depth) = (range.start, 0_i64);
        for at in range.clone() {
            let token = &self.tokens[at];
            if token.kind != Kind::Mark {
                continue;
            }
            match token.of(self.text) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                "," if depth == 0 => {
                    parts.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
        }
        if start < range.end || !parts.is_empty() {
            parts.push(start..range.end);
        }
        parts
    }

    /// `(name, name)`
    pub(crate) fn names(&mut self) -> Result<Vec<String>> {
        let inside = self.parens()?;
        let parts = self.split(inside).into_iter().map(|part| {
            let mut part = self.within(part);
            let name = part.name()?;
            if part.is_done() {
                Ok(name)
            } else {
                Err(part.expected("`,` or `)`"))
            }
        });
        parts.collect()
    }

    /// The text of these tokens on one line.
    pub(crate) fn one_line(&self, range: Range<usize>) -> String {
        token::one_line(self.text, self.tokens, range)
    }

    /// The bytes of these tokens.
    pub(crate) fn bytes(&self, range: Range<usize>) -> Range<usize> {
        match (
            self.tokens.get(range.start),
            range
                .end
                .checked_sub(1)
                .and_then(|last| self.tokens.get(last)),
        ) {
            (Some(first), Some(last)) if first.start < last.end => first.start..last.end,
            _ => self.here(),
        }
    }

    /// # Errors
    /// Where something is left.
    pub(crate) fn done(&self) -> Result<()> {
        if self.is_done() {
            Ok(())
        } else {
            Err(self.expected("the end of the statement"))
        }
    }
}

/// The beginning of a long token.
fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
