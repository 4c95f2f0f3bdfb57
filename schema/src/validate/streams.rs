//! Lints of the streams that the user wrote: what the PowerSync Service refuses, and what it
//! accepts and gets wrong without a word.

use std::ops::Range;

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Access, Query, Residence, Scalar, Stream, Table};
use crate::names;
use crate::stream_query::{self, Item, Name, Source, StreamQuery};

/// Functions that the service knows (service-sync-rules 0.38, found by running it).
const FUNCTIONS: &[&str] = &[
    "base64",
    "datetime",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json_array_length",
    "json_extract",
    "json_keys",
    "length",
    "lower",
    "st_asgeojson",
    "st_astext",
    "st_x",
    "st_y",
    "substring",
    "typeof",
    "unixepoch",
    "upper",
    "uuid_blob",
];

/// Functions with a schema: who asks, and for what.
const REQUEST_FUNCTIONS: &[&str] = &[
    "auth.user_id",
    "auth.parameter",
    "auth.parameters",
    "subscription.parameter",
    "subscription.parameters",
    "connection.parameter",
    "connection.parameters",
];

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
        schema
            .streams
            .iter()
            .for_each(|stream| lint(schema, stream, &mut found));
        found
    }));
}

fn lint(schema: &Scope<'_>, stream: &Stream, out: &mut Diagnostics) {
    for (name, query) in &stream.with {
        if let Some(read) = read(query, out) {
            let lint = Lint {
                schema,
                stream,
                query,
                out,
            };
            lint.common(&read, Some(name));
        }
    }
    for query in &stream.queries {
        if let Some(read) = read(query, out) {
            Lint {
                schema,
                stream,
                query,
                out,
            }
            .common(&read, None);
            Lint {
                schema,
                stream,
                query,
                out,
            }
            .sent(&read);
        }
    }
}

