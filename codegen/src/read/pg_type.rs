//! PostgreSQL types by one name each, so that two spellings of a type are equal.

use syncline_schema::model::{ColumnType, Scalar};
use syncline_schema::types;

/// A PostgreSQL type as it was written, with its name settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PgType {
    /// The one name: `timestamptz`, `varchar`, `double precision`, …
    pub name: String,
    /// Length, or precision and scale; empty where not given.
    pub args: Vec<u32>,
    /// `T[]`
    pub array: bool,
}

/// The other names of a type and its one name.
const ALIASES: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("bpchar", "char"),
    ("character", "char"),
    ("character varying", "varchar"),
    ("dec", "numeric"),
    ("decimal", "numeric"),
    ("float", "double precision"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("time with time zone", "timetz"),
    ("time without time zone", "time"),
    ("timestamp with time zone", "timestamptz"),
    ("timestamp without time zone", "timestamp"),
];

impl PgType {
    /// Reads a type as DDL writes it: `numeric(12, 2)[]`, `timestamp (3) with time zone`.
    pub fn parse(written: &str) -> Self {
        let mut rest = written.trim();
        let mut array = false;
        while let Some(element) = rest.strip_suffix(']') {
            let Some((before, _)) = element.rsplit_once('[') else {
                break;
            };
            rest = before.trim_end();
            array = true;
        }
        let mut args = Vec::new();
        let mut name = rest.to_owned();
        if let Some((before, after)) = rest.split_once('(')
            && let Some((inside, after)) = after.split_once(')')
            && let Ok(numbers) = inside.split(',').map(|n| n.trim().parse()).collect()
        {
            args = numbers;
            name = format!("{} {}", before.trim(), after.trim());
        }
        Self {
            name: settle(name.trim(), &mut args),
            args,
            array,
        }
    }

    /// As DDL writes it.
    pub fn written(&self) -> String {
        let array = if self.array { "[]" } else { "" };
        format!("{}{array}", self.name_and_args())
    }

    fn name_and_args(&self) -> String {
        if self.args.is_empty() {
            return self.name.clone();
        }
        let args: Vec<_> = self.args.iter().map(u32::to_string).collect();
        format!("{}({})", self.name, args.join(", "))
    }

    /// A written type as the model holds it: the language's own where PostgreSQL has exactly that
    /// one (`timestamptz(3)`, not `timestamptz`), else raw under its one name.
    pub fn column_type(written: &str) -> ColumnType {
        let ty = Self::parse(written);
        let raw = || {
            // The quotes of a name that needs them are gone from the parsed one.
            let quoted = written.trim().trim_end_matches("[]");
            let name = ty.name_and_args();
            Scalar::Raw(if quoted.contains('"') {
                quoted.to_owned()
            } else {
                name
            })
        };
        let known = scalar(&ty).filter(|_| !written.contains('"'));
        ColumnType {
            scalar: known.unwrap_or_else(raw),
            array: ty.array,
        }
    }
}

/// The scalar of a type, where the language has exactly this one.
fn scalar(ty: &PgType) -> Option<Scalar> {
    let size = |at: usize| ty.args.get(at).and_then(|n| u16::try_from(*n).ok());
    let sized = match (ty.name.as_str(), ty.args.as_slice()) {
        ("varchar", [n]) => Some(Scalar::Varchar(*n)),
        ("numeric", [_] | [_, _]) => Some(Scalar::Decimal {
            precision: size(0)?,
            scale: size(1).unwrap_or_default(),
        }),
        _ => None,
    };
    sized.or_else(|| {
        let fits = |it: &&Scalar| ty.name_and_args() == types::row_of(it).postgres;
        PLAIN.iter().find(fits).cloned()
    })
}

/// The types that are one text in PostgreSQL.
const PLAIN: &[Scalar] = &[
    Scalar::Text,
    Scalar::Boolean,
    Scalar::SmallInt,
    Scalar::Integer,
    Scalar::BigInt,
    Scalar::Real,
    Scalar::Double,
    Scalar::Timestamp,
    Scalar::LocalTimestamp,
    Scalar::Date,
    Scalar::Time,
    Scalar::Uuid,
    Scalar::Json,
    Scalar::Bytes,
];

/// The one name of a type. A quoted name means itself.
fn settle(name: &str, args: &mut Vec<u32>) -> String {
    if let Some(inside) = name.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        return inside.replace("\"\"", "\"");
    }
    let lower = name.to_lowercase();
    let words: Vec<_> = lower.split_whitespace().collect();
    let spelled = words.join(" ");
    let settled = match ALIASES.binary_search_by_key(&spelled.as_str(), |(alias, _)| alias) {
        Ok(at) => ALIASES[at].1.to_owned(),
        Err(_) => spelled,
    };
    // A scale of 0 and `char` without a length are what PostgreSQL takes where nothing is said.
    if settled == "numeric" && args.len() == 2 && args[1] == 0 {
        args.pop();
    }
    if settled == "char" && args.is_empty() {
        args.push(1);
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_sorted() {
        assert!(ALIASES.is_sorted_by_key(|(alias, _)| *alias));
    }

    #[test]
    fn two_spellings_of_a_type_are_equal() {
        for (one, other) in [
            ("timestamptz(3)", "TIMESTAMP (3) WITH TIME ZONE"),
            ("numeric(12,2)[]", "decimal(12, 2)[]"),
            ("numeric(5,0)", "numeric(5)"),
            ("varchar(40)", "character varying(40)"),
            ("double precision", "float8"),
            ("text[][]", "text []"),
        ] {
            assert_eq!(PgType::parse(one), PgType::parse(other), "{one}");
        }
        assert_ne!(PgType::parse("\"Int\""), PgType::parse("int"));
        assert_eq!(
            PgType::parse("numeric(12,2)[]").written(),
            "numeric(12, 2)[]"
        );
    }
}
