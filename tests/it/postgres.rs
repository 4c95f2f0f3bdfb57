//! Target `postgres`, judged by PostgreSQL and by squawk.

pub(crate) mod random;
mod setup;

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use syncline_codegen::targets;
use syncline_schema::Schema;
use syncline_schema::source::load_str;
use testkit::postgres::{Client, database};

/// The files of some targets for a source that must be sound, by path.
pub(crate) struct Output(syncline_codegen::Generated);

impl Output {
    #[track_caller]
    pub(crate) fn of(source: &str, names: &[&str]) -> Self {
        Self::with(source, names, |_| {})
    }

    /// The same, of a schema that is changed in between: by paths that only this machine has.
    #[track_caller]
    pub(crate) fn with(source: &str, names: &[&str], change: impl Fn(&mut Schema)) -> Self {
        let mut loaded = load_str(source);
        let errors: Vec<_> = loaded
            .diagnostics
            .iter()
            .filter(|it| it.severity == syncline_schema::Severity::Error)
            .map(|it| it.message.clone())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{source}");
        change(&mut loaded.schema);
        let targets: Vec<_> = names
            .iter()
            .map(|name| targets::find(name).expect("a target"))
            .collect();
        let made = syncline_codegen::generate(&loaded.schema, &targets);
        Self(made.expect("templates that fit their views"))
    }

    #[track_caller]
    pub(crate) fn text(&self, path: &str) -> &str {
        let file = self.0.files.get(path);
        &file.unwrap_or_else(|| panic!("no {path}")).text
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .files
            .iter()
            .map(|(path, file)| (path, file.text.as_str()))
    }
}

/// The sources that every judge sees: the project's own and the samples.
pub(crate) fn sources() -> Vec<(String, String)> {
    let root = testkit::repo_root();
    let read = |path: &std::path::Path| fs::read_to_string(path).expect("a source");
    let samples = fs::read_dir(root.join("tests/schemas")).expect("the samples");
    let mut sources: Vec<_> = samples
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .map(|path| (path.display().to_string(), read(&path)))
        .collect();
    sources.push((
        "syncline.toml".to_owned(),
        read(&root.join("syncline.toml")),
    ));
    sources.sort();
    sources
}

fn sql(output: &Output, name: &str) -> String {
    output.text(&format!("postgres/{name}.sql")).to_owned()
}

/// One text column of a query, sorted by the query itself.
#[track_caller]
fn texts(client: &mut Client, query: &str) -> Vec<String> {
    let rows = client
        .query(query, &[])
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter().map(|row| row.get(0)).collect()
}

#[test]
fn every_sample_loads() {
    testkit::needs!(postgres);
    for (name, source) in sources() {
        let output = Output::of(&source, &["postgres"]);
        let db = database("schema");
        if let Err(message) = db.try_execute(&sql(&output, "schema")) {
            panic!("{name}: {message}");
        }
    }
}

const KITCHEN: &str = include_str!("../schemas/kitchen.toml");

#[test]
fn constraints_are_what_the_source_says() {
    testkit::needs!(postgres);
    let db = database("constraints");
    db.execute(&sql(&Output::of(KITCHEN, &["postgres"]), "schema"));
    let keys = texts(
        &mut db.connect(),
        "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
         WHERE conrelid IN ('folders'::regclass, 'entries'::regclass) AND contype <> 'n'
         ORDER BY conname",
    );
    insta::assert_snapshot!(keys.join("\n"));
    let indexes = texts(
        &mut db.connect(),
        "SELECT indexdef FROM pg_indexes
         WHERE tablename IN ('folders', 'entries', 'order') ORDER BY indexname",
    );
    insta::assert_snapshot!(indexes.join("\n"));
    let comment = texts(
        &mut db.connect(),
        "SELECT obj_description('folders'::regclass)",
    );
    assert_eq!(comment, ["A tree: references to itself, twice."]);
}

