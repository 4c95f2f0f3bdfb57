//! Hazards: of statements that somebody wrote, and of what is planned.

use std::collections::BTreeSet;
use std::fs;

use syncline_codegen::diff::hazard::{Hazard, World, weigh};
use syncline_codegen::diff::{Pair, Scope};
use syncline_codegen::migrate::folder::{self, Folder, NewMigration, Snapshot, Stamp};
use syncline_codegen::migrate::lint::{Lint, lint};
use syncline_codegen::migrate::plan::plan;
use syncline_codegen::read::sql;
use syncline_schema::{FileId, Schema};

use crate::diff::{cases, schema, sound};

const BEFORE: &str = r#"
[project]
name = "shop"
[tables.items]
indexes = [{ columns = ["title"] }]
[tables.items.columns]
title = "text?"
secret = { type = "text?", server_only = true }
stars = "integer?"
state = { type = "enum", values = ["open", "shut"] }
price = "decimal(12,2)?"
[tables.log]
sync = "server"
[tables.log.columns]
id = "integer"
line = "text?"
"#;

/// The hazards of a script on the tables above, by name, each once.
fn hazards(script: &str) -> Vec<&'static str> {
    let start = sound("before", BEFORE);
    let mut world = World::new(&start, None);
    let mut found = BTreeSet::new();
    for statement in sql::statements(script, FileId(0)) {
        let (steps, said) = sql::steps(&statement, &world.now);
        assert!(
            said.iter()
                .all(|it| it.severity != syncline_schema::Severity::Error),
            "{script}: {said:?}"
        );
        for step in steps {
            found.extend(weigh(&step, &world).into_iter().map(|it| it.hazard));
            world.take(&step);
        }
    }
    found.into_iter().map(Hazard::name).collect()
}

