//! The two forms of the sync config: compiled by the PowerSync Service's own compiler, and held
//! against each other and against what the schema says, row by row.

mod rows;
mod text;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use syncline_codegen::{generate, targets};
use syncline_schema::model::Schema;
use syncline_schema::source::load_str;

use rows::{Rows, source_tables};

const NOTES: &str = include_str!("../../syncline.toml");
const KITCHEN: &str = include_str!("../schemas/kitchen.toml");
const AWKWARD: &str = include_str!("../schemas/awkward.toml");
const GROWN: &str = include_str!("../schemas/grown.toml");

/// Streams that users write, one for each thing that sync rules can say as well.
const WRITTEN: &str = include_str!("sync/written.toml");

/// Loads a schema that must be sound.
fn load(source: &str) -> Schema {
    let loaded = load_str(source);
    let errors: Vec<_> = loaded.diagnostics.iter().collect();
    assert!(!loaded.diagnostics.has_errors(), "{errors:#?}");
    loaded.schema
}

/// `(sync-config.yaml, sync_rules.yaml)`.
fn configs(schema: &Schema) -> (String, String) {
    let chosen = ["sync_streams", "sync_rules"].map(|name| targets::find(name).expect("a target"));
    let made = generate(schema, &chosen).expect("templates that fit");
    let text = |path| made.files.get(path).expect("a file").text.clone();
    (
        text("powersync/sync-config.yaml"),
        text("powersync/sync_rules.yaml"),
    )
}

/// Both forms and the source tables in a folder, for the judges.
fn folder(schema: &Schema) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let (streams, rules) = configs(schema);
    fs::write(folder.path().join("streams.yaml"), streams).expect("a file");
    fs::write(folder.path().join("rules.yaml"), rules).expect("a file");
    let tables = source_tables(schema).to_string();
    fs::write(folder.path().join("tables.json"), tables).expect("a file");
    folder
}

fn compiled(folder: &Path, form: &str) -> Value {
    let config = folder.join(format!("{form}.yaml"));
    let tables = folder.join("tables.json");
    let output = testkit::node::run("judge-sync-config.mjs", [config, tables], "").expect(0);
    serde_json::from_str(&output.stdout).expect("JSON")
}

/// What each user gets: `results[form][user]` is a list of `{table, id, data}`.
fn evaluated(folder: &Path, schema: &Schema, rows: &Rows, users: &Value) -> Value {
    let path = |form: &str| folder.join(format!("{form}.yaml"));
    let input = json!({
        "configs": {"streams": path("streams"), "rules": path("rules")},
        "tables": source_tables(schema),
        "rows": rows.rows,
        "users": users,
    });
    let file = folder.join("input.json");
    fs::write(&file, input.to_string()).expect("a file");
    let output = testkit::node::run("judge-sync-eval.mjs", [file], "").expect(0);
    let found: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(found["errors"], json!([]));
    found["results"].clone()
}

/// The rows that only one of the forms sends, as text.
fn difference(streams: &Value, rules: &Value) -> Vec<String> {
    let rows = |of: &Value| -> BTreeSet<String> {
        of.as_array()
            .expect("a list")
            .iter()
            .map(Value::to_string)
            .collect()
    };
    rows(streams)
        .symmetric_difference(&rows(rules))
        .cloned()
        .collect()
}

#[test]
fn the_services_compiler_has_nothing_to_say() {
    testkit::needs!(node);
    let empty = "[project]\nname = \"empty\"\n";
    let local = format!("{empty}[tables.t]\nsync = \"local\"\ncolumns = {{ a = \"text\" }}\n");
    let server = local.replace("local", "server");
    let insert_only = local.replace("sync = \"local\"", "insert_only = true\ndelete = \"hard\"");
    for source in [
        NOTES,
        KITCHEN,
        AWKWARD,
        GROWN,
        WRITTEN,
        empty,
        &local,
        &server,
        &insert_only,
        &names(),
    ] {
        let schema = load(source);
        let folder = folder(&schema);
        for form in ["streams", "rules"] {
            let found = compiled(folder.path(), form);
            assert_eq!(
                found["ok"], true,
                "{} as {form}: {found:#}",
                schema.settings.project
            );
        }
    }
}

