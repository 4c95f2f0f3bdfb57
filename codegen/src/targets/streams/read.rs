//! The tables that the service reads: those whose rows it sends, and those that tell it whose.

use std::collections::BTreeSet;

use syncline_schema::model::{Residence, Stream, Table};
use syncline_schema::stream_query::{self, StreamQuery};
use syncline_schema::{Schema, sql};

use super::derive;

/// What has to be in the publication and readable for the service, in declared order: a stream
/// over a table that is missing there sends nothing, and nobody complains.
pub fn tables_read(schema: &Schema) -> Vec<&Table> {
    let derived = derive(schema);
    let sent = derived.iter().flat_map(|stream| &stream.queries);
    let mut names: BTreeSet<String> = sent.map(|query| query.table.name.clone()).collect();
    if !schema.streams.is_empty() {
        names.extend(sql::with_room(|| {
            schema.streams.iter().flat_map(named_by).collect::<Vec<_>>()
        }));
    }
    let on_server = schema
        .tables
        .iter()
        .filter(|it| it.residence != Residence::Local);
    on_server
        .filter(|table| names.contains(&table.name))
        .collect()
}

/// The names behind FROM, JOIN and IN of a stream's queries. Some are named queries or columns:
/// they match no table.
fn named_by(stream: &Stream) -> Vec<String> {
    let with = stream.with.iter().map(|(_, query)| query);
    with.chain(&stream.queries)
        .filter_map(|query| stream_query::read(&query.sql).ok())
        .flat_map(|read| {
            let all = read.all();
            let sources = all.into_iter().flat_map(|it: &StreamQuery| &it.from);
            sources
                .filter(|it| !it.function)
                .map(|it| it.table.name.clone())
                .collect::<Vec<_>>()
        })
        .collect()
}
