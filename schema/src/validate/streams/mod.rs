//! Lints of the streams that the user wrote: what the PowerSync Service refuses, and what it
//! accepts and gets wrong without a word.

mod sent;
mod uses;

use std::ops::Range;

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Query, Stream};
use crate::stream_query::{self, StreamQuery};

/// Names of streams: clients write them, and the derived ones are taken.
pub(super) fn names(schema: &Scope<'_>, out: &mut Diagnostics) {
    for stream in &schema.streams {
        let fits = stream.name.starts_with(|c: char| c.is_ascii_alphabetic())
            && stream
                .name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !fits {
            out.push(
                Diagnostic::new(
                    Code::S009,
                    format!("a stream cannot be called `{}`", stream.name),
                )
                .at(stream.place, "takes a letter, then letters, digits and `_`"),
            );
        }
        if ["owner_data", "public_data"].contains(&stream.name.as_str()) {
            out.push(
                Diagnostic::new(
                    Code::S007,
                    format!("`{}` is the name of a derived stream", stream.name),
                )
                .at(stream.place, "")
                .help("choose another name"),
            );
        }
    }
}

/// Every query of every stream.
pub(super) fn queries(schema: &Scope<'_>, out: &mut Diagnostics) {
    if schema.streams.is_empty() {
        return;
    }
    // One thread with room for all of them.
    out.extend(crate::sql::with_room(|| {
        let mut found = Diagnostics::default();
        schema
            .streams
            .iter()
            .for_each(|stream| lint(schema, stream, &mut found));
        found
    }));
}

fn lint(schema: &Scope<'_>, stream: &Stream, out: &mut Diagnostics) {
    let named = stream.with.iter().map(|(_, query)| (query, false));
    let sent = stream.queries.iter().map(|query| (query, true));
    for (query, is_sent) in named.chain(sent) {
        let Some(read) = read(query, out) else {
            continue;
        };
        let mut lint = Lint {
            schema,
            stream,
            query,
            out,
        };
        lint.reborrow().uses(&read);
        if is_sent {
            lint.sent(&read);
        }
    }
}

fn read(query: &Query, out: &mut Diagnostics) -> Option<StreamQuery> {
    match stream_query::read(&query.sql) {
        Ok(read) => Some(read),
        Err(error) => {
            let place = error
                .range
                .map_or(query.place, |range| query.place_of(range));
            out.push(
                Diagnostic::new(
                    Code::L001,
                    format!("not a stream's query: {}", error.message),
                )
                .at(place, ""),
            );
            None
        }
    }
}

struct Lint<'a> {
    schema: &'a Scope<'a>,
    stream: &'a Stream,
    query: &'a Query,
    out: &'a mut Diagnostics,
}

impl<'a> Lint<'a> {
    fn found(&mut self, code: Code, range: &Range<usize>, message: String) -> Diagnostic {
        Diagnostic::new(code, message).at(self.query.place_of(range.clone()), "")
    }

    fn reborrow(&mut self) -> Lint<'_> {
        Lint {
            schema: self.schema,
            stream: self.stream,
            query: self.query,
            out: self.out,
        }
    }

    fn named(&self, name: &str) -> bool {
        self.stream
            .with
            .iter()
            .any(|(with, _)| with.eq_ignore_ascii_case(name))
    }
}
