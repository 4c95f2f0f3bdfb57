//! What Syncline itself writes: every fact of the schema is found again in its `schema.sql`.

use std::collections::BTreeMap;

use proptest::test_runner::{Config, TestRunner};
use syncline_codegen::diff::{self, Pair, Renames, Scope, fold};
use syncline_codegen::read::expression::same;
use syncline_codegen::sql;
use syncline_schema::model::{Check, Table};
use syncline_schema::source::load_str;
use syncline_schema::{Place, Schema, literal, types};

use super::{read, said};
use crate::postgres::{Output, random, sources};

/// The facts of a table that a test can name when one is missing.
fn facts(table: &Table, schema: &Schema) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    for column in &table.columns {
        let key = table.key_columns().contains(&column.name.as_str());
        let ty = types::postgres(&column.ty);
        // One value may have two spellings: a float of -0.
        let default = literal::default_of(column);
        let default =
            default.and_then(|sql| syncline_codegen::read::sql::default(&sql, &column.ty));
        facts.insert(
            format!("column {}", column.name),
            format!("{ty} null {} default {default:?}", column.nullable && !key),
        );
    }
    facts.insert(
        "order".to_owned(),
        format!(
            "{:?}",
            table.columns.iter().map(|it| &it.name).collect::<Vec<_>>()
        ),
    );
    facts.insert(
        "key".to_owned(),
        format!("{:?} {}", table.key_columns(), sql::primary_key_name(table)),
    );
    for index in &table.indexes {
        let mut index = index.clone();
        (index.global, index.renamed_from, index.place) = (false, None, Place::NOWHERE);
        facts.insert(format!("index {}", index.name), format!("{index:?}"));
    }
    for Check {
        name, expression, ..
    } in table.all_checks()
    {
        facts.insert(
            format!("check {name}"),
            syncline_codegen::read::expression::canonical(&expression),
        );
    }
    let tables = sql::by_name(schema);
    for key in sql::foreign_keys(table, &tables) {
        facts.insert(
            format!("foreign key {}", key.name),
            format!(
                "{:?} {} {:?} {:?} {}",
                key.columns, key.target.name, key.target_columns, key.on_delete, key.deferred
            ),
        );
    }
    facts.insert("row security".to_owned(), table.rls.to_string());
    facts.insert("doc".to_owned(), format!("{:?}", table.doc));
    facts
}

/// Every table, column, index, check and foreign key of the schema, in what its SQL adds up to.
fn found_again(source: &str, schema: &Schema, ddl: &str) {
    let replay = read(ddl);
    assert_eq!(said(&replay), Vec::<String>::new(), "{source}");
    let names = |schema: &Schema| -> Vec<String> {
        schema
            .on_server()
            .map(|it| format!("{:?}.{}", it.schema, it.name))
            .collect()
    };
    assert_eq!(names(&replay.schema), names(schema), "{source}");
    for (read, declared) in replay.schema.tables.iter().zip(schema.on_server()) {
        assert_eq!(
            facts(read, &replay.schema),
            facts(declared, schema),
            "{}",
            declared.name
        );
    }
    let steps = diff::diff(
        Pair {
            previous: &replay.schema,
            next: schema,
        },
        &Renames::default(),
        Scope::Tables,
    );
    assert_eq!(steps, [], "{source}");
}

#[test]
fn the_samples_are_found_again() {
    for (source, text) in sources() {
        let output = Output::of(&text, &["postgres"]);
        found_again(
            &source,
            &load_str(&text).schema,
            output.text("postgres/schema.sql"),
        );
    }
    // The file as it is checked in.
    let root = testkit::repo_root();
    let text = std::fs::read_to_string(root.join("syncline.toml")).expect("the source");
    let ddl =
        std::fs::read_to_string(root.join("generated/postgres/schema.sql")).expect("the file");
    found_again("generated", &load_str(&text).schema, &ddl);
}

#[test]
fn random_schemas_are_found_again() {
    let mut runner = TestRunner::new(Config {
        cases: 64,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let outcome = runner.run(&random::source(), |source| {
        let output = Output::of(&source, &["postgres"]);
        found_again(
            &source,
            &load_str(&source).schema,
            output.text("postgres/schema.sql"),
        );
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// A step that takes something away and the step that brings it back lead to where they began.
#[test]
fn steps_can_be_folded_to_and_fro() {
    for (source, text) in sources() {
        let schema = load_str(&text).schema;
        let empty = Schema::default();
        let mut folded = Schema::default();
        let there = |previous, next| {
            diff::diff(Pair { previous, next }, &Renames::default(), Scope::Tables)
        };
        for step in there(&empty, &schema) {
            fold::apply(&step, &mut folded)
                .unwrap_or_else(|why| panic!("{source}: {why}: {step:?}"));
        }
        assert_eq!(there(&folded, &schema), [], "{source}");
    }
}

#[test]
fn our_own_policy_says_the_same_when_postgresql_prints_it() {
    assert!(same(
        "owner_id = (SELECT nullif(current_setting('syncline.user_id', true), ''))",
        "(owner_id = ( SELECT NULLIF(current_setting('syncline.user_id'::text, true), ''::text) AS \"nullif\"))"
    ));
}
