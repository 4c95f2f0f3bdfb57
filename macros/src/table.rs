//! `#[derive(SyncTable)]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;
use syncline_schema::Diagnostics;
use syncline_schema::descriptor::{self, Style};
use syncline_schema::model::{Column, DefaultValue, Literal};
use syncline_schema::source::rust::{self, Derived, Held, Spans};

use crate::{errors, runtime};

pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let spans = Spans::listed();
    let mut found = Diagnostics::default();
    let derived = rust::table(item, &spans, &mut found);
    let errors = errors::tokens(found, &spans);
    let Some(derived) = derived.filter(|_| errors.is_empty()) else {
        return errors;
    };
    let path = format!("{}::", runtime::NAME);
    let columns: Vec<_> = derived
        .table
        .declared_columns()
        .enumerate()
        .map(|(at, column)| Slot::of(&derived, at, column))
        .collect();
    let words: TokenStream = columns.iter().filter_map(Slot::words).collect();
    let descriptors: TokenStream = columns.iter().map(|it| it.descriptor(&path)).collect();
    let style = Style {
        path: &path,
        words: None,
    };
    let table = parsed(&descriptor::table(&derived.table, "COLUMNS", style).concat());
    let row = row(&item.ident, &columns);
    let import = runtime::import(derived.runtime.as_ref(), &spans);
    let ident = &item.ident;
    quote! {
        #[automatically_derived]
        const _: () = {
            #import
            #words
            static COLUMNS: &[__syncline::Column] = &[#descriptors];
            static TABLE: __syncline::Table = #table;

            impl __syncline::SyncTable for #ident {
                const TABLE: &'static __syncline::Table = &TABLE;
            }

            #row
        };
    }
}

/// A column of the table, and the field that holds it.
struct Slot<'a> {
    at: usize,
    column: &'a Column,
    field: Option<&'a Held>,
}

impl<'a> Slot<'a> {
    fn of(derived: &'a Derived, at: usize, column: &'a Column) -> Self {
        let mut fields = derived.fields.iter();
        Self {
            at,
            column,
            field: fields.find(|field| field.column == column.name),
        }
    }

    /// The enum whose words the column takes.
    fn enum_type(&self) -> Option<&'a TokenStream> {
        self.field?.words.as_ref()
    }

    fn words_name(&self) -> Ident {
        format_ident!("WORDS_{}", self.at)
    }

    /// The words, as only the compiler knows them, and that those of the attributes are among
    /// them.
    fn words(&self) -> Option<TokenStream> {
        let ty = self.enum_type()?;
        let (name, span) = (self.words_name(), ty.span());
        let path = quote_spanned!(span=> <#ty as __syncline::SyncEnum>::WORDS);
        let mut out = quote!(const #name: &[&str] = #path;);
        for word in said_words(self.column) {
            let message = format!("\"{word}\" is not one of the enum's words");
            out.extend(quote_spanned! {span=>
                const _: () = ::core::assert!(__syncline::is_word(#name, #word), #message);
            });
        }
        Some(out)
    }

    fn descriptor(&self, path: &str) -> TokenStream {
        let name = self.enum_type().map(|_| self.words_name().to_string());
        let style = Style {
            path,
            words: name.as_deref(),
        };
        let text = parsed(&descriptor::column(self.column, style));
        quote!(#text,)
    }
}

/// The words of an enum that the column's own attributes name.
fn said_words(column: &Column) -> impl Iterator<Item = &str> {
    let default = match &column.default {
        Some(DefaultValue::Literal(Literal::Text(word))) => Some(word.as_str()),
        _ => None,
    };
    let renamed = match &column.ty.scalar {
        syncline_schema::model::Scalar::Enum(it) => it.renamed.as_slice(),
        _ => &[],
    };
    default
        .into_iter()
        .chain(renamed.iter().map(|(_, new)| new.as_str()))
}

/// Our own text as tokens.
fn parsed(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|error| {
        let message = format!("a defect of Syncline, please report it: {error}");
        quote!(::core::compile_error!(#message))
    })
}

/// `impl Row`: values in the table's order; a column without a field is passed over, and NULL.
fn row(ident: &Ident, columns: &[Slot<'_>]) -> TokenStream {
    let mut reads = TokenStream::new();
    let mut fields = TokenStream::new();
    let mut writes = TokenStream::new();
    for slot in columns {
        let Some(field) = slot.field else {
            reads.extend(quote!(__syncline::pass_column(&mut values)?;));
            writes.extend(quote!(__syncline::Value::Null,));
            continue;
        };
        let (name, ty) = (&field.ident, &field.ty);
        let local = format_ident!("field_{}", slot.at, span = Span::mixed_site());
        // The compiler's own errors about the type belong on the type.
        let read = quote_spanned! {ty.span()=>
            __syncline::take_field::<#ty>(&mut values)?
        };
        reads.extend(quote!(let #local = #read;));
        fields.extend(quote!(#name: #local,));
        writes.extend(quote!(__syncline::Field::into_value(self.#name),));
    }
    quote! {
        impl __syncline::Row for #ident {
            fn from_values(
                values: impl ::core::iter::IntoIterator<Item = __syncline::Value>,
            ) -> ::core::result::Result<Self, __syncline::Mismatch> {
                let mut values = ::core::iter::IntoIterator::into_iter(values);
                #reads
                ::core::result::Result::Ok(Self { #fields })
            }

            fn into_values(self) -> ::std::vec::Vec<__syncline::Value> {
                ::std::vec![#writes]
            }
        }
    }
}
