//! One column of a device's table.
//!
//! PowerSync's tables are views without constraints. `notNull` and the defaults hold for what is
//! written through Drizzle, which fills them in itself: SQLite never sees them.

use syncline_schema::model::{Column, DefaultValue, Residence, Role, Scalar, Table};
use syncline_schema::types::{self, Builder};

use super::view::{Imports, join};
use crate::targets::typescript::{self, string};

/// Lowers `column` to its line, with its comment above it.
///
/// One text and not a view of several: there are more columns than of anything else, and a
/// template takes its time for each value.
pub(super) fn lower(table: &Table, column: &Column, imports: &mut Imports) -> String {
    let mut build = typescript::doc_comment(&doc(table, column), "  ");
    build.reserve(96);
    build.push_str("  ");
    build.push_str(&typescript::property(&column.name));
    build.push_str(": ");
    builder(&mut build, column, imports);
    if column.role == Role::Id {
        build.push_str(".primaryKey()");
    } else if !column.nullable_on_device() {
        build.push_str(".notNull()");
    }
    let writes = table.residence == Residence::Local || table.writable();
    if writes && !column.read_only {
        fill_in(&mut build, column, imports);
    }
    build
}

/// The call that makes the column, without what is said of it.
fn builder(build: &mut String, column: &Column, imports: &mut Imports) {
    let scalar = &column.ty.scalar;
    let row = types::row_of(scalar);
    let mut call = |function: &'static str| {
        imports.core.insert(function);
        build.push_str(function);
        build.push('(');
        build.push_str(&string(&column.name));
    };
    if let (true, Some(own)) = (column.ty.array, row.device_array) {
        call(own);
    } else if column.ty.array {
        call("text");
        build.push_str(", { mode: \"json\" }).$type<");
        build.push_str(&types::ts_device(&column.ty));
        build.push_str(">(");
    } else {
        let Builder {
            call: function,
            options,
        } = row.drizzle_sqlite;
        call(function);
        if !options.is_empty() {
            build.push_str(", { ");
            build.push_str(&types::fill(options, scalar));
            build.push_str(" }");
        }
    }
    build.push(')');
}

/// What fills the column on insert and update.
fn fill_in(build: &mut String, column: &Column, imports: &mut Imports) {
    let function = match &column.default {
        Some(DefaultValue::Literal(literal)) => {
            let value =
                typescript::device_literal(literal, &column.ty.scalar).unwrap_or_else(|| {
                    imports.orm.insert("sql");
                    typescript::sql("'null'")
                });
            build.push_str(".default(");
            build.push_str(&value);
            build.push(')');
            None
        }
        Some(DefaultValue::Now) => clock(&column.ty.scalar),
        Some(DefaultValue::Uuid) => Some("newId"),
        Some(DefaultValue::Device) => Some("deviceId"),
        Some(DefaultValue::Raw(_)) | None => None,
    };
    let mut call = |method: &str, function: &'static str| {
        imports.defaults.insert(function);
        build.push_str(method);
        build.push('(');
        build.push_str(function);
        build.push(')');
    };
    if let Some(function) = function {
        call(".$defaultFn", function);
    }
    if let (Role::UpdatedAt, Some(clock)) = (column.role, clock(&column.ty.scalar)) {
        call(".$onUpdateFn", clock);
    }
}

/// The function of `defaults.ts` that tells the time as this type.
fn clock(scalar: &Scalar) -> Option<&'static str> {
    match scalar {
        Scalar::Timestamp => Some("now"),
        Scalar::LocalTimestamp => Some("localNow"),
        Scalar::Date => Some("today"),
        Scalar::Time => Some("localTime"),
        _ => None,
    }
}

/// What the user says of the column, and what the device makes of it.
fn doc(table: &Table, column: &Column) -> String {
    let mut facts = Vec::new();
    match &column.ty.scalar {
        Scalar::BigInt => facts.push("64 bits, as decimal digits.".to_owned()),
        Scalar::Decimal { precision, scale } => {
            facts.push(format!("numeric({precision}, {scale}), as decimal digits."));
        }
        Scalar::LocalTimestamp => facts.push("A wall clock: no offset, no `Z`.".to_owned()),
        Scalar::Bytes => facts.push("Bytes, as base64.".to_owned()),
        Scalar::Varchar(n) if !column.ty.array => facts.push(format!("At most {n} characters.")),
        _ => {}
    }
    facts.extend(
        column
            .max_length
            .map(|n| format!("At most {n} characters.")),
    );
    if table.writable() {
        if column.read_only {
            facts.push("The server writes this: null until it has synced.".to_owned());
        } else if matches!(column.default, Some(DefaultValue::Raw(_))) {
            facts.push("PostgreSQL fills this in: null until it has synced.".to_owned());
        } else if column.immutable {
            facts.push("Set once: the server keeps the first value.".to_owned());
        }
    }
    join(column.doc.as_deref().unwrap_or_default(), &facts.join(" "))
}
