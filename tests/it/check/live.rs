//! `check --database-url`: a live PostgreSQL against the schema.

use testkit::postgres::database_with;
use testkit::syncline;

const SOURCE: &str = r#"
[project]
name = "shop"
[tables.items.columns]
title = "text"
note = "text?"
"#;

#[test]
fn a_live_database_is_compared() {
    testkit::needs!(postgres);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("syncline.toml"), SOURCE).expect("a source");
    let bin = env!("CARGO_BIN_EXE_syncline");
    syncline(bin, ["generate", "-q"], folder.path()).expect(0);
    let ddl =
        std::fs::read_to_string(folder.path().join("generated/postgres/schema.sql")).expect("made");
    let db = database_with("live_check", &ddl);
    db.execute("CREATE PUBLICATION powersync FOR TABLE items");
    let check = ["check", "--database-url", db.url()];
    let clean = syncline(bin, check, folder.path()).expect(0);
    let said = "no drift: generated files, 0 hand-written files and the database against";
    assert!(clean.stderr.contains(said), "{clean}");
    db.execute(
        "ALTER TABLE items ALTER COLUMN note SET NOT NULL, ADD CHECK (title <> '');
         CREATE TABLE sessions (token text PRIMARY KEY);
         ALTER PUBLICATION powersync SET TABLE sessions",
    );
    let drift = syncline(bin, check, folder.path()).expect(1);
    for part in [
        "C009",
        "`items.note` may be null on the device",
        "C060",
        "`items` is not in the publication",
        "sends sessions, which no stream reads",
        "C061",
        "title <> ''",
        "table `sessions` is not in the schema",
        // The database has lines of its own to show.
        "--> database:",
        "public.items.note text NOT NULL",
        "check items_title_check on public.items",
    ] {
        assert!(drift.stderr.contains(part), "{part}:\n{drift}");
    }
    let check = [&check[..], &["--format", "sarif"]].concat();
    let sarif = syncline(bin, check.clone(), folder.path()).expect(1);
    assert!(!sarif.stdout.contains("\"uri\": \"database\""), "{sarif}");
    let check = &check[..3];
    db.execute("DROP PUBLICATION powersync");
    let none = syncline(bin, check, folder.path()).expect(1);
    assert!(
        none.stderr.contains("there is no publication `powersync`"),
        "{none}"
    );
    let gone = [
        "check",
        "--database-url",
        "postgres://nobody:secret@127.0.0.1:1/none",
    ];
    let gone = syncline(bin, gone, folder.path()).expect(2);
    assert!(!gone.stderr.contains("secret"), "{gone}");
}

#[test]
fn a_live_database_stands_in_for_a_source() {
    testkit::needs!(postgres);
    let folder = tempfile::tempdir().expect("a folder");
    let device = r#"import { sqliteTable, text } from "drizzle-orm/sqlite-core";
export const items = sqliteTable("items", { id: text("id").primaryKey(), titel: text("titel").notNull() });
"#;
    std::fs::write(folder.path().join("sqlite.ts"), device).expect("a Drizzle file");
    let db = database_with(
        "live_alone",
        "CREATE TABLE items (id text PRIMARY KEY, title text NOT NULL);
         CREATE TABLE sessions (token text PRIMARY KEY)",
    );
    let bin = env!("CARGO_BIN_EXE_syncline");
    let check = [
        "check",
        "--drizzle-sqlite",
        "sqlite.ts",
        "--database-url",
        db.url(),
    ];
    let drift = syncline(bin, check, folder.path()).expect(1);
    for part in ["C003", "`items.title`", "did you mean `title`"] {
        assert!(drift.stderr.contains(part), "{part}:\n{drift}");
    }
    assert!(!drift.stderr.contains("sessions"), "{drift}");
    db.execute("ALTER TABLE items RENAME title TO titel");
    syncline(bin, check, folder.path()).expect(0);
}
