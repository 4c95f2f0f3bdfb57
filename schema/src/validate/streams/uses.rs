//! What a query uses: tables, columns, functions that the service knows, conditions that can hold.

use super::Lint;
use crate::codes::Code;
use crate::diagnostic::did_you_mean;
use crate::model::{Residence, Table};
use crate::names;
use crate::stream_query::{self, Name, Source, StreamQuery};

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

impl Lint<'_> {
    /// Rules for every query, nested and named ones included.
    pub(super) fn uses(mut self, read: &StreamQuery) {
        self.one(read);
        for query in &read.nested {
            // Behind `IN` a name alone is a named query, a table, or a column of the query around.
            match query.bare_name() {
                Some(name)
                    if !self.named(&name.name) && self.schema.table(&name.name).is_none() =>
                {
                    self.column(read, name);
                }
                _ => self.reborrow().uses(query),
            }
        }
    }

    fn one(&mut self, query: &StreamQuery) {
        {
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
        if tables.iter().any(|table| {
            table
                .column(&name.name)
                .or(table.renamed(&name.name))
                .is_some()
        }) {
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
}
