//! Diagnostics as compiler errors: all at once, each on its own tokens.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syncline_schema::source::rust::Spans;
use syncline_schema::{Diagnostic, Diagnostics, Severity};

/// The errors among `found`; nothing where there are none. The compiler takes no warnings from a
/// derive: `syncline check` says them.
pub(crate) fn tokens(mut found: Diagnostics, spans: &Spans) -> TokenStream {
    found.sort();
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| error(it, spans)).collect()
}

/// `compile_error!` from the first to the last token of the main place.
fn error(found: &Diagnostic, spans: &Spans) -> TokenStream {
    let (first, last) = spans.ends(found.place());
    let text = text(found);
    let path = quote_spanned!(first=> ::core::compile_error);
    let call = quote_spanned!(last=> ! { #text });
    quote::quote!(#path #call)
}

/// The message with what else there is to say.
fn text(found: &Diagnostic) -> String {
    let mut out = format!("{} [{}]", found.message, found.code.name());
    for label in found.labels.iter().take(1).filter(|it| !it.text.is_empty()) {
        out.push_str(&format!("\n= here: {}", label.text));
    }
    for note in &found.notes {
        out.push_str(&format!("\n= note: {note}"));
    }
    for help in &found.help {
        out.push_str(&format!("\n= help: {help}"));
    }
    out
}
