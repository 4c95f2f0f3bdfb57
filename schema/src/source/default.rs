//! A column's default: read from the source and judged against the column's type.

use serde_json::Value as Json;

use super::node::Node;
use super::tree::Value;
use crate::model::{Column, ColumnType, DefaultValue, Literal, Scalar};

/// Why a default does not fit: what is wrong with it, and what the type takes.
pub(super) struct Misfit {
    pub(super) message: String,
    pub(super) help: String,
}

/// The default that `node` gives `column`.
pub(super) fn read(node: Node<'_>, column: &Column) -> Result<DefaultValue, Misfit> {
    if let Some(fields) = node.table() {
        let raw = fields.text("raw").filter(|sql| !sql.trim().is_empty());
        let entries = fields.entries().count();
        if let (Some(sql), 1) = (raw, entries) {
            return Ok(DefaultValue::Raw(sql.trim().to_owned()));
        }
        if column.ty.scalar != Scalar::Json {
            return Err(misfit(
                "a default cannot be a table",
                "write { raw = \"sql\" } for a PostgreSQL expression",
            ));
        }
    }
    if let Some(keyword) = node.text().and_then(|word| keyword(word, column)) {
        return Ok(keyword);
    }
    let literal = if column.ty.array {
        array(node, &column.ty)?
    } else {
        scalar(node.value, &column.ty.scalar)?
    };
    Ok(DefaultValue::Literal(literal))
}

/// `now`, `uuid` and `device` are keywords of the types that they fit, and plain text elsewhere.
fn keyword(word: &str, column: &Column) -> Option<DefaultValue> {
    if column.ty.array {
        return None;
    }
    match (word, &column.ty.scalar) {
        ("now", Scalar::Timestamp | Scalar::LocalTimestamp | Scalar::Date | Scalar::Time) => {
            Some(DefaultValue::Now)
        }
        ("uuid", Scalar::Uuid | Scalar::Text) => Some(DefaultValue::Uuid),
        ("device", Scalar::Text | Scalar::Uuid | Scalar::Varchar(_)) => Some(DefaultValue::Device),
        _ => None,
    }
}

fn misfit(message: impl Into<String>, help: impl Into<String>) -> Misfit {
    Misfit {
        message: message.into(),
        help: help.into(),
    }
}

fn array(node: Node<'_>, ty: &ColumnType) -> Result<Literal, Misfit> {
    if !node.is_list() {
        return Err(misfit(
            format!("a default of `{ty}` is a list"),
            "write default = []",
        ));
    }
    let items = node.items().map(|item| scalar(item.value, &ty.scalar));
    items.collect::<Result<_, _>>().map(Literal::Array)
}

fn scalar(value: &Value<'_>, ty: &Scalar) -> Result<Literal, Misfit> {
    let shown = ColumnType::scalar(ty.clone());
    let wrong = |takes: &str| {
        misfit(
            format!("this default does not fit `{shown}`"),
            format!("`{shown}` takes {takes}"),
        )
    };
    let text = value.text();
    match ty {
        Scalar::Boolean => value
            .bool()
            .map(Literal::Bool)
            .ok_or_else(|| wrong("true or false")),
        Scalar::SmallInt => integer(value, i64::from(i16::MIN), i64::from(i16::MAX))
            .ok_or_else(|| wrong("a whole number from -32768 to 32767")),
        Scalar::Integer => integer(value, i64::from(i32::MIN), i64::from(i32::MAX))
            .ok_or_else(|| wrong("a whole number of 32 bits")),
        Scalar::BigInt => {
            integer(value, i64::MIN, i64::MAX).ok_or_else(|| wrong("a whole number of 64 bits"))
        }
        Scalar::Real | Scalar::Double => float(value).ok_or_else(|| wrong("a finite number")),
        Scalar::Decimal { precision, scale } => decimal(value, *precision, *scale)
            .ok_or_else(|| wrong("a number in quotes, such as \"0.00\", within its digits")),
        Scalar::Text => checked(text, |_| true).ok_or_else(|| wrong("a string without NUL")),
        Scalar::Varchar(n) => checked(text, |text| text.chars().count() <= *n as usize)
            .ok_or_else(|| wrong("a string that fits")),
        Scalar::Enum(it) => checked(text, |text| it.values.iter().any(|word| word == text))
            .ok_or_else(|| wrong(&format!("one of {}", it.values.join(", ")))),
        Scalar::Uuid => checked(text, uuid)
            .ok_or_else(|| wrong("\"uuid\" for a new one, or a UUID in its canonical form")),
        Scalar::Timestamp => checked(text, |text| instant(text, true))
            .ok_or_else(|| wrong("\"now\", or a time such as \"2026-01-02T03:04:05.000Z\"")),
        Scalar::LocalTimestamp => checked(text, |text| instant(text, false))
            .ok_or_else(|| wrong("\"now\", or a time such as \"2026-01-02T03:04:05.000\"")),
        Scalar::Date => {
            checked(text, date).ok_or_else(|| wrong("\"now\", or a day such as \"2026-01-02\""))
        }
        Scalar::Time => {
            checked(text, time).ok_or_else(|| wrong("\"now\", or a time such as \"03:04:05\""))
        }
        Scalar::Bytes => checked(text, base64).ok_or_else(|| wrong("base64 in a string")),
        Scalar::Json => json(value).ok_or_else(|| wrong("JSON in a string, or a value as it is")),
        Scalar::Raw(_) => Err(wrong("{ raw = \"sql\" } only")),
    }
}

