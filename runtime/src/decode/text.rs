//! Text and the words of enums.

use super::json::Raw;
use crate::invalid::Problem;
use crate::value::Value;

pub(super) fn text(raw: Raw<'_>, limit: Option<u32>) -> Result<Value, Problem> {
    let text = match raw {
        Raw::String(text) => text.into_owned(),
        Raw::Number(number) => as_sqlite_shows(number),
        _ => return Err(Problem::Expected("text")),
    };
    if let Some(limit) = limit {
        // Characters never outnumber bytes, so short texts need no counting.
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        if text.len() > most && text.chars().count() > most {
            return Err(Problem::TooLong(limit));
        }
    }
    Ok(Value::Text(text))
}

/// One of the words; one that was renamed comes out as what it is now.
pub(super) fn word(
    raw: Raw<'_>,
    words: &[&str],
    renamed: &[(&str, &str)],
) -> Result<Value, Problem> {
    let Raw::String(text) = raw else {
        return Err(Problem::Expected("one of the enum's values, as text"));
    };
    if words.contains(&text.as_ref()) {
        return Ok(Value::Text(text.into_owned()));
    }
    let now = renamed.iter().find(|(old, _)| *old == text);
    now.map_or(Err(Problem::NotAWord), |(_, new)| {
        Ok(Value::Text((*new).to_owned()))
    })
}

/// A JSON number as the device's view casts it to text: 64-bit integers by their digits, all
/// else as a double.
fn as_sqlite_shows(number: &str) -> String {
    let integer = !number.contains(['.', 'e', 'E']);
    if let Some(integer) = integer.then(|| number.parse::<i64>().ok()).flatten() {
        return integer.to_string();
    }
    number
        .parse()
        .map_or_else(|_| number.to_owned(), double_as_sqlite_shows)
}

/// SQLite's layout, at least one digit after the point and an exponent outside of 1e-4 to 1e17,
/// with the shortest digits that give the same double again.
///
/// Up to 13 digits that is what every SQLite shows. Beyond, versions before 3.53 cut at 15 and
/// newer ones go on to 17, so that no text is right for all devices: this one loses nothing.
fn double_as_sqlite_shows(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Inf" } else { "-Inf" }.to_owned();
    }
    if value == 0.0 {
        return "0.0".to_owned();
    }
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits = mantissa.replace('.', "");
    let sign = if value < 0.0 { "-" } else { "" };
    let plain = (-4..17).contains(&exponent);
    let (whole, fraction) = match usize::try_from(exponent + 1) {
        _ if !plain => split(&digits, 1),
        Ok(place) if place > 0 => split(&digits, place),
        _ => ("0".to_owned(), zeros(-1 - exponent) + &digits),
    };
    let fraction = if fraction.is_empty() { "0" } else { &fraction };
    if plain {
        return format!("{sign}{whole}.{fraction}");
    }
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!(
        "{sign}{whole}.{fraction}e{exponent_sign}{:02}",
        exponent.abs()
    )
}

/// The first `place` digits, filled with zeros, and the rest.
fn split(digits: &str, place: usize) -> (String, String) {
    match digits.split_at_checked(place) {
        Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
        None => (format!("{digits:0<place$}"), String::new()),
    }
}

fn zeros(count: i32) -> String {
    "0".repeat(usize::try_from(count).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The short ones as seen in SQLite 3.40 and 3.54: `CAST(json ->> 'a' AS TEXT)`.
    #[test]
    fn numbers_as_sqlite_shows_them() {
        for (number, shown) in [
            ("5", "5"),
            ("5.0", "5.0"),
            ("-0", "0"),
            ("-0.0", "0.0"),
            ("0e5", "0.0"),
            ("5e0", "5.0"),
            ("1e5", "100000.0"),
            ("1E+2", "100.0"),
            ("1e14", "100000000000000.0"),
            ("1e15", "1000000000000000.0"),
            ("1e16", "10000000000000000.0"),
            ("1e17", "1.0e+17"),
            ("1e21", "1.0e+21"),
            ("1e100", "1.0e+100"),
            ("123456789012345.0", "123456789012345.0"),
            ("1234567890123456.0", "1234567890123456.0"),
            ("999999999999999.9", "999999999999999.9"),
            ("6677441265998695.0", "6677441265998695.0"),
            ("-88166174200148.25", "-88166174200148.25"),
            ("123456789.123456789", "123456789.12345679"),
            ("0.1", "0.1"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("-3.14159265358979323", "-3.141592653589793"),
            ("0.0001", "0.0001"),
            ("0.00001", "1.0e-05"),
            ("2.5e-5", "2.5e-05"),
            ("1.5e-7", "1.5e-07"),
            ("5e-324", "5.0e-324"),
            ("1e-400", "0.0"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("9e999", "Inf"),
            ("-9e999", "-Inf"),
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775808", "9.223372036854776e+18"),
            ("12345678901234567890", "1.2345678901234567e+19"),
        ] {
            assert_eq!(as_sqlite_shows(number), shown, "{number}");
        }
    }
}
