//! YAML as a tree with places.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};
use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, FileId, Place};

/// How deep a sync config may nest; the format itself needs five.
const MAX_DEPTH: usize = 32;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    /// The bytes in the file.
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text {
        text: String,
        /// `|` or `>`: the span begins with a line that is no text.
        block: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a map: key, key's node, value.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Node, &Node)> {
        let list = match &self.value {
            Value::Map(list) => list.as_slice(),
            _ => &[],
        };
        list.iter()
            .filter_map(|(key, value)| Some((key.text()?, key, value)))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()
            .find(|(found, _, _)| *found == key)
            .map(|(_, _, value)| value)
    }

    /// The items of a list, or the one value that stands for a list of one.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Text { .. } => std::slice::from_ref(self),
            Value::Map(_) => &[],
        }
    }
}

/// What is being built: a list or a map, and where it began.
struct Open {
    start: usize,
    anchor: usize,
    map: bool,
    items: Vec<Node>,
}

/// Reads the first document of a file.
///
/// # Errors
/// C001, once.
pub(super) fn parse(file: FileId, path: &str, text: &str) -> Result<Node, Diagnostic> {
    let bytes = Bytes::new(text);
    let refuse = |why: &str, at: usize| {
        let place = Place::new(file, at..at);
        Err(Diagnostic::new(
            Code::C001,
            format!("{path} is not a YAML file that can be read: {why}"),
        )
        .at(place, ""))
    };
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: Vec<(usize, Node)> = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(it) => it,
            Err(error) => return refuse(error.info(), bytes.at(error.marker().index())),
        };
        let range = bytes.at(span.start.index())..bytes.at(span.end.index());
        let (node, anchor) = match event {
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                if open.len() >= MAX_DEPTH {
                    return refuse(&format!("it nests more than {MAX_DEPTH} deep"), range.start);
                }
                open.push(Open {
                    start: range.start,
                    anchor,
                    map: matches!(event, Event::MappingStart(..)),
                    items: Vec::new(),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(done) = open.pop() else { continue };
                let anchor = done.anchor;
                match done.close(range.end) {
                    Ok(node) => (node, anchor),
                    Err((key, at)) => {
                        return refuse(&format!("the key `{key}` stands twice in one map"), at);
                    }
                }
            }
            Event::Scalar(text, style, anchor, _) => {
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let text = text.into_owned();
                (
                    Node {
                        value: Value::Text { text, block },
                        span: range,
                    },
                    anchor,
                )
            }
            Event::Alias(anchor) => {
                // Texts only: maps that repeat each other would grow without bound.
                let meant = anchors.iter().find(|(id, _)| *id == anchor);
                let Some((_, node)) = meant else {
                    return refuse("an alias of more than a text is not followed", range.start);
                };
                (node.clone(), 0)
            }
            Event::StreamEnd | Event::DocumentEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
        };
        if anchor != 0 && node.text().is_some() {
            anchors.push((anchor, node.clone()));
        }
        match open.last_mut() {
            Some(outer) => outer.items.push(node),
            None => return Ok(node),
        }
    }
    refuse("it is empty", 0)
}

impl Open {
    /// The finished node, or the key that stands twice.
    fn close(self, end: usize) -> Result<Node, (String, usize)> {
        let span = self.start..end.max(self.start);
        if !self.map {
            let value = Value::List(self.items);
            return Ok(Node { value, span });
        }
        let mut seen = std::collections::HashSet::new();
        let mut entries = Vec::with_capacity(self.items.len() / 2);
        let mut items = self.items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            if let Some(name) = key.text()
                && !seen.insert(name.to_owned())
            {
                return Err((name.to_owned(), key.span.start));
            }
            entries.push((key, value));
        }
        let value = Value::Map(entries);
        Ok(Node { value, span })
    }
}

/// From the parser's count of characters to bytes.
struct Bytes {
    /// Empty where every character is one byte.
    starts: Vec<u32>,
    length: usize,
}

impl Bytes {
    fn new(text: &str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX))
                .collect()
        };
        Self {
            starts,
            length: text.len(),
        }
    }

    fn at(&self, chars: usize) -> usize {
        if self.starts.is_empty() {
            return chars.min(self.length);
        }
        self.starts
            .get(chars)
            .map_or(self.length, |at| *at as usize)
    }
}
