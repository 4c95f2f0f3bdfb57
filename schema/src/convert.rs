//! Values of one type as values of another, as SQL: what fills a column that takes the place of
//! one of another type, and the other way round.
//!
//! No expression here can fail: a value that the other type does not have becomes NULL, since one
//! odd value in an old column may stop neither a migration nor a device's queue.

use crate::model::{Column, Scalar, Unit};
use crate::names;

/// The SQL that makes a value of `to` out of `value`, an expression of the type of `from` that may
/// stand in several places; NULL where there is no such value. None where there never is.
///
/// Numbers are rounded as PostgreSQL does, times without a zone are UTC, and text is what the
/// device has of a value, so that both ways around give it back.
pub fn convert(from: &Column, to: &Column, value: &str) -> Option<String> {
    if from.ty == to.ty && (to.ty.array || !is_text(&to.ty.scalar)) {
        return Some(value.to_owned());
    }
    let (source, target) = (&from.ty.scalar, &to.ty.scalar);
    if from.ty.array || to.ty.array {
        let as_json = *target == Scalar::Json && !to.ty.array;
        return as_json.then(|| format!("to_jsonb({value})"));
    }
    match target {
        Scalar::Text | Scalar::Varchar(_) | Scalar::Enum(_) => {
            Some(limited(text(source, value)?, to))
        }
        Scalar::SmallInt => integer(
            from,
            value,
            "smallint",
            i64::from(i16::MIN),
            i16::MAX.into(),
        ),
        Scalar::Integer => integer(from, value, "integer", i64::from(i32::MIN), i32::MAX.into()),
        Scalar::BigInt => integer(from, value, "bigint", i64::MIN, i64::MAX),
        Scalar::Real => float(from, value, "real", "1e-37", "3e38"),
        Scalar::Double if *source == Scalar::Real => Some(format!("{value}::double precision")),
        Scalar::Double => float(from, value, "double precision", "1e-300", "1e300"),
        Scalar::Decimal { precision, scale } => {
            let number = format!("round({}, {scale})", numeric(from, value)?);
            let most = i32::from(*precision) - i32::from(*scale);
            Some(when(&format!("abs({number}) < 1e{most}"), &number))
        }
        Scalar::Boolean => boolean(from, value),
        Scalar::Timestamp if is_number(source) => seconds(&numeric(from, value)?, to.unit?),
        Scalar::Timestamp => instant(source, value),
        Scalar::LocalTimestamp => Some(local(source, value)?),
        Scalar::Date => match source {
            source if reads_text(source) => cast_matching(source, value, DATE, "date"),
            Scalar::Time => None,
            source => Some(format!("({})::date", local(source, value)?)),
        },
        Scalar::Time => match source {
            source if reads_text(source) => cast_matching(source, value, TIME, "time"),
            Scalar::Date => None,
            source => Some(format!("({})::time", local(source, value)?)),
        },
        Scalar::Uuid => {
            let pattern = "[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}";
            reads_text(source).then(|| cast_matching(source, value, pattern, "uuid"))?
        }
        Scalar::Bytes => {
            let text = text(source, value).filter(|_| reads_text(source))?;
            let base64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?";
            Some(when(
                &matches(&text, base64),
                &format!("decode({text}, 'base64')"),
            ))
        }
        Scalar::Json => match source {
            // Whether a text is JSON cannot be asked before PostgreSQL 16.
            Scalar::Text | Scalar::Varchar(_) | Scalar::Raw(_) => None,
            Scalar::Boolean
            | Scalar::SmallInt
            | Scalar::Integer
            | Scalar::BigInt
            | Scalar::Decimal { .. } => Some(format!("to_jsonb({value})")),
            source => Some(format!("to_jsonb({})", text(source, value)?)),
        },
        Scalar::Raw(_) => None,
    }
}

/// A day that there is: 30 February would be an error of the cast.
const DATE: &str = "(?!0000)([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])\
    |(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))\
    |([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";

const TIME: &str = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?";

const OFFSET: &str = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)";

fn is_text(scalar: &Scalar) -> bool {
    matches!(scalar, Scalar::Text | Scalar::Varchar(_) | Scalar::Enum(_))
}

fn is_number(scalar: &Scalar) -> bool {
    matches!(
        scalar,
        Scalar::SmallInt
            | Scalar::Integer
            | Scalar::BigInt
            | Scalar::Real
            | Scalar::Double
            | Scalar::Decimal { .. }
    )
}

/// Is a value of it read by its text?
fn reads_text(scalar: &Scalar) -> bool {
    is_text(scalar) || *scalar == Scalar::Json
}

fn when(condition: &str, value: &str) -> String {
    format!("CASE WHEN {condition} THEN {value} END")
}

fn matches(text: &str, pattern: &str) -> String {
    format!("{text} ~ '^({pattern})$'")
}

fn cast_matching(source: &Scalar, value: &str, pattern: &str, ty: &str) -> Option<String> {
    let text = text(source, value)?;
    Some(when(&matches(&text, pattern), &format!("({text})::{ty}")))
}

/// What the device has of a value.
fn text(source: &Scalar, value: &str) -> Option<String> {
    Some(match source {
        Scalar::Text | Scalar::Varchar(_) => value.to_owned(),
        Scalar::Enum(it) if it.native.is_none() => value.to_owned(),
        Scalar::Timestamp => {
            let form = "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'";
            format!("to_char({value} AT TIME ZONE 'UTC', {form})")
        }
        Scalar::LocalTimestamp => format!("to_char({value}, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS')"),
        Scalar::Date => format!("to_char({value}, 'YYYY-MM-DD')"),
        Scalar::Json => {
            format!(
                "CASE jsonb_typeof({value}) WHEN 'string' THEN {value} #>> '{{}}' ELSE {value}::text END"
            )
        }
        Scalar::Bytes => format!("translate(encode({value}, 'base64'), chr(10), '')"),
        Scalar::Raw(_) => return None,
        _ => format!("{value}::text"),
    })
}

