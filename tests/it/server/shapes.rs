//! The shapes in which connectors send ops, on both routes.

use serde_json::{Value, json};
use testkit::device::{UPLOAD, delete, patch, put, transaction};

use super::stand::{Stand, next, results};

/// The ways to say `PUT`, table, id and columns.
const OPS: &[&str] = &[
    r#"{"op":"PUT","table":"vaults","id":"ID","data":{"name":"n","note":"m"}}"#,
    r#"{"data":{"note":"m","name":"n"},"id":"ID","op":"PUT","table":"vaults"}"#,
    r#"{"op_id":7,"op":"PUT","type":"vaults","id":"ID","tx_id":3,"data":{"name":"n","note":"m"},"old":{"name":"o"},"metadata":"x"}"#,
    r#"{"op":"PUT","table":"vaults","id":"ID","op_data":{"name":"n","note":"m"},"previous_values":null,"metadata":null}"#,
    r#"{"op":"PUT","table":"vaults","id":"ID","opData":{"name":"n","note":"m"},"previousValues":{}}"#,
    r#"{"op":"put","table":"vaults","id":"ID","data":{"id":"ID","owner_id":"ada","name":"n","note":"m"}}"#,
    "{ \"op\" : \"PUT\" ,\r\n\t\"table\":\"v\\u0061ults\", \"id\":\"ID\", \"data\" : { \"n\\u0061me\" : \"n\", \"note\":\"m\" } }",
];

/// The ways to put ops around.
const ENVELOPES: &[&str] = &[
    r#"{"client_id":"c","transactions":[{"op_id":N,"ops":[OP]}]}"#,
    r#"{"transactions":[{"ops":[OP],"op_id":N}],"client_id":"c"}"#,
    r#"{"clientId":"c","transactions":[{"opId":"N","crud":[OP]}]}"#,
    r#"{"transactions":[{"transaction_id":N,"operations":[OP]}],"schema_version":null}"#,
    r#"{"transactions":[{"transactionId":N,"entries":[OP]}]}"#,
    r#"{"client_id":"c","transactions":[{"id":N,"batch":[OP],"metadata":{"ops":[1,{"a":[]}]}}]}"#,
    r#"{"client_id":"c","op_id":N,"ops":[OP]}"#,
    r#"{"crud":[OP]}"#,
    r#"{"batch":[OP]}"#,
    "[OP]",
    " \n[ OP ]\t",
];

#[test]
fn every_shape_says_the_same() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    for envelope in ENVELOPES {
        for op in OPS {
            for (method, path, said) in
                [("PUT", UPLOAD, "applied"), ("POST", "/api/data", "success")]
            {
                let id = format!("row {}", next());
                let op = op.replace("ID", &id);
                let body = envelope
                    .replace("OP", &op)
                    .replace('N', &next().to_string());
                let answer = device.send(method, path, body.as_bytes());
                let results = results(answer.expect("an answer"));
                assert_eq!(results, [json!({ "status": said })], "{body}");
                let rows = format!("SELECT owner_id, name, note FROM vaults WHERE id = '{id}'");
                let row = json!([{ "owner_id": "ada", "name": "n", "note": "m" }]);
                assert_eq!(stand.rows(&rows), row, "{body}");
            }
        }
    }
}

#[test]
fn columns_go_by_both_spellings() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let columns = |camel: bool| {
        let name = |snake: &str, other: &str| if camel { other } else { snake }.to_owned();
        json!({
            "name": format!("n{camel}"), "slug": format!("slug-{}", next()), "kind": "k",
            name("parent_id", "parentId"): null,
            name("created_at", "createdAt"): "2026-01-02T03:04:05Z",
            name("owner_id", "ownerId"): "ada",
        })
    };
    for camel in [false, true] {
        let id = format!("folder {camel}");
        let ops = [put("folders", &id, columns(camel))];
        super::stand::applied(&mut device, &ops);
        let created = format!("SELECT created_at AS v FROM folders WHERE id = '{id}'");
        assert_eq!(stand.value(&created), "2026-01-02T03:04:05+00:00");
    }
    // A column whose own name is camelCase, and a table and columns that are keywords.
    let odd = json!({"group": "g", "select": 1, "user": "u", "default": 1, "class": "c", "type": "t", "constructor": "x", "createdBy": "me"});
    super::stand::applied(&mut device, &[put("order", "1", odd)]);
    assert_eq!(
        stand.value("SELECT \"createdBy\" AS v FROM \"order\""),
        "me"
    );
}

