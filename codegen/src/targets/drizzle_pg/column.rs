//! One column of a PostgreSQL table.

use syncline_schema::model::{Column, DefaultValue, EnumType, Literal, Scalar};
use syncline_schema::types;

use super::view::Context;
use crate::sql;
use crate::targets::Emission;
use crate::targets::typescript::{self, string};

/// Lowers `column` to its line, with its comment above it; `primary` where it alone is the
/// primary key.
pub(super) fn lower<'a>(
    column: &'a Column,
    primary: bool,
    context: &mut Context<'a, '_>,
    out: &mut Emission<'_>,
) -> String {
    if let Scalar::Raw(sql) = &column.ty.scalar
        && !drizzle_kit_prints(sql)
    {
        out.note(
            column.place,
            format!("drizzle-kit takes the type `{sql}` for a name and quotes it"),
        );
    }
    let held = column.in_postgres();
    let doc = column.doc.as_deref().unwrap_or_default();
    let mut build = typescript::doc_comment(doc, "  ");
    build.reserve(96);
    build.push_str("  ");
    build.push_str(&typescript::property(&column.name));
    build.push_str(": ");
    builder(&mut build, column, context);
    if column.ty.array {
        build.push_str(".array()");
    }
    if primary {
        build.push_str(".primaryKey()");
    } else if !held.nullable {
        build.push_str(".notNull()");
    }
    if held.default.is_some() {
        default(&mut build, column, context);
    }
    build
}

/// The call that makes the column, without what is said of it.
fn builder<'a>(build: &mut String, column: &'a Column, context: &mut Context<'a, '_>) {
    let scalar = &column.ty.scalar;
    let mut options = "";
    match scalar {
        Scalar::Enum(EnumType {
            native: Some(native),
            values,
            ..
        }) => {
            build.push_str(&context.declared.native_enum(native, values, context.side));
        }
        Scalar::Raw(sql) => build.push_str(&context.declared.raw_type(sql, context.side)),
        Scalar::Bytes => {
            context.core.insert("bytea");
            build.push_str("bytea");
        }
        _ => {
            let builder = types::row_of(scalar).drizzle_pg;
            context.core.insert(builder.call);
            build.push_str(builder.call);
            options = builder.options;
        }
    }
    build.push('(');
    build.push_str(&string(&column.name));
    if !options.is_empty() {
        build.push_str(", { ");
        build.push_str(&types::fill(options, scalar));
        build.push_str(" }");
    }
    build.push(')');
}

/// Does drizzle-kit print the type as it is? It quotes all but the few that it knows.
fn drizzle_kit_prints(sql: &str) -> bool {
    const KNOWN: &[&str] = &[
        "bigserial",
        "bit",
        "char",
        "date",
        "decimal",
        "double precision",
        "geometry",
        "halfvec",
        "integer",
        "interval",
        "json",
        "numeric",
        "real",
        "serial",
        "smallint",
        "sparsevec",
        "text",
        "time",
        "uuid",
        "varchar",
        "vector",
    ];
    let word = sql.trim_end_matches("[]");
    KNOWN.iter().any(|known| sql.starts_with(known))
        || word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The default of PostgreSQL itself. Simple constants stand as TypeScript; every other one as the
/// SQL of `schema.sql`, since drizzle-kit would print it in a way of its own.
fn default(build: &mut String, column: &Column, context: &mut Context<'_, '_>) {
    let Some(text) = sql::default_of(column) else {
        return;
    };
    let scalar = &column.ty.scalar;
    let simple = match (&column.default, scalar) {
        (
            Some(DefaultValue::Now),
            Scalar::Timestamp | Scalar::LocalTimestamp | Scalar::Date | Scalar::Time,
        ) => {
            build.push_str(".defaultNow()");
            return;
        }
        (Some(DefaultValue::Uuid), Scalar::Uuid) => {
            build.push_str(".defaultRandom()");
            return;
        }
        (Some(DefaultValue::Literal(literal)), _) => simple(literal, scalar),
        _ => None,
    };
    let value = simple.unwrap_or_else(|| {
        context.orm.insert("sql");
        typescript::sql(&text)
    });
    build.push_str(".default(");
    build.push_str(&value);
    build.push(')');
}

/// A constant that JavaScript and PostgreSQL write alike.
fn simple(literal: &Literal, scalar: &Scalar) -> Option<String> {
    match (literal, scalar) {
        (Literal::Bool(value), _) => Some(value.to_string()),
        (Literal::Integer(value), Scalar::SmallInt | Scalar::Integer) => Some(value.to_string()),
        // Longer ones may get an exponent.
        (Literal::Number(text), Scalar::Real | Scalar::Double)
            if text.len() <= 8 && text != "-0" =>
        {
            Some(text.clone())
        }
        (Literal::Text(text), Scalar::Text | Scalar::Varchar(_) | Scalar::Enum(_)) => {
            Some(string(text))
        }
        _ => None,
    }
}
