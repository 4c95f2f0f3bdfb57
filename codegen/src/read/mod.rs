//! Readers of what others wrote. In: the text of subjects. Out: a [`Reading`] for each group of
//! files that belong together: tables and columns, each with its place, and a report of all that
//! could not be followed. A reader reports what it cannot know; it never guesses.

pub mod drizzle;
pub mod pg_type;
pub mod sync_config;
pub mod text;

pub use pg_type::PgType;

use syncline_schema::{Diagnostics, Place};

/// What a group of files says.
#[derive(Debug, Default)]
pub struct Reading {
    /// The tables, in the order in which they stand in the files.
    pub tables: Vec<ReadTable>,
    /// Where a table that is not there could stand: what a finding points at.
    pub anchor: Place,
    /// Something could not be followed, so that a table or column may be there all the same.
    pub gaps: bool,
    /// Files that could not be read (C001) and parts that could not be followed (C005).
    pub diagnostics: Diagnostics,
}

/// A table as a file declares it.
#[derive(Clone, Debug)]
pub struct ReadTable {
    /// The name in the database.
    pub name: String,
    /// PostgreSQL's schema, where one is given.
    pub schema: Option<String>,
    /// The columns, in order.
    pub columns: Vec<ReadColumn>,
    /// A column could not be followed, so that one that is not here may be there all the same.
    pub gaps: bool,
    /// Where the table is named.
    pub place: Place,
}

/// A column as a file declares it.
#[derive(Clone, Debug)]
pub struct ReadColumn {
    /// The name in the database; the property's name where the file gives no other.
    pub name: String,
    /// The property that the app knows it by.
    pub key: String,
    /// The name under Drizzle's `casing: "snake_case"`, where the file leaves the name to that option.
    pub snake_name: Option<String>,
    /// Its type.
    pub kind: ReadType,
    /// Is NULL refused?
    pub not_null: bool,
    /// Is it the primary key, by itself?
    pub primary_key: bool,
    /// Does something fill it when a write leaves it out?
    pub has_default: bool,
    /// The declaration as it is written, on one line.
    pub written: String,
    /// Where it stands.
    pub place: Place,
}

/// A type as a file declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadType {
    /// On the device: what SQLite stores, and what the builder makes of it.
    Device(DeviceStorage, Mode),
    /// In PostgreSQL, and what the builder makes of it.
    Postgres(PgType, Mode),
    /// It could not be followed; a diagnostic says so.
    Unknown,
}

/// What a column stores on the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceStorage {
    /// One that PowerSync has.
    PowerSync(syncline_schema::types::Storage),
    /// One that it refuses: `blob`, `numeric`, or the data type of a custom type.
    Refused(String),
}

/// What a Drizzle builder turns a stored value into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Itself.
    Plain,
    /// True or false.
    Boolean,
    /// A `Date`, from seconds since 1970.
    Seconds,
    /// A `Date`, from milliseconds since 1970.
    Milliseconds,
    /// Parsed JSON.
    Json,
    /// A JavaScript number, from a type that can hold more than it can.
    Number,
    /// One of these words.
    Words(Vec<String>),
    /// Whatever a custom type's own code says.
    Custom,
}
