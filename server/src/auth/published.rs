//! What is published of keys: their public members, by a list of those, never "all but".

use serde_json::{Map, Value};

/// The members of a public key, for each type of key.
const PUBLIC: &[(&str, &[&str])] = &[
    ("RSA", &["n", "e"]),
    ("EC", &["crv", "x", "y"]),
    ("OKP", &["crv", "x"]),
];

/// A key as a JWKS has it, from a stored JWK; none where there is nothing of it to publish.
pub(crate) fn key(id: &str, jwk: &str, algorithm: Option<&str>) -> Option<Value> {
    let Ok(Value::Object(stored)) = serde_json::from_str(jwk) else {
        return None;
    };
    let kind = stored.get("kty")?.as_str()?;
    let (kind, members) = PUBLIC.iter().find(|(own, _)| *own == kind)?;
    let algorithm = algorithm.or_else(|| stored.get("alg")?.as_str());
    let mut key = Map::new();
    if let Some(algorithm) = algorithm {
        key.insert("alg".to_owned(), algorithm.into());
    }
    key.insert("kty".to_owned(), (*kind).into());
    for name in *members {
        // Text only: an object could hold anything.
        key.insert((*name).to_owned(), stored.get(*name)?.as_str()?.into());
    }
    key.insert("kid".to_owned(), id.into());
    Some(Value::Object(key))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;
    use testkit::Random;

    use super::*;
    use crate::auth::issuer::key::{Algorithm, Pair};

    /// Every member that RFC 7517 and 7518 know as private, and what they say of all keys.
    const NAMES: &[&str] = &[
        "d", "p", "q", "dp", "dq", "qi", "oth", "k", "n", "e", "x", "y", "crv", "kty", "alg",
        "use", "key_ops", "kid", "x5c", "ext", "priv", "D", "private",
    ];

    /// Whatever stands in the table, with whatever members: what comes out has public ones only,
    /// and no text of a private one.
    #[test]
    fn no_private_member_is_ever_published() {
        let mut random = Random::new(7);
        let mut published = 0;
        for _ in 0..20_000 {
            let mut stored = Map::new();
            let kinds = ["RSA", "EC", "OKP", "oct", "rsa", ""];
            stored.insert("kty".to_owned(), json!(random.pick(&kinds)));
            for name in NAMES {
                let value = match random.below(8) {
                    0 => continue,
                    1 => json!({ "d": format!("secret-{name}") }),
                    2 => json!([format!("secret-{name}")]),
                    _ => json!(format!("secret-{name}")),
                };
                stored.entry(*name).or_insert(value);
            }
            let Some(key) = key("id", &Value::Object(stored).to_string(), Some("RS256")) else {
                continue;
            };
            published += 1;
            let names: BTreeSet<_> = key.as_object().into_iter().flat_map(Map::keys).collect();
            let public = ["alg", "kty", "kid", "n", "e", "crv", "x", "y"];
            assert!(
                names.iter().all(|it| public.contains(&it.as_str())),
                "{key}"
            );
            for private in [
                "secret-d",
                "secret-p",
                "secret-q",
                "secret-k\"",
                "secret-oth",
            ] {
                assert!(!key.to_string().contains(private), "{key}");
            }
        }
        assert!(published > 1_000, "{published}");
    }

    #[test]
    fn of_a_private_key_only_the_public_half_is_published() {
        for algorithm in [
            Algorithm::Es256,
            Algorithm::Es384,
            Algorithm::EdDsa,
            Algorithm::Rs256,
        ] {
            let pair = Pair::generate(algorithm).and_then(|pair| pair.jwks());
            let (public, private) = pair.expect("a key");
            let name = Some(algorithm.name());
            let of_private = key("id", &private, name).expect("a public half");
            assert_eq!(Some(&of_private), key("id", &public, name).as_ref());
        }
    }
}
