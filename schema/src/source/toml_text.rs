//! TOML text to the tree that the readers take.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Entries, Item, Value};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::place::{FileId, Place};

/// TOML's own errors, at most so many: past the first few they echo each other.
const SYNTAX_ERRORS_SHOWN: usize = 10;

/// Parses a file. What is not valid TOML is reported, and the rest is read all the same.
pub(super) fn parse<'a>(text: &'a str, file: FileId, out: &mut Diagnostics) -> Item<'a> {
    let (table, errors) = DeTable::parse_recoverable(text);
    report(&errors, text, file, out);
    Item {
        value: Value::Table(entries(table.into_inner(), file)),
        place: Place::new(file, 0..text.len().min(1)),
    }
}

fn entries<'a>(table: DeTable<'a>, file: FileId) -> Entries<'a> {
    let mut entries = Entries::with_capacity(table.len());
    for (key, value) in table {
        let place = Place::new(file, key.span());
        entries.push(key.into_inner(), place, item(value, file));
    }
    entries
}

fn item<'a>(value: Spanned<DeValue<'a>>, file: FileId) -> Item<'a> {
    let place = Place::new(file, value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(it) => {
            let radix = it.radix();
            Value::Integer(it.as_str().to_owned().into(), radix)
        }
        DeValue::Float(it) => Value::Float(it.as_str().to_owned().into()),
        DeValue::Boolean(it) => Value::Bool(it),
        DeValue::Datetime(it) => Value::Date(it.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|it| item(it, file)).collect()),
        DeValue::Table(table) => Value::Table(entries(table, file)),
    };
    Item { value, place }
}

fn report(errors: &[toml::de::Error], text: &str, file: FileId, out: &mut Diagnostics) {
    for error in errors.iter().take(SYNTAX_ERRORS_SHOWN) {
        let span = error.span();
        let at = span.clone().and_then(|span| text.get(span));
        let bare = at.filter(|it| it.starts_with(char::is_alphabetic) && !it.contains(['\n', '"']));
        let value = bare.filter(|_| error.message().starts_with("invalid"));
        let place = span.map_or(Place::NOWHERE, |span| Place::new(file, span));
        let message = error.message().trim_end().replace('\n', "; ");
        out.push(
            Diagnostic::new(Code::S001, format!("not valid TOML: {message}"))
                .at(place, "")
                .help_opt(value.map(|word| format!("text stands in quotes: \"{word}\""))),
        );
    }
}
