//! Exactly once for each user, client, op id and ops; in order; whichever instance takes it.

use serde_json::{Value, json};
use testkit::Proxy;
use testkit::device::{patch, put, transaction};
use testkit::proxy::{Fault, Which};

use super::stand::{Stand, results};

/// Every write of a vault, counted where no fold can hide it.
const COUNT: &str = "
CREATE TABLE written (id text, name text);
GRANT INSERT ON written TO contract_app;
CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO written VALUES (NEW.id, NEW.name); RETURN NULL; END $$;
CREATE TRIGGER count AFTER INSERT OR UPDATE ON vaults FOR EACH ROW EXECUTE FUNCTION note_write();
";

fn statuses(results: &[Value]) -> Vec<&str> {
    results
        .iter()
        .map(|it| it["status"].as_str().unwrap_or_default())
        .collect()
}

fn vault(id: &str, name: &str) -> Value {
    put("vaults", id, json!({ "name": name }))
}

#[test]
fn a_repeated_transaction_is_a_duplicate() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(COUNT, &[]);
    let mut device = stand.device("ada");
    let written = || stand.value("SELECT count(*) AS v FROM written");
    let first = [transaction(1, &[vault("1", "a")])];
    let mut upload = |all: &[Value]| results(device.upload(all).expect("an answer"));
    assert_eq!(statuses(&upload(&first)), ["applied"]);
    for _ in 0..3 {
        assert_eq!(upload(&first), [json!({"status": "duplicate"})]);
    }
    assert_eq!(written(), 1);
    // Within one request, and among others that are new.
    let second = transaction(2, &[vault("1", "b")]);
    let all = [
        first[0].clone(),
        second.clone(),
        second.clone(),
        transaction(3, &[vault("1", "c")]),
        second,
    ];
    let said = upload(&all);
    assert_eq!(
        statuses(&said),
        ["duplicate", "applied", "duplicate", "applied", "duplicate"]
    );
    assert_eq!(written(), 3);
    assert_eq!(
        stand.value("SELECT name AS v FROM vaults"),
        "c",
        "none came back"
    );
    // A restored device counts again from where it was: other ops under an old number are new.
    let rewound = [
        transaction(1, &[vault("1", "d")]),
        transaction(2, &[vault("2", "e")]),
    ];
    assert_eq!(statuses(&upload(&rewound)), ["applied", "applied"]);
    assert_eq!(statuses(&upload(&rewound)), ["duplicate", "duplicate"]);
    assert_eq!(statuses(&upload(&first)), ["duplicate"]);
    assert_eq!(written(), 5);
    assert_eq!(
        stand.value("SELECT rewound AS v FROM syncline.clients"),
        true
    );
    // A number as text is the same number; an empty transaction counts as one.
    let text = [json!({"op_id": "3", "ops": [vault("1", "c")]})];
    assert_eq!(statuses(&upload(&text)), ["duplicate"]);
    let empty = [transaction(9, &[])];
    assert_eq!(statuses(&upload(&empty)), ["applied"]);
    assert_eq!(statuses(&upload(&empty)), ["duplicate"]);
    assert_eq!(upload(&[]), [] as [Value; 0]);

    // A refused one keeps its verdict, and makes one dead letter.
    let bad = [transaction(
        10,
        &[
            vault("3", "x"),
            patch("vaults", "3", json!({"name": false})),
        ],
    )];
    let refused = upload(&bad);
    assert_eq!(statuses(&refused), ["rejected"]);
    let again = upload(&bad);
    assert_eq!(statuses(&again), ["duplicate"]);
    assert_eq!(again[0]["code"], refused[0]["code"]);
    assert_eq!(again[0]["op_index"], 1);
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM syncline.dead_letters"),
        1
    );
}

#[test]
fn users_and_clients_are_apart() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(COUNT, &[]);
    for user in ["ada", "eve"] {
        for client in ["one", "two"] {
            let mut device = stand.device(user);
            device.client_id = Some(client.to_owned());
            let all = [transaction(1, &[vault(user, "same")])];
            let said = results(device.upload(&all).expect("an answer"));
            assert_eq!(statuses(&said), ["applied"], "{user} {client}");
        }
    }
    assert_eq!(stand.value("SELECT count(*) AS v FROM written"), 4);
    // Who does not say who it is, is applied each time.
    let mut device = stand.device("ada");
    device.client_id = None;
    for _ in 0..2 {
        let all = [transaction(1, &[vault("ada", "same")])];
        assert_eq!(
            statuses(&results(device.upload(&all).expect("an answer"))),
            ["applied"]
        );
    }
    assert_eq!(stand.value("SELECT count(*) AS v FROM written"), 6);
}

/// The same request at two instances at once, and an answer that is lost after the commit.
#[test]
fn two_instances_apply_it_once() {
    testkit::needs!(postgres);
    let stand = Stand::prepared(COUNT, &[]);
    let other = stand.another(&[]);
    let proxy = Proxy::start(&[stand.server.address(), other.address()]);
    let token = super::stand::issuer().token("ada");
    let mut device = testkit::Device::new(proxy.address(), token, "c");
    let faults = [
        Fault::Twice(Which::First),
        Fault::Twice(Which::Last),
        Fault::CutAnswer(0),
        Fault::CutAnswer(40),
    ];
    let mut expected = 0;
    for round in 0..6 {
        for fault in faults {
            expected += 1;
            let name = format!("{round} {fault:?}");
            let all = [
                transaction(expected, &[vault("1", &name)]),
                transaction(expected + 1_000, &[vault("2", &name)]),
            ];
            proxy.push([fault]);
            let answer = device.upload(&all).or_else(|_| device.upload(&all));
            let said = results(answer.expect("an answer"));
            assert!(
                said.iter()
                    .all(|it| it["status"] == "applied" || it["status"] == "duplicate"),
                "{said:?}"
            );
            assert_eq!(
                stand.value("SELECT name AS v FROM vaults WHERE id = '1'"),
                name.as_str()
            );
        }
    }
    assert_eq!(
        stand.value("SELECT count(*) AS v FROM written"),
        2 * expected
    );
    let most = "SELECT max(n) AS v FROM (SELECT count(*) AS n FROM written GROUP BY id, name) AS t";
    assert_eq!(stand.value(most), 1);
}

/// An answer of 200 is true for a new connection, and the server's end takes nothing back.
#[test]
fn what_is_acknowledged_stays() {
    testkit::needs!(postgres);
    let mut stand = Stand::start();
    let mut device = stand.device("ada");
    let all = [transaction(1, &[vault("1", "a")])];
    results(device.upload(&all).expect("an answer"));
    let there = stand.db.connect().query("SELECT 1 FROM vaults", &[]);
    assert_eq!(there.expect("rows").len(), 1);
    stand.server.kill();
    let again = stand.another(&[]);
    let mut device = testkit::Device::new(again.address(), device.token, "device of ada");
    assert_eq!(
        statuses(&results(device.upload(&all).expect("an answer"))),
        ["duplicate"]
    );
}
