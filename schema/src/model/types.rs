//! Column types as the schema language has them.

/// A scalar type or an array of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ColumnType {
    /// The type, or that of the elements.
    pub scalar: Scalar,
    /// `T[]`.
    pub array: bool,
}

impl ColumnType {
    /// The plain scalar.
    pub fn scalar(scalar: Scalar) -> Self {
        Self {
            scalar,
            array: false,
        }
    }

    /// Stands in for a type that could not be read, so that the rest of the column still can be.
    pub(crate) fn unread() -> Self {
        Self::scalar(Scalar::Raw(String::new()))
    }

    /// Is it [`Self::unread`]? What does not fit it is not worth a finding of its own.
    pub(crate) fn is_unread(&self) -> bool {
        matches!(&self.scalar, Scalar::Raw(sql) if sql.is_empty())
    }
}

/// One type of the language. What each becomes on every side stands in [`crate::types`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// Text of any length.
    Text,
    /// Text of at most so many characters.
    Varchar(u32),
    /// True or false.
    Boolean,
    /// 16 bits.
    SmallInt,
    /// 32 bits.
    Integer,
    /// 64 bits; text on the device, where JavaScript would round it.
    BigInt,
    /// 32-bit float.
    Real,
    /// 64-bit float.
    Double,
    /// Exact decimal; text on the device.
    Decimal {
        /// Digits in all.
        precision: u16,
        /// Digits after the point.
        scale: u16,
    },
    /// An instant, to the millisecond.
    Timestamp,
    /// A wall-clock time without zone, to the millisecond.
    LocalTimestamp,
    /// A calendar date.
    Date,
    /// A time of day.
    Time,
    /// A UUID.
    Uuid,
    /// A JSON document.
    Json,
    /// Bytes; base64 text on the device.
    Bytes,
    /// One of a list of words.
    Enum(EnumType),
    /// A PostgreSQL type that the language does not know; for server tables only.
    Raw(String),
}

/// The words of an enum, in order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EnumType {
    /// The words.
    pub values: Vec<String>,
    /// The name of PostgreSQL's own enum type, where one is used in place of text with a check.
    pub native: Option<String>,
    /// `(old, new)` for each word that was renamed.
    pub renamed: Vec<(String, String)>,
}
