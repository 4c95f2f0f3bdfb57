//! Types as DDL writes them.

use syncline_schema::model::{ColumnType, EnumType, Scalar};
use syncline_schema::names;

use super::cursor::{Cursor, Result};
use super::token::{self, Kind};
use crate::read::PgType;

/// A type that is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// One of PostgreSQL's own, or else none.
    pub(super) built_in: Option<PgType>,
    /// A type of the user's, quoted where it needs it.
    pub(super) name: String,
    /// Its parts in parentheses, as written.
    args: String,
    array: bool,
}

/// The words that follow the first of a type's name of several words.
const SEVERAL: &[(&str, &[&str])] = &[
    ("double", &["precision"]),
    ("character", &["varying"]),
    ("char", &["varying"]),
    ("bit", &["varying"]),
    (
        "national",
        &["character varying", "char varying", "character", "char"],
    ),
    ("nchar", &["varying"]),
    (
        "interval",
        &[
            "year to month",
            "day to hour",
            "day to minute",
            "day to second",
            "hour to minute",
            "hour to second",
            "minute to second",
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
        ],
    ),
];

/// PostgreSQL's own types whose names stand for themselves. Any other may be a user's.
const BUILT_IN: &[&str] = &[
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bytea",
    "char",
    "cidr",
    "circle",
    "date",
    "daterange",
    "double precision",
    "inet",
    "int4range",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "numeric",
    "numrange",
    "path",
    "point",
    "polygon",
    "real",
    "smallint",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsquery",
    "tsrange",
    "tstzrange",
    "tsvector",
    "uuid",
    "varchar",
    "xml",
];

/// Takes a type.
pub(super) fn take(cursor: &mut Cursor<'_>) -> Result<Written> {
    let quoted = cursor.peek().is_some_and(|it| it.kind == Kind::Quoted);
    let name = cursor.qualified()?;
    let mut words = name.name.clone();
    let own = match name.schema.as_deref() {
        None => !quoted,
        Some(schema) => schema == "pg_catalog",
    };
    if own && let Some((_, more)) = SEVERAL.iter().find(|(first, _)| *first == words) {
        for next in *more {
            if cursor.eat(next) {
                words = format!("{words} {next}");
                break;
            }
        }
    }
    let mut args = String::new();
    if cursor.is_mark("(") {
        let inside = cursor.parens()?;
        args = cursor.one_line(inside);
    }
    if own && matches!(words.as_str(), "time" | "timestamp") {
        for zone in ["with time zone", "without time zone"] {
            if cursor.eat(zone) {
                words = format!("{words} {zone}");
            }
        }
    }
    let mut array = false;
    array |= cursor.eat("array");
    while cursor.eat_mark("[") {
        array = true;
        if !cursor.is_mark("]") {
            cursor.next();
        }
        if !cursor.eat_mark("]") {
            return Err(cursor.expected("`]`"));
        }
    }
    let built_in = own.then(|| built_in(&words, &args, array)).flatten();
    let name = match name.schema {
        Some(schema) if schema != "pg_catalog" => {
            format!(
                "{}.{}",
                names::quote_sql(&schema),
                names::quote_sql(&name.name)
            )
        }
        // The one-byte type of the catalogs, which is not `char`.
        _ if quoted && name.name == "char" => "\"char\"".to_owned(),
        _ => names::quote_sql(&name.name),
    };
    Ok(Written {
        built_in,
        name,
        args,
        array,
    })
}

fn built_in(words: &str, args: &str, array: bool) -> Option<PgType> {
    let words = match words {
        "national character varying"
        | "national char varying"
        | "char varying"
        | "nchar varying" => "varchar",
        "national character" | "national char" | "nchar" => "char",
        "varbit" => "bit varying",
        other => other,
    };
    let args = if args.is_empty() {
        String::new()
    } else {
        format!("({args})")
    };
    let array = if array { "[]" } else { "" };
    let mut ty = PgType::parse(&format!("{words}{args}{array}"));
    if words == "float" && !ty.args.is_empty() {
        let single = ty.args.first().is_some_and(|bits| *bits <= 24);
        ty.name = if single { "real" } else { "double precision" }.to_owned();
        ty.args.clear();
    }
    if matches!(
        ty.name.as_str(),
        "timestamptz" | "timestamp" | "time" | "timetz"
    ) && ty.args == [6]
    {
        // What PostgreSQL keeps where nothing is said.
        ty.args.clear();
    }
    if ty.name == "bpchar" {
        ty.name = "char".to_owned();
    }
    if ty.name == "bit" && ty.args.is_empty() {
        ty.args.push(1);
    }
    let base = ty.name.split(' ').next().unwrap_or_default();
    let known = BUILT_IN.contains(&ty.name.as_str()) || (base == "interval");
    known.then_some(ty)
}

/// The language's type, where it is exactly this one; `enums` are the native ones.
pub(super) fn resolve(written: &Written, enums: &[EnumType]) -> ColumnType {
    let raw = |text: String| Scalar::Raw(text);
    let (scalar, array) = match &written.built_in {
        Some(ty) => (scalar_of(ty), ty.array),
        None => {
            let found = enums.iter().find(|it| {
                let native = it.native.as_deref();
                native.is_some_and(|name| names::quote_sql(name) == written.name)
            });
            let scalar = match found {
                Some(it) => Scalar::Enum(it.clone()),
                None if written.args.is_empty() => raw(written.name.clone()),
                None => raw(format!("{}({})", written.name, spaced(&written.args))),
            };
            (scalar, written.array)
        }
    };
    match scalar {
        // The array of a type that the language does not know is one, too.
        Scalar::Raw(text) if array => ColumnType::scalar(Scalar::Raw(format!("{text}[]"))),
        scalar => ColumnType { scalar, array },
    }
}

