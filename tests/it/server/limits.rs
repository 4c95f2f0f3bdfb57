//! Bounds: bytes, ops, depth, time, and how much is under way at once; nothing is done by half.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::device::{UPLOAD, put, transaction};
use testkit::http::{Answer, answer};

use super::stand::{Stand, next, results};

const MIB: usize = 1 << 20;

/// A request without its body.
fn head(token: &str, rest: &str) -> String {
    format!("PUT {UPLOAD} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{rest}\r\n\r\n")
}

fn is_empty(stand: &Stand) {
    assert_eq!(stand.value("SELECT count(*) AS v FROM vaults"), 0);
    assert_eq!(stand.value("SELECT count(*) AS v FROM syncline.uploads"), 0);
}

/// 100 MB: announced, and as chunks without an end.
#[test]
fn long_bodies_are_not_read_to_their_end() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let device = stand.device("ada");
    let mut connection = device.http.open().expect("a connection");
    let announced = head(&device.token, &format!("content-length: {}", 100 * MIB));
    connection.write_all(announced.as_bytes()).expect("sent");
    let refused = answer(&mut connection)
        .expect("an answer")
        .expect("an answer");
    refused.expect(413);

    // Values, the envelope, ops, white space: each without an end.
    let value = format!(
        r#"[{{"op":"PUT","table":"vaults","id":"1","data":{{"name":"{}"#,
        "x".repeat(60_000)
    );
    let around = format!(r#"{{"client_id":"c","metadata":"{}"#, "x".repeat(60_000));
    for (start, more, expected) in [
        (value.as_str(), "x".repeat(65_536), 413),
        (around.as_str(), "x".repeat(65_536), 400),
        (
            "[",
            r#"{"op":"DELETE","table":"vaults","id":"1"},"#.repeat(1_500),
            413,
        ),
        ("[", " ".repeat(65_536), 413),
    ] {
        let mut connection = device.http.open().expect("a connection");
        let started = Instant::now();
        let chunked = head(&device.token, "transfer-encoding: chunked");
        connection.write_all(chunked.as_bytes()).expect("sent");
        let mut send =
            |text: &str| connection.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes());
        let mut sent = 0;
        let mut done = send(start);
        // 100 MB, or until the server has had enough.
        while done.is_ok() && sent < 100 * MIB {
            done = send(&more);
            sent += more.len();
        }
        assert!(sent < 40 * MIB, "{sent} bytes were taken of {more:.40}");
        assert!(started.elapsed() < Duration::from_secs(20));
        // What is said may be lost where the client is still sending; where it is not, it is this.
        if let Ok(Some(said)) = answer(&mut connection) {
            assert_eq!(said.status, expected, "{said}");
        }
    }
    is_empty(&stand);
    if let Some(peak) = peak_memory(stand.server.pid()) {
        assert!(peak < 250 * MIB, "{peak} bytes");
    }
}

/// The most memory that a process has had, where the system tells.
fn peak_memory(pid: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim()
        .strip_suffix(" kB")?
        .parse::<usize>()
        .ok()
        .map(|it| it * 1_024)
}

