//! A thin view of the declared tree: values with their places, and the shape check.

use super::grammar::{self, Key, Record, Shape};
use super::tree::{Entries, Item, Value};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::place::Place;

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value<'a>,
    pub(super) place: Place,
}

impl<'a> Node<'a> {
    pub(super) fn new(item: &'a Item<'a>) -> Self {
        Self {
            value: &item.value,
            place: item.place,
        }
    }

    pub(super) fn text(self) -> Option<&'a str> {
        self.value.text()
    }

    pub(super) fn bool(self) -> Option<bool> {
        self.value.bool()
    }

    pub(super) fn integer(self) -> Option<i64> {
        self.value.integer()
    }

    pub(super) fn is_list(self) -> bool {
        self.value.list().is_some()
    }

    pub(super) fn table(self) -> Option<Fields<'a>> {
        Some(Fields {
            entries: self.value.table()?,
            place: self.place,
        })
    }

    pub(super) fn items(self) -> impl Iterator<Item = Node<'a>> {
        self.value.list().into_iter().flatten().map(Node::new)
    }

    /// The strings of a list, or the one string that stands for a list of one.
    pub(super) fn texts(self) -> Vec<crate::place::Spanned<String>> {
        let one = self.text().map(|_| self);
        one.into_iter()
            .chain(self.items())
            .filter_map(|node| {
                Some(crate::place::Spanned {
                    value: node.text()?.to_owned(),
                    place: node.place,
                })
            })
            .collect()
    }
}

/// A table's keys and values.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    entries: &'a Entries<'a>,
    pub(super) place: Place,
}

impl<'a> Fields<'a> {
    /// Entries that stand nowhere.
    #[cfg(feature = "toml")]
    pub(super) fn new(entries: &'a Entries<'a>) -> Self {
        Self {
            entries,
            place: Place::NOWHERE,
        }
    }

    pub(super) fn get(self, key: &str) -> Option<Node<'a>> {
        Some(Node::new(self.entries.get(key)?))
    }

    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        self.get(key)?.text()
    }

    pub(super) fn owned(self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    pub(super) fn bool(self, key: &str) -> Option<bool> {
        self.get(key)?.bool()
    }

    pub(super) fn table(self, key: &str) -> Option<Fields<'a>> {
        self.get(key)?.table()
    }

    pub(super) fn texts(self, key: &str) -> Vec<crate::place::Spanned<String>> {
        self.get(key).map(Node::texts).unwrap_or_default()
    }

    /// Keys with their places, in the order of the source.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Place, Node<'a>)> {
        self.entries
            .iter()
            .map(|entry| (entry.key.as_ref(), entry.place, Node::new(&entry.item)))
    }

    /// Is there a key that was probably meant to be `key`? It has been reported by then.
    pub(super) fn misspells(self, key: &str) -> bool {
        self.entries()
            .any(|(name, _, _)| name != key && did_you_mean(name, [key]).is_some())
    }

    /// Reports every key that `record` does not know and every value of the wrong shape.
    pub(super) fn check(self, record: &'static Record, out: &mut Diagnostics) {
        for (name, place, node) in self.entries() {
            match record.keys.iter().find(|key| key.name == name) {
                Some(key) => node.check(&key.shape, key.name, out),
                None => out.push(unknown_key(record, name, place, node)),
            }
        }
    }
}

fn unknown_key(record: &'static Record, name: &str, place: Place, node: Node<'_>) -> Diagnostic {
    let known = || record.keys.iter().map(|key: &Key| key.name);
    let list = || {
        format!(
            "{} takes {}",
            record.name,
            known().collect::<Vec<_>>().join(", ")
        )
    };
    Diagnostic::new(
        Code::S002,
        format!("`{name}` is not a key of {}", record.name),
    )
    .at(place, "unknown key")
    .help(
        did_you_mean(name, known())
            .or_else(|| misplaced_column(record, name, node))
            .or_else(|| meant(record, name))
            .unwrap_or_else(list),
    )
}

/// A column that stands among the options of its table.
fn misplaced_column(record: &'static Record, name: &str, node: Node<'_>) -> Option<String> {
    let ty = node.text().or_else(|| node.table()?.text("type"))?;
    let is_table = std::ptr::eq(record, &grammar::TABLE);
    (is_table && super::parse_type(ty).is_ok())
        .then(|| format!("`{name}` looks like a column: columns stand under [tables.….columns]"))
}

/// What a key of another tool, or of another place, means here.
fn meant(record: &'static Record, name: &str) -> Option<String> {
    if grammar::ROOT.keys.iter().any(|key| key.name == name) {
        return Some(format!(
            "`{name}` is a key of the file: write it above the first [section]"
        ));
    }
    let column = std::ptr::eq(record, &grammar::COLUMN);
    let word = match name {
        "nullable" | "optional" | "null" if column => "mark the type with `?`: type = \"text?\"",
        "required" | "not_null" | "notNull" if column => {
            "columns are required unless their type is marked with `?`"
        }
        "primary_key" | "primaryKey" | "pk" => {
            "every table has an `id` that the device makes; `key` chooses PostgreSQL's primary key"
        }
        "autoincrement" | "auto_increment" => {
            "ids are UUIDs that the device makes; a server table may use default = { raw = \"nextval('…')\" }"
        }
        _ => return None,
    };
    Some(word.to_owned())
}

