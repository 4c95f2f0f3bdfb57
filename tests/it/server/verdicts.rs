//! Bad data: each code by the ops that earn it, all of the transaction left undone, and the dead letter.

use serde_json::{Value, json};
use testkit::device::{delete, patch, put, transaction};

use super::stand::{Stand, applied, next, one, refused, results};

/// A folder that is right, with a name and a slug of its own.
fn folder(change: Value) -> Value {
    let mut folder =
        json!({"name": format!("n{}", next()), "slug": format!("s-{}", next()), "kind": "k"});
    for (name, value) in change.as_object().expect("an object") {
        folder[name] = value.clone();
    }
    folder
}

#[test]
fn each_rule_has_its_code() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let taken = folder(json!({}));
    applied(&mut device, &[put("folders", "there", taken.clone())]);
    let named = |change: Value| put("folders", "new", folder(change));
    let long = "i".repeat(129);
    let cases: &[(Value, &str, Option<&str>)] = &[
        (
            json!({"op": "UPSERT", "table": "vaults", "id": "1"}),
            "invalid_op",
            None,
        ),
        (
            json!({"table": "vaults", "id": "1", "data": {"name": "n"}}),
            "invalid_op",
            None,
        ),
        (
            json!({"op": "PUT", "table": 5, "id": "1", "data": {"name": "n"}}),
            "invalid_op",
            None,
        ),
        (
            json!({"op": "PUT", "table": "vaults", "id": "1", "data": ["n"]}),
            "invalid_op",
            None,
        ),
        (
            json!({"op": "PUT", "table": "vaults", "id": "1", "data": "{}"}),
            "invalid_op",
            None,
        ),
        (json!({}), "invalid_op", None),
        (
            json!({"op": "PUT", "table": "vaults", "id": "1", "data": {"name": "n"}, "op_data": {"name": "n"}}),
            "invalid_op",
            None,
        ),
        (
            json!({"op": "PUT", "table": "vaults", "data": {"name": "n"}}),
            "invalid_id",
            Some("id"),
        ),
        (
            put("vaults", "", json!({"name": "n"})),
            "invalid_id",
            Some("id"),
        ),
        (
            put("vaults", &long, json!({"name": "n"})),
            "invalid_id",
            Some("id"),
        ),
        (
            put("vaults", "a\0b", json!({"name": "n"})),
            "invalid_id",
            Some("id"),
        ),
        (
            json!({"op": "DELETE", "table": "vaults", "id": true}),
            "invalid_id",
            Some("id"),
        ),
        (
            json!({"op": "DELETE", "table": "vaults", "id": ["1"]}),
            "invalid_id",
            Some("id"),
        ),
        (
            put("teams", "no uuid", json!({"name": "n"})),
            "invalid_id",
            Some("id"),
        ),
        (
            put("vaults", "1", json!({"id": "2", "name": "n"})),
            "invalid_id",
            Some("id"),
        ),
        (
            patch("folders", "there", json!({"id": "2"})),
            "invalid_id",
            Some("id"),
        ),
        (put("nothing", "1", json!({})), "unknown_table", None),
        (put("pg_class", "1", json!({})), "unknown_table", None),
        (put("public.vaults", "1", json!({})), "unknown_table", None),
        (
            put("Vaults", "1", json!({"name": "n"})),
            "unknown_table",
            None,
        ),
        (put("vaults\" --", "1", json!({})), "unknown_table", None),
        (put("", "1", json!({})), "unknown_table", None),
        (put("audit_entries", "1", json!({})), "unknown_table", None),
        (
            put("drafts", "1", json!({"body": "b"})),
            "local_table",
            None,
        ),
        (
            put("articles", "1", json!({"title": "t"})),
            "read_only_table",
            None,
        ),
        (delete("articles", "1"), "read_only_table", None),
        (
            patch("clicks", "1", json!({"target": "t"})),
            "read_only_table",
            None,
        ),
        (delete("clicks", "1"), "read_only_table", None),
        (
            named(json!({"nothing": 1})),
            "unknown_column",
            Some("nothing"),
        ),
        (
            named(json!({"name\" = 'x'; --": 1})),
            "unknown_column",
            Some("name\" = 'x'; --"),
        ),
        (
            named(json!({"\u{0}\u{1b}[31m": 1})),
            "unknown_column",
            Some("\u{fffd}\u{fffd}[31m"),
        ),
        (named(json!({"Name": 1})), "unknown_column", Some("Name")),
        (named(json!({"xmin": 1})), "unknown_column", Some("xmin")),
        (
            named(json!({"revision": 1})),
            "read_only_column",
            Some("revision"),
        ),
        (
            named(json!({"secret": "s"})),
            "read_only_column",
            Some("secret"),
        ),
        (
            patch("folders", "there", json!({"kind": "other"})),
            "read_only_column",
            Some("kind"),
        ),
        (
            named(json!({"parentId": null, "parent_id": null})),
            "duplicate_key",
            Some("parent_id"),
        ),
        (
            named(json!({"position": "five"})),
            "invalid_value",
            Some("position"),
        ),
        (
            named(json!({"name": "n".repeat(201)})),
            "invalid_value",
            Some("name"),
        ),
        (named(json!({"name": null})), "invalid_value", Some("name")),
        (
            patch("folders", "there", json!({"name": null})),
            "invalid_value",
            Some("name"),
        ),
        (
            put("folders", "new", json!({"slug": "s", "kind": "k"})),
            "not_null_violation",
            Some("name"),
        ),
        (
            json!({"op": "PUT", "table": "folders", "id": "new"}),
            "not_null_violation",
            Some("name"),
        ),
        (
            named(json!({"name": taken["name"]})),
            "unique_violation",
            None,
        ),
        (
            named(json!({"slug": taken["slug"]})),
            "unique_violation",
            None,
        ),
        (
            named(json!({"parent_id": "missing"})),
            "foreign_key_violation",
            None,
        ),
        (
            put(
                "attachments",
                "1",
                json!({"folder_id": "missing", "content": ""}),
            ),
            "foreign_key_violation",
            None,
        ),
        (named(json!({"position": -1})), "check_violation", None),
        (
            named(json!({"slug": "Not A Slug"})),
            "check_violation",
            None,
        ),
        (
            patch("folders", "there", json!({"parent_id": "there"})),
            "check_violation",
            None,
        ),
    ];
    let before = stand.rows("SELECT * FROM folders");
    for (op, code, column) in cases {
        // References are looked at when all ops are done.
        let at = |at| (*code != "foreign_key_violation").then_some(at);
        refused(&mut device, std::slice::from_ref(op), at(0), code, *column);
        // With others around it, in each place: none of them happens.
        let other = |id: &str| put("vaults", id, json!({"name": "n"}));
        let ops = [other("a"), op.clone(), other("b")];
        refused(&mut device, &ops, at(1), code, *column);
    }
    assert_eq!(stand.rows("SELECT * FROM folders"), before);
    assert_eq!(stand.rows("SELECT * FROM vaults"), json!([]));
    let letters = stand.value("SELECT count(*) AS v FROM syncline.dead_letters");
    assert_eq!(letters, 2 * cases.len());
    let counts = stand
        .rows("SELECT 1 FROM vaults UNION ALL SELECT 1 FROM teams UNION ALL SELECT 1 FROM clicks");
    assert_eq!(counts, json!([]));
}

