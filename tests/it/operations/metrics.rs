//! What is counted, and where it is read.

use std::collections::BTreeMap;

use serde_json::json;
use testkit::device::{put, transaction};
use testkit::http::Client;
use testkit::postgres::TestDb;

use super::stand::{Stand, eventually, get, next, project};

/// Samples by their names with labels, as they are printed.
pub(super) type Samples = BTreeMap<String, f64>;

pub(super) fn samples(text: &str) -> Samples {
    let lines = text
        .lines()
        .filter(|it| !it.starts_with('#') && !it.is_empty());
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').expect("a value");
        (name.to_owned(), value.parse().expect("a number"))
    };
    lines.map(sample).collect()
}

pub(super) fn read(stand: &Stand) -> String {
    let answer = stand.get("/metrics").expect(200);
    let kind = answer.header("content-type");
    assert_eq!(kind, Some("text/plain; version=0.0.4; charset=utf-8"));
    String::from_utf8(answer.body).expect("UTF-8")
}

/// A replication slot: it would outlive its test, and keep its database.
pub(super) struct Slot<'a>(&'a TestDb, String);

impl<'a> Slot<'a> {
    fn new(db: &'a TestDb) -> Self {
        let name = format!("slot_of_{}", db.name());
        db.execute(&format!(
            "SELECT pg_create_logical_replication_slot('{name}', 'pgoutput')"
        ));
        Self(db, name)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let gone = format!("SELECT pg_drop_replication_slot('{}')", self.1);
        let _ = self.0.try_execute(&gone);
    }
}

/// Everything that is counted happens once.
pub(super) fn make_busy(stand: &Stand) -> Slot<'_> {
    let slot = Slot::new(&stand.db);
    let mut device = stand.device("ann");
    let first = project("p1", "one");
    let other_owner = json!({ "name": "mine", "owner_id": "bob" });
    let foreign = transaction(next(), &[put("projects", "p2", other_owner)]);
    let refused = transaction(next(), &[put("nowhere", "p3", json!({}))]);
    let mut upload = |transaction| {
        device
            .upload(&[transaction])
            .expect("an answer")
            .expect(200)
    };
    upload(first.clone());
    upload(first.clone());
    upload(foreign);
    upload(refused);
    // The number of the first again, with something else: the device was restored.
    let mut rewound = first;
    rewound["ops"][0]["id"] = "p4".into();
    upload(rewound);
    slot
}

#[test]
fn what_happens_is_counted() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let slot = make_busy(&stand);
    stand.db.execute("SELECT pg_switch_wal()");
    let lag = format!("syncline_replication_slot_lag_bytes{{slot=\"{}\"}}", slot.1);
    eventually("the database is measured", || {
        let found = samples(&read(&stand));
        found.get(&lag).is_some_and(|it| *it > 0.0) && found["syncline_dead_letters"] == 1.0
    });
    let found = samples(&read(&stand));
    for (name, value) in [
        ("syncline_transactions_total{verdict=\"applied\"}", 3.0),
        ("syncline_transactions_total{verdict=\"duplicate\"}", 1.0),
        ("syncline_transactions_total{verdict=\"rejected\"}", 1.0),
        (
            "syncline_ops_total{table=\"projects\",op=\"put\",verdict=\"applied\"}",
            3.0,
        ),
        (
            "syncline_ops_total{table=\"projects\",op=\"put\",verdict=\"duplicate\"}",
            1.0,
        ),
        (
            "syncline_ops_total{table=\"\",op=\"refused\",verdict=\"rejected\"}",
            1.0,
        ),
        ("syncline_rejections_total{code=\"unknown_table\"}", 1.0),
        ("syncline_foreign_owners_total{table=\"projects\"}", 1.0),
        ("syncline_rewound_clients_total", 1.0),
        ("syncline_retries_total", 0.0),
        ("syncline_database_up", 1.0),
        ("syncline_pool_connections{state=\"most\"}", 16.0),
        (
            "syncline_requests_total{method=\"PUT\",route=\"/api/powersync/upload\",status=\"200\"}",
            5.0,
        ),
        (
            "syncline_request_seconds_count{route=\"/api/powersync/upload\"}",
            5.0,
        ),
        ("syncline_requests_under_way", 1.0),
    ] {
        assert_eq!(found.get(name), Some(&value), "{name}\n{found:#?}");
    }
    assert!(found["syncline_dead_letters_oldest_seconds"] > 0.0);
}

#[test]
fn names_from_outside_are_no_labels() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut client = Client::new(stand.server.address());
    for (method, path) in [
        ("SMUGGLE", "/healthz"),
        ("GET", "/planted/path"),
        ("GET", "/readyz?planted=1"),
    ] {
        client.send(method, path, &[], b"").expect("an answer");
    }
    let mut device = stand.device("planted-user");
    let table = transaction(
        next(),
        &[put("planted_table", "x", json!({ "planted_column": 1 }))],
    );
    device.upload(&[table]).expect("an answer").expect(200);
    let text = read(&stand);
    assert!(
        !text.contains("planted") && !text.contains("SMUGGLE"),
        "{text}"
    );
}

#[test]
fn metrics_may_have_an_address_of_their_own() {
    testkit::needs!(postgres);
    let stand = Stand::with(&[("SYNCLINE_LISTEN_METRICS", "127.0.0.1:0")]);
    assert_eq!(get(&stand.server, "/metrics", &[]).status, 404);
    stand.server.says("metrics are at ");
    let log = stand.server.log();
    let (_, rest) = log.split_once("metrics are at ").expect("an address");
    let address = rest.split_whitespace().next().expect("an address");
    let mut client = Client::new(address.parse().expect("an address"));
    for path in ["/metrics", "/healthz", "/readyz"] {
        client
            .send("GET", path, &[], b"")
            .expect("an answer")
            .expect(200);
    }
    let upload = client.send("PUT", "/api/powersync/upload", &[], b"{}");
    assert_eq!(upload.expect("an answer").status, 404);
}