fn read(query: &Query, out: &mut Diagnostics) -> Option<StreamQuery> {
    match stream_query::read(&query.sql) {
        Ok(read) => Some(read),
        Err(error) => {
            let place = error
                .range
                .map_or(query.place, |range| query.place_of(range));
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
    out: &'a mut Diagnostics,
}

impl<'a> Lint<'a> {
    fn found(&mut self, code: Code, range: &Range<usize>, message: String) -> Diagnostic {
        Diagnostic::new(code, message).at(self.query.place_of(range.clone()), "")
    }

    fn named(&self, name: &str) -> bool {
        self.stream
            .with
            .iter()
            .any(|(with, _)| with.eq_ignore_ascii_case(name))
    }

    /// Rules for every query, nested and named ones included.
    fn common(mut self, read: &StreamQuery, _: Option<&str>) {
        for query in read.all() {
            for (message, range) in &query.refused {
                let found = self.found(Code::L001, range, message.clone());
                self.out.push(found);
            }
            for call in &query.calls {
                self.call(call);
            }
            for source in query.from.iter().filter(|source| !source.function) {
                self.source(source);
            }
            for name in &query.columns {
                self.column(query, name);
            }
            if let Some(range) = &query.never {
                let found = self.found(
                    Code::L016,
                    range,
                    "no row ever meets this condition".to_owned(),
                );
                let condition = self.query.sql.get(range.clone()).unwrap_or_default();
                let null = condition.to_ascii_lowercase().contains("null");
                let help = null.then_some("to compare with NULL, write IS NULL or IS NOT NULL");
                self.out.push(found.help_opt(help.map(str::to_owned)));
            }
        }
    }

    fn call(&mut self, call: &stream_query::Call) {
        let full = match &call.schema {
            Some(schema) => format!("{schema}.{}", call.name),
            None => call.name.clone(),
        };
        let known = if call.schema.is_some() {
            REQUEST_FUNCTIONS
        } else {
            FUNCTIONS
        };
        if !known.contains(&full.as_str()) {
            let help = match full.as_str() {
                "coalesce" => "write ifnull(a, b)".to_owned(),
                "auth.jwt" | "request.jwt" => "write auth.parameter('claim')".to_owned(),
                "request.user_id" | "token_parameters.user_id" => "write auth.user_id()".to_owned(),
                _ => did_you_mean(&full, known.iter().copied())
                    .unwrap_or_else(|| format!("the service knows {}", known.join(", "))),
            };
            let found = self.found(
                Code::L009,
                &call.range,
                format!("the service has no function `{full}`"),
            );
            self.out.push(found.help(help));
        }
        if self.stream.auto_subscribe && call.schema.as_deref() == Some("subscription") {
            let found = self.found(
                Code::L010,
                &call.range,
                format!(
                    "`{}` is subscribed by itself, without parameters",
                    self.stream.name
                ),
            );
            self.out
                .push(found.help("take auto_subscribe away, or use auth.parameter('…')"));
        }
    }

    fn source(&mut self, source: &Source) {
        let name = &source.table.name;
        if self.named(name) {
            return;
        }
        let Some(table) = self.schema.table(name) else {
            if self.fold(
                &source.table,
                self.schema.tables.iter().map(|it| it.name.as_str()),
            ) {
                return;
            }
            let known = self
                .schema
                .on_server()
                .map(|it| it.name.as_str())
                .collect::<Vec<_>>();
            let found = self.found(
                Code::L005,
                &source.table.range,
                format!("there is no table `{name}`"),
            );
            self.out.push(
                found
                    .note("the service only warns, and sends nothing")
                    .help_opt(did_you_mean(name, known)),
            );
            return;
        };
        if table.residence == Residence::Local {
            let found = self.found(
                Code::L013,
                &source.table.range,
                format!("table `{name}` is on the device only"),
            );
            self.out
                .push(found.help("the service reads PostgreSQL: use a synced table"));
        }
    }

    /// Reports an unquoted name that only exists in other letters.
    fn fold<'n>(&mut self, name: &Name, mut known: impl Iterator<Item = &'n str>) -> bool {
        let meant =
            known.find(|known| *known == name.written || known.eq_ignore_ascii_case(&name.name));
        let Some(meant) = meant else { return false };
        let found = self.found(
            Code::L007,
            &name.range,
            format!(
                "`{}` is read as `{}`, which does not exist",
                name.written, name.name
            ),
        );
        self.out
            .push(found.help(format!("write \"{meant}\" in double quotes")));
        true
    }

    fn column(&mut self, query: &StreamQuery, name: &Name) {
        let sources: Vec<&Source> = match &name.qualifier {
            Some(qualifier) => query
                .from
                .iter()
                .filter(|it| it.reference() == qualifier)
                .collect(),
            None => query.from.iter().collect(),
        };
        // A named query or a table function has columns of its own, which are not followed.
        let tables: Option<Vec<&Table>> = sources
            .iter()
            .map(|it| {
                if it.function {
                    None
                } else {
                    self.schema.table(&it.table.name)
                }
            })
            .collect();
        let Some(tables) = tables.filter(|tables| !tables.is_empty()) else {
            return;
        };
        if tables
            .iter()
            .any(|table| table.column(&name.name).is_some())
        {
            return;
        }
        let known: Vec<&str> = tables
            .iter()
            .flat_map(|table| &table.columns)
            .map(|it| it.name.as_str())
            .collect();
        if self.fold(name, known.iter().copied()) {
            return;
        }
        let of: Vec<_> = tables
            .iter()
            .map(|table| format!("`{}`", table.name))
            .collect();
        let quoted = !name.name.chars().all(|c| names::is_word(c) || c == '_');
        let text = quoted.then(|| format!("a text stands in single quotes: '{}'", name.written));
        let found = self.found(
            Code::L006,
            &name.range,
            format!("there is no column `{}` in {}", name.name, of.join(" or ")),
        );
        self.out.push(
            found
                .note("the service only warns, and reads NULL")
                .help_opt(did_you_mean(&name.name, known).or(text)),
        );
    }

    /// Rules for the rows that are sent.
    fn sent(mut self, read: &StreamQuery) {
        let everything = 0..self.query.sql.len();
        let Some(source) = read.sent() else {
            let found = self.found(
                Code::L001,
                &everything,
                "it is not clear which table's rows are sent".to_owned(),
            );
            self.out
                .push(found.help("select the columns of one table: SELECT documents.* FROM …"));
            return;
        };
        if let Some(alias) = &source.alias {
            let message = format!(
                "the rows of `{}` arrive as table `{}`",
                source.table.name, alias.name
            );
            let found = self.found(Code::L002, &alias.range, message);
            self.out.push(
                found
                    .note("the service names the rows by the alias, and no such table is on the device")
                    .help(format!("take the alias away: {}.*", source.table.name)),
            );
        }
        let Some(table) = self.schema.table(&source.table.name) else {
            return;
        };
        if table.residence == Residence::Server {
            let message = format!("table `{}` is in PostgreSQL only", table.name);
            let found = self.found(Code::L013, &source.table.range, message);
            self.out.push(
                found
                    .note("no device has such a table")
                    .help("take sync = \"server\" away from it"),
            );
        }
        self.items(read, table, &everything);
        self.access(read, table, &everything);
        if table.hides_deleted_rows()
            && let Some(deleted) = table.deleted_at()
            && !read
                .all()
                .iter()
                .any(|it| it.columns.iter().any(|name| name.name == deleted.name))
        {
            let message = format!(
                "`{}` sends deleted rows of `{}`",
                self.stream.name, table.name
            );
            let found = self.found(Code::L011, &everything, message);
            self.out.push(found.help(format!(
                "add AND {} IS NULL, or set deleted_rows = \"sync\"",
                deleted.name
            )));
        }
        let membership = read.nested.first().filter(|inner| !inner.from.is_empty());
        let joined = read.from.iter().filter(|it| !it.function).count() > 1;
        if membership.is_some() || joined {
            let message = format!(
                "`{}` may need a bucket for each of many rows",
                self.stream.name
            );
            let found = self.found(Code::L012, &everything, message);
            self.out.push(found.note("a connection takes 1,000 parameter results; over that it gets PSYNC_S2305 and no data"));
        }
    }

    fn items(&mut self, read: &StreamQuery, table: &Table, everything: &Range<usize>) {
        let star = read.items.iter().find_map(|item| match item {
            Item::Star { range, .. } => Some(range),
            _ => None,
        });
        let outputs: Vec<&str> = read.items.iter().filter_map(Item::output).collect();
        if star.is_none() && !outputs.contains(&"id") {
            let message = format!(
                "`{}` sends rows of `{}` without their id",
                self.stream.name, table.name
            );
            let found = self.found(Code::L003, everything, message);
            self.out.push(
                found
                    .note("rows without id fold into one row, whose id is empty")
                    .help(format!("select {}.id", table.name)),
            );
        }
        for column in &table.columns {
            let named = outputs.contains(&column.name.as_str());
            let is_raw_bytes = column.ty.scalar == Scalar::Bytes;
            if let (true, Some(range)) = (column.server_only, star.filter(|_| !named)) {
                let message = format!("`*` sends `{}`, which is server-only", column.name);
                let found = self
                    .found(Code::L014, range, message)
                    .at(column.place, "server_only");
                self.out
                    .push(found.help("list the columns that are to be sent"));
            }
            let own_name = read.items.iter().find_map(|item| match item {
                Item::Column(name) if name.name == column.name => Some(&name.range),
                _ => None,
            });
            if let (true, Some(range)) = (column.server_only, own_name) {
                let message = format!("`{}` is server-only", column.name);
                let found = self
                    .found(Code::L014, range, message)
                    .at(column.place, "server_only");
                self.out.push(found.help("take it out of the query"));
            }
            let raw = if named { own_name } else { star };
            if let (true, false, Some(range)) = (is_raw_bytes, column.server_only, raw) {
                let message = format!("the bytes of `{}` do not arrive", column.name);
                let found = self
                    .found(Code::L017, range, message)
                    .at(column.place, "bytes");
                self.out.push(
                    found
                        .note("the service leaves bytea columns out without a word")
                        .help(format!("add base64({0}) AS {0}", column.name)),
                );
            }
        }
    }

    fn access(&mut self, read: &StreamQuery, table: &Table, everything: &Range<usize>) {
        if table.access == Access::Public {
            return;
        }
        let with = self
            .stream
            .with
            .iter()
            .filter_map(|(_, query)| stream_query::read(&query.sql).ok());
        let with: Vec<StreamQuery> = with.collect();
        let calls = || {
            with.iter()
                .flat_map(StreamQuery::all_calls)
                .chain(read.all_calls())
        };
        // What sync rules called it is no function of streams, which has been said by then.
        let old_name = |call: &stream_query::Call| {
            matches!(call.schema.as_deref(), Some("request" | "token_parameters"))
        };
        if calls().any(|call| call.is_auth() || old_name(call)) {
            return;
        }
        let claim = calls().any(stream_query::Call::is_client_claim);
        if claim && !self.stream.accept_potentially_dangerous_queries {
            let message = format!(
                "who gets the rows of `{}` depends on what the client claims",
                table.name
            );
            let found = self.found(Code::L008, everything, message);
            self.out.push(
                found
                    .note("any client can send any parameter")
                    .help("add a condition on auth.user_id() or auth.parameter('…'), or accept_potentially_dangerous_queries = true"),
            );
        } else if !claim && table.access == Access::Owner {
            let message = format!("every user gets every row of `{}`", table.name);
            let found = self.found(Code::L004, everything, message);
            let owner = table.owner().map_or("owner_id", |it| it.name.as_str());
            self.out
                .push(found.help(format!("add WHERE {owner} = auth.user_id()")));
        }
    }
}
