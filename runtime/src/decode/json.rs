//! One JSON value, as text: checked to the last byte, told apart by kind, never made a tree.
//!
//! In goes text that may be anything; out comes a [`Raw`] that borrows from it.

use std::borrow::Cow;

use super::scanner::Scanner;
use crate::invalid::Problem;

/// The deepest nesting of arrays and objects that is read.
pub const MAX_JSON_DEPTH: usize = 128;

/// A JSON value that has been checked, by kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Raw<'a> {
    Null,
    Boolean(bool),
    /// The number as it is written.
    Number(&'a str),
    /// The string's contents, escapes resolved; holds no NUL.
    String(Cow<'a, str>),
    /// The array's text.
    Array(&'a str),
    /// The object's text.
    Object(&'a str),
}

/// Reads text that is one JSON value.
pub(crate) fn read(text: &str) -> Result<Raw<'_>, Problem> {
    let mut scanner = Scanner::new(text, false);
    let raw = raw(&mut scanner)?;
    scanner.end()?;
    Ok(raw)
}

/// Checks that text is one JSON document that `jsonb` takes, and gives it without the white
/// space around it.
pub(crate) fn document(text: &str) -> Result<&str, Problem> {
    let mut scanner = Scanner::new(text, true);
    scanner.space();
    let start = scanner.at();
    scanner.value(0)?;
    let document = scanner.since(start);
    scanner.end()?;
    Ok(document)
}

/// Hands each element of an array's text to `each`, with its place.
pub(crate) fn elements<'a, E>(
    text: &'a str,
    wrong: impl Fn(Problem) -> E,
    mut each: impl FnMut(usize, Raw<'a>) -> Result<(), E>,
) -> Result<(), E> {
    let mut scanner = Scanner::new(text, false);
    scanner.space();
    if !scanner.eat(b'[') {
        return Err(wrong(Problem::NotJson));
    }
    scanner.space();
    if !scanner.eat(b']') {
        let mut index = 0;
        loop {
            each(index, raw(&mut scanner).map_err(&wrong)?)?;
            index += 1;
            scanner.space();
            if scanner.eat(b']') {
                break;
            }
            scanner.expect(b',').map_err(&wrong)?;
        }
    }
    scanner.end().map_err(wrong)
}

/// A value, told apart by kind.
fn raw<'a>(scanner: &mut Scanner<'a>) -> Result<Raw<'a>, Problem> {
    scanner.space();
    let start = scanner.at();
    let first = scanner.peek();
    if first == Some(b'"') {
        return scanner.string().map(|token| Raw::String(token.contents()));
    }
    scanner.value(0)?;
    Ok(match first {
        Some(b'n') => Raw::Null,
        Some(b't') => Raw::Boolean(true),
        Some(b'f') => Raw::Boolean(false),
        Some(b'[') => Raw::Array(scanner.since(start)),
        Some(b'{') => Raw::Object(scanner.since(start)),
        _ => Raw::Number(scanner.since(start)),
    })
}
