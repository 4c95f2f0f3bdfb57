//! Walks over JSON text and checks every byte of it, without building anything.
//!
//! In goes text that may be anything; a scanner stands somewhere in it, and each call passes one
//! piece or says what is wrong with it.

use std::borrow::Cow;

use super::json::MAX_JSON_DEPTH;
use super::number::Number;
use crate::invalid::Problem;

/// The most digits after the point that a number in a document may have, exponent applied.
/// `jsonb` would write out every one of them.
const MAX_DOCUMENT_SCALE: i64 = 400;

/// A place in the text.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Numbers must be ones that `jsonb` and JavaScript can hold.
    bounded: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, bounded: bool) -> Self {
        Self {
            text,
            at: 0,
            bounded,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Problem> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(Problem::NotJson)
        }
    }

    /// Passes white space.
    pub(super) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Nothing but white space may follow.
    pub(super) fn end(&mut self) -> Result<(), Problem> {
        self.space();
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(Problem::NotJson)
        }
    }

    /// The text from `start` to here; both lie beside ASCII characters.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Passes a value; the recursion ends at [`MAX_JSON_DEPTH`].
    pub(super) fn value(&mut self, depth: usize) -> Result<(), Problem> {
        match self.peek() {
            Some(b'{' | b'[') if depth == MAX_JSON_DEPTH => Err(Problem::Depth(MAX_JSON_DEPTH)),
            Some(b'{') => self.items(b'}', |scanner| {
                scanner.string()?;
                scanner.space();
                scanner.expect(b':')?;
                scanner.space();
                scanner.value(depth + 1)
            }),
            Some(b'[') => self.items(b']', |scanner| scanner.value(depth + 1)),
            Some(b'"') => self.string().map(|_| ()),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => self.number(),
        }
    }

    /// Passes a bracket, items with commas between them, and the closing bracket.
    fn items(
        &mut self,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.at += 1;
        self.space();
        if self.eat(close) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.space();
            if self.eat(close) {
                return Ok(());
            }
            self.expect(b',')?;
            self.space();
        }
    }

    fn literal(&mut self, word: &str) -> Result<(), Problem> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(Problem::NotJson);
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), Problem> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')
        ) {
            self.at += 1;
        }
        let number = Number::parse(self.since(start)).ok_or(Problem::NotJson)?;
        if number.has_leading_zeros() {
            return Err(Problem::NotJson);
        }
        let holds = || {
            number.scale() <= MAX_DOCUMENT_SCALE
                && self.since(start).parse::<f64>().is_ok_and(f64::is_finite)
        };
        if self.bounded && !holds() {
            Err(Problem::JsonNumber)
        } else {
            Ok(())
        }
    }

    /// Passes a string.
    pub(super) fn string(&mut self) -> Result<StringToken<'a>, Problem> {
        self.expect(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            self.at += plain.unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                    self.escape()?;
                }
                _ => return Err(Problem::NotJson),
            }
        }
        let inner = self.since(start);
        self.at += 1;
        Ok(StringToken { inner, escaped })
    }

    /// Passes what follows a backslash; both halves of a surrogate pair at once.
    fn escape(&mut self) -> Result<(), Problem> {
        let kind = self.peek();
        self.at += 1;
        match kind {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => match self.hex()? {
                0 => Err(Problem::Nul),
                0xD800..=0xDBFF => {
                    if self.literal("\\u").is_ok() && matches!(self.hex(), Ok(0xDC00..=0xDFFF)) {
                        Ok(())
                    } else {
                        Err(Problem::Surrogate)
                    }
                }
                0xDC00..=0xDFFF => Err(Problem::Surrogate),
                _ => Ok(()),
            },
            _ => Err(Problem::NotJson),
        }
    }

    fn hex(&mut self) -> Result<u32, Problem> {
        let digits = self
            .text
            .as_bytes()
            .get(self.at..self.at + 4)
            .ok_or(Problem::NotJson)?;
        self.at += 4;
        hex(digits).ok_or(Problem::NotJson)
    }
}

/// A string's text between its quotes, already checked.
pub(super) struct StringToken<'a> {
    inner: &'a str,
    escaped: bool,
}

impl<'a> StringToken<'a> {
    /// The string itself, escapes resolved.
    pub(super) fn contents(&self) -> Cow<'a, str> {
        if !self.escaped {
            return Cow::Borrowed(self.inner);
        }
        let mut out = String::with_capacity(self.inner.len());
        let mut rest = self.inner;
        while let Some((plain, escape)) = rest.split_once('\\') {
            out.push_str(plain);
            let (c, length) = unescape(escape.as_bytes());
            out.push(c);
            rest = escape.get(length..).unwrap_or_default();
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

/// The character of a checked escape, and the length of the escape without its backslash.
fn unescape(escape: &[u8]) -> (char, usize) {
    let unit = |at: usize| escape.get(at..at + 4).and_then(hex).unwrap_or_default();
    match escape.first() {
        Some(b'b') => ('\u{8}', 1),
        Some(b'f') => ('\u{c}', 1),
        Some(b'n') => ('\n', 1),
        Some(b'r') => ('\r', 1),
        Some(b't') => ('\t', 1),
        Some(b'u') => match unit(1) {
            high @ 0xD800..=0xDBFF => {
                let code = 0x10000 + ((high - 0xD800) << 10) + (unit(7) & 0x3FF);
                (
                    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                    11,
                )
            }
            code => (
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                5,
            ),
        },
        Some(&same) => (char::from(same), 1),
        None => (char::REPLACEMENT_CHARACTER, 0),
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |code, &digit| {
        Some(code << 4 | char::from(digit).to_digit(16)?)
    })
}
