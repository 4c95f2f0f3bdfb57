//! Do a column's type and what the device makes of it meet?

use syncline_schema::model::{ColumnType, EnumType, Scalar};
use syncline_schema::types::{self, Storage};

use super::finding::Misfit;
use crate::read::{DeviceStorage, Mode};

/// Compares a declared type with a Drizzle column for SQLite.
pub(super) fn misfit(ty: &ColumnType, found: &DeviceStorage, mode: &Mode) -> Option<Misfit> {
    let wanted = types::storage(ty);
    let found = match found {
        DeviceStorage::Refused(name) => {
            return Misfit::clash(format!(
                "PowerSync has text, integer and real only: `DrizzleAppSchema` throws on `{name}`"
            ));
        }
        DeviceStorage::PowerSync(found) => *found,
    };
    if found != wanted {
        return other_storage(ty, found, mode);
    }
    match found {
        Storage::Text => text(ty, mode),
        Storage::Integer => integer(&ty.scalar, mode),
        Storage::Real => None,
    }
}

fn other_storage(ty: &ColumnType, found: Storage, mode: &Mode) -> Option<Misfit> {
    if ty.array {
        return Misfit::clash("it arrives as JSON text, of which a number keeps nothing");
    }
    match (&ty.scalar, found) {
        (Scalar::Timestamp | Scalar::LocalTimestamp | Scalar::Date, Storage::Integer)
            if matches!(mode, Mode::Seconds | Mode::Milliseconds) =>
        {
            Misfit::clash(
                "it arrives as ISO 8601 text, of which an integer keeps the year: every date reads as 1970",
            )
        }
        (Scalar::BigInt, Storage::Integer | Storage::Real) => Misfit::clash(
            "JavaScript rounds integers over 2^53: 64-bit ones are text on the device",
        ),
        (Scalar::Decimal { .. }, Storage::Integer | Storage::Real) => Misfit::clash(
            "a float rounds what PostgreSQL holds exactly: decimals are text on the device",
        ),
        (Scalar::Real | Scalar::Double, Storage::Integer) => {
            Misfit::clash("an integer cuts the fraction off")
        }
        (Scalar::SmallInt | Scalar::Integer | Scalar::Boolean, Storage::Real) => {
            Misfit::note("the numbers are the same, as floats")
        }
        (_, Storage::Text) => {
            Misfit::clash("it arrives as a number, and the app gets the text of it")
        }
        _ => Misfit::clash("it arrives as text, and a number keeps only the digits it begins with"),
    }
}

fn text(ty: &ColumnType, mode: &Mode) -> Option<Misfit> {
    match (mode, &ty.scalar) {
        (Mode::Json, Scalar::BigInt) if ty.array => {
            Misfit::clash("`JSON.parse` rounds integers over 2^53")
        }
        (Mode::Json, Scalar::Boolean) if ty.array => {
            Misfit::note("the elements arrive as 1 and 0, not as booleans")
        }
        (Mode::Json, Scalar::Json) => None,
        (Mode::Json, _) if ty.array => None,
        (Mode::Json, Scalar::BigInt | Scalar::Decimal { .. }) => {
            Misfit::clash("`JSON.parse` rounds it")
        }
        (Mode::Json, _) => Misfit::clash("it is no JSON: `JSON.parse` throws on what arrives"),
        (Mode::Words(words), Scalar::Enum(it)) if !ty.array => enum_words(words, it),
        _ => None,
    }
}

fn enum_words(found: &[String], declared: &EnumType) -> Option<Misfit> {
    if let Some(extra) = found.iter().find(|word| !declared.values.contains(word)) {
        return Misfit::clash(format!(
            "an upload of `{extra}` is refused: the schema has no such word"
        ));
    }
    let missing = declared.values.iter().find(|word| !found.contains(word))?;
    Misfit::risk(format!(
        "`{missing}` can arrive, and the type says that it cannot"
    ))
}

fn integer(scalar: &Scalar, mode: &Mode) -> Option<Misfit> {
    match (mode, scalar) {
        (Mode::Boolean, Scalar::Boolean) | (Mode::Seconds, Scalar::Integer) => None,
        (Mode::Boolean, _) => {
            Misfit::clash("every number but 0 reads as true, and is written back as 1")
        }
        (Mode::Seconds, Scalar::SmallInt)
        | (Mode::Milliseconds, Scalar::SmallInt | Scalar::Integer) => Misfit::clash(
            "a time of today does not fit into the column in PostgreSQL: its uploads are refused",
        ),
        (Mode::Seconds | Mode::Milliseconds, _) => Misfit::clash("a boolean is no time"),
        _ => None,
    }
}
