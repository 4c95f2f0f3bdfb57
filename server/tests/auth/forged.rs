//! Every forged token of the contract, one by one: nobody's, in the same bytes.

use std::fs;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use testkit::http::request;
use testkit::{Issuer, Signer};

use super::stand::{BASE, NOBODY, Stand, database};

fn text(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The claims of a good token with some changed, or taken away by null.
fn changed(issuer: &Issuer, changes: Value) -> Value {
    let mut claims = issuer.claims("ann");
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

/// A server that takes these keys from a file.
fn stand(db: &testkit::postgres::TestDb, folder: &tempfile::TempDir, jwks: &Value) -> Stand {
    let path = folder.path().join("jwks.json");
    fs::write(&path, jwks.to_string()).expect("written");
    let path = path.to_str().expect("UTF-8");
    Stand::start(db, &[("SYNCLINE_AUTH_JWKS_FILE", path)])
}

#[test]
fn claims_that_are_wrong_or_missing_are_nobodys() {
    testkit::needs!(postgres);
    let issuer = Issuer::new(Signer::ed25519());
    let (db, folder) = (database(), tempfile::tempdir().expect("a folder"));
    let stand = stand(&db, &folder, &issuer.jwks());
    let now = issuer.claims("ann")["iat"].as_i64().expect("seconds");
    for (what, changes) in [
        ("good", json!({})),
        (
            "a clock that is behind",
            json!({ "iat": now + 50, "nbf": now + 50 }),
        ),
        ("a clock that is ahead", json!({ "exp": now - 50 })),
        ("a whole day", json!({ "exp": now + 86_400 })),
        ("one of many audiences", json!({ "aud": ["another", BASE] })),
    ] {
        stand.taken(&issuer.sign(&changed(&issuer, changes)));
        assert!(!what.is_empty());
    }
    for (what, changes) in [
        (
            "another audience",
            json!({ "aud": "http://localhost:3012" }),
        ),
        (
            "an audience with a slash",
            json!({ "aud": format!("{BASE}/") }),
        ),
        ("no audience", json!({ "aud": null })),
        ("an empty audience", json!({ "aud": [] })),
        ("another issuer", json!({ "iss": "http://localhost:3012" })),
        ("no issuer", json!({ "iss": null })),
        ("no user", json!({ "sub": null })),
        ("an empty user", json!({ "sub": "" })),
        ("a user with a NUL", json!({ "sub": "a\0b" })),
        ("a number for a user", json!({ "sub": 7 })),
        ("a user of 256 bytes", json!({ "sub": "a".repeat(256) })),
        ("no end", json!({ "exp": null })),
        ("ended", json!({ "iat": now - 900, "exp": now - 61 })),
        ("an end in words", json!({ "exp": "tomorrow" })),
        ("no beginning", json!({ "iat": null })),
        ("not begun", json!({ "nbf": now + 120 })),
        ("more than a day", json!({ "exp": now + 86_401 })),
        (
            "of the future, and for long",
            json!({ "iat": now + 86_400 * 365, "exp": now + 86_400 * 366 }),
        ),
        ("for ever", json!({ "exp": i64::MAX })),
        ("since for ever", json!({ "iat": i64::MIN })),
    ] {
        stand.refused(what, &issuer.sign(&changed(&issuer, changes)));
    }
}

#[test]
fn headers_and_signatures_that_are_wrong_are_nobodys() {
    testkit::needs!(postgres);
    let issuer = Issuer::new(Signer::ed25519());
    let mut second = Issuer::new(Signer::ec("ES256"));
    second.key_id = "second".to_owned();
    let jwks = json!({ "keys": [issuer.jwks()["keys"][0], second.jwks()["keys"][0]] });
    let (db, folder) = (database(), tempfile::tempdir().expect("a folder"));
    let mut stand = stand(&db, &folder, &jwks);
    let claims = issuer.claims("ann");
    let good = issuer.token("ann");
    stand.hide(good.rsplit('.').next().expect("a signature"));
    stand.taken(&good);
    stand.taken(&second.token("ann"));
    let header = |more: Value| {
        let mut header = json!({ "alg": "EdDSA", "kid": "kit", "typ": "JWT" });
        for (name, value) in more.as_object().expect("an object") {
            header[name] = value.clone();
        }
        issuer.signer.token(&header, &claims)
    };
    let own = issuer.jwks()["keys"][0].clone();
    for (what, more) in [
        ("an embedded key", json!({ "jwk": own })),
        (
            "a place of keys",
            json!({ "jku": "http://127.0.0.1:1/jwks" }),
        ),
        (
            "a place of certificates",
            json!({ "x5u": "http://127.0.0.1:1/x5u" }),
        ),
        ("certificates", json!({ "x5c": ["AAAA"] })),
        (
            "an extension that must be known",
            json!({ "crit": ["exp"], "exp": 1 }),
        ),
        ("an empty list of those", json!({ "crit": [] })),
        (
            "unencoded content",
            json!({ "crit": ["b64"], "b64": false }),
        ),
        ("compression", json!({ "zip": "DEF" })),
        ("an unknown key", json!({ "kid": "unknown" })),
        ("a key of another algorithm", json!({ "kid": "second" })),
        ("no key", json!({ "kid": null })),
        ("a key that is no text", json!({ "kid": 7 })),
        (
            "another algorithm than the key's",
            json!({ "alg": "ES256" }),
        ),
        ("an algorithm of no letters", json!({ "alg": "" })),
    ] {
        stand.refused(what, &header(more));
    }
    for alg in ["none", "None", "NONE", "nOnE"] {
        let unsigned = format!(
            "{}.{}.",
            text(&json!({ "alg": alg, "kid": "kit" })),
            text(&claims)
        );
        stand.refused("no signature", &unsigned);
        let (_, signature) = good.rsplit_once('.').expect("a signature");
        stand.refused("none, with a signature", &format!("{unsigned}{signature}"));
    }
    // The public key as a shared secret, in the forms in which servers have been fooled.
    let x = issuer.signer.public["x"].as_str().expect("x");
    let raw = URL_SAFE_NO_PAD.decode(x).expect("x");
    for (alg, how) in [
        ("HS256", hmac::HMAC_SHA256),
        ("HS384", hmac::HMAC_SHA384),
        ("HS512", hmac::HMAC_SHA512),
    ] {
        let header = json!({ "alg": alg, "kid": "kit" });
        let message = format!("{}.{}", text(&header), text(&claims));
        for secret in [
            x.as_bytes(),
            &raw,
            own.to_string().as_bytes(),
            jwks.to_string().as_bytes(),
            b"",
        ] {
            let signature = hmac::sign(&hmac::Key::new(how, secret), message.as_bytes());
            let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
            stand.refused("HMAC with a public key", &token);
        }
    }
    let (message, signature) = good.rsplit_once('.').expect("a signature");
    let (head, _) = message.split_once('.').expect("a header");
    let other = text(&issuer.claims("bob"));
    let mut stranger = Issuer::new(Signer::ed25519());
    stranger.key_id = "kit".to_owned();
    for (what, token) in [
        ("other claims", format!("{head}.{other}.{signature}")),
        ("another key's signature", stranger.token("ann")),
        ("an empty signature", format!("{message}.")),
        ("no signature at all", message.to_owned()),
        (
            "half a signature",
            format!("{message}.{}", &signature[..40]),
        ),
        ("four parts", format!("{good}.{signature}")),
        (
            "zeros",
            format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        ),
        ("no JSON", format!("{head}.AAAA.{signature}")),
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("a long one", format!("{good}{}", "A".repeat(17 << 10))),
    ] {
        stand.refused(what, &token);
    }
    let zeros = URL_SAFE_NO_PAD.encode([0; 64]);
    let header = text(&json!({ "alg": "ES256", "kid": "second" }));
    stand.refused(
        "an ECDSA signature of zeros",
        &format!("{header}.{}.{zeros}", text(&claims)),
    );
}

#[test]
fn only_one_authorization_header_counts() {
    testkit::needs!(postgres);
    let issuer = Issuer::new(Signer::ed25519());
    let (db, folder) = (database(), tempfile::tempdir().expect("a folder"));
    let stand = stand(&db, &folder, &issuer.jwks());
    let good = format!("Bearer {}", issuer.token("ann"));
    let body = br#"{"transactions":[]}"#;
    for headers in [
        &[good.as_str(), &good][..],
        &[&good, "Bearer x"],
        &["", &good],
        &["Basic YTpi"],
        &["Bearer"],
        &[&good[7..]],
        &[&format!("{good}, {good}")],
        &[&format!("{good} {good}")],
    ] {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers.iter().map(|it| ("authorization", *it)));
        let bytes = request("PUT", testkit::device::UPLOAD, &all, body);
        let answer = stand.http().send_raw(&bytes).expect("an answer");
        assert_eq!(answer.status, 401, "{headers:?}\n{answer}");
        assert_eq!(String::from_utf8_lossy(&answer.body), NOBODY);
    }
    let all = [
        ("content-type", "application/json"),
        ("AUTHORIZATION", &good.replace("Bearer", "bearer")),
    ];
    let answer = stand
        .http()
        .send("PUT", testkit::device::UPLOAD, &all, body)
        .expect("an answer");
    answer.expect(200);
}

#[test]
fn weak_keys_secrets_and_keys_for_encryption_verify_nothing() {
    testkit::needs!(postgres, node);
    let good = Issuer::new(Signer::ed25519());
    let claims = good.claims("ann").to_string();
    let output = testkit::node::run("better-auth/weak.mjs", [claims], "").expect(0);
    let weak: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let secret = b"0123456789abcdef0123456789abcdef";
    let shared = json!({ "kty": "oct", "k": URL_SAFE_NO_PAD.encode(secret), "alg": "HS256", "kid": "shared" });
    let mut encrypts = Issuer::new(Signer::ec("ES256"));
    encrypts.key_id = "encrypts".to_owned();
    let mut encrypting = encrypts.jwks()["keys"][0].clone();
    encrypting["use"] = "enc".into();
    let jwks = json!({ "keys": [weak["jwk"], shared, encrypting, { "kty": "??" }, 7, good.jwks()["keys"][0]] });
    let (db, folder) = (database(), tempfile::tempdir().expect("a folder"));
    let stand = stand(&db, &folder, &jwks);
    stand.taken(&good.token("ann"));
    stand.refused(
        "a key of 1,024 bits",
        weak["token"].as_str().expect("a token"),
    );
    let message = format!(
        "{}.{}",
        text(&json!({ "alg": "HS256", "kid": "shared" })),
        text(&good.claims("ann"))
    );
    let signature = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, secret),
        message.as_bytes(),
    );
    stand.refused(
        "a published secret",
        &format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)),
    );
    stand.refused("a key for encryption", &encrypts.token("ann"));
}
