//! What a query sends: whose rows, under which name, with which columns.

use std::ops::Range;

use super::Lint;
use crate::codes::Code;
use crate::model::{Access, Residence, Scalar, Table};
use crate::stream_query::{self, Guard, Item, Name, StreamQuery};

impl Lint<'_> {
    /// Rules for the rows that are sent.
    pub(super) fn sent(mut self, read: &StreamQuery) {
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
        let sent = self.schema.table(&source.table.name);
        let former = sent.and_then(Table::former_name);
        let misnamed = |alias: &&Name| former != Some(alias.name.as_str());
        if let Some(alias) = source.alias.as_ref().filter(misnamed) {
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
        let Some(table) = sent else {
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
        if table.access == Access::Public || table.residence != Residence::Synced {
            return;
        }
        let with: Vec<(&str, StreamQuery)> = self
            .stream
            .with
            .iter()
            .filter_map(|(name, query)| Some((name.as_str(), stream_query::read(&query.sql).ok()?)))
            .collect();
        let calls = || {
            with.iter()
                .flat_map(|(_, query)| query.all_calls())
                .chain(read.all_calls())
        };
        // What sync rules called it is no function of streams, which has been said by then.
        let old_name = |call: &stream_query::Call| {
            matches!(call.schema.as_deref(), Some("request" | "token_parameters"))
        };
        if guarded(&read.guard, &with, MAX_NAMED) || calls().any(old_name) {
            return;
        }
        let claim = calls().any(stream_query::Call::is_client_claim);
        let asks = calls().any(stream_query::Call::is_auth);
        if claim && !asks {
            if !self.stream.accept_potentially_dangerous_queries {
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
            }
            return;
        }
        let found = match table.owner() {
            // What the service refuses has been said, and may have been the condition.
            _ if asks && read.all().iter().any(|it| !it.refused.is_empty()) => return,
            _ if asks => {
                let message = format!("rows of `{}` are sent whoever asks", table.name);
                self.found(Code::L004, everything, message)
                    .note("a branch of an OR without auth.user_id() or auth.parameter('…') = a column sends its rows to every user")
                    .help("put parentheses around the OR, or the condition on the user into each branch")
            }
            Some(owner) => {
                let message = format!("every user gets every row of `{}`", table.name);
                let found = self.found(Code::L004, everything, message);
                found.help(format!("add WHERE {} = auth.user_id()", owner.name))
            }
            // A table that only written streams send may well be for everybody.
            None => return,
        };
        self.out.push(found);
    }
}

/// How far named queries may lead to each other.
const MAX_NAMED: usize = 8;

/// Does the guard hold, if need be by the named queries that it leaves it to?
fn guarded(guard: &Guard, with: &[(&str, StreamQuery)], depth: usize) -> bool {
    match guard {
        Guard::Token => true,
        Guard::Open => false,
        Guard::Named(names) => names.iter().any(|name| {
            let named = with
                .iter()
                .find(|(with, _)| with.eq_ignore_ascii_case(name));
            depth > 0 && named.is_some_and(|(_, query)| guarded(&query.guard, with, depth - 1))
        }),
    }
}