#[test]
fn statements_written_by_hand_are_weighed() {
    let cases: &[(&str, &[&str])] = &[
        ("DROP TABLE items", &["deletes-data", "breaks-clients"]),
        ("DROP TABLE log", &["deletes-data"]),
        ("ALTER TABLE items DROP COLUMN title", &["deletes-data", "breaks-clients"]),
        ("ALTER TABLE items DROP COLUMN secret", &["deletes-data"]),
        ("ALTER TABLE items RENAME COLUMN title TO name", &["breaks-clients"]),
        ("ALTER TABLE items RENAME COLUMN secret TO hidden", &[]),
        ("ALTER TABLE items RENAME TO things", &["breaks-clients"]),
        ("ALTER TABLE log RENAME TO lines", &[]),
        ("ALTER TABLE items ALTER COLUMN title SET NOT NULL", &["may-fail", "access-exclusive-lock", "breaks-clients"]),
        (
            "ALTER TABLE log ADD CONSTRAINT n CHECK (line IS NOT NULL) NOT VALID;
             ALTER TABLE log VALIDATE CONSTRAINT n;
             ALTER TABLE log ALTER COLUMN line SET NOT NULL; ALTER TABLE log DROP CONSTRAINT n",
            &["may-fail"],
        ),
        ("ALTER TABLE items ADD COLUMN note text", &[]),
        ("ALTER TABLE items ADD COLUMN note text NOT NULL", &["may-fail", "breaks-clients"]),
        ("ALTER TABLE log ADD COLUMN token uuid DEFAULT gen_random_uuid()", &["table-rewrite"]),
        ("ALTER TABLE items ALTER COLUMN stars TYPE bigint", &["table-rewrite", "breaks-clients"]),
        ("ALTER TABLE items ALTER COLUMN price TYPE numeric(12,1)", &["deletes-data", "table-rewrite", "breaks-clients"]),
        ("ALTER TABLE items ALTER COLUMN price TYPE numeric(14,2)", &[]),
        ("ALTER TABLE log ALTER COLUMN line TYPE varchar(5)", &["may-fail", "table-rewrite"]),
        ("CREATE INDEX i ON items (stars)", &["index-build"]),
        ("CREATE INDEX CONCURRENTLY i ON items (stars)", &[]),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON items (stars)", &["may-fail", "breaks-clients"]),
        ("DROP INDEX items_title_idx", &["index-dropped"]),
        ("ALTER TABLE items DROP CONSTRAINT items_pkey", &["copied-again"]),
        ("ALTER TABLE items DROP CONSTRAINT items_state_check;
          ALTER TABLE items ADD CONSTRAINT items_state_check CHECK (state IN ('open', 'shut', 'lost')) NOT VALID", &[]),
        ("ALTER TABLE items DROP CONSTRAINT items_state_check;
          ALTER TABLE items ADD CONSTRAINT items_state_check CHECK (state IN ('open')) NOT VALID", &["breaks-clients"]),
        ("DELETE FROM log WHERE line IS NULL", &["deletes-data"]),
        ("TRUNCATE log", &["deletes-data"]),
        ("UPDATE log SET line = 'x'", &[]),
        ("CREATE TABLE t (id text PRIMARY KEY); CREATE INDEX i ON t (id); ALTER TABLE t DROP COLUMN id", &[]),
        ("LOCK TABLE items", &["access-exclusive-lock"]),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(script, wanted)| (script, hazards(script), wanted))
        .filter(|(_, found, wanted)| found != *wanted)
        .map(|(script, found, wanted)| format!("{script}\n  {found:?}, not {wanted:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A folder with one migration behind `before`.
fn folder_with(
    before: &Schema,
    after: &Schema,
    files: Vec<(String, String)>,
) -> (tempfile::TempDir, Folder) {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |stamp: &str, name: &str, files, snapshot: Snapshot| {
        let new = NewMigration {
            stamp: Stamp::parse(stamp).expect("a stamp"),
            name: name.to_owned(),
            files,
            down: Some("-- Nothing.\n".to_owned()),
            snapshot,
            replaces: None,
        };
        folder::write(dir.path(), &new).expect("a migration")
    };
    let first = vec![("1_expand.sql".to_owned(), "SELECT 1;\n".to_owned())];
    let path = write(
        "20260101000000",
        "init",
        first,
        Snapshot::new(before.clone(), None),
    );
    let bytes = fs::read(path.join("snapshot.json")).expect("a snapshot");
    let parent = Folder::read(dir.path())
        .newest()
        .and_then(|it| it.snapshot.clone())
        .map(|it| it.sha256);
    assert!(!bytes.is_empty() && parent.is_some());
    write(
        "20260102000000",
        "next",
        files,
        Snapshot::new(after.clone(), parent),
    );
    let folder = Folder::read(dir.path());
    assert!(!folder.diagnostics.has_errors(), "{:?}", folder.diagnostics);
    (dir, folder)
}

fn newest(folder: &Folder) -> Lint {
    lint(folder, |it| it.name == "next", &BTreeSet::new())
}

#[test]
fn what_is_planned_is_weighed_as_it_is_read_back() {
    let mut wrong = Vec::new();
    for (name, path) in cases() {
        if path.join("refused.txt").exists() {
            continue;
        }
        let (previous, next) = (
            schema(&path.join("before.toml")),
            schema(&path.join("after.toml")),
        );
        let schemas = Pair {
            previous: &previous,
            next: &next,
        };
        let planned = plan(schemas, Scope::Declared);
        if planned.is_empty() {
            continue;
        }
        let mut files = planned.files(&next);
        files.pop();
        let (_dir, folder) = folder_with(&previous, &next, files);
        let read: Vec<_> = newest(&folder)
            .hits
            .into_iter()
            .map(|it| it.found)
            .collect();
        let meant: Vec<_> = planned.hazards.into_iter().map(|it| it.1).collect();
        if read != meant {
            wrong.push(format!("{name}\n  read  {read:?}\n  meant {meant:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_line_with_a_reason_allows_one_hazard_in_its_file() {
    let before = sound("before", BEFORE);
    let text = "-- syncline:allow deletes-data nobody reads it\nALTER TABLE items DROP COLUMN title;\n-- syncline:allow index-build none is built\n";
    let (_dir, folder) = folder_with(
        &before,
        &before,
        vec![("1_expand.sql".to_owned(), text.to_owned())],
    );
    let found = newest(&folder);
    let open: Vec<_> = found.open().map(|it| it.found.hazard.name()).collect();
    assert_eq!(open, ["breaks-clients"]);
    assert_eq!(found.hits[0].allowed.as_deref(), Some("nobody reads it"));
    let said: Vec<_> = found.diagnostics.iter().map(|it| it.code.name()).collect();
    assert_eq!(said, ["M022"]);
    let everywhere = lint(
        &folder,
        |it| it.name == "next",
        &BTreeSet::from([Hazard::BreaksClients]),
    );
    assert_eq!(everywhere.open().count(), 0);
}
