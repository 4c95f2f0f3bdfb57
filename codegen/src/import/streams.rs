//! Streams of the app's own.

use std::collections::BTreeSet;

use syncline_schema::Schema;
use syncline_schema::model::Stream;

use super::differences::one_line;
use super::{Facts, Remark, sent};

/// The streams that do not follow from the tables, without the names that are taken.
pub(super) fn beyond(facts: &Facts, schema: &Schema, remarks: &mut Vec<Remark>) -> Vec<Stream> {
    let Some(sent) = &facts.sent else {
        return Vec::new();
    };
    let mut streams = Vec::new();
    let mut names = BTreeSet::new();
    for stream in &sent.streams {
        let mut stream = stream.clone();
        let (mut kept, mut lost) = (Vec::new(), Vec::new());
        for query in stream.queries.drain(..) {
            let table = sent::table_of(&query.sql);
            let synced = |name: &String| schema.synced().any(|it| it.name == *name);
            if table.as_ref().is_some_and(synced) {
                kept.push(query);
            } else {
                lost.push(query);
            }
        }
        for query in lost {
            remarks.push(Remark::plain(format!(
                "stream `{}`: `{}` sends no table that is synced here, and is left out",
                stream.name,
                one_line(&query.sql)
            )));
        }
        if kept.is_empty() {
            continue;
        }
        stream.queries = kept;
        if ["owner_data", "public_data"].contains(&stream.name.as_str()) {
            let name = format!("{}_more", stream.name);
            remarks.push(Remark::plain(format!(
                "stream `{}` is called `{name}`: its name is that of a stream that follows from the tables",
                stream.name
            )));
            stream.name = name;
        }
        if names.insert(stream.name.clone()) {
            streams.push(stream);
        }
    }
    for lost in &sent.lost {
        let text = format!("bucket `{}`: {}", lost.bucket, lost.why);
        let known = lost
            .table
            .as_deref()
            .filter(|it| schema.table(it).is_some());
        remarks.push(match known {
            Some(table) => Remark::table(table, text),
            None => Remark::plain(text),
        });
    }
    streams
}
