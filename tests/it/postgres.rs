//! Target `postgres`, judged by PostgreSQL and by squawk.

pub(crate) mod random;

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use syncline_codegen::targets;
use syncline_schema::Schema;
use syncline_schema::source::load_str;
use testkit::postgres::{Client, TestDb, database};

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
         WHERE conrelid IN ('folders'::regclass, 'entries'::regclass) ORDER BY conname",
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

const SECRETS: &str = r#"
[project]
name = "PROJECT"
[defaults]
rls = true
[tables.notes.columns]
title = "text"
[tables.teams]
owner = "account_id"
delete = "hard"
[tables.teams.columns]
account_id = "uuid"
[tables.articles]
access = "public"
[tables.articles.columns]
title = "text"
"#;

/// A schema whose roles no other test has: roles belong to the whole server.
fn set_up(db: &TestDb, source: &str) -> Output {
    let output = Output::of(&source.replace("PROJECT", db.name()), &["postgres"]);
    db.execute(&sql(&output, "schema"));
    // As PGOPTIONS would.
    let passwords = "SET syncline.app_password = 'a ''b'' \\c';";
    db.execute(&format!("{passwords}{}", sql(&output, "setup")));
    output
}

#[test]
fn row_security_shows_each_user_their_own() {
    testkit::needs!(postgres);
    let db = database("rls");
    let output = set_up(&db, SECRETS);
    let app = format!("{}_app", db.name());
    let user = "SELECT set_config('syncline.user_id', 'me', true)";
    let mut client = db.connect();
    client
        .batch_execute(&format!(
            "INSERT INTO notes (id, owner_id, title) VALUES ('1', 'me', ''), ('2', 'you', '');
             INSERT INTO articles (id, title) VALUES ('1', '');
             SET ROLE {app}"
        ))
        .expect("rows");
    let seen = "SELECT id FROM notes ORDER BY id";
    assert!(texts(&mut client, seen).is_empty(), "nobody sees nothing");
    assert_eq!(texts(&mut client, "SELECT id FROM articles"), ["1"]);
    assert!(
        texts(&mut client, "SELECT id::text FROM teams").is_empty(),
        "'' is no uuid, and no error either"
    );
    client
        .batch_execute(&format!("BEGIN; {user}"))
        .expect("a user");
    assert_eq!(texts(&mut client, seen), ["1"]);
    client
        .batch_execute("UPDATE notes SET title = 'mine'; DELETE FROM notes WHERE id = '2'; COMMIT")
        .expect("writes of what is seen");
    // The setting is '' again, not NULL, in the session that once had it.
    assert!(texts(&mut client, seen).is_empty());
    let forged = client
        .batch_execute(&format!(
            "BEGIN; {user}; INSERT INTO notes (id, owner_id, title) VALUES ('3', 'you', '')"
        ))
        .expect_err("another's row");
    assert_eq!(forged.code().map(|it| it.code()), Some("42501"));
    client.batch_execute("ROLLBACK; RESET ROLE").expect("back");
    let all = texts(&mut client, "SELECT id || title FROM notes ORDER BY id");
    assert_eq!(all, ["1mine", "2"]);
    db.execute(&sql(&output, "teardown"));
}

/// What setup.sql leaves behind.
fn standing(db: &TestDb) -> String {
    let roles = format!(
        "SELECT rolname || ' ' || rolcanlogin || rolreplication || rolbypassrls
                || (rolpassword IS NOT NULL)
         FROM pg_authid WHERE rolname LIKE '{}\\_%' ORDER BY rolname",
        db.name()
    );
    let published = "SELECT schemaname || '.' || tablename FROM pg_publication_tables
                     WHERE pubname = 'powersync' ORDER BY schemaname, tablename";
    let grants = format!(
        "SELECT grantee || ' ' || table_schema || '.' || table_name || ' '
                || string_agg(privilege_type, ', ' ORDER BY privilege_type)
         FROM information_schema.role_table_grants
         WHERE grantee LIKE '{}\\_%' GROUP BY grantee, table_schema, table_name
         ORDER BY grantee, table_schema, table_name",
        db.name()
    );
    let mut client = db.connect();
    let lines = [roles.as_str(), published, grants.as_str()]
        .map(|query| texts(&mut client, query).join("\n"))
        .join("\n--\n");
    lines.replace(db.name(), "NAME")
}

