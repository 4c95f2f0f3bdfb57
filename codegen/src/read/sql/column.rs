//! A column, as `CREATE TABLE` and `ADD COLUMN` declare it.

use std::ops::Range;

use syncline_schema::model::{Column, ColumnType, DefaultValue, Role, Scalar};

use super::constraint::{self, Constraint};
use super::cursor::{Cursor, Result};
use super::reading::Reading;
use super::{default, types};

/// The words that end a default.
const AFTER_DEFAULT: &[&str] = &[
    "not",
    "null",
    "constraint",
    "check",
    "unique",
    "primary",
    "references",
    "generated",
    "collate",
    "deferrable",
    "initially",
    "default",
    "storage",
    "compression",
];

/// The integer that a `serial` is.
const SERIAL: &[(&str, Scalar)] = &[
    ("bigserial", Scalar::BigInt),
    ("serial", Scalar::Integer),
    ("serial2", Scalar::SmallInt),
    ("serial4", Scalar::Integer),
    ("serial8", Scalar::BigInt),
    ("smallserial", Scalar::SmallInt),
];

/// Takes a column with its constraints, which make steps of their own.
pub(super) fn take(
    cursor: &mut Cursor<'_>,
    table: &str,
    reading: &mut Reading<'_>,
) -> Result<(Column, Vec<Constraint>)> {
    let start = cursor.position();
    let name = cursor.name()?;
    let ty_at = cursor.here();
    let written = types::take(cursor)?;
    let mut ty = types::resolve(&written, reading.known.enums);
    let mut column = Column::new(&name, Scalar::Text, true, Role::Data);
    if let Some((_, integer)) = SERIAL.iter().find(|(serial, _)| *serial == written.name) {
        ty = ColumnType::scalar(integer.clone());
        column.nullable = false;
        column.default = Some(DefaultValue::Raw(sequence(table, &name)));
        reading.left_alone(ty_at, format!("the sequence behind {table}.{name}"));
    }
    column.ty = ty;
    let mut constraints = Vec::new();
    while !cursor.is_done() {
        let here = cursor.here();
        if let Some(found) = constraint::take(cursor, Some(&name), reading)? {
            match found.body {
                constraint::Body::NotNull(_) => column.nullable = false,
                _ => constraints.push(found),
            }
        } else if cursor.eat("null") {
            column.nullable = true;
        } else if cursor.eat("default") {
            let sql = default_sql(cursor)?;
            column.default = default::read(&sql, &column.ty);
        } else if cursor.is("generated") {
            generated(cursor, table, &mut column, here, reading)?;
        } else if cursor.eat("collate") {
            cursor.qualified()?;
            reading.left_alone(here, format!("the collation of {table}.{name}"));
        } else if cursor.eat("storage") || cursor.eat("compression") {
            cursor.name()?;
        } else {
            return Err(cursor.expected("a constraint, `,` or `)`"));
        }
    }
    column.place = reading.place(cursor.bytes(start..cursor.position()));
    Ok((column, constraints))
}

/// What a `serial` fills in.
fn sequence(table: &str, column: &str) -> String {
    let name = syncline_schema::names::quote_sql(&format!("{table}_{column}_seq"));
    let text = syncline_schema::names::quote_text(&name);
    format!("nextval({text}::regclass)")
}

/// Takes the SQL of a default: up to a word that begins a constraint.
pub(super) fn default_sql(cursor: &mut Cursor<'_>) -> Result<String> {
    let start = cursor.position();
    if cursor.is_done() {
        return Err(cursor.expected("a default"));
    }
    cursor.skip()?;
    while !cursor.is_done() && !AFTER_DEFAULT.iter().any(|word| cursor.is(word)) {
        cursor.skip()?;
    }
    Ok(cursor.one_line(start..cursor.position()))
}

/// `GENERATED … AS IDENTITY` and `GENERATED ALWAYS AS (…)`
fn generated(
    cursor: &mut Cursor<'_>,
    table: &str,
    column: &mut Column,
    here: Range<usize>,
    reading: &mut Reading<'_>,
) -> Result<()> {
    cursor.expect("generated")?;
    if !cursor.eat("always") {
        cursor.expect("by default")?;
    }
    cursor.expect("as")?;
    let what = if cursor.eat("identity") {
        if cursor.is_mark("(") {
            cursor.parens()?;
        }
        column.nullable = false;
        "the identity"
    } else {
        cursor.parens()?;
        let _ = cursor.eat("stored") || cursor.eat("virtual");
        "the generation"
    };
    reading.left_alone(here, format!("{what} of {table}.{}", column.name));
    Ok(())
}
