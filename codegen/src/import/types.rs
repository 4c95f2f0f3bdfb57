//! The language's nearest word for a type that it does not have exactly.

use syncline_schema::model::Scalar;

use crate::read::PgType;

/// What the nearest type of a synced column is, and whether values may look different in it.
/// None where nothing comes near.
pub(super) fn nearest(raw: &str) -> Option<Scalar> {
    let ty = PgType::parse(raw);
    let size = |at: usize| ty.args.get(at).and_then(|n| u16::try_from(*n).ok());
    Some(match ty.name.as_str() {
        "timestamptz" => Scalar::Timestamp,
        "timestamp" => Scalar::LocalTimestamp,
        "time" | "timetz" => Scalar::Time,
        "json" => Scalar::Json,
        "numeric" => Scalar::Decimal {
            precision: size(0).unwrap_or(38),
            scale: size(1).unwrap_or(if ty.args.is_empty() { 10 } else { 0 }),
        },
        "char" => Scalar::Varchar(ty.args.first().copied().unwrap_or(1)),
        "varchar" | "citext" | "inet" | "cidr" | "macaddr" | "interval" | "xml" | "money"
        | "name" | "bit" => Scalar::Text,
        _ => return None,
    })
}
