//! The statements of an upload: rows come as typed arrays, one array a column, and every
//! statement holds the owner predicate.
//!
//! `$1` is always the owner, as text. Columns go by their place in the table's descriptor: `c4`
//! is the array of column 4, and bit 4 of a mask (byte 0, counted from its lowest bit) is about
//! column 4.

mod param;

use std::fmt;

use syncline_schema::model::{Column, DefaultValue, Delete, Role, Table};

use super::{literal, name};

/// A statement over arrays, and the columns whose values its arrays hold, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The statement.
    pub sql: String,
    /// The places of the columns in the table; `$3` is the array of the first, always the id.
    pub columns: Vec<usize>,
}

/// A statement that changes columns by a mask.
pub type Masked = Write;

/// The parameters before the arrays: the owner, and a mask.
const FIRST_ARRAY: usize = 3;

/// `PUT`: inserts rows, and replaces those that the owner has already. None where devices cannot
/// fill a row.
///
/// `$2` is the mask (`bytea`) of the columns that the devices know, NULL for all of them; what
/// they do not know keeps its value, or gets its default in a new row. Absent values come as
/// NULL; a required column takes its default then. Gives the ids of the rows written, and whether
/// each is new; an id that is missing there belongs to someone else.
pub fn put(table: &Table) -> Option<Write> {
    let (owner, id) = owner_and_id(table)?;
    let written = written(table, |column| column.role != Role::Owner);
    if !written.iter().any(|(_, it)| it.role == Role::Data) && has_data(table) {
        return None;
    }
    let mut out = String::with_capacity(256 + 160 * written.len());
    out.push_str("INSERT INTO ");
    name::push_table(&mut out, table);
    out.push_str(" AS t\n  (");
    name::push(&mut out, &id.name);
    out.push_str(", ");
    name::push(&mut out, &owner.name);
    for (_, column) in written.iter().skip(1) {
        out.push_str(", ");
        name::push(&mut out, &column.name);
    }
    out.push_str(")\nSELECT\n  u.c0,\n  ");
    param::push_owner(&mut out, owner);
    for (at, column) in written.iter().skip(1) {
        out.push_str(",\n  ");
        push_new_value(&mut out, *at, column);
    }
    push_unnest(&mut out, &written, FIRST_ARRAY, None);
    out.push_str("\nON CONFLICT (");
    name::push_list(&mut out, table.key_columns());
    out.push_str(") DO UPDATE SET");
    let mut replaced = written
        .iter()
        .filter(|(_, it)| !table.insert_only && replaceable(it))
        .peekable();
    if replaced.peek().is_none() {
        // The row stays as it is, and is named in the answer all the same.
        push_assignment(&mut out, &id.name, &format_args!("t.{}", quoted(&id.name)));
    }
    while let Some((at, column)) = replaced.next() {
        push_replacement(&mut out, *at, column);
        if replaced.peek().is_some() {
            out.push(',');
        }
    }
    out.push_str("\nWHERE t.");
    name::push(&mut out, &owner.name);
    out.push_str(" = EXCLUDED.");
    name::push(&mut out, &owner.name);
    push_returning(&mut out, id);
    out.push_str(", (t.xmax = 0) AS inserted");
    Some(finish(out, &written))
}

/// `PATCH`: changes the columns of which each row's mask (`$2`, `bytea[]`) has the bit. None
/// where a device may change nothing.
///
/// Gives the ids of the rows changed.
pub fn patch(table: &Table) -> Option<Masked> {
    let (owner, id) = owner_and_id(table)?;
    let changed = written(table, |column| {
        column.role == Role::Id || (column.role != Role::Owner && !column.immutable)
    });
    if table.insert_only || !changed.iter().any(|(_, it)| it.role == Role::Data) {
        return None;
    }
    let mut out = String::with_capacity(192 + 110 * changed.len());
    out.push_str("UPDATE ");
    name::push_table(&mut out, table);
    out.push_str(" AS t SET");
    for (nth, (at, column)) in changed.iter().skip(1).enumerate() {
        if nth > 0 {
            out.push(',');
        }
        out.push_str("\n  ");
        name::push(&mut out, &column.name);
        push(
            &mut out,
            &format_args!(" = CASE WHEN get_bit(u.m, {at}) = 1 THEN "),
        );
        param::push_value(&mut out, *at, column);
        out.push_str(" ELSE ");
        // A change is a change, whether or not the device's clock saw it.
        if column.role == Role::UpdatedAt {
            out.push_str("now()");
        } else {
            out.push_str("t.");
            name::push(&mut out, &column.name);
        }
        out.push_str(" END");
    }
    push_unnest(&mut out, &changed, FIRST_ARRAY, Some("$2::bytea[]"));
    out.push_str("\nWHERE t.");
    name::push(&mut out, &id.name);
    out.push_str(" = u.c0 AND t.");
    name::push(&mut out, &owner.name);
    out.push_str(" = ");
    param::push_owner(&mut out, owner);
    push_returning(&mut out, id);
    Some(finish(out, &changed))
}

