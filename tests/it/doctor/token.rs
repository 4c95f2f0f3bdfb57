//! The PowerSync error that a token would get.

use serde_json::{Value, json};
use syncline_codegen::doctor::Line;
use syncline_codegen::doctor::jwks::Jwks;
use syncline_codegen::doctor::token::{Rules, judge};
use testkit::Signer;

use super::{assert_whole, bad};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://app.example.org";

fn claims() -> Value {
    json!({"sub": "u1", "iat": NOW - 10, "exp": NOW + 890, "iss": ISSUER, "aud": ISSUER})
}

fn header(signer: &Signer) -> Value {
    json!({"alg": signer.alg, "kid": "k1"})
}

fn keys(keys: &[Value]) -> Jwks {
    Jwks::parse(json!({"keys": keys}).to_string().as_bytes()).expect("keys")
}

fn judged(token: &str, keys: &Jwks, algorithm: &str) -> Vec<Line> {
    let rules = Rules {
        issuer: ISSUER,
        audiences: &[ISSUER.to_owned()],
        algorithm,
    };
    let lines = judge(token, Some(keys), &rules, NOW);
    assert_whole(&lines);
    lines
}

/// What is said of a token with these claims.
fn with_claims(claims: &Value) -> Vec<String> {
    let signer = Signer::ec("ES256");
    let keys = keys(&[signer.published("k1")]);
    let lines = judged(&signer.token(&header(&signer), claims), &keys, "ES256");
    bad(&lines).iter().map(ToString::to_string).collect()
}

/// What is said of a token with one claim set, or removed by null.
fn with(name: &str, value: Value) -> Vec<String> {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().expect("an object").remove(name);
    } else {
        claims[name] = value;
    }
    with_claims(&claims)
}

#[track_caller]
fn assert_one(said: &[String], begin: &str) {
    assert!(said.len() == 1 && said[0].starts_with(begin), "{said:#?}");
}

#[test]
fn a_good_token_of_each_algorithm_is_taken() {
    let mut signers = vec![Signer::ed25519(), Signer::ec("ES256"), Signer::ec("ES384")];
    let rsa = ["RS256", "RS384", "RS512"].map(Signer::rsa);
    if rsa.iter().any(Option::is_none) {
        testkit::skip("doctor::token", "no openssl to make RSA keys");
    }
    signers.extend(rsa.into_iter().flatten());
    for signer in &signers {
        let published = keys(&[signer.published("other"), signer.published("k1")]);
        let token = signer.token(&header(signer), &claims());
        let lines = judged(&token, &published, signer.alg);
        assert_eq!(bad(&lines), Vec::<&str>::new(), "{}", signer.alg);
        // One letter of the content changed: no longer what was signed.
        let mut claims = claims();
        claims["sub"] = "u2".into();
        let other = signer.token(&header(signer), &claims);
        let (message, _) = other.rsplit_once('.').expect("a token");
        let (_, signed) = token.rsplit_once('.').expect("a token");
        let lines = judged(&format!("{message}.{signed}"), &published, signer.alg);
        assert!(
            bad(&lines)[0].starts_with("PSYNC_S2101: the signature"),
            "{lines:#?}"
        );
    }
}

#[test]
fn keys_that_do_not_fit_are_s2101() {
    let signer = Signer::ec("ES256");
    let token = signer.token(&header(&signer), &claims());
    let said = |keys: &Jwks| bad(&judged(&token, keys, "ES256"))[0].to_owned();
    let other = said(&keys(&[signer.published("k2")]));
    assert!(
        other.starts_with("PSYNC_S2101: no key is called `k1` (`kid`); there are `k2`"),
        "{other}"
    );
    let mut wrong = signer.published("k1");
    wrong["alg"] = "ES384".into();
    assert!(said(&keys(&[wrong])).contains("is for `ES384`"));
    // A key without a name is tried for every token.
    let mut nameless = signer.published("k1");
    nameless.as_object_mut().expect("an object").remove("kid");
    assert!(bad(&judged(&token, &keys(&[nameless]), "ES256")).is_empty());
    // All of them are.
    let another = |kid: &str| {
        let mut key = Signer::ec("ES256").published(kid);
        key.as_object_mut().expect("an object").remove("kid");
        key
    };
    let mut nameless = signer.published("k1");
    nameless.as_object_mut().expect("an object").remove("kid");
    assert!(bad(&judged(&token, &keys(&[another("a"), nameless]), "ES256")).is_empty());
    assert!(said(&keys(&[another("a")])).starts_with("PSYNC_S2101: the signature"));
    // The first of a name is the one.
    let twice = [Signer::ec("ES256").published("k1"), signer.published("k1")];
    assert!(said(&keys(&twice)).starts_with("PSYNC_S2101: the signature"));
    for (field, value, why) in [
        ("use", json!("enc"), "`use`"),
        ("key_ops", json!(["encrypt"]), "`key_ops`"),
        ("kty", json!("oct"), "`kty`"),
    ] {
        let mut key = signer.published("k1");
        key[field] = value;
        let said = said(&keys(&[key]));
        assert!(
            said.contains("leaves the token's key out") && said.contains(why),
            "{said}"
        );
    }
    assert!(said(&keys(&[])).starts_with("PSYNC_S2101: the issuer publishes no key"));
    let no_kid = signer.token(&json!({"alg": "ES256"}), &claims());
    let lines = judged(&no_kid, &keys(&[signer.published("k1")]), "ES256");
    assert!(bad(&lines)[0].contains("has no `kid`"), "{lines:#?}");
    for alg in ["PS256", "none"] {
        let token = signer.token(&json!({"alg": alg, "kid": "k1"}), &claims());
        let lines = judged(&token, &keys(&[signer.published("k1")]), "ES256");
        assert!(
            bad(&lines)[0].starts_with("PSYNC_S2101: the service does not take"),
            "{lines:#?}"
        );
    }
}

