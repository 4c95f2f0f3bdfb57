//! What the attributes of an item, a field or a variant say.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Lit, Meta};

use super::{Spans, attribute};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::place::Spanned;
use crate::source::tree::{Entries, Item, Value};

/// What all `#[sync(…)]` of an item say together.
pub(super) fn read(
    attributes: &[Attribute],
    spans: &Spans,
    out: &mut Diagnostics,
) -> Entries<'static> {
    let mut entries = Entries::default();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("sync")) {
        match &attribute.meta {
            Meta::List(list) => attribute::read(list.tokens.clone(), spans, &mut entries, out),
            other => out.push(
                Diagnostic::new(Code::S027, "this attribute says nothing")
                    .at(spans.of(other.span()), "")
                    .help("write #[sync(key = value)]"),
            ),
        }
    }
    entries
}

/// The text of the doc comments, with their place; none where there are none.
pub(super) fn doc(attributes: &[Attribute], spans: &Spans) -> Option<Item<'static>> {
    let mut lines: Vec<String> = Vec::new();
    let mut ends: Option<(Span, Span)> = None;
    for attribute in attributes.iter().filter(|it| it.path().is_ident("doc")) {
        let Meta::NameValue(pair) = &attribute.meta else {
            continue;
        };
        let Expr::Lit(literal) = &pair.value else {
            continue;
        };
        let Lit::Str(text) = &literal.lit else {
            continue;
        };
        let value = text.value();
        lines.extend(value.split('\n').map(|line| {
            let line = line.strip_suffix('\r').unwrap_or(line);
            line.strip_prefix(' ').unwrap_or(line).to_owned()
        }));
        let span = text.span();
        ends = Some((ends.map_or(span, |(first, _)| first), span));
    }
    let (first, last) = ends?;
    let text = lines.join("\n");
    let text = text.trim_matches('\n').trim_end();
    (!text.is_empty()).then(|| Item {
        value: Value::Text(text.to_owned().into()),
        place: spans.place(first, last),
    })
}

/// The string under `key`; anything else there is reported.
pub(super) fn text(entries: &Entries<'_>, key: &str, out: &mut Diagnostics) -> Option<String> {
    let item = entries.get(key)?;
    if item.value.text().is_none() {
        out.push(
            Diagnostic::new(
                Code::S003,
                format!("`{key}` cannot be {}", item.value.kind()),
            )
            .at(item.place, "takes a string"),
        );
    }
    item.value.text().map(str::to_owned)
}

/// The string under `key`, with its place.
pub(super) fn spanned(
    entries: &Entries<'_>,
    key: &str,
    out: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let place = entries.get(key)?.place;
    text(entries, key, out).map(|value| Spanned { value, place })
}

/// Reports the keys that are not among `known`.
pub(super) fn refuse_unknown(
    entries: &Entries<'_>,
    known: &[&str],
    what: &str,
    out: &mut Diagnostics,
) {
    for entry in entries
        .iter()
        .filter(|it| !known.contains(&it.key.as_ref()))
    {
        let help = did_you_mean(&entry.key, known.iter().copied());
        out.push(
            Diagnostic::new(
                Code::S002,
                format!("`{}` is not a key of {what}", entry.key),
            )
            .at(entry.place, "unknown key")
            .help(help.unwrap_or_else(|| format!("{what} takes {}", known.join(", ")))),
        );
    }
}
