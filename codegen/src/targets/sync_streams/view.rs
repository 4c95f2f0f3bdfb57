//! What the sync config prints. Texts are YAML scalars.

use syncline_schema::Schema;
use syncline_schema::model::{Query, Stream};

use crate::targets::streams::{self, Derived};
use crate::targets::{BANNER, yaml};

/// The file.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    /// Derived ones first.
    streams: Vec<StreamView>,
}

#[derive(Debug, serde::Serialize)]
struct StreamView {
    name: String,
    about: Option<&'static str>,
    auto_subscribe: bool,
    priority: Option<u8>,
    accept_potentially_dangerous_queries: bool,
    with: Vec<Named>,
    /// The only query, of a user-written stream.
    query: Option<String>,
    queries: Vec<String>,
}

#[derive(Debug, serde::Serialize)]
struct Named {
    name: String,
    query: String,
}

/// Lowers the schema.
pub(super) fn lower(schema: &Schema) -> View {
    let derived = streams::derive(schema);
    View {
        banner: BANNER,
        streams: derived
            .iter()
            .map(lower_derived)
            .chain(schema.streams.iter().map(lower_written))
            .collect(),
    }
}

fn lower_derived(stream: &Derived<'_>) -> StreamView {
    let queries = stream.queries.iter();
    StreamView {
        name: stream.name.to_owned(),
        about: Some(stream.about),
        auto_subscribe: true,
        priority: None,
        accept_potentially_dangerous_queries: false,
        with: Vec::new(),
        query: None,
        queries: queries
            .map(|query| scalar(query.sql("auth.user_id()")))
            .collect(),
    }
}

fn lower_written(stream: &Stream) -> StreamView {
    let mut queries: Vec<_> = stream.queries.iter().map(written).collect();
    StreamView {
        name: yaml::scalar(&stream.name).into_owned(),
        about: None,
        auto_subscribe: stream.auto_subscribe,
        priority: stream.priority,
        accept_potentially_dangerous_queries: stream.accept_potentially_dangerous_queries,
        with: stream
            .with
            .iter()
            .map(|(name, query)| Named {
                name: yaml::scalar(name).into_owned(),
                query: written(query),
            })
            .collect(),
        query: queries.pop_if(|_| stream.queries.len() == 1),
        queries,
    }
}

fn written(query: &Query) -> String {
    scalar(streams::one_line(&query.sql))
}

fn scalar(sql: String) -> String {
    match yaml::scalar(&sql) {
        std::borrow::Cow::Borrowed(_) => sql,
        std::borrow::Cow::Owned(quoted) => quoted,
    }
}
