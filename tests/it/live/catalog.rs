//! What is loaded is read back.

mod facts;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use syncline_codegen::diff::{Pair, Renames, Scope, diff};
use syncline_codegen::live::catalog::Options;
use syncline_codegen::{migrate::plan::plan, sql};
use syncline_schema::Schema;
use syncline_schema::source::load_str;
use testkit::postgres::{TestDb, database};

use super::{catalog_of, catalog_with};
use crate::postgres::{Output, random, sources};

/// Reads what `source` made, and says how it is not what the source says.
fn differences(source: &str, db: &TestDb) -> Vec<String> {
    let catalog = catalog_of(db.url());
    let said = catalog.diagnostics.iter().map(|it| it.message.clone());
    let mut out: Vec<String> = said.collect();
    let (want, found) = (
        facts::of(&load_str(source).schema),
        facts::of(&catalog.schema),
    );
    let missing = want.iter().filter(|it| !found.contains(it));
    out.extend(missing.map(|it| format!("missing {it}")));
    let extra = found.iter().filter(|it| !want.contains(it));
    out.extend(extra.map(|it| format!("extra   {it}")));
    // Nor does the comparer find something, in either direction.
    let source = load_str(source).schema;
    for (previous, next) in [(&catalog.schema, &source), (&source, &catalog.schema)] {
        let steps = diff(Pair { previous, next }, &Renames::default(), Scope::Tables);
        out.extend(steps.iter().map(|it| format!("step    {}", sql::step(it))));
    }
    out
}

#[test]
fn every_sample_is_read_back() {
    testkit::needs!(postgres);
    for (name, source) in sources() {
        let output = Output::of(&source, &["postgres"]);
        let db = database("catalog");
        db.execute(output.text("postgres/schema.sql"));
        let differences = differences(&source, &db);
        assert!(differences.is_empty(), "{name}: {differences:#?}");
    }
}

#[test]
fn random_schemas_are_read_back() {
    testkit::needs!(postgres);
    let db = database("catalog random");
    let mut runner = TestRunner::new(Config {
        cases: 48,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let outcome = runner.run(&random::source(), |source| {
        let output = Output::of(&source, &["postgres"]);
        db.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        db.execute(output.text("postgres/schema.sql"));
        let differences = differences(&source, &db);
        prop_assert!(differences.is_empty(), "{differences:#?}\n{source}");
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// Prints what was read, loads that, and reads it again.
#[track_caller]
fn again(schema: &Schema) -> Schema {
    let plan = plan(
        Pair {
            previous: &Schema::default(),
            next: schema,
        },
        Scope::Tables,
    );
    let db = database("again");
    for (_, step) in plan.steps() {
        db.execute(&sql::step(step));
    }
    let again = catalog_of(db.url()).schema;
    let pair = Pair {
        previous: schema,
        next: &again,
    };
    assert_eq!(diff(pair, &Renames::default(), Scope::Tables), []);
    again
}

/// Expressions too are what they were: PostgreSQL's own spelling is one that it spells alike.
#[test]
fn what_is_read_makes_the_same_again() {
    testkit::needs!(postgres);
    for (name, source) in sources() {
        let db = database("first");
        db.execute(Output::of(&source, &["postgres"]).text("postgres/schema.sql"));
        let schema = catalog_of(db.url()).schema;
        assert_eq!(again(&schema), schema, "{name}");
    }
}

/// Everything that PostgreSQL takes, not only what a schema source may say.
const HOSTILE: &str = r#"
CREATE SCHEMA "a ""schema"".with";
CREATE TYPE "Mood's" AS ENUM ('so so', 'it''s "fine"', '', E'two\nlines');
CREATE TABLE "it's ""quoted""" (
  "select" integer NOT NULL,
  "größe²" "Mood's" DEFAULT 'so so',
  "two
lines" "Mood's"[] DEFAULT ARRAY['']::"Mood's"[],
  "a_column_whose_name_is_as_long_as_postgresql_lets_any_name_be63" text CHECK ("a_column_whose_name_is_as_long_as_postgresql_lets_any_name_be63" <> '''"'),
  "日本" numeric(5, 0) DEFAULT -1.5,
  " " timestamptz DEFAULT CURRENT_TIMESTAMP,
  "%s" varchar DEFAULT E'\\',
  "$1" bit(3),
  "{}" char,
  "Interval" interval day to second (3),
  PRIMARY KEY ("%s", "select"),
  CONSTRAINT "a ""rule""" UNIQUE ("日本", " ")
);
COMMENT ON TABLE "it's ""quoted""" IS E'it''s\n-- so';
COMMENT ON COLUMN "it's ""quoted"""."$1" IS '$1';
CREATE INDEX "an index's ""name""" ON "it's ""quoted""" USING hash (lower("%s")) WHERE "%s" <> '';
CREATE INDEX ordered ON "it's ""quoted""" ("select" DESC NULLS LAST, "%s" varchar_pattern_ops NULLS FIRST) INCLUDE ("日本");
CREATE UNIQUE INDEX ON "it's ""quoted""" ("日本", (("select" + 1))) WHERE "select" > 0;
CREATE TABLE "a ""schema"".with"."." (
  "." text REFERENCES "a ""schema"".with"."." ("..") ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  ".." text CONSTRAINT "its own unique" UNIQUE
);
CREATE TABLE nothing ();
"#;

#[test]
fn hostile_names_are_names() {
    testkit::needs!(postgres);
    let db = database("hostile");
    db.execute(HOSTILE);
    let catalog = catalog_of(db.url());
    let said: Vec<_> = catalog.diagnostics.iter().map(|it| &it.message).collect();
    assert!(said.is_empty(), "{said:#?}");
    insta::assert_snapshot!(facts::of(&catalog.schema).join("\n"));
    assert_eq!(again(&catalog.schema), catalog.schema);
}

#[test]
fn schemas_can_be_chosen() {
    testkit::needs!(postgres);
    let db = database("schemas");
    db.execute(
        "CREATE TABLE a (); CREATE SCHEMA app; CREATE TABLE app.b ();
         CREATE SCHEMA syncline; CREATE TABLE syncline.clients ();
         CREATE SCHEMA powersync; CREATE TABLE powersync.buckets ()",
    );
    let names = |schemas: Option<&[&str]>| -> Vec<String> {
        let schemas = schemas.map(|it| it.iter().map(|it| (*it).to_owned()).collect());
        let catalog = catalog_with(db.url(), &Options { schemas });
        catalog.tables.keys().map(ToString::to_string).collect()
    };
    assert_eq!(names(None), ["a", "app.b"]);
    assert_eq!(names(Some(&["app"])), ["app.b"]);
    assert_eq!(names(Some(&["syncline"])), ["syncline.clients"]);
    let error = super::try_catalog(
        db.url(),
        &Options {
            schemas: Some(["ap".to_owned()].into()),
        },
    );
    let message = error.expect_err("no such schema").to_string();
    assert!(message.contains("no schema `ap`"), "{message}");
}
