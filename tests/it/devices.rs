//! Devices of an earlier schema: what they have recorded is uploaded after the migration, through
//! the mappers of the new schema, and lands where it should; what new devices write reaches them.

mod conversions;

use syncline_codegen::diff::{Pair, Scope};
use syncline_codegen::migrate::plan::plan;

use crate::diff::ground::{Ground, ddl};
use crate::diff::sound;
use crate::rust::drive;

const BEFORE: &str = include_str!("../diff/devices-out-there/before.toml");
const AFTER: &str = include_str!("../diff/devices-out-there/after.toml");

/// A database that was made from before.toml, has these rows, and went to after.toml.
fn migrated(rows: &str) -> Ground {
    let (before, after) = (sound("before.toml", BEFORE), sound("after.toml", AFTER));
    let schemas = Pair {
        previous: &before,
        next: &after,
    };
    let mut ground = Ground::new();
    let done = ground
        .make(&ddl(&before))
        .and_then(|_| ground.execute(rows))
        .and_then(|()| ground.run(&plan(schemas, Scope::Declared), &after));
    done.unwrap_or_else(|why| panic!("{why}"));
    ground
}

#[test]
fn rows_that_are_there_fill_the_columns_that_take_over() {
    testkit::needs!(postgres);
    let mut ground = migrated(
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
    let found: String = ground.client.query_one(all, &[]).expect("the rows").get(0);
    assert_eq!(found, "kept 7 7,NULL 12,-1 2026-02-03 00:00:00");
}

#[test]
fn what_was_recorded_before_lands_after() {
    testkit::needs!(postgres);
    let ground = migrated(
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
    let said = drive(
        AFTER,
        "devices",
        "tests/it/devices/driver/main.rs",
        &ground.db,
    );
    // A driver that did nothing would pass, too.
    assert!(said.ends_with("13 kinds of change\n"), "{said}");
}

/// A table whose changes the derive says as the compiler does.
#[derive(syncline_macros::SyncTable)]
#[sync(renamed_from = "memos", timestamps = false, delete = "hard")]
struct Pages {
    #[sync(renamed_from = "full_name")]
    title: String,
    length: Option<i32>,
    #[sync(replaces = "length", default = 0)]
    size: i64,
    #[sync(renamed_values = { closed = "done" })]
    state: State,
}

#[derive(Debug, PartialEq, syncline_macros::SyncEnum)]
enum State {
    Open,
    Done,
}

#[test]
fn the_derive_knows_what_old_devices_know() {
    use syncline_runtime::{DeviceValue, Mask, Named, SyncTable, decode, from_device, to_device};

    let table = Pages::TABLE;
    assert!(table.is_called("memos") && table.is_called("pages") && !table.is_called("notes"));
    let names: Vec<_> = table.columns.iter().map(|it| it.name).collect();
    assert_eq!(
        names,
        ["id", "owner_id", "title", "length", "size", "state"]
    );
    assert!(matches!(
        table.find("fullName"),
        Some(Named::Column { index: 2, .. })
    ));
    assert_eq!(
        Mask::known(table, ["id", "full_name", "length", "other"]).as_bytes(),
        [0b1101]
    );
    let state = table.column("state").expect("a column");
    let closed = decode(state, "\"closed\"").expect("a word that was renamed");
    assert_eq!(closed, decode(state, "\"done\"").expect("a word"));
    // What only old devices have is not on this one.
    let page: Pages = from_device(|column| match column.name {
        "title" => DeviceValue::Text("t".into()),
        "size" => DeviceValue::Text("5".into()),
        "state" => DeviceValue::Text("open".into()),
        "length" => panic!("not on the device"),
        _ => DeviceValue::Text("x".into()),
    })
    .expect("a row");
    assert_eq!(
        (page.title.as_str(), page.length, page.size),
        ("t", None, 5)
    );
    assert_eq!(page.state, State::Open);
    assert!(
        to_device(page)
            .iter()
            .all(|(column, _)| column.name != "length")
    );
}
