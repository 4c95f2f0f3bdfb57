//! Tokens that are not to be believed: 401, always with the same bytes.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::Signer;
use testkit::device::{UPLOAD, put, transaction};

use super::stand::{Stand, issuer, next};

#[test]
fn forged_tokens_are_refused_with_one_answer() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let issuer = issuer();
    let good = || issuer.claims("ada");
    let header = || json!({"alg": issuer.signer.alg, "kid": issuer.key_id, "typ": "JWT"});
    let with = |name: &str, value: Value| {
        let mut claims = good();
        claims[name] = value;
        issuer.sign(&claims)
    };
    let without = |name: &str| {
        let mut claims = good();
        claims.as_object_mut().expect("claims").shift_remove(name);
        issuer.sign(&claims)
    };
    let headed = |name: &str, value: Value| {
        let mut header = header();
        header[name] = value;
        issuer.signer.token(&header, &good())
    };
    let now = good()["iat"].as_u64().expect("a time");
    let other = Signer::ec("ES256");
    let mut own_key = header();
    own_key["jwk"] = other.public.clone();
    let whole = issuer.token("ada");
    let parts: Vec<&str> = whole.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let of_eve = issuer.token("eve");
    let body_of_eve = of_eve.split('.').nth(1).expect("claims");
    let mut tokens = vec![
        String::new(),
        "x".into(),
        "..".into(),
        "a.b.c".into(),
        format!("{head}.{body}"),
        format!("{head}.{body}."),
        format!("{head}.{body}.{signature}.x"),
        format!("{head}.{body}.{}", &signature[..signature.len() - 4]),
        format!("{head}.{body_of_eve}.{signature}"),
        format!(
            "{head}.{body}.{}",
            of_eve.split('.').nth(2).expect("a signature")
        ),
        "x".repeat(40_000),
        with("exp", json!(now - 3_600)),
        with("exp", json!(now + 100_000)),
        with("exp", json!("soon")),
        with("nbf", json!(now + 3_600)),
        with("aud", json!("other")),
        with("aud", json!([])),
        with("aud", json!(format!("{}/", issuer.audience))),
        with("iss", json!("http://localhost:3012")),
        with("sub", json!("")),
        with("sub", json!(5)),
        with("sub", json!(null)),
        with("sub", json!("a\0b")),
        with("sub", json!("a".repeat(300))),
        headed("kid", json!("another")),
        headed("kid", json!("../../etc/passwd")),
        headed("kid", json!(null)),
        headed("alg", json!("none")),
        headed("alg", json!("HS256")),
        headed("alg", json!("ES384")),
        headed("alg", json!("RS256")),
        headed("crit", json!(["exp"])),
        headed("jku", json!("http://127.0.0.1:1/keys")),
        headed("x5u", json!("http://127.0.0.1:1/keys")),
        headed("jwk", issuer.signer.public.clone()),
        other.token(&header(), &good()),
        other.token(&own_key, &good()),
        Signer::ed25519().token(&header(), &good()),
    ];
    for claim in ["exp", "aud", "iss", "sub"] {
        tokens.push(without(claim));
    }
    // No signature at all, under the name that means so.
    let none = headed("alg", json!("none"));
    tokens.push(format!("{}.", none.rsplit_once('.').expect("a token").0));

    let mut device = stand.device("ada");
    let body = device.body(&[transaction(
        next(),
        &[put("vaults", "1", json!({"name": "n"}))],
    )]);
    let body = body.to_string().into_bytes();
    let mut answers = BTreeSet::new();
    let mut forged = |headers: &[(&str, &str)], path: &str, what: &str| {
        let method = if path == UPLOAD { "PUT" } else { "POST" };
        let answer = device
            .http
            .send(method, path, headers, &body)
            .expect("an answer");
        assert_eq!(answer.status, 401, "{what}\n{answer}");
        // The date and the request's own number differ.
        let mut headers = answer.headers;
        headers.retain(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
        answers.insert((headers, answer.body));
    };
    for token in &tokens {
        for path in [UPLOAD, "/api/data"] {
            forged(
                &[("authorization", &format!("Bearer {token}"))],
                path,
                token,
            );
        }
    }
    let bearer = format!("Bearer {whole}");
    let basic = format!("Basic {whole}");
    let twice = format!("Bearer {whole}, Bearer {whole}");
    for headers in [
        &[][..],
        &[("authorization", whole.as_str())],
        &[("authorization", basic.as_str())],
        &[("authorization", twice.as_str())],
        &[
            ("authorization", bearer.as_str()),
            ("authorization", bearer.as_str()),
        ],
        &[("x-authorization", bearer.as_str())],
        &[("cookie", bearer.as_str())],
    ] {
        forged(headers, UPLOAD, &format!("{headers:?}"));
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert_eq!(stand.value("SELECT count(*) AS v FROM syncline.uploads"), 0);
    // The token comes first: who has none does not learn what the body or the path would have earned.
    let huge = [
        ("authorization", "Bearer x"),
        ("content-type", "text/plain"),
    ];
    assert_eq!(
        device
            .http
            .send("PUT", UPLOAD, &huge, b"{")
            .expect("an answer")
            .status,
        401
    );
    // And the good one is believed.
    device
        .http
        .send("PUT", UPLOAD, &[("authorization", &bearer)], &body)
        .expect("an answer")
        .expect(200);
}
