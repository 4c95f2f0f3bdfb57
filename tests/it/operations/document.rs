//! The OpenAPI document: what it says is so, and nothing else is.

use std::process::Command;
use std::{env, fs};

use serde_json::Value;
use testkit::http::Client;

use super::stand::{Stand, get, issuer};

/// The routes of the contract that have to be described.
const ROUTES: &[(&str, &str)] = &[
    ("/api/powersync/upload", "put"),
    ("/api/data", "post"),
    ("/api/powersync/config", "get"),
    ("/healthz", "get"),
    ("/readyz", "get"),
    ("/metrics", "get"),
    ("/openapi.json", "get"),
];

#[test]
fn every_route_is_described_and_every_example_works() {
    testkit::needs!(postgres);
    let stand = Stand::with(&[("SYNCLINE_POWERSYNC_URL", "https://sync.example")]);
    let document = get(&stand.server, "/openapi.json", &[]).expect(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = &document["paths"];
    for (path, method) in ROUTES {
        assert!(paths[path][method].is_object(), "{method} {path}");
    }
    // What is described is there, and its own example succeeds.
    let authorization = format!("Bearer {}", issuer().token("ann"));
    let mut client = Client::new(stand.server.address());
    for (path, method) in ROUTES {
        let example = &paths[path][method]["requestBody"]["content"]["application/json"]["example"];
        let body = if example.is_null() {
            String::new()
        } else {
            example.to_string()
        };
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let answer = client.send(&method.to_uppercase(), path, &headers, body.as_bytes());
        let answer = answer.expect("an answer").expect(200);
        let kind = answer
            .header("content-type")
            .expect("a type")
            .split(';')
            .next();
        let described = &paths[path][method]["responses"]["200"]["content"];
        assert!(
            described[kind.expect("a type")].is_object(),
            "{path}: {kind:?}"
        );
        if example.is_object() {
            let status = &answer.json()["results"][0]["status"];
            assert!(
                matches!(status.as_str(), Some("applied" | "duplicate" | "success")),
                "{answer}"
            );
        }
    }
}

/// Schemathesis, where there is one: SYNCLINE_SCHEMATHESIS or on the path.
fn schemathesis() -> Option<String> {
    let named = env::var("SYNCLINE_SCHEMATHESIS").unwrap_or_else(|_| "schemathesis".to_owned());
    let asked = Command::new(&named).arg("--version").output().ok()?;
    asked.status.success().then_some(named)
}

#[test]
fn schemathesis_finds_no_undocumented_answer() {
    testkit::needs!(postgres);
    let Some(program) = schemathesis() else {
        return testkit::skip(
            module_path!(),
            "no schemathesis (pip install schemathesis, or SYNCLINE_SCHEMATHESIS)",
        );
    };
    let stand = Stand::with(&[
        ("SYNCLINE_POWERSYNC_URL", "https://sync.example"),
        ("SYNCLINE_MAX_UPLOADS_PER_USER", "64"),
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let expected = "[checks.not_a_server_error]\nexpected-statuses = [\"2xx\", \"4xx\", 503]\n";
    fs::write(folder.path().join("schemathesis.toml"), expected).expect("a file");
    let examples = env::var("SYNCLINE_CASES").unwrap_or_else(|_| "40".to_owned());
    let output = Command::new(program)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .arg("run")
        .arg(format!("http://{}/openapi.json", stand.server.address()))
        .args(["--header", &format!("Authorization: Bearer {}", issuer().token("ann"))])
        // Each sign-in costs a second of scrypt, by intent: the routes of auth have tests of their own.
        .args(["--exclude-path-regex", "^/api/auth/"])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth"])
        .args(["--max-examples", &examples, "--seed", "7", "--generation-deterministic"])
        .output()
        .expect("schemathesis");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    // The 503 that is expected is that of a device ahead of the server, which is nothing to warn of.
    let log = stand.server.log();
    let (_, served) = log.split_once("listening on").expect("a line");
    assert!(
        !served.contains("WARN") && !served.contains("ERROR"),
        "{log}"
    );
}

#[test]
fn problems_have_one_shape() {
    testkit::needs!(postgres);
    let stand = Stand::with(&[("SYNCLINE_MAX_BODY", "64")]);
    let authorization = format!("Bearer {}", issuer().token("ann"));
    let long = vec![b' '; 65];
    for (method, path, kind, body, status) in [
        ("GET", "/nothing", "application/json", &b""[..], 404),
        ("DELETE", "/healthz", "application/json", b"", 405),
        ("GET", "/api/powersync/upload", "application/json", b"", 405),
        ("PUT", "/api/powersync/upload", "text/plain", b"{}", 415),
        (
            "PUT",
            "/api/powersync/upload",
            "application/json",
            b"[",
            400,
        ),
        (
            "PUT",
            "/api/powersync/upload",
            "application/json",
            &long,
            413,
        ),
        ("GET", "/api/powersync/config", "application/json", b"", 404),
    ] {
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", kind),
        ];
        let answer = Client::new(stand.server.address()).send(method, path, &headers, body);
        let answer = answer.expect("an answer").expect(status);
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{answer}"
        );
        let problem = answer.json();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], "about:blank");
        assert!(
            problem["title"].is_string() && problem["detail"].is_string(),
            "{problem}"
        );
        let members: Vec<_> = problem
            .as_object()
            .into_iter()
            .flat_map(|it| it.keys())
            .collect();
        assert_eq!(members, ["type", "title", "status", "detail"]);
        assert_ne!(problem["detail"], Value::from(""));
    }
}