/// Members that are there twice, and bytes that no JSON has: only as text can they be sent.
#[test]
fn ops_that_are_no_json_are_refused_alone() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let text = |op: &str| op.as_bytes().to_vec();
    let data = |data: &str| {
        text(&format!(
            r#"{{"op":"PUT","table":"every_nullable","id":"x","data":{data}}}"#
        ))
    };
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (data(r#"{"a_text":"a","a_text":"b"}"#), "duplicate_key"),
        (data(r#"{"a_text":"a","aText":"a"}"#), "duplicate_key"),
        (data(r#"{"a_text":"a","\u0061_text":"a"}"#), "duplicate_key"),
        (data(r#"{"id":"x","id":"x"}"#), "duplicate_key"),
        (data(r#"{"owner_id":"ada","ownerId":"ada"}"#), "duplicate_key"),
        (text(r#"{"op":"PUT","op":"DELETE","table":"every_nullable","id":"x"}"#), "invalid_op"),
        (text(r#"{"op":"DELETE","table":"every_nullable","table":"vaults","id":"x"}"#), "invalid_op"),
        (text(r#"{"op":"DELETE","table":"every_nullable","type":"vaults","id":"x"}"#), "invalid_op"),
        (text(r#"{"op":"DELETE","table":"every_nullable","id":"x","id":"y"}"#), "invalid_op"),
        (text(r#"{"op":"PUT""table":"every_nullable","id":"x"}"#), "invalid_op"),
        (text(r#"{"op":"PUT","table":"every_nullable","id":"x",}"#), "invalid_op"),
        (text(r#"{'op':'PUT'}"#), "invalid_op"),
        (text("{\"op\":\"PUT\",\"table\":\"every_nullable\",\"id\":\"x\",\"data\":{\"a_text\":\"a\nb\"}}"), "invalid_op"),
        (data(r#"{"a_text":NaN}"#), "invalid_op"),
        (data(r#"{"a_integer":01}"#), "invalid_op"),
        (data(r#"{"\ud800":1}"#), "invalid_op"),
        (data(&format!(r#"{{"a_json":{deep}}}"#)), "invalid_value"),
        (data(&format!(r#"{{"a_json":"{deep}"}}"#)), "invalid_value"),
        (data(&deep), "invalid_op"),
        ([&b"{\"op\":\"PUT\",\"table\":\"every_nullable\",\"id\":\"x\",\"data\":{\"a_text\":\""[..], b"\xff\xfe\xc0\x80", b"\"}}"].concat(), "invalid_op"),
    ];
    let good = |id: &str| {
        format!(r#"{{"op":"PUT","table":"every_nullable","id":"{id}","data":{{"a_text":"t"}}}}"#)
    };
    for (at, (op, code)) in cases.iter().enumerate() {
        let head = format!(
            r#"{{"client_id":"c","transactions":[{{"op_id":"{at}a","ops":[{}]}},{{"op_id":"{at}b","ops":["#,
            good(&format!("{at}a"))
        );
        let tail = format!(
            r#"]}},{{"op_id":"{at}c","ops":[{}]}}]}}"#,
            good(&format!("{at}c"))
        );
        let body = [head.as_bytes(), op, tail.as_bytes()].concat();
        let answer = device.send("PUT", testkit::device::UPLOAD, &body);
        let results = results(answer.expect("an answer"));
        let shown = String::from_utf8_lossy(&op[..op.len().min(200)]);
        assert_eq!(results[0]["status"], "applied", "{shown}");
        assert_eq!(results[1]["status"], "rejected", "{shown}");
        assert_eq!(results[1]["code"], *code, "{shown}");
        assert_eq!(results[2]["status"], "applied", "{shown}");
        // The dead letter has the bytes that came.
        let payload = [b"[", &op[..], b"]"].concat();
        let kept = stand.db.connect().query_one(
            "SELECT payload FROM syncline.dead_letters WHERE op_id = $1",
            &[&format!("{at}b")],
        );
        let kept: Vec<u8> = kept.expect("a dead letter").get(0);
        assert_eq!(kept, payload, "{shown}");
    }
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM every_nullable"),
        2 * cases.len()
    );
}

#[test]
fn a_dead_letter_says_all_that_is_known() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    device.schema_version = Some(super::stand::own_version());
    let ops = [
        put("vaults", "1", json!({"name": "n"})),
        patch("vaults", "1", json!({"name": 1.5, "note": false})),
    ];
    let answer = device.upload(&[transaction(77, &ops)]);
    let result = results(answer.expect("an answer")).remove(0);
    assert_eq!(result["status"], "rejected");
    let letter = stand.rows(
        "SELECT user_id, client_id, op_id, schema_version, code, op_index, column_name, message, state,
           convert_from(payload, 'UTF8')::json AS payload, length(digest) AS digest FROM syncline.dead_letters",
    );
    assert_eq!(
        letter,
        json!([{
            "user_id": "ada", "client_id": "device of ada", "op_id": "77", "schema_version": super::stand::own_version(),
            "code": "invalid_value", "op_index": 1, "column_name": "note", "message": result["message"], "state": "open",
            "payload": ops, "digest": 16,
        }])
    );
    // The plain recipe says nothing of itself: its letter is kept all the same.
    device.client_id = None;
    one(&mut device, &[put("nothing", "1", json!({}))]);
    let letters =
        stand.rows("SELECT client_id, code FROM syncline.dead_letters WHERE client_id IS NULL");
    assert_eq!(
        letters,
        json!([{ "client_id": null, "code": "unknown_table" }])
    );
}

/// The owner of a payload never counts; an empty change changes nothing.
#[test]
fn what_has_no_meaning_has_no_effect() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    for (at, owner) in ["null", "\"ada\"", "\"eve\"", "5", "{\"a\":1}"]
        .iter()
        .enumerate()
    {
        let owner: Value = serde_json::from_str(owner).expect("JSON");
        let id = format!("{at}");
        applied(
            &mut device,
            &[put("vaults", &id, json!({"name": "n", "owner_id": owner}))],
        );
        applied(
            &mut device,
            &[patch("vaults", &id, json!({"ownerId": owner}))],
        );
    }
    assert_eq!(
        stand.rows("SELECT DISTINCT owner_id FROM vaults"),
        json!([{"owner_id": "ada"}])
    );
    stand.execute("UPDATE vaults SET updated_at = '2020-01-01'");
    for data in [
        json!({}),
        json!(null),
        json!({"id": "1"}),
        json!({"owner_id": "eve"}),
    ] {
        applied(&mut device, &[patch("vaults", "1", data)]);
    }
    let changed = "SELECT count(*) AS v FROM vaults WHERE updated_at <> '2020-01-01'";
    assert_eq!(stand.value(changed), 0);
    // An op on a row that is not there, and a delete with data, are no mistakes.
    applied(
        &mut device,
        &[
            patch("vaults", "missing", json!({"name": "n"})),
            delete("vaults", "missing"),
        ],
    );
    let mut odd = delete("vaults", "2");
    odd["data"] = json!({"nothing": [1]});
    applied(&mut device, &[odd]);
    assert_eq!(
        stand.value("SELECT deleted_at IS NOT NULL AS v FROM vaults WHERE id = '2'"),
        true
    );
}