/// `DELETE` of the ids in `$2`: marks the rows as deleted, or removes them. None where devices
/// only insert.
///
/// Gives the ids of the rows deleted by it.
pub fn delete(table: &Table) -> Option<String> {
    let (owner, id) = owner_and_id(table)?;
    if table.insert_only {
        return None;
    }
    let mut out = String::with_capacity(160);
    let marked = table.deleted_at().filter(|_| table.delete == Delete::Soft);
    if let Some(deleted_at) = marked {
        out.push_str("UPDATE ");
        name::push_table(&mut out, table);
        out.push_str(" AS t SET");
        push_assignment(&mut out, &deleted_at.name, &"now()");
        if let Some(updated_at) = table.with_role(Role::UpdatedAt) {
            out.push(',');
            push_assignment(&mut out, &updated_at.name, &"now()");
        }
    } else {
        out.push_str("DELETE FROM ");
        name::push_table(&mut out, table);
        out.push_str(" AS t");
    }
    out.push_str("\nWHERE t.");
    name::push(&mut out, &owner.name);
    out.push_str(" = ");
    param::push_owner(&mut out, owner);
    out.push_str(" AND t.");
    name::push(&mut out, &id.name);
    push(
        &mut out,
        &format_args!(" = ANY ($2::{}[])", param::array_of(&id.ty)),
    );
    if let Some(deleted_at) = marked {
        out.push_str(" AND t.");
        name::push(&mut out, &deleted_at.name);
        out.push_str(" IS NULL");
    }
    push_returning(&mut out, id);
    Some(out)
}

/// The two columns that every statement is about; none where devices may not write.
fn owner_and_id(table: &Table) -> Option<(&Column, &Column)> {
    let owner = table.owner().filter(|_| table.writable())?;
    Some((owner, table.with_role(Role::Id)?))
}

/// The columns that devices write and `wanted` takes, with their places; the id is the first.
fn written(table: &Table, wanted: impl Fn(&Column) -> bool) -> Vec<(usize, &Column)> {
    let columns = table.columns.iter().enumerate();
    columns
        .filter(|(_, it)| !it.read_only && !it.server_only && wanted(it))
        .collect()
}

fn has_data(table: &Table) -> bool {
    table.columns.iter().any(|it| it.role == Role::Data)
}

/// When a row was made stays, as what is set once does.
fn replaceable(column: &Column) -> bool {
    !column.immutable && !matches!(column.role, Role::Id | Role::CreatedAt)
}

/// What a new row gets: the value, or what stands for an absent one.
fn push_new_value(out: &mut String, at: usize, column: &Column) {
    let Some(default) = literal::default_of(column) else {
        return param::push_value(out, at, column);
    };
    if column.nullable {
        // Absent means NULL, but to a device that has never heard of the column.
        out.push_str("CASE WHEN ");
        push_known(out, at);
        out.push_str(" THEN ");
        param::push_value(out, at, column);
        out.push_str(" ELSE ");
    } else {
        out.push_str("coalesce(");
        param::push_value(out, at, column);
        out.push_str(", ");
    }
    match column.default {
        // Constants take the type of what they stand beside.
        Some(DefaultValue::Literal(_)) => out.push_str(&default),
        _ => push(
            out,
            &format_args!("({default})::{}", param::base_type(&column.ty)),
        ),
    }
    out.push_str(if column.nullable { " END" } else { ")" });
}

fn push_replacement(out: &mut String, at: usize, column: &Column) {
    out.push_str("\n  ");
    name::push(out, &column.name);
    // When the row was last changed is known even where the device does not say it.
    let always = column.role == Role::UpdatedAt;
    if always {
        out.push_str(" = EXCLUDED.");
        name::push(out, &column.name);
        return;
    }
    out.push_str(" = CASE WHEN ");
    push_known(out, at);
    out.push_str(" THEN EXCLUDED.");
    name::push(out, &column.name);
    out.push_str(" ELSE t.");
    name::push(out, &column.name);
    out.push_str(" END");
}

fn push_known(out: &mut String, at: usize) {
    push(
        out,
        &format_args!("$2::bytea IS NULL OR get_bit($2::bytea, {at}) = 1"),
    );
}

fn push_unnest(
    out: &mut String,
    columns: &[(usize, &Column)],
    first: usize,
    mask: Option<&'static str>,
) {
    out.push_str("\nFROM unnest(");
    for (nth, (_, column)) in columns.iter().enumerate() {
        if nth > 0 {
            out.push_str(", ");
        }
        push(
            out,
            &format_args!("${}::{}[]", first + nth, param::array_of(&column.ty)),
        );
    }
    if let Some(mask) = mask {
        push(out, &format_args!(", {mask}"));
    }
    out.push_str(")\n  AS u (");
    for (nth, (at, _)) in columns.iter().enumerate() {
        if nth > 0 {
            out.push_str(", ");
        }
        push(out, &format_args!("c{at}"));
    }
    out.push_str(if mask.is_some() { ", m)" } else { ")" });
}

fn push_assignment(out: &mut String, column: &str, value: &dyn fmt::Display) {
    out.push_str("\n  ");
    name::push(out, column);
    push(out, &format_args!(" = {value}"));
}

/// Ids come back as text, whatever PostgreSQL keeps them as.
fn push_returning(out: &mut String, id: &Column) {
    push(
        out,
        &format_args!("\nRETURNING t.{}::text AS id", quoted(&id.name)),
    );
}

fn quoted(column: &str) -> String {
    name::list([column])
}

fn finish(sql: String, columns: &[(usize, &Column)]) -> Write {
    Write {
        sql,
        columns: columns.iter().map(|(at, _)| *at).collect(),
    }
}

fn push(out: &mut String, text: &dyn fmt::Display) {
    use fmt::Write;
    // Writing to a String cannot fail.
    let _ = write!(out, "{text}");
}