#[test]
fn each_user_gets_their_own_rows_and_no_deleted_ones() {
    testkit::needs!(node);
    for (seed, source) in [
        (1, NOTES),
        (2, KITCHEN),
        (3, AWKWARD),
        (4, GROWN),
        (5, names().as_str()),
    ] {
        let mut schema = load(source);
        // What users wrote is held against itself in the next test.
        schema.streams.clear();
        let rows = Rows::random(&schema, 8, seed);
        let folder = folder(&schema);
        let results = evaluated(folder.path(), &schema, &rows, &rows::users());
        for user in rows::USERS {
            let expected = rows.of_user(&schema, user);
            assert!(expected.len() > 4, "the rows are too few to tell");
            for form in ["streams", "rules"] {
                let got = results[form][user].as_array().expect("a list");
                let got: BTreeSet<_> = got.iter().map(rows::name_of).collect();
                assert_eq!(got, expected, "{user} by {form}");
            }
            let found = difference(&results["streams"][user], &results["rules"][user]);
            assert_eq!(found, [] as [String; 0], "{user}");
        }
    }
}

#[test]
fn both_forms_send_the_same_rows_of_written_streams() {
    testkit::needs!(node);
    let schema = load(WRITTEN);
    let (_, rules) = configs(&schema);
    insta::assert_snapshot!(rules);
    // One stream at a time: rows of another would hide what is missing.
    for stream in &schema.streams {
        let mut one = schema.clone();
        one.streams.retain(|it| it.name == stream.name);
        let folder = folder(&one);
        let mut sent = 0;
        for seed in 0..4 {
            let rows = Rows::random(&one, 60, seed);
            let results = evaluated(folder.path(), &one, &rows, &rows::users());
            for user in rows::USERS {
                let found = difference(&results["streams"][user], &results["rules"][user]);
                assert_eq!(found, [] as [String; 0], "{} of {user}", stream.name);
            }
            let lists = results["rules"].as_object().expect("users").values();
            sent += lists
                .filter_map(Value::as_array)
                .map(Vec::len)
                .sum::<usize>();
        }
        assert!(sent > 0, "{} sends nothing", stream.name);
    }
}

#[test]
fn values_arrive_in_the_form_that_the_device_takes() {
    testkit::needs!(node);
    let schema = load(KITCHEN);
    let folder = folder(&schema);
    let rows = Rows::one_of_each(&schema);
    let results = evaluated(folder.path(), &schema, &rows, &rows::users());
    let sent = results["streams"][rows::USERS[0]].as_array().expect("rows");
    let of = |table: &str| {
        let row = sent.iter().find(|row| row["table"] == table);
        row.unwrap_or_else(|| panic!("no row of {table}"))["data"].clone()
    };
    let row = of("every_type");
    for (column, expected) in [
        ("a_boolean", json!({"integer": "1"})),
        ("a_bigint", json!({"integer": "9223372036854775807"})),
        ("a_decimal", json!("1.50")),
        ("a_timestamp", json!("2026-01-02T03:04:05.600Z")),
        ("a_local_timestamp", json!("2026-01-02T03:04:05.600")),
        ("a_time", json!("03:04:05.600")),
        ("a_bytes", json!("AQID")),
        ("an_enum", json!("red")),
    ] {
        assert_eq!(row[column], expected, "{column}");
    }
    assert_eq!(of("every_nullable")["a_bytes"], Value::Null);
    let order = of("order");
    assert!(order.get("constructor").is_some(), "{order}");
    assert!(of("folders").get("secret").is_none());
    assert!(sent.iter().all(|row| row["table"] != "clicks"));
}

/// Names that are words somewhere, and as long as names can be.
fn names() -> String {
    let words = [
        "select",
        "true",
        "null",
        "text",
        "index",
        "user",
        "auth",
        "request",
        "json_each",
        "value",
        "row",
        "token_parameters",
        "constructor",
        "createdBy",
        "größe",
        "streams",
    ];
    let long = "n".repeat(63);
    let mut source = String::from("[project]\nname = \"names\"\n");
    for word in words.into_iter().chain([long.as_str()]) {
        source.push_str(&format!(
            "[tables.\"{word}\".columns]\n\"{word}\" = \"text\"\ndata = \"bytes?\"\n"
        ));
    }
    source
}

#[test]
fn arrays_that_hold_the_user_are_said_in_both_forms() {
    testkit::needs!(node);
    let tables = &WRITTEN[..WRITTEN.find("[streams.").expect("streams")];
    let query = "SELECT id, word FROM t WHERE auth.parameter('role') IN tags AND NOT (word = 'b')";
    let source = format!("{tables}[streams.s]\nauto_subscribe = true\nquery = {query:?}\n");
    let schema = load_str(&source).schema;
    assert!(configs(&schema).1.contains("(bucket.p1 IN tags)"));
    let folder = folder(&schema);
    let rows = Rows::random(&schema, 60, 5);
    let results = evaluated(folder.path(), &schema, &rows, &rows::users());
    let of = |form: &str| &results[form][rows::USERS[0]];
    assert_eq!(difference(of("streams"), of("rules")), [] as [String; 0]);
    assert_ne!(*of("rules"), json!([]));
}
