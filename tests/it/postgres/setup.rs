//! `setup.sql`, `teardown.sql` and `server-settings.sql`, run on a real server.

use testkit::postgres::{TestDb, database};

use super::{CYCLE, KITCHEN, Output, sql, texts};

pub(super) const SECRETS: &str = r#"
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

/// A managed host gives no superuser: setup.sql says what it could not do, and does the rest.
#[test]
fn a_managed_host_is_set_up_by_a_plain_role() {
    testkit::needs!(postgres);
    let db = database("managed");
    let name = db.name();
    let admin = format!("{name}_admin");
    db.execute(&format!(
        "CREATE ROLE {admin} CREATEROLE; ALTER DATABASE {name} OWNER TO {admin}"
    ));
    let output = Output::of(&SECRETS.replace("PROJECT", name), &["postgres"]);
    for file in ["schema", "setup", "setup"] {
        db.execute(&format!("SET ROLE {admin}; {}", sql(&output, file)));
    }
    let standing = standing(&db);
    for line in [
        "NAME_app truefalsefalsefalse",
        "NAME_powersync truefalsefalsefalse",
        "public.notes",
        "NAME_powersync public.notes SELECT",
    ] {
        assert!(standing.lines().any(|it| it == line), "{line}\n{standing}");
    }
    db.execute(&format!("SET ROLE {admin}; {}", sql(&output, "teardown")));
    db.execute(&format!(
        "ALTER DATABASE {name} OWNER TO CURRENT_USER; DROP OWNED BY {admin}; DROP ROLE {admin}"
    ));
}
