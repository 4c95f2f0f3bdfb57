//! `PUT`: insert, or replace.

use syncline_schema::model::{Column, DefaultValue, Role, Scalar, Table};

use super::{
    Statement, Written, former_name, owner_and_id, param, push, push_returning, push_unnest,
    written,
};
use crate::sql::{literal, name};

/// Inserts rows, and replaces those that the owner has already. None where devices cannot fill a
/// row.
///
/// `$2` is the mask (`bytea`) of the columns that the devices know, NULL for all of them; what
/// they do not know keeps its value, or gets its default in a new row. Absent values come as
/// NULL; a required column takes its default then. Gives the ids of the rows written, and whether
/// each is new; an id that is missing there belongs to someone else.
pub fn put(table: &Table) -> Option<Statement> {
    let (owner, id) = owner_and_id(table)?;
    let written = written(table, |_| true);
    let is_data = |column: &Column| column.role == Role::Data;
    if !written.iter().any(|it| is_data(it.column)) && table.columns.iter().any(is_data) {
        return None;
    }
    let owner_name = super::quoted(&owner.name);
    let mut out = String::with_capacity(256 + 160 * written.len());
    out.push_str("INSERT INTO ");
    name::push_table(&mut out, table);
    out.push_str(" AS t\n  (");
    for name in written.iter().flat_map(Written::names) {
        out.push_str(name);
        out.push_str(", ");
    }
    let owner_was = former_name(table, owner);
    if let Some(name) = &owner_was {
        push(&mut out, format_args!("{name}, "));
    }
    push(&mut out, format_args!("{owner_name})\nSELECT\n"));
    for it in &written {
        for _ in it.names() {
            out.push_str("  ");
            push_new_value(&mut out, it);
            out.push_str(",\n");
        }
    }
    out.push_str("  ");
    if owner_was.is_some() {
        param::push_owner(&mut out, owner);
        out.push_str(",\n  ");
    }
    param::push_owner(&mut out, owner);
    push_unnest(&mut out, &written, None);
    if !written.iter().any(|it| is_masked(table, it.column)) {
        // PostgreSQL has to find the type of every parameter.
        out.push_str("\nCROSS JOIN (SELECT $2::bytea) AS known");
    }
    out.push_str("\nON CONFLICT (");
    name::push_list(&mut out, table.key_columns());
    out.push_str(") DO UPDATE SET");
    push_replacements(&mut out, table, &written);
    push(
        &mut out,
        format_args!("\nWHERE t.{owner_name} = EXCLUDED.{owner_name}"),
    );
    push_returning(&mut out, id);
    out.push_str(", (t.xmax = 0) AS inserted");
    Some(Statement::new(out, &written))
}

/// What a new row gets: the value, or what stands for an absent one.
fn push_new_value(out: &mut String, it: &Written<'_>) {
    let converted = it.converted();
    // A column that is replaced is for old devices, and follows.
    let default = default(it.column).filter(|_| it.column.former.is_none());
    let Some(default) = default else {
        return push_given(out, it, converted.as_deref(), None);
    };
    if it.column.nullable {
        // Absent means NULL, but to a device that has never heard of the column.
        out.push_str("CASE WHEN ");
        push_known(out, it);
        out.push_str(" THEN ");
        push_given(out, it, converted.as_deref(), None);
        push(out, format_args!(" ELSE {default} END"));
    } else {
        push_given(out, it, converted.as_deref(), Some(&default));
    }
}

/// The first of: the value, the other column's value, the default.
fn push_given(out: &mut String, it: &Written<'_>, converted: Option<&str>, default: Option<&str>) {
    if converted.is_none() && default.is_none() {
        return param::push_value(out, it);
    }
    out.push_str("coalesce(");
    param::push_value(out, it);
    for next in [converted, default].into_iter().flatten() {
        out.push_str(", ");
        out.push_str(next);
    }
    out.push(')');
}

/// A column's default, in a form that can stand beside a value.
pub(super) fn default(column: &Column) -> Option<String> {
    let default = literal::default_of(column)?;
    Some(match (&column.default, &column.ty.scalar) {
        // Constants take the type of what they stand beside.
        (Some(DefaultValue::Literal(_)), _) | (Some(DefaultValue::Now), Scalar::Timestamp) => {
            default.into_owned()
        }
        _ => format!("({default})::{}", param::base_type(&column.ty)),
    })
}

fn push_replacements(out: &mut String, table: &Table, written: &[Written<'_>]) {
    let replaced = written.iter().filter(|it| is_replaced(table, it.column));
    let mut separator = "\n  ";
    for it in replaced {
        for name in it.names() {
            push(out, format_args!("{separator}{name} = "));
            separator = ",\n  ";
            // When the row was last changed is known even where the device does not say it.
            if it.is(Role::UpdatedAt) {
                push(out, format_args!("EXCLUDED.{name}"));
            } else {
                out.push_str("CASE WHEN ");
                push_known(out, it);
                push(out, format_args!(" THEN EXCLUDED.{name} ELSE t.{name} END"));
            }
        }
    }
    if let (true, Some(id)) = (separator.starts_with('\n'), written.first()) {
        // The row stays as it is, and is named in the answer all the same.
        push(out, format_args!("\n  {0} = t.{0}", id.name));
    }
}

/// Does the device know the column, under this name or in its other form? The cast says once what
/// `$2` is.
fn push_known(out: &mut String, it: &Written<'_>) {
    push(
        out,
        format_args!("$2::bytea IS NULL OR get_bit($2, {}) = 1", it.at),
    );
    if let Some((other, _)) = it.other {
        push(out, format_args!(" OR get_bit($2, {other}) = 1"));
    }
}

/// Does a row that is there get a new value? When it was made stays, as what is set once does.
fn is_replaced(table: &Table, column: &Column) -> bool {
    !table.insert_only && !column.immutable && !matches!(column.role, Role::Id | Role::CreatedAt)
}

/// Does the mask decide about the column?
fn is_masked(table: &Table, column: &Column) -> bool {
    let replaced = is_replaced(table, column) && column.role != Role::UpdatedAt;
    replaced || (column.nullable && literal::default_of(column).is_some())
}
