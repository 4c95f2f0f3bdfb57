//! The text of the sync configs: what is listed, what is left out, and what changes no byte.

use syncline_codegen::{generate, targets};
use syncline_schema::source::load_str;

use super::{NOTES, WRITTEN, configs, load};

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
