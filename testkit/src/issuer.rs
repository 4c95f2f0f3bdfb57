//! Who signs the tokens of a server under test.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::Signer;

/// An issuer of tokens for one audience, with one key. The names are those of the example app.
pub struct Issuer {
    /// `iss`.
    pub name: String,
    /// `aud`.
    pub audience: String,
    /// `kid`.
    pub key_id: String,
    /// The key.
    pub signer: Signer,
}

impl Issuer {
    /// One with this key.
    pub fn new(signer: Signer) -> Self {
        let name = "http://localhost:3011".to_owned();
        Self {
            audience: name.clone(),
            name,
            key_id: "kit".into(),
            signer,
        }
    }

    /// What it publishes: its public key.
    pub fn jwks(&self) -> Value {
        json!({"keys": [self.signer.published(&self.key_id)]})
    }

    /// Writes what it publishes, for a server that takes a file.
    #[track_caller]
    pub fn write_jwks(&self, path: &Path) {
        fs::write(path, self.jwks().to_string())
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }

    /// The claims of a good token: this user, for fifteen minutes from now.
    pub fn claims(&self, user: &str) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_secs());
        json!({"sub": user, "iss": self.name, "aud": self.audience, "iat": now, "exp": now + 900})
    }

    /// A good token.
    pub fn token(&self, user: &str) -> String {
        self.sign(&self.claims(user))
    }

    /// A token with these claims, signed with the key and naming it.
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({"alg": self.signer.alg, "kid": self.key_id, "typ": "JWT"});
        self.signer.token(&header, claims)
    }
}
