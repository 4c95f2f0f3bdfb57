//! Who gets the rows that a sync config sends: the lints of the source's own streams, on streams
//! that were written by hand, and their counterparts for bucket definitions.

use std::ops::Range;

use syncline_schema::codes::Code;
use syncline_schema::model::Table;
use syncline_schema::{Diagnostic, Place, Schema, Severity, lint_stream};

use super::buckets;
use super::finding::Findings;
use crate::read::sync_config::{Definition, SyncConfig};

/// Lints every definition. `findings` hold what comparing the same config has said: what a lint
/// says again of the same place, or in other words, is left out.
pub(super) fn check(schema: &Schema, config: &SyncConfig, since: usize, findings: &mut Findings) {
    let mut found = Vec::new();
    for definition in &config.definitions {
        if is_of_the_source(schema, definition) {
            continue;
        }
        let mut said: Vec<_> = if definition.is_bucket {
            buckets::check(schema, definition)
        } else {
            let place = |query: usize, range: Range<usize>| match definition.texts.get(query) {
                Some(text) => text.place(range),
                None => definition.stream.place,
            };
            lint_stream(schema, &definition.stream, &place)
                .into_iter()
                .map(|it| explained(schema, it))
                .collect()
        };
        said.extend(unsubscribed(definition));
        let first = definition.tables().into_iter().next();
        found.extend(said.into_iter().map(|it| {
            let table = named_table(schema, &it).map(|it| it.name.clone());
            (it, table.or_else(|| first.clone()))
        }));
    }
    // A query that the service refuses could not be compared either: one finding says it.
    let unsound: Vec<_> = found
        .iter()
        .filter(|(it, _)| it.code == Code::L001)
        .map(|(it, _)| it.place())
        .collect();
    let compared = findings.list.split_off(since);
    findings.list.extend(compared.into_iter().filter(|it| {
        let place = it.diagnostic.place();
        it.diagnostic.code != Code::C005 || !unsound.iter().any(|at| overlaps(place, *at))
    }));
    let known: Vec<_> = findings.list[since..]
        .iter()
        .map(|it| it.diagnostic.place())
        .collect();
    let mut refused = Vec::new();
    for (diagnostic, table) in found {
        let place = diagnostic.place();
        let again = match diagnostic.code {
            // What the service says first is enough: the rest often follows from it.
            Code::L001 => {
                let query = config.query_at(place);
                let again = query.is_some() && refused.contains(&query);
                refused.push(query);
                again
            }
            Code::L002 | Code::L003 | Code::L013 | Code::L014 | Code::L017 => true,
            Code::L005 | Code::L006 | Code::L007 => known.iter().any(|at| overlaps(place, *at)),
            _ => false,
        };
        match table {
            _ if again => {}
            Some(table) => findings.about(&table, diagnostic),
            None => findings.plain(diagnostic),
        }
    }
}

/// A stream that no client gets by itself, and that does not say so.
fn unsubscribed(definition: &Definition) -> Option<Diagnostic> {
    let stream = &definition.stream;
    let mut texts = definition.texts.iter();
    let asks = texts.any(|text| text.sql.to_lowercase().contains("subscription."));
    if definition.says_subscribe || asks {
        return None;
    }
    Some(
        Diagnostic::new(
            Code::C041,
            format!("no client gets `{}` by itself", stream.name),
        )
        .at(stream.place, "without `auto_subscribe: true`")
        .note("rows will arrive only at clients that subscribe to it by name, and nothing complains where none does")
        .help("add `auto_subscribe: true`, or `auto_subscribe: false` to say that it is meant"),
    )
}

/// A stream of the source, as `generate` prints it: loading has said what there is to say.
fn is_of_the_source(schema: &Schema, definition: &Definition) -> bool {
    let words = |sql: &str| {
        sql.split_whitespace()
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    let stream = schema
        .streams
        .iter()
        .find(|it| it.name == definition.stream.name);
    stream.is_some_and(|stream| {
        let mut own = definition.stream.queries.iter();
        own.len() == stream.queries.len()
            && own.all(|query| {
                let query = words(&query.sql);
                stream.queries.iter().any(|it| words(&it.sql) == query)
            })
    })
}

/// A lint with the place of the table in the source, and why it matters.
fn explained(schema: &Schema, mut found: Diagnostic) -> Diagnostic {
    if found.notes.is_empty()
        && let Some(why) = why(found.code)
    {
        found = found.note(why);
    }
    // The schema need not know every table of PostgreSQL's.
    if found.code == Code::L005 && found.help.is_empty() {
        found.severity = Severity::Warning;
        found = found.help("declare it in the source with `sync = \"server\"`, or mend the name");
    }
    if let (Some(table), true) = (named_table(schema, &found), found.labels.len() == 1) {
        found = found.at(table.place, "declared here");
    }
    found
}

/// The table that a message is about.
fn named_table<'a>(schema: &'a Schema, found: &Diagnostic) -> Option<&'a Table> {
    let mut named = found.message.split('`').skip(1).step_by(2);
    named.find_map(|name| schema.table(name))
}

fn why(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::L001 | Code::L009 => {
            "the service refuses the file, and rows will arrive at no client"
        }
        Code::L004 => "one user reads what belongs to another",
        Code::L005 | Code::L006 | Code::L007 => {
            "the service only warns, and rows will arrive at no client"
        }
        Code::L010 => {
            "without a parameter the condition never holds: rows will arrive at no client"
        }
        Code::L011 => "what a user deleted comes back on the next sync",
        Code::L016 => "rows will arrive at no client",
        _ => return None,
    })
}

fn overlaps(one: Place, other: Place) -> bool {
    match (one.range(), other.range()) {
        (Some(a), Some(b)) if one.file() == other.file() => a.start < b.end && b.start < a.end,
        _ => false,
    }
}
