//! Lints of the streams that the user wrote: what the PowerSync Service refuses, and what it
//! accepts and gets wrong without a word.

mod former;
mod sent;
mod uses;

use std::ops::Range;

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Query, Schema, Stream};
use crate::place::Place;
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
        for stream in &schema.streams {
            let places = |query: usize, range: Range<usize>| {
                let query = all_queries(stream).nth(query);
                query.map_or(stream.place, |(it, _)| it.place_of(range))
            };
            lint(schema, stream, &places, &mut found);
            former::left_out(schema, stream, &mut found);
        }
        found
    }));
}

/// The lints of one stream that stands elsewhere than in the source. `places` gives the place of a
/// range of bytes in a query: the named ones first, then those that send.
pub fn lint_stream(
    schema: &Schema,
    stream: &Stream,
    places: &(dyn Fn(usize, Range<usize>) -> Place + Sync),
) -> Diagnostics {
    crate::sql::with_room(|| {
        let mut found = Diagnostics::default();
        lint(&super::scope(schema), stream, places, &mut found);
        found
    })
}

/// The named queries, then those that send rows.
fn all_queries(stream: &Stream) -> impl Iterator<Item = (&Query, bool)> {
    let named = stream.with.iter().map(|(_, query)| (query, false));
    named.chain(stream.queries.iter().map(|query| (query, true)))
}

fn lint(
    schema: &Scope<'_>,
    stream: &Stream,
    places: &dyn Fn(usize, Range<usize>) -> Place,
    out: &mut Diagnostics,
) {
    for (at, (query, is_sent)) in all_queries(stream).enumerate() {
        let place_of = |range: Range<usize>| places(at, range);
        let Some(read) = read(query, &place_of, out) else {
            continue;
        };
        let mut lint = Lint {
            schema,
            stream,
            query,
            place_of: &place_of,
            out,
        };
        lint.reborrow().uses(&read);
        if is_sent {
            lint.sent(&read);
        }
    }
}

fn read(
    query: &Query,
    place_of: &dyn Fn(Range<usize>) -> Place,
    out: &mut Diagnostics,
) -> Option<StreamQuery> {
    match stream_query::read(&query.sql) {
        Ok(read) => Some(read),
        Err(error) => {
            let place = match error.range {
                Some(range) => place_of(range),
                None => query.place,
            };
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
    place_of: &'a dyn Fn(Range<usize>) -> Place,
    out: &'a mut Diagnostics,
}

impl<'a> Lint<'a> {
    fn found(&mut self, code: Code, range: &Range<usize>, message: String) -> Diagnostic {
        Diagnostic::new(code, message).at((self.place_of)(range.clone()), "")
    }

    fn reborrow(&mut self) -> Lint<'_> {
        Lint {
            schema: self.schema,
            stream: self.stream,
            query: self.query,
            place_of: self.place_of,
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
