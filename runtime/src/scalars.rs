//! Rust types for what the standard library has no type for, as fields of row structs.

use std::fmt;

use crate::pg_text::pg_text;
use crate::value::Value;

/// Defines newtypes that show themselves as PostgreSQL reads them.
macro_rules! scalars {
    ($($(#[$doc:meta])* $name:ident($inner:ty) as $variant:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub $inner);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    let text = pg_text(&Value::$variant(self.0.clone()));
                    f.write_str(text.as_deref().unwrap_or_default())
                }
            }
        )*
    };
}

scalars! {
    /// `decimal(p,s)`: the digits, exactly, as PostgreSQL prints them.
    Decimal(String) as Decimal;
    /// `timestamp`: microseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64) as Timestamp;
    /// `local_timestamp`: microseconds since 1970-01-01T00:00:00 on the same wall clock.
    LocalTimestamp(i64) as LocalTimestamp;
    /// `date`: days since 1970-01-01.
    Date(i32) as Date;
    /// `time`: microseconds since midnight.
    Time(i64) as Time;
    /// `uuid`, in network order.
    Uuid([u8; 16]) as Uuid;
    /// `json`: the text of a document.
    Json(String) as Json;
}
