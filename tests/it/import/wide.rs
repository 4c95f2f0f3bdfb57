//! From a database by the binary, from random schemas, and from buckets of other forms.

use std::path::Path;

use syncline_codegen::check::{self, Subject, SubjectKind};
use syncline_codegen::import::{Facts, import};
use syncline_schema::source::load_str;
use syncline_schema::{Files, Severity, Sources};

use super::{of_sql, sound, sync};
use crate::postgres::Output;

struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &Path) -> Result<Vec<u8>, String> {
        Err("no file".to_owned())
    }

    fn glob(&self, _: &str) -> Result<Vec<std::path::PathBuf>, String> {
        Ok(Vec::new())
    }
}

/// From a live database, by the real binary: what it writes is what the database is.
#[test]
fn a_database_is_imported_by_the_binary() {
    testkit::needs!(postgres);
    let db = testkit::postgres::database_with(
        "import_binary",
        "CREATE TABLE lists (
           id text PRIMARY KEY,
           owner_id text NOT NULL,
           title varchar(80) NOT NULL,
           stars integer CHECK (stars BETWEEN 0 AND 5),
           created_at timestamptz(3) NOT NULL DEFAULT now()
         );
         CREATE INDEX lists_title_idx ON lists (title);
         CREATE TABLE sessions (token bytea PRIMARY KEY, seen inet);
         CREATE PUBLICATION powersync FOR TABLE lists",
    );
    let dir = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str]| testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir.path());
    let args = ["import", "--database-url", db.url(), "--name", "app"];
    run(&[&args[..], &["--out", "syncline.toml"]].concat()).expect(0);
    run(&["generate", "-q"]).expect(0);
    let checked = run(&["check", "--database-url", db.url()]).expect(0);
    assert!(checked.stderr.contains("no drift"), "{checked}");
    for (option, why) in [
        ("--app-schema", "--drizzle-sqlite"),
        ("--handler", "has no tables of its own"),
    ] {
        let refused = run(&["import", option, "app.ts"]).expect(2);
        assert!(refused.stderr.contains(why), "{refused}");
    }
}

/// What generate prints of any schema, imported, generated and checked against those files.
#[test]
fn random_schemas_are_imported_from_what_is_generated() {
    use proptest::test_runner::{Config, TestRunner};

    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    });
    let outcome = runner.run(&crate::postgres::random::source(), |source| {
        let output = Output::of(&source, &["postgres", "sync_streams"]);
        let config = output.text("powersync/sync-config.yaml");
        let facts = Facts {
            project: "app".to_owned(),
            servers: vec![of_sql(output.text("postgres/schema.sql"))],
            sent: Some(sync(&mut Sources::default(), config)),
            ..Facts::default()
        };
        let imported = import(&facts, Vec::new());
        sound(&imported);
        let mut loaded = load_str(&imported.toml);
        let subjects = [
            (
                SubjectKind::Migrations,
                "schema.sql",
                output.text("postgres/schema.sql"),
            ),
            (SubjectKind::SyncConfig, "sync-config.yaml", config),
        ];
        let subjects = subjects.map(|(kind, path, text)| Subject {
            kind,
            path: path.into(),
            bytes: text.as_bytes().to_vec(),
        });
        let found = check::run(
            &loaded.schema,
            &mut loaded.sources,
            subjects.into(),
            &Nothing,
        );
        let drift: Vec<_> = found
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .collect();
        assert!(drift.is_empty(), "{drift:#?}\n{source}\n{}", imported.toml);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// A bucket definition of another form is a comment beside the table that it sends.
#[test]
fn a_bucket_of_another_form_is_kept_as_a_comment() {
    let yaml = "bucket_definitions:
  by_team:
    parameters: SELECT team_id FROM members WHERE user_id = request.user_id()
    data:
      - SELECT * FROM notes WHERE team_id = bucket.team_id
";
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![of_sql(
            "CREATE TABLE notes (id text PRIMARY KEY, team_id text NOT NULL, body text);
             CREATE TABLE members (id text PRIMARY KEY, team_id text NOT NULL, user_id text NOT NULL);",
        )],
        sent: Some(sync(&mut Sources::default(), yaml)),
        ..Facts::default()
    };
    let toml = import(&facts, Vec::new()).toml;
    let table = toml.find("[tables.notes]").expect("the table");
    let comment = toml.find("SELECT * FROM notes WHERE team_id = bucket.team_id");
    let comment = comment.unwrap_or_else(|| panic!("dropped:\n{toml}"));
    assert!(
        toml[..table]
            .lines()
            .count()
            .abs_diff(toml[..comment].lines().count())
            < 6,
        "{toml}"
    );
    assert!(toml.contains("SELECT team_id FROM members WHERE user_id = request.user_id()"));
}

/// A parameter that has no name of its own goes by the last word of its path.
#[test]
fn a_bucket_of_the_old_form_tells_the_owner() {
    let yaml = "bucket_definitions:
  notes:
    parameters: SELECT token_parameters.user_id
    data: [\"SELECT * FROM notes WHERE user_id = bucket.user_id AND deleted_at IS NULL\"]
";
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![of_sql(
            "CREATE TABLE notes (id text PRIMARY KEY, user_id text NOT NULL, deleted_at timestamptz(3));",
        )],
        sent: Some(sync(&mut Sources::default(), yaml)),
        ..Facts::default()
    };
    let imported = import(&facts, Vec::new());
    let said = imported.toml.contains("these do not follow from an owner");
    assert!(!said, "{}", imported.toml);
}
