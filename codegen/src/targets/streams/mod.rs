//! The streams of a schema: those that follow from its tables, and the text of those that the
//! user wrote. In: the schema. Out: streams as data, for both forms of the sync config and for
//! `check`.

mod read;
mod select;
mod text;

use std::fmt::Write as _;

use syncline_schema::Schema;
use syncline_schema::model::{Access, Column, Residence, Table};
use syncline_schema::names::quote_sql;

pub use read::tables_read;
pub use select::{drops_from_star, sends_all};
pub use text::one_line;

/// A stream that follows from the tables. Devices get it without asking.
#[derive(Clone, Debug)]
pub struct Derived<'a> {
    /// Its name, which user-written streams cannot have.
    pub name: &'static str,
    /// Whose rows it sends, in a sentence.
    pub about: &'static str,
    /// Each user gets rows of their own.
    pub by_owner: bool,
    /// One query a table, in declared order; two where old devices know it by another name.
    pub queries: Vec<TableQuery<'a>>,
}

/// The query that sends a table's rows.
#[derive(Clone, Copy, Debug)]
pub struct TableQuery<'a> {
    /// The table.
    pub table: &'a Table,
    /// The column that must be the user; none where everyone reads every row.
    pub owner: Option<&'a Column>,
    /// The column that must be NULL.
    pub deleted_at: Option<&'a Column>,
    /// The name under which the rows arrive, where it is the one that old devices know.
    pub alias: Option<&'a str>,
}

/// The derived streams that send something: owner tables first, then public ones. Tables that
/// devices only insert into are not sent down.
pub fn derive(schema: &Schema) -> Vec<Derived<'_>> {
    let mut owned = Vec::new();
    let mut public = Vec::new();
    for table in &schema.tables {
        if table.residence != Residence::Synced || table.insert_only {
            continue;
        }
        let deleted_at = table.deleted_at().filter(|_| table.hides_deleted_rows());
        let (queries, owner) = match (table.access, table.owner()) {
            (Access::Owner, Some(owner)) => (&mut owned, Some(owner)),
            (Access::Public, _) => (&mut public, None),
            // Without an owner column there is no filter, so nothing is sent.
            (Access::Owner, None) | (Access::Streams, _) => continue,
        };
        // The service names rows by the alias, which is what old devices need.
        let names = [None].into_iter().chain(table.former_name().map(Some));
        queries.extend(names.map(|alias| TableQuery {
            table,
            owner,
            deleted_at,
            alias,
        }));
    }
    let streams = [
        Derived {
            name: "owner_data",
            about: "Each user's own rows.",
            by_owner: true,
            queries: owned,
        },
        Derived {
            name: "public_data",
            about: "Rows that everyone reads.",
            by_owner: false,
            queries: public,
        },
    ];
    streams
        .into_iter()
        .filter(|stream| !stream.queries.is_empty())
        .collect()
}

impl TableQuery<'_> {
    /// The query as SQL. `user` is what the form of the config calls the user's id.
    pub fn sql(&self, user: &str) -> String {
        let mut out = String::from("SELECT ");
        select::push_list(&mut out, self.table);
        out.push_str(" FROM ");
        if let Some(schema) = &self.table.schema {
            out.push_str(&quote_sql(schema));
            out.push('.');
        }
        out.push_str(&quote_sql(&self.table.name));
        if let Some(alias) = self.alias {
            out.push_str(" AS ");
            out.push_str(&quote_sql(alias));
        }
        let mut word = "WHERE";
        if let Some(owner) = self.owner {
            // Writing to a String cannot fail.
            let _ = write!(out, " WHERE ({} = {user})", quote_sql(&owner.name));
            word = "AND";
        }
        if let Some(deleted_at) = self.deleted_at {
            let _ = write!(out, " {word} ({} IS NULL)", quote_sql(&deleted_at.name));
        }
        out
    }
}
