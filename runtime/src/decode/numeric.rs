//! Booleans, integers, floats and decimals.

use super::json::Raw;
use super::number::{NotDecimal, NotInteger, Number};
use crate::invalid::Problem;
use crate::value::Value;

pub(super) fn boolean(raw: Raw<'_>) -> Result<Value, Problem> {
    let value = match raw {
        Raw::Boolean(value) => Some(value),
        Raw::Number(text) => match Number::parse(text).map(Number::to_integer) {
            Some(Ok(0)) => Some(false),
            Some(Ok(1)) => Some(true),
            _ => None,
        },
        Raw::String(text) => match text.as_ref() {
            "0" | "false" => Some(false),
            "1" | "true" => Some(true),
            _ => None,
        },
        _ => None,
    };
    value
        .map(Value::Boolean)
        .ok_or(Problem::Expected("0, 1, true or false"))
}

/// An integer of any width; `ty` names it in messages.
pub(super) fn integer<T: TryFrom<i64>>(raw: Raw<'_>, ty: &'static str) -> Result<T, Problem> {
    let number = match &raw {
        Raw::Number(text) => Number::parse(text),
        Raw::String(text) => Number::parse_integer(text),
        _ => None,
    };
    let exact = number.ok_or(Problem::Expected("an integer"))?.to_integer();
    let exact = exact.map_err(|error| match error {
        NotInteger::Fraction => Problem::Fraction,
        NotInteger::Range => Problem::OutOfRange(ty),
    })?;
    T::try_from(exact).map_err(|_| Problem::OutOfRange(ty))
}

pub(super) fn double(raw: Raw<'_>) -> Result<Value, Problem> {
    numeric_text(&raw)?
        .parse()
        .map(Value::Double)
        .map_err(|_| Problem::Expected("a number"))
}

/// The nearest `real`. What only a double can hold is refused, and not made infinite.
pub(super) fn real(raw: Raw<'_>) -> Result<Value, Problem> {
    let text = numeric_text(&raw)?;
    let expected = Problem::Expected("a number");
    let nearest: f32 = text.parse().map_err(|_| expected)?;
    if nearest.is_infinite() && text.parse::<f64>().map_err(|_| expected)?.is_finite() {
        return Err(Problem::OutOfRange("real"));
    }
    Ok(Value::Real(nearest))
}

pub(super) fn decimal(raw: Raw<'_>, precision: u16, scale: u16) -> Result<Value, Problem> {
    let number = Number::parse(numeric_text(&raw)?).ok_or(Problem::Expected("a number"))?;
    number
        .to_decimal(precision, scale)
        .map(Value::Decimal)
        .map_err(|error| match error {
            NotDecimal::Scale => Problem::Scale(scale),
            NotDecimal::Precision => Problem::Precision(precision, scale),
        })
}

/// The text of a number or of a numeric string.
fn numeric_text<'a>(raw: &'a Raw<'_>) -> Result<&'a str, Problem> {
    match raw {
        Raw::Number(text) => Ok(text),
        Raw::String(text) if Number::parse(text).is_some() => Ok(text),
        _ => Err(Problem::Expected("a number")),
    }
}