#[test]
fn ops_and_transactions_are_counted() {
    testkit::needs!(postgres);
    let stand = Stand::with(&[("SYNCLINE_MAX_TRANSACTIONS", "10")]);
    let mut device = stand.device("ada");
    let op = |at: usize| {
        format!(r#"{{"op":"PUT","table":"trees","id":"{at}","data":{{"name":"n","kind":"k"}}}}"#)
    };
    let body = |ops: usize| {
        let ops: Vec<_> = (0..ops).map(op).collect();
        format!(
            r#"{{"client_id":"c","transactions":[{{"op_id":1,"ops":[{}]}}]}}"#,
            ops.join(",")
        )
    };
    device
        .send("PUT", UPLOAD, body(100_000).as_bytes())
        .expect("an answer")
        .expect(413);
    let eleven: Vec<_> = (0..11).map(|_| transaction(next(), &[])).collect();
    device.upload(&eleven).expect("an answer").expect(413);
    is_empty(&stand);
    assert_eq!(
        results(device.upload(&eleven[..10]).expect("an answer")).len(),
        10
    );
    drop(stand);

    let stand = Stand::with(&[
        ("SYNCLINE_MAX_OPS", "200000"),
        ("SYNCLINE_STATEMENT_TIMEOUT", "60s"),
    ]);
    let mut device = stand.device("ada");
    let answer = device.send("PUT", UPLOAD, body(100_000).as_bytes());
    assert_eq!(
        results(answer.expect("an answer")),
        [json!({"status": "applied"})]
    );
    assert_eq!(stand.value("SELECT count(*) AS v FROM trees"), 100_000);
}

#[test]
fn slow_clients_are_let_go() {
    testkit::needs!(postgres);
    let settings = [
        ("SYNCLINE_HEADER_TIMEOUT", "400ms"),
        ("SYNCLINE_BODY_TIMEOUT", "400ms"),
    ];
    let stand = Stand::with(&settings);
    let mut device = stand.device("ada");
    let started = Instant::now();
    let mut connection = device.http.open().expect("a connection");
    connection
        .write_all(b"PUT / HTTP/1.1\r\nhost: x\r\nx-slow: ")
        .expect("sent");
    for _ in 0..30 {
        std::thread::sleep(Duration::from_millis(50));
        if connection.write_all(b"x").is_err() {
            break;
        }
    }
    // Closed, or told so; never served.
    if let Ok(Some(said)) = answer(&mut connection) {
        assert!((400..500).contains(&said.status), "{said}");
    }
    assert!(started.elapsed() < Duration::from_secs(10));

    let mut connection = device.http.open().expect("a connection");
    let mut send = |text: &str| connection.write_all(text.as_bytes());
    send(&head(&device.token, "content-length: 1000")).expect("sent");
    send("[").expect("sent");
    let said = answer(&mut connection)
        .expect("an answer")
        .expect("an answer")
        .expect(503);
    assert!(said.header("retry-after").is_some(), "{said}");
    // One that hangs up in the middle leaves nothing behind.
    for _ in 0..20 {
        let mut connection = device.http.open().expect("a connection");
        let start =
            head(&device.token, "content-length: 1000") + r#"[{"op":"PUT","table":"vaults""#;
        connection.write_all(start.as_bytes()).expect("sent");
    }
    std::thread::sleep(Duration::from_millis(100));
    is_empty(&stand);
    let all = [transaction(
        next(),
        &[put("vaults", "1", json!({"name": "n"}))],
    )];
    device.upload(&all).expect("an answer").expect(200);
}

#[test]
fn brackets_without_an_end_have_an_answer() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for body in [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        deep("{\"ops\":", "}"),
        format!("{{\"x\":{}}}", deep("[", "]")),
    ] {
        device
            .send("PUT", UPLOAD, body.as_bytes())
            .expect("an answer")
            .expect(400);
    }
    let long = format!(r#"{{"client_id":"{}","transactions":[]}}"#, "c".repeat(129));
    device
        .send("PUT", UPLOAD, long.as_bytes())
        .expect("an answer")
        .expect(400);
    // 64 headers are enough for anybody.
    let bearer = format!("Bearer {}", device.token);
    let names: Vec<_> = (0..200).map(|at| format!("x-{at}")).collect();
    let mut headers: Vec<_> = names.iter().map(|name| (name.as_str(), "v")).collect();
    headers.push(("authorization", &bearer));
    let answer = device.http.send("PUT", UPLOAD, &headers, b"[]");
    assert_eq!(answer.map(|it| it.status).unwrap_or(431), 431);
    is_empty(&stand);
}

/// Holds an upload open by its body; what others then hear.
fn crowd(setting: &str, user: &str) -> Answer {
    let stand = Stand::with(&[(setting, "1")]);
    let device = stand.device("ada");
    let mut connection = device.http.open().expect("a connection");
    let body = r#"[{"op":"PUT","table":"vaults","id":"1","data":{"name":"n"}}]"#;
    let start = head(&device.token, &format!("content-length: {}", body.len()));
    connection
        .write_all(format!("{start}{}", &body[..9]).as_bytes())
        .expect("sent");
    std::thread::sleep(Duration::from_millis(200));
    let mut other = stand.device(user);
    let all = [transaction(
        next(),
        &[put("vaults", "2", json!({"name": "n"}))],
    )];
    let said = other.upload(&all).expect("an answer");
    connection.write_all(&body.as_bytes()[9..]).expect("sent");
    let first = answer(&mut connection)
        .expect("an answer")
        .expect("an answer");
    assert_eq!(results(first)[0]["status"], "applied");
    // There is room again.
    let again = other.upload(&all).expect("an answer");
    assert_eq!(again.status, 200, "{again}");
    said
}

#[test]
fn a_crowd_is_asked_to_come_again() {
    testkit::needs!(postgres);
    let said = crowd("SYNCLINE_MAX_UPLOADS_PER_USER", "ada").expect(429);
    assert!(said.header("retry-after").is_some(), "{said}");
    crowd("SYNCLINE_MAX_UPLOADS_PER_USER", "eve").expect(200);
    let said = crowd("SYNCLINE_MAX_UPLOADS", "eve").expect(503);
    assert!(said.header("retry-after").is_some(), "{said}");
}
