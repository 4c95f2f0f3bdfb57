//! Broken and malicious scripts end in findings, in time.

use std::time::{Duration, Instant};

use syncline_codegen::read::sql::{MAX_STATEMENTS, StatementKind, statements};
use syncline_schema::FileId;

use super::{read, said};

/// Each of these has one mistake, which is said once.
#[test]
fn one_mistake_is_one_finding() {
    let deep = format!("CREATE TABLE t (a text CHECK {}", "(".repeat(200_000));
    for text in [
        "CREATE TABLE t (a text",
        "CREATE TABLE t (a text,",
        "CREATE TABLE t (a text))",
        "CREATE TABLE",
        "CREATE",
        "CREAT TABLE t (a text);",
        "CREATE TABLE t (a 'text');",
        "CREATE TABLE t (a text DEFAULT 'x);",
        "CREATE TABLE t (a text DEFAULT \"x);",
        "CREATE TABLE t (a text /* b text);",
        "CREATE TABLE t (a text DEFAULT $$x);",
        "CREATE TABLE t (a text NOT);",
        "CREATE TABLE t (a text REFERENCES);",
        "ALTER TABLE t",
        "CREATE INDEX ON",
        "CREATE INDEX i ON t (a) WHERE",
        "COMMENT ON TABLE t IS",
        "\u{1}\u{2}\u{3}",
        "{\"json\": true}",
        "<html><body>",
        "#!/bin/sh",
        "CREATE TABLE t (a text) \\gexec",
        &deep,
    ] {
        let replay = read(text);
        let said = said(&replay);
        let shown: String = text.chars().take(60).collect();
        assert_eq!(said.len(), 1, "{shown}: {said:?}");
        assert!(said[0].starts_with("M001"), "{shown}: {said:?}");
        for found in replay.diagnostics.iter() {
            let range = found.place().range().expect("a place");
            assert!(text.get(range).is_some(), "{shown}: {found:?}");
        }
    }
}

#[test]
fn a_broken_statement_hides_no_other() {
    let replay = read(
        "CREATE TABLE a (id text PRIMARY KEY);\nCREATE TABLE b (id text PRIMARY);\nSELECT );\n\
         CREATE TABLE c (id text PRIMARY KEY);",
    );
    let names: Vec<_> = replay.schema.tables.iter().map(|it| &it.name).collect();
    assert_eq!(names, ["a", "c"]);
    assert_eq!(replay.diagnostics.iter().count(), 1);
}

#[test]
fn huge_scripts_are_refused_in_time() {
    let start = Instant::now();
    let parens = "(".repeat(50_000_000);
    let rows = "INSERT INTO t VALUES (1);\n".repeat(50_000_000 / 26);
    for text in [&parens, &rows] {
        let said = said(&read(text));
        assert_eq!(said, ["M001 this script is too long to read"]);
    }
    let many = ";a".repeat(MAX_STATEMENTS + 10);
    let found = statements(&many, FileId(0));
    assert_eq!(found.len(), MAX_STATEMENTS + 1);
    assert_eq!(found.last().map(|it| it.kind), Some(StatementKind::TooMuch));
    assert!(start.elapsed() < Duration::from_secs(20));
}

/// What is deep but sound is read, however deep it is.
#[test]
fn depth_costs_neither_stack_nor_time() {
    let start = Instant::now();
    let (open, close) = ("(".repeat(200_000), ")".repeat(200_000));
    let casts = format!("{}1{}", "(".repeat(50_000), ")::int".repeat(50_000));
    let sum = format!("{}1{}", "(".repeat(50_000), "+1)".repeat(50_000));
    let arrays = format!("{}{}", "ARRAY[".repeat(50_000), "]".repeat(50_000));
    for inside in [format!("{open}1{close}"), casts, sum, arrays] {
        let replay = read(&format!(
            "CREATE TABLE t (a int DEFAULT {inside}, CHECK (a > {inside}));\n\
             CREATE INDEX ON t (({inside}));\nALTER TABLE t RENAME a TO b;"
        ));
        assert_eq!(said(&replay), Vec::<String>::new());
        assert_eq!(replay.schema.tables[0].columns[0].name, "b");
    }
    assert!(start.elapsed() < Duration::from_secs(20));
}

/// Cut anywhere, bytes changed anywhere: nothing panics, and every place is one of the text.
#[test]
fn damaged_scripts_never_panic() {
    let root = testkit::repo_root();
    let mut text =
        std::fs::read_to_string(root.join("generated/postgres/schema.sql")).expect("the file");
    text.push_str(super::styles::PG_DUMP);
    text.push_str(super::styles::DRIZZLE);
    let step = text.len() / 150;
    for at in (0..text.len()).step_by(step.max(1)) {
        let cut = text.get(..at).unwrap_or_default();
        places(cut, &read(cut));
        for damage in ["'", "(", ")", "\"", "$$", "/*", ";", "\\", "é", "--"] {
            let Some(rest) = text.get(at..) else { continue };
            let broken = format!("{cut}{damage}{rest}");
            places(&broken, &read(&broken));
        }
    }
}

fn places(text: &str, replay: &syncline_codegen::read::sql::Replay) {
    for label in replay.diagnostics.iter().flat_map(|it| &it.labels) {
        if let Some(range) = label.place.range() {
            assert!(text.get(range).is_some(), "{label:?}");
        }
    }
}

/// The splitter loses nothing: statements stand in order and hold every token.
#[test]
fn splitting_is_lossless() {
    let text = "SELECT ';' ; SELECT $a$ ; $a$;; CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC \
                SELECT CASE WHEN true THEN 1 END; SELECT 2; END;\nBEGIN; COMMIT;\
                CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2);\n\
                COPY t (a) FROM stdin;\n1;'\n\\.\nSELECT 1 --> no\n--> statement-breakpoint\nSELECT 2";
    let found = statements(text, FileId(0));
    let sql: Vec<_> = found.iter().map(|it| it.sql).collect();
    assert_eq!(
        sql,
        [
            "SELECT ';'",
            "SELECT $a$ ; $a$",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; \
             SELECT 2; END",
            "BEGIN",
            "COMMIT",
            "CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2)",
            "COPY t (a) FROM stdin",
            "SELECT 1",
            "SELECT 2",
        ]
    );
    for statement in &found {
        assert_eq!(&text[statement.range.clone()], statement.sql);
    }
    let kinds = [found[3].kind, found[4].kind, found[7].kind];
    assert_eq!(
        kinds,
        [
            StatementKind::Begin,
            StatementKind::Commit,
            StatementKind::Sql
        ]
    );
}
