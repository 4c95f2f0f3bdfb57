//! Databases in good and bad states; settings that a test cannot change, as facts.

use syncline_codegen::doctor::{self, Configuration, Database, Level};
use syncline_codegen::live::catalog::{Catalog, Options};
use syncline_codegen::live::server::{Server, Slot};
use syncline_codegen::live::{block_on, catalog, connect, server};
use syncline_codegen::targets;
use syncline_schema::Schema;
use syncline_schema::source::load_str;
use testkit::postgres::{TestDb, database};

use super::{assert_whole, bad};

fn schema(project: &str) -> Schema {
    let loaded = load_str(&format!(
        "[project]\nname = \"{project}\"\n\n[tables.notes.columns]\ntitle = \"text\"\n\n[tables.tags.columns]\nname = \"text\"\n"
    ));
    assert!(!loaded.diagnostics.has_errors());
    loaded.schema
}

fn read(db: &TestDb, schema: &Schema) -> (Server, Catalog) {
    let read = block_on(async {
        let client = connect(db.url()).await.expect("a connection");
        let asked = doctor::asked_roles(&schema.settings.project, &Configuration::of(schema));
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let server = server::read(&client, &asked).await.expect("a server");
        let catalog = catalog::read(&client, &Options::default()).await;
        (server, catalog.expect("a catalog"))
    });
    read.expect("a runtime")
}

