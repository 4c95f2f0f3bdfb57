//! A struct with `#[derive(SyncTable)]`, as the tree that TOML would have given.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Field, Fields};

use super::field_type::{self, Kind};
use super::{Spans, options};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::names;
use crate::place::{Place, Spanned};
use crate::source::tree::{Entries, Item, Value};

/// A struct as it was declared.
pub(super) struct Declared {
    /// The table's name, and where it is given.
    pub(super) name: Spanned<String>,
    /// The table's keys, `columns` among them.
    pub(super) tree: Item<'static>,
    /// The fields, in order.
    pub(super) fields: Vec<Held>,
    /// The path of the runtime crate, where it is said.
    pub(super) runtime: Option<Spanned<String>>,
}

/// A field and the column that it holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The field's name.
    pub ident: Ident,
    /// Its type.
    pub ty: TokenStream,
    /// The column's name.
    pub column: String,
    /// The enum whose words the column takes, where the type says them.
    pub words: Option<TokenStream>,
}

/// The words of an enum with this name; none where only the compiler will know them.
pub(super) type Lookup<'a> = &'a dyn Fn(&Ident) -> Result<Option<Vec<String>>, Diagnostic>;

/// Reads a struct.
pub(super) fn read(
    item: &DeriveInput,
    lookup: Lookup<'_>,
    spans: &Spans,
    out: &mut Diagnostics,
) -> Option<Declared> {
    let place = spans.of(item.ident.span());
    let fields = named_fields(item, place, out)?;
    let said = options::read(&item.attrs, spans, out);
    let said_name = options::text(&said, "name", out);
    let name = Spanned {
        value: said_name.unwrap_or_else(|| names::snake(&item.ident.unraw().to_string())),
        place,
    };
    let runtime = options::spanned(&said, "crate", out);
    let mut tree = Entries::default();
    if let Some(doc) = options::doc(&item.attrs, spans).filter(|_| said.get("doc").is_none()) {
        tree.push("doc", doc.place, doc);
    }
    let owner = owner_of(&said);
    for entry in said.iter() {
        match entry.key.as_ref() {
            "name" | "crate" => {}
            "columns" => out.push(
                Diagnostic::new(Code::S025, "`columns` has no meaning here")
                    .at(entry.place, "the columns are the struct's fields"),
            ),
            key => tree.push(key.to_owned(), entry.place, entry.item.clone()),
        }
    }
    let mut columns = Entries::with_capacity(fields.len());
    let mut held: Vec<Held> = Vec::with_capacity(fields.len());
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let mut reader = Reader {
            spans,
            lookup,
            out,
            owner: owner.as_deref(),
        };
        let (one, place, column) = reader.field(ident, field);
        if let Some(first) = columns.entry(&one.column).map(|it| it.place) {
            out.push(
                Diagnostic::new(
                    Code::S020,
                    format!("column `{}` is declared twice", one.column),
                )
                .at(place, "declared again here")
                .at(first, "first declared here"),
            );
            continue;
        }
        columns.push(one.column.clone(), place, column);
        held.push(one);
    }
    let columns = Item {
        value: Value::Table(columns),
        place,
    };
    tree.push("columns", place, columns);
    Some(Declared {
        name,
        tree: Item {
            value: Value::Table(tree),
            place,
        },
        fields: held,
        runtime,
    })
}

fn named_fields<'a>(
    item: &'a DeriveInput,
    place: Place,
    out: &mut Diagnostics,
) -> Option<&'a syn::punctuated::Punctuated<Field, syn::Token![,]>> {
    let mut refuse = |what: &str, help: &str| {
        out.push(
            Diagnostic::new(Code::S027, format!("`{}` {what}", item.ident))
                .at(place, "")
                .help(help),
        );
    };
    if !item.generics.params.is_empty() {
        refuse(
            "has parameters",
            "a table's columns are fixed: take them away",
        );
        return None;
    }
    match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(&fields.named),
            _ => {
                refuse(
                    "has no named fields",
                    "a table's columns have names: struct Name { … }",
                );
                None
            }
        },
        _ => {
            refuse(
                "is no struct",
                "derive SyncTable for a struct, SyncEnum for an enum",
            );
            None
        }
    }
}

/// The owner column of a table with these keys; none where it has none.
fn owner_of(said: &Entries<'_>) -> Option<String> {
    let text = |key| said.get(key).and_then(|it| it.value.text());
    let one_side = matches!(text("sync"), Some("local" | "server"));
    let usual = if one_side { "streams" } else { "owner" };
    (text("access").unwrap_or(usual) == "owner")
        .then(|| text("owner").unwrap_or("owner_id").to_owned())
}

struct Reader<'a> {
    spans: &'a Spans,
    lookup: Lookup<'a>,
    out: &'a mut Diagnostics,
    owner: Option<&'a str>,
}