/// A text where the column takes it.
fn limited(text: String, to: &Column) -> String {
    let length = match to.ty.scalar {
        Scalar::Varchar(n) => Some(n),
        _ => to.max_length,
    };
    match (&to.ty.scalar, length) {
        (Scalar::Enum(it), _) => {
            let words: Vec<_> = it
                .values
                .iter()
                .map(|word| names::quote_text(word))
                .collect();
            let word = match &it.native {
                Some(name) => format!("({text})::{}", names::quote_sql(name)),
                None => text.clone(),
            };
            when(&format!("{text} IN ({})", words.join(", ")), &word)
        }
        (_, Some(length)) => when(&format!("char_length({text}) <= {length}"), &text),
        _ => text,
    }
}

/// A value as a number of any size; NULL where it is none.
fn numeric(from: &Column, value: &str) -> Option<String> {
    Some(match &from.ty.scalar {
        Scalar::SmallInt | Scalar::Integer | Scalar::BigInt | Scalar::Decimal { .. } => {
            format!("{value}::numeric")
        }
        Scalar::Real | Scalar::Double => {
            let finite = ["NaN", "Infinity", "-Infinity"]
                .iter()
                .fold(value.to_owned(), |all, odd| {
                    format!("nullif({all}, '{odd}')")
                });
            format!("({finite})::numeric")
        }
        Scalar::Boolean => format!("{value}::integer::numeric"),
        Scalar::Timestamp => {
            let seconds = format!("extract(epoch FROM {value})::numeric");
            match from.unit? {
                Unit::Seconds => seconds,
                Unit::Milliseconds => format!("({seconds} * 1000)"),
            }
        }
        source if reads_text(source) => {
            let text = text(source, value)?;
            let number = "-?[0-9]{1,100}([.][0-9]{1,100})?";
            when(&matches(&text, number), &format!("({text})::numeric"))
        }
        _ => return None,
    })
}

fn integer(from: &Column, value: &str, ty: &str, least: i64, most: i64) -> Option<String> {
    // A wider type has every value of a narrower one.
    let own = match from.ty.scalar {
        Scalar::SmallInt => Some(i64::from(i16::MAX)),
        Scalar::Integer => Some(i64::from(i32::MAX)),
        _ => None,
    };
    if own.is_some_and(|own| own <= most) {
        return Some(format!("{value}::{ty}"));
    }
    let number = format!("round({})", numeric(from, value)?);
    let range = format!("{number} BETWEEN {least} AND {most}");
    Some(when(&range, &format!("({number})::{ty}")))
}

/// A float: smaller and larger numbers than these would be errors of the cast.
fn float(from: &Column, value: &str, ty: &str, least: &str, most: &str) -> Option<String> {
    let number = numeric(from, value)?;
    let range = format!("{number} = 0 OR abs({number}) BETWEEN {least} AND {most}");
    Some(when(&range, &format!("({number})::{ty}")))
}

fn boolean(from: &Column, value: &str) -> Option<String> {
    if reads_text(&from.ty.scalar) {
        let text = text(&from.ty.scalar, value)?;
        return Some(format!(
            "CASE {text} WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END"
        ));
    }
    if from.ty.scalar == Scalar::Timestamp {
        return None;
    }
    let number = numeric(from, value)?;
    Some(format!(
        "CASE {number} WHEN 1 THEN true WHEN 0 THEN false END"
    ))
}

/// The instant of so many units since 1970, of the years that a device can show.
fn seconds(number: &str, unit: Unit) -> Option<String> {
    let per_second: i64 = match unit {
        Unit::Seconds => 1,
        Unit::Milliseconds => 1000,
    };
    let (least, most) = (-62_135_596_800 * per_second, 253_402_300_799 * per_second);
    let range = format!("{number} BETWEEN {least} AND {most}");
    let instant = format!("to_timestamp(round({number} / {per_second}, 3)::double precision)");
    Some(when(&range, &instant))
}

/// A value as an instant.
fn instant(source: &Scalar, value: &str) -> Option<String> {
    if reads_text(source) {
        let text = text(source, value)?;
        let pattern = format!("({DATE})([T ]({TIME}){OFFSET}?)?");
        let zone = format!(
            "CASE WHEN length({text}) = 10 THEN ' 00:00Z' WHEN {text} ~ '{OFFSET}$' THEN '' ELSE 'Z' END"
        );
        let zoned = format!("({text} || {zone})");
        return Some(when(
            &matches(&text, &pattern),
            &format!("{zoned}::timestamptz"),
        ));
    }
    Some(format!("({}) AT TIME ZONE 'UTC'", local(source, value)?))
}

/// A value as a time on the clock of UTC.
fn local(source: &Scalar, value: &str) -> Option<String> {
    match source {
        Scalar::LocalTimestamp => Some(value.to_owned()),
        Scalar::Date => Some(format!("{value}::timestamp")),
        Scalar::Timestamp => Some(format!("{value} AT TIME ZONE 'UTC'")),
        source if reads_text(source) => {
            let text = text(source, value)?;
            let pattern = format!("({DATE})[T ]({TIME})");
            Some(when(
                &matches(&text, &pattern),
                &format!("({text})::timestamp"),
            ))
        }
        _ => None,
    }
}
