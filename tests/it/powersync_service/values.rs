//! What PostgreSQL is given in a column of each type, and what a device should have of it then.

use serde_json::{Value, json};
use syncline_schema::model::{Column, Scalar};
use syncline_schema::types;

/// How many rows have all samples of every type; the last has NULL where it may be.
pub(super) const ROWS: usize = 6;

/// What one of the rows has in a column: SQL, and the device's value. `instead` is a text for
/// columns that a rule lets not have any.
pub(super) fn sample(
    column: &Column,
    row: usize,
    instead: Option<&str>,
) -> (Option<String>, Option<Value>) {
    let scalar = &column.ty.scalar;
    let postgres = types::postgres(&column.ty);
    if let Scalar::Raw(_) = scalar {
        return (None, None);
    }
    if column.nullable && row == ROWS - 1 {
        return (Some("NULL".to_owned()), Some(Value::Null));
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if let Some(text) = instead {
        let is_text = matches!(scalar, Scalar::Text | Scalar::Varchar(_));
        let value = if is_text { json!(text) } else { json!(row) };
        let literal = value.as_str().map_or_else(|| row.to_string(), quoted);
        return (Some(format!("{literal}::{postgres}")), Some(value));
    }
    let samples = samples(scalar);
    if !column.ty.array {
        let (text, value) = &samples[row % samples.len()];
        return (
            Some(format!("{}::{postgres}", quoted(text))),
            Some(value.clone()),
        );
    }
    // All of them, none, the first, the second, …
    let among = match row {
        0 => &samples[..],
        1 => &[],
        more => &samples[(more - 2) % samples.len()..][..1],
    };
    let elements: Vec<_> = among.iter().map(|(text, _)| quoted(text)).collect();
    let elements_on_device = among.iter().map(|(_, value)| match (scalar, value) {
        // PowerSync has no text for these within a list.
        (Scalar::BigInt, value) => value.as_str().and_then(|it| it.parse::<i64>().ok()).into(),
        (_, value) => value.clone(),
    });
    let list: Vec<Value> = elements_on_device.collect();
    let sql = format!("ARRAY[{}]::{postgres}", elements.join(", "));
    (Some(sql), Some(Value::Array(list)))
}

/// Does the device have this value? Text to the character, but for JSON, in which spaces and the
/// order of keys are PostgreSQL's.
pub(super) fn equal(column: &Column, found: &Value, expected: &Value) -> bool {
    let is_json = column.ty.array || column.ty.scalar == Scalar::Json;
    match found.as_str() {
        Some(text) if is_json => {
            let found: Option<Value> = serde_json::from_str(text).ok();
            found.is_some_and(|found| same(&found, expected))
        }
        _ => same(found, expected),
    }
}

/// Equal, where 2 is 2.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64() && !a.is_i64(),
        _ => one == other,
    }
}

