//! From PostgreSQL's text output to typed values.
//!
//! In goes what `column::text` gives, with `DateStyle` ISO and `bytea_output` hex, both of which
//! are the defaults; out comes a [`Value`]. Length limits and ids are not looked at again:
//! PostgreSQL holds the value already.

use std::borrow::Cow;

use super::json::Raw;
use super::{document, numeric, time};
use crate::civil::MICROS_PER_DAY;
use crate::column::{Column, Scalar};
use crate::invalid::{Invalid, Problem};
use crate::value::Value;

/// Reads the text that PostgreSQL prints for a value of the column: the inverse of
/// [`pg_text`](crate::pg_text).
///
/// A timestamp may carry any session's offset (`+00`, `+05:30`, `-04:56:02`); without one it is
/// refused. Booleans are `t` and `f` or, as a cast to text prints them, `true` and `false`.
///
/// # Errors
///
/// [`Invalid`] for whatever is no value of the column's type, among it what PostgreSQL can hold
/// and a [`Value`] cannot: infinite dates and times, years before 1 or after 9999, the `NaN` of a
/// decimal, arrays of more than one dimension.
///
/// ```
/// use syncline_runtime::{Column, Scalar, Value, pg_value};
///
/// let at = Column::new("at", "at", Scalar::Timestamp);
/// let read = pg_value(&at, "2026-01-02 08:34:05.678+05:30")?;
/// assert_eq!(read, Value::Timestamp(1_767_323_045_678_000));
///
/// let tags = Column::new("tags", "tags", Scalar::Text).array();
/// let read = pg_value(&tags, r#"{a,"b \"c\"",NULL}"#)?;
/// let [a, b] = ["a", "b \"c\""].map(|tag| Value::Text(tag.into()));
/// assert_eq!(read, Value::Array(vec![a, b, Value::Null]));
/// # Ok::<(), syncline_runtime::Invalid>(())
/// ```
pub fn pg_value(column: &Column, text: &str) -> Result<Value, Invalid> {
    let refuse = |problem| Invalid::new(column.name, problem);
    if text.contains('\0') {
        return Err(refuse(Problem::Nul));
    }
    if !column.array {
        return scalar(column, text).map_err(refuse);
    }
    let elements = elements(text).ok_or_else(|| refuse(EXPECTED_ARRAY))?;
    let values = elements.into_iter().enumerate().map(|(at, element)| {
        element.map_or(Ok(Value::Null), |text| {
            scalar(column, &text).map_err(|problem| Invalid::in_element(column.name, at, problem))
        })
    });
    values.collect::<Result<_, _>>().map(Value::Array)
}

const EXPECTED_ARRAY: Problem = Problem::Expected("an array of one dimension");
const EXPECTED_INSTANT: Problem = Problem::Expected("an ISO 8601 timestamp with its offset");

fn scalar(column: &Column, text: &str) -> Result<Value, Problem> {
    match column.scalar {
        Scalar::Text | Scalar::Varchar(_) => Ok(Value::Text(text.to_owned())),
        Scalar::Boolean => match text {
            "t" | "true" => Ok(Value::Boolean(true)),
            "f" | "false" => Ok(Value::Boolean(false)),
            _ => Err(Problem::Expected("t or f")),
        },
        Scalar::Real => match beyond_numbers(text) {
            // NaN and the infinities are the same in both widths.
            Some(value) => Ok(Value::Real(value as f32)),
            None => numeric::real(raw(text)),
        },
        Scalar::Double => match beyond_numbers(text) {
            Some(value) => Ok(Value::Double(value)),
            None => numeric::double(raw(text)),
        },
        Scalar::Timestamp => timestamp(text),
        Scalar::Bytes => bytes(text),
        Scalar::Json => document::json(raw(text)),
        // The rest is printed as devices upload it, too.
        _ => super::scalar(column, raw(text)),
    }
}

fn raw(text: &str) -> Raw<'_> {
    Raw::String(Cow::Borrowed(text))
}

