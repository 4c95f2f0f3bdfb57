//! A column as its descriptor and as a field of the row struct.

use std::fmt::Write;

use syncline_schema::model::{Column, Role, Scalar, Unit};
use syncline_schema::{names, types};

use super::text;
use crate::sql;

/// One field of a row struct.
#[derive(Debug, serde::Serialize)]
pub(super) struct Field {
    doc: Vec<String>,
    /// The name as Rust writes it.
    pub(super) name: String,
    /// The whole declaration, in one line or two.
    declaration: String,
}

pub(super) fn field(column: &Column) -> Field {
    let name = text::field(&column.name);
    let rust = types::row_of(&column.ty.scalar).rust;
    // PostgreSQL's arrays may hold NULLs.
    let rust = match (column.ty.array, column.nullable) {
        (false, false) => rust.to_owned(),
        (false, true) => format!("Option<{rust}>"),
        (true, false) => format!("Vec<Option<{rust}>>"),
        (true, true) => format!("Option<Vec<Option<{rust}>>>"),
    };
    let line = format!("pub {name}: {rust},");
    let declaration = if line.len() + 4 <= text::WIDTH {
        line
    } else {
        format!("pub {name}:\n        {rust},")
    };
    Field {
        doc: text::doc(column.doc.as_deref().unwrap_or_default()),
        name,
        declaration,
    }
}

/// `Column::new(…)` with what is said of the column.
pub(super) fn descriptor(column: &Column) -> String {
    let mut out = String::with_capacity(96);
    out.push_str("Column::new(");
    text::push_string(&mut out, &column.name);
    out.push_str(", ");
    text::push_string(&mut out, &names::camel(&column.name));
    out.push_str(", Scalar::");
    push_scalar(&mut out, &column.ty.scalar);
    out.push(')');
    if column.ty.array {
        out.push_str(".array()");
    }
    if column.nullable {
        out.push_str(".nullable()");
    }
    out.push_str(match column.role {
        Role::Data => "",
        Role::Id => ".role(Role::Id)",
        Role::Owner => ".role(Role::Owner)",
        Role::CreatedAt => ".role(Role::CreatedAt)",
        Role::UpdatedAt => ".role(Role::UpdatedAt)",
        Role::DeletedAt => ".role(Role::DeletedAt)",
    });
    if let Some(characters) = column.max_length {
        push(&mut out, format_args!(".max_length({characters})"));
    }
    if column.read_only {
        out.push_str(".read_only()");
    }
    if column.immutable {
        out.push_str(".immutable()");
    }
    if column.server_only {
        out.push_str(".server_only()");
    }
    out.push_str(match column.unit {
        None => "",
        Some(Unit::Milliseconds) => ".unit(Unit::Milliseconds)",
        Some(Unit::Seconds) => ".unit(Unit::Seconds)",
    });
    if let Some(default) = sql::default_of(column) {
        push_call(&mut out, "default_sql", &default);
    }
    if let Some(reference) = &column.references {
        push_call(&mut out, "references", &reference.table);
    }
    out
}

fn push_scalar(out: &mut String, scalar: &Scalar) {
    let name = match scalar {
        Scalar::Varchar(n) => return push(out, format_args!("Varchar({n})")),
        Scalar::Decimal { precision, scale } => {
            let (p, s) = (precision, scale);
            return push(
                out,
                format_args!("Decimal {{ precision: {p}, scale: {s} }}"),
            );
        }
        Scalar::Enum(it) => {
            out.push_str("Enum(&[");
            for (at, word) in it.values.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                text::push_string(out, word);
            }
            return out.push_str("])");
        }
        // Raw types are for server tables, which have no mappers.
        Scalar::Text | Scalar::Raw(_) => "Text",
        Scalar::Boolean => "Boolean",
        Scalar::SmallInt => "SmallInt",
        Scalar::Integer => "Integer",
        Scalar::BigInt => "BigInt",
        Scalar::Real => "Real",
        Scalar::Double => "Double",
        Scalar::Timestamp => "Timestamp",
        Scalar::LocalTimestamp => "LocalTimestamp",
        Scalar::Date => "Date",
        Scalar::Time => "Time",
        Scalar::Uuid => "Uuid",
        Scalar::Json => "Json",
        Scalar::Bytes => "Bytes",
    };
    out.push_str(name);
}

fn push_call(out: &mut String, setter: &str, text: &str) {
    push(out, format_args!(".{setter}("));
    text::push_string(out, text);
    out.push(')');
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
