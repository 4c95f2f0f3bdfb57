//! A column as plain constant data: what the compiler or the derive states, what decoding reads.

use crate::table::Removed;

/// One column of a table.
///
/// Built by [`Column::new`] and the `const` setters below it, so that a new property never
/// breaks descriptors that do not use it. A new column is required, and written by devices.
///
/// ```
/// use syncline_runtime::{Column, Scalar, Unit};
///
/// const SEEN_AT: Column =
///     Column::new("seen_at", "seenAt", Scalar::Timestamp).nullable().unit(Unit::Milliseconds);
/// assert!(SEEN_AT.nullable);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name in PostgreSQL and on the device, in snake_case.
    pub name: &'static str,
    /// The name in TypeScript, in camelCase; uploads may use either.
    pub camel: &'static str,
    /// The type, or that of the elements where `array` is set.
    pub scalar: Scalar,
    /// `T[]`: one dimension of the scalar.
    pub array: bool,
    /// May it be NULL in PostgreSQL?
    pub nullable: bool,
    /// What the column is for.
    pub role: Role,
    /// The longest text, in characters; `varchar(n)` says so by its type.
    pub max_length: Option<u32>,
    /// The server writes it, devices only read it.
    pub read_only: bool,
    /// Set by the first write, never changed after.
    pub immutable: bool,
    /// Never leaves PostgreSQL, and is never uploaded.
    pub server_only: bool,
    /// The unit of a timestamp that may also be uploaded as a number.
    pub unit: Option<Unit>,
    /// What PostgreSQL fills in where a write leaves the column out, as an SQL expression.
    pub default_sql: Option<&'static str>,
    /// The table whose `id` it holds.
    pub references: Option<&'static str>,
    /// The name before this one: what old devices upload under it is for this column.
    pub formerly: Option<Removed>,
    /// Only old devices know it: another column, which the statements fill from it, took its
    /// place.
    pub former: bool,
    /// Words of its enum that have become others, as old and new.
    pub renamed_words: &'static [(&'static str, &'static str)],
}

impl Column {
    /// A required column of a scalar type.
    pub const fn new(name: &'static str, camel: &'static str, scalar: Scalar) -> Self {
        Self {
            name,
            camel,
            scalar,
            array: false,
            nullable: false,
            role: Role::Data,
            max_length: None,
            read_only: false,
            immutable: false,
            server_only: false,
            unit: None,
            default_sql: None,
            references: None,
            formerly: None,
            former: false,
            renamed_words: &[],
        }
    }

    /// Makes it `T[]`.
    pub const fn array(mut self) -> Self {
        self.array = true;
        self
    }

    /// Lets it be NULL.
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// Says what it is for.
    pub const fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Limits its text to so many characters.
    pub const fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Keeps devices from writing it.
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Lets it be set once.
    pub const fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Keeps it in PostgreSQL.
    pub const fn server_only(mut self) -> Self {
        self.server_only = true;
        self
    }

    /// Lets a timestamp be uploaded as a number of this unit, too.
    pub const fn unit(mut self, unit: Unit) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Has PostgreSQL fill it by this SQL expression.
    pub const fn default_sql(mut self, expression: &'static str) -> Self {
        self.default_sql = Some(expression);
        self
    }

    /// Points it at the rows of another table.
    pub const fn references(mut self, table: &'static str) -> Self {
        self.references = Some(table);
        self
    }

    /// Says what it was called before.
    pub const fn formerly(mut self, name: Removed) -> Self {
        self.formerly = Some(name);
        self
    }

    /// Leaves it to old devices.
    pub const fn former(mut self) -> Self {
        self.former = true;
        self
    }

    /// Says which words of its enum have become others.
    pub const fn renamed_words(mut self, words: &'static [(&'static str, &'static str)]) -> Self {
        self.renamed_words = words;
        self
    }

    /// Do devices of this schema have it?
    pub const fn on_device(&self) -> bool {
        !self.server_only && !self.former
    }

    /// The longest text it takes, in characters: the shorter of `varchar(n)` and `max_length`.
    pub const fn limit(&self) -> Option<u32> {
        match (self.scalar, self.max_length) {
            (Scalar::Varchar(n), Some(m)) if m < n => Some(m),
            (Scalar::Varchar(n), _) => Some(n),
            (_, limit) => limit,
        }
    }

    /// What the device holds it as; arrays are JSON text.
    pub const fn storage(&self) -> Storage {
        match self.scalar {
            _ if self.array => Storage::Text,
            Scalar::Boolean | Scalar::SmallInt | Scalar::Integer => Storage::Integer,
            Scalar::Real | Scalar::Double => Storage::Real,
            _ => Storage::Text,
        }
    }

    /// May it be NULL on the device? The owner, and what PostgreSQL fills in, come with the
    /// server's answer only.
    pub const fn nullable_on_device(&self) -> bool {
        self.nullable
            || self.read_only
            || self.default_sql.is_some()
            || matches!(self.role, Role::Owner)
    }

    /// May a device write it at all? (`immutable` columns once.)
    pub const fn writable(&self) -> bool {
        !self.read_only && !self.server_only
    }
}

/// A scalar type of the schema language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// `text`.
    Text,
    /// `varchar(n)`: text of at most so many characters.
    Varchar(u32),
    /// `boolean`.
    Boolean,
    /// `smallint`, 16 bits.
    SmallInt,
    /// `integer`, 32 bits.
    Integer,
    /// `bigint`, 64 bits; text on the device, where JavaScript would round it.
    BigInt,
    /// `real`, a 32-bit float.
    Real,
    /// `double precision`, a 64-bit float.
    Double,
    /// `numeric(precision, scale)`, exact; text on the device.
    Decimal {
        /// Digits in all.
        precision: u16,
        /// Digits after the point.
        scale: u16,
    },
    /// `timestamptz(3)`: an instant, to the millisecond.
    Timestamp,
    /// `timestamp(3)`: a wall-clock time without zone, to the millisecond.
    LocalTimestamp,
    /// `date`.
    Date,
    /// `time(3)`: a time of day, to the millisecond.
    Time,
    /// `uuid`.
    Uuid,
    /// `jsonb`.
    Json,
    /// `bytea`; base64 text on the device.
    Bytes,
    /// One of these words, whether PostgreSQL holds it as text or as an enum type of its own.
    Enum(&'static [&'static str]),
}

/// What a column of the device's SQLite holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// TEXT.
    Text,
    /// INTEGER.
    Integer,
    /// REAL.
    Real,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// The user's own.
    #[default]
    Data,
    /// The row's identity, made by the device.
    Id,
    /// Whose row it is, from the token.
    Owner,
    /// When the row was made.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// When it was deleted, if it was.
    DeletedAt,
}

/// The unit of a timestamp uploaded as a number since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
}
