//! Issuers and services that answer well, badly, slowly, too much or not at all; and secrets.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use testkit::{Output, Signer};

const SOURCE: &str = "[project]\nname = \"app\"\n\n[auth]\nissuer = \"https://app.example.org\"\nalgorithm = \"ES256\"\n\n[tables.notes.columns]\ntitle = \"text\"\n";

/// A web server: what it answers to a request's first line, after how long.
fn serve(wait: Duration, answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or(0);
            thread::sleep(wait);
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            // A client may have heard enough.
            let _ = stream.write_all(&answer(&request));
        }
    });
    address
}

fn response(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn at_once(body: &'static [u8]) -> String {
    serve(Duration::ZERO, move |_| response("200 OK", body))
}

fn doctor(dir: &Path, args: &[&str]) -> Output {
    fs::write(dir.join("syncline.toml"), SOURCE).expect("a source");
    let args = [&["doctor"], args].concat();
    testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn keys_that_cannot_be_read_are_s2204() {
    let dir = folder();
    let busy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = format!("http://{}", busy.local_addr().expect("an address"));
    drop(busy);
    let slow = serve(Duration::from_secs(30), |_| response("200 OK", b"{}"));
    let broken = serve(Duration::ZERO, |_| {
        response("500 Internal Server Error", b"")
    });
    let garbled = serve(Duration::ZERO, |_| b"\x16\x03\x01 what\r\n\r\n".to_vec());
    for (address, why) in [
        (closed.as_str(), "nothing listens there"),
        (&slow, "no answer within 1 s"),
        (&broken, "the answer is 500"),
        (&garbled, "cannot be read"),
        (&at_once(b"<html>"), "is not JSON"),
        (&at_once(b"{\"keys\": 1}"), "no list `keys`"),
        (&at_once(b"{\"keys\": [1]}"), "something that is no key"),
        ("nonsense", "the address is not one"),
    ] {
        let said = doctor(dir.path(), &["--jwks-uri", address, "--timeout", "1"]).expect(1);
        assert!(
            said.stdout.contains("PSYNC_S2204") && said.stdout.contains(why),
            "{why}\n{said}"
        );
    }
}

#[test]
fn keys_of_which_none_can_be_taken_are_not_s2204() {
    let dir = folder();
    let large = serve(Duration::ZERO, |_| {
        response("200 OK", &vec![b' '; 10 << 20])
    });
    for (address, said) in [
        (
            large.as_str(),
            "cannot be read: the answer has more than 1 MB",
        ),
        (&at_once(b"{\"keys\": []}"), "there is no key at"),
        (
            &at_once(b"{\"keys\": [{\"kty\": \"oct\", \"kid\": \"a\"}]}"),
            "that the service takes: its `kty` is not RSA, EC or OKP",
        ),
        (
            &at_once(b"{\"keys\": [{\"kty\": \"RSA\", \"e\": \"AQAB\"}]}"),
            "PSYNC_S2201: a key at",
        ),
    ] {
        let found = doctor(dir.path(), &["--jwks-uri", address]).expect(1);
        assert!(
            found.stdout.contains(said) && !found.stdout.contains("S2204"),
            "{said}\n{found}"
        );
    }
    let slow = serve(Duration::from_secs(4), |_| {
        response("200 OK", good().1.to_string().as_bytes())
    });
    let found = doctor(dir.path(), &["--jwks-uri", &slow]).expect(0);
    assert!(found.stdout.contains("PSYNC_S2204 until"), "{found}");
}

/// A token that is good now, and the keys that say so.
fn good() -> (String, Value) {
    let signer = Signer::ec("ES256");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("now")
        .as_secs();
    let iss = "https://app.example.org";
    let claims = json!({"sub": "u", "iat": now, "exp": now + 900, "iss": iss, "aud": iss});
    let token = signer.token(&json!({"alg": "ES256", "kid": "k"}), &claims);
    (token, json!({"keys": [signer.published("k")]}))
}

#[test]
fn a_token_is_judged_and_no_secret_is_shown() {
    let dir = folder();
    let (token, keys) = good();
    let issuer = serve(Duration::ZERO, move |_| {
        response("200 OK", keys.to_string().as_bytes())
    });
    let service = serve(Duration::ZERO, |request| {
        let bearer = request
            .to_lowercase()
            .contains("authorization: bearer admin-s3cret");
        match request.starts_with("POST /api/admin/v1/diagnostics ") {
            true if bearer => response("200 OK", br#"{"data": {"connections": [{"id": "default", "connected": true, "errors": []}],
                "active_sync_rules": {"connections": [{"initial_replication_done": false,
                "tables": [{"name": "notes", "errors": [{"level": "fatal", "message": "no key \u001b[31m"}]}]}], "errors": []}}}"#),
            true => response("401 Unauthorized", b"{}"),
            false => response("200 OK", b"{}"),
        }
    });
    let with_password = issuer.replace("http://", "http://name:s3cret@");
    fs::write(dir.path().join("token"), format!("{token}\n")).expect("a file");
    let args = ["--jwks-uri", &with_password, "--token-file", "token"];
    let said = doctor(dir.path(), &args).expect(0);
    assert!(
        said.stdout.contains("the service would take the token"),
        "{said}"
    );
    let admin = ["--powersync-url", &service, "--admin-token", "admin-s3cret"];
    let json = [&args[..], &admin, &["--format", "json"]].concat();
    let with_service = doctor(dir.path(), &json).expect(1);
    let report: Value = serde_json::from_str(&with_service.stdout).expect("JSON");
    assert_eq!(
        (&report["errors"], &report["warnings"]),
        (&json!(1), &json!(1)),
        "{report:#}"
    );
    assert!(
        with_service
            .stdout
            .contains("the first copy of the tables is not through")
    );
    let refused = doctor(
        dir.path(),
        &[
            &admin[..2],
            &[
                "--admin-token",
                "wr0ng-s3cret",
                "--audience",
                "x",
                "--token",
                &token,
            ],
            &args[..2],
        ]
        .concat(),
    );
    let refused = refused.expect(1);
    assert!(
        refused.stdout.contains("refuses the admin token (401)"),
        "{refused}"
    );
    assert!(refused.stdout.contains("PSYNC_S2105"), "{refused}");
    let signature = token.rsplit('.').next().expect("a signature");
    for output in [said, with_service, refused] {
        let all = output.to_string();
        assert!(
            !all.contains("s3cret") && !all.contains(signature) && !all.contains('\u{1b}'),
            "{all}"
        );
    }
}

#[test]
fn a_database_out_of_reach_is_no_verdict() {
    let dir = folder();
    let url = "postgres://app:s3cret@127.0.0.1:9/app";
    let said = doctor(dir.path(), &["--database-url", url]).expect(2);
    assert!(said.stdout.contains("U001"), "{said}");
    assert!(!said.to_string().contains("s3cret"), "{said}");
    let nothing = doctor(dir.path(), &[]).expect(2);
    assert!(
        nothing.stderr.contains("what is to be examined?"),
        "{nothing}"
    );
}
