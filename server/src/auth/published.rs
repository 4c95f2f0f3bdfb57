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
