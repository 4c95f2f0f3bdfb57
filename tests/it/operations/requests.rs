//! Ids and lines of requests, and what is never in a line.

use serde_json::{Value, json};
use testkit::device::{put, transaction};
use testkit::http::Client;

use super::stand::{Stand, device, get, issuer, next};

/// The lines of a JSON log that are about requests.
fn lines(log: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .map(|it| serde_json::from_str::<Value>(it).expect("JSON"));
    lines.filter(|it| it["message"] == "answered").collect()
}

#[test]
fn each_request_has_an_id_and_one_line() {
    testkit::needs!(postgres);
    let stand = Stand::with(&[("SYNCLINE_LOG_FORMAT", "json")]);
    let own = get(
        &stand.server,
        "/nothing?planted=1",
        &[("x-request-id", "caller-7.a_b")],
    );
    assert_eq!(own.expect(404).header("x-request-id"), Some("caller-7.a_b"));
    let odd = get(
        &stand.server,
        "/openapi.json",
        &[("x-request-id", "planted {injection}")],
    );
    let made = odd.header("x-request-id").expect("an id").to_owned();
    assert_eq!(made.len(), 32);
    get(&stand.server, "/readyz", &[]).expect(200);
    stand.server.says(&made);
    stand.server.says("/openapi.json");
    let (_, log) = stand.server.terminate();
    let lines = lines(&log);
    let seen: Vec<_> = lines
        .iter()
        .map(|it| (&it["span"]["id"], &it["span"]["route"], &it["status"]))
        .collect();
    assert_eq!(
        seen,
        [
            (&json!("caller-7.a_b"), &json!("none"), &json!(404)),
            (&json!(made), &json!("/openapi.json"), &json!(200)),
        ],
        "{log}"
    );
    assert!(
        lines
            .iter()
            .all(|it| it["level"] == "INFO" && it["milliseconds"].is_f64()),
        "{log}"
    );
    assert!(!log.contains("planted"), "{log}");
}

#[test]
fn no_line_holds_a_value_a_token_or_a_password() {
    testkit::needs!(postgres);
    for level in [
        "info",
        "trace,hyper=info,h2=info,mio=info,tokio_postgres=info",
    ] {
        let stand = Stand::with(&[("SYNCLINE_LOG", level), ("SYNCLINE_LOG_FORMAT", "json")]);
        let token = issuer().token("ann");
        let mut device = device(&stand.server, "ann");
        let data = json!({ "name": "planted value", "owner_id": "planted owner" });
        for (table, data) in [
            ("projects", data.clone()),
            ("projects", data),
            ("projects", json!({ "name": ["planted list"] })),
            ("projects", json!({ "is_default": "planted type" })),
            ("documents", json!({ "title": "planted\u{0} zero" })),
        ] {
            let transaction = transaction(next(), &[put(table, "planted-id", data)]);
            device
                .upload(&[transaction])
                .expect("an answer")
                .expect(200);
        }
        let mut client = Client::new(stand.server.address());
        for (name, value) in [
            ("authorization", "Bearer planted.forged.token".to_owned()),
            ("authorization", format!("Basic {token}")),
            ("cookie", "session=planted".to_owned()),
        ] {
            let headers = [(name, value.as_str())];
            let path = "/api/powersync/config?token=planted";
            client
                .send("GET", path, &headers, b"")
                .expect("an answer")
                .expect(401);
        }
        let broken = b"{\"planted\": \"broken";
        device
            .send("PUT", "/api/powersync/upload", broken)
            .expect("an answer")
            .expect(400);
        let (_, log) = stand.server.terminate();
        assert!(log.matches("\"answered\"").count() >= 9, "{log}");
        assert!(log.contains("a transaction was rejected"), "{log}");
        for secret in [
            "planted",
            token.as_str(),
            token.split('.').nth(2).expect("a signature"),
        ] {
            assert!(!log.contains(secret), "{secret}\n{log}");
        }
    }
}