#[test]
fn setting_up_and_tearing_down_twice_is_harmless() {
    testkit::needs!(postgres);
    let db = database("setup");
    let source = KITCHEN.replace("name = \"kitchen\"", "name = \"PROJECT\"");
    let output = set_up(&db, &source);
    let once = standing(&db);
    insta::assert_snapshot!(once);
    db.execute(&sql(&output, "setup"));
    assert_eq!(standing(&db), once, "the second run changes nothing");

    // The service's own doing: buckets, and a slot.
    db.execute(&format!(
        "SET ROLE {}_storage;
         CREATE SCHEMA IF NOT EXISTS powersync;
         CREATE TABLE powersync.buckets (n integer)",
        db.name()
    ));
    db.execute(&format!(
        "SELECT pg_create_logical_replication_slot('powersync_1_{:.30}', 'pgoutput')",
        db.name().replace("syncline_test", "")
    ));
    let teardown = sql(&output, "teardown");
    db.execute(&teardown);
    assert_eq!(standing(&db), "\n--\n\n--\n");
    let slots =
        "SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()";
    assert!(texts(&mut db.connect(), slots).is_empty());
    db.execute(&teardown);
    db.execute(&sql(&output, "setup"));
    db.execute(&teardown);
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
    assert!(texts(&mut db.connect(), tables).len() > 5, "tables stay");
}

#[test]
fn a_role_that_owns_something_survives_the_teardown() {
    testkit::needs!(postgres);
    let db = database("owner");
    let output = set_up(&db, SECRETS);
    let own = format!(
        "CREATE TABLE own (); ALTER TABLE own OWNER TO {}_app",
        db.name()
    );
    db.execute(&own);
    db.execute(&sql(&output, "teardown"));
    assert_eq!(
        standing(&db).lines().next(),
        Some("NAME_app truefalsefalsetrue")
    );
    db.execute("DROP TABLE own");
    db.execute(&sql(&output, "teardown"));
    assert_eq!(standing(&db), "\n--\n\n--\n");
}

#[test]
fn a_table_that_left_the_schema_leaves_the_publication() {
    testkit::needs!(postgres);
    let db = database("publication");
    set_up(&db, SECRETS);
    let fewer = SECRETS.replace(
        "[tables.notes.columns]",
        "[tables.notes]\nsync = \"local\"\n[tables.notes.columns]",
    );
    let fewer = Output::of(&fewer.replace("PROJECT", db.name()), &["postgres"]);
    db.execute(&sql(&fewer, "setup"));
    let published = "SELECT tablename::text FROM pg_publication_tables ORDER BY 1";
    assert_eq!(texts(&mut db.connect(), published), ["articles", "teams"]);
    db.execute(&sql(&fewer, "teardown"));
}

#[test]
fn server_settings_are_settings() {
    testkit::needs!(postgres);
    let db = database("settings");
    let text = sql(&Output::of(CYCLE, &["postgres"]), "server-settings");
    let mut client = db.connect();
    // What someone has set on this server by the same means is put back.
    let before = client
        .query(
            "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf'",
            &[],
        )
        .expect("the file of ALTER SYSTEM");
    let statements = text.lines().filter(|line| line.starts_with("ALTER SYSTEM"));
    let names: Vec<_> = statements
        .map(|statement| {
            client.batch_execute(statement).expect("a setting");
            statement.split(' ').nth(3).expect("a name").to_owned()
        })
        .collect();
    let wrong = texts(
        &mut client,
        "SELECT name || ': ' || coalesce(error, '') FROM pg_file_settings
         WHERE sourcefile LIKE '%postgresql.auto.conf'
           AND error IS NOT NULL AND error <> 'setting could not be applied'",
    );
    for name in &names {
        let reset = format!("ALTER SYSTEM RESET {name}");
        client.batch_execute(&reset).expect("a reset");
    }
    for row in &before {
        let (name, value): (&str, &str) = (row.get(0), row.get(1));
        if names.iter().any(|it| it == name) {
            let again = format!("ALTER SYSTEM SET {name} = '{}'", value.replace('\'', "''"));
            client.batch_execute(&again).expect("what was set before");
        }
    }
    assert_eq!(names.len(), 4);
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn squawk_has_nothing_to_say() {
    testkit::needs!(node);
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    let mut more = sources();
    more.push(("rls".to_owned(), SECRETS.replace("PROJECT", "secrets")));
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