#[test]
fn each_claim_has_its_error() {
    for (name, code) in [("sub", 1), ("iat", 1), ("exp", 1), ("aud", 5)] {
        assert_one(
            &with(name, Value::Null),
            &format!("PSYNC_S210{code}: the claim `{name}` is missing"),
        );
    }
    for (name, value) in [("iat", json!("1")), ("exp", json!([])), ("nbf", json!("x"))] {
        let wrong = format!("PSYNC_S2101: the claim `{name}` is no number");
        assert_one(&with(name, value), &wrong);
    }
    for value in [json!([1]), json!("x")] {
        assert_one(
            &with("parameters", value),
            "PSYNC_S2101: the claim `parameters`",
        );
    }
    // Whoever that is, it is nobody's row.
    for value in [json!(""), json!(5), json!(["u1"])] {
        assert_one(&with("sub", value), "the claim `sub` is");
    }
    assert_one(
        &with("exp", json!(NOW - 60)),
        "PSYNC_S2103: the token expired 60 s ago",
    );
    assert!(with("exp", json!(NOW - 59)).is_empty(), "the leeway");
    assert_one(
        &with("nbf", json!(NOW + 61)),
        "PSYNC_S2101: the token holds only",
    );
    assert!(with("nbf", json!(NOW + 60)).is_empty(), "the leeway");
    assert_one(
        &with("exp", json!(NOW - 10 + 86_401)),
        "PSYNC_S2104: the token lives 86401 s",
    );
    assert!(with("exp", json!(NOW - 10 + 86_400)).is_empty());
    let slash = with("aud", json!(format!("{ISSUER}/")));
    assert_one(&slash, "PSYNC_S2105");
    assert!(
        slash[0].ends_with("only the slash at the end differs"),
        "{slash:?}"
    );
    assert!(with("aud", json!(["a", ISSUER])).is_empty());
    assert_one(
        &with("aud", json!([])),
        "PSYNC_S2105: the token is for nobody",
    );
    assert_one(
        &with("iss", json!("https://a")),
        "the token's issuer is `https://a`",
    );
    let supabase = with("iss", json!("https://abc.supabase.co/auth/v1"));
    assert_one(&supabase, "the token is by Supabase Auth");
    assert_one(
        &with("iat", json!(NOW + 30)),
        "the token was made 30 s in the future",
    );
}

#[test]
fn what_is_no_token_is_told_and_never_panics() {
    let signer = Signer::ed25519();
    let keys = keys(&[signer.published("k1")]);
    assert!(bad(&judged(" \n", &keys, "EdDSA"))[0].starts_with("PSYNC_S2106"));
    assert!(bad(&judged("Bearer x.y.z", &keys, "EdDSA"))[0].starts_with("PSYNC_S2106"));
    for text in ["a", "a.b", "a.b.c", "....", "e30.e30", "e30.W10.e30"] {
        let lines = judged(text, &keys, "EdDSA");
        assert!(bad(&lines)[0].starts_with("PSYNC_S2101"), "{text}");
    }
    // Numbers at the edge, and claims of every type.
    for value in [
        json!(i64::MIN),
        json!(i64::MAX),
        json!(1e300),
        json!("1"),
        json!([]),
        json!({}),
    ] {
        for name in ["iat", "exp", "nbf", "aud", "sub", "iss"] {
            let mut claims = claims();
            claims[name] = value.clone();
            let _ = with_claims(&claims);
        }
    }
}
