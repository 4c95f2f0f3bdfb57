//! What the sync rules print. Texts are YAML scalars.

use std::collections::BTreeSet;

use syncline_schema::Schema;
use syncline_schema::model::Stream;
use syncline_schema::sql;

use super::translate::{Refusal, translate};
use crate::targets::streams::{self, Derived};
use crate::targets::{BANNER, yaml};

/// The file.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    /// Derived ones first.
    definitions: Vec<DefinitionView>,
    /// What the file leaves out, by name; empty for nothing.
    left_out: String,
}

#[derive(Debug, serde::Serialize)]
struct DefinitionView {
    name: String,
    about: Option<&'static str>,
    priority: Option<u8>,
    accept_potentially_dangerous_queries: bool,
    parameters: Option<String>,
    data: Vec<String>,
}

/// The file, and what is not in it.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) view: View,
    pub(super) left_out: Vec<LeftOut>,
}

/// A stream that sync rules cannot express, or a table that they cannot send.
#[derive(Debug)]
pub(super) struct LeftOut {
    /// "stream `x`" or "table `x`".
    pub(super) what: String,
    pub(super) refusal: Refusal,
}

/// Lowers the schema.
pub(super) fn lower(schema: &Schema) -> Lowered {
    let mut left_out = Vec::new();
    let mut names = Vec::new();
    let mut definitions: Vec<_> = streams::derive(schema)
        .into_iter()
        .filter_map(|stream| lower_derived(stream, &mut left_out))
        .collect();
    let mut taken: BTreeSet<String> = schema.streams.iter().map(|it| it.name.clone()).collect();
    for stream in &schema.streams {
        // A long expression needs a large stack.
        match sql::with_room(|| translate(stream, schema)) {
            Ok(parts) => {
                for (at, part) in parts.into_iter().enumerate() {
                    let name = if at == 0 {
                        stream.name.clone()
                    } else {
                        free(&stream.name, &mut taken)
                    };
                    definitions.push(lower_written(stream, &name, part));
                }
            }
            Err(refusal) => {
                names.push(yaml::scalar(&stream.name).into_owned());
                left_out.push(LeftOut {
                    what: format!("stream `{}`", stream.name),
                    refusal,
                });
            }
        }
    }
    let view = View {
        banner: BANNER,
        definitions,
        left_out: names.join(", "),
    };
    Lowered { view, left_out }
}

fn lower_derived(mut stream: Derived<'_>, left_out: &mut Vec<LeftOut>) -> Option<DefinitionView> {
    if stream.by_owner {
        stream.queries.retain(|query| {
            // There it would be the bucket's parameters, quoted or not.
            let is_sayable = query.table.name != "bucket" && query.alias != Some("bucket");
            if !is_sayable {
                left_out.push(LeftOut {
                    what: "table `bucket`".to_owned(),
                    refusal: Refusal {
                        reason: "there, `bucket` is not a table".to_owned(),
                        place: query.table.place,
                    },
                });
            }
            is_sayable
        });
    }
    let queries = stream.queries.iter();
    let data: Vec<_> = queries
        .map(|query| scalar(&query.sql("bucket.owner_id")))
        .collect();
    (!data.is_empty()).then(|| DefinitionView {
        name: stream.name.to_owned(),
        about: Some(stream.about),
        priority: None,
        accept_potentially_dangerous_queries: false,
        parameters: stream
            .by_owner
            .then(|| "SELECT request.user_id() AS owner_id".to_owned()),
        data,
    })
}

fn lower_written(
    stream: &Stream,
    name: &str,
    part: super::translate::Definition,
) -> DefinitionView {
    DefinitionView {
        name: scalar(name),
        about: None,
        priority: stream.priority,
        accept_potentially_dangerous_queries: stream.accept_potentially_dangerous_queries,
        parameters: part.parameters.as_deref().map(scalar),
        data: part.data.iter().map(|sql| scalar(sql)).collect(),
    }
}

/// A name for a further part of a stream that no other stream has.
fn free(stream: &str, taken: &mut BTreeSet<String>) -> String {
    let mut number = 2_u32;
    loop {
        let name = format!("{stream}_{number}");
        if taken.insert(name.clone()) {
            return name;
        }
        number += 1;
    }
}

fn scalar(text: &str) -> String {
    yaml::scalar(text).into_owned()
}
