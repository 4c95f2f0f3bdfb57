//! `import`: a schema source from what an app has already. In: what the readers found of each
//! subject. Out: the source as TOML, and a line for everything that was decided, or that the
//! language cannot hold.
//!
//! Where subjects disagree: PostgreSQL says which tables and columns there are and of which type,
//! the database before migrations before Drizzle files; the sync config says what is synced and
//! whose it is; the device says what may be NULL.

mod checks;
mod column;
mod differences;
mod drizzle;
mod local;
mod print;
mod rules;
mod sent;
mod streams;
mod table;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::model::{EnumType, Scalar};
use syncline_schema::source::load_str;
use syncline_schema::{Diagnostics, Schema};

pub use self::sent::Sent;
use crate::diff::TableName;
use crate::read::{ReadTable, Reading};

/// What is known of PostgreSQL's side from one subject.
#[derive(Clone, Debug, Default)]
pub struct Server {
    /// What it is, for people: `the database`.
    pub shown: String,
    /// Its tables.
    pub schema: Schema,
    /// The members of the publication `powersync`.
    pub published: BTreeSet<TableName>,
    /// The publication holds every table.
    pub publishes_all: bool,
    /// The words that text takes in the app's own types, by table and column.
    pub words: BTreeMap<(String, String), Vec<String>>,
}

impl Server {
    /// The tables of Drizzle files, and what of them cannot be told.
    pub fn of_drizzle(shown: String, reading: &Reading) -> (Self, Vec<Remark>) {
        let mut remarks = Vec::new();
        let schema = drizzle::schema(reading, &mut remarks);
        let server = Self {
            shown,
            schema,
            words: drizzle::words_of_text(reading),
            ..Self::default()
        };
        (server, remarks)
    }
}

/// What is known of the app.
#[derive(Debug, Default)]
pub struct Facts {
    /// The project's name.
    pub project: String,
    /// PostgreSQL's side: the first is believed where the others differ.
    pub servers: Vec<Server>,
    /// The device's tables.
    pub device: Option<Vec<ReadTable>>,
    /// What the sync config sends.
    pub sent: Option<Sent>,
    /// Where migrations of Syncline's go, where another tool has the usual folder.
    pub migrations: Option<String>,
}

/// Something that was decided, or that the language cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The table that it is about.
    pub table: Option<String>,
    /// The column of that table.
    pub column: Option<String>,
    /// One line.
    pub text: String,
}

impl Remark {
    /// About the app.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            table: None,
            column: None,
            text: text.into(),
        }
    }

    fn table(table: &str, text: impl Into<String>) -> Self {
        Self {
            table: Some(table.to_owned()),
            ..Self::plain(text)
        }
    }

    fn column(table: &str, column: &str, text: impl Into<String>) -> Self {
        Self {
            column: Some(column.to_owned()),
            ..Self::table(table, text)
        }
    }

    /// A reader's finding, about the table that it names.
    pub fn of_reader(message: &str, tables: &BTreeSet<String>) -> Self {
        let mut named = message
            .split(['`', ' ', ','])
            .map(|it| it.trim_matches('"'));
        let of_name = |name: &str| -> Option<String> {
            let mut parts = name.split('.').rev();
            parts.find(|it| tables.contains(*it)).map(str::to_owned)
        };
        Self {
            table: named.find_map(of_name),
            ..Self::plain(message)
        }
    }
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.table, &self.column) {
            (Some(table), Some(column)) => write!(f, "{table}.{column}: {}", self.text),
            (Some(table), None) => write!(f, "{table}: {}", self.text),
            _ => f.write_str(&self.text),
        }
    }
}

/// A source, and what there is to say of it.
#[derive(Debug)]
pub struct Imported {
    /// The source.
    pub toml: String,
    /// The same, read again.
    pub schema: Schema,
    /// In the order of the tables; those about none of them last.
    pub remarks: Vec<Remark>,
    /// What loading the source says. Errors are what the language refuses of the app.
    pub diagnostics: Diagnostics,
}

/// Writes the source. `said` is what the readers could not follow.
pub fn import(facts: &Facts, said: Vec<Remark>) -> Imported {
    let mut remarks = said;
    let read = differences::merged(&facts.servers, &mut remarks);
    let decide = |it| table::decide(it, facts, &mut remarks);
    let mut schema = Schema {
        tables: read.tables.iter().map(decide).collect(),
        ..Schema::default()
    };
    local::add(facts, &mut schema, &mut remarks);
    nothing_said(facts, &schema, &mut remarks);
    table::mend_references(&mut schema, &mut remarks);
    schema.streams = streams::beyond(facts, &schema, &mut remarks);
    print::choose_defaults(&mut schema);
    if let Some(sent) = facts.sent.as_ref().filter(|it| it.rules) {
        schema.settings.sync.format = sent.format();
    }
    if let Some(dir) = &facts.migrations {
        schema.settings.migrations.dir.clone_from(dir);
        remarks.push(Remark::plain(format!(
            "`migrations` is another tool's folder, so Syncline's own migrations go to `{dir}`"
        )));
    }
    let loaded = load_str(&print::toml(&facts.project, &schema, &[]));
    if !facts.servers.is_empty() {
        differences::owed(&read, &loaded.schema, &mut remarks);
    }
    let order = |remark: &Remark| {
        let at = |name| schema.tables.iter().position(|it| it.name == name);
        remark.table.as_deref().and_then(at).unwrap_or(usize::MAX)
    };
    remarks.sort_by_key(order);
    let mut seen = BTreeSet::new();
    remarks.retain(|it| seen.insert(it.clone()));
    let toml = print::toml(&facts.project, &schema, &remarks);
    let loaded = load_str(&toml);
    Imported {
        toml,
        schema: loaded.schema,
        remarks,
        diagnostics: loaded.diagnostics,
    }
}

/// Nothing that was given says what is synced.
fn nothing_said(facts: &Facts, schema: &Schema, remarks: &mut Vec<Remark>) {
    if schema.synced().next().is_none() && !schema.tables.is_empty() {
        remarks.push(Remark::plain(
            "nothing given says what is synced, so every table is PostgreSQL's alone: name the sync config as well, or take `sync = \"server\"` away",
        ));
    }
    for name in facts.sent.iter().flat_map(|it| it.tables.keys()) {
        if schema.table(name).is_none() {
            remarks.push(Remark::plain(format!(
                "the sync config sends `{name}`, and nothing given declares it"
            )));
        }
    }
}

/// The words of an enum that a check keeps.
fn words(values: Vec<String>) -> Scalar {
    Scalar::Enum(EnumType {
        values,
        native: None,
        renamed: Vec::new(),
    })
}
