//! What a derived stream selects: `*`, or the columns by name where `*` would be wrong.

use std::fmt::Write as _;

use syncline_schema::model::{Column, Role, Scalar, Table};
use syncline_schema::names::quote_sql;

/// Members that every JavaScript object has. The service loses columns of these names from `*` in
/// sync rules (service-sync-rules 0.38, found by running it).
const OBJECT_MEMBERS: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Does the service lose a column of this name from `*`?
pub fn drops_from_star(column: &str) -> bool {
    OBJECT_MEMBERS.contains(&column)
}

/// Does `SELECT *` send exactly what the device has, as the device has it?
///
/// Not where a column stays in PostgreSQL, where PostgreSQL still has one that is removed, and
/// where a value has to change its form on the way.
pub fn sends_all(table: &Table) -> bool {
    table.removed_columns.is_empty()
        && !table.columns.iter().any(|column| {
            column.server_only || changes_form(column) || drops_from_star(&column.name)
        })
}

pub(super) fn push_list(out: &mut String, table: &Table) {
    if sends_all(table) {
        out.push('*');
        return;
    }
    for (at, column) in table.sent_columns().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        push_column(out, column);
    }
}

fn push_column(out: &mut String, column: &Column) {
    let name = quote_sql(&column.name);
    // Writing to a String cannot fail.
    let _ = if is_bytes(column) && column.nullable {
        // base64(NULL) is '' in the service.
        write!(out, "iif({name} IS NULL, NULL, base64({name})) AS {name}")
    } else if is_bytes(column) {
        write!(out, "base64({name}) AS {name}")
    } else if is_numeric_id(column) {
        write!(out, "CAST({name} AS text) AS {name}")
    } else {
        write!(out, "{name}")
    };
}

fn changes_form(column: &Column) -> bool {
    is_bytes(column) || is_numeric_id(column)
}

/// PowerSync has no blobs: the service leaves them out of `*` without a word.
fn is_bytes(column: &Column) -> bool {
    column.ty.scalar == Scalar::Bytes && !column.ty.array
}

/// Ids are text on the device; an imported schema may have others.
fn is_numeric_id(column: &Column) -> bool {
    let numeric = matches!(
        column.ty.scalar,
        Scalar::SmallInt | Scalar::Integer | Scalar::BigInt
    );
    column.role == Role::Id && numeric
}