impl Reader<'_> {
    /// The field, where its name stands, and its column in the long form.
    fn field(&mut self, ident: &Ident, field: &Field) -> (Held, Place, Item<'static>) {
        let place = self.spans.of(ident.span());
        let said = options::read(&field.attrs, self.spans, self.out);
        let name = options::text(&said, "name", self.out);
        let name = name.unwrap_or_else(|| ident.unraw().to_string());
        let mut tree = Entries::default();
        let words = self.push_type(&name, field, &said, &mut tree);
        if let Some(doc) =
            options::doc(&field.attrs, self.spans).filter(|_| said.get("doc").is_none())
        {
            tree.push("doc", doc.place, doc);
        }
        for entry in said
            .iter()
            .filter(|it| !["name", "type"].contains(&it.key.as_ref()))
        {
            tree.push(entry.key.clone(), entry.place, entry.item.clone());
        }
        let held = Held {
            ident: ident.clone(),
            ty: field.ty.to_token_stream(),
            column: name,
            words,
        };
        let item = Item {
            value: Value::Table(tree),
            place,
        };
        (held, place, item)
    }

    /// Adds `type`, and `values` where an enum says them; gives that enum.
    fn push_type(
        &mut self,
        name: &str,
        field: &Field,
        said: &Entries<'static>,
        tree: &mut Entries<'static>,
    ) -> Option<TokenStream> {
        let at = self
            .spans
            .of_tokens(field.ty.to_token_stream(), Span::call_site());
        let found = field_type::read(&field.ty);
        // On the device a row has no owner until the server has it.
        let nullable = found.nullable && self.owner != Some(name);
        let (text, place) = match (&found.kind, said.entry("type")) {
            (_, Some(entry)) => {
                let Some(text) = entry.item.value.text() else {
                    tree.push("type", entry.place, entry.item.clone());
                    return None;
                };
                self.refuse_null(name, text, &found, at, entry.item.place);
                if let Kind::Known(held) = &found.kind
                    && let Some(wanted) = field_type::misfit(held, text)
                {
                    let message = format!("field `{name}` cannot hold `{}`", text.trim());
                    self.out.push(
                        Diagnostic::new(Code::S003, message)
                            .at(at, format!("holds `{held}`"))
                            .at(entry.item.place, "the column's type")
                            .help(format!("write {wanted}")),
                    );
                }
                (text.trim().to_owned(), entry.item.place)
            }
            (Kind::Known(text), None) => (text.clone(), at),
            (Kind::Own(..), None) => ("enum".to_owned(), at),
            (Kind::Refused(message, help), None) => {
                let problem = Diagnostic::new(Code::S004, message.clone()).at(at, "");
                self.out.push(problem.help(*help));
                push(tree, "type", at, Value::Unread);
                return None;
            }
        };
        let is_enum = text.trim_end_matches('?').trim_end() == "enum";
        let own = match found.kind {
            Kind::Own(ident, path) if is_enum && said.get("values").is_none() => {
                Some((ident, path))
            }
            _ => None,
        };
        let mark = if nullable && !text.ends_with('?') {
            "?"
        } else {
            ""
        };
        let Some((ident, path)) = own else {
            push(
                tree,
                "type",
                place,
                Value::Text(format!("{text}{mark}").into()),
            );
            return None;
        };
        let words = match (self.lookup)(ident) {
            Ok(words) => words.unwrap_or_else(|| assumed(said)),
            Err(problem) => {
                self.out.push(problem.at(at, ""));
                push(tree, "type", at, Value::Unread);
                return None;
            }
        };
        push(
            tree,
            "type",
            place,
            Value::Text(format!("{text}{mark}").into()),
        );
        let words = words.into_iter().map(|word| Item {
            value: Value::Text(word.into()),
            place: at,
        });
        push(tree, "values", at, Value::List(words.collect()));
        Some(path.to_token_stream())
    }

    fn refuse_null(
        &mut self,
        name: &str,
        text: &str,
        found: &field_type::FieldType<'_>,
        at: Place,
        said_at: Place,
    ) {
        if text.trim().ends_with('?') && !found.nullable {
            self.out.push(
                Diagnostic::new(Code::S003, format!("field `{name}` cannot hold NULL"))
                    .at(at, "always holds a value")
                    .at(said_at, "but the column may be NULL")
                    .help("make the field an Option, or take the `?` away"),
            );
        }
    }
}

fn push(tree: &mut Entries<'static>, key: &'static str, place: Place, value: Value<'static>) {
    tree.push(key, place, Item { value, place });
}

/// Words that stand in for those that only the compiler will know: the ones that the column's
/// own keys speak of, which the macro has the compiler look for.
fn assumed(said: &Entries<'static>) -> Vec<String> {
    let default = said.get("default").and_then(|it| it.value.text());
    let renamed = said.get("renamed_values").and_then(|it| it.value.table());
    let renamed = renamed
        .into_iter()
        .flat_map(Entries::iter)
        .filter_map(|entry| entry.item.value.text());
    let mut words: Vec<String> = Vec::new();
    for word in default.into_iter().chain(renamed) {
        if !words.iter().any(|it| it == word) {
            words.push(word.to_owned());
        }
    }
    if words.is_empty() {
        words.push("word".to_owned());
    }
    words
}
