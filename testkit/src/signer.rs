//! Keys that sign tokens, and the set that an issuer publishes of them.

use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// A key pair.
pub struct Signer {
    /// `ES256` and the like.
    pub alg: &'static str,
    /// The public half, without `kid` and `alg`.
    pub public: Value,
    sign: Sign,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    /// A new key for EdDSA.
    pub fn ed25519() -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key");
        Self {
            alg: "EdDSA",
            public: json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref())}),
            sign: Box::new(move |message| pair.sign(message).as_ref().to_vec()),
        }
    }

    /// A new key for `ES256` or `ES384`.
    pub fn ec(alg: &'static str) -> Self {
        let (how, crv, size) = match alg {
            "ES256" => (&signature::ECDSA_P256_SHA256_FIXED_SIGNING, "P-256", 32),
            _ => (&signature::ECDSA_P384_SHA384_FIXED_SIGNING, "P-384", 48),
        };
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(how, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(how, document.as_ref(), &random).expect("a key");
        let point = pair.public_key().as_ref().to_vec();
        Self {
            alg,
            public: json!({
                "kty": "EC", "crv": crv,
                "x": text(&point[1..=size]), "y": text(&point[size + 1..]),
            }),
            sign: Box::new(move |message| {
                let signed = pair.sign(&random, message).expect("a signature");
                signed.as_ref().to_vec()
            }),
        }
    }

    /// A new key for `RS256`, `RS384` or `RS512`, made by OpenSSL: ring makes no RSA keys. None where there is no OpenSSL.
    pub fn rsa(alg: &'static str) -> Option<Self> {
        let how = match alg {
            "RS256" => &signature::RSA_PKCS1_SHA256,
            "RS384" => &signature::RSA_PKCS1_SHA384,
            _ => &signature::RSA_PKCS1_SHA512,
        };
        let made = Command::new("openssl")
            .args([
                "genpkey",
                "-algorithm",
                "RSA",
                "-pkeyopt",
                "rsa_keygen_bits:2048",
            ])
            .output()
            .ok()?;
        // OpenSSL's PEM is PKCS #8 in every version; its DER is not.
        let pem: String = String::from_utf8(made.stdout).ok()?;
        let lines = pem.lines().filter(|it| !it.starts_with("-----"));
        let document = STANDARD.decode(lines.collect::<String>()).expect("PEM");
        let pair = signature::RsaKeyPair::from_pkcs8(&document).expect("a key");
        let public = signature::RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
        Some(Self {
            alg,
            public: json!({
                "kty": "RSA",
                "n": text(&public.n),
                "e": text(&public.e),
            }),
            sign: Box::new(move |message| {
                let mut signed = vec![0; pair.public().modulus_len()];
                pair.sign(how, &SystemRandom::new(), message, &mut signed)
                    .expect("a signature");
                signed
            }),
        })
    }

    /// The key as an issuer publishes it.
    pub fn published(&self, kid: &str) -> Value {
        let mut key = self.public.clone();
        key["kid"] = kid.into();
        key["alg"] = self.alg.into();
        key
    }

    /// A token with this header and these claims.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let message = format!(
            "{}.{}",
            text(header.to_string().as_bytes()),
            text(claims.to_string().as_bytes())
        );
        let signed = text(&(self.sign)(message.as_bytes()));
        format!("{message}.{signed}")
    }
}