/// Values of a type: the text that PostgreSQL reads, and what a device has.
fn samples(scalar: &Scalar) -> Vec<(String, Value)> {
    let fixed: &[(&str, Value)] = &match scalar {
        Scalar::Text | Scalar::Json | Scalar::Enum(_) | Scalar::Raw(_) | Scalar::Decimal { .. } => {
            return computed(scalar);
        }
        Scalar::Varchar(longest) => return varchars(*longest),
        Scalar::Boolean => vec![("true", json!(1)), ("false", json!(0))],
        Scalar::SmallInt => vec![("-32768", json!(-32768)), ("32767", json!(32767))],
        Scalar::Integer => vec![
            ("-2147483648", json!(-2_147_483_648_i64)),
            ("2147483647", json!(2_147_483_647)),
            ("0", json!(0)),
        ],
        Scalar::BigInt => [
            "9223372036854775807",
            "-9223372036854775808",
            "9007199254740993",
            "0",
        ]
        .map(|it| (it, json!(it)))
        .to_vec(),
        Scalar::Real => vec![
            ("0.5", json!(0.5)),
            ("0.1", json!(0.1)),
            ("-3.4028235e38", json!(-3.402_823_5e38)),
            ("2", json!(2)),
        ],
        Scalar::Double => vec![
            ("0.1", json!(0.1)),
            ("1.7976931348623157e308", json!(f64::MAX)),
            ("-2.2250738585072014e-308", json!(-f64::MIN_POSITIVE)),
            ("9007199254740991", json!(9_007_199_254_740_991_i64)),
            ("-2", json!(-2)),
        ],
        Scalar::Timestamp => vec![
            ("2026-01-02T03:04:05.6Z", json!("2026-01-02T03:04:05.600Z")),
            (
                "1969-12-31T23:59:59.999Z",
                json!("1969-12-31T23:59:59.999Z"),
            ),
            (
                "2026-07-01T00:30:00+02:00",
                json!("2026-06-30T22:30:00.000Z"),
            ),
            ("0001-01-01T00:00:00Z", json!("0001-01-01T00:00:00.000Z")),
            (
                "9999-12-31T23:59:59.999Z",
                json!("9999-12-31T23:59:59.999Z"),
            ),
        ],
        Scalar::LocalTimestamp => vec![
            ("2026-01-02T03:04:05.6", json!("2026-01-02T03:04:05.600")),
            ("0001-01-01T00:00:00", json!("0001-01-01T00:00:00.000")),
            ("9999-12-31T23:59:59.999", json!("9999-12-31T23:59:59.999")),
        ],
        Scalar::Date => ["2026-01-02", "0001-01-01", "9999-12-31"]
            .map(|it| (it, json!(it)))
            .to_vec(),
        Scalar::Time => vec![
            ("03:04:05.6", json!("03:04:05.600")),
            ("00:00:00", json!("00:00:00.000")),
            ("23:59:59.999", json!("23:59:59.999")),
            ("24:00:00", json!("24:00:00.000")),
        ],
        Scalar::Uuid => vec![
            (
                "0191e0c2-5b5d-7c3a-9c43-00000000000a",
                json!("0191e0c2-5b5d-7c3a-9c43-00000000000a"),
            ),
            (
                "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
                json!("ffffffff-ffff-ffff-ffff-ffffffffffff"),
            ),
        ],
        Scalar::Bytes => vec![
            ("\\x010203", json!("AQID")),
            ("\\x", json!("")),
            ("\\xff", json!("/w==")),
            ("\\x00fbfe", json!("APv+")),
        ],
    };
    let owned = fixed
        .iter()
        .map(|(text, value)| ((*text).to_owned(), value.clone()));
    owned.collect()
}

/// Texts that somebody once got wrong.
const TEXTS: [&str; 5] = [
    "it's \"quoted\", \\ and , { } too",
    "",
    "ünï😀 \u{202e}\u{feff}",
    "two\nlines\tand a tab",
    "NULL",
];

/// Types whose samples depend on what is said of them.
fn computed(scalar: &Scalar) -> Vec<(String, Value)> {
    let alike = |it: &str| (it.to_owned(), json!(it));
    match scalar {
        Scalar::Enum(it) => it.values.iter().map(|it| alike(it)).collect(),
        Scalar::Decimal { precision, scale } => {
            let (whole, scale) = (usize::from(precision - scale), usize::from(*scale));
            let point = if scale > 0 { "." } else { "" };
            let number = |sign: &str, digit: &str, first: &str| {
                alike(&format!("{sign}{first}{point}{}", digit.repeat(scale)))
            };
            let most = "9".repeat(whole);
            vec![
                number("", "9", &most),
                number("-", "9", &most),
                number("", "0", "0"),
                number("", "5", "1"),
            ]
        }
        Scalar::Json => [
            json!({"a": [1, null, "ü\n"], "b": {"c": 1.5}}),
            json!([]),
            json!("text"),
            json!(9_007_199_254_740_993_i64),
            json!(null),
        ]
        .map(|it| (it.to_string(), it))
        .to_vec(),
        _ => TEXTS.map(alike).to_vec(),
    }
}

/// Texts that are short enough.
fn varchars(longest: u32) -> Vec<(String, Value)> {
    let short = TEXTS
        .iter()
        .filter(|it| it.chars().count() <= longest as usize);
    let full = "ß".repeat(longest as usize);
    short
        .map(|it| (*it).to_owned())
        .chain([full])
        .map(|it| (it.clone(), json!(it)))
        .collect()
}
