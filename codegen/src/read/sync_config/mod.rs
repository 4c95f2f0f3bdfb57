//! The reader of sync configs: Sync Streams and sync rules. In: YAML. Out: what each query sends.

mod definition;
mod place;
mod query;
mod shape;

use std::ops::Range;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Diagnostics, FileId, Place, sql};

pub use self::definition::{Definition, Text};
use self::place::Spots;
pub use self::query::{Name, Sent, SentColumn, read as read_query};
use super::text::Source;
use super::yaml::{self, Node};

/// What a sync config says.
#[derive(Debug, Default)]
pub struct SyncConfig {
    /// Everything that it sends, in the order of the file.
    pub queries: Vec<Query>,
    /// The streams and bucket definitions, in the order of the file.
    pub definitions: Vec<Definition>,
    /// Sync Streams, which can also send what the source's own streams say.
    pub streams: bool,
    /// The key under which the streams or buckets stand.
    pub anchor: Place,
    /// A query could not be followed, so that a table may be sent all the same.
    pub gaps: bool,
    /// C001 and C005.
    pub diagnostics: Diagnostics,
}

impl SyncConfig {
    /// The number of the query in which a place stands.
    pub(crate) fn query_at(&self, place: Place) -> Option<usize> {
        let start = place.range()?.start;
        let mut texts = self.definitions.iter().flat_map(|it| &it.texts);
        texts.position(|text| text.whole().range().is_some_and(|it| it.contains(&start)))
    }
}

/// One query that sends rows.
pub struct Query {
    /// The stream or bucket definition.
    pub stream: String,
    /// What it sends.
    pub sent: Sent,
    spots: Spots,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {:?}", self.stream, self.sent)
    }
}

impl Query {
    /// The place of a range of the query's text.
    pub fn place(&self, range: &Range<usize>) -> Place {
        self.spots.place(range.clone())
    }
}

const ROOT_KEYS: &[&str] = &[
    "bucket_definitions",
    "config",
    "event_definitions",
    "streams",
];
const STREAM_KEYS: &[&str] = &[
    "accept_potentially_dangerous_queries",
    "auto_subscribe",
    "priority",
    "queries",
    "query",
    "with",
];
const BUCKET_KEYS: &[&str] = &[
    "accept_potentially_dangerous_queries",
    "data",
    "parameters",
    "priority",
];

/// Reads a sync config.
pub fn read(source: &Source) -> SyncConfig {
    sql::with_room(|| read_here(source))
}

fn read_here(source: &Source) -> SyncConfig {
    let mut reader = Reader {
        file: source.file,
        text: &source.text,
        config: SyncConfig::default(),
    };
    match yaml::parse(source.file, &source.path, &source.text) {
        Ok(root) => reader.root(&source.path, &root),
        Err(problem) => reader.config.diagnostics.push(problem),
    }
    reader.config
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    config: SyncConfig,
}

impl Reader<'_> {
    fn root(&mut self, path: &str, root: &Node) {
        let mut found = false;
        for (key, wanted) in [
            ("streams", "`query` or `queries`"),
            ("bucket_definitions", "`data`"),
        ] {
            let Some((_, key_node, streams)) = root.entries().find(|(name, _, _)| *name == key)
            else {
                continue;
            };
            found = true;
            self.config.streams |= key == "streams";
            self.config.anchor = Place::new(self.file, key_node.span.clone());
            for (name, name_node, stream) in streams.entries() {
                self.config.definitions.push(definition::read(
                    self.file,
                    self.text,
                    key == "bucket_definitions",
                    (name, name_node, stream),
                ));
                let lists = ["query", "queries", "data"].map(|key| stream.get(key));
                let before = self.config.queries.len();
                let mut any = false;
                for item in lists.iter().flatten().flat_map(|node| node.items()) {
                    any = true;
                    self.query(name, item);
                }
                let known = |key| STREAM_KEYS.contains(&key) || BUCKET_KEYS.contains(&key);
                if stream.entries().any(|(key, _, _)| !known(key)) {
                    // One of these may be it, misspelt.
                    self.config.gaps |= !any;
                } else if !any && before == self.config.queries.len() {
                    let place = Place::new(self.file, name_node.span.clone());
                    self.gap(
                        format!("`{name}` has no query"),
                        place,
                        format!("{wanted} is not here"),
                    );
                }
            }
        }
        if found {
            self.config
                .diagnostics
                .extend(shape::check(self.file, root));
        } else {
            let place = Place::new(self.file, root.span.start..root.span.start);
            self.config.diagnostics.push(
                Diagnostic::new(Code::C001, format!("{path} is not a sync config"))
                    .at(place, "no `streams` and no `bucket_definitions`")
                    .help("is this the service's own configuration? The sync config is the file that its `sync_config` names"),
            );
        }
    }

    fn query(&mut self, stream: &str, node: &Node) {
        let place = Place::new(self.file, node.span.clone());
        let Some(text) = node.text() else {
            return self.gap(
                format!("a query of `{stream}` is no text"),
                place,
                String::new(),
            );
        };
        match query::read(text) {
            Ok(sent) => self.config.queries.push(Query {
                stream: stream.to_owned(),
                sent,
                spots: Spots::new(self.file, self.text, node),
            }),
            Err(why) => {
                let message = format!("a query of `{stream}` could not be followed: {why}");
                self.gap(message, place, "not compared".to_owned());
            }
        }
    }

    fn gap(&mut self, message: String, place: Place, label: String) {
        self.config.gaps = true;
        self.config
            .diagnostics
            .push(Diagnostic::new(Code::C005, message).at(place, label));
    }
}
