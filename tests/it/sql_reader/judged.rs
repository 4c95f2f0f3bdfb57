//! The judge of the reader is PostgreSQL: what a script adds up to is what its catalog shows when
//! the script has run.

use syncline_codegen::diff::{Pair, Renames, Scope, diff};
use syncline_codegen::read::sql::{StatementKind, statements};
use syncline_schema::{FileId, Schema};
use testkit::needs;
use testkit::postgres::{TestDb, database};

use super::{read, styles};
use crate::live::catalog_of;

/// Runs what the test's server can run: no psql, no data, no roles that it does not have.
fn run(db: &TestDb, text: &str) {
    for statement in statements(text, FileId(0)) {
        let upper = statement.sql.to_uppercase();
        let others = [
            "COPY",
            "GRANT",
            "CREATE POLICY",
            "ALTER DEFAULT",
            "CREATE EXTENSION",
            "COMMENT ON EXTENSION",
        ];
        let skipped = statement.kind != StatementKind::Sql
            || others.iter().any(|it| upper.starts_with(it))
            || upper.contains(" OWNER TO ");
        if !skipped {
            db.execute(statement.sql);
        }
    }
}

/// What would still have to change: nothing, either way.
pub(super) fn differences(a: &Schema, b: &Schema) -> Vec<String> {
    let one_way = |previous, next| {
        diff(Pair { previous, next }, &Renames::default(), Scope::Tables)
            .into_iter()
            .map(|step| format!("{step:?}"))
    };
    one_way(a, b).chain(one_way(b, a)).collect()
}

#[test]
fn scripts_add_up_to_what_postgresql_makes_of_them() {
    needs!(postgres);
    for (name, text) in [
        ("dump", styles::PG_DUMP),
        ("drizzle", styles::DRIZZLE),
        ("changes", styles::CHANGES),
        ("names", NAMES),
    ] {
        let db = database(name);
        run(&db, text);
        let catalog = catalog_of(db.url());
        let replay = read(text);
        let found = differences(&replay.schema, &catalog.schema);
        assert!(found.is_empty(), "{name}: {found:#?}");
        for (read, shown) in replay.schema.tables.iter().map(|it| {
            let same = |other: &&syncline_schema::model::Table| other.name == it.name;
            (
                it,
                catalog.schema.tables.iter().find(same).expect("the table"),
            )
        }) {
            let columns = |it: &syncline_schema::model::Table| -> Vec<String> {
                it.columns.iter().map(|it| it.name.clone()).collect()
            };
            assert_eq!(columns(read), columns(shown), "{name}");
        }
    }
}

/// Names that PostgreSQL makes, long ones and taken ones too.
const NAMES: &str = r#"
CREATE TABLE a_table_with_a_name_that_is_nearly_as_long_as_names_may_be (
  id int PRIMARY KEY,
  a_column_with_a_name_that_is_nearly_as_long_as_names_may_be_too text UNIQUE CHECK (
    a_column_with_a_name_that_is_nearly_as_long_as_names_may_be_too <> ''),
  other int REFERENCES a_table_with_a_name_that_is_nearly_as_long_as_names_may_be,
  CHECK (id > 0), CHECK (id < 10), CHECK (id > other), CHECK (1 = 1), UNIQUE (other, id)
);
CREATE TABLE "Odd Table" ("Select" text CHECK ("Select" <> '' AND "Select" <> 'x'), b int CHECK (b > 0) CHECK (b > 1), UNIQUE ("Select", b));
CREATE INDEX ON "Odd Table" ("Select");
CREATE INDEX ON "Odd Table" ("Select");
CREATE INDEX ON "Odd Table" (lower("Select"), (b + 1), b) INCLUDE ("Select");
CREATE UNIQUE INDEX ON "Odd Table" USING btree ((b), "Select" text_pattern_ops);
CREATE INDEX ON "Odd Table" ((b + 1), (b + 2));
ALTER TABLE "Odd Table" ADD c int UNIQUE CHECK (c > 0), ADD CHECK (c > b), ADD CHECK (c > 5), ADD UNIQUE (c);
ALTER TABLE "Odd Table" ADD COLUMN d text PRIMARY KEY;
"#;
