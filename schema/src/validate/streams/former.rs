//! What old devices need of a stream while a rename or a change of type lasts.

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Residence, Stream, Table};
use crate::names::quote_sql;
use crate::stream_query::{self, Item, StreamQuery};
use crate::validate::Scope;

/// Streams that send a table or a column under its new name only.
pub(super) fn left_out(schema: &Scope<'_>, stream: &Stream, out: &mut Diagnostics) {
    let queries = stream.queries.iter().filter_map(|query| {
        let read = stream_query::read(&query.sql).ok()?;
        let source = read.sent()?;
        let table = schema.table(&source.table.name)?;
        let name = source.alias.as_ref().unwrap_or(&source.table).name.clone();
        (table.residence == Residence::Synced).then_some((query, table, name, read))
    });
    let queries: Vec<_> = queries.collect();
    for (query, table, name, read) in &queries {
        for (old, new) in columns(table, read) {
            out.push(
                Diagnostic::new(
                    Code::L018,
                    format!(
                        "`{}` sends `{new}`, and leaves out `{old}`, as old devices know it",
                        stream.name
                    ),
                )
                .at(query.place, "lists its columns")
                .note("on the devices that are out there the column would be null")
                .help(format!(
                    "add `{}` to the query, until the change is contracted",
                    quote_sql(old)
                )),
            );
        }
        let Some(old) = table.former_name().filter(|_| *name == table.name) else {
            continue;
        };
        if queries.iter().any(|(_, _, name, _)| name == old) {
            continue;
        }
        out.push(
            Diagnostic::new(
                Code::L018,
                format!(
                    "`{}` sends `{}`, and not as `{old}`, as old devices know it",
                    stream.name, table.name
                ),
            )
            .at(query.place, "")
            .at(table.place, "renamed_from")
            .note("the devices that are out there would lose the rows")
            .help(format!(
                "add the same query with FROM {} AS {}, until the rename is contracted",
                quote_sql(&table.name),
                quote_sql(old)
            )),
        );
    }
}

/// The columns that a query lists by their new names only, as old and new.
fn columns<'a>(
    table: &'a Table,
    read: &'a StreamQuery,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let star = read.items.iter().any(|it| matches!(it, Item::Star { .. }));
    let sends = |name: &str| {
        read.items
            .iter()
            .filter_map(Item::output)
            .any(|it| it == name)
    };
    let sent = table
        .columns
        .iter()
        .filter(move |it| !star && !it.server_only);
    sent.filter_map(move |column| {
        let old = column
            .renamed_from
            .as_deref()
            .or(column.replaces.as_deref())?;
        (sends(&column.name) && !sends(old)).then_some((old, column.name.as_str()))
    })
}
