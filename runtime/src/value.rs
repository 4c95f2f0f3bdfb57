//! A value of a declared type, in the form that PostgreSQL takes.

/// 2000-01-01, PostgreSQL's own epoch, in days since 1970-01-01: its binary dates count from there.
pub const PG_EPOCH_DAYS: i32 = 10_957;

/// 2000-01-01T00:00:00, PostgreSQL's own epoch, in microseconds since 1970: its binary timestamps
/// count from there.
pub const PG_EPOCH_MICROS: i64 = PG_EPOCH_DAYS as i64 * 86_400_000_000;

/// A decoded value. The variant follows from the declared type, so encoding needs no descriptor.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL, of any type.
    Null,
    /// `text`, `varchar(n)`, and the word of an enum.
    Text(String),
    /// `boolean`.
    Boolean(bool),
    /// `smallint`.
    SmallInt(i16),
    /// `integer`.
    Integer(i32),
    /// `bigint`.
    BigInt(i64),
    /// `real`. May be infinite; NaN comes from PostgreSQL only.
    Real(f32),
    /// `double`. May be infinite; NaN comes from PostgreSQL only.
    Double(f64),
    /// `decimal(p,s)` as PostgreSQL prints it: exactly `s` digits after the point, no leading
    /// zeros, no `-0`.
    Decimal(String),
    /// `timestamp`: microseconds since 1970-01-01T00:00:00Z, whole milliseconds, years 1 to 9999.
    Timestamp(i64),
    /// `local_timestamp`: microseconds since 1970-01-01T00:00:00 on the same wall clock, whole
    /// milliseconds, years 1 to 9999.
    LocalTimestamp(i64),
    /// `date`: days since 1970-01-01, years 1 to 9999.
    Date(i32),
    /// `time`: microseconds since midnight, whole milliseconds; 86,400,000,000 is PostgreSQL's
    /// `24:00:00`.
    Time(i64),
    /// `uuid`, in network order.
    Uuid([u8; 16]),
    /// `json`: the text of a JSON document that `jsonb` accepts.
    Json(String),
    /// `bytes`.
    Bytes(Vec<u8>),
    /// `T[]`: one dimension, each element of the scalar's variant or NULL.
    Array(Vec<Value>),
}

impl Value {
    /// Is it NULL?
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}
