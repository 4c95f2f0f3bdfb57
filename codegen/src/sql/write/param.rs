//! The types of parameters, as `syncline_runtime::TypedArray` sends them.

use std::borrow::Cow;

use syncline_schema::model::{Column, ColumnType, Scalar};
use syncline_schema::names;

use super::{Written, push};

/// The element type of a column's array: the column's own where PostgreSQL's binary form of it
/// is at hand, else text.
///
/// Array columns travel as the text of array literals: `unnest` would flatten an array of arrays.
pub(super) fn array_of(ty: &ColumnType) -> &'static str {
    if ty.array || travels_as_text(&ty.scalar) {
        return "text";
    }
    plain(&ty.scalar)
}

/// Appends the value of a row in the column's type.
pub(super) fn push_value(out: &mut String, it: &Written<'_>) {
    out.push_str(&value(it.at, it.column));
}

/// The value of a row in the type of the column at this place.
pub(super) fn value(at: usize, column: &Column) -> String {
    let mut out = format!("u.c{at}");
    if needs_cast(&column.ty) {
        push(&mut out, format_args!("::{}", base_type(&column.ty)));
    }
    out
}

/// Appends the owner, in the column's type.
pub(super) fn push_owner(out: &mut String, owner: &Column) {
    out.push_str("$1::text");
    if owner.ty.scalar == Scalar::Uuid {
        out.push_str("::uuid");
    }
}

/// The type without its lengths: a cast to `varchar(3)` would cut without a word, where the
/// assignment to the column refuses.
pub(super) fn base_type(ty: &ColumnType) -> Cow<'static, str> {
    let scalar = match &ty.scalar {
        Scalar::Enum(it) => it.native.as_deref().map_or(Cow::Borrowed("text"), |name| {
            Cow::Owned(names::quote_sql(name))
        }),
        scalar => Cow::Borrowed(plain(scalar)),
    };
    if ty.array {
        Cow::Owned(format!("{scalar}[]"))
    } else {
        scalar
    }
}

fn needs_cast(ty: &ColumnType) -> bool {
    match &ty.scalar {
        _ if ty.array => true,
        Scalar::Enum(it) => it.native.is_some(),
        Scalar::Decimal { .. } | Scalar::Json => true,
        _ => false,
    }
}

fn travels_as_text(scalar: &Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Decimal { .. } | Scalar::Json | Scalar::Enum(_)
    )
}

fn plain(scalar: &Scalar) -> &'static str {
    match scalar {
        Scalar::Boolean => "boolean",
        Scalar::SmallInt => "smallint",
        Scalar::Integer => "integer",
        Scalar::BigInt => "bigint",
        Scalar::Real => "real",
        Scalar::Double => "double precision",
        Scalar::Decimal { .. } => "numeric",
        Scalar::Timestamp => "timestamptz",
        Scalar::LocalTimestamp => "timestamp",
        Scalar::Date => "date",
        Scalar::Time => "time",
        Scalar::Uuid => "uuid",
        Scalar::Json => "jsonb",
        Scalar::Bytes => "bytea",
        Scalar::Text | Scalar::Varchar(_) | Scalar::Enum(_) | Scalar::Raw(_) => "text",
    }
}
