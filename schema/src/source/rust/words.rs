//! Enums with `#[derive(SyncEnum)]`: their variants are the words of a column.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields};

use super::{Spans, options};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::names;
use crate::place::{Place, Spanned};

/// An enum that is a column's type.
#[derive(Clone, Debug)]
pub struct Words {
    /// Its name.
    pub ident: Ident,
    /// Its variants, in order.
    pub variants: Vec<Variant>,
    /// The path of the runtime crate, where it is said.
    pub runtime: Option<Spanned<String>>,
}

/// One variant.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub ident: Ident,
    /// Its word: `name = "…"`, or its name in snake_case.
    pub word: String,
    /// Where it stands.
    pub place: Place,
}

/// Reads an enum.
pub fn read(item: &DeriveInput, spans: &Spans, out: &mut Diagnostics) -> Option<Words> {
    let place = spans.of(item.ident.span());
    let refuse = |what: &str, help: &str| {
        Diagnostic::new(Code::S027, format!("`{}` {what}", item.ident))
            .at(place, "")
            .help(help)
    };
    let Data::Enum(data) = &item.data else {
        out.push(refuse(
            "is no enum",
            "derive SyncTable for a table, SyncEnum for the words of a column",
        ));
        return None;
    };
    if !item.generics.params.is_empty() {
        out.push(refuse(
            "has parameters",
            "the words of a column are fixed: take them away",
        ));
    }
    if data.variants.is_empty() {
        out.push(refuse("has no words", "add a variant for each word"));
    }
    let own = options::read(&item.attrs, spans, out);
    options::refuse_unknown(&own, &["crate"], "an enum", out);
    let mut variants: Vec<Variant> = Vec::new();
    for variant in &data.variants {
        let place = spans.of(variant.ident.span());
        if !matches!(variant.fields, Fields::Unit) {
            out.push(
                Diagnostic::new(Code::S027, format!("`{}` holds fields", variant.ident))
                    .at(place, "")
                    .help("a word is a variant alone; a `json` column can hold more"),
            );
        }
        let said = options::read(&variant.attrs, spans, out);
        options::refuse_unknown(&said, &["name"], "a variant", out);
        let name = options::text(&said, "name", out);
        let word = name.unwrap_or_else(|| names::snake(&variant.ident.unraw().to_string()));
        if let Some(first) = variants.iter().find(|it| it.word == word) {
            out.push(
                Diagnostic::new(Code::S017, format!("\"{word}\" stands here twice"))
                    .at(place, "the same word again")
                    .at(first.place, "first here")
                    .help("give one of them another: #[sync(name = \"…\")]"),
            );
        }
        if word.is_empty() || word.contains('\0') || word.len() > 63 {
            out.push(
                Diagnostic::new(Code::S017, format!("\"{word}\" cannot be a word"))
                    .at(place, "takes 1 to 63 bytes"),
            );
        }
        variants.push(Variant {
            ident: variant.ident.clone(),
            word,
            place,
        });
    }
    let runtime = options::spanned(&own, "crate", out);
    Some(Words {
        ident: item.ident.clone(),
        variants,
        runtime,
    })
}
