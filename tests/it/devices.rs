//! Devices of an earlier schema: what they have recorded is uploaded after the migration, through
//! the mappers of the new schema, and lands where it should; what new devices write reaches them.

mod conversions;

use syncline_codegen::sql;
use syncline_schema::source::load_str;
use testkit::postgres::{TestDb, database};

use crate::postgres::Output;
use crate::rust::drive;

const BEFORE: &str = include_str!("devices/before.toml");
const AFTER: &str = include_str!("devices/after.toml");
const MIGRATE: &str = include_str!("devices/migrate.sql");

/// The migration, with what the compiler fills new columns with.
fn migration() -> String {
    let schema = load_str(AFTER).schema;
    let mut sql = MIGRATE.to_owned();
    for table in &schema.tables {
        for column in &table.columns {
            if let Some(value) = sql::fill(table, column) {
                sql = sql.replace(&format!("{{fill:{}.{}}}", table.name, column.name), &value);
            }
        }
    }
    sql
}

/// A database that was made from before.toml, has these rows, and went to after.toml.
fn migrated(rows: &str) -> TestDb {
    let db = database("devices");
    db.execute(Output::of(BEFORE, &["postgres"]).text("postgres/schema.sql"));
    db.execute(rows);
    db.execute(&migration());
    db
}

fn columns(db: &TestDb) -> Vec<String> {
    let query =
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
    let rows = db.connect().query(query, &[]).expect("the catalog");
    rows.iter().map(|row| row.get(0)).collect()
}

/// The driver is only as good as the database under it.
#[test]
fn the_migration_ends_where_the_schema_says() {
    testkit::needs!(postgres);
    let fresh = database("devices_fresh");
    fresh.execute(Output::of(AFTER, &["postgres"]).text("postgres/schema.sql"));
    assert_eq!(columns(&migrated("")), columns(&fresh));
}

#[test]
fn rows_that_are_there_fill_the_columns_that_take_over() {
    testkit::needs!(postgres);
    let db = migrated(
        "INSERT INTO renamed (id, owner_id, name) VALUES ('a', 'me', 'kept');
         INSERT INTO widened (id, owner_id, length) VALUES ('a', 'me', 7);
         INSERT INTO lettered (id, owner_id, code) VALUES ('a', 'me', 7), ('b', 'me', NULL);
         INSERT INTO numbered (id, owner_id, amount) VALUES ('a', 'me', '12'), ('b', 'me', 'a dozen');
         INSERT INTO moved (id, owner_id, day) VALUES ('a', 'me', '2026-02-03');",
    );
    let all = "SELECT concat_ws(' ', (SELECT title FROM renamed), (SELECT size FROM widened),
        (SELECT string_agg(coalesce(label, 'NULL'), ',' ORDER BY id) FROM lettered),
        (SELECT string_agg(number::text, ',' ORDER BY id) FROM numbered),
        (SELECT at AT TIME ZONE 'UTC' FROM moved))";
    let found: String = db.connect().query_one(all, &[]).expect("the rows").get(0);
    assert_eq!(found, "kept 7 7,NULL 12,-1 2026-02-03 00:00:00");
}

#[test]
fn what_was_recorded_before_lands_after() {
    testkit::needs!(postgres);
    let db = migrated(
        "INSERT INTO renamed (id, owner_id, name, rank) VALUES ('there', 'me', 'as it was', 9);
         INSERT INTO memos (id, owner_id, body) VALUES ('there', 'me', 'as it was'), ('going', 'me', 'x');
         INSERT INTO widened (id, owner_id, length) VALUES ('there', 'me', 1);
         INSERT INTO lettered (id, owner_id, code) VALUES ('there', 'me', 1);
         INSERT INTO numbered (id, owner_id, amount) VALUES ('there', 'me', '1');
         INSERT INTO moved (id, owner_id, day) VALUES ('there', 'me', '2026-01-01');
         INSERT INTO grown (id, owner_id, title) VALUES ('there', 'me', 'x');
         INSERT INTO shrunk (id, owner_id, title, extra) VALUES ('there', 'me', 'x', 'y');
         INSERT INTO worded (id, owner_id, state) VALUES ('there', 'me', 'open');
         INSERT INTO narrowed (id, owner_id, body) VALUES ('there', 'me', 'x');
         INSERT INTO handed (id, user_id, made_at) VALUES ('there', 'me', '2026-01-01Z');",
    );
    let said = drive(AFTER, "devices", "tests/it/devices/driver/main.rs", &db);
    // A driver that did nothing would pass, too.
    assert!(said.ends_with("13 kinds of change\n"), "{said}");
}
