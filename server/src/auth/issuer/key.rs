//! A key pair that signs tokens, as a JWK on its way in and out.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::encoding::{AsBigEndian, AsDer};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeyPairComponents, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::der;

/// An algorithm that tokens are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA of 2,048 bits.
    Rs256,
    /// The curve P-256.
    Es256,
    /// The curve P-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    const ALL: [Self; 4] = [Self::Rs256, Self::Es256, Self::Es384, Self::EdDsa];

    /// Its name in a token's header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Its curve, as a JWK names it.
    pub(crate) fn curve(self) -> Option<&'static str> {
        match self {
            Self::Rs256 => None,
            Self::Es256 => Some("P-256"),
            Self::Es384 => Some("P-384"),
            Self::EdDsa => Some("Ed25519"),
        }
    }

    fn ecdsa(self) -> &'static EcdsaSigningAlgorithm {
        if self == Self::Es384 {
            &ECDSA_P384_SHA384_FIXED_SIGNING
        } else {
            &ECDSA_P256_SHA256_FIXED_SIGNING
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|it| it.name() == text);
        found.ok_or_else(|| "is not RS256, ES256, ES384 or EdDSA".to_owned())
    }
}

/// A key pair.
pub(crate) enum Pair {
    Rsa(RsaKeyPair),
    Ec(Algorithm, EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

/// A key that cannot be made or used. It says nothing of the key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BadKey;

impl<E: Into<aws_lc_rs::error::Unspecified>> From<E> for BadKey {
    fn from(_: E) -> Self {
        Self
    }
}

impl Pair {
    /// A new one. RSA takes a good part of a second.
    pub(crate) fn generate(algorithm: Algorithm) -> Result<Self, BadKey> {
        Ok(match algorithm {
            Algorithm::Rs256 => Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048)?),
            Algorithm::Es256 | Algorithm::Es384 => {
                Self::Ec(algorithm, EcdsaKeyPair::generate(algorithm.ecdsa())?)
            }
            Algorithm::EdDsa => Self::Ed(Ed25519KeyPair::generate()?),
        })
    }

    /// That of a private JWK.
    pub(crate) fn read(jwk: &str, algorithm: Algorithm) -> Result<Self, BadKey> {
        let jwk: Value = serde_json::from_str(jwk).map_err(|_| BadKey)?;
        let member = |name: &str| {
            let text = jwk[name].as_str().ok_or(BadKey)?;
            URL_SAFE_NO_PAD.decode(text).map_err(|_| BadKey)
        };
        if jwk["crv"].as_str() != algorithm.curve() {
            return Err(BadKey);
        }
        Ok(match algorithm {
            Algorithm::Rs256 => {
                let components = KeyPairComponents {
                    public_key: PublicKeyComponents {
                        n: member("n")?,
                        e: member("e")?,
                    },
                    d: member("d")?,
                    p: member("p")?,
                    q: member("q")?,
                    dP: member("dp")?,
                    dQ: member("dq")?,
                    qInv: member("qi")?,
                };
                let pair = RsaKeyPair::from_components(&components).map_err(|_| BadKey)?;
                if pair.public_modulus_len() < 256 {
                    return Err(BadKey);
                }
                Self::Rsa(pair)
            }
            Algorithm::Es256 | Algorithm::Es384 => {
                let mut point = vec![4];
                point.extend(member("x")?);
                point.extend(member("y")?);
                let (how, d) = (algorithm.ecdsa(), member("d")?);
                let pair = EcdsaKeyPair::from_private_key_and_public_key(how, &d, &point);
                Self::Ec(algorithm, pair.map_err(|_| BadKey)?)
            }
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_seed_and_public_key(&member("d")?, &member("x")?);
                Self::Ed(pair.map_err(|_| BadKey)?)
            }
        })
    }

    /// Its algorithm.
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Rs256,
            Self::Ec(algorithm, _) => *algorithm,
            Self::Ed(_) => Algorithm::EdDsa,
        }
    }

    /// The public and the private JWK, without an id.
    pub(crate) fn jwks(&self) -> Result<(String, String), BadKey> {
        let text = |bytes: &[u8]| Value::from(URL_SAFE_NO_PAD.encode(bytes));
        let mut jwk = Map::new();
        let private = match self {
            Self::Rsa(pair) => {
                let document = pair.as_der()?;
                let numbers = der::rsa_numbers(document.as_ref()).ok_or(BadKey)?;
                let mut members = ["n", "e", "d", "p", "q", "dp", "dq", "qi"]
                    .into_iter()
                    .zip(numbers);
                jwk.insert("kty".to_owned(), "RSA".into());
                for (name, number) in members.by_ref().take(2) {
                    jwk.insert(name.to_owned(), text(number));
                }
                let private = members.map(|(name, number)| (name.to_owned(), text(number)));
                private.collect::<Map<_, _>>()
            }
            Self::Ec(algorithm, pair) => {
                let point = pair.public_key().as_ref().get(1..).ok_or(BadKey)?;
                let (x, y) = point.split_at(point.len() / 2);
                jwk.insert("kty".to_owned(), "EC".into());
                jwk.insert("crv".to_owned(), json!(algorithm.curve()));
                jwk.insert("x".to_owned(), text(x));
                jwk.insert("y".to_owned(), text(y));
                let d = pair.private_key().as_be_bytes()?;
                Map::from_iter([("d".to_owned(), text(d.as_ref()))])
            }
            Self::Ed(pair) => {
                jwk.insert("kty".to_owned(), "OKP".into());
                jwk.insert("crv".to_owned(), json!(Algorithm::EdDsa.curve()));
                jwk.insert("x".to_owned(), text(pair.public_key().as_ref()));
                let seed = pair.seed()?.as_be_bytes()?;
                Map::from_iter([("d".to_owned(), text(seed.as_ref()))])
            }
        };
        let public = Value::Object(jwk.clone()).to_string();
        jwk.extend(private);
        Ok((public, Value::Object(jwk).to_string()))
    }

    /// A token with these claims, signed, under this key id.
    pub(crate) fn token(&self, id: &str, claims: &Value) -> Result<String, BadKey> {
        let header = json!({ "alg": self.algorithm().name(), "kid": id });
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(claims.to_string()));
        let random = SystemRandom::new();
        let signature = match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature)?;
                signature
            }
            Self::Ec(_, pair) => pair.sign(&random, token.as_bytes())?.as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(token.as_bytes()).as_ref().to_vec(),
        };
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::jwks::{JwksRules, Keys, now};
    use crate::auth::published;

    #[test]
    fn a_key_of_each_algorithm_is_read_back_and_its_tokens_are_good() {
        for algorithm in Algorithm::ALL {
            let (public, private) = Pair::generate(algorithm)
                .and_then(|it| it.jwks())
                .expect("a key");
            let pair = Pair::read(&private, algorithm).expect("the same key");
            assert_eq!(pair.jwks().expect("a key"), (public.clone(), private));
            let claims = json!({ "sub": "ann", "aud": "app", "iat": now(), "exp": now() + 60 });
            let token = pair.token("one", &claims).expect("a token");
            let key = published::key("one", &public, Some(algorithm.name())).expect("public");
            let keys = Keys::read(&json!({ "keys": [key] }).to_string()).expect("keys");
            let rules = JwksRules {
                audience: "app".to_owned(),
                issuer: None,
            };
            assert_eq!(keys.verify(&token, &rules).expect("good").id, "ann");
            for other in Algorithm::ALL {
                assert!(
                    other == algorithm
                        || Pair::read(&pair.jwks().expect("a key").1, other).is_err()
                );
            }
        }
    }
}
