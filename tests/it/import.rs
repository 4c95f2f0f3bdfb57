//! `syncline import`: what was made from a source gives that source back.

mod drizzle;
mod named;
mod wide;

use std::path::Path;

use syncline_codegen::diff::{Pair, Renames, Scope, diff};
use syncline_codegen::import::{Facts, Imported, Sent, Server, import};
use syncline_codegen::read::{sql, sync_config, text};
use syncline_codegen::sql::step;
use syncline_schema::model::{Access, Residence, Scalar};
use syncline_schema::source::load_str;
use syncline_schema::{Schema, Sources};

use crate::postgres::{Output, sources};

fn sync(sources: &mut Sources, yaml: &str) -> Sent {
    let source = text::add(sources, Path::new("sync-config.yaml"), yaml.as_bytes());
    Sent::of(&sync_config::read(&source.expect("text")))
}

fn of_sql(sql_text: &str) -> Server {
    let replay = sql::replay([(syncline_schema::FileId(0), sql_text)]);
    Server {
        shown: "the SQL".to_owned(),
        schema: replay.schema,
        published: replay.published,
        publishes_all: replay.publishes_all,
        ..Server::default()
    }
}

#[track_caller]
fn sound(imported: &Imported) {
    let errors: Vec<_> = imported.diagnostics.iter().collect();
    assert!(
        !imported.diagnostics.has_errors(),
        "{errors:#?}\n{}",
        imported.toml
    );
}

/// What PostgreSQL would have to change, between what was imported and the source.
fn steps(imported: &Schema, source: &Schema) -> Vec<String> {
    let pair = Pair {
        previous: imported,
        next: source,
    };
    let steps = diff(pair, &Renames::default(), Scope::Tables);
    steps.iter().map(step).collect()
}

fn remarks(imported: &Imported) -> Vec<String> {
    imported.remarks.iter().map(ToString::to_string).collect()
}

/// The two parts of a sample: what its source says, and what is made of it.
fn samples() -> Vec<(String, String)> {
    let wanted = |name: &str| name == "syncline.toml" || name.ends_with("kitchen.toml");
    let all = sources().into_iter();
    let samples: Vec<_> = all.filter(|(name, _)| wanted(name)).collect();
    assert_eq!(samples.len(), 2);
    samples
}

#[track_caller]
fn comes_back(name: &str, source: &str, server: Server) {
    let source = load_str(source).schema;
    let config = config_of(&source);
    let facts = Facts {
        project: source_name(name),
        servers: vec![server],
        sent: Some(sync(&mut Sources::default(), &config)),
        ..Facts::default()
    };
    let imported = import(&facts, Vec::new());
    sound(&imported);
    let steps = steps(&imported.schema, &source);
    assert!(steps.is_empty(), "{name}: {steps:#?}\n{}", imported.toml);
    for table in &source.tables {
        let Some(back) = imported.schema.table(&table.name) else {
            assert_eq!(table.residence, Residence::Local, "{name}: {}", table.name);
            continue;
        };
        // Nobody sends what is only inserted.
        if table.insert_only {
            continue;
        }
        let what = |it: &syncline_schema::model::Table| {
            (it.residence, it.access, it.delete, it.key.clone())
        };
        assert_eq!(what(back), what(table), "{name}: {}", table.name);
        for column in &table.columns {
            let found = back.column(&column.name).expect("imported");
            let says = |it: &syncline_schema::model::Column| {
                let checked = it.check.is_some();
                (it.ty.clone(), it.nullable, it.role, it.max_length, checked)
            };
            let column_name = &column.name;
            assert_eq!(says(found), says(column), "{name}: {column_name}");
        }
        let globals = |it: &syncline_schema::model::Table| {
            let rules = it.indexes.iter().map(|it| (it.name.clone(), it.global));
            rules.collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(globals(back), globals(table), "{name}: {}", table.name);
        let owner = |it: &syncline_schema::model::Table| it.owner().map(|it| it.name.clone());
        assert_eq!(owner(back), owner(table), "{name}: {}", table.name);
    }
}

fn source_name(path: &str) -> String {
    let stem = Path::new(path).file_stem().expect("a name");
    stem.to_string_lossy().into_owned()
}

fn config_of(schema: &Schema) -> String {
    let target = syncline_codegen::targets::find("sync_streams").expect("a target");
    let made = syncline_codegen::generate(schema, &[target]).expect("templates");
    made.files
        .get("powersync/sync-config.yaml")
        .expect("a config")
        .text
        .clone()
}

#[test]
fn sql_and_a_sync_config_give_their_source_back() {
    for (name, source) in samples() {
        let output = Output::of(&source, &["postgres"]);
        comes_back(&name, &source, of_sql(output.text("postgres/schema.sql")));
    }
}

#[cfg(feature = "live")]
#[test]
fn a_database_and_a_sync_config_give_their_source_back() {
    testkit::needs!(postgres);
    for (name, source) in samples() {
        let db = testkit::postgres::database("import");
        db.execute(Output::of(&source, &["postgres"]).text("postgres/schema.sql"));
        let catalog = crate::live::catalog_of(db.url());
        let server = Server {
            shown: "the database".to_owned(),
            schema: catalog.schema,
            published: catalog.published,
            ..Server::default()
        };
        comes_back(&name, &source, server);
    }
}

#[test]
fn a_publication_says_what_is_synced_where_nothing_else_does() {
    let server = of_sql(
        "CREATE TABLE notes (id text PRIMARY KEY, owner_id text NOT NULL, body text);
         ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
         CREATE TABLE lookups (id uuid PRIMARY KEY, word text NOT NULL);
         CREATE TABLE jobs (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
         CREATE PUBLICATION powersync FOR TABLE notes, lookups;",
    );
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![server],
        ..Facts::default()
    };
    let imported = import(&facts, Vec::new());
    sound(&imported);
    let access = |name: &str| {
        let it = imported.schema.table(name).expect("imported");
        (it.residence, it.access, it.rls)
    };
    assert_eq!(access("notes"), (Residence::Synced, Access::Owner, true));
    assert_eq!(
        access("lookups"),
        (Residence::Synced, Access::Streams, false)
    );
    assert_eq!(access("jobs").0, Residence::Server);
    // A server table stays as it is, odd types and their defaults included.
    let said = remarks(&imported).join("\n");
    assert!(!said.contains("jobs"), "{said}");
    assert!(
        said.contains("lookups: nothing says whose its rows are"),
        "{said}"
    );
}

#[test]
fn subjects_that_differ_are_listed_and_the_first_is_believed() {
    let server = |shown: &str, sql: &str| Server {
        shown: shown.to_owned(),
        ..of_sql(sql)
    };
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![
            server(
                "the database",
                "CREATE TABLE jobs (id text PRIMARY KEY, n bigint);",
            ),
            server(
                "migrations",
                "CREATE TABLE jobs (id text PRIMARY KEY, n integer, m text); CREATE TABLE more (id text PRIMARY KEY);",
            ),
        ],
        ..Facts::default()
    };
    let imported = import(&facts, Vec::new());
    sound(&imported);
    let jobs = imported.schema.table("jobs").expect("imported");
    assert_eq!(jobs.column("n").expect("there").ty.scalar, Scalar::BigInt);
    assert!(jobs.column("m").is_none());
    let said = remarks(&imported).join("\n");
    for wanted in [
        "jobs: migrations differs: `ALTER TABLE jobs ALTER COLUMN n TYPE integer",
        "jobs: migrations differs: `ALTER TABLE jobs ADD COLUMN m text`; the database is believed",
        "more: only migrations has this table",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
}
