//! `#[sync(…)]`: keys and values as TOML has them, in Rust's tokens.
//!
//! `key = value` with strings, numbers, `true`, `false`, `[…]` and `{ key = value }`; a key alone
//! is `true`. Keys that are no names (those of `checks`) stand in quotes.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use syn::Lit;

use super::Spans;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::tree::{Entries, Item, Value};

/// What is said in the inside of one attribute, added to `entries`.
pub(super) fn read(
    tokens: TokenStream,
    spans: &Spans,
    entries: &mut Entries<'static>,
    out: &mut Diagnostics,
) {
    Reader { spans, out }.entries(tokens, entries);
}

struct Reader<'a> {
    spans: &'a Spans,
    out: &'a mut Diagnostics,
}

type Tokens = Peekable<IntoIter>;

impl Reader<'_> {
    fn entries(&mut self, tokens: TokenStream, entries: &mut Entries<'static>) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let span = token.span();
            let Some((key, item)) = self.entry(token, &mut tokens) else {
                skip_part(&mut tokens);
                continue;
            };
            let place = self.spans.of(span);
            match entries.entry(&key).map(|first| first.place) {
                Some(first) => self.out.push(
                    Diagnostic::new(Code::S027, format!("`{key}` is given twice"))
                        .at(place, "given again here")
                        .at(first, "first given here"),
                ),
                None => entries.push(key, place, item),
            }
            self.end_of_part(&mut tokens);
        }
    }

    /// A key with its value; none where it cannot be read, which has been reported.
    fn entry(&mut self, token: TokenTree, tokens: &mut Tokens) -> Option<(String, Item<'static>)> {
        let span = token.span();
        let key = match &token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                Some(word.strip_prefix("r#").map_or(word.clone(), str::to_owned))
            }
            TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        };
        let Some(key) = key else {
            self.refuse(
                span,
                "is no key",
                "write key = value, or a key alone for true",
            );
            return None;
        };
        match tokens.peek() {
            None => Some((key, self.yes(span))),
            Some(next) if is(next, ',') => Some((key, self.yes(span))),
            Some(next) if is(next, '=') => {
                tokens.next();
                Some((key, self.value(span, tokens)?))
            }
            Some(next) => {
                let (at, help) = (next.span(), format!("write {key} = value"));
                self.refuse(at, "does not follow a key", &help);
                None
            }
        }
    }

    /// A key alone: it is switched on.
    fn yes(&self, span: Span) -> Item<'static> {
        Item {
            value: Value::Bool(true),
            place: self.spans.of(span),
        }
    }

    /// The value that comes next. `before` is what it follows.
    fn value(&mut self, before: Span, tokens: &mut Tokens) -> Option<Item<'static>> {
        let Some(token) = tokens.next() else {
            self.refuse(before, "has no value", "write key = value");
            return None;
        };
        let span = token.span();
        let value = match token {
            TokenTree::Literal(literal) => self.literal(literal, "")?,
            TokenTree::Ident(word) if word == "true" => Value::Bool(true),
            TokenTree::Ident(word) if word == "false" => Value::Bool(false),
            TokenTree::Punct(sign) if sign.as_char() == '-' => match tokens.next() {
                Some(TokenTree::Literal(literal)) => self.literal(literal, "-")?,
                _ => {
                    self.refuse(span, "is no value", "a number follows a minus sign");
                    return None;
                }
            },
            TokenTree::Group(group) => return self.group(&group),
            TokenTree::Ident(word) => {
                let help = format!("put it in quotes: \"{word}\"");
                self.refuse(span, "is no value", &help);
                return None;
            }
            TokenTree::Punct(_) => {
                self.refuse(span, "is no value", TAKES);
                return None;
            }
        };
        Some(Item {
            value,
            place: self.spans.of(span),
        })
    }

    fn group(&mut self, group: &Group) -> Option<Item<'static>> {
        let value = match group.delimiter() {
            Delimiter::Bracket => {
                let mut items = Vec::new();
                let mut tokens = group.stream().into_iter().peekable();
                while tokens.peek().is_some() {
                    match self.value(group.span_open(), &mut tokens) {
                        Some(item) => {
                            items.push(item);
                            self.end_of_part(&mut tokens);
                        }
                        None => skip_part(&mut tokens),
                    }
                }
                Value::List(items)
            }
            Delimiter::Brace => {
                let mut entries = Entries::default();
                self.entries(group.stream(), &mut entries);
                Value::Table(entries)
            }
            // A value that came through another macro.
            Delimiter::None => {
                let mut tokens = group.stream().into_iter().peekable();
                return self.value(group.span_open(), &mut tokens);
            }
            Delimiter::Parenthesis => {
                self.refuse(group.span_open(), "is no value", TAKES);
                return None;
            }
        };
        Some(Item {
            value,
            place: self.spans.place(group.span_open(), group.span_close()),
        })
    }

    fn literal(&mut self, literal: Literal, sign: &str) -> Option<Value<'static>> {
        let span = literal.span();
        match Lit::new(literal) {
            Lit::Str(text) if sign.is_empty() => Some(Value::Text(text.value().into())),
            Lit::Int(number) if number.suffix().is_empty() => Some(Value::Integer(
                format!("{sign}{}", number.base10_digits()).into(),
                10,
            )),
            Lit::Float(number) if number.suffix().is_empty() => Some(Value::Float(
                format!("{sign}{}", number.base10_digits()).into(),
            )),
            _ => {
                self.refuse(span, "is no value", TAKES);
                None
            }
        }
    }

    /// The comma behind a part, or the end.
    fn end_of_part(&mut self, tokens: &mut Tokens) {
        match tokens.next() {
            None => {}
            Some(token) if is(&token, ',') => {}
            Some(token) => {
                let help = "put a comma between two parts";
                self.refuse(token.span(), "is not expected here", help);
                skip_part(tokens);
            }
        }
    }

    fn refuse(&mut self, span: Span, what: &str, help: &str) {
        let place = self.spans.of(span);
        let shown = span.source_text();
        let subject = shown.filter(|text| text.len() <= 40 && !text.contains('\n'));
        let message = match subject {
            Some(text) => format!("`{text}` {what}"),
            None => format!("this {what}"),
        };
        self.out.push(
            Diagnostic::new(Code::S027, message)
                .at(place, "")
                .help(help),
        );
    }
}

const TAKES: &str = "a value is a string, a number, true, false, [values] or { key = value }";

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Leaves the rest of a part out that could not be read, which has been reported.
fn skip_part(tokens: &mut Tokens) {
    let _ = tokens.find(|token| is(token, ','));
}
