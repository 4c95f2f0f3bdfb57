//! Devices of other versions of the schema, and what has gone or has another name.

use serde_json::{Value, json};
use testkit::device::{delete, patch, put, transaction};

use super::stand::{Stand, applied, next, one, own_version, refused};

/// A version before this one, whose letters had no stamp and were called messages.
const KNOWN: &str = "
INSERT INTO syncline.schema_versions (version, tables) VALUES ('00000000000000aa',
  '[{\"name\": \"messages\", \"columns\": [\"id\", \"owner_id\", \"full_subject\", \"gone_column\", \"created_at\", \"updated_at\", \"deleted_at\"]}]')
ON CONFLICT DO NOTHING;
";

#[test]
fn what_a_newer_server_could_take_is_sent_again() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(KNOWN, &[]);
    let mut device = stand.device("ada");
    let column = put("letters", "1", json!({"title": "t", "mood": "m"}));
    let table = put("moods", "1", json!({}));
    // The enum's word may be new, too: its op names a new column.
    let both = put(
        "invoices",
        "1",
        json!({"total": "1", "state": "lost", "mood": "m"}),
    );
    let two = [put("vaults", "1", json!({"name": true})), column.clone()];
    for ops in [
        &[column.clone()][..],
        std::slice::from_ref(&table),
        &[both],
        &two,
    ] {
        device.schema_version = Some("ffffffffffffffff".to_owned());
        let answer = device
            .upload(&[transaction(next(), ops)])
            .expect("an answer")
            .expect(503);
        assert!(answer.header("retry-after").is_some());
        for version in [
            None,
            Some(own_version()),
            Some("00000000000000aa".to_owned()),
        ] {
            device.schema_version = version;
            assert_eq!(one(&mut device, ops)["status"], "rejected", "{ops:?}");
        }
    }
    // What is wrong with any version is wrong with an unknown one, and what is right is right.
    device.schema_version = Some("ffffffffffffffff".to_owned());
    refused(
        &mut device,
        &[put("letters", "1", json!({"title": true}))],
        Some(0),
        "invalid_value",
        Some("title"),
    );
    applied(&mut device, &[put("letters", "1", json!({"title": "t"}))]);
    assert_eq!(
        stand.value("SELECT schema_version AS v FROM syncline.clients"),
        "ffffffffffffffff"
    );
}

#[test]
fn what_is_gone_is_dropped_and_what_was_renamed_is_found() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(KNOWN, &[]);
    let mut device = stand.device("ada");
    // A table that is gone: all of its ops, whatever they say.
    let gone = [
        put("old_things", "1", json!({"any": [1]})),
        patch("old_things", "", json!({"any": 1})),
        delete("old_things", "1"),
    ];
    applied(&mut device, &gone);
    applied(
        &mut device,
        &[gone[0].clone(), put("letters", "0", json!({"title": "t"}))],
    );
    // A column that is gone, in both spellings.
    for name in ["gone_column", "goneColumn"] {
        let mut data = json!({"title": "t"});
        data[name] = json!({"any": "thing"});
        applied(&mut device, &[put("letters", name, data.clone())]);
        data["title"] = "changed".into();
        applied(&mut device, &[patch("letters", name, data)]);
    }
    // Another name then.
    for (table, column) in [
        ("messages", "full_subject"),
        ("messages", "fullSubject"),
        ("letters", "full_subject"),
        ("messages", "title"),
    ] {
        let mut data = json!({});
        data[column] = "old device".into();
        let id = format!("{table} {column}");
        applied(&mut device, &[put(table, &id, data.clone())]);
        let stored = format!("SELECT title AS v FROM letters WHERE id = '{id}'");
        assert_eq!(stand.value(&stored), "old device");
        applied(&mut device, &[patch(table, &id, data), delete(table, &id)]);
    }
    let both = json!({"title": "a", "full_subject": "b"});
    refused(
        &mut device,
        &[put("letters", "1", both)],
        Some(0),
        "duplicate_key",
        Some("title"),
    );
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM letters WHERE title = 'changed'"),
        2
    );
}

/// A PUT is a whole row only for the columns that its device knows.
#[test]
fn a_put_of_an_old_device_leaves_what_it_does_not_know() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(KNOWN, &[]);
    let mut device = stand.device("ada");
    let row = || stand.rows("SELECT title, body, stamp FROM letters");
    applied(
        &mut device,
        &[put(
            "letters",
            "1",
            json!({"title": "t", "body": "b", "stamp": "s"}),
        )],
    );
    device.schema_version = Some("00000000000000aa".to_owned());
    applied(
        &mut device,
        &[put("messages", "1", json!({"full_subject": "old"}))],
    );
    assert_eq!(row(), json!([{"title": "old", "body": "b", "stamp": "s"}]));
    // And on the slow path, beside an op that makes the fast one fail.
    let result = one(
        &mut device,
        &[
            put("messages", "1", json!({"full_subject": "x"})),
            put("vaults", "1", json!({})),
        ],
    );
    assert_eq!(result["code"], "not_null_violation");
    for version in [None, Some(own_version())] {
        device.schema_version = version;
        applied(
            &mut device,
            &[put(
                "letters",
                "1",
                json!({"title": "t", "body": "b", "stamp": "s"}),
            )],
        );
        applied(&mut device, &[put("letters", "1", json!({"title": "new"}))]);
        assert_eq!(
            row(),
            json!([{"title": "new", "body": null, "stamp": null}])
        );
    }
}

/// What the server writes, and what is set once, a PUT leaves as it is.
#[test]
fn a_put_leaves_what_is_not_its_own() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let folder = |name: &str, more: Value| {
        let mut data = json!({"name": name, "slug": "s", "kind": name});
        for (name, value) in more.as_object().expect("an object") {
            data[name] = value.clone();
        }
        put("folders", "1", data)
    };
    applied(
        &mut device,
        &[folder(
            "first",
            json!({"position": 5, "created_at": "2026-01-01T00:00:00Z"}),
        )],
    );
    stand.execute("UPDATE folders SET revision = 7, secret = 'hidden'");
    applied(
        &mut device,
        &[folder(
            "second",
            json!({"created_at": "2027-01-01T00:00:00Z"}),
        )],
    );
    let row = stand.rows("SELECT name, kind, position, revision, secret, created_at FROM folders");
    assert_eq!(
        row,
        json!([{"name": "second", "kind": "first", "position": 0, "revision": 7, "secret": "hidden", "created_at": "2026-01-01T00:00:00+00:00"}])
    );
}
