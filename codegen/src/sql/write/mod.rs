//! The statements of an upload: rows come as typed arrays, one array a column, and every
//! statement holds the owner predicate.
//!
//! `$1` is always the owner, as text. Columns go by their place among the declared ones: `c4` is
//! the value of column 4, and bit 4 of a mask (byte 0, counted from its lowest bit) is about it.
//!
//! While a change of the schema lasts, two columns hold one thing: what a column was called
//! before gets whatever the column gets, and one that replaces another is filled from it, and
//! fills it, by conversion. So devices of either schema write, and read what the others wrote.

mod current;
mod delete;
mod param;
mod patch;
mod put;
mod rejection;

use std::borrow::Cow;
use std::fmt::{self, Write};

use syncline_schema::convert::convert;
use syncline_schema::model::{Column, Role, Table};
use syncline_schema::names;

pub use current::current;
pub use delete::delete;
pub use patch::patch;
pub use put::put;
pub use rejection::rejection;

/// A statement over arrays, and the columns whose values its arrays hold, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The places of the columns among the declared ones; `$3` is the array of the first, always
    /// the id.
    pub columns: Vec<usize>,
}

impl Statement {
    fn new(sql: String, columns: &[Written<'_>]) -> Self {
        Self {
            sql,
            columns: columns.iter().map(|it| it.at).collect(),
        }
    }
}

/// A column that devices write.
struct Written<'a> {
    /// Its place among the declared columns.
    at: usize,
    /// Its name as SQL writes it.
    name: Cow<'a, str>,
    column: &'a Column,
    /// The name that it had before, as SQL writes it.
    former: Option<Cow<'a, str>>,
    /// The column that it replaces, or that replaces it, with its place.
    other: Option<(usize, &'a Column)>,
}

impl Written<'_> {
    fn is(&self, role: Role) -> bool {
        self.column.role == role
    }

    /// The names that get its value.
    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.former.as_deref())
    }

    /// What the other column's value is as one of this.
    fn converted(&self) -> Option<String> {
        let (at, other) = self.other?;
        convert(other, self.column, &param::value(at, other))
    }
}

/// The columns that devices write and `wanted` takes; the id is the first.
fn written<'a>(table: &'a Table, wanted: impl Fn(&Column) -> bool) -> Vec<Written<'a>> {
    let columns = table.declared_columns().enumerate();
    columns
        .filter(|(_, it)| !it.read_only && !it.server_only && it.role != Role::Owner && wanted(it))
        .map(|(at, column)| Written {
            at,
            name: quoted(&column.name),
            column,
            former: former_name(table, column),
            other: other(table, column),
        })
        .collect()
}

/// What a column was called before, where PostgreSQL still has that, too.
fn former_name<'a>(table: &'a Table, column: &Column) -> Option<Cow<'a, str>> {
    column.renamed_from.as_ref()?;
    let former = table.former_of(column).filter(|it| it.is_former_name())?;
    Some(quoted(&former.name))
}

fn other<'a>(table: &'a Table, column: &Column) -> Option<(usize, &'a Column)> {
    let name = match &column.former {
        Some(former) => former.successor(),
        None => column.replaces.as_deref()?,
    };
    let mut columns = table.declared_columns().enumerate();
    columns.find(|(_, it)| it.name == name)
}

fn quoted(name: &str) -> Cow<'_, str> {
    if names::is_plain_sql(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(names::quote_sql(name))
    }
}

/// The two columns that every statement is about, as SQL writes them; none where devices may not
/// write.
fn owner_and_id(table: &Table) -> Option<(&Column, &Column)> {
    let owner = table.owner().filter(|_| table.writable())?;
    Some((owner, table.with_role(Role::Id)?))
}

/// `FROM unnest(…) AS u (…)`: the arrays from `$3` on, and `mask` behind them.
fn push_unnest(out: &mut String, columns: &[Written<'_>], mask: Option<&str>) {
    out.push_str("\nFROM unnest(");
    for (nth, it) in columns.iter().enumerate() {
        let comma = if nth > 0 { ", " } else { "" };
        let array = param::array_of(&it.column.ty);
        push(out, format_args!("{comma}${}::{array}[]", nth + 3));
    }
    if let Some(mask) = mask {
        push(out, format_args!(", {mask}"));
    }
    out.push_str(")\n  AS u (");
    for (nth, it) in columns.iter().enumerate() {
        let comma = if nth > 0 { ", " } else { "" };
        push(out, format_args!("{comma}c{}", it.at));
    }
    out.push_str(if mask.is_some() { ", m)" } else { ")" });
}

/// Ids come back as text, whatever PostgreSQL keeps them as.
fn push_returning(out: &mut String, id: &Column) {
    let id = quoted(&id.name);
    push(out, format_args!("\nRETURNING t.{id}::text AS id"));
}

fn push(out: &mut String, text: fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
