//! The types that Drizzle's column builders stand for, as drizzle-orm 0.45 prints them.

use syncline_schema::types::Storage;

use super::super::{DeviceStorage, Mode, PgType, ReadType};
use super::Dialect;

/// The options of a column builder, as far as they decide its type.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) list: Vec<(String, Setting)>,
    /// Why some of them could not be followed.
    pub(super) unknown: Option<String>,
}

/// The value of an option.
#[derive(Clone, Debug)]
pub(super) enum Setting {
    Text(String),
    Number(f64),
    Bool(bool),
    Words(Vec<String>),
}

impl Options {
    fn text(&self, name: &str) -> Option<&str> {
        self.list.iter().find_map(|(key, value)| match value {
            Setting::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.list.iter().find_map(|(key, value)| match value {
            Setting::Number(number) if key == name => Some(*number),
            _ => None,
        })
    }

    fn is_true(&self, name: &str) -> bool {
        let on =
            |(key, value): &(String, Setting)| key == name && matches!(value, Setting::Bool(true));
        self.list.iter().any(on)
    }

    fn words(&self) -> Option<&[String]> {
        self.list.iter().find_map(|(key, value)| match value {
            Setting::Words(words) if key == "enum" => Some(words.as_slice()),
            _ => None,
        })
    }

    /// `(3)`, where the option is given.
    fn in_parentheses(&self, name: &str) -> String {
        self.number(name)
            .map_or(String::new(), |n| format!("({n})"))
    }
}

/// The type of a builder.
///
/// # Errors
/// Says why it cannot be known.
pub(super) fn type_of(dialect: Dialect, call: &str, options: &Options) -> Result<ReadType, String> {
    let found = match dialect {
        Dialect::Sqlite => sqlite(call, options),
        Dialect::Pg => {
            pg(call, options).map(|(ty, mode)| ReadType::Postgres(PgType::parse(&ty), mode))
        }
    };
    let known =
        found.ok_or_else(|| format!("`{call}` is not a column builder that Syncline knows"))?;
    match &options.unknown {
        Some(why) => Err(why.clone()),
        None => Ok(known),
    }
}

/// A custom type with this data type.
pub(super) fn custom(dialect: Dialect, data_type: &str) -> ReadType {
    match dialect {
        Dialect::Sqlite => {
            // The driver takes these three, to the letter.
            let storage = match data_type {
                "text" => DeviceStorage::PowerSync(Storage::Text),
                "integer" => DeviceStorage::PowerSync(Storage::Integer),
                "real" => DeviceStorage::PowerSync(Storage::Real),
                other => DeviceStorage::Refused(other.to_owned()),
            };
            ReadType::Device(storage, Mode::Custom)
        }
        Dialect::Pg => ReadType::Postgres(PgType::parse(data_type), Mode::Custom),
    }
}

fn sqlite(call: &str, options: &Options) -> Option<ReadType> {
    let stored = DeviceStorage::PowerSync;
    let (storage, mode) = match (call, options.text("mode")) {
        ("text", Some("json")) => (stored(Storage::Text), Mode::Json),
        ("text", _) => (stored(Storage::Text), words(options)),
        ("integer" | "int", Some("boolean")) => (stored(Storage::Integer), Mode::Boolean),
        ("integer" | "int", Some("timestamp")) => (stored(Storage::Integer), Mode::Seconds),
        ("integer" | "int", Some("timestamp_ms")) => (stored(Storage::Integer), Mode::Milliseconds),
        ("integer" | "int", _) => (stored(Storage::Integer), Mode::Plain),
        ("real", _) => (stored(Storage::Real), Mode::Plain),
        ("blob" | "numeric", _) => (DeviceStorage::Refused(call.to_owned()), Mode::Plain),
        _ => return None,
    };
    Some(ReadType::Device(storage, mode))
}

fn pg(call: &str, options: &Options) -> Option<(String, Mode)> {
    let as_number = match options.text("mode") {
        Some("number") => Mode::Number,
        _ => Mode::Plain,
    };
    let plain = |name: &str| Some((name.to_owned(), Mode::Plain));
    let sized = |name: &str, option: &str| {
        Some((
            format!("{name}{}", options.in_parentheses(option)),
            words(options),
        ))
    };
    match call {
        "text" => Some(("text".to_owned(), words(options))),
        "varchar" | "char" => sized(call, "length"),
        "boolean" | "smallint" | "integer" | "real" | "date" | "uuid" | "inet" | "cidr"
        | "macaddr" | "macaddr8" | "point" | "line" => plain(call),
        "json" | "jsonb" => Some((call.to_owned(), Mode::Json)),
        "doublePrecision" => plain("double precision"),
        "smallserial" => plain("smallint"),
        "serial" => plain("integer"),
        "bigint" | "bigserial" => Some(("bigint".to_owned(), as_number)),
        "numeric" | "decimal" => Some((numeric(options), as_number)),
        "timestamp" | "time" => {
            let zone = if options.is_true("withTimezone") {
                "tz"
            } else {
                ""
            };
            let mode = Mode::Plain;
            Some((
                format!("{call}{zone}{}", options.in_parentheses("precision")),
                mode,
            ))
        }
        "interval" => {
            let fields = options
                .text("fields")
                .map_or(String::new(), |it| format!(" {it}"));
            plain(&format!(
                "interval{fields}{}",
                options.in_parentheses("precision")
            ))
        }
        "vector" | "halfvec" | "bit" | "sparsevec" => sized(call, "dimensions"),
        "geometry" => plain(&format!(
            "geometry({})",
            options.text("type").unwrap_or("point")
        )),
        _ => None,
    }
}

fn numeric(options: &Options) -> String {
    match (options.number("precision"), options.number("scale")) {
        (Some(precision), Some(scale)) => format!("numeric({precision},{scale})"),
        (Some(precision), None) => format!("numeric({precision})"),
        _ => "numeric".to_owned(),
    }
}

fn words(options: &Options) -> Mode {
    match options.words() {
        Some(words) => Mode::Words(words.to_vec()),
        None => Mode::Plain,
    }
}