fn checked(text: Option<&str>, fits: impl Fn(&str) -> bool) -> Option<Literal> {
    let text = text.filter(|text| !text.contains('\0') && fits(text))?;
    Some(Literal::Text(text.to_owned()))
}

fn integer(value: &Value<'_>, min: i64, max: i64) -> Option<Literal> {
    let number = value.integer()?;
    (min..=max)
        .contains(&number)
        .then_some(Literal::Integer(number))
}

fn float(value: &Value<'_>) -> Option<Literal> {
    if let Some(number) = value.integer() {
        return Some(Literal::Number(number.to_string()));
    }
    let Value::Float(text) = value else {
        return None;
    };
    let number: f64 = text.parse().ok()?;
    number
        .is_finite()
        .then(|| Literal::Number(number.to_string()))
}

/// Decimals are written in quotes, where a float would round them; whole numbers may stand bare.
fn decimal(value: &Value<'_>, precision: u16, scale: u16) -> Option<Literal> {
    let text = match value {
        Value::Text(text) | Value::Integer(text, 10) => text.as_ref(),
        _ => return None,
    };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let whole_len = whole.trim_start_matches('0').len();
    let fits = !whole.is_empty()
        && all_digits(whole)
        && all_digits(fraction)
        && !digits.ends_with('.')
        && fraction.len() <= usize::from(scale)
        && whole_len <= usize::from(precision - scale);
    fits.then(|| Literal::Number(text.to_owned()))
}

fn json(value: &Value<'_>) -> Option<Literal> {
    let json: Json = match value.text() {
        Some(text) => serde_json::from_str(text).ok()?,
        None => to_json(value)?,
    };
    let text = json.to_string();
    (!text.contains("\\u0000")).then_some(Literal::Json(text))
}

fn to_json(value: &Value<'_>) -> Option<Json> {
    Some(match value {
        Value::Text(text) => Json::String(text.to_string()),
        Value::Integer(..) => Json::from(value.integer()?),
        Value::Float(text) => Json::Number(serde_json::Number::from_f64(text.parse().ok()?)?),
        Value::Bool(it) => Json::Bool(*it),
        Value::Date(text) => Json::String(text.clone()),
        Value::Unread => return None,
        Value::List(items) => {
            let items = items.iter().map(|it| to_json(&it.value));
            Json::Array(items.collect::<Option<_>>()?)
        }
        Value::Table(entries) => {
            let pairs = entries
                .iter()
                .map(|entry| Some((entry.key.to_string(), to_json(&entry.item.value)?)));
            Json::Object(pairs.collect::<Option<_>>()?)
        }
    })
}

/// Is it a UUID in its canonical form, lower case with hyphens?
fn uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// Is it a day of the calendar, `YYYY-MM-DD`?
pub(super) fn date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [y, m, d] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(y, 4), digits(m, 2), digits(d, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    year > 0 && (1..=days).contains(&day)
}

/// Is it a time of day, `HH:MM[:SS[.fraction]]`?
fn time(text: &str) -> bool {
    let (clock, fraction) = text
        .split_once('.')
        .map_or((text, None), |(a, b)| (a, Some(b)));
    let parts: Vec<&str> = clock.split(':').collect();
    let in_range = |part: &str, max| digits(part, 2).is_some_and(|n| n <= max);
    let good_fraction = fraction
        .is_none_or(|it| (1..=6).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_digit()));
    match parts.as_slice() {
        [h, m] => fraction.is_none() && in_range(h, 23) && in_range(m, 59),
        [h, m, s] => good_fraction && in_range(h, 23) && in_range(m, 59) && in_range(s, 59),
        _ => false,
    }
}

/// Is it a time in ISO 8601, in UTC (`Z`) or without zone?
fn instant(text: &str, utc: bool) -> bool {
    let text = if utc {
        text.strip_suffix('Z').unwrap_or("")
    } else {
        text
    };
    text.split_once('T')
        .is_some_and(|(day, clock)| date(day) && time(clock))
}

fn digits(text: &str, len: usize) -> Option<u32> {
    (text.len() == len && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Is it base64 of the standard alphabet, with padding?
fn base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}
