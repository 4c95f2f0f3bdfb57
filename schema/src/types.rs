//! The one table of types: what each becomes on every side. A new type is a new row here, a new
//! variant of [`Scalar`], and a row of the runtime's value table.
//!
//! Holes: `{n}` a length, `{p}` and `{s}` precision and scale, `{values}` the words of an enum as
//! TypeScript strings, `{union}` as a TypeScript union, `{sql}` the text of `raw`.
//!
//! Source of the device side: what the PowerSync Service sends and `DrizzleAppSchema` takes.
//! 64-bit integers and decimals are text there, since JavaScript would round them, and bytes are
//! base64 text, since PowerSync has no blobs.

use crate::model::{ColumnType, Scalar};

/// What PowerSync stores on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// `TEXT`.
    Text,
    /// `INTEGER`.
    Integer,
    /// `REAL`.
    Real,
}

impl Storage {
    /// As PowerSync and Drizzle name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Real => "real",
        }
    }
}

/// A call of a Drizzle column builder: `builder("name", { options })`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builder {
    /// The function.
    pub call: &'static str,
    /// The inside of the options object; empty for none.
    pub options: &'static str,
}

/// One type on every side.
#[derive(Clone, Copy, Debug)]
pub struct TypeRow {
    /// As the schema language writes it.
    pub name: &'static str,
    /// PostgreSQL's type.
    pub postgres: &'static str,
    /// Drizzle's builder for PostgreSQL.
    pub drizzle_pg: Builder,
    /// What PowerSync stores.
    pub storage: Storage,
    /// Drizzle's builder for SQLite.
    pub drizzle_sqlite: Builder,
    /// The type on the device, in TypeScript.
    pub ts_device: &'static str,
    /// The custom Drizzle type for an array of this on the device, where the elements that the
    /// service sends (`[1,0]` for booleans, 64-bit numbers) are not what JSON's parser should give.
    pub device_array: Option<&'static str>,
    /// The type on the server, in TypeScript (what `pg` gives through Drizzle).
    pub ts_server: &'static str,
    /// The type in Rust.
    pub rust: &'static str,
    /// What an upload may hold.
    pub upload: &'static str,
}

const fn row(name: &'static str, postgres: &'static str) -> TypeRow {
    TypeRow {
        name,
        postgres,
        drizzle_pg: Builder {
            call: "text",
            options: "",
        },
        storage: Storage::Text,
        drizzle_sqlite: Builder {
            call: "text",
            options: "",
        },
        ts_device: "string",
        device_array: None,
        ts_server: "string",
        rust: "String",
        upload: "strings",
    }
}

const fn build(call: &'static str, options: &'static str) -> Builder {
    Builder { call, options }
}

const INTEGER: Builder = build("integer", "");

