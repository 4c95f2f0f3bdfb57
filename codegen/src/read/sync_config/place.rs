//! From a byte of a query to the byte of the file: a YAML text is not what stands in the file
//! where it is folded, indented or escaped.

use std::ops::Range;

use syncline_schema::{FileId, Place};

use crate::read::yaml::{Node, Value};

/// Where each byte of a text stands in its file.
#[derive(Debug)]
pub(super) struct Spots {
    file: FileId,
    span: Range<usize>,
    /// Empty where the text is escaped in a way that is not followed: then all is the whole text.
    bytes: Vec<usize>,
}

impl Spots {
    pub(super) fn new(file: FileId, source: &str, node: &Node) -> Self {
        let span = node.span.clone();
        let mut bytes = Vec::new();
        if let (Value::Text { text, block, .. }, Some(raw)) =
            (&node.value, source.get(span.clone()))
        {
            // The line of the `|` is no text. The parser may begin behind it already.
            let header = match raw.find('\n') {
                Some(end) if *block && raw.starts_with(['|', '>']) => end,
                _ => 0,
            };
            bytes = walk(text, raw, header).unwrap_or_default();
        }
        for at in &mut bytes {
            *at += span.start;
        }
        Self { file, span, bytes }
    }

    /// The place of a range of the text.
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        let last = range.end.saturating_sub(1);
        match (self.bytes.get(range.start), self.bytes.get(last)) {
            (Some(&start), Some(&end)) if range.start <= last => {
                Place::new(self.file, start..end + 1)
            }
            _ => Place::new(self.file, self.span.clone()),
        }
    }
}

/// Matches the text with its source, byte by byte, white space being free.
fn walk(text: &str, raw: &str, start: usize) -> Option<Vec<usize>> {
    let raw = raw.as_bytes();
    let mut at = start;
    let mut out = Vec::with_capacity(text.len());
    let skip = |at: &mut usize| {
        while raw.get(*at).is_some_and(u8::is_ascii_whitespace) {
            *at += 1;
        }
    };
    skip(&mut at);
    if start == 0
        && raw.get(at).is_some_and(|byte| b"\"'".contains(byte))
        && text.as_bytes().first() != raw.get(at)
    {
        at += 1;
    }
    for &byte in text.as_bytes() {
        if byte.is_ascii_whitespace() {
            out.push(at.min(raw.len().saturating_sub(1)));
            continue;
        }
        skip(&mut at);
        let escaped = raw.first() == Some(&b'"') && raw.get(at) == Some(&b'\\');
        at += usize::from(escaped);
        if raw.get(at) != Some(&byte) {
            return None;
        }
        out.push(at);
        // `''` in single quotes.
        let doubled =
            byte == b'\'' && raw.get(at + 1) == Some(&b'\'') && raw.first() == Some(&b'\'');
        at += if doubled { 2 } else { 1 };
    }
    Some(out)
}
