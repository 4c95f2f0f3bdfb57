//! Changing a column's type where it stands: can PostgreSQL do it, and what becomes of values?

use syncline_schema::model::ColumnType;
use syncline_schema::{names, types};

use crate::read::PgType;

/// What a change of type does to the values that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// Every value stays, and the table is not written again.
    Free,
    /// Every value stays; the table is written again.
    Keeps,
    /// A value that does not fit stops the migration.
    MayFail,
    /// Values are rounded.
    Rounds,
    /// There is no way from one to the other.
    None,
}

/// The kinds of types that PostgreSQL converts among each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By width in bits.
    Integer(u8),
    Numeric,
    /// By width in bits.
    Float(u8),
    Text,
    Boolean,
    /// A point in time, or a part of one.
    Time,
    Json,
    Other,
}

fn kind(name: &str) -> Kind {
    match name {
        "smallint" => Kind::Integer(16),
        "integer" => Kind::Integer(32),
        "bigint" => Kind::Integer(64),
        "numeric" => Kind::Numeric,
        "real" => Kind::Float(32),
        "double precision" => Kind::Float(64),
        "text" | "varchar" | "char" => Kind::Text,
        "boolean" => Kind::Boolean,
        "date" | "timestamp" | "timestamptz" => Kind::Time,
        "json" | "jsonb" => Kind::Json,
        _ => Kind::Other,
    }
}

/// What becomes of the values.
pub fn cast(from: &ColumnType, to: &ColumnType) -> Cast {
    let (from, to) = (pg(from), pg(to));
    if from == to {
        return Cast::Free;
    }
    // A list of one element is no list to PostgreSQL's casts; only texts lead anywhere.
    if from.array != to.array {
        return match (kind(&from.name), kind(&to.name)) {
            (_, Kind::Text) if !to.array => Cast::MayFail,
            (Kind::Text, _) if !from.array => Cast::MayFail,
            _ => Cast::None,
        };
    }
    match (kind(&from.name), kind(&to.name)) {
        (Kind::Text, Kind::Text) => text(&from, &to),
        (Kind::Integer(a), Kind::Integer(b)) if a < b => Cast::Keeps,
        (Kind::Integer(_), Kind::Integer(_)) => Cast::MayFail,
        (Kind::Integer(_), Kind::Numeric) if to.args.is_empty() => Cast::Keeps,
        (Kind::Integer(_), Kind::Numeric) => Cast::MayFail,
        (Kind::Integer(16), Kind::Float(_)) | (Kind::Integer(32), Kind::Float(64)) => Cast::Keeps,
        (Kind::Float(32), Kind::Float(64)) => Cast::Keeps,
        (Kind::Numeric, Kind::Numeric) => numeric(&from, &to),
        (
            Kind::Integer(_) | Kind::Numeric | Kind::Float(_),
            Kind::Integer(_) | Kind::Numeric | Kind::Float(_),
        ) => Cast::Rounds,
        (Kind::Integer(32), Kind::Boolean) => Cast::Rounds,
        (Kind::Boolean, Kind::Integer(32)) => Cast::Keeps,
        (Kind::Time, Kind::Time) => time(&from, &to),
        (Kind::Json, Kind::Json) => Cast::Keeps,
        (_, Kind::Text) if to.name == "text" => Cast::Keeps,
        (_, Kind::Text) | (Kind::Text, _) => Cast::MayFail,
        _ if from.name == to.name && widens(&from, &to) => Cast::Free,
        _ if from.name == to.name => Cast::Rounds,
        _ => Cast::None,
    }
}

/// The expression of `USING`; none where PostgreSQL converts by itself, which it does only where
/// no value is cut in silence.
pub(super) fn using(from: &ColumnType, to: &ColumnType, column: &str) -> Option<String> {
    let (was, is) = (pg(from), pg(to));
    let assigned = match (kind(&was.name), kind(&is.name)) {
        (_, Kind::Text) => true,
        (
            Kind::Integer(_) | Kind::Numeric | Kind::Float(_),
            Kind::Integer(_) | Kind::Numeric | Kind::Float(_),
        ) => true,
        (Kind::Time, Kind::Time) | (Kind::Json, Kind::Json) => true,
        _ => was.name == is.name,
    };
    (!assigned || was.array != is.array)
        .then(|| format!("{}::{}", names::quote_sql(column), types::postgres(to)))
}

fn pg(ty: &ColumnType) -> PgType {
    PgType::parse(&types::postgres(ty))
}

fn text(from: &PgType, to: &PgType) -> Cast {
    // `char` pads with blanks: going in or out writes other values.
    if from.name == "char" || to.name == "char" {
        return if to.name == "text" {
            Cast::Keeps
        } else {
            Cast::MayFail
        };
    }
    if widens(from, to) {
        Cast::Free
    } else {
        Cast::MayFail
    }
}

/// Is every length that `from` allows allowed by `to`? One that is not given allows any.
fn widens(from: &PgType, to: &PgType) -> bool {
    match (from.args.first(), to.args.first()) {
        (_, None) => true,
        (Some(a), Some(b)) => a <= b,
        (None, Some(_)) => false,
    }
}

fn numeric(from: &PgType, to: &PgType) -> Cast {
    let parts = |it: &PgType| {
        let precision = i64::from(*it.args.first()?);
        let scale = it.args.get(1).map_or(0, |scale| i64::from(*scale));
        Some((precision, scale))
    };
    match (parts(from), parts(to)) {
        (_, None) => Cast::Free,
        (None, Some(_)) => Cast::Rounds,
        (Some((was, was_scale)), Some((is, is_scale))) => {
            if is_scale < was_scale {
                Cast::Rounds
            } else if is - is_scale < was - was_scale {
                Cast::MayFail
            } else if is_scale == was_scale {
                Cast::Free
            } else {
                Cast::Keeps
            }
        }
    }
}

fn time(from: &PgType, to: &PgType) -> Cast {
    if from.name == to.name {
        return if widens(from, to) {
            Cast::Free
        } else {
            Cast::Rounds
        };
    }
    match (from.name.as_str(), to.name.as_str()) {
        (_, "date") => Cast::Rounds,
        _ if widens(from, to) || from.name == "date" => Cast::Keeps,
        _ => Cast::Rounds,
    }
}
