//! `#[derive(SyncEnum)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;
use syncline_schema::Diagnostics;
use syncline_schema::source::rust::{self, Spans};

use crate::{errors, runtime};

pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let spans = Spans::listed();
    let mut found = Diagnostics::default();
    let words = rust::words(item, &spans, &mut found);
    let errors = errors::tokens(found, &spans);
    let Some(words) = words.filter(|_| errors.is_empty()) else {
        return errors;
    };
    let import = runtime::import(words.runtime.as_ref(), &spans);
    let ident = &words.ident;
    let texts: Vec<_> = words.variants.iter().map(|it| &it.word).collect();
    let variants: Vec<_> = words.variants.iter().map(|it| &it.ident).collect();
    quote! {
        #[automatically_derived]
        const _: () = {
            #import

            impl __syncline::SyncEnum for #ident {
                const WORDS: &'static [&'static str] = &[#(#texts),*];

                fn from_word(word: &str) -> ::core::option::Option<Self> {
                    match word {
                        #(#texts => ::core::option::Option::Some(Self::#variants),)*
                        _ => ::core::option::Option::None,
                    }
                }

                fn word(&self) -> &'static str {
                    match self {
                        #(Self::#variants => #texts,)*
                    }
                }
            }

            impl __syncline::Field for #ident {
                fn from_value(
                    value: __syncline::Value,
                ) -> ::core::result::Result<Self, __syncline::Mismatch> {
                    __syncline::SyncEnum::from_text(value)
                }

                fn into_value(self) -> __syncline::Value {
                    __syncline::SyncEnum::to_text(&self)
                }
            }
        };
    }
}
