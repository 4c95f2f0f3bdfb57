//! Tokens that a key of a JWKS has signed.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;

use super::NotAuthenticated::Nobody;
use super::{NotAuthenticated, User};

/// The longest token, in bytes: what is longer is not even decoded.
const MAX_TOKEN: usize = 16 << 10;

/// The longest life of a token, in seconds: PowerSync refuses longer ones, too.
const MAX_LIFE: i64 = 86_400;

/// The shortest RSA modulus, in bytes.
const MIN_RSA: usize = 256;

/// What a token has to say besides its signature.
#[derive(Debug, Clone)]
pub(crate) struct JwksRules {
    /// The audience, to the character.
    pub(crate) audience: String,
    /// The issuer; none for any.
    pub(crate) issuer: Option<String>,
}

/// How far the clocks of the issuer and of this machine may be apart, in seconds.
const LEEWAY: u64 = 60;

/// Public keys by their ids, each with the one algorithm that it is for.
pub(crate) struct Keys(BTreeMap<String, (Algorithm, DecodingKey)>);

/// The members of a JWKS, each read on its own: one that nobody understands spoils no other.
#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

impl Keys {
    /// The keys of a JWKS that may sign tokens. Others are passed over.
    pub(crate) fn read(json: &str) -> Result<Self, String> {
        let set: Set = serde_json::from_str(json).map_err(|_| "it is no JWKS".to_owned())?;
        let keys = set.keys.into_iter().filter_map(|value| {
            let key: Jwk = serde_json::from_value(value).ok()?;
            let id = key.common.key_id.clone()?;
            let algorithm = algorithm(&key)?;
            Some((id, (algorithm, DecodingKey::from_jwk(&key).ok()?)))
        });
        let keys: BTreeMap<_, _> = keys.collect();
        if keys.is_empty() {
            return Err("it has no key with an id that can verify tokens".to_owned());
        }
        Ok(Self(keys))
    }

    /// Those of a file.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|why| why.to_string());
        let keys = text.and_then(|text| Self::read(&text));
        keys.map_err(|why| format!("{}: {why}", path.display()))
    }

    /// Is there a key of this id?
    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// The user of a token.
    pub(crate) fn verify(&self, token: &str, rules: &JwksRules) -> Result<User, NotAuthenticated> {
        let id = key_id(token)?;
        let (algorithm, key) = self.0.get(&id).ok_or(Nobody("the key is not known"))?;
        // The key says what it is for, not the token.
        let mut validation = Validation::new(*algorithm);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        validation.set_audience(&[&rules.audience]);
        if let Some(issuer) = &rules.issuer {
            validation.required_spec_claims.insert("iss".to_owned());
            validation.set_issuer(&[issuer]);
        }
        let claims = decode::<Claims>(token, key, &validation)
            .map_err(|_| Nobody("the signature or a claim is wrong"))?
            .claims;
        claims.user()
    }
}

/// The key that a token names, where its header asks for nothing that is not for it to say.
pub(crate) fn key_id(token: &str) -> Result<String, NotAuthenticated> {
    if token.len() > MAX_TOKEN {
        return Err(Nobody("the token is too long"));
    }
    let header = decode_header(token).map_err(|_| Nobody("the token has no header"))?;
    check(&header)?;
    header.kid.ok_or(Nobody("the token names no key"))
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
}

impl Claims {
    fn user(self) -> Result<User, NotAuthenticated> {
        // From when it was issued, and from now: a token of the future would live longer.
        let leeway = LEEWAY.cast_signed();
        let rest = self.exp.saturating_sub(now()).saturating_sub(leeway);
        if self.exp.saturating_sub(self.iat).max(rest) > MAX_LIFE {
            return Err(Nobody("the token lives longer than a day"));
        }
        if self.sub.is_empty() || self.sub.len() > 255 || self.sub.contains('\0') {
            return Err(Nobody("the token names no user"));
        }
        Ok(User { id: self.sub })
    }
}

/// Now, in seconds of the epoch.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().cast_signed())
}

/// A token that brings a key of its own, or asks for what nobody here understands.
fn check(header: &Header) -> Result<(), NotAuthenticated> {
    let brings = header.jwk.is_some()
        || header.jku.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some();
    if brings {
        return Err(Nobody("the token brings its own key"));
    }
    if header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
        return Err(Nobody("the token asks for an extension"));
    }
    Ok(())
}

/// What the key is for; none where it is not to be trusted with tokens.
fn algorithm(key: &Jwk) -> Option<Algorithm> {
    if matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return None;
    }
    let stated = key.common.key_algorithm;
    let own = match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            // Four digits of base64 hold three bytes.
            (rsa.n.trim_end_matches('=').len() * 3 / 4 >= MIN_RSA).then_some(())?;
            match stated {
                Some(KeyAlgorithm::RS384) => return Some(Algorithm::RS384),
                Some(KeyAlgorithm::RS512) => return Some(Algorithm::RS512),
                _ => (KeyAlgorithm::RS256, Algorithm::RS256),
            }
        }
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => (KeyAlgorithm::ES256, Algorithm::ES256),
            EllipticCurve::P384 => (KeyAlgorithm::ES384, Algorithm::ES384),
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            (KeyAlgorithm::EdDSA, Algorithm::EdDSA)
        }
        // Secrets that both sides share, and whatever comes after today.
        _ => return None,
    };
    stated.is_none_or(|it| it == own.0).then_some(own.1)
}