/// Arguments as `format_type` writes them: without spaces.
fn spaced(args: &str) -> String {
    args.replace(' ', "")
}

fn scalar_of(ty: &PgType) -> Scalar {
    match (ty.name.as_str(), ty.args.as_slice()) {
        ("text", []) => Scalar::Text,
        ("varchar", [n]) => Scalar::Varchar(*n),
        ("boolean", []) => Scalar::Boolean,
        ("smallint", []) => Scalar::SmallInt,
        ("integer", []) => Scalar::Integer,
        ("bigint", []) => Scalar::BigInt,
        ("real", []) => Scalar::Real,
        ("double precision", []) => Scalar::Double,
        ("numeric", [precision, rest @ ..]) if *precision <= 1000 && rest.len() < 2 => {
            let scale = rest.first().copied().unwrap_or(0);
            match (u16::try_from(*precision), u16::try_from(scale)) {
                (Ok(precision), Ok(scale)) if scale <= precision => {
                    Scalar::Decimal { precision, scale }
                }
                _ => plain(ty),
            }
        }
        ("timestamptz", [3]) => Scalar::Timestamp,
        ("timestamp", [3]) => Scalar::LocalTimestamp,
        ("date", []) => Scalar::Date,
        ("time", [3]) => Scalar::Time,
        ("uuid", []) => Scalar::Uuid,
        ("jsonb", []) => Scalar::Json,
        ("bytea", []) => Scalar::Bytes,
        _ => plain(ty),
    }
}

fn plain(ty: &PgType) -> Scalar {
    let element = PgType {
        array: false,
        ..ty.clone()
    };
    Scalar::Raw(element.written())
}

/// Takes a type and gives its one spelling; none where there is no type.
pub(crate) fn written_type(cursor: &mut Cursor<'_>) -> Option<String> {
    if cursor.is("bpchar") && cursor.ahead(1).is_none_or(|it| it.of(cursor.text) != "(") {
        cursor.next();
        let array = cursor.eat_mark("[") && cursor.eat_mark("]");
        return Some(if array { "bpchar[]" } else { "bpchar" }.to_owned());
    }
    let ty = take(cursor).ok()?;
    let array = if ty.array { "[]" } else { "" };
    Some(match ty.built_in {
        Some(built_in) => built_in.written(),
        None if ty.args.is_empty() => format!("{}{array}", ty.name),
        None => format!("{}({}){array}", ty.name, spaced(&ty.args)),
    })
}

/// The column type that this text of a type means, as DDL and `format_type` write it: the
/// language's where it is exactly PostgreSQL's, one of `enums`, or else `raw`.
pub fn column_type(written: &str, enums: &[EnumType]) -> ColumnType {
    let tokens = token::tokens(written);
    let mut cursor = Cursor::new(written, &tokens);
    match take(&mut cursor) {
        Ok(ty) if cursor.is_done() => resolve(&ty, enums),
        _ => ColumnType::scalar(Scalar::Raw(written.trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncline_schema::types;

    #[test]
    fn a_type_is_the_languages_only_where_it_is_exactly_so() {
        let mood = EnumType {
            values: vec!["ok".to_owned()],
            native: Some("Mood".to_owned()),
            renamed: Vec::new(),
        };
        let enums = [mood.clone()];
        for (written, means) in [
            ("TEXT", ColumnType::scalar(Scalar::Text)),
            (
                "character varying(40)",
                ColumnType::scalar(Scalar::Varchar(40)),
            ),
            (
                "timestamp(3) with time zone",
                ColumnType::scalar(Scalar::Timestamp),
            ),
            ("pg_catalog.int4", ColumnType::scalar(Scalar::Integer)),
            ("float(20)", ColumnType::scalar(Scalar::Real)),
            (
                "numeric( 12 ,2 ) [ ]",
                ColumnType {
                    scalar: Scalar::Decimal {
                        precision: 12,
                        scale: 2,
                    },
                    array: true,
                },
            ),
            (
                "public.\"Mood\"",
                ColumnType::scalar(Scalar::Enum(mood.clone())),
            ),
        ] {
            assert_eq!(column_type(written, &enums), means, "{written}");
        }
        for (written, raw) in [
            ("timestamptz", "timestamptz"),
            ("timestamp (6) with time zone", "timestamptz"),
            ("timestamp with time zone[]", "timestamptz[]"),
            ("varchar", "varchar"),
            ("character(3)", "char(3)"),
            ("numeric", "numeric"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("vector(1536)", "vector(1536)"),
            ("mood", "mood"),
            ("app.\"Mood\"[]", "app.\"Mood\"[]"),
            ("\"char\"", "\"char\""),
            ("varbit(5)", "bit varying(5)"),
        ] {
            let found = column_type(written, &enums);
            assert_eq!(
                found,
                ColumnType::scalar(Scalar::Raw(raw.to_owned())),
                "{written}"
            );
            assert_eq!(
                column_type(&types::postgres(&found), &enums),
                found,
                "{written}"
            );
        }
    }
}
