//! A type as it is written: `text`, `varchar(16)?`, `decimal(10,2)`, `integer[]`, `raw("tsvector")`.

use crate::diagnostic::did_you_mean;
use crate::model::{ColumnType, EnumType, Scalar};

/// The types of the language, as they are written.
pub const TYPE_NAMES: &[&str] = &[
    "text",
    "varchar",
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "real",
    "double",
    "decimal",
    "timestamp",
    "local_timestamp",
    "date",
    "time",
    "uuid",
    "json",
    "bytes",
    "enum",
    "raw",
];

/// What other tools call our types.
const ELSEWHERE: &[(&str, &str)] = &[
    ("string", "text"),
    ("char", "varchar(n)"),
    ("character varying", "varchar(n)"),
    ("bool", "boolean"),
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("tinyint", "smallint"),
    ("serial", "integer"),
    ("bigserial", "bigint"),
    ("long", "bigint"),
    ("float", "double"),
    ("float4", "real"),
    ("float8", "double"),
    ("number", "integer or double"),
    ("double precision", "double"),
    ("numeric", "decimal(p,s)"),
    ("money", "decimal(p,s)"),
    ("timestamptz", "timestamp"),
    ("datetime", "timestamp"),
    ("timestamp with time zone", "timestamp"),
    ("timestamp without time zone", "local_timestamp"),
    ("jsonb", "json"),
    ("bytea", "bytes"),
    ("blob", "bytes"),
    ("binary", "bytes"),
];

/// Why a type cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

fn error(message: impl Into<String>, help: Option<String>) -> TypeError {
    TypeError {
        message: message.into(),
        help,
    }
}

/// Reads a type and whether it is nullable.
///
/// # Errors
/// Where it is no type of the language, or its numbers are out of range.
pub fn parse_type(text: &str) -> Result<(ColumnType, bool), TypeError> {
    let trimmed = text.trim();
    let (trimmed, nullable) = match trimmed.strip_suffix('?') {
        Some(rest) => (rest.trim_end(), true),
        None => (trimmed, false),
    };
    let (scalar_text, array) = match trimmed.strip_suffix("[]") {
        Some(rest) => (rest.trim_end(), true),
        None => (trimmed, false),
    };
    if !array && scalar_text.ends_with('?') {
        return Err(error(
            format!("`{text}` is marked as nullable twice"),
            Some(format!("write {}?", scalar_text.trim_end_matches('?'))),
        ));
    }
    if array && scalar_text.ends_with("[]") {
        let help = "a `json` column can hold lists of lists".to_owned();
        return Err(error("there are no arrays of arrays", Some(help)));
    }
    if scalar_text.ends_with('?') {
        let help = format!(
            "an array's elements are never null: write {}[]?",
            scalar_text.trim_end_matches('?')
        );
        return Err(error(
            format!("`{text}` marks the elements as nullable"),
            Some(help),
        ));
    }
    let scalar = parse_scalar(scalar_text)?;
    let no_array = matches!(
        scalar,
        Scalar::Json | Scalar::Bytes | Scalar::Enum(_) | Scalar::Raw(_)
    );
    if array && no_array {
        let help = "a `json` column can hold a list of anything".to_owned();
        return Err(error(
            format!("there are no arrays of `{scalar_text}`"),
            Some(help),
        ));
    }
    Ok((ColumnType { scalar, array }, nullable))
}

fn parse_scalar(text: &str) -> Result<Scalar, TypeError> {
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => match rest.strip_suffix(')') {
            Some(arguments) => (name.trim_end(), Some(arguments.trim())),
            None => return Err(error(format!("`{text}` has no closing parenthesis"), None)),
        },
        None => (text, None),
    };
    if name == "raw" {
        return raw(arguments);
    }
    let numbers = arguments.map(numbers);
    match (name, numbers.as_deref()) {
        ("varchar", Some([n])) if (1..=10_485_760).contains(n) => Ok(Scalar::Varchar(*n)),
        ("varchar", _) => Err(error(
            "`varchar` takes a length from 1 to 10485760",
            Some("write varchar(255), or text for any length".to_owned()),
        )),
        ("decimal", Some([p, s])) if (1..=1000).contains(p) && s <= p => Ok(Scalar::Decimal {
            precision: u16::try_from(*p).unwrap_or(1000),
            scale: u16::try_from(*s).unwrap_or(0),
        }),
        ("decimal", _) => Err(error(
            "`decimal` takes a precision from 1 to 1000 and a scale up to it",
            Some("write decimal(12,2): twelve digits in all, two after the point".to_owned()),
        )),
        (_, None) => plain(name).ok_or_else(|| unknown(text)),
        (_, Some(_)) if plain(name).is_some() => Err(error(
            format!("`{name}` takes no arguments"),
            Some(format!("write {name}")),
        )),
        _ => Err(unknown(text)),
    }
}