impl Node<'_> {
    fn check(self, shape: &'static Shape, name: &str, out: &mut Diagnostics) {
        match shape {
            _ if *self.value == Value::Unread => {}
            Shape::Any => {}
            Shape::Record(record) if self.table().is_some() => {
                if let Some(fields) = self.table() {
                    fields.check(record, out);
                }
            }
            Shape::Map(inner) if self.table().is_some() => {
                for (key, _, node) in self.table().into_iter().flat_map(Fields::entries) {
                    node.check(inner, key, out);
                }
            }
            Shape::List(Shape::Either([Shape::List(_), ..]))
                if self.items().any(|it| it.text().is_some()) =>
            {
                let flat: Vec<_> = self
                    .items()
                    .filter_map(Node::text)
                    .map(|it| format!("{it:?}"))
                    .collect();
                out.push(
                    Diagnostic::new(Code::S003, format!("`{name}` is a list of lists"))
                        .at(self.place, "a list of strings")
                        .help(format!("write {name} = [[{}]]", flat.join(", "))),
                );
            }
            Shape::List(inner) if self.is_list() => {
                for node in self.items() {
                    node.check(inner, name, out);
                }
            }
            Shape::Either(shapes) => match shapes.iter().find(|shape| self.is_kind(shape)) {
                Some(shape) => self.check(shape, name, out),
                None => out.push(self.wrong_kind(shape, name)),
            },
            Shape::Choice(words) => self.check_choice(words, name, out),
            Shape::Integer(min, max) if self.is_kind(shape) => {
                if !self.integer().is_some_and(|n| (*min..=*max).contains(&n)) {
                    out.push(
                        Diagnostic::new(Code::S017, format!("`{name}` is out of its range"))
                            .at(self.place, format!("takes {min} to {max}")),
                    );
                }
            }
            _ if self.is_kind(shape) => {}
            _ => out.push(self.wrong_kind(shape, name)),
        }
    }

    fn check_choice(self, words: &[&str], name: &str, out: &mut Diagnostics) {
        let list = || format!("takes {}", quoted(words));
        match self.text() {
            Some(word) if words.contains(&word) => {}
            Some(word) => out.push(
                Diagnostic::new(Code::S003, format!("`{name}` cannot be \"{word}\""))
                    .at(self.place, list())
                    .help_opt(did_you_mean(word, words.iter().copied())),
            ),
            None => out.push(
                Diagnostic::new(
                    Code::S003,
                    format!("`{name}` cannot be {}", self.value.kind()),
                )
                .at(self.place, list()),
            ),
        }
    }

    fn is_kind(self, shape: &Shape) -> bool {
        match shape {
            Shape::Bool => self.bool().is_some(),
            Shape::Text | Shape::Choice(_) => self.text().is_some(),
            Shape::Integer(..) => matches!(self.value, Value::Integer(..)),
            Shape::List(_) => self.is_list(),
            Shape::Map(_) | Shape::Record(_) => self.table().is_some(),
            Shape::Either(shapes) => shapes.iter().any(|shape| self.is_kind(shape)),
            Shape::Any => true,
        }
    }

    fn wrong_kind(self, shape: &Shape, name: &str) -> Diagnostic {
        Diagnostic::new(
            Code::S003,
            format!("`{name}` cannot be {}", self.value.kind()),
        )
        .at(self.place, format!("takes {}", expected(shape)))
        .help_opt(self.unquoted(shape))
    }

    /// Dates and numbers that were meant as text.
    fn unquoted(self, shape: &Shape) -> Option<String> {
        let bare = match self.value {
            Value::Date(it) => it.as_str(),
            Value::Integer(it, 10) | Value::Float(it) => it.as_ref(),
            _ => return None,
        };
        matches!(shape, Shape::Text).then(|| format!("put it in quotes: \"{bare}\""))
    }
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

fn expected(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "true or false".to_owned(),
        Shape::Text => "a string".to_owned(),
        Shape::Integer(min, max) => format!("a whole number from {min} to {max}"),
        Shape::Choice(words) => quoted(words),
        Shape::List(inner) => match inner {
            Shape::Text => "a list of strings".to_owned(),
            _ => "a list".to_owned(),
        },
        Shape::Map(_) => "a table".to_owned(),
        Shape::Record(record) => match record.keys.iter().map(|key| key.name).collect::<Vec<_>>() {
            keys if keys.len() > 8 => "a table".to_owned(),
            keys => format!("a table with {}", keys.join(", ")),
        },
        Shape::Either(shapes) => shapes
            .iter()
            .map(expected)
            .collect::<Vec<_>>()
            .join(", or "),
        Shape::Any => "any value".to_owned(),
    }
}
