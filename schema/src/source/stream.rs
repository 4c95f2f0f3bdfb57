//! `[streams.NAME]`.

use super::node::{Fields, Node};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Query, Stream};
use crate::place::Place;

/// Reads a stream.
pub(super) fn read(name: &str, place: Place, fields: Fields<'_>, out: &mut Diagnostics) -> Stream {
    let query = |node: Node<'_>| {
        Some(Query {
            sql: node.text()?.to_owned(),
            place: node.place,
        })
    };
    let single = fields.get("query");
    let several = fields.get("queries");
    if let (Some(one), Some(many)) = (single, several) {
        out.push(
            Diagnostic::new(
                Code::S015,
                format!("stream `{name}` has `query` and `queries`"),
            )
            .at(many.place, "here")
            .at(one.place, "and here")
            .help("put all of them under `queries`"),
        );
    }
    let queries: Vec<Query> = single
        .into_iter()
        .chain(several.into_iter().flat_map(Node::items))
        .filter_map(query)
        .collect();
    let misspelt = fields.misspells("query") || fields.misspells("queries");
    if queries.is_empty() && single.is_none() && several.is_none_or(|it| it.is_list()) && !misspelt
    {
        out.push(
            Diagnostic::new(Code::S029, format!("stream `{name}` has no query"))
                .at(place, "")
                .help("add query = \"SELECT * FROM table WHERE owner_id = auth.user_id()\""),
        );
    }
    let with = fields.table("with").into_iter().flat_map(Fields::entries);
    Stream {
        name: name.to_owned(),
        doc: fields.owned("doc"),
        auto_subscribe: fields.bool("auto_subscribe").unwrap_or(false),
        priority: fields
            .get("priority")
            .and_then(Node::integer)
            .and_then(|n| u8::try_from(n).ok()),
        with: with
            .filter_map(|(name, _, node)| Some((name.to_owned(), query(node)?)))
            .collect(),
        queries,
        accept_potentially_dangerous_queries: fields
            .bool("accept_potentially_dangerous_queries")
            .unwrap_or(false),
        place,
    }
}
