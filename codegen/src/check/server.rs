//! Do a column's type and the type in PostgreSQL meet?

use std::cmp::Ordering;

use syncline_schema::model::{Column, Role, Scalar};
use syncline_schema::types;

use super::finding::Misfit;
use crate::read::{Mode, PgType};

/// Compares a declared column with one in PostgreSQL, and with what its builder makes of it.
pub(super) fn misfit(column: &Column, found: &PgType, mode: &Mode) -> Option<Misfit> {
    let wanted = PgType::parse(&types::postgres(&column.ty));
    if wanted.array != found.array {
        return Misfit::clash("one side has a list of values, the other a single one");
    }
    if let (Mode::Words(words), Scalar::Enum(declared)) = (mode, &column.ty.scalar) {
        let missing = declared.values.iter().find(|word| !words.contains(word));
        if let Some(word) = missing {
            return if found.name == "text" {
                Misfit::risk(format!(
                    "rows can hold `{word}`, and the type says that they cannot"
                ))
            } else {
                Misfit::clash(format!(
                    "PostgreSQL refuses `{word}`, which devices may upload"
                ))
            };
        }
        if found.name != wanted.name && declared.native.is_none() && found.name != "varchar" {
            return Misfit::note(
                "the schema has text with a check here; `native = true` makes it an enum type",
            );
        }
    }
    if wanted.name != found.name {
        return other_name(column, &wanted, found);
    }
    if wanted.args != found.args {
        return other_size(&wanted, found);
    }
    match (mode, &column.ty.scalar) {
        (Mode::Number, Scalar::BigInt | Scalar::Decimal { .. }) => Misfit::risk(
            "`mode: \"number\"` rounds what a JavaScript number cannot hold, without an error",
        ),
        _ => None,
    }
}

fn other_name(column: &Column, wanted: &PgType, found: &PgType) -> Option<Misfit> {
    match (wanted.name.as_str(), found.name.as_str()) {
        ("varchar", "text") => {
            Misfit::note("PostgreSQL takes texts that are longer than the schema's limit")
        }
        ("text", "varchar" | "char") => match found.args.first() {
            Some(n) => Misfit::clash(format!(
                "an upload of more than {n} characters is refused for good"
            )),
            None => None,
        },
        ("smallint", "integer") => {
            Misfit::note("PostgreSQL takes numbers that are over the schema's limit")
        }
        ("smallint" | "integer", "bigint") => {
            Misfit::risk("the device has a JavaScript number here, which rounds integers over 2^53")
        }
        ("integer" | "bigint", "smallint") | ("bigint", "integer") => {
            Misfit::clash("an upload of a larger number is refused for good")
        }
        ("real", "double precision") => {
            Misfit::note("PostgreSQL keeps more digits than the schema says")
        }
        ("double precision", "real") => Misfit::risk("PostgreSQL rounds to some 7 digits"),
        ("numeric", "real" | "double precision") => {
            Misfit::clash("a float rounds: what a device writes is not what it reads back")
        }
        ("real" | "double precision", "numeric") => {
            Misfit::risk("exact digits are rounded to a float on the device")
        }
        ("timestamptz", "timestamp") => Misfit::clash(
            "without a time zone it arrives without `Z`, and JavaScript reads it as local time",
        ),
        ("timestamp", "timestamptz") => {
            Misfit::clash("a wall-clock time becomes an instant, and arrives moved to UTC")
        }
        ("jsonb", "json") => {
            Misfit::note("`json` keeps the text as it came; it cannot be compared or indexed")
        }
        ("json", "jsonb") => None,
        ("uuid", "text") => Misfit::note("PostgreSQL takes texts that are no UUID"),
        ("text", "uuid") if column.role == Role::Id => {
            Misfit::note("ids are UUIDs already: `id = \"uuid\"` says so")
        }
        ("text", "uuid") => {
            Misfit::clash("an upload of a text that is no UUID is refused for good")
        }
        _ => Misfit::clash(format!(
            "the server writes `{}`, and PostgreSQL has `{}`: values are refused or changed",
            wanted.written(),
            found.written()
        )),
    }
}

/// One name, other sizes.
fn other_size(wanted: &PgType, found: &PgType) -> Option<Misfit> {
    let first = |ty: &PgType| ty.args.first().copied();
    match wanted.name.as_str() {
        "varchar" | "char" => match (first(wanted), first(found)) {
            (_, None) => {
                Misfit::note("PostgreSQL takes texts that are longer than the schema's limit")
            }
            (wanted, Some(found)) if wanted.is_none_or(|wanted| found < wanted) => Misfit::clash(
                format!("an upload of more than {found} characters is refused for good"),
            ),
            _ => Misfit::note("PostgreSQL takes texts that are longer than the schema's limit"),
        },
        "numeric" => numeric(wanted, found),
        "timestamptz" | "timestamp" | "time" | "timetz" => {
            // PostgreSQL's own default is six digits.
            match first(found).unwrap_or(6).cmp(&first(wanted).unwrap_or(6)) {
                Ordering::Less => {
                    Misfit::risk("PostgreSQL rounds the milliseconds that a device writes")
                }
                Ordering::Equal => None,
                Ordering::Greater => Misfit::note(
                    "PostgreSQL keeps digits that no device sees: the service sends milliseconds",
                ),
            }
        }
        _ => Misfit::clash(format!(
            "`{}` is not `{}`",
            found.written(),
            wanted.written()
        )),
    }
}

fn numeric(wanted: &PgType, found: &PgType) -> Option<Misfit> {
    let digits = |ty: &PgType| {
        let precision = ty.args.first().copied()?;
        let scale = ty.args.get(1).copied().unwrap_or(0);
        Some((precision.saturating_sub(scale), scale))
    };
    let Some((before, after)) = digits(found) else {
        return Misfit::note("PostgreSQL takes more digits than the schema says");
    };
    match digits(wanted) {
        Some((wanted_before, _)) if before < wanted_before => Misfit::clash(format!(
            "an upload with more than {before} digits before the point is refused for good"
        )),
        Some((_, wanted_after)) if after < wanted_after => Misfit::clash(format!(
            "PostgreSQL rounds to {after} digits after the point"
        )),
        Some(_) => Misfit::note("PostgreSQL takes more digits than the schema says"),
        None => Misfit::clash("PostgreSQL refuses or rounds numbers of more digits"),
    }
}
