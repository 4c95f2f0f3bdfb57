//! Defaults, as DDL and PostgreSQL's catalog write them, into the closed set that the language
//! has: a constant of the column's type, `now()`, `gen_random_uuid()`. Anything else stays SQL.

use serde_json::Value as Json;
use syncline_schema::model::{ColumnType, DefaultValue, Literal, Scalar};

use super::cursor::Cursor;
use super::token::{self, Kind};
use super::types;
use crate::read::expression;

/// The default that this SQL means for a column of type `ty`; none for NULL.
pub fn read(sql: &str, ty: &ColumnType) -> Option<DefaultValue> {
    let tokens = token::tokens(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    strip_parens(&mut cursor);
    let whole = cursor.rest();
    let raw = || {
        Some(DefaultValue::Raw(token::one_line(
            sql,
            &tokens,
            whole.clone(),
        )))
    };
    let Some(value) = value(&mut cursor, 0) else {
        return raw();
    };
    if !cursor.is_done() && !casts_to_itself(&mut cursor, ty, &value) {
        return raw();
    }
    match value {
        Value::Null => None,
        Value::Now => Some(DefaultValue::Now),
        Value::Uuid => Some(DefaultValue::Uuid),
        Value::Number(text) => number(&text, &ty.scalar, ty.array).map_or_else(raw, literal),
        Value::Bool(it) if ty.scalar == Scalar::Boolean && !ty.array => literal(Literal::Bool(it)),
        Value::Bool(_) => raw(),
        Value::Text(text) if ty.array => array(&text, &ty.scalar).map_or_else(raw, literal),
        // Without its cast, which the column's type makes again.
        Value::Text(text) if matches!(ty.scalar, Scalar::Raw(_)) => {
            Some(DefaultValue::Raw(syncline_schema::names::quote_text(&text)))
        }
        Value::Text(text) => constant(&text, &ty.scalar).map_or_else(raw, literal),
        Value::Elements(elements) if ty.array => {
            let read: Option<Vec<_>> = elements.iter().map(|it| constant(it, &ty.scalar)).collect();
            read.map_or_else(raw, |all| literal(Literal::Array(all)))
        }
        Value::Elements(_) => raw(),
    }
}

// An option, as a default is one.
#[allow(clippy::unnecessary_wraps)]
fn literal(value: Literal) -> Option<DefaultValue> {
    Some(DefaultValue::Literal(value))
}

/// What a default begins with.
enum Value {
    Null,
    Now,
    Uuid,
    Bool(bool),
    Number(String),
    Text(String),
    /// `ARRAY[…]` of constants, as their texts.
    Elements(Vec<String>),
}

/// How deep parentheses may nest around a constant; what is deeper stays SQL.
const MAX_NESTING: u8 = 20;

/// Takes the parentheses off that hold all of it.
fn strip_parens(cursor: &mut Cursor<'_>) {
    for _ in 0..MAX_NESTING {
        if !cursor.is_mark("(") {
            return;
        }
        let mut ahead = cursor.clone();
        match ahead.parens() {
            Ok(inside) if ahead.is_done() => *cursor = cursor.within(inside),
            _ => return,
        }
    }
}

/// Takes a constant or one of the known calls; casts are left.
fn value(cursor: &mut Cursor<'_>, nesting: u8) -> Option<Value> {
    if nesting > MAX_NESTING {
        return None;
    }
    if cursor.eat("null") {
        return Some(Value::Null);
    }
    for (word, value) in [("true", true), ("false", false)] {
        if cursor.eat(word) {
            return Some(Value::Bool(value));
        }
    }
    if cursor.eat("current_timestamp") {
        return (!cursor.is_mark("(")).then_some(Value::Now);
    }
    if cursor.is_mark("(") {
        // `(-1)::integer`
        let inside = cursor.parens().ok()?;
        let mut inside = cursor.within(inside);
        let found = value(&mut inside, nesting + 1)?;
        return inside.is_done().then_some(found);
    }
    if cursor.is("array") {
        return elements(cursor, nesting).map(Value::Elements);
    }
    let token = cursor.peek()?;
    match token.kind {
        Kind::Text => cursor.string().ok().map(Value::Text),
        Kind::Number => {
            cursor.next();
            Some(Value::Number(token.of(cursor.text).to_owned()))
        }
        Kind::Operator if matches!(token.of(cursor.text), "-" | "+") => {
            let minus = cursor.eat_mark("-");
            let _ = !minus && cursor.eat_mark("+");
            let number = cursor.next().filter(|it| it.kind == Kind::Number)?;
            let sign = if minus { "-" } else { "" };
            Some(Value::Number(format!("{sign}{}", number.of(cursor.text))))
        }
        Kind::Word => {
            if cursor.are("pg_catalog") {
                cursor.next();
                cursor.eat_mark(".");
            }
            let known = match cursor.peek_text().to_ascii_lowercase().as_str() {
                "now" | "transaction_timestamp" => Value::Now,
                "gen_random_uuid" => Value::Uuid,
                _ => return None,
            };
            cursor.next();
            (cursor.eat_mark("(") && cursor.eat_mark(")")).then_some(known)
        }
        _ => None,
    }
}

/// `ARRAY['a'::text, 'b'::text]`
fn elements(cursor: &mut Cursor<'_>, nesting: u8) -> Option<Vec<String>> {
    cursor.eat("array");
    if !cursor.eat_mark("[") {
        return None;
    }
    let mut all = Vec::new();
    while !cursor.eat_mark("]") {
        match value(cursor, nesting + 1)? {
            Value::Text(text) | Value::Number(text) => all.push(text),
            Value::Bool(it) => all.push(it.to_string()),
            _ => return None,
        }
        while cursor.eat_mark("::") {
            types::take(cursor).ok()?;
        }
        if !cursor.eat_mark(",") && !cursor.is_mark("]") {
            return None;
        }
    }
    Some(all)
}

/// Are the casts that follow ones that change nothing?
fn casts_to_itself(cursor: &mut Cursor<'_>, ty: &ColumnType, value: &Value) -> bool {
    while cursor.eat_mark("::") {
        let Ok(cast) = types::take(cursor) else {
            return false;
        };
        let to = types::resolve(&cast, &[]);
        let same_enum = match &ty.scalar {
            Scalar::Enum(it) => it.native.as_ref().is_some_and(|native| {
                syncline_schema::names::quote_sql(native) == cast.name.trim_end_matches("[]")
            }),
            _ => false,
        };
        let fits = same_enum
            || (is_list(&to) == is_list(ty) && family(&to.scalar) == family(&ty.scalar))
            || matches!(value, Value::Null);
        if !fits {
            return false;
        }
    }
    cursor.is_done()
}

/// The array of a type that the language does not know is one word of SQL.
fn is_list(ty: &ColumnType) -> bool {
    ty.array || matches!(&ty.scalar, Scalar::Raw(sql) if sql.ends_with("[]"))
}

/// Types that a constant may be cast to on its way to a column, and stay what it is.
fn family(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Text | Scalar::Varchar(_) => "text".to_owned(),
        Scalar::Enum(it) if it.native.is_none() => "text".to_owned(),
        Scalar::SmallInt | Scalar::Integer | Scalar::BigInt | Scalar::Decimal { .. } => {
            "number".to_owned()
        }
        Scalar::Real | Scalar::Double => "number".to_owned(),
        Scalar::Timestamp => "timestamptz".to_owned(),
        Scalar::LocalTimestamp => "timestamp".to_owned(),
        Scalar::Time => "time".to_owned(),
        Scalar::Raw(sql) => {
            let base = sql.split('(').next().unwrap_or_default();
            let base = base.trim_end_matches("[]");
            let base = match base {
                // A text that was cast to `varchar` on its way to text, or the other way.
                "varchar" | "char" => "text",
                "numeric" => "number",
                other => other,
            };
            base.to_owned()
        }
        other => format!("{other:?}"),
    }
}

