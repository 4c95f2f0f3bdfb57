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
    /// Why the service leaves it out, if it does.
    pub unusable: Option<&'static str>,
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
        if !keys.iter().all(Value::is_object) {
            return Err("its list `keys` holds something that is no key".to_owned());
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
            unusable: unusable(value),
        }
    }

    /// Does the service look at it, and fail for lack of a part?
    pub fn broken(&self) -> bool {
        let parts: &[&String] = match self.kty.as_str() {
            "RSA" => &[&self.n, &self.e],
            "EC" => &[&self.crv, &self.x, &self.y],
            "OKP" => &[&self.crv, &self.x],
            _ => return false,
        };
        self.unusable.is_none() && parts.iter().any(|it| it.is_empty())
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

/// Why the service leaves a key out: it takes public keys for signatures only.
fn unusable(key: &Value) -> Option<&'static str> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let operations = key.get("key_ops").and_then(Value::as_array);
    if !matches!(text("kty"), Some("RSA" | "EC" | "OKP")) {
        Some("its `kty` is not RSA, EC or OKP")
    } else if text("use").is_some_and(|it| it != "sig") {
        Some("its `use` is not \"sig\"")
    } else if operations.is_some_and(|it| !it.iter().any(|it| it == "verify")) {
        Some("its `key_ops` do not say \"verify\"")
    } else {
        None
    }
}
