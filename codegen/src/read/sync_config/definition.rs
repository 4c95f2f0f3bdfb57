//! Streams and bucket definitions as they stand in the file, for the rules about access.

use std::ops::Range;

use syncline_schema::model::{Query, Stream};
use syncline_schema::{FileId, Place, sql};

use super::place::Spots;
use super::query::blank;
use crate::read::yaml::Node;

/// One stream, or one bucket definition.
#[derive(Debug)]
pub struct Definition {
    /// In the words of the schema language. `queries` are a bucket definition's data queries.
    pub stream: Stream,
    /// Does it say whether clients get it by themselves? Perhaps by a key that is misspelt.
    pub says_subscribe: bool,
    /// Is it a bucket definition?
    pub is_bucket: bool,
    /// The parameter queries of a bucket definition.
    pub parameters: Vec<Text>,
    /// Where each query stands: the named ones first, then those that send rows.
    pub texts: Vec<Text>,
}

impl Definition {
    /// The tables whose rows it sends, as far as they can be told.
    pub fn tables(&self) -> Vec<String> {
        let queries = self.stream.queries.iter();
        sql::with_room(|| {
            queries
                .clone()
                .filter_map(|it| Some(super::read_query(&it.sql).ok()?.table.text))
                .collect()
        })
    }
}

/// A query and where it stands.
#[derive(Debug)]
pub struct Text {
    /// The query, comments blanked.
    pub sql: String,
    spots: Spots,
}

impl Text {
    fn new(file: FileId, source: &str, node: &Node) -> Option<Self> {
        Some(Self {
            sql: blank(node.text()?),
            spots: Spots::new(file, source, node),
        })
    }

    /// The place of a range of its bytes.
    pub fn place(&self, range: Range<usize>) -> Place {
        self.spots.place(range)
    }

    /// The place of all of it.
    pub fn whole(&self) -> Place {
        self.spots.place(0..self.sql.len())
    }
}

/// Reads a definition; what is not of the right kind is left out, and reported elsewhere.
pub(super) fn read(
    file: FileId,
    source: &str,
    is_bucket: bool,
    (name, key, node): (&str, &Node, &Node),
) -> Definition {
    let texts_of = |key: &str| -> Vec<Text> {
        let items = node.get(key).map_or(&[][..], Node::items);
        items
            .iter()
            .filter_map(|item| Text::new(file, source, item))
            .collect()
    };
    let query = |text: &Text| Query {
        sql: text.sql.clone(),
        place: text.whole(),
    };
    let flag = |key: &str| node.get(key).and_then(Node::boolean).unwrap_or_default();
    let mut texts = Vec::new();
    let mut with = Vec::new();
    for (name, _, item) in node.get("with").into_iter().flat_map(Node::entries) {
        if let Some(text) = Text::new(file, source, item) {
            with.push((name.to_owned(), query(&text)));
            texts.push(text);
        }
    }
    let (sent, parameters) = if is_bucket {
        (texts_of("data"), texts_of("parameters"))
    } else {
        let mut sent = texts_of("query");
        sent.extend(texts_of("queries"));
        (sent, Vec::new())
    };
    let stream = Stream {
        name: name.to_owned(),
        doc: None,
        auto_subscribe: is_bucket || flag("auto_subscribe"),
        priority: node
            .get("priority")
            .and_then(Node::text)
            .and_then(|it| it.parse().ok()),
        with,
        queries: sent.iter().map(query).collect(),
        accept_potentially_dangerous_queries: flag("accept_potentially_dangerous_queries"),
        place: Place::new(file, key.span.clone()),
    };
    texts.extend(sent);
    let misspelt = |key: &str| !super::STREAM_KEYS.contains(&key);
    let mut keys = node.entries().map(|(key, _, _)| key);
    Definition {
        stream,
        says_subscribe: is_bucket || keys.any(|key| key == "auto_subscribe" || misspelt(key)),
        is_bucket,
        parameters,
        texts,
    }
}
