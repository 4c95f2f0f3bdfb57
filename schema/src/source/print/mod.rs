//! From tables back to a source: the same declarations in TOML or as Rust structs.
//!
//! What comes out says what the tables are, not how they were written: comments are gone, and so
//! are the words for what holds anyway. Read again, it gives the same tables.

mod column;
mod constraint;
mod rust;
mod rust_enum;
mod table;
mod toml;

pub use rust::rust;
pub use toml::toml;

use std::borrow::Cow;

use super::tree::{Entries, Item, Value};
use crate::place::Place;

fn item(value: Value<'static>) -> Item<'static> {
    Item {
        value,
        place: Place::NOWHERE,
    }
}

fn text(text: impl Into<Cow<'static, str>>) -> Value<'static> {
    Value::Text(text.into())
}

fn texts<'a>(list: impl IntoIterator<Item = &'a str>) -> Value<'static> {
    let items = list.into_iter().map(|it| item(text(it.to_owned())));
    Value::List(items.collect())
}

/// Adds a key.
fn say(entries: &mut Entries<'static>, key: &'static str, value: Value<'static>) {
    entries.push(key, Place::NOWHERE, item(value));
}

/// Adds a key with a text, where there is one.
fn say_text(entries: &mut Entries<'static>, key: &'static str, value: Option<&str>) {
    if let Some(value) = value {
        say(entries, key, text(value.to_owned()));
    }
}

/// Adds a key that is switched on.
fn say_if(entries: &mut Entries<'static>, key: &'static str, on: bool) {
    if on {
        say(entries, key, Value::Bool(true));
    }
}

/// Keys that the user chose, with texts.
fn map<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value<'static> {
    let mut entries = Entries::default();
    for (key, value) in pairs {
        entries.push(key.to_owned(), Place::NOWHERE, item(text(value.to_owned())));
    }
    Value::Table(entries)
}
