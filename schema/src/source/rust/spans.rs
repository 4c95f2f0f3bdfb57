//! From the compiler's spans to places.

use std::cell::RefCell;

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::place::{FileId, Place};

/// What a place means: bytes of a file for the command line, a span of the compiler's for the
/// macro, which knows no bytes.
pub enum Spans {
    /// Bytes of this file, of which the spans come.
    #[cfg(feature = "rust-files")]
    File(FileId),
    /// The number of a pair of spans: the first and the last token.
    Listed(RefCell<Vec<(Span, Span)>>),
}

impl Spans {
    /// For a macro.
    pub fn listed() -> Self {
        Self::Listed(RefCell::default())
    }

    /// The place of the tokens from `first` to `last`.
    pub(super) fn place(&self, first: Span, last: Span) -> Place {
        match self {
            #[cfg(feature = "rust-files")]
            Self::File(file) => Place::new(*file, first.byte_range().start..last.byte_range().end),
            Self::Listed(list) => {
                let mut list = list.borrow_mut();
                list.push((first, last));
                Place::new(FileId(0), list.len() - 1..list.len())
            }
        }
    }

    /// The place of one token.
    pub(super) fn of(&self, span: Span) -> Place {
        self.place(span, span)
    }

    /// The place of some tokens; of `or` where there are none.
    pub(super) fn of_tokens(&self, tokens: TokenStream, or: Span) -> Place {
        let mut tokens = tokens.into_iter().map(|token| token_ends(&token));
        let (first, last) = tokens.next().unwrap_or((or, or));
        self.place(first, tokens.last().map_or(last, |(_, last)| last))
    }

    /// The first and the last span of a place that came from here; the macro's own call for a
    /// place that did not.
    pub fn ends(&self, place: Place) -> (Span, Span) {
        let call = (Span::call_site(), Span::call_site());
        match self {
            #[cfg(feature = "rust-files")]
            Self::File(_) => call,
            Self::Listed(list) => {
                let at = place.range().map(|range| range.start);
                let found = at.and_then(|at| list.borrow().get(at).copied());
                found.unwrap_or(call)
            }
        }
    }
}

fn token_ends(token: &TokenTree) -> (Span, Span) {
    match token {
        TokenTree::Group(group) => (group.span_open(), group.span_close()),
        other => (other.span(), other.span()),
    }
}
