//! The forms of a report, each as a snapshot and each before the program that reads it.

use std::fs;

use serde_json::Value;
use syncline_codegen::check::{self, Subject, SubjectKind};
use syncline_codegen::disk::Disk;
use syncline_codegen::render;
use syncline_schema::source::load_str;
use syncline_schema::{Loaded, suppress::Judged};

/// Findings of every weight, with and without a place, in a file whose name wants escaping in each
/// form, behind letters that are one character, two UTF-16 units and four bytes.
const SOURCE: &str = r#"[project]
name = "app"

[tables.notes]
[tables.notes.columns]
title = "text"
due = "timestamp?"

[tables.groups]
[tables.groups.columns]
name = "text"

[check.ignore]
"C003.groups" = "it is <only> for \"us\" & 100%"
"#;

const DEVICE: &str = r#"import { sqliteTable, text, integer } from "drizzle-orm/sqlite-core";
export const notes = sqliteTable("notes", {
  id: text("id").primaryKey(), owner_id: text("owner_id"), created_at: text("created_at"), updated_at: text("updated_at"),
  deleted_at: text("deleted_at"), title: text("title"), /* 🙂🙂 */ due: integer("due", { mode: "timestamp" }),
});
export const groups = sqliteTable("groups", {
  id: text("id").primaryKey(), owner_id: text("owner_id"), created_at: text("created_at"), updated_at: text("updated_at"),
  deleted_at: text("deleted_at"),
});
export const extra = sqliteTable("extra", { id: text("id").primaryKey() });
"#;

const PATH: &str = "my app/ä,b:100%.ts";

fn judged() -> (Loaded, Judged) {
    let mut loaded = load_str(SOURCE);
    let subject = |path: &str, bytes: &[u8]| Subject {
        kind: SubjectKind::DrizzleSqlite,
        path: path.into(),
        bytes: bytes.to_vec(),
    };
    let config = Subject {
        kind: SubjectKind::SyncConfig,
        ..subject("broken.yaml", b"a: \xff")
    };
    let subjects = vec![subject(PATH, DEVICE.as_bytes()), config];
    let judged = check::judge(
        &loaded.schema,
        &mut loaded.sources,
        subjects,
        &Disk::new(std::path::Path::new("")),
    );
    assert!(!judged.suppressed.is_empty(), "nothing is suppressed");
    (loaded, judged)
}

