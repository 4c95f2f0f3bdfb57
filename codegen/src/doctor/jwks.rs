//! The public keys of an issuer: JSON Web Key Sets (RFC 7517).

use serde_json::Value;

/// A set of keys.
#[derive(Clone, Debug, Default)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Key>,
}

/// A public key, as far as signatures need it. A field that is absent is empty.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// `RSA`, `EC`, `OKP` or `oct`.
    pub kty: String,
    /// Its name.
    pub kid: Option<String>,
    /// The one algorithm that it is for.
    pub alg: Option<String>,
    /// The curve.
    pub crv: String,
    /// RSA: the modulus, in base64url.
    pub n: String,
    /// RSA: the exponent, in base64url.
    pub e: String,
    /// The first coordinate, in base64url.
    pub x: String,
    /// The second coordinate, in base64url.
    pub y: String,
    /// Does it hold its private half too?
    pub private: bool,
}

impl Jwks {
    /// Reads an answer.
    ///
    /// # Errors
    /// What is wrong with it, in a few words that quote nothing of it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let value: Value =
            serde_json::from_slice(bytes).map_err(|_| "the answer is not JSON".to_owned())?;
        let keys = value.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or("the answer has no list `keys`")?;
        if keys.is_empty() {
            return Err("the list of keys is empty".to_owned());
        }
        Ok(Self {
            keys: keys.iter().map(Key::of).collect(),
        })
    }
}

impl Key {
    fn of(value: &Value) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let or_empty = |name: &str| text(name).unwrap_or_default();
        Self {
            kty: or_empty("kty"),
            kid: text("kid"),
            alg: text("alg"),
            crv: or_empty("crv"),
            n: or_empty("n"),
            e: or_empty("e"),
            x: or_empty("x"),
            y: or_empty("y"),
            private: value.get("d").is_some() || value.get("k").is_some(),
        }
    }

    /// Is it a key for this algorithm?
    pub fn fits(&self, alg: &str) -> bool {
        if self.alg.as_deref().is_some_and(|it| it != alg) {
            return false;
        }
        match alg {
            "RS256" | "RS384" | "RS512" => self.kty == "RSA",
            "ES256" => self.kty == "EC" && self.crv == "P-256",
            "ES384" => self.kty == "EC" && self.crv == "P-384",
            "ES512" => self.kty == "EC" && self.crv == "P-521",
            "EdDSA" => self.kty == "OKP" && matches!(self.crv.as_str(), "Ed25519" | "Ed448"),
            "HS256" | "HS384" | "HS512" => self.kty == "oct",
            _ => false,
        }
    }
}
