//! One column of a PostgreSQL table.

use syncline_schema::model::{Column, DefaultValue, Literal, Scalar};
use syncline_schema::types::{self, Builder};

use super::view::Context;
use crate::sql;
use crate::targets::Emission;
use crate::targets::typescript::{self, string};

/// A line of a table.
#[derive(Debug, serde::Serialize)]
pub(super) struct ColumnView {
    doc: String,
    key: String,
    build: String,
}

/// Lowers `column`; `primary` where it alone is the primary key.
pub(super) fn lower<'a>(
    column: &'a Column,
    primary: bool,
    context: &mut Context<'a, '_>,
    out: &mut Emission<'_>,
) -> ColumnView {
    if let Scalar::Raw(sql) = &column.ty.scalar
        && !drizzle_kit_prints(sql)
    {
        out.note(
            column.place,
            format!("drizzle-kit takes the type `{sql}` for a name and quotes it"),
        );
    }
    let mut build = builder(column, context);
    if column.ty.array {
        build.push_str(".array()");
    }
    if primary {
        build.push_str(".primaryKey()");
    } else if !column.nullable {
        build.push_str(".notNull()");
    }
    default(&mut build, column, context);
    ColumnView {
        doc: typescript::doc_comment(column.doc.as_deref().unwrap_or_default(), "  "),
        key: typescript::property(&column.name),
        build,
    }
}

/// The call that makes the column, without what is said of it.
fn builder<'a>(column: &'a Column, context: &mut Context<'a, '_>) -> String {
    let scalar = &column.ty.scalar;
    let name = string(&column.name);
    let own = match scalar {
        Scalar::Enum(it) => it.native.as_deref().map(|native| {
            context
                .declared
                .native_enum(native, &it.values, context.side)
        }),
        Scalar::Raw(sql) => Some(context.declared.raw_type(sql, context.side)),
        Scalar::Bytes => {
            context.core.insert("bytea");
            Some("bytea".to_owned())
        }
        _ => None,
    };
    if let Some(own) = own {
        return format!("{own}({name})");
    }
    let Builder { call, options } = types::row_of(scalar).drizzle_pg;
    context.core.insert(call);
    if options.is_empty() {
        format!("{call}({name})")
    } else {
        format!("{call}({name}, {{ {} }})", types::fill(options, scalar))
    }
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
