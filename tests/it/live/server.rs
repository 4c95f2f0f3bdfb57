//! What a server says of itself, and what a catalog says beside the schema.

use syncline_codegen::diff::TableName;
use syncline_codegen::live::catalog::ReplicaIdentity;
use syncline_codegen::live::server;
use testkit::postgres::database;

use super::{catalog_of, with};

fn name(name: &str) -> TableName {
    TableName::new(None, name)
}

#[test]
fn publication_policies_and_grants_are_read() {
    testkit::needs!(postgres);
    let db = database("shared");
    let role = format!("{}_app", db.name());
    db.execute(&format!(
        "CREATE ROLE {role};
         CREATE TABLE a (id integer PRIMARY KEY, n integer NOT NULL);
         CREATE UNIQUE INDEX a_n ON a (n);
         CREATE TABLE b (id integer PRIMARY KEY); CREATE TABLE c ();
         ALTER TABLE a REPLICA IDENTITY USING INDEX a_n;
         ALTER TABLE b REPLICA IDENTITY FULL;
         ALTER TABLE c REPLICA IDENTITY NOTHING;
         CREATE POLICY own ON a FOR SELECT TO {role} USING (n > 0);
         GRANT SELECT, INSERT ON a TO {role}; GRANT SELECT ON b TO PUBLIC;
         CREATE SCHEMA app; CREATE TABLE app.d (id integer PRIMARY KEY);
         CREATE PUBLICATION powersync FOR TABLE a, app.d WITH (publish = 'insert, update');
         CREATE PUBLICATION other FOR ALL TABLES;
         INSERT INTO b SELECT generate_series(1, 1000); ANALYZE b"
    ));
    let catalog = catalog_of(db.url());
    let facts = |table: &str| &catalog.tables[&name(table)];
    assert_eq!(
        facts("a").replica_identity,
        ReplicaIdentity::Index("a_n".to_owned())
    );
    assert_eq!(facts("b").replica_identity, ReplicaIdentity::Full);
    assert_eq!(facts("c").replica_identity, ReplicaIdentity::Nothing);
    let [policy] = facts("a").policies.as_slice() else {
        panic!("{:?}", facts("a").policies);
    };
    assert_eq!((policy.command, &policy.roles[0]), ("SELECT", &role));
    let rights: Vec<_> = facts("a").grants[&role].iter().collect();
    assert_eq!(rights, ["INSERT", "SELECT"]);
    assert!(facts("b").grants["public"].contains("SELECT"));
    assert_eq!((facts("b").rows, facts("c").rows), (Some(1000), None));
    assert!(facts("b").bytes > 8_000);
    let published: Vec<_> = catalog.published.iter().map(ToString::to_string).collect();
    assert_eq!(published, ["a", "app.d"]);
    let publication = catalog.publication.expect("powersync");
    assert_eq!(publication.leaves_out, ["delete", "truncate"]);
    assert!(!publication.all_tables && publication.partial.is_empty());
    db.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn settings_slots_and_rights_are_read() {
    testkit::needs!(postgres);
    let db = database("server");
    let (app, reader) = (format!("{}_app", db.name()), format!("{}_r", db.name()));
    let slot = format!("slot_{}", db.name());
    db.execute(&format!(
        "CREATE ROLE {app} LOGIN; CREATE ROLE {reader} REPLICATION BYPASSRLS;
         CREATE TABLE a (); CREATE TABLE b (); CREATE SCHEMA app; CREATE TABLE app.c ();
         ALTER TABLE b OWNER TO {app};
         GRANT SELECT, UPDATE ON a TO {app}; GRANT USAGE ON SCHEMA app TO {reader}"
    ));
    db.execute(&format!(
        "SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')"
    ));
    let server = with(db.url(), async |client| {
        server::read(&client, &[&app, &reader, "nobody_of_this_name"]).await
    })
    .expect("a server");
    db.execute(&format!("SELECT pg_drop_replication_slot('{slot}')"));
    db.execute(&format!(
        "REASSIGN OWNED BY {app} TO CURRENT_USER; DROP OWNED BY {app}, {reader};
         DROP ROLE {app}, {reader}"
    ));
    let settings = &server.settings;
    assert_eq!(settings.wal_level, "logical");
    assert_eq!(settings.database, db.name());
    assert!(
        settings.major >= 13 && !settings.in_recovery,
        "{settings:?}"
    );
    let names: Vec<_> = server.roles.keys().collect();
    assert_eq!(names, [&app, &reader]);
    let (app, reader) = (&server.roles[&app], &server.roles[&reader]);
    assert!(app.login && !app.replication && !app.bypass_rls && !app.superuser);
    assert!(!reader.login && reader.replication && reader.bypass_rls);
    let a = app.rights[&name("a")];
    assert!(a.select && a.update && !a.insert && !a.delete);
    let owned: Vec<_> = app.owns.iter().collect();
    assert_eq!(owned, [&name("b")]);
    assert!(reader.schemas.contains("app") && !app.schemas.contains("app"));
    let it = server.slots.iter().find(|it| it.name == slot).expect("it");
    assert_eq!(it.wal_status.as_deref(), Some("reserved"));
    assert!(it.kept.is_some() && it.lag.is_some() && !it.active);
}
