//! From the JSON of an upload to typed values: the one value table. PostgreSQL's own text is
//! read by `postgres`.
//!
//! In goes a column and the text of one JSON value, straight from the request; out comes a
//! [`Value`] or the rule that was broken. One file a family of types.

mod array;
mod binary;
mod document;
mod json;
mod number;
mod numeric;
mod postgres;
mod scanner;
mod text;
mod time;

use crate::column::{Column, Role, Scalar};
use crate::id;
use crate::invalid::{Invalid, Problem};
use crate::value::Value;
use json::Raw;

pub use json::MAX_JSON_DEPTH;
pub use postgres::pg_value;

/// Reads one value of an upload as the column's declared type says.
///
/// `json` is the text of one JSON value, such as serde_json's `RawValue::get` gives; anything
/// else is refused like any other wrong value.
///
/// | type | accepted | comes out as |
/// |---|---|---|
/// | any | `null`, where the column is nullable | [`Value::Null`] |
/// | boolean | `true`, `false`, numbers equal to 0 or 1, `"0"`, `"1"`, `"true"`, `"false"` | |
/// | smallint, integer, bigint | numbers without fraction however written (`5`, `5.0`, `5e0`), exactly; strings of digits with an optional `-` | |
/// | real, double | numbers and numeric strings, to the nearest float; beyond a double: infinity | |
/// | decimal | numbers and numeric strings that fit without rounding; exponents are applied | scale filled with zeros |
/// | text, varchar | strings as they are; numbers as SQLite shows them (`5`, `5.0`, `1.0e+21`) | |
/// | enum | one of its words, or one that was renamed to it | [`Value::Text`] |
/// | timestamp | `YYYY-MM-DD`, then `T` or a space, `HH:MM[:SS[.f…]]`, then `Z`, `±HH`, `±HH:MM`, `±HHMM` or nothing (UTC); a date alone is midnight UTC; numbers and numeric strings where the unit is declared | rounded to the millisecond as PostgreSQL does |
/// | local_timestamp | as timestamp, without offset | the same |
/// | date | `YYYY-MM-DD`, years 1 to 9999 | |
/// | time | `HH:MM[:SS[.f…]]`, also `24:00:00` | rounded to the millisecond |
/// | json | a string that holds a JSON document, or any other JSON value | the document, not a string of it |
/// | uuid | 32 hexadecimal digits, with the usual four hyphens or none | |
/// | bytes | base64, standard alphabet, with padding, no line breaks | |
/// | arrays | a JSON array, or a string that holds one; each element as above, or null | |
///
/// A numeric string is an optional `-`, digits, an optional point with digits, an optional
/// exponent: no white space, no `+`, no `NaN` or `Infinity`.
///
/// # Errors
///
/// [`Invalid`] for everything else, among it NUL and lone surrogates in any text, text over
/// [`Column::limit`], JSON nested deeper than [`MAX_JSON_DEPTH`] or with numbers that no double
/// holds, and for the column with [`Role::Id`] whatever [`check_id`](crate::check_id) refuses.
///
/// ```
/// use syncline_runtime::{Column, Scalar, Value, decode};
///
/// let big = Column::new("big", "big", Scalar::BigInt);
/// assert_eq!(decode(&big, "9007199254740993")?, Value::BigInt(9_007_199_254_740_993));
/// assert_eq!(decode(&big, "\"-5\"")?, Value::BigInt(-5));
/// assert!(decode(&big, "5.5").is_err());
/// # Ok::<(), syncline_runtime::Invalid>(())
/// ```
pub fn decode(column: &Column, json: &str) -> Result<Value, Invalid> {
    let refuse = |problem| Invalid::new(column.name, problem);
    let value = match json::read(json).map_err(refuse)? {
        Raw::Null if column.nullable => Value::Null,
        Raw::Null => return Err(refuse(Problem::Required)),
        raw if column.array => array::decode(column, raw)?,
        raw => scalar(column, raw).map_err(refuse)?,
    };
    if let (Role::Id, Value::Text(id)) = (column.role, &value)
        && let Some(problem) = id::problem_with(id)
    {
        return Err(refuse(problem));
    }
    Ok(value)
}

/// One value of the column's scalar type; `raw` is not null.
fn scalar(column: &Column, raw: Raw<'_>) -> Result<Value, Problem> {
    match column.scalar {
        Scalar::Text | Scalar::Varchar(_) => text::text(raw, column.limit()),
        Scalar::Enum(words) => text::word(raw, words, column.renamed_words),
        Scalar::Boolean => numeric::boolean(raw),
        Scalar::SmallInt => numeric::integer(raw, "smallint").map(Value::SmallInt),
        Scalar::Integer => numeric::integer(raw, "integer").map(Value::Integer),
        Scalar::BigInt => numeric::integer(raw, "bigint").map(Value::BigInt),
        Scalar::Real => numeric::real(raw),
        Scalar::Double => numeric::double(raw),
        Scalar::Decimal { precision, scale } => numeric::decimal(raw, precision, scale),
        Scalar::Timestamp => time::timestamp(raw, column.unit),
        Scalar::LocalTimestamp => time::local_timestamp(raw),
        Scalar::Date => time::date(raw),
        Scalar::Time => time::time(raw),
        Scalar::Uuid => binary::uuid(raw),
        Scalar::Bytes => binary::bytes(raw),
        Scalar::Json => document::json(raw),
    }
}