/// The rows, in the order of [`Scalar`].
pub static TYPES: &[TypeRow] = &[
    TypeRow {
        upload: "strings; numbers as SQLite would show them",
        ..row("text", "text")
    },
    TypeRow {
        drizzle_pg: build("varchar", "length: {n}"),
        drizzle_sqlite: build("text", "length: {n}"),
        upload: "as text, up to its length",
        ..row("varchar", "varchar({n})")
    },
    TypeRow {
        drizzle_pg: build("boolean", ""),
        storage: Storage::Integer,
        drizzle_sqlite: build("integer", "mode: \"boolean\""),
        ts_device: "boolean",
        device_array: Some("booleans"),
        ts_server: "boolean",
        rust: "bool",
        upload: "0, 1, 0.0, 1.0, true, false, and these in quotes",
        ..row("boolean", "boolean")
    },
    TypeRow {
        drizzle_pg: build("smallint", ""),
        storage: Storage::Integer,
        drizzle_sqlite: INTEGER,
        ts_device: "number",
        ts_server: "number",
        rust: "i16",
        upload: "integral numbers, strings of digits",
        ..row("smallint", "smallint")
    },
    TypeRow {
        drizzle_pg: INTEGER,
        storage: Storage::Integer,
        drizzle_sqlite: INTEGER,
        ts_device: "number",
        ts_server: "number",
        rust: "i32",
        upload: "integral numbers, strings of digits",
        ..row("integer", "integer")
    },
    TypeRow {
        drizzle_pg: build("bigint", "mode: \"bigint\""),
        device_array: Some("bigints"),
        ts_server: "bigint",
        rust: "i64",
        upload: "integral numbers, strings of digits; exact to 64 bits",
        ..row("bigint", "bigint")
    },
    TypeRow {
        drizzle_pg: build("real", ""),
        storage: Storage::Real,
        drizzle_sqlite: build("real", ""),
        ts_device: "number",
        ts_server: "number",
        rust: "f32",
        upload: "numbers, numeric strings",
        ..row("real", "real")
    },
    TypeRow {
        drizzle_pg: build("doublePrecision", ""),
        storage: Storage::Real,
        drizzle_sqlite: build("real", ""),
        ts_device: "number",
        ts_server: "number",
        rust: "f64",
        upload: "numbers, numeric strings",
        ..row("double", "double precision")
    },
    TypeRow {
        drizzle_pg: build("numeric", "precision: {p}, scale: {s}"),
        rust: "Decimal",
        upload: "strings of digits and numbers, within precision and scale",
        ..row("decimal", "numeric({p}, {s})")
    },
    TypeRow {
        drizzle_pg: build("timestamp", "withTimezone: true, precision: 3"),
        ts_server: "Date",
        rust: "Timestamp",
        upload: "ISO 8601 with offset or Z, without as UTC; numbers where the column has a unit",
        ..row("timestamp", "timestamptz(3)")
    },
    TypeRow {
        drizzle_pg: build("timestamp", "precision: 3, mode: \"string\""),
        rust: "LocalTimestamp",
        upload: "ISO 8601 without offset",
        ..row("local_timestamp", "timestamp(3)")
    },
    TypeRow {
        drizzle_pg: build("date", ""),
        rust: "Date",
        upload: "YYYY-MM-DD",
        ..row("date", "date")
    },
    TypeRow {
        drizzle_pg: build("time", "precision: 3"),
        rust: "Time",
        upload: "HH:MM, HH:MM:SS, with fraction",
        ..row("time", "time(3)")
    },
    TypeRow {
        drizzle_pg: build("uuid", ""),
        rust: "Uuid",
        upload: "UUIDs",
        ..row("uuid", "uuid")
    },
    TypeRow {
        drizzle_pg: build("jsonb", ""),
        drizzle_sqlite: build("text", "mode: \"json\""),
        ts_device: "unknown",
        ts_server: "unknown",
        rust: "Json",
        upload: "JSON text, or any JSON value",
        ..row("json", "jsonb")
    },
    TypeRow {
        drizzle_pg: build("bytea", ""),
        ts_server: "Uint8Array",
        rust: "Vec<u8>",
        upload: "base64 text",
        ..row("bytes", "bytea")
    },
    TypeRow {
        drizzle_pg: build("text", "enum: [{values}]"),
        drizzle_sqlite: build("text", "enum: [{values}]"),
        ts_device: "{union}",
        ts_server: "{union}",
        upload: "one of its words",
        ..row("enum", "text")
    },
    TypeRow {
        ts_server: "unknown",
        upload: "nothing: server tables only",
        ..row("raw", "{sql}")
    },
];

/// The row of a type.
pub fn row_of(scalar: &Scalar) -> &'static TypeRow {
    let at = match scalar {
        Scalar::Text => 0,
        Scalar::Varchar(_) => 1,
        Scalar::Boolean => 2,
        Scalar::SmallInt => 3,
        Scalar::Integer => 4,
        Scalar::BigInt => 5,
        Scalar::Real => 6,
        Scalar::Double => 7,
        Scalar::Decimal { .. } => 8,
        Scalar::Timestamp => 9,
        Scalar::LocalTimestamp => 10,
        Scalar::Date => 11,
        Scalar::Time => 12,
        Scalar::Uuid => 13,
        Scalar::Json => 14,
        Scalar::Bytes => 15,
        Scalar::Enum(_) => 16,
        Scalar::Raw(_) => 17,
    };
    &TYPES[at]
}

/// Fills the holes of a row's text for `scalar`.
pub fn fill(text: &'static str, scalar: &Scalar) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    match scalar {
        Scalar::Varchar(n) => text.replace("{n}", &n.to_string()),
        Scalar::Decimal { precision, scale } => text
            .replace("{p}", &precision.to_string())
            .replace("{s}", &scale.to_string()),
        Scalar::Enum(it) => {
            let quoted: Vec<_> = it
                .values
                .iter()
                .map(|word| typescript_string(word))
                .collect();
            text.replace("{values}", &quoted.join(", "))
                .replace("{union}", &quoted.join(" | "))
        }
        Scalar::Raw(sql) => text.replace("{sql}", sql),
        _ => text.to_owned(),
    }
}

/// The type as PostgreSQL's DDL writes it.
pub fn postgres(ty: &ColumnType) -> String {
    let scalar = match &ty.scalar {
        Scalar::Enum(it) if it.native.is_some() => {
            crate::names::quote_sql(it.native.as_deref().unwrap_or_default())
        }
        scalar => fill(row_of(scalar).postgres, scalar),
    };
    if ty.array {
        format!("{scalar}[]")
    } else {
        scalar
    }
}

/// What PowerSync stores for it on the device: arrays are JSON text.
pub fn storage(ty: &ColumnType) -> Storage {
    if ty.array {
        Storage::Text
    } else {
        row_of(&ty.scalar).storage
    }
}

/// The type on the device, in TypeScript.
pub fn ts_device(ty: &ColumnType) -> String {
    let scalar = fill(row_of(&ty.scalar).ts_device, &ty.scalar);
    if ty.array {
        format!("{scalar}[]")
    } else {
        scalar
    }
}

/// A string as TypeScript source, in double quotes. JSON's escapes are TypeScript's, and the two
/// line separators that are not are escaped as well.
pub fn typescript_string(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
