//! The two forms of the sync config: compiled by the PowerSync Service's own compiler, and held
//! against each other and against what the schema says, row by row.

mod rows;

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

#[test]
fn columns_are_listed_only_where_star_would_be_wrong() {
    let source = r#"
[project]
name = "lists"
[tables.all]
columns = { a = "text", big = "bigint?" }
[tables.hidden]
columns = { a = "text", b = { type = "text?", server_only = true } }
[tables.shrunk]
columns = { a = "text" }
removed_columns = { b = "2026-11-22" }
[tables.retyped]
columns = { count = { type = "integer?", replaces = "count_text" }, count_text = "text?" }
[tables.renamed]
columns = { title = { type = "text", renamed_from = "name" } }
[tables.renamed_and_hidden]
columns = { title = { type = "bytes", renamed_from = "name" }, b = { type = "text?", server_only = true } }
[tables.kept]
deleted_rows = "sync"
columns = { a = "text" }
[tables.events]
insert_only = true
delete = "hard"
columns = { a = "text" }
[tables.settings]
sync = "local"
columns = { a = "text" }
[tables.ledger]
sync = "server"
columns = { a = "text" }
[tables.news]
access = "public"
timestamps = false
delete = "hard"
columns = { a = "text" }
"#;
    let (streams, _) = configs(&load(source));
    insta::assert_snapshot!(streams, @r##"
    # Made by Syncline from syncline.toml. Do not edit.
    # The service compares this text: with any change of it, each device downloads everything again.

    config:
      edition: 3
      timestamp_max_precision: milliseconds

    streams:
      # Each user's own rows.
      owner_data:
        auto_subscribe: true
        queries:
          - SELECT * FROM "all" WHERE (owner_id = auth.user_id()) AND (deleted_at IS NULL)
          - SELECT id, owner_id, a, created_at, updated_at, deleted_at FROM hidden WHERE (owner_id = auth.user_id()) AND (deleted_at IS NULL)
          - SELECT id, owner_id, a, created_at, updated_at, deleted_at FROM shrunk WHERE (owner_id = auth.user_id()) AND (deleted_at IS NULL)
          - SELECT * FROM retyped WHERE (owner_id = auth.user_id()) AND (deleted_at IS NULL)
          - SELECT * FROM renamed WHERE (owner_id = auth.user_id()) AND (deleted_at IS NULL)
          - SELECT id, owner_id, base64(title) AS title, iif(name IS NULL, NULL, base64(name)) AS name, created_at, updated_at, deleted_at FROM renamed_and_hidden WHERE (owner_id = auth.user_id()) AND (deleted_at IS NULL)
          - SELECT * FROM kept WHERE (owner_id = auth.user_id())

      # Rows that everyone reads.
      public_data:
        auto_subscribe: true
        queries:
          - SELECT * FROM news
    "##);
}

#[test]
fn what_sync_rules_cannot_express_is_left_out_or_refused() {
    let cases = [
        (
            "asked",
            "SELECT * FROM t WHERE id = subscription.parameter('id') AND owner_id = auth.user_id()",
            false,
        ),
        (
            "joined",
            "SELECT t.* FROM t JOIN m ON m.t_id = t.id WHERE m.owner_id = auth.user_id()",
            true,
        ),
        (
            "twice",
            "SELECT * FROM t WHERE id IN (SELECT t_id FROM m WHERE owner_id = auth.user_id()) AND a IN (SELECT a FROM m WHERE owner_id = auth.user_id())",
            true,
        ),
        (
            "deep",
            "SELECT * FROM t WHERE id IN (SELECT t_id FROM m WHERE id IN (SELECT a FROM t WHERE owner_id = auth.user_id()))",
            true,
        ),
        (
            "cases",
            "SELECT id, CASE WHEN a = 'x' THEN 1 ELSE 2 END AS b FROM t WHERE owner_id = auth.user_id()",
            true,
        ),
        (
            "rounded",
            "SELECT * FROM t WHERE owner_id = auth.user_id() AND n = 9007199254740993",
            true,
        ),
        (
            "ranks",
            "SELECT * FROM t WHERE owner_id = auth.user_id() AND a || n + 1 = 'x2'",
            true,
        ),
        (
            "distinct",
            "SELECT DISTINCT * FROM t WHERE owner_id = auth.user_id()",
            true,
        ),
    ];
    let mut source = String::from(
        "[project]\nname = \"left-out\"\n[sync]\nformat = \"streams\"\n\
         [tables.t.columns]\na = \"text?\"\nn = \"bigint?\"\n[tables.m.columns]\nt_id = \"text\"\na = \"text?\"\n",
    );
    for (name, query, auto) in cases {
        source.push_str(&format!(
            "[streams.{name}]\nauto_subscribe = {auto}\nquery = {query:?}\n"
        ));
    }
    let schema = load(&source);
    let rules = targets::find("sync_rules").expect("a target");
    let made = generate(&schema, &[rules]).expect("templates that fit");
    assert!(targets::sync_rules::inexpressible(&schema).is_empty());
    let notes: Vec<_> = made
        .notes
        .iter()
        .map(|note| note.message.as_str())
        .collect();
    insta::assert_snapshot!(notes.join("\n"), @"
    sync_rules.yaml leaves out stream `asked`: devices subscribe to it, and sync rules have no subscriptions
    sync_rules.yaml leaves out stream `joined`: it joins tables
    sync_rules.yaml leaves out stream `twice`: it looks values up in two tables
    sync_rules.yaml leaves out stream `deep`: it looks values up within a look-up
    sync_rules.yaml leaves out stream `cases`: sync rules have no `CASE WHEN a = 'x' THEN 1 ELSE 2 END`
    sync_rules.yaml leaves out stream `rounded`: sync rules round the number 9007199254740993
    sync_rules.yaml leaves out stream `ranks`: `||` needs parentheses beside another operator
    sync_rules.yaml leaves out stream `distinct`: sync rules have no DISTINCT and no GROUP BY
    ");
    let text = &made
        .files
        .get("powersync/sync_rules.yaml")
        .expect("a file")
        .text;
    let names: Vec<_> = cases.iter().map(|(name, ..)| *name).collect();
    let comment = format!(
        "# Sync rules cannot express these streams: {}.\n",
        names.join(", ")
    );
    assert!(text.ends_with(&comment), "{text}");

    let schema = load(&source.replace("format = \"streams\"", "format = \"rules\""));
    let refused = targets::sync_rules::inexpressible(&schema);
    assert_eq!(refused.len(), cases.len());
    for (found, (name, query, _)) in refused.iter().zip(cases) {
        assert_eq!(found.code.name(), "L015");
        assert!(
            found.message.contains(&format!("`{name}`")),
            "{}",
            found.message
        );
        let range = found.place().range().expect("a place in the source");
        let shown = &source.replace("format = \"streams\"", "format = \"rules\"")[range];
        assert!(shown.contains(query) || name == "asked", "{name}: {shown}");
    }
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
fn a_table_called_bucket_syncs_by_streams_only() {
    let source = "[project]\nname = \"b\"\n[sync]\nformat = \"rules\"\n\
                  [tables.bucket.columns]\na = \"text\"\n[tables.t.columns]\na = \"text\"\n";
    let schema = load(source);
    let (streams, rules) = configs(&schema);
    assert!(streams.contains("FROM bucket"));
    assert!(!rules.contains("FROM bucket") && rules.contains("FROM t"));
    let refused = targets::sync_rules::inexpressible(&schema);
    assert_eq!(refused.len(), 1);
    assert_eq!(
        refused[0].message,
        "sync rules cannot express table `bucket`: there, `bucket` is not a table"
    );
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

#[test]
fn long_expressions_are_refused_and_long_conditions_are_not() {
    let tables = &WRITTEN[..WRITTEN.find("[streams.").expect("streams")];
    let lower = |condition: &str| {
        let query = format!("SELECT * FROM t WHERE owner = auth.user_id() AND {condition}");
        let source = format!("{tables}[streams.s]\nauto_subscribe = true\nquery = {query:?}\n");
        configs(&load_str(&source).schema).1
    };
    let sum = vec!["1"; 7_000].join("+");
    assert!(lower(&format!("n = {sum}")).contains("cannot express these streams: s"));
    let several = vec!["n > 1"; 1_000].join(" AND ");
    assert!(lower(&several).contains("(n > 1) AND (n > 1)"));
    let any = vec!["n = 1"; 1_000].join(" OR ");
    assert!(lower(&format!("({any})")).contains("(n = 1) OR (n = 1)"));
}

#[test]
fn what_does_not_sync_does_not_change_a_byte() {
    let before = configs(&load(NOTES));
    let edits = [
        (
            "doc = \"A folder of documents.\"",
            "doc = \"Another doc: with a colon\\nand two lines\"",
        ),
        (
            "[tables.preferences.columns]\n",
            "[tables.preferences.columns]\nmore = \"text?\"\n",
        ),
        (
            "[tables.local_metadata]\nsync = \"local\"",
            "[tables.local_metadata]\nsync = \"server\"",
        ),
        ("token_lifetime = \"15m\"", "token_lifetime = \"5m\""),
        (
            "[project]\nname = \"notes\"",
            "[project]\nname = \"renamed\"",
        ),
        // A column more changes nothing either: `*` has it.
        (
            "title = \"text?\"",
            "title = \"text?\"\nsubtitle = \"text?\"",
        ),
        // Nor does the old name beside the new one, or another type beside the old.
        (
            "title = \"text?\"",
            "title = \"text?\"\nheading = { type = \"text?\", renamed_from = \"subtitle\" }",
        ),
        (
            "title = \"text?\"",
            "title = \"text?\"\nsize = { type = \"integer?\", replaces = \"title\" }",
        ),
    ];
    for (from, to) in edits {
        assert!(NOTES.contains(from), "{from}");
        assert_eq!(configs(&load(&NOTES.replace(from, to))), before, "{to}");
    }
    // Against a test that could not fail.
    let owner = NOTES.replace("owner = \"owner_id\"", "owner = \"user_id\"");
    assert_ne!(configs(&load(&owner)), before);
}

#[test]
fn breaking_the_lines_of_a_query_anew_does_not_change_a_byte() {
    let one = "query = \"SELECT id, word FROM t WHERE word = 'a  b' AND owner = auth.user_id()\"";
    let several = "query = \"\"\"\n  SELECT id,\n    word\n  FROM t\n\tWHERE word = 'a  b' AND owner = auth.user_id()\n\"\"\"";
    let schema = |query: &str| {
        let tables = &WRITTEN[..WRITTEN.find("[streams.").expect("streams")];
        load(&format!(
            "{tables}[streams.s]\nauto_subscribe = true\ndoc = \"x\"\n{query}\n"
        ))
    };
    assert_eq!(configs(&schema(one)), configs(&schema(several)));
    assert!(configs(&schema(one)).0.contains("'a  b'"));
}