fn plain(name: &str) -> Option<Scalar> {
    Some(match name {
        "text" => Scalar::Text,
        "boolean" => Scalar::Boolean,
        "smallint" => Scalar::SmallInt,
        "integer" => Scalar::Integer,
        "bigint" => Scalar::BigInt,
        "real" => Scalar::Real,
        "double" => Scalar::Double,
        "timestamp" => Scalar::Timestamp,
        "local_timestamp" => Scalar::LocalTimestamp,
        "date" => Scalar::Date,
        "time" => Scalar::Time,
        "uuid" => Scalar::Uuid,
        "json" => Scalar::Json,
        "bytes" => Scalar::Bytes,
        "enum" => Scalar::Enum(EnumType {
            values: Vec::new(),
            native: None,
            renamed: Vec::new(),
        }),
        _ => return None,
    })
}

fn raw(arguments: Option<&str>) -> Result<Scalar, TypeError> {
    let quoted = arguments.and_then(|text| {
        let inner = text.strip_prefix('"')?.strip_suffix('"')?;
        (!inner.trim().is_empty() && !inner.contains('"')).then(|| inner.trim().to_owned())
    });
    quoted.map(Scalar::Raw).ok_or_else(|| {
        error(
            "`raw` takes a PostgreSQL type in quotes",
            Some("write type = 'raw(\"tsvector\")'".to_owned()),
        )
    })
}

/// The numbers in parentheses; none where they are none, which no type takes.
fn numbers(text: &str) -> Vec<u32> {
    let number = |part: &str| {
        let digits = part.trim();
        digits.parse().ok().filter(|_| !digits.starts_with('+'))
    };
    text.split(',')
        .map(number)
        .collect::<Option<_>>()
        .unwrap_or_default()
}

fn unknown(text: &str) -> TypeError {
    let name = text.split('(').next().unwrap_or(text).trim().to_lowercase();
    let elsewhere = ELSEWHERE.iter().find(|(theirs, _)| *theirs == name);
    let close = || did_you_mean(&name, TYPE_NAMES.iter().copied());
    let help = match elsewhere {
        Some((_, ours)) => format!("Syncline calls it {ours}"),
        None if name.ends_with(" null") => {
            "a column is required unless its type ends in `?`".to_owned()
        }
        None => close().unwrap_or_else(|| format!("the types are {}", TYPE_NAMES.join(", "))),
    };
    error(format!("there is no type `{text}`"), Some(help))
}

/// A type as the language writes it: the inverse of [`parse_type`], but for the words of an enum.
impl std::fmt::Display for ColumnType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match &self.scalar {
            Scalar::Varchar(n) => {
                return write!(f, "varchar({n}){}", if self.array { "[]" } else { "" });
            }
            Scalar::Decimal { precision, scale } => {
                return write!(
                    f,
                    "decimal({precision},{scale}){}",
                    if self.array { "[]" } else { "" }
                );
            }
            Scalar::Raw(sql) => return write!(f, "raw(\"{sql}\")"),
            Scalar::Text => "text",
            Scalar::Boolean => "boolean",
            Scalar::SmallInt => "smallint",
            Scalar::Integer => "integer",
            Scalar::BigInt => "bigint",
            Scalar::Real => "real",
            Scalar::Double => "double",
            Scalar::Timestamp => "timestamp",
            Scalar::LocalTimestamp => "local_timestamp",
            Scalar::Date => "date",
            Scalar::Time => "time",
            Scalar::Uuid => "uuid",
            Scalar::Json => "json",
            Scalar::Bytes => "bytes",
            Scalar::Enum(_) => "enum",
        };
        write!(f, "{name}{}", if self.array { "[]" } else { "" })
    }
}