/// A bare number.
fn number(text: &str, scalar: &Scalar, array: bool) -> Option<Literal> {
    if array {
        return None;
    }
    match scalar {
        Scalar::SmallInt | Scalar::Integer | Scalar::BigInt => {
            text.parse().ok().map(Literal::Integer)
        }
        Scalar::Real | Scalar::Double | Scalar::Decimal { .. } => {
            Some(Literal::Number(plain_number(text, scalar)))
        }
        _ => None,
    }
}

/// As the source has it: floats by their shortest text, decimals digit by digit.
fn plain_number(text: &str, scalar: &Scalar) -> String {
    match scalar {
        Scalar::Real | Scalar::Double => match text.parse::<f64>() {
            // PostgreSQL makes 0 of -0 before a float sees it.
            Ok(0.0) => "0".to_owned(),
            Ok(number) if number.is_finite() => number.to_string(),
            _ => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// A text as a constant of a scalar type.
fn constant(text: &str, scalar: &Scalar) -> Option<Literal> {
    let trimmed = text.trim();
    match scalar {
        Scalar::Boolean => {
            let lower = trimmed.to_ascii_lowercase();
            match lower.as_str() {
                "t" | "true" | "y" | "yes" | "on" | "1" => Some(Literal::Bool(true)),
                "f" | "false" | "n" | "no" | "off" | "0" => Some(Literal::Bool(false)),
                _ => None,
            }
        }
        Scalar::SmallInt | Scalar::Integer | Scalar::BigInt => {
            trimmed.parse().ok().map(Literal::Integer)
        }
        Scalar::Real | Scalar::Double | Scalar::Decimal { .. } => {
            let number: f64 = trimmed.parse().ok()?;
            number
                .is_finite()
                .then(|| Literal::Number(plain_number(trimmed, scalar)))
        }
        Scalar::Json => {
            let json: Json = serde_json::from_str(text).ok()?;
            Some(Literal::Json(json.to_string()))
        }
        Scalar::Bytes => base64(text).map(Literal::Text),
        Scalar::Timestamp => Some(Literal::Text(expression::instant(trimmed, true)?)),
        Scalar::LocalTimestamp => Some(Literal::Text(expression::instant(trimmed, false)?)),
        Scalar::Uuid => Some(Literal::Text(trimmed.to_ascii_lowercase())),
        Scalar::Date | Scalar::Time => {
            let plain = trimmed
                .bytes()
                .all(|b| b.is_ascii_digit() || b"-:.".contains(&b));
            plain.then(|| match scalar {
                Scalar::Time => Literal::Text(clock(trimmed)),
                _ => Literal::Text(trimmed.to_owned()),
            })
        }
        Scalar::Text | Scalar::Varchar(_) | Scalar::Enum(_) => Some(Literal::Text(text.to_owned())),
        Scalar::Raw(_) => None,
    }
}

/// A time of day as PostgreSQL shows it: with seconds, and no more of their fraction than says
/// something.
fn clock(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches('0');
            let dot = if fraction.is_empty() { "" } else { "." };
            format!("{whole}{dot}{fraction}")
        }
        None if text.matches(':').count() == 1 => format!("{text}:00"),
        None => text.to_owned(),
    }
}

/// `{a,"b c"}` as its elements; NULLs and arrays of arrays stay SQL.
fn array(text: &str, scalar: &Scalar) -> Option<Literal> {
    let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut chars = inside.chars().peekable();
    while chars.peek().is_some() {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let mut element = String::new();
        let quoted = chars.next_if_eq(&'"').is_some();
        loop {
            match chars.next() {
                Some('\\') => element.push(chars.next()?),
                Some('"') if quoted => {
                    while chars.next_if(|c| c.is_whitespace()).is_some() {}
                    if !matches!(chars.next(), None | Some(',')) {
                        return None;
                    }
                    break;
                }
                Some('{' | '"') if !quoted => return None,
                Some(',') | None if !quoted => break,
                None => return None,
                Some(c) => element.push(c),
            }
        }
        if !quoted {
            element.truncate(element.trim_end().len());
            if element.is_empty() || element.eq_ignore_ascii_case("null") {
                return None;
            }
        }
        elements.push(constant(&element, scalar)?);
    }
    Some(Literal::Array(elements))
}

/// Base64 of PostgreSQL's hexadecimal form.
fn base64(text: &str) -> Option<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hex = match text.strip_prefix("\\x") {
        Some(hex) => hex,
        None if text.is_empty() => "",
        None => return None,
    };
    if !hex.len().is_multiple_of(2) || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16))
        .collect::<Result<_, _>>()
        .ok()?;
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for at in 0..4 {
            if at <= three.len() {
                out.push(char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncline_schema::model::{Column, Role};

    /// What is read of a constant as our own emitter writes it is that constant.
    #[test]
    fn our_own_constants_come_back() {
        let text = |text: &str| Literal::Text(text.to_owned());
        for (scalar, value) in [
            (Scalar::Text, text("it's \\ {\"so\"}")),
            (Scalar::Bytes, text("/+8AAQ==")),
            (Scalar::Bytes, text("")),
            (Scalar::Bytes, text("AAAA")),
            (Scalar::Boolean, Literal::Bool(true)),
            (Scalar::BigInt, Literal::Integer(i64::MIN)),
            (Scalar::Double, Literal::Number("-0.25".to_owned())),
            (Scalar::Json, Literal::Json("{\"a\":[1,2]}".to_owned())),
            (Scalar::Timestamp, text("2026-01-02T03:04:05.000Z")),
        ] {
            for array in [false, true] {
                let mut column = Column::new("c", scalar.clone(), true, Role::Data);
                column.ty.array = array;
                let value = if array {
                    Literal::Array(vec![value.clone(), value.clone()])
                } else {
                    value.clone()
                };
                column.default = Some(DefaultValue::Literal(value));
                let sql = syncline_schema::literal::default_of(&column).expect("SQL");
                assert_eq!(read(&sql, &column.ty), column.default, "{sql}");
            }
        }
    }

    #[test]
    fn what_the_catalog_shows_is_what_was_written() {
        for (scalar, written, shown) in [
            (Scalar::Text, "'a'", "'a'::text"),
            (Scalar::Varchar(9), "'a'", "('a'::character varying)"),
            (Scalar::Integer, "-1", "'-1'::integer"),
            (Scalar::Integer, "- 1", "(-1)"),
            (Scalar::BigInt, "0", "(0)::bigint"),
            (
                Scalar::Decimal {
                    precision: 5,
                    scale: 2,
                },
                "-0.50",
                "'-0.50'::numeric",
            ),
            (Scalar::Boolean, "'t'", "true"),
            (Scalar::Timestamp, "CURRENT_TIMESTAMP", "now()"),
            (
                Scalar::Timestamp,
                "'2026-01-02T03:04:05Z'",
                "'2026-01-02 03:04:05+00'::timestamp with time zone",
            ),
            (
                Scalar::Timestamp,
                "'2026-01-02T03:04:05Z'",
                "'2026-01-02 05:04:05+02'::timestamp(3) with time zone",
            ),
            (
                Scalar::Uuid,
                "gen_random_uuid()",
                "pg_catalog.gen_random_uuid()",
            ),
            (Scalar::Text, "NULL", "NULL::character varying"),
            (Scalar::Raw("char(3)".to_owned()), "'USD'", "'USD'::bpchar"),
            (Scalar::Real, "-0", "0"),
            (
                Scalar::Time,
                "'16:30'",
                "'16:30:00'::time without time zone",
            ),
            (Scalar::Time, "'16:30:00.500'", "'16:30:00.5'::time(3)"),
            (Scalar::Text, "lower('A')", "(lower('A'))"),
        ] {
            let ty = ColumnType::scalar(scalar);
            assert_eq!(read(written, &ty), read(shown, &ty), "{written} | {shown}");
        }
        let list = ColumnType {
            scalar: Scalar::Text,
            array: true,
        };
        assert_eq!(read("'{}'", &list), read("ARRAY[]::text[]", &list));
        assert_eq!(
            read("'{a}'", &list),
            read("'{a}'::character varying[]", &list)
        );
        let times = ColumnType {
            scalar: Scalar::Timestamp,
            array: true,
        };
        assert_eq!(
            read("'{}'", &times),
            read("'{}'::timestamp with time zone[]", &times)
        );
        assert_eq!(
            read("'{a,\"b c\"}'", &list),
            read("ARRAY['a'::text, 'b c'::text]", &list)
        );
    }
}