/// What the doctor says of a database that is bad, but for the settings of the test's server and
/// the slot that no service has made.
fn said(db: &TestDb, schema: &Schema) -> Vec<String> {
    let (mut server, catalog) = read(db, schema);
    server.settings.fsync = true;
    server.settings.max_slot_wal_keep_size = Some(1 << 30);
    server.settings.max_replication_slots = 1000;
    let lines = doctor::database(&Database {
        schema,
        configuration: &Configuration::of(schema),
        server: &server,
        catalog: &catalog,
        clock: server.settings.clock,
    });
    assert_whole(&lines);
    bad(&lines)
        .into_iter()
        .filter(|it| !it.starts_with("no replication slot"))
        // The server of the tests forgets its last commits in a crash, to be fast.
        .filter(|it| !it.starts_with("synchronous_commit") && !it.starts_with("fsync"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn what_generate_writes_is_well_and_each_damage_is_found() {
    testkit::needs!(postgres);
    let db = database("doctor");
    let project = db.name().replace('_', "-");
    let schema = schema(&project);
    let role = |what: &str| format!("{}_{what}", project.replace('-', "_"));
    let generated = syncline_codegen::generate(&schema, targets::TARGETS).expect("files");
    let text = |path: &str| {
        let found = generated.files.get(path);
        found.unwrap_or_else(|| panic!("no {path}")).text.clone()
    };
    db.execute(&text("postgres/schema.sql"));
    db.execute(&text("postgres/setup.sql"));
    let (app, reader, storage) = (role("app"), role("powersync"), role("storage"));
    assert_eq!(said(&db, &schema), Vec::<String>::new());
    // Each damage, what is said of it, and how it is undone.
    for (damage, title, undo) in [
        (
            "ALTER PUBLICATION powersync DROP TABLE tags".to_owned(),
            "tags is not in the publication".to_owned(),
            "ALTER PUBLICATION powersync ADD TABLE tags".to_owned(),
        ),
        (
            "CREATE TABLE other (id text PRIMARY KEY); ALTER PUBLICATION powersync ADD TABLE other"
                .into(),
            "other is in the publication, and no stream reads it".into(),
            "DROP TABLE other".into(),
        ),
        (
            "ALTER PUBLICATION powersync SET (publish = 'insert, update')".into(),
            "the publication leaves out delete, truncate".into(),
            "ALTER PUBLICATION powersync SET (publish = 'insert, update, delete, truncate')".into(),
        ),
        (
            "ALTER PUBLICATION powersync SET (publish_via_partition_root = true)".into(),
            "the publication has publish_via_partition_root".into(),
            "ALTER PUBLICATION powersync SET (publish_via_partition_root = false)".into(),
        ),
        (
            "ALTER TABLE notes REPLICA IDENTITY NOTHING".into(),
            "notes has REPLICA IDENTITY NOTHING".into(),
            "ALTER TABLE notes REPLICA IDENTITY DEFAULT".into(),
        ),
        (
            format!("REVOKE SELECT ON notes FROM {reader}"),
            format!("the role {reader} may not read notes"),
            format!("GRANT SELECT ON notes TO {reader}"),
        ),
        (
            format!("REVOKE UPDATE ON notes FROM {app}"),
            format!("the role {app} may not read and write notes"),
            format!("GRANT UPDATE ON notes TO {app}"),
        ),
        (
            format!("ALTER ROLE {reader} NOBYPASSRLS"),
            format!("row security holds for the role {reader}"),
            format!("ALTER ROLE {reader} BYPASSRLS"),
        ),
        (
            format!("ALTER ROLE {app} BYPASSRLS NOLOGIN"),
            format!("the role {app} may not log in"),
            format!("ALTER ROLE {app} NOBYPASSRLS LOGIN"),
        ),
        (
            format!("REVOKE ALL ON SCHEMA powersync FROM {storage}"),
            format!("the role {storage} may not use the schema powersync"),
            format!("GRANT ALL ON SCHEMA powersync TO {storage}"),
        ),
        (
            format!("REVOKE CREATE ON SCHEMA powersync FROM {storage}"),
            format!("the role {storage} may not make tables in the schema powersync"),
            format!("GRANT CREATE ON SCHEMA powersync TO {storage}"),
        ),
        (
            "DROP PUBLICATION powersync".into(),
            "there is no publication `powersync`".into(),
            "CREATE PUBLICATION powersync FOR ALL TABLES".into(),
        ),
        (
            String::new(),
            "the publication is FOR ALL TABLES".into(),
            "DROP PUBLICATION powersync; CREATE PUBLICATION powersync FOR TABLE notes, tags".into(),
        ),
    ] {
        db.execute(&damage);
        let said = said(&db, &schema);
        assert!(said.first() == Some(&title), "{damage}: {said:#?}");
        db.execute(&undo);
    }
    assert_eq!(said(&db, &schema), Vec::<String>::new());
    db.execute(&format!(
        "DROP OWNED BY {app}, {reader}, {storage} CASCADE; DROP ROLE {app}, {reader}, {storage}"
    ));
}

fn slot(status: &str, active: bool, kept: u64) -> Slot {
    Slot {
        name: "powersync_1_ab".to_owned(),
        plugin: Some("pgoutput".to_owned()),
        database: Some("app".to_owned()),
        active,
        wal_status: Some(status.to_owned()),
        kept: Some(kept),
        lag: Some(kept),
        left: None,
    }
}

/// The levels and titles that facts about a server lead to.
fn of_server(change: impl FnOnce(&mut Server)) -> Vec<(Level, String, String)> {
    let mut server = Server::default();
    let set = &mut server.settings;
    (set.wal_level, set.database) = ("logical".to_owned(), "app".to_owned());
    (set.max_replication_slots, set.max_wal_senders) = (10, 10);
    (set.fsync, set.max_slot_wal_keep_size) = (true, Some(1 << 30));
    server.slots.push(slot("reserved", true, 5000));
    change(&mut server);
    let lines = doctor::database(&Database {
        schema: &Schema::default(),
        configuration: &Configuration::of(&Schema::default()),
        server: &server,
        catalog: &Catalog::default(),
        clock: 0,
    });
    assert_whole(&lines);
    let others = ["there is no role", "there is no publication"];
    lines
        .into_iter()
        .filter(|it| it.level != Level::Ok && !others.iter().any(|no| it.title.starts_with(no)))
        .map(|it| (it.level, it.title, it.mend))
        .collect()
}

#[test]
fn settings_and_slots_are_judged() {
    assert_eq!(of_server(|_| {}), []);
    let one = |change: &dyn Fn(&mut Server)| {
        let mut said = of_server(change);
        assert_eq!(said.len(), 1, "{said:#?}");
        said.remove(0)
    };
    let (level, title, mend) = one(&|it| it.settings.wal_level = "replica".to_owned());
    assert!(level == Level::Error && title == "wal_level is replica, not logical");
    assert!(
        mend.starts_with("ALTER SYSTEM SET wal_level = 'logical';"),
        "{mend}"
    );
    let (_, _, mend) = one(&|it| {
        it.settings.fsync = false;
        it.roles
            .insert(doctor::SUPABASE_ROLE.to_owned(), server::Role::default());
    });
    assert!(mend.starts_with("supabase "), "{mend}");
    for (change, level, begin) in [
        (
            slot("lost", false, 0),
            Level::Error,
            "the replication slot powersync_1_ab is lost",
        ),
        (
            slot("unreserved", true, 0),
            Level::Error,
            "the replication slot powersync_1_ab is about",
        ),
        (
            slot("extended", true, 1 << 29 | 1),
            Level::Warning,
            "the replication slot powersync_1_ab has used",
        ),
        (
            slot("extended", false, 1 << 29 | 1),
            Level::Error,
            "the replication slot powersync_1_ab has used",
        ),
        (
            slot("reserved", false, 9),
            Level::Warning,
            "nobody reads the replication slot",
        ),
    ] {
        let found = one(&|it| it.slots = vec![change.clone()]);
        assert!(found.0 == level && found.1.starts_with(begin), "{found:?}");
    }
    assert!(
        one(&|it| it.slots.clear())
            .1
            .starts_with("no replication slot")
    );
    assert!(
        one(&|it| it.settings.in_recovery = true)
            .1
            .contains("standby")
    );
    assert!(
        one(&|it| it.settings.max_replication_slots = 1)
            .1
            .contains("1 of 1")
    );
    assert!(
        one(&|it| it.settings.synchronous_commit = "off".to_owned())
            .1
            .contains("synchronous")
    );
    assert!(
        one(&|it| it.settings.max_slot_wal_keep_size = None)
            .1
            .contains("no limit")
    );
    assert_eq!(one(&|it| it.settings.clock = 7_000).0, Level::Warning);
    assert_eq!(one(&|it| it.settings.clock = -61_000).0, Level::Error);
}
