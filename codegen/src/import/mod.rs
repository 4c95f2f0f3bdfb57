//! `import`: a schema source from what an app has already. In: what the readers found of each
//! subject. Out: the source as TOML, and a line for everything that was decided, or that the
//! language cannot hold.
//!
//! Where subjects disagree: PostgreSQL says which tables and columns there are and of which type,
//! the database before migrations before Drizzle files; the sync config says what is synced and
//! whose it is; the device says what may be NULL.

mod checks;
mod column;
mod drizzle;
mod local;
mod print;
mod rules;
mod sent;
mod table;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::model::{EnumType, Scalar, Stream};
use syncline_schema::source::load_str;
use syncline_schema::{Diagnostics, Schema};

pub use self::sent::Sent;
use crate::diff::{Pair, Renames, Scope, Step, TableName, diff};
use crate::read::{ReadTable, Reading};
use crate::sql;

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
    let read = merged(&facts.servers, &mut remarks);
    let decide = |it| table::decide(it, facts, &mut remarks);
    let mut schema = Schema {
        tables: read.tables.iter().map(decide).collect(),
        ..Schema::default()
    };
    local::add(facts, &mut schema, &mut remarks);
    nothing_said(facts, &schema, &mut remarks);
    table::mend_references(&mut schema, &mut remarks);
    schema.streams = streams(facts, &schema, &mut remarks);
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
        owed(&read, &loaded.schema, &mut remarks);
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

/// The first subject's tables, and those that only the others have. What they differ in is said.
fn merged(servers: &[Server], remarks: &mut Vec<Remark>) -> Schema {
    let Some((first, others)) = servers.split_first() else {
        return Schema::default();
    };
    let mut schema = first.schema.clone();
    for other in others {
        let known: BTreeSet<_> = schema.tables.iter().map(TableName::of).collect();
        let (both, more): (Vec<_>, Vec<_>) = (other.schema.tables.iter().cloned())
            .partition(|it| known.contains(&TableName::of(it)));
        let theirs: BTreeSet<_> = both.iter().map(TableName::of).collect();
        let mut ours = schema.clone();
        ours.tables.retain(|it| theirs.contains(&TableName::of(it)));
        let next = Schema {
            tables: both,
            ..Schema::default()
        };
        let pair = Pair {
            previous: &ours,
            next: &next,
        };
        for step in diff(pair, &Renames::default(), Scope::Tables) {
            let text = format!(
                "{} differs: `{}`; {} is believed",
                other.shown,
                one_line(&sql::step(&step)),
                first.shown
            );
            remarks.push(Remark {
                table: step.about().map(|it| it.name),
                ..Remark::plain(text)
            });
        }
        for table in more {
            let text = format!("only {} has this table", other.shown);
            remarks.push(Remark::table(&table.name, text));
            schema.tables.push(table);
        }
    }
    schema
}

/// What a migration would do to PostgreSQL as it is: where the language has no word for it.
fn owed(read: &Schema, imported: &Schema, remarks: &mut Vec<Remark>) {
    let pair = Pair {
        previous: read,
        next: imported,
    };
    let mut deferrable = false;
    for step in diff(pair, &Renames::default(), Scope::Tables) {
        if matches!(step, Step::AddForeignKey { .. }) {
            deferrable = true;
        }
        let text = format!(
            "not as PostgreSQL has it, a migration would run: `{}`",
            one_line(&sql::step(&step))
        );
        remarks.push(Remark {
            table: step.about().map(|it| it.name),
            ..Remark::plain(text)
        });
    }
    if deferrable {
        remarks.push(Remark::plain(
            "the language's foreign keys are judged when a transaction ends: a device's may hold a row before the one that it points at",
        ));
    }
}

/// On one line, and not too long a one.
fn one_line(sql: &str) -> String {
    const LONGEST: usize = 240;
    let words: Vec<_> = sql.split_whitespace().collect();
    let line = words.join(" ");
    let line = line.trim_end_matches(';');
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", &line[..at]),
        None => line.to_owned(),
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

/// The streams that do not follow from the tables, without the names that are taken.
fn streams(facts: &Facts, schema: &Schema, remarks: &mut Vec<Remark>) -> Vec<Stream> {
    let Some(sent) = &facts.sent else {
        return Vec::new();
    };
    let mut streams = Vec::new();
    let mut names: BTreeMap<String, ()> = BTreeMap::new();
    for stream in &sent.streams {
        let mut stream = stream.clone();
        let (mut kept, mut lost) = (Vec::new(), Vec::new());
        for query in stream.queries.drain(..) {
            let table = sent::table_of(&query.sql);
            let synced = |name: &String| schema.synced().any(|it| it.name == *name);
            if table.as_ref().is_some_and(synced) {
                kept.push(query);
            } else {
                lost.push(query);
            }
        }
        for query in lost {
            remarks.push(Remark::plain(format!(
                "stream `{}`: `{}` sends no table that is synced here, and is left out",
                stream.name,
                one_line(&query.sql)
            )));
        }
        if kept.is_empty() {
            continue;
        }
        stream.queries = kept;
        if ["owner_data", "public_data"].contains(&stream.name.as_str()) {
            let name = format!("{}_more", stream.name);
            remarks.push(Remark::plain(format!(
                "stream `{}` is called `{name}`: its name is that of a stream that follows from the tables",
                stream.name
            )));
            stream.name = name;
        }
        if names.insert(stream.name.clone(), ()).is_none() {
            streams.push(stream);
        }
    }
    for (name, why) in &sent.lost {
        remarks.push(Remark::plain(format!("bucket `{name}`: {why}")));
    }
    streams
}

/// The words of an enum that a check keeps.
fn words(values: Vec<String>) -> Scalar {
    Scalar::Enum(EnumType {
        values,
        native: None,
        renamed: Vec::new(),
    })
}
