//! Laws of the names in TypeScript.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use syncline_codegen::{generate, targets};
use syncline_schema::names::camel;
use syncline_schema::source::load_str;

/// Parts that names of ours are made of, and others.
const PARTS: &[&str] = &[
    "new",
    "row",
    "relations",
    "schema",
    "enum",
    "type",
    "text",
    "mood",
    "drafts",
    "index",
    "class",
    "one",
    "m²",
    "2",
];

/// Table names that do not collide by themselves, by what they are in camelCase.
fn tables() -> impl Strategy<Value = BTreeMap<String, String>> {
    let name = vec(select(PARTS), 1..4).prop_map(|parts| parts.join("_"));
    vec(name, 1..8).prop_map(|names| {
        names
            .into_iter()
            .map(|name| (camel(&name).to_lowercase(), name))
            .collect()
    })
}

/// Every table in its own schema of PostgreSQL, with an enum, a raw type and a reference.
fn source(tables: &BTreeMap<String, String>) -> String {
    let mut source = "[project]\nname = \"names\"\n".to_owned();
    for name in tables.values() {
        let _ = write!(
            source,
            "[tables.\"{name}\"]\nsync = \"server\"\nschema = \"{name}\"\n[tables.\"{name}\".columns]\n\
             a = {{ type = \"enum\", values = [\"x\"], native = \"{name}\" }}\nb = \"raw(\\\"{name}\\\")\"\n\
             c = {{ type = \"text?\", references = \"{name}\" }}\n"
        );
    }
    source
}

/// What a module declares, types and values apart.
fn declared(text: &str) -> Vec<(&str, &str)> {
    let lines = text
        .lines()
        .map(|line| line.strip_prefix("export ").unwrap_or(line));
    lines
        .filter_map(|line| {
            let kind = ["const", "type"]
                .into_iter()
                .find(|kind| line.starts_with(&format!("{kind} ")))?;
            Some((kind, line.split_whitespace().nth(1)?))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_two_declarations_have_one_name(tables in tables()) {
        let loaded = load_str(&source(&tables));
        let target = targets::find("drizzle_pg").expect("a target");
        let made = generate(&loaded.schema, &[target]).expect("templates that fit their views");
        let text = &made.files.get("ts/pg.ts").expect("pg.ts").text;
        let mut names = declared(text);
        // A table, its relations, its schema, its enum, its raw type; two types.
        prop_assert_eq!(names.len(), tables.len() * 7, "{}", text);
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        prop_assert_eq!(names.len(), before, "{}", text);
    }
}