/// The floats that are no numbers, as PostgreSQL prints them and as Rust does.
fn beyond_numbers(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" | "inf" => Some(f64::INFINITY),
        "-Infinity" | "-inf" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// `YYYY-MM-DD HH:MM:SS[.f…]` and the offset of the session's zone.
fn timestamp(text: &str) -> Result<Value, Problem> {
    let (text, before_christ) = match text.strip_suffix(" BC") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (date, rest) = text.split_once([' ', 'T']).ok_or(EXPECTED_INSTANT)?;
    let sign_at = rest.find(['+', '-', 'Z']).ok_or(EXPECTED_INSTANT)?;
    let (clock, offset) = rest.split_at_checked(sign_at).ok_or(EXPECTED_INSTANT)?;
    // The first and the last day in UTC may be a day outside of our years on the session's clock.
    let (date, shift) = match (date, before_christ) {
        ("0001-12-31", true) => ("0001-01-01", -MICROS_PER_DAY),
        ("10000-01-01", false) => ("9999-12-31", MICROS_PER_DAY),
        (_, true) => return Err(time::OUT_OF_RANGE),
        (date, false) => (date, 0),
    };
    match time::local_timestamp(raw(&format!("{date}T{clock}")))? {
        Value::LocalTimestamp(local) => {
            time::in_range(local + shift - offset_micros(offset)?).map(Value::Timestamp)
        }
        _ => Err(EXPECTED_INSTANT),
    }
}

/// `Z` or `±HH[:MM[:SS]]`, in microseconds east of UTC. Zones were up to 16 hours off and had
/// seconds before there were time zones.
fn offset_micros(text: &str) -> Result<i64, Problem> {
    if text == "Z" {
        return Ok(0);
    }
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').ok_or(EXPECTED_INSTANT)?),
    };
    let mut seconds = 0;
    let mut unit = 3_600;
    for part in text.split(':') {
        if unit == 0 || part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(EXPECTED_INSTANT);
        }
        let part: i64 = part.parse().map_err(|_| EXPECTED_INSTANT)?;
        if part >= if unit == 3_600 { 16 } else { 60 } {
            return Err(EXPECTED_INSTANT);
        }
        seconds += part * unit;
        unit /= 60;
    }
    Ok(sign * seconds * 1_000_000)
}

/// `\x` and two hexadecimal digits a byte.
fn bytes(text: &str) -> Result<Value, Problem> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|it| u8::try_from(it).ok())
    };
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    text.strip_prefix("\\x")
        .and_then(|digits| digits.as_bytes().chunks(2).map(byte).collect())
        .map(Value::Bytes)
        .ok_or(Problem::Expected("bytes as \\x and hexadecimal digits"))
}

/// The elements of `{…}`, or of `[2:3]={…}` where the array does not begin at 1; none for NULL.
fn elements(text: &str) -> Option<Vec<Option<Cow<'_, str>>>> {
    let literal = match text.strip_prefix('[') {
        Some(bounds) => {
            let (bounds, literal) = bounds.split_once("]=")?;
            let (low, high) = bounds.split_once(':')?;
            low.parse::<i32>().ok()?;
            high.parse::<i32>().ok()?;
            literal
        }
        None => text,
    };
    let mut rest = literal.strip_prefix('{')?;
    let mut elements = Vec::new();
    if rest == "}" {
        return Some(elements);
    }
    loop {
        let element;
        (element, rest) = match rest.strip_prefix('"') {
            Some(inside) => {
                let (text, rest) = quoted(inside)?;
                (Some(Cow::Owned(text)), rest)
            }
            None => {
                let (word, rest) = rest.split_at_checked(rest.find([',', '}'])?)?;
                if word.is_empty() || word.contains(['"', '\\', '{']) {
                    return None;
                }
                ((word != "NULL").then_some(Cow::Borrowed(word)), rest)
            }
        };
        elements.push(element);
        rest = match rest.strip_prefix(',') {
            Some(rest) => rest,
            None => return (rest == "}").then_some(elements),
        };
    }
}

/// The text up to the closing quote, escapes resolved, and what follows the quote.
fn quoted(inside: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = inside.chars();
    loop {
        match chars.next()? {
            '"' => return Some((text, chars.as_str())),
            '\\' => text.push(chars.next()?),
            c => text.push(c),
        }
    }
}