fn with_run<T>(read: impl FnOnce(&render::Run<'_>) -> T) -> T {
    let (loaded, judged) = judged();
    let tables: Vec<_> = loaded
        .schema
        .tables
        .iter()
        .map(|it| it.name.clone())
        .collect();
    read(&render::Run {
        found: &judged.found,
        suppressed: &judged.suppressed,
        sources: &loaded.sources,
        tables: &tables,
        deny_warnings: false,
    })
}

fn judge(form: &str, text: &str) -> Value {
    let said = testkit::node::run("judge-report.mjs", [form], text).expect(0);
    let said: Value = serde_json::from_str(&said.stdout).expect("JSON");
    assert_eq!(said["ok"], true, "{said:#}\n{text}");
    said
}

fn sarif() -> Value {
    let mut log = with_run(render::sarif);
    // The pages have tests of their own.
    for rule in log["runs"][0]["tool"]["driver"]["rules"]
        .as_array_mut()
        .expect("rules")
    {
        rule["help"] = "…".into();
    }
    log
}

#[test]
fn sarif_is_what_its_schema_says() {
    insta::assert_snapshot!(format!("{:#}", sarif()));
    testkit::needs!(node);
    judge("sarif", &with_run(render::sarif).to_string());
}

#[test]
fn sarif_counts_columns_in_utf16() {
    let log = sarif();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let due = results
        .iter()
        .find(|it| it["ruleId"] == "C004")
        .expect("the type of `due`");
    let at = &due["locations"][0]["physicalLocation"];
    let region = &at["region"];
    let line: Vec<u16> = DEVICE
        .lines()
        .nth(3)
        .expect("a line")
        .encode_utf16()
        .collect();
    let number = |key: &str| region[key].as_u64().expect("a number") as usize;
    assert_eq!((number("startLine"), number("endLine")), (4, 4));
    let range = number("startColumn") - 1..number("endColumn") - 1;
    let shown = String::from_utf16(&line[range]).expect("whole characters");
    assert!(
        shown.starts_with("due") || shown.starts_with("integer("),
        "{shown}"
    );
    assert_eq!(
        at["artifactLocation"]["uri"],
        "my%20app/%C3%A4%2Cb%3A100%25.ts"
    );
}

#[test]
fn workflow_commands_are_escaped() {
    let text = with_run(render::github);
    for line in text.lines() {
        let (head, message) = line[2..].split_once("::").expect("a command and its text");
        let properties = head.split_once(' ').expect("properties").1;
        for property in properties.split(',') {
            let (_, value) = property.split_once('=').expect("a value");
            assert!(!value.contains([':', ',', '\r', '\n']), "{value}");
        }
        for at in message.match_indices('%').map(|(at, _)| at) {
            let code = &message[at + 1..at + 3];
            assert!(["25", "0A", "0D"].contains(&code), "%{code}");
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn junit_has_a_testcase_for_each_table() {
    let text = with_run(render::junit);
    insta::assert_snapshot!(text);
    testkit::needs!(node);
    let said = judge("xml", &text);
    let failed = |name: &str| {
        let cases = said["cases"].as_array().expect("cases");
        let case = cases.iter().find(|it| it["name"] == name);
        case.unwrap_or_else(|| panic!("no case {name}: {said:#}"))["failed"].clone()
    };
    assert_eq!(failed("groups"), false);
    assert_eq!(failed("notes"), true);
}

#[test]
fn people_read_it_table_by_table() {
    let text = with_run(|run| render::by_table(run.found, run.sources, false));
    insta::assert_snapshot!(text);
}

#[test]
fn json_keeps_its_shape() {
    let json = with_run(|run| render::json(run.found, run.sources));
    let keys: Vec<_> = json[0].as_object().expect("a finding").keys().collect();
    assert_eq!(
        keys,
        [
            "code", "severity", "title", "message", "labels", "notes", "help"
        ]
    );
    insta::assert_snapshot!(format!("{json:#}"));
}

/// A folder with a schema source, a sync config and its name under `[check]`.
fn app(config: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let source = "[project]\nname = \"app\"\n\n[tables.notes]\n[tables.notes.columns]\ntitle = \"text\"\n\n[check]\nsync_config = [\"sync.yaml\"]\n";
    fs::write(dir.path().join("syncline.toml"), source).expect("a source");
    fs::write(dir.path().join("sync.yaml"), config).expect("a sync config");
    dir
}

fn syncline(dir: &tempfile::TempDir, args: &[&str]) -> testkit::Output {
    testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir.path())
}

const SOUND: &str = "config:\n  edition: 3\nstreams:\n  mine:\n    auto_subscribe: true\n    query: SELECT * FROM notes WHERE owner_id = auth.user_id() AND deleted_at IS NULL\n";

#[test]
fn every_form_goes_to_stdout_and_weighs_the_same() {
    let dir = app("config: {edition: 3}\nstreams:\n  mine: {query: SELECT * FROM nodes}\n");
    for form in ["json", "sarif", "github", "junit"] {
        for verb in ["check", "generate"] {
            let exit = i32::from(verb == "check");
            let said = syncline(&dir, &[verb, "--format", form]).expect(exit);
            assert!(said.stderr.is_empty(), "{verb} {form}: {said}");
            let again = syncline(&dir, &[verb, "--format", form]).expect(exit);
            if verb == "check" {
                assert!(said.stdout.contains("nodes"), "{form}: {said}");
                assert_eq!(said.stdout, again.stdout, "{form}");
            }
        }
    }
}

#[test]
fn warnings_fail_only_where_they_are_denied() {
    // A part that cannot be followed is a warning.
    let dir = app(&format!("{SOUND}  more:\n    auto_subscribe: true\n"));
    let warned = syncline(&dir, &["check"]).expect(0);
    assert!(warned.stderr.contains("1 warning"), "{warned}");
    syncline(&dir, &["check", "--deny", "warnings"]).expect(1);
    let junit = syncline(&dir, &["check", "--deny", "warnings", "--format", "junit"]).expect(1);
    assert!(junit.stdout.contains("failures=\"1\""), "{junit}");
    let dir = app(SOUND);
    syncline(&dir, &["check", "--deny", "warnings"]).expect(0);
}
