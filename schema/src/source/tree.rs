//! What a source declares, as both front ends hand it over: values and tables of them, each with
//! its place. TOML and `#[sync(…)]` are two ways to write the same tree, so everything behind it
//! is there once.

use std::borrow::Cow;

use crate::place::Place;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// A string.
    Text(Cow<'a, str>),
    /// A whole number, as its digits without prefix and separators, and their radix.
    Integer(Cow<'a, str>, u32),
    /// Any other number, as it is parsed by [`f64`].
    Float(Cow<'a, str>),
    /// `true` or `false`.
    Bool(bool),
    /// A bare date or time, which only TOML has and no key takes.
    Date(String),
    /// A list.
    List(Vec<Item<'a>>),
    /// A table.
    Table(Entries<'a>),
    /// What could not be read, and has been reported.
    Unread,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item<'a> {
    pub(crate) value: Value<'a>,
    pub(crate) place: Place,
}

/// Keys with their values, in the order of the source. Tables are small: they are looked through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entries<'a>(Vec<Entry<'a>>);

/// A key, where it stands, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Cow<'a, str>,
    pub(crate) place: Place,
    pub(crate) item: Item<'a>,
}

impl<'a> Value<'a> {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(digits, radix) => i64::from_str_radix(digits, *radix).ok(),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Item<'a>]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn table(&self) -> Option<&Entries<'a>> {
        match self {
            Self::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Integer(..) => "a whole number",
            Self::Float(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Unread => "this",
        }
    }
}

impl<'a> Entries<'a> {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    pub(crate) fn push(&mut self, key: impl Into<Cow<'a, str>>, place: Place, item: Item<'a>) {
        self.0.push(Entry {
            key: key.into(),
            place,
            item,
        });
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.0.iter().find(|entry| entry.key == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Item<'a>> {
        self.entry(key).map(|entry| &entry.item)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Entry<'a>> {
        self.0.iter()
    }
}