const CYCLE: &str = r#"
[project]
name = "cycle"
[tables.chickens]
delete = "hard"
[tables.chickens.columns]
egg_id = { type = "text", references = "eggs", enforce = true, on_delete = "cascade" }
[tables.eggs]
delete = "hard"
[tables.eggs.columns]
chicken_id = { type = "text", references = "chickens", enforce = true, on_delete = "cascade" }
best_id = { type = "text?", references = "eggs", enforce = true, on_delete = "set_null" }
"#;

#[test]
fn a_transaction_may_hold_a_row_before_the_one_it_points_at() {
    testkit::needs!(postgres);
    let db = database("cycle");
    db.execute(&sql(&Output::of(CYCLE, &["postgres"]), "schema"));
    db.execute(
        "BEGIN;
         INSERT INTO chickens (id, owner_id, egg_id) VALUES ('c', 'me', 'e');
         INSERT INTO eggs (id, owner_id, chicken_id, best_id) VALUES ('e', 'me', 'c', 'e');
         COMMIT",
    );
    let refused = db.try_execute(
        "INSERT INTO chickens (id, owner_id, egg_id) VALUES ('d', 'me', 'no such egg')",
    );
    assert!(refused.expect_err("enforced").contains("(23503)"));
}

#[test]
fn defaults_are_what_the_source_says() {
    testkit::needs!(postgres);
    let source = include_str!("../schemas/awkward.toml");
    let db = database("defaults");
    db.execute(&sql(&Output::of(source, &["postgres"]), "schema"));
    db.execute("INSERT INTO texts (id, owner_id, x) VALUES ('1', 'me', gen_random_uuid())");
    // Those of the moment and of the session are left out.
    let row = texts(
        &mut db.connect(),
        "SELECT jsonb_pretty(to_jsonb(row) - '{n,o,p,w,x,created_at,updated_at}'::text[])
         FROM texts AS row",
    );
    insta::assert_snapshot!(row.join("\n"));
    let raw = texts(
        &mut db.connect(),
        "SELECT '1' FROM texts WHERE w = '`${x}\\' || current_user AND o = current_date
         AND n = created_at::timestamp",
    );
    assert_eq!(raw, ["1"]);
}

#[test]
fn squawk_has_nothing_to_say() {
    testkit::needs!(node);
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    let mut more = sources();
    more.push((
        "rls".to_owned(),
        setup::SECRETS.replace("PROJECT", "secrets"),
    ));
    more.push(("cycle".to_owned(), CYCLE.to_owned()));
    for (at, (_, source)) in more.iter().enumerate() {
        for (path, text) in Output::of(source, &["postgres"]).iter() {
            let name = path.replace('/', "-");
            let file = folder.path().join(format!("{at}-{name}"));
            fs::write(&file, text).expect("a file");
            files.push(file.display().to_string());
        }
    }
    let config = testkit::repo_root().join("squawk.toml");
    let mut args = vec!["--config".to_owned(), config.display().to_string()];
    args.extend(files);
    let output = testkit::node::run("node_modules/squawk-cli/js/bin/squawk", &args, "").expect(0);
    assert!(output.stdout.contains("Found 0 issues"), "{output}");
}

#[test]
fn random_schemas_load_and_their_statements_prepare() {
    testkit::needs!(postgres);
    let db = database("random");
    let mut runner = TestRunner::new(Config {
        cases: 48,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let outcome = runner.run(&random::source(), |source| {
        let loaded = load_str(&source);
        let output = Output::of(&source, &["postgres"]);
        let mut client = db.connect();
        client
            .batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let ddl = sql(&output, "schema");
        client
            .batch_execute(&ddl)
            .map_err(|error| TestCaseError::fail(format!("{error:?}\n{ddl}")))?;
        for table in loaded.schema.synced() {
            let put = syncline_codegen::sql::put(table).map(|it| it.sql);
            let patch = syncline_codegen::sql::patch(table).map(|it| it.sql);
            let delete = syncline_codegen::sql::delete(table);
            for statement in [put, patch, delete].into_iter().flatten() {
                client
                    .prepare(&statement)
                    .map_err(|error| TestCaseError::fail(format!("{error:?}\n{statement}")))?;
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
