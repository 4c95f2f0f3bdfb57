//! Readers of what others wrote. In: the text of subjects. Out: a [`Reading`] for each group of
//! files that belong together: tables and columns, each with its place, and a report of all that
//! could not be followed. A reader reports what it cannot know; it never guesses.

pub mod app_schema;
pub mod auth;
pub(crate) mod deploy;
pub mod drizzle;
pub mod expression;
pub mod handler;
mod keys;
pub mod pg_type;
pub mod schema;
pub mod sql;
pub mod sqlite;
pub mod sync_config;
pub mod text;
#[cfg(feature = "read-ts")]
mod typescript;
pub(crate) mod yaml;

pub use pg_type::PgType;

use std::collections::HashMap;

use syncline_schema::{Diagnostic, Diagnostics, Files, Place, Sources};

/// Says that this build cannot read TypeScript.
#[cfg(not(feature = "read-ts"))]
fn no_typescript(files: &[&text::Source]) -> Diagnostic {
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    let message = format!(
        "cannot read {}: this build has no TypeScript reader",
        paths.join(", ")
    );
    Diagnostic::new(syncline_schema::Code::C001, message)
        .help("build Syncline with its default features, or with `--features read-ts`")
}

/// What a group of files says.
#[derive(Debug, Default)]
pub struct Reading {
    /// The tables, in the order in which they stand in the files.
    pub tables: Vec<ReadTable>,
    /// Where a table that is not there could stand: what a finding points at.
    pub anchor: Place,
    /// Something could not be followed, so that a table or column may be there all the same.
    pub gaps: bool,
    /// Columns whose names are left to `casing` (C005): for where the plain names do not fit.
    pub casing: Vec<Diagnostic>,
    /// Files that could not be read (C001) and parts that could not be followed (C005).
    pub diagnostics: Diagnostics,
}

/// Where imported files come from, and where their texts go.
pub struct Library<'a> {
    /// The disk.
    pub files: &'a dyn Files,
    /// All texts of the run.
    pub sources: &'a mut Sources,
}

impl std::fmt::Debug for Library<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Library")
    }
}

impl Reading {
    /// Calls columns without a name of their own as Drizzle's `casing: "snake_case"` would, wherever
    /// they are named.
    pub fn take_snake_names(&mut self) {
        let mut snake: HashMap<(String, String), String> = HashMap::new();
        for table in &mut self.tables {
            for column in &mut table.columns {
                if let Some(name) = column.snake_name.take() {
                    let plain = std::mem::replace(&mut column.name, name.clone());
                    snake.insert((table.name.clone(), plain), name);
                }
            }
        }
        let rename = |table: &str, name: &mut String| {
            if let Some(other) = snake.get(&(table.to_owned(), name.clone())) {
                name.clone_from(other);
            }
        };
        for table in &mut self.tables {
            let key = table.primary_key.iter_mut();
            key.for_each(|it| rename(&table.name, it));
            let parts = table.indexes.iter_mut().flat_map(|it| &mut it.parts);
            parts
                .filter_map(|it| it.column.as_mut())
                .for_each(|it| rename(&table.name, it));
            for reference in &mut table.references {
                let own = reference.columns.iter_mut();
                own.for_each(|it| rename(&table.name, it));
                let theirs = reference.targets.iter_mut();
                theirs.for_each(|it| rename(&reference.table, it));
            }
        }
    }
}

/// A table as a file declares it.
#[derive(Clone, Debug, Default)]
pub struct ReadTable {
    /// The name in the database.
    pub name: String,
    /// PostgreSQL's schema, where one is given.
    pub schema: Option<String>,
    /// The columns, in order.
    pub columns: Vec<ReadColumn>,
    /// A column could not be followed, so that one that is not here may be there all the same.
    pub gaps: bool,
    /// The columns of the primary key, in order; empty where there is none.
    pub primary_key: Vec<String>,
    /// Indexes and unique rules, in order: those of columns first.
    pub indexes: Vec<ReadIndex>,
    /// What its columns point at.
    pub references: Vec<ReadReference>,
    /// Conditions on rows: name and SQL, as the dialect prints it.
    pub checks: Vec<(String, String)>,
    /// Is row security on?
    pub rls: bool,
    /// An index, a key or a rule could not be followed.
    pub rule_gaps: bool,
    /// Where the table is named.
    pub place: Place,
}

/// An index or a unique rule as a file declares it.
#[derive(Clone, Debug)]
pub struct ReadIndex {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What is indexed, in order.
    pub parts: Vec<ReadIndexPart>,
    /// Does it forbid equal rows?
    pub unique: bool,
    /// Is it a constraint, by `unique()`, rather than an index?
    pub constraint: bool,
    /// The rows that it covers, as SQL; all rows where none.
    pub predicate: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// One part of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadIndexPart {
    /// The column; none for an expression.
    pub column: Option<String>,
    /// The expression as SQL; empty for a column.
    pub sql: String,
    /// Descending?
    pub desc: bool,
    /// Do NULLs come first, where the order is said?
    pub nulls_first: bool,
}

/// A foreign key as a file declares it.
#[derive(Clone, Debug)]
pub struct ReadReference {
    /// Its name, given or made by Drizzle.
    pub name: String,
    /// The columns that point.
    pub columns: Vec<String>,
    /// The table pointed at.
    pub table: String,
    /// The columns pointed at.
    pub targets: Vec<String>,
    /// `cascade`, `set null`, …; `no action` unless said.
    pub on_delete: String,
    /// Where it stands.
    pub place: Place,
}

/// What fills a column that a write leaves out.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ReadDefault {
    /// Nothing.
    #[default]
    None,
    /// This value.
    Value(serde_json::Value),
    /// An expression of the database.
    Sql(String),
    /// Code of the app: the database itself fills in nothing.
    App,
    /// The database, by itself: identity, serial, generated columns.
    Generated,
    /// Something that could not be followed.
    Unknown,
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
    /// What fills it.
    pub default: ReadDefault,
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
