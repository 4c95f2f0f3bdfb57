//! YAML as a tree with places.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, FileId, Place};

/// How deep a file may nest; the formats that are read need ten at most.
const MAX_DEPTH: usize = 32;

/// How many nodes aliases may add: a few lines of anchors can stand for billions.
const MAX_ALIASED: usize = 100_000;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    /// The bytes in the file.
    pub(crate) span: Range<usize>,
    /// The tag before it, such as `env` for `!env`.
    pub(crate) tag: Option<Box<str>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text {
        text: String,
        /// `|` or `>`: the span begins with a line that is no text.
        block: bool,
        /// Without quotes, so that `true` and `3` are no text to others.
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a map: key, key's node, value.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Node, &Node)> {
        let list = match &self.value {
            Value::Map(list) => list.as_slice(),
            _ => &[],
        };
        list.iter()
            .filter_map(|(key, value)| Some((key.text()?, key, value)))
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()
            .find(|(found, _, _)| *found == key)
            .map(|(_, _, value)| value)
    }

    /// The value of a key, and the key's own node.
    pub(crate) fn entry(&self, key: &str) -> Option<(&Node, &Node)> {
        self.entries()
            .find(|(found, _, _)| *found == key)
            .map(|(_, key, value)| (key, value))
    }

    /// The value at the end of a path of keys.
    pub(crate) fn path(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Is it there in name only: `key:` and no more, or `null`?
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Text { text, plain: true, .. } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Text {
                text, plain: true, ..
            } => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// How many nodes it is made of, and how deep it is.
    fn size(&self) -> (usize, usize) {
        let inside = |sizes: &mut dyn Iterator<Item = (usize, usize)>| {
            sizes.fold((1, 1), |(all, deep), (count, depth)| {
                (all + count, deep.max(depth + 1))
            })
        };
        match &self.value {
            Value::Text { .. } => (1, 1),
            Value::List(items) => inside(&mut items.iter().map(Node::size)),
            Value::Map(entries) => inside(
                &mut entries
                    .iter()
                    .flat_map(|(key, value)| [key.size(), value.size()]),
            ),
        }
    }

    /// The items of a list, or the one value that stands for a list of one.
    pub(crate) fn items(&self) -> &[Node] {
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
    tag: Option<Box<str>>,
    items: Vec<Node>,
}

/// Reads the first document of a file.
///
/// # Errors
/// C001, once.
pub(crate) fn parse(file: FileId, path: &str, text: &str) -> Result<Node, Diagnostic> {
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
    let mut anchors: HashMap<usize, Node> = HashMap::new();
    let mut aliased = 0;
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(it) => it,
            Err(error) => return refuse(error.info(), bytes.at(error.marker().index())),
        };
        let range = bytes.at(span.start.index())..bytes.at(span.end.index());
        let (node, anchor) = match event {
            Event::SequenceStart(anchor, ref tag) | Event::MappingStart(anchor, ref tag) => {
                if open.len() >= MAX_DEPTH {
                    return refuse(&format!("it nests more than {MAX_DEPTH} deep"), range.start);
                }
                open.push(Open {
                    start: range.start,
                    anchor,
                    map: matches!(event, Event::MappingStart(..)),
                    tag: name_of(tag.as_deref()),
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
            Event::Scalar(text, style, anchor, tag) => {
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let text = text.into_owned();
                (
                    Node {
                        value: Value::Text {
                            text,
                            block,
                            plain: style == ScalarStyle::Plain,
                        },
                        span: range,
                        tag: name_of(tag.as_deref()),
                    },
                    anchor,
                )
            }
            Event::Alias(anchor) => {
                let Some(node) = anchors.get(&anchor) else {
                    return refuse("an alias of what is not there yet", range.start);
                };
                let (count, depth) = node.size();
                aliased += count;
                if aliased > MAX_ALIASED {
                    return refuse("its aliases repeat too much", range.start);
                }
                if open.len() + depth > MAX_DEPTH {
                    return refuse(&format!("it nests more than {MAX_DEPTH} deep"), range.start);
                }
                (node.clone(), 0)
            }
            Event::StreamEnd | Event::DocumentEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
        };
        if anchor != 0 {
            anchors.insert(anchor, node.clone());
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
            let (value, tag) = (Value::List(self.items), self.tag);
            return Ok(Node { value, span, tag });
        }
        let mut seen = HashSet::new();
        let mut merged: Vec<(Node, Node)> = Vec::new();
        let mut entries = Vec::with_capacity(self.items.len() / 2);
        let mut items = self.items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            if key.text() == Some("<<") {
                merged.extend(merge(value));
                continue;
            }
            if let Some(name) = key.text()
                && !seen.insert(name.to_owned())
            {
                return Err((name.to_owned(), key.span.start));
            }
            entries.push((key, value));
        }
        // What the map says itself goes before what it takes over from others.
        for (key, value) in merged {
            if key.text().is_some_and(|name| seen.insert(name.to_owned())) {
                entries.push((key, value));
            }
        }
        let (value, tag) = (Value::Map(entries), self.tag);
        Ok(Node { value, span, tag })
    }
}

/// The entries that `<<: *name` takes over.
fn merge(value: Node) -> Vec<(Node, Node)> {
    match value.value {
        Value::Map(entries) => entries,
        Value::List(items) => items.into_iter().flat_map(merge).collect(),
        Value::Text { .. } => Vec::new(),
    }
}

fn name_of(tag: Option<&Tag>) -> Option<Box<str>> {
    tag.filter(|tag| tag.handle == "!")
        .map(|tag| tag.suffix.as_str().into())
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
