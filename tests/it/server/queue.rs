//! The real queue of `@powersync/node`, through a connector as the published recipe shows it, into PostgreSQL.

use serde_json::{Value, json};

use super::stand::{Stand, issuer};

#[test]
fn what_the_sdk_queues_is_what_postgres_has() {
    testkit::needs!(postgres, node);
    let stand = Stand::start();
    let columns = json!({
        "a_text": "text", "a_varchar": "text", "a_boolean": "integer", "a_smallint": "integer", "a_integer": "integer",
        "a_bigint": "text", "a_real": "real", "a_double": "real", "a_decimal": "text", "a_timestamp": "text",
        "a_local_timestamp": "text", "a_date": "text", "a_time": "text", "a_uuid": "text", "a_json": "text", "a_bytes": "text",
        "an_enum": "text",
    });
    let every = "INSERT INTO every_nullable (id, a_text, a_varchar, a_boolean, a_smallint, a_integer, a_bigint, a_real, a_double,
        a_decimal, a_timestamp, a_local_timestamp, a_date, a_time, a_uuid, a_json, a_bytes, an_enum)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let full = |id: &str, boolean: Value, big: &str| {
        json!([
            every,
            id,
            "it's \"fine\" ☃\u{1f600}\n\\",
            "v",
            boolean,
            -32768,
            2_147_483_647,
            big,
            0.5,
            0.1,
            "1234567.89",
            "2026-02-03T04:05:06.789Z",
            "2026-02-03T04:05:06.789",
            "2028-02-29",
            "04:05:06.789",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "{\"a\":[1,null,\"b\"],\"c\":{\"d\":true}}",
            "AAH/",
            "blue"
        ])
    };
    let statements = json!([
        full("1", json!(1), "9223372036854775807"),
        full("2", json!(0), "-9223372036854775808"),
        full("3", json!(true), "9007199254740993"),
        ["INSERT INTO every_nullable (id) VALUES (?)", "4"],
        // Changes, one to NULL; then a whole row anew: what it does not name is NULL.
        [
            "UPDATE every_nullable SET a_text = ?, a_integer = NULL, a_boolean = ? WHERE id = ?",
            "changed",
            0,
            "1"
        ],
        [
            "INSERT OR REPLACE INTO every_nullable (id, a_text, a_boolean) VALUES (?, ?, ?)",
            "2",
            "replaced",
            1
        ],
        ["DELETE FROM every_nullable WHERE id = ?", "3"],
        // One transaction with all of it, and several ops on one row.
        [
            [
                "INSERT INTO letters (id, title, body) VALUES (?, ?, ?)",
                "a",
                "first",
                null
            ],
            ["UPDATE letters SET body = ? WHERE id = ?", "body", "a"],
            ["INSERT INTO letters (id, title) VALUES (?, ?)", "b", "gone"],
            ["DELETE FROM letters WHERE id = ?", "b"],
            ["INSERT INTO letters (id, title) VALUES (uuid(), ?)", "5"],
        ],
    ]);
    let input = json!({
        "server": format!("http://{}", stand.server.address()),
        "token": issuer().token("ada"),
        "tables": {"every_nullable": columns, "letters": {"title": "text", "body": "text"}},
        "statements": statements,
    });
    let said =
        testkit::node::run("upload-queue.mjs", [] as [&str; 0], &input.to_string()).expect(0);
    let said: Value =
        serde_json::from_str(said.stdout.lines().last().unwrap_or_default()).expect("JSON");
    assert_eq!(said["ok"], true, "{}", said["error"]);
    assert_eq!(said["uploads"], 8);
    assert_eq!(stand.rows("SELECT * FROM syncline.dead_letters"), json!([]));

    // Column by column, as PostgreSQL shows what the device has.
    let live = stand.rows(
        "SELECT id, owner_id, a_text, a_varchar, a_boolean::integer, a_smallint, a_integer, a_bigint::text, a_real, a_double,
           a_decimal::text, to_char(a_timestamp, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS a_timestamp,
           to_char(a_local_timestamp, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS') AS a_local_timestamp, a_date, a_time, a_uuid, a_json,
           encode(a_bytes, 'base64') AS a_bytes, an_enum
         FROM every_nullable WHERE deleted_at IS NULL ORDER BY id",
    );
    let mut device = said["rows"]["every_nullable"].clone();
    for row in device.as_array_mut().expect("rows") {
        row["owner_id"] = "ada".into();
        // The device keeps a document as text; PostgreSQL keeps the document.
        if let Some(text) = row["a_json"].as_str() {
            row["a_json"] = serde_json::from_str(text).expect("JSON");
        }
    }
    let (live, device) = (
        live.as_array().expect("rows"),
        device.as_array().expect("rows"),
    );
    assert_eq!(live.len(), 3);
    assert_eq!(live.len(), device.len());
    for (live, device) in live.iter().zip(device) {
        let names = live.as_object().expect("a row").keys();
        for name in names {
            assert_eq!(live[name], device[name], "{} of {}", name, live["id"]);
        }
    }
    assert_eq!(live[0]["a_bigint"], "9223372036854775807");
    assert_eq!(live[1]["a_bigint"], json!(null), "replaced as a whole");
    let gone = "SELECT id, a_bigint::text FROM every_nullable WHERE deleted_at IS NOT NULL";
    assert_eq!(
        stand.rows(gone),
        json!([{"id": "3", "a_bigint": "9007199254740993"}])
    );
    let letters = "SELECT title, body, deleted_at IS NULL AS live FROM letters ORDER BY title";
    assert_eq!(
        stand.rows(letters),
        json!([
            {"title": "5", "body": null, "live": true},
            {"title": "first", "body": "body", "live": true},
            {"title": "gone", "body": null, "live": false},
        ])
    );
}
