//! The reader of hand-written upload handlers and connectors. In: TypeScript. Out: the writes that
//! they make, by Drizzle or as SQL, with what each sets and by what it finds its rows; and what
//! could not be followed.

#[cfg(feature = "read-ts")]
mod origin;
#[cfg(feature = "read-ts")]
mod sql;
#[cfg(feature = "read-ts")]
mod writes;

use std::collections::BTreeSet;

use syncline_schema::{Diagnostics, Place};

#[cfg(feature = "read-ts")]
pub use self::writes::read;

/// What a handler does.
#[derive(Debug, Default)]
pub struct Handler {
    /// Its writes, in order.
    pub writes: Vec<Write>,
    /// Where an upload is completed although there was an error.
    pub completes: Vec<Place>,
    /// A write could not be followed.
    pub gaps: bool,
    /// Where the file begins.
    pub anchor: Place,
    /// C001 and C005.
    pub diagnostics: Diagnostics,
}

/// One write to one table.
#[derive(Clone, Debug)]
pub struct Write {
    /// The table's name in PostgreSQL.
    pub table: String,
    /// What it does.
    pub kind: WriteKind,
    /// What it sets.
    pub set: Assigned,
    /// By what it finds its rows; for an insert, nothing.
    pub rows: Rows,
    /// What an insert does where the row is there already, if it says so.
    pub conflict: Option<Conflict>,
    /// Columns that are set to, or held against, a part of what the device sent.
    pub sent: Vec<(String, Place)>,
    /// Was it written as SQL, so that nobody else has checked its columns?
    pub as_sql: bool,
    /// Where it stands.
    pub place: Place,
}

/// The kinds of writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    /// It makes rows.
    Insert,
    /// It changes rows.
    Update,
    /// It removes rows.
    Delete,
}

/// What a write sets.
#[derive(Clone, Debug, Default)]
pub struct Assigned {
    /// Columns by name, and values that came from elsewhere, in order.
    pub parts: Vec<(Part, Place)>,
}

/// A part of what a write sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A column.
    Column(String),
    /// `...values`: whatever is in there.
    Spread,
    /// All of it comes from elsewhere.
    Unknown,
}

/// By what a write finds its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// Nothing: all of them.
    #[default]
    All,
    /// A condition that names these columns.
    Columns(BTreeSet<String>),
    /// It could not be followed.
    Unknown,
}

/// The other half of an upsert.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What it sets.
    pub set: Assigned,
    /// Which rows it may change.
    pub rows: Rows,
    /// Where it stands.
    pub place: Place,
}

/// Says that this build cannot read TypeScript.
#[cfg(not(feature = "read-ts"))]
pub fn read(file: &super::text::Source, _: super::Library<'_>) -> Handler {
    let mut found = Handler::default();
    found.diagnostics.push(super::no_typescript(&[file]));
    found
}