#[test]
fn results_stand_in_the_order_of_transactions() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let name = |name: &str| json!({ "name": name });
    let all = [
        transaction(next(), &[put("vaults", "1", name("a"))]),
        transaction(next(), &[patch("vaults", "1", json!({"name": true}))]),
        transaction(next(), &[]),
        transaction(
            next(),
            &[put("vaults", "2", name("b")), delete("vaults", "1")],
        ),
        transaction(next(), &[put("nothing", "2", name("b"))]),
        transaction(next(), &[patch("vaults", "2", name("c"))]),
    ];
    let answer = device.upload(&all).expect("an answer");
    let statuses = |results: &[Value]| -> Vec<_> {
        let status = |it: &Value| it["status"].as_str().unwrap_or_default().to_owned();
        results.iter().map(status).collect()
    };
    let first = results(answer);
    assert_eq!(
        statuses(&first),
        [
            "applied", "rejected", "applied", "applied", "rejected", "applied"
        ]
    );
    assert_eq!(first[1]["op_index"], 0);
    let rows = stand.rows("SELECT id, name, deleted_at IS NULL AS live FROM vaults ORDER BY id");
    assert_eq!(
        rows,
        json!([{"id": "1", "name": "a", "live": false}, {"id": "2", "name": "c", "live": true}])
    );

    // The same once more, on the other route: the stored verdicts, and nothing happens.
    let body = device.body(&all).to_string();
    let again = device.send("POST", "/api/data", body.as_bytes());
    let again = results(again.expect("an answer"));
    assert_eq!(
        statuses(&again),
        [
            "success",
            "fatal_error",
            "success",
            "success",
            "fatal_error",
            "success"
        ]
    );
    assert_eq!(again[4]["error"]["code"], "unknown_table");
    let again = results(device.upload(&all).expect("an answer"));
    assert_eq!(statuses(&again), ["duplicate"; 6]);
    for (first, again) in first.iter().zip(&again) {
        let mut expected = first.clone();
        expected["status"] = "duplicate".into();
        assert_eq!(*again, expected, "the stored verdict");
    }
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM syncline.dead_letters"),
        2
    );
}

/// Bodies that are no upload: 400, always, and nothing is done.
#[test]
fn what_is_no_upload_is_said_to_be_none() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let op = r#"{"op":"PUT","table":"vaults","id":"1","data":{"name":"n"}}"#;
    let good = format!(r#"{{"client_id":"c","transactions":[{{"op_id":1,"ops":[{op}]}}]}}"#);
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "null",
        "5",
        "\"text\"",
        "{}",
        "{",
        "]",
        "[",
        "[{]",
        "[{}",
        "}",
        "{}{}",
        r#"{"transactions":5}"#,
        r#"{"transactions":null}"#,
        r#"{"transactions":[5]}"#,
        r#"{"transactions":[{}]}"#,
        r#"{"transactions":[{"op_id":1}]}"#,
        r#"{"transactions":[{"op_id":1,"ops":5}]}"#,
        r#"{"transactions":[{"op_id":1,"ops":{}}]}"#,
        r#"{"transactions":{"ops":[]}}"#,
        r#"{"client_id":5,"transactions":[]}"#,
        r#"{"client_id":"","transactions":[]}"#,
        r#"{"client_id":"a\u0000b","transactions":[]}"#,
        r#"{"client_id":"\ud800","transactions":[]}"#,
        r#"{"transactions":[],"ops":[]}"#,
        r#"{"transactions":[],"transactions":[]}"#,
        r#"{"ops":[],"crud":[]}"#,
        "[] []",
        "[],",
        "[{},]",
        "[,{}]",
        "[{} {}]",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    // Cut anywhere, it is none.
    bodies.extend(
        (0..good.len())
            .step_by(7)
            .map(|at| good.as_bytes()[..at].to_vec()),
    );
    bodies.push(format!("{good}x").into_bytes());
    bodies.push(good.replace("client_id", "client_\u{0}id").into_bytes());
    bodies.push([&good.as_bytes()[..2], b"\xff", &good.as_bytes()[2..]].concat());
    // Lists of ops under names that only a second look finds.
    bodies.push(good.replace("\"ops\"", "\"\\u006fps\"").into_bytes());
    bodies.push(
        good.replace("\"transactions\"", "\"\\u0074ransactions\"")
            .into_bytes(),
    );
    for body in bodies {
        let answer = device.send("PUT", UPLOAD, &body).expect("an answer");
        let shown = String::from_utf8_lossy(&body);
        assert_eq!(answer.status, 400, "{shown}\n{answer}");
        let kind = answer.header("content-type");
        assert_eq!(kind, Some("application/problem+json"), "{answer}");
    }
    assert_eq!(stand.value("SELECT count(*) AS v FROM vaults"), 0);
    assert_eq!(stand.value("SELECT count(*) AS v FROM syncline.uploads"), 0);
    // And the one that is one is taken.
    let answer = device.send("PUT", UPLOAD, good.as_bytes());
    assert_eq!(
        results(answer.expect("an answer")),
        [json!({"status": "applied"})]
    );
}

/// Statuses of routes and methods that are not there.
#[test]
fn other_requests_have_other_statuses() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let token = format!("Bearer {}", device.token);
    for (method, path, media, status) in [
        ("POST", UPLOAD, "application/json", 405),
        ("GET", UPLOAD, "application/json", 405),
        ("PUT", "/api/data", "application/json", 405),
        ("PUT", "/api/powersync/upload/", "application/json", 404),
        ("PUT", "/", "application/json", 404),
        ("PUT", UPLOAD, "text/plain", 415),
        ("PUT", UPLOAD, "application/x-www-form-urlencoded", 415),
        ("POST", "/api/data", "multipart/form-data", 415),
        ("PUT", UPLOAD, "application/json; charset=utf-8", 200),
        ("PUT", UPLOAD, "Application/JSON", 200),
        ("GET", "/healthz", "text/plain", 200),
    ] {
        let headers = [("authorization", token.as_str()), ("content-type", media)];
        let answer = device.http.send(method, path, &headers, b"[]");
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, status, "{method} {path} {media}\n{answer}");
    }
    // What is compressed is not read, and must not pass as a body that is broken for good.
    let headers = [
        ("authorization", token.as_str()),
        ("content-type", "application/json"),
        ("content-encoding", "gzip"),
    ];
    let answer = device.http.send("PUT", UPLOAD, &headers, b"\x1f\x8b");
    assert_eq!(answer.expect("an answer").status, 415);
}
