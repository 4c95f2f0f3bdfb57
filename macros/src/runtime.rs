//! The path of the runtime crate.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Path;
use syncline_schema::place::Spanned;
use syncline_schema::source::rust::Spans;
use syncline_schema::{Code, Diagnostic, Diagnostics};

use crate::errors;

/// Under which name the emitted code knows the runtime crate; imported inside its own block.
pub(crate) const NAME: &str = "__syncline";

/// `use path as __syncline;`, and an error where the path is none.
pub(crate) fn import(said: Option<&Spanned<String>>, spans: &Spans) -> TokenStream {
    let name = syn::Ident::new(NAME, Span::call_site());
    let Some(said) = said else {
        return quote!(use ::syncline_runtime as #name;);
    };
    match syn::parse_str::<Path>(&said.value) {
        Ok(path) => quote!(use #path as #name;),
        Err(_) => {
            let found = Diagnostic::new(Code::S027, format!("\"{}\" is no path", said.value))
                .at(said.place, "")
                .help("write crate = \"::name\" or crate = \"crate::module\"");
            let error = errors::tokens(Diagnostics::from(found), spans);
            quote!(#error;)
        }
    }
}
